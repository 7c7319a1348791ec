//! The furniture's own pixels: coverage, surface colour and light, kept apart so that the light can be smoothed without
//! blurring the texture.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::budget::Budget;
use super::fill::{from_neighbours, smooth_lattice};
use super::filter::{Guide, Signal, estimate_variance, smooth};
use super::frame::{Frame, frame};
use super::gather::World;
use super::kept::{Memory, Pixels, Sheet};
use super::outline::resolve;
use super::pixel::{Surface, TracedPixel, pixel};
use super::primary::primaries;
use super::traced::Traced;
use crate::geometry::Vec3;
use crate::geometry::bvh::BUNDLE;
use crate::render::Stopwatch;
use crate::{Control, StageError};

/// Rows that one thread traces at a time, and columns that are left out together.
const BAND: usize = 8;
const SPAN: usize = 32;
/// How many parts away the light of one may show after smoothing.
const ACROSS: (usize, usize) = (1, 4);
/// Light that differs less is the same: as a share of it, and in all.
const SAME: f32 = 0.02;
const FAINT: f32 = 0.002;
/// Pixels whose rays go together, both ways.
const BLOCK: usize = 4;

/// The part of the picture that furniture may touch. Very large photos get a coarser film.
pub struct Film {
    /// Film pixels per photo pixel, at most 1.
    scale: f32,
    /// Origin and size in film pixels.
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    guides: Vec<Guide>,
    /// Coverage and premultiplied colour of each pixel, as sharp as the photo.
    developed: Vec<(f32, Vec3)>,
    /// What each step took, milliseconds.
    pub(crate) laps: Vec<(&'static str, u64)>,
}

/// Film pixels a whole photo has at most: beyond, time and memory grow and the eye gains nothing.
const MAX_PIXELS: f32 = 3.2e6;

impl Film {
    /// Coverage and premultiplied linear colour at a photo pixel.
    #[inline]
    pub fn at(&self, x: usize, y: usize) -> (f32, Vec3) {
        if self.scale == 1.0 {
            return self.developed_at(x, y);
        }
        let position = |i: usize| ((i as f32 + 0.5) * self.scale - 0.5).max(0.0);
        let (px, py) = (position(x), position(y));
        let (x0, y0) = (px as usize, py as usize);
        let (fx, fy) = (px - x0 as f32, py - y0 as f32);
        let (mut coverage, mut color) = (0.0, Vec3::ZERO);
        for (dx, dy, weight) in [
            (0, 0, (1.0 - fx) * (1.0 - fy)),
            (1, 0, fx * (1.0 - fy)),
            (0, 1, (1.0 - fx) * fy),
            (1, 1, fx * fy),
        ] {
            let corner = self.developed_at(x0 + dx, y0 + dy);
            coverage += corner.0 * weight;
            color += corner.1 * weight;
        }
        (coverage, color)
    }

    /// A point of the furniture seen at a photo pixel, room frame, metres.
    pub fn point(&self, x: usize, y: usize) -> Option<Vec3> {
        let position = |i: usize| ((i as f32 + 0.5) * self.scale) as usize;
        let guide = &self.guides[self.index(position(x), position(y))?];
        (guide.id != 0).then_some(guide.position)
    }

    #[inline]
    fn developed_at(&self, x: usize, y: usize) -> (f32, Vec3) {
        self.index(x, y).map_or((0.0, Vec3::ZERO), |i| self.developed[i])
    }

    #[inline]
    fn index(&self, x: usize, y: usize) -> Option<usize> {
        let is_inside = x >= self.x && y >= self.y && x < self.x + self.width && y < self.y + self.height;
        is_inside.then(|| (y - self.y) * self.width + (x - self.x))
    }

