//! Meshes made for close-ups: thinned until a room full of them is traced in a second.
//!
//! Edges collapse onto one of their ends, cheapest first by the quadric error of Garland and Heckbert ("Surface
//! Simplification Using Quadric Error Metrics", SIGGRAPH 1997). Since no vertex moves, texture coordinates stay true.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::bevel::places;
use crate::geometry::DVec3;
use crate::model::import::draft::Draft;

/// Squared distances to planes, summed: a symmetric 4 × 4 matrix as its ten numbers.
#[derive(Debug, Clone, Copy, Default)]
struct Quadric([f64; 10]);

impl Quadric {
    fn plane(normal: DVec3, through: DVec3, weight: f64) -> Self {
        let (a, b, c, d) = (normal.x, normal.y, normal.z, -normal.dot(through));
        Self(
            [
                a * a,
                a * b,
                a * c,
                a * d,
                b * b,
                b * c,
                b * d,
                c * c,
                c * d,
                d * d,
            ]
            .map(|v| v * weight),
        )
    }

    fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a += b);
    }

    fn at(&self, p: DVec3) -> f64 {
        let q = &self.0;
        let (x, y, z) = (p.x, p.y, p.z);
        q[0] * x * x
            + 2.0 * (q[1] * x * y + q[2] * x * z + q[3] * x)
            + q[4] * y * y
            + 2.0 * (q[5] * y * z + q[6] * y)
            + q[7] * z * z
            + 2.0 * q[8] * z
            + q[9]
    }
}

/// How much dearer than the surface its open rims and the borders of its materials are.
const RIM_WEIGHT: f64 = 4.0;

struct Mesh {
    /// Place of each vertex.
    place: Vec<u32>,
    at: Vec<DVec3>,
    quadrics: Vec<Quadric>,
    /// Counts the changes of a place, so that old offers are recognised.
    version: Vec<u32>,
    faces: Vec<[u32; 3]>,
    alive: Vec<bool>,
    around: Vec<Vec<u32>>,
}

/// Thins a model to about `target` triangles and says how many are left. Normals of what remains are cleared.
pub fn simplify(draft: &mut Draft, target: usize) -> usize {
    if draft.triangles.len() <= target {
        return draft.triangles.len();
    }
    let mut mesh = Mesh::new(draft);
    let mut left = mesh.alive.iter().filter(|&&is| is).count();
    let mut offers = BinaryHeap::new();
    for place in 0..mesh.at.len() as u32 {
        mesh.offer(place, &mut offers, true);
    }
    while left > target {
        let Some(Reverse((_, from, to, stamp))) = offers.pop() else {
            break;
        };
        if stamp == mesh.stamp(from, to) && mesh.may_collapse(from, to) {
            left -= mesh.collapse(from, to, draft);
            mesh.offer(to, &mut offers, false);
        }
    }
    let Mesh { faces, alive, .. } = mesh;
    let keep = |number: &usize| alive[*number];
    draft.slots = (0..faces.len()).filter(keep).map(|i| draft.slots[i]).collect();
    draft.triangles = (0..faces.len()).filter(keep).map(|i| faces[i]).collect();
    compact(draft);
    draft.triangles.len()
}

/// Costs compare as integers: they are never negative.
type Offer = Reverse<(u64, u32, u32, u64)>;

