//! The furniture of a room as a list, so that other photos of the same room show the same pieces.

use serde::{Deserialize, Serialize};

use super::item::Item;
use super::spec::{SpecError, design_of};
use super::{Kind, Library, Placement, RoomType, Style};
use crate::geometry::Vec3;
use crate::model::art::Motif;
use crate::model::framed::motifs_shown;
use crate::model::noise::hash;
use crate::model::{Design, forms};

/// One piece of a list: what it is, not where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    pub kind: Kind,
    pub option: u8,
    /// Width, height, depth in metres.
    pub size_m: [f32; 3],
    pub seed: u32,
    /// As in [`super::PlacementSpec`].
    pub tint: Option<u32>,
    /// Id of the imported piece it is, instead of a design of the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<String>,
}

/// The furniture chosen for a room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Furniture {
    pub room_type: RoomType,
    pub style: Style,
    /// Name of a palette of the style.
    pub palette: String,
    pub pieces: Vec<Chosen>,
}

impl Furniture {
    /// What stands in a staged photo; `None` when nothing in it is from the catalogue.
    pub fn of(room_type: RoomType, placements: &[Placement]) -> Option<Self> {
        let sources: Vec<_> = placements.iter().filter_map(|p| p.source.as_ref()).collect();
        let first = sources.first()?;
        Some(Self {
            room_type,
            style: first.style,
            palette: first.palette.to_owned(),
            pieces: sources
                .iter()
                .map(|source| Chosen {
                    kind: source.design.kind,
                    option: source.design.option,
                    size_m: source.design.size.to_array(),
                    seed: source.seed,
                    tint: source.tint,
                    asset: source.asset.clone(),
                })
                .collect(),
        })
    }
}

/// Curtains and pendants are cut to the window and the ceiling they belong to.
fn is_made_to_measure(kind: Kind) -> bool {
    matches!(kind, Kind::Curtain | Kind::PendantLamp)
}

fn is_same(a: &Design, b: &Design) -> bool {
    a.kind == b.kind
        && a.option == b.option
        && a.imported == b.imported
        && (is_made_to_measure(a.kind) || a.size == b.size)
}

/// What the planner may choose from: the whole catalogue with imported pieces, or the pieces of a list.
#[derive(Debug)]
pub(super) enum Stock<'a> {
    Open {
        style: Style,
        library: Option<&'a Library>,
        /// Of the library, those that this room is to have.
        imported: Vec<Design>,
    },
    List {
        designs: Vec<Design>,
        pieces: Vec<&'a Chosen>,
        library: Option<&'a Library>,
    },
}

impl<'a> Stock<'a> {
    /// The catalogue, with the imported pieces that the library has for this style and room.
    pub fn open(style: Style, library: Option<&'a Library>, seed: u32) -> Self {
        Self::Open {
            style,
            library,
            imported: library.map_or_else(Vec::new, |library| library.designs(style, seed)),
        }
    }

    /// The pieces of a list; imported ones that the library does not have are left out.
    pub fn of(list: &'a Furniture, library: Option<&'a Library>) -> Result<Self, SpecError> {
        let (mut designs, mut pieces) = (Vec::new(), Vec::new());
        for piece in &list.pieces {
            let design = match &piece.asset {
                None => Some(design_of(
                    piece.kind,
                    piece.option,
                    list.style,
                    Vec3::from_array(piece.size_m),
                )?),
                Some(id) => library.and_then(|library| library.design_named(id)),
            };
            if let Some(design) = design {
                designs.push(design);
                pieces.push(piece);
            }
        }
        Ok(Self::List {
            designs,
            pieces,
            library,
        })
    }

