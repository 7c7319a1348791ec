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
use vitrine_scene::light::Light;
use vitrine_scene::trace::{Scene, SolidStore};
use vitrine_scene::{Control, Prepared, Quality};

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
    for (name, quality) in [("960-pixel preview", preview), ("2 megapixels", Quality::Final)] {
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
}

/// Incoherent rays from the floor, one thread.
fn rays(scene: &Scene<'_>) {
    const COUNT: u32 = 1_000_000;
    let frame = basis(Vec3::NEG_Y);
    let started = Instant::now();
    let mut hits = 0;
    for i in 0..COUNT {
        let sampler = Sampler::new(1, i >> 4, 0);
        let (u, v) = sampler.pair(1, i & 15, 4);
        let origin = Vec3::new(3.0 * u - 1.5, CAMERA_HEIGHT as f32 - 0.001, 1.5 + 3.0 * v);
        let direction = cosine_direction(&frame, sampler.pair(2, i & 15, 4));
        hits += u32::from(scene.closest(origin, direction, 10.0).is_some());
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "incoherent closest-hit rays, one thread: {:.2} M/s, {:.0} % hit",
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
