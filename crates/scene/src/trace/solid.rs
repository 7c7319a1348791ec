//! One piece of furniture prepared for rays, in its own frame, so that moving it costs nothing; and a store of them, so
//! that a piece is prepared once however often it is drawn.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::geometry::{RayIndex, Vec3};
use crate::model::Piece;

/// Pieces kept beside those of the last picture: what a person just removed may come back.
const KEPT: usize = 64;

/// The mesh of a piece as the tracer needs it.
pub struct Solid {
    pub index: RayIndex,
    /// Unit geometric normals, model frame, beside `triangles`.
    pub normals: Vec<Vec3>,
    /// Triangles of the mesh that have an area, by their number there.
    pub triangles: Vec<u32>,
}

impl Solid {
    /// Prepares a piece. Triangles without area are left out.
    pub fn new(piece: &Piece) -> Self {
        let mesh = &piece.mesh;
        let (mut corners, mut see_through) = (vec![], vec![]);
        let (mut normals, mut triangles) = (vec![], vec![]);
        for (number, indices) in mesh.triangles.iter().enumerate() {
            let [a, b, c] = indices.map(|i| mesh.positions[i as usize]);
            let normal = (b - a).cross(c - a);
            let is_sound = normal.is_finite() && normal.length_squared() > 1e-20;
            if !is_sound {
                continue;
            }
            let material = &piece.materials[usize::from(mesh.materials[number])];
            corners.push([a, b, c]);
            see_through.push(material.transmission.clamp(0.0, 0.98));
            normals.push(normal.normalize());
            triangles.push(number as u32);
        }
        Self {
            index: RayIndex::new(&corners, &see_through),
            normals,
            triangles,
        }
    }
}

/// Solids by what their pieces contain.
#[derive(Default)]
pub struct SolidStore {
    solids: Mutex<HashMap<u64, Arc<Solid>>>,
}

impl SolidStore {
    /// The solids of some pieces, in their order; missing ones are built side by side.
    pub fn get(&self, pieces: &[&Piece]) -> Vec<Arc<Solid>> {
        let keys: Vec<u64> = pieces.iter().map(|piece| fingerprint(piece)).collect();
        let missing: Vec<(u64, &Piece)> = {
            let known = self.solids.lock().unwrap_or_else(PoisonError::into_inner);
            let mut missing: Vec<(u64, &Piece)> = keys.iter().copied().zip(pieces.iter().copied()).collect();
            missing.retain(|(key, _)| !known.contains_key(key));
            missing.sort_by_key(|(key, _)| *key);
            missing.dedup_by_key(|(key, _)| *key);
            missing
        };
        let built: Vec<(u64, Arc<Solid>)> = missing
            .into_par_iter()
            .map(|(key, piece)| (key, Arc::new(Solid::new(piece))))
            .collect();
        let mut known = self.solids.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(built);
        if known.len() > KEPT + keys.len() {
            known.retain(|key, _| keys.contains(key));
        }
        keys.iter()
            .zip(pieces)
            .map(|(key, piece)| {
                known
                    .get(key)
                    .map_or_else(|| Arc::new(Solid::new(piece)), Arc::clone)
            })
            .collect()
    }
}

/// A hash of everything a solid depends on (multiply and fold of 64-bit words).
fn fingerprint(piece: &Piece) -> u64 {
    let mut hash = 0x9e37_79b9_7f4a_7c15_u64;
    let mut take = |low: u32, high: u32| {
        let word = hash ^ (u64::from(high) << 32 | u64::from(low));
        let product = u128::from(word) * 0xd6e8_feb8_6659_fd93_u128;
        hash = (product as u64 ^ (product >> 64) as u64).wrapping_add(0x2545_f491_4f6c_dd1d);
    };
    let mesh = &piece.mesh;
    take(mesh.positions.len() as u32, mesh.triangles.len() as u32);
    for p in &mesh.positions {
        take(p.x.to_bits(), p.y.to_bits());
        take(p.z.to_bits(), 0);
    }
    for (t, material) in mesh.triangles.iter().zip(&mesh.materials) {
        take(t[0], t[1]);
        take(t[2], u32::from(*material));
    }
    for material in &piece.materials {
        take(material.transmission.to_bits(), 0);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::furnish::Kind;
    use crate::geometry::Mesh;
    use crate::model::Material;

    #[test]
    fn a_piece_is_prepared_once_and_a_changed_one_anew() {
        let piece = Piece {
            kind: Kind::Vase,
            name: "triangle and speck".into(),
            mesh: Mesh {
                positions: vec![Vec3::ZERO, Vec3::X, Vec3::Y],
                normals: vec![Vec3::Z; 3],
                uvs: vec![],
                triangles: vec![[0, 0, 1], [0, 1, 2]],
                materials: vec![0, 0],
            },
            materials: vec![Material::plain(Vec3::ONE, 1.0)],
            size: Vec3::ONE,
        };
        let (mut moved, mut clear) = (piece.clone(), piece.clone());
        moved.mesh.positions[1].x += 0.01;
        clear.materials[0].transmission = 0.5;
        let store = SolidStore::default();
        let first = store.get(&[&piece, &moved, &clear, &piece]);
        let again = store.get(&[&piece]);
        assert!(Arc::ptr_eq(&first[0], &first[3]) && Arc::ptr_eq(&first[0], &again[0]));
        assert!(!Arc::ptr_eq(&first[0], &first[1]) && !Arc::ptr_eq(&first[0], &first[2]));
        assert_eq!(first[0].triangles, [1]);
    }
}
