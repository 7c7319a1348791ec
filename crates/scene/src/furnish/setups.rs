//! The main groups: sofa, bed, dining table and desk with all that belongs to them.

use super::Kind;
use super::item::Item;
use super::maker::{Maker, Set};
use super::rules::agree;
use super::space::WALL_GAP;
use crate::geometry::Vec3;
use crate::model::noise::Dice;
use crate::model::{Design, own_option};

impl Maker<'_, '_> {
    pub(super) fn seating(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let space = self.space;
        let sofa_design = self.pick(Kind::Sofa, dice)?;
        let (width, height) = (f64::from(sofa_design.size.x), f64::from(sofa_design.size.y));
        let on_wall = !space.walls.is_empty() && dice.chance(0.9);
        let sofa = if on_wall {
            let wall = self.wall(dice)?;
            let u = self.spot(wall, width, height, dice)?;
            space.against(wall, sofa_design, u, 0.0, WALL_GAP)
        } else {
            // Freestanding, facing the viewer or along the view.
            let yaw = *dice.pick(&[0.0, 0.0, 90.0, -90.0]);
            let z = f64::from(dice.range(2.0, 6.0)).min(space.back - 0.6);
            let (low, high) = space.across(z);
            let x = low + (high - low) * f64::from(dice.range(0.15, 0.85));
            space.item(sofa_design, x, z, yaw, 0.0)
        };
        let mut set = self.set();
        if !set.try_add(sofa) {
            return None;
        }
        // What stands before the sofa stands in its nook, when a seat is drawn out.
        let seat = sofa_design.drawn_out();
        let half_depth = sofa.depth() * 0.5;
        let front = seat.map_or(half_depth, |seat| f64::from(seat.body) - half_depth);
        let nook = seat.map_or(0.0, |seat| -0.5 * f64::from(seat.side * seat.width));
        let drawn = seat.map_or(0.0, |seat| f64::from(seat.side));
        // Coffee table at arm's length.
        let table = self.pick(Kind::CoffeeTable, dice);
        let (table_width, table_depth) =
            table.map_or((0.8, 0.6), |t| (f64::from(t.size.x), f64::from(t.size.z)));
        let reach = front + f64::from(dice.range(0.40, 0.45));
        // Straight before the sofa, or where a door leaves room for it.
        for (table, aside) in table.into_iter().flat_map(|t| [0.0, 0.3, -0.3].map(|a| (t, a))) {
            let at = sofa.local(nook + aside, reach + table_depth * 0.5);
            if set.try_add(space.item(table, at.x, at.y, sofa.yaw, 0.0)) {
                break;
            }
        }
        // The rug reaches under the front legs and past the table.
        let shapes: &[u8] = match dice.below(8) {
            0 => &[2, 1],
            1 | 2 => &[3, 1],
            _ => &[1],
        };
        for rug in self.rugs(shapes) {
            let (rug_width, rug_depth) = (f64::from(rug.size.x), f64::from(rug.size.z));
            if rug_width < width * 0.85 || rug_width > width * 1.6 {
                continue;
            }
            let at = sofa.local(nook * 0.6, front - 0.32 + rug_depth * 0.5);
            let rug = space.item(rug, at.x, at.y, sofa.yaw, 0.0);
            if space.holds_all(&rug.footprint(0.05)) && set.try_add(rug) {
                break;
            }
        }
        // Armchairs half turned towards the table, on the side away from the viewer first; never on the side where a
        // seat is drawn out.
        let side = if drawn != 0.0 {
            -drawn
        } else if dice.chance(0.5) {
            1.0
        } else {
            -1.0
        };
        let chairs = match dice.below(20) {
            0..=6 => 2,
            7..=16 => 1,
            _ => 0,
        };
        if let Some(chair) = self.pick(Kind::Armchair, dice) {
            let sides: &[f64] = if drawn == 0.0 { &[side, -side] } else { &[side] };
            for &s in sides.iter().take(chairs) {
                let out = table_width * 0.5
                    + 0.45
                    + f64::from(chair.size.x) * 0.5
                    + f64::from(dice.range(0.0, 0.25));
                let ahead = reach + table_depth * 0.5 + f64::from(dice.range(-0.05, 0.35));
                let at = sofa.local(nook + s * out, ahead);
                // The chair on the right (+x) looks left and a little towards the viewer.
                let turn = -s * f64::from(dice.range(58.0, 75.0));
                set.try_add(space.item(chair, at.x, at.y, sofa.yaw + turn, 0.0));
            }
        }
        if let Some(pouf) = self
            .first(Kind::Pouf)
            .filter(|_| drawn == 0.0 && chairs < 2 && dice.chance(0.4))
        {
            let at = sofa.local(
                -side * (table_width * 0.5 + 0.55),
                reach + table_depth * 0.5 + 0.35,
            );
            set.try_add(space.item(pouf, at.x, at.y, sofa.yaw, 0.0));
        }
        // A side table with a lamp at one end, a floor lamp at the other.
        let end = if drawn == 0.0 { -side } else { side };
        if let Some(table) = self.pick(Kind::SideTable, dice).filter(|_| dice.chance(0.75)) {
            let beside = front * 0.5 - half_depth * 0.5 - 0.10;
            let at = sofa.local(end * (width * 0.5 + f64::from(table.size.x) * 0.5 + 0.05), beside);
            if set.try_add(space.item(table, at.x, at.y, sofa.yaw, 0.0)) {
                let base = set.items[set.items.len() - 1];
                set.put_on(&base, self.first(Kind::TableLamp), 0.0, 0.0, 0.0);
            }
        }
        if let Some(lamp) = self.pick(Kind::FloorLamp, dice).filter(|_| dice.chance(0.75)) {
            let at = sofa.local(
                -end * (width * 0.5 + f64::from(lamp.size.x) * 0.5 + 0.06),
                -half_depth + f64::from(lamp.size.z) * 0.5 + 0.02,
            );
            set.try_add(space.item(lamp, at.x, at.y, sofa.yaw, 0.0));
        }
        if on_wall {
            self.above(&mut set, &sofa, dice);
        }
        Some(set.items)
    }

