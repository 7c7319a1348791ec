//! Groups of furniture that belong together, and the ways to set them up in a room.
//!
//! A template names the groups of a room type. Each group makes random proposals around a wall or a free place; the
//! search keeps those that obey the rules and look best.

use super::item::Item;
use super::rules::{MAIN_INSIDE, agree, stands};
use super::space::{Space, WALL_GAP, Wall};
use super::{Kind, RoomType, Style};
use crate::geometry::Vec3;
use crate::model::noise::Dice;
use crate::model::{Design, designs};
use crate::room::{OpeningKind, Surface};

/// A set of pieces that is placed and moved as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Seating,
    Media,
    Bed,
    Dresser,
    Wardrobe,
    Reading,
    Dining,
    Sideboard,
    Desk,
    Bookcase,
    Plant,
    SecondPlant,
    Lamp,
    WallArt,
    Curtains,
}

/// The groups of a room type with what leaving each out costs; the first is the main one.
pub(super) fn template(room_type: RoomType) -> &'static [(Group, f64)] {
    use Group::{
        Bed, Bookcase, Curtains, Desk, Dining, Dresser, Lamp, Media, Plant, Reading, Seating, SecondPlant,
        Sideboard, WallArt, Wardrobe,
    };
    match room_type {
        RoomType::Bedroom => &[
            (Bed, 9.0),
            (Curtains, 0.9),
            (Dresser, 1.3),
            (Reading, 0.9),
            (Plant, 0.7),
            (WallArt, 0.5),
            (Wardrobe, 0.3),
        ],
        RoomType::DiningRoom => &[
            (Dining, 9.0),
            (Curtains, 0.9),
            (Sideboard, 1.6),
            (Plant, 0.8),
            (WallArt, 0.6),
            (Lamp, 0.4),
            (SecondPlant, 0.3),
        ],
        RoomType::Office => &[
            (Desk, 9.0),
            (Curtains, 0.9),
            (Bookcase, 1.5),
            (Reading, 1.0),
            (Plant, 0.8),
            (WallArt, 0.6),
            (Lamp, 0.3),
        ],
        _ => &[
            (Seating, 9.0),
            (Curtains, 0.9),
            (Media, 1.4),
            (Plant, 0.9),
            (Bookcase, 0.6),
            (WallArt, 0.6),
            (SecondPlant, 0.4),
            (Lamp, 0.4),
        ],
    }
}

/// What a template may be built from.
pub(super) struct Maker<'a, 's> {
    pub space: &'a Space<'s>,
    pub style: Style,
}

/// Pieces of a proposal that were accepted so far; a piece that breaks a rule is refused.
pub(super) struct Set<'a, 's> {
    pub(super) space: &'a Space<'s>,
    pub(super) items: Vec<Item>,
}

impl Set<'_, '_> {
    /// Adds a piece if it may stand there.
    pub(super) fn try_add(&mut self, mut item: Item) -> bool {
        let fine = self.items.iter().all(|other| agree(other, &item, true)) && stands(self.space, &mut item);
        if fine {
            self.items.push(item);
        }
        fine
    }

    /// Adds things on a piece (lamp, vase), which always fit.
    pub(super) fn put_on(&mut self, base: &Item, design: Design, x: f64, z: f64, turn: f64) {
        let at = base.local(x, z);
        let lift = f64::from(base.design.top);
        let mut item = self.space.item(design, at.x, at.y, base.yaw + turn, lift);
        item.view = self.space.view(&item);
        self.items.push(item);
    }
}

impl Maker<'_, '_> {
    pub(super) fn pick(&self, kind: Kind, dice: &mut Dice) -> Design {
        // Larger pieces come first and are tried more often.
        let all = designs(kind, self.style);
        let i = ((dice.unit() * dice.unit()) * all.len() as f32) as usize;
        all[i.min(all.len() - 1)]
    }

    pub(super) fn first(&self, kind: Kind) -> Design {
        designs(kind, self.style)[0]
    }

