//! The hard rules: what no plan may break.
//!
//! The same functions judge proposals during the search and finished plans in the tests.

use super::Kind;
use super::item::Item;
use super::polygon::{distance_to, separation};
use super::space::{Space, is_passage};
use crate::geometry::DVec2;
use crate::room::{Opening, OpeningKind, Surface};

/// Largest share of the picture one piece may cover.
pub(super) const MAX_SHARE: f64 = 0.35;
/// Share of the main piece that must be inside the frame.
pub(super) const MAIN_INSIDE: f64 = 0.70;
/// Width of a walkway; half of it is kept on either side of a path.
pub(super) const WALKWAY: f64 = 0.62;
/// Distance of large pieces from the camera.
pub(super) const CAMERA_CLEAR: f64 = 1.2;
/// Pieces that stand on the floor do not touch.
const APART: f64 = 0.015;
/// How far a chair may be pushed under its table.
pub(super) const TUCK: f64 = 0.26;

/// Pictures and mirrors hang.
pub(super) fn hangs(kind: Kind) -> bool {
    matches!(kind, Kind::Art | Kind::Mirror)
}

/// Slim things that may stand beside others without a walkway between.
fn is_slim(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Plant
            | Kind::FloorLamp
            | Kind::SideTable
            | Kind::Curtain
            | Kind::BedsideTable
            | Kind::Bench
            | Kind::CoffeeTable
            | Kind::DiningChair
            | Kind::OfficeChair
    )
}

/// Free floor needed in front of a piece to use it.
pub(super) fn apron(kind: Kind) -> f64 {
    match kind {
        Kind::Wardrobe | Kind::Dresser => 0.75,
        Kind::Bookcase | Kind::TvBench | Kind::Sideboard => 0.62,
        Kind::Armchair => 0.35,
        _ => 0.0,
    }
}

/// Whether a piece alone keeps the rules of the room. Takes its view on the way.
pub(super) fn stands(space: &Space<'_>, item: &mut Item) -> bool {
    if !has_place(space, item) {
        return false;
    }
    item.view = space.view(item);
    is_well_seen(space, item)
}

/// The rules of the picture: how large a piece appears and where.
fn is_well_seen(space: &Space<'_>, item: &Item) -> bool {
    if item.view.share > MAX_SHARE {
        return false;
    }
    // A picture cut by the frame reads as a mistake.
    if hangs(item.design.kind) && item.view.inside < 0.985 {
        return false;
    }
    // A wide lens stretches what stands near the border.
    let x = item.view.centre().x;
    let is_stretched = space.hfov > 95.0
        && item.on_floor()
        && !item.is_flat()
        && item.view.share > 0.0
        && !(0.125..=0.875).contains(&x);
    !is_stretched
}

/// The rules of the floor and the walls.
fn has_place(space: &Space<'_>, item: &Item) -> bool {
    let kind = item.design.kind;
    let footprint = item.footprint(0.0);
    if item.lift + item.height() > space.room.ceiling_height - 0.04 {
        return false;
    }
    // Things on other things stand where those stand.
    if item.lift > 0.01 && !hangs(kind) {
        return true;
    }
    if hangs(kind) {
        return wall_is_free(space, item);
    }
    if !space.holds_all(&footprint) {
        return false;
    }
    if kind != Kind::Curtain
        && space
            .keep_clear
            .iter()
            .any(|zone| separation(zone, &footprint) < 0.0)
    {
        return false;
    }
    if kind != Kind::Curtain && hides_window(space, item) {
        return false;
    }
    let from_camera = distance_to(&footprint, DVec2::ZERO);
    if !item.is_flat() && from_camera < if item.is_large() { CAMERA_CLEAR } else { 0.8 } {
        return false;
    }
    let reach = apron(kind);
    if reach > 0.0 {
        let floor = item.apron(reach);
        let middle = (floor[2] + floor[3]) * 0.5;
        let side = match space.wall_of(item) {
            Some(Surface::Back) | None => true,
            Some(_) => middle.x > space.left && middle.x < space.right,
        };
        if !side {
            return false;
        }
    }
    true
}

