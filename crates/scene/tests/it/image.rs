//! Decoding what people upload, and what leaves the engine.

use image::imageops;
use vitrine_scene::StageError;
use vitrine_scene::image::{
    Disclosure, Limits, LinearImage, Orientation, PhotoFormat, RgbImage, decode, encode, encode_jpeg,
    encode_png, probe, thumbnail,
};

use crate::synthetic::hash;

/// A picture without symmetry: a dark, b bright, one corner red.
fn marked(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 3 && y < height / 4 {
            [230, 20, 20].into()
        } else {
            [(x * 200 / width) as u8, (y * 200 / height) as u8, 90].into()
        }
    })
}

/// Puts an EXIF block with these short (3) or rational (5) fields into a JPEG.
pub fn with_exif(
    jpeg: &[u8],
    orientation: u16,
    focal_35mm: Option<u16>,
    sensor: Option<(u16, u16)>,
) -> Vec<u8> {
    let mut sub: Vec<(u16, u16)> = Vec::new();
    if let Some((width, height)) = sensor {
        sub.extend([(0xA002, width), (0xA003, height)]);
    }
    sub.extend(focal_35mm.map(|focal| (0xA405, focal)));
    let mut tiff = b"MM\0\x2A\0\0\0\x08".to_vec();
    let short = |tiff: &mut Vec<u8>, tag: u16, value: u16| {
        tiff.extend_from_slice(&tag.to_be_bytes());
        tiff.extend_from_slice(&[0, 3, 0, 0, 0, 1]);
        tiff.extend_from_slice(&value.to_be_bytes());
        tiff.extend_from_slice(&[0, 0]);
    };
    tiff.extend_from_slice(&2u16.to_be_bytes());
    short(&mut tiff, 0x0112, orientation);
    tiff.extend_from_slice(&[0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38]);
    tiff.extend_from_slice(&[0; 4]);
    tiff.extend_from_slice(&(sub.len() as u16).to_be_bytes());
    for (tag, value) in sub {
        short(&mut tiff, tag, value);
    }
    tiff.extend_from_slice(&[0; 4]);
    let mut file = jpeg[..2].to_vec();
    file.extend_from_slice(&[0xFF, 0xE1]);
    file.extend_from_slice(&(tiff.len() as u16 + 8).to_be_bytes());
    file.extend_from_slice(b"Exif\0\0");
    file.extend_from_slice(&tiff);
    file.extend_from_slice(&jpeg[2..]);
    file
}

fn jpeg_of(picture: &RgbImage) -> Vec<u8> {
    encode_jpeg(picture, 95, None).expect("it encodes")
}

fn mean_difference(p: &RgbImage, q: &RgbImage) -> f64 {
    assert_eq!(p.dimensions(), q.dimensions());
    let sum: u64 = p
        .as_raw()
        .iter()
        .zip(q.as_raw())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / p.as_raw().len() as f64
}

#[test]
fn all_eight_orientations_stand_upright() {
    let upright = marked(240, 160);
    // How a camera would store the upright picture for each value of the tag.
    let stored = [
        upright.clone(),
        imageops::flip_horizontal(&upright),
        imageops::rotate180(&upright),
        imageops::flip_vertical(&upright),
        imageops::rotate270(&imageops::flip_horizontal(&upright)),
        imageops::rotate270(&upright),
        imageops::rotate90(&imageops::flip_horizontal(&upright)),
        imageops::rotate90(&upright),
    ];
    for (index, picture) in stored.iter().enumerate() {
        let value = index as u16 + 1;
        let file = with_exif(&jpeg_of(picture), value, None, None);
        let header = probe(&file).expect("it is a JPEG");
        assert_eq!((header.width, header.height), (240, 160), "orientation {value}");
        assert_eq!(header.orientation, Orientation::from_exif(value));
        let photo = decode(&file, &Limits::default()).expect("it decodes");
        assert!(mean_difference(&photo.rgb, &upright) < 3.0, "orientation {value}");
        let small = decode(
            &thumbnail(&file, 120).expect("a thumbnail"),
            &Limits {
                minimum_side: 1,
                ..Limits::default()
            },
        )
        .expect("it decodes");
        assert_eq!(small.rgb.dimensions(), (120, 80), "orientation {value}");
        assert!(
            small.rgb.get_pixel(4, 4)[0] > 180,
            "the red corner is top left, orientation {value}"
        );
    }
}

