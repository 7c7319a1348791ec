//! The hard rules: what no plan may break, each as a function that says how far it is broken.
//!
//! The search asks the same functions as [`super::check`]; where it wants more room than the rule demands (a gap
//! between pieces, a walkway between groups), it says so in [`agree`].

use super::Kind;
use super::check::ViolationKind;
use super::item::Item;
use super::polygon::{distance_to, separation};
use super::space::{Space, is_passage};
use crate::geometry::DVec2;
use crate::model::{Design, own_option};
use crate::room::{Opening, OpeningKind, Surface};

/// Largest share of the picture one piece may cover.
pub(super) const MAX_SHARE: f64 = 0.35;
/// Smallest share of the picture of a piece that stands on the floor or hangs.
pub(super) const MIN_SHARE: f64 = 0.004;
/// Share of the main piece that must be inside the frame.
pub(super) const MAIN_INSIDE: f64 = 0.70;
/// Share of a window that pieces may hide together.
pub(super) const WINDOW_HIDDEN: f64 = 0.5;
/// Width of a walkway; half of it is kept on either side of a path.
pub(super) const WALKWAY: f64 = 0.62;
/// Distance of large pieces from the camera.
pub(super) const CAMERA_CLEAR: f64 = 1.2;
/// Distance of small pieces from the camera.
pub(super) const CAMERA_CLEAR_SMALL: f64 = 0.8;
/// Field of view from which the borders stretch what stands there, degrees.
const WIDE: f64 = 95.0;
/// Pieces that stand on the floor do not touch.
const APART: f64 = 0.015;
/// How far a chair may be pushed under its table.
pub(super) const TUCK: f64 = 0.26;
/// Lengths below this are rounding, metres.
pub(super) const ROUNDING: f64 = 0.001;

/// How far a piece or a pair breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fault {
    pub kind: ViolationKind,
    /// Metres beyond the limit; 0 for the rules of the picture.
    pub metres: f64,
    /// Share of the picture, piece or window beyond the limit; 0 for the rules of the room.
    pub share: f64,
}

fn fault(kind: ViolationKind, metres: f64) -> Option<Fault> {
    (metres > ROUNDING).then_some(Fault {
        kind,
        metres,
        share: 0.0,
    })
}

fn seen_fault(kind: ViolationKind, share: f64) -> Option<Fault> {
    (share > 1e-9).then_some(Fault {
        kind,
        metres: 0.0,
        share,
    })
}

/// Whether a piece hangs on a wall.
pub(super) fn hangs(design: &Design) -> bool {
    match design.kind {
        Kind::Art => true,
        // The third leans on the wall.
        Kind::Mirror => own_option(design.option) != 3,
        Kind::CoatRack | Kind::TowelRack | Kind::Screen => design.option == 2,
        _ => false,
    }
}

/// Whether a piece hangs from the ceiling.
pub(super) fn hangs_from_ceiling(kind: Kind) -> bool {
    kind == Kind::PendantLamp
}

/// Slim or low things that may stand beside others without a walkway between.
fn is_slim(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Plant
            | Kind::FloorLamp
            | Kind::SideTable
            | Kind::Curtain
            | Kind::Mirror
            | Kind::BedsideTable
            | Kind::Bench
            | Kind::CoffeeTable
            | Kind::DiningChair
            | Kind::OfficeChair
            | Kind::Stool
            | Kind::StoolBar
            | Kind::Pouf
            | Kind::Basket
            | Kind::CoatRack
            | Kind::TowelRack
            | Kind::TowelStack
            | Kind::Planter
            | Kind::Parasol
            | Kind::OutdoorChair
    )
}

/// Free floor that a piece needs in front to be used, metres.
pub(super) fn apron(kind: Kind) -> f64 {
    match kind {
        Kind::Wardrobe | Kind::Dresser => 0.75,
        Kind::Bookcase | Kind::TvBench | Kind::Sideboard => 0.62,
        Kind::Console | Kind::ShoeBench => 0.60,
        Kind::Armchair => 0.35,
        _ => 0.0,
    }
}

/// Fronts that open: less than this before them and they cannot, metres.
pub(super) fn opening_front(kind: Kind) -> f64 {
    match kind {
        Kind::Wardrobe | Kind::Dresser => 0.60,
        _ => 0.0,
    }
}

