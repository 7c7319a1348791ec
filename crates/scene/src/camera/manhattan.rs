//! The joint search for rotation and focal length: every segment votes for the three directions at once.
//!
//! A coarse scan over focal lengths, pitch and roll (from near-vertical segments) and yaw (from all) gives
//! candidates; [`super::refine`] polishes them. The scan counts lines on the floor for less, because tiles laid
//! diagonally would turn the whole frame by 45 degrees.

use rayon::prelude::*;

use super::lanes::{Lanes, agreement, times, weighted_sum};
use super::polish::Fit;
use super::refine::{refine, score};
use super::{Camera, CameraSource, Segment, Working};
use crate::geometry::{DMat3, DVec3};
use crate::image::Photo;

/// Weight of lines more than about nine degrees below the horizon while the yaw is chosen.
pub(super) const FLOOR_LINE_WEIGHT: f32 = 0.2;
/// Sine of those nine degrees.
pub(super) const FLOOR_LINE_DEPRESSION: f32 = 0.16;
/// With fewer segments there is nothing to fit.
const FEWEST_SEGMENTS: usize = 8;
/// Candidates that are refined, and refined ones that the room search gets to see.
const REFINED: usize = 8;
const REFINED_IN_FULL: usize = 2;
const RETURNED: usize = 4;

/// A direction of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Along the wall across the view.
    X,
    /// Vertical.
    Y,
    /// Into the depth.
    Z,
}

/// What is known of the focal length before looking at lines, in pixels of the long side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FocalPrior {
    /// In units of the long side.
    pub focal: f64,
    /// Standard deviation of its logarithm.
    pub sigma: f64,
    pub source: CameraSource,
}

impl FocalPrior {
    /// Photos of rooms are taken with wide lenses: 84 degrees across the long side, give or take a third.
    pub const ROOMS: Self = Self {
        focal: 0.56,
        sigma: 0.38,
        source: CameraSource::Prior,
    };

    /// From the metadata where it can be trusted, else [`Self::ROOMS`].
    pub fn of(photo: &Photo) -> Self {
        let Some(focal_35mm) = photo.focal_35mm else {
            return Self::ROOMS;
        };
        let (width, height) = (f64::from(photo.rgb.width()), f64::from(photo.rgb.height()));
        let focal = focal_35mm / 43.27 * width.hypot(height) / width.max(height);
        Self {
            focal,
            sigma: 0.05,
            source: CameraSource::Exif,
        }
    }

    /// Squared distance of a focal length (units of the long side) from the expected one, in sigmas.
    pub(super) fn deviation(&self, focal: f64) -> f64 {
        ((focal / self.focal).ln() / self.sigma).powi(2)
    }
}

/// Angles of a view. The rotation is yaw, then pitch, then roll; the room's Y axis (down) is
/// `(-sin roll cos pitch, cos roll cos pitch, sin pitch)` in the camera frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct View {
    /// In units of the long side.
    pub focal: f64,
    pub pitch: f64,
    pub roll: f64,
    pub yaw: f64,
    /// Vertical offset of the principal point in units of the long side.
    pub shift: f64,
}

impl View {
    pub fn rotation(&self) -> DMat3 {
        DMat3::from_rotation_z(self.roll)
            * DMat3::from_rotation_x(self.pitch)
            * DMat3::from_rotation_y(self.yaw)
    }

    /// Whether refining both would most likely end at the same view.
    fn is_close_to(&self, other: &Self) -> bool {
        self.shares_frame(other)
            && (self.focal / other.focal).ln().abs() < 0.25
            && (self.pitch - other.pitch).abs() < 0.07
    }

    /// Whether the walls stand in the same directions.
    fn shares_frame(&self, other: &Self) -> bool {
        let quarter = std::f64::consts::FRAC_PI_2;
        let turn = (self.yaw - other.yaw + quarter / 2.0).rem_euclid(quarter) - quarter / 2.0;
        turn.abs() < 0.07
    }
}

