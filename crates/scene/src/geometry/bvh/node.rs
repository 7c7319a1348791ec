//! What the index is made of, and what is asked of it: eight boxes, four triangles; one ray, sixteen rays.

use glam::Vec4;

use super::level::{self, Level};
use super::{Hit, Square};
use crate::geometry::{Mat3, Vec3};

/// Rays of one bundle at most.
pub const BUNDLE: usize = 16;
/// Triangles reach this share over their edges, so that no ray slips between two of them.
pub(super) const RIM: f32 = 1e-6;

/// Up to eight boxes.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Node {
    /// Lower and upper bounds per axis; unused lanes are inside out.
    pub(super) planes: [[[f32; 8]; 3]; 2],
    pub(super) children: [u32; 8],
    /// Lanes in use, from the first.
    pub(super) count: u32,
}

impl Node {
    pub(super) const EMPTY: Self = Self {
        planes: [[[f32::INFINITY; 8]; 3], [[f32::NEG_INFINITY; 8]; 3]],
        children: [0; 8],
        count: 0,
    };

    pub(super) fn push(&mut self, (min, max): (Vec3, Vec3), child: u32) {
        let lane = self.count as usize;
        for axis in 0..3 {
            self.planes[0][axis][lane] = min[axis];
            self.planes[1][axis][lane] = max[axis];
        }
        self.children[lane] = child;
        self.count += 1;
    }
}

/// One ray, ready to be asked about.
pub(super) struct Ray {
    pub(super) origin: [f32; 3],
    pub(super) direction: [f32; 3],
    pub(super) inverse: [f32; 3],
    /// 1 where the direction is negative: the bounds it meets first.
    pub(super) first: [usize; 3],
}

impl Ray {
    #[inline]
    pub(super) fn new(origin: Vec3, direction: Vec3) -> Self {
        Self::with(
            origin.to_array(),
            direction.to_array(),
            direction.to_array().map(reciprocal),
        )
    }

    #[inline]
    pub(super) fn with(origin: [f32; 3], direction: [f32; 3], inverse: [f32; 3]) -> Self {
        let first = inverse.map(|i| usize::from(i < 0.0));
        Self {
            origin,
            direction,
            inverse,
            first,
        }
    }
}

/// Directions along a plane get a tiny slope, so that no product of the walk is 0 * infinity.
#[inline]
pub(super) fn reciprocal(slope: f32) -> f32 {
    1.0 / if slope.abs() < 1e-18 { 1e-18 } else { slope }
}

/// Rays from one origin, which share much of their way.
#[repr(align(64))]
pub struct Bundle {
    pub origin: Vec3,
    pub(super) directions: [[f32; BUNDLE]; 3],
    pub(super) inverses: [[f32; BUNDLE]; 3],
    pub(super) far: [f32; BUNDLE],
    count: usize,
}

impl Bundle {
    pub fn new(origin: Vec3) -> Self {
        Self {
            origin,
            directions: [[1.0; BUNDLE]; 3],
            inverses: [[1.0; BUNDLE]; 3],
            far: [-1.0; BUNDLE],
            count: 0,
        }
    }

    /// Adds a ray with a unit direction that ends at `far`. At most [`BUNDLE`] fit in.
    #[inline]
    pub fn push(&mut self, direction: Vec3, far: f32) {
        let lane = self.count;
        for axis in 0..3 {
            self.directions[axis][lane] = direction[axis];
            self.inverses[axis][lane] = reciprocal(direction[axis]);
        }
        self.far[lane] = far;
        self.count += 1;
    }

    /// A full bundle of cosine-distributed rays about `frame.z_axis`, one for each of the first points of a square.
    #[inline]
    pub fn cosine(origin: Vec3, frame: &Mat3, points: &Square, far: f32) -> Self {
        let mut bundle = Self {
            far: [far; BUNDLE],
            count: BUNDLE,
            ..Self::new(origin)
        };
        level::aim(Level::best(), &mut bundle, frame, points);
        bundle
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn is_full(&self) -> bool {
        self.count == BUNDLE
    }

    /// Direction and length of a ray.
    #[inline]
    pub fn ray(&self, lane: usize) -> (Vec3, f32) {
        let direction = Vec3::new(
            self.directions[0][lane],
            self.directions[1][lane],
            self.directions[2][lane],
        );
        (direction, self.far[lane])
    }

    /// The same rays in a frame turned by the transpose of `rotation` about `place`, with other ends; those with a negative
    /// end meet nothing.
    #[inline]
    pub fn localized(&self, rotation: &Mat3, place: Vec3, far: [f32; BUNDLE]) -> Self {
        let mut local = Self {
            far,
            count: self.count,
            ..Self::new(rotation.transpose() * (self.origin - place))
        };
        let [x, y, z] = &self.directions;
        for axis in 0..3 {
            let column = rotation.col(axis);
            for lane in 0..BUNDLE {
                let slope = column.x * x[lane] + column.y * y[lane] + column.z * z[lane];
                local.directions[axis][lane] = slope;
                local.inverses[axis][lane] = reciprocal(slope);
            }
        }
        local
    }
}

/// What the rays of a bundle met. `t` of a ray that met nothing is its length.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Hits {
    pub t: [f32; BUNDLE],
    pub u: [f32; BUNDLE],
    pub v: [f32; BUNDLE],
    /// Numbers of triangles as the bits of floats, for the lanes' sake.
    pub(super) triangle: [f32; BUNDLE],
}