type Rule = fn(&Space<'_>, &Item) -> Option<Fault>;

/// The rules of floor and walls for one piece.
const IN_THE_ROOM: [Rule; 6] = [
    below_the_ceiling,
    on_the_wall,
    on_the_floor,
    clear_of_openings,
    before_no_window,
    away_from_the_camera,
];

/// The rules of the picture for one piece; its view must have been taken.
const IN_THE_PICTURE: [Rule; 3] = [not_too_large, not_cut, not_stretched];

/// Whether a piece alone keeps the rules. Takes its view on the way.
pub(super) fn stands(space: &Space<'_>, item: &mut Item) -> bool {
    if IN_THE_ROOM.iter().any(|rule| rule(space, item).is_some()) {
        return false;
    }
    item.view = space.view(item);
    IN_THE_PICTURE.iter().all(|rule| rule(space, item).is_none())
}

/// Every rule a piece breaks by itself; its view must have been taken.
pub(super) fn faults<'a>(space: &'a Space<'_>, item: &'a Item) -> impl Iterator<Item = Fault> + 'a {
    IN_THE_ROOM
        .iter()
        .chain(&IN_THE_PICTURE)
        .chain(&[not_too_small as Rule])
        .filter_map(move |rule| rule(space, item))
}

fn below_the_ceiling(space: &Space<'_>, item: &Item) -> Option<Fault> {
    const AIR: f64 = 0.04;
    let top = item.lift + item.height();
    let limit = if hangs_from_ceiling(item.design.kind) {
        space.room.ceiling_height
    } else if item.design.kind == Kind::Parasol && !space.room.ceiling_seen {
        // Under the open sky.
        f64::INFINITY
    } else {
        space.room.ceiling_height - AIR
    };
    fault(ViolationKind::ThroughCeiling, top - limit)
}

/// Things on other things stand where those stand.
pub(super) fn is_carried(item: &Item) -> bool {
    !item.on_floor() && !hangs(&item.design) && !hangs_from_ceiling(item.design.kind)
}

/// A hanging piece is on a wall, within its ends, and clear of openings.
fn on_the_wall(space: &Space<'_>, item: &Item) -> Option<Fault> {
    if !hangs(&item.design) {
        return None;
    }
    const BORDER: f64 = 0.05;
    let wall = space
        .wall_of(item)
        .and_then(|surface| space.walls.iter().find(|w| w.surface == surface));
    let Some(wall) = wall else {
        return fault(
            ViolationKind::Floating,
            space.gap_to_wall(item).max(2.0 * ROUNDING),
        );
    };
    let u = if wall.surface == Surface::Back {
        item.x
    } else {
        item.z
    };
    let half = item.width() * 0.5;
    let beyond = (wall.low + BORDER - (u - half)).max(u + half - (wall.high - BORDER));
    if beyond > 0.0 {
        return fault(ViolationKind::OffFloor, beyond.max(2.0 * ROUNDING));
    }
    const MARGIN: f64 = 0.06;
    space
        .openings_of(wall.surface)
        .filter_map(|o| {
            let along = (u + half + MARGIN - o.u.0).min(o.u.1 + MARGIN - (u - half));
            let up = (item.lift + item.height() + MARGIN - o.heights.0).min(o.heights.1 + MARGIN - item.lift);
            fault(ViolationKind::OverOpening, along.min(up))
        })
        .next()
}

fn on_the_floor(space: &Space<'_>, item: &Item) -> Option<Fault> {
    if !item.on_floor() {
        return None;
    }
    let footprint = item.footprint(0.0);
    if space.holds_all(&footprint) {
        return None;
    }
    let off = footprint
        .iter()
        .map(|p| space.overhang(*p))
        .fold(2.0 * ROUNDING, f64::max);
    fault(ViolationKind::OffFloor, off)
}

/// Nothing stands in front of doors, fireplaces and what else reaches the floor; a rug may lie there.
fn clear_of_openings(space: &Space<'_>, item: &Item) -> Option<Fault> {
    if !item.is_solid() {
        return None;
    }
    let footprint = item.ground();
    space
        .keep_clear
        .iter()
        .find_map(|zone| fault(ViolationKind::BlocksOpening, -separation(zone, &footprint)))
}

/// A piece at a window rises at most a little above its sill.
fn before_no_window(space: &Space<'_>, item: &Item) -> Option<Fault> {
    if !item.is_solid() {
        return None;
    }
    let footprint = item.ground();
    space
        .room
        .openings
        .iter()
        .filter(|o| !is_passage(o) && matches!(o.kind, OpeningKind::Window | OpeningKind::Unknown))
        .find_map(|o| {
            let may_hide = if o.kind == OpeningKind::Window {
                0.30 * (o.heights.1 - o.heights.0)
            } else {
                0.06
            };
            let above = item.body_height() - o.heights.0 - may_hide.max(0.06);
            if above <= ROUNDING || separation(&window_zone(space, o), &footprint) > -0.03 {
                return None;
            }
            fault(ViolationKind::CoversWindow, above)
        })
}

