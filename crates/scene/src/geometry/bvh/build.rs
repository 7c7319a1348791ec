//! From triangles to the eight-wide tree.
//!
//! obvhs makes a good binary tree; which of its nodes survive is chosen so that the expected cost of a ray is least (Ylitie,
//! Karras and Laine, "Efficient Incoherent Ray Traversal on GPUs Through Compressed Wide BVHs", HPG 2017, section 3.1).

use std::time::Duration;

use glam::Vec3A;
use obvhs::BvhBuildParams;
use obvhs::bvh2::Bvh2;
use obvhs::bvh2::builder::build_bvh2_from_tris;
use obvhs::triangle::Triangle;

use super::node::{Node, Packet};
use super::{LEAF, LEAF_COUNT_SHIFT, RayIndex};
use crate::geometry::Vec3;

/// Triangles per leaf at most, and the cost of testing four of them in units of testing eight boxes.
const LARGEST_LEAF: usize = 16;
const PACKET_COST: f32 = 0.4;
/// From this depth on a tree is split evenly, so that the walk's stack always suffices.
const DEEPEST: usize = 12;
/// Triangles of an even leaf at most.
const EVEN_LEAF: usize = 32;

/// Turns the binary tree into an eight-wide one.
pub(super) struct Builder<'a> {
    corners: &'a [[Vec3; 3]],
    tree: Bvh2,
    plans: Vec<Plan>,
    index: &'a mut RayIndex,
}

/// The cheapest ways to put all triangles below a binary node into 1 to 8 children of a wide one.
#[derive(Clone, Copy, Default)]
struct Plan {
    triangles: u32,
    cost: [f32; 8],
    /// Children (`i + 1` of them allowed) that the left side gets, 0 where fewer in all are as cheap; the first is how a node
    /// of its own would divide its eight, 0 for a leaf.
    left: [u8; 8],
}

/// Adds all triangles to an empty index.
pub(super) fn build(corners: &[[Vec3; 3]], index: &mut RayIndex) {
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
        plans: vec![Plan::default(); tree.nodes.len()],
        tree,
        index,
    };
    builder.plan();
    if builder.plans[0].left[0] == 0 {
        builder.even(&builder.members(0));
    } else {
        builder.node(0, 0);
    }
}

impl Builder<'_> {
    /// The two children of a binary node, or `None` for a leaf.
    fn children(&self, number: usize) -> Option<(usize, usize)> {
        let node = &self.tree.nodes[number];
        let first = node.first_index as usize;
        (!node.is_leaf()).then_some((first, first + 1))
    }

    /// Plans all nodes, children before parents.
    fn plan(&mut self) {
        let (mut open, mut order) = (vec![0], vec![]);
        while let Some(number) = open.pop() {
            order.push(number);
            open.extend(self.children(number).into_iter().flat_map(|(a, b)| [a, b]));
        }
        for &number in order.iter().rev() {
            self.plans[number] = self.planned(number);
        }
    }

    fn planned(&self, number: usize) -> Plan {
        let node = &self.tree.nodes[number];
        let area = node.aabb().half_area();
        let leaf_cost = |triangles: u32| area * triangles.div_ceil(4) as f32 * PACKET_COST;
        let Some((a, b)) = self.children(number) else {
            return Plan {
                triangles: node.prim_count,
                cost: [leaf_cost(node.prim_count); 8],
                left: [0; 8],
            };
        };
        let (a, b) = (&self.plans[a], &self.plans[b]);
        let divided = |count: usize| {
            let ways = (1..count).map(|left| (a.cost[left - 1] + b.cost[count - left - 1], left as u8));
            ways.min_by(|one, other| one.0.total_cmp(&other.0))
                .expect("two or more can be divided")
        };
        let triangles = a.triangles + b.triangles;
        let mut plan = Plan {
            triangles,
            ..Plan::default()
        };
        let (inner, left) = divided(8);
        let is_leaf = triangles as usize <= LARGEST_LEAF && leaf_cost(triangles) <= area + inner;
        (plan.cost[0], plan.left[0]) = if is_leaf {
            (leaf_cost(triangles), 0)
        } else {
            (area + inner, left)
        };
        for count in 2..=8 {
            let (cost, left) = divided(count);
            (plan.cost[count - 1], plan.left[count - 1]) = if cost < plan.cost[count - 2] {
                (cost, left)
            } else {
                (plan.cost[count - 2], 0)
            };
        }
        plan
    }

    /// Collects the `count` or fewer nodes below (or at) `number` that become children.
    fn divide(&self, number: usize, count: usize, into: &mut Vec<usize>) {
        let count = (2..=count)
            .rev()
            .find(|&count| self.plans[number].left[count - 1] > 0)
            .unwrap_or(1);
        match self.children(number) {
            Some((a, b)) if count > 1 => {
                let left = usize::from(self.plans[number].left[count - 1]);
                self.divide(a, left, into);
                self.divide(b, count - left, into);
            }
            _ => into.push(number),
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

    /// Adds the wide node for an inner node of the tree.
    fn node(&mut self, root: usize, depth: usize) -> u32 {
        let mut children = vec![];
        if let Some((a, b)) = self.children(root) {
            let left = usize::from(self.plans[root].left[0]);
            self.divide(a, left, &mut children);
            self.divide(b, 8 - left, &mut children);
        }
        let number = self.index.nodes.len();
        self.index.nodes.push(Node::EMPTY);
        for child in children {
            let reference = if self.plans[child].left[0] == 0 || depth >= DEEPEST {
                self.subset(&self.members(child))
            } else {
                self.node(child, depth + 1)
            };
            let bounds = self.tree.nodes[child].aabb();
            self.index.nodes[number].push((bounds.min.into(), bounds.max.into()), reference);
        }
        number as u32
    }

    /// A leaf, or an even tree where there are too many triangles for one.
    fn subset(&mut self, members: &[u32]) -> u32 {
        if members.len() <= EVEN_LEAF {
            self.leaf(members)
        } else {
            self.even(members)
        }
    }

    /// A node that splits triangles by their order alone.
    fn even(&mut self, members: &[u32]) -> u32 {
        let number = self.index.nodes.len();
        self.index.nodes.push(Node::EMPTY);
        for part in members.chunks(members.len().div_ceil(8).max(4)) {
            let reference = self.subset(part);
            let points = part.iter().flat_map(|&t| self.corners[t as usize]);
            let bounds = points.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(min, max), p| {
                (min.min(p), max.max(p))
            });
            self.index.nodes[number].push(bounds, reference);
        }
        number as u32
    }

    fn leaf(&mut self, members: &[u32]) -> u32 {
        let first = self.index.packets.len() as u32;
        for four in members.chunks(4) {
            let mut packet = Packet::EMPTY;
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
