//! Motifs of quiet rooms: blocks, lines, photographs of places that are nowhere, drawings of plants and vessels.

use super::Picture;
use crate::geometry::{Vec2, Vec3};
use crate::model::noise::{cell, fbm2, noise2};

/// 1 inside, 0 outside, a soft edge of `1/sharp` between.
fn cover(inside: f32, sharp: f32) -> f32 {
    (inside * sharp + 0.5).clamp(0.0, 1.0)
}

impl Picture {
    pub(super) fn bands(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let mut colour = self.paper.lerp(self.inks[3], 0.45);
        let cut = 0.40 + 0.25 * self.roll(31);
        let blocks = [
            (0.06, cut - 0.025, 0),
            (cut + 0.025, 0.94, 1 + (self.roll(32) * 2.0) as usize),
        ];
        for (low, high, ink) in blocks {
            let frayed =
                0.012 * fbm2(q * 13.0, 3, self.seed ^ ink as u32) + 0.004 * noise2(q * 70.0, self.seed);
            let edge = (q.x / extent.x - 0.07).min(0.93 - q.x / extent.x) * extent.x;
            let level = (q.y / extent.y - low).min(high - q.y / extent.y) * extent.y;
            let thin = 0.80 + 0.20 * fbm2(q * Vec2::new(3.0, 9.0), 3, self.seed ^ 40);
            colour = colour.lerp(self.inks[ink], cover(edge.min(level) + frayed, 45.0) * thin);
        }
        colour * self.grain(q)
    }

    pub(super) fn squares(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let middle = extent * Vec2::new(0.5, 0.46);
        let size = extent.min_element() * 0.42;
        let mut colour = self.paper;
        for k in 0..4u32 {
            let side = size * (1.0 - 0.24 * k as f32);
            // Each sits lower in the one around it.
            let at = (q - middle + Vec2::new(0.0, 0.055 * k as f32 * size)).abs();
            let hand = 0.0015 * noise2(q * 40.0, self.seed ^ k);
            let dry = 0.93 + 0.07 * fbm2(q * Vec2::new(30.0, 5.0), 2, self.seed ^ (k + 9));
            let ink = self.inks[((k + (self.roll(33) * 4.0) as u32) % 4) as usize];
            colour = colour.lerp(ink, cover(side - at.max_element() + hand, 400.0) * dry);
        }
        colour * self.grain(q)
    }

    pub(super) fn contours(&self, q: Vec2) -> Vec3 {
        let at = q * 1.6 + Vec2::splat(9.0 * self.roll(34));
        let height = fbm2(at, 3, self.seed) * 7.0;
        let step = 0.002;
        let slope = Vec2::new(
            fbm2(at + Vec2::X * step, 3, self.seed) * 7.0 - height,
            fbm2(at + Vec2::Y * step, 3, self.seed) * 7.0 - height,
        )
        .length()
            / step;
        let off = (height - height.round()).abs() / (slope * 1.6).max(0.4);
        let bold = if (height.round() as i32).rem_euclid(4) == 0 {
            0.0030
        } else {
            0.0016
        };
        let land = self
            .paper
            .lerp(self.inks[3], (0.20 + 0.07 * height).clamp(0.0, 0.45));
        land.lerp(self.inks[0], cover(bold - off, 700.0) * 0.8) * self.grain(q)
    }

    pub(super) fn dunes(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let warm = Vec3::new(0.62, 0.50, 0.38);
        let sand = warm.lerp(self.inks[1], 0.25);
        let sky = self
            .paper
            .lerp(Vec3::new(0.52, 0.58, 0.62), 0.45 * q.y / extent.y);
        let mut colour = sky * (1.0 - 0.10 * (q.y / extent.y));
        for k in 0..4u32 {
            let near = k as f32 / 3.0;
            let crest = extent.y * (0.66 - 0.52 * near)
                + 0.13
                    * (0.5 + near)
                    * fbm2(
                        Vec2::new(q.x * (0.9 + 0.5 * near) + 5.0 * self.roll(35), k as f32 * 9.0),
                        2,
                        self.seed,
                    );
            let below = crest - q.y;
            if below > 0.0 {
                // The side away from the sun begins at a winding edge below the crest.
                let edge =
                    0.10 + 0.10 * near + 0.11 * fbm2(Vec2::new(q.x * 2.1, k as f32 * 3.0), 2, self.seed ^ 7);
                let shade = cover(edge - below, 30.0 / (0.4 + near));
                let ripple = 0.03 * near * (below * 210.0 + 8.0 * fbm2(q * 4.0, 2, self.seed ^ k)).sin();
                let lit = sand * (1.04 + ripple - 0.35 * (below - edge).clamp(0.0, 0.4));
                colour = lit.lerp(sand * 0.34, shade * 0.9).lerp(sky, 0.45 * (1.0 - near));
            }
        }
        colour * (1.0 + 0.02 * noise2(q * 400.0, self.seed))
    }

