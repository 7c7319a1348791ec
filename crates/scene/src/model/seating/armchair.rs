//! Armchairs: framed in wood or steel, round, or rolled-arm.

use super::frame::{legs_under, scatter, upholstered};
use super::measures::{Legs, Upholstery, upholstery};
use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::Fabric;
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::shapes::{bar, bent, block, curve, cylinder, soft_box, tube};
use crate::model::upholstery::{cushion, piping};

pub(in crate::model) fn armchair(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let fabric = look.palette.armchair;
    match look.style {
        Style::Scandinavian | Style::Modern | Style::Industrial => framed_chair(&mut b, look, size, &fabric),
        Style::Contemporary => barrel_chair(&mut b, look, size, &fabric),
        Style::Traditional => {
            let mut u = upholstery(look.style);
            u.arm_width = 0.15;
            u.arm = 0.62;
            upholstered(&mut b, look, size, &fabric, 1, None, &u);
            wings(&mut b, size, &fabric, &u);
            let p = look.palette.accents[1];
            scatter(
                &mut b,
                &p,
                Vec2::new(0.44, 0.28),
                Vec3::new(0.0, u.seat - 0.01, -size.z * 0.5 + 0.47),
                4.0,
                24.0,
                0.0,
            );
        }
    }
    b.finish(Kind::Armchair, format!("Armchair, {}", fabric.name), size)
}

/// The ears of a wing chair: from the arms to the top of the back, deepest at head height.
fn wings(b: &mut Builder, size: Vec3, fabric: &Fabric, u: &Upholstery) {
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let (low, high) = (u.arm - 0.05, size.y - 0.045);
    let tall = high - low;
    let shape = move |p: Vec3| {
        let t = p.y / tall + 0.5;
        let reach = 0.62 + 0.38 * (t * std::f32::consts::PI * 0.82 + 0.25).sin();
        let forward = (p.z + 0.15) * reach - 0.15;
        Vec3::new(p.x * (1.0 - 0.25 * (forward + 0.15)), p.y, forward - 0.05 * t)
    };
    let x = size.x * 0.5 - u.arm_width * 0.62;
    let z = -size.z * 0.5 + 0.15;
    let wing = soft_box(Vec3::new(0.075, tall, 0.30), 0.034, 3, 0.04).deformed(shape);
    b.pair(cloth, wing.turned_y(-6.0).moved(x, (low + high) * 0.5, z));
    let cord: Vec<Vec3> = (0..=12)
        .map(|k| shape(Vec3::new(0.012, (k as f32 / 12.0 - 0.5) * (tall - 0.03), 0.149)))
        .collect();
    b.pair(
        seam,
        tube(&cord, |_| 0.0038, 6)
            .turned_y(-6.0)
            .moved(x, (low + high) * 0.5, z),
    );
}

/// A lounge chair whose wooden or steel frame is seen.
fn framed_chair(b: &mut Builder, look: &Look, size: Vec3, fabric: &Fabric) {
    let (w, h, d) = (size.x, size.y, size.z);
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let steel = look.style == Style::Industrial;
    let frame = if steel {
        b.material(look.palette.metal.material())
    } else {
        b.material(look.palette.wood.material(0.0, 9))
    };
    let x = w * 0.5 - 0.022;
    let arm_y = 0.575;
    for side in [-1.0f32, 1.0] {
        if steel {
            let path = bent(
                &[
                    Vec3::new(side * x, arm_y, -d * 0.5 + 0.10),
                    Vec3::new(side * x, arm_y, d * 0.5 - 0.03),
                    Vec3::new(side * x, 0.013, d * 0.5 - 0.03),
                    Vec3::new(side * x, 0.013, -d * 0.5 + 0.10),
                ],
                0.06,
                true,
            );
            b.add(frame, bar(&path, 0.03, 0.026));
        } else {
            // Front and back legs lean apart, the arm rests on both.
            let leg =
                |top: Vec3, foot: Vec3| tube(&[foot, foot.lerp(top, 0.5), top], |t| 0.012 + 0.007 * t, 14);
            b.add(
                frame,
                leg(
                    Vec3::new(side * (x - 0.004), arm_y, d * 0.5 - 0.10),
                    Vec3::new(side * x, 0.0, d * 0.5 - 0.03),
                ),
            );
            b.add(
                frame,
                leg(
                    Vec3::new(side * (x - 0.004), arm_y - 0.02, -d * 0.5 + 0.22),
                    Vec3::new(side * x, 0.0, -d * 0.5 + 0.04),
                ),
            );
            let arm = curve(
                &[
                    Vec3::new(side * x, arm_y - 0.03, -d * 0.5 + 0.10),
                    Vec3::new(side * x, arm_y - 0.005, -0.05),
                    Vec3::new(side * x, arm_y + 0.012, d * 0.5 - 0.08),
                    Vec3::new(side * (x - 0.005), arm_y + 0.005, d * 0.5 - 0.015),
                ],
                5,
            );
            b.add(frame, bar(&arm, 0.044, 0.024));
        }
    }
    // Rails under the seat.
    let rail = if steel { 0.024 } else { 0.042 };
    b.add(
        frame,
        block(w - 0.05, rail, 0.022, 0.004).moved(0.0, 0.285, d * 0.5 - 0.09),
    );
    b.add(
        frame,
        block(w - 0.05, rail, 0.022, 0.004).moved(0.0, 0.235, -d * 0.5 + 0.16),
    );
    b.pair(
        frame,
        block(0.020, rail, d - 0.24, 0.004)
            .turned_x(4.0)
            .moved(x - 0.03, 0.262, 0.03),
    );
    // Slats of the back, seen from behind.
    if !steel {
        for k in 0..5 {
            let px = (k as f32 - 2.0) * (w - 0.20) / 4.0;
            b.add(
                frame,
                block(0.032, h - 0.30, 0.012, 0.003).turned_x(-17.0).moved(
                    px,
                    0.26 + (h - 0.30) * 0.48,
                    -d * 0.5 + 0.085,
                ),
            );
        }
        b.add(
            frame,
            block(w - 0.12, 0.05, 0.018, 0.005)
                .turned_x(-17.0)
                .moved(0.0, h - 0.075, -d * 0.5 + 0.035),
        );
    }
    let wide = w - 0.115;
    let (s1, s2) = (b.dice.seed(), b.dice.seed());
    let seat = Vec3::new(wide, 0.135, d - 0.19);
    let set_seat = |p: Part| p.turned_x(5.0).moved(0.0, 0.355, 0.065);
    b.add(cloth, set_seat(cushion(seat, 0.045, 0.020, s1)));
    b.add(seam, set_seat(piping(seat, 0.045, 0.020, s1, 1.0, 0.0036)));
    b.add(seam, set_seat(piping(seat, 0.045, 0.020, s1, -1.0, 0.0036)));
    let tall = h - 0.37;
    let back = Vec3::new(wide, 0.135, tall);
    let set_back = |p: Part| {
        p.turned_x(90.0)
            .moved(0.0, tall * 0.5, 0.0)
            .turned_x(-17.0)
            .moved(0.0, 0.375, -d * 0.5 + 0.265)
    };
    b.add(cloth, set_back(cushion(back, 0.045, 0.022, s2)));
    b.add(seam, set_back(piping(back, 0.045, 0.022, s2, 1.0, 0.0036)));
}

