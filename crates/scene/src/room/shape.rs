//! The floor plan in camera heights: what the search varies.

use crate::camera::Camera;
use crate::geometry::{DVec2, DVec3};

/// Distances to the walls around the camera, in camera heights; the floor is the plane y = 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FloorPlan {
    /// Distance of the wall across the view, or [`FloorPlan::NO_BACK`].
    pub back: f64,
    /// Distance of the left wall, positive, or [`FloorPlan::NO_SIDE`].
    pub left: f64,
    /// Distance of the right wall, or [`FloorPlan::NO_SIDE`].
    pub right: f64,
}

/// Which surface of a floor plan a ray meets; the ceiling is not told from the walls here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Floor,
    Back,
    Side,
}

impl FloorPlan {
    pub const NO_BACK: f64 = 40.0;
    pub const NO_SIDE: f64 = 60.0;

    pub fn has_back(&self) -> bool {
        self.back < 0.75 * Self::NO_BACK
    }

    pub fn has_left(&self) -> bool {
        self.left < 0.75 * Self::NO_SIDE
    }

    pub fn has_right(&self) -> bool {
        self.right < 0.75 * Self::NO_SIDE
    }

    /// The face that a ray from the camera meets first.
    #[inline]
    pub fn face(&self, ray: DVec3) -> Face {
        let reach = |distance: f64, slope: f64| {
            if slope > 1e-9 {
                distance / slope
            } else {
                f64::INFINITY
            }
        };
        let floor = reach(1.0, ray.y);
        let back = reach(self.back, ray.z);
        let side = if ray.x > 0.0 {
            reach(self.right, ray.x)
        } else {
            reach(self.left, -ray.x)
        };
        if floor <= back && floor <= side {
            Face::Floor
        } else if back <= side {
            Face::Back
        } else {
            Face::Side
        }
    }

    /// The wall that a ray from the camera meets (0 across the view, 1 left, 2 right) and how high above the floor; `None`
    /// for the floor.
    pub fn wall(&self, ray: DVec3) -> Option<(usize, f64)> {
        let (wall, reach) = match self.face(ray) {
            Face::Floor => return None,
            Face::Back => (0, self.back / ray.z),
            Face::Side if ray.x < 0.0 => (1, -self.left / ray.x),
            Face::Side => (2, self.right / ray.x),
        };
        Some((wall, 1.0 - ray.y * reach))
    }

    /// The part of the picture that shows the floor: the picture's rectangle cut by horizon and walls. Clockwise
    /// on the screen, convex but for the lens's distortion, in the camera's pixels; empty when no floor is in view.
    pub fn floor_outline(&self, camera: &Camera) -> Vec<DVec2> {
        let ideal = camera.without_distortion();
        let mut outline = camera.ideal_border();
        // Each limit is linear in the pixel: positive inside.
        let limits: [&dyn Fn(DVec3) -> f64; 4] = [
            &|ray| ray.y - 1e-3,
            &|ray| self.back * ray.y - ray.z,
            &|ray| self.right * ray.y - ray.x,
            &|ray| self.left * ray.y + ray.x,
        ];
        for inside in limits {
            outline = cut(&outline, |pixel| inside(ideal.ray(pixel)));
        }
        camera.shown_polygon(&outline)
    }
}

/// One step of Sutherland and Hodgman: keeps the part of a polygon where `inside` is positive.
pub fn cut(polygon: &[DVec2], inside: impl Fn(DVec2) -> f64) -> Vec<DVec2> {
    let mut kept = Vec::with_capacity(polygon.len() + 2);
    for (index, &p) in polygon.iter().enumerate() {
        let q = polygon[(index + 1) % polygon.len()];
        let (at_p, at_q) = (inside(p), inside(q));
        if at_p >= 0.0 {
            kept.push(p);
        }
        if (at_p >= 0.0) != (at_q >= 0.0) {
            kept.push(p.lerp(q, at_p / (at_p - at_q)));
        }
    }
    kept
}
