//! Beds: frame, headboard, mattress, duvet, pillows, cushions and a throw.

mod cover;
mod frame;

use cover::{Cover, Layer};
use frame::{frame, headboard};

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{Cloth, Fabric};
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::upholstery::{cushion, pillow, pillow_piping, piping};

/// Top of the mattress above the floor.
const MATTRESS_TOP: f32 = 0.50;

fn sleeping_pillow(
    b: &mut Builder,
    material: u16,
    width: f32,
    height: f32,
    thickness: f32,
    place: impl Fn(Part) -> Part,
) {
    let seed = b.dice.seed();
    b.add(material, place(pillow(width, height, thickness, seed)));
}

pub(in crate::model) fn bed(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let p = look.palette;
    let single = design.option == 1;
    // The duvet hangs past the frame on both sides.
    let overhang = 0.12;
    let width = size.x - 2.0 * overhang;
    let back = -size.z * 0.5;
    let head_depth = 0.10;
    let (z0, z1) = (back + head_depth, size.z * 0.5 - 0.085);
    headboard(&mut b, look, width + 0.02, size.y, back);
    frame(&mut b, look, width, z0, z1);

    let sheet = b.material(
        Fabric {
            name: "",
            colour: p.sheet,
            cloth: Cloth::Linen,
        }
        .material(),
    );
    let mattress = Vec3::new(width - 0.03, 0.24, z1 - z0 - 0.02);
    let s = b.dice.seed();
    let set = |q: Part| q.moved(0.0, MATTRESS_TOP - 0.12, (z0 + z1) * 0.5);
    b.add(sheet, set(cushion(mattress, 0.05, 0.012, s)));
    for edge in [1.0, -1.0] {
        b.add(sheet, set(piping(mattress, 0.05, 0.012, s, edge, 0.005)));
    }

    // Duvet from below the pillows to the foot; its head end is folded back and shows the sheet side.
    let duvet = b.material(p.duvet.material());
    let fold_at = z0 + 0.62;
    let cover = Cover {
        width: mattress.x,
        z0: fold_at,
        z1: z1 - 0.02,
        top: MATTRESS_TOP + 0.012,
        drop: 0.30,
        foot: true,
        loft: 0.056,
        folds: 0.032,
        slip: 0.022,
        seed: b.dice.seed(),
    };
    b.add(duvet, cover.part(0.045));
    // The folded-back end: the sheet side of the duvet, thick at its edge.
    b.add(
        sheet,
        cover.layer(&Layer {
            span: (fold_at - 0.015, fold_at + 0.27),
            drop: 0.24,
            base: 0.040,
            thickness: 0.026,
            skew: 0.0,
            ripple: 0.012,
        }),
    );

    // A throw across the foot third, not quite square to it.
    let throw = b.material(p.throw.material());
    let thrown = Layer {
        span: (z1 - 0.66, z1 - 0.14),
        drop: 0.25,
        base: 0.046,
        thickness: 0.016,
        skew: b.dice.jitter(0.06),
        ripple: 0.016,
    };
    b.add(throw, cover.layer(&thrown));
    let mut dice = b.dice.clone();
    b.add(throw, cover.fringe(&thrown, 0.06, &mut dice));

    // Sleeping pillows lean against the headboard, shams in front of them, accents before those.
    let top = MATTRESS_TOP + 0.01;
    let columns: &[f32] = if single { &[0.0] } else { &[-1.0, 1.0] };
    let pillow_width = if single {
        0.66
    } else {
        (width * 0.5 - 0.03).min(0.74)
    };
    let sham = b.material(p.duvet.material());
    for &c in columns {
        let x = c * (pillow_width * 0.5 + 0.012);
        let (jx, roll, tilt) = (b.dice.jitter(0.01), b.dice.jitter(1.5), 30.0 + b.dice.jitter(3.0));
        sleeping_pillow(&mut b, sheet, pillow_width, 0.48, 0.21, |q| {
            q.turned_z(roll)
                .moved(0.0, 0.22, 0.0)
                .turned_x(-tilt)
                .moved(x + jx, top - 0.005, z0 + 0.20)
        });
        let (jx, roll, tilt) = (
            b.dice.jitter(0.012),
            b.dice.jitter(1.8),
            38.0 + b.dice.jitter(3.0),
        );
        sleeping_pillow(&mut b, sham, pillow_width - 0.03, 0.46, 0.19, |q| {
            q.turned_z(roll)
                .moved(0.0, 0.21, 0.0)
                .turned_x(-tilt)
                .moved(x + jx, top, z0 + 0.36)
        });
    }
    let accents: Vec<(Fabric, f32, Vec2, f32)> = if single {
        vec![(p.accents[0], 0.0, Vec2::splat(0.40), 0.46)]
    } else {
        vec![
            (p.accents[0], -0.24, Vec2::splat(0.45), 0.49),
            (p.accents[0], 0.24, Vec2::splat(0.45), 0.49),
            (p.accents[1], 0.0, Vec2::new(0.54, 0.30), 0.63),
        ]
    };
    for (fabric, x, extent, z) in accents {
        let cloth = b.material(fabric.material());
        let seam = b.material(fabric.seam());
        let (seed, roll, tilt) = (b.dice.seed(), b.dice.jitter(3.0), 40.0 + b.dice.jitter(4.0));
        let place = |q: Part| {
            q.turned_z(roll)
                .moved(0.0, extent.y * 0.47, 0.0)
                .turned_x(-tilt)
                .moved(x, top + 0.03, z0 + z)
        };
        b.add(cloth, place(pillow(extent.x, extent.y, 0.15, seed)));
        b.add(seam, place(pillow_piping(extent.x, extent.y, 0.15, seed)));
    }
    let name = match design.option {
        1 => "Single bed",
        2 => "Double bed",
        3 => "Queen bed",
        _ => "King bed",
    };
    b.finish(
        Kind::Bed,
        format!(
            "{name}, {}",
            match look.style {
                Style::Industrial => "steel and wood".to_string(),
                Style::Scandinavian => p.wood.name().to_string(),
                Style::Modern | Style::Contemporary | Style::Traditional => p.headboard.name.to_string(),
            }
        ),
        size,
    )
}
