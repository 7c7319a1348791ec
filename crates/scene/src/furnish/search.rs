//! Finds arrangements: a Metropolis walk over the groups of a template from several starts, each with the main piece
//! at another wall or turned another way, so that there is something to choose from.
//!
//! Every state along the way keeps the hard rules; moves that would break one are not made.

use std::sync::Arc;

use rayon::prelude::*;

use super::groups::{Group, template};
use super::item::Item;
use super::list::Stock;
use super::maker::{Maker, Stance};
use super::rules::{WINDOW_HIDDEN, agree, stands};
use super::space::Space;
use super::taste::{Setup, main_cost, total_cost};
use super::walk::Ways;
use super::{MAX_PLANS, RoomType};
use crate::model::noise::Dice;
use crate::{Control, StageError};

/// Independent starts and moves of each.
const STARTS: usize = 4;
const MOVES: usize = 3000;
/// Throws for the main group: at least, and at most when few of them hit.
const MAIN_THROWS: usize = 400;
const MOST_THROWS: usize = 3000;
const HITS: usize = 24;
/// A start whose main group is so much worse than the best is no good plan.
const GOOD_START: f64 = 4.0;
/// Plans are told apart from this layout distance, metres.
const DIFFERENT: f64 = 0.6;

/// What the search returns: pieces without meshes.
#[derive(Debug, Clone)]
pub(super) struct Arrangement {
    pub items: Vec<Item>,
    pub score: f64,
    /// How much of the main piece is in the picture, 0..=1; 0 without a main piece.
    pub main_inside: f64,
}

type State = Vec<Option<Arc<Setup>>>;

/// The best arrangements, at most [`MAX_PLANS`], the best first, each as different from those before it as can be had.
pub(super) fn search(
    space: &Space<'_>,
    room_type: RoomType,
    stock: &Stock<'_>,
    seed: u32,
    control: &Control,
) -> Result<Vec<Arrangement>, StageError> {
    control.check()?;
    let groups = template(room_type);
    let walk = Walk {
        space,
        ways: Ways::new(space),
        groups,
        stock,
        control,
    };
    let starts = walk.starts(seed);
    let mut found = (0..STARTS)
        .into_par_iter()
        .map(|k| {
            let stances = starts.len().clamp(1, MAX_PLANS);
            walk.run(
                starts.get(k % stances),
                k / stances,
                (u64::from(seed) << 8) ^ k as u64 ^ 0x5eed,
            )
        })
        .collect::<Result<Vec<Arrangement>, StageError>>()?;
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(diverse(found))
}

/// The best, then those that are clearly different from what is kept, then what differs most.
fn diverse(mut found: Vec<Arrangement>) -> Vec<Arrangement> {
    let mut kept: Vec<Arrangement> = Vec::new();
    while kept.len() < MAX_PLANS && !found.is_empty() {
        let apart = |arrangement: &Arrangement| {
            kept.iter()
                .map(|other| layout_distance(&other.items, &arrangement.items))
                .fold(f64::INFINITY, f64::min)
        };
        let distances: Vec<f64> = found.iter().map(apart).collect();
        let next = distances
            .iter()
            .position(|d| *d > DIFFERENT)
            .or_else(|| (0..found.len()).max_by(|a, b| distances[*a].total_cmp(&distances[*b])));
        kept.push(found.remove(next.unwrap_or(0)));
    }
    kept
}

/// How far apart two arrangements are: the mean way from a piece on the floor to its like in the other, metres, at most
/// two (as for a piece without its like); a quarter turn counts as half a metre.
pub(super) fn layout_distance(a: &[Item], b: &[Item]) -> f64 {
    let one_way = |from: &[Item], to: &[Item]| {
        let ways: Vec<f64> = from
            .iter()
            .filter(|item| item.is_solid())
            .map(|item| {
                to.iter()
                    .filter(|other| other.design.kind == item.design.kind)
                    .map(|other| {
                        let turn = (item.yaw - other.yaw).rem_euclid(360.0);
                        let turn = turn.min(360.0 - turn);
                        (item.x - other.x).hypot(item.z - other.z) + turn / 180.0
                    })
                    .fold(2.0, f64::min)
            })
            .collect();
        ways.iter().sum::<f64>() / ways.len().max(1) as f64
    };
    0.5 * (one_way(a, b) + one_way(b, a))
}

/// Where a walk begins.
struct Start {
    stance: Stance,
    items: Vec<Item>,
}

/// What a walk favours, so that walks from one stance end in different places.
struct Mood {
    /// Where across the picture the main piece should be.
    line: Option<f64>,
    /// The groups with what leaving each out costs.
    groups: Vec<(Group, f64)>,
}

