//! Every hard rule on a finished plan, for tests, measurements and people who move furniture by hand.

use serde::Serialize;

use super::item::Item;
use super::polygon::contains;
use super::rules::{
    Fault, MAIN_INSIDE, ROUNDING, WALKWAY, WINDOW_HIDDEN, faults, hangs, hangs_from_ceiling, pair_fault,
};
use super::space::{Space, hides};
use super::walk::is_walkable;
use super::{Kind, Placement, Style};
use crate::camera::Camera;
use crate::geometry::{DVec2, Vec3};
use crate::model::{Design, designs};
use crate::room::Room;

/// A rule of the room or of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ViolationKind {
    /// Part of the footprint is outside the floor or the wall it hangs on.
    OffFloor,
    ThroughCeiling,
    /// Neither on the floor nor on a wall, nor on another piece, or sunk into the floor.
    Floating,
    /// No such piece is made in this size.
    WrongSize,
    /// Two pieces are in the same place.
    Overlap,
    /// In front of a door, a fireplace, a radiator, a built-in.
    BlocksOpening,
    /// A wardrobe or chest of drawers cannot be opened.
    BlocksFront,
    /// A door cannot be reached on a walkway of 62 cm.
    NoWalkway,
    /// Hangs over a window, a door or another opening.
    OverOpening,
    /// More than half of a window is hidden, or a piece at the window rises too far above its sill.
    CoversWindow,
    /// Less than 1.2 m from the camera (0.8 m for small pieces).
    NearCamera,
    /// More than 35 % of the picture.
    TooLarge,
    /// Less than 0.4 % of the picture.
    TooSmall,
    /// Less than 70 % of the main piece is in the picture, or a wall piece is cut by the frame.
    CutOff,
    /// Outside the central 75 % of a wide-angle picture.
    AtBorder,
}

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Violation {
    pub kind: ViolationKind,
    /// Indices of the placements concerned; empty when it is about all of them.
    pub items: Vec<usize>,
    /// How far the limit is exceeded, millimetres; 0 for rules that have no length.
    pub amount_mm: f64,
    /// How far the limit is exceeded, as a share of picture, piece or window; 0 for rules that have no share.
    pub share: f64,
}

/// Every hard rule that placements break; empty for whatever the planner itself places.
///
/// The main piece is the first placement that is a sofa (indoors or out), bed, dining table, desk or console. Lengths below a millimetre count as
/// rounding.
pub fn check(room: &Room, camera: &Camera, placements: &[Placement]) -> Vec<Violation> {
    let space = Space::new(room, camera);
    let items: Vec<Item> = placements.iter().map(|p| item_of(&space, p)).collect();
    let mut found = violations(&space, &items);
    for (i, placement) in placements.iter().enumerate() {
        found.extend(wrong_size(placement).map(|metres| Violation {
            kind: ViolationKind::WrongSize,
            items: vec![i],
            amount_mm: metres * 1000.0,
            share: 0.0,
        }));
    }
    found
}

/// Whether a kind can be the main piece of a room.
pub(super) fn is_main(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Sofa | Kind::Bed | Kind::DiningTable | Kind::Desk | Kind::Console | Kind::OutdoorSofa
    )
}

