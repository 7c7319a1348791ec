//! One pixel of furniture: the surfaces its rays meet and the light they gather.

use super::budget::Budget;
use super::filter::{Guide, Signal};
use super::gather::{Gathered, World};
use super::primary::Primary;
use super::scene::OFFSET;
use super::surface::{Glance, Look, gather, surface};
use crate::geometry::Vec3;
use crate::geometry::sampling::Sampler;
use crate::light::Effort;
use crate::light::photo_map::View;

/// See-through layers followed before a ray is given up.
pub(super) const MAX_LAYERS: u32 = 5;
/// A ray of which less is left shows nothing more.
pub(super) const OPAQUE: f32 = 0.02;
/// Blockers nearer than this make light vary within a few pixels, metres.
const CREVICE: f32 = 0.06;
/// Blockers nearer than this keep light from being averaged far, metres.
const FOLD: f32 = 0.10;

/// Light is averaged over so many steps of the lattice at least.
const LEAST_REACH: f32 = 1.75;

/// Parts of one low-discrepancy set that a pixel's gatherings take in turn, and the concentration (see
/// [`Gathered::concentration`]) above which one takes another.
const PARTS: u32 = 4;
const CONCENTRATED: f32 = 0.4;

/// What is known of a pixel without noise; colours are sums over the primary rays divided by their number (premultiplied).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Surface {
    /// Share of the pixel that furniture hides.
    pub(super) coverage: f32,
    /// What irradiance is multiplied with: albedo / pi and relief.
    pub(super) reflect: Vec3,
    /// Sharp reflection, and light of its own.
    pub(super) shine: Vec3,
    /// Rays through it, as a power of two.
    pub(super) log2_primaries: u32,
    /// Whether the light was gathered here, or found nearby.
    pub(super) is_lit: bool,
    /// Whether its light is its own gathering because nothing nearby had any for it.
    pub(super) is_rough: bool,
    /// Whether rays went elsewhere and decided more than the light it gathered.
    pub(super) looks_elsewhere: bool,
}

impl Surface {
    /// Linear colour, premultiplied with the coverage; the signal holds irradiance and blurred reflection.
    pub(super) fn color(&self, signal: &Signal) -> Vec3 {
        self.reflect * signal.colors[0] + signal.colors[1] * self.coverage + self.shine
    }
}

/// A pixel as it was traced.
#[derive(Debug, Clone, Copy)]
pub(super) struct TracedPixel {
    pub(super) surface: Surface,
    pub(super) signal: Signal,
    pub(super) guide: Guide,
}

/// Traces one pixel from the first hits of its rays, a power of two; without `is_gathering` its light is left for [`fill`].
pub(super) fn pixel(
    world: &World<'_>,
    view: &View,
    budget: &Budget,
    seed: u32,
    (x, y): (usize, usize),
    rays: &[Primary],
    is_gathering: bool,
) -> TracedPixel {
    let log2_primaries = rays.len().ilog2();
    let sampler = Sampler::new(seed, x as u32, y as u32);
    let (mut sum, mut guide) = (Surface::default(), Guide::NONE);
    let (mut light, mut haze) = (Vec3::ZERO, Vec3::ZERO);
    let mut blocker = Gathered::new();
    let (mut covered, mut lit, mut heaviest) = (0.0_f32, 0.0_f32, 0.0_f32);
    let mut last: Option<(u16, Vec3)> = None;
    let mut part_number = 0;
    for (
        i,
        &Primary {
            direction,
            hit: first,
        },
    ) in rays.iter().enumerate()
    {
        let mut origin = Vec3::ZERO;
        let mut left = 1.0_f32;
        for layer in 0..MAX_LAYERS {
            let hit = if layer == 0 {
                first
            } else {
                world.scene.closest(origin, direction, f32::INFINITY)
            };
            let Some(hit) = hit else {
                break;
            };
            let shaded = world.scene.shade(&hit, origin, direction);
            let part = Look::new(&shaded, direction);
            let weight = left * (1.0 - part.passed);
            let seen = surface(
                world,
                &shaded,
                &part,
                direction,
                &sampler,
                &Glance {
                    primary: i as u32,
                    log2_primaries,
                    layer,
                    is_gathering,
                    log2_haze: budget.log2_haze,
                },
            );
            sum.reflect += seen.reflect * left;
            sum.shine += seen.shine * left;
            sum.looks_elsewhere |= seen.looks_elsewhere;
            haze += seen.haze * left;
            covered += weight;
            // Light varies slower than texture: one ray of a pixel gathers it, and every one that meets another piece or face
            // or lies in a crevice, where it varies fast and is not smoothed.
            let is_same =
                last.is_some_and(|(piece, normal)| piece == shaded.piece && shaded.smooth.dot(normal) > 0.9);
            if is_gathering && (layer > 0 || !is_same || blocker.nearest < CREVICE) {
                let mut sum = Gathered::new();
                let mut irradiance = Vec3::ZERO;
                let mut parts = 0.0;
                // More rays where few of them bring most of the light, and in folds, where little light may be averaged.
                let scatters = |sum: &Gathered| sum.concentration() > CONCENTRATED || sum.nearest < FOLD;
                while parts < 1.0 || (parts < budget.light_parts as f32 && scatters(&sum)) {
                    let effort = Effort {
                        log2_cosine: budget.log2_light.0,
                        log2_emitter: budget.log2_light.1,
                        part: part_number % PARTS,
                        log2_parts: PARTS.ilog2(),
                    };
                    part_number += 1;
                    parts += 1.0;
                    let (received, gathered) = gather(world, &shaded, &part, &sampler, effort, layer);
                    irradiance += received;
                    sum.add(&gathered);
                }
                blocker.add(&sum);
                light += irradiance * (weight / parts);
                lit += weight;
                last = Some((shaded.piece, shaded.smooth));
            }
            if weight > heaviest {
                heaviest = weight;
                let pixel_size = shaded.position.length() / view.focal();
                guide = Guide {
                    position: shaded.position,
                    normal: shaded.smooth,
                    id: u32::from(shaded.piece) + 1,
                    reach: [
                        (14.0 * pixel_size).max(0.03),
                        blur(shaded.surface.roughness) * pixel_size,
                    ],
                };
            }
            left -= weight;
            if left < OPAQUE {
                left = 0.0;
                break;
            }
            origin = shaded.position + direction * OFFSET;
        }
        sum.coverage += 1.0 - left;
    }
    let mut signal = Signal::default();
    if covered > 0.0 {
        let scale = 1.0 / rays.len() as f32;
        sum.coverage *= scale;
        sum.reflect *= scale;
        sum.shine *= scale;
        if is_gathering {
            // Near what shades it, light changes quickly: a table leg's shadow is as fine as the leg is near.
            // Light of a coarser lattice cannot follow it there; too little of it together shows as blotches in folds.
            let pixel_size = guide.position.length() / view.focal();
            let least = (guide.reach[0] / 4.0).max(LEAST_REACH * budget.lattice as f32 * pixel_size);
            guide.reach[0] = guide.reach[0].min((0.3 * blocker.blocker_distance()).max(least));
            signal.colors = [light / lit.max(1e-6), haze / covered];
            sum.is_lit = true;
        }
    } else {
        sum = Surface::default();
    }
    sum.log2_primaries = log2_primaries;
    TracedPixel {
        surface: sum,
        signal,
        guide,
    }
}

/// Pixels over which a blurred reflection may be averaged: rougher surfaces show less of what they reflect.
fn blur(roughness: f32) -> f32 {
    6.0 + 30.0 * (roughness - 0.2).clamp(0.0, 0.3)
}
