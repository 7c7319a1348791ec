//! Draws a set: every surface at full size, its light at half the size and smoothed along the surfaces.
//!
//! Rays, shading of surfaces and the filter are those of [`crate::trace`]; the light is the set's own ([`Lights`]), as
//! there is no photo here. A ray that bounces off a surface takes that surface's light from one more ray to a lamp.
//! Surprise: light varies slower than pictures do, so ink is as sharp as the picture and light four times cheaper.

use std::f32::consts::PI;

use rayon::prelude::*;

use super::camera::SetCamera;
use super::light::Lights;
use crate::geometry::Vec3;
use crate::geometry::sampling::{
    Sampler, basis, cosine_direction, ggx_half_vector, ggx_masking, hash2, unit,
};
use crate::light::luminance;
use crate::trace::Scene;
use crate::trace::filter::{Guide, Signal, smooth};
use crate::trace::scene::{OFFSET, Shaded};
use crate::{Control, StageError};

/// Surfaces rougher than this keep their highlight in the diffuse term; smoother ones than the second mirror sharply.
const MATT: f32 = 0.55;
const SHARP: f32 = 0.12;
/// Brightest radiance that a bounce carries, and the brightest mirror image.
const MAX_BOUNCE: f32 = 1.5;
const MAX_MIRRORED: f32 = 6.0;

/// How many rays a picture is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Effort {
    /// Pixels of one side per sample of light.
    pub step: usize,
    /// Rays to the key light, to each other lamp, and into the room; powers of two as exponents.
    pub key: u32,
    pub fill: u32,
    pub room: u32,
    /// Rays of an edge's pixel.
    pub edge: u32,
    pub is_filtered: bool,
}

impl Effort {
    pub(super) const FINAL: Self = Self {
        step: 2,
        key: 3,
        fill: 1,
        room: 2,
        edge: 3,
        is_filtered: true,
    };
    pub(super) const PREVIEW: Self = Self {
        step: 3,
        key: 1,
        fill: 0,
        room: 1,
        edge: 2,
        is_filtered: true,
    };
    /// For pictures so small that half their size would lose what casts a shadow.
    pub(super) const FINAL_SMALL: Self = Self {
        step: 1,
        ..Self::FINAL
    };
    /// Slow and unfiltered: what the others are judged by.
    pub(super) const REFERENCE: Self = Self {
        step: 1,
        key: 7,
        fill: 5,
        room: 8,
        edge: 4,
        is_filtered: false,
    };
}

/// A set with its camera.
pub(super) struct Set<'a> {
    pub scene: &'a Scene<'a>,
    pub lights: &'a Lights,
    pub camera: &'a SetCamera,
    /// Number of the piece that is the product.
    pub product: u16,
    pub seed: u32,
}

/// Linear light per pixel and how much of it is the product.
pub(super) struct Drawn {
    pub colors: Vec<Vec3>,
    pub product: Vec<f32>,
}

/// Light of a place on a surface.
#[derive(Clone, Copy)]
struct Lit {
    guide: Guide,
    signal: Signal,
}