pub(super) fn violations(space: &Space<'_>, items: &[Item]) -> Vec<Violation> {
    let told = |fault: Fault, items: Vec<usize>| Violation {
        kind: fault.kind,
        items,
        amount_mm: fault.metres * 1000.0,
        share: fault.share,
    };
    let mut found = Vec::new();
    for (i, item) in items.iter().enumerate() {
        found.extend(faults(space, item).map(|fault| told(fault, vec![i])));
        found.extend(floating(items, i).map(|metres| Violation {
            kind: ViolationKind::Floating,
            items: vec![i],
            amount_mm: metres * 1000.0,
            share: 0.0,
        }));
        for (k, other) in items.iter().enumerate().skip(i + 1) {
            found.extend(pair_fault(item, other).map(|fault| told(fault, vec![i, k])));
        }
    }
    let cut = |i: usize| MAIN_INSIDE - items[i].view.inside;
    if let Some(main) = items
        .iter()
        .position(|item| is_main(item.design.kind))
        .filter(|&i| cut(i) > 1e-9)
    {
        found.push(Violation {
            kind: ViolationKind::CutOff,
            items: vec![main],
            amount_mm: 0.0,
            share: cut(main),
        });
    }
    let hidden = space.hidden_window(items.iter());
    if hidden > WINDOW_HIDDEN {
        let before = |item: &Item| hides(item) && item.view.windows != [0; super::item::WINDOWS];
        found.push(Violation {
            kind: ViolationKind::CoversWindow,
            items: (0..items.len()).filter(|&i| before(&items[i])).collect(),
            amount_mm: 0.0,
            share: hidden - WINDOW_HIDDEN,
        });
    }
    if !is_walkable(space, items.iter()) {
        found.push(Violation {
            kind: ViolationKind::NoWalkway,
            items: Vec::new(),
            amount_mm: WALKWAY * 1000.0,
            share: 0.0,
        });
    }
    found
}

fn item_of(space: &Space<'_>, placement: &Placement) -> Item {
    let design = placement.source.as_ref().map_or_else(
        || Design {
            kind: placement.piece.kind,
            option: 0,
            size: placement.piece.size,
            top: placement.piece.size.y,
            imported: None,
        },
        |source| source.design,
    );
    let lift = space.room.camera_height - placement.position.y;
    let lift = if lift.abs() < ROUNDING { 0.0 } else { lift };
    let mut item = space.item(
        design,
        placement.position.x,
        placement.position.z,
        placement.yaw_deg,
        lift,
    );
    item.view = space.view(&item);
    item
}

/// How far a piece is from what should carry it.
fn floating(items: &[Item], index: usize) -> Option<f64> {
    let item = &items[index];
    if item.lift < -ROUNDING {
        return Some(-item.lift);
    }
    if item.on_floor() || hangs(&item.design) || hangs_from_ceiling(item.design.kind) {
        return None;
    }
    let at = DVec2::new(item.x, item.z);
    let gap = items
        .iter()
        .enumerate()
        .filter(|(k, base)| *k != index && base.design.top > 0.0 && contains(&base.footprint(0.0), at))
        .map(|(_, base)| (item.lift - base.lift - f64::from(base.design.top)).abs())
        .fold(item.lift, f64::min);
    (gap > ROUNDING).then_some(gap)
}

/// How far a side of a piece is outside what is made of its kind.
fn wrong_size(placement: &Placement) -> Option<f64> {
    let size = placement
        .source
        .as_ref()
        .map_or(placement.piece.size, |source| source.design.size);
    Some(size_beyond(placement.piece.kind, size)).filter(|beyond| *beyond > ROUNDING)
}

/// How far a side, metres, is outside what is made of a kind in any style.
pub(super) fn size_beyond(kind: Kind, size: Vec3) -> f64 {
    // Made to measure within wider limits.
    let (least, most) = match kind {
        Kind::Curtain | Kind::Rug | Kind::Art | Kind::Mirror | Kind::PendantLamp => (0.4, 2.0),
        _ => (0.7, 1.35),
    };
    let made: Vec<Design> = [
        Style::Modern,
        Style::Contemporary,
        Style::Traditional,
        Style::Industrial,
        Style::Scandinavian,
    ]
    .into_iter()
    .flat_map(|style| designs(kind, style))
    .collect();
    (0..3)
        .map(|axis| {
            let sides = made.iter().map(|d| d.size[axis]);
            // A table may come without the vase that the catalogue's sizes count in.
            let bare = made.iter().map(|d| {
                if axis == 1 && d.top > 0.0 {
                    d.top
                } else {
                    d.size[axis]
                }
            });
            let low = bare.fold(f32::INFINITY, f32::min) * least;
            let high = sides.fold(0.0, f32::max) * most;
            f64::from((low - size[axis]).max(size[axis] - high))
        })
        .fold(f64::NEG_INFINITY, f64::max)
}
