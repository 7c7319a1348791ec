//! Cuts polygons in space into triangles.

use crate::geometry::{Vec2, Vec3};

/// Polygons with more corners get a fan: cutting ears takes the cube of their number at worst.
const MAX_EAR_CORNERS: usize = 300;

/// Triangles of a simple polygon as indices of its corners: a fan when convex, else by cutting ears
/// (Meisters, "Polygons have ears", 1975). A polygon that crosses itself gets a fan for what is left.
pub(super) fn triangulate(corners: &[Vec3]) -> Vec<[usize; 3]> {
    let count = corners.len();
    let fan = |ring: &[usize]| -> Vec<[usize; 3]> {
        (1..ring.len().saturating_sub(1))
            .map(|i| [ring[0], ring[i], ring[i + 1]])
            .collect()
    };
    let all: Vec<usize> = (0..count).collect();
    if count <= 3 || count > MAX_EAR_CORNERS {
        return fan(&all);
    }
    // Newell's normal holds for polygons that are not quite flat.
    let normal: Vec3 = (0..count)
        .map(|i| (corners[i] - corners[0]).cross(corners[(i + 1) % count] - corners[0]))
        .sum();
    let axis = normal.normalize_or_zero();
    if axis == Vec3::ZERO {
        return fan(&all);
    }
    let across = axis.any_orthonormal_vector();
    let up = axis.cross(across);
    let flat: Vec<Vec2> = corners
        .iter()
        .map(|&p| Vec2::new((p - corners[0]).dot(across), (p - corners[0]).dot(up)))
        .collect();
    let turn = |a: usize, b: usize, c: usize| (flat[b] - flat[a]).perp_dot(flat[c] - flat[a]);
    if (0..count).all(|i| turn(i, (i + 1) % count, (i + 2) % count) >= 0.0) {
        return fan(&all);
    }
    let mut ring = all;
    let mut triangles = Vec::with_capacity(count - 2);
    while ring.len() > 3 {
        let ear = (0..ring.len()).find(|&i| {
            let (a, b, c) = (
                ring[(i + ring.len() - 1) % ring.len()],
                ring[i],
                ring[(i + 1) % ring.len()],
            );
            turn(a, b, c) > 0.0
                && ring.iter().all(|&p| {
                    p == a
                        || p == b
                        || p == c
                        || turn(a, b, p) < 0.0
                        || turn(b, c, p) < 0.0
                        || turn(c, a, p) < 0.0
                })
        });
        let Some(i) = ear else {
            triangles.extend(fan(&ring));
            return triangles;
        };
        let count = ring.len();
        triangles.push([ring[(i + count - 1) % count], ring[i], ring[(i + 1) % count]]);
        ring.remove(i);
    }
    triangles.extend(fan(&ring));
    triangles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(corners: &[Vec3], triangles: &[[usize; 3]]) -> f32 {
        triangles
            .iter()
            .map(|t| {
                (corners[t[1]] - corners[t[0]])
                    .cross(corners[t[2]] - corners[t[0]])
                    .z
                    * 0.5
            })
            .sum()
    }

    #[test]
    fn an_l_keeps_its_notch_where_a_fan_would_fill_it() {
        let l =
            [(0., 2.), (0., 0.), (2., 0.), (2., 1.), (1., 1.), (1., 2.)].map(|(x, y)| Vec3::new(x, y, 0.0));
        let triangles = triangulate(&l);
        assert_eq!(triangles.len(), 4);
        let each_is_upright = triangles.iter().all(|&t| area(&l, &[t]) > 0.0);
        assert!(each_is_upright && (area(&l, &triangles) - 3.0).abs() < 1e-5);
    }
}
