//! For the entrance: console, shoe bench, coat rack.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{Fabric, marble};
use crate::model::look::Look;
use crate::model::noise::noise2;
use crate::model::part::Part;
use crate::model::shapes::{bar, bent, block, curve, cylinder, lathe, soft_box, tapered_leg, tube};
use crate::model::tables::{knob, turned_leg};
use crate::model::upholstery::{cushion, piping};
use crate::model::{Piece, baskets};

/// A narrow table for the wall; its top is left free.
pub(super) fn console(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.12, grain));
    let metal = b.material(look.palette.metal.material());
    let plank = |thick: f32, inset: f32, y: f32| {
        soft_box(Vec3::new(w - inset, thick, d - inset), 0.004, 2, 0.0).moved(0.0, y, 0.0)
    };
    let mut matter = look.palette.wood.name();
    match look.style {
        Style::Modern | Style::Industrial => {
            let thick = if look.style == Style::Industrial {
                0.045
            } else {
                0.026
            };
            b.add(wood, plank(thick, 0.0, h - thick * 0.5));
            let post = if look.style == Style::Industrial {
                0.028
            } else {
                0.018
            };
            for side in [-1.0f32, 1.0] {
                let (x, z) = (side * (w * 0.5 - 0.05), d * 0.5 - 0.025);
                let loop_path = bent(
                    &[
                        Vec3::new(x, post * 0.5, -z),
                        Vec3::new(x, post * 0.5, z),
                        Vec3::new(x, h - thick - post * 0.5, z),
                        Vec3::new(x, h - thick - post * 0.5, -z),
                    ],
                    0.010,
                    true,
                );
                b.add(metal, bar(&loop_path, post, post));
            }
            if look.style == Style::Industrial {
                b.add(wood, plank(0.026, 0.09, 0.16));
                b.pair(
                    metal,
                    block(post * 0.8, post * 0.8, d - 0.06, 0.003).moved(w * 0.5 - 0.05, 0.138, 0.0),
                );
            } else {
                b.add(
                    metal,
                    block(w - 0.10, post, post, 0.003).moved(0.0, post * 0.5, -d * 0.5 + 0.025),
                );
            }
        }
        Style::Contemporary => {
            let stone = b.material(marble(true, grain));
            b.add(
                stone,
                soft_box(Vec3::new(w, 0.024, d), 0.006, 3, 0.0).moved(0.0, h - 0.012, 0.0),
            );
            for side in [-1.0f32, 1.0] {
                // Fluted half-oval pedestals.
                let (cx, rx, rz) = (side * (w * 0.5 - 0.20), 0.10, d * 0.5 - 0.045);
                b.add(
                    wood,
                    cylinder(1.0, h - 0.024, 0.003, 36)
                        .deformed(move |p| Vec3::new(p.x * (rx - 0.004), p.y, p.z * (rz - 0.004)))
                        .moved(cx, 0.0, 0.0),
                );
                for k in 0..30 {
                    let a = k as f32 / 30.0 * std::f32::consts::TAU;
                    b.add(
                        wood,
                        cylinder(0.012, h - 0.026, 0.002, 8).moved(cx + rx * a.cos(), 0.001, rz * a.sin()),
                    );
                }
            }
            matter = "marble";
        }
        Style::Traditional | Style::Scandinavian => {
            let fine = look.style == Style::Scandinavian;
            b.add(wood, plank(0.022, 0.0, h - 0.011));
            let apron = if fine { 0.10 } else { 0.12 };
            let inset = if fine { 0.07 } else { 0.05 };
            b.add(
                wood,
                block(w - inset, apron, d - 0.05, 0.004).moved(0.0, h - 0.022 - apron * 0.5, 0.0),
            );
            let count = if w > 1.0 { 3 } else { 2 };
            let each = (w - inset - 0.05) / count as f32;
            let front = b.material(if fine {
                look.palette.wood_too.material(0.0, grain ^ 3)
            } else {
                look.palette.wood.material(0.0, grain ^ 3)
            });
            for k in 0..count {
                let x = (k as f32 - (count - 1) as f32 * 0.5) * each;
                b.add(
                    front,
                    block(each - 0.012, apron - 0.024, 0.014, 0.004).moved(
                        x,
                        h - 0.022 - apron * 0.5,
                        d * 0.5 - 0.022,
                    ),
                );
                b.add(
                    if fine { wood } else { metal },
                    knob(0.011).moved(x, h - 0.022 - apron * 0.5, d * 0.5 - 0.016),
                );
            }
            if fine {
                b.corners(
                    wood,
                    tapered_leg(h - 0.03, 0.019, 0.011, Vec2::new(0.015, 0.0), true).moved(
                        w * 0.5 - 0.06,
                        0.0,
                        d * 0.5 - 0.05,
                    ),
                );
            } else {
                b.corners(
                    wood,
                    turned_leg(h - 0.03)
                        .deformed(|p| Vec3::new(p.x * 0.85, p.y, p.z * 0.85))
                        .moved(w * 0.5 - 0.06, 0.0, d * 0.5 - 0.055),
                );
                b.add(wood, block(w - 0.11, 0.02, d - 0.09, 0.005).moved(0.0, 0.16, 0.0));
            }
        }
    }
    b.finish(Kind::Console, format!("Console table, {matter}"), size)
}

