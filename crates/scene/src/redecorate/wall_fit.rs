//! What is paint on a wall: a smooth model of its brightness and colour, fitted robustly.
//!
//! The logarithm of brightness is a quadratic over the wall, two logarithmic chromaticities are linear. Pixels near the
//! model are paint, whatever shadow lies on them; frames, sockets, pictures and plants are not.

use crate::geometry::{Vec2, Vec3};
use crate::light::luminance;

/// Albedo of a white ceiling, the measure of how light the walls are.
const CEILING_ALBEDO: f32 = 0.8;
/// Walls are neither black nor whiter than paint can be.
const WALL_ALBEDO: (f32, f32) = (0.08, 0.8);
/// Terms of the brightness model (quadratic in both directions) and of the chromaticity models (linear).
const TERMS: usize = 6;
/// Deviations in natural logarithms that still are paint, fully and at most. A noisy or mottled wall is given more in
/// chromaticity, up to [`NOISIEST`] times.
const CHROMA: (f32, f32) = (0.06, 0.14);
const NOISIEST: f32 = 2.0;
const BRIGHTER: (f32, f32) = (0.35, 0.7);
const DARKER: (f32, f32) = (0.5, 1.1);

pub(super) fn middle(colors: &[Vec3]) -> Vec3 {
    let channel = |of: fn(&Vec3) -> f32| median(colors.iter().map(of).collect());
    Vec3::new(channel(|c| c.x), channel(|c| c.y), channel(|c| c.z)).max(Vec3::splat(1e-3))
}

pub(super) fn median(mut values: Vec<f32>) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let half = values.len() / 2;
    *values.select_nth_unstable_by(half, f32::total_cmp).1
}

/// Brightness and chromaticities of a pixel, natural logarithms.
fn logs(color: Vec3) -> [f32; 3] {
    let color = color.max(Vec3::splat(2e-3));
    [
        luminance(color).ln(),
        (color.x / color.y).ln(),
        (color.z / color.y).ln(),
    ]
}

/// The smooth model of one wall.
pub(super) struct WallFit {
    center: Vec2,
    scale: Vec2,
    /// Of brightness, red against green, blue against green.
    terms: [[f64; TERMS]; 3],
    /// Height of the skirting board, metres; 0 without one.
    pub skirting: f32,
    /// Factor on the allowed deviation in chromaticity.
    tolerance: f32,
    /// Median colour of the paint.
    pub middle: Vec3,
}

impl WallFit {
    pub fn new(samples: &[(Vec2, Vec3)]) -> Option<Self> {
        if samples.len() < 60 {
            return None;
        }
        let low = samples.iter().fold(Vec2::INFINITY, |low, (at, _)| low.min(*at));
        let high = samples
            .iter()
            .fold(Vec2::NEG_INFINITY, |high, (at, _)| high.max(*at));
        let mut fit = Self {
            center: (low + high) * 0.5,
            scale: ((high - low) * 0.5).max(Vec2::splat(0.05)),
            terms: [[0.0; TERMS]; 3],
            skirting: 0.0,
            tolerance: 1.0,
            middle: middle(&samples.iter().map(|(_, color)| *color).collect::<Vec<_>>()),
        };
        let values: Vec<[f32; 3]> = samples.iter().map(|(_, color)| logs(*color)).collect();
        let start = logs(fit.middle);
        for (terms, value) in fit.terms.iter_mut().zip(start) {
            terms[0] = f64::from(value);
        }
        // Iteratively reweighted least squares, weights from how well a sample agreed so far.
        for round in 0..6 {
            let loose = if round < 2 { 3.0 } else { 1.0 };
            let weights: Vec<f64> = samples
                .iter()
                .zip(&values)
                .map(|((at, _), value)| f64::from(fit.agreement(*at, *value, loose)))
                .collect();
            if weights.iter().sum::<f64>() < 20.0 {
                return None;
            }
            for quantity in 0..3 {
                let count = if quantity == 0 { TERMS } else { 3 };
                let solved = least_squares(
                    samples
                        .iter()
                        .zip(&values)
                        .zip(&weights)
                        .map(|(((at, _), value), weight)| {
                            (fit.basis(*at), f64::from(value[quantity]), *weight)
                        }),
                    count,
                )?;
                fit.terms[quantity] = solved;
            }
        }
        let strays: Vec<f32> = samples
            .iter()
            .zip(&values)
            .filter(|((at, _), value)| fit.agreement(*at, **value, 1.0) > 0.5)
            .map(|((at, _), value)| {
                let [_, red, blue] = fit.deviation(*at, *value);
                red.hypot(blue)
            })
            .collect();
        fit.tolerance = (3.0 * median(strays) / CHROMA.0).clamp(1.0, NOISIEST);
        let paint: Vec<Vec3> = samples
            .iter()
            .filter(|(at, color)| fit.paint(*at, *color) > 0.5)
            .map(|(_, color)| *color)
            .collect();
        // A wall of glass or pictures has no paint to speak of.
        if paint.len() * 5 < samples.len() {
            return None;
        }
        fit.middle = middle(&paint);
        fit.skirting = skirting(samples, &fit);
        Some(fit)
    }

