//! Finds an arrangement: a Metropolis walk over the groups of a template, several starts, best one kept.
//!
//! Every state along the way keeps the hard rules; moves that would break one are not made.

use super::groups::{Group, Maker, template};
use super::item::{Item, View};
use super::rules::{agree, hangs, is_walkable};
use super::space::Space;
use super::{Kind, RoomType, Style};
use crate::geometry::DVec2;
use crate::model::noise::Dice;
use crate::{Control, StageError};

/// Independent starts and moves of each.
const STARTS: u64 = 3;
const MOVES: usize = 420;
/// Throws for the main group before a start is given up.
const MAIN_THROWS: usize = 260;

/// What the search returns.
#[derive(Debug, Clone)]
pub(super) struct Arrangement {
    pub items: Vec<Item>,
    pub score: f64,
}

type State = Vec<Option<Vec<Item>>>;

pub(super) fn search(
    space: &Space<'_>,
    room_type: RoomType,
    style: Style,
    seed: u32,
    control: &Control,
) -> Result<Arrangement, StageError> {
    let groups = template(room_type);
    let maker = Maker { space, style };
    let mut best: Option<(f64, State)> = None;
    for start in 0..STARTS {
        control.check()?;
        let mut dice = Dice::new((u64::from(seed) << 8) ^ start ^ 0x5eed);
        let mut state: State = vec![None; groups.len()];
        // The best of many throws for the main group is the starting point.
        let mut main: Option<(f64, Vec<Item>)> = None;
        for _ in 0..MAIN_THROWS {
            if let Some(items) = maker.propose(groups[0].0, &mut dice) {
                let cost = main_cost(space, &items) + 0.6 * f64::from(dice.unit());
                if main.as_ref().is_none_or(|(known, _)| cost < *known) && is_walkable(space, items.iter()) {
                    main = Some((cost, items));
                }
            }
        }
        state[0] = main.map(|m| m.1);
        for i in 1..groups.len() {
            fill(space, &maker, groups, &mut state, i, &mut dice, 14);
        }
        let mut cost = total_cost(space, groups, &state);
        let mut local: (f64, State) = (cost, state.clone());
        for step in 0..MOVES {
            let heat = 0.9 * (1.0 - step as f64 / MOVES as f64).powi(2) + 0.02;
            let i = if dice.chance(0.25) {
                0
            } else {
                dice.below(groups.len())
            };
            // Less is more now and then.
            if i > 0 && state[i].is_some() && dice.chance(0.12) {
                let mut next = state.clone();
                next[i] = None;
                let new_cost = total_cost(space, groups, &next);
                if new_cost < cost || f64::from(dice.unit()) < ((cost - new_cost) / heat).exp() {
                    state = next;
                    cost = new_cost;
                    if cost < local.0 {
                        local = (cost, state.clone());
                    }
                }
                continue;
            }
            let Some(proposal) = maker.propose(groups[i].0, &mut dice) else {
                continue;
            };
            let mut next = state.clone();
            next[i] = Some(proposal);
            if i == 0 {
                // The main group moves others out of its way.
                let main = next[0].clone().unwrap_or_default();
                for other in next.iter_mut().skip(1) {
                    if other.as_ref().is_some_and(|items| !compatible(&main, items)) {
                        *other = None;
                    }
                }
                for k in 1..groups.len() {
                    if next[k].is_none() {
                        fill(space, &maker, groups, &mut next, k, &mut dice, 4);
                    }
                }
            } else {
                let mine = next[i].clone().unwrap_or_default();
                let clashes = next.iter().enumerate().any(|(k, items)| {
                    k != i && items.as_ref().is_some_and(|items| !compatible(&mine, items))
                });
                if clashes {
                    continue;
                }
            }
            let new_cost = total_cost(space, groups, &next);
            let accepted = new_cost < cost || f64::from(dice.unit()) < ((cost - new_cost) / heat).exp();
            if !accepted || !is_walkable(space, next.iter().flatten().flatten()) {
                continue;
            }
            state = next;
            cost = new_cost;
            if cost < local.0 {
                local = (cost, state.clone());
            }
        }
        // What only costs is left out.
        for i in 1..groups.len() {
            let kept = local.1[i].take();
            let without = total_cost(space, groups, &local.1);
            if without < local.0 {
                local.0 = without;
            } else {
                local.1[i] = kept;
            }
        }
        if best.as_ref().is_none_or(|(known, _)| local.0 < *known) {
            best = Some(local);
        }
    }
    let (cost, state) = best.unwrap_or((f64::INFINITY, Vec::new()));
    Ok(Arrangement {
        items: state.into_iter().flatten().flatten().collect(),
        score: -cost,
    })
}

