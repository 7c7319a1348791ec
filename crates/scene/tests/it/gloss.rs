//! How much a floor mirrors, measured on floors that mirror a known share.

use image::{Rgb, RgbImage};
use vitrine_scene::camera::Camera;
use vitrine_scene::geometry::sampling::{Sampler, basis, ggx_half_vector};
use vitrine_scene::geometry::{DVec2, DVec3, Vec3};
use vitrine_scene::light::gloss::fresnel;
use vitrine_scene::light::{Light, encode, luminance};
use vitrine_scene::room::{Room, Surface};

use crate::rendering_support::{camera, room};

/// Radiance of the window beside the photo's white.
const WINDOW: f64 = 2.4;

/// Light of the matt room: a window in the back wall, and an even rest.
fn matt(room: &Room, surface: Surface, point: DVec3) -> DVec3 {
    let window = &room.openings[0];
    let height = room.camera_height - point.y;
    let is_window = surface == Surface::Back
        && (window.u.0..window.u.1).contains(&point.x)
        && (window.heights.0..window.heights.1).contains(&height);
    if is_window {
        return DVec3::splat(WINDOW);
    }
    let (albedo, normal) = match surface {
        Surface::Floor => (DVec3::new(0.34, 0.22, 0.13), DVec3::NEG_Y),
        Surface::Ceiling => (DVec3::splat(0.8), DVec3::Y),
        Surface::Back => (DVec3::splat(0.7), DVec3::NEG_Z),
        Surface::Left => (DVec3::splat(0.7), DVec3::X),
        Surface::Right => (DVec3::splat(0.7), DVec3::NEG_X),
    };
    let mut received = 0.0;
    for i in 0..16 {
        let part = |from: f64, to: f64, k: usize| from + (to - from) * (k as f64 + 0.5) / 4.0;
        let sample = DVec3::new(
            part(window.u.0, window.u.1, i % 4),
            room.camera_height - part(window.heights.0, window.heights.1, i / 4),
            room.back.expect("the wall is known"),
        );
        let to = sample - point;
        let squared = to.length_squared().max(0.02);
        received += normal.dot(to).max(0.0) * to.z.abs() / (squared * squared);
    }
    let area = (window.u.1 - window.u.0) * (window.heights.1 - window.heights.0);
    let boards = if surface == Surface::Floor && (point.x * 7.0).floor() as i64 % 2 == 0 {
        0.9
    } else {
        1.0
    };
    albedo * boards * (0.3 + WINDOW * received * area / 16.0 / std::f64::consts::PI)
}

/// The room with a floor that mirrors `strength` of the Fresnel reflectance, blurred by `alpha`.
fn polished(camera: &Camera, room: &Room, strength: f32, alpha: f32) -> RgbImage {
    RgbImage::from_fn(camera.width, camera.height, |x, y| {
        let ray = camera
            .ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5))
            .normalize();
        let Some((surface, point)) = room.hit_from_camera(ray) else {
            return Rgb([0; 3]);
        };
        let mut color = matt(room, surface, point);
        if surface == Surface::Floor && strength > 0.0 {
            let (view, sampler) = (ray.as_vec3(), Sampler::new(5, x, y));
            let mut sum = DVec3::ZERO;
            for i in 0..32 {
                let half = ggx_half_vector(&basis(Vec3::NEG_Y), -view, alpha, sampler.pair(0, i, 5));
                let mirrored = (view - half * (2.0 * view.dot(half))).as_dvec3();
                sum += seen(room, point, mirrored);
            }
            color += sum / 32.0 * f64::from(strength * fresnel(ray.y as f32));
        }
        Rgb([color.x, color.y, color.z].map(|c| encode(c as f32).round().min(255.0) as u8))
    })
}

/// The matt room along a ray that starts at the floor.
fn seen(room: &Room, origin: DVec3, direction: DVec3) -> DVec3 {
    let (left, right, back) = room.extent();
    let ceiling = room.camera_height - room.ceiling_height;
    let planes = [
        (Surface::Left, (left - origin.x) / direction.x),
        (Surface::Right, (right - origin.x) / direction.x),
        (Surface::Back, (back - origin.z) / direction.z),
        (Surface::Ceiling, (ceiling - origin.y) / direction.y),
    ];
    let nearest = planes
        .into_iter()
        .filter(|(_, t)| *t > 1e-6)
        .min_by(|a, b| a.1.total_cmp(&b.1));
    nearest.map_or(DVec3::ZERO, |(surface, t)| {
        matt(room, surface, origin + direction * t)
    })
}

#[test]
fn the_share_a_floor_mirrors_is_measured() {
    let camera = camera(320, 240);
    let mut room = room();
    room.openings[0].wall = Surface::Back;
    room.openings[0].u = (-0.8, 0.8);
    let window = DVec3::new(0.0, room.camera_height - 1.5, 4.6).as_vec3();
    let floor = Vec3::new(0.0, room.camera_height as f32, 2.6);
    let mut found = Vec::new();
    for alpha in [0.05, 0.15, 0.25] {
        for strength in [0.0_f32, 0.15, 0.4, 0.8] {
            let photo = polished(&camera, &room, strength, alpha);
            let light = Light::from_photo(&photo, &camera, &room);
            let shine = luminance(light.sharp_radiance(floor, (window - floor).normalize()));
            // What the floor adds in the window's mirror image, before Fresnel.
            let (ours, truth) = (light.gloss.strength * shine, strength * WINDOW as f32);
            println!("alpha {alpha} strength {strength}: {ours:.2} for {truth:.2}");
            found.push((alpha, strength, ours, truth));
        }
    }
    for &(alpha, strength, ours, truth) in &found {
        let is_near = (ours - truth).abs() < 0.3 + 0.35 * truth;
        assert!(
            is_near,
            "alpha {alpha}, strength {strength}: {ours:.2} for {truth:.2}"
        );
    }
    let mut errors: Vec<f32> = found
        .iter()
        .map(|(.., ours, truth)| (ours - truth).abs())
        .collect();
    errors.sort_by(f32::total_cmp);
    assert!(errors[errors.len() / 2] < 0.35, "{errors:.2?}");
}
