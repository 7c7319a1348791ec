//! The groups of kitchens, bathrooms, entrances and terraces, and the second place to sit.

use super::Kind;
use super::item::Item;
use super::maker::Maker;
use super::space::WALL_GAP;
use crate::geometry::Vec3;
use crate::model::noise::Dice;

impl Maker<'_, '_> {
    /// A place on the open floor: often midway between the sides, at a depth that is seen.
    fn open_floor(&self, margin: f64, dice: &mut Dice) -> (f64, f64) {
        let space = self.space;
        let (near, far) = (space.near.max(1.2) + margin, (space.back - margin).min(7.0));
        let z = near + (far - near).max(0.0) * f64::from(dice.unit());
        let (low, high) = space.across(z);
        let share = if dice.chance(0.4) { 0.5 } else { dice.unit() };
        let (low, high) = (low + margin, high - margin);
        (low + (high - low).max(0.0) * f64::from(share), z)
    }

    /// Two armchairs half turned to each other with a small table between, on a rug when there is room for one.
    pub(super) fn lounge(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let space = self.space;
        let chair = self.pick(Kind::Armchair, dice)?;
        let (half, depth) = (f64::from(chair.size.x) * 0.5, f64::from(chair.size.z));
        let table = self.first(Kind::SideTable);
        let gap = table.map_or(0.5, |t| f64::from(t.size.x)) * 0.5 + 0.10;
        let ((x, z), yaw) = if dice.chance(0.7) {
            // With the back to a wall, as a pair.
            let wall = *self.wall(dice)?;
            let u = self.spot(&wall, 2.0 * (2.0 * half + gap), 0.9, dice)?;
            let back = space.against(&wall, chair, u, 0.0, WALL_GAP + 0.12);
            ((back.x, back.z), back.yaw)
        } else {
            (
                self.open_floor(1.0, dice),
                *dice.pick(&[0.0, 30.0, -30.0, 90.0, -90.0]),
            )
        };
        let middle = space.item(chair, x, z, yaw, 0.0);
        let turn = f64::from(dice.range(8.0, 26.0));
        let mut set = self.set();
        for side in [-1.0, 1.0] {
            let at = middle.local(side * (half + gap), 0.0);
            if !set.try_add(space.item(chair, at.x, at.y, yaw - side * turn, 0.0)) {
                return None;
            }
        }
        if let Some(table) = table {
            let at = middle.local(0.0, -0.05);
            if set.try_add(space.item(table, at.x, at.y, yaw, 0.0)) {
                let base = set.items[set.items.len() - 1];
                let on_it = self.first(if dice.chance(0.5) {
                    Kind::TableLamp
                } else {
                    Kind::Books
                });
                set.put_on(&base, on_it, 0.0, 0.0, 10.0);
            }
        }
        let shape: &[u8] = if dice.chance(0.5) { &[2] } else { &[1] };
        let rug = self
            .rugs(shape)
            .into_iter()
            .rev()
            .nth(if shape == [2] { 0 } else { 1 });
        if let Some(rug) = rug.filter(|_| dice.chance(0.6)) {
            let at = middle.local(0.0, depth * 0.5 + 0.15);
            let rug = space.item(rug, at.x, at.y, yaw, 0.0);
            if space.holds_all(&rug.footprint(0.10)) {
                set.try_add(rug);
            }
        }
        Some(set.items)
    }

    /// A long narrow rug along the way through the room.
    pub(super) fn runner(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        // Cut to length, so of the catalogue.
        let rug = self
            .designs(Kind::Rug)
            .into_iter()
            .find(|rug| rug.imported.is_none())?;
        let length = *dice.pick(&[2.6, 2.2, 1.8, 1.5]);
        let design = rug.sized(Vec3::new(
            length,
            rug.size.y,
            if length > 2.0 { 0.80 } else { 0.70 },
        ));
        let (x, z) = self.open_floor(0.5, dice);
        let yaw = if dice.chance(0.75) { 90.0 } else { 0.0 };
        let item = self.space.item(design, x, z, yaw, 0.0);
        let mut set = self.set();
        (self.space.holds_all(&item.footprint(0.08)) && set.try_add(item)).then_some(set.items)
    }

    pub(super) fn bath_mat(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let design = self.first(Kind::BathMat)?;
        let (x, z) = self.open_floor(0.4, dice);
        let yaw = *dice.pick(&[0.0, 90.0, -90.0]);
        let item = self.space.item(design, x, z, yaw, 0.0);
        let mut set = self.set();
        (self.space.holds_all(&item.footprint(0.06)) && set.try_add(item)).then_some(set.items)
    }

