//! A T-shirt, size L: two layers of jersey with folds, collar rib, seams and hems.
//!
//! Garment frame: metres, x across (0 is the middle), y up from the hem, z out of the front. The flat cut is the front's
//! pattern; uvs are its places, so a print stays in the cloth whatever the folds do.

use std::sync::OnceLock;

use super::cloth::{Cloth, Treatment, both_sides, folded};
use super::sheet::{Assembly, depth_in, line, ribbon, sheet, stitches};
use crate::geometry::{Vec2, Vec3};
use crate::model::material::{Texture, clamp_albedo};
use crate::model::{Material, Piece};

/// Standard print area of a front, 12 by 16 inches, and where its middle lies.
pub(super) const AREA: Vec2 = Vec2::new(0.3048, 0.4064);
pub(super) const MIDDLE: Vec2 = Vec2::new(0.0, 0.372);

/// How the shirt is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pose {
    /// Laid out on a table.
    Flat,
    /// On a hanger before a wall.
    Hanging,
}

/// A shirt as it lies or hangs, without its colour.
#[derive(Debug)]
pub(super) struct Shirt {
    pose: Pose,
    outline: Vec<Vec2>,
    cloth: Cloth,
}

const CELL: f32 = 0.0052;
/// How far inwards the edge of the cloth rounds off, and how thick two layers are.
const ROUND: f32 = 0.016;
const THICK: f32 = 0.0075;

/// The neckline of the front, left to right, where the rib is sewn on.
fn neckline() -> Vec<Vec2> {
    line(
        &[
            (-0.100, 0.714),
            (-0.091, 0.672),
            (-0.062, 0.628),
            (0.0, 0.606),
            (0.062, 0.628),
            (0.091, 0.672),
            (0.100, 0.714),
        ],
        10,
    )
}

fn back_neckline() -> Vec<Vec2> {
    line(
        &[
            (-0.098, 0.715),
            (-0.060, 0.698),
            (0.0, 0.690),
            (0.060, 0.698),
            (0.098, 0.715),
        ],
        10,
    )
}

type Points = &'static [(f32, f32)];

/// The right half from shoulder to hem; the left one mirrors it.
fn side(pose: Pose) -> Vec<Vec2> {
    let mut side = line(&[(0.100, 0.714), (0.165, 0.694), (0.232, 0.668)], 6);
    let (sleeve, cuff): (Points, Points) = match pose {
        Pose::Flat => (
            &[(0.232, 0.668), (0.300, 0.622), (0.362, 0.566), (0.412, 0.515)],
            &[(0.412, 0.515), (0.376, 0.470), (0.338, 0.424)],
        ),
        Pose::Hanging => (
            &[(0.232, 0.664), (0.268, 0.620), (0.300, 0.545), (0.322, 0.462)],
            &[(0.322, 0.462), (0.282, 0.450), (0.238, 0.452)],
        ),
    };
    side.extend(line(sleeve, 8).into_iter().skip(1));
    side.extend(line(cuff, 6).into_iter().skip(1));
    let under: &[(f32, f32)] = match pose {
        Pose::Flat => &[(0.338, 0.424), (0.300, 0.448), (0.268, 0.462), (0.259, 0.430)],
        Pose::Hanging => &[(0.238, 0.452), (0.240, 0.470), (0.243, 0.462), (0.244, 0.430)],
    };
    side.extend(line(under, 6).into_iter().skip(1));
    let flank: &[(f32, f32)] = match pose {
        Pose::Flat => &[(0.259, 0.430), (0.253, 0.30), (0.254, 0.14), (0.262, 0.004)],
        Pose::Hanging => &[(0.244, 0.430), (0.238, 0.30), (0.243, 0.14), (0.254, 0.004)],
    };
    side.extend(line(flank, 12).into_iter().skip(1));
    side.extend(
        line(
            &[(0.262_f32.min(flank[3].0), 0.004), (0.13, -0.003), (0.0, -0.004)],
            8,
        )
        .into_iter()
        .skip(1),
    );
    side
}

fn outline(pose: Pose) -> Vec<Vec2> {
    let right = side(pose);
    let mut outline = neckline();
    outline.extend(right.iter().skip(1));
    let mirrored = right.iter().rev().map(|p| Vec2::new(-p.x, p.y));
    outline.extend(mirrored.skip(1));
    outline.pop();
    outline
}

/// Where the sleeve is sewn on, from the shoulder to the armpit.
fn armhole(pose: Pose, side: f32) -> Vec<Vec2> {
    let points: &[(f32, f32)] = match pose {
        Pose::Flat => &[(0.230, 0.668), (0.216, 0.600), (0.226, 0.520), (0.262, 0.452)],
        Pose::Hanging => &[(0.226, 0.668), (0.213, 0.600), (0.216, 0.530), (0.242, 0.464)],
    };
    line(points, 10)
        .into_iter()
        .map(|p| Vec2::new(side * p.x, p.y))
        .collect()
}

