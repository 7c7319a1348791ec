//! Pieces of surface that shapes return and builders join: positions, normals, metre-true uvs, triangles.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::geometry::{Mat3, Vec2, Vec3};
use crate::model::noise::noise3;

/// Faces that meet at less than this angle are shaded as one smooth surface.
pub const CREASE_DEG: f32 = 42.0;

/// A surface under construction.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub positions: Vec<Vec3>,
    pub normals: Vec<Vec3>,
    pub uvs: Vec<Vec2>,
    pub triangles: Vec<[u32; 3]>,
}

impl Part {
    /// A grid of `(nu + 1) × (nv + 1)` points, with uvs measured along the surface and smooth normals.
    pub fn grid(nu: usize, nv: usize, point: impl Fn(f32, f32) -> Vec3) -> Self {
        let mut part = Self::default();
        let at = |i: usize, j: usize| j * (nu + 1) + i;
        for j in 0..=nv {
            for i in 0..=nu {
                part.positions
                    .push(point(i as f32 / nu as f32, j as f32 / nv as f32));
            }
        }
        part.uvs = vec![Vec2::ZERO; part.positions.len()];
        let middle = nv / 2;
        for j in 0..=nv {
            for i in 0..=nu {
                let u = if i == 0 {
                    0.0
                } else {
                    part.uvs[at(i - 1, j)].x
                        + part.positions[at(i, middle)].distance(part.positions[at(i - 1, middle)])
                };
                let v = if j == 0 {
                    0.0
                } else {
                    part.uvs[at(i, j - 1)].y + part.positions[at(i, j)].distance(part.positions[at(i, j - 1)])
                };
                part.uvs[at(i, j)] = Vec2::new(u, v);
            }
        }
        for j in 0..nv {
            for i in 0..nu {
                let (a, b, c, d) = (at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1));
                part.triangles.push([a as u32, b as u32, c as u32]);
                part.triangles.push([a as u32, c as u32, d as u32]);
            }
        }
        part.drop_slivers();
        part.smooth(75.0)
    }

    pub fn moved(mut self, x: f32, y: f32, z: f32) -> Self {
        let by = Vec3::new(x, y, z);
        self.positions.iter_mut().for_each(|p| *p += by);
        self
    }

    fn transformed(mut self, by: Mat3) -> Self {
        self.positions.iter_mut().for_each(|p| *p = by * *p);
        self.normals.iter_mut().for_each(|n| *n = by * *n);
        self
    }

    /// Turns about the X axis: positive tips the top towards the front.
    pub fn turned_x(self, degrees: f32) -> Self {
        self.transformed(Mat3::from_rotation_x(degrees.to_radians()))
    }

    pub fn turned_y(self, degrees: f32) -> Self {
        self.transformed(Mat3::from_rotation_y(degrees.to_radians()))
    }

    pub fn turned_z(self, degrees: f32) -> Self {
        self.transformed(Mat3::from_rotation_z(degrees.to_radians()))
    }

    /// The mirror image about x = 0.
    pub fn mirrored(mut self) -> Self {
        for vector in self.positions.iter_mut().chain(self.normals.iter_mut()) {
            vector.x = -vector.x;
        }
        for triangle in &mut self.triangles {
            triangle.swap(1, 2);
        }
        self
    }

    /// Moves every point by a function and shades the result anew.
    pub fn deformed(mut self, change: impl Fn(Vec3) -> Vec3) -> Self {
        self.positions.iter_mut().for_each(|p| *p = change(*p));
        self.smooth(CREASE_DEG)
    }

    /// Pushes the surface in and out along its normals, so that looped cloth has no ruler-straight outline: `amount`
    /// metres, in knots of `size` metres.
    pub fn nubbed(mut self, amount: f32, size: f32, seed: u32) -> Self {
        for (p, n) in self.positions.iter_mut().zip(&self.normals) {
            *p += *n * (amount * noise3(*p / size, seed));
        }
        self.smooth(CREASE_DEG)
    }

    pub fn joined(mut self, other: Self) -> Self {
        let base = self.positions.len() as u32;
        self.positions.extend(other.positions);
        self.normals.extend(other.normals);
        self.uvs.extend(other.uvs);
        self.triangles
            .extend(other.triangles.iter().map(|t| t.map(|i| i + base)));
        self
    }

    /// Removes triangles without area (poles of grids).
    fn drop_slivers(&mut self) {
        let positions = &self.positions;
        self.triangles.retain(|t| {
            let [a, b, c] = t.map(|i| positions[i as usize]);
            (b - a).cross(c - a).length_squared() > 1e-16
        });
    }

    /// Area-weighted vertex normals over welded positions; edges sharper than the crease stay sharp.
    pub fn smooth(mut self, crease_deg: f32) -> Self {
        let limit = crease_deg.to_radians().cos();
        let faces: Vec<Vec3> = self
            .triangles
            .iter()
            .map(|t| {
                let [a, b, c] = t.map(|i| self.positions[i as usize]);
                (b - a).cross(c - a)
            })
            .collect();
        let units: Vec<Vec3> = faces.iter().map(|f| f.normalize_or_zero()).collect();

        // Vertices at the same place are one corner of the solid, whatever face or uv seam they belong to.
        let mut places: HashMap<[i32; 3], u32, BuildHasherDefault<PlaceHasher>> = HashMap::default();
        let place_of: Vec<u32> = self
            .positions
            .iter()
            .map(|p| {
                let key = [p.x, p.y, p.z].map(|v| (v * 20_000.0).round() as i32);
                let next = places.len() as u32;
                *places.entry(key).or_insert(next)
            })
            .collect();
        let mut start = vec![0u32; places.len() + 1];
        for t in &self.triangles {
            for i in t {
                start[place_of[*i as usize] as usize + 1] += 1;
            }
        }
        for i in 1..start.len() {
            start[i] += start[i - 1];
        }
        let mut incident = vec![0u32; self.triangles.len() * 3];
        let mut fill = start.clone();
        for (face, t) in self.triangles.iter().enumerate() {
            for i in t {
                let place = place_of[*i as usize] as usize;
                incident[fill[place] as usize] = face as u32;
                fill[place] += 1;
            }
        }

        let count = self.positions.len();
        let mut normals = vec![Vec3::ZERO; count];
        let mut splits: HashMap<(u32, [i32; 3]), u32, BuildHasherDefault<PlaceHasher>> = HashMap::default();
        let mut triangles = std::mem::take(&mut self.triangles);
        for (face, t) in triangles.iter_mut().enumerate() {
            for corner in t.iter_mut() {
                let vertex = *corner as usize;
                let place = place_of[vertex] as usize;
                let around = &incident[start[place] as usize..start[place + 1] as usize];
                let mut sum = Vec3::ZERO;
                for &other in around {
                    if units[other as usize].dot(units[face]) > limit {
                        sum += faces[other as usize];
                    }
                }
                let normal = sum.normalize_or(if units[face] == Vec3::ZERO {
                    Vec3::Y
                } else {
                    units[face]
                });
                if normals[vertex] == Vec3::ZERO {
                    normals[vertex] = normal;
                } else if normals[vertex].dot(normal) < 0.9995 {
                    let key = (
                        vertex as u32,
                        [normal.x, normal.y, normal.z].map(|v| (v * 200.0).round() as i32),
                    );
                    let next = self.positions.len() as u32;
                    let index = *splits.entry(key).or_insert(next);
                    if index == next {
                        self.positions.push(self.positions[vertex]);
                        self.uvs.push(self.uvs[vertex]);
                        normals.push(normal);
                    }
                    *corner = index;
                }
            }
        }
        for normal in &mut normals {
            if *normal == Vec3::ZERO {
                *normal = Vec3::Y;
            }
        }
        self.triangles = triangles;
        self.normals = normals;
        self
    }
}

/// Hashes the few integers of a place; the default hasher is several times slower and nothing here is hostile.
#[derive(Default)]
struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(4) {
            let mut word = [0u8; 4];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u32(u32::from_le_bytes(word));
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.0 = (self.0.rotate_left(23) ^ u64::from(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_i32(&mut self, word: i32) {
        self.write_u32(word as u32);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u32(word as u32);
    }
}
