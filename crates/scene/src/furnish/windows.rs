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

/// Windows side by side: what they span along the wall and how high they reach.
#[derive(Debug, Clone, Copy)]
struct Bank {
    wall: Surface,
    u: (f64, f64),
    top: f64,
}

impl Maker<'_, '_> {
    /// A pair of curtains on one rod at each window that has the wall for it. Sheers are left to people: strips of them
    /// beside a window look like paper, and whole ones hide the view that sells the room.
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
            let hung = self.pair(&wall, &bank);
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

    /// Both curtains on one rod that is longer than the window, on the side of a corner or another opening by less.
    fn pair(&self, wall: &Wall, bank: &Bank) -> Option<Vec<Item>> {
        const LEAST: f64 = 0.05;
        const LEAST_TOGETHER: f64 = 0.30;
        let span = bank.u.1 - bank.u.0;
        let (mut low, mut high) = (wall.low + 0.01, wall.high - 0.01);
        for other in self.space.openings_of(wall.surface) {
            if other.u.0 >= bank.u.1 {
                high = high.min(other.u.0);
            } else if other.u.1 <= bank.u.0 {
                low = low.max(other.u.1);
            }
        }
        let wanted = 0.5 * (f64::from(rod_for(span as f32)) - span);
        let (left, right) = (wanted.min(bank.u.0 - low), wanted.min(high - bank.u.1));
        if left.min(right) < LEAST || left + right < LEAST_TOGETHER {
            return None;
        }
        let middle = 0.5 * (bank.u.0 - left + bank.u.1 + right);
        let design = self.curtain(&[2, 3], left + span + right, self.hung_at(bank))?;
        let mut item = self.space.against(wall, design, middle, 0.0, 0.015);
        stands(self.space, &mut item).then(|| vec![item])
    }
}