/// Folds of the right half: from, to, width, height.
const LAID: &[(f32, f32, f32, f32, f32, f32)] = &[
    // Away from the armpit.
    (0.250, 0.455, 0.095, 0.405, 0.0110, 0.0100),
    (0.250, 0.445, 0.120, 0.325, 0.0120, 0.0090),
    (0.248, 0.430, 0.165, 0.235, 0.0120, 0.0080),
    (0.240, 0.470, 0.125, 0.555, 0.0110, 0.0070),
    // Across the sleeve.
    (0.262, 0.470, 0.325, 0.575, 0.0110, 0.0095),
    (0.285, 0.462, 0.378, 0.530, 0.0100, 0.0075),
    (0.205, 0.655, 0.290, 0.575, 0.0130, 0.0050),
    // From the sides and over the hem.
    (0.252, 0.310, 0.080, 0.255, 0.0140, 0.0065),
    (0.252, 0.205, 0.050, 0.175, 0.0150, 0.0060),
    (0.256, 0.120, 0.100, 0.075, 0.0130, 0.0070),
    (0.045, -0.010, 0.080, 0.150, 0.0150, 0.0060),
    (0.150, -0.010, 0.130, 0.110, 0.0140, 0.0065),
    (0.215, -0.010, 0.190, 0.140, 0.0120, 0.0060),
];
const HUNG: &[(f32, f32, f32, f32, f32, f32)] = &[
    (0.030, -0.020, 0.020, 0.330, 0.0190, 0.0110),
    (0.100, -0.020, 0.080, 0.400, 0.0200, 0.0150),
    (0.165, -0.020, 0.150, 0.360, 0.0180, 0.0140),
    (0.222, -0.020, 0.205, 0.380, 0.0150, 0.0120),
    (0.238, 0.475, 0.090, 0.370, 0.0130, 0.0120),
    (0.236, 0.462, 0.120, 0.280, 0.0140, 0.0110),
    (0.232, 0.480, 0.120, 0.575, 0.0120, 0.0080),
    (0.205, 0.655, 0.218, 0.500, 0.0140, 0.0060),
    (0.262, 0.440, 0.250, 0.600, 0.0120, 0.0100),
    (0.298, 0.440, 0.282, 0.590, 0.0110, 0.0080),
];