    /// Blurs the developed picture by a Gaussian of `sigma` photo pixels.
    pub fn soften(&mut self, sigma: f32) {
        let sigma = sigma * self.scale;
        if sigma < 0.2 || self.width == 0 {
            return;
        }
        let radius = (2.5 * sigma).ceil() as usize;
        let kernel: Vec<f32> = (0..=radius)
            .map(|d| (-0.5 * (d as f32 / sigma).powi(2)).exp())
            .collect();
        let total = 2.0 * kernel.iter().sum::<f32>() - kernel[0];
        for stride in [1, self.width] {
            let source = &self.developed;
            let (width, height) = (self.width, self.height);
            let blurred = (0..source.len()).into_par_iter().with_min_len(4096).map(|i| {
                let (position, count) = if stride == 1 {
                    (i % width, width)
                } else {
                    (i / width, height)
                };
                let (mut coverage, mut color) = (0.0, Vec3::ZERO);
                for p in position.saturating_sub(radius)..=(position + radius).min(count - 1) {
                    let other = source[i + p * stride - position * stride];
                    let weight = kernel[p.abs_diff(position)];
                    coverage += weight * other.0;
                    color += weight * other.1;
                }
                (coverage / total, color / total)
            });
            self.developed = blurred.collect();
        }
    }

