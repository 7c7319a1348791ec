//! Soft shapes: cushions with their piping, throw pillows, cloth laid over things.
//!
//! Metres; cushions and drapes are centred on the origin.

use crate::geometry::{Vec2, Vec3};
use crate::model::noise::{Dice, fbm3, noise2};
use crate::model::part::Part;
use crate::model::shapes::{bent, soft_box, tube};

/// Height, about −1..1, of the wrinkles that seams pull into slack cloth: across the seams, in bundles here and there,
/// and as a fan in every corner. `n` is −1..1 across a face of `extent` metres, `wave` the mean width of a wrinkle.
fn pulled(n: Vec2, extent: Vec2, wave: f32, seed: u32) -> f32 {
    let at = n * extent * 0.5;
    let away = (extent * 0.5 - at.abs()).max(Vec2::ZERO);
    let turn = std::f32::consts::TAU / wave;
    let mut height = 0.0;
    for (along, off, side) in [
        (at.x, away.y, 1 + u32::from(n.y > 0.0)),
        (at.y, away.x, 3 + u32::from(n.x > 0.0)),
    ] {
        let own = seed ^ side.wrapping_mul(0x9e37_79b9);
        let wander = 2.6 * noise2(Vec2::new(along * 9.0, 0.5), own);
        let bundle = (0.35 + 0.9 * noise2(Vec2::new(along * 6.0, 4.5), own ^ 1)).max(0.0);
        let reach = wave * (0.55 + 0.35 * noise2(Vec2::new(along * 11.0, 8.5), own ^ 2));
        height +=
            (along * turn + wander).sin() * bundle * (off / (0.15 * wave)).min(1.0) * (-off / reach).exp();
    }
    let corner = seed ^ (u32::from(n.x > 0.0) * 7 + u32::from(n.y > 0.0) * 13);
    let (reach, angle) = (away.length(), away.y.atan2(away.x));
    let fan = (angle * 8.5 + 5.0 * noise2(Vec2::new(angle * 1.3, 2.5), corner)).sin();
    height + 0.9 * fan * (reach / (0.35 * wave)).min(1.0) * (-reach / (1.2 * wave)).exp()
}

/// An upholstered cushion: a soft box whose large faces are crowned by `crown`, sat on, and wrinkled by its seams.
///
/// The thin axis is Y. `seed` varies where people sat, how full it is and how its cloth lies.
pub fn cushion(size: Vec3, radius: f32, crown: f32, seed: u32) -> Part {
    let half = size * 0.5;
    let bulge = crown * 0.35;
    let inner = size - Vec3::new(2.0 * bulge, 2.0 * crown, 2.0 * bulge);
    let shape = puff(half, crown, bulge, seed);
    let cell = (size.max_element() / 18.0).max(0.036);
    soft_box(inner, radius, 2, cell).deformed(shape)
}