/// Tries to give a group a place beside what is there already.
fn fill(
    space: &Space<'_>,
    maker: &Maker<'_, '_>,
    groups: &[(Group, f64)],
    state: &mut State,
    index: usize,
    dice: &mut Dice,
    throws: usize,
) {
    let mut best: Option<(f64, Vec<Item>)> = None;
    for _ in 0..throws {
        let Some(items) = maker.propose(groups[index].0, dice) else {
            continue;
        };
        let fits = state.iter().flatten().all(|other| compatible(&items, other));
        if !fits {
            continue;
        }
        let cost: f64 = items.iter().map(|item| item_cost(space, item)).sum();
        if best.as_ref().is_none_or(|(known, _)| cost < *known) {
            best = Some((cost, items));
        }
    }
    if let Some((_, items)) = best {
        let walkable = is_walkable(space, state.iter().flatten().flatten().chain(&items));
        if walkable {
            state[index] = Some(items);
        }
    }
}

fn compatible(a: &[Item], b: &[Item]) -> bool {
    a.iter().all(|x| b.iter().all(|y| agree(x, y, false)))
}

/// How well the main group sits by itself.
fn main_cost(space: &Space<'_>, items: &[Item]) -> f64 {
    let main = &items[0];
    let view = &main.view;
    let mut cost = 0.0;
    // Wholly in the picture, of a size that carries it.
    cost += 5.0 * (1.0 - view.inside);
    cost += 14.0 * (0.07 - view.share).max(0.0) + 5.0 * (view.share - 0.20).max(0.0);
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
        Kind::DiningTable => {}
        Kind::Desk => cost += 0.5 * (facing.abs() - 0.9).max(0.0),
        _ => cost += 1.5 * (0.55 - facing).max(0.0),
    }
    // Larger suits better, as long as it fits; a wall behind gives it hold.
    cost -= 0.7 * main.width();
    match space.wall_of(main) {
        Some(surface) => {
            let u = if surface == crate::room::Surface::Back {
                main.x
            } else {
                main.z
            };
            if let Some(wall) = space.walls.iter().find(|w| w.surface == surface) {
                let spans = space.free_spans(wall, 0.0, main.height(), 0.05);
                if let Some((a, b)) = spans.iter().find(|(a, b)| u > *a && u < *b) {
                    let middle = (u - (a + b) * 0.5).abs();
                    cost += 0.7 * middle.min(1.2) - 0.25 * (b - a - main.width()).min(2.0);
                }
            }
        }
        None if main.design.kind != Kind::DiningTable => {
            cost += if main.design.kind == Kind::Desk { 0.3 } else { 1.6 }
        }
        None => {
            // A table stands in the middle of the floor.
            let (low, high) = space.across(main.z);
            cost += 0.8 * (main.x - (low + high) * 0.5).abs();
        }
    }
    // What comes with it.
    for item in &items[1..] {
        cost -= match item.design.kind {
            Kind::CoffeeTable => 1.4,
            Kind::Rug => 1.3,
            Kind::BedsideTable => 0.9,
            Kind::Armchair => 0.8,
            Kind::DiningChair => 0.45,
            Kind::Art | Kind::Mirror => 0.9,
            Kind::SideTable | Kind::FloorLamp | Kind::Bench => 0.4,
            _ => 0.05,
        };
        cost += item_cost(space, item);
    }
    cost
}

