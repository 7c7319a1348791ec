//! The ray index: a four-wide bounding-volume hierarchy over the triangles of one piece, in the piece's own frame, metres.
//!
//! Four boxes, and four triangles, are tested at once in the lanes of a [`Vec4`]. The tree comes from obvhs (parallel locally
//! ordered clustering, reinsertion); only its collapse to four children and its traversal are ours.
//!
//! Surprise: thin see-through surfaces (glass, lamp shades) are hit by [`RayIndex::closest`] like any other, while
//! [`RayIndex::transmittance`] passes through them and returns what is left of the light.

use std::time::Duration;

use glam::{Vec3A, Vec4};
use obvhs::BvhBuildParams;
use obvhs::bvh2::Bvh2;
use obvhs::bvh2::builder::build_bvh2_from_tris;
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
    nodes: Vec<Node>,
    packets: Vec<Packet>,
    /// Share of light each triangle lets through, 0 for opaque ones; empty when all are.
    see_through: Vec<f32>,
}

/// Up to four boxes.
#[derive(Clone, Copy)]
struct Node {
    min: [Vec4; 3],
    max: [Vec4; 3],
    children: [u32; 4],
    /// One bit per lane in use.
    lanes: u32,
}

/// Four triangles; an absent one has no area.
#[derive(Clone, Copy)]
struct Packet {
    corner: [Vec4; 3],
    edges: [[Vec4; 3]; 2],
    triangles: [u32; 4],
}

/// A child with this bit is a run of packets: their number in the next six bits, the first in the rest.
const LEAF: u32 = 1 << 31;
const LEAF_COUNT_SHIFT: u32 = 25;
const LEAF_FIRST: u32 = (1 << LEAF_COUNT_SHIFT) - 1;
/// Triangles per leaf.
const LEAF_TRIANGLES: usize = 4;
/// From this depth on a tree is split evenly, so that the stack below always suffices.
const DEEPEST: usize = 20;
const STACK: usize = 96;
/// Triangles reach this share over their edges, so that no ray slips between two of them.
const RIM: f32 = 1e-6;

impl RayIndex {
    /// Builds the index; `see_through` runs beside `corners`.
    pub fn new(corners: &[[Vec3; 3]], see_through: &[f32]) -> Self {
        let is_clear = see_through.iter().any(|share| *share > 0.0);
        let mut index = Self {
            nodes: vec![],
            packets: vec![],
            see_through: if is_clear { see_through.to_vec() } else { vec![] },
        };
        if corners.is_empty() {
            return index;
        }
        let triangles: Vec<Triangle> = corners
            .iter()
            .map(|[a, b, c]| Triangle {
                v0: Vec3A::from(*a),
                v1: Vec3A::from(*b),
                v2: Vec3A::from(*c),
            })
            .collect();
        let tree = build_bvh2_from_tris(
            &triangles,
            BvhBuildParams::medium_build(),
            &mut Duration::default(),
        );
        let mut builder = Builder {
            corners,
            tree: &tree,
            counts: vec![0; tree.nodes.len()],
            index: &mut index,
        };
        builder.count(0);
        let all = builder.members(0);
        if all.len() <= LEAF_TRIANGLES {
            builder.even(&all);
        } else {
            builder.node(0, 0);
        }
        index
    }

    /// The nearest hit with `t` in `(near, far)`.
    pub fn closest(&self, origin: Vec3, direction: Vec3, near: f32, far: f32) -> Option<Hit> {
        let ray = WideRay::new(origin, direction);
        let mut best = Hit {
            triangle: u32::MAX,
            t: far,
            u: 0.0,
            v: 0.0,
        };
        self.walk(&ray, far, |packet| {
            let (mask, t, u, v) = packet.intersect(&ray, near, best.t);
            if mask != 0 {
                let (t, u, v) = (t.to_array(), u.to_array(), v.to_array());
                for lane in (0..4).filter(|lane| mask >> lane & 1 == 1) {
                    if t[lane] < best.t {
                        best = Hit {
                            triangle: packet.triangles[lane],
                            t: t[lane],
                            u: u[lane],
                            v: v[lane],
                        };
                    }
                }
            }
            Some(best.t)
        });
        (best.triangle != u32::MAX).then_some(best)
    }

