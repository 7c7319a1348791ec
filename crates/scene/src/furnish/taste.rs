//! The soft rules: what a decorator and a photographer would prefer. Every term is a cost; lower is better.
//!
//! Conversation, alignment, balance and emphasis follow Merrell, Schkufza, Li, Agrawala and Koltun, "Interactive
//! furniture layout using interior design guidelines", ACM Transactions on Graphics 30(4), 2011
//! (<https://doi.org/10.1145/2010324.1964982>), section 4; the terms of the picture (third lines, sizes, sight lines to
//! windows) are ours, because here the room is seen from one place only.

use std::sync::OnceLock;

use super::Kind;
use super::groups::Group;
use super::item::Item;
use super::rules::hangs;
use super::space::{Space, hides};
use super::walk::Ways;
use crate::geometry::DVec2;
use crate::room::{Opening, OpeningKind, Surface};

/// How well the main group sits by itself.
pub(super) fn main_cost(space: &Space<'_>, items: &[Item]) -> f64 {
    let main = &items[0];
    let view = &main.view;
    let mut cost = 0.0;
    // Wholly in the picture, of a size that carries it.
    cost += 5.0 * (1.0 - view.inside);
    if !main.is_flat() {
        // A bed is the room's largest piece by nature; a narrow one in a wide room looks like a guest's.
        let ample = if main.design.kind == Kind::Bed { 0.27 } else { 0.20 };
        cost += 14.0 * (0.07 - view.share).max(0.0) + 5.0 * (view.share - ample).max(0.0);
    }
    // Near the middle or a third line, not at the rim.
    let x = view.centre().x;
    let from_lines = [0.36, 0.5, 0.64]
        .iter()
        .map(|line| (x - line).abs())
        .fold(f64::INFINITY, f64::min);
    cost += 1.6 * from_lines;
    // Its front, or at least its side, should be seen.
    let to_camera = (-DVec2::new(main.x, main.z)).normalize_or_zero();
    let facing = main.front().dot(to_camera);
    match main.design.kind {
        Kind::DiningTable | Kind::BathMat => {}
        Kind::Desk => cost += 0.5 * (facing.abs() - 0.9).max(0.0),
        _ => cost += 1.5 * (0.55 - facing).max(0.0),
    }
    // Larger suits better, as long as it fits; a wall behind gives it hold.
    cost -= if main.design.kind == Kind::Bed { 1.5 } else { 0.7 } * main.width();
    cost += place_cost(space, main);
    // What comes with it.
    for item in &items[1..] {
        cost -= match item.design.kind {
            Kind::CoffeeTable | Kind::OutdoorTable => 1.4,
            Kind::Rug => 1.3,
            Kind::BedsideTable => 0.9,
            Kind::Armchair | Kind::OutdoorChair => 0.8,
            Kind::DiningChair => 0.45,
            Kind::Art | Kind::Mirror | Kind::PendantLamp => 0.9,
            Kind::SideTable | Kind::FloorLamp | Kind::Bench | Kind::Pouf => 0.4,
            Kind::Basket | Kind::TableLamp => 0.2,
            _ => 0.05,
        };
        cost += item_cost(space, item);
    }
    cost
}

/// Against the middle of a free stretch of wall, or in the middle of the floor.
fn place_cost(space: &Space<'_>, main: &Item) -> f64 {
    let Some(surface) = space.wall_of(main) else {
        return match main.design.kind {
            Kind::DiningTable | Kind::BathMat => {
                let (low, high) = space.across(main.z);
                0.8 * (main.x - (low + high) * 0.5).abs()
            }
            Kind::Desk | Kind::OutdoorSofa => 0.3,
            _ => 1.6,
        };
    };
    let u = if surface == Surface::Back { main.x } else { main.z };
    let Some(wall) = space.walls.iter().find(|w| w.surface == surface) else {
        return 0.0;
    };
    let spans = space.free_spans(wall, 0.0, main.height(), 0.05);
    spans
        .iter()
        .find(|(a, b)| u > *a && u < *b)
        .map_or(0.0, |(a, b)| {
            let middle = (u - (a + b) * 0.5).abs();
            0.7 * middle.min(1.2) - 0.25 * (b - a - main.width()).min(2.0)
        })
}

