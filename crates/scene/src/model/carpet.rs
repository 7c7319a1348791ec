//! Patterns and pile of rugs.

use crate::geometry::Vec2;
use crate::model::material::{RugPattern, Spot};
use crate::model::noise::{cells2, fbm2, noise2};

/// Shares of second and third colour of a rug at `uv` metres from its centre.
pub(super) fn pattern(uv: Vec2, pattern: RugPattern, width: f32, length: f32, seed: u32) -> Vec2 {
    let half = Vec2::new(width, length) * 0.5;
    let inset = (half.x - uv.x.abs()).min(half.y - uv.y.abs());
    let wobble = 0.004 * noise2(uv * 4.0, seed) + 0.0025 * noise2(uv * 90.0, seed ^ 1);
    let band = |low: f32, high: f32| if inset > low && inset < high { 1.0 } else { 0.0 };
    match pattern {
        RugPattern::Plain => Vec2::ZERO,
        RugPattern::Border => Vec2::new(band(0.07, 0.17), band(0.185, 0.20)),
        RugPattern::Stripes => {
            let v = (uv.y + wobble) / 0.21;
            let f = v - v.floor();
            Vec2::new(
                if f < 0.28 { 1.0 } else { 0.0 },
                if (0.40..0.46).contains(&f) { 0.9 } else { 0.0 },
            )
        }
        RugPattern::Diamonds => {
            let (a, b) = (
                (uv.x + uv.y * 0.62) / 0.42 + wobble * 1.5,
                (uv.x - uv.y * 0.62) / 0.42 + wobble * 1.5,
            );
            let line = |v: f32| {
                if (v - v.round()).abs() < 0.035 {
                    1.0f32
                } else {
                    0.0
                }
            };
            Vec2::new(line(a).max(line(b)), 0.0)
        }
        RugPattern::Persian => {
            let fade = 0.75 + 0.25 * fbm2(uv * 2.5, 3, seed ^ 9);
            if inset < 0.30 {
                // Main border with small flowers between two guards.
                let along = if half.x - uv.x.abs() < half.y - uv.y.abs() {
                    uv.y
                } else {
                    uv.x
                };
                let f = Vec2::new((along / 0.16).fract().abs() - 0.5, (inset - 0.17) / 0.13);
                let flower = if f.length() < 0.30 + 0.07 * (6.0 * f.y.atan2(f.x)).cos() {
                    1.0
                } else {
                    0.0
                };
                let guard = band(0.035, 0.06).max(band(0.265, 0.29));
                return Vec2::new(
                    (1.0 - band(0.0, 0.03)) * (1.0 - flower) * fade,
                    flower.max(guard) * fade * 0.8,
                );
            }
            let q = uv.abs() / (half - Vec2::splat(0.3));
            let petal = 0.42 + 0.06 * (8.0 * uv.y.atan2(uv.x)).cos();
            let ray = Vec2::new(uv.x / (half.x - 0.3), uv.y / (half.y - 0.3)).length();
            let medallion: f32 = if ray < petal { 1.0 } else { 0.0 };
            let heart = if ray < petal * 0.45 { 1.0 } else { 0.0 };
            let corner = if q.x + q.y > 1.55 + 0.05 * (18.0 * q.x).sin() {
                1.0
            } else {
                0.0
            };
            let (_, near, own) = cells2(uv.abs() * 11.0, 77);
            let sprig = if own > 0.35 && near < 0.20 + 0.06 * own {
                0.75
            } else {
                0.0
            };
            Vec2::new(
                (medallion - heart + corner).clamp(0.0, 1.0) * fade,
                f32::max(sprig, 0.6 * heart) * fade,
            )
        }
        RugPattern::Abstract => {
            // Large washed fields that overlap, their borders broken up by the tufts.
            let at = uv + Vec2::splat(seed as f32 % 13.0);
            let ragged = 0.035 * noise2(uv * 38.0, seed ^ 5) + 0.05 * fbm2(uv * 7.0, 2, seed ^ 6);
            let edge = |v: f32, level: f32| ((v + ragged - level) * 9.0 + 0.5).clamp(0.0, 1.0);
            let broad = fbm2(at * Vec2::new(0.55, 0.85), 3, seed);
            let cross = fbm2(at * Vec2::new(1.1, 0.5) + Vec2::splat(5.0), 3, seed ^ 2);
            let wash = 0.75 + 0.25 * fbm2(uv * 2.2, 2, seed ^ 4);
            Vec2::new(edge(broad, 0.06) * wash, edge(cross, 0.16) * 0.85 * wash)
        }
    }
}

/// Lightness and slope of the pile: tufts, and the paths where feet and vacuum laid it over.
pub(super) fn pile(spot: &Spot, pile: f32, seed: u32) -> (f32, Vec2) {
    let uv = spot.uv;
    let wear = fbm2(uv * 4.0, 3, seed ^ 3);
    // Swathes of brushed pile, longer than wide.
    let brushed = noise2(Vec2::new(uv.x * 1.6, uv.y * 6.0), seed ^ 8);
    let lay = (brushed * 3.0).clamp(-1.0, 1.0);
    let (coarse, fine) = (spot.fade(pile * 1.2), spot.fade(pile * 0.5));
    let clump = noise2(uv / (pile * 3.1), seed ^ 9) * spot.fade(pile * 3.0);
    let (mut tuft, mut grit, mut slope) = (0.0, 0.0, Vec2::ZERO);
    if coarse > 0.0 {
        tuft = coarse * noise2(uv / pile, seed ^ 4);
        slope = Vec2::new(
            noise2(uv / pile + Vec2::splat(17.3), seed ^ 6),
            noise2(uv / pile - Vec2::splat(9.1), seed ^ 7),
        ) * (0.30 * coarse);
    }
    if fine > 0.0 {
        grit = fine * noise2(uv / (pile * 0.35), seed ^ 5);
    }
    let shade = 1.0 + 0.06 * wear + 0.035 * lay + 0.06 * clump + 0.09 * tuft + 0.08 * grit;
    (shade, slope + Vec2::new(0.02, 0.05) * lay)
}
