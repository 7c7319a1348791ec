//! The camera: pinhole with one focal length, square pixels, a principal point that may be shifted vertically, and a
//! lens that may bow lines.
//!
//! It is found from straight lines alone: rooms have three directions at right angles, and one rotation together
//! with one focal length must explain the lines of all three at once ([`find_cameras`]). What surprises people:
//! the answer is a *list*. Diagonal tiles or a herringbone floor make a second frame look just as good as the
//! walls' own, and only the room search can tell which of them the walls stand in.

use serde::{Deserialize, Serialize};

use crate::geometry::{DMat3, DVec2, DVec3};

mod contrast;
mod lanes;
mod lens;
mod manhattan;
mod polish;
mod refine;
mod segments;
mod simplex;
mod upright;

pub use lens::{Lens, find_distortion};
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
    /// Radial distortion about the picture's middle ([`Lens`]); 0 for an ideal lens.
    pub distortion: f64,
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
        let d = (self.lens().ideal(pixel) - self.center) / self.focal;
        self.rotation.transpose() * DVec3::new(d.x, d.y, 1.0)
    }

    /// Pixel and depth along the view axis of a point in the room frame; `None` behind the camera.
    pub fn project(&self, point: DVec3) -> Option<(DVec2, f64)> {
        let p = self.rotation * point;
        (p.z > 1e-4).then(|| (self.pixel(p), p.z))
    }

    /// The pixel of a point in the camera frame, which must be in front of the camera.
    pub fn pixel(&self, point: DVec3) -> DVec2 {
        let ideal = DVec2::new(point.x, point.y) / point.z * self.focal + self.center;
        self.lens().shown(ideal)
    }

    pub fn lens(&self) -> Lens {
        Lens::new(self.distortion, self.width, self.height)
    }

    /// The same view through an ideal lens.
    pub fn without_distortion(&self) -> Self {
        Self {
            distortion: 0.0,
            ..self.clone()
        }
    }

    /// The picture's border as an ideal lens would show it, clockwise on the screen.
    pub fn ideal_border(&self) -> Vec<DVec2> {
        const PER_SIDE: usize = 16;
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let corners = [
            DVec2::ZERO,
            DVec2::new(width, 0.0),
            DVec2::new(width, height),
            DVec2::new(0.0, height),
        ];
        if self.distortion == 0.0 {
            return corners.to_vec();
        }
        let lens = self.lens();
        (0..4 * PER_SIDE)
            .map(|step| {
                let along = (step % PER_SIDE) as f64 / PER_SIDE as f64;
                let from = corners[step / PER_SIDE];
                lens.ideal(from.lerp(corners[(step / PER_SIDE + 1) % 4], along))
            })
            .collect()
    }

    /// A polygon of ideal pixels as the lens shows it: its sides may be bowed, and then have more corners.
    pub fn shown_polygon(&self, ideal: &[DVec2]) -> Vec<DVec2> {
        if self.distortion == 0.0 {
            return ideal.to_vec();
        }
        let lens = self.lens();
        let longest = f64::from(self.width.max(self.height)) / 32.0;
        let mut shown = Vec::with_capacity(4 * ideal.len());
        for (index, from) in ideal.iter().enumerate() {
            let to = ideal[(index + 1) % ideal.len()];
            let parts = (from.distance(to) / longest).ceil().clamp(1.0, 64.0) as usize;
            shown.extend((0..parts).map(|part| lens.shown(from.lerp(to, part as f64 / parts as f64))));
        }
        shown
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
