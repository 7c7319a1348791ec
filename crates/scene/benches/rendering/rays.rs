//! Light, furniture and rays in a plain room.

use rendering_support::{CAMERA_HEIGHT, camera, photo, room};
use vitrine_scene::Control;
use vitrine_scene::furnish::{RoomType, Style, plan};
use vitrine_scene::geometry::Vec3;
use vitrine_scene::geometry::sampling::{Sampler, basis, cosine_direction};
use vitrine_scene::light::Light;
use vitrine_scene::trace::{Scene, SolidStore};

use super::measure::{best, cpu_seconds};
use super::rendering_support;

pub fn print() {
    let (camera, room) = (camera(1632, 1224), room());
    let photo = photo(&camera, &room);
    let light = best("light from the photo", || {
        Light::from_photo(&photo, &camera, &room)
    });
    let furnished = best("plan and models", || {
        plan(
            &room,
            &camera,
            &light.surroundings(),
            Some(RoomType::LivingRoom),
            Style::Scandinavian,
            7,
            &Control::default(),
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
    incoherent(&scene);
}

/// Rays from the floor, one thread.
fn incoherent(scene: &Scene<'_>) {
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