    pub(super) fn bed(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let space = self.space;
        let design = self.pick(Kind::Bed, dice)?;
        let wall = *self.wall(dice)?;
        let width = f64::from(design.size.x);
        let u = self.spot(&wall, width, f64::from(design.size.y), dice)?;
        let bed = space.against(&wall, design, u, 0.0, WALL_GAP);
        let mut set = self.set();
        if !set.try_add(bed) {
            return None;
        }
        let bedside = self.pick(Kind::BedsideTable, dice);
        let lamp = self.designs(Kind::TableLamp).last().copied();
        for (bedside, side) in bedside.into_iter().flat_map(|b| [(b, -1.0), (b, 1.0)]) {
            let out = width * 0.5 + f64::from(bedside.size.x) * 0.5 + 0.04;
            let at = bed.local(side * out, -bed.depth() * 0.5 + f64::from(bedside.size.z) * 0.5);
            if set.try_add(space.item(bedside, at.x, at.y, bed.yaw, 0.0)) {
                let base = set.items[set.items.len() - 1];
                set.put_on(&base, lamp, -side * 0.06, -0.04, 0.0);
            }
        }
        // A rug under the lower two thirds.
        for rug in self.rugs(&[1]) {
            let (rug_width, rug_depth) = (f64::from(rug.size.x), f64::from(rug.size.z));
            if rug_width < width + 0.25 {
                continue;
            }
            let at = bed.local(0.0, bed.depth() * 0.5 + 0.50 - rug_depth * 0.5);
            if set.try_add(space.item(rug, at.x, at.y, bed.yaw, 0.0)) {
                break;
            }
        }
        let benches = self.designs(Kind::Bench);
        let bench = benches.get(usize::from(width < 1.6)).or(benches.first());
        if let Some(bench) = bench.copied().filter(|_| dice.chance(0.6) && width > 1.4) {
            let at = bed.local(0.0, bed.depth() * 0.5 + f64::from(bench.size.z) * 0.5 + 0.05);
            set.try_add(space.item(bench, at.x, at.y, bed.yaw, 0.0));
        }
        self.above(&mut set, &bed, dice);
        Some(set.items)
    }