/// What one piece costs by its place in the picture.
pub(super) fn item_cost(space: &Space<'_>, item: &Item) -> f64 {
    let view = &item.view;
    if view.share <= 0.0 {
        // Out of the picture: neither good nor bad, but no reason to have it.
        return 0.6;
    }
    let mut cost = 0.0;
    // A sliver at the rim looks like a mistake.
    let cut = 1.0 - view.inside;
    if !item.is_flat() {
        cost += 1.6 * cut;
        if cut > 0.02 {
            cost += if hangs(&item.design) { 1.6 } else { 0.35 };
        }
    } else {
        cost += 0.5 * cut;
    }
    // Nobody wants to look at the back of a chair.
    if matches!(item.design.kind, Kind::Armchair | Kind::OutdoorChair) {
        let to_camera = (-DVec2::new(item.x, item.z)).normalize_or_zero();
        cost += 1.4 * (0.25 - item.front().dot(to_camera)).max(0.0);
        cost += 12.0 * (view.share - 0.07).max(0.0);
    }
    // Slim things close to the lens loom.
    if matches!(
        item.design.kind,
        Kind::FloorLamp | Kind::Plant | Kind::Bookcase | Kind::Wardrobe | Kind::Planter | Kind::CoatRack
    ) {
        cost += 14.0 * (view.share - 0.045).max(0.0);
    }
    // Tall things close to the lens hide the room.
    if view.share > 0.16 && !item.is_flat() {
        cost += 6.0 * (view.share - 0.16);
    }
    // Windows stay visible.
    if hides(item) {
        for (bits, samples) in view.windows.iter().zip(&space.windows) {
            cost += 1.6 * f64::from(bits.count_ones()) / samples.len() as f64;
        }
    }
    cost
}

/// A group as it stands in an arrangement, with the part of its cost that no other group changes.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub items: Vec<Item>,
    own: f64,
    blocked: OnceLock<Vec<u128>>,
}

impl Setup {
    pub fn new(space: &Space<'_>, items: Vec<Item>, is_main: bool, missed: f64) -> Self {
        let mut own = if is_main {
            main_cost(space, &items)
        } else {
            items.iter().map(|item| item_cost(space, item)).sum()
        };
        // A group nobody sees is as good as absent.
        if items.iter().all(|item| item.view.share < super::SEEN) {
            own += missed;
        }
        Self {
            items,
            own,
            blocked: OnceLock::new(),
        }
    }
}

impl Setup {
    /// The cells its pieces block.
    pub fn blocked(&self, ways: &Ways) -> &[u128] {
        self.blocked.get_or_init(|| ways.blocked_by(self.items.iter()))
    }
}

/// The whole cost of an arrangement; `groups` says what leaving each out costs.
pub(super) fn total_cost<'a>(
    space: &Space<'_>,
    groups: &[(Group, f64)],
    state: impl Iterator<Item = Option<&'a Setup>>,
) -> f64 {
    let mut cost = 0.0;
    let mut main: Option<&Item> = None;
    let mut items: Vec<&Item> = Vec::with_capacity(40);
    for (i, entry) in state.enumerate() {
        match entry {
            Some(setup) => {
                if i == 0 {
                    main = setup.items.first();
                }
                cost += setup.own;
                items.extend(&setup.items);
            }
            None => cost += groups[i].1,
        }
    }
    cost += picture_balance(&items);
    cost += floor_balance(space, &items);
    cost += density(space, &items);
    cost += spread(&items);
    cost += company(&items);
    cost += emphasis(space, &items);
    cost += hung_askew(space, &items);
    cost + main.map_or(0.0, |main| hidden(main, &items))
}

/// The pieces weigh about the same left and right of the picture's middle.
fn picture_balance(items: &[&Item]) -> f64 {
    let tilt: f64 = items
        .iter()
        .filter(|item| !item.is_flat() && !hangs(&item.design))
        .map(|item| item.view.share * (item.view.centre().x - 0.5))
        .sum();
    4.0 * tilt.abs()
}

/// Merrell's visual balance: the mean of the footprints lies near the middle of the floor that is seen.
fn floor_balance(space: &Space<'_>, items: &[&Item]) -> f64 {
    let (mut weight, mut at) = (0.0, DVec2::ZERO);
    for item in items.iter().filter(|item| item.is_solid()) {
        let area = item.width() * item.depth();
        weight += area;
        at += DVec2::new(item.x, item.z) * area;
    }
    if weight == 0.0 {
        return 0.0;
    }
    let at = at / weight;
    let (low, high) = space.across(at.y);
    let off = (at.x - (low + high) * 0.5).abs() / (high - low).max(1.0);
    0.6 * off
}