impl Set<'_> {
    pub(super) fn draw(&self, effort: &Effort, control: &Control) -> Result<Drawn, StageError> {
        control.check()?;
        let (width, height) = (self.camera.width as usize, self.camera.height as usize);
        let (small_width, small_height) = (width.div_ceil(effort.step), height.div_ceil(effort.step));
        let mut lit: Vec<Lit> = (0..small_width * small_height)
            .into_par_iter()
            .with_min_len(64)
            .map(|i| {
                if control.is_canceled() {
                    return Lit::NONE;
                }
                self.lit(i % small_width, i / small_width, effort)
            })
            .collect();
        control.check()?;
        control.progress(0.6, "rendering");
        if effort.is_filtered {
            let guides: Vec<Guide> = lit.iter().map(|l| l.guide).collect();
            let mut signals: Vec<Signal> = lit.iter().map(|l| l.signal).collect();
            even_out(&guides, small_width, &mut signals);
            smooth(small_width, &guides, &mut signals, 4, control, |_| true)?;
            for (target, signal) in lit.iter_mut().zip(signals) {
                target.signal = signal;
            }
        }
        let field = Field {
            lit: &lit,
            width: small_width,
            height: small_height,
            step: effort.step as f32,
        };
        // First every pixel by its middle; then those again that see more than one thing.
        let middles: Vec<Glance> = (0..width * height)
            .into_par_iter()
            .with_min_len(64)
            .map(|i| {
                if control.is_canceled() {
                    return Glance::default();
                }
                self.glance(
                    &field,
                    ((i % width) as f32 + 0.5, (i / width) as f32 + 0.5),
                    effort,
                )
            })
            .collect();
        control.check()?;
        let done: Vec<(Vec3, f32)> = (0..width * height)
            .into_par_iter()
            .with_min_len(64)
            .map(|i| {
                let (x, y) = (i % width, i / width);
                let middle = &middles[i];
                let differs = |dx: isize, dy: isize| {
                    let (nx, ny) = (x as isize + dx, y as isize + dy);
                    nx >= 0
                        && ny >= 0
                        && (nx as usize) < width
                        && (ny as usize) < height
                        && middle.differs(&middles[ny as usize * width + nx as usize])
                };
                let is_edge = differs(1, 0) || differs(-1, 0) || differs(0, 1) || differs(0, -1);
                if !is_edge || control.is_canceled() {
                    return (middle.color, middle.share(self.product));
                }
                let sampler = Sampler::new(self.seed ^ 0xed6e, x as u32, y as u32);
                let count = 1_u32 << effort.edge;
                let (mut color, mut share) = (Vec3::ZERO, 0.0);
                for n in 0..count {
                    let (dx, dy) = sampler.pair(0, n, effort.edge);
                    let seen = self.glance(&field, (x as f32 + dx, y as f32 + dy), effort);
                    // A lone mirror image of a lamp must not outshine the other samples of its pixel.
                    color += seen.color.min(Vec3::splat(1.6));
                    share += seen.share(self.product);
                }
                (color / count as f32, share / count as f32)
            })
            .collect();
        control.check()?;
        let (colors, product) = done.into_iter().unzip();
        Ok(Drawn { colors, product })
    }

    /// Gathers the light of the surface in the middle of a cell.
    fn lit(&self, x: usize, y: usize, effort: &Effort) -> Lit {
        let step = effort.step as f32;
        let direction = self.camera.ray((x as f32 + 0.5) * step, (y as f32 + 0.5) * step);
        let Some(hit) = self.scene.closest(self.camera.eye, direction, f32::INFINITY) else {
            return Lit::NONE;
        };
        let shaded = self.scene.shade(&hit, self.camera.eye, direction);
        self.gather(&shaded, direction, (x as u32, y as u32), effort)
    }

    /// Gathers the light of a surface; `place` seeds its samples.
    fn gather(&self, shaded: &Shaded, direction: Vec3, (x, y): (u32, u32), effort: &Effort) -> Lit {
        let step = effort.step as f32;
        let sampler = Sampler::new(self.seed, x, y);
        let origin = shaded.position + shaded.flat * OFFSET;
        let (mut light, mut near, mut blocked) = (Vec3::ZERO, 0.0_f32, 0.0_f32);
        // Four groups of samples; their scatter is what the filter needs to know.
        let mut groups = [0.0_f32; 4];
        for (number, lamp) in self.lights.lamps.iter().enumerate() {
            let log2 = if number == 0 { effort.key } else { effort.fill };
            let count = 1_u32 << log2;
            for i in 0..count {
                let square = sampler.pair(number as u32, i, log2);
                let Some((towards, distance, irradiance)) = lamp.sample(origin, shaded.smooth, square) else {
                    continue;
                };
                if shaded.flat.dot(towards) <= 0.0 {
                    continue;
                }
                let part = irradiance / count as f32;
                match self.scene.closest(origin, towards, distance - OFFSET) {
                    None => {
                        light += part;
                        groups[i as usize % 4] += luminance(part);
                    }
                    Some(blocker) => {
                        let weight = luminance(part);
                        blocked += weight;
                        near += weight / blocker.t.max(1e-3);
                    }
                }
            }
        }
        let count = 1_u32 << effort.room;
        let frame = basis(shaded.smooth);
        for i in 0..count {
            let towards = cosine_direction(&frame, sampler.pair(16, i, effort.room));
            if shaded.flat.dot(towards) <= 0.0 {
                continue;
            }
            let part = match self.scene.closest(origin, towards, f32::INFINITY) {
                None => self.lights.room(towards),
                Some(blocker) => {
                    blocked += 0.3;
                    near += 0.3 / blocker.t.max(1e-3);
                    let there = self.scene.shade(&blocker, origin, towards);
                    self.bounce(&there, Some(unit(hash2(hash2(self.seed ^ 0xb0, x), y ^ i << 28))))
                }
            } * (PI / count as f32);
            light += part;
            groups[i as usize % 4] += luminance(part);
        }
        let gloss = self.haze(shaded, direction, &sampler, effort);
        let total = luminance(light);
        let mean = groups.iter().sum::<f32>() / 4.0;
        let scatter = groups.iter().map(|g| (g - mean) * (g - mean)).sum::<f32>() / 3.0;
        let cell = shaded.t * self.camera.pixel_angle() * step;
        let distance = if near > 0.0 { blocked / near } else { f32::INFINITY };
        Lit {
            guide: Guide {
                position: shaded.position,
                normal: shaded.smooth,
                id: id_of(shaded),
                reach: [
                    (0.3 * distance).clamp(2.2 * cell, 12.0 * cell),
                    (12.0 * shaded.surface.roughness * shaded.surface.roughness).clamp(1.0, 5.0) * cell,
                ],
            },
            signal: Signal {
                colors: [light, gloss],
                variance: 4.0 * scatter + (0.03 * total).powi(2),
            },
        }
    }

    /// Radiance that a surface sends on, from one sample of one lamp and the room. `choice` picks the lamp and its place;
    /// without one the middles of all lamps are asked, which a mirror image needs to be free of grain.
    fn bounce(&self, there: &Shaded, choice: Option<f32>) -> Vec3 {
        let origin = there.position + there.flat * OFFSET;
        let lamps = &self.lights.lamps;
        let arriving = |number: usize, square: (f32, f32)| {
            lamps[number]
                .sample(origin, there.smooth, square)
                .filter(|(towards, distance, _)| {
                    there.flat.dot(*towards) > 0.0
                        && self.scene.closest(origin, *towards, distance - OFFSET).is_none()
                })
                .map_or(Vec3::ZERO, |(_, _, irradiance)| irradiance)
        };
        let direct: Vec3 = match choice {
            Some(choice) => {
                let place = choice * lamps.len() as f32;
                let number = (place as usize).min(lamps.len() - 1);
                let a = place - number as f32;
                arriving(number, (a, (a * 61.803_4).fract())) * lamps.len() as f32
            }
            None => (0..lamps.len()).map(|number| arriving(number, (0.5, 0.5))).sum(),
        };
        let light = direct + self.lights.room(there.smooth) * (PI * 0.55);
        let albedo = there.surface.albedo * (1.0 - there.surface.metallic * 0.5);
        (albedo * light / PI + there.surface.emission).min(Vec3::splat(MAX_BOUNCE))
    }

    /// What a ray sees.
    fn radiance(&self, origin: Vec3, direction: Vec3, choice: Option<f32>) -> Vec3 {
        let hit = self.scene.closest(origin, direction, f32::INFINITY);
        let far = hit.map_or(f32::INFINITY, |hit| hit.t);
        if let Some(shown) = self.lights.beyond(origin, direction, far) {
            return shown;
        }
        hit.map_or(Vec3::ZERO, |hit| {
            self.bounce(&self.scene.shade(&hit, origin, direction), choice)
        })
    }

    /// One ray off the microfacets, as a share of what arrives.
    fn mirrored(&self, shaded: &Shaded, direction: Vec3, square: (f32, f32), choice: Option<f32>) -> Vec3 {
        let surface = &shaded.surface;
        let alpha = (surface.roughness * surface.roughness).max(0.001);
        let half = ggx_half_vector(&basis(surface.normal), -direction, alpha, square);
        let towards = direction - half * (2.0 * direction.dot(half));
        let cosine = surface.normal.dot(towards);
        if cosine <= 0.0 || shaded.flat.dot(towards) <= 0.0 {
            return Vec3::ZERO;
        }
        let origin = shaded.position + shaded.flat * OFFSET;
        let seen = self
            .radiance(origin, towards, choice)
            .min(Vec3::splat(MAX_MIRRORED));
        seen * fresnel(shaded, direction) * ggx_masking(cosine, alpha)
    }

    /// Blurred reflection.
    fn haze(&self, shaded: &Shaded, direction: Vec3, sampler: &Sampler, effort: &Effort) -> Vec3 {
        let surface = &shaded.surface;
        if surface.roughness < SHARP || (surface.roughness >= MATT && surface.metallic < 0.3) {
            return Vec3::ZERO;
        }
        let count = 1_u32 << effort.room;
        let all = (0..count).map(|i| {
            let square = sampler.pair(17, i, effort.room);
            self.mirrored(shaded, direction, square, Some(square.0))
        });
        all.sum::<Vec3>() / count as f32
    }

    /// One ray of the picture.
    fn glance(&self, field: &Field<'_>, (x, y): (f32, f32), effort: &Effort) -> Glance {
        let direction = self.camera.ray(x, y);
        let eye = self.camera.eye;
        let Some(hit) = self.scene.closest(eye, direction, f32::INFINITY) else {
            return Glance {
                color: self.lights.room(direction),
                ..Glance::default()
            };
        };
        let shaded = self.scene.shade(&hit, eye, direction);
        let surface = &shaded.surface;
        // What is too narrow for the cells gathers its own light.
        let [light, haze] = field.at((x, y), &shaded).unwrap_or_else(|| {
            let place = (x.to_bits(), y.to_bits());
            self.gather(&shaded, direction, place, effort).signal.colors
        });
        let open = luminance(self.lights.open(shaded.position, shaded.smooth)).max(1e-4);
        let relief = (luminance(self.lights.open(shaded.position, surface.normal)) / open).clamp(0.5, 1.7);
        let fresnel = fresnel(&shaded, direction);
        let cosine = (-surface.normal.dot(direction)).clamp(0.0, 1.0);
        let sheen = (surface.albedo + Vec3::splat(0.1)) * (0.22 * surface.sheen * (1.0 - cosine).powi(3));
        let is_matt = surface.roughness >= MATT && surface.metallic <= 0.3;
        // The colour of cloth and paper is what is measured of them, their broad highlight included.
        let passed = if is_matt { Vec3::ONE } else { Vec3::ONE - fresnel };
        let diffuse = surface.albedo * (1.0 - surface.metallic) * passed + sheen;
        let mut color = diffuse * light * (relief / PI) + surface.emission;
        if surface.roughness < SHARP {
            color += self.mirrored(&shaded, direction, (0.0, 0.0), None);
        } else if !is_matt {
            color += haze;
        }
        Glance {
            color,
            id: id_of(&shaded),
            normal: shaded.smooth,
            depth: shaded.t,
            albedo: surface.albedo,
        }
    }
}

