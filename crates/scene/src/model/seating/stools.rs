//! Stools for counters and hearths, and poufs.

use super::frame::seat_legs;
use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{Cloth, Fabric};
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::shapes::{bent, block, cylinder, soft_box, tapered_leg, tube};
use crate::model::upholstery::{cushion, piping, round_cushion};

/// Option 1 and 3 with a low back at counter and bar height, 2 without.
pub(in crate::model) fn bar_stool(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let has_back = design.option != 2;
    let seat = if has_back { h - 0.26 } else { h };
    let fabric = look.palette.chair;
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    seat_legs(&mut b, look, Vec3::new(w - 0.02, seat - 0.06, d - 0.02));
    // The footrest: a ring of the frame's metal between the legs.
    let metal = b.material(look.palette.metal.material());
    let (rx, rz, y) = (w * 0.5 - 0.035, d * 0.5 - 0.035, 0.28 * seat + 0.02);
    let ring = bent(
        &[
            Vec3::new(-rx, y, -rz),
            Vec3::new(rx, y, -rz),
            Vec3::new(rx, y, rz),
            Vec3::new(-rx, y, rz),
        ],
        0.02,
        true,
    );
    b.add(metal, tube(&ring, |_| 0.008, 10));
    let pad_seed = b.dice.seed();
    if look.style == Style::Industrial && !has_back {
        let wood = b.material(look.palette.wood.material(0.09, pad_seed));
        let top = soft_box(Vec3::new(w - 0.02, 0.038, d - 0.02), 0.012, 3, 0.04).deformed(move |p| {
            // Hollowed for the sitter.
            let n = Vec2::new(p.x / (w * 0.5), p.z / (d * 0.5));
            let hollow = 0.012 * (1.0 - n.length_squared()).max(0.0);
            Vec3::new(p.x, if p.y > 0.0 { p.y - hollow } else { p.y }, p.z)
        });
        b.add(wood, top.moved(0.0, seat - 0.019, 0.0));
        return b.finish(
            Kind::StoolBar,
            format!("Bar stool, {}", look.palette.wood.name()),
            size,
        );
    }
    let pad = Vec3::new(w - 0.03, 0.075, d - 0.05);
    let set = |p: Part| p.moved(0.0, seat - 0.0375, 0.012);
    b.add(cloth, set(cushion(pad, 0.032, 0.010, pad_seed)));
    b.add(seam, set(piping(pad, 0.032, 0.010, pad_seed, 1.0, 0.003)));
    if has_back {
        let tall = 0.27;
        let back = soft_box(Vec3::new(w, tall, 0.05), 0.024, 3, 0.03).deformed(move |p| {
            let nx = p.x / (w * 0.5);
            let t = p.y / tall + 0.5;
            Vec3::new(
                p.x * (0.86 + 0.14 * t),
                p.y - 0.03 * nx * nx * t,
                p.z + 0.06 * nx * nx,
            )
        });
        b.add(
            cloth,
            back.turned_x(-8.0).moved(0.0, h - tall * 0.5, -d * 0.5 + 0.045),
        );
    }
    let name = if has_back {
        "Bar stool with back"
    } else {
        "Bar stool"
    };
    b.finish(Kind::StoolBar, format!("{name}, {}", fabric.name), size)
}

/// Option 1 round and wooden, option 2 a small milking stool with an oblong seat.
pub(in crate::model) fn stool(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.0, grain));
    if design.option == 1 {
        let r = w * 0.5;
        let profile = [
            (0.0, h - 0.034),
            (r - 0.035, h - 0.034),
            (r - 0.006, h - 0.020),
            (r - 0.001, h - 0.010),
            (r - 0.004, h - 0.002),
            (r - 0.012, h),
            (r * 0.6, h - 0.005),
            (0.0, h - 0.008),
        ];
        let mut top = crate::model::shapes::lathe(&profile, 56);
        for (uv, p) in top.uvs.iter_mut().zip(&top.positions) {
            *uv = Vec2::new(p.x, p.z);
        }
        b.add(wood, top);
        for k in 0..4 {
            let leg = tapered_leg(h - 0.03, 0.017, 0.011, Vec2::new(0.055, 0.0), true);
            b.add(
                wood,
                leg.moved(r - 0.075, 0.0, 0.0).turned_y(k as f32 * 90.0 + 45.0),
            );
        }
        for (k, y) in [(0, 0.17), (1, 0.20)] {
            let rung = cylinder(0.008, w - 0.13, 0.002, 12)
                .moved(0.0, -(w - 0.13) * 0.5, 0.0)
                .turned_z(90.0)
                .turned_y(k as f32 * 90.0 + 45.0);
            b.add(wood, rung.moved(0.0, y, 0.0));
        }
    } else {
        let top = soft_box(Vec3::new(w, 0.03, d), 0.010, 3, 0.04).deformed(move |p| {
            let n = p.x / (w * 0.5);
            Vec3::new(p.x, p.y + 0.012 * n * n, p.z)
        });
        b.add(wood, top.moved(0.0, h - 0.027, 0.0));
        b.corners(
            wood,
            tapered_leg(h - 0.03, 0.016, 0.011, Vec2::new(0.03, 0.025), true).moved(
                w * 0.5 - 0.055,
                0.0,
                d * 0.5 - 0.05,
            ),
        );
        b.pair(
            wood,
            block(0.014, 0.022, d - 0.06, 0.004).moved(w * 0.5 - 0.042, 0.15, 0.0),
        );
    }
    b.finish(Kind::Stool, format!("Stool, {}", look.palette.wood.name()), size)
}

/// Option 1 round, knitted or of the armchair's cloth; option 2 square with piping.
pub(in crate::model) fn pouf(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let s = b.dice.seed();
    if design.option == 1 {
        let fabric = match look.style {
            Style::Scandinavian | Style::Contemporary => look.palette.throw,
            Style::Modern | Style::Traditional | Style::Industrial => look.palette.accents[1],
        };
        let fabric = Fabric {
            cloth: if look.style == Style::Industrial {
                Cloth::Leather
            } else {
                fabric.cloth
            },
            ..fabric
        };
        let cloth = b.material(fabric.material());
        b.add(cloth, round_cushion(size, 14, s));
        return b.finish(Kind::Pouf, format!("Pouf, {}", fabric.name), size);
    }
    let fabric = look.palette.armchair;
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let set = |p: Part| p.moved(0.0, size.y * 0.5, 0.0);
    b.add(cloth, set(cushion(size, 0.055, 0.022, s)));
    for edge in [1.0, -1.0] {
        b.add(seam, set(piping(size, 0.055, 0.022, s, edge, 0.004)));
    }
    b.finish(Kind::Pouf, format!("Ottoman, {}", fabric.name), size)
}
