//! Soft shapes: cushions with their piping, throw pillows, cloth laid over things.
//!
//! Metres; cushions and drapes are centred on the origin.

use crate::geometry::{Vec2, Vec3};
use crate::model::noise::{fbm3, noise2};
use crate::model::part::Part;
use crate::model::shapes::{bent, soft_box, tube};

/// An upholstered cushion: a soft box whose large faces are crowned by `crown`, with gently uneven sides.
///
/// The thin axis is Y. `seed` varies the unevenness.
pub fn cushion(size: Vec3, radius: f32, crown: f32, seed: u32) -> Part {
    let half = size * 0.5;
    let bulge = crown * 0.35;
    let inner = size - Vec3::new(2.0 * bulge, 2.0 * crown, 2.0 * bulge);
    let shape = puff(half, crown, bulge, seed);
    let cell = (size.max_element() / 17.0).max(0.055);
    soft_box(inner, radius, 3, cell).deformed(shape)
}

/// The deformation of [`cushion`], so that piping can follow the same surface.
fn puff(half: Vec3, crown: f32, bulge: f32, seed: u32) -> impl Fn(Vec3) -> Vec3 {
    move |p| {
        let n = (p / half).clamp(Vec3::NEG_ONE, Vec3::ONE);
        let dome = (1.0 - n.x.powi(4)) * (1.0 - n.z.powi(4));
        let side = 1.0 - n.y * n.y;
        let uneven = fbm3(p * 5.5, 2, seed) * crown * 0.45;
        // Where people sit the filling has given way.
        let sat = 0.30 * crown * (-(n.x * n.x + (n.z - 0.1) * (n.z - 0.1)) / 0.22).exp();
        let q = p + Vec3::new(
            bulge * n.x.signum() * n.x.abs().powi(3) * side * (1.0 - n.z.powi(4)),
            (crown * dome + uneven * dome - sat) * n.y.signum() * n.y.abs().min(1.0),
            bulge * n.z.signum() * n.z.abs().powi(3) * side * (1.0 - n.x.powi(4)),
        );
        // Corners are pulled in a little by their seams.
        let corner = (n.x * n.z).abs().powi(6);
        Vec3::new(
            q.x * (1.0 - 0.02 * corner),
            q.y * (1.0 - 0.06 * corner),
            q.z * (1.0 - 0.02 * corner),
        )
    }
}

/// The cord that runs around a [`cushion`] near its upper (`+1`) or lower (`−1`) edge.
pub fn piping(size: Vec3, radius: f32, crown: f32, seed: u32, upper: f32, thickness: f32) -> Part {
    let half = size * 0.5;
    let bulge = crown * 0.35;
    let inner = half - Vec3::new(bulge, crown, bulge);
    let radius = radius.min(inner.min_element() * 0.999);
    let inset = radius * (1.0 - std::f32::consts::FRAC_1_SQRT_2);
    let y = upper * (inner.y - inset);
    let (x, z) = (inner.x - inset, inner.z - inset);
    let shape = puff(half, crown, bulge, seed);
    let corners = [
        Vec3::new(-x, y, -z),
        Vec3::new(x, y, -z),
        Vec3::new(x, y, z),
        Vec3::new(-x, y, z),
    ];
    let mut path = Vec::new();
    let rounded = bent(&corners, radius, true);
    for pair in rounded.windows(2) {
        let pieces = ((pair[0].distance(pair[1]) / 0.07).ceil() as usize).max(1);
        for k in 0..pieces {
            path.push(shape(pair[0].lerp(pair[1], k as f32 / pieces as f32)));
        }
    }
    path.push(path[0]);
    tube(&path, |_| thickness, 6)
}

/// A throw pillow standing in the XY plane, thickest in the middle, corners drawn to points.
pub fn pillow(width: f32, height: f32, thickness: f32, seed: u32) -> Part {
    let face = |sign: f32| {
        Part::grid(14, 14, |u, v| {
            let (x, y) = (2.0 * u - 1.0, 2.0 * v - 1.0);
            // Denser near the rim, where the curvature is.
            let (x, y) = ((x * 1.25).sin() / 1.25f32.sin(), (y * 1.25).sin() / 1.25f32.sin());
            let fill = ((1.0 - x.powi(4)) * (1.0 - y.powi(4))).max(0.0).powf(0.55);
            let pinch_x = 1.0 - 0.09 * (1.0 - y * y) * x.abs().powi(3);
            let pinch_y = 1.0 - 0.09 * (1.0 - x * x) * y.abs().powi(3);
            let crease = 0.10 * noise2(Vec2::new(x * 2.2 + sign * 9.0, y * 2.2), seed);
            let pull = 0.05 * ((x.atan2(y) * 9.0 + seed as f32 % 7.0).sin()) * (x * x + y * y).min(1.0);
            Vec3::new(
                x * width * 0.5 * pinch_x,
                y * height * 0.5 * pinch_y,
                sign * thickness * 0.5 * fill * (1.0 + crease + pull),
            )
        })
    };
    let mut back = face(-1.0);
    for t in &mut back.triangles {
        t.swap(1, 2);
    }
    face(1.0).joined(back).smooth(60.0)
}

