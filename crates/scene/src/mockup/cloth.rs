//! Cloth that lies or hangs: folds drawn by hand, then relaxed as cloth would.
//!
//! The folds say how much cloth there is: lengths along the drawn surface are kept while bending is evened out and what is
//! under it pushes back (Jakobsen, "Advanced character physics", 2001: positions only, one constraint after the other).
//! So ridges become round, and the cloth beside a fold is drawn towards it. Surprise: everything is in one thread and one
//! order, so the same cloth gives the same folds to the last bit.

use crate::geometry::{Vec2, Vec3};
use crate::model::noise::{fbm2, hash, unit};

/// A rectangle of cloth as a grid.
#[derive(Debug, Clone)]
pub(super) struct Cloth {
    corner: Vec2,
    cell: f32,
    columns: usize,
    rows: usize,
    /// Where each point ends up, relative to its place in the flat cloth; z is its height.
    moved: Vec<Vec3>,
}

/// How a cloth is treated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Treatment {
    pub rounds: u32,
    /// Share 0..1 of a bend that one round takes out: stiff cloth folds wide.
    pub stiffness: f32,
    /// How far folds may rise, metres.
    pub most: f32,
}

impl Cloth {
    /// Relaxes the cloth over a rectangle. `height` is the drawn surface; `pinned` holds a point in place.
    pub(super) fn relaxed(
        (low, high): (Vec2, Vec2),
        cell: f32,
        height: impl Fn(Vec2) -> f32,
        pinned: impl Fn(Vec2) -> bool,
        treatment: &Treatment,
    ) -> Self {
        let size = high - low;
        let (columns, rows) = (
            (size.x / cell).ceil() as usize + 1,
            (size.y / cell).ceil() as usize + 1,
        );
        let place = |i: usize| low + Vec2::new((i % columns) as f32, (i / columns) as f32) * cell;
        let count = columns * rows;
        let mut points: Vec<Vec3> = (0..count)
            .map(|i| place(i).extend(height(place(i)).max(0.0)))
            .collect();
        let weights: Vec<f32> = (0..count)
            .map(|i| f32::from(u8::from(!pinned(place(i)))))
            .collect();
        let drawn = points.clone();
        let length = |i: usize, other: usize| drawn[i].distance(drawn[other.min(count - 1)]);
        let pull = |points: &mut [Vec3], a: usize, b: usize, length: f32, share: f32, is_only_push: bool| {
            let total = weights[a] + weights[b];
            let along = points[b] - points[a];
            let now = along.length();
            if total == 0.0 || now < 1e-9 || (is_only_push && now > length) {
                return;
            }
            let step = along * (share * (now - length) / (now * total));
            points[a] += step * weights[a];
            points[b] -= step * weights[b];
        };
        for _ in 0..treatment.rounds {
            for y in 0..rows {
                for x in 0..columns {
                    let i = y * columns + x;
                    if x + 1 < columns {
                        pull(&mut points, i, i + 1, length(i, i + 1), 0.9, false);
                    }
                    if y + 1 < rows {
                        pull(&mut points, i, i + columns, length(i, i + columns), 0.9, false);
                    }
                    if x + 1 < columns && y + 1 < rows {
                        let (down, up) = (i + columns + 1, i + columns);
                        pull(&mut points, i, down, length(i, down), 0.5, false);
                        pull(&mut points, i + 1, up, length(i + 1, up), 0.5, false);
                    }
                    // Bending: points two apart are pushed away from each other.
                    if x + 2 < columns {
                        let straight = length(i, i + 1) + length(i + 1, i + 2);
                        pull(&mut points, i, i + 2, straight, treatment.stiffness, true);
                    }
                    if y + 2 < rows {
                        let straight = length(i, i + columns) + length(i + columns, i + 2 * columns);
                        pull(
                            &mut points,
                            i,
                            i + 2 * columns,
                            straight,
                            treatment.stiffness,
                            true,
                        );
                    }
                }
            }
            // It lies on something, is pressed down a little, and does not creep away sideways.
            for (i, point) in points.iter_mut().enumerate() {
                let flat = place(i).extend(point.z);
                *point = point.lerp(flat, 0.03);
                point.z = point.z.clamp(0.0, treatment.most) * 0.9985;
            }
        }
        let moved = (0..count).map(|i| points[i] - place(i).extend(0.0)).collect();
        Self {
            corner: low,
            cell,
            columns,
            rows,
            moved,
        }
    }

    /// How far the cloth at a place of the flat cut is moved.
    pub(super) fn at(&self, place: Vec2) -> Vec3 {
        let p = (place - self.corner) / self.cell;
        let (x, y) = (
            p.x.clamp(0.0, (self.columns - 1) as f32 - 1e-3),
            p.y.clamp(0.0, (self.rows - 1) as f32 - 1e-3),
        );
        let (i, j) = (x as usize, y as usize);
        let (fx, fy) = (x - i as f32, y - j as f32);
        let get =
            |i: usize, j: usize| self.moved[j.min(self.rows - 1) * self.columns + i.min(self.columns - 1)];
        let lower = get(i, j).lerp(get(i + 1, j), fx);
        let upper = get(i, j + 1).lerp(get(i + 1, j + 1), fx);
        lower.lerp(upper, fy)
    }