#[test]
fn the_focal_length_counts_only_when_the_picture_is_no_crop() {
    let full = jpeg_of(&marked(300, 200));
    let focal = |file: &[u8]| probe(file).expect("it is a JPEG").focal_35mm;
    assert_eq!(
        focal(&with_exif(&full, 1, Some(24), Some((3000, 2000)))),
        Some(24.0)
    );
    assert_eq!(
        focal(&with_exif(&full, 1, Some(24), Some((4000, 3000)))),
        None,
        "cropped from 4:3 to 3:2"
    );
    let wide = jpeg_of(&marked(320, 180));
    assert_eq!(
        focal(&with_exif(&wide, 1, Some(24), None)),
        None,
        "16:9 is a crop in the camera"
    );
    assert_eq!(focal(&full), None);
}

#[test]
fn every_format_comes_back_and_is_known_by_its_bytes() {
    let picture = marked(240, 160);
    for format in [PhotoFormat::Jpeg, PhotoFormat::Png, PhotoFormat::WebP] {
        for disclosure in [None, Some(Disclosure::default())] {
            let file = encode(&picture, format, disclosure.as_ref()).expect("it encodes");
            assert_eq!(PhotoFormat::sniff(&file), Some(format));
            let photo = decode(&file, &Limits::default()).expect("it decodes");
            assert_eq!(photo.format, format);
            let limit = if format == PhotoFormat::Jpeg { 2.0 } else { 1e-9 };
            assert!(mean_difference(&photo.rgb, &picture) < limit, "{format:?}");
        }
    }
}

#[test]
fn a_staged_file_says_so_and_is_the_same_every_time() {
    let picture = marked(240, 160);
    let note = Disclosure {
        description: "Virtually staged <by> software & people".into(),
    };
    for format in [PhotoFormat::Jpeg, PhotoFormat::Png, PhotoFormat::WebP] {
        let file = encode(&picture, format, Some(&note)).expect("it encodes");
        let text = String::from_utf8_lossy(&file);
        assert!(
            text.contains("digitalsourcetype/compositeSynthetic"),
            "{format:?}"
        );
        assert!(
            text.contains("staged &lt;by&gt; software &amp; people"),
            "{format:?}"
        );
        assert!(!text.contains("Exif\0\0"));
        assert_eq!(file, encode(&picture, format, Some(&note)).expect("it encodes"));
    }
}

#[test]
fn damaged_and_foreign_files_are_refused_as_unreadable() {
    let jpeg = jpeg_of(&RgbImage::from_fn(400, 300, |x, y| {
        [(hash(x, y, 1) * 255.0) as u8; 3].into()
    }));
    let png = encode_png(&marked(240, 160), None).expect("it encodes");
    let webp = encode(&marked(240, 160), PhotoFormat::WebP, None).expect("it encodes");
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("text", b"<!doctype html><p>not found".to_vec()),
        ("pdf named jpg", b"%PDF-1.7\n".to_vec()),
        ("three bytes", vec![0xFF, 0xD8, 0xFF]),
        ("half a JPEG", jpeg[..jpeg.len() / 2].to_vec()),
        ("a JPEG without its last bytes", jpeg[..jpeg.len() - 40].to_vec()),
        ("half a PNG", png[..png.len() / 2].to_vec()),
        ("a PNG header alone", png[..33].to_vec()),
        ("half a WebP", webp[..webp.len() / 2].to_vec()),
    ];
    for (name, file) in &files {
        let error = decode(file, &Limits::default()).expect_err(name);
        assert!(matches!(error, StageError::Decode(_)), "{name}: {error:?}");
        assert!(thumbnail(file, 100).is_err(), "{name}");
    }
}