/// Rooms to live, sleep, eat or work in look bare with less than a sixth of their floor under furniture, and crammed with
/// much more than a third.
fn density(space: &Space<'_>, items: &[&Item]) -> f64 {
    let is_lived_in = |item: &&Item| {
        matches!(
            item.design.kind,
            Kind::Sofa | Kind::Bed | Kind::DiningTable | Kind::Desk
        )
    };
    if !items.iter().any(is_lived_in) {
        return 0.0;
    }
    let (width, depth) = space.seen_size();
    let taken: f64 = items
        .iter()
        .filter(|item| item.is_solid())
        .flat_map(|item| item.parts())
        .map(|part| (part[1] - part[0]).length() * (part[3] - part[0]).length())
        .sum();
    let share = taken / (width * depth).max(4.0);
    12.0 * (0.17 - share).max(0.0) + 14.0 * (share - 0.38).max(0.0)
}

/// Pictures, lamps, plants and cases keep apart from their like.
fn spread(items: &[&Item]) -> f64 {
    let mut cost = 0.0;
    for (k, a) in items.iter().enumerate() {
        let wanted = match a.design.kind {
            // One floor lamp lights a corner, two in a picture look like a shop.
            Kind::FloorLamp | Kind::Bookcase => 20.0,
            Kind::Plant | Kind::Planter => 1.3,
            _ if hangs(&a.design) => 0.9,
            _ => continue,
        };
        for b in &items[k + 1..] {
            let distance = DVec2::new(a.x - b.x, a.z - b.z).length();
            if hangs(&a.design) && hangs(&b.design) {
                cost += 2.0 * (wanted - (distance - 0.5 * (a.width() + b.width()))).max(0.0);
            } else if a.design.kind == b.design.kind && distance < wanted {
                cost += 1.0;
            }
        }
    }
    cost
}

/// Merrell's conversation and alignment terms over pairs of pieces.
fn company(items: &[&Item]) -> f64 {
    let is_seat = |item: &Item| {
        matches!(
            item.design.kind,
            Kind::Sofa | Kind::Armchair | Kind::OutdoorSofa | Kind::OutdoorChair
        )
    };
    let mut cost = 0.0;
    for (k, a) in items.iter().enumerate() {
        if !a.is_solid() {
            continue;
        }
        for b in items[k + 1..].iter().filter(|b| b.is_solid()) {
            if is_seat(a) && is_seat(b) {
                cost -= 0.35 * conversation(a, b);
            }
            if a.width() > 0.9 && b.width() > 0.9 {
                cost -= 0.06 * (4.0 * (a.yaw - b.yaw).to_radians()).cos();
            }
        }
    }
    // A media bench belongs opposite the sofa.
    let find = |kind: Kind| items.iter().find(|i| i.design.kind == kind);
    if let (Some(sofa), Some(bench)) = (find(Kind::Sofa), find(Kind::TvBench)) {
        let across = sofa.local(0.0, 0.0) - DVec2::new(bench.x, bench.z);
        let opposite = sofa.front().dot(bench.front()) < -0.9;
        let aside = across.dot(sofa.front().perp()).abs();
        cost += if opposite {
            (aside - 0.4).clamp(-0.4, 0.6)
        } else {
            0.5
        };
    }
    cost
}

/// 1 for two seats that face each other at 1.2 to 2.4 m (four to eight feet), less the further they are from that.
fn conversation(a: &Item, b: &Item) -> f64 {
    let way = DVec2::new(b.x - a.x, b.z - a.z);
    let distance = way.length().max(0.1);
    let way = way / distance;
    let angle = (a.front().dot(way) + 1.0) * (1.0 - b.front().dot(way)) / 4.0;
    let reach = if distance < 1.2 {
        (distance / 1.2).powi(2)
    } else {
        (2.4 / distance).powi(2).min(1.0)
    };
    angle * reach
}

