//! What furniture does to the light on floor, walls and ceiling: a factor (shadow and bounced colour) and an addition
//! (the floor's reflection of the furniture), on a grid coarser than the photo.
//!
//! Both follow from the same rays with and without furniture, so the photo's own texture and tone never need to be known.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::geometry::sampling::{Sampler, basis, ggx_half_vector};
use crate::geometry::{Aabb, Vec2, Vec3};
use crate::light::gloss::fresnel;
use crate::light::room_box::{FLOOR, NEAR, RoomBox};
use crate::light::{Effort, luminance};
use crate::trace::filter::{Guide, Signal, remove_flecks, smooth};
use crate::trace::scene::OFFSET;
use crate::trace::{Budget, Film, Gathered, World};
use crate::{Control, StageError};

/// Cells the grid has at most; larger photos get larger cells.
const MAX_CELLS: usize = 400_000;
/// Deviation of a cell's shadow above which it gets more rays; the filter divides it by five or so.
const SCATTER: f32 = 0.09;
/// Blockers nearer than this make shadows with detail, metres.
const CONTACT: f32 = 0.22;
/// See [`World::gather_near`], metres.
pub const NEAR_FLOOR: (f32, f32) = (1.2, 2.6);
pub const NEAR_WALL: (f32, f32) = (0.5, 1.5);
/// A cell whose surroundings lose less light than this is left alone: half of it is one step of 255 on a white wall.
const NEGLIGIBLE: f32 = 0.018;
/// Changes smaller than this are dropped, and larger ones eased in above it, so that the changed area has no edge.
const DEAD_ZONE: f32 = 0.012;
/// A wall gains at most this much from light that furniture sends back: more is one lucky ray.
const MOST_GAIN: f32 = 1.06;
/// Furniture whose reflection would add less than this is not looked for.
const FAINT: f32 = 0.004;

/// One cell of the grid.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Factor on the photo's linear light.
    pub factor: Vec3,
    /// Added to it.
    pub added: Vec3,
    /// 1 + face of the room box, 0 where the cell says nothing.
    pub id: u32,
}

/// The grid over the whole photo.
pub struct Received {
    pub step: usize,
    pub width: usize,
    pub height: usize,
    pub cells: Vec<Cell>,
}

/// Samples and smooths the grid. `report` hears the share done.
pub fn receive(
    world: &World<'_>,
    film: &Film,
    budget: &Budget,
    seed: u32,
    control: &Control,
    report: impl Fn(f32) + Sync,
) -> Result<Received, StageError> {
    let (photo_width, photo_height) = (world.view.width as usize, world.view.height as usize);
    let mut step = budget.step;
    while photo_width.div_ceil(step) * photo_height.div_ceil(step) > MAX_CELLS {
        step += 1;
    }
    let (width, height) = (photo_width.div_ceil(step), photo_height.div_ceil(step));
    let done = AtomicUsize::new(0);
    let mut sampled = vec![Sampled::NOTHING; width * height];
    // Twice over all rows: a few rays everywhere, then more where those of the neighbourhood disagreed.
    let in_rows = |sampled: &mut [Sampled], work: &(dyn Fn(&mut Sampled, usize, usize) + Sync)| {
        sampled
            .par_chunks_mut(width)
            .enumerate()
            .try_for_each(|(row, cells)| {
                control.check()?;
                for (column, cell) in cells.iter_mut().enumerate() {
                    work(cell, column, row);
                }
                let count = done.fetch_add(1, Ordering::Relaxed) + 1;
                if count.is_multiple_of(16) {
                    report(count as f32 / (2 * height) as f32);
                }
                Ok::<(), StageError>(())
            })
    };
    in_rows(&mut sampled, &|it, column, row| {
        *it = cell(world, film, budget, seed, step, (column, row))
    })?;
    set_reach(width, &mut sampled);
    in_rows(&mut sampled, &|it, column, row| {
        it.refine(world, budget, seed, (column, row))
    })?;
    let (guides, mut signals): (Vec<Guide>, Vec<Signal>) =
        sampled.iter().map(|s| (s.guide, s.signal)).unzip();
    remove_flecks(width, &guides, &mut signals);
    smooth(width, &guides, &mut signals, 5, control, |_| true)?;
    control.check()?;
    let cells = sampled
        .iter()
        .zip(&signals)
        .map(|(cell, signal)| Cell {
            factor: settle(signal.colors[0].lerp(Vec3::ONE, cell.shine)),
            added: fade(signal.colors[1]),
            id: cell.guide.id,
        })
        .collect();
    Ok(Received {
        step,
        width,
        height,
        cells,
    })
}