impl Mesh {
    fn new(draft: &Draft) -> Self {
        let place = places(&draft.positions);
        let count = place.iter().max().map_or(0, |&last| last as usize + 1);
        let mut mesh = Self {
            at: vec![DVec3::ZERO; count],
            quadrics: vec![Quadric::default(); count],
            version: vec![0; count],
            faces: draft.triangles.clone(),
            alive: vec![true; draft.triangles.len()],
            around: vec![Vec::new(); count],
            place,
        };
        for (vertex, &place) in mesh.place.iter().enumerate() {
            mesh.at[place as usize] = draft.positions[vertex].as_dvec3();
        }
        let mut rims: HashMap<(u32, u32), (u32, u16, bool)> = HashMap::new();
        for (number, t) in draft.triangles.iter().enumerate() {
            let p = t.map(|i| mesh.place[i as usize]);
            if p[0] == p[1] || p[1] == p[2] || p[2] == p[0] {
                mesh.alive[number] = false;
                continue;
            }
            let (normal, area) = mesh.normal_and_area(p);
            let quadric = Quadric::plane(normal, mesh.at[p[0] as usize], area);
            for i in 0..3 {
                mesh.quadrics[p[i] as usize].add(&quadric);
                mesh.around[p[i] as usize].push(number as u32);
                let (a, b) = (p[i].min(p[(i + 1) % 3]), p[i].max(p[(i + 1) % 3]));
                rims.entry((a, b))
                    .and_modify(|(count, slot, mixed)| {
                        *count += 1;
                        *mixed |= *slot != draft.slots[number];
                    })
                    .or_insert((1, draft.slots[number], false));
            }
        }
        for number in (0..draft.triangles.len()).filter(|&n| mesh.alive[n]) {
            let p = draft.triangles[number].map(|i| mesh.place[i as usize]);
            let (normal, _) = mesh.normal_and_area(p);
            for i in 0..3 {
                let (a, b) = (p[i], p[(i + 1) % 3]);
                let (count, _, mixed) = rims[&(a.min(b), a.max(b))];
                if count == 1 || mixed {
                    let along = mesh.at[b as usize] - mesh.at[a as usize];
                    let wall = along.cross(normal).normalize_or_zero();
                    let weight = along.length_squared() * RIM_WEIGHT;
                    let quadric = Quadric::plane(wall, mesh.at[a as usize], weight);
                    mesh.quadrics[a as usize].add(&quadric);
                    mesh.quadrics[b as usize].add(&quadric);
                }
            }
        }
        mesh
    }

    fn normal_and_area(&self, p: [u32; 3]) -> (DVec3, f64) {
        let [a, b, c] = p.map(|i| self.at[i as usize]);
        let cross = (b - a).cross(c - a);
        (cross.normalize_or_zero(), cross.length() * 0.5)
    }

    fn places_of(&self, face: u32) -> [u32; 3] {
        self.faces[face as usize].map(|i| self.place[i as usize])
    }

    fn stamp(&self, from: u32, to: u32) -> u64 {
        u64::from(self.version[from as usize]) << 32 | u64::from(self.version[to as usize])
    }

    /// Puts the collapses of a place's edges on the heap; `upwards` takes each edge from one end only.
    fn offer(&self, place: u32, offers: &mut BinaryHeap<Offer>, upwards: bool) {
        let mut neighbours: Vec<u32> = self.around[place as usize]
            .iter()
            .flat_map(|&face| self.places_of(face))
            .filter(|&other| if upwards { other > place } else { other != place })
            .collect();
        neighbours.sort_unstable();
        neighbours.dedup();
        for other in neighbours {
            let mut sum = self.quadrics[place as usize];
            sum.add(&self.quadrics[other as usize]);
            let length = self.at[place as usize].distance_squared(self.at[other as usize]);
            for (from, to) in [(place, other), (other, place)] {
                // A little for the length, so that flat regions thin evenly.
                let cost = sum.at(self.at[to as usize]).max(0.0) + 1e-7 * length;
                offers.push(Reverse((cost.to_bits(), from, to, self.stamp(from, to))));
            }
        }
    }

    /// Whether no face would fold over.
    fn may_collapse(&self, from: u32, to: u32) -> bool {
        self.around[from as usize].iter().all(|&face| {
            let p = self.places_of(face);
            if p.contains(&to) {
                return true;
            }
            let (before, _) = self.normal_and_area(p);
            let (after, area) = self.normal_and_area(p.map(|i| if i == from { to } else { i }));
            area > 1e-12 && before.dot(after) > 0.25
        })
    }