/// One explanation of a photo's lines, in working pixels.
#[derive(Debug, Clone)]
pub struct CameraHypothesis {
    pub camera: Camera,
    /// Which direction each segment follows; `None` for strays. Runs beside the segments.
    pub axes: Vec<Option<Axis>>,
    /// Share of the segments' weight that is explained, priors deducted.
    pub score: f64,
    /// Share of the segments' weight within three degrees of a direction.
    pub inlier_share: f64,
    /// That share per direction: X, Y, Z.
    pub per_axis: [f64; 3],
    /// Whether the walls' directions are also the best when lines on the floor count in full. If the room is found
    /// under a camera that says no, floor and walls disagree.
    pub fits_all_lines: bool,
    pub(super) view: View,
}

/// Explanations of the segments, the most plausible first; empty when there are too few segments.
pub fn find_cameras(working: &Working, segments: &[Segment], prior: &FocalPrior) -> Vec<CameraHypothesis> {
    if segments.len() < FEWEST_SEGMENTS {
        return Vec::new();
    }
    let lanes = Lanes::new(segments.iter(), working.middle());
    let side = working.side();
    let fit = Fit::new(working, segments, prior);
    let polished: Vec<View> = distinct(scan(working, segments, prior))
        .into_par_iter()
        .map(|start| fit.polish(refine(&lanes, side, prior, start)))
        .collect();
    let ranked = |floor_weight: f32| {
        let mut ranked: Vec<(f64, View)> = polished
            .iter()
            .map(|view| (score(&lanes, side, prior, view, floor_weight), *view))
            .collect();
        ranked.sort_by(|p, q| q.0.total_cmp(&p.0));
        ranked
    };
    let of_all_lines = ranked(1.0).first().map(|best| best.1);
    let is_of_all = |view: &View| of_all_lines.is_some_and(|other| other.shares_frame(view));
    let mut kept: Vec<(f64, View)> = Vec::new();
    for (score, view) in ranked(FLOOR_LINE_WEIGHT) {
        // Two focal lengths for one frame are for the lines to decide: rooms look plausible under either.
        if !kept.iter().any(|(_, other)| other.shares_frame(&view)) {
            kept.push((score, view));
        }
    }
    // The room search decides between the frame of the walls' lines and that of all lines, so both stay.
    let mut place = 0;
    kept.retain(|(_, view)| {
        place += 1;
        place <= RETURNED || is_of_all(view)
    });
    kept.par_iter()
        .map(|(score, view)| CameraHypothesis {
            fits_all_lines: is_of_all(view),
            ..hypothesis(working, segments, &fit, *score, view)
        })
        .collect()
}

/// A view of the coarse grid.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    /// Explained share of the lines, those on the floor counted for less.
    score: f64,
    /// Explained share of all lines.
    in_full: f64,
    view: View,
}

/// The candidates worth refining: the best ones, and the best ones of all lines.
fn distinct(mut candidates: Vec<Candidate>) -> Vec<View> {
    let mut distinct: Vec<View> = Vec::new();
    let mut take = |candidates: &[Candidate], most: usize| {
        for candidate in candidates {
            if distinct.len() >= most {
                break;
            }
            if !distinct.iter().any(|kept| kept.is_close_to(&candidate.view)) {
                distinct.push(candidate.view);
            }
        }
        distinct.len()
    };
    let taken = take(&candidates, REFINED);
    candidates.sort_by(|p, q| q.in_full.total_cmp(&p.in_full));
    take(&candidates, taken + REFINED_IN_FULL);
    distinct
}

