//! How high the ceiling is, from the lines where it meets the walls.

use super::evidence::{EvidenceMaps, Support};
use super::search::BY_CHANCE;
use super::shape::FloorPlan;
use crate::camera::{Axis, Camera};
use crate::geometry::DVec3;

/// A ceiling counts as seen from this share of supported edge, over this visible length (long sides).
const SEEN_SHARE: f64 = 0.35;
const SEEN_LENGTH: f64 = 0.2;

/// The ceiling over a floor plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ceiling {
    /// Height above the camera, in camera heights.
    pub above: f64,
    pub support: Support,
}

impl Ceiling {
    pub fn is_seen(&self) -> bool {
        self.support.share() > SEEN_SHARE && self.support.length > SEEN_LENGTH
    }
}

/// The best supported ceiling height on a grid from 0.3 to 2.6 camera heights above the camera.
pub fn find_ceiling(camera: &Camera, maps: &EvidenceMaps, plan: &FloorPlan) -> Ceiling {
    const STEPS: i32 = 160;
    let height = |step: i32| 0.3 * (2.6f64 / 0.3).powf(f64::from(step) / f64::from(STEPS - 1));
    let mut best = (
        f64::NEG_INFINITY,
        Ceiling {
            above: 0.85,
            support: Support::default(),
        },
    );
    for step in 0..STEPS {
        let above = height(step);
        let support = edges(camera, maps, plan, above);
        let rating = support.surplus(BY_CHANCE) - unusual(above);
        if rating > best.0 {
            best = (rating, Ceiling { above, support });
        }
    }
    best.1
}

/// What ceiling lines say for a plan: the supported length beyond chance under the best height, 0 when none speaks. A
/// coarse look, cheap enough for every plan; a floor line that is none puts the ceiling at an odd height or off its lines.
pub fn glance(camera: &Camera, maps: &EvidenceMaps, plan: &FloorPlan) -> f64 {
    const STEPS: i32 = 32;
    const STRIDE: f64 = 12.0;
    let near = 0.05f64.min(plan.back);
    let mut best = 0.0f64;
    for step in 0..STEPS {
        let above = 0.35 * (2.2f64 / 0.35).powf(f64::from(step) / f64::from(STEPS - 1));
        let corner = |x: f64, z: f64| DVec3::new(x, -above, z);
        let mut surplus = -unusual(above);
        if plan.has_back() {
            let (left, right) = (corner(-plan.left, plan.back), corner(plan.right, plan.back));
            surplus += maps.glance(camera, Axis::X, left, right, STRIDE, BY_CHANCE);
        }
        for (is_seen, x) in [(plan.has_left(), -plan.left), (plan.has_right(), plan.right)] {
            if is_seen {
                surplus += maps.glance(
                    camera,
                    Axis::Z,
                    corner(x, plan.back),
                    corner(x, near),
                    STRIDE,
                    BY_CHANCE,
                );
            }
        }
        best = best.max(surplus);
    }
    best
}

/// What speaks against a ceiling's height, in supported length: it is mostly 0.85 camera heights above a camera held at
/// chest height.
fn unusual(above: f64) -> f64 {
    0.06 * ((above / 0.85).ln() / 0.45).powi(2)
}

fn edges(camera: &Camera, maps: &EvidenceMaps, plan: &FloorPlan, above: f64) -> Support {
    let y = -above;
    let near = 0.05f64.min(plan.back);
    let mut support = Support::default();
    if plan.has_back() {
        let (left, right) = (
            DVec3::new(-plan.left, y, plan.back),
            DVec3::new(plan.right, y, plan.back),
        );
        support = support.plus(maps.along(camera, Axis::X, left, right));
    }
    for (is_seen, x) in [(plan.has_left(), -plan.left), (plan.has_right(), plan.right)] {
        if is_seen {
            let (far, close) = (DVec3::new(x, y, plan.back), DVec3::new(x, y, near));
            support = support.plus(maps.along(camera, Axis::Z, far, close));
        }
    }
    support
}
