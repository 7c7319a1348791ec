//! Real things that stand in front of floor and walls: a pillar, a door frame at the border, furniture that is
//! already there.
//!
//! The compositor leaves their pixels alone where they are nearer than what it lays down; the planner keeps off the
//! floor they stand on.

use crate::geometry::polygon::contains;
use crate::geometry::{DVec2, DVec3};

/// A thing in front of the room.
#[derive(Debug, Clone, PartialEq)]
pub struct Obstacle {
    /// Its outline in photo pixels, at least three corners.
    pub polygon_px: Vec<DVec2>,
    /// The floor it stands on as seen from above, `(x, z)` of the room frame in metres. `None` for what stands between
    /// camera and room, such as the frame of the door the photo was taken through: it is nearer than everything.
    pub footprint: Option<Vec<DVec2>>,
}

impl Obstacle {
    /// Whether it hides a point of the room frame that projects into its outline: whether it stands nearer to the
    /// camera, measured over the floor. What stands on the obstacle's own floor is hidden by it.
    pub fn stands_before(&self, point: DVec3) -> bool {
        let Some(footprint) = &self.footprint else {
            return true;
        };
        let target = DVec2::new(point.x, point.z);
        reach_along(footprint, target).is_some_and(|share| share < 1.0)
    }

    /// Whether a point of the floor `(x, z)` belongs to it.
    pub fn covers(&self, point: DVec2) -> bool {
        self.footprint
            .as_deref()
            .is_some_and(|footprint| contains(footprint, point))
    }
}

/// How far along the way from the camera to `target` the outline is met first, 1 at the target; `None` when it is
/// passed by.
fn reach_along(outline: &[DVec2], target: DVec2) -> Option<f64> {
    if contains(outline, DVec2::ZERO) {
        return Some(0.0);
    }
    (0..outline.len())
        .filter_map(|index| {
            let (p, q) = (outline[index], outline[(index + 1) % outline.len()]);
            let edge = q - p;
            let turn = target.perp_dot(edge);
            if turn.abs() < 1e-12 {
                return None;
            }
            let along = p.perp_dot(edge) / turn;
            let across = p.perp_dot(target) / turn;
            (along > 0.0 && (0.0..=1.0).contains(&across)).then_some(along)
        })
        .min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, z: f64) -> Obstacle {
        let corner = |dx: f64, dz: f64| DVec2::new(x + dx, z + dz);
        Obstacle {
            polygon_px: vec![DVec2::ZERO, DVec2::X, DVec2::Y],
            footprint: Some(vec![
                corner(-0.2, -0.2),
                corner(0.2, -0.2),
                corner(0.2, 0.2),
                corner(-0.2, 0.2),
            ]),
        }
    }

    #[test]
    fn a_pillar_hides_what_is_behind_it_and_nothing_else() {
        let pillar = square(0.5, 2.0);
        assert!(pillar.stands_before(DVec3::new(0.75, 0.4, 3.0)));
        assert!(!pillar.stands_before(DVec3::new(0.375, 0.4, 1.5)));
        assert!(!pillar.stands_before(DVec3::new(-1.0, 0.4, 3.0)));
        assert!(pillar.covers(DVec2::new(0.4, 2.1)));
        assert!(!pillar.covers(DVec2::new(0.4, 2.3)));
    }

    #[test]
    fn a_frame_at_the_border_is_nearer_than_everything() {
        let frame = Obstacle {
            footprint: None,
            ..square(0.0, 1.0)
        };
        assert!(frame.stands_before(DVec3::new(0.1, 1.0, 0.4)));
        assert!(!frame.covers(DVec2::ZERO));
    }
}
