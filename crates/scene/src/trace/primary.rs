//! The rays from the camera, those of neighbouring pixels together: they start at one point and go nearly the same way.

use super::scene::{Scene, SceneHit};
use crate::geometry::bvh::{BUNDLE, Bundle};
use crate::geometry::sampling::Sampler;
use crate::geometry::{Vec2, Vec3};
use crate::light::photo_map::View;

/// Fewer rays than this go one by one.
const LEAST_BUNDLE: usize = 8;

/// A ray from the camera and the first surface it meets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Primary {
    pub(super) direction: Vec3,
    pub(super) hit: Option<SceneHit>,
}

/// The rays of some pixels, `2^log2_count` through each, pixel by pixel; no more than [`BUNDLE`] in all. What they meet does
/// not depend on the company they keep.
pub(super) fn primaries(
    scene: &Scene<'_>,
    view: &View,
    seed: u32,
    pixels: &[(usize, usize)],
    log2_count: u32,
) -> [Primary; BUNDLE] {
    let none = Primary {
        direction: Vec3::Z,
        hit: None,
    };
    let mut rays = [none; BUNDLE];
    let count = pixels.len() << log2_count;
    for (rays, &(x, y)) in rays.chunks_mut(1 << log2_count).zip(pixels) {
        let sampler = Sampler::new(seed, x as u32, y as u32);
        for (i, ray) in rays.iter_mut().enumerate() {
            let (dx, dy) = sampler.pair(0, i as u32, log2_count);
            ray.direction = view.ray(Vec2::new(x as f32 + dx, y as f32 + dy));
        }
    }
    if count < LEAST_BUNDLE {
        for ray in &mut rays[..count] {
            ray.hit = scene.closest(Vec3::ZERO, ray.direction, f32::INFINITY);
        }
        return rays;
    }
    let mut bundle = Bundle::new(Vec3::ZERO);
    for ray in &rays[..count] {
        bundle.push(ray.direction, f32::INFINITY);
    }
    for (ray, hit) in rays.iter_mut().zip(scene.closest_of_bundle(&bundle)) {
        ray.hit = hit;
    }
    rays
}
