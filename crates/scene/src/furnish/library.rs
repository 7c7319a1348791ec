//! Imported pieces the planner may choose from, beside the catalogue's own.
//!
//! Planning needs sizes only; the mesh of a piece is asked for when it was chosen.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::check::size_beyond;
use super::rules::ROUNDING;
use super::{Assets, Kind, Style};
use crate::geometry::Vec3;
use crate::model::Design;
use crate::model::import::AssetHeader;
use crate::model::noise::hash;

/// What the planner knows of an imported piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// Asked of [`Library::assets`].
    pub id: String,
    pub kind: Kind,
    pub style: Style,
    /// Width, height, depth in metres.
    pub size_m: [f32; 3],
    /// Height of the surface that carries other things; 0 when there is none.
    pub top_m: f32,
    /// Whether it hangs: on a wall or from the ceiling.
    pub hangs: bool,
}

impl Imported {
    pub fn of(id: String, header: &AssetHeader) -> Self {
        Self {
            id,
            kind: header.kind,
            style: header.style,
            size_m: header.size_m,
            top_m: header.top_m,
            hangs: header.hangs,
        }
    }

    fn design(&self, place: usize) -> Option<Design> {
        let size = Vec3::from_array(self.size_m);
        Some(Design {
            kind: self.kind,
            option: form_of(self.kind, size, self.hangs),
            size,
            top: self.top_m,
            imported: Some(u16::try_from(place).ok()?),
        })
    }

    /// Whether the planner can do with it what it does with its kind.
    fn is_plannable(&self) -> bool {
        let may_hang = matches!(
            self.kind,
            Kind::Mirror | Kind::CoatRack | Kind::TowelRack | Kind::Screen
        );
        match self.kind {
            // Cut to a window or a ceiling.
            Kind::Curtain | Kind::PendantLamp => false,
            Kind::Art => self.hangs,
            _ if self.hangs && !may_hang => false,
            kind => size_beyond(kind, Vec3::from_array(self.size_m)) <= ROUNDING,
        }
    }
}

/// The form of the catalogue that an imported piece is used like.
pub(crate) fn form_of(kind: Kind, size: Vec3, hangs: bool) -> u8 {
    match kind {
        Kind::Sofa => 2 + u8::from(size.x > 1.95),
        Kind::Bed => 1 + [1.3, 1.75, 1.95].iter().filter(|width| size.x > **width).count() as u8,
        Kind::DiningTable => 4 + 2 * [1.6, 2.05].iter().filter(|width| size.x > **width).count() as u8,
        Kind::Rug => 1 + u8::from((size.x - size.z).abs() < 0.05),
        // Low ones belong to an outdoor sofa.
        Kind::OutdoorTable => 1 + u8::from(size.y > 0.5),
        Kind::OutdoorChair => 1 + u8::from(size.x < 0.66),
        Kind::Mirror => {
            if hangs {
                1
            } else {
                3
            }
        }
        Kind::CoatRack | Kind::TowelRack | Kind::Screen => 1 + u8::from(hangs),
        _ => 1,
    }
}

/// How much the planner likes imported pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// They are left to people.
    None,
    /// In some rooms, kind by kind.
    #[default]
    Mixed,
    /// Wherever there is one of the kind and style that fits.
    Preferred,
}

/// Imported pieces and where their meshes come from.
#[derive(Clone)]
pub struct Library {
    pub pieces: Vec<Imported>,
    pub preference: Preference,
    pub assets: Arc<dyn Assets + Send>,
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library")
            .field("pieces", &self.pieces)
            .field("preference", &self.preference)
            .finish_non_exhaustive()
    }
}

/// The same pieces, asked for in the same way; where meshes come from is not compared.
impl PartialEq for Library {
    fn eq(&self, other: &Self) -> bool {
        self.pieces == other.pieces && self.preference == other.preference
    }
}

impl Library {
    /// The imported designs that go with a style, largest first, of the kinds that this room (`seed`) is to have them of.
    pub(super) fn designs(&self, style: Style, seed: u32) -> Vec<Design> {
        let is_wanted = |kind: Kind| match self.preference {
            Preference::None => false,
            Preference::Mixed => hash(seed ^ hash(kind as u32 ^ 0x01b0_a4d1)) & 1 == 0,
            Preference::Preferred => true,
        };
        let mut found: Vec<Design> = self
            .pieces
            .iter()
            .enumerate()
            .filter(|(_, piece)| piece.style == style && is_wanted(piece.kind) && piece.is_plannable())
            .filter_map(|(place, piece)| piece.design(place))
            .collect();
        found.sort_by(|a, b| (b.size.x * b.size.z).total_cmp(&(a.size.x * a.size.z)));
        found
    }

    /// The design of a piece by its id, whatever the preference.
    pub(super) fn design_named(&self, id: &str) -> Option<Design> {
        let place = self.pieces.iter().position(|piece| piece.id == id)?;
        self.pieces[place].design(place)
    }

    pub(super) fn piece_of(&self, design: &Design) -> Option<&Imported> {
        self.pieces.get(usize::from(design.imported?))
    }
}
