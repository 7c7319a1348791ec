//! What a chain of walls makes of the picture: the floor below it, and the blocks that stand before the box.

use super::Obstacle;
use super::shape::{FloorPlan, cut};
use crate::camera::Camera;
use crate::geometry::{DVec2, DVec3};

/// A wall this much nearer than the box's stands in front of it.
const IN_FRONT: f64 = 0.93;

/// The floor below a chain, cut to the picture.
pub fn outline(view: &Camera, chain: &[(DVec2, DVec2)]) -> Vec<DVec2> {
    let (width, height) = (f64::from(view.width), f64::from(view.height));
    let mut points: Vec<DVec2> = Vec::with_capacity(2 * chain.len() + 2);
    for place in chain.iter().flat_map(|(from, to)| [*from, *to]) {
        if let Some((pixel, _)) = view.project(DVec3::new(place.x, 1.0, place.y))
            && points.last().is_none_or(|last| last.distance(pixel) > 0.5)
        {
            points.push(pixel);
        }
    }
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else {
        return Vec::new();
    };
    let under = 4.0 * height;
    points.push(DVec2::new(last.x.max(width + 1.0), under.max(last.y)));
    points.push(DVec2::new(first.x.min(-1.0), under.max(first.y)));
    let limits: [&dyn Fn(DVec2) -> f64; 4] = [&|p| p.x, &|p| width - p.x, &|p| p.y, &|p| height - p.y];
    limits
        .into_iter()
        .fold(points, |outline, inside| cut(&outline, inside))
}

/// Stretches of the chain that stand clearly before the box's own walls, up to the ceiling.
pub fn blocks(view: &Camera, chain: &[(DVec2, DVec2)], plan: &FloorPlan, above: f64) -> Vec<Obstacle> {
    let far = |place: DVec2| {
        let side = if place.x > 0.0 {
            plan.right / place.x
        } else {
            -plan.left / place.x
        };
        let reach = side.min(if place.y > 0.0 {
            plan.back / place.y
        } else {
            f64::INFINITY
        });
        place * reach.min(8.0)
    };
    let mut blocks = Vec::new();
    for (from, to) in chain {
        let middle = (*from + *to) / 2.0;
        if middle.length() > IN_FRONT * far(middle).length() || from.distance(*to) < 0.05 {
            continue;
        }
        let corners = [(*from, -above), (*to, -above), (*to, 1.0), (*from, 1.0)];
        let pixels: Vec<DVec2> = corners
            .iter()
            .filter_map(|(place, y)| view.project(DVec3::new(place.x, *y, place.y)))
            .map(|(pixel, _)| pixel)
            .collect();
        let footprint = [*from, *to, far(*to), far(*from)];
        if pixels.len() == 4 && footprint.iter().all(|place| place.is_finite()) {
            blocks.push(Obstacle {
                polygon_px: pixels,
                footprint: Some(footprint.to_vec()),
            });
        }
    }
    blocks
}
