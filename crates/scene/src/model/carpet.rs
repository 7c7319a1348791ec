//! Patterns and pile of rugs.

use crate::geometry::Vec2;
use crate::model::material::{RugPattern, Spot};
use crate::model::noise::{cell, cells2, fbm2, noise2};

/// Size of a rug, metres.
pub(super) struct Extent {
    pub(super) width: f32,
    pub(super) length: f32,
    /// An ellipse instead of a rectangle.
    pub(super) is_round: bool,
}

/// Shares of second and third colour of a rug at `uv` metres from its centre.
pub(super) fn pattern(uv: Vec2, pattern: RugPattern, extent: &Extent, seed: u32) -> Vec2 {
    let half = Vec2::new(extent.width, extent.length) * 0.5;
    let inset = if extent.is_round {
        (1.0 - (uv / half).length()) * half.min_element()
    } else {
        (half.x - uv.x.abs()).min(half.y - uv.y.abs())
    };
    // A medallion carpet is oblong.
    let pattern = if extent.is_round && pattern == RugPattern::Persian {
        RugPattern::Border
    } else {
        pattern
    };
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
        RugPattern::Persian => persian(uv, half, inset, seed),
        RugPattern::Abstract => abstracted(uv / half, half, seed),
    }
}

/// Two fields with one curved border each, cut by an arc and a carved line: hand-tufted, so the edges waver.
fn abstracted(q: Vec2, half: Vec2, seed: u32) -> Vec2 {
    let roll = |k: i32| cell(k, 3, seed);
    let aspect = half / half.min_element();
    let at = q * aspect;
    let ragged = 0.012 * noise2(at * 21.0, seed ^ 5) + 0.006 * noise2(at * 60.0, seed ^ 6);
    let side = if roll(0) < 0.5 { -1.0 } else { 1.0 };
    let turned = Vec2::new(at.x * side, at.y);
    let cover = |distance: f32| ((distance + ragged) * 60.0 + 0.5).clamp(0.0, 1.0);
    // A hill that enters from one end, a disc in the opposite corner, a ring around it.
    let hill = 0.25 + 0.5 * roll(1) + 0.42 * (turned.y * (1.0 + roll(2)) + 4.0 * roll(3)).sin() + turned.x;
    let middle = aspect * Vec2::new(0.38 + 0.25 * roll(4), 0.5 * (roll(5) - 0.5));
    let radius = 0.42 + 0.22 * roll(6);
    let disc = radius - turned.distance(middle);
    let ring = 0.018 - (turned.distance(middle) - radius - 0.16).abs();
    let edge = 0.016 - (hill - 0.09).abs() * 0.7;
    let wash = 0.86 + 0.14 * fbm2(at * 3.0, 3, seed ^ 4);
    let second = (cover(-hill) * (1.0 - cover(disc))).max(cover(edge) * 0.6);
    Vec2::new(second * wash, cover(disc).max(cover(ring)) * 0.9 * wash)
}

/// Guards, a border of rosettes on a vine, a field of tendrils and sprigs, corners and a medallion; faded in bands as
/// the dye lots changed, and worn through in patches.
fn persian(uv: Vec2, half: Vec2, inset: f32, seed: u32) -> Vec2 {
    let band = |low: f32, high: f32| if inset > low && inset < high { 1.0f32 } else { 0.0 };
    let abrash = noise2(Vec2::new(uv.x * 0.5, uv.y * 9.0), seed ^ 9) * 0.10;
    let worn = fbm2(uv * 3.0, 3, seed ^ 10) + 0.35 * noise2(uv * 60.0, seed ^ 11);
    let kept = (0.86 + abrash - (worn * 2.2 - 0.55).clamp(0.0, 0.55)).clamp(0.0, 1.0);
    let flower = |at: Vec2, radius: f32, petals: f32| -> f32 {
        let edge = radius * (0.78 + 0.22 * (petals * at.y.atan2(at.x)).cos());
        let distance = at.length();
        // A rosette has an eye.
        if distance < 0.28 * radius || (0.42 * radius..edge).contains(&distance) {
            1.0
        } else {
            0.0
        }
    };
    const BORDER: f32 = 0.27;
    if inset < BORDER {
        let on_side = half.x - uv.x.abs() < half.y - uv.y.abs();
        let (along, length) = if on_side {
            (uv.y, 2.0 * half.y)
        } else {
            (uv.x, 2.0 * half.x)
        };
        let pitch = length / (length / 0.125).round().max(1.0);
        let (middle, step) = (0.152, along / pitch);
        let cell = step.floor();
        let at = Vec2::new((step - cell - 0.5) * pitch, inset - middle);
        let is_large = (cell as i32).rem_euclid(2) == 0;
        let rosette = flower(
            at,
            if is_large { 0.047 } else { 0.029 },
            if is_large { 8.0 } else { 5.0 },
        );
        let vine = inset - middle - 0.042 * (step * std::f32::consts::PI).cos();
        let tendril: f32 = if vine.abs() < 0.0045 { 1.0 } else { 0.0 };
        let guard = band(0.030, 0.040)
            .max(band(0.066, 0.071))
            .max(band(0.232, 0.238))
            .max(band(0.258, 0.268));
        let bead = flower(
            Vec2::new((along / 0.03).rem_euclid(1.0) * 0.03 - 0.015, inset - 0.053),
            0.008,
            4.0,
        );
        let ornament = rosette.max(tendril).max(guard).max(bead);
        return Vec2::new(
            (1.0 - band(0.0, 0.026)) * (1.0 - ornament) * kept,
            ornament * kept * 0.85,
        );
    }
    let field = half - Vec2::splat(BORDER);
    let q = uv / field;
    let ray = Vec2::new(q.x, q.y * 0.92).length();
    let angle = uv.y.atan2(uv.x);
    let scallop = 0.40 + 0.022 * (16.0 * angle).cos();
    let medallion = ray < scallop;
    let heart = ray < 0.20 + 0.018 * (8.0 * angle).cos();
    let outline = (ray - scallop).abs() < 0.012 || (ray - 0.21).abs() < 0.008;
    let folded = q.abs();
    let is_corner = folded.x + folded.y > 1.52 + 0.035 * (26.0 * folded.x).sin();
    // Tendrils run the same way in all four quarters.
    let m = uv.abs();
    let wave = (m.x * 17.0 + 1.9 * (m.y * 11.0).sin()).sin();
    let other = (m.y * 15.0 + 1.7 * (m.x * 13.0).sin()).sin();
    let tendril: f32 = if wave.abs() < 0.075 || other.abs() < 0.070 {
        0.75
    } else {
        0.0
    };
    let (away, _, own) = cells2(m * 8.5, 77);
    let sprig = if own > 0.25 {
        0.9 * flower(away / 8.5, 0.016 + 0.020 * own, 5.0 + (own * 4.0).floor())
    } else {
        0.0
    };
    let ground: f32 = if (medallion && !heart) || is_corner {
        1.0
    } else {
        0.0
    };
    let ornament = if outline { 0.9 } else { tendril.max(sprig) };
    Vec2::new(ground * kept * (1.0 - 0.8 * ornament), ornament * kept * 0.9)
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
