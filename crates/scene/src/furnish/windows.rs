//! Curtains at the windows.

use super::Kind;
use super::item::Item;
use super::maker::Maker;
use super::rules::{agree, stands};
use super::space::Wall;
use crate::geometry::Vec3;
use crate::model::Design;
use crate::model::curtains::rod_for;
use crate::room::{OpeningKind, Surface};

/// Windows with less wall between them share a rod, metres.
const ONE_ROD: f64 = 0.75;
/// A window from which sheers hang between the curtains, metres.
const WIDE: f64 = 1.5;

/// Windows side by side: what they span along the wall and how high they reach.
#[derive(Debug, Clone, Copy)]
struct Bank {
    wall: Surface,
    u: (f64, f64),
    top: f64,
}

impl Maker<'_, '_> {
    /// Curtains at each window that has the wall for them: a pair on one rod where there is room for it, else a narrow one
    /// on either side.
    pub(super) fn curtains(&self) -> Option<Vec<Item>> {
        let mut set = self.set();
        for bank in self.banks() {
            let Some(wall) = self.space.walls.iter().find(|w| w.surface == bank.wall).copied() else {
                continue;
            };
            let span = bank.u.1 - bank.u.0;
            if !(0.6..=4.2).contains(&span) || bank.top < 1.5 {
                continue;
            }
            let hung = self.pair(&wall, &bank).or_else(|| self.singles(&wall, &bank));
            let fits = |items: &Vec<Item>| {
                items
                    .iter()
                    .all(|item| set.items.iter().all(|other| agree(other, item, true)))
            };
            if let Some(items) = hung.filter(fits) {
                set.items.extend(items);
            }
        }
        (!set.items.is_empty()).then_some(set.items)
    }

    fn banks(&self) -> Vec<Bank> {
        let mut windows: Vec<Bank> = self
            .space
            .room
            .openings
            .iter()
            .filter(|o| o.kind == OpeningKind::Window)
            .map(|o| Bank {
                wall: o.wall,
                u: o.u,
                top: o.heights.1,
            })
            .collect();
        windows.sort_by(|a, b| a.u.0.total_cmp(&b.u.0));
        let mut banks: Vec<Bank> = Vec::new();
        for window in windows {
            let neighbour = banks
                .iter_mut()
                .find(|bank| bank.wall == window.wall && window.u.0 - bank.u.1 < ONE_ROD);
            match neighbour {
                Some(bank) => {
                    bank.u.1 = bank.u.1.max(window.u.1);
                    bank.top = bank.top.max(window.top);
                }
                None => banks.push(window),
            }
        }
        banks
    }

    /// Curtains hang well above the window, where the ceiling lets them.
    fn hung_at(&self, bank: &Bank) -> f64 {
        (bank.top + 0.20).min(self.space.room.ceiling_height - 0.05)
    }

    /// The catalogue's curtains in one of several forms, the first that there is.
    fn curtain(&self, forms: &[u8], width: f64, height: f64) -> Option<Design> {
        let known = self.designs(Kind::Curtain);
        let plain = forms
            .iter()
            .find_map(|form| known.iter().find(|design| design.option == *form))?;
        Some(plain.sized(Vec3::new(width as f32, height as f32, plain.size.z)))
    }

    /// Both curtains on one rod that is longer than the window.
    fn pair(&self, wall: &Wall, bank: &Bank) -> Option<Vec<Item>> {
        const LEAST: f64 = 0.18;
        let span = bank.u.1 - bank.u.0;
        let middle = (bank.u.0 + bank.u.1) * 0.5;
        let mut reach = (middle - wall.low).min(wall.high - middle) - 0.01;
        for other in self.space.openings_of(wall.surface) {
            if other.u.0 >= bank.u.1 {
                reach = reach.min(other.u.0 - middle);
            } else if other.u.1 <= bank.u.0 {
                reach = reach.min(middle - other.u.1);
            }
        }
        let width = f64::from(rod_for(span as f32)).min(2.0 * reach);
        if width < span + 2.0 * LEAST {
            return None;
        }
        let forms: &[u8] = if span > WIDE { &[3, 2] } else { &[2, 3] };
        let design = self.curtain(forms, width, self.hung_at(bank))?;
        let mut item = self.space.against(wall, design, middle, 0.0, 0.015);
        stands(self.space, &mut item).then(|| vec![item])
    }

    /// A narrow curtain beside each edge; where the wall ends too soon, in front of it.
    fn singles(&self, wall: &Wall, bank: &Bank) -> Option<Vec<Item>> {
        let width = (0.22 * (bank.u.1 - bank.u.0)).clamp(0.26, 0.50);
        let design = self.curtain(&[1], width, self.hung_at(bank))?;
        let mut pair = Vec::new();
        for (edge, side) in [(bank.u.0, -1.0), (bank.u.1, 1.0)] {
            let beside = edge + side * (width * 0.5 - 0.06);
            let (first, last) = (wall.low + width * 0.5 + 0.01, wall.high - width * 0.5 - 0.01);
            let u = beside.max(first).min(last);
            let is_inside = (u - beside).abs() < 0.22;
            let is_before_another = self
                .space
                .openings_of(wall.surface)
                .filter(|o| o.u.1 <= bank.u.0 + 1e-6 || o.u.0 >= bank.u.1 - 1e-6)
                .any(|o| u - width * 0.5 < o.u.1 && u + width * 0.5 > o.u.0);
            let mut item = self.space.against(wall, design, u, 0.0, 0.02);
            if is_inside && !is_before_another && stands(self.space, &mut item) {
                pair.push(item);
            }
        }
        (pair.len() == 2).then_some(pair)
    }
}
