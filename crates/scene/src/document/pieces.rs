//! Furniture of documents, built once and placed as often as somebody moves it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::{FurnitureDocument, SceneDocument};
use crate::furnish::{Assets, Placement, SpecError, rebuild};
use crate::geometry::DVec3;

/// Built pieces kept; beyond, all are forgotten.
const KEPT: usize = 120;

/// Pieces by what they are built from.
#[derive(Debug, Default)]
pub struct PieceStore {
    pieces: Mutex<HashMap<String, Arc<Placement>>>,
}

impl PieceStore {
    /// The furniture of a document, in order; a piece that only moved is not built again.
    ///
    /// What the catalogue does not have is asked of `assets`. Fails when a piece is not of the catalogue.
    pub fn placements(
        &self,
        scene: &SceneDocument,
        assets: &dyn Assets,
    ) -> Result<Vec<Placement>, SpecError> {
        scene
            .furniture
            .par_iter()
            .map(|piece| self.placed(scene, piece, assets))
            .collect()
    }

    fn placed(
        &self,
        scene: &SceneDocument,
        piece: &FurnitureDocument,
        assets: &dyn Assets,
    ) -> Result<Placement, SpecError> {
        let spec = piece.spec(scene.palette_for(piece));
        let key = format!(
            "{:?} {} {:?} {} {} {:?} {:?} {:?} {:?}",
            spec.kind,
            spec.option,
            spec.style,
            spec.palette,
            spec.seed,
            spec.tint,
            spec.size_m,
            spec.asset,
            spec.print
        );
        let store = || self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let known = store().get(&key).map(Arc::clone);
        let built = match known {
            Some(built) => built,
            None => {
                let built = Arc::new(rebuild(&spec, assets)?);
                let mut pieces = store();
                if pieces.len() >= KEPT {
                    pieces.clear();
                }
                pieces.insert(key, Arc::clone(&built));
                built
            }
        };
        let mut placed = (*built).clone();
        placed.position = DVec3::from_array(spec.position_m);
        placed.yaw_deg = spec.yaw_deg;
        if let Some(source) = &mut placed.source {
            source.id = spec.id;
            source.support = spec.support;
        }
        Ok(placed)
    }
}
