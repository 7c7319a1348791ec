//! Removes the sampling noise of smooth signals: an edge-avoiding à-trous wavelet filter (Dammertz et al. 2010) whose
//! kernel is measured in metres of the surface, so that it follows perspective, and guided by the variance of the
//! estimate (Schied et al. 2017).

use rayon::prelude::*;

use crate::geometry::Vec3;
use crate::light::luminance;
use crate::{Control, StageError};

/// Changes smaller than this are no flecks.
const FLECK: f32 = 0.004;

/// What is known exactly about one sample and steers the averaging.
#[derive(Debug, Clone, Copy)]
pub struct Guide {
    pub position: Vec3,
    pub normal: Vec3,
    /// Samples average with their own kind only; 0 takes no part.
    pub id: u32,
    /// Metres within which each of the two signals may be averaged.
    pub reach: [f32; 2],
}

impl Guide {
    pub const NONE: Self = Self {
        position: Vec3::ZERO,
        normal: Vec3::ZERO,
        id: 0,
        reach: [0.0; 2],
    };
}

/// Two noisy colours of one sample and the variance of the first one's luminance.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signal {
    pub colors: [Vec3; 2],
    pub variance: f32,
}

/// Takes back what one sample alone says of a factor near one: light that a lucky ray lost or won, and no neighbour knows of. Shadows of the
/// thinnest legs are lines, so two neighbours at least share them.
pub fn remove_flecks(width: usize, guides: &[Guide], signals: &mut [Signal]) {
    let light: Vec<f32> = signals.iter().map(|signal| luminance(signal.colors[0])).collect();
    let height = guides.len() / width.max(1);
    signals.par_iter_mut().enumerate().for_each(|(i, signal)| {
        let (x, y) = (i % width, i / width);
        if guides[i].id == 0 || (light[i] - 1.0).abs() < FLECK {
            return;
        }
        // The two darkest and the two brightest around it.
        let (mut dark, mut bright) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
            for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                let n = ny * width + nx;
                if n == i || guides[n].id != guides[i].id {
                    continue;
                }
                let value = light[n];
                dark = [dark[0].min(value), dark[1].min(value.max(dark[0]))];
                bright = [bright[0].max(value), bright[1].max(value.min(bright[0]))];
            }
        }
        if !dark[1].is_finite() {
            return;
        }
        let kept = light[i].clamp(dark[1], bright[1].max(dark[1]));
        if kept != light[i] {
            signal.colors[0] *= kept / light[i].max(1e-3);
        }
    });
}

/// Takes back light that one sample alone has: a lucky ray that found a gap. No sample is left brighter than the second
/// brightest of its own kind around it.
pub(super) fn remove_fireflies(width: usize, guides: &[Guide], signals: &mut [Signal]) {
    let light: Vec<[f32; 2]> = signals
        .iter()
        .map(|signal| signal.colors.map(luminance))
        .collect();
    let height = guides.len() / width.max(1);
    signals.par_iter_mut().enumerate().for_each(|(i, signal)| {
        let (x, y) = (i % width, i / width);
        if guides[i].id == 0 {
            return;
        }
        let (mut brightest, mut count) = ([[0.0_f32; 2]; 2], 0);
        for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
            for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                let n = ny * width + nx;
                if n == i || guides[n].id != guides[i].id {
                    continue;
                }
                count += 1;
                for (pair, value) in brightest.iter_mut().zip(light[n]) {
                    *pair = [pair[0].max(value), pair[1].max(value.min(pair[0]))];
                }
            }
        }
        if count < 3 {
            return;
        }
        for (color, (own, pair)) in signal.colors.iter_mut().zip(light[i].into_iter().zip(brightest)) {
            if own > pair[1] {
                *color *= pair[1] / own;
            }
        }
    });
}

/// Rows that are filtered before they are written: only these and a few above them are held twice.
const ROWS: usize = 64;

/// Filters the `wanted` samples in place, by their index, with `levels` passes of doubling step.
pub fn smooth(
    width: usize,
    guides: &[Guide],
    signals: &mut [Signal],
    levels: u32,
    control: &Control,
    wanted: impl Fn(usize) -> bool + Sync,
) -> Result<(), StageError> {
    for level in 0..levels {
        control.check()?;
        pass(width, guides, signals, 1 << level, &wanted);
    }
    Ok(())
}

fn pass(
    width: usize,
    guides: &[Guide],
    signals: &mut [Signal],
    step: usize,
    wanted: &(impl Fn(usize) -> bool + Sync),
) {
    let height = guides.len() / width.max(1);
    // What stood in the last rows before this pass; the pass reads no further up.
    let mut above: Vec<Signal> = vec![];
    let rows = ROWS.max(step);
    for from in (0..height).step_by(rows) {
        let to = (from + rows).min(height);
        let before = Before {
            signals,
            above: &above,
            from: from * width,
        };
        let fresh: Vec<Signal> = (from * width..to * width)
            .into_par_iter()
            .with_min_len(2048)
            .map(|i| {
                if guides[i].id != 0 && wanted(i) {
                    average(width, height, guides, &before, (i % width, i / width), step)
                } else {
                    *before.at(i)
                }
            })
            .collect();
        above = signals[to.saturating_sub(step) * width..to * width].to_vec();
        signals[from * width..to * width].copy_from_slice(&fresh);
    }
}

