//! Prints what rendering costs: rays per second and the stages of a two-megapixel picture.
//!
//! `cargo bench -p vitrine-scene --bench rendering`. Times are the best of three; CPU time is what a shared machine should
//! be judged by.

#[path = "../tests/it/rendering_support.rs"]
#[expect(
    dead_code,
    reason = "the bench stages real furniture instead of the plain pieces"
)]
mod rendering_support;

use std::borrow::Cow;
use std::time::Instant;

use rendering_support::{CAMERA_HEIGHT, camera, photo, room};
use vitrine_scene::furnish::{RoomType, Style, plan};
use vitrine_scene::geometry::Vec3;
use vitrine_scene::geometry::sampling::{Sampler, basis, cosine_direction};
use vitrine_scene::image::{Limits, decode, encode, encode_jpeg, resize};
use vitrine_scene::light::Light;
use vitrine_scene::trace::{Scene, SolidStore};
use vitrine_scene::{Control, Prepared, Quality, analyze};

fn main() {
    let (camera, room) = (camera(1632, 1224), room());
    let photo = photo(&camera, &room);
    let control = Control::default();
    let light = best("light from the photo", || {
        Light::from_photo(&photo, &camera, &room)
    });
    let furnished = best("plan and models", || {
        let surroundings = light.surroundings();
        plan(
            &room,
            &camera,
            &surroundings,
            Some(RoomType::LivingRoom),
            Style::Scandinavian,
            7,
            &control,
        )
        .expect("a plain room can be furnished")
    });
    let scene = best("ray index", || {
        Scene::new(
            &furnished.placements,
            CAMERA_HEIGHT as f32,
            &SolidStore::default(),
        )
    });
    println!(
        "{} pieces, {} triangles",
        furnished.placements.len(),
        scene.triangle_count()
    );
    rays(&scene);
    let prepared = best("prepare", || {
        Prepared::new(Cow::Borrowed(&photo), &camera, &room, &control).expect("nobody cancels")
    });
    let share = |mask: &[u8]| 100.0 * mask.iter().filter(|m| **m > 0).count() as f64 / mask.len() as f64;
    let preview = Quality::Preview { width: 960 };
    let only = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    for (name, quality) in [("960-pixel preview", preview), ("2 megapixels", Quality::Final)] {
        if only.as_ref().is_some_and(|word| !name.contains(word.as_str())) {
            continue;
        }
        for count in [8, furnished.placements.len()] {
            let placements = &furnished.placements[..count];
            let rendered = best(&format!("{name}, {count} pieces"), || {
                let drawn = prepared.render(placements, quality, 7, &control, |_| {});
                drawn.expect("nobody cancels")
            });
            println!("    stages of the last run, ms: {:?}", rendered.timings_ms);
            println!(
                "    furniture {:.0} %, shadow {:.0} % of the picture",
                share(&rendered.furniture_mask),
                share(&rendered.shadow_mask)
            );
        }
    }
    if only
        .as_ref()
        .is_none_or(|word| "pipeline".contains(word.as_str()))
    {
        for megapixels in [2, 12, 24] {
            pipeline(megapixels);
        }
    }
}

