//! Case goods: bedside tables, dressers, wardrobes, media benches, sideboards, bookcases.

mod bookcase;
mod case;

pub(super) use bookcase::bookcase;
use case::{Case, base_height, case};

use crate::furnish::Kind;
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;

/// Everything with doors or drawers; the option counts what is side by side.
pub(super) fn cabinet(look: &Look, design: &Design, seed: u32) -> Piece {
    let side_by_side = usize::from(design.option);
    let (name, rows, columns, has_doors) = match design.kind {
        Kind::BedsideTable => ("Bedside table", 2, 1, false),
        // Of six drawers or, narrow, of four.
        Kind::Dresser if design.option > 3 => ("Chest of drawers", 3, 2, false),
        Kind::Dresser => ("Chest of drawers", 4, 1, false),
        Kind::Wardrobe => ("Wardrobe", 1, side_by_side, true),
        Kind::TvBench => ("Media bench", 1, side_by_side, true),
        _ => ("Sideboard", 1, side_by_side, true),
    };
    let size = design.size;
    let mut b = Builder::new(seed);
    let case_of = Case {
        width: size.x,
        height: size.y,
        depth: size.z - 0.03,
        base: if design.kind == Kind::Wardrobe {
            0.08
        } else {
            base_height(look.style)
        },
        rows,
        columns,
        doors: has_doors,
    };
    case(&mut b, look, &case_of);
    b.finish(design.kind, format!("{name}, {}", look.palette.wood.name()), size)
}
