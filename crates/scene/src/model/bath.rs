//! For the bathroom: towels, mat, soap.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{Cloth, Fabric, Wood, ceramic, leaf, marble, srgb};
use crate::model::look::Look;
use crate::model::noise::noise2;
use crate::model::shapes::{block, curve, cylinder, lathe, soft_box, tube};
use crate::model::upholstery::drape;
use crate::model::{Material, Piece, plants};

fn towelling(colour: u32) -> Fabric {
    Fabric {
        name: "",
        colour,
        cloth: Cloth::Terry,
    }
}

/// The white of the sheets and the throw's colour, which make a set.
fn towel_colours(look: &Look) -> [u32; 2] {
    [look.palette.sheet, look.palette.throw.colour]
}

/// A towel folded to a soft slab: the folded edge with its layers shows to the front.
fn folded(b: &mut Builder, cloth: u16, size: Vec3, at: Vec3, turn: f32) {
    let seed = b.dice.seed();
    let layers = 3;
    let each = size.y / layers as f32;
    for k in 0..layers {
        let last = k + 1 == layers;
        let part =
            soft_box(Vec3::new(size.x, each * 1.06, size.z), each * 0.48, 3, 0.045).deformed(move |p| {
                let sag = 0.006 * noise2(Vec2::new(p.x * 9.0, p.z * 9.0), seed ^ k as u32);
                // The fold at the front is full, the cut edges behind are flatter.
                let t = p.z / size.z + 0.5;
                let rim = (2.0 * p.x / size.x).powi(6).min(1.0);
                Vec3::new(
                    p.x,
                    p.y * (0.86 + 0.16 * t) + sag * if last { 1.0 } else { 0.5 } - 0.004 * rim,
                    p.z + 0.004 * noise2(Vec2::new(p.x * 14.0, k as f32), seed),
                )
            });
        b.add(
            cloth,
            part.turned_y(turn)
                .moved(at.x, at.y + each * (k as f32 + 0.5), at.z),
        );
    }
}

/// Option 1 three bath towels, option 2 two hand towels with a flannel roll.
pub(super) fn towel_stack(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let colours = towel_colours(look);
    let count = if design.option == 1 { 3 } else { 2 };
    let each = size.y / count as f32;
    let mut shrink = 1.0;
    for k in 0..count {
        let cloth = b.material(towelling(colours[usize::from(k == count - 1)]).material());
        let turn = b.dice.jitter(2.5);
        let at = Vec3::new(b.dice.jitter(0.006), each * k as f32, b.dice.jitter(0.006));
        folded(
            &mut b,
            cloth,
            Vec3::new(size.x * 0.97 * shrink, each, size.z * 0.97 * shrink),
            at,
            turn,
        );
        shrink *= 0.94;
    }
    b.finish(Kind::TowelStack, "Folded towels".to_string(), size)
}

/// A towel over a rail at height `y`: both halves hang, the rear one shorter.
fn hung(b: &mut Builder, cloth: u16, x: f32, y: f32, z: f32, width: f32, drop: f32) {
    let seed = b.dice.seed();
    let r = 0.016;
    let profile = [
        Vec2::new(-r - 0.004, -drop * 0.8),
        Vec2::new(-r, -0.02),
        Vec2::new(-0.7 * r, 0.55 * r),
        Vec2::new(0.0, r),
        Vec2::new(0.7 * r, 0.55 * r),
        Vec2::new(r, -0.02),
        Vec2::new(r + 0.006, -drop),
    ];
    let (sheet, _) = drape(&profile, width, 0.010, 0.008, 0.0, seed);
    b.add(cloth, sheet.moved(x, y, z));
}

