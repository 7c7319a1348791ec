//! Polygons in a plane, given by their corners in order.

use super::DVec2;

/// Whether a point lies inside, by the even-odd rule; nothing lies in a polygon without area.
pub fn contains(polygon: &[DVec2], point: DVec2) -> bool {
    let mut is_inside = false;
    for (index, a) in polygon.iter().enumerate() {
        let b = polygon[(index + 1) % polygon.len()];
        if (a.y > point.y) != (b.y > point.y) && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x {
            is_inside = !is_inside;
        }
    }
    is_inside
}
