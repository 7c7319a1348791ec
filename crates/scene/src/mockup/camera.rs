//! The camera of a set. Set frame: metres, X right, Y up, Z towards the viewer.

use crate::geometry::{Vec2, Vec3};

/// A point or direction of the set in the tracer's frame (Y down, Z away), and back: the turn is its own inverse.
#[inline]
pub(super) fn turned(v: Vec3) -> Vec3 {
    Vec3::new(v.x, -v.y, -v.z)
}

/// A pinhole camera over a picture of a certain size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SetCamera {
    /// Tracer's frame, like the three directions.
    pub(super) eye: Vec3,
    forward: Vec3,
    right: Vec3,
    down: Vec3,
    /// Pixels.
    focal: f32,
    pub width: u32,
    pub height: u32,
}

/// Where a camera stands in the set and what it looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stand {
    pub eye: Vec3,
    pub target: Vec3,
    /// What is up in the picture.
    pub up: Vec3,
    /// Half the width of the picture as a tangent.
    pub tangent: f32,
}

impl SetCamera {
    pub(super) fn new(stand: &Stand, width: u32, height: u32) -> Self {
        let eye = turned(stand.eye);
        let forward = (turned(stand.target) - eye).normalize();
        let right = forward.cross(turned(stand.up)).normalize();
        Self {
            eye,
            forward,
            right,
            down: forward.cross(right),
            focal: 0.5 * width as f32 / stand.tangent,
            width,
            height,
        }
    }

    /// Unit direction, tracer's frame, of a place in the picture; (0, 0) is its upper left corner.
    #[inline]
    pub(super) fn ray(&self, x: f32, y: f32) -> Vec3 {
        let (dx, dy) = (x - 0.5 * self.width as f32, y - 0.5 * self.height as f32);
        (self.forward * self.focal + self.right * dx + self.down * dy).normalize()
    }

    /// Where a point of the set is seen, pixels; `None` behind the camera.
    pub fn project(&self, point: Vec3) -> Option<Vec2> {
        let to = turned(point) - self.eye;
        let depth = to.dot(self.forward);
        (depth > 1e-4).then(|| {
            let scale = self.focal / depth;
            Vec2::new(
                0.5 * self.width as f32 + to.dot(self.right) * scale,
                0.5 * self.height as f32 + to.dot(self.down) * scale,
            )
        })
    }

    /// Angle between neighbouring pixels in the middle, radians.
    pub(super) fn pixel_angle(&self) -> f32 {
        1.0 / self.focal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_seen_where_its_ray_goes_and_right_is_right() {
        let stand = Stand {
            eye: Vec3::new(0.3, 1.5, 2.0),
            target: Vec3::new(0.0, 1.2, 0.0),
            up: Vec3::Y,
            tangent: 0.4,
        };
        let camera = SetCamera::new(&stand, 800, 600);
        let middle = camera.project(stand.target).expect("it is in front");
        assert!((middle - Vec2::new(400.0, 300.0)).length() < 1e-3);
        let right = camera
            .project(stand.target + Vec3::new(0.1, 0.05, 0.0))
            .expect("it is in front");
        assert!(right.x > 400.0 && right.y < 300.0, "{right}");
        let towards = (turned(stand.target + Vec3::new(0.1, 0.05, 0.0)) - camera.eye).normalize();
        assert!((camera.ray(right.x, right.y) - towards).length() < 1e-5);
    }
}