/// What one piece costs by its place in the picture.
fn item_cost(space: &Space<'_>, item: &Item) -> f64 {
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
            cost += if hangs(item.design.kind) { 1.6 } else { 0.35 };
        }
    } else {
        cost += 0.3 * cut;
    }
    // Nobody wants to look at the back of a chair.
    if item.design.kind == Kind::Armchair {
        let to_camera = (-DVec2::new(item.x, item.z)).normalize_or_zero();
        cost += 1.4 * (0.25 - item.front().dot(to_camera)).max(0.0);
        cost += 12.0 * (view.share - 0.07).max(0.0);
    }
    // Slim things close to the lens loom.
    if matches!(
        item.design.kind,
        Kind::FloorLamp | Kind::Plant | Kind::Bookcase | Kind::Wardrobe
    ) {
        cost += 14.0 * (view.share - 0.045).max(0.0);
    }
    // Tall things close to the lens hide the room.
    if view.share > 0.16 && !item.is_flat() {
        cost += 6.0 * (view.share - 0.16);
    }
    // Windows stay visible.
    for opening in &space.room.openings {
        if opening.kind != crate::room::OpeningKind::Window
            || item.is_flat()
            || item.design.kind == Kind::Curtain
        {
            continue;
        }
        let polygon = space.room.opening_polygon(space.camera, opening);
        if polygon.len() < 4 {
            continue;
        }
        let scale = DVec2::new(f64::from(space.camera.width), f64::from(space.camera.height));
        let (mut min, mut max) = (DVec2::INFINITY, DVec2::NEG_INFINITY);
        for p in polygon {
            min = min.min((p / scale).clamp(DVec2::ZERO, DVec2::ONE));
            max = max.max((p / scale).clamp(DVec2::ZERO, DVec2::ONE));
        }
        let window = View {
            share: 0.0,
            inside: 1.0,
            min,
            max,
        };
        cost += 1.2 * view.covers(&window);
    }
    cost
}

fn total_cost(space: &Space<'_>, groups: &[(Group, f64)], state: &State) -> f64 {
    let mut cost = 0.0;
    let mut balance = 0.0;
    for (i, entry) in state.iter().enumerate() {
        let Some(items) = entry else {
            cost += groups[i].1;
            continue;
        };
        if i == 0 {
            cost += main_cost(space, items);
        } else {
            let own: f64 = items.iter().map(|item| item_cost(space, item)).sum();
            cost += own;
            // A group nobody sees is as good as absent.
            if items.iter().all(|item| item.view.share < super::SEEN) {
                cost += groups[i].1;
            }
        }
        for item in items {
            if !item.is_flat() && !hangs(item.design.kind) {
                balance += item.view.share * (item.view.centre().x - 0.5);
            }
        }
    }
    cost += 4.0 * balance.abs();
    // Two walls of pictures close together are too many.
    let hung: Vec<&Item> = state
        .iter()
        .flatten()
        .flatten()
        .filter(|i| hangs(i.design.kind))
        .collect();
    for (k, a) in hung.iter().enumerate() {
        for b in &hung[k + 1..] {
            let apart = DVec2::new(a.x - b.x, a.z - b.z).length() - 0.5 * (a.width() + b.width());
            cost += 2.0 * (0.9 - apart).max(0.0);
        }
    }
    // One floor lamp lights a corner, two in a picture look like a shop; plants stand apart.
    for (kind, apart) in [
        (Kind::FloorLamp, 20.0),
        (Kind::Plant, 1.3),
        (Kind::Bookcase, 20.0),
    ] {
        let same: Vec<&Item> = state
            .iter()
            .flatten()
            .flatten()
            .filter(|i| i.design.kind == kind)
            .collect();
        for (k, a) in same.iter().enumerate() {
            for b in &same[k + 1..] {
                let distance = DVec2::new(a.x - b.x, a.z - b.z).length();
                cost += if distance < apart { 1.0 } else { 0.0 };
            }
        }
    }
    // A media bench belongs opposite the sofa.
    let kinds = |kind: Kind| {
        state
            .iter()
            .flatten()
            .flatten()
            .find(move |i| i.design.kind == kind)
    };
    if let (Some(sofa), Some(bench)) = (kinds(Kind::Sofa), kinds(Kind::TvBench)) {
        let across = sofa.local(0.0, 0.0) - DVec2::new(bench.x, bench.z);
        let opposite = sofa.front().dot(bench.front()) < -0.9;
        let aside = across.dot(sofa.front().perp()).abs();
        cost += if opposite {
            (aside - 0.4).clamp(-0.4, 0.6)
        } else {
            0.5
        };
    }
    // Nothing nearer may hide the main piece.
    if let Some(main) = state[0].as_ref().map(|items| items[0]) {
        let depth = |item: &Item| DVec2::new(item.x, item.z).length();
        for item in state.iter().flatten().flatten() {
            if item.is_flat()
                || depth(item) >= depth(&main)
                || item.design.kind == Kind::CoffeeTable && item.height() < 0.5
            {
                continue;
            }
            let weight = match item.design.kind {
                Kind::CoffeeTable | Kind::DiningChair | Kind::Bench | Kind::Vase => 0.25,
                Kind::OfficeChair => 0.3,
                _ => 1.8,
            };
            cost += weight * item.view.covers(&main.view);
        }
    }
    cost
}