#[test]
fn random_damage_never_panics() {
    let photo = marked(240, 160);
    for format in [PhotoFormat::Jpeg, PhotoFormat::Png, PhotoFormat::WebP] {
        let file = with_tag(&encode(&photo, format, None).expect("it encodes"), format);
        for round in 0..60u32 {
            let mut damaged = file.clone();
            for hit in 0..4 {
                let at = (hash(round, hit, 1) * damaged.len() as f32) as usize;
                damaged[at.min(file.len() - 1)] = (hash(round, hit, 2) * 256.0) as u8;
            }
            let _ = decode(&damaged, &Limits::default());
            let _ = thumbnail(&damaged, 64);
        }
    }
}

fn with_tag(file: &[u8], format: PhotoFormat) -> Vec<u8> {
    if format == PhotoFormat::Jpeg {
        with_exif(file, 6, Some(24), Some((3000, 2000)))
    } else {
        file.to_vec()
    }
}

/// A small PNG whose header claims another size.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut file = encode_png(&marked(240, 160), None).expect("it encodes");
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    file
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    let error = decode(&claiming(60_000, 60_000), &Limits::default()).expect_err("3600 megapixels");
    assert_eq!(
        error,
        StageError::TooLarge {
            width: 60_000,
            height: 60_000,
            limit_megapixels: 100
        }
    );
    assert!(matches!(
        thumbnail(&claiming(60_000, 60_000), 100),
        Err(StageError::TooLarge { .. })
    ));
    let error = decode(&claiming(u32::MAX, u32::MAX), &Limits::default()).expect_err("beyond counting");
    assert!(matches!(error, StageError::TooLarge { .. }));
}

#[test]
fn a_wide_panorama_passes_within_the_limit_and_not_beyond() {
    let panorama = RgbImage::from_fn(20_000, 300, |x, y| [(x / 80) as u8, (y / 2) as u8, 120].into());
    let file = encode_jpeg(&panorama, 80, None).expect("it encodes");
    let photo = decode(&file, &Limits::default()).expect("6 megapixels");
    assert_eq!(photo.rgb.dimensions(), (20_000, 300));
    let small = thumbnail(&file, 400).expect("a thumbnail");
    assert_eq!(
        probe(&small).map(|header| (header.width, header.height)),
        Ok((400, 6))
    );
    let error = decode(&claiming(20_000, 6_000), &Limits::default()).expect_err("120 megapixels");
    assert!(matches!(error, StageError::TooLarge { .. }));
}

#[test]
fn a_stamp_is_too_small_to_measure() {
    let file = jpeg_of(&marked(90, 60));
    let error = decode(&file, &Limits::default()).expect_err("90 pixels");
    assert_eq!(
        error,
        StageError::TooSmall {
            width: 90,
            height: 60,
            minimum: 200
        }
    );
    assert!(
        thumbnail(&file, 400).is_ok(),
        "a thumbnail of a small picture is the picture"
    );
}

#[test]
fn transparent_pixels_become_white() {
    let rgba = image::RgbaImage::from_pixel(240, 160, [10, 20, 30, 0].into());
    let mut file = Vec::new();
    rgba.write_to(&mut std::io::Cursor::new(&mut file), image::ImageFormat::Png)
        .expect("it encodes");
    let photo = decode(&file, &Limits::default()).expect("it decodes");
    assert_eq!(photo.rgb.get_pixel(5, 5).0, [255, 255, 255]);
}

#[test]
fn linear_light_and_back_changes_nothing() {
    let every = RgbImage::from_fn(16, 16, |x, y| [(16 * y + x) as u8; 3].into());
    assert_eq!(LinearImage::from_srgb(&every).to_srgb(), every);
}
