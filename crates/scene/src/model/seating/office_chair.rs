//! A swivel chair for desks.

use crate::furnish::Kind;
use crate::geometry::Vec3;
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::shapes::{bar, bent, block, curve, cylinder, soft_box, tube};
use crate::model::upholstery::{cushion, piping};

pub(in crate::model) fn office_chair(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h) = (size.x, size.y);
    let mut b = Builder::new(seed);
    let fabric = look.palette.chair;
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let metal = b.material(look.palette.metal.material());
    let dark = b.material(crate::model::finish::Metal::Black.material());
    let radius = w * 0.5 - 0.03;
    for k in 0..5 {
        let angle = (k as f32 * 72.0 + 18.0).to_radians();
        let (s, c) = angle.sin_cos();
        let path = [
            Vec3::new(0.03 * c, 0.105, 0.03 * s),
            Vec3::new(0.55 * radius * c, 0.095, 0.55 * radius * s),
            Vec3::new(radius * c, 0.070, radius * s),
        ];
        b.add(metal, tube(&path, |t| 0.021 - 0.008 * t, 12));
        // Castor: fork and twin wheels.
        let at = Vec3::new(radius * c, 0.0, radius * s);
        b.add(dark, cylinder(0.008, 0.03, 0.002, 10).moved(at.x, 0.045, at.z));
        for offset in [-0.013f32, 0.013] {
            let wheel = cylinder(0.026, 0.016, 0.004, 18)
                .moved(0.0, -0.008, 0.0)
                .turned_z(90.0);
            b.add(
                dark,
                wheel
                    .moved(offset, 0.026, 0.0)
                    .turned_y(k as f32 * 47.0)
                    .moved(at.x, 0.0, at.z),
            );
        }
    }
    b.add(dark, cylinder(0.028, 0.13, 0.004, 20).moved(0.0, 0.085, 0.0));
    b.add(metal, cylinder(0.018, 0.19, 0.003, 18).moved(0.0, 0.20, 0.0));
    b.add(dark, block(0.16, 0.035, 0.20, 0.01).moved(0.0, 0.395, 0.0));
    let s1 = b.dice.seed();
    let pad = Vec3::new(0.50, 0.085, 0.48);
    let set = |p: Part| p.moved(0.0, 0.45, 0.03);
    b.add(cloth, set(cushion(pad, 0.038, 0.016, s1)));
    b.add(seam, set(piping(pad, 0.038, 0.016, s1, 1.0, 0.0035)));
    let tall = h - 0.50;
    let back = soft_box(Vec3::new(0.47, tall, 0.06), 0.028, 3, 0.04).deformed(|p| {
        let (nx, t) = (p.x / 0.235, p.y / tall + 0.5);
        let lumbar = 0.028 * (-((t - 0.25) / 0.2).powi(2)).exp();
        Vec3::new(
            p.x * (1.0 - 0.12 * (t - 0.4).powi(2) * 4.0),
            p.y,
            p.z + 0.035 * nx * nx + lumbar,
        )
    });
    b.add(cloth, back.turned_x(-10.0).moved(0.0, 0.50 + tall * 0.5, -0.235));
    let spine = curve(
        &[
            Vec3::new(0.0, 0.40, -0.08),
            Vec3::new(0.0, 0.42, -0.235),
            Vec3::new(0.0, 0.56, -0.255),
            Vec3::new(0.0, 0.72, -0.285),
        ],
        5,
    );
    b.add(dark, bar(&spine, 0.05, 0.018));
    for side in [-1.0f32, 1.0] {
        let arm = bent(
            &[
                Vec3::new(side * 0.13, 0.40, 0.0),
                Vec3::new(side * 0.285, 0.40, 0.0),
                Vec3::new(side * 0.285, 0.645, 0.0),
            ],
            0.04,
            false,
        );
        b.add(dark, bar(&arm, 0.028, 0.016));
        b.add(
            dark,
            soft_box(Vec3::new(0.065, 0.026, 0.25), 0.012, 2, 0.0).moved(side * 0.285, 0.655, 0.02),
        );
    }
    b.finish(Kind::OfficeChair, format!("Office chair, {}", fabric.name), size)
}