    pub fn library(&self) -> Option<&'a Library> {
        match self {
            Self::Open { library, .. } | Self::List { library, .. } => *library,
        }
    }

    /// Whether pieces may be made to measure: those of a list are what they are.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// The designs of a kind, imported ones first, then those of the style, largest first; none when the list has none.
    pub fn designs(&self, kind: Kind) -> Vec<Design> {
        match self {
            Self::Open { style, imported, .. } => imported
                .iter()
                .filter(|design| design.kind == kind)
                .copied()
                .chain(forms(kind, *style))
                .collect(),
            Self::List { designs, .. } => {
                let mut own: Vec<Design> = Vec::new();
                for design in designs.iter().filter(|d| d.kind == kind) {
                    if !own.iter().any(|known| is_same(known, design)) {
                        own.push(*design);
                    }
                }
                own
            }
        }
    }

    /// Whether so many pieces are there.
    pub fn affords<'i>(&self, items: impl Iterator<Item = &'i Item>) -> bool {
        let Self::List { designs, .. } = self else {
            return true;
        };
        let mut left: Vec<Option<&Design>> = designs.iter().map(Some).collect();
        for item in items {
            let found = left
                .iter_mut()
                .find(|slot| slot.is_some_and(|design| is_same(design, &item.design)));
            match found {
                Some(slot) => *slot = None,
                None => return false,
            }
        }
        true
    }

    /// Pieces of the list that stand nowhere, without small things.
    pub fn left_over<'i>(&self, items: impl Iterator<Item = &'i Item>) -> usize {
        match self {
            Self::Open { .. } => 0,
            Self::List { designs, .. } => designs.len().saturating_sub(items.count()),
        }
    }

    /// Pieces of the catalogue where this room might have an imported one.
    pub fn passed_over<'i>(&self, items: impl Iterator<Item = &'i Item>) -> usize {
        let Self::Open { imported, .. } = self else {
            return 0;
        };
        if imported.is_empty() {
            return 0;
        }
        items
            .filter(|item| item.design.imported.is_none())
            .filter(|item| imported.iter().any(|design| design.kind == item.design.kind))
            .count()
    }

    /// Mesh seed and tint of every item: those of the list, or fresh ones.
    pub fn finishes(&self, items: &[Item], seed: u32) -> Vec<(u32, Option<u32>)> {
        match self {
            Self::Open { style, .. } => {
                let mut hung = Vec::new();
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        let own = fresh_seed(item.design.kind, index, seed);
                        let chosen = match item.design.kind {
                            Kind::Art if item.design.imported.is_none() => {
                                unlike(*style, &item.design, own, &mut hung)
                            }
                            _ => own,
                        };
                        (chosen, None)
                    })
                    .collect()
            }
            Self::List { designs, pieces, .. } => {
                let mut is_used = vec![false; pieces.len()];
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        let found =
                            (0..pieces.len()).find(|&k| !is_used[k] && is_same(&designs[k], &item.design));
                        found.map_or_else(
                            || (fresh_seed(item.design.kind, index, seed), None),
                            |k| {
                                is_used[k] = true;
                                (pieces[k].seed, pieces[k].tint)
                            },
                        )
                    })
                    .collect()
            }
        }
    }
}

/// A seed for wall art whose pictures are not those that hang already, as far as there are others.
fn unlike(style: Style, design: &Design, seed: u32, hung: &mut Vec<Motif>) -> u32 {
    let repeats = |candidate: u32| {
        let shown = motifs_shown(style, design, candidate);
        shown.iter().filter(|motif| hung.contains(motif)).count()
    };
    let chosen = (0..16)
        .map(|k| seed.wrapping_add(k * 0x9e37))
        .min_by_key(|candidate| repeats(*candidate))
        .unwrap_or(seed);
    hung.extend(motifs_shown(style, design, chosen));
    chosen
}

/// Chairs of one table are alike; everything else has its own seed.
fn fresh_seed(kind: Kind, index: usize, seed: u32) -> u32 {
    let own = if kind == Kind::DiningChair {
        7
    } else {
        index as u32
    };
    hash(seed ^ hash(own.wrapping_add(101)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::designs;

    #[test]
    fn pictures_of_one_room_differ_while_there_are_others() {
        for style in [Style::Modern, Style::Traditional, Style::Scandinavian] {
            let prints: Vec<Design> = designs(Kind::Art, style)
                .into_iter()
                .filter(|design| design.option > 2)
                .collect();
            for seed in 0..50 {
                let mut hung = Vec::new();
                for k in 0..3 {
                    unlike(
                        style,
                        &prints[k % prints.len()],
                        hash(seed ^ hash(k as u32)),
                        &mut hung,
                    );
                }
                for (k, motif) in hung.iter().enumerate() {
                    assert!(!hung[..k].contains(motif), "{style:?} {seed}: {hung:?}");
                }
            }
        }
    }
}
