//! Pictures for frames, painted by formula: no file, no foreign rights, any size.

mod more;

use crate::geometry::{Vec2, Vec3};
use crate::model::noise::{fbm2, hash, noise2, unit};

/// What kind of picture it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motif {
    /// Overlapping organic fields of colour.
    Fields,
    /// Layers of hills under a sky.
    Hills,
    /// One continuous ink line.
    Line,
    /// Broad brush strokes.
    Strokes,
    /// Arches, discs and half discs.
    Shapes,
    /// A stem with leaves.
    Botanical,
    /// Sea and sky.
    Sea,
    /// Two or three soft-edged blocks of colour.
    Bands,
    /// Squares within squares.
    Squares,
    /// Lines of equal height on a map of nowhere.
    Contours,
    /// Sand ridges in low sun, as a photograph.
    Dunes,
    /// Rows of firs that fade into fog.
    Mist,
    /// Tall grasses in ink.
    Stems,
    /// One ginkgo leaf.
    Fan,
    /// Vessels on a table.
    Vessels,
    /// Ink that ran into wet paper.
    Wash,
    /// A large disc above a horizon.
    Moon,
    /// A grid of short lines, as woven.
    Woven,
}

impl Motif {
    /// Every motif.
    pub const ALL: [Self; 18] = [
        Self::Fields,
        Self::Hills,
        Self::Line,
        Self::Strokes,
        Self::Shapes,
        Self::Botanical,
        Self::Sea,
        Self::Bands,
        Self::Squares,
        Self::Contours,
        Self::Dunes,
        Self::Mist,
        Self::Stems,
        Self::Fan,
        Self::Vessels,
        Self::Wash,
        Self::Moon,
        Self::Woven,
    ];
}

/// A picture of `size` metres with its lower left corner at uv = 0, surrounded by a mount of `mount` metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Picture {
    pub motif: Motif,
    pub size: Vec2,
    pub mount: f32,
    pub paper: Vec3,
    pub inks: [Vec3; 4],
    pub seed: u32,
}

impl Picture {
    /// Colour at a point of the sheet.
    pub fn colour(&self, uv: Vec2) -> Vec3 {
        let inner = self.size - Vec2::splat(2.0 * self.mount);
        let p = uv - Vec2::splat(self.mount);
        if self.mount > 0.0 {
            let edge = p.min(inner - p).min_element();
            if edge < 0.0 {
                // The bevel of the mount is a thin darker line.
                return if edge > -0.003 {
                    self.paper * 0.8
                } else {
                    Vec3::new(0.78, 0.77, 0.74)
                };
            }
        }
        let q = p / inner.max_element();
        let extent = inner / inner.max_element();
        match self.motif {
            Motif::Fields => self.fields(q),
            Motif::Hills => self.hills(q, extent),
            Motif::Line => self.line(q, extent),
            Motif::Strokes => self.strokes(q, extent),
            Motif::Shapes => self.shapes(q, extent),
            Motif::Botanical => self.botanical(q, extent),
            Motif::Sea => self.sea(q, extent),
            Motif::Bands => self.bands(q, extent),
            Motif::Squares => self.squares(q, extent),
            Motif::Contours => self.contours(q),
            Motif::Dunes => self.dunes(q, extent),
            Motif::Mist => self.mist(q, extent),
            Motif::Stems => self.stems(q, extent),
            Motif::Fan => self.fan(q, extent),
            Motif::Vessels => self.vessels(q, extent),
            Motif::Wash => self.wash(q, extent),
            Motif::Moon => self.moon(q, extent),
            Motif::Woven => self.woven(q, extent),
        }
    }

    fn roll(&self, i: u32) -> f32 {
        unit(hash(self.seed.wrapping_add(i.wrapping_mul(0x9e37_79b9))))
    }

    fn grain(&self, q: Vec2) -> f32 {
        1.0 + 0.03 * noise2(q * 180.0, self.seed) + 0.03 * fbm2(q * 14.0, 2, self.seed ^ 3)
    }

