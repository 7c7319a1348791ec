//! Rugs and curtains.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::noise::{noise2, noise3};
use crate::model::part::Part;
use crate::model::shapes::{cylinder, lathe, tube};

pub(super) fn rug(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let kind = look.palette.rug;
    let variant = b.dice.seed();
    let round = design.option == 2;
    let fringe = matches!(look.style, Style::Traditional | Style::Scandinavian) && !round;
    let tassel = if fringe { 0.045 } else { 0.0 };
    let (w, d) = (size.x - 2.0 * tassel, size.z);
    let pile = b.material(kind.material(Vec2::new(w, d), variant));
    // One sheet that dips to the floor around its rim; the pile is uneven by a millimetre.
    let (nu, nv) = (((w / 0.05) as usize).min(64), ((d / 0.05) as usize).min(48));
    let height = size.y - 0.001;
    let bow = |x: f32, z: f32| 0.004 * noise2(Vec2::new(x * 2.3, z * 2.3), variant);
    let mut sheet = if round {
        let r = w * 0.5;
        let profile: Vec<(f32, f32)> = [
            (0.0, height),
            (r * 0.5, height),
            (r - 0.02, height),
            (r - 0.006, height * 0.8),
            (r, height * 0.4),
            (r - 0.002, 0.0),
        ]
        .into_iter()
        .rev()
        .collect();
        lathe(&profile, 80)
    } else {
        // The outer rows of the grid are the rounded rim.
        let knots = |t: f32, n: usize, half: f32| -> (f32, f32) {
            let i = (t * (n + 4) as f32).round() as i32;
            let last = n as i32 + 4;
            let rim = [(0.0, 0.0), (0.001, 0.55), (0.008, 1.0)];
            let k = i.min(last - i);
            if k < 3 {
                let (inset, level) = rim[k as usize];
                let x = if i <= 2 { -half + inset } else { half - inset };
                (x, level)
            } else {
                (
                    -half + 0.008 + (2.0 * half - 0.016) * (i - 2) as f32 / (last - 4) as f32,
                    1.0,
                )
            }
        };
        Part::grid(nu + 4, nv + 4, |u, v| {
            let ((x, a), (z, c)) = (knots(u, nu, w * 0.5), knots(v, nv, d * 0.5));
            let rise = a.min(c);
            let uneven = noise3(Vec3::new(x * 60.0, 0.0, z * 60.0), variant) * 0.0007;
            Vec3::new(
                x + bow(0.0, z) * (x / w),
                rise * (height + uneven),
                z + bow(x, 0.0) * (z / d),
            )
        })
    };
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
    let shape = if round { "Round rug" } else { "Rug" };
    b.finish(Kind::Rug, format!("{shape}, {}", kind.name), size)
}

/// One curtain, gathered on its rod. The rod runs along x; the wall is behind (−z).
pub(super) fn curtain(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let cloth = b.material(look.palette.curtain.ironed());
    let metal = b.material(look.palette.metal.material());
    let variant = b.dice.seed();
    let waves = (w / 0.075).round().max(3.0);
    let rod = h - 0.03;
    let phase = b.dice.range(0.0, 6.0);
    let columns = (waves * 11.0) as usize;
    let sheet = Part::grid(columns, 40, |u, v| {
        let y = 0.006 + (rod - 0.012) * v;
        let fall = 1.0 - v;
        // No two folds are alike: their width and depth wander, and towards the hem neighbours merge.
        let uneven = 0.42 * noise2(Vec2::new(u * waves * 0.43, 0.5), variant ^ 2)
            + 0.55 * noise2(Vec2::new(u * 4.0, fall * 1.3), variant) * fall
            + 0.10 * noise2(Vec2::new(u * 9.0, fall * 4.0), variant ^ 3) * fall;
        let angle = (u * waves + uneven) * std::f32::consts::TAU + phase;
        let own = noise2(Vec2::new(u * waves * 0.8, fall * 0.9), variant ^ 1);
        let depth = (d * 0.5 - 0.016) * (0.66 + 0.34 * fall) * (0.72 + 0.28 * own);
        // Gathered at the heading, rounder below.
        let pinch = 0.30 * (1.0 - fall * 4.0).max(0.0);
        let fold = angle.sin() + (0.24 * fall + pinch) * (2.0 * angle + 0.7).sin();
        let sway = 0.012 * noise2(Vec2::new(u * 3.0, fall * 1.1), variant ^ 4) * fall;
        let x = (u - 0.5) * (w - 0.02) * (0.93 + 0.07 * fall)
            + 0.011 * (2.0 * angle).sin() * (0.5 + 0.5 * fall)
            + sway;
        Vec3::new(x, y, (fold / 1.15).clamp(-1.0, 1.0) * depth)
    });
    b.add(cloth, sheet);
    let bar = cylinder(0.011, w, 0.002, 18)
        .moved(0.0, -w * 0.5, 0.0)
        .turned_z(90.0);
    b.add(metal, bar.moved(0.0, rod, 0.0));
    let rings = waves as usize;
    for k in 0..rings {
        let x = (k as f32 + 0.5) / rings as f32 * (w - 0.06) - (w - 0.06) * 0.5;
        let ring = lathe(
            &[
                (0.017, -0.003),
                (0.020, 0.0),
                (0.017, 0.003),
                (0.0155, 0.0),
                (0.017, -0.003),
            ],
            20,
        )
        .turned_z(90.0);
        b.add(metal, ring.moved(x, rod - 0.004, 0.0));
    }
    for side in [-1.0f32, 1.0] {
        let finial = lathe(
            &[
                (0.011, 0.0),
                (0.020, 0.010),
                (0.022, 0.018),
                (0.016, 0.030),
                (0.0, 0.034),
            ],
            18,
        )
        .turned_z(-90.0 * side);
        b.add(metal, finial.moved(side * (w * 0.5 - 0.034), rod, 0.0));
    }
    b.finish(
        Kind::Curtain,
        format!("Curtain, {}", look.palette.curtain.name),
        size,
    )
}
