//! The room: a box in metres around the camera, with what was found on its walls.
//!
//! The search ([`find_room`]) works in *camera heights*, because one photo alone has no scale; metres come last,
//! from the ceiling and other things whose size is known. What surprises people: the floor polygon follows the
//! *visible* floor in pixels and may have more corners than the box.

use serde::{Deserialize, Serialize};

mod against;
mod candidates;
mod ceiling;
mod chain;
mod clutter;
mod columns;
mod confidence;
mod corners;
mod evidence;
mod find;
mod layout;
mod lit;
mod near;
mod obstacle;
mod opening_look;
mod openings;
mod polyline;
mod scale;
mod search;
mod shape;
mod standing;
mod tones;

pub use confidence::STAGE_FROM;
pub use corners::{Corners, solve_corners};
pub use find::{FoundRoom, find_room};
pub use obstacle::Obstacle;

use crate::camera::Camera;
use crate::geometry::{DVec2, DVec3};

/// A plane of the room box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    Floor,
    Ceiling,
    Back,
    Left,
    Right,
}

/// What an opening or fixture on a wall is; furniture keeps clear of all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpeningKind {
    Window,
    Door,
    Fireplace,
    /// A heater on the wall, mostly below a window.
    Radiator,
    /// Cupboards, shelves or a wardrobe that belong to the wall.
    BuiltIn,
    /// A frame, a recess, anything that looks unlike the wall around it.
    Unknown,
}

/// A rectangle on a wall. `u` runs along the wall (x on the back wall, z on the side walls, room frame, metres),
/// heights are above the floor in metres.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    pub wall: Surface,
    pub kind: OpeningKind,
    pub u: (f64, f64),
    pub heights: (f64, f64),
}

/// Which cue the metric scale rests on most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaleSource {
    Ceiling,
    Door,
    Prior,
    User,
}

/// The room box in metres, room frame (origin at the camera, X right, Y down, Z away).
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    /// Height of the camera above the floor: the floor is the plane y = `camera_height`.
    pub camera_height: f64,
    /// Floor to ceiling.
    pub ceiling_height: f64,
    pub ceiling_seen: bool,
    /// x of the left wall (negative); `None` when it is not in the picture.
    pub left: Option<f64>,
    /// x of the right wall.
    pub right: Option<f64>,
    /// z of the wall across the view.
    pub back: Option<f64>,
    pub openings: Vec<Opening>,
    /// Real things in front of floor and walls, the nearest to the camera first.
    pub obstacles: Vec<Obstacle>,
    pub scale_source: ScaleSource,
    /// Relative standard deviation of the scale.
    pub scale_sigma: f64,
    /// The visible floor in photo pixels, clockwise on the screen.
    pub floor_polygon: Vec<DVec2>,
    /// 0..1: how sure the engine is that this box is right.
    pub confidence: f32,
}

impl Room {
    /// Half extent assumed where a wall is not visible, metres.
    pub const UNSEEN: f64 = 6.0;

    /// `(x_left, x_right, z_back)` with assumptions filled in for walls that are not visible.
    pub fn extent(&self) -> (f64, f64, f64) {
        (
            self.left.unwrap_or(-Self::UNSEEN),
            self.right.unwrap_or(Self::UNSEEN),
            self.back.unwrap_or(1.5 * Self::UNSEEN),
        )
    }

    /// The part of the picture that shows the floor of the box, in pixels, clockwise on the screen.
    pub fn floor_in(&self, camera: &Camera) -> Vec<DVec2> {
        let unit = self.camera_height;
        let plan = shape::FloorPlan {
            back: self.back.map_or(shape::FloorPlan::NO_BACK, |z| z / unit),
            left: self.left.map_or(shape::FloorPlan::NO_SIDE, |x| -x / unit),
            right: self.right.map_or(shape::FloorPlan::NO_SIDE, |x| x / unit),
        };
        plan.floor_outline(camera)
    }

    /// The first surface a ray from the camera meets, and the point where it does (room frame).
    pub fn hit_from_camera(&self, direction: DVec3) -> Option<(Surface, DVec3)> {
        let (left, right, back) = self.extent();
        let candidates = [
            (Surface::Floor, self.camera_height, direction.y),
            (
                Surface::Ceiling,
                self.camera_height - self.ceiling_height,
                direction.y,
            ),
            (Surface::Left, left, direction.x),
            (Surface::Right, right, direction.x),
            (Surface::Back, back, direction.z),
        ];
        let mut nearest: Option<(Surface, f64)> = None;
        for (surface, offset, slope) in candidates {
            let t = offset / slope;
            if t.is_finite() && t > 1e-9 && nearest.is_none_or(|(_, best)| t < best) {
                nearest = Some((surface, t));
            }
        }
        nearest.map(|(surface, t)| (surface, direction * t))
    }

    /// The corners of an opening in pixels, where they are in front of the camera.
    pub fn opening_polygon(&self, camera: &Camera, opening: &Opening) -> Vec<DVec2> {
        let (left, right, back) = self.extent();
        let corner = |u: f64, height: f64| {
            let y = self.camera_height - height;
            match opening.wall {
                Surface::Left => DVec3::new(left, y, u),
                Surface::Right => DVec3::new(right, y, u),
                Surface::Back | Surface::Floor | Surface::Ceiling => DVec3::new(u, y, back),
            }
        };
        let ((u0, u1), (h0, h1)) = (opening.u, opening.heights);
        [corner(u0, h1), corner(u1, h1), corner(u1, h0), corner(u0, h0)]
            .into_iter()
            .filter_map(|point| camera.project(point).map(|(pixel, _)| pixel))
            .collect()
    }
}