    /// Share of light that travels `far` along the ray: 0 behind anything opaque.
    pub fn transmittance(&self, origin: Vec3, direction: Vec3, near: f32, far: f32) -> f32 {
        let ray = WideRay::new(origin, direction);
        let mut left = 1.0_f32;
        self.walk(&ray, far, |packet| {
            let (mask, ..) = packet.intersect(&ray, near, far);
            for lane in (0..4).filter(|lane| mask >> lane & 1 == 1) {
                let triangle = packet.triangles[lane] as usize;
                left *= self.see_through.get(triangle).copied().unwrap_or(0.0);
            }
            (left > 0.0).then_some(far)
        });
        left
    }

    /// Calls `visit` for the packets a ray may meet, nearest boxes first. It returns how far the ray still reaches, or `None`
    /// to end the walk.
    #[inline]
    fn walk(&self, ray: &WideRay, mut far: f32, mut visit: impl FnMut(&Packet) -> Option<f32>) {
        if self.nodes.is_empty() {
            return;
        }
        let mut stack = [(0_u32, 0.0_f32); STACK];
        let mut height = 1;
        while height > 0 {
            height -= 1;
            let (child, enter) = stack[height];
            if enter > far {
                continue;
            }
            if child & LEAF != 0 {
                let first = (child & LEAF_FIRST) as usize;
                let count = (child >> LEAF_COUNT_SHIFT & 0x3f) as usize;
                for packet in &self.packets[first..first + count] {
                    match visit(packet) {
                        Some(reach) => far = reach,
                        None => return,
                    }
                }
                continue;
            }
            let node = &self.nodes[child as usize];
            let (mask, enter) = node.cross(ray, far);
            if mask == 0 {
                continue;
            }
            let enter = enter.to_array();
            let bottom = height;
            for (lane, (&child, &enter)) in node.children.iter().zip(&enter).enumerate() {
                if mask >> lane & 1 == 0 {
                    continue;
                }
                // The nearest comes to lie on top.
                let mut at = height;
                while at > bottom && stack[at - 1].1 < enter {
                    stack[at] = stack[at - 1];
                    at -= 1;
                }
                stack[at] = (child, enter);
                height += 1;
            }
        }
    }
}

/// A ray copied to all lanes.
struct WideRay {
    origin: [Vec4; 3],
    direction: [Vec4; 3],
    inverse: [Vec4; 3],
}

impl WideRay {
    #[inline]
    fn new(origin: Vec3, direction: Vec3) -> Self {
        // A ray along a plane gets a tiny slope, so that no product below is 0 * infinity.
        let inverse = |d: f32| 1.0 / if d.abs() < 1e-18 { 1e-18_f32.copysign(d) } else { d };
        Self {
            origin: origin.to_array().map(Vec4::splat),
            direction: direction.to_array().map(Vec4::splat),
            inverse: direction.to_array().map(|d| Vec4::splat(inverse(d))),
        }
    }
}

impl Node {
    const EMPTY: Self = Self {
        min: [Vec4::ZERO; 3],
        max: [Vec4::ZERO; 3],
        children: [0; 4],
        lanes: 0,
    };

    /// Which boxes the ray crosses before `far`, one bit each, and where it enters them.
    #[inline]
    fn cross(&self, ray: &WideRay, far: f32) -> (u32, Vec4) {
        let (mut enter, mut leave) = (Vec4::ZERO, Vec4::splat(far));
        for axis in 0..3 {
            let a = (self.min[axis] - ray.origin[axis]) * ray.inverse[axis];
            let b = (self.max[axis] - ray.origin[axis]) * ray.inverse[axis];
            enter = enter.max(a.min(b));
            leave = leave.min(a.max(b));
        }
        (enter.cmple(leave * 1.000_001).bitmask() & self.lanes, enter)
    }

    fn set(&mut self, lane: usize, (min, max): (Vec3, Vec3), child: u32) {
        for axis in 0..3 {
            self.min[axis][lane] = min[axis];
            self.max[axis][lane] = max[axis];
        }
        self.children[lane] = child;
        self.lanes |= 1 << lane;
    }
}

