//! Knife edges: boxes of a dozen triangles read as computer graphics. Their edges are rounded in the shading normal, over
//! a strip of a few millimetres; the outline stays.

use std::collections::{HashMap, HashSet};

use crate::geometry::Vec3;
use crate::model::import::draft::Draft;

/// Width of the rounded strip on each side of an edge, metres.
const STRIP: f32 = 0.004;
/// A strip takes no more than this share of its triangle's height.
const MAX_SHARE: f32 = 0.25;
/// Faces that meet more bluntly need no rounding.
const SHARP_DEG: f32 = 35.0;
/// Shorter edges are details that would not show, metres.
const LEAST_EDGE: f32 = 0.012;
/// Models with more triangles were modelled with their roundings.
const MOST_TRIANGLES: usize = 6_000;

/// Rounds the sharp edges of a coarse model and says whether it did. Needs complete normals.
pub fn round_edges(draft: &mut Draft) -> bool {
    if draft.triangles.len() > MOST_TRIANGLES {
        return false;
    }
    let places = places(&draft.positions);
    let faces: Vec<Vec3> = draft
        .triangles
        .iter()
        .map(|t| {
            let [a, b, c] = t.map(|i| draft.positions[i as usize]);
            (b - a).cross(c - a).normalize_or_zero()
        })
        .collect();
    let sharp = sharp_edges(draft, &places, &faces);
    if sharp.is_empty() {
        return false;
    }
    let mut around: HashMap<u32, Vec<Vec3>> = HashMap::new();
    for (t, &normal) in draft.triangles.iter().zip(&faces) {
        for &i in t {
            let known = around.entry(places[i as usize]).or_default();
            if known.iter().all(|other| other.dot(normal) < 0.9) {
                known.push(normal);
            }
        }
    }
    let triangles = std::mem::take(&mut draft.triangles);
    let slots = std::mem::take(&mut draft.slots);
    for (number, t) in triangles.iter().enumerate() {
        let slot = slots[number];
        let corners = t.map(|i| draft.positions[i as usize]);
        let double_area = (corners[1] - corners[0]).cross(corners[2] - corners[0]).length();
        // How far edge (i, i + 1) is drawn in, as the weight of the corner across.
        let inset: [f32; 3] = std::array::from_fn(|i| {
            let (from, to) = (t[i], t[(i + 1) % 3]);
            let length = corners[i].distance(corners[(i + 1) % 3]);
            if !sharp.contains(&edge(places[from as usize], places[to as usize])) || length < LEAST_EDGE {
                return 0.0;
            }
            let height = double_area / length;
            (STRIP / height).min(MAX_SHARE)
        });
        if inset == [0.0; 3] {
            draft.triangles.push(*t);
            draft.slots.push(slot);
            continue;
        }
        let inner: [u32; 3] = std::array::from_fn(|i| {
            let (next, last) = ((i + 1) % 3, (i + 2) % 3);
            let mut weights = [0.0; 3];
            weights[last] = inset[i];
            weights[next] = inset[last];
            weights[i] = 1.0 - inset[i] - inset[last];
            blend(draft, *t, weights)
        });
        draft.triangles.push(inner);
        draft.slots.push(slot);
        for i in (0..3).filter(|&i| inset[i] > 0.0) {
            let next = (i + 1) % 3;
            let [a, b] = [i, next].map(|corner| {
                let vertex = t[corner] as usize;
                let rounded: Vec3 = around[&places[vertex]]
                    .iter()
                    .filter(|other| other.dot(faces[number]) > -0.1)
                    .sum();
                draft.positions.push(draft.positions[vertex]);
                draft.uvs.push(draft.uvs[vertex]);
                draft.normals.push(rounded.normalize_or(faces[number]));
                (draft.positions.len() - 1) as u32
            });
            draft.triangles.push([a, b, inner[next]]);
            draft.triangles.push([a, inner[next], inner[i]]);
            draft.slots.extend([slot, slot]);
        }
    }
    true
}

