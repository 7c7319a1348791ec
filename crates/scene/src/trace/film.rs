//! The furniture's own pixels: coverage, surface colour and light, kept apart so that the light can be smoothed without
//! blurring the texture.

use rayon::prelude::*;

use super::budget::Budget;
use super::fill::fill;
use super::filter::{Guide, Signal, smooth};
use super::gather::{Gathered, World};
use super::scene::OFFSET;
use super::surface::{Look, gather, surface};
use crate::geometry::sampling::Sampler;
use crate::geometry::{Aabb, Vec2, Vec3};
use crate::light::photo_map::View;
use crate::light::{Effort, luminance};
use crate::{Control, StageError};

const TILE: usize = 32;
/// See-through layers followed before a ray is given up.
const MAX_LAYERS: u32 = 5;
/// Blockers nearer than this make light vary within a few pixels, metres.
const CREVICE: f32 = 0.06;

/// One pixel of furniture; colours are sums over the primary rays divided by their number (premultiplied).
#[derive(Debug, Clone, Copy)]
pub struct FilmPixel {
    /// Share of the pixel that furniture hides.
    pub coverage: f32,
    /// What irradiance is multiplied with: albedo / pi and relief.
    reflect: Vec3,
    pub(super) irradiance: Vec3,
    /// Mirror-like reflection.
    gloss: Vec3,
    /// Light of its own.
    glow: Vec3,
    pub(super) guide: Guide,
    /// Whether `irradiance` was gathered or found.
    pub(super) is_lit: bool,
}

impl FilmPixel {
    const EMPTY: Self = Self {
        coverage: 0.0,
        reflect: Vec3::ZERO,
        irradiance: Vec3::ZERO,
        gloss: Vec3::ZERO,
        glow: Vec3::ZERO,
        guide: Guide::NONE,
        is_lit: false,
    };

    /// Linear colour, premultiplied with the coverage.
    pub fn color(&self) -> Vec3 {
        self.reflect * self.irradiance + self.gloss + self.glow
    }

    /// Irradiance of the furniture here.
    pub fn irradiance(&self) -> Vec3 {
        self.irradiance
    }
}

/// The part of the picture that furniture may touch. Very large photos get a coarser film.
pub struct Film {
    /// Film pixels per photo pixel, at most 1.
    scale: f32,
    /// Origin and size in film pixels.
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    pixels: Vec<FilmPixel>,
    /// Coverage and premultiplied colour of each pixel, as sharp as the photo.
    developed: Vec<(f32, Vec3)>,
}

/// Film pixels a whole photo has at most: beyond, time and memory grow and the eye gains nothing.
const MAX_PIXELS: f32 = 5.0e6;

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
        let pixel = self.get(position(x), position(y));
        (pixel.guide.id != 0).then_some(pixel.guide.position)
    }

    #[inline]
    fn developed_at(&self, x: usize, y: usize) -> (f32, Vec3) {
        self.index(x, y).map_or((0.0, Vec3::ZERO), |i| self.developed[i])
    }

    /// The traced pixel at film coordinates.
    pub fn get(&self, x: usize, y: usize) -> FilmPixel {
        self.index(x, y).map_or(FilmPixel::EMPTY, |i| self.pixels[i])
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
        let frames: Vec<Frame> = world
            .scene
            .piece_bounds
            .iter()
            .filter_map(|b| frame(&view, b))
            .collect();
        let whole = frames.iter().copied().reduce(Frame::union);
        let Some(whole) = whole else {
            return Ok(Self {
                scale,
                x: 0,
                y: 0,
                width: 0,
                height: 0,
                pixels: vec![],
                developed: vec![],
            });
        };
        let (width, height) = (whole.x1 - whole.x0, whole.y1 - whole.y0);
        let mut film = Self {
            scale,
            x: whole.x0,
            y: whole.y0,
            width,
            height,
            pixels: vec![FilmPixel::EMPTY; width * height],
            developed: vec![],
        };
        let tiles: Vec<Frame> = whole
            .tiles()
            .filter(|tile| frames.iter().any(|f| f.meets(tile)))
            .collect();
        let done = std::sync::atomic::AtomicUsize::new(0);
        let traced: Vec<(Frame, Vec<FilmPixel>)> = tiles
            .par_iter()
            .map(|tile| {
                control.check()?;
                let pixels = tile
                    .pixels()
                    .map(|(x, y)| {
                        let is_gathering = (x - whole.x0).is_multiple_of(budget.lattice)
                            && (y - whole.y0).is_multiple_of(budget.lattice);
                        pixel(world, &view, budget, seed, (x, y), is_gathering)
                    })
                    .collect();
                let count = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                if count.is_multiple_of(16) {
                    report(count as f32 / tiles.len() as f32);
                }
                Ok((*tile, pixels))
            })
            .collect::<Result<_, StageError>>()?;
        for (tile, pixels) in traced {
            for ((x, y), pixel) in tile.pixels().zip(pixels) {
                film.pixels[(y - film.y) * width + (x - film.x)] = pixel;
            }
        }
        control.check()?;
        if budget.lattice > 1 {
            fill(&mut film.pixels, width, budget.lattice, |x, y| {
                pixel(world, &view, budget, seed, (x + whole.x0, y + whole.y0), true)
            });
        }
        film.denoise(control)?;
        film.developed = film
            .pixels
            .par_iter()
            .with_min_len(4096)
            .map(|p| (p.coverage, p.color()))
            .collect();
        Ok(film)
    }

    fn denoise(&mut self, control: &Control) -> Result<(), StageError> {
        let guides: Vec<Guide> = self.pixels.iter().map(|p| p.guide).collect();
        let mut signals: Vec<Signal> = self
            .pixels
            .iter()
            .map(|p| Signal {
                colors: [p.irradiance, p.gloss],
                variance: 0.0,
            })
            .collect();
        estimate_variance(self.width, &guides, &mut signals);
        smooth(self.width, &guides, &mut signals, 4, control)?;
        for (pixel, signal) in self.pixels.iter_mut().zip(signals) {
            pixel.irradiance = signal.colors[0];
            pixel.gloss = signal.colors[1];
        }
        Ok(())
    }
}

