//! A picture from file to file at growing sizes: does the cost per pixel stay flat, and the memory bounded?

use std::borrow::Cow;

use vitrine_scene::furnish::RoomType;
use vitrine_scene::image::{encode, encode_jpeg, resize};
use vitrine_scene::{Control, Prepared, Quality};

use super::measure::{Laps, peak_mb, reset_peak};
use super::sample;

/// What one picture took.
pub struct Run {
    pub pieces: usize,
    pub laps: Laps,
    pub peak_mb: u64,
    /// Steps of rendering, wall milliseconds.
    pub of_render: Vec<(&'static str, u64)>,
    pub encoded: Vec<u8>,
}

/// A sample photo, enlarged to so many megapixels, with at most `most` pieces.
pub fn run(name: &str, megapixels: u32, room_type: RoomType, most: usize) -> Run {
    let bytes = enlarged(name, megapixels);
    let control = Control::default();
    reset_peak();
    let mut laps = Laps::start();
    let photo = sample::photo(&bytes);
    laps.lap("decode");
    let analysis = sample::analysis(&photo);
    laps.lap("camera and room");
    let prepared = Prepared::new(
        Cow::Borrowed(&photo.rgb),
        &analysis.camera,
        &analysis.room,
        &control,
    )
    .expect("nobody cancels");
    laps.lap("light");
    let furniture = sample::furniture(&prepared, room_type);
    laps.lap("plan and models");
    let placements = &furniture[..furniture.len().min(most)];
    let rendered = prepared
        .render(placements, Quality::Final, 7, &control, |_| {})
        .expect("nobody cancels");
    laps.lap("render");
    let encoded = encode(&rendered.rgb, photo.format, None).expect("it encodes");
    laps.lap("encode");
    Run {
        pieces: placements.len(),
        laps,
        peak_mb: peak_mb(),
        of_render: rendered.timings_ms,
        encoded,
    }
}

/// The same, told.
pub fn print(name: &str, megapixels: u32, room_type: RoomType, most: usize) {
    let run = run(name, megapixels, room_type, most);
    let (wall, cpu) = run.laps.total();
    println!(
        "{name}, {megapixels} megapixels, {} pieces, file to file: {wall:.2} s, {cpu:.2} s of CPU, {} MB at most, {} KB written",
        run.pieces,
        run.peak_mb,
        run.encoded.len() / 1000
    );
    println!("    wall/CPU ms: {}", run.laps.told());
    println!("    of render, wall ms: {:?}", run.of_render);
    if let Some(folder) = std::env::var_os("VITRINE_BENCH_OUT") {
        let path = std::path::Path::new(&folder).join(format!("final-{megapixels}-{name}"));
        std::fs::write(path, run.encoded).expect("the folder can be written");
    }
}

fn enlarged(name: &str, megapixels: u32) -> Vec<u8> {
    let sample = sample::photo(&sample::file(name)).rgb;
    let factor = (f64::from(megapixels) * 1e6 / f64::from(sample.width() * sample.height())).sqrt();
    let side = |n: u32| (f64::from(n) * factor) as u32;
    let large = resize(&sample, side(sample.width()), side(sample.height())).expect("it can be enlarged");
    encode_jpeg(&large, 92, None).expect("it encodes")
}