    /// A stool with towels on it, in a corner or along a wall.
    pub(super) fn bath_stool(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let stool = self.pick(Kind::Stool, dice)?;
        let half = f64::from(stool.size.x) * 0.5 + 0.06;
        let (x, z, into) = self.corner(half, half, dice)?;
        let yaw = if into.abs() > 45.0 {
            90.0 * into.signum()
        } else {
            0.0
        };
        let mut set = self.set();
        if !set.try_add(self.space.item(stool, x, z, yaw, 0.0)) {
            return None;
        }
        let base = set.items[0];
        let towels = self.designs(Kind::TowelStack).last().copied();
        set.put_on(&base, towels, 0.0, 0.0, f64::from(dice.jitter(6.0)));
        Some(set.items)
    }

    /// Towels on a ladder that leans on a wall, or on a rail.
    pub(super) fn towels(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let design = self.pick(Kind::TowelRack, dice)?;
        let (width, height) = (f64::from(design.size.x), f64::from(design.size.y));
        let wall = *self.wall(dice)?;
        let lift = if design.option == 2 { 1.55 - height } else { 0.0 };
        let u = self.spot(&wall, width + 0.1, lift + height, dice)?;
        let mut set = self.set();
        let gap = if lift > 0.0 { 0.0 } else { WALL_GAP };
        set.try_add(self.space.against(&wall, design, u, lift, gap))
            .then_some(set.items)
    }

    /// A console against a wall with a mirror or picture above, a lamp on it and a basket beside.
    pub(super) fn hall(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let design = self.pick(Kind::Console, dice)?;
        let wall = *self.wall(dice)?;
        let width = f64::from(design.size.x);
        let u = self.spot(&wall, width, f64::from(design.size.y), dice)?;
        let console = self.space.against(&wall, design, u, 0.0, WALL_GAP);
        let mut set = self.set();
        if !set.try_add(console) {
            return None;
        }
        let side = if dice.chance(0.5) { 1.0 } else { -1.0 };
        set.put_on(
            &console,
            self.designs(Kind::TableLamp).last().copied(),
            side * (width * 0.5 - 0.18),
            0.0,
            0.0,
        );
        let turn = f64::from(dice.jitter(10.0));
        set.put_on(
            &console,
            self.first(Kind::Books),
            -side * (width * 0.5 - 0.22),
            0.0,
            turn,
        );
        self.above(&mut set, &console, dice);
        if let Some(basket) = self.first(Kind::Basket).filter(|_| dice.chance(0.6)) {
            let at = console.local(
                -side * (width * 0.5 + f64::from(basket.size.x) * 0.5 + 0.08),
                0.03,
            );
            set.try_add(self.space.item(basket, at.x, at.y, console.yaw, 0.0));
        }
        Some(set.items)
    }

    /// A low bench for shoes against a wall, with a hook rail or a picture above it.
    pub(super) fn shoe_bench(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let design = self.pick(Kind::ShoeBench, dice)?;
        let wall = *self.wall(dice)?;
        let u = self.spot(&wall, f64::from(design.size.x), f64::from(design.size.y), dice)?;
        let bench = self.space.against(&wall, design, u, 0.0, WALL_GAP);
        let mut set = self.set();
        if !set.try_add(bench) {
            return None;
        }
        let rail = self.designs(Kind::CoatRack).into_iter().find(|d| d.option == 2);
        let hung = rail.filter(|_| dice.chance(0.6)).is_some_and(|rail| {
            let lift = 1.75 - f64::from(rail.size.y);
            set.try_add(self.space.against(&wall, rail, u, lift, 0.0))
        });
        if !hung {
            self.above(&mut set, &bench, dice);
        }
        Some(set.items)
    }

    pub(super) fn coats(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let rack = self.designs(Kind::CoatRack).into_iter().find(|d| d.option == 1)?;
        self.corner_piece(rack, dice)
    }