impl Hits {
    /// No hit yet.
    pub fn none(bundle: &Bundle) -> Self {
        Self {
            t: bundle.far,
            u: [0.0; BUNDLE],
            v: [0.0; BUNDLE],
            triangle: [f32::from_bits(u32::MAX); BUNDLE],
        }
    }

    /// The hit of one ray.
    #[inline]
    pub fn get(&self, lane: usize) -> Option<Hit> {
        let triangle = self.triangle[lane].to_bits();
        (triangle != u32::MAX).then_some(Hit {
            triangle,
            t: self.t[lane],
            u: self.u[lane],
            v: self.v[lane],
        })
    }
}

/// Four triangles; an absent one has no area.
#[derive(Clone, Copy)]
pub(super) struct Packet {
    pub(super) corner: [Vec4; 3],
    pub(super) edges: [[Vec4; 3]; 2],
    pub(super) triangles: [u32; 4],
}

/// A ray copied to the lanes of a packet.
pub(super) struct WideRay {
    pub(super) origin: [Vec4; 3],
    direction: [Vec4; 3],
}

impl WideRay {
    #[inline]
    pub(super) fn new(ray: &Ray) -> Self {
        Self {
            origin: ray.origin.map(Vec4::splat),
            direction: ray.direction.map(Vec4::splat),
        }
    }
}

/// A packet seen from one origin: a ray's direction times the first three, per axis, gives determinant and weights of its
/// hit, times the determinant; `t` is the distance times the determinant, which no direction changes (Möller and Trumbore,
/// "Fast, Minimum Storage Ray/Triangle Intersection", JGT 2.1, 1997, with the products turned around).
pub(super) struct FromOrigin<T> {
    pub(super) size: [T; 3],
    pub(super) u: [T; 3],
    pub(super) v: [T; 3],
    pub(super) t: T,
}

impl FromOrigin<Vec4> {
    pub(super) fn to_arrays(&self) -> FromOrigin<[f32; 4]> {
        let arrays = |lanes: &[Vec4; 3]| lanes.map(|lanes| lanes.to_array());
        FromOrigin {
            size: arrays(&self.size),
            u: arrays(&self.u),
            v: arrays(&self.v),
            t: self.t.to_array(),
        }
    }
}

impl Packet {
    pub(super) const EMPTY: Self = Self {
        corner: [Vec4::ZERO; 3],
        edges: [[Vec4::ZERO; 3]; 2],
        triangles: [u32::MAX; 4],
    };

    #[inline]
    pub(super) fn seen_from(&self, origin: &[Vec4; 3]) -> FromOrigin<Vec4> {
        let [e1, e2] = &self.edges;
        let to = [0, 1, 2].map(|axis| origin[axis] - self.corner[axis]);
        let q = cross(&to, e1);
        FromOrigin {
            size: cross(e2, e1),
            u: cross(e2, &to),
            v: q,
            t: dot(e2, &q),
        }
    }

    /// Which triangles the ray meets in `(near, far]`, where, and the weights of their second and third corners; divided only
    /// once there is a hit.
    #[inline]
    pub(super) fn meet(&self, ray: &WideRay, near: f32, far: f32) -> (u32, Vec4, Vec4, Vec4) {
        let seen = self.seen_from(&ray.origin);
        let det = dot(&ray.direction, &seen.size);
        let sign = Vec4::select(det.cmplt(Vec4::ZERO), Vec4::NEG_ONE, Vec4::ONE);
        let size = det * sign;
        let u = dot(&ray.direction, &seen.u) * sign;
        let v = dot(&ray.direction, &seen.v) * sign;
        let t = seen.t * sign;
        let rim = size * -RIM;
        let is_inside = rim.cmple(u) & rim.cmple(v) & (u + v).cmple(size * (1.0 + RIM));
        // A first look with some slack, and an exact one behind the division.
        let mask = is_inside & t.cmpgt(Vec4::ZERO) & t.cmple(size * (far * 1.000_01));
        if mask.bitmask() == 0 {
            return (0, t, u, v);
        }
        let inverse = Vec4::ONE / size;
        let t = t * inverse;
        // A triangle without area has size 0; no comparison with NaN holds.
        let mask = mask & t.cmpgt(Vec4::splat(near)) & t.cmple(Vec4::splat(far));
        (mask.bitmask(), t, u * inverse, v * inverse)
    }
}

#[inline]
fn cross(a: &[Vec4; 3], b: &[Vec4; 3]) -> [Vec4; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

#[inline]
fn dot(a: &[Vec4; 3], b: &[Vec4; 3]) -> Vec4 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
