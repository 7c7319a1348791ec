//! Rugs.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::noise::{noise2, noise3};
use crate::model::part::Part;
use crate::model::shapes::{lathe, tube};

pub(super) fn rug(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let kind = look.palette.rug;
    let variant = b.dice.seed();
    let outline = match design.option {
        2 => Outline::Round,
        3 => Outline::Pebble(b.dice.range(0.0, 6.0)),
        _ => Outline::Oblong,
    };
    let fringe = matches!(look.style, Style::Traditional | Style::Scandinavian) && outline == Outline::Oblong;
    let tassel = if fringe { 0.045 } else { 0.0 };
    let (w, d) = (size.x - 2.0 * tassel, size.z);
    let pile = b.material(kind.material(Vec2::new(w, d), outline != Outline::Oblong, variant));
    let height = size.y - 0.001;
    let bow = |x: f32, z: f32| 0.004 * noise2(Vec2::new(x * 2.3, z * 2.3), variant);
    // One sheet that dips to the floor around its rim; the pile is uneven by a millimetre.
    let mut sheet = match outline {
        Outline::Oblong => oblong(w, d, height, variant),
        Outline::Round | Outline::Pebble(_) => {
            let profile: Vec<(f32, f32)> = [
                (0.0, height),
                (0.5, height),
                (0.975, height),
                (0.994, height * 0.8),
                (1.0, height * 0.4),
                (0.998, 0.0),
            ]
            .into_iter()
            .rev()
            .collect();
            lathe(&profile, 96).deformed(|p| {
                let reach = outline.reach(p.z.atan2(p.x));
                Vec3::new(p.x * w * 0.5 * reach, p.y, p.z * d * 0.5 * reach)
            })
        }
    };
    // The binding: a cord sewn over the edge.
    let binding = b.material(kind.binding());
    let rim: Vec<Vec3> = match outline {
        Outline::Oblong => {
            let corners = [(-w, -d), (w, -d), (w, d), (-w, d), (-w, -d)].map(|(x, z)| Vec2::new(x, z) * 0.5);
            let along = |from: Vec2, to: Vec2| {
                let count = (from.distance(to) / 0.12).ceil() as usize;
                (0..count).map(move |k| from.lerp(to, k as f32 / count as f32))
            };
            let flat = corners.windows(2).flat_map(|pair| along(pair[0], pair[1]));
            let bent = flat.map(|q| {
                Vec3::new(
                    q.x + bow(0.0, q.y) * (q.x / w),
                    height * 0.5,
                    q.y + bow(q.x, 0.0) * (q.y / d),
                )
            });
            bent.collect()
        }
        Outline::Round | Outline::Pebble(_) => (0..96)
            .map(|k| {
                let angle = k as f32 / 96.0 * std::f32::consts::TAU;
                let reach = outline.reach(angle) * 0.996;
                Vec3::new(
                    angle.cos() * w * 0.5 * reach,
                    height * 0.5,
                    angle.sin() * d * 0.5 * reach,
                )
            })
            .collect(),
    };
    let mut closed = rim.clone();
    closed.push(rim[0]);
    b.add(binding, tube(&closed, |_| 0.0058, 6));
    for (uv, p) in sheet.uvs.iter_mut().zip(&sheet.positions) {
        *uv = Vec2::new(p.x, p.z);
    }
    // Patterns expect the rug's width along their first axis.
    b.add_aligned(pile, sheet);
    if fringe {
        let cord = b.material(look.palette.accents[1].material());
        let count = (d / 0.03) as usize;
        for side in [-1.0f32, 1.0] {
            for k in 0..count {
                let z = -d * 0.5 + d * (k as f32 + 0.5) / count as f32;
                let (dx, dz) = (tassel + b.dice.jitter(0.004), b.dice.jitter(0.008));
                let x = side * w * 0.5;
                let path = [
                    Vec3::new(x - side * 0.004, height * 0.5, z),
                    Vec3::new(x + side * dx * 0.5, 0.004, z + dz * 0.4),
                    Vec3::new(x + side * dx, 0.003, z + dz),
                ];
                b.add(cord, tube(&path, |t| 0.0026 + 0.0012 * t, 5));
            }
        }
    }
    let shape = match outline {
        Outline::Oblong => "Rug",
        Outline::Round => "Round rug",
        Outline::Pebble(_) => "Organic rug",
    };
    b.finish(Kind::Rug, format!("{shape}, {}", kind.name), size)
}

/// The outline of a rug; a pebble has a phase of its own.
#[derive(Clone, Copy, PartialEq)]
enum Outline {
    Oblong,
    Round,
    Pebble(f32),
}

impl Outline {
    /// Distance of the rim from the middle as a share of the ellipse in the rug's box.
    fn reach(self, angle: f32) -> f32 {
        match self {
            Self::Oblong | Self::Round => 1.0,
            Self::Pebble(phase) => {
                0.90 + 0.065 * (2.0 * angle + phase).sin() + 0.035 * (3.0 * angle + 1.7 * phase).sin()
            }
        }
    }
}

/// A rectangle whose outer rows are its rounded rim.
fn oblong(w: f32, d: f32, height: f32, seed: u32) -> Part {
    let (nu, nv) = (((w / 0.05) as usize).min(64), ((d / 0.05) as usize).min(48));
    let bow = |x: f32, z: f32| 0.004 * noise2(Vec2::new(x * 2.3, z * 2.3), seed);
    let knots = |t: f32, n: usize, half: f32| -> (f32, f32) {
        let i = (t * (n + 4) as f32).round() as i32;
        let last = n as i32 + 4;
        let rim = [(0.0, 0.0), (0.001, 0.55), (0.008, 1.0)];
        let k = i.min(last - i);
        if k < 3 {
            let (inset, level) = rim[k as usize];
            (if i <= 2 { -half + inset } else { half - inset }, level)
        } else {
            (
                -half + 0.008 + (2.0 * half - 0.016) * (i - 2) as f32 / (last - 4) as f32,
                1.0,
            )
        }
    };
    Part::grid(nu + 4, nv + 4, |u, v| {
        let ((x, a), (z, c)) = (knots(u, nu, w * 0.5), knots(v, nv, d * 0.5));
        let uneven = noise3(Vec3::new(x * 60.0, 0.0, z * 60.0), seed) * 0.0007;
        Vec3::new(
            x + bow(0.0, z) * (x / w),
            a.min(c) * (height + uneven),
            z + bow(x, 0.0) * (z / d),
        )
    })
}