fn fresnel(shaded: &Shaded, direction: Vec3) -> Vec3 {
    let surface = &shaded.surface;
    let cosine = (-surface.normal.dot(direction)).clamp(0.0, 1.0);
    let f0 = Vec3::splat(0.04).lerp(surface.albedo, surface.metallic);
    f0 + (Vec3::ONE - f0) * ((1.0 - cosine).powi(5) * (1.0 - surface.roughness).powi(2))
}

fn id_of(shaded: &Shaded) -> u32 {
    1 + (u32::from(shaded.piece) << 12 | u32::from(shaded.material))
}

/// What one ray of the picture saw.
#[derive(Clone, Copy, Default)]
struct Glance {
    color: Vec3,
    /// 0 where it met nothing.
    id: u32,
    normal: Vec3,
    depth: f32,
    albedo: Vec3,
}

impl Glance {
    fn share(&self, product: u16) -> f32 {
        let is_product = self.id > 0 && (self.id - 1) >> 12 == u32::from(product);
        f32::from(u8::from(is_product))
    }

    fn differs(&self, other: &Self) -> bool {
        self.id != other.id
            || self.normal.dot(other.normal) < 0.93
            || (self.depth - other.depth).abs() > 0.02 * self.depth
            || (self.albedo - other.albedo).abs().max_element() > 0.10
            || (self.color - other.color).abs().max_element() > 0.5
    }
}