/// Candidates on the coarse grid, best first.
fn scan(working: &Working, segments: &[Segment], prior: &FocalPrior) -> Vec<Candidate> {
    let focals: Vec<f64> = match prior.source {
        CameraSource::Exif | CameraSource::User => {
            [0.92, 1.0, 1.08].iter().map(|k| k * prior.focal).collect()
        }
        CameraSource::Lines | CameraSource::Prior => (0..16)
            .map(|step| 0.33 * (1.5f64 / 0.33).powf(f64::from(step) / 15.0))
            .collect(),
    };
    let is_upright = |segment: &&Segment| {
        let direction = segment.direction();
        direction.x.abs() < direction.y.abs() * 32f64.to_radians().tan()
    };
    let upright = Lanes::new(segments.iter().filter(is_upright), working.middle());
    let all = Lanes::new(segments.iter(), working.middle());
    let total: f64 = segments.iter().map(|segment| segment.weight).sum();

    let mut candidates: Vec<Candidate> = focals
        .par_iter()
        .flat_map_iter(|&focal| {
            let mut found = Vec::new();
            for (pitch, roll) in tilts(&upright, total, focal, working.side()) {
                found.extend(yaws(
                    &all,
                    View {
                        focal,
                        pitch,
                        roll,
                        yaw: 0.0,
                        shift: 0.0,
                    },
                    working.side(),
                ));
            }
            for candidate in &mut found {
                let unlikely = 0.025 * prior.deviation(focal);
                candidate.score -= unlikely;
                candidate.in_full -= unlikely;
            }
            found
        })
        .collect();
    candidates.sort_by(|p, q| q.score.total_cmp(&p.score));
    candidates
}

/// The three best pairs of pitch and roll for a focal length, judged by segments that could be vertical.
fn tilts(upright: &Lanes, total: f64, focal: f64, side: f64) -> Vec<(f64, f64)> {
    let mut grid: Vec<(f64, f64, f64)> = Vec::with_capacity(39 * 25);
    for pitch_step in -19..=19 {
        for roll_step in -12..=12 {
            let (pitch_deg, roll_deg) = (2.0 * f64::from(pitch_step), f64::from(roll_step));
            let view = View {
                focal,
                pitch: pitch_deg.to_radians(),
                roll: roll_deg.to_radians(),
                yaw: 0.0,
                shift: 0.0,
            };
            let down = view.rotation().y_axis;
            let agreeing = weighted_sum(upright.count(), |lane| {
                let deviation = upright.deviation(lane, down, focal * side, 0.0);
                times(&agreement(&deviation), &upright.weight[lane])
            });
            let plausible = -0.02 * (roll_deg / 4.0).powi(2) - 0.015 * (pitch_deg / 15.0).powi(2);
            grid.push((agreeing + total * plausible, view.pitch, view.roll));
        }
    }
    grid.sort_by(|p, q| q.0.total_cmp(&p.0));
    let mut best: Vec<(f64, f64)> = Vec::new();
    for &(_, pitch, roll) in &grid {
        if best
            .iter()
            .all(|(p, r)| (pitch - p).abs() > 0.08 || (roll - r).abs() > 0.05)
        {
            best.push((pitch, roll));
            if best.len() == 3 {
                break;
            }
        }
    }
    best
}