impl Mood {
    /// The first mood is the template's own.
    fn new(index: usize, groups: &[(Group, f64)], dice: &mut Dice) -> Self {
        let mut groups = groups.to_vec();
        if index == 0 {
            return Self { line: None, groups };
        }
        for (_, missed) in &mut groups[1..] {
            *missed *= f64::from(dice.range(0.3, 1.9));
        }
        Self {
            line: Some([0.33, 0.67, 0.5][(index - 1) % 3]),
            groups,
        }
    }
}

struct Walk<'w, 's> {
    space: &'w Space<'s>,
    ways: Ways,
    groups: &'static [(Group, f64)],
    stock: &'w Stock<'w>,
    control: &'w Control,
}

impl Walk<'_, '_> {
    /// The best of many throws for the main group in each stance, best stance first.
    fn starts(&self, seed: u32) -> Vec<Start> {
        let mut dice = Dice::new(u64::from(seed) ^ 0x0057_a275);
        let maker = Maker::new(self.space, self.stock, None);
        let mut best: Vec<(f64, Start)> = Vec::new();
        let mut hits = 0;
        for throw in 0..MOST_THROWS {
            if throw >= MAIN_THROWS && hits >= HITS {
                break;
            }
            let Some(items) = maker.propose(self.groups[0].0, true, &mut dice) else {
                continue;
            };
            hits += 1;
            let stance = Stance::of(self.space, &items[0]);
            let cost = main_cost(self.space, &items) + 0.6 * f64::from(dice.unit());
            let known = best.iter().position(|(_, start)| start.stance == stance);
            if known.is_some_and(|k| best[k].0 <= cost) {
                continue;
            }
            let setup = Setup::new(self.space, items, true, 0.0);
            if !self.is_sound(std::iter::once(&setup)) {
                continue;
            }
            let items = setup.items;
            let entry = (cost, Start { stance, items });
            match known {
                Some(k) => best[k] = entry,
                None => best.push(entry),
            }
        }
        best.sort_by(|a, b| a.0.total_cmp(&b.0));
        let limit = best.first().map_or(0.0, |b| b.0 + GOOD_START);
        best.into_iter()
            .filter(|(cost, _)| *cost < limit)
            .map(|(_, start)| start)
            .collect()
    }