/// What hangs above a piece hangs above its middle, and nothing tall stands before it, such as a lamp or a television on
/// a bench.
fn hung_askew(space: &Space<'_>, items: &[&Item]) -> f64 {
    let mut cost = 0.0;
    for hung in items.iter().filter(|item| hangs(&item.design)) {
        let surface = space.wall_of(hung);
        let is_back = surface == Some(Surface::Back);
        let along = |point: DVec2| if is_back { point.x } else { point.y };
        let across = |point: DVec2| if is_back { point.y } else { point.x };
        let at = DVec2::new(hung.x, hung.z);
        for below in items
            .iter()
            .filter(|item| !item.is_flat() && item.design.kind != Kind::Curtain)
        {
            if std::ptr::eq(*below, *hung) || hangs(&below.design) {
                continue;
            }
            let ground = below.footprint(0.0);
            let ends =
                |side: fn(f64, f64) -> f64, start: f64| ground.iter().map(|p| along(*p)).fold(start, side);
            let (low, high) = (ends(f64::min, f64::INFINITY), ends(f64::max, f64::NEG_INFINITY));
            let (first, last) = (along(at) - 0.5 * hung.width(), along(at) + 0.5 * hung.width());
            let shared = high.min(last) - low.max(first);
            let away = ground
                .iter()
                .map(|p| (across(*p) - across(at)).abs())
                .fold(f64::INFINITY, f64::min);
            if shared <= 0.0 || away > 0.5 {
                continue;
            }
            let is_above = space.wall_of(below) == surface;
            if below.lift + below.height() > hung.lift + 0.05 {
                // A lamp may cut a corner; a television before a picture is a mistake.
                cost += 1.6 * (shared / hung.width().min(below.width()).max(0.1)).min(1.0);
            } else if is_above && below.on_floor() && below.width() > 0.7 {
                let off = (along(at) - along(DVec2::new(below.x, below.z))).abs();
                cost += 1.5 * (off - 0.08).clamp(0.0, 0.6);
            }
        }
    }
    cost
}

/// Whether an opening is, or looks like, what a room is arranged around: a fireplace, or an unknown thing of the size of
/// one that stands on the floor.
fn is_hearth(opening: &Opening) -> bool {
    let (width, height) = (opening.u.1 - opening.u.0, opening.heights.1);
    let is_like_one = opening.heights.0 < 0.15 && (0.6..1.5).contains(&height) && (0.8..2.6).contains(&width);
    match opening.kind {
        OpeningKind::Fireplace => true,
        OpeningKind::Unknown => is_like_one,
        _ => false,
    }
}

/// Seats look at the fireplace, where there is one, and never turn their back on it.
fn emphasis(space: &Space<'_>, items: &[&Item]) -> f64 {
    let Some(fire) = space.room.openings.iter().find(|o| is_hearth(o)) else {
        return 0.0;
    };
    let middle = (fire.u.0 + fire.u.1) * 0.5;
    let at = match fire.wall {
        Surface::Left => DVec2::new(space.left, middle),
        Surface::Right => DVec2::new(space.right, middle),
        _ => DVec2::new(middle, space.back),
    };
    items
        .iter()
        .filter(|item| matches!(item.design.kind, Kind::Sofa | Kind::Armchair))
        .map(|item| {
            let way = (at - DVec2::new(item.x, item.z)).normalize_or_zero();
            let facing = item.front().dot(way);
            let weight = if item.design.kind == Kind::Sofa { 2.0 } else { 0.6 };
            -0.4 * facing + weight * (-0.25 - facing).max(0.0)
        })
        .sum()
}

/// Nothing nearer may hide the main piece.
fn hidden(main: &Item, items: &[&Item]) -> f64 {
    let depth = |item: &Item| DVec2::new(item.x, item.z).length();
    items
        .iter()
        .filter(|item| {
            !item.is_flat()
                && depth(item) < depth(main)
                && !(item.design.kind == Kind::CoffeeTable && item.height() < 0.5)
        })
        .map(|item| {
            let weight = match item.design.kind {
                Kind::CoffeeTable
                | Kind::OutdoorTable
                | Kind::DiningChair
                | Kind::Bench
                | Kind::Vase
                | Kind::Tableware
                | Kind::Pouf => 0.25,
                Kind::OfficeChair => 0.3,
                _ => 1.8,
            };
            weight * item.view.covers(&main.view)
        })
        .sum()
}
