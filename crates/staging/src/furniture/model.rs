//! A piece of the catalogue, and what people call it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use vitrine_scene::document::SupportDocument;
use vitrine_scene::furnish::{Kind, Style};
use vitrine_scene::model::{Design, Look, Piece, build, forms, palettes};

use crate::images::model::text_of;

/// Shelves of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Seating,
    Tables,
    Beds,
    Storage,
    Lighting,
    Textiles,
    Decor,
    Plants,
}

impl Category {
    pub const fn of(kind: Kind) -> Self {
        use Kind::{
            Armchair, BathMat, Bed, Bench, Bookcase, CoatRack, CoffeeTable, Console, Curtain, Desk,
            DiningChair, DiningTable, Dresser, FloorLamp, Lounger, OfficeChair, OutdoorChair, OutdoorSofa,
            OutdoorTable, PendantLamp, Plant, Planter, Pouf, Rug, ShoeBench, SideTable, Sideboard, Sofa,
            Stool, StoolBar, TableLamp, TowelRack, TowelStack, TvBench, Wardrobe,
        };
        match kind {
            Sofa | Armchair | DiningChair | OfficeChair | Bench | Stool | StoolBar | OutdoorSofa
            | OutdoorChair | Lounger | Pouf => Self::Seating,
            CoffeeTable | SideTable | DiningTable | Desk | Console | OutdoorTable => Self::Tables,
            Bed => Self::Beds,
            Kind::BedsideTable
            | Dresser
            | Wardrobe
            | TvBench
            | Sideboard
            | Bookcase
            | ShoeBench
            | CoatRack
            | TowelRack => Self::Storage,
            FloorLamp | TableLamp | PendantLamp => Self::Lighting,
            Rug | Curtain | BathMat | TowelStack => Self::Textiles,
            Plant | Planter => Self::Plants,
            _ => Self::Decor,
        }
    }
}

/// One form of a kind in one style.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `sofa-3-modern`.
    pub id: String,
    pub style: Style,
    pub design: Design,
    pub category: Category,
    pub name: String,
    pub support: SupportDocument,
    /// Sixteen hexadecimal digits that change with the piece's look.
    pub fingerprint: String,
}

/// Seed of the portraits.
pub const PORTRAIT_SEED: u32 = 7;
/// Part of the fingerprint: grows when portraits are taken differently.
const EDITION: u32 = 1;

/// The look portraits are taken in: the first palette of the style.
pub fn portrait_look(style: Style) -> Look {
    Look {
        style,
        palette: palettes(style)[0],
    }
}

impl Entry {
    /// Every form of a kind that a style offers, the largest design of each.
    pub fn all_of(kind: Kind, style: Style) -> Vec<Self> {
        let mut entries: Vec<Self> = Vec::new();
        for design in forms(kind, style) {
            if entries.iter().any(|known| known.design.option == design.option) {
                continue;
            }
            let piece = build(&portrait_look(style), &design, PORTRAIT_SEED);
            entries.push(Self {
                id: format!("{}-{}-{}", text_of(kind), design.option, text_of(style)),
                style,
                design,
                category: Category::of(kind),
                name: short_name(&piece),
                support: support_of(kind, design.option),
                fingerprint: fingerprint(&piece),
            });
        }
        entries
    }

    /// Where its portrait is kept.
    pub fn thumb_key(&self) -> String {
        format!("catalogue/portraits/{}-{}.jpg", self.id, self.fingerprint)
    }
}

/// `Three-seat sofa` of `Three-seat sofa, oat weave`: the rest depends on the palette.
fn short_name(piece: &Piece) -> String {
    piece.name.split(", ").next().unwrap_or_default().to_owned()
}

/// Where a piece goes when somebody puts it into a room.
pub const fn support_of(kind: Kind, option: u8) -> SupportDocument {
    use Kind::{
        Art, Books, CoatRack, Curtain, FruitBowl, KitchenSet, Mirror, PendantLamp, Screen, SoapSet,
        TableLamp, Tableware, TowelRack, TowelStack, Vase,
    };
    match (kind, option) {
        (Art | Mirror | Curtain, _) | (CoatRack | TowelRack | Screen, 2) => SupportDocument::Wall,
        (PendantLamp, _) => SupportDocument::Ceiling,
        (Books | FruitBowl | KitchenSet | SoapSet | TableLamp | Tableware | TowelStack | Vase, _)
        | (Screen, 3) => SupportDocument::Item,
        _ => SupportDocument::Floor,
    }
}

fn fingerprint(piece: &Piece) -> String {
    let mut hash = Sha256::new();
    hash.update(EDITION.to_le_bytes());
    for point in &piece.mesh.positions {
        for value in point.to_array() {
            hash.update(value.to_le_bytes());
        }
    }
    for (triangle, material) in piece.mesh.triangles.iter().zip(&piece.mesh.materials) {
        for index in triangle {
            hash.update(index.to_le_bytes());
        }
        hash.update(material.to_le_bytes());
    }
    hash.update(format!("{:?}", piece.materials));
    hash.finalize()
        .iter()
        .take(8)
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// `Coffee table`, of a kind.
pub fn kind_label(kind: Kind) -> String {
    let words = text_of(kind).replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_read_like_words() {
        assert_eq!(kind_label(Kind::CoffeeTable), "Coffee table");
        assert_eq!(kind_label(Kind::Bed), "Bed");
    }

    #[test]
    fn an_entry_tells_name_shelf_and_look() {
        let sofas = Entry::all_of(Kind::Sofa, Style::Modern);
        assert_eq!(sofas[0].id, "sofa-3-modern");
        assert_eq!(sofas[0].category, Category::Seating);
        assert!(!sofas[0].name.contains(','), "{}", sofas[0].name);
        let other = Entry::all_of(Kind::Sofa, Style::Industrial);
        assert_ne!(sofas[0].fingerprint, other[0].fingerprint);
        assert_eq!(sofas, Entry::all_of(Kind::Sofa, Style::Modern));
    }
}