/// The three best yaws of a view, and the best one with lines on the floor in full.
fn yaws(all: &Lanes, view: View, side: f64) -> Vec<Candidate> {
    let down = view.rotation().y_axis;
    let focal = view.focal * side;
    let mut weights = Vec::with_capacity(all.count());
    let mut vertical = Vec::with_capacity(all.count());
    for lane in 0..all.count() {
        vertical.push(all.deviation(lane, down, focal, 0.0));
        let depression = all.depression(lane, down, focal, 0.0);
        weights.push(std::array::from_fn(|at| {
            let factor = if depression[at] > FLOOR_LINE_DEPRESSION {
                FLOOR_LINE_WEIGHT
            } else {
                1.0
            };
            factor * all.weight[lane][at]
        }));
    }
    let counted = weighted_sum(all.count(), |lane| weights[lane]).max(1e-9);
    let counted_in_full = weighted_sum(all.count(), |lane| all.weight[lane]).max(1e-9);
    let mut scores: Vec<Candidate> = (-30..30)
        .map(|step| {
            let turned = View {
                yaw: (1.5 * f64::from(step)).to_radians(),
                ..view
            };
            let rotation = turned.rotation();
            let mut in_full = [0.0; 8];
            let explained = weighted_sum(all.count(), |lane| {
                let x = all.deviation(lane, rotation.x_axis, focal, 0.0);
                let z = all.deviation(lane, rotation.z_axis, focal, 0.0);
                let y = &vertical[lane];
                let least = std::array::from_fn(|at| x[at].min(y[at]).min(z[at]));
                let agreeing = agreement(&least);
                for at in 0..8 {
                    in_full[at] += agreeing[at] * all.weight[lane][at];
                }
                times(&agreeing, &weights[lane])
            });
            let in_full = in_full.iter().map(|value| f64::from(*value)).sum::<f64>();
            Candidate {
                score: explained / counted,
                in_full: in_full / counted_in_full,
                view: turned,
            }
        })
        .collect();
    scores.sort_by(|p, q| q.in_full.total_cmp(&p.in_full));
    let fullest = scores[0];
    scores.sort_by(|p, q| q.score.total_cmp(&p.score));
    scores.truncate(3);
    if !scores.iter().any(|kept| kept.view.shares_frame(&fullest.view)) {
        scores.push(fullest);
    }
    scores
}

fn hypothesis(
    working: &Working,
    segments: &[Segment],
    fit: &Fit,
    score: f64,
    view: &View,
) -> CameraHypothesis {
    let side = working.side();
    let mut center = working.middle();
    center.y += view.shift * side;
    let rotation = facing_forward(view.rotation());
    let focal = view.focal * side;

    let mut axes = Vec::with_capacity(segments.len());
    let mut per_axis = [0.0; 3];
    for segment in segments {
        let angles = [rotation.x_axis, rotation.y_axis, rotation.z_axis].map(|axis| {
            let (middle, direction) = (segment.middle() - center, segment.direction());
            let toward = focal * axis.truncate() - axis.z * middle;
            (toward.perp_dot(direction).abs() / toward.length().max(1e-9))
                .min(1.0)
                .asin()
        });
        let best = (0..3).fold(
            0,
            |best, axis| if angles[axis] < angles[best] { axis } else { best },
        );
        let axis = (angles[best] < 3f64.to_radians()).then_some([Axis::X, Axis::Y, Axis::Z][best]);
        if axis.is_some() {
            per_axis[best] += segment.weight;
        }
        axes.push(axis);
    }
    let total: f64 = segments.iter().map(|segment| segment.weight).sum();
    let per_axis = per_axis.map(|weight| weight / total.max(1e-9));
    let prior = fit.prior;
    let focal_sigma = fit.focal_sigma(view);
    let source = match prior.source {
        CameraSource::Exif | CameraSource::User => prior.source,
        // Lines that say less than the prior did not find anything out.
        _ if focal_sigma > 0.75 * prior.sigma => CameraSource::Prior,
        _ => CameraSource::Lines,
    };
    CameraHypothesis {
        camera: Camera {
            width: working.width,
            height: working.height,
            focal,
            center,
            distortion: 0.0,
            rotation,
            source,
            focal_sigma,
        },
        axes,
        score,
        inlier_share: per_axis.iter().sum(),
        per_axis,
        fits_all_lines: false,
        view: *view,
    }
}

/// Renames the horizontal axes so that Z points into the picture, within 45 degrees of the view.
fn facing_forward(rotation: DMat3) -> DMat3 {
    let (x, y, z) = (rotation.x_axis, rotation.y_axis, rotation.z_axis);
    let forward = if x.z.abs() > z.z.abs() { x } else { z };
    let forward = if forward.z < 0.0 { -forward } else { forward };
    DMat3::from_cols(y.cross(forward), y, forward)
}

/// The three directions of a rotation as an array.
pub(super) fn directions(rotation: &DMat3) -> [DVec3; 3] {
    [rotation.x_axis, rotation.y_axis, rotation.z_axis]
}