    pub(super) fn mist(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let fog = self.paper.lerp(Vec3::new(0.60, 0.63, 0.64), 0.5);
        let dark = self.inks[0].lerp(Vec3::new(0.06, 0.09, 0.08), 0.6);
        let mut colour = fog * (0.92 + 0.08 * q.y / extent.y);
        for row in 0..5i32 {
            let near = row as f32 / 4.0;
            let ground = extent.y * (0.60 - 0.62 * near)
                + 0.10 * fbm2(Vec2::new(q.x * 1.7, row as f32 * 5.0), 2, self.seed);
            let pitch = 0.035 + 0.055 * near;
            let mut inside: f32 = ground - q.y;
            let index = (q.x / pitch).floor() as i32;
            for i in index - 2..=index + 2 {
                let own = cell(i, row, self.seed);
                let x = (i as f32 + 0.2 + 0.6 * own) * pitch;
                let tall = pitch * (2.6 + 3.2 * cell(i, row + 20, self.seed));
                let up = (q.y - ground) / tall;
                let boughs = 0.75 + 0.25 * (up * 34.0 + own * 9.0).sin();
                let half = pitch * 0.62 * (1.0 - up) * boughs;
                if (-0.4..1.0).contains(&up) {
                    inside = inside.max(half - (q.x - x).abs());
                }
            }
            let tone = fog.lerp(dark, 0.16 + 0.74 * near * near);
            colour = colour.lerp(tone, cover(inside, 260.0 - 120.0 * (1.0 - near)));
            // Fog lies between the rows.
            colour = colour.lerp(
                fog,
                (0.35 - 3.0 * (ground - q.y).abs()).clamp(0.0, 0.30) * (1.0 - near),
            );
        }
        colour * (1.0 + 0.02 * noise2(q * 380.0, self.seed))
    }

    pub(super) fn stems(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let mut ink: f32 = 0.0;
        let mut second: f32 = 0.0;
        for k in 0..9u32 {
            let foot = extent.x * (0.36 + 0.28 * self.roll(k * 3));
            let lean = 0.55 * (self.roll(k * 3 + 1) - 0.5);
            let top = extent.y * (0.50 + 0.40 * self.roll(k * 3 + 2));
            let rise = ((q.y - 0.07 * extent.y) / top).clamp(0.0, 1.0);
            let x = foot + lean * top * rise * rise;
            let stalk = 0.0021 * (1.25 - rise) - (q.x - x).abs();
            let on = q.y > 0.07 * extent.y && q.y < 0.07 * extent.y + top;
            if on {
                ink = ink.max(cover(stalk, 900.0));
            }
            // Seeds alternate along the upper third.
            for j in 0..9u32 {
                let t = 0.68 + 0.32 * j as f32 / 8.0;
                let side = if j % 2 == 0 { 1.0 } else { -1.0 };
                let at = Vec2::new(
                    foot + lean * top * t * t + side * 0.012,
                    0.07 * extent.y + top * t,
                );
                let seed = 1.0 - ((q - at) / Vec2::new(0.0075, 0.017)).length();
                second = second.max(cover(seed, 6.0) * if k % 3 == 0 { 1.0 } else { 0.75 });
            }
        }
        self.paper.lerp(self.inks[1], second).lerp(self.inks[0], ink) * self.grain(q)
    }

    pub(super) fn fan(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let foot = extent * Vec2::new(0.5 + 0.06 * (self.roll(1) - 0.5), 0.34);
        let d = q - foot;
        let (reach, angle) = (d.length(), d.x.atan2(d.y));
        let size = extent.min_element() * 0.50;
        let wave = 0.035 * (angle * 6.0 + 3.0 * self.roll(2)).sin() + 0.018 * (angle * 17.0).sin();
        let split = 0.30 * (-(angle / 0.07).powi(2)).exp();
        let inside = (size * (1.0 + wave - split) - reach).min((1.12 - angle.abs()) * reach);
        let veins = 0.10 * (angle * 46.0).sin().abs().powi(3) + 0.14 * fbm2(q * 7.0, 3, self.seed);
        let leaf = self.inks[1].lerp(self.inks[2], (0.25 + 0.8 * reach / size - 0.5).clamp(0.0, 1.0))
            * (1.05 - veins);
        let bend = 0.05 * (d.y * 7.0).sin();
        let stem = 0.0042 - (d.x - bend * (-d.y)).abs();
        let colour = if d.y < 0.004 && d.y > -0.24 * extent.y {
            self.paper.lerp(self.inks[0], cover(stem, 600.0))
        } else {
            self.paper
        };
        colour.lerp(leaf, cover(inside, 320.0)) * self.grain(q)
    }

