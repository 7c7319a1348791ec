//! The ray index: an eight-wide bounding-volume hierarchy over the triangles of one piece, in the piece's own frame, metres.
//!
//! [`build`] makes it, [`walk`] asks it, with the widest registers the processor has ([`level`], [`lanes`]). Every level
//! gives the same bits, so a picture does not depend on the machine that drew it.
//!
//! Surprise: thin see-through surfaces (glass, lamp shades) are hit by [`RayIndex::closest`] like any other, while
//! [`RayIndex::transmittance`] passes through them and returns what is left of the light.

use glam::Vec4;

mod build;
mod lanes;
mod level;
mod node;
mod walk;

#[cfg(test)]
mod tests;

use level::Level;
pub use node::{BUNDLE, Bundle, Hits};
use node::{Node, Packet, RIM, Ray, WideRay, reciprocal};

use super::sampling::{Square, cosine_direction};
use super::{Mat3, Vec3};

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

impl Hit {
    /// Nothing before `far`.
    #[inline]
    fn none(far: f32) -> Self {
        Self {
            triangle: u32::MAX,
            t: far,
            u: 0.0,
            v: 0.0,
        }
    }

    /// Whether another triangle is nearer, or as near and first in the list: so the order of looking does not matter.
    #[inline]
    fn gives_way_to(&self, t: f32, triangle: u32) -> bool {
        t < self.t || (t == self.t && self.triangle != u32::MAX && triangle < self.triangle)
    }
}

/// Triangles prepared for ray queries.
pub struct RayIndex {
    level: Level,
    nodes: Vec<Node>,
    packets: Vec<Packet>,
    /// Share of light each triangle lets through, 0 for opaque ones; empty when all are.
    see_through: Vec<f32>,
}

/// A child with this bit is a run of packets: their number in the next six bits, the first in the rest.
const LEAF: u32 = 1 << 31;
const LEAF_COUNT_SHIFT: u32 = 25;
const LEAF_FIRST: u32 = (1 << LEAF_COUNT_SHIFT) - 1;
/// Seven children stay behind per level, of which there are at most 20.
const STACK: usize = 160;
/// Distance and child in one number: distances are not negative, so their bits sort as they do.
type Stack = [u64; STACK];
/// Boxes are this much longer for rays, so that rounding loses no hit.
const WIDEN: f32 = 1.000_001;
/// Rays of a bundle that walk on alone.
const FEW: u32 = 5;

impl RayIndex {
    /// Builds the index; `see_through` runs beside `corners`.
    pub fn new(corners: &[[Vec3; 3]], see_through: &[f32]) -> Self {
        Self::at_level(Level::best(), corners, see_through)
    }

    fn at_level(level: Level, corners: &[[Vec3; 3]], see_through: &[f32]) -> Self {
        let is_clear = see_through.iter().any(|share| *share > 0.0);
        let mut index = Self {
            level,
            nodes: vec![],
            packets: vec![],
            see_through: if is_clear { see_through.to_vec() } else { vec![] },
        };
        if corners.is_empty() {
            index.nodes.push(Node::EMPTY);
        } else {
            build::build(corners, &mut index);
        }
        index
    }

    /// The nearest hit with `t` in `(near, far)`.
    #[inline]
    pub fn closest(&self, origin: Vec3, direction: Vec3, near: f32, far: f32) -> Option<Hit> {
        let mut best = Hit::none(far);
        level::closest(self.level, self, &Ray::new(origin, direction), near, &mut best);
        (best.triangle != u32::MAX).then_some(best)
    }

    /// Improves `hits` by those with smaller `t`, but greater than `near`, along the rays of a bundle.
    #[inline]
    pub fn closest_of_bundle(&self, bundle: &Bundle, near: f32, hits: &mut Hits) {
        level::closest_of_bundle(self.level, self, bundle, near, hits);
    }

    /// Whether the ray meets anything with `t` in `(near, far)`.
    #[inline]
    pub fn is_met(&self, origin: Vec3, direction: Vec3, near: f32, far: f32) -> bool {
        level::is_met(self.level, self, &Ray::new(origin, direction), near, far)
    }

    /// Which rays of a bundle meet anything behind `near`, one bit each.
    #[inline]
    pub fn met_by_bundle(&self, bundle: &Bundle, near: f32) -> u32 {
        level::met_by_bundle(self.level, self, bundle, near)
    }

    /// Share of light that travels `far` along the ray: 0 behind anything opaque.
    #[inline]
    pub fn transmittance(&self, origin: Vec3, direction: Vec3, near: f32, far: f32) -> f32 {
        level::transmittance(self.level, self, &Ray::new(origin, direction), near, far)
    }

    /// The packets of a leaf.
    #[inline]
    fn leaf(&self, reference: u32) -> &[Packet] {
        let first = (reference & LEAF_FIRST) as usize;
        let count = (reference >> LEAF_COUNT_SHIFT & 0x3f) as usize;
        &self.packets[first..first + count]
    }
}

/// A short list of boxes, looked through from one end to the other.
pub struct Boxes {
    level: Level,
    nodes: Vec<Node>,
}

impl Boxes {
    /// Boxes by their lower and upper corners.
    pub fn new(bounds: impl IntoIterator<Item = (Vec3, Vec3)>) -> Self {
        let mut nodes: Vec<Node> = vec![];
        for (number, bounds) in bounds.into_iter().enumerate() {
            if number % 8 == 0 {
                nodes.push(Node::EMPTY);
            }
            if let Some(node) = nodes.last_mut() {
                node.push(bounds, number as u32);
            }
        }
        Self {
            level: Level::best(),
            nodes,
        }
    }

    /// Calls `visit` with the distance and number of every box that a ray crosses before `far`.
    #[inline]
    pub fn crossed(&self, origin: Vec3, direction: Vec3, far: f32, visit: impl FnMut(f32, u32)) {
        level::crossed(self.level, &self.nodes, &Ray::new(origin, direction), far, visit);
    }

    /// Calls `visit` for every box that rays of a bundle cross: its number, a bit for each of those rays, and a distance that
    /// none of them can undercut.
    #[inline]
    pub fn crossed_by_bundle(&self, bundle: &Bundle, visit: impl FnMut(u32, u32, f32)) {
        level::crossed_by_bundle(self.level, &self.nodes, bundle, visit);
    }
}