    /// The rules about all pieces together.
    fn is_sound<'i>(&self, setups: impl Iterator<Item = &'i Setup> + Clone) -> bool {
        let items = || setups.clone().flat_map(|setup| &setup.items);
        self.space.hidden_window(items()) <= WINDOW_HIDDEN
            && self.stock.affords(items())
            && self
                .ways
                .are_open(setups.clone().map(|setup| setup.blocked(&self.ways)))
    }

    fn cost(&self, state: &State, mood: &Mood) -> f64 {
        let all = || state.iter().flatten().flat_map(|setup| &setup.items);
        let main = state[0].as_ref().and_then(|setup| setup.items.first());
        let off_line = mood
            .line
            .zip(main)
            .map_or(0.0, |(line, main)| 3.0 * (main.view.centre().x - line).abs());
        total_cost(self.space, &mood.groups, state.iter().map(Option::as_deref))
            + off_line
            + 0.5 * self.stock.left_over(all()) as f64
            + 0.5 * self.stock.passed_over(all()) as f64
    }

    fn setup(&self, index: usize, items: Vec<Item>) -> Option<Arc<Setup>> {
        let is_main = index == 0;
        Some(Arc::new(Setup::new(
            self.space,
            items,
            is_main,
            self.groups[index].1,
        )))
    }

    fn run(&self, start: Option<&Start>, mood: usize, seed: u64) -> Result<Arrangement, StageError> {
        let mut dice = Dice::new(seed);
        let mood = Mood::new(mood, self.groups, &mut dice);
        let maker = Maker::new(self.space, self.stock, start.map(|s| s.stance));
        let mut state: State = vec![None; self.groups.len()];
        state[0] = start.and_then(|s| self.setup(0, s.items.clone()));
        for i in 1..self.groups.len() {
            self.fill(&maker, &mood, &mut state, i, &mut dice, 14);
        }
        let mut cost = self.cost(&state, &mood);
        let mut best: (f64, State) = (cost, state.clone());
        for step in 0..MOVES {
            if step % 256 == 0 {
                self.control.check()?;
            }
            let heat = 0.9 * (1.0 - step as f64 / MOVES as f64).powi(2) + 0.01;
            let Some(next) = self.neighbour(&maker, &mood, &state, &mut dice) else {
                continue;
            };
            let new_cost = self.cost(&next, &mood);
            let is_accepted = new_cost < cost || f64::from(dice.unit()) < ((cost - new_cost) / heat).exp();
            if !is_accepted || !self.is_sound(next.iter().flatten().map(|s| &**s)) {
                continue;
            }
            state = next;
            cost = new_cost;
            if cost < best.0 {
                best = (cost, state.clone());
            }
        }
        let (mut cost, mut state) = best;
        // What only costs is left out.
        for i in 1..self.groups.len() {
            let kept = state[i].take();
            let without = self.cost(&state, &mood);
            if without < cost {
                cost = without;
            } else {
                state[i] = kept;
            }
        }
        let main_inside = state[0].as_ref().map_or(0.0, |setup| setup.items[0].view.inside);
        // Compared by the template's own weights.
        let score = -self.cost(&state, &Mood::new(0, self.groups, &mut dice));
        let items = state.into_iter().flatten();
        Ok(Arrangement {
            items: items.flat_map(|setup| setup.items.clone()).collect(),
            score,
            main_inside,
        })
    }

    /// A random change: a group shifted, set up anew or left out.
    fn neighbour(&self, maker: &Maker<'_, '_>, mood: &Mood, state: &State, dice: &mut Dice) -> Option<State> {
        let i = if dice.chance(0.12) {
            0
        } else {
            dice.below(self.groups.len())
        };
        let mut next = state.clone();
        let roll = dice.unit();
        if let Some(setup) = state[i].as_ref().filter(|_| roll < 0.5) {
            if self.groups[i].0 == Group::Curtains {
                // Their windows do not move.
                return None;
            }
            if i > 0 && roll < 0.08 {
                // Less is more now and then.
                next[i] = None;
                return Some(next);
            }
            let moved = self.shifted(&setup.items, dice)?;
            let fits = (0..next.len()).all(|k| k == i || self.fits(&next, k, &moved));
            next[i] = fits.then(|| self.setup(i, moved)).flatten();
            return fits.then_some(next);
        }
        let proposal = maker.propose(self.groups[i].0, i == 0, dice)?;
        if i > 0 {
            if !(0..next.len()).all(|k| k == i || self.fits(&next, k, &proposal)) {
                return None;
            }
            next[i] = self.setup(i, proposal);
            return Some(next);
        }
        // The main group moves others out of its way.
        for k in 1..next.len() {
            if !self.fits(&next, k, &proposal) {
                next[k] = None;
            }
        }
        next[0] = self.setup(0, proposal);
        for k in 1..next.len() {
            if next[k].is_none() {
                self.fill(maker, mood, &mut next, k, dice, 4);
            }
        }
        Some(next)
    }

    fn fits(&self, state: &State, group: usize, items: &[Item]) -> bool {
        state[group]
            .as_ref()
            .is_none_or(|other| compatible(items, &other.items))
    }

    /// The group a little to the side, all together; along the wall when something of it stands at one.
    fn shifted(&self, items: &[Item], dice: &mut Dice) -> Option<Vec<Item>> {
        let reach = if dice.chance(0.5) { 0.08 } else { 0.35 };
        let (mut dx, mut dz) = (f64::from(dice.jitter(reach)), f64::from(dice.jitter(reach)));
        for item in items {
            match self.space.wall_of(item) {
                Some(crate::room::Surface::Back) => dz = 0.0,
                Some(_) => dx = 0.0,
                None => {}
            }
        }
        let mut moved = items.to_vec();
        for item in &mut moved {
            item.x += dx;
            item.z += dz;
            if !stands(self.space, item) {
                return None;
            }
        }
        let main_is_seen =
            moved[0].view.inside >= super::rules::MAIN_INSIDE || !super::check::is_main(moved[0].design.kind);
        main_is_seen.then_some(moved)
    }

    /// Tries to give a group a place beside what is there already.
    fn fill(
        &self,
        maker: &Maker<'_, '_>,
        mood: &Mood,
        state: &mut State,
        index: usize,
        dice: &mut Dice,
        throws: usize,
    ) {
        let mut best: Option<(f64, State)> = None;
        for _ in 0..throws {
            let Some(items) = maker.propose(self.groups[index].0, index == 0, dice) else {
                continue;
            };
            if !state
                .iter()
                .flatten()
                .all(|other| compatible(&items, &other.items))
            {
                continue;
            }
            let mut next = state.clone();
            next[index] = self.setup(index, items);
            let cost = self.cost(&next, mood);
            if best.as_ref().is_none_or(|(known, _)| cost < *known) {
                best = Some((cost, next));
            }
        }
        if let Some((_, next)) = best
            && self.is_sound(next.iter().flatten().map(|s| &**s))
        {
            *state = next;
        }
    }
}

fn compatible(a: &[Item], b: &[Item]) -> bool {
    a.iter().all(|x| b.iter().all(|y| agree(x, y, false)))
}
