//! Polishing one candidate view, and how well its focal length is determined.

use super::lanes::{Lanes, agreement, times, weighted_sum};
use super::manhattan::{FLOOR_LINE_DEPRESSION, FLOOR_LINE_WEIGHT, View, directions};
use super::simplex::minimize;
use super::{FocalPrior, Segment, Working};

/// Expected vertical offset of the principal point in units of the long side: pictures corrected to upright
/// verticals, or cropped at one edge only.
const SHIFT_SIGMA: f64 = 0.05;
/// Above this pitch a shift cannot be told from the pitch itself and stays out.
const LEVEL_DEG: f64 = 2.0;

/// The best view near `start`, and its score with floor lines counted for less.
pub(super) fn refine(
    working: &Working,
    segments: &[Segment],
    prior: &FocalPrior,
    start: View,
) -> (f64, View) {
    let lanes = Lanes::new(segments.iter(), working.middle());
    let side = working.side();
    let shifts: &[f64] = if start.pitch.abs() < 5f64.to_radians() {
        &[0.0, -0.09, 0.09]
    } else {
        &[0.0]
    };
    let mut best: Option<(f64, View)> = None;
    for &shift in shifts {
        let from = [start.focal.ln(), start.pitch, start.roll, start.yaw, shift];
        let steps = [0.08, 0.03, 0.02, 0.02, 0.03];
        let (found, _) = minimize(from, steps, 400, |p| -score(&lanes, side, prior, &view(p), 1.0));
        let found = view(&found);
        let judged = score(&lanes, side, prior, &found, FLOOR_LINE_WEIGHT);
        if best.is_none_or(|(so_far, _)| judged > so_far) {
            best = Some((judged, found));
        }
    }
    best.expect("there is at least the start without a shift")
}

fn view(p: &[f64; 5]) -> View {
    View {
        focal: p[0].clamp(-3.0, 2.0).exp(),
        pitch: p[1],
        roll: p[2],
        yaw: p[3],
        shift: p[4],
    }
}

/// Explained share of the segments' weight minus what speaks against such a view.
#[inline(never)]
fn score(lanes: &Lanes, side: f64, prior: &FocalPrior, view: &View, floor_weight: f32) -> f64 {
    let rotation = view.rotation();
    let axes = directions(&rotation);
    let (focal, shift) = (view.focal * side, view.shift * side);
    let mut counted = 0.0;
    let explained = weighted_sum(lanes.count(), |lane| {
        let agreeing = agreement(&lanes.least_deviation(lane, axes, focal, shift));
        let mut weight = lanes.weight[lane];
        if floor_weight < 1.0 {
            let depression = lanes.depression(lane, axes[1], focal, shift);
            for at in 0..8 {
                weight[at] *= if depression[at] > FLOOR_LINE_DEPRESSION {
                    floor_weight
                } else {
                    1.0
                };
            }
        }
        counted += weight.iter().map(|value| f64::from(*value)).sum::<f64>();
        times(&agreeing, &weight)
    });
    let (pitch_deg, roll_deg) = (view.pitch.to_degrees(), view.roll.to_degrees());
    let shifted = view.shift / SHIFT_SIGMA;
    let tilted = (pitch_deg.abs() - LEVEL_DEG).clamp(0.0, 4.0);
    explained / counted.max(1e-9)
        - 0.02 * prior.deviation(view.focal)
        - 0.02 * (roll_deg / 4.0).powi(2)
        - 0.01 * (pitch_deg / 15.0).powi(2)
        - 0.012 * shifted.powi(2)
        - 0.025 * tilted * shifted.abs()
}

/// Relative standard deviation of the focal length: Gauss and Newton's normal matrix of the segments' angles and the
/// priors, inverted. A segment is off by less than a degree, but neighbours are off together (lens distortion,
/// furniture not quite square to the walls), so each counts as two degrees uncertain and a part that no number of
/// segments removes is added.
pub(super) fn focal_sigma(working: &Working, segments: &[Segment], prior: &FocalPrior, view: &View) -> f64 {
    const ANGLE_SIGMA: f64 = 0.035;
    const COMMON_SIGMA: f64 = 0.03;
    const STEP: f64 = 1e-4;
    let side = working.side();
    let at = [view.focal.ln(), view.pitch, view.roll, view.yaw];
    let angles = |p: &[f64; 4]| -> Vec<f64> {
        let moved = View {
            focal: p[0].exp(),
            pitch: p[1],
            roll: p[2],
            yaw: p[3],
            shift: view.shift,
        };
        let rotation = moved.rotation();
        let center = working.middle() + crate::geometry::DVec2::new(0.0, view.shift * side);
        let focal = moved.focal * side;
        segments
            .iter()
            .flat_map(|segment| {
                directions(&rotation).map(|axis| {
                    let toward = focal * axis.truncate() - axis.z * (segment.middle() - center);
                    let sine = toward.perp_dot(segment.direction()) / toward.length().max(1e-9);
                    // A direction and its opposite are the same line.
                    if toward.dot(segment.direction()) < 0.0 {
                        -sine
                    } else {
                        sine
                    }
                })
            })
            .collect()
    };
    let base = angles(&at);
    let slopes: Vec<Vec<f64>> = (0..4)
        .map(|axis| {
            let mut p = at;
            p[axis] += STEP;
            angles(&p)
                .iter()
                .zip(&base)
                .map(|(moved, still)| (moved - still) / STEP)
                .collect()
        })
        .collect();
    let mut normal = [[0.0f64; 4]; 4];
    for (index, _) in segments.iter().enumerate() {
        let agreeing = (0..3)
            .map(|axis| 3 * index + axis)
            .min_by(|&p, &q| base[p].abs().total_cmp(&base[q].abs()));
        let Some(row) = agreeing.filter(|&row| base[row].abs() < ANGLE_SIGMA) else {
            continue;
        };
        for i in 0..4 {
            for j in 0..4 {
                normal[i][j] += slopes[i][row] * slopes[j][row] / (ANGLE_SIGMA * ANGLE_SIGMA);
            }
        }
    }
    for (axis, sigma) in [prior.sigma, 15f64.to_radians(), 4f64.to_radians(), 1.0]
        .into_iter()
        .enumerate()
    {
        normal[axis][axis] += 1.0 / (sigma * sigma);
    }
    (first_variance(normal).max(0.0) + COMMON_SIGMA * COMMON_SIGMA).sqrt()
}

/// The first diagonal element of the inverse of a symmetric positive matrix, by elimination of the other rows.
fn first_variance(mut m: [[f64; 4]; 4]) -> f64 {
    for pivot in (1..4).rev() {
        for row in 0..pivot {
            let factor = m[row][pivot] / m[pivot][pivot];
            let eliminated = m[pivot];
            for (value, other) in m[row].iter_mut().zip(eliminated).take(pivot + 1) {
                *value -= factor * other;
            }
        }
    }
    1.0 / m[0][0]
}