/// Light at every cell, looked up along the surface.
struct Field<'a> {
    lit: &'a [Lit],
    width: usize,
    height: usize,
    step: f32,
}

impl Field<'_> {
    /// Irradiance and blurred reflection of a surface at a place of the picture, from the cells around that see the same
    /// surface.
    fn at(&self, (x, y): (f32, f32), shaded: &Shaded) -> Option<[Vec3; 2]> {
        let (u, v) = (x / self.step - 0.5, y / self.step - 0.5);
        let id = id_of(shaded);
        let (left, top) = (u.floor() as isize, v.floor() as isize);
        for reach in [1_isize, 2] {
            let (mut sums, mut weights) = ([Vec3::ZERO; 2], 0.0_f32);
            for cy in top + 1 - reach..=top + reach {
                for cx in left + 1 - reach..=left + reach {
                    if cx < 0 || cy < 0 || cx >= self.width as isize || cy >= self.height as isize {
                        continue;
                    }
                    let lit = &self.lit[cy as usize * self.width + cx as usize];
                    let guide = &lit.guide;
                    let facing = guide.normal.dot(shaded.smooth);
                    if guide.id != id || facing < 0.7 {
                        continue;
                    }
                    let near = |d: f32| (1.0 - d.abs() / reach as f32).max(0.0) + 1e-4;
                    let offset = guide.position - shaded.position;
                    let lift = shaded.smooth.dot(offset);
                    let flat = 1.0 / (1.0 + 60.0 * lift * lift / (offset.length_squared() + 1e-8));
                    let weight = near(u - cx as f32) * near(v - cy as f32) * facing.powi(16) * flat;
                    sums[0] += lit.signal.colors[0] * weight;
                    sums[1] += lit.signal.colors[1] * weight;
                    weights += weight;
                }
            }
            if weights > 1e-4 {
                return Some(sums.map(|sum| sum / weights));
            }
        }
        None
    }
}

/// The scatter of few samples says little about itself: every cell takes the mean of those around it on its surface.
fn even_out(guides: &[Guide], width: usize, signals: &mut [Signal]) {
    let variances: Vec<f32> = signals.iter().map(|signal| signal.variance).collect();
    let height = guides.len() / width.max(1);
    signals
        .par_chunks_mut(width.max(1))
        .enumerate()
        .for_each(|(y, row)| {
            for (x, signal) in row.iter_mut().enumerate() {
                let id = guides[y * width + x].id;
                let (mut sum, mut count) = (0.0, 0.0_f32);
                for ny in y.saturating_sub(3)..=(y + 3).min(height - 1) {
                    for nx in x.saturating_sub(3)..=(x + 3).min(width - 1) {
                        if guides[ny * width + nx].id == id {
                            sum += variances[ny * width + nx];
                            count += 1.0;
                        }
                    }
                }
                signal.variance = sum / count.max(1.0);
            }
        });
}

impl Lit {
    const NONE: Self = Self {
        guide: Guide::NONE,
        signal: Signal {
            colors: [Vec3::ZERO; 2],
            variance: 0.0,
        },
    };
}
