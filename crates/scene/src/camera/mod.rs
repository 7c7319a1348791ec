//! The camera: pinhole with one focal length, square pixels and a principal point that may be shifted vertically.
//!
//! It is found from straight lines alone: rooms have three directions at right angles, and one rotation together
//! with one focal length must explain the lines of all three at once ([`find_cameras`]). What surprises people:
//! the answer is a *list*. Diagonal tiles or a herringbone floor make a second frame look just as good as the
//! walls' own, and only the room search can tell which of them the walls stand in.

use serde::{Deserialize, Serialize};

use crate::geometry::{DMat3, DVec2, DVec3};

mod contrast;
mod lanes;
mod manhattan;
mod polish;
mod refine;
mod segments;
mod simplex;
mod upright;

pub use manhattan::{Axis, CameraHypothesis, FocalPrior, find_cameras};
pub use segments::{Segment, WORKING_SIDE, Working, find_segments};
pub use upright::upright_odds;

/// Where the focal length comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameraSource {
    Exif,
    Lines,
    Prior,
    User,
}

/// A calibrated view of a room. Pixels are those of the upright photo, origin at its top left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Camera {
    pub width: u32,
    pub height: u32,
    /// Focal length in pixels.
    pub focal: f64,
    /// Principal point in pixels.
    pub center: DVec2,
    /// Room frame to camera frame (camera: x right, y down, z forward). Its columns are the room's axes as the
    /// camera sees them.
    pub rotation: DMat3,
    pub source: CameraSource,
    /// Relative standard deviation of the focal length.
    pub focal_sigma: f64,
}

impl Camera {
    /// Direction through a pixel, in the room frame, not normalised (its camera-frame z is 1).
    pub fn ray(&self, pixel: DVec2) -> DVec3 {
        let d = (pixel - self.center) / self.focal;
        self.rotation.transpose() * DVec3::new(d.x, d.y, 1.0)
    }

    /// Pixel and depth along the view axis of a point in the room frame; `None` behind the camera.
    pub fn project(&self, point: DVec3) -> Option<(DVec2, f64)> {
        let p = self.rotation * point;
        (p.z > 1e-4).then(|| (DVec2::new(p.x, p.y) / p.z * self.focal + self.center, p.z))
    }

    /// Unit vector that points up, in the camera frame.
    pub fn up_in_camera(&self) -> DVec3 {
        -self.rotation.y_axis
    }

    /// The same view on a picture of another size.
    pub fn scaled(&self, factor: f64, width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            focal: self.focal * factor,
            center: self.center * factor,
            ..self.clone()
        }
    }
}
