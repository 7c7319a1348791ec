//! The plain estimate of irradiance: uniform directions over the hemisphere, no emitters, no tricks. Slow; tests only
//! compare with it.

use std::f32::consts::TAU;

use super::gather::World;
use super::scene::OFFSET;
use crate::geometry::Vec3;
use crate::geometry::sampling::{Sampler, basis};

/// Irradiance at a point with and without the furniture.
pub fn irradiance(world: &World<'_>, point: Vec3, normal: Vec3, log2_count: u32, seed: u32) -> (Vec3, Vec3) {
    let frame = basis(normal);
    let sampler = Sampler::new(seed, 0, 0);
    let count = 1_u32 << log2_count;
    let (mut with, mut without) = (Vec3::ZERO, Vec3::ZERO);
    for i in 0..count {
        let (u, v) = sampler.pair(0, i, log2_count);
        let radius = (1.0 - u * u).max(0.0).sqrt();
        let (sin, cos) = (TAU * v).sin_cos();
        let direction = frame * Vec3::new(radius * cos, radius * sin, u);
        let room = world.light.radiance(point, direction);
        without += room * u;
        with += u * match world.scene.closest(
            point,
            direction,
            world.light.room_box.exit(point, direction).t - 2.0 * OFFSET,
        ) {
            Some(hit) => world.bounce(&hit, point, direction),
            None => {
                let exit = world.light.room_box.exit(point, direction);
                let map = world.light.map(exit.face);
                room * world.shade.at(
                    exit.face,
                    map.index(world.light.room_box.uv(exit.face, exit.point)),
                )
            }
        };
    }
    let scale = TAU / count as f32;
    (with * scale, without * scale)
}