/// Variance of each pixel's light, from its neighbours on the same surface: a single estimate says nothing about itself.
fn estimate_variance(width: usize, guides: &[Guide], signals: &mut [Signal]) {
    let light: Vec<f32> = signals.iter().map(|s| luminance(s.colors[0])).collect();
    let height = guides.len() / width.max(1);
    signals
        .par_chunks_mut(width.max(1))
        .enumerate()
        .for_each(|(y, row)| {
            for (x, signal) in row.iter_mut().enumerate() {
                let guide = &guides[y * width + x];
                if guide.id == 0 {
                    continue;
                }
                let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0_f32);
                for ny in y.saturating_sub(2)..=(y + 2).min(height - 1) {
                    for nx in x.saturating_sub(2)..=(x + 2).min(width - 1) {
                        let other = ny * width + nx;
                        if guides[other].id == guide.id && guides[other].normal.dot(guide.normal) > 0.9 {
                            sum += light[other];
                            squares += light[other] * light[other];
                            count += 1.0;
                        }
                    }
                }
                let mean = sum / count;
                signal.variance = (squares / count - mean * mean).max(0.0);
            }
        });
}

/// Half-open pixel rectangle.
#[derive(Debug, Clone, Copy)]
struct Frame {
    x0: usize,
    y0: usize,
    x1: usize,
    y1: usize,
}

impl Frame {
    fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    fn tiles(self) -> impl Iterator<Item = Self> {
        let rows = (self.y0..self.y1).step_by(TILE);
        rows.flat_map(move |y0| {
            (self.x0..self.x1).step_by(TILE).map(move |x0| Self {
                x0,
                y0,
                x1: (x0 + TILE).min(self.x1),
                y1: (y0 + TILE).min(self.y1),
            })
        })
    }

    fn pixels(self) -> impl Iterator<Item = (usize, usize)> {
        (self.y0..self.y1).flat_map(move |y| (self.x0..self.x1).map(move |x| (x, y)))
    }
}

