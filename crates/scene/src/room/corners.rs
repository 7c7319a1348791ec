//! The back wall's corners as handles: from a room to the four pixels a person can drag, and back.
//!
//! Four corners say eight numbers: three of the rotation, the focal length, the distances to three walls and the
//! height of the ceiling. In a frontal view they say nothing of the focal length, with two corners nothing of pitch and
//! roll; so the solution is the most likely one given the camera known before, with the corners weighing far more.
//!
//! Any four pixels fit some camera, and a corner dragged alone would bend focal length and pitch to whatever makes the
//! other three stay. So where the room before is known, the corners that moved are met and those that did not follow,
//! under nearly the same camera: a wall's edge goes with its corner.

use super::obstacle::Obstacle;
use super::scale::{USUAL_CEILING, usual_camera_height};
use super::shape::FloorPlan;
use super::{Room, ScaleSource};
use crate::StageError;
use crate::camera::{Camera, CameraSource};
use crate::geometry::{DMat3, DVec2, DVec3};

/// How exactly corners are met, in units of the long side.
const CORNER_SIGMA: f64 = 0.001;
/// How far corners may follow that stayed where they were while another was moved, in units of the long side.
const FOLLOW_SIGMA: f64 = 0.012;
/// How far pitch and roll may be off in the camera known before, degrees.
const PITCH_SIGMA_DEG: f64 = 2.5;
const ROLL_SIGMA_DEG: f64 = 1.5;
/// The same, and yaw, ln f and the logarithms of distances, where the room before is known.
const CALM_TILT_SIGMA_DEG: f64 = 0.4;
const CALM_YAW_SIGMA_DEG: f64 = 6.0;
const CALM_FOCAL_SIGMA: f64 = 0.03;
const CALM_REACH_SIGMA: f64 = 1.0;
/// A corner this far outside of the picture (of its width) means that the side wall is not in view.
const OUTSIDE: f64 = 0.01;
/// Corners closer together than this (of the long side) are no wall.
const NARROWEST: f64 = 0.01;
/// Parameters: pitch, roll, yaw, ln f, left, right (both as x), ln back, ln ceiling above the camera.
const UNKNOWNS: usize = 8;

/// The corners of the wall across the view, in photo pixels; they may lie outside of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corners {
    pub back_left_floor: DVec2,
    pub back_right_floor: DVec2,
    /// `None` where the ceiling is not in view.
    pub back_left_ceiling: Option<DVec2>,
    pub back_right_ceiling: Option<DVec2>,
}

impl Room {
    /// Where the corners of the back wall appear. A side wall that is not in view has its corner just outside of the
    /// picture, a back wall that was not found stands at the distance assumed by [`Room::extent`].
    pub fn corners(&self, camera: &Camera) -> Corners {
        let (left, right, back) = self.extent();
        let place = |seen: Option<f64>, x: f64, height: f64| -> DVec2 {
            let y = self.camera_height - height;
            let middle = DVec3::new((left + right) / 2.0, y, back);
            let pixel = |t: f64| {
                let point = middle.lerp(DVec3::new(x, y, back), t);
                camera.project(point).map(|(pixel, _)| pixel)
            };
            let margin = 2.0 * OUTSIDE * f64::from(camera.width);
            let is_near = |pixel: DVec2| (-margin..=f64::from(camera.width) + margin).contains(&pixel.x);
            if let Some(exact) = pixel(1.0).filter(|pixel| seen.is_some() || is_near(*pixel)) {
                return exact;
            }
            // Bisection for the place where the wall leaves the picture.
            let (mut inside, mut outside) = (0.0, 1.0);
            for _ in 0..50 {
                let t = (inside + outside) / 2.0;
                if pixel(t).is_some_and(is_near) {
                    inside = t;
                } else {
                    outside = t;
                }
            }
            pixel(inside).unwrap_or(camera.center)
        };
        let ceiling =
            |seen: Option<f64>, x: f64| self.ceiling_seen.then(|| place(seen, x, self.ceiling_height));
        Corners {
            back_left_floor: place(self.left, left, 0.0),
            back_right_floor: place(self.right, right, 0.0),
            back_left_ceiling: ceiling(self.left, left),
            back_right_ceiling: ceiling(self.right, right),
        }
    }
}

