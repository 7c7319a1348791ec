//! Thumbnails of a 24-megapixel JPEG beside libvips, in turns, where `vipsthumbnail` is installed.
//!
//! `cargo bench -p vitrine-scene --bench thumbnail -- [rounds]`. Each side makes ten thumbnails of ten copies of the file
//! per round, from file to file. As a library libvips would not start a process each time, so its ten are one call, and
//! what a call for a tiny picture takes is deducted. libvips may use every core, ours is one thread per thumbnail.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use vitrine_scene::image::{RgbImage, encode_jpeg, probe, thumbnail};

const SIDE: u32 = 400;
const COPIES: usize = 10;
const DEFAULT_ROUNDS: usize = 7;

fn main() {
    let rounds = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(DEFAULT_ROUNDS)
        .max(1);
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let photo = encode_jpeg(&picture(6000, 4000), 85, None).expect("it encodes");
    let copies: Vec<PathBuf> = (0..COPIES)
        .map(|number| write(folder.path(), &format!("{number}.jpg"), &photo))
        .collect();
    let tiny = encode_jpeg(&RgbImage::new(16, 16), 85, None).expect("it encodes");
    let tiny = write(folder.path(), "tiny.jpg", &tiny);
    println!(
        "6000 x 4000 JPEG of {:.1} MB to {SIDE} x {}, {COPIES} per round, {rounds} rounds",
        photo.len() as f64 / 1e6,
        SIDE * 2 / 3
    );

    let is_there = Command::new("vipsthumbnail")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !is_there {
        println!("libvips is left out: no vipsthumbnail here (Debian: libvips-tools)");
    }
    // Once unmeasured, which also shows that both make the same thing.
    ours(&copies);
    check(&copies, "ours");
    if is_there {
        libvips(&copies);
        check(&copies, "tn");
    }
    let (mut our_ms, mut vips_ms, mut start_ms, mut ratios) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let one = millis(|| ours(&copies)) / COPIES as f64;
        our_ms.push(one);
        if is_there {
            let start = millis(|| libvips(std::slice::from_ref(&tiny)));
            let theirs = (millis(|| libvips(&copies)) - start).max(f64::MIN_POSITIVE) / COPIES as f64;
            start_ms.push(start);
            vips_ms.push(theirs);
            ratios.push(one / theirs);
        }
    }
    println!("ours:    {}", spread(&mut our_ms, "ms", 1));
    if is_there {
        println!(
            "libvips: {}; {} to start, not counted",
            spread(&mut vips_ms, "ms", 1),
            spread(&mut start_ms, "ms", 0)
        );
        println!("ratio:   {}", spread(&mut ratios, "of libvips' time", 2));
    }
}

/// Light falling off over a wall, edges, stripes and two sizes of grain: about two bits per pixel, as a camera writes.
fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32, y as f32);
        let light = 110.0 + 60.0 * (u / 170.0).sin() * (v / 230.0).cos() + 30.0 * (u / 9.0 + v / 31.0).sin();
        let shade = if (x / 250 + y / 190) % 2 == 1 { 35.0 } else { 0.0 };
        let level = light - shade + grain(x, y, 11.0) + grain(x / 3 + 7777, y / 3, 5.5);
        [level * 1.05, level, level * 0.85 + 10.0]
            .map(|value| value.clamp(0.0, 255.0) as u8)
            .into()
    })
}

/// Noise in -size..=size that is the same in every run.
fn grain(x: u32, y: u32, size: f32) -> f32 {
    let mut bits = x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77);
    bits = (bits ^ (bits >> 15)).wrapping_mul(0x2C1B_3C6D);
    bits = (bits ^ (bits >> 12)).wrapping_mul(0x297A_2D39);
    bits ^= bits >> 15;
    size * ((bits >> 8) as f32 / 8_388_607.5 - 1.0)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("the temporary folder is writable");
    path
}

fn ours(files: &[PathBuf]) {
    for file in files {
        let bytes = fs::read(file).expect("the file is there");
        let small = thumbnail(&bytes, SIDE).expect("a thumbnail");
        fs::write(beside(file, "ours"), small).expect("the temporary folder is writable");
    }
}

/// Writes `tn_….jpg` beside each file, in the quality that ours has.
fn libvips(files: &[PathBuf]) {
    let size = format!("{SIDE}x{SIDE}");
    let output = Command::new("vipsthumbnail")
        .args(["--size", &size, "-o", "tn_%s.jpg[Q=82,strip]"])
        .args(files)
        .output()
        .expect("vipsthumbnail starts");
    assert!(
        output.status.success(),
        "vipsthumbnail: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn beside(file: &Path, prefix: &str) -> PathBuf {
    let name = file.file_name().expect("a file has a name").to_string_lossy();
    file.with_file_name(format!("{prefix}_{name}"))
}

fn check(files: &[PathBuf], prefix: &str) {
    for file in files {
        let bytes = fs::read(beside(file, prefix)).expect("the thumbnail was written");
        let header = probe(&bytes).expect("the thumbnail is a picture");
        assert_eq!(
            (header.width, header.height.abs_diff(SIDE * 2 / 3) <= 1),
            (SIDE, true),
            "{prefix}"
        );
    }
}

fn millis(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    1e3 * began.elapsed().as_secs_f64()
}

/// Median, smallest and largest.
fn spread(values: &mut [f64], unit: &str, digits: usize) -> String {
    values.sort_by(f64::total_cmp);
    let (low, middle, high) = (values[0], values[values.len() / 2], values[values.len() - 1]);
    format!("{middle:.digits$} {unit} ({low:.digits$}..{high:.digits$})")
}