/// The seam around a [`pillow`].
pub fn pillow_piping(width: f32, height: f32, thickness: f32) -> Part {
    let mut path = Vec::new();
    let side = |a: Vec2, b: Vec2, path: &mut Vec<Vec3>| {
        for k in 0..8 {
            let p = a.lerp(b, k as f32 / 8.0);
            let pinch_x = 1.0 - 0.09 * (1.0 - p.y * p.y) * p.x.abs().powi(3);
            let pinch_y = 1.0 - 0.09 * (1.0 - p.x * p.x) * p.y.abs().powi(3);
            path.push(Vec3::new(
                p.x * width * 0.5 * pinch_x,
                p.y * height * 0.5 * pinch_y,
                0.0,
            ));
        }
    };
    let c = [
        Vec2::new(-1.0, -1.0),
        Vec2::new(1.0, -1.0),
        Vec2::new(1.0, 1.0),
        Vec2::new(-1.0, 1.0),
    ];
    for i in 0..4 {
        side(c[i], c[(i + 1) % 4], &mut path);
    }
    path.push(path[0]);
    tube(&path, |_| thickness, 6)
}

/// Cloth laid over a profile: the polyline `(z, y)` swept along X over `width`, with folds that grow where the cloth
/// hangs, and a rolled hem of real thickness.
pub fn drape(profile: &[Vec2], width: f32, fold: f32, thickness: f32, seed: u32) -> Part {
    let mut lengths = vec![0.0];
    for pair in profile.windows(2) {
        lengths.push(lengths[lengths.len() - 1] + pair[0].distance(pair[1]));
    }
    let total = lengths[lengths.len() - 1];
    let at = |t: f32| -> (Vec2, Vec2) {
        let s = t * total;
        let i = lengths.partition_point(|&l| l <= s).clamp(1, profile.len() - 1);
        let f = (s - lengths[i - 1]) / (lengths[i] - lengths[i - 1]).max(1e-6);
        let along = (profile[i] - profile[i - 1]).normalize_or(Vec2::X);
        (profile[i - 1].lerp(profile[i], f), along)
    };
    let nv = ((total / 0.025) as usize).clamp(12, 70);
    let nu = ((width / 0.012) as usize).clamp(16, 64);
    // Cloth that is thrown bunches: folds run along it, and it is narrowest where it bends over its support.
    let folds = (width / 0.085).max(3.0);
    let sheet = |offset: f32| {
        Part::grid(nu, nv, |u, v| {
            let (p, along) = at(v);
            let up = Vec2::new(-along.y, along.x);
            let hang = along.y.abs().powi(2);
            let wander = 0.55 * noise2(Vec2::new(u * 3.1, v * total * 2.2), seed)
                + 0.25 * noise2(Vec2::new(u * 7.0, v * total * 3.7), seed ^ 5);
            let wave = (std::f32::consts::TAU * (u * folds + wander)).sin();
            // Folds have round backs and narrow valleys.
            let ridge = (0.5 + 0.5 * wave).powf(0.7);
            let deep = 0.55 + 0.45 * noise2(Vec2::new(u * 4.0, v * total * 1.5), seed ^ 7);
            let lift = fold * (0.55 + 0.75 * hang) * ridge * deep;
            let edge = 0.016
                * noise2(
                    Vec2::new(v * total * 5.0, if u < 0.5 { 0.0 } else { 40.0 }),
                    seed ^ 11,
                );
            let hem = 0.028
                * noise2(
                    Vec2::new(u * width * 9.0, if v < 0.5 { 0.0 } else { 40.0 }),
                    seed ^ 17,
                );
            let rim = (1.0 - (2.0 * u - 1.0).abs().powi(16)) * (1.0 - (2.0 * v - 1.0).abs().powi(24));
            let q = p
                + up * (lift.max(0.0) + offset * rim.max(0.0).sqrt())
                + along * hem * (2.0 * v - 1.0).abs().powi(6);
            let gathered = 0.80 + 0.20 * (2.0 * v - 1.0).abs().powf(1.4);
            let skew = 0.05 * (v - 0.5);
            Vec3::new(
                (u - 0.5) * width * gathered + skew + edge * (2.0 * u - 1.0).abs().powi(4),
                q.y,
                q.x,
            )
        })
    };
    let mut under = sheet(0.0);
    for t in &mut under.triangles {
        t.swap(1, 2);
    }
    sheet(thickness).joined(under).smooth(60.0)
}

/// A round floor cushion that stands on y = 0: gathered in `gores` shallow segments, flattened by its weight.
pub fn round_cushion(size: Vec3, gores: usize, seed: u32) -> Part {
    let (rx, h, rz) = (size.x * 0.5, size.y, size.z * 0.5);
    Part::grid(gores * 6, 26, |u, v| {
        let angle = u * std::f32::consts::TAU;
        // From the middle of the underside to the middle of the top.
        let rise = (v - 0.5) * std::f32::consts::PI;
        let (s, c) = (rise.sin(), rise.cos());
        let level = s.signum() * (1.0 - (1.0 - s.abs()).powf(1.5)).min(1.0);
        let groove = 1.0 - 0.035 * (0.5 + 0.5 * (angle * gores as f32).cos()).powi(6) * c;
        let slack = 1.0
            + 0.025
                * noise2(Vec2::new((u * 6.0).fract() * 6.0, v * 4.0), seed)
                * c
                * (u * (1.0 - u) * 16.0).min(1.0);
        let reach = c.max(0.0).powf(0.42) * groove * slack;
        let dip = 0.05 * h * (1.0 - reach).max(0.0).powi(2) * if s > 0.0 { 1.0 } else { 0.0 };
        Vec3::new(
            rx * reach * angle.cos(),
            h * 0.5 * (1.0 + level) - dip,
            -rz * reach * angle.sin(),
        )
    })
}
