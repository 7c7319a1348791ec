//! A tote bag of natural canvas, 38 by 40 cm, with two straps.
//!
//! Frame as of the shirt: x across, y up from the bottom, z out of the front; uvs are places of the flat front.

use std::sync::OnceLock;

use super::cloth::{Cloth, Treatment, both_sides, folded};
use super::sheet::{Assembly, depth_in, line, ribbon, sheet, stitches};
use crate::geometry::{Vec2, Vec3};
use crate::model::material::clamp_albedo;
use crate::model::{Material, Piece};

/// Standard print area and where its middle lies.
pub(super) const AREA: Vec2 = Vec2::new(0.28, 0.28);
pub(super) const MIDDLE: Vec2 = Vec2::new(0.0, 0.195);

const HALF: f32 = 0.19;
const TOP: f32 = 0.40;
const CELL: f32 = 0.0055;
const ROUND: f32 = 0.014;
/// Where the straps are sewn on, and how wide they are.
const STRAP: f32 = 0.088;
const STRAP_WIDTH: f32 = 0.026;
/// The hook that a hanging bag's straps lie over, above its bottom.
pub(super) const HOOK: f32 = 0.705;

/// How the bag is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pose {
    Flat,
    Hanging,
}

/// A bag as it lies or hangs.
#[derive(Debug)]
pub(super) struct Tote {
    pose: Pose,
    outline: Vec<Vec2>,
    /// The same without its top, which is open.
    closed: Vec<Vec2>,
    cloth: Cloth,
}

fn outline(pose: Pose, top: f32) -> Vec<Vec2> {
    let sag = if pose == Pose::Hanging { 0.006 } else { 0.001 };
    let mut right = line(
        &[
            (HALF - 0.004, top),
            (HALF - 0.002 - sag, 0.26),
            (HALF, 0.12),
            (HALF + 0.001, 0.018),
        ],
        10,
    );
    right.extend(
        line(
            &[(HALF + 0.001, 0.018), (HALF - 0.005, 0.005), (HALF - 0.018, 0.0)],
            4,
        )
        .into_iter()
        .skip(1),
    );
    right.extend(
        line(&[(HALF - 0.018, 0.0), (0.09, -0.6 * sag), (0.0, -sag)], 8)
            .into_iter()
            .skip(1),
    );
    let mut all = right.clone();
    all.extend(right.iter().rev().skip(1).map(|p| Vec2::new(-p.x, p.y)));
    // The open edge dips a little between the straps.
    let dip = if pose == Pose::Hanging { 0.010 } else { 0.002 };
    let edge = line(
        &[
            (-HALF + 0.004, top),
            (-STRAP, top),
            (0.0, top - dip),
            (STRAP, top),
            (HALF - 0.004, top),
        ],
        8,
    );
    all.extend(edge.into_iter().skip(1));
    all.pop();
    all
}

/// Folds of the right half: from, to, width, height.
const LAID: &[(f32, f32, f32, f32, f32, f32)] = &[
    (0.180, 0.025, 0.085, 0.100, 0.0130, 0.0070),
    (0.186, 0.110, 0.090, 0.165, 0.0140, 0.0045),
    (0.120, 0.006, 0.100, 0.090, 0.0120, 0.0045),
    (0.088, 0.392, 0.050, 0.270, 0.0140, 0.0055),
    (0.184, 0.330, 0.110, 0.290, 0.0140, 0.0045),
];
const HUNG: &[(f32, f32, f32, f32, f32, f32)] = &[
    (0.086, 0.396, 0.030, 0.215, 0.0150, 0.0120),
    (0.092, 0.396, 0.150, 0.200, 0.0150, 0.0110),
    (0.016, 0.392, 0.010, 0.240, 0.0220, -0.0060),
    (0.180, 0.030, 0.080, 0.120, 0.0150, 0.0090),
    (0.186, 0.140, 0.100, 0.200, 0.0150, 0.0060),
    (0.110, 0.004, 0.090, 0.110, 0.0140, 0.0060),
];

