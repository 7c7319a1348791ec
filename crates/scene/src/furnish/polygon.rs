//! Plane polygons: distance, containment, hull, clipping.

use crate::geometry::DVec2;
pub(super) use crate::geometry::polygon::contains;

/// Signed distance between convex polygons: the largest separation along their edge normals (negative: they overlap
/// by that much). Never larger than the true distance.
pub(super) fn separation(a: &[DVec2], b: &[DVec2]) -> f64 {
    let mut best = f64::NEG_INFINITY;
    for (one, two) in [(a, b), (b, a)] {
        for i in 0..one.len() {
            let edge = one[(i + 1) % one.len()] - one[i];
            let normal = edge.perp().normalize_or_zero();
            if normal == DVec2::ZERO {
                continue;
            }
            let range = |points: &[DVec2]| {
                points
                    .iter()
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| {
                        let s = p.dot(normal);
                        (low.min(s), high.max(s))
                    })
            };
            let ((l1, h1), (l2, h2)) = (range(one), range(two));
            best = best.max(l2 - h1).max(l1 - h2);
        }
    }
    best
}

/// Distance of a point from a convex polygon, 0 inside.
pub(super) fn distance_to(polygon: &[DVec2], point: DVec2) -> f64 {
    let mut nearest = f64::INFINITY;
    for i in 0..polygon.len() {
        let (a, b) = (polygon[i], polygon[(i + 1) % polygon.len()]);
        let t = ((point - a).dot(b - a) / (b - a).length_squared().max(1e-12)).clamp(0.0, 1.0);
        nearest = nearest.min(point.distance(a + (b - a) * t));
    }
    if contains(polygon, point) { 0.0 } else { nearest }
}

/// A polygon without the vertices that lie on the line between their neighbours (half a pixel).
pub(super) fn simplified(polygon: &[DVec2]) -> Vec<DVec2> {
    let mut kept: Vec<DVec2> = polygon.to_vec();
    let mut i = 0;
    let mut since_removal = 0;
    while kept.len() > 3 && since_removal < kept.len() {
        let n = kept.len();
        let (a, b, c) = (kept[(i + n - 1) % n], kept[i % n], kept[(i + 1) % n]);
        let off = (b - a).perp_dot(c - a).abs() / (c - a).length().max(1e-9);
        let between = (b - a).dot(c - a) > 0.0 && (b - c).dot(a - c) > 0.0;
        if off < 0.5 && between || a.distance(b) < 0.25 {
            kept.remove(i % n);
            since_removal = 0;
        } else {
            i += 1;
            since_removal += 1;
        }
        i %= kept.len();
    }
    kept
}

pub(super) fn distance_to_outline(polygon: &[DVec2], point: DVec2) -> f64 {
    (0..polygon.len())
        .map(|i| {
            let (a, b) = (polygon[i], polygon[(i + 1) % polygon.len()]);
            let t = ((point - a).dot(b - a) / (b - a).length_squared().max(1e-12)).clamp(0.0, 1.0);
            point.distance(a + (b - a) * t)
        })
        .fold(f64::INFINITY, f64::min)
}

/// Convex hull (Andrew's monotone chain), counter-clockwise.
pub(super) fn hull(mut points: Vec<DVec2>) -> Vec<DVec2> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    if points.len() < 3 {
        return points;
    }
    let mut chain: Vec<DVec2> = Vec::with_capacity(points.len() * 2);
    for pass in 0..2 {
        let start = chain.len();
        for i in 0..points.len() {
            let p = points[if pass == 0 { i } else { points.len() - 1 - i }];
            while chain.len() >= start + 2
                && (chain[chain.len() - 1] - chain[chain.len() - 2]).perp_dot(p - chain[chain.len() - 1])
                    <= 0.0
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
    }
    chain
}

pub(super) fn area(polygon: &[DVec2]) -> f64 {
    (0..polygon.len())
        .map(|i| polygon[i].perp_dot(polygon[(i + 1) % polygon.len()]))
        .sum::<f64>()
        .abs()
        * 0.5
}

/// The part of a convex polygon inside the picture.
pub(super) fn clip(polygon: &[DVec2], width: f64, height: f64) -> Vec<DVec2> {
    let mut points = polygon.to_vec();
    if points
        .iter()
        .all(|p| p.x >= 0.0 && p.y >= 0.0 && p.x <= width && p.y <= height)
    {
        return points;
    }
    let sides: [(DVec2, f64); 4] = [
        (DVec2::X, 0.0),
        (DVec2::NEG_X, -width),
        (DVec2::Y, 0.0),
        (DVec2::NEG_Y, -height),
    ];
    for (normal, offset) in sides {
        let mut kept = Vec::with_capacity(points.len() + 2);
        for i in 0..points.len() {
            let (a, b) = (points[i], points[(i + 1) % points.len()]);
            let (da, db) = (a.dot(normal) - offset, b.dot(normal) - offset);
            if da >= 0.0 {
                kept.push(a);
            }
            if (da >= 0.0) != (db >= 0.0) {
                kept.push(a + (b - a) * (da / (da - db)));
            }
        }
        points = kept;
    }
    points
}
