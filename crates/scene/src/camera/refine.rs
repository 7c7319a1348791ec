//! Improving one candidate view of the coarse scan.

use super::FocalPrior;
use super::lanes::{Lanes, agreement, times, weighted_sum};
use super::manhattan::{FLOOR_LINE_DEPRESSION, FLOOR_LINE_WEIGHT, View, directions};
use super::simplex::minimize;

/// Expected vertical offset of the principal point in units of the long side: pictures corrected to upright
/// verticals, or cropped at one edge only.
const SHIFT_SIGMA: f64 = 0.05;
/// Above this pitch a shift cannot be told from the pitch itself and stays out.
const LEVEL_DEG: f64 = 2.0;

/// The best view near `start`, judged with floor lines counted for less.
pub(super) fn refine(lanes: &Lanes, side: f64, prior: &FocalPrior, start: View) -> View {
    let shifts: &[f64] = if start.pitch.abs() < 5f64.to_radians() {
        &[0.0, -0.09, 0.09]
    } else {
        &[0.0]
    };
    let mut best: Option<(f64, View)> = None;
    for &shift in shifts {
        let from = [start.focal.ln(), start.pitch, start.roll, start.yaw, shift];
        let steps = [0.08, 0.03, 0.02, 0.02, 0.03];
        let (found, _) = minimize(from, steps, 400, |p| -score(lanes, side, prior, &view(p), 1.0));
        let found = view(&found);
        let judged = score(lanes, side, prior, &found, FLOOR_LINE_WEIGHT);
        if best.is_none_or(|(so_far, _)| judged > so_far) {
            best = Some((judged, found));
        }
    }
    best.expect("there is at least the start without a shift").1
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
pub(super) fn score(lanes: &Lanes, side: f64, prior: &FocalPrior, view: &View, floor_weight: f32) -> f64 {
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
    explained / counted.max(1e-9)
        - 0.02 * prior.deviation(view.focal)
        - 0.02 * (roll_deg / 4.0).powi(2)
        - 0.01 * (pitch_deg / 15.0).powi(2)
        - 0.012 * shifted.powi(2)
        - tilt_of_shift(view)
}

/// What speaks against a shift on a tilted photo, in units of the explained share of the lines.
pub(super) fn tilt_of_shift(view: &View) -> f64 {
    let tilted = (view.pitch.to_degrees().abs() - LEVEL_DEG).clamp(0.0, 4.0);
    0.025 * tilted * (view.shift / SHIFT_SIGMA).abs()
}