impl Packet {
    /// Which triangles the ray meets in `(near, far)`, where, and the weights of their second and third corners
    /// (Möller and Trumbore, "Fast, Minimum Storage Ray/Triangle Intersection", JGT 2.1, 1997).
    #[inline]
    fn intersect(&self, ray: &WideRay, near: f32, far: f32) -> (u32, Vec4, Vec4, Vec4) {
        let [e1, e2] = &self.edges;
        let p = cross(&ray.direction, e2);
        let inverse = Vec4::ONE / dot(e1, &p);
        let to = [0, 1, 2].map(|axis| ray.origin[axis] - self.corner[axis]);
        let u = dot(&to, &p) * inverse;
        let q = cross(&to, e1);
        let v = dot(&ray.direction, &q) * inverse;
        let t = dot(e2, &q) * inverse;
        let rim = Vec4::splat(-RIM);
        // Lanes without a triangle divide 0 by 0, and no comparison with NaN holds.
        let mask = u.cmpge(rim).bitmask()
            & v.cmpge(rim).bitmask()
            & (u + v).cmple(Vec4::splat(1.0 + RIM)).bitmask()
            & t.cmpgt(Vec4::splat(near)).bitmask()
            & t.cmplt(Vec4::splat(far)).bitmask();
        (mask, t, u, v)
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

/// Turns the binary tree into a four-wide one.
struct Builder<'a> {
    corners: &'a [[Vec3; 3]],
    tree: &'a Bvh2,
    /// Triangles below each node of `tree`.
    counts: Vec<u32>,
    index: &'a mut RayIndex,
}

impl Builder<'_> {
    /// Counts the triangles below a node.
    fn count(&mut self, root: usize) {
        // Children may lie anywhere, so a node is settled when it is seen for the second time.
        let mut open = vec![(root, false)];
        while let Some((number, is_settled)) = open.pop() {
            let node = &self.tree.nodes[number];
            let first = node.first_index as usize;
            self.counts[number] = if node.is_leaf() {
                node.prim_count
            } else if is_settled {
                self.counts[first] + self.counts[first + 1]
            } else {
                open.extend([(number, true), (first, false), (first + 1, false)]);
                0
            };
        }
    }

    /// The triangles below a node.
    fn members(&self, root: usize) -> Vec<u32> {
        let (mut open, mut members) = (vec![root], vec![]);
        while let Some(number) = open.pop() {
            let node = &self.tree.nodes[number];
            let first = node.first_index as usize;
            if node.is_leaf() {
                members.extend(&self.tree.primitive_indices[first..first + node.prim_count as usize]);
            } else {
                open.extend([first + 1, first]);
            }
        }
        members
    }

    /// Adds the four-wide node for an inner node of the tree; the largest boxes are opened first.
    fn node(&mut self, root: usize, depth: usize) -> u32 {
        let is_small = |it: &Self, n: usize| it.counts[n] as usize <= LEAF_TRIANGLES;
        let first = self.tree.nodes[root].first_index as usize;
        let mut children = vec![first, first + 1];
        while children.len() < 4 {
            let area = |n: usize| self.tree.nodes[n].aabb().half_area();
            let largest = (0..children.len())
                .filter(|&c| !is_small(self, children[c]) && !self.tree.nodes[children[c]].is_leaf())
                .max_by(|&a, &b| area(children[a]).total_cmp(&area(children[b])));
            let Some(largest) = largest else { break };
            let first = self.tree.nodes[children[largest]].first_index as usize;
            children[largest] = first;
            children.push(first + 1);
        }
        let number = self.index.nodes.len();
        self.index.nodes.push(Node::EMPTY);
        for (lane, child) in children.into_iter().enumerate() {
            let is_leaf = is_small(self, child) || self.tree.nodes[child].is_leaf();
            let reference = if is_leaf || depth >= DEEPEST {
                self.subset(&self.members(child))
            } else {
                self.node(child, depth + 1)
            };
            let bounds = self.tree.nodes[child].aabb();
            self.index.nodes[number].set(lane, (bounds.min.into(), bounds.max.into()), reference);
        }
        number as u32
    }

    /// A leaf, or an even tree where there are too many triangles for one.
    fn subset(&mut self, members: &[u32]) -> u32 {
        if members.len() <= 8 * LEAF_TRIANGLES {
            self.leaf(members)
        } else {
            self.even(members)
        }
    }

