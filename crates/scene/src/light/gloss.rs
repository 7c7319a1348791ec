//! How much the floor mirrors the room, measured in the photo.
//!
//! A polished floor repeats windows and door frames upside down. The mirrored wall is looked up through the room box, and
//! its contrast across neighbouring columns is compared with the contrast of the floor there; texture of the floor has no
//! part in it on average.

use super::Light;
use super::photo_map::{PhotoMap, View, luminance};
use super::room_box::FLOOR;
use crate::geometry::{Vec2, Vec3};
use crate::room::Room;

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

/// Blurs tried, as GGX alpha and as half-width of the mean over the mirrored wall relative to its distance.
const BLURS: [(f32, f32); 3] = [(0.08, 0.03), (0.18, 0.08), (0.3, 0.16)];
const COLUMNS: usize = 56;
const ROWS: usize = 40;

/// Compares floor and mirrored room; without contrast to compare the floor counts as faintly glossy.
pub fn measure(photo: &PhotoMap, view: &View, _room: &Room, light: &Light) -> Gloss {
    let mut best: Option<(f32, Gloss)> = None;
    for (alpha, blur) in BLURS {
        let fit = fit(photo, view, light, blur);
        if best.is_none_or(|(score, _)| fit.correlation > score) {
            best = Some((
                fit.correlation,
                Gloss {
                    strength: fit.slope,
                    alpha,
                },
            ));
        }
    }
    let (correlation, gloss) = best.expect("there is at least one blur");
    // Below this the agreement is chance: most floors are then lightly varnished, which the default mirrors faintly.
    if correlation < 0.12 {
        return Gloss {
            strength: 0.12,
            alpha: 0.25,
        };
    }
    let trust = ((correlation - 0.12) / 0.25).clamp(0.0, 1.0);
    let strength = (0.12 + trust * (gloss.strength - 0.12)).clamp(0.05, 0.8);
    Gloss {
        strength,
        alpha: gloss.alpha,
    }
}

struct Fit {
    slope: f32,
    correlation: f32,
}

fn fit(photo: &PhotoMap, view: &View, light: &Light, blur: f32) -> Fit {
    let mut floor = vec![None; COLUMNS * ROWS];
    for j in 0..ROWS {
        for i in 0..COLUMNS {
            let pixel = Vec2::new(
                (i as f32 + 0.5) / COLUMNS as f32 * view.width,
                (j as f32 + 0.5) / ROWS as f32 * view.height,
            );
            floor[j * COLUMNS + i] = pair(photo, view, light, pixel, blur);
        }
    }
    // Contrast against the neighbours in the row removes the slow fall-off of light over the floor.
    let (mut xx, mut xy, mut yy) = (1e-9_f32, 0.0_f32, 1e-9_f32);
    for j in 0..ROWS {
        for i in 3..COLUMNS - 3 {
            let near = |di: usize| floor[j * COLUMNS + i + di - 3];
            let (Some(here), Some(a), Some(b)) = (near(3), near(0), near(6)) else {
                continue;
            };
            let x = here.0 - 0.5 * (a.0 + b.0);
            let y = (here.1 - 0.5 * (a.1 + b.1)).clamp(-0.2, 0.2);
            (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
        }
    }
    Fit {
        slope: (xy / xx).clamp(0.0, 1.0),
        correlation: xy / (xx * yy).sqrt(),
    }
}

/// What an ideal mirror would add at a floor pixel, and what the floor shows there.
fn pair(photo: &PhotoMap, view: &View, light: &Light, pixel: Vec2, blur: f32) -> Option<(f32, f32)> {
    let direction = view.ray(pixel);
    let exit = light.room_box.exit(Vec3::ZERO, direction);
    if exit.face != FLOOR || exit.t > 12.0 {
        return None;
    }
    let mirrored = Vec3::new(direction.x, -direction.y, direction.z);
    let wall = light.room_box.exit(exit.point, mirrored);
    let (wall_pixel, depth) = view.project(wall.point)?;
    if !view.contains(wall_pixel) {
        return None;
    }
    let shown = photo.mean(wall_pixel, blur * wall.t * view.focal() / depth);
    let expected = fresnel(-mirrored.y) * luminance(shown);
    let own = photo.mean(pixel, 0.006 * view.width);
    Some((expected, luminance(own)))
}