/// Camera and room whose back wall has these corners.
///
/// `prior` is the camera known so far: what the corners do not say is taken from it. `before` is the room it was known
/// with: then the corners that differ from that room's are met, the others follow them, and the camera hardly changes.
/// The scale rests on `camera_height` (metres) when given, else on `ceiling_height` when ceiling corners are there, else
/// on what rooms usually measure. The room has neither openings nor obstacles, its floor is that of the box.
///
/// Not every four pixels are the corners of an upright rectangle: without `before` they are met as far as one allows.
///
/// Fails with [`StageError::NotARoom`] when the corners cannot be those of a wall above a floor, or are not finite.
pub fn solve_corners(
    width: u32,
    height: u32,
    corners: &Corners,
    prior: &Camera,
    before: Option<&Room>,
    camera_height: Option<f64>,
    ceiling_height: Option<f64>,
) -> Result<(Camera, Room), StageError> {
    let side = f64::from(width.max(height)).max(1.0);
    let prior = prior.scaled(
        side / f64::from(prior.width.max(prior.height)).max(1.0),
        width,
        height,
    );
    check(corners, side)?;
    let problem = match before {
        Some(room) => Problem::moved(corners, &prior, room, side),
        None => Problem::anew(corners, &prior, side),
    }?;
    let solved = problem.solve().ok_or_else(not_a_wall)?;
    let [.., left, right, back, above] = solved;
    let camera = Camera {
        source: CameraSource::User,
        ..problem.camera(&solved)
    };
    let has_ceiling = corners.back_left_ceiling.is_some() || corners.back_right_ceiling.is_some();
    let above = has_ceiling.then(|| above.exp());
    let given = |value: Option<f64>| value.filter(|metres| metres.is_finite() && *metres > 0.1);
    let (unit, source, sigma) = match (given(camera_height), above, given(ceiling_height)) {
        (Some(height), _, _) => (height, ScaleSource::User, 0.03),
        (None, Some(above), Some(ceiling)) => (ceiling / (1.0 + above), ScaleSource::User, 0.03),
        (None, above, _) => usual_camera_height(above),
    };
    let usual = given(ceiling_height).unwrap_or(USUAL_CEILING);
    let in_view = |corner: DVec2| {
        let margin = OUTSIDE * f64::from(width);
        (-margin..=f64::from(width) + margin).contains(&corner.x)
    };
    let (sees_left, sees_right) = (
        in_view(corners.back_left_floor),
        in_view(corners.back_right_floor),
    );
    let plan = FloorPlan {
        back: back.exp(),
        left: if sees_left { -left } else { FloorPlan::NO_SIDE },
        right: if sees_right { right } else { FloorPlan::NO_SIDE },
    };
    let room = Room {
        camera_height: unit,
        ceiling_height: above.map_or(usual.max(unit + 0.3), |above| unit * (1.0 + above)),
        ceiling_seen: has_ceiling,
        left: sees_left.then_some(left * unit),
        right: sees_right.then_some(right * unit),
        back: Some(back.exp() * unit),
        openings: Vec::new(),
        obstacles: Vec::<Obstacle>::new(),
        scale_source: source,
        scale_sigma: sigma,
        floor_polygon: plan.floor_outline(&camera),
        confidence: 1.0,
    };
    Ok((camera, room))
}

fn not_a_wall() -> StageError {
    StageError::NotARoom("the corners do not frame a wall above a floor".into())
}

fn check(corners: &Corners, side: f64) -> Result<(), StageError> {
    let least = NARROWEST * side;
    let is_sane = corners
        .all()
        .iter()
        .flatten()
        .all(|p| p.is_finite() && p.length() < 20.0 * side);
    let is_ordered = corners.back_right_floor.x - corners.back_left_floor.x > least;
    let is_above =
        |floor: DVec2, ceiling: Option<DVec2>| ceiling.is_none_or(|ceiling| floor.y - ceiling.y > least);
    let stands = is_above(corners.back_left_floor, corners.back_left_ceiling)
        && is_above(corners.back_right_floor, corners.back_right_ceiling);
    if is_sane && is_ordered && stands {
        Ok(())
    } else {
        Err(not_a_wall())
    }
}

/// A corner of the wall: which of its sides it is on, and where it should appear.
struct Corner {
    is_right: bool,
    is_ceiling: bool,
    pixel: DVec2,
    /// In pixels.
    sigma: f64,
}

struct Problem {
    prior: Camera,
    corners: Vec<Corner>,
    start: [f64; UNKNOWNS],
    /// How far each unknown may be from its start.
    sigma: [f64; UNKNOWNS],
    /// Long side of the picture.
    side: f64,
}

