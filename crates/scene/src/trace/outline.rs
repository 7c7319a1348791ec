//! Edges without steps: every ray through a pixel at an edge takes the light of its own surface from the finished pixels
//! around it, so that a bright curtain behind a dark chair keeps its brightness up to the last ray.

use super::budget::Budget;
use super::filter::{Guide, Signal};
use super::gather::World;
use super::pixel::{MAX_LAYERS, OPAQUE};
use super::primary::primaries;
use super::scene::{OFFSET, Shaded};
use super::surface::{Glance, Look, surface};
use super::traced::Traced;
use crate::geometry::Vec3;
use crate::geometry::sampling::Sampler;
use crate::light::photo_map::View;

/// Pixels around an edge that are asked for light, each way.
const REACH: usize = 2;
/// Light of pixels that agree less than this with a ray's surface is a last resort.
const LEAST_AGREEMENT: f32 = 0.02;

/// Coverage and premultiplied colour of the pixel `at` of the film, whose first pixel is `origin` of the view.
pub(super) fn resolve(
    world: &World<'_>,
    view: &View,
    budget: &Budget,
    seed: u32,
    traced: &Traced<'_>,
    origin: (usize, usize),
    at: (usize, usize),
) -> (f32, Vec3) {
    let (x, y) = (at.0 + origin.0, at.1 + origin.1);
    let log2_count = budget.log2_edge;
    let rays = primaries(world.scene, view, seed, &[(x, y)], log2_count);
    let sampler = Sampler::new(seed, x as u32, y as u32);
    let (mut coverage, mut color) = (0.0, Vec3::ZERO);
    for (i, ray) in rays[..1 << log2_count].iter().enumerate() {
        let (mut from, mut left) = (Vec3::ZERO, 1.0_f32);
        for layer in 0..MAX_LAYERS {
            let hit = match layer {
                0 => ray.hit,
                _ => world.scene.closest(from, ray.direction, f32::INFINITY),
            };
            let Some(hit) = hit else { break };
            let shaded = world.scene.shade(&hit, from, ray.direction);
            let look = Look::new(&shaded, ray.direction);
            let glance = Glance {
                primary: i as u32,
                log2_primaries: log2_count,
                layer,
                is_gathering: false,
                log2_haze: 0,
            };
            let seen = surface(world, &shaded, &look, ray.direction, &sampler, &glance);
            let weight = left * (1.0 - look.passed);
            let [light, haze] = light_near(traced, at, &shaded).colors;
            color += (seen.reflect * light + seen.shine) * left + haze * weight;
            left -= weight;
            if left < OPAQUE {
                left = 0.0;
                break;
            }
            from = shaded.position + ray.direction * OFFSET;
        }
        coverage += 1.0 - left;
    }
    let share = 1.0 / rays[..1 << log2_count].len() as f32;
    (coverage * share, color * share)
}

/// The light on the pixels around that show the same surface, those alike counting most.
fn light_near(traced: &Traced<'_>, (x, y): (usize, usize), shaded: &Shaded) -> Signal {
    let (width, height) = (traced.width, traced.guides.len() / traced.width);
    let id = u32::from(shaded.piece) + 1;
    let (mut best, mut weights) = (Signal::default(), 0.0);
    let (mut rest, mut rest_weights) = (Signal::default(), 0.0);
    for ny in y.saturating_sub(REACH)..=(y + REACH).min(height - 1) {
        for nx in x.saturating_sub(REACH)..=(x + REACH).min(width - 1) {
            let there = ny * width + nx;
            let guide: &Guide = &traced.guides[there];
            if guide.id == 0 {
                continue;
            }
            let apart = nx.abs_diff(x).pow(2) + ny.abs_diff(y).pow(2);
            let near = 1.0 / (1.0 + apart as f32);
            let offset = guide.position - shaded.position;
            let lift = shaded.smooth.dot(offset);
            let flat = 1.0 / (1.0 + 40.0 * lift * lift / (offset.length_squared() + 1e-8));
            let alike = guide.normal.dot(shaded.smooth).max(0.0).powi(8) * flat;
            let signal = &traced.signals[there];
            if guide.id == id {
                add(&mut best, &mut weights, signal, near * alike);
            }
            let kinship = if guide.id == id { 1.0 } else { 1e-3 };
            add(&mut rest, &mut rest_weights, signal, near * kinship);
        }
    }
    let (sum, total) = if weights > LEAST_AGREEMENT {
        (best, weights)
    } else {
        (rest, rest_weights.max(1e-9))
    };
    Signal {
        colors: sum.colors.map(|color| color / total),
        variance: 0.0,
    }
}

fn add(sum: &mut Signal, total: &mut f32, signal: &Signal, weight: f32) {
    for (sum, color) in sum.colors.iter_mut().zip(signal.colors) {
        *sum += color * weight;
    }
    *total += weight;
}