/// A seat with a slatted shelf for shoes below.
pub(super) fn shoe_bench(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.0, grain));
    let fabric = look.palette.chair;
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let steel = matches!(look.style, Style::Modern | Style::Industrial);
    let post = if steel {
        b.material(look.palette.metal.material())
    } else {
        wood
    };
    let pad = 0.055;
    let thick = if steel { 0.022 } else { 0.034 };
    b.corners(
        post,
        block(thick, h - pad, thick, 0.004).moved(
            w * 0.5 - thick * 0.5 - 0.004,
            (h - pad) * 0.5,
            d * 0.5 - thick * 0.5 - 0.004,
        ),
    );
    b.add(
        wood,
        block(w - 0.004, 0.022, d - 0.004, 0.005).moved(0.0, h - pad - 0.011, 0.0),
    );
    b.pair(
        post,
        block(thick, 0.022, d - 0.06, 0.004).moved(w * 0.5 - thick * 0.5 - 0.004, 0.17, 0.0),
    );
    for k in 0..5 {
        let z = (k as f32 - 2.0) * (d - 0.07) / 4.5;
        b.add(wood, block(w - 0.05, 0.014, 0.038, 0.004).moved(0.0, 0.185, z));
    }
    let s = b.dice.seed();
    let seat = Vec3::new(w - 0.008, pad + 0.008, d - 0.008);
    let set = |p: Part| p.moved(0.0, h - seat.y * 0.5, 0.0);
    b.add(cloth, set(cushion(seat, 0.022, 0.008, s)));
    b.add(seam, set(piping(seat, 0.022, 0.008, s, 1.0, 0.003)));
    // Shoes and a basket below.
    for (x, turn) in [(-w * 0.5 + 0.16, 6.0), (-w * 0.5 + 0.29, -4.0)] {
        shoe(&mut b, Vec3::new(x, 0.192, 0.01), turn);
    }
    if w > 0.9 {
        let basket = baskets::basket(Vec3::new(0.32, 0.15, d - 0.09), s);
        b.place(&basket, Vec3::new(w * 0.5 - 0.24, 0.192, 0.0), 0.0);
    }
    b.finish(Kind::ShoeBench, format!("Shoe bench, {}", fabric.name), size)
}

/// A plain shoe, toe to the front.
fn shoe(b: &mut Builder, at: Vec3, turn: f32) {
    let leather = b.material(
        Fabric {
            name: "",
            colour: 0x6B4A33,
            cloth: crate::model::finish::Cloth::Leather,
        }
        .material(),
    );
    let sole = b.material(crate::model::Material::plain(Vec3::new(0.10, 0.07, 0.05), 0.8));
    let outline = |p: Vec3, half: f32| {
        // Narrow at the waist, round at the toe.
        let t = p.z / 0.27 + 0.5;
        p.x * (0.84 + 0.16 * (t * 5.2 - 0.9).sin()) * half
    };
    let place = |p: Part| p.turned_y(turn).moved(at.x, at.y, at.z);
    let base = soft_box(Vec3::new(0.088, 0.022, 0.27), 0.010, 2, 0.02)
        .deformed(move |p| Vec3::new(outline(p, 1.0), p.y, p.z));
    b.add(sole, place(base.moved(0.0, 0.011, 0.0)));
    let upper = soft_box(Vec3::new(0.080, 0.085, 0.255), 0.034, 3, 0.02).deformed(move |p| {
        let t = p.z / 0.255 + 0.5;
        let tall = if p.y > 0.0 { 1.0 - 0.62 * t.powf(1.3) } else { 1.0 };
        Vec3::new(outline(p, 1.0), p.y * tall, p.z)
    });
    b.add(leather, place(upper.moved(0.0, 0.055, 0.0)));
}