    fn fields(&self, q: Vec2) -> Vec3 {
        let mut colour = self.paper;
        for i in 0..4 {
            let centre = Vec2::new(self.roll(i * 5), self.roll(i * 5 + 1));
            let d = q - centre;
            let radius =
                0.20 + 0.20 * self.roll(i * 5 + 2) + 0.10 * fbm2(q * 2.2, 3, self.seed.wrapping_add(i));
            let inside = ((radius - d.length()) * 90.0).clamp(0.0, 1.0);
            let dry = 0.85 + 0.15 * fbm2(q * Vec2::new(6.0, 40.0), 2, self.seed ^ i);
            colour = colour.lerp(self.inks[i as usize], inside * dry);
        }
        colour * self.grain(q)
    }

    fn hills(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let sky = self.paper.lerp(self.inks[3], 0.25 * (q.y / extent.y));
        let sun = Vec2::new(extent.x * (0.25 + 0.5 * self.roll(40)), extent.y * 0.74);
        let mut colour = if q.distance(sun) < 0.075 {
            self.inks[3]
        } else {
            sky
        };
        for layer in 0..5u32 {
            let t = layer as f32 / 4.0;
            let line = extent.y * (0.62 - 0.50 * t)
                + 0.16
                    * (1.0 - 0.4 * t)
                    * fbm2(
                        Vec2::new(q.x * (1.6 + t), layer as f32 * 7.0),
                        3,
                        self.seed.wrapping_add(layer),
                    );
            if q.y < line {
                let ink = self.inks[0].lerp(self.inks[1 + (layer as usize % 2)], 0.5 * t);
                let mist = 0.75 - 0.75 * t;
                let wash = 1.0 + 0.10 * fbm2(q * Vec2::new(5.0, 9.0), 3, self.seed ^ layer);
                colour = ink.lerp(sky, mist) * wash;
            }
        }
        colour * self.grain(q)
    }

    fn line(&self, q: Vec2, extent: Vec2) -> Vec3 {
        // Two looping curves; the distance is taken over samples of the parameter.
        let blob = ((0.24 + 0.07 * fbm2(q * 3.0, 2, self.seed) - q.distance(extent * Vec2::new(0.56, 0.46)))
            * 120.0)
            .clamp(0.0, 1.0);
        let mut nearest = f32::INFINITY;
        let mut before = Vec2::ZERO;
        for k in 0..=90u32 {
            let t = k as f32 / 90.0 * std::f32::consts::TAU;
            let (a, b, c) = (self.roll(1) * 6.0, self.roll(2) * 6.0, self.roll(3) * 6.0);
            let point = extent * 0.5
                + extent
                    * Vec2::new(
                        0.26 * (t + a).sin() + 0.12 * (2.0 * t + b).sin(),
                        0.30 * (t + c).cos() + 0.10 * (3.0 * t + a).sin(),
                    );
            if k > 0 {
                let along = point - before;
                let f = ((q - before).dot(along) / along.length_squared().max(1e-9)).clamp(0.0, 1.0);
                nearest = nearest.min(q.distance(before + along * f));
            }
            before = point;
        }
        let width = 0.0055 * (1.0 + 0.3 * noise2(q * 9.0, self.seed));
        let ink = ((width - nearest) * 500.0).clamp(0.0, 1.0);
        self.paper.lerp(self.inks[1], blob * 0.9).lerp(self.inks[0], ink) * self.grain(q)
    }

    fn strokes(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let mut colour = self.paper;
        for i in 0..6u32 {
            let y = extent.y * (0.12 + 0.76 * self.roll(i * 3 + 1));
            let tilt = 0.35 * (self.roll(i * 3 + 2) - 0.5);
            let bow = 0.12 * fbm2(Vec2::new(q.x * 1.7, i as f32), 2, self.seed);
            let half = 0.03 + 0.06 * self.roll(i * 3 + 3);
            let across = q.y - y - tilt * (q.x - extent.x * 0.5) - bow;
            let bristles = fbm2(Vec2::new(q.x * 2.0, across * 130.0), 2, self.seed.wrapping_add(i));
            let (x0, x1) = (
                extent.x * 0.35 * self.roll(i + 50),
                extent.x * (1.0 - 0.35 * self.roll(i + 60)),
            );
            let ends = (q.x - x0 + 0.05 * bristles).min(x1 - q.x + 0.05 * bristles);
            let cover = ((half - across.abs()) * 60.0).clamp(0.0, 1.0) * (ends * 30.0).clamp(0.0, 1.0);
            let dry = (0.9 + 0.9 * bristles + (0.5 - (q.x - x0))).clamp(0.0, 1.0);
            colour = colour.lerp(self.inks[(i % 4) as usize], cover * dry);
        }
        colour * self.grain(q)
    }