    /// A node that splits triangles by their order alone.
    fn even(&mut self, members: &[u32]) -> u32 {
        let number = self.index.nodes.len();
        self.index.nodes.push(Node::EMPTY);
        for (lane, part) in members.chunks(members.len().div_ceil(4).max(1)).enumerate() {
            let reference = self.subset(part);
            let points = part.iter().flat_map(|&t| self.corners[t as usize]);
            let bounds = points.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(min, max), p| {
                (min.min(p), max.max(p))
            });
            self.index.nodes[number].set(lane, bounds, reference);
        }
        number as u32
    }

    fn leaf(&mut self, members: &[u32]) -> u32 {
        let first = self.index.packets.len() as u32;
        for four in members.chunks(4) {
            let mut packet = Packet {
                corner: [Vec4::ZERO; 3],
                edges: [[Vec4::ZERO; 3]; 2],
                triangles: [0; 4],
            };
            for (lane, &triangle) in four.iter().enumerate() {
                let [a, b, c] = self.corners[triangle as usize];
                for axis in 0..3 {
                    packet.corner[axis][lane] = a[axis];
                    packet.edges[0][axis][lane] = b[axis] - a[axis];
                    packet.edges[1][axis][lane] = c[axis] - a[axis];
                }
                packet.triangles[lane] = triangle;
            }
            self.index.packets.push(packet);
        }
        let count = self.index.packets.len() as u32 - first;
        LEAF | count << LEAF_COUNT_SHIFT | first
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

    /// Many small triangles in a cube, some of them the same.
    fn crowd(count: u32) -> Vec<[Vec3; 3]> {
        let number = |i: u32, k: u32| crate::geometry::sampling::unit(crate::geometry::sampling::hash2(i, k));
        let point = |i: u32, k: u32| Vec3::new(number(i, k), number(i, k + 1), number(i, k + 2));
        (0..count)
            .map(|i| {
                let at = point(i % (count - count / 8).max(1), 0) * 2.0;
                [at, at + point(i, 3) * 0.2, at + point(i, 6) * 0.2]
            })
            .collect()
    }

    #[test]
    fn every_ray_finds_what_looking_at_all_triangles_finds() {
        let targets = crowd(1000);
        for count in [1, 3, 5, 40, 700] {
            let corners = crowd(count);
            let index = RayIndex::new(&corners, &vec![0.0; corners.len()]);
            let mut hits = 0;
            for i in 0..400 {
                let [a, b, c] = targets[i];
                let aim = corners[i % corners.len()].iter().sum::<Vec3>() / 3.0;
                let origin = a * 1.5 - Vec3::splat(0.5);
                let mut direction = (aim + (b - c) * 0.3 - origin).normalize();
                if i % 5 == 0 {
                    // Along an axis, where divisions by zero lurk.
                    direction = [Vec3::X, Vec3::NEG_Y, Vec3::Z][i / 5 % 3];
                }
                let plain = corners
                    .iter()
                    .filter_map(|&[a, b, c]| {
                        let normal = (b - a).cross(c - a);
                        let t = normal.dot(a - origin) / normal.dot(direction);
                        let p = origin + direction * t;
                        let inside = [(a, b), (b, c), (c, a)]
                            .iter()
                            .all(|&(from, to)| (to - from).cross(p - from).dot(normal) >= 0.0);
                        (inside && t > 0.0).then_some(t)
                    })
                    .min_by(f32::total_cmp);
                let found = index
                    .closest(origin, direction, 0.0, f32::INFINITY)
                    .map(|hit| hit.t);
                let is_same = match (plain, found) {
                    (Some(a), Some(b)) => (a - b).abs() < 1e-4,
                    (a, b) => a.is_none() && b.is_none(),
                };
                assert!(is_same, "{count} triangles, ray {i}: {plain:?} and {found:?}");
                let left = index.transmittance(origin, direction, 0.0, f32::INFINITY);
                assert_eq!(left == 0.0, found.is_some());
                hits += usize::from(found.is_some());
            }
            assert!(count < 40 || hits > 20, "{hits} rays hit {count} triangles");
        }
    }
}