/// Option 1 a ladder that leans on the wall, option 2 a rail on the wall.
pub(super) fn towel_rack(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let colours = towel_colours(look);
    let metal = b.material(look.palette.metal.material());
    if design.option == 1 {
        let pole = if matches!(look.style, Style::Modern | Style::Industrial) {
            metal
        } else {
            b.material(look.palette.wood.material(0.0, grain))
        };
        let (foot, head) = (d * 0.5 - 0.03, -d * 0.5 + 0.02);
        let at = |y: f32| foot + (head - foot) * y / h;
        for side in [-1.0f32, 1.0] {
            let x = side * (w * 0.5 - 0.015);
            let path = [
                Vec3::new(x, 0.0, foot),
                Vec3::new(x, h * 0.5, at(h * 0.5)),
                Vec3::new(x, h, head),
            ];
            b.add(pole, tube(&path, |_| 0.014, 14));
        }
        for k in 0..5 {
            let y = 0.26 + k as f32 * (h - 0.40) / 4.0;
            let rung = cylinder(0.010, w - 0.03, 0.002, 12)
                .moved(0.0, -(w - 0.03) * 0.5, 0.0)
                .turned_z(90.0);
            b.add(pole, rung.moved(0.0, y, at(y)));
        }
        for (k, colour, width) in [(3, colours[0], 0.40), (1, colours[1], 0.34)] {
            let cloth = b.material(towelling(colour).material());
            let y = 0.26 + k as f32 * (h - 0.40) / 4.0;
            let x = b.dice.jitter(0.02);
            hung(&mut b, cloth, x, y, at(y), width, 0.46);
        }
        return b.finish(Kind::TowelRack, "Towel ladder".to_string(), size);
    }
    let y = h - 0.03;
    let bar_z = d * 0.5 - 0.035;
    b.add(
        metal,
        cylinder(0.009, w, 0.002, 16)
            .moved(0.0, -w * 0.5, 0.0)
            .turned_z(90.0)
            .moved(0.0, y, bar_z),
    );
    for side in [-1.0f32, 1.0] {
        let x = side * (w * 0.5 - 0.03);
        let arm = [
            Vec3::new(x, y, -d * 0.5),
            Vec3::new(x, y, 0.0),
            Vec3::new(x, y, bar_z),
        ];
        b.add(metal, tube(&arm, |_| 0.008, 12));
        b.add(
            metal,
            cylinder(0.022, 0.008, 0.002, 20)
                .turned_x(90.0)
                .moved(x, y, -d * 0.5),
        );
    }
    let cloth = b.material(towelling(colours[0]).material());
    hung(&mut b, cloth, -0.03, y, bar_z, 0.44, 0.58);
    let cloth = b.material(towelling(colours[1]).material());
    hung(&mut b, cloth, 0.10, y + 0.009, bar_z, 0.26, 0.34);
    b.finish(Kind::TowelRack, "Towel rail".to_string(), size)
}

pub(super) fn mat(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let variant = b.dice.seed();
    let colour = towel_colours(look)[usize::from(b.dice.chance(0.4))];
    let cloth = b.material(towelling(colour).material());
    let (w, h, d) = (size.x, size.y, size.z);
    let sheet = soft_box(Vec3::new(w, h, d), h * 0.48, 3, 0.03).deformed(move |p| {
        // A woven border lies lower than the tufted field.
        let inset = (w * 0.5 - p.x.abs()).min(d * 0.5 - p.z.abs());
        let low = if (0.03..0.055).contains(&inset) {
            0.004
        } else {
            0.0
        };
        let soft = 0.002 * noise2(Vec2::new(p.x * 12.0, p.z * 12.0), variant);
        let y = if p.y > 0.0 { p.y - low + soft } else { p.y };
        Vec3::new(
            p.x + 0.003 * noise2(Vec2::new(p.z * 5.0, 1.0), variant),
            y,
            p.z + 0.003 * noise2(Vec2::new(p.x * 5.0, 9.0), variant),
        )
    });
    b.add(cloth, sheet.moved(0.0, h * 0.5, 0.0));
    b.finish(Kind::BathMat, "Bath mat".to_string(), size)
}

