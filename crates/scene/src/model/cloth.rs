//! How cloths and leather look: what their yarn does to colour and shading normal.
//!
//! Each has three scales: the yarn itself, which fades into its mean when samples are too far apart; the unevenness of
//! yarn and dye over a few centimetres, which is what tells cloth from plastic across a room; and slack of the cloth.

use crate::geometry::{Vec2, Vec3};
use crate::model::material::{Spot, Surface, bend, bend3};
use crate::model::noise::{cells2, fbm3, noise2, noise3, noise3_gradient};

/// Unevenness of dye and yarn over centimetres, about −1..1.
fn melange(spot: &Spot, seed: u32) -> f32 {
    let p = spot.uv;
    0.5 * noise2(Vec2::new(p.x * 70.0, p.y * 28.0), seed) * spot.fade(0.014)
        + 0.5 * noise2(Vec2::new(p.x * 24.0, p.y * 60.0), seed ^ 1) * spot.fade(0.016)
        + 0.45 * noise3(spot.point * 9.0, seed ^ 2)
}

/// Bends the normal where cloth is slack: shallow dents of a hand's width.
fn slack(surface: &mut Surface, spot: &Spot, amount: f32, seed: u32) {
    let (_, dents) = noise3_gradient(spot.point * 11.0, seed);
    surface.normal = bend3(surface.normal, dents * amount);
}

pub(super) fn weave(surface: &mut Surface, spot: &Spot, thread: f32, second: Vec3, relief: f32) {
    let albedo = surface.albedo;
    let fine = spot.fade(2.0 * thread);
    let mut colour = albedo.lerp(second, 0.5) * 0.90;
    if fine > 0.0 {
        let p = spot.uv / thread;
        let over = ((p.x.floor() + p.y.floor()) as i32).rem_euclid(2) == 0;
        let f = Vec2::new(p.x - p.x.floor() - 0.5, p.y - p.y.floor() - 0.5);
        let slub = noise2(Vec2::new(p.x * 0.13, p.y.floor() * 1.7), 3)
            + noise2(Vec2::new(p.x.floor() * 1.7, p.y * 0.13), 4);
        let (across, along) = if over { (f.y, f.x) } else { (f.x, f.y) };
        let shade = 1.0 - 0.9 * across * across - 0.35 * along * along + 0.09 * slub;
        let detail = if over { albedo } else { second } * shade;
        colour = colour.lerp(detail, fine);
        let slope = Vec2::new(-f.x, -f.y) * relief * if over { 1.0 } else { 0.8 };
        surface.normal = bend(spot.normal, slope * (1.6 * fine));
    }
    surface.albedo = colour * (1.0 + 0.075 * melange(spot, 101));
    slack(surface, spot, 0.035 * relief, 103);
}

pub(super) fn boucle(surface: &mut Surface, spot: &Spot, loops: f32, relief: f32) {
    let fine = spot.fade(loops);
    // Clumps of loops, and the hollows between them.
    let (clump, gradient) = noise3_gradient(spot.point / (loops * 3.2), 13);
    let mut shade = 0.965 + 0.075 * clump * spot.fade(loops * 4.0);
    if fine > 0.0 {
        // Two layers of curls; the gaps between them are dark.
        let warp = Vec2::new(
            noise2(spot.uv / (loops * 2.5), 11),
            noise2(spot.uv / (loops * 2.5), 12),
        ) * 0.5;
        let (away, near, own) = cells2(spot.uv / loops + warp, 21);
        let curl = (near * 1.25).min(1.0);
        let grit = noise3(spot.point / (loops * 0.22), 5) * spot.fade(loops * 0.4);
        shade += fine * (0.095 - 0.36 * curl * curl + 0.12 * (own - 0.5) + 0.09 * grit);
        surface.normal = bend(
            spot.normal,
            (away * (relief * 1.6) + Vec2::splat(0.12 * relief * grit)) * fine,
        );
    }
    surface.normal = bend3(
        surface.normal,
        gradient * (0.10 * relief * spot.fade(loops * 4.0)),
    );
    surface.albedo *= shade * (1.0 + 0.03 * melange(spot, 111));
}