/// A cell before smoothing.
#[derive(Clone, Copy)]
struct Sampled {
    guide: Guide,
    signal: Signal,
    /// Its light, where furniture may shade it.
    gathered: Option<Gathered>,
    /// See [`crate::light::Light::shine`].
    shine: f32,
    /// Metres between neighbouring cells across the view.
    cell_size: f32,
}

impl Sampled {
    const NOTHING: Self = Self {
        guide: Guide::NONE,
        signal: Signal {
            colors: [Vec3::ONE, Vec3::ZERO],
            variance: 0.0,
        },
        gathered: None,
        shine: 0.0,
        cell_size: 0.0,
    };

    /// Takes so many rays more as its variance asks for.
    fn refine(&mut self, world: &World<'_>, budget: &Budget, seed: u32, (column, row): (usize, usize)) {
        let Some(mut gathered) = self.gathered else {
            return;
        };
        let most = 1_u32 << budget.log2_parts;
        let least = if gathered.nearest < CONTACT {
            2.min(most)
        } else {
            1
        };
        let parts = ((self.signal.variance / (SCATTER * SCATTER)).ceil() as u32).clamp(least, most);
        let sampler = shadow_sampler(seed, column, row);
        let place = (
            self.guide.position + self.guide.normal * OFFSET,
            self.guide.normal,
        );
        for part in 1..parts {
            gathered.add(&world.gather_near(place, &sampler, 0, effort(budget, part), near(&self.guide)));
        }
        self.signal.colors[0] = gathered.ratio().0.clamp(Vec3::ZERO, Vec3::splat(MOST_GAIN));
        self.signal.variance /= parts as f32;
    }
}

fn shadow_sampler(seed: u32, column: usize, row: usize) -> Sampler {
    Sampler::new(seed ^ 0x0c0_ffee, column as u32, row as u32)
}

/// How far away blockers count on a surface.
fn near(guide: &Guide) -> (f32, f32) {
    if guide.id == FLOOR as u32 + 1 {
        NEAR_FLOOR
    } else {
        NEAR_WALL
    }
}

/// One part of a cell's rays. Each part estimates the whole, so a sum of parts is a multiple of the irradiance; a ratio
/// needs no division.
fn effort(budget: &Budget, part: u32) -> Effort {
    Effort {
        log2_cosine: budget.log2_shadow.0,
        log2_emitter: budget.log2_shadow.1,
        part,
        log2_parts: budget.log2_parts,
    }
}

/// A shadow's finest detail is a fraction of the distance to what casts it, and its noise is the scatter of its rays.
/// One cell's few rays know neither, those of its neighbourhood know both.
fn set_reach(width: usize, sampled: &mut [Sampled]) {
    const RADIUS: usize = 4;
    let height = sampled.len() / width.max(1);
    // Blocked light, the same over its distance, variance, and cells.
    let sum = |from: &dyn Fn(usize) -> [f32; 4], along_x: bool| -> Vec<[f32; 4]> {
        let at = |i: usize| {
            let (x, y) = (i % width, i / width);
            let (position, count, stride) = if along_x {
                (x, width, 1)
            } else {
                (y, height, width)
            };
            let mut sum = [0.0; 4];
            for p in position.saturating_sub(RADIUS)..=(position + RADIUS).min(count - 1) {
                let other = i + p * stride - position * stride;
                if sampled[other].guide.id == sampled[i].guide.id {
                    let value = from(other);
                    for (sum, value) in sum.iter_mut().zip(value) {
                        *sum += value;
                    }
                }
            }
            sum
        };
        (0..sampled.len())
            .map(|i| if sampled[i].guide.id == 0 { [0.0; 4] } else { at(i) })
            .collect()
    };
    let first = |i: usize| {
        let Some(gathered) = &sampled[i].gathered else {
            return [0.0; 4];
        };
        let scale = 1.0 / luminance(gathered.without).max(1e-5);
        let [blocked, over_distance] = gathered.blocking().map(|sum| sum * scale);
        [blocked, over_distance, gathered.ratio().1, 1.0]
    };
    let rows = sum(&first, true);
    let both = sum(&|i| rows[i], false);
    for (cell, [blocked, over_distance, variance, count]) in sampled.iter_mut().zip(both) {
        let distance = if over_distance > 0.0 {
            blocked / over_distance
        } else {
            f32::INFINITY
        };
        cell.guide.reach[0] = (0.22 * distance).clamp(1.2 * cell.cell_size, 24.0 * cell.cell_size);
        cell.signal.variance = variance / f32::max(count, 1.0);
    }
}