    /// A table with chairs around it and a `centre` on it, a rug below and, where the ceiling is seen, a lamp above.
    pub(super) fn dining(&self, design: Design, centre: Kind, dice: &mut Dice) -> Option<Vec<Item>> {
        let space = self.space;
        let (w, d) = (f64::from(design.size.x), f64::from(design.size.z));
        let yaw = if (w - d).abs() < 0.01 {
            0.0
        } else {
            *dice.pick(&[0.0, 90.0])
        };
        let (span_x, span_z) = if yaw == 0.0 { (w, d) } else { (d, w) };
        // 90 cm from table to walls leaves room for chairs and for passing behind them.
        let z_high = space.back - 0.85 - span_z * 0.5;
        let z_low = (space.near + 0.5).max(1.3 + span_z * 0.5);
        if z_high < z_low - 0.3 {
            return None;
        }
        let z = z_low + (z_high - z_low).max(0.0) * f64::from(dice.unit());
        let (low, high) = space.across(z);
        let (x_low, x_high) = (low + 0.75 + span_x * 0.5, high - 0.75 - span_x * 0.5);
        if x_high < x_low {
            return None;
        }
        let x = if dice.chance(0.5) {
            ((low + high) * 0.5).clamp(x_low, x_high)
        } else {
            x_low + (x_high - x_low) * f64::from(dice.unit())
        };
        let table = space.item(design, x, z, yaw, 0.0);
        let mut set = self.set();
        if !set.try_add(table) {
            return None;
        }
        let chair = self.pick(Kind::DiningChair, dice)?;
        let places = own_option(design.option);
        let tuck = 0.20;
        let out = |half: f64| half + f64::from(chair.size.z) * 0.5 - tuck;
        let mut seats: Vec<(f64, f64, f64)> = Vec::new();
        if (w - d).abs() < 0.01 {
            let turn = f64::from(dice.range(0.0, 90.0));
            for k in 0..4 {
                let angle = (turn + 90.0 * f64::from(k)).to_radians();
                seats.push((
                    out(w * 0.5 - 0.03) * angle.sin(),
                    out(w * 0.5 - 0.03) * angle.cos(),
                    angle.to_degrees(),
                ));
            }
        } else {
            let per_side = if places >= 8 { 3 } else { 2 };
            for k in 0..per_side {
                let along = (f64::from(k) - f64::from(per_side - 1) * 0.5) * (w - 0.36) / f64::from(per_side);
                seats.push((along, out(d * 0.5), 0.0));
                seats.push((along, -out(d * 0.5), 180.0));
            }
            if places >= 6 {
                seats.push((out(w * 0.5), 0.0, 90.0));
                seats.push((-out(w * 0.5), 0.0, -90.0));
            }
        }
        let wanted = seats.len();
        for (lx, lz, turn) in seats {
            let at = table.local(lx, lz);
            // The chair's front looks back at the table: its back is away from it.
            let slack = f64::from(dice.jitter(2.5));
            let direction = table.yaw + 180.0 + turn + slack;
            set.try_add(space.item(chair, at.x, at.y, direction, 0.0));
        }
        let placed = set.items.len() - 1;
        if placed < wanted.min(4) && placed < 2 {
            return None;
        }
        let is_square = (w - d).abs() < 0.01;
        for rug in self.rugs(if is_square { &[2, 1] } else { &[1] }) {
            let (rw, rd) = (f64::from(rug.size.x), f64::from(rug.size.z));
            if rw < w + 0.9 || rd < d + 0.9 {
                continue;
            }
            let rug = space.item(rug, table.x, table.z, table.yaw, 0.0);
            if space.holds_all(&rug.footprint(0.12)) && set.try_add(rug) {
                break;
            }
        }
        let row = self.designs(Kind::Tableware).into_iter().find(|t| t.option == 3);
        let row = row.filter(|c| w > f64::from(c.size.x) + 0.5 && dice.chance(0.5));
        let on_it = row
            .or_else(|| self.pick(centre, dice))
            .or_else(|| self.pick(Kind::Vase, dice));
        set.put_on(&table, on_it, f64::from(dice.jitter(0.05)), 0.0, 0.0);
        // Not between chair backs that reach over a small table.
        let is_crowded = set.items.last().is_some_and(|thing| {
            !thing.on_floor()
                && set
                    .items
                    .iter()
                    .any(|i| i.design.kind == Kind::DiningChair && !agree(i, thing, true))
        });
        if is_crowded {
            set.items.pop();
        }
        self.pendant(&mut set, &table);
        Some(set.items)
    }