/// A picture of the sample rooms from file to file, enlarged to so many megapixels, with at most eight pieces.
fn pipeline(megapixels: u32) {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../staging/samples/v01_sunny_living_room.jpg"
    );
    let sample = decode(
        &std::fs::read(file).expect("the sample is there"),
        &Limits::default(),
    );
    let sample = sample.expect("the sample is sound").rgb;
    let factor = (f64::from(megapixels) * 1e6 / f64::from(sample.width() * sample.height())).sqrt();
    let side = |n: u32| (f64::from(n) * factor) as u32;
    let large = resize(&sample, side(sample.width()), side(sample.height())).expect("it can be enlarged");
    let bytes = encode_jpeg(&large, 92, None).expect("it encodes");
    drop((sample, large));
    let control = Control::default();
    reset_peak();
    let started = (Instant::now(), cpu_seconds());
    let mut last = started;
    let mut laps = Vec::new();
    let mut lap = |name: &'static str| {
        let now = (Instant::now(), cpu_seconds());
        laps.push(format!(
            "{name} {:.0}/{:.0}",
            1e3 * (now.0 - last.0).as_secs_f64(),
            1e3 * (now.1 - last.1)
        ));
        last = now;
    };
    let photo = decode(&bytes, &Limits::default()).expect("it decodes");
    lap("decode");
    let analysis = analyze(&photo, &control).expect("a room is found");
    lap("camera and room");
    let (camera, room) = (&analysis.camera, &analysis.room);
    let prepared = Prepared::new(Cow::Borrowed(&photo.rgb), camera, room, &control).expect("nobody cancels");
    lap("light");
    let furnished = plan(
        room,
        camera,
        &prepared.light().surroundings(),
        Some(RoomType::LivingRoom),
        Style::Scandinavian,
        7,
        &control,
    )
    .expect("the room can be furnished");
    lap("plan and models");
    let placements = &furnished.placements[..furnished.placements.len().min(8)];
    let rendered = prepared
        .render(placements, Quality::Final, 7, &control, |_| {})
        .expect("nobody cancels");
    lap("render");
    let encoded = encode(&rendered.rgb, photo.format, None).expect("it encodes");
    lap("encode");
    println!(
        "{megapixels} megapixels, {} pieces, file to file: {:.2} s, {:.2} s of CPU, {} MB at most, {} KB written",
        placements.len(),
        started.0.elapsed().as_secs_f64(),
        cpu_seconds() - started.1,
        peak_mb(),
        encoded.len() / 1000
    );
    println!("    wall/CPU ms: {}", laps.join(", "));
    println!("    of render, wall ms: {:?}", rendered.timings_ms);
    if let Some(folder) = std::env::var_os("VITRINE_BENCH_OUT") {
        let path = std::path::Path::new(&folder).join(format!("pipeline-{megapixels}.jpg"));
        std::fs::write(path, encoded).expect("the folder can be written");
    }
}

/// Forgets the highest memory so far, where the kernel lets it.
fn reset_peak() {
    // Without the permission the figure is that of the whole run, which is higher, never lower.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Highest resident memory since the last [`reset_peak`], 0 where /proc does not tell.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().split(' ').next()?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1000
}

/// Incoherent rays from the floor, one thread.
fn rays(scene: &Scene<'_>) {
    const COUNT: u32 = 4_000_000;
    let frame = basis(Vec3::NEG_Y);
    let started = cpu_seconds();
    let mut hits = 0;
    for i in 0..COUNT {
        let sampler = Sampler::new(1, i >> 4, 0);
        let (u, v) = sampler.pair(1, i & 15, 4);
        let origin = Vec3::new(3.0 * u - 1.5, CAMERA_HEIGHT as f32 - 0.001, 1.5 + 3.0 * v);
        let direction = cosine_direction(&frame, sampler.pair(2, i & 15, 4));
        hits += u32::from(scene.closest(origin, direction, 10.0).is_some());
    }
    let seconds = cpu_seconds() - started;
    println!(
        "incoherent closest-hit rays, per second of CPU: {:.2} M, {:.0} % hit",
        1e-6 * f64::from(COUNT) / seconds,
        100.0 * f64::from(hits) / f64::from(COUNT)
    );
}

fn best<T>(name: &str, work: impl Fn() -> T) -> T {
    let mut fastest = f64::INFINITY;
    let mut last = None;
    for _ in 0..3 {
        let (started, cpu) = (Instant::now(), cpu_seconds());
        last = Some(work());
        fastest = fastest.min(started.elapsed().as_secs_f64());
        println!(
            "  {name}: {:.0} ms, {:.0} ms of CPU",
            1e3 * started.elapsed().as_secs_f64(),
            1e3 * (cpu_seconds() - cpu)
        );
    }
    println!("{name}: best {:.0} ms", 1e3 * fastest);
    last.expect("three runs were made")
}

/// User and system time of this process so far; 0 where /proc does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15 after the name in parentheses, in ticks of a hundredth.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}