/// Pitch, roll and yaw of a camera.
fn angles(camera: &Camera) -> [f64; 3] {
    let down = camera.rotation.y_axis;
    let (pitch, roll) = (down.z.clamp(-1.0, 1.0).asin(), (-down.x).atan2(down.y));
    let turned = (DMat3::from_rotation_z(roll) * DMat3::from_rotation_x(pitch)).transpose() * camera.rotation;
    [pitch, roll, turned.z_axis.x.atan2(turned.z_axis.z)]
}

impl Corners {
    /// Floor left, floor right, ceiling left, ceiling right.
    fn all(&self) -> [Option<DVec2>; 4] {
        [
            Some(self.back_left_floor),
            Some(self.back_right_floor),
            self.back_left_ceiling,
            self.back_right_ceiling,
        ]
    }

    /// Those that are there, each to be met as exactly as `sigma` (pixels) of its number says.
    fn sought(&self, sigma: impl Fn(usize) -> f64) -> Vec<Corner> {
        let sought = self.all().into_iter().enumerate().filter_map(|(index, pixel)| {
            pixel.map(|pixel| Corner {
                is_right: index % 2 == 1,
                is_ceiling: index >= 2,
                pixel,
                sigma: sigma(index),
            })
        });
        sought.collect()
    }
}

impl Problem {
    /// Corners moved in a room that is known.
    fn moved(corners: &Corners, prior: &Camera, before: &Room, side: f64) -> Result<Self, StageError> {
        let [pitch, roll, yaw] = angles(prior);
        let (stood, unit) = (before.corners(prior), before.camera_height);
        let back = before.extent().2 / unit;
        let across = |pixel: DVec2| {
            let ray = prior.ray(pixel);
            ray.x / ray.z * back
        };
        let above = ((before.ceiling_height - unit) / unit).max(0.05);
        let start = [
            pitch,
            roll,
            yaw,
            prior.focal.ln(),
            across(stood.back_left_floor),
            across(stood.back_right_floor),
            back.ln(),
            above.ln(),
        ];
        if !start.iter().all(|value| value.is_finite()) {
            return Err(not_a_wall());
        }
        let reach = CALM_REACH_SIGMA;
        let sigma = [
            CALM_TILT_SIGMA_DEG.to_radians(),
            CALM_TILT_SIGMA_DEG.to_radians(),
            CALM_YAW_SIGMA_DEG.to_radians(),
            CALM_FOCAL_SIGMA,
            reach * start[4].abs().max(1.0),
            reach * start[5].abs().max(1.0),
            0.5 * reach,
            reach,
        ];
        let (there, was) = (corners.all(), stood.all());
        // A corner that was not there before counts as moved like the one that moved most.
        let moves: [Option<f64>; 4] = std::array::from_fn(|index| Some(there[index]?.distance(was[index]?)));
        let most = moves.iter().flatten().copied().fold(1e-9, f64::max);
        let corners = corners.sought(|index| {
            let share = moves[index].unwrap_or(most) / most;
            side * CORNER_SIGMA.powf(share) * FOLLOW_SIGMA.powf(1.0 - share)
        });
        Ok(Self {
            prior: prior.clone(),
            corners,
            start,
            sigma,
            side,
        })
    }

    /// Corners of a room of which only a camera is known.
    fn anew(corners: &Corners, prior: &Camera, side: f64) -> Result<Self, StageError> {
        let [pitch, roll, yaw] = angles(prior);
        // The floor corners under the camera as it was, with a horizon that is never crossed.
        let on_floor = |pixel: DVec2| {
            let ray = prior.ray(pixel);
            ray / ray.y.max(0.03 * ray.length())
        };
        let (left, right) = (
            on_floor(corners.back_left_floor),
            on_floor(corners.back_right_floor),
        );
        let turn = (right.z - left.z).atan2(right.x - left.x).clamp(-0.9, 0.9);
        let turned = |p: DVec3| {
            DVec2::new(
                turn.cos() * p.x + turn.sin() * p.z,
                turn.cos() * p.z - turn.sin() * p.x,
            )
        };
        let (left, right) = (turned(left), turned(right));
        let back = ((left.y + right.y) / 2.0).max(0.3);
        let start = [
            pitch,
            roll,
            yaw - turn,
            prior.focal.ln(),
            left.x,
            right.x,
            back.ln(),
            0.85f64.ln(),
        ];
        if !start.iter().all(|value| value.is_finite()) {
            return Err(not_a_wall());
        }
        let focal_sigma = prior.focal_sigma.clamp(0.03, 0.4);
        let sigma = [
            PITCH_SIGMA_DEG.to_radians(),
            ROLL_SIGMA_DEG.to_radians(),
            3.0,
            focal_sigma,
            1e3,
            1e3,
            1e2,
            1e2,
        ];
        Ok(Self {
            prior: prior.clone(),
            corners: corners.sought(|_| CORNER_SIGMA * side),
            start,
            sigma,
            side,
        })
    }