pub(super) fn velvet(surface: &mut Surface, spot: &Spot, relief: f32) {
    let (n, g) = noise3_gradient(spot.point * 9.0, 31);
    // Where a hand brushed over it the pile lies the other way and shows another tone, with fairly clear borders.
    let stroke = fbm3(spot.point * 3.5, 2, 33);
    let lay = (stroke * 3.0).clamp(-1.0, 1.0);
    let pile = spot.fade(0.002) * noise2(Vec2::new(spot.uv.x * 700.0, spot.uv.y * 260.0), 35);
    surface.albedo *= 1.0 + 0.12 * lay + 0.06 * stroke + 0.04 * n + 0.06 * pile;
    surface.normal = bend3(spot.normal, g * (relief * 0.11));
}

pub(super) fn knit(surface: &mut Surface, spot: &Spot, stitch: f32, relief: f32) {
    let fine = spot.fade(stitch);
    let mut shade = 0.85;
    if fine > 0.0 {
        // Each column is a row of V-shaped stitches.
        let column = spot.uv.x / stitch;
        let f = column - column.floor() - 0.5;
        let rise = spot.uv.y / (stitch * 0.8) + f.abs() * 1.1;
        let g = rise - rise.floor() - 0.5;
        let yarn = noise2(spot.uv / (stitch * 0.3), 9) * spot.fade(stitch * 0.4);
        shade += fine * (0.15 - 1.1 * f * f - 0.75 * g * g + 0.06 * yarn);
        surface.normal = bend(
            spot.normal,
            Vec2::new(-f * 1.8 - g * f.signum() * 0.8, -g * 1.3) * (relief * fine),
        );
    }
    surface.albedo *= shade * (1.0 + 0.05 * melange(spot, 121));
    slack(surface, spot, 0.03, 123);
}

pub(super) fn leather(surface: &mut Surface, spot: &Spot, grain: f32, relief: f32) {
    let fine = spot.fade(grain);
    let wear = fbm3(spot.point * 4.0, 3, 43);
    let mut crack = 0.0;
    let mut mottle = 0.0;
    if fine > 0.0 {
        let (away, near, own) = cells2(spot.uv / grain, 41);
        crack = fine * ((near - 0.42) * 5.0).clamp(0.0, 1.0);
        mottle = 0.05 * fine * (own - 0.5);
        surface.normal = bend(spot.normal, away * (crack * relief));
    }
    surface.albedo *= 1.0 + 0.24 * wear - 0.14 * crack + mottle;
    surface.roughness = (surface.roughness - 0.12 * wear + 0.1 * crack).clamp(0.25, 1.0);
    // Stretch marks run in bundles over the slack hide.
    let (n, g) = noise3_gradient(spot.point * 13.0, 44);
    let ridge = (1.0 - n.abs()).powi(4);
    surface.normal = bend3(surface.normal, g * (0.03 + 0.05 * ridge * -n.signum()));
}

/// Washed linen and cotton: `relief` 1 is a slept-in duvet, less is ironed.
pub(super) fn linen(surface: &mut Surface, spot: &Spot, relief: f32) {
    let fine = spot.fade(0.0035);
    let mut thread = 0.0;
    if fine > 0.0 {
        thread = fine
            * (noise2(Vec2::new(spot.uv.x * 900.0, spot.uv.y * 60.0), 51)
                + noise2(Vec2::new(spot.uv.x * 60.0, spot.uv.y * 900.0), 52));
    }
    let (n, g) = noise3_gradient(spot.point * 12.0, 53);
    let (m, h) = noise3_gradient(spot.point * 27.0 + Vec3::splat(1.3 * n), 54);
    // Creases: sharp where the noise changes its sign, in some places only.
    let crease = (1.0 - m.abs()).powi(6) * (0.5 + 0.9 * n).clamp(0.0, 1.0);
    surface.albedo *= 1.0 + 0.035 * thread + 0.015 * n - 0.02 * crease * relief;
    let slope = g * 0.06 + h * (0.03 - 0.16 * crease * m.signum());
    surface.normal = bend3(spot.normal, slope * relief);
}
