//! How much of its light each texel of the room box keeps once furniture stands there.
//!
//! Coarse, in plane coordinates. The tracer uses it for light that comes off the shaded floor; the compositor uses it to
//! know where a closer look is worth the rays.

use rayon::prelude::*;

use super::budget::Budget;
use super::gather::World;
use super::scene::{OFFSET, Scene};
use crate::geometry::Vec3;
use crate::geometry::sampling::Sampler;
use crate::light::room_box::{FACES, NEAR, RoomBox};
use crate::light::{Effort, Light, luminance};
use crate::{Control, StageError};

/// One factor 0..=1 per texel of each face, beside [`Light::map`].
pub struct Shade {
    faces: [Vec<f32>; FACES],
}

impl Shade {
    /// Nothing shaded.
    pub fn none(light: &Light) -> Self {
        Self {
            faces: std::array::from_fn(|face| vec![1.0; light.map(face).radiance.len()]),
        }
    }

    /// Samples every texel the furniture could shade.
    pub fn new(
        scene: &Scene<'_>,
        light: &Light,
        budget: &Budget,
        seed: u32,
        control: &Control,
    ) -> Result<Self, StageError> {
        let effort = Effort::whole(budget.log2_shade.0, budget.log2_shade.1);
        let stride = budget.shade_stride;
        let mut shade = Self::none(light);
        for face in (0..FACES).filter(|&face| face != NEAR) {
            control.check()?;
            let world = World::new(scene, light, &shade, &light.view);
            let map = light.map(face);
            let normal = RoomBox::normal(face);
            let columns = map.width.div_ceil(stride);
            let sampled: Vec<f32> = (0..columns * map.height.div_ceil(stride))
                .into_par_iter()
                .with_min_len(64)
                .map(|sample| {
                    let middle = |i: usize, n: usize| (i * stride + stride / 2).min(n - 1);
                    let texel = middle(sample / columns, map.height) * map.width
                        + middle(sample % columns, map.width);
                    let (u, v) = map.center(texel);
                    let point = light.room_box.point(face, u, v) + normal * OFFSET;
                    if map.emitter[texel] > 0
                        || control.is_canceled()
                        || !is_within_reach(scene, point, normal)
                    {
                        return 1.0;
                    }
                    let sampler = Sampler::new(seed ^ 0x05ad, texel as u32, face as u32);
                    let gathered = world.gather((point, normal), &sampler, 0, effort);
                    (luminance(gathered.with) / luminance(gathered.without).max(1e-6)).clamp(0.0, 1.0)
                })
                .collect();
            let sampled = blur(&sampled, columns);
            shade.faces[face] = (0..map.radiance.len())
                .map(|texel| sampled[texel / map.width / stride * columns + texel % map.width / stride])
                .collect();
        }
        control.check()?;
        Ok(shade)
    }

    #[inline]
    pub fn at(&self, face: usize, texel: usize) -> f32 {
        self.faces[face][texel]
    }

    /// The strongest shade within two texels, as share of light lost.
    pub fn loss_around(&self, light: &Light, face: usize, uv: (f32, f32)) -> f32 {
        let map = light.map(face);
        let index = map.index(uv);
        let (x, y) = (index % map.width, index / map.width);
        let mut least = 1.0_f32;
        for y in y.saturating_sub(2)..=(y + 2).min(map.height - 1) {
            for x in x.saturating_sub(2)..=(x + 2).min(map.width - 1) {
                least = least.min(self.faces[face][y * map.width + x]);
            }
        }
        1.0 - least
    }
}

/// Whether furniture can take half a percent of the light: the form factor of its bounding box's sphere, generously.
fn is_within_reach(scene: &Scene<'_>, point: Vec3, normal: Vec3) -> bool {
    scene.piece_bounds.iter().any(|bounds| {
        let center = (bounds.min + bounds.max) * 0.5;
        let radius = bounds.size().length() * 0.5;
        let to = center - point;
        let is_behind = to.dot(normal) < -radius;
        !is_behind && radius * radius > 0.004 * to.length_squared()
    })
}

fn blur(values: &[f32], width: usize) -> Vec<f32> {
    let height = values.len() / width;
    (0..values.len())
        .map(|i| {
            let (x, y) = (i % width, i / width);
            let (mut sum, mut weight) = (0.0, 0.0);
            for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let w = if nx == x && ny == y { 2.0 } else { 1.0 };
                    sum += w * values[ny * width + nx];
                    weight += w;
                }
            }
            sum / weight
        })
        .collect()
}
