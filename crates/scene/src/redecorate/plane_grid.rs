//! Light over the floor plane: local means of the photo on a metric grid, without the floor's own pattern.

use rayon::prelude::*;

use crate::geometry::{Vec2, Vec3};
use crate::light::luminance;

/// Side of a cell, metres.
const CELL: f32 = 0.06;
/// Cells along a side at most: 15 m.
const MOST: usize = 250;
/// Reach of the mean, metres: wider than boards and tiles are.
const REACH: f32 = 0.4;
/// Logarithmic step of brightness across which nothing is averaged: the border of a sun patch.
const STEP: f32 = 0.7;

/// Cells around one in which the border of a sun patch is looked for, to each side.
const AROUND: usize = 2;
/// Contrast of light there from which it may be a border, and from which it is one.
const BORDER: (f32, f32) = (1.5, 2.0);

/// Mean colours on a grid over the floor, all cells filled.
#[derive(Debug, Clone)]
pub(super) struct PlaneGrid {
    origin: Vec2,
    width: usize,
    height: usize,
    cells: Vec<Vec3>,
    /// Darker and brighter light around each cell.
    sides: Vec<(Vec3, Vec3)>,
}

impl PlaneGrid {
    /// From samples of `(place on the plane, linear colour)`; `None` when there are too few to say anything.
    pub fn new(samples: &[(Vec2, Vec3)]) -> Option<Self> {
        if samples.len() < 64 {
            return None;
        }
        let low = samples.iter().fold(Vec2::INFINITY, |low, (at, _)| low.min(*at));
        let high = samples
            .iter()
            .fold(Vec2::NEG_INFINITY, |high, (at, _)| high.max(*at));
        let cells_along = |length: f32| ((length / CELL).ceil() as usize + 1).clamp(2, MOST);
        let (width, height) = (cells_along(high.x - low.x), cells_along(high.y - low.y));
        let mut sums = vec![(Vec3::ZERO, 0.0_f32); width * height];
        for (at, color) in samples {
            let place = (*at - low) / CELL;
            let (i, j) = (
                (place.x as usize).min(width - 1),
                (place.y as usize).min(height - 1),
            );
            let cell = &mut sums[j * width + i];
            *cell = (cell.0 + *color, cell.1 + 1.0);
        }
        let mut grid = Self {
            origin: low,
            width,
            height,
            cells: fill(&sums, width, height),
            sides: Vec::new(),
        };
        grid.smooth();
        grid.sides = grid.sides();
        Some(grid)
    }

    /// The light at a place whose pixel has the luminance `own`. Where sun and shade meet, the pixel says on which side it
    /// lies, so that the border is as sharp as the photo.
    pub fn at(&self, place: Vec2, own: f32) -> Vec3 {
        let mean = self.between(place, |cell| self.cells[cell]);
        let dark = self.between(place, |cell| self.sides[cell].0);
        let bright = self.between(place, |cell| self.sides[cell].1);
        let (low, high) = (luminance(dark).max(1e-4), luminance(bright).max(1e-4));
        let border = ((high / low - BORDER.0) / (BORDER.1 - BORDER.0)).clamp(0.0, 1.0);
        if border <= 0.0 {
            return mean;
        }
        // Soft over the middle half of the step, in logarithms.
        let across = (own.max(1e-4) / low).ln() / (high / low).ln();
        let side = (2.0 * across - 0.5).clamp(0.0, 1.0);
        mean.lerp(dark.lerp(bright, side * side * (3.0 - 2.0 * side)), border)
    }

    /// Bilinear between cells.
    fn between(&self, place: Vec2, value: impl Fn(usize) -> Vec3) -> Vec3 {
        let p = (place - self.origin) / CELL - Vec2::splat(0.5);
        let (x, y) = (
            p.x.clamp(0.0, (self.width - 1) as f32),
            p.y.clamp(0.0, (self.height - 1) as f32),
        );
        let (i, j) = (x as usize, y as usize);
        let (fx, fy) = (x - i as f32, y - j as f32);
        let cell = |di: usize, dj: usize| {
            value((j + dj).min(self.height - 1) * self.width + (i + di).min(self.width - 1))
        };
        cell(0, 0)
            .lerp(cell(1, 0), fx)
            .lerp(cell(0, 1).lerp(cell(1, 1), fx), fy)
    }

    /// The second darkest and second brightest light around each cell.
    fn sides(&self) -> Vec<(Vec3, Vec3)> {
        let side = |index: usize| {
            let (i, j) = (index % self.width, index / self.width);
            let mut near = Vec::with_capacity((2 * AROUND + 1).pow(2));
            for y in j.saturating_sub(AROUND)..=(j + AROUND).min(self.height - 1) {
                for x in i.saturating_sub(AROUND)..=(i + AROUND).min(self.width - 1) {
                    near.push(self.cells[y * self.width + x]);
                }
            }
            near.sort_unstable_by(|a, b| luminance(*a).total_cmp(&luminance(*b)));
            (near[1], near[near.len() - 2])
        };
        (0..self.cells.len())
            .into_par_iter()
            .with_min_len(256)
            .map(side)
            .collect()
    }

