//! The last step: the view that fits every line as exactly as that line can be measured, and how well the lines
//! determine its focal length.
//!
//! The search before this one counts every line within a degree or two, which finds the room's frame and keeps it
//! a degree away from the truth. Here a line's direction is as certain as it is long, and lines that miss count for
//! nothing (Geman and McClure's loss).

use super::manhattan::{View, directions};
use super::refine::tilt_of_shift;
use super::simplex::minimize;
use super::{FocalPrior, Segment, Working};
use crate::geometry::DVec2;

/// How exactly walls, frames and lenses are straight and square, radians.
const SQUARE_SIGMA: f64 = 0.004_4;
/// Uncertainty of an end of a segment across its direction, working pixels.
const END_SIGMA: f64 = 0.45;
/// The loss is first this much wider, so that the fit reaches its optimum from a degree away.
const WIDE: f64 = 3.0;
/// What half a squared sigma of a prior costs in units of the explained share of the lines.
const PRIOR_WEIGHT: f64 = 0.06;
/// Usual roll, pitch and offset of the principal point.
const ROLL_SIGMA: f64 = 0.07;
const PITCH_SIGMA: f64 = 0.37;
const SHIFT_SIGMA: f64 = 0.07;
/// Share of the lines that makes one focal length e times as likely as another: lines of one wall are off together,
/// so that hundreds of them say no more than a hundred would.
const EVIDENCE: f64 = 0.006;
/// Focal lengths at which the fit is repeated: steps of the logarithm, to either side.
const PROFILE_STEP: f64 = 0.12;
const PROFILE_STEPS: i32 = 8;

/// A line through its middle, relative to the picture's middle.
struct Line {
    middle: DVec2,
    direction: DVec2,
    /// Inverse variance of the direction.
    certainty: f64,
    weight: f64,
}

/// Lines of one photo, ready to be fitted.
pub(super) struct Fit<'a> {
    lines: Vec<Line>,
    total: f64,
    side: f64,
    pub prior: &'a FocalPrior,
}

impl<'a> Fit<'a> {
    pub fn new(working: &Working, segments: &[Segment], prior: &'a FocalPrior) -> Self {
        let lines: Vec<Line> = segments
            .iter()
            .map(|segment| {
                let ends = std::f64::consts::SQRT_2 * END_SIGMA / segment.length;
                Line {
                    middle: segment.middle() - working.middle(),
                    direction: segment.direction(),
                    certainty: 1.0 / (SQUARE_SIGMA * SQUARE_SIGMA + ends * ends),
                    weight: segment.weight,
                }
            })
            .collect();
        Self {
            total: lines.iter().map(|line| line.weight).sum::<f64>().max(1e-9),
            lines,
            side: working.side(),
            prior,
        }
    }

    /// The best view near `start`.
    pub fn polish(&self, start: View) -> View {
        let mut at = parameters(&start);
        for wide in [WIDE, 1.0] {
            at = minimize(at, [0.04, 0.01, 0.01, 0.01, 0.01], 400, |p| {
                self.cost(&view(p), wide)
            })
            .0;
        }
        view(&at)
    }

    /// The best view very near `start`.
    pub fn follow(&self, start: View) -> View {
        let (found, _) = minimize(parameters(&start), [0.02, 0.005, 0.005, 0.005, 0.005], 160, |p| {
            self.cost(&view(p), 1.0)
        });
        view(&found)
    }

    /// Relative standard deviation of the focal length: the fit is repeated with other focal lengths, and each is as
    /// likely as lines and prior say. A frontal view of one wall fits equally well with all of them.
    pub fn focal_sigma(&self, best: &View) -> f64 {
        let at = parameters(best);
        let log_likelihood = |view: &View| {
            let lines = self.explained(view, 1.0) - self.against_pose(view);
            lines / EVIDENCE - self.prior.deviation(view.focal) / 2.0
        };
        let mut profile = vec![(at[0], log_likelihood(best))];
        // Where the prior is narrow, so are the steps.
        let step = PROFILE_STEP * (self.prior.sigma / FocalPrior::ROOMS.sigma).min(1.0);
        for toward in [-step, step] {
            let mut pose = [at[1], at[2], at[3], at[4]];
            for number in 1..=PROFILE_STEPS {
                let ln_focal = at[0] + toward * f64::from(number);
                let with = |q: &[f64; 4]| view(&[ln_focal, q[0], q[1], q[2], q[3]]);
                pose = minimize(pose, [0.01, 0.005, 0.005, 0.005], 90, |q| {
                    self.cost(&with(q), 1.0)
                })
                .0;
                profile.push((ln_focal, log_likelihood(&with(&pose))));
            }
        }
        let most = profile.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = profile.iter().map(|p| (p.1 - most).exp()).sum();
        // Around the estimate, not around the mean: how far off it may be is the question.
        let variance = profile
            .iter()
            .map(|p| (p.1 - most).exp() * (p.0 - at[0]).powi(2))
            .sum::<f64>()
            / total;
        (variance + step * step / 12.0).sqrt()
    }

    /// What speaks against a view, with a loss that is `wide` times as wide as lines are exact.
    pub fn cost(&self, view: &View, wide: f64) -> f64 {
        self.against_pose(view) + PRIOR_WEIGHT / 2.0 * self.prior.deviation(view.focal)
            - self.explained(view, wide)
    }

    /// Share of the lines' weight that follows the view's directions, each counted by how exactly it does.
    fn explained(&self, view: &View, wide: f64) -> f64 {
        let axes = directions(&view.rotation());
        let focal = view.focal * self.side;
        let center = DVec2::new(0.0, view.shift * self.side);
        let wide = 1.0 / (wide * wide);
        let sum: f64 = self
            .lines
            .iter()
            .map(|line| {
                let middle = line.middle - center;
                let least = axes
                    .iter()
                    .map(|axis| {
                        let toward = focal * axis.truncate() - axis.z * middle;
                        toward.perp_dot(line.direction).powi(2) / (toward.length_squared() + 1e-6)
                    })
                    .fold(f64::INFINITY, f64::min);
                line.weight / (1.0 + least * line.certainty * wide)
            })
            .sum();
        sum / self.total
    }

    fn against_pose(&self, view: &View) -> f64 {
        let shifted = view.shift / SHIFT_SIGMA;
        let squares = (view.roll / ROLL_SIGMA).powi(2) + (view.pitch / PITCH_SIGMA).powi(2) + shifted.powi(2);
        PRIOR_WEIGHT / 2.0 * squares + tilt_of_shift(view)
    }
}

fn parameters(view: &View) -> [f64; 5] {
    [view.focal.ln(), view.pitch, view.roll, view.yaw, view.shift]
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