/// Option 1 stands on three feet, option 2 is a board with hooks; both carry a scarf and a bag.
pub(super) fn coat_rack(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.0, grain));
    let metal = b.material(look.palette.metal.material());
    if design.option == 1 {
        let steel = matches!(look.style, Style::Modern | Style::Industrial);
        let stem = if steel { metal } else { wood };
        b.add(
            stem,
            lathe(
                &[
                    (0.0, 0.10),
                    (0.022, 0.10),
                    (0.022, 0.5),
                    (0.018, h - 0.08),
                    (0.020, h - 0.05),
                    (0.024, h - 0.03),
                    (0.016, h - 0.006),
                    (0.0, h),
                ],
                20,
            ),
        );
        for k in 0..4 {
            let reach = w * 0.5;
            let foot = curve(
                &[
                    Vec3::new(0.012, 0.24, 0.0),
                    Vec3::new(0.08, 0.17, 0.0),
                    Vec3::new(reach * 0.8, 0.035, 0.0),
                    Vec3::new(reach, 0.011, 0.0),
                ],
                6,
            );
            b.add(
                stem,
                tube(&foot, |t| 0.015 - 0.004 * t, 12).turned_y(k as f32 * 90.0 + 45.0),
            );
        }
        for k in 0..6 {
            let y = h - 0.10 - if k % 2 == 0 { 0.0 } else { 0.24 };
            let hook = curve(
                &[
                    Vec3::new(0.012, y, 0.0),
                    Vec3::new(0.09, y + 0.01, 0.0),
                    Vec3::new(0.135, y + 0.06, 0.0),
                ],
                6,
            );
            b.add(
                stem,
                tube(&hook, |t| 0.009 - 0.002 * t, 10).turned_y(k as f32 * 60.0),
            );
        }
        hanging_coat(&mut b, look, Vec3::new(0.125, h - 0.06, 0.0), 0.42);
    } else {
        let board_y = h - 0.06;
        b.add(
            wood,
            block(w, 0.11, 0.022, 0.005).moved(0.0, board_y, -d * 0.5 + 0.011),
        );
        for k in 0..5 {
            let x = (k as f32 - 2.0) * (w - 0.14) / 4.0;
            let hook = curve(
                &[
                    Vec3::new(x, board_y + 0.012, -d * 0.5 + 0.02),
                    Vec3::new(x, board_y - 0.015, -d * 0.5 + 0.06),
                    Vec3::new(x, board_y + 0.018, -d * 0.5 + 0.085),
                ],
                6,
            );
            b.add(metal, tube(&hook, |_| 0.0055, 10));
            b.add(
                metal,
                cylinder(0.014, 0.006, 0.002, 16)
                    .turned_x(90.0)
                    .moved(x, board_y + 0.012, -d * 0.5 + 0.022),
            );
        }
        hanging_coat(
            &mut b,
            look,
            Vec3::new(-(w - 0.14) * 0.25, board_y - 0.01, -d * 0.5 + 0.07),
            0.30,
        );
        bag(&mut b, Vec3::new((w - 0.14) * 0.25, board_y, -d * 0.5 + 0.07));
    }
    b.finish(
        Kind::CoatRack,
        format!("Coat rack, {}", look.palette.wood.name()),
        size,
    )
}

/// A scarf or light coat that hangs from one point in folds.
fn hanging_coat(b: &mut Builder, look: &Look, at: Vec3, width: f32) {
    let cloth = b.material(look.palette.throw.material());
    let length = 0.84;
    let seed = b.dice.seed();
    let sheet = Part::grid(44, 30, |u, v| {
        let fall = 1.0 - v;
        let spread = 0.10 + 0.90 * (fall * 1.7).min(1.0).powf(0.65);
        let angle = u * std::f32::consts::TAU;
        let fold = 0.72
            + 0.28 * (angle * 5.0 + 1.2 * noise2(Vec2::new(0.5, fall * 3.0), seed)).sin() * fall.powf(0.4);
        let r = width * 0.5 * spread * fold;
        let hem = 0.02 * (angle * 2.0).sin() * fall.powi(6);
        Vec3::new(r * angle.cos(), -length * fall + hem, 0.36 * r * angle.sin())
    });
    b.add(cloth, sheet.moved(at.x, at.y + 0.02, at.z));
}

/// A cloth shopping bag on its straps.
fn bag(b: &mut Builder, at: Vec3) {
    let canvas = b.material(
        Fabric {
            name: "",
            colour: 0xD8CDB8,
            cloth: crate::model::finish::Cloth::Weave,
        }
        .material(),
    );
    let body = soft_box(Vec3::new(0.34, 0.36, 0.07), 0.03, 3, 0.04).deformed(|p| {
        let t = p.y / 0.36 + 0.5;
        let fold = 0.012 * (p.x * 38.0 + 2.0 * t).sin() * t;
        Vec3::new(p.x * (1.0 - 0.10 * t), p.y, p.z * (1.25 - 0.7 * t) + fold)
    });
    b.add(canvas, body.moved(at.x, at.y - 0.42, at.z - 0.01));
    for z in [-0.012f32, 0.012] {
        let strap = curve(
            &[
                Vec3::new(at.x - 0.085, at.y - 0.26, at.z + z),
                Vec3::new(at.x - 0.02, at.y - 0.02, at.z + z * 0.3),
                Vec3::new(at.x + 0.02, at.y - 0.02, at.z + z * 0.3),
                Vec3::new(at.x + 0.085, at.y - 0.26, at.z + z),
            ],
            8,
        );
        b.add(canvas, bar(&strap, 0.022, 0.003));
    }
}
