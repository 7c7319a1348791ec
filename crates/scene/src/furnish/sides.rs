//! The groups beside the main one: storage, a reading corner, plants, pictures.

use super::Kind;
use super::item::Item;
use super::maker::Maker;
use super::space::WALL_GAP;
use crate::model::noise::Dice;
use crate::model::{Design, own_option};

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
                    // A lamp at one end, low things at the other, as a still life of three.
                    set.put_on(&item, self.pick(Kind::TableLamp, dice), x, 0.0, 0.0);
                    if item.width() > 1.3 {
                        let vessels = self.designs(Kind::Vase);
                        let group = vessels.iter().find(|v| v.option == 2).or(vessels.first());
                        set.put_on(
                            &item,
                            group.copied(),
                            -x * 0.18,
                            -0.03,
                            f64::from(dice.jitter(20.0)),
                        );
                    }
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
                    set.put_on(&item, self.pick(Kind::Vase, dice), x, 0.0, 0.0);
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

    /// A tall mirror that leans on a wall.
    pub(super) fn leaning_mirror(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let design = self
            .designs(Kind::Mirror)
            .into_iter()
            .find(|mirror| own_option(mirror.option) == 3)?;
        let wall = *self.wall(dice)?;
        let u = self.spot(
            &wall,
            f64::from(design.size.x) + 0.1,
            f64::from(design.size.y),
            dice,
        )?;
        let mut set = self.set();
        set.try_add(self.space.against(&wall, design, u, 0.0, WALL_GAP))
            .then_some(set.items)
    }

    /// A picture on a free stretch of wall.
    pub(super) fn wall_art(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let wall = *self.wall(dice)?;
        let formats = self.designs(Kind::Art);
        if formats.is_empty() {
            return None;
        }
        let plain = *dice.pick(&formats);
        // Between a third and half of the wall it hangs on.
        let free = self.space.free_spans(&wall, 1.0, 2.0, 0.1);
        let widest = free.iter().map(|(a, b)| b - a).fold(0.0, f64::max);
        let design = self.cut_to(plain, widest * f64::from(dice.range(0.30, 0.48)));
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
}
