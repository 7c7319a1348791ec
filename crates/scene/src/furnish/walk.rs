//! Whether a person can still walk through the room.
//!
//! The floor is a grid of cells, a row of cells is the bits of one word: what a piece blocks is worked out once, and a
//! flood from the camera's side of the room to the doors takes a few operations a row.

use super::item::Item;
use super::rules::WALKWAY;
use super::space::{Space, is_passage};
use crate::geometry::DVec2;
use crate::room::{Opening, OpeningKind, Surface};

/// Side of a cell, metres.
const CELL: f64 = 0.125;
/// A body needs half a walkway around its middle.
const HALF: f64 = WALKWAY * 0.5 - 0.5 * CELL;

/// The floor as a grid, and the doors that must be reached.
#[derive(Debug)]
pub(super) struct Ways {
    low: DVec2,
    columns: usize,
    rows: usize,
    /// Cells of which one must be reached, one group per door.
    doors: Vec<Vec<(usize, u128)>>,
}

impl Ways {
    pub fn new(space: &Space<'_>) -> Self {
        let low = DVec2::new(space.left.max(-6.0), 0.0);
        let high = DVec2::new(space.right.min(6.0), space.back.min(10.0));
        let cells = |span: f64| ((span / CELL) as usize).max(1);
        let mut ways = Self {
            low,
            columns: cells(high.x - low.x).min(128),
            rows: cells(high.y - low.y),
            doors: Vec::new(),
        };
        ways.doors = space
            .room
            .openings
            .iter()
            .filter(|o| o.kind == OpeningKind::Door || (o.kind == OpeningKind::Window && is_passage(o)))
            .filter_map(|door| ways.threshold(space, door))
            .collect();
        ways
    }

    /// The cells before a door; `None` for doors beside or behind the camera, which are not ours to judge.
    fn threshold(&self, space: &Space<'_>, door: &Opening) -> Option<Vec<(usize, u128)>> {
        let middle = (door.u.0 + door.u.1) * 0.5;
        let at = match door.wall {
            Surface::Left => DVec2::new(space.left + 0.4, middle),
            Surface::Right => DVec2::new(space.right - 0.4, middle),
            Surface::Back | Surface::Floor | Surface::Ceiling => DVec2::new(middle, space.back - 0.4),
        };
        let cell = (at - self.low) / CELL;
        let (column, row) = (cell.x as isize, cell.y as isize);
        if row < 1 || column < 0 || row >= self.rows as isize || column >= self.columns as isize {
            return None;
        }
        let bits = (column - 2..=column + 2)
            .filter(|c| *c >= 0 && *c < self.columns as isize)
            .fold(0u128, |bits, c| bits | 1 << c);
        let rows = (row - 2).max(0)..=(row + 2).min(self.rows as isize - 1);
        Some(rows.map(|r| (r as usize, bits)).collect())
    }

    /// The cells in which nobody can stand because of pieces, one word a row.
    pub fn blocked_by<'i>(&self, items: impl Iterator<Item = &'i Item>) -> Vec<u128> {
        let mut blocked = vec![0u128; self.rows];
        if self.doors.is_empty() {
            return blocked;
        }
        for item in items.filter(|item| item.is_solid()) {
            let ground = item.ground();
            let middle = (ground[0] + ground[2]) * 0.5;
            let (along, across) = (ground[1] - ground[0], ground[3] - ground[0]);
            let half = DVec2::new(along.length(), across.length()) * 0.5;
            let axis = along.normalize_or_zero();
            let min = ground.iter().fold(DVec2::INFINITY, |a, p| a.min(*p)) - HALF;
            let max = ground.iter().fold(DVec2::NEG_INFINITY, |a, p| a.max(*p)) + HALF;
            let first = ((min - self.low) / CELL).floor().max(DVec2::ZERO);
            let last = ((max - self.low) / CELL).ceil().max(DVec2::ZERO);
            let rows = first.y as usize..(last.y as usize).min(self.rows);
            for (row, bits) in rows.clone().zip(&mut blocked[rows]) {
                for column in first.x as usize..(last.x as usize).min(self.columns) {
                    let cell = DVec2::new(column as f64 + 0.5, row as f64 + 0.5);
                    let off = self.low + cell * CELL - middle;
                    let out = (DVec2::new(off.dot(axis), off.perp_dot(axis)).abs() - half).max(DVec2::ZERO);
                    if out.length_squared() < HALF * HALF {
                        *bits |= 1 << column;
                    }
                }
            }
        }
        blocked
    }

    /// Whether every door is reached from the camera's side when these cells are blocked.
    pub fn are_open<'b>(&self, blocked: impl Iterator<Item = &'b [u128]>) -> bool {
        if self.doors.is_empty() {
            return true;
        }
        let all = u128::MAX >> (128 - self.columns);
        let mut free = vec![all; self.rows];
        for words in blocked {
            for (free, word) in free.iter_mut().zip(words) {
                *free &= !word;
            }
        }
        let near_camera = (0..self.columns)
            .filter(|c| (self.low.x + (*c as f64 + 0.5) * CELL).abs() < 0.8)
            .fold(0u128, |bits, c| bits | 1 << c);
        let mut reached = vec![0u128; self.rows];
        reached[0] = spread(near_camera & free[0], free[0]);
        loop {
            let mut has_grown = false;
            let mut visit = |row: usize, from: usize, reached: &mut Vec<u128>| {
                let grown = spread((reached[row] | reached[from]) & free[row], free[row]);
                has_grown |= grown != reached[row];
                reached[row] = grown;
            };
            for row in 1..self.rows {
                visit(row, row - 1, &mut reached);
            }
            for row in (0..self.rows.saturating_sub(1)).rev() {
                visit(row, row + 1, &mut reached);
            }
            if !has_grown {
                break;
            }
        }
        self.doors
            .iter()
            .all(|door| door.iter().any(|(row, bits)| reached[*row] & bits != 0))
    }
}

/// All free cells of a row that are joined to a seed cell.
fn spread(seed: u128, free: u128) -> u128 {
    let (mut up, mut down) = (seed & free, seed & free);
    let (mut open_up, mut open_down) = (free, free);
    for shift in [1, 2, 4, 8, 16, 32, 64] {
        up |= open_up & (up << shift);
        open_up &= open_up << shift;
        down |= open_down & (down >> shift);
        open_down &= open_down >> shift;
    }
    up | down
}

/// Whether a person can walk from every door to the place where the photo was taken.
pub(super) fn is_walkable<'i>(space: &Space<'_>, items: impl Iterator<Item = &'i Item>) -> bool {
    let ways = Ways::new(space);
    let blocked = ways.blocked_by(items);
    ways.are_open(std::iter::once(blocked.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_fills_between_its_blocked_cells_only() {
        let free = 0b0111_0110_1111_u128;
        assert_eq!(spread(0b0000_0000_0010, free), 0b0000_0000_1111);
        assert_eq!(spread(0b0000_0100_0000, free), 0b0000_0110_0000);
        assert_eq!(spread(0b1000_1001_0000, free), 0);
        assert_eq!(spread(1 << 127, u128::MAX), u128::MAX);
    }
}