    /// Takes out what is finer than the cloth's threads would bend.
    pub(super) fn smoothed(mut self, rounds: u32) -> Self {
        for _ in 0..rounds {
            let before = self.moved.clone();
            for y in 1..self.rows - 1 {
                for x in 1..self.columns - 1 {
                    let i = y * self.columns + x;
                    let sides =
                        before[i - 1] + before[i + 1] + before[i - self.columns] + before[i + self.columns];
                    self.moved[i] = before[i] * 0.5 + sides * 0.125;
                }
            }
        }
        self
    }
}

/// A fold that runs from one place to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fold {
    pub from: Vec2,
    pub to: Vec2,
    pub width: f32,
    /// How high it stands; a negative one is a valley.
    pub height: f32,
    /// Whether it runs on beyond its first end, as over a hem.
    pub is_open: bool,
}

impl Fold {
    fn at(&self, p: Vec2) -> f32 {
        let run = self.to - self.from;
        let length = run.length();
        let t = (p - self.from).dot(run) / (length * length);
        let is_beyond = self.is_open && t < 0.0;
        if !((-0.05..=1.0).contains(&t) || is_beyond) {
            return 0.0;
        }
        let rise = |low: f32, high: f32, value: f32| {
            let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
            share * share * (3.0 - 2.0 * share)
        };
        let window = if self.is_open { 1.0 } else { rise(-0.05, 0.22, t) } * (1.0 - rise(0.35, 1.0, t));
        // It bows a little, widens towards its end, and is steeper on one side.
        let bow = 0.10 * length * t * (1.0 - t);
        let across = ((p - self.from).perp_dot(run) / length + bow) / (self.width * (0.8 + 0.7 * t.max(0.0)));
        let s = if across > 0.0 { across * 1.7 } else { across };
        let beside = across - 1.6;
        self.height * window * ((-s * s).exp() - 0.30 * (-beside * beside).exp())
    }
}

/// Height of cloth with folds, and with the unevenness that all cloth has.
pub(super) fn folded(folds: &[Fold], unevenness: f32, seed: u32, p: Vec2) -> f32 {
    let wander = Vec2::new(fbm2(p * 8.0, 2, seed), fbm2(p * 8.0, 2, seed ^ 0x55)) * 0.016;
    let swell = fbm2(p * 6.5, 2, seed ^ 0x99) + 0.35 * fbm2(p * Vec2::new(24.0, 15.0), 2, seed ^ 0x77);
    0.006 + unevenness * swell + folds.iter().map(|fold| fold.at(p + wander)).sum::<f32>()
}

/// The folds given for the right side on both sides, a little different on the left.
pub(super) fn both_sides(
    right: &[(f32, f32, f32, f32, f32, f32)],
    is_open: impl Fn(Vec2) -> bool,
) -> Vec<Fold> {
    let mut all = Vec::with_capacity(2 * right.len());
    for (number, &(x, y, to_x, to_y, width, height)) in right.iter().enumerate() {
        let roll = |k: u32| unit(hash(number as u32 * 7 + k)) - 0.5;
        for hand in [1.0_f32, -1.0] {
            let other = if hand < 0.0 { 1.0 } else { 0.0 };
            let from = Vec2::new(hand * x, y + other * 0.012 * roll(1));
            all.push(Fold {
                from,
                to: Vec2::new(
                    hand * (to_x + other * 0.05 * roll(2)),
                    to_y + other * 0.05 * roll(3),
                ),
                width: width * (1.0 + other * 0.5 * roll(4)),
                height: height * (1.0 + other * 0.8 * roll(5)),
                is_open: is_open(from),
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(p: Vec2) -> f32 {
        let fold = Fold {
            from: Vec2::new(0.05, 0.05),
            to: Vec2::new(0.28, 0.22),
            width: 0.012,
            height: 0.015,
            is_open: false,
        };
        folded(&[fold], 0.002, 3, p)
    }

    fn relaxed() -> Cloth {
        let treatment = Treatment {
            rounds: 30,
            stiffness: 0.1,
            most: 0.03,
        };
        Cloth::relaxed((Vec2::ZERO, Vec2::splat(0.3)), 0.01, drawn, |_| false, &treatment)
    }

    #[test]
    fn folds_stay_become_rounder_and_are_always_the_same() {
        let cloth = relaxed();
        let middle = |value: &dyn Fn(Vec2) -> f32, at: Vec2| {
            let step = 0.01;
            (value(at + Vec2::X * step) + value(at - Vec2::X * step) - 2.0 * value(at)).abs()
        };
        let (mut sharpest, mut was) = (0.0_f32, 0.0_f32);
        let mut highest = 0.0_f32;
        for j in 2..28 {
            for i in 2..28 {
                let p = Vec2::new(i as f32, j as f32) * 0.01;
                sharpest = sharpest.max(middle(&|p| cloth.at(p).z, p));
                was = was.max(middle(&drawn, p));
                highest = highest.max(cloth.at(p).z);
            }
        }
        assert!(sharpest < was, "{sharpest} {was}");
        assert!(highest > 0.010, "{highest}");
        assert!(cloth.moved.iter().all(|m| m.is_finite() && m.z >= 0.0));
        assert_eq!(cloth.moved, relaxed().moved);
    }
}