    /// A lamp from the ceiling whose shade ends 75 cm above a table, where the ceiling is known and the shade is in the picture.
    fn pendant(&self, set: &mut Set<'_, '_>, table: &Item) {
        const ABOVE: f64 = 0.75;
        let room = self.space.room;
        let height = room.ceiling_height - table.body_height() - ABOVE;
        if !room.ceiling_seen || !(0.5..=1.9).contains(&height) {
            return;
        }
        let Some(plain) = self.first(Kind::PendantLamp) else {
            return;
        };
        let design = plain.sized(Vec3::new(plain.size.x, height as f32, plain.size.z));
        let lift = room.ceiling_height - f64::from(design.size.y);
        let lamp = self.space.item(design, table.x, table.z, table.yaw, lift);
        // Its cord may leave the picture at the top, its shade not.
        let view = self.space.view(&lamp);
        if view.inside > 0.45 && view.max.y > 0.08 {
            set.try_add(lamp);
        }
    }

    pub(super) fn desk(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let space = self.space;
        let design = self.pick(Kind::Desk, dice)?;
        let mut set = self.set();
        let on_wall = !space.walls.is_empty() && dice.chance(0.7);
        let desk = if on_wall {
            let wall = *self.wall(dice)?;
            let u = self.spot(&wall, f64::from(design.size.x), f64::from(design.size.y), dice)?;
            space.against(&wall, design, u, 0.0, WALL_GAP)
        } else {
            // Facing into the room: the sitter has a wall behind.
            let yaw = *dice.pick(&[180.0, 180.0, 90.0, -90.0, 150.0, -150.0]);
            let z = f64::from(dice.range(1.9, 4.5)).min(space.back - 1.25);
            let (low, high) = space.across(z);
            let x = low + (high - low) * f64::from(dice.range(0.2, 0.8));
            space.item(design, x, z, yaw, 0.0)
        };
        if !set.try_add(desk) {
            return None;
        }
        let chair = self.first(Kind::OfficeChair)?;
        let at = desk.local(0.02, desk.depth() * 0.5 + f64::from(chair.size.z) * 0.5 - 0.12);
        if !set.try_add(space.item(
            chair,
            at.x,
            at.y,
            desk.yaw + 180.0 + f64::from(dice.jitter(14.0)),
            0.0,
        )) {
            return None;
        }
        for rug in self.rugs(&[1]).into_iter().skip(1) {
            let (rw, rd) = (f64::from(rug.size.x), f64::from(rug.size.z));
            if rw < desk.width() + 0.3 {
                continue;
            }
            let at = desk.local(0.0, desk.depth() * 0.5 - 0.35 + rd * 0.5);
            let rug = space.item(rug, at.x, at.y, desk.yaw, 0.0);
            if space.holds_all(&rug.footprint(0.12)) && set.try_add(rug) {
                break;
            }
        }
        if on_wall {
            self.above(&mut set, &desk, dice);
        }
        Some(set.items)
    }
}
