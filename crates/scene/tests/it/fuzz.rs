//! Pictures of all sorts, made here: none may crash the engine, and none that shows no room may be staged unasked.

use image::imageops;
use rayon::prelude::*;
use vitrine_scene::image::RgbImage;
use vitrine_scene::{Control, StageError, analyze};

use crate::synthetic::{BAY, CORNER, FRONTAL, L_SHAPED, PORTRAIT, STEEP, hash, photo_of};

const SIZE: (u32, u32) = (560, 420);

fn gray(value: f32) -> [u8; 3] {
    [(value.clamp(0.0, 1.0) * 255.0) as u8; 3]
}

fn gradient(seed: u32) -> RgbImage {
    let (dx, dy) = (hash(1, 1, seed) - 0.5, hash(2, 1, seed) - 0.5);
    let steps = if seed.is_multiple_of(2) { 1000.0 } else { 8.0 };
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let value = 0.5 + (dx * x as f32 + dy * y as f32) / 300.0;
        gray((value * steps).floor() / steps).into()
    })
}

fn text(seed: u32) -> RgbImage {
    let (wide, line) = (8 + seed % 5, 18 + seed % 13);
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let (column, row) = (x / wide, y / line);
        let is_blank = !(3..=50).contains(&column) || y % line > line / 2 || hash(column, row, seed) < 0.2;
        let is_stroke = hash(column * 7 + x % wide / 3, row * 5 + y % line / 4, seed) < 0.45;
        gray(if !is_blank && is_stroke { 0.1 } else { 0.96 }).into()
    })
}

/// Overlapping ellipses, as fruit, faces and crowds are to a line detector.
fn blobs(seed: u32) -> RgbImage {
    let number = |blob: u32, k: u32| hash(blob, k, seed);
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let mut colour = [70, 90, 80];
        for blob in 0..14 {
            let middle = (number(blob, 0) * SIZE.0 as f32, number(blob, 1) * SIZE.1 as f32);
            let radii = (20.0 + 80.0 * number(blob, 2), 20.0 + 80.0 * number(blob, 3));
            let (u, v) = ((x as f32 - middle.0) / radii.0, (y as f32 - middle.1) / radii.1);
            if u * u + v * v < 1.0 {
                colour = [4, 5, 6].map(|k| (number(blob, k) * 255.0) as u8);
            }
        }
        colour.into()
    })
}

fn landscape(seed: u32) -> RgbImage {
    let phase = 6.0 * hash(3, 3, seed);
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let far = 150.0 + 40.0 * (x as f32 / 80.0 + phase).sin() + 15.0 * (x as f32 / 19.0).sin();
        let near = 250.0 + 12.0 * (x as f32 / 130.0 - phase).cos();
        let y_ = y as f32;
        if y_ < far {
            [120, 170, 230].into()
        } else if y_ < near {
            [80, 100, 90].into()
        } else {
            [70, 100 + (50.0 * hash(x / 3, y / 3, seed)) as u8, 50].into()
        }
    })
}

fn noise(seed: u32) -> RgbImage {
    let grain = 1 + seed % 9;
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        gray(hash(x / grain, y / grain, seed)).into()
    })
}

#[test]
fn no_generated_picture_is_taken_for_a_room() {
    type Maker = fn(u32) -> RgbImage;
    let makers: [(&str, Maker); 5] = [
        ("gradient", gradient),
        ("text", text),
        ("blobs", blobs),
        ("landscape", landscape),
        ("noise", noise),
    ];
    let cases: Vec<(&str, Maker, u32)> = makers
        .iter()
        .flat_map(|(name, make)| (0..4).map(move |seed| (*name, *make, seed)))
        .collect();
    let taken: Vec<String> = cases
        .par_iter()
        .filter_map(|(name, make, seed)| {
            let found = analyze(&photo_of(make(*seed)), &Control::default()).ok()?;
            let is_kept = found.refusal.is_none();
            is_kept.then(|| format!("{name} {seed}: {}", found.room.confidence))
        })
        .collect();
    assert!(taken.is_empty(), "{taken:?}");
}

/// Photos of rooms that were cropped, turned, darkened or made noisy end in a room of sane numbers or in a refusal.
#[test]
fn damaged_photos_of_rooms_end_in_an_answer() {
    let rooms = [CORNER, FRONTAL, PORTRAIT, STEEP, L_SHAPED, BAY];
    (0..18u32).into_par_iter().for_each(|case| {
        let mut picture = rooms[case as usize % rooms.len()].photo().rgb;
        let number = |k: u32| hash(case, k, 31);
        let (width, height) = picture.dimensions();
        let (x, y) = (
            (number(0) * 0.5 * width as f32) as u32,
            (number(1) * 0.5 * height as f32) as u32,
        );
        let (wide, high) = (
            ((0.2 + 0.8 * number(2)) * (width - x) as f32) as u32,
            ((0.2 + 0.8 * number(3)) * (height - y) as f32) as u32,
        );
        picture = imageops::crop_imm(&picture, x, y, wide.max(40), high.max(40)).to_image();
        picture = match case % 5 {
            0 => imageops::rotate90(&picture),
            1 => imageops::rotate180(&picture),
            2 => imageops::flip_horizontal(&picture),
            _ => picture,
        };
        let (gain, grain) = (0.15 + number(4), 120.0 * number(5) * number(6));
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            for (channel, value) in pixel.0.iter_mut().enumerate() {
                let noise = grain * (hash(x * 3 + channel as u32, y, case) - 0.5);
                *value = (f32::from(*value) * gain + noise).clamp(0.0, 255.0) as u8;
            }
        }
        match analyze(&photo_of(picture), &Control::default()) {
            Ok(found) => {
                let room = &found.room;
                assert!(
                    (0.0..=1.0).contains(&room.confidence),
                    "{case}: {}",
                    room.confidence
                );
                assert!(
                    (0.2..8.0).contains(&room.camera_height),
                    "{case}: {}",
                    room.camera_height
                );
                assert!(room.scale_sigma.is_finite() && room.scale_sigma > 0.0, "{case}");
                assert!(room.floor_polygon.iter().all(|p| p.is_finite()), "{case}");
                assert!(
                    room.floor_polygon.len() <= 400,
                    "{case}: {}",
                    room.floor_polygon.len()
                );
            }
            Err(error) => assert!(
                !matches!(error, StageError::Internal(_) | StageError::Canceled),
                "{case}: {error}"
            ),
        }
    });
}