    fn camera(&self, p: &[f64; UNKNOWNS]) -> Camera {
        Camera {
            rotation: DMat3::from_rotation_z(p[1])
                * DMat3::from_rotation_x(p[0])
                * DMat3::from_rotation_y(p[2]),
            focal: p[3].exp(),
            ..self.prior.clone()
        }
    }

    /// What is left over, in sigmas: corners, then the distance from the start.
    fn residuals(&self, p: &[f64; UNKNOWNS]) -> Option<Vec<f64>> {
        let camera = self.camera(p);
        let mut left_over = Vec::with_capacity(2 * self.corners.len() + UNKNOWNS);
        for corner in &self.corners {
            let x = if corner.is_right { p[5] } else { p[4] };
            let y = if corner.is_ceiling { -p[7].exp() } else { 1.0 };
            let (pixel, _) = camera.project(DVec3::new(x, y, p[6].exp()))?;
            let miss = (pixel - corner.pixel) / corner.sigma;
            left_over.extend([miss.x, miss.y]);
        }
        left_over.extend((0..UNKNOWNS).map(|k| (p[k] - self.start[k]) / self.sigma[k]));
        left_over
            .iter()
            .all(|value| value.is_finite())
            .then_some(left_over)
    }

    /// Levenberg and Marquardt's method; `None` when the start is already beyond reason or the end is no room.
    fn solve(&self) -> Option<[f64; UNKNOWNS]> {
        const STEP: f64 = 1e-6;
        let cost = |residuals: &[f64]| residuals.iter().map(|r| r * r).sum::<f64>();
        let mut at = self.start;
        let mut residuals = self.residuals(&at)?;
        let mut damping = 1e-3;
        for _ in 0..80 {
            let mut normal = [[0.0; UNKNOWNS + 1]; UNKNOWNS];
            let mut slopes = Vec::with_capacity(UNKNOWNS);
            for k in 0..UNKNOWNS {
                let mut moved = at;
                moved[k] += STEP;
                let there = self.residuals(&moved)?;
                let slope: Vec<f64> = there
                    .iter()
                    .zip(&residuals)
                    .map(|(q, p)| (q - p) / STEP)
                    .collect();
                slopes.push(slope);
            }
            let dot = |p: &[f64], q: &[f64]| p.iter().zip(q).map(|(a, b)| a * b).sum::<f64>();
            for i in 0..UNKNOWNS {
                for j in 0..UNKNOWNS {
                    normal[i][j] = dot(&slopes[i], &slopes[j]);
                }
                normal[i][i] *= 1.0 + damping;
                normal[i][UNKNOWNS] = -dot(&slopes[i], &residuals);
            }
            let step = eliminate(normal)?;
            let next: [f64; UNKNOWNS] = std::array::from_fn(|k| at[k] + step[k].clamp(-0.7, 0.7));
            match self.residuals(&next) {
                Some(better) if cost(&better) < cost(&residuals) => {
                    let is_done = step.iter().all(|value| value.abs() < 1e-10);
                    (at, residuals) = (next, better);
                    damping = (damping * 0.3).max(1e-12);
                    if is_done {
                        break;
                    }
                }
                _ if damping > 1e9 => break,
                _ => damping *= 8.0,
            }
        }
        let (pitch, back) = (at[0], at[6].exp());
        let focal = at[3].exp() / self.side;
        let is_room = pitch.abs() < 1.2
            && (0.15..6.0).contains(&focal)
            && at[5] - at[4] > 0.1
            && (0.2..60.0).contains(&back);
        is_room.then_some(at)
    }
}

/// Solves a system of linear equations given with its right side, pivoting by rows; `None` when it is singular.
fn eliminate<const N: usize, const M: usize>(mut m: [[f64; M]; N]) -> Option<[f64; N]> {
    for column in 0..N {
        let pivot = (column..N).max_by(|&p, &q| m[p][column].abs().total_cmp(&m[q][column].abs()))?;
        m.swap(column, pivot);
        if m[column][column].abs() < 1e-30 {
            return None;
        }
        for row in 0..N {
            if row != column {
                let factor = m[row][column] / m[column][column];
                let eliminated = m[column];
                for (value, other) in m[row].iter_mut().zip(eliminated) {
                    *value -= factor * other;
                }
            }
        }
    }
    Some(std::array::from_fn(|k| m[k][N] / m[k][k]))
}