/// The pixels a box can cover; the whole picture when it reaches behind the camera.
fn frame(view: &View, bounds: &Aabb) -> Option<Frame> {
    let (mut low, mut high) = (Vec2::INFINITY, Vec2::NEG_INFINITY);
    let mut is_behind = [false; 8];
    for (corner, is_behind) in is_behind.iter_mut().enumerate() {
        let pick = |a: usize| {
            if corner >> a & 1 == 0 {
                bounds.min[a]
            } else {
                bounds.max[a]
            }
        };
        match view.project(Vec3::new(pick(0), pick(1), pick(2))) {
            Some((pixel, _)) => (low, high) = (low.min(pixel), high.max(pixel)),
            None => *is_behind = true,
        }
    }
    if is_behind.iter().all(|b| *b) {
        return None;
    }
    if is_behind.iter().any(|b| *b) {
        (low, high) = (Vec2::ZERO, Vec2::new(view.width, view.height));
    }
    let clamp = |value: f32, most: f32| value.clamp(0.0, most) as usize;
    let frame = Frame {
        x0: clamp(low.x.floor() - 3.0, view.width),
        y0: clamp(low.y.floor() - 3.0, view.height),
        x1: clamp(high.x.ceil() + 3.0, view.width),
        y1: clamp(high.y.ceil() + 3.0, view.height),
    };
    (frame.x1 > frame.x0 && frame.y1 > frame.y0).then_some(frame)
}

/// Traces one pixel; without `is_gathering` its light is left for [`fill`].
fn pixel(
    world: &World<'_>,
    view: &View,
    budget: &Budget,
    seed: u32,
    (x, y): (usize, usize),
    is_gathering: bool,
) -> FilmPixel {
    let log2_primaries = budget.log2_primaries;
    let primaries = 1_u32 << log2_primaries;
    let sampler = Sampler::new(seed, x as u32, y as u32);
    let mut sum = FilmPixel::EMPTY;
    let mut light = Vec3::ZERO;
    let mut blocker = Gathered::new();
    let (mut covered, mut lit, mut heaviest) = (0.0_f32, 0.0_f32, 0.0_f32);
    let mut last: Option<(u16, Vec3)> = None;
    for i in 0..primaries {
        let (dx, dy) = sampler.pair(0, i, log2_primaries);
        let direction = view.ray(Vec2::new(x as f32 + dx, y as f32 + dy));
        let mut origin = Vec3::ZERO;
        let mut left = 1.0_f32;
        for layer in 0..MAX_LAYERS {
            let Some(hit) = world.scene.closest(origin, direction, f32::INFINITY) else {
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
                (i, log2_primaries),
                layer,
            );
            sum.reflect += seen.reflect * left;
            sum.gloss += seen.gloss * left;
            sum.glow += seen.glow * left;
            covered += weight;
            // Light varies slower than texture: one ray of a pixel gathers it, and every one that meets another piece or face
            // or lies in a crevice, where it varies fast and is not smoothed.
            let is_same =
                last.is_some_and(|(piece, normal)| piece == shaded.piece && shaded.smooth.dot(normal) > 0.9);
            if is_gathering && (layer > 0 || !is_same || blocker.nearest < CREVICE) {
                let effort = Effort {
                    log2_cosine: budget.log2_light.0,
                    log2_emitter: budget.log2_light.1,
                    part: i,
                    log2_parts: log2_primaries,
                };
                let (irradiance, blocked) = gather(world, &shaded, &part, &sampler, effort, layer);
                blocker.add(&blocked);
                light += irradiance * weight;
                lit += weight;
                last = Some((shaded.piece, shaded.smooth));
            }
            if weight > heaviest {
                heaviest = weight;
                let pixel_size = shaded.position.length() / view.focal();
                let reach = if shaded.surface.roughness < 0.1 {
                    1.2 * pixel_size
                } else {
                    6.0 * pixel_size
                };
                sum.guide = Guide {
                    position: shaded.position,
                    normal: shaded.smooth,
                    id: u32::from(shaded.piece) + 1,
                    reach: [(14.0 * pixel_size).max(0.03), reach],
                };
            }
            left -= weight;
            if left < 0.02 {
                left = 0.0;
                break;
            }
            origin = shaded.position + direction * OFFSET;
        }
        sum.coverage += 1.0 - left;
    }
    if covered <= 0.0 {
        return FilmPixel::EMPTY;
    }
    let scale = 1.0 / primaries as f32;
    sum.coverage *= scale;
    sum.reflect *= scale;
    sum.gloss *= scale;
    sum.glow *= scale;
    if !is_gathering {
        return sum;
    }
    // Near what shades it, light changes quickly: a table leg's shadow is as fine as the leg is near.
    sum.guide.reach[0] =
        sum.guide.reach[0].min((0.3 * blocker.blocker_distance()).max(sum.guide.reach[0] / 4.0));
    sum.irradiance = light / lit;
    sum.is_lit = true;
    sum
}