/// A round tub chair.
fn barrel_chair(b: &mut Builder, look: &Look, size: Vec3, fabric: &Fabric) {
    let (w, h, d) = (size.x, size.y, size.z);
    let cloth = b.material(fabric.material());
    legs_under(b, look, Legs::Plinth, w * 0.86, d * 0.86, 0.05);
    // The shell: a thick rounded wall that runs around the back and falls towards the front.
    let (rx, rz) = (w * 0.5 - 0.062, d * 0.5 - 0.062);
    let path: Vec<Vec3> = (0..=40)
        .map(|k| {
            let t = k as f32 / 40.0 * 2.0 - 1.0;
            let angle = t * 2.42;
            Vec3::new(
                rx * angle.sin() * 1.0,
                0.0,
                -rz * angle.cos() * if angle.cos() < 0.0 { 0.98 } else { 1.0 },
            )
        })
        .collect();
    let low = 0.05;
    let shell = Part::grid(40, 26, |u, v| {
        let k = (u * 40.0).round() as usize;
        let t = u * 2.0 - 1.0;
        let top = h - 0.125 * (t.abs() * 1.05 - 0.25).clamp(0.0, 1.0).powi(2) * 2.2;
        let p = path[k];
        let out = Vec3::new(p.x / rx, 0.0, p.z / rz).normalize_or(Vec3::Z);
        // Around the wall's section: a rounded slab of 12 cm.
        let angle = v * std::f32::consts::TAU;
        let (s, c) = angle.sin_cos();
        let e = (c.abs().powi(4) + s.abs().powi(4)).powf(-0.25);
        // The wall thins out into two rounded fronts.
        let ends = (1.0 - t.abs().powi(22)).max(0.0).sqrt();
        let half = (top - low) * 0.5;
        p + out * (0.062 * c * e * ends)
            + Vec3::Y * (low + half + half * (s * e).clamp(-1.0, 1.0) * (0.90 + 0.10 * ends))
    });
    b.add(cloth, shell);
    let seed = b.dice.seed();
    // Round base and a round cushion on it.
    let base = cylinder(1.0, 0.26, 0.03, 40)
        .deformed(move |p| Vec3::new(p.x * (rx - 0.03), p.y + low, p.z * (rz - 0.03) + 0.03));
    b.add(cloth, base);
    let extent = Vec3::new(2.0 * rx - 0.13, 0.155, 2.0 * rz - 0.05);
    let pad = cushion(extent, 0.06, 0.026, seed).deformed(move |p| {
        // The square becomes round, a little blunter at the front.
        let n = Vec2::new(p.x / (extent.x * 0.5), p.z / (extent.z * 0.5));
        let blunt = if n.y > 0.0 { 0.82 } else { 1.0 };
        Vec3::new(
            p.x * (1.0 - 0.5 * blunt * n.y * n.y).max(0.0).sqrt(),
            p.y,
            p.z * (1.0 - 0.5 * blunt * n.x * n.x).max(0.0).sqrt(),
        )
    });
    b.add(cloth, pad.moved(0.0, 0.365, 0.035));
    let accent = look.palette.accents[1];
    scatter(
        b,
        &accent,
        Vec2::new(0.42, 0.28),
        Vec3::new(0.02, 0.43, -0.10),
        4.0,
        22.0,
        2.0,
    );
}