/// Heights and place of an opening that a hanging piece must leave free.
fn wall_is_free(space: &Space<'_>, item: &Item) -> bool {
    let Some(surface) = space.wall_of(item) else {
        return false;
    };
    let Some(wall) = space.walls.iter().find(|w| w.surface == surface) else {
        return false;
    };
    let u = if surface == Surface::Back { item.x } else { item.z };
    let half = item.width() * 0.5;
    if u - half < wall.low + 0.05 || u + half > wall.high - 0.05 {
        return false;
    }
    space.openings_of(surface).all(|o| {
        let apart_along = u - half > o.u.1 + 0.06 || u + half < o.u.0 - 0.06;
        let apart_up = item.lift > o.heights.1 + 0.06 || item.lift + item.height() < o.heights.0 - 0.06;
        apart_along || apart_up
    })
}

/// Whether a piece stands before a window and rises above its sill.
fn hides_window(space: &Space<'_>, item: &Item) -> bool {
    if item.is_flat() {
        return false;
    }
    let hides = |o: &Opening| {
        if is_passage(o) || (o.kind != OpeningKind::Window && o.kind != OpeningKind::Unknown) {
            return false;
        }
        if item.height() <= o.heights.0 + 0.06 {
            return false;
        }
        let reach = 0.65;
        let (a, b) = o.u;
        let zone = match o.wall {
            Surface::Left => [
                DVec2::new(space.left, a),
                DVec2::new(space.left + reach, a),
                DVec2::new(space.left + reach, b),
                DVec2::new(space.left, b),
            ],
            Surface::Right => [
                DVec2::new(space.right - reach, a),
                DVec2::new(space.right, a),
                DVec2::new(space.right, b),
                DVec2::new(space.right - reach, b),
            ],
            Surface::Back | Surface::Floor | Surface::Ceiling => [
                DVec2::new(a, space.back - reach),
                DVec2::new(b, space.back - reach),
                DVec2::new(b, space.back),
                DVec2::new(a, space.back),
            ],
        };
        separation(&zone, &item.footprint(0.0)) < -0.03
    };
    space.room.openings.iter().any(hides)
}

/// Whether two pieces belong together so closely that one is pushed under the other.
fn is_tucked(a: Kind, b: Kind) -> bool {
    matches!(
        (a, b),
        (Kind::DiningChair, Kind::DiningTable)
            | (Kind::DiningTable, Kind::DiningChair)
            | (Kind::OfficeChair, Kind::Desk)
            | (Kind::Desk, Kind::OfficeChair)
    )
}

/// Whether two pieces may stand where they do. `together`: they belong to one group, which keeps its own distances.
pub(super) fn agree(a: &Item, b: &Item, together: bool) -> bool {
    let (ka, kb) = (a.design.kind, b.design.kind);
    if a.is_flat() || b.is_flat() {
        // Rugs lie under things, but not half over each other.
        return !(a.is_flat() && b.is_flat()) || separation(&a.footprint(0.0), &b.footprint(0.0)) > 0.2;
    }
    let gap = separation(&a.footprint(0.0), &b.footprint(0.0));
    if a.meets_vertically(b) {
        if is_tucked(ka, kb) {
            return gap > -TUCK;
        }
        if gap < APART {
            return false;
        }
    }
    if together {
        return true;
    }
    if a.on_floor() && b.on_floor() {
        if !is_slim(ka) && !is_slim(kb) && gap < WALKWAY {
            return false;
        }
        // Slim things keep a hand's breadth from strangers.
        if gap < 0.06 && ka != Kind::Curtain && kb != Kind::Curtain {
            return false;
        }
        for (one, other) in [(a, b), (b, a)] {
            let reach = apron(one.design.kind);
            if reach > 0.0
                && other.design.kind != Kind::Curtain
                && separation(&one.apron(reach), &other.footprint(0.0)) < 0.0
            {
                return false;
            }
        }
    }
    true
}

