//! The groups beside the main one: storage, a reading corner, plants, pictures, curtains.

use super::Kind;
use super::item::Item;
use super::maker::Maker;
use super::rules::{agree, stands};
use super::space::WALL_GAP;
use crate::geometry::Vec3;
use crate::model::Design;
use crate::model::noise::Dice;
use crate::room::OpeningKind;

impl Maker<'_, '_> {
    pub(super) fn media(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let kind = if dice.chance(0.5) {
            Kind::TvBench
        } else {
            Kind::Sideboard
        };
        self.storage(kind, dice)
    }

    /// A cabinet against a wall with something on and above it.
    pub(super) fn storage(&self, kind: Kind, dice: &mut Dice) -> Option<Vec<Item>> {
        let design = self.pick(kind, dice)?;
        let wall = *self.wall(dice)?;
        let u = self.spot(&wall, f64::from(design.size.x), f64::from(design.size.y), dice)?;
        let item = self.space.against(&wall, design, u, 0.0, WALL_GAP);
        let mut set = self.set();
        if !set.try_add(item) {
            return None;
        }
        if design.top > 0.0 {
            let side = if dice.chance(0.5) { 1.0 } else { -1.0 };
            let x = side * (item.width() * 0.5 - 0.24);
            match kind {
                Kind::TvBench => {
                    let screens = self.designs(Kind::Screen);
                    let fits = |d: &&Design| d.option == 1 && f64::from(d.size.x) < item.width() - 0.2;
                    set.put_on(&item, screens.iter().find(fits).copied(), 0.0, 0.0, 0.0);
                }
                Kind::Sideboard | Kind::Dresser => {
                    set.put_on(&item, self.first(Kind::TableLamp), x, 0.0, 0.0);
                    if item.width() > 1.0 {
                        set.put_on(
                            &item,
                            self.first(Kind::Books),
                            -x * 0.65,
                            0.02,
                            f64::from(dice.jitter(12.0)),
                        );
                    }
                }
                _ => {
                    set.put_on(&item, self.first(Kind::Vase), x, 0.0, 0.0);
                    set.put_on(
                        &item,
                        self.first(Kind::Books),
                        -x * 0.8,
                        0.02,
                        f64::from(dice.jitter(12.0)),
                    );
                }
            }
            if kind != Kind::TvBench {
                self.above(&mut set, &item, dice);
            }
        }
        Some(set.items)
    }

    /// An armchair in a corner with a lamp or a small table.
    pub(super) fn reading(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let space = self.space;
        let chair = self.pick(Kind::Armchair, dice)?;
        let (x, z, into) = self.corner(
            f64::from(chair.size.x) * 0.5 + 0.26,
            f64::from(chair.size.z) * 0.5 + 0.26,
            dice,
        )?;
        let yaw = into + f64::from(dice.jitter(12.0));
        let mut set = self.set();
        if !set.try_add(space.item(chair, x, z, yaw, 0.0)) {
            return None;
        }
        let base = set.items[0];
        let side = if dice.chance(0.5) { 1.0 } else { -1.0 };
        if let Some(table) = self.first(Kind::SideTable) {
            let at = base.local(side * (base.width() * 0.5 + 0.30), 0.05);
            if set.try_add(space.item(table, at.x, at.y, base.yaw, 0.0)) {
                let under = set.items[set.items.len() - 1];
                set.put_on(&under, self.first(Kind::Books), 0.0, 0.0, 15.0);
            }
        }
        if let Some(lamp) = self.first(Kind::FloorLamp) {
            let at = base.local(
                -side * (base.width() * 0.5 + f64::from(lamp.size.x) * 0.5 + 0.05),
                -base.depth() * 0.22,
            );
            set.try_add(space.item(lamp, at.x, at.y, 0.0, 0.0));
        }
        Some(set.items)
    }

    pub(super) fn corner_piece(&self, design: Design, dice: &mut Dice) -> Option<Vec<Item>> {
        let half = f64::from(design.size.x.max(design.size.z)) * 0.5 + 0.03;
        let (x, z, _) = self.corner(half, half, dice)?;
        let mut set = self.set();
        set.try_add(self.space.item(design, x, z, 0.0, 0.0))
            .then_some(set.items)
    }

    pub(super) fn plant(&self, dice: &mut Dice, species: &[usize]) -> Option<Vec<Item>> {
        let all = self.designs(Kind::Plant);
        self.corner_piece(*all.get(*dice.pick(species)).or(all.first())?, dice)
    }

    /// A picture on a free stretch of wall.
    pub(super) fn wall_art(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let wall = *self.wall(dice)?;
        let formats = self.designs(Kind::Art);
        if formats.is_empty() {
            return None;
        }
        let design = *dice.pick(&formats);
        let lift = 1.50 - f64::from(design.size.y) * 0.5;
        let spans: Vec<(f64, f64)> = self
            .space
            .free_spans(&wall, lift, lift + f64::from(design.size.y), 0.1)
            .into_iter()
            .filter(|(a, b)| b - a > f64::from(design.size.x) + 0.5)
            .collect();
        if spans.is_empty() {
            return None;
        }
        let (a, b) = *dice.pick(&spans);
        let u = if dice.chance(0.6) {
            (a + b) * 0.5
        } else {
            a + (b - a) * f64::from(dice.range(0.3, 0.7))
        };
        let mut set = self.set();
        set.try_add(self.space.against(&wall, design, u, lift, 0.0))
            .then_some(set.items)
    }

    /// A pair of curtains beside each window that has the wall for them.
    pub(super) fn curtains(&self) -> Option<Vec<Item>> {
        let space = self.space;
        let mut set = self.set();
        for opening in space
            .room
            .openings
            .iter()
            .filter(|o| o.kind == OpeningKind::Window)
        {
            let Some(wall) = space.walls.iter().find(|w| w.surface == opening.wall).copied() else {
                continue;
            };
            let span = opening.u.1 - opening.u.0;
            if !(0.6..=3.6).contains(&span) || opening.heights.1 < 1.5 {
                continue;
            }
            let top = (opening.heights.1 + 0.16).min(space.room.ceiling_height - 0.05);
            let width = (0.22 * span).clamp(0.26, 0.50);
            let plain = self.first(Kind::Curtain)?;
            let design = plain.sized(Vec3::new(width as f32, top as f32, plain.size.z));
            let mut pair = Vec::new();
            for (edge, side) in [(opening.u.0, -1.0), (opening.u.1, 1.0)] {
                // Beside the window; where the wall ends too soon, in front of its edge.
                let beside = edge + side * (width * 0.5 - 0.06);
                let (first, last) = (wall.low + width * 0.5 + 0.01, wall.high - width * 0.5 - 0.01);
                let u = beside.max(first).min(last);
                let inside = (u - beside).abs() < 0.22;
                let mut item = space.against(&wall, design, u, 0.0, 0.02);
                let elsewhere = space
                    .room
                    .openings
                    .iter()
                    .filter(|o| *o != opening && o.wall == opening.wall)
                    .any(|o| u - width * 0.5 < o.u.1 && u + width * 0.5 > o.u.0);
                if inside && !elsewhere && stands(space, &mut item) {
                    pair.push(item);
                }
            }
            if pair.len() == 2 && !set.items.iter().any(|i| pair.iter().any(|p| !agree(i, p, true))) {
                set.items.extend(pair);
            }
        }
        (!set.items.is_empty()).then_some(set.items)
    }
}