    /// Traces all furniture. `report` hears the share done.
    pub fn render(
        world: &World<'_>,
        budget: &Budget,
        seed: u32,
        control: &Control,
        report: impl Fn(f32) + Sync,
    ) -> Result<Self, StageError> {
        let photo = world.view;
        let scale = (MAX_PIXELS / (photo.width * photo.height)).sqrt().min(1.0);
        let view = photo.scaled(scale);
        let bounds = world.scene.piece_bounds.iter();
        let frames: Vec<Frame> = bounds.filter_map(|b| frame(&view, b)).collect();
        let whole = frames
            .iter()
            .copied()
            .reduce(Frame::union)
            .map_or(Frame::EMPTY, |frame| frame.out_to_multiple_of(SPAN, BAND));
        let (width, height) = (whole.x1 - whole.x0, whole.y1 - whole.y0);
        let mut film = Self {
            scale,
            x: whole.x0,
            y: whole.y0,
            width,
            height,
            guides: vec![Guide::NONE; width * height],
            developed: vec![],
            laps: vec![],
        };
        let mut clock = Stopwatch::start();
        if width == 0 {
            return Ok(film);
        }
        let mut surfaces = vec![Surface::default(); width * height];
        let mut signals = vec![Signal::default(); width * height];
        let trace = |x: usize, y: usize, log2_primaries: u32, is_gathering: bool| {
            let at = (x + whole.x0, y + whole.y0);
            let rays = primaries(world.scene, &view, seed, &[at], log2_primaries);
            pixel(
                world,
                &view,
                budget,
                seed,
                at,
                &rays[..1 << log2_primaries],
                is_gathering,
            )
        };
        let is_on_lattice =
            |x: usize, y: usize| x.is_multiple_of(budget.lattice) && y.is_multiple_of(budget.lattice);
        let done = AtomicUsize::new(0);
        let (pixels_traced, pixels_kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
        // A coarser film has other pixels than the view.
        let memory = world.memory.filter(|_| scale == 1.0);
        let known = |x: usize, y: usize| memory?.pixel(x + whole.x0, y + whole.y0);
        let sheet = memory.and_then(Memory::sheet);
        // Parts that came out otherwise than before.
        let spans = width.div_ceil(SPAN);
        let mut changed = vec![false; spans * height.div_ceil(BAND)];
        let bands = film
            .guides
            .par_chunks_mut(width * BAND)
            .zip(surfaces.par_chunks_mut(width * BAND))
            .zip(signals.par_chunks_mut(width * BAND))
            .zip(changed.par_chunks_mut(spans));
        bands
            .enumerate()
            .try_for_each(|(band, (((guides, surfaces), signals), changed))| {
                control.check()?;
                let rows = surfaces.len() / width;
                for x0 in (0..width).step_by(SPAN) {
                    let part = Frame {
                        x0: whole.x0 + x0,
                        y0: whole.y0 + band * BAND,
                        x1: whole.x0 + (x0 + SPAN).min(width),
                        y1: whole.y0 + band * BAND + rows,
                    };
                    let is_touched = memory.is_none_or(|memory| memory.is_touched(&part));
                    let sheet = sheet.filter(|sheet| !is_touched && part.is_within(&sheet.frame));
                    let changed = &mut changed[x0 / SPAN];
                    *changed = sheet.is_none();
                    if !frames.iter().any(|f| f.meets(&part)) {
                        continue;
                    }
                    let mut anew = Vec::with_capacity(rows * SPAN);
                    for (x, y) in blocks(part) {
                        let (x, y) = (x - whole.x0, y - whole.y0);
                        if !is_touched
                            && !is_on_lattice(x, y)
                            && let Some((surface, guide)) = known(x, y)
                        {
                            let at = (y - band * BAND) * width + x;
                            (surfaces[at], guides[at]) = (surface, guide);
                        } else {
                            anew.push((x + whole.x0, y + whole.y0));
                        }
                    }
                    let each = 1 << budget.log2_primaries;
                    for pixels in anew.chunks(BUNDLE / each) {
                        let rays = primaries(world.scene, &view, seed, pixels, budget.log2_primaries);
                        for (&(x, y), rays) in pixels.iter().zip(rays.chunks(each)) {
                            let (column, row) = (x - whole.x0, y - whole.y0);
                            let is_gathering = is_on_lattice(column, row);
                            let mut traced = pixel(world, &view, budget, seed, (x, y), rays, is_gathering);
                            let before = sheet.filter(|_| is_gathering).and_then(|s| s.gathered(x, y));
                            match before {
                                Some((signal, id)) if is_nearly(&traced, &signal, id) => {
                                    traced.signal = signal
                                }
                                _ => *changed = true,
                            }
                            let at = (row - band * BAND) * width + column;
                            (surfaces[at], signals[at], guides[at]) =
                                (traced.surface, traced.signal, traced.guide);
                        }
                    }
                    let all_here = rows * (part.x1 - part.x0);
                    pixels_traced.fetch_add(anew.len(), Ordering::Relaxed);
                    pixels_kept.fetch_add(all_here - anew.len(), Ordering::Relaxed);
                }
                let count = done.fetch_add(1, Ordering::Relaxed) + 1;
                if count.is_multiple_of(8) {
                    report((count * BAND) as f32 / height as f32);
                }
                Ok(())
            })?;
        let mut gathered = Vec::new();
        if let Some(memory) = memory {
            let columns = width.div_ceil(budget.lattice);
            gathered = (0..columns * height.div_ceil(budget.lattice))
                .map(|i| i / columns * budget.lattice * width + i % columns * budget.lattice)
                .map(|at| (signals[at], film.guides[at].id))
                .collect();
            let pixels = Pixels::new(whole, &surfaces, &film.guides, budget.log2_primaries);
            let (traced, kept) = (pixels_traced.into_inner(), pixels_kept.into_inner());
            memory.note_pixels(pixels, traced as u64, kept as u64);
        }
        clock.lap("furniture");
        // Light is smoothed over neighbours, and those need neighbours of their own.
        let anew = spread(&changed, spans, ACROSS);
        let worked = spread(&anew, spans, (1, 1));
        let part_of = |x: usize, y: usize| y / BAND * spans + x / SPAN;
        let mut traced = Traced {
            width,
            surfaces: &mut surfaces,
            signals: &mut signals,
            guides: &mut film.guides,
        };
        if !budget.resolves_edges {
            let kept = |x, y| {
                memory
                    .filter(|_| !is_on_lattice(x, y))?
                    .edge(x + whole.x0, y + whole.y0)
            };
            let retrace = |x, y| match kept(x, y) {
                Some((mut surface, guide)) => {
                    surface.log2_primaries = budget.log2_edge;
                    TracedPixel {
                        surface,
                        signal: Signal::default(),
                        guide,
                    }
                }
                None => trace(x, y, budget.log2_edge, is_on_lattice(x, y)),
            };
            traced.replace(control, |traced, x, y| {
                (worked[part_of(x, y)] && traced.is_edge(x, y, budget.has_fine_edges)).then(|| retrace(x, y))
            })?;
            if let Some(memory) = memory {
                memory.note_edges(Pixels::new(
                    whole,
                    traced.surfaces,
                    traced.guides,
                    budget.log2_edge,
                ));
            }
            clock.lap("edges");
        }
        if budget.lattice > 1 {
            smooth_lattice(&mut traced, budget, control)?;
            traced.replace(control, |traced, x, y| {
                let at = y * width + x;
                let is_unlit =
                    worked[part_of(x, y)] && traced.guides[at].id != 0 && !traced.surfaces[at].is_lit;
                let mut steps = 1..=budget.fill_steps;
                let mut filled = || steps.find_map(|steps| from_neighbours(traced, budget, steps, x, y));
                is_unlit
                    .then(|| filled().unwrap_or_else(|| rough(trace(x, y, budget.log2_primaries + 1, true))))
            })?;
        }
        clock.lap("fill");
        control.check()?;
        let is_anew = |i: usize| anew[part_of(i % width, i / width)];
        let is_wanted = |i: usize| (budget.smooths_all || surfaces[i].is_rough) && is_anew(i);
        estimate_variance(width, &film.guides, &mut signals, is_wanted);
        smooth(
            width,
            &film.guides,
            &mut signals,
            budget.levels,
            control,
            is_wanted,
        )?;
        film.developed = surfaces
            .par_iter()
            .zip(&signals)
            .enumerate()
            .with_min_len(4096)
            .map(|(i, (surface, signal))| match sheet {
                Some(sheet) if !is_anew(i) => sheet.developed(whole.x0 + i % width, whole.y0 + i / width),
                _ => (surface.coverage, surface.color(signal)),
            })
            .collect();
        clock.lap("smooth");
        if budget.resolves_edges {
            let traced = Traced {
                width,
                surfaces: &mut surfaces,
                signals: &mut signals,
                guides: &mut film.guides,
            };
            let origin = (whole.x0, whole.y0);
            film.developed
                .par_chunks_mut(width)
                .enumerate()
                .try_for_each(|(y, row)| {
                    control.check()?;
                    for (x, pixel) in row.iter_mut().enumerate() {
                        if traced.is_edge(x, y, budget.has_fine_edges) {
                            *pixel = resolve(world, &view, budget, seed, &traced, origin, (x, y));
                        }
                    }
                    Ok::<(), StageError>(())
                })?;
            clock.lap("edges");
        }
        if let Some(memory) = memory {
            memory.note_sheet(Sheet {
                frame: whole,
                lattice: budget.lattice,
                gathered,
                developed: film.developed.clone(),
            });
        }
        film.laps = clock.laps;
        Ok(film)
    }
}

/// Whether a lattice pixel shows what it showed, in light that nobody would tell from what it gathered before.
fn is_nearly(pixel: &TracedPixel, signal: &Signal, id: u32) -> bool {
    let near = |a: Vec3, b: Vec3| (a - b).abs().max_element() <= SAME * a.max(b).max_element() + FAINT;
    let [light, haze] = pixel.signal.colors;
    pixel.guide.id == id
        && !pixel.surface.looks_elsewhere
        && near(light, signal.colors[0])
        && near(haze, signal.colors[1])
}

/// The marked parts and those up to so many columns and rows away.
fn spread(marked: &[bool], columns: usize, (across, down): (usize, usize)) -> Vec<bool> {
    let rows = marked.len() / columns;
    let mut all = vec![false; marked.len()];
    for at in (0..marked.len()).filter(|&at| marked[at]) {
        let (x, y) = (at % columns, at / columns);
        for row in y.saturating_sub(down)..=(y + down).min(rows - 1) {
            let first = row * columns + x.saturating_sub(across);
            all[first..=row * columns + (x + across).min(columns - 1)].fill(true);
        }
    }
    all
}

/// The pixels of a frame in blocks of four by four, so that those that follow each other look the same way.
fn blocks(part: Frame) -> impl Iterator<Item = (usize, usize)> {
    let Frame { x0, y0, x1, y1 } = part;
    let rows = (y0..y1).step_by(BLOCK);
    rows.flat_map(move |top| {
        (x0..x1).step_by(BLOCK).flat_map(move |left| {
            let rows = top..(top + BLOCK).min(y1);
            rows.flat_map(move |y| (left..(left + BLOCK).min(x1)).map(move |x| (x, y)))
        })
    })
}

/// A pixel that gathered light for itself alone.
fn rough(mut pixel: TracedPixel) -> TracedPixel {
    pixel.surface.is_rough = true;
    pixel
}