/// Distance to the nearest piece's bounds: nothing blocks a ray before that.
fn clearance(world: &World<'_>, point: Vec3) -> f32 {
    let distance = |bounds: &Aabb| {
        (bounds.min - point)
            .max(point - bounds.max)
            .max(Vec3::ZERO)
            .length()
    };
    world
        .scene
        .piece_bounds
        .iter()
        .map(distance)
        .fold(f32::INFINITY, f32::min)
}

/// Pulls factors next to one onto it.
fn settle(factor: Vec3) -> Vec3 {
    let loss = Vec3::ONE - factor;
    let size = loss.abs().max_element();
    if size <= DEAD_ZONE {
        return Vec3::ONE;
    }
    // 0 at the dead zone's rim, 1 from four times its width on.
    let ease = ((size - DEAD_ZONE) / (3.0 * DEAD_ZONE)).min(1.0);
    let ease = ease * (2.0 - ease);
    (Vec3::ONE - loss * ease).clamp(Vec3::splat(0.02), Vec3::splat(MOST_GAIN))
}

fn fade(added: Vec3) -> Vec3 {
    if added.abs().max_element() < 0.0008 {
        Vec3::ZERO
    } else {
        added
    }
}

/// The pixel of a cell that furniture covers least, with its coverage.
fn open_pixel(
    film: &Film,
    step: usize,
    column: usize,
    row: usize,
    size: (usize, usize),
) -> (usize, usize, f32) {
    let mut best = (column * step, row * step, f32::INFINITY);
    for dy in 0..step {
        for dx in 0..step {
            let (x, y) = (column * step + dx, row * step + dy);
            if x >= size.0 || y >= size.1 {
                continue;
            }
            let (coverage, _) = film.at(x, y);
            if coverage < best.2 {
                best = (x, y, coverage);
            }
        }
    }
    best
}

fn cell(
    world: &World<'_>,
    film: &Film,
    budget: &Budget,
    seed: u32,
    step: usize,
    (column, row): (usize, usize),
) -> Sampled {
    let light = world.light;
    let view = world.view;
    let size = (view.width as usize, view.height as usize);
    let (x, y, coverage) = open_pixel(film, step, column, row, size);
    if coverage >= 0.999 {
        return Sampled::NOTHING;
    }
    let direction = view.ray(Vec2::new(x as f32 + 0.5, y as f32 + 0.5));
    let exit = light.room_box.exit(Vec3::ZERO, direction);
    let shine = light.shine(exit.face, exit.point);
    if exit.face == NEAR || shine >= 1.0 {
        return Sampled::NOTHING;
    }
    let normal = RoomBox::normal(exit.face);
    let place = (exit.point + normal * OFFSET, normal);
    let cell_size = exit.t / view.focal() * step as f32;
    let sampler = shadow_sampler(seed, column, row);
    let guide = Guide {
        position: exit.point,
        normal,
        id: exit.face as u32 + 1,
        reach: [20.0 * cell_size, 4.0 * cell_size],
    };
    let mut sampled = Sampled {
        guide,
        shine,
        cell_size,
        ..Sampled::NOTHING
    };
    let uv = light.room_box.uv(exit.face, exit.point);
    let near = near(&guide);
    if clearance(world, exit.point) < near.1 && world.shade.loss_around(light, exit.face, uv) > NEGLIGIBLE {
        sampled.gathered = Some(world.gather_near(place, &sampler, 0, effort(budget, 0), near));
    }
    if exit.face == FLOOR {
        sampled.signal.colors[1] = mirror(world, exit.point, direction, &sampler, budget.log2_mirror);
    }
    sampled
}

/// What the floor's mirror image gains where furniture now stands in it: its light less what it hides.
fn mirror(world: &World<'_>, point: Vec3, direction: Vec3, sampler: &Sampler, log2_count: u32) -> Vec3 {
    let gloss = world.light.gloss;
    let normal = RoomBox::normal(FLOOR);
    let share = gloss.strength * fresnel(-direction.dot(normal));
    if share < FAINT {
        return Vec3::ZERO;
    }
    let origin = point + normal * OFFSET;
    let frame = basis(normal);
    let count = 1_u32 << log2_count;
    let mut sum = Vec3::ZERO;
    for i in 0..count {
        let half = ggx_half_vector(&frame, -direction, gloss.alpha, sampler.pair(40, i, log2_count));
        let mirrored = direction - half * (2.0 * direction.dot(half));
        if mirrored.dot(normal) <= 0.01 {
            continue;
        }
        let (with, distance) = world.radiance(origin, mirrored, false);
        if distance.is_some() {
            sum += with - world.light.sharp_radiance(origin, mirrored).min(Vec3::splat(2.0));
        }
    }
    sum * (share / count as f32)
}