/// Whether a person can walk from every door to the place where the photo was taken and to the middle of the room.
///
/// A coarse flood over the floor: a cell is free when a body with half a walkway around it fits.
pub(super) fn is_walkable<'i>(space: &Space<'_>, items: impl Iterator<Item = &'i Item>) -> bool {
    let doors: Vec<&Opening> = space
        .room
        .openings
        .iter()
        .filter(|o| o.kind == OpeningKind::Door || (o.kind == OpeningKind::Window && is_passage(o)))
        .collect();
    if doors.is_empty() {
        return true;
    }
    const CELL: f64 = 0.125;
    let half = WALKWAY * 0.5 - 0.5 * CELL;
    let (low_x, high_x) = (space.left.max(-6.0), space.right.min(6.0));
    let (low_z, high_z) = (0.0, space.back.min(10.0));
    let columns = (((high_x - low_x) / CELL) as usize).max(1);
    let rows = (((high_z - low_z) / CELL) as usize).max(1);
    let mut blocked = vec![false; columns * rows];
    for item in items {
        if item.is_flat() || !item.on_floor() || item.design.kind == Kind::Curtain {
            continue;
        }
        let outline = item.footprint(0.0);
        let (mut min, mut max) = (DVec2::INFINITY, DVec2::NEG_INFINITY);
        for p in outline {
            min = min.min(p);
            max = max.max(p);
        }
        let first = |v: f64, low: f64| (((v - half - low) / CELL).floor().max(0.0)) as usize;
        let last = |v: f64, low: f64, count: usize| {
            ((((v + half - low) / CELL).ceil()).max(0.0) as usize).min(count)
        };
        for row in first(min.y, low_z)..last(max.y, low_z, rows) {
            for column in first(min.x, low_x)..last(max.x, low_x, columns) {
                let p = DVec2::new(
                    low_x + (column as f64 + 0.5) * CELL,
                    low_z + (row as f64 + 0.5) * CELL,
                );
                if !blocked[row * columns + column] && distance_to(&outline, p) < half {
                    blocked[row * columns + column] = true;
                }
            }
        }
    }
    // The flood starts at the camera's side of the room.
    let mut reached = vec![false; columns * rows];
    let mut stack: Vec<usize> = (0..columns)
        .filter(|&c| {
            let x = low_x + (c as f64 + 0.5) * CELL;
            x.abs() < 0.8 && !blocked[c]
        })
        .collect();
    stack.iter().for_each(|&i| reached[i] = true);
    while let Some(i) = stack.pop() {
        let (row, column) = (i / columns, i % columns);
        let mut visit = |r: usize, c: usize| {
            let j = r * columns + c;
            if !blocked[j] && !reached[j] {
                reached[j] = true;
                stack.push(j);
            }
        };
        if row > 0 {
            visit(row - 1, column);
        }
        if row + 1 < rows {
            visit(row + 1, column);
        }
        if column > 0 {
            visit(row, column - 1);
        }
        if column + 1 < columns {
            visit(row, column + 1);
        }
    }
    doors.iter().all(|door| {
        let middle = (door.u.0 + door.u.1) * 0.5;
        let at = match door.wall {
            Surface::Left => DVec2::new(space.left + 0.4, middle),
            Surface::Right => DVec2::new(space.right - 0.4, middle),
            Surface::Back | Surface::Floor | Surface::Ceiling => DVec2::new(middle, space.back - 0.4),
        };
        let column = ((at.x - low_x) / CELL) as isize;
        let row = ((at.y - low_z) / CELL) as isize;
        // Doors beside or behind the camera are not ours to judge.
        if row < 1 || column < 0 || row >= rows as isize || column >= columns as isize {
            return true;
        }
        (-2..=2).any(|dr| {
            (-2..=2).any(|dc| {
                let (r, c) = (row + dr, column + dc);
                r >= 0
                    && c >= 0
                    && r < rows as isize
                    && c < columns as isize
                    && reached[r as usize * columns + c as usize]
            })
        })
    })
}