    /// Moves a place onto its neighbour; returns how many faces vanish.
    fn collapse(&mut self, from: u32, to: u32, draft: &Draft) -> usize {
        let faces = std::mem::take(&mut self.around[from as usize]);
        // Each vertex at the old place goes to the vertex of the same patch at the new one.
        let mut goes: Vec<(u32, u32)> = Vec::new();
        let mut vanished = 0;
        for &face in &faces {
            let t = self.faces[face as usize];
            let at = |place: u32| t.into_iter().find(|&i| self.place[i as usize] == place);
            if let (Some(old), Some(new)) = (at(from), at(to)) {
                goes.push((old, new));
                self.alive[face as usize] = false;
                vanished += 1;
            }
        }
        for &face in faces.iter().filter(|&&face| self.alive[face as usize]) {
            for i in 0..3 {
                let old = self.faces[face as usize][i];
                if self.place[old as usize] != from {
                    continue;
                }
                let nearest = |a: &&(u32, u32), b: &&(u32, u32)| {
                    let far = |v: u32| draft.uvs[v as usize].distance_squared(draft.uvs[old as usize]);
                    (a.0 != old)
                        .cmp(&(b.0 != old))
                        .then(far(a.1).total_cmp(&far(b.1)))
                        .then(a.1.cmp(&b.1))
                };
                if let Some(&(_, new)) = goes.iter().min_by(nearest) {
                    self.faces[face as usize][i] = new;
                }
            }
            self.around[to as usize].push(face);
        }
        // Faces that vanished must leave all their corners.
        let alive = &self.alive;
        let mut touched: Vec<u32> = faces
            .iter()
            .filter(|&&face| !alive[face as usize])
            .flat_map(|&face| self.faces[face as usize].map(|i| self.place[i as usize]))
            .collect();
        touched.push(to);
        touched.sort_unstable();
        touched.dedup();
        for place in touched {
            self.around[place as usize].retain(|&face| alive[face as usize]);
        }
        let moved = self.quadrics[from as usize];
        self.quadrics[to as usize].add(&moved);
        self.version[to as usize] += 1;
        self.version[from as usize] += 1;
        vanished
    }
}

/// Drops vertices no triangle uses any more and the normals of the others.
fn compact(draft: &mut Draft) {
    let mut number = vec![u32::MAX; draft.positions.len()];
    let (mut positions, mut uvs) = (Vec::new(), Vec::new());
    for corner in draft.triangles.iter_mut().flatten() {
        let old = *corner as usize;
        if number[old] == u32::MAX {
            number[old] = positions.len() as u32;
            positions.push(draft.positions[old]);
            uvs.push(draft.uvs[old]);
        }
        *corner = number[old];
    }
    draft.normals = vec![crate::geometry::Vec3::ZERO; positions.len()];
    draft.positions = positions;
    draft.uvs = uvs;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Vec2, Vec3};

    fn ball(n: usize) -> Draft {
        let mut draft = Draft::default();
        for j in 0..=n {
            for i in 0..=2 * n {
                let (u, v) = (i as f32 / (2 * n) as f32, j as f32 / n as f32);
                let (s, c) = (u * std::f32::consts::TAU).sin_cos();
                let (ring, height) = (v * std::f32::consts::PI).sin_cos();
                draft.positions.push(Vec3::new(ring * c, height, ring * s));
                draft.uvs.push(Vec2::new(u, v));
            }
        }
        let at = |i: usize, j: usize| (j * (2 * n + 1) + i) as u32;
        for j in 0..n {
            for i in 0..2 * n {
                draft.triangles.push([at(i, j), at(i + 1, j), at(i + 1, j + 1)]);
                draft.triangles.push([at(i, j), at(i + 1, j + 1), at(i, j + 1)]);
            }
        }
        draft.normals = vec![Vec3::ZERO; draft.positions.len()];
        draft.slots = vec![0; draft.triangles.len()];
        draft
    }

    #[test]
    fn a_ball_of_twenty_thousand_triangles_stays_round_with_a_tenth() {
        let mut draft = ball(72);
        assert!(draft.triangles.len() > 20_000);
        let left = simplify(&mut draft, 2_000);
        assert!((1_900..=2_000).contains(&left), "{left}");
        let worst = draft
            .triangles
            .iter()
            .map(|t| t.map(|i| draft.positions[i as usize]).iter().sum::<Vec3>() / 3.0)
            .map(|centre| (1.0 - centre.length()).abs())
            .fold(0.0, f32::max);
        assert!(worst < 0.02, "{worst}");
        // Texture coordinates still say where on the ball they are.
        let strayed = draft
            .positions
            .iter()
            .zip(&draft.uvs)
            .filter(|(p, uv)| ((uv.y * std::f32::consts::PI).cos() - p.y).abs() > 0.02)
            .count();
        assert_eq!(strayed, 0);
    }
}
