//! Meshes of cut cloth: sheets with a smooth outline, ribbons, threads.

use std::collections::HashMap;

use crate::furnish::{Kind, Placement};
use crate::geometry::{DVec3, Mesh, Vec2, Vec3};
use crate::model::part::Part;
use crate::model::shapes::tube;
use crate::model::{Material, Piece};

/// Joins parts in the coordinates they have.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    mesh: Mesh,
    materials: Vec<Material>,
}

impl Assembly {
    pub(super) fn add(&mut self, material: &Material, part: Part) {
        let known = self.materials.iter().position(|m| m == material);
        let number = known.unwrap_or_else(|| {
            self.materials.push(material.clone());
            self.materials.len() - 1
        });
        let base = self.mesh.positions.len() as u32;
        self.mesh.positions.extend(part.positions);
        self.mesh.normals.extend(part.normals);
        self.mesh.uvs.extend(part.uvs);
        self.mesh
            .materials
            .extend(std::iter::repeat_n(number as u16, part.triangles.len()));
        self.mesh
            .triangles
            .extend(part.triangles.iter().map(|t| t.map(|i| i + base)));
    }

    pub(super) fn piece(self, name: &str) -> Piece {
        Piece {
            kind: Kind::Art,
            name: name.to_owned(),
            size: self.mesh.bounds().size(),
            mesh: self.mesh,
            materials: self.materials,
        }
    }

    /// The piece where it is in the set.
    pub(super) fn placed(self, name: &str) -> Placement {
        placed(self.piece(name), Vec3::ZERO, 0.0)
    }
}

/// A piece in the set; yaw as of [`Placement`].
pub(super) fn placed(piece: Piece, at: Vec3, yaw_deg: f64) -> Placement {
    Placement {
        piece,
        position: DVec3::new(f64::from(at.x), f64::from(-at.y), f64::from(-at.z)),
        yaw_deg,
        source: None,
    }
}

/// Distance from a point to a closed outline, positive inside.
pub(super) fn depth_in(outline: &[Vec2], p: Vec2) -> f32 {
    let mut nearest = f32::INFINITY;
    let mut is_inside = false;
    for (i, &a) in outline.iter().enumerate() {
        let b = outline[(i + 1) % outline.len()];
        let along = b - a;
        let share = ((p - a).dot(along) / along.length_squared().max(1e-12)).clamp(0.0, 1.0);
        nearest = nearest.min(p.distance_squared(a + along * share));
        if (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x {
            is_inside = !is_inside;
        }
    }
    if is_inside {
        nearest.sqrt()
    } else {
        -nearest.sqrt()
    }
}

/// Everything inside of an outline as a mesh of cells; `point` bends it and uvs are the flat places. A cell that the
/// outline crosses is cut where it crosses, so that edges are smooth.
pub(super) fn sheet(outline: &[Vec2], cell: f32, point: impl Fn(Vec2) -> Vec3) -> Part {
    let (mut low, mut high) = (Vec2::INFINITY, Vec2::NEG_INFINITY);
    for &p in outline {
        (low, high) = (low.min(p), high.max(p));
    }
    low -= cell * 0.37;
    let size = high - low;
    let (columns, rows) = (
        (size.x / cell).ceil() as usize + 2,
        (size.y / cell).ceil() as usize + 2,
    );
    let place = |i: usize, j: usize| low + Vec2::new(i as f32, j as f32) * cell;
    let depths: Vec<f32> = (0..columns * rows)
        .map(|n| depth_in(outline, place(n % columns, n / columns)))
        .collect();
    let mut part = Part::default();
    // Corners by their node, cuts by the two nodes they lie between.
    let mut known: HashMap<(usize, usize), u32> = HashMap::new();
    for j in 0..rows - 1 {
        for i in 0..columns - 1 {
            let ring = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
            let mut corners: Vec<u32> = Vec::with_capacity(6);
            for k in 0..4 {
                let ((ai, aj), (bi, bj)) = (ring[k], ring[(k + 1) % 4]);
                let (a, b) = (aj * columns + ai, bj * columns + bi);
                let (da, db) = (depths[a], depths[b]);
                let mut take = |key: (usize, usize), flat: Vec2| {
                    *known.entry(key).or_insert_with(|| {
                        part.positions.push(point(flat));
                        part.uvs.push(flat);
                        part.positions.len() as u32 - 1
                    })
                };
                if da > 0.0 {
                    corners.push(take((a, a), place(ai, aj)));
                }
                if (da > 0.0) != (db > 0.0) {
                    let share = (da / (da - db)).clamp(0.02, 0.98);
                    corners.push(take(
                        (a.min(b), a.max(b)),
                        place(ai, aj).lerp(place(bi, bj), share),
                    ));
                }
            }
            for k in 1..corners.len().saturating_sub(1) {
                part.triangles.push([corners[0], corners[k], corners[k + 1]]);
            }
        }
    }
    part.smooth(80.0)
}

/// A band along a path, `width` wide in the plane across `up`, bulging `bulge` towards it. uvs run along and across.
pub(super) fn ribbon(path: &[Vec3], up: Vec3, width: f32, bulge: f32) -> Part {
    const ACROSS: usize = 6;
    let side = |i: usize| {
        let before = path[i.saturating_sub(1)];
        let after = path[(i + 1).min(path.len() - 1)];
        (after - before).cross(up).normalize_or(Vec3::X)
    };
    Part::grid(path.len() - 1, ACROSS, |u, v| {
        let i = (u * (path.len() - 1) as f32).round() as usize;
        let across = v - 0.5;
        path[i] + side(i) * (across * width) + up * (bulge * (1.0 - 4.0 * across * across))
    })
}

/// A line of stitches: short threads with gaps.
pub(super) fn stitches(path: &[Vec3], pitch: f32, radius: f32) -> Part {
    let mut part = Part::default();
    let mut along = 0.0;
    let mut run: Vec<Vec3> = Vec::new();
    for pair in path.windows(2) {
        let length = pair[0].distance(pair[1]);
        let steps = (length / (pitch * 0.35)).ceil().max(1.0) as usize;
        for s in 0..steps {
            let at = along + length * s as f32 / steps as f32;
            let point = pair[0].lerp(pair[1], s as f32 / steps as f32);
            if (at / pitch).fract() < 0.72 {
                run.push(point);
            } else if run.len() > 1 {
                part = part.joined(tube(&std::mem::take(&mut run), |_| radius, 5));
            } else {
                run.clear();
            }
        }
        along += length;
    }
    part
}

/// A smooth line through points, in the plane.
pub(super) fn line(points: &[(f32, f32)], steps: usize) -> Vec<Vec2> {
    let points: Vec<Vec3> = points.iter().map(|&(x, y)| Vec3::new(x, y, 0.0)).collect();
    crate::model::shapes::curve(&points, steps)
        .into_iter()
        .map(|p| p.truncate())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_has_the_area_of_its_outline() {
        let outline: Vec<Vec2> = (0..120)
            .map(|i| Vec2::from_angle(i as f32 / 120.0 * std::f32::consts::TAU) * 0.1)
            .collect();
        let disc = sheet(&outline, 0.008, |p| p.extend(0.0));
        let area: f32 = disc
            .triangles
            .iter()
            .map(|t| {
                let [a, b, c] = t.map(|i| disc.positions[i as usize]);
                0.5 * (b - a).cross(c - a).length()
            })
            .sum();
        assert!(
            (area / (std::f32::consts::PI * 0.01) - 1.0).abs() < 0.01,
            "{area}"
        );
        assert!(disc.normals.iter().all(|n| n.z > 0.99));
    }
}