    /// Bilateral mean (Tomasi & Manduchi 1998) on the logarithm of brightness.
    fn smooth(&mut self) {
        let logs: Vec<f32> = self
            .cells
            .iter()
            .map(|cell| luminance(*cell).max(1e-4).ln())
            .collect();
        let reach = (2.0 * REACH / CELL).ceil() as isize;
        let (width, height) = (self.width as isize, self.height as isize);
        let cells = &self.cells;
        let smooth = (0..width * height)
            .into_par_iter()
            .with_min_len(256)
            .map(|index| {
                let (i, j) = (index % width, index / width);
                let own = logs[index as usize];
                let (mut sum, mut total) = (Vec3::ZERO, 0.0);
                for y in (j - reach).max(0)..=(j + reach).min(height - 1) {
                    for x in (i - reach).max(0)..=(i + reach).min(width - 1) {
                        let other = (y * width + x) as usize;
                        let away = ((x - i).pow(2) + (y - j).pow(2)) as f32 * CELL * CELL / (REACH * REACH);
                        let step = (logs[other] - own) / STEP;
                        let weight = (-0.5 * (away + step * step)).exp();
                        sum += cells[other] * weight;
                        total += weight;
                    }
                }
                sum / total
            })
            .collect();
        self.cells = smooth;
    }
}

/// Empty cells take the mean of the next coarser level that has something (pull-push).
fn fill(sums: &[(Vec3, f32)], width: usize, height: usize) -> Vec<Vec3> {
    if width * height == 1 {
        return vec![sums[0].0 / sums[0].1.max(1e-6)];
    }
    if sums.iter().all(|cell| cell.1 > 0.0) {
        return sums.iter().map(|cell| cell.0 / cell.1).collect();
    }
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let mut coarse = vec![(Vec3::ZERO, 0.0_f32); half_width * half_height];
    for (index, cell) in sums.iter().enumerate() {
        let target = &mut coarse[index / width / 2 * half_width + index % width / 2];
        if cell.1 > 0.0 {
            // Cells count alike, however many pixels they hold: the near floor must not drown the far one.
            *target = (target.0 + cell.0 / cell.1, target.1 + 1.0);
        }
    }
    let coarse = fill(&coarse, half_width, half_height);
    sums.iter()
        .enumerate()
        .map(|(index, cell)| {
            if cell.1 > 0.0 {
                cell.0 / cell.1
            } else {
                coarse[index / width / 2 * half_width + index % width / 2]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(color: impl Fn(Vec2) -> Vec3) -> Vec<(Vec2, Vec3)> {
        (0..200)
            .flat_map(|j| (0..200).map(move |i| Vec2::new(i as f32 * 0.02, j as f32 * 0.02)))
            .map(|at| (at, color(at)))
            .collect()
    }

    #[test]
    fn averages_boards_away_and_keeps_a_sun_patch() {
        let grid = PlaneGrid::new(&samples(|at| {
            let board = if (at.x / 0.1) as i32 % 2 == 0 { 0.9 } else { 1.1 };
            let sun = if at.x > 2.0 && at.y > 2.0 { 6.0 } else { 1.0 };
            Vec3::splat(0.1 * board * sun)
        }))
        .expect("a floor full of samples");
        let at = |x: f32, y: f32, own: f32| grid.at(Vec2::new(x, y), own).x;
        assert!((at(1.0, 1.0, 0.1) - 0.1).abs() < 0.006);
        assert!((at(1.05, 1.0, 0.09) - at(1.15, 1.0, 0.11)).abs() < 0.004);
        assert!((at(1.85, 3.0, 0.09) - 0.1).abs() < 0.02);
        assert!((at(2.15, 3.0, 0.6) - 0.6).abs() < 0.09);
        // A step of two centimetres: the pixels know where the sun ends.
        assert!(
            (at(1.99, 3.0, 0.11) - 0.1).abs() < 0.03,
            "{}",
            at(1.99, 3.0, 0.11)
        );
        assert!(
            (at(2.01, 3.0, 0.54) - 0.6).abs() < 0.12,
            "{}",
            at(2.01, 3.0, 0.54)
        );
    }

    #[test]
    fn fills_holes_from_around() {
        let all = samples(|at| Vec3::splat(0.2 + 0.05 * at.x));
        let holey: Vec<_> = all
            .into_iter()
            .filter(|(at, _)| at.distance(Vec2::splat(2.0)) > 0.5)
            .collect();
        let grid = PlaneGrid::new(&holey).expect("enough samples");
        assert!((grid.at(Vec2::splat(2.0), 0.3).x - 0.3).abs() < 0.02);
    }

    #[test]
    fn nothing_from_nothing() {
        assert!(PlaneGrid::new(&[(Vec2::ZERO, Vec3::ONE)]).is_none());
    }
}
