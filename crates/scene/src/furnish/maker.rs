//! What every group is made with: a stock to pick from, walls and corners to stand at, and a set that refuses what
//! breaks a rule.

use super::Kind;
use super::check::is_main;
use super::item::Item;
use super::list::Stock;
use super::rules::{MAIN_INSIDE, agree, hangs, pair_fault, stands};
use super::space::{Space, Wall};
use crate::geometry::{DVec2, Vec3};
use crate::model::Design;
use crate::model::noise::Dice;
use crate::room::Surface;

/// How a main piece stands: at which wall, turned which way and, when it stands free, in which third of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stance {
    wall: Option<Surface>,
    quarter: i32,
    third: u8,
}

impl Stance {
    pub fn of(space: &Space<'_>, main: &Item) -> Self {
        let wall = space.wall_of(main);
        let third = if wall.is_none() {
            (main.view.centre().x * 3.0).clamp(0.0, 2.0) as u8
        } else {
            0
        };
        Self {
            wall,
            quarter: ((main.yaw / 90.0).round() as i32).rem_euclid(4),
            third,
        }
    }
}

/// Makes proposals for groups.
pub(super) struct Maker<'a, 's> {
    pub space: &'a Space<'s>,
    stock: &'a Stock<'a>,
    /// The main piece keeps this stance.
    stance: Option<Stance>,
}

/// Pieces of a proposal that were accepted so far; a piece that breaks a rule is refused.
pub(super) struct Set<'a, 's> {
    pub(super) space: &'a Space<'s>,
    pub(super) items: Vec<Item>,
}

/// Whether an armchair is seen from behind.
fn shows_its_back(item: &Item) -> bool {
    let is_easy_chair = item.design.kind == Kind::Armchair
        || item.design.kind == Kind::OutdoorChair && item.design.option == 1;
    let to_camera = (-DVec2::new(item.x, item.z)).normalize_or_zero();
    is_easy_chair && item.front().dot(to_camera) < -0.2
}

impl Set<'_, '_> {
    /// Adds a piece if it may stand there; a chair that shows its back is not wanted.
    pub(super) fn try_add(&mut self, mut item: Item) -> bool {
        let fine = !shows_its_back(&item)
            && self.items.iter().all(|other| agree(other, &item, true))
            && stands(self.space, &mut item);
        if fine {
            self.items.push(item);
        }
        fine
    }

    /// Adds a thing on a piece (lamp, vase) if nothing is there already.
    pub(super) fn put_on(&mut self, base: &Item, design: Option<Design>, x: f64, z: f64, turn: f64) {
        let Some(design) = design else {
            return;
        };
        let at = base.local(x, z);
        let lift = f64::from(base.design.top);
        let mut item = self.space.item(design, at.x, at.y, base.yaw + turn, lift);
        item.view = self.space.view(&item);
        if self.items.iter().all(|other| pair_fault(other, &item).is_none()) {
            self.items.push(item);
        }
    }
}

impl<'a, 's> Maker<'a, 's> {
    pub fn new(space: &'a Space<'s>, stock: &'a Stock<'a>, stance: Option<Stance>) -> Self {
        Self { space, stock, stance }
    }

    pub(super) fn set(&self) -> Set<'_, '_> {
        Set {
            space: self.space,
            items: Vec::new(),
        }
    }

    /// Whether a group may lead the room: its main piece is well in the picture and has the stance that is asked for.
    pub(super) fn may_lead(&self, items: &[Item]) -> bool {
        let Some(main) = items.first() else {
            return false;
        };
        let is_seen = !is_main(main.design.kind) || main.view.inside >= MAIN_INSIDE;
        is_seen
            && self
                .stance
                .is_none_or(|stance| stance == Stance::of(self.space, main))
    }

    /// The designs of a kind, largest first; none when the stock has none.
    pub(super) fn designs(&self, kind: Kind) -> Vec<Design> {
        self.stock.designs(kind)
    }

    /// Rugs of the forms asked for (1 oblong, 2 round, 3 pebble), in that order.
    pub(super) fn rugs(&self, wanted: &[u8]) -> Vec<Design> {
        let all = self.designs(Kind::Rug);
        let of = |form: u8| all.iter().filter(move |rug| rug.option == form).copied();
        wanted.iter().flat_map(|form| of(*form)).collect()
    }

    /// A picture in the size that suits a width of wall or furniture; one of a list stays as it is.
    pub(super) fn cut_to(&self, design: Design, width: f64) -> Design {
        if !self.stock.is_open() || design.kind != Kind::Art || design.imported.is_some() {
            return design;
        }
        let wanted = (width as f32 / design.size.x).clamp(0.75, 1.4);
        // Whole centimetres, as frames are sold.
        let cm = |side: f32| (side * wanted * 100.0).round() / 100.0;
        design.sized(Vec3::new(cm(design.size.x), cm(design.size.y), design.size.z))
    }

    /// A random design; imported ones and larger ones come first and are tried more often.
    pub(super) fn pick(&self, kind: Kind, dice: &mut Dice) -> Option<Design> {
        let all = self.designs(kind);
        let imported = all.iter().take_while(|design| design.imported.is_some()).count();
        if imported > 0 && dice.chance(0.7) {
            return Some(all[dice.below(imported)]);
        }
        let i = ((dice.unit() * dice.unit()) * all.len() as f32) as usize;
        all.get(i.min(all.len().saturating_sub(1))).copied()
    }

    /// The largest design.
    pub(super) fn first(&self, kind: Kind) -> Option<Design> {
        self.designs(kind).first().copied()
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

    /// A picture or mirror above a piece, its middle at eye height and clear of the piece.
    pub(super) fn above(&self, set: &mut Set<'_, '_>, base: &Item, dice: &mut Dice) {
        let Some(surface) = self.space.wall_of(base) else {
            return;
        };
        let Some(wall) = self.space.walls.iter().find(|w| w.surface == surface).copied() else {
            return;
        };
        let u = if surface == Surface::Back { base.x } else { base.z };
        let kind = if matches!(base.design.kind, Kind::Dresser | Kind::Console) && dice.chance(0.6) {
            Kind::Mirror
        } else {
            Kind::Art
        };
        let mut formats = self.designs(kind);
        if formats.is_empty() {
            formats = self.designs(Kind::Art);
        }
        // About two thirds of the piece below is the width that looks right.
        let wanted = base.width().min(2.4) * f64::from(dice.range(0.55, 0.72));
        formats = formats
            .into_iter()
            .filter(hangs)
            .map(|design| self.cut_to(design, wanted))
            .filter(|design| f64::from(design.size.x) < base.width() * 0.85)
            .collect();
        let start = if formats.is_empty() {
            return;
        } else {
            dice.below(formats.len())
        };
        for i in 0..formats.len() {
            let design = formats[(start + i) % formats.len()];
            let height = f64::from(design.size.y);
            let eye = 1.50;
            let carried = if matches!(
                base.design.kind,
                Kind::Dresser | Kind::Sideboard | Kind::TvBench | Kind::Console
            ) {
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
}