    pub(super) fn vessels(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let table = extent.y * 0.27;
        let brush = 0.05 * fbm2(q * Vec2::new(9.0, 30.0), 3, self.seed);
        let wall = self.paper.lerp(self.inks[3], 0.30 + 0.25 * (q.x / extent.x)) * (0.96 + brush);
        let mut colour = if q.y < table {
            self.inks[2].lerp(self.paper, 0.25) * (0.82 + brush)
        } else {
            wall
        };
        for k in 0..3u32 {
            let x = extent.x * (0.24 + 0.26 * k as f32 + 0.07 * (self.roll(k + 50) - 0.5));
            let tall = extent.y * (0.26 + 0.30 * self.roll(k + 53));
            let base = table - 0.05 - 0.05 * self.roll(k + 56);
            let t = (q.y - base) / tall;
            // Cast to the right.
            let cast = 1.0 - ((q - Vec2::new(x + 0.075, base + 0.004)) / Vec2::new(0.13, 0.022)).length();
            colour *= 1.0 - 0.30 * cover(cast, 3.0);
            if !(0.0..=1.0).contains(&t) {
                continue;
            }
            let belly = 0.060 + 0.035 * self.roll(k + 59);
            let neck = 0.30 + 0.35 * self.roll(k + 62);
            let half = belly
                * ((t * 2.6).min(1.0) * 0.35 + 0.65)
                * (1.0 - (1.0 - neck) * ((t - 0.48) / 0.32).clamp(0.0, 1.0).powi(2));
            let across = (q.x - x) / half;
            let ink = self.inks[(k % 4) as usize].lerp(self.paper, 0.15);
            let light = 0.66 + 0.40 * (1.0 - (across + 0.45).powi(2) * 0.6).clamp(0.0, 1.0) + brush;
            colour = colour.lerp(ink * light, cover(half - (q.x - x).abs(), 300.0));
        }
        colour * self.grain(q)
    }

    pub(super) fn wash(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let mut colour = self.paper;
        for k in 0..3u32 {
            let at = extent
                * Vec2::new(
                    0.28 + 0.44 * self.roll(k * 2 + 70),
                    0.26 + 0.48 * self.roll(k * 2 + 71),
                );
            let stretch = Vec2::new(0.8 + 0.7 * self.roll(k + 76), 0.8 + 0.7 * self.roll(k + 79));
            let torn = 0.17 * fbm2(q * 3.2 + Vec2::splat(k as f32 * 7.0), 4, self.seed);
            let inside = 0.21 + torn - ((q - at) / stretch).length();
            // Pigment gathers where the wet edge dried.
            let edge = (-(inside / 0.012).powi(2)).exp();
            let body = cover(inside, 60.0) * (0.38 + 0.40 * fbm2(q * 5.0, 3, self.seed ^ k).abs());
            colour = colour.lerp(self.inks[[0, 2, 1][k as usize]], (body + 0.45 * edge).min(0.92));
        }
        for k in 0..12u32 {
            let at = extent * Vec2::new(self.roll(k + 90), self.roll(k + 110));
            let drop = 0.0025 + 0.006 * self.roll(k + 130).powi(3);
            colour = colour.lerp(self.inks[0], 0.8 * cover(drop - q.distance(at), 700.0));
        }
        colour * self.grain(q)
    }

    pub(super) fn moon(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let horizon = extent.y * (0.24 + 0.10 * self.roll(80));
        let disc = Vec2::new(extent.x * (0.5 + 0.16 * (self.roll(81) - 0.5)), extent.y * 0.60);
        let radius = extent.min_element() * 0.25;
        let up = ((q.y - horizon) / (extent.y - horizon)).clamp(0.0, 1.0);
        let mut colour = self.paper.lerp(self.inks[2], 0.12 + 0.30 * up);
        let face = 0.90 + 0.10 * fbm2(q * 6.0, 3, self.seed);
        let glow = self.inks[1].lerp(
            self.paper,
            0.35 * ((q.y - disc.y) / radius * 0.5 + 0.5).clamp(0.0, 1.0),
        );
        colour = colour.lerp(glow * face, cover(radius - q.distance(disc), 350.0));
        if q.y < horizon {
            let glint = cover(
                0.5 * radius * (0.6 + fbm2(Vec2::new(q.x * 3.0, q.y * 90.0), 2, self.seed))
                    - (q.x - disc.x).abs(),
                30.0,
            );
            colour = self.inks[0]
                .lerp(self.inks[2], 0.35 * q.y / horizon)
                .lerp(glow, 0.35 * glint);
        }
        colour * self.grain(q)
    }

    pub(super) fn woven(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let side = extent.min_element() / 5.0;
        let margin = (extent - (extent / side).floor() * side) * 0.5 + Vec2::splat(0.0);
        let at = (q - margin) / side;
        let (i, j) = (at.x.floor() as i32, at.y.floor() as i32);
        let f = at - at.floor();
        let along = if (i + j).rem_euclid(2) == 0 { f.y } else { f.x };
        let line = along * 7.0;
        let thick = 0.16 + 0.22 * cell(i, j, self.seed);
        let inside = f.min(Vec2::ONE - f).min_element() > 0.035;
        let ink = self.inks[(cell(i, j, self.seed ^ 3) * 4.0) as usize % 4];
        let hand = 0.05 * noise2(q * 60.0, self.seed);
        let mark = if inside {
            cover(thick - (line - line.floor() - 0.5).abs() + hand, 9.0)
        } else {
            0.0
        };
        self.paper.lerp(ink, mark * 0.92) * self.grain(q)
    }
}