/// The signals as they were before a pass that has already overwritten those before `from`.
struct Before<'a> {
    signals: &'a [Signal],
    above: &'a [Signal],
    from: usize,
}

impl Before<'_> {
    #[inline]
    fn at(&self, i: usize) -> &Signal {
        if i < self.from {
            &self.above[i + self.above.len() - self.from]
        } else {
            &self.signals[i]
        }
    }
}

#[inline]
fn average(
    width: usize,
    height: usize,
    guides: &[Guide],
    signals: &Before<'_>,
    (x, y): (usize, usize),
    step: usize,
) -> Signal {
    let center = y * width + x;
    let (guide, signal) = (&guides[center], signals.at(center));
    let own = luminance(signal.colors[0]);
    let tolerance = 3.0 * signal.variance.max(0.0).sqrt() + 0.004 * own + 1e-5;
    let mut sum = Signal {
        colors: [signal.colors[0] * 4.0, signal.colors[1] * 4.0],
        variance: signal.variance * 16.0,
    };
    let mut weights = [4.0_f32; 2];
    let inverse = guide.reach.map(|reach| 1.0 / (reach * reach).max(1e-12));
    for (dx, dy, kernel) in TAPS {
        let (nx, ny) = (x as isize + dx * step as isize, y as isize + dy * step as isize);
        if nx < 0 || ny < 0 || nx >= width as isize || ny >= height as isize {
            continue;
        }
        let at = ny as usize * width + nx as usize;
        let other = &guides[at];
        if other.id != guide.id {
            continue;
        }
        let facing = guide.normal.dot(other.normal);
        if facing < 0.7 {
            continue;
        }
        let offset = other.position - guide.position;
        let squared = offset.length_squared();
        let squared_facing = facing * facing;
        let turn = squared_facing * squared_facing * squared_facing * squared_facing;
        let lift = guide.normal.dot(offset);
        let flat = 1.0 / (1.0 + 40.0 * lift * lift / (squared + 1e-8));
        let there = signals.at(at);
        let apart = (luminance(there.colors[0]) - own).abs() / tolerance;
        let common = kernel * turn * flat;
        // A rational fall-off keeps the shape of a Gaussian at a fraction of its price.
        let near = |k: usize| 1.0 / (1.0 + squared * inverse[k]).powi(2);
        let first = common * near(0) / (1.0 + apart * apart * apart * apart);
        let second = common * near(1);
        sum.colors[0] += there.colors[0] * first;
        sum.variance += there.variance * first * first;
        sum.colors[1] += there.colors[1] * second;
        weights[0] += first;
        weights[1] += second;
    }
    Signal {
        colors: [sum.colors[0] / weights[0], sum.colors[1] / weights[1]],
        variance: sum.variance / (weights[0] * weights[0]),
    }
}

/// Variance of the light of each `wanted` pixel, from its neighbours on the same surface: a single estimate says nothing about
/// itself.
pub(super) fn estimate_variance(
    width: usize,
    guides: &[Guide],
    signals: &mut [Signal],
    wanted: impl Fn(usize) -> bool + Sync,
) {
    let light: Vec<f32> = signals.iter().map(|s| luminance(s.colors[0])).collect();
    let height = guides.len() / width.max(1);
    signals
        .par_chunks_mut(width.max(1))
        .enumerate()
        .for_each(|(y, row)| {
            for (x, signal) in row.iter_mut().enumerate() {
                let guide = &guides[y * width + x];
                if guide.id == 0 || !wanted(y * width + x) {
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

/// The 3 x 3 binomial kernel without its centre, whose weight is 4.
const TAPS: [(isize, isize, f32); 8] = [
    (-1, -1, 1.0),
    (0, -1, 2.0),
    (1, -1, 1.0),
    (-1, 0, 2.0),
    (1, 0, 2.0),
    (-1, 1, 1.0),
    (0, 1, 2.0),
    (1, 1, 1.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_over_many_bands_of_rows_is_one_over_all() {
        let (width, height) = (7, 3 * ROWS + 5);
        let guides: Vec<Guide> = (0..width * height)
            .map(|i| Guide {
                position: Vec3::new((i % width) as f32, (i / width) as f32, 0.0) * 0.01,
                normal: Vec3::Z,
                id: 1 + u32::from(i % 5 == 0),
                reach: [0.2; 2],
            })
            .collect();
        let noisy: Vec<Signal> = (0..width * height)
            .map(|i| Signal {
                colors: [Vec3::splat((i * 7919 % 101) as f32); 2],
                variance: 900.0,
            })
            .collect();
        for step in [1, 4, 16] {
            let before = Before {
                signals: &noisy,
                above: &[],
                from: 0,
            };
            let mut banded = noisy.clone();
            pass(width, &guides, &mut banded, step, &|i| i % 3 != 0);
            for (i, signal) in banded.iter().enumerate() {
                let whole = if i % 3 == 0 {
                    noisy[i]
                } else {
                    average(width, height, &guides, &before, (i % width, i / width), step)
                };
                assert_eq!(signal.colors, whole.colors, "sample {i} with step {step}");
            }
        }
    }
}
