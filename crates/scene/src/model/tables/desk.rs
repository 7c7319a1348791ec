//! Desks with what lies on them.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::shapes::{bar, bent, block, soft_box, tapered_leg};
use crate::model::{decor, screens};

pub(in crate::model) fn desk(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, design.top, size.z);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.14, grain));
    let front = b.material(look.palette.wood_too.material(0.0, grain ^ 3));
    let metal = b.material(look.palette.metal.material());
    b.add(
        wood,
        soft_box(Vec3::new(w, 0.028, d), 0.004, 2, 0.0).moved(0.0, h - 0.014, 0.0),
    );
    // A drawer box under the top, open towards the sitter (front +z).
    let drawers = |b: &mut Builder, x: f32, width: f32, height: f32, rows: usize| {
        b.add(
            wood,
            block(width, height, d - 0.07, 0.003).moved(x, h - 0.028 - height * 0.5, -0.015),
        );
        for r in 0..rows {
            let each = height / rows as f32;
            let y = h - 0.028 - each * (r as f32 + 0.5);
            b.add(
                front,
                block(width - 0.012, each - 0.008, 0.018, 0.003).moved(x, y, d * 0.5 - 0.044),
            );
            b.add(
                metal,
                block(0.10, 0.008, 0.012, 0.003).moved(x, y + each * 0.18, d * 0.5 - 0.030),
            );
        }
    };
    match look.style {
        Style::Modern => {
            for side in [-1.0f32, 1.0] {
                let x = side * (w * 0.5 - 0.10);
                let z = d * 0.5 - 0.06;
                let path = bent(
                    &[
                        Vec3::new(x, 0.01, -z),
                        Vec3::new(x, 0.01, z),
                        Vec3::new(x, h - 0.04, z),
                        Vec3::new(x, h - 0.04, -z),
                    ],
                    0.015,
                    true,
                );
                b.add(metal, bar(&path, 0.04, 0.02));
            }
            drawers(&mut b, w * 0.5 - 0.34, 0.40, 0.13, 1);
        }
        Style::Industrial => {
            b.corners(
                metal,
                block(0.035, h - 0.028, 0.035, 0.004).moved(
                    w * 0.5 - 0.03,
                    (h - 0.028) * 0.5,
                    d * 0.5 - 0.035,
                ),
            );
            b.pair(
                metal,
                block(0.025, 0.025, d - 0.08, 0.004).moved(w * 0.5 - 0.03, 0.12, 0.0),
            );
            b.add(
                metal,
                block(w - 0.08, 0.025, 0.025, 0.004).moved(0.0, 0.12, -d * 0.5 + 0.035),
            );
            b.add(
                metal,
                block(w - 0.08, 0.03, 0.02, 0.004).moved(0.0, h - 0.045, d * 0.5 - 0.03),
            );
            drawers(&mut b, w * 0.5 - 0.27, 0.38, 0.24, 2);
        }
        Style::Traditional => {
            // Two pedestals with three drawers each.
            for side in [-1.0f32, 1.0] {
                let x = side * (w * 0.5 - 0.23);
                drawers(&mut b, x, 0.40, h - 0.028 - 0.07, 3);
                b.add(wood, block(0.42, 0.07, d - 0.06, 0.006).moved(x, 0.035, -0.012));
            }
            b.add(
                wood,
                block(w - 0.86, 0.30, 0.018, 0.003).moved(0.0, h - 0.028 - 0.15, -d * 0.5 + 0.08),
            );
            drawers(&mut b, 0.0, w - 0.88, 0.09, 1);
        }
        Style::Contemporary | Style::Scandinavian => {
            let lean = if look.style == Style::Scandinavian {
                0.035
            } else {
                0.0
            };
            b.corners(
                wood,
                tapered_leg(h - 0.02, 0.024, 0.014, Vec2::new(lean, lean), true).moved(
                    w * 0.5 - 0.085,
                    0.0,
                    d * 0.5 - 0.09,
                ),
            );
            drawers(&mut b, 0.0, w - 0.26, 0.095, 1);
            b.add(
                wood,
                block(w - 0.22, 0.095, 0.018, 0.004).moved(0.0, h - 0.076, -d * 0.5 + 0.05),
            );
        }
    }
    // Things of a working day: lamp, notebook stack, laptop, cup with pens.
    let seed = b.dice.seed();
    let lamp = crate::model::lamps::desk_lamp(look, seed);
    b.place(&lamp, Vec3::new(-w * 0.5 + 0.20, h, -d * 0.5 + 0.17), 155.0);
    let seed = b.dice.seed();
    let books = decor::book_stack(look, 2, seed);
    b.place(&books, Vec3::new(w * 0.5 - 0.24, h, -d * 0.5 + 0.19), 78.0);
    let seed = b.dice.seed();
    let cup = decor::pen_cup(look, seed);
    b.place(&cup, Vec3::new(w * 0.5 - 0.47, h, -d * 0.5 + 0.16), 0.0);
    let laptop = screens::laptop();
    b.place(&laptop, Vec3::new(0.02, h, 0.02), -4.0);
    b.finish(Kind::Desk, format!("Desk, {}", look.palette.wood.name()), size)
}