impl Shirt {
    /// Made once; later calls take it from memory.
    pub(super) fn get(pose: Pose) -> &'static Self {
        static FLAT: OnceLock<Shirt> = OnceLock::new();
        static HANGING: OnceLock<Shirt> = OnceLock::new();
        match pose {
            Pose::Flat => FLAT.get_or_init(|| Self::new(pose)),
            Pose::Hanging => HANGING.get_or_init(|| Self::new(pose)),
        }
    }

    fn new(pose: Pose) -> Self {
        let (right, unevenness, most) = match pose {
            Pose::Flat => (LAID, 0.0034, 0.018),
            Pose::Hanging => (HUNG, 0.0030, 0.036),
        };
        let folds = both_sides(right, |from| from.y < 0.0);
        let treatment = Treatment {
            rounds: 26,
            stiffness: 0.10,
            most,
        };
        let is_pinned = |p: Vec2| pose == Pose::Hanging && p.y > 0.655 + 0.02 * (1.0 - p.x.abs() / 0.2);
        let cloth = Cloth::relaxed(
            (Vec2::new(-0.43, -0.02), Vec2::new(0.43, 0.73)),
            0.0060,
            |p| folded(&folds, unevenness, 11, p),
            is_pinned,
            &treatment,
        )
        .smoothed(2);
        Self {
            pose,
            outline: outline(pose),
            cloth,
        }
    }

    /// Where a place of the flat front is.
    pub(super) fn point(&self, flat: Vec2) -> Vec3 {
        let depth = depth_in(&self.outline, flat).max(0.0);
        self.bent(flat, depth)
    }

    fn bent(&self, flat: Vec2, depth: f32) -> Vec3 {
        let inner = 1.0 - (depth / ROUND).min(1.0);
        let rise = THICK * (1.0 - inner * inner).max(0.0).sqrt();
        let moved = self.cloth.at(flat);
        let free = (depth / 0.035).clamp(0.0, 1.0);
        let free = free * free * (3.0 - 2.0 * free);
        let body = match self.pose {
            Pose::Flat => 0.0,
            // A hanger holds the shoulders away from the wall; the body falls back below.
            Pose::Hanging => 0.012 * (flat.y / 0.66).clamp(0.0, 1.0),
        };
        let lift = (0.35 + 0.65 * free) * moved.z + (body + rise);
        (flat + moved.truncate() * free).extend(lift)
    }

    /// Something sewn on the front, a little above it.
    fn on_front(&self, flat: &[Vec2], above: f32) -> Vec<Vec3> {
        flat.iter().map(|&p| self.point(p) + Vec3::Z * above).collect()
    }

    /// The whole shirt in its cloth; `front` is the cloth with the print.
    pub(super) fn piece(&self, front: &Material, jersey: &Material) -> Piece {
        let mut all = Assembly::default();
        all.add(front, sheet(&self.outline, CELL, |p| self.point(p)));
        let seam = Material {
            albedo: clamp_albedo(jersey.albedo * 0.90),
            ..jersey.clone()
        };
        // The inside of the back, and its neck tape.
        let mut inside = back_neckline();
        inside.extend([
            Vec2::new(0.108, 0.70),
            Vec2::new(0.112, 0.58),
            Vec2::new(-0.112, 0.58),
            Vec2::new(-0.108, 0.70),
        ]);
        let shade = Material {
            albedo: clamp_albedo(jersey.albedo * 0.93),
            ..jersey.clone()
        };
        all.add(
            &shade,
            sheet(&inside, 0.008, |p| p.extend(0.0012 + self.hold() * 0.3)),
        );
        let rib = Material {
            texture: Texture::Knit {
                stitch: 0.0052,
                relief: 0.75,
            },
            ..jersey.clone()
        };
        let back: Vec<Vec3> = back_neckline()
            .iter()
            .map(|p| (*p * Vec2::new(0.90, 1.0) + Vec2::new(0.0, -0.011)).extend(0.0026 + self.hold() * 0.5))
            .collect();
        all.add(&rib, ribbon(&back, Vec3::Z, 0.020, 0.0016));
        let tape: Vec<Vec3> = back_neckline()
            .iter()
            .map(|p| (*p * Vec2::new(0.85, 1.0) + Vec2::new(0.0, -0.025)).extend(0.0022 + self.hold() * 0.4))
            .collect();
        all.add(&seam, ribbon(&tape, Vec3::Z, 0.007, 0.0006));
        let label = Material::plain(
            Vec3::splat(if jersey.albedo.element_sum() > 0.9 {
                0.10
            } else {
                0.55
            }),
            0.7,
        );
        let at = |x: f32, y: f32| Vec3::new(x, y, 0.0030 + self.hold() * 0.45);
        all.add(
            &label,
            ribbon(
                &[at(-0.021, 0.655), at(0.0, 0.655), at(0.021, 0.655)],
                Vec3::Z,
                0.030,
                0.0004,
            ),
        );
        // The rib of the front lies in the opening, along the neckline.
        let front_rib: Vec<Vec3> = neckline()
            .iter()
            .map(|p| {
                let inward = (Vec2::new(0.0, 0.690) - *p).normalize_or_zero();
                let mut at = *p + inward * 0.0085;
                at.y = at.y.min(0.703);
                at.extend(THICK * 0.42 + self.hold() + 0.25 * self.cloth.at(*p).z)
            })
            .collect();
        all.add(&rib, ribbon(&front_rib, Vec3::Z, 0.0205, 0.0030));
        let topstitch: Vec<Vec2> = neckline()
            .iter()
            .map(|p| *p - (Vec2::new(0.0, 0.705) - *p).normalize_or_zero() * 0.0045)
            .collect();
        all.add(
            &seam,
            stitches(&self.on_front(&topstitch, 0.0001), 0.0034, 0.00042),
        );
        for hand in [-1.0, 1.0] {
            let armhole = armhole(self.pose, hand);
            all.add(
                &seam,
                ribbon(&self.on_front(&armhole, 0.0005), Vec3::Z, 0.0034, 0.0007),
            );
            for inset in [0.016, 0.020] {
                all.add(
                    &seam,
                    stitches(&self.on_front(&self.cuff(hand, inset), 0.0001), 0.0034, 0.00042),
                );
            }
        }
        for inset in [0.019, 0.0245] {
            let half = self
                .outline
                .iter()
                .filter(|p| p.y < 0.03)
                .map(|p| p.x)
                .fold(0.0, f32::max)
                - 0.004;
            let hem: Vec<Vec2> = (0..=60)
                .map(|i| Vec2::new(half * (i as f32 / 30.0 - 1.0), inset - 0.003))
                .collect();
            all.add(&seam, stitches(&self.on_front(&hem, 0.0001), 0.0034, 0.00042));
        }
        all.piece("T-shirt")
    }

    /// How far the shoulders are held from what is behind.
    fn hold(&self) -> f32 {
        match self.pose {
            Pose::Flat => 0.0,
            Pose::Hanging => 0.012,
        }
    }

    /// A line across the sleeve, parallel to its end.
    fn cuff(&self, hand: f32, inset: f32) -> Vec<Vec2> {
        let (top, bottom, inward) = match self.pose {
            Pose::Flat => (
                Vec2::new(0.412, 0.515),
                Vec2::new(0.338, 0.424),
                Vec2::new(-0.75, 0.66),
            ),
            Pose::Hanging => (
                Vec2::new(0.322, 0.462),
                Vec2::new(0.238, 0.452),
                Vec2::new(-0.12, 0.99),
            ),
        };
        let along = (bottom - top).normalize();
        let (from, to) = (
            top + along * 0.003 + inward * inset,
            bottom - along * 0.003 + inward * inset,
        );
        (0..=24)
            .map(|i| from.lerp(to, i as f32 / 24.0))
            .map(|p| Vec2::new(hand * p.x, p.y))
            .collect()
    }
}