impl Tote {
    pub(super) fn get(pose: Pose) -> &'static Self {
        static FLAT: OnceLock<Tote> = OnceLock::new();
        static HANGING: OnceLock<Tote> = OnceLock::new();
        match pose {
            Pose::Flat => FLAT.get_or_init(|| Self::new(pose)),
            Pose::Hanging => HANGING.get_or_init(|| Self::new(pose)),
        }
    }

    fn new(pose: Pose) -> Self {
        let treatment = Treatment {
            rounds: 30,
            stiffness: 0.16,
            most: if pose == Pose::Hanging { 0.026 } else { 0.013 },
        };
        let (right, unevenness) = match pose {
            Pose::Flat => (LAID, 0.0022),
            Pose::Hanging => (HUNG, 0.0026),
        };
        let folds = both_sides(right, |_| false);
        let height = |p: Vec2| {
            // It was folded once for the post.
            let crease = |off: f32| 0.0011 * (-(off / 0.0035).powi(2)).exp();
            folded(&folds, unevenness, 5, p) + crease(p.y - 0.205) + crease(p.x + 0.012)
        };
        let is_pinned =
            |p: Vec2| pose == Pose::Hanging && (p.x.abs() - STRAP).abs() < 0.014 && p.y > TOP - 0.02;
        let cloth = Cloth::relaxed(
            (Vec2::new(-0.21, -0.02), Vec2::new(0.21, 0.42)),
            0.0060,
            height,
            is_pinned,
            &treatment,
        )
        .smoothed(1);
        Self {
            pose,
            outline: outline(pose, TOP),
            closed: outline(pose, TOP + 0.2),
            cloth,
        }
    }

    /// Where a place of the flat front is.
    pub(super) fn point(&self, flat: Vec2) -> Vec3 {
        let depth = depth_in(&self.closed, flat).max(0.0);
        let inner = 1.0 - (depth / ROUND).min(1.0);
        let rise = 0.008 * (1.0 - inner * inner).max(0.0).sqrt();
        let moved = self.cloth.at(flat);
        let free = (depth / 0.03).clamp(0.0, 1.0);
        let free = free * free * (3.0 - 2.0 * free);
        // A hanging bag is a little open.
        let belly = match self.pose {
            Pose::Flat => 0.0,
            Pose::Hanging => 0.016 * (1.0 - (flat.x / HALF).powi(2)).max(0.0) * (0.4 + 0.6 * (flat.y / TOP)),
        };
        let lift = (0.3 + 0.7 * free) * moved.z + rise + belly;
        (flat + moved.truncate() * free).extend(lift)
    }

    /// One strap, in front or behind.
    fn strap(&self, is_front: bool) -> Vec<Vec3> {
        let side = if is_front { 1.0 } else { -1.0 };
        let low = TOP - 0.035;
        let base = |x: f32, y: f32| self.point(Vec2::new(x, y.min(TOP - 0.001))).z;
        let points: Vec<Vec3> = match self.pose {
            Pose::Flat => {
                let (lean, high) = if is_front { (0.018, 0.660) } else { (-0.040, 0.632) };
                let z = if is_front { 0.0105 } else { 0.0030 };
                [
                    (-STRAP, low, z),
                    (-STRAP, TOP, z),
                    (-STRAP - 0.004 + 0.2 * lean, TOP + 0.08, z * 0.8),
                    (-0.070 + 0.7 * lean, TOP + 0.18, z * 0.6 + 0.004),
                    (lean, high, z * 0.6 + 0.006),
                    (0.074 + 0.7 * lean, TOP + 0.17, z * 0.6 + 0.004),
                    (STRAP + 0.004 + 0.2 * lean, TOP + 0.08, z * 0.8),
                    (STRAP, TOP, z),
                    (STRAP, low, z),
                ]
                .map(|(x, y, z)| Vec3::new(x, y, z))
                .to_vec()
            }
            Pose::Hanging => {
                let z = if is_front { base(STRAP, TOP) + 0.002 } else { 0.004 };
                let over = 0.030 + 0.004 * side;
                [
                    (-STRAP, low, z),
                    (-STRAP + 0.001, TOP, z),
                    (-0.060, TOP + 0.11, z * 0.5 + over * 0.5),
                    (-0.024, HOOK - 0.065, over),
                    (-0.011, HOOK - 0.008, over),
                    (0.0, HOOK + 0.003, over),
                    (0.011, HOOK - 0.008, over),
                    (0.024, HOOK - 0.065, over),
                    (0.060, TOP + 0.11, z * 0.5 + over * 0.5),
                    (STRAP - 0.001, TOP, z),
                    (STRAP, low, z),
                ]
                .map(|(x, y, z)| Vec3::new(x, y, z))
                .to_vec()
            }
        };
        crate::model::shapes::curve(&points, 8)
    }

    pub(super) fn piece(&self, front: &Material, canvas: &Material) -> Piece {
        let mut all = Assembly::default();
        let darker = |share: f32| Material {
            albedo: clamp_albedo(canvas.albedo * share),
            ..canvas.clone()
        };
        let back: Vec<Vec2> = self
            .outline
            .iter()
            .map(|p| *p * Vec2::new(0.985, 1.004))
            .collect();
        all.add(&darker(0.92), sheet(&back, 0.012, |p| p.extend(0.0008)));
        all.add(
            &darker(0.98),
            ribbon(&self.strap(false), Vec3::Z, STRAP_WIDTH, 0.0010),
        );
        all.add(front, sheet(&self.outline, CELL, |p| self.point(p)));
        all.add(
            &darker(1.0),
            ribbon(&self.strap(true), Vec3::Z, STRAP_WIDTH, 0.0010),
        );
        let thread = darker(0.86);
        let on_front = |flat: Vec<Vec2>| -> Vec<Vec3> {
            flat.into_iter()
                .map(|p| self.point(p) + Vec3::Z * 0.0001)
                .collect()
        };
        let across = |y: f32| -> Vec<Vec2> {
            (0..=60)
                .map(|i| Vec2::new((HALF - 0.007) * (i as f32 / 30.0 - 1.0), y))
                .collect()
        };
        for y in [TOP - 0.014, TOP - 0.030] {
            all.add(&thread, stitches(&on_front(across(y)), 0.0042, 0.0005));
        }
        // The box that holds each strap.
        for hand in [-1.0_f32, 1.0] {
            let corner = |x: f32, y: f32| {
                let at = Vec2::new(hand * STRAP + x * 0.010, TOP - 0.020 + y * 0.011);
                self.point(at) + Vec3::Z * 0.0032
            };
            let ring = [
                corner(-1.0, -1.0),
                corner(1.0, -1.0),
                corner(1.0, 1.0),
                corner(-1.0, 1.0),
                corner(-1.0, -1.0),
            ];
            all.add(&thread, stitches(&ring, 0.0036, 0.0005));
        }
        all.piece("Tote bag")
    }
}