    fn basis(&self, at: Vec2) -> [f64; TERMS] {
        let p = ((at - self.center) / self.scale).as_dvec2();
        [1.0, p.x, p.y, p.x * p.x, p.x * p.y, p.y * p.y]
    }

    fn deviation(&self, at: Vec2, value: [f32; 3]) -> [f32; 3] {
        let basis = self.basis(at);
        std::array::from_fn(|quantity| {
            let model: f64 = basis.iter().zip(&self.terms[quantity]).map(|(b, t)| b * t).sum();
            value[quantity] - model as f32
        })
    }

    fn agreement(&self, at: Vec2, value: [f32; 3], loose: f32) -> f32 {
        let [brightness, red, blue] = self.deviation(at, value);
        let fade = |deviation: f32, (full, most): (f32, f32)| {
            1.0 - ((deviation - loose * full) / (loose * (most - full))).clamp(0.0, 1.0)
        };
        fade(red.hypot(blue) / self.tolerance, CHROMA)
            * fade(brightness, BRIGHTER)
            * fade(-brightness, DARKER)
    }

    /// 0..1: how far a pixel of this wall is paint.
    pub fn paint(&self, at: Vec2, color: Vec3) -> f32 {
        if at.y < self.skirting {
            return 0.0;
        }
        self.agreement(at, logs(color), 1.0)
    }

    /// What the paint reflects, judged by the ceiling where there is one and by the best lit wall otherwise.
    pub fn albedo(&self, ceiling: Option<Vec3>, brightest: f32) -> Vec3 {
        let albedo = match ceiling {
            Some(ceiling) => self.middle / ceiling * CEILING_ALBEDO,
            None => self.middle / brightest.max(1e-3) * 0.72,
        };
        let brightness = luminance(albedo).max(1e-4);
        // A wall in shade is not dark paint: half of the difference in logarithms is taken for light.
        let believed = (brightness * 0.72).sqrt().clamp(WALL_ALBEDO.0, WALL_ALBEDO.1);
        albedo * (believed / brightness)
    }
}

/// Height of a skirting board: a step in brightness or colour along the whole wall, 4 to 18 cm above the floor.
fn skirting(samples: &[(Vec2, Vec3)], fit: &WallFit) -> f32 {
    const BAND: f32 = 0.012;
    const BANDS: usize = 18;
    let mut bands = vec![Vec::new(); BANDS];
    for (at, color) in samples {
        let index = (at.y / BAND) as usize;
        if at.y >= 0.0 && index < BANDS {
            bands[index].push(fit.deviation(*at, logs(*color)));
        }
    }
    let medians: Vec<Option<[f32; 3]>> = bands
        .into_iter()
        .map(|band| {
            (band.len() >= 6).then(|| {
                std::array::from_fn(|quantity| median(band.iter().map(|value| value[quantity]).collect()))
            })
        })
        .collect();
    let mut best = (0.09, 0.0);
    for index in 4..BANDS - 1 {
        let (Some(below), Some(above)) = (medians[index - 1], medians[index + 1]) else {
            continue;
        };
        let step = (0..3)
            .map(|quantity| (below[quantity] - above[quantity]).powi(2))
            .sum::<f32>()
            .sqrt();
        if step > best.0 {
            best = (step, (index as f32 + 0.5) * BAND);
        }
    }
    best.1
}

/// Weighted least squares over the first `count` terms by normal equations with a little ridge.
fn least_squares(rows: impl Iterator<Item = ([f64; TERMS], f64, f64)>, count: usize) -> Option<[f64; TERMS]> {
    let mut matrix = [[0.0_f64; TERMS + 1]; TERMS];
    for (basis, value, weight) in rows {
        for i in 0..count {
            for j in 0..count {
                matrix[i][j] += weight * basis[i] * basis[j];
            }
            matrix[i][TERMS] += weight * basis[i] * value;
        }
    }
    for (i, row) in matrix.iter_mut().enumerate().take(count) {
        row[i] += 1e-3 * (1.0 + row[i]);
    }
    for i in 0..count {
        let pivot = (i..count).max_by(|a, b| matrix[*a][i].abs().total_cmp(&matrix[*b][i].abs()))?;
        matrix.swap(i, pivot);
        if matrix[i][i].abs() < 1e-12 {
            return None;
        }
        for j in 0..count {
            if j == i {
                continue;
            }
            let factor = matrix[j][i] / matrix[i][i];
            let pivot_row = matrix[i];
            for (value, above) in matrix[j].iter_mut().zip(pivot_row).skip(i) {
                *value -= factor * above;
            }
        }
    }
    let mut solved = [0.0; TERMS];
    for (i, value) in solved.iter_mut().enumerate().take(count) {
        *value = matrix[i][TERMS] / matrix[i][i];
    }
    Some(solved)
}