/// The deformation of [`cushion`], so that piping can follow the same surface.
fn puff(half: Vec3, crown: f32, bulge: f32, seed: u32) -> impl Fn(Vec3) -> Vec3 {
    let mut dice = Dice::new(u64::from(seed));
    let full = dice.range(0.85, 1.15);
    let place = Vec2::new(dice.jitter(0.22), dice.range(-0.05, 0.30));
    let given = dice.range(0.35, 0.75);
    let extent = Vec2::new(half.x, half.z) * 2.0;
    let wave = (extent.min_element() * 0.26).clamp(0.09, 0.17);
    move |p| {
        let n = (p / half).clamp(Vec3::NEG_ONE, Vec3::ONE);
        let flat = Vec2::new(n.x, n.z);
        let dome = full * (1.0 - n.x.abs().powf(3.2)) * (1.0 - n.z.abs().powf(3.2));
        let side = 1.0 - n.y * n.y;
        let uneven = fbm3(p * 6.5, 2, seed) * crown * 0.40;
        // Where people sit the filling has given way, and the cloth there is too large for it.
        let hollow = (-(flat - place).length_squared() / 0.20).exp();
        let sat = given * crown * hollow;
        let crease = pulled(flat, extent, wave, seed) * (0.0022 + 0.17 * crown);
        let slump = 0.10 * crown * noise2(Vec2::new(p.x * 9.0, p.z * 9.0 + 3.0), seed ^ 5) * side;
        let q = p + Vec3::new(
            (bulge * n.x.signum() * n.x.abs().powi(3) + slump) * side * (1.0 - n.z.powi(4)),
            (crown * dome + (uneven + crease) * dome.sqrt() - sat) * n.y.signum() * n.y.abs().min(1.0),
            (bulge * n.z.signum() * n.z.abs().powi(3) + slump) * side * (1.0 - n.x.powi(4)),
        );
        // Corners are pulled in by their seams.
        let corner = (n.x * n.z).abs().powi(6);
        Vec3::new(
            q.x * (1.0 - 0.025 * corner),
            q.y * (1.0 - 0.11 * corner),
            q.z * (1.0 - 0.025 * corner),
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
        let pieces = ((pair[0].distance(pair[1]) / 0.06).ceil() as usize).max(1);
        for k in 0..pieces {
            path.push(shape(pair[0].lerp(pair[1], k as f32 / pieces as f32)));
        }
    }
    path.push(path[0]);
    tube(&path, |_| thickness, 5)
}

/// What a throw pillow is like besides its size.
struct Filling {
    /// How far the seams bow in between the corners, share of the half side.
    bow: [f32; 4],
    /// Depth of a hand's chop in the top edge, share of the half height.
    chop: f32,
    twist: f32,
    fall: f32,
}

impl Filling {
    fn of(seed: u32) -> Self {
        let mut dice = Dice::new(u64::from(seed) ^ 0xf111);
        Self {
            // The lower seam is pressed straight by the seat.
            bow: [
                dice.range(0.07, 0.13),
                dice.range(0.07, 0.13),
                dice.range(0.08, 0.14),
                dice.range(0.02, 0.05),
            ],
            chop: if dice.chance(0.35) {
                dice.range(0.05, 0.11)
            } else {
                0.0
            },
            twist: dice.jitter(0.05),
            fall: dice.range(0.10, 0.24),
        }
    }

    /// Where a point −1..1 of the flat cloth goes once the pillow is filled, −1..1.
    fn outline(&self, x: f32, y: f32) -> Vec2 {
        let side = self.bow[usize::from(x > 0.0)];
        let level = self.bow[if y > 0.0 { 2 } else { 3 }];
        let chop = self.chop * (-(x / 0.33).powi(2)).exp() * y.max(0.0).powi(3);
        Vec2::new(
            x * (1.0 - side * (1.0 - y * y) * x.abs().powi(3)),
            y * (1.0 - level * (1.0 - x * x) * y.abs().powi(3)) - chop,
        )
    }

    fn warp(&self, x: f32, y: f32, thickness: f32) -> f32 {
        self.twist * x * y - 0.16 * thickness * (1.0 - y).powi(2) * 0.5
    }
}

/// A throw pillow standing in the XY plane: fuller below, thin at the seams, corners drawn to points.
pub fn pillow(width: f32, height: f32, thickness: f32, seed: u32) -> Part {
    let filling = Filling::of(seed);
    let extent = Vec2::new(width, height);
    let wave = (extent.min_element() * 0.24).clamp(0.06, 0.13);
    let face = |sign: f32| {
        Part::grid(20, 20, |u, v| {
            let (x, y) = (2.0 * u - 1.0, 2.0 * v - 1.0);
            // Denser near the rim, where the curvature is.
            let (x, y) = ((x * 1.25).sin() / 1.25f32.sin(), (y * 1.25).sin() / 1.25f32.sin());
            let room = ((1.0 - x.abs().powf(2.3)) * (1.0 - y.abs().powf(2.3))).max(0.0);
            let fill = room.powf(0.52) * (1.0 - filling.fall * y * (1.0 - y * y * 0.4));
            let dent = 1.0 - 2.2 * filling.chop * (-(x / 0.35).powi(2)).exp() * (0.5 + 0.5 * y).powi(2);
            let lump = 0.09 * noise2(Vec2::new(x * 1.9 + sign * 9.0, y * 1.9), seed);
            let folds = pulled(Vec2::new(x, y), extent, wave, seed ^ u32::from(sign > 0.0)) * 0.010;
            let at = filling.outline(x, y);
            Vec3::new(
                at.x * width * 0.5,
                at.y * height * 0.5,
                sign * (thickness * 0.5 * fill * dent * (1.0 + lump) + folds * room.powf(0.3))
                    + filling.warp(x, y, thickness),
            )
        })
    };
    let mut back = face(-1.0);
    for t in &mut back.triangles {
        t.swap(1, 2);
    }
    face(1.0).joined(back).smooth(60.0)
}

/// The seam around the [`pillow`] of the same size and seed.
pub fn pillow_piping(width: f32, height: f32, thickness: f32, seed: u32) -> Part {
    const CORD: f32 = 0.0035;
    let filling = Filling::of(seed);
    let corners = [
        Vec2::new(-1.0, -1.0),
        Vec2::new(1.0, -1.0),
        Vec2::new(1.0, 1.0),
        Vec2::new(-1.0, 1.0),
    ];
    let mut path = Vec::new();
    for i in 0..4 {
        for k in 0..8 {
            let p = corners[i].lerp(corners[(i + 1) % 4], k as f32 / 8.0);
            let at = filling.outline(p.x, p.y);
            path.push(Vec3::new(
                at.x * width * 0.5,
                at.y * height * 0.5,
                filling.warp(p.x, p.y, thickness),
            ));
        }
    }
    path.push(path[0]);
    tube(&path, |_| CORD, 5)
}

/// Cloth laid over a profile: the polyline `(z, y)` swept along X over `width`, with folds that grow where the cloth
/// hangs. Its edges meet what it lies on. With it the fringe of both hems, empty for a `tassel` of 0 metres.
pub fn drape(
    profile: &[Vec2],
    width: f32,
    fold: f32,
    thickness: f32,
    tassel: f32,
    seed: u32,
) -> (Part, Part) {
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
    let nv = ((total / 0.026) as usize).clamp(12, 56);
    let nu = ((width / 0.011) as usize).clamp(16, 52);
    // Cloth that is thrown bunches: folds run along it, and it is narrowest where it bends over its support.
    let folds = (width / 0.105).max(3.0);
    let sheet = Part::grid(nu, nv, |u, v| {
        let (p, along) = at(v);
        let up = Vec2::new(-along.y, along.x);
        let hang = along.y.abs().powi(2);
        let wander = 0.62 * noise2(Vec2::new(u * 3.1, v * total * 2.2), seed)
            + 0.25 * noise2(Vec2::new(u * 7.0, v * total * 3.7), seed ^ 5);
        let wave = (std::f32::consts::TAU * (u * folds + wander)).sin();
        // Folds have round backs and narrow valleys.
        let ridge = (0.5 + 0.5 * wave).powf(0.7);
        let deep = 0.50 + 0.50 * noise2(Vec2::new(u * 4.0, v * total * 1.5), seed ^ 7);
        let lift = fold * (0.55 + 0.75 * hang) * ridge * deep;
        let edge = 0.020
            * noise2(
                Vec2::new(v * total * 5.0, if u < 0.5 { 0.0 } else { 40.0 }),
                seed ^ 11,
            );
        let hem = 0.030
            * noise2(
                Vec2::new(u * width * 9.0, if v < 0.5 { 0.0 } else { 40.0 }),
                seed ^ 17,
            );
        let rim = (1.0 - (2.0 * u - 1.0).abs().powi(24)) * (1.0 - (2.0 * v - 1.0).abs().powi(36));
        let q = p
            + up * (lift.max(0.0) + thickness * rim.max(0.0).sqrt())
            + along * hem * (2.0 * v - 1.0).abs().powi(6);
        let gathered = 0.82 + 0.18 * (2.0 * v - 1.0).abs().powf(1.4);
        let skew = 0.07 * (v - 0.5);
        Vec3::new(
            (u - 0.5) * width * gathered + skew + edge * (2.0 * u - 1.0).abs().powi(4),
            q.y,
            q.x,
        )
    });
    let mut strands = Part::default();
    if tassel > 0.0 {
        let row = |j: usize| &sheet.positions[j * (nu + 1)..(j + 1) * (nu + 1)];
        let mut dice = Dice::new(u64::from(seed) ^ 0xf417);
        for (hem, inner) in [(row(0), row(1)), (row(nv), row(nv - 1))] {
            let count = (width / 0.016) as usize;
            for k in 0..count {
                let i = (k * nu) / count.max(1);
                let (root, out) = (hem[i], (hem[i] - inner[i]).normalize_or(Vec3::NEG_Y));
                let swing = Vec3::new(dice.jitter(0.006), 0.0, dice.jitter(0.004));
                let tip = root + out * (tassel * dice.range(0.85, 1.1)) + swing;
                strands = strands.joined(tube(
                    &[root - out * 0.004, root.lerp(tip, 0.5) + swing * 0.4, tip],
                    |t| 0.0022 + 0.0012 * t,
                    4,
                ));
            }
        }
    }
    (sheet, strands)
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