    /// A place along a wall: often the middle of a free stretch, sometimes one of its ends, sometimes anywhere.
    pub(super) fn spot(&self, wall: &Wall, width: f64, height: f64, dice: &mut Dice) -> Option<f64> {
        let spans: Vec<(f64, f64)> = self
            .space
            .free_spans(wall, 0.0, height, 0.05)
            .into_iter()
            .filter(|(a, b)| b - a >= width + 0.02)
            .collect();
        if spans.is_empty() {
            return None;
        }
        let (a, b) = *dice.pick(&spans);
        let (low, high) = (a + width * 0.5 + 0.01, b - width * 0.5 - 0.01);
        Some(match dice.below(10) {
            0..=4 => (a + b) * 0.5,
            5 => low,
            6 => high,
            _ => low + (high - low).max(0.0) * f64::from(dice.unit()),
        })
    }

    pub(super) fn wall<'w>(&'w self, dice: &mut Dice) -> Option<&'w Wall> {
        (!self.space.walls.is_empty()).then(|| dice.pick(&self.space.walls))
    }

    /// One random way to set up a group; `None` when this throw did not work out.
    pub fn propose(&self, group: Group, dice: &mut Dice) -> Option<Vec<Item>> {
        let items = match group {
            Group::Seating => self.seating(dice),
            Group::Media => self.media(dice),
            Group::Bed => self.bed(dice),
            Group::Dresser => self.storage(Kind::Dresser, dice),
            Group::Wardrobe => self.storage(Kind::Wardrobe, dice),
            Group::Bookcase => self.storage(Kind::Bookcase, dice),
            Group::Sideboard => self.storage(Kind::Sideboard, dice),
            Group::Reading => self.reading(dice),
            Group::Dining => self.dining(dice),
            Group::Desk => self.desk(dice),
            Group::Plant => self.plant(dice, &[0, 1, 3]),
            Group::SecondPlant => self.plant(dice, &[2, 4]),
            Group::Lamp => self.corner_piece(self.first(Kind::FloorLamp), dice),
            Group::WallArt => self.wall_art(dice),
            Group::Curtains => self.curtains(),
        }?;
        let is_main = matches!(group, Group::Seating | Group::Bed | Group::Dining | Group::Desk);
        (!is_main || items.first()?.view.inside >= MAIN_INSIDE).then_some(items)
    }

    /// A picture or mirror above a piece, its middle at eye height and clear of the piece.
    pub(super) fn above(&self, set: &mut Set<'_, '_>, base: &Item, dice: &mut Dice) {
        let Some(surface) = self.space.wall_of(base) else {
            return;
        };
        let Some(wall) = self.space.walls.iter().find(|w| w.surface == surface).copied() else {
            return;
        };
        let u = if surface == Surface::Back { base.x } else { base.z };
        let kind = if matches!(base.design.kind, Kind::Dresser) && dice.chance(0.6) {
            Kind::Mirror
        } else {
            Kind::Art
        };
        let mut formats = designs(kind, self.style);
        // About two thirds of the piece below is the width that looks right.
        formats.retain(|d| f64::from(d.size.x) < base.width() * 0.85);
        let start = if formats.is_empty() {
            return;
        } else {
            dice.below(formats.len())
        };
        for i in 0..formats.len() {
            let design = formats[(start + i) % formats.len()];
            let height = f64::from(design.size.y);
            let eye = 1.50;
            let carried = if matches!(base.design.kind, Kind::Dresser | Kind::Sideboard | Kind::TvBench) {
                0.10
            } else {
                0.0
            };
            let clear = base.height() + 0.13 + carried;
            let lift = (eye - height * 0.5).max(clear);
            if lift + height * 0.5 > 1.74 || lift + height > self.space.room.ceiling_height - 0.18 {
                continue;
            }
            if set.try_add(self.space.against(&wall, design, u, lift, 0.0)) {
                return;
            }
        }
    }

    pub(super) fn set(&self) -> Set<'_, '_> {
        Set {
            space: self.space,
            items: Vec::new(),
        }
    }

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
        let design = self.pick(kind, dice);
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
            self.above(&mut set, &item, dice);
        }
        Some(set.items)
    }

    /// An armchair in a corner with a lamp or a small table.
    pub(super) fn reading(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let space = self.space;
        let chair = self.pick(Kind::Armchair, dice);
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
        let table = self.first(Kind::SideTable);
        let at = base.local(side * (base.width() * 0.5 + 0.30), 0.05);
        if set.try_add(space.item(table, at.x, at.y, base.yaw, 0.0)) {
            let under = set.items[set.items.len() - 1];
            set.put_on(&under, self.first(Kind::Books), 0.0, 0.0, 15.0);
        }
        let lamp = self.first(Kind::FloorLamp);
        let at = base.local(
            -side * (base.width() * 0.5 + f64::from(lamp.size.x) * 0.5 + 0.05),
            -base.depth() * 0.22,
        );
        set.try_add(space.item(lamp, at.x, at.y, 0.0, 0.0));
        Some(set.items)
    }

    /// A corner of the room at the given distances from its walls, and the yaw that looks into the room.
    pub(super) fn corner(&self, from_side: f64, from_back: f64, dice: &mut Dice) -> Option<(f64, f64, f64)> {
        let space = self.space;
        let mut corners: Vec<(f64, f64, f64)> = Vec::new();
        if space.room.back.is_some() {
            if space.room.left.is_some() {
                corners.push((space.left + from_side, space.back - from_back, 35.0));
            }
            if space.room.right.is_some() {
                corners.push((space.right - from_side, space.back - from_back, -35.0));
            }
            // A stretch of the back wall between openings has ends too.
            let wall = space.walls.iter().find(|w| w.surface == Surface::Back)?;
            for (a, b) in space.free_spans(wall, 0.0, 2.0, 0.05) {
                corners.push((a + from_side, space.back - from_back, 20.0));
                corners.push((b - from_side, space.back - from_back, -20.0));
            }
        }
        for wall in &space.walls {
            let (x, yaw) = match wall.surface {
                Surface::Left => (space.left + from_side, 65.0),
                Surface::Right => (space.right - from_side, -65.0),
                _ => continue,
            };
            for (a, b) in space.free_spans(wall, 0.0, 2.0, 0.05) {
                let z = a + (b - a) * f64::from(dice.unit());
                corners.push((x, z, yaw));
            }
        }
        if corners.is_empty() {
            let z = f64::from(dice.range(1.8, 5.0));
            let (low, high) = space.across(z);
            return Some((low + (high - low) * f64::from(dice.unit()), z, 0.0));
        }
        Some(*dice.pick(&corners))
    }

    pub(super) fn corner_piece(&self, design: Design, dice: &mut Dice) -> Option<Vec<Item>> {
        let half = f64::from(design.size.x.max(design.size.z)) * 0.5 + 0.03;
        let (x, z, _) = self.corner(half, half, dice)?;
        let mut set = self.set();
        set.try_add(self.space.item(design, x, z, 0.0, 0.0))
            .then_some(set.items)
    }

    pub(super) fn plant(&self, dice: &mut Dice, species: &[usize]) -> Option<Vec<Item>> {
        let all = designs(Kind::Plant, self.style);
        self.corner_piece(all[*dice.pick(species)], dice)
    }

    /// A picture on a free stretch of wall.
    pub(super) fn wall_art(&self, dice: &mut Dice) -> Option<Vec<Item>> {
        let wall = *self.wall(dice)?;
        let design = *dice.pick(&designs(Kind::Art, self.style));
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
            let plain = self.first(Kind::Curtain);
            let design = plain.sized(Vec3::new(width as f32, top as f32, plain.size.z));
            let mut pair = Vec::new();
            for (edge, side) in [(opening.u.0, -1.0), (opening.u.1, 1.0)] {
                let u = edge + side * (width * 0.5 - 0.06);
                let inside = u - width * 0.5 > wall.low && u + width * 0.5 < wall.high;
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
