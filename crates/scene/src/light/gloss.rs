//! How much the floor mirrors the room, measured in the photo.
//!
//! A polished floor repeats windows and door frames upside down. The mirrored wall is looked up through the room box, and
//! its contrast across neighbouring columns is compared with the contrast of the floor there; texture of the floor has no
//! part in it on average.

use rayon::prelude::*;

use super::Light;
use super::photo_map::{PhotoMap, luminance};
use super::room_box::{FLOOR, RoomBox};
use crate::geometry::sampling::{Sampler, basis, ggx_half_vector};
use crate::geometry::{Vec2, Vec3};

/// Mirror-like share of the floor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gloss {
    /// Factor on the Fresnel reflectance of a varnished floor, 0 (carpet) .. 1 (polished).
    pub strength: f32,
    /// GGX alpha of the reflection.
    pub alpha: f32,
}

impl Default for Gloss {
    fn default() -> Self {
        Self {
            strength: 0.0,
            alpha: 0.2,
        }
    }
}

/// Reflectance of a dielectric of index 1.5 (Schlick).
#[inline]
pub fn fresnel(cosine: f32) -> f32 {
    0.04 + 0.96 * (1.0 - cosine.clamp(0.0, 1.0)).powi(5)
}

/// Blurs tried, as GGX alpha, and how many columns apart contrast is compared: a blurred image has no fine one.
const BLURS: [(f32, usize); 5] = [(0.04, 3), (0.08, 3), (0.14, 4), (0.22, 6), (0.32, 8)];
/// Rays of one blurred look.
const LOG2_RAYS: u32 = 4;
const COLUMNS: usize = 56;
const ROWS: usize = 40;
/// Uncertainty of the measured strength at which the usual counts as much, and how much larger it is than that of
/// independent points.
const DOUBT: f32 = 0.1;
const DEPENDENT: f32 = 3.0;
/// Correlation below which the blur is chance.
const CHANCE: f32 = 0.12;
/// Most floors are lightly varnished: what is assumed where nothing can be compared.
const USUAL: Gloss = Gloss {
    strength: 0.12,
    alpha: 0.25,
};

/// Compares floor and mirrored room; without contrast to compare the floor counts as faintly glossy.
pub fn measure(photo: &PhotoMap, light: &Light) -> Gloss {
    let places = places(photo, light);
    let fits = BLURS.map(|(alpha, apart)| (alpha, fit(&places, light, alpha, apart)));
    let closest = |a: &(f32, Fit), b: &(f32, Fit)| a.1.correlation.total_cmp(&b.1.correlation);
    let surest = |a: &(f32, Fit), b: &(f32, Fit)| a.1.error.total_cmp(&b.1.error);
    // Where no blur agrees with the floor, the one that would have shown most says that it is matt.
    let best = fits
        .into_iter()
        .max_by(closest)
        .filter(|(_, fit)| fit.correlation > CHANCE);
    let (alpha, fit) = best
        .or_else(|| fits.into_iter().min_by(surest).map(|(_, fit)| (USUAL.alpha, fit)))
        .unwrap_or((USUAL.alpha, Fit::NOTHING));
    // A floor that could mirror a bright window and does not is matt.
    let trust = 1.0 / (1.0 + (DEPENDENT * fit.error / DOUBT).powi(2));
    Gloss {
        strength: USUAL.strength + trust * (fit.slope - USUAL.strength),
        alpha,
    }
}

#[derive(Debug, Clone, Copy)]
struct Fit {
    slope: f32,
    /// Standard error of the slope.
    error: f32,
    correlation: f32,
}

impl Fit {
    const NOTHING: Self = Self {
        slope: 0.0,
        error: f32::INFINITY,
        correlation: 0.0,
    };
}

/// A point of the floor that a photo pixel shows.
struct Place {
    point: Vec3,
    /// Direction of the mirror image.
    mirrored: Vec3,
    shown: f32,
}

fn places(photo: &PhotoMap, light: &Light) -> Vec<Option<Place>> {
    let view = &light.view;
    let place = |index: usize| {
        let pixel = Vec2::new(
            ((index % COLUMNS) as f32 + 0.5) / COLUMNS as f32 * view.width,
            ((index / COLUMNS) as f32 + 0.5) / ROWS as f32 * view.height,
        );
        let direction = view.ray(pixel);
        let exit = light.room_box.exit(Vec3::ZERO, direction);
        (exit.face == FLOOR && exit.t < 12.0).then(|| Place {
            point: exit.point,
            mirrored: Vec3::new(direction.x, -direction.y, direction.z),
            shown: luminance(photo.mean(pixel, 0.006 * view.width)),
        })
    };
    (0..COLUMNS * ROWS).map(place).collect()
}

fn fit(places: &[Option<Place>], light: &Light, alpha: f32, apart: usize) -> Fit {
    let pairs: Vec<Option<(f32, f32)>> = places
        .par_iter()
        .with_min_len(64)
        .map(|place| {
            let place = place.as_ref()?;
            Some((expected(place, light, alpha)?, place.shown))
        })
        .collect();
    // Contrast against the neighbours in the row removes the slow fall-off of light over the floor.
    let (mut xx, mut xy, mut yy, mut count) = (1e-9_f32, 0.0_f32, 1e-9_f32, 1.0_f32);
    for j in 0..ROWS {
        for i in apart..COLUMNS - apart {
            let near = |di: usize| pairs[j * COLUMNS + i + di - apart];
            let (Some(here), Some(a), Some(b)) = (near(apart), near(0), near(2 * apart)) else {
                continue;
            };
            // A blown-out floor hides how much it mirrors.
            if here.1.max(a.1).max(b.1) > 0.92 {
                continue;
            }
            let x = here.0 - 0.5 * (a.0 + b.0);
            let y = (here.1 - 0.5 * (a.1 + b.1)).clamp(-0.4, 0.4);
            (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
            count += 1.0;
        }
    }
    let slope = xy / xx;
    Fit {
        slope: slope.clamp(0.0, 1.0),
        error: ((yy - slope * xy).max(0.0) / (count * xx)).sqrt(),
        correlation: xy / (xx * yy).sqrt(),
    }
}

/// What an ideal mirror would add at a floor pixel, blurred as the renderer blurs it: windows shine as strongly as the
/// solution says, not as the photo shows them. `None` where the mirrored wall is not in the photo.
fn expected(place: &Place, light: &Light, alpha: f32) -> Option<f32> {
    let exit = light.room_box.exit(place.point, place.mirrored);
    let (pixel, _) = light.view.project(exit.point)?;
    if !light.view.contains(pixel) {
        return None;
    }
    let view = Vec3::new(place.mirrored.x, -place.mirrored.y, place.mirrored.z);
    let (frame, sampler) = (basis(RoomBox::normal(FLOOR)), Sampler::new(0x61055, 0, 0));
    let mut sum = 0.0;
    for i in 0..1 << LOG2_RAYS {
        let half = ggx_half_vector(&frame, -view, alpha, sampler.pair(0, i, LOG2_RAYS));
        let mirrored = view - half * (2.0 * view.dot(half));
        if mirrored.y < -0.01 {
            sum += luminance(light.sharp_radiance(place.point, mirrored));
        }
    }
    Some(fresnel(-place.mirrored.y) * sum / (1 << LOG2_RAYS) as f32)
}
