//! Grain of a board cut along the trunk: growth rings as distances from a wandering pith, fibres and pores.

use crate::geometry::Vec2;
use crate::model::material::Spot;
use crate::model::noise::{cell, fbm2, noise2};

/// What the grain does at one point.
pub(super) struct Grain {
    /// Share of the dark colour.
    pub(super) tone: f32,
    pub(super) pore: f32,
    /// Slope of the surface across the grain.
    pub(super) slope: f32,
    /// Difference in lightness of this stave to its neighbours.
    pub(super) stave: f32,
}

/// Grain along u; `ring` is the width of a year, `plank` that of glued staves (0: one board), metres.
pub(super) fn grain(spot: &Spot, ring: f32, plank: f32, seed: u32) -> Grain {
    let (mut along, mut across) = (spot.uv.x, spot.uv.y);
    let mut stave = 0.07 * noise2(Vec2::new(along * 0.21, across * 0.9), seed ^ 11);
    let mut board = seed;
    let mut joint = 0.0;
    if plank > 0.0 {
        let index = (across / plank).floor();
        let f = across / plank - index;
        board = seed.wrapping_add((index as i32 as u32).wrapping_mul(977));
        stave = 0.20 * (cell(index as i32, 1, seed) - 0.5);
        across = (f - 0.5) * plank;
        along += 3.0 * cell(index as i32, 2, seed);
        let edge = 1.0 - (f.min(1.0 - f) * plank / 0.0012).min(1.0);
        joint = edge * 0.5 * spot.fade(0.006);
    }
    let pith = 0.05 + 0.10 * cell(board as i32, 3, seed);
    let off = 0.08 * (cell(board as i32, 4, seed) - 0.5);
    let wander = 0.018 * noise2(Vec2::new(along * 1.3, across * 5.0), board)
        + 0.006 * noise2(Vec2::new(along * 3.7, across * 14.0), board ^ 1);
    let depth = pith * (0.35 + 0.45 * noise2(Vec2::new(along * 0.6, 0.5), board ^ 2));
    let radius = Vec2::new(across + off + wander, depth).length() / ring;
    let phase = radius - radius.floor();
    // Spring wood turns gradually into the dark line of late wood; seen from afar only its mean is left.
    let line = phase.powi(3) * (1.0 - ((phase - 0.92) * 12.5).clamp(0.0, 1.0));
    let late = 0.2 + (line - 0.2) * spot.fade(ring * 1.4);
    let streak = noise2(Vec2::new(along * 5.0, across * 260.0), board ^ 3) * spot.fade(0.005);
    let fine = spot.fade(0.0016);
    let (mut fibre, mut pores) = (0.0, 0.0);
    if fine > 0.0 {
        fibre = fine * noise2(Vec2::new(along * 28.0, across * 900.0), board ^ 4);
        let hole = noise2(Vec2::new(along * 45.0, across * 1100.0), board ^ 5);
        pores = fine * ((hole - 0.45) * 3.0).clamp(0.0, 1.0);
    }
    // Years differ: some grew wide and pale, some narrow and dark.
    let years = noise2(Vec2::new(radius * 0.23, along * 0.25), board ^ 7)
        + 0.6 * noise2(Vec2::new(radius * 0.61, along * 0.5), board ^ 8) * spot.fade(ring * 2.0);
    let flame = noise2(Vec2::new(along * 1.9, across * 70.0), board ^ 9) * spot.fade(0.014);
    Grain {
        tone: 0.62 * late
            + 0.16 * (streak + 0.75)
            + 0.14 * fibre
            + 0.13 * years
            + 0.09 * flame
            + joint
            + 0.16 * fbm2(Vec2::new(along * 1.1, across * 3.0), 2, board ^ 6),
        pore: pores * (0.35 + 0.65 * late),
        slope: fibre + 0.5 * streak,
        stave,
    }
}
