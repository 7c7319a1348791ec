//! The ray index: a wide bounding-volume hierarchy over the triangles of one piece, in the piece's own frame, metres.
//!
//! Surprise: thin see-through surfaces (glass, lamp shades) are hit by [`RayIndex::closest`] like any other, while
//! [`RayIndex::transmittance`] passes through them and returns what is left of the light.

use std::time::Duration;

use glam::Vec3A;
use obvhs::BvhBuildParams;
use obvhs::cwbvh::CwBvh;
use obvhs::cwbvh::builder::build_cwbvh_from_tris;
use obvhs::ray::{Ray, RayHit};
use obvhs::rt_triangle::RtTriangle;
use obvhs::triangle::Triangle;

use super::Vec3;

/// The nearest triangle a ray meets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Index into the list the index was built from.
    pub triangle: u32,
    /// Distance in units of the ray's direction.
    pub t: f32,
    /// Weights of the second and third corner.
    pub u: f32,
    pub v: f32,
}

/// Triangles prepared for ray queries.
pub struct RayIndex {
    tree: Option<CwBvh>,
    /// In the order of the tree's leaves, so that a leaf reads contiguous memory.
    triangles: Vec<RtTriangle>,
    original: Vec<u32>,
    /// Share of light each triangle lets through, 0 for opaque ones.
    see_through: Vec<f32>,
}

impl RayIndex {
    /// Builds the index; `see_through` runs beside `corners`.
    pub fn new(corners: &[[Vec3; 3]], see_through: &[f32]) -> Self {
        if corners.is_empty() {
            return Self {
                tree: None,
                triangles: vec![],
                original: vec![],
                see_through: vec![],
            };
        }
        let triangles: Vec<Triangle> = corners
            .iter()
            .map(|[a, b, c]| Triangle {
                v0: Vec3A::from(*a),
                v1: Vec3A::from(*b),
                v2: Vec3A::from(*c),
            })
            .collect();
        let tree = build_cwbvh_from_tris(
            &triangles,
            BvhBuildParams::medium_build(),
            &mut Duration::default(),
        );
        let original = tree.primitive_indices.clone();
        Self {
            triangles: original
                .iter()
                .map(|&i| RtTriangle::from(&triangles[i as usize]))
                .collect(),
            see_through: original.iter().map(|&i| see_through[i as usize]).collect(),
            original,
            tree: Some(tree),
        }
    }

    /// The nearest hit with `t` in `(near, far)`.
    pub fn closest(&self, origin: Vec3, direction: Vec3, near: f32, far: f32) -> Option<Hit> {
        let tree = self.tree.as_ref()?;
        let ray = Ray::new(origin.into(), direction.into(), near, far);
        let mut hit = RayHit::none();
        if !tree.ray_traverse(ray, &mut hit, |ray, i| self.triangles[i].intersect(ray)) {
            return None;
        }
        let leaf = hit.primitive_id as usize;
        let uv = self.triangles[leaf].compute_barycentric(&ray);
        Some(Hit {
            triangle: self.original[leaf],
            t: hit.t,
            u: uv.x,
            v: uv.y,
        })
    }

    /// Share of light that travels `far` along the ray: 0 behind anything opaque.
    pub fn transmittance(&self, origin: Vec3, direction: Vec3, near: f32, far: f32) -> f32 {
        let Some(tree) = self.tree.as_ref() else {
            return 1.0;
        };
        let ray = Ray::new(origin.into(), direction.into(), near, far);
        let mut left = 1.0_f32;
        let is_free = tree.ray_traverse_miss(ray, |ray, i| {
            let t = self.triangles[i].intersect(ray);
            if t < ray.tmax && self.see_through[i] > 0.0 {
                left *= self.see_through[i];
                return f32::INFINITY;
            }
            t
        });
        if is_free { left } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(z: f32) -> [Vec3; 3] {
        [
            Vec3::new(-1.0, -1.0, z),
            Vec3::new(3.0, -1.0, z),
            Vec3::new(-1.0, 3.0, z),
        ]
    }

    #[test]
    fn the_nearest_triangle_is_found_with_its_weights() {
        let index = RayIndex::new(&[wall(4.0), wall(2.0), wall(3.0)], &[0.0; 3]);
        let hit = index
            .closest(Vec3::ZERO, Vec3::Z, 0.0, f32::INFINITY)
            .expect("a wall is in the way");
        assert_eq!(hit.triangle, 1);
        let [a, b, c] = wall(2.0);
        let point = a * (1.0 - hit.u - hit.v) + b * hit.u + c * hit.v;
        assert!((point - Vec3::new(0.0, 0.0, 2.0)).length() < 1e-5, "{point}");
        assert!(
            index
                .closest(Vec3::ZERO, Vec3::NEG_Z, 0.0, f32::INFINITY)
                .is_none()
        );
    }

    #[test]
    fn light_passes_glass_and_stops_at_wood() {
        let index = RayIndex::new(&[wall(2.0), wall(3.0), wall(5.0)], &[0.5, 0.5, 0.0]);
        assert_eq!(index.transmittance(Vec3::ZERO, Vec3::Z, 0.0, 4.0), 0.25);
        assert_eq!(index.transmittance(Vec3::ZERO, Vec3::Z, 0.0, 6.0), 0.0);
        assert_eq!(
            RayIndex::new(&[], &[]).transmittance(Vec3::ZERO, Vec3::Z, 0.0, 6.0),
            1.0
        );
    }
}
