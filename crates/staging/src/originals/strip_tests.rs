use vitrine_scene::image::{RgbImage, encode_jpeg, encode_png, encode_webp, probe};

use super::*;

/// An EXIF block as a phone writes it: turned a quarter, 26 mm, with a place and a name.
fn phone_exif(width: u32, height: u32) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    let entry = |block: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: u32| {
        block.extend_from_slice(&tag.to_le_bytes());
        block.extend_from_slice(&kind.to_le_bytes());
        block.extend_from_slice(&count.to_le_bytes());
        block.extend_from_slice(&value.to_le_bytes());
    };
    block.extend_from_slice(&4u16.to_le_bytes());
    entry(&mut block, 0x0112, 3, 1, 6);
    entry(&mut block, 0x013B, 2, 13, 104); // artist
    entry(&mut block, 0x8769, 4, 1, 62);
    entry(&mut block, 0x8825, 4, 1, 62); // place
    block.extend_from_slice(&0u32.to_le_bytes());
    block.extend_from_slice(&3u16.to_le_bytes());
    entry(&mut block, 0xA002, 4, 1, width);
    entry(&mut block, 0xA003, 4, 1, height);
    entry(&mut block, 0xA405, 3, 1, 26);
    block.extend_from_slice(&0u32.to_le_bytes());
    block.extend_from_slice(b"Ada Lovelace\0");
    block
}

fn picture() -> RgbImage {
    RgbImage::from_fn(80, 60, |x, y| [(x * 3) as u8, (y * 4) as u8, 90].into())
}

fn jpeg_segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let mut segment = vec![0xFF, marker];
    segment.extend_from_slice(&(body.len() as u16 + 2).to_be_bytes());
    segment.extend_from_slice(body);
    segment
}

fn png_chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let checked = [kind.as_slice(), body].concat();
    let mut chunk = (body.len() as u32).to_be_bytes().to_vec();
    chunk.extend_from_slice(&checked);
    chunk.extend_from_slice(&crc32fast::hash(&checked).to_be_bytes());
    chunk
}

/// What must hold for every format: nothing personal is left, and everything else is as before.
fn check(dirty: &[u8]) {
    let before = probe(dirty).expect("the dirty file is a picture");
    assert_eq!(
        (before.width, before.height, before.focal_35mm),
        (60, 80, Some(26.0)),
        "the test file is what it should be"
    );
    let clean = strip(dirty, &before).expect("the structure can be followed");
    assert_eq!(probe(&clean).expect("still a picture"), before);
    for secret in ["Ada Lovelace", "secret comment", "trailing video"] {
        assert!(
            !clean.windows(secret.len()).any(|part| part == secret.as_bytes()),
            "{secret} is still there"
        );
    }
    let decode = |bytes: &[u8]| {
        let limits = vitrine_scene::image::Limits {
            megapixels: 1,
            minimum_side: 1,
        };
        vitrine_scene::image::decode(bytes, &limits)
            .expect("it decodes")
            .rgb
    };
    assert_eq!(decode(&clean), decode(dirty));
    assert_eq!(
        strip(&clean, &before).as_deref(),
        Some(clean.as_slice()),
        "stripping again changes nothing"
    );
}

#[test]
fn a_jpeg_loses_place_name_comment_and_what_hangs_behind_it() {
    let plain = encode_jpeg(&picture(), 90, None).expect("it encodes");
    let exif = [b"Exif\0\0".as_slice(), &phone_exif(80, 60)].concat();
    let mut dirty = plain[..2].to_vec();
    dirty.extend(jpeg_segment(0xE1, &exif));
    dirty.extend(jpeg_segment(0xFE, b"secret comment"));
    dirty.extend(jpeg_segment(0xED, b"Photoshop 3.0\0secret comment"));
    dirty.extend_from_slice(&plain[2..]);
    dirty.extend_from_slice(b"trailing video");
    check(&dirty);
}

#[test]
fn a_png_loses_place_name_and_comment() {
    let plain = encode_png(&picture(), None).expect("it encodes");
    let mut dirty = plain[..33].to_vec();
    dirty.extend(png_chunk(b"eXIf", &phone_exif(80, 60)));
    dirty.extend(png_chunk(b"tEXt", b"Comment\0secret comment"));
    dirty.extend_from_slice(&plain[33..]);
    dirty.extend_from_slice(b"trailing video");
    check(&dirty);
}

#[test]
fn a_webp_loses_place_name_and_comment() {
    let plain = encode_webp(&picture(), None).expect("it encodes");
    let mut body = b"WEBPVP8X\x0A\0\0\0\x0C\0\0\0".to_vec();
    body.extend_from_slice(&79u32.to_le_bytes()[..3]);
    body.extend_from_slice(&59u32.to_le_bytes()[..3]);
    body.extend_from_slice(&plain[12..]);
    for (kind, content) in [
        (b"EXIF", phone_exif(80, 60)),
        (b"XMP ", b"secret comment".to_vec()),
    ] {
        body.extend_from_slice(kind);
        body.extend_from_slice(&(content.len() as u32).to_le_bytes());
        body.extend_from_slice(&content);
        body.extend(vec![0; content.len() % 2]);
    }
    let mut dirty = b"RIFF".to_vec();
    dirty.extend_from_slice(&(body.len() as u32).to_le_bytes());
    dirty.extend_from_slice(&body);
    dirty.extend_from_slice(b"trailing video");
    check(&dirty);
}

#[test]
fn a_file_without_metadata_comes_back_byte_for_byte() {
    for plain in [
        encode_jpeg(&picture(), 90, None).expect("it encodes"),
        encode_png(&picture(), None).expect("it encodes"),
        encode_webp(&picture(), None).expect("it encodes"),
    ] {
        let header = probe(&plain).expect("a picture");
        assert_eq!(
            strip(&plain, &header).as_deref(),
            Some(plain.as_slice()),
            "{:?}",
            header.format
        );
    }
}

#[test]
fn a_cut_file_is_none_and_never_a_panic() {
    for plain in [
        encode_jpeg(&picture(), 90, None).expect("it encodes"),
        encode_png(&picture(), None).expect("it encodes"),
        encode_webp(&picture(), None).expect("it encodes"),
    ] {
        let header = probe(&plain).expect("a picture");
        for length in 0..plain.len() - 1 {
            assert_eq!(
                strip(&plain[..length], &header),
                None,
                "{:?} cut at {length}",
                header.format
            );
        }
    }
}