/// The floor along a window where a piece hides it.
fn window_zone(space: &Space<'_>, opening: &Opening) -> [DVec2; 4] {
    const REACH: f64 = 0.65;
    let (a, b) = opening.u;
    let side = |x0: f64, x1: f64| {
        [
            DVec2::new(x0, a),
            DVec2::new(x1, a),
            DVec2::new(x1, b),
            DVec2::new(x0, b),
        ]
    };
    match opening.wall {
        Surface::Left => side(space.left, space.left + REACH),
        Surface::Right => side(space.right - REACH, space.right),
        Surface::Back | Surface::Floor | Surface::Ceiling => [
            DVec2::new(a, space.back - REACH),
            DVec2::new(b, space.back - REACH),
            DVec2::new(b, space.back),
            DVec2::new(a, space.back),
        ],
    }
}

fn away_from_the_camera(_: &Space<'_>, item: &Item) -> Option<Fault> {
    if item.is_flat() || !item.on_floor() {
        return None;
    }
    let wanted = if item.is_large() {
        CAMERA_CLEAR
    } else {
        CAMERA_CLEAR_SMALL
    };
    let away = distance_to(&item.ground(), DVec2::ZERO);
    fault(ViolationKind::NearCamera, wanted - away)
}

fn not_too_large(_: &Space<'_>, item: &Item) -> Option<Fault> {
    seen_fault(ViolationKind::TooLarge, item.view.share - MAX_SHARE)
}

/// Too small to be told what it is; things on other things are details and may be small.
fn not_too_small(_: &Space<'_>, item: &Item) -> Option<Fault> {
    if is_carried(item) {
        return None;
    }
    seen_fault(ViolationKind::TooSmall, MIN_SHARE - item.view.share)
}

/// A picture cut by the frame reads as a mistake.
fn not_cut(_: &Space<'_>, item: &Item) -> Option<Fault> {
    if !hangs(&item.design) {
        return None;
    }
    seen_fault(ViolationKind::CutOff, 0.985 - item.view.inside)
}

/// A wide lens stretches what stands near the border.
fn not_stretched(space: &Space<'_>, item: &Item) -> Option<Fault> {
    if space.hfov <= WIDE || !item.is_solid() || item.view.share <= 0.0 {
        return None;
    }
    let x = item.view.centre().x;
    seen_fault(ViolationKind::AtBorder, (0.125 - x).max(x - 0.875))
}

/// Whether two pieces belong together so closely that one is pushed under the other.
fn is_tucked(a: Kind, b: Kind) -> bool {
    let fits = |a: Kind, b: Kind| {
        matches!(
            (a, b),
            (Kind::DiningChair, Kind::DiningTable)
                | (Kind::OfficeChair, Kind::Desk)
                | (Kind::OutdoorChair, Kind::OutdoorTable)
        )
    };
    fits(a, b) || fits(b, a)
}

/// The rule a pair of pieces breaks.
pub(super) fn pair_fault(a: &Item, b: &Item) -> Option<Fault> {
    if a.is_flat() || b.is_flat() {
        return None;
    }
    let may = if is_tucked(a.design.kind, b.design.kind) {
        TUCK
    } else {
        0.0
    };
    if a.meets_vertically(b) {
        let into = -a.apart(b) - may;
        if let Some(found) = fault(ViolationKind::Overlap, into) {
            return Some(found);
        }
    }
    [(a, b), (b, a)].into_iter().find_map(|(one, other)| {
        let reach = opening_front(one.design.kind);
        if reach == 0.0 || !one.is_solid() || !other.is_solid() {
            return None;
        }
        let into = -separation(&one.apron(reach), &other.ground());
        fault(ViolationKind::BlocksFront, into)
    })
}

/// Whether two pieces may stand where they do. `together`: they belong to one group, which keeps its own distances.
pub(super) fn agree(a: &Item, b: &Item, together: bool) -> bool {
    let (ka, kb) = (a.design.kind, b.design.kind);
    // Far apart, as most pairs are.
    let reach = a.radius() + b.radius() + 0.8;
    if (a.x - b.x).powi(2) + (a.z - b.z).powi(2) > reach * reach {
        return true;
    }
    if a.is_flat() || b.is_flat() {
        // Rugs lie under things, but not half over each other.
        return !(a.is_flat() && b.is_flat()) || separation(&a.ground(), &b.ground()) > 0.2;
    }
    let gap = a.apart(b);
    if a.meets_vertically(b) {
        if is_tucked(ka, kb) {
            return gap > -TUCK;
        }
        if gap < APART {
            return false;
        }
    }
    if together {
        return pair_fault(a, b).is_none();
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
                && separation(&one.apron(reach), &other.ground()) < 0.0
            {
                return false;
            }
        }
    }
    true
}