/// A dispenser bottle with its pump.
fn bottle(b: &mut Builder, glaze: u16, metal: u16, at: Vec3, radius: f32, height: f32) {
    let body = height * 0.72;
    let r = radius;
    b.add(
        glaze,
        lathe(
            &[
                (0.0, 0.0),
                (r - 0.004, 0.0),
                (r, 0.004),
                (r, body * 0.80),
                (r * 0.92, body * 0.90),
                (r * 0.55, body * 0.97),
                (r * 0.42, body),
            ],
            32,
        )
        .moved(at.x, at.y, at.z),
    );
    b.add(
        metal,
        cylinder(r * 0.46, 0.016, 0.003, 20).moved(at.x, at.y + body - 0.004, at.z),
    );
    b.add(
        metal,
        cylinder(0.004, height - body, 0.001, 10).moved(at.x, at.y + body, at.z),
    );
    let y = at.y + height - 0.008;
    let spout = curve(
        &[
            Vec3::new(at.x - 0.010, y, at.z),
            Vec3::new(at.x + 0.014, y + 0.002, at.z),
            Vec3::new(at.x + 0.036, y - 0.008, at.z + 0.004),
        ],
        5,
    );
    b.add(metal, tube(&spout, |t| 0.0065 - 0.003 * t, 10));
}

pub(super) fn soap_set(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let s = b.dice.seed();
    let tray = b.material(match look.style {
        Style::Contemporary | Style::Traditional => marble(true, s),
        Style::Modern | Style::Industrial => marble(false, s),
        Style::Scandinavian => Wood::Oak.material(0.0, s),
    });
    let (w, d) = (size.x, size.z);
    b.add(
        tray,
        soft_box(Vec3::new(w, 0.016, d), 0.006, 3, 0.0).moved(0.0, 0.008, 0.0),
    );
    let amber = b.material(Material::plain(srgb(0x4C2C14), 0.10));
    let glaze = b.material(ceramic(look.palette.vase, 0.3));
    let metal = b.material(look.palette.metal.material());
    let tall = size.y - 0.016;
    bottle(
        &mut b,
        amber,
        metal,
        Vec3::new(-w * 0.31, 0.016, -0.012),
        0.034,
        tall,
    );
    bottle(
        &mut b,
        glaze,
        metal,
        Vec3::new(-w * 0.02, 0.016, -0.008),
        0.033,
        tall * 0.86,
    );
    // A bar of soap on a small block, and a sprig in a bud vase.
    let soap = b.material(Material::plain(srgb(0xE3DBC9), 0.5));
    b.add(
        soap,
        soft_box(Vec3::new(0.075, 0.026, 0.05), 0.012, 4, 0.0)
            .turned_y(14.0)
            .moved(w * 0.28, 0.029, 0.03),
    );
    b.add(
        glaze,
        lathe(
            &[
                (0.0, 0.0),
                (0.022, 0.0),
                (0.026, 0.015),
                (0.018, 0.04),
                (0.009, 0.06),
                (0.011, 0.07),
            ],
            24,
        )
        .moved(w * 0.30, 0.016, -0.028),
    );
    let green = b.material(leaf(0x6C8256, 0x93A377));
    for k in 0..7 {
        let blade = plants::leaf_blade(0.045, 0.018, 0.3, 4, 2)
            .turned_x(-50.0 + 8.0 * k as f32)
            .turned_y(k as f32 * 137.5);
        b.add_aligned(green, blade.moved(w * 0.30, 0.085 + 0.012 * k as f32, -0.028));
    }
    let stalk = b.material(Material::plain(srgb(0x5F7A3F), 0.6));
    b.add(
        stalk,
        cylinder(0.0018, 0.10, 0.0005, 6).moved(w * 0.30, 0.07, -0.028),
    );
    // Felt under the tray keeps it off the stone.
    b.add(
        tray,
        block(w - 0.02, 0.002, d - 0.02, 0.0005).moved(0.0, 0.001, 0.0),
    );
    b.finish(Kind::SoapSet, "Soap tray".to_string(), size)
}