    fn shapes(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let mut colour = self.paper;
        let column = extent.x * (0.46 + 0.08 * self.roll(4));
        let base = extent.y * 0.14;
        for i in 0..3u32 {
            // Nested arches.
            let r = 0.34 - 0.10 * i as f32;
            let d = Vec2::new(q.x - column, (q.y - extent.y * 0.48).max(0.0));
            if d.length() < r * extent.x.min(1.0) * 1.15 && q.y > base {
                colour = self.inks[i as usize];
            }
        }
        let disc = Vec2::new(extent.x * (0.68 + 0.1 * self.roll(6)), extent.y * 0.80);
        if q.distance(disc) < 0.10 {
            colour = self.inks[3];
        }
        if q.y < base && q.y > base - 0.012 {
            colour = self.inks[0];
        }
        colour * self.grain(q)
    }

    fn botanical(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let lean = 0.10 * (self.roll(8) - 0.5);
        let stem_x = |y: f32| extent.x * 0.5 + lean * (y * 3.0).sin();
        let top = extent.y * 0.86;
        let mut colour = self.paper;
        if (q.x - stem_x(q.y)).abs() < 0.004 && q.y > extent.y * 0.08 && q.y < top {
            colour = self.inks[0];
        }
        for i in 0..13u32 {
            let y = extent.y * (0.20 + 0.66 * i as f32 / 12.0);
            let side = if i % 2 == 0 { 1.0 } else { -1.0 };
            let length = 0.24 * (1.0 - 0.5 * i as f32 / 12.0);
            let direction = Vec2::new(side * 0.82, 0.57);
            let d = q - Vec2::new(stem_x(y), y);
            let along = d.dot(direction) / length;
            let across = d.perp_dot(direction) / length;
            if (0.0..1.0).contains(&along) {
                let half = 0.22 * (along * std::f32::consts::PI).sin().max(0.0).powf(0.8);
                if across.abs() < half {
                    let ink = self.inks[(i % 2) as usize];
                    let rib = if across.abs() < 0.012 { 0.7 } else { 1.0 };
                    colour = ink * rib * (1.0 + 0.25 * fbm2(q * 20.0, 2, self.seed ^ i));
                }
            }
        }
        colour * self.grain(q)
    }

    fn sea(&self, q: Vec2, extent: Vec2) -> Vec3 {
        let horizon = extent.y * 0.42;
        let h = q.y - horizon;
        let colour = if h > 0.0 {
            let cloud = fbm2(q * Vec2::new(2.0, 6.0), 4, self.seed);
            self.paper
                .lerp(self.inks[2], (0.35 + 0.9 * cloud + 0.5 * h).clamp(0.0, 1.0))
        } else {
            let depth = -h / horizon;
            let swell = fbm2(Vec2::new(q.x * 3.0, (0.2 / (0.03 - h)) * 3.0), 4, self.seed ^ 1);
            let sand = ((depth - 0.80 + 0.10 * swell) * 12.0).clamp(0.0, 1.0);
            // Water is the coolest ink of the palette, greyed, with lighter crests.
            let coolness = |ink: &Vec3| (ink.z - ink.x) / (ink.element_sum() + 0.05);
            let cool = self
                .inks
                .into_iter()
                .max_by(|a, b| coolness(a).total_cmp(&coolness(b)))
                .unwrap_or(self.inks[0]);
            let deep = cool.lerp(Vec3::new(0.10, 0.15, 0.19), 0.55);
            let crest = deep.lerp(self.paper, 0.42);
            deep.lerp(crest, (0.40 + 1.1 * swell).clamp(0.0, 1.0))
                .lerp(self.inks[3].lerp(self.paper, 0.5), sand)
        };
        colour * self.grain(q)
    }
}
