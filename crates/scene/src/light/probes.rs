//! Irradiance of the empty room on a coarse grid, as ambient cubes: six directions per probe
//! (McTaggart, "Half-Life 2 Source Shading", GDC 2004).

use rayon::prelude::*;

use super::{Effort, Light};
use crate::geometry::sampling::Sampler;
use crate::geometry::{Aabb, Vec3};

const COUNT: [usize; 3] = [7, 4, 7];
const EFFORT: Effort = Effort::whole(5, 4);
const AXES: [Vec3; 6] = [Vec3::X, Vec3::NEG_X, Vec3::Y, Vec3::NEG_Y, Vec3::Z, Vec3::NEG_Z];

/// The grid; index `x + COUNT.x * (y + COUNT.y * z)`, six irradiances each.
pub struct Probes {
    bounds: Aabb,
    cubes: Vec<[Vec3; 6]>,
}

impl Probes {
    pub fn empty() -> Self {
        Self {
            bounds: Aabb::EMPTY,
            cubes: vec![],
        }
    }

    pub fn new(light: &Light) -> Self {
        let bounds = light.room_box.bounds;
        let count = COUNT[0] * COUNT[1] * COUNT[2];
        let cube = |i: usize| {
            let cell = [i % COUNT[0], i / COUNT[0] % COUNT[1], i / (COUNT[0] * COUNT[1])];
            let unit = Vec3::from_array(std::array::from_fn(|a| (cell[a] as f32 + 0.5) / COUNT[a] as f32));
            let point = bounds.min + unit * bounds.size();
            AXES.map(|axis| light.irradiance((point, axis), &Sampler::new(0x51ab, i as u32, 0), EFFORT))
        };
        Self {
            bounds,
            cubes: (0..count).into_par_iter().with_min_len(8).map(cube).collect(),
        }
    }

    /// Irradiance between probes.
    #[inline]
    pub fn irradiance(&self, point: Vec3, normal: Vec3) -> Vec3 {
        let unit = (point - self.bounds.min) / self.bounds.size();
        let mut base = [0; 3];
        let mut fraction = [0.0; 3];
        for a in 0..3 {
            let position = (unit[a] * COUNT[a] as f32 - 0.5).clamp(0.0, (COUNT[a] - 1) as f32 - 1e-3);
            base[a] = position as usize;
            fraction[a] = position - base[a] as f32;
        }
        let squared = normal * normal;
        let side = |a: usize| a * 2 + usize::from(normal[a] < 0.0);
        let (sx, sy, sz) = (side(0), side(1), side(2));
        let mut sum = Vec3::ZERO;
        for corner in 0..8 {
            let offset = [corner & 1, corner >> 1 & 1, corner >> 2];
            let weight: f32 = (0..3)
                .map(|a| {
                    if offset[a] == 1 {
                        fraction[a]
                    } else {
                        1.0 - fraction[a]
                    }
                })
                .product();
            let index =
                (base[0] + offset[0]) + COUNT[0] * ((base[1] + offset[1]) + COUNT[1] * (base[2] + offset[2]));
            let cube = &self.cubes[index];
            sum += (cube[sx] * squared.x + cube[sy] * squared.y + cube[sz] * squared.z) * weight;
        }
        sum
    }
}