    /// Outdoor sofa, low table and chairs; against a wall or facing the view.
    pub(super) fn terrace(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let space = self.space;
        let design = self.pick(Kind::OutdoorSofa, dice)?;
        let width = f64::from(design.size.x);
        let sofa = if !space.walls.is_empty() && dice.chance(0.6) {
            let wall = self.wall(dice)?;
            let u = self.spot(wall, width, f64::from(design.size.y), dice)?;
            space.against(wall, design, u, 0.0, WALL_GAP + 0.03)
        } else {
            let (x, z) = self.open_floor(0.8, dice);
            space.item(
                design,
                x,
                z,
                *dice.pick(&[0.0, 0.0, 90.0, -90.0, 25.0, -25.0]),
                0.0,
            )
        };
        let mut set = self.set();
        if !set.try_add(sofa) {
            return None;
        }
        let half_depth = sofa.depth() * 0.5;
        let table = self
            .designs(Kind::OutdoorTable)
            .into_iter()
            .find(|t| t.option == 1);
        let (table_width, table_depth) =
            table.map_or((0.8, 0.6), |t| (f64::from(t.size.x), f64::from(t.size.z)));
        let ahead = half_depth + 0.42 + table_depth * 0.5;
        if let Some(table) = table {
            let at = sofa.local(0.0, ahead);
            if set.try_add(space.item(table, at.x, at.y, sofa.yaw, 0.0)) {
                let base = set.items[set.items.len() - 1];
                let tray = self.designs(Kind::Tableware).into_iter().find(|t| t.option == 2);
                set.put_on(
                    &base,
                    tray,
                    f64::from(dice.jitter(0.15)),
                    0.0,
                    f64::from(dice.jitter(15.0)),
                );
            }
        }
        let first = if dice.chance(0.5) { 1.0 } else { -1.0 };
        let chair = self
            .designs(Kind::OutdoorChair)
            .into_iter()
            .find(|c| c.option == 1);
        for (chair, side) in chair.into_iter().flat_map(|c| [(c, first), (c, -first)]) {
            let out = table_width * 0.5 + 0.42 + f64::from(chair.size.x) * 0.5;
            let at = sofa.local(side * out, ahead + f64::from(dice.range(0.0, 0.3)));
            let turn = -side * f64::from(dice.range(60.0, 80.0));
            set.try_add(space.item(chair, at.x, at.y, sofa.yaw + turn, 0.0));
        }
        let rug = self.rugs(&[1]).into_iter().nth(if width < 1.8 { 2 } else { 1 });
        if let Some(rug) = rug.filter(|_| dice.chance(0.5)) {
            let at = sofa.local(0.0, half_depth - 0.25 + f64::from(rug.size.z) * 0.5);
            let rug = space.item(rug, at.x, at.y, sofa.yaw, 0.0);
            if space.holds_all(&rug.footprint(0.15)) {
                set.try_add(rug);
            }
        }
        Some(set.items)
    }

    /// A dining table for the terrace with its chairs.
    pub(super) fn terrace_dining(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let space = self.space;
        let tables: Vec<_> = self
            .designs(Kind::OutdoorTable)
            .into_iter()
            .filter(|t| t.option != 1)
            .collect();
        if tables.is_empty() {
            return None;
        }
        let design = *dice.pick(&tables);
        let chair = self
            .designs(Kind::OutdoorChair)
            .into_iter()
            .find(|c| c.option == 2)?;
        let (x, z) = self.open_floor(0.9, dice);
        let table = space.item(design, x, z, *dice.pick(&[0.0, 90.0]), 0.0);
        let mut set = self.set();
        if !set.try_add(table) {
            return None;
        }
        let (w, d) = (f64::from(design.size.x), f64::from(design.size.z));
        let out = d * 0.5 + f64::from(chair.size.z) * 0.5 - 0.16;
        let along: &[f64] = if w > 1.2 { &[-0.25, 0.25] } else { &[0.0] };
        for share in along {
            for (ahead, turn) in [(out, 180.0), (-out, 0.0)] {
                let at = table.local(share * w, ahead);
                let slack = f64::from(dice.jitter(3.0));
                set.try_add(space.item(chair, at.x, at.y, table.yaw + turn + slack, 0.0));
            }
        }
        (set.items.len() >= 3).then_some(set.items)
    }

    /// One or two sun loungers side by side.
    pub(super) fn loungers(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let design = self.first(Kind::Lounger)?;
        let (x, z) = self.open_floor(0.8, dice);
        let yaw = *dice.pick(&[0.0, 90.0, -90.0, 30.0, -30.0]);
        let first = self.space.item(design, x, z, yaw, 0.0);
        let mut set = self.set();
        if !set.try_add(first) {
            return None;
        }
        let at = first.local(first.width() + 0.45, 0.0);
        set.try_add(self.space.item(design, at.x, at.y, yaw, 0.0));
        Some(set.items)
    }

    pub(super) fn parasol(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let design = self.pick(Kind::Parasol, dice)?;
        let (x, z) = self.open_floor(1.2, dice);
        let mut set = self.set();
        set.try_add(self.space.item(design, x, z, 0.0, 0.0))
            .then_some(set.items)
    }
}