/// A new vertex within a triangle.
fn blend(draft: &mut Draft, t: [u32; 3], weights: [f32; 3]) -> u32 {
    let [a, b, c] = t.map(|i| i as usize);
    let [u, v, w] = weights;
    let position = draft.positions[a] * u + draft.positions[b] * v + draft.positions[c] * w;
    let normal = draft.normals[a] * u + draft.normals[b] * v + draft.normals[c] * w;
    let uv = draft.uvs[a] * u + draft.uvs[b] * v + draft.uvs[c] * w;
    draft.positions.push(position);
    draft.normals.push(normal.normalize_or(draft.normals[a]));
    draft.uvs.push(uv);
    (draft.positions.len() - 1) as u32
}

fn edge(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

/// Equal numbers for vertices at the same place.
pub(super) fn places(positions: &[Vec3]) -> Vec<u32> {
    let mut known: HashMap<[i32; 3], u32> = HashMap::with_capacity(positions.len());
    positions
        .iter()
        .map(|p| {
            let key = p.to_array().map(|v| (v * 20_000.0).round() as i32);
            let next = known.len() as u32;
            *known.entry(key).or_insert(next)
        })
        .collect()
}

/// Edges between exactly two faces that meet sharply.
fn sharp_edges(draft: &Draft, places: &[u32], faces: &[Vec3]) -> HashSet<(u32, u32)> {
    let limit = SHARP_DEG.to_radians().cos();
    let mut owners: HashMap<(u32, u32), Vec<u32>> = HashMap::new();
    for (number, t) in draft.triangles.iter().enumerate() {
        for i in 0..3 {
            let key = edge(places[t[i] as usize], places[t[(i + 1) % 3] as usize]);
            owners.entry(key).or_default().push(number as u32);
        }
    }
    owners
        .into_iter()
        .filter(|(_, faces_of)| match faces_of[..] {
            // Two sides of one sheet are no edge of a solid.
            [a, b] => {
                let cosine = faces[a as usize].dot(faces[b as usize]);
                cosine < limit && cosine > -0.95
            }
            _ => false,
        })
        .map(|(key, _)| key)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Vec2;
    use crate::model::import::repair::complete_normals;

    /// A box of eight corners and twelve triangles.
    fn cube(half: f32) -> Draft {
        let positions: Vec<Vec3> = (0..8)
            .map(|i| Vec3::new((i & 1) as f32, (i >> 1 & 1) as f32, (i >> 2 & 1) as f32) * 2.0 * half)
            .collect();
        let quads = [
            [0, 4, 6, 2],
            [1, 3, 7, 5],
            [0, 1, 5, 4],
            [2, 6, 7, 3],
            [0, 2, 3, 1],
            [4, 5, 7, 6],
        ];
        let triangles: Vec<[u32; 3]> = quads
            .iter()
            .flat_map(|[a, b, c, d]| [[*a, *b, *c], [*a, *c, *d]])
            .collect();
        Draft {
            normals: vec![Vec3::ZERO; 8],
            uvs: vec![Vec2::ZERO; 8],
            slots: vec![0; triangles.len()],
            positions,
            triangles,
            materials: vec![],
        }
    }

    #[test]
    fn the_knife_edge_of_a_box_turns_gradually() {
        let mut draft = cube(0.3);
        complete_normals(&mut draft);
        let area = |draft: &Draft| -> f32 {
            let corner = |i: u32| draft.positions[i as usize];
            let double = |t: &[u32; 3]| {
                (corner(t[1]) - corner(t[0]))
                    .cross(corner(t[2]) - corner(t[0]))
                    .length()
            };
            draft.triangles.iter().map(double).sum()
        };
        let before = area(&draft);
        assert!(
            draft
                .normals
                .iter()
                .all(|n| n.max_element().max(-n.min_element()) > 0.999),
            "flat to the edge"
        );
        assert!(round_edges(&mut draft));
        assert!(
            (area(&draft) - before).abs() < 1e-4,
            "the solid keeps its surface"
        );
        let slanted = draft
            .positions
            .iter()
            .zip(&draft.normals)
            .filter(|(_, n)| n.abs().max_element() < 0.9);
        let on_edges = slanted.clone().all(|(p, _)| {
            let at_rim = p
                .to_array()
                .iter()
                .filter(|&&v| !(1e-5..=0.6 - 1e-5).contains(&v))
                .count();
            at_rim >= 2
        });
        assert!(slanted.count() >= 24 && on_edges);
    }
}
