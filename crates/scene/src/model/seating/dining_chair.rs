//! Dining chairs, one construction per style.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::shapes::{bar, bent, block, curve, soft_box, tapered_leg, tube};
use crate::model::upholstery::{cushion, piping};

pub(in crate::model) fn dining_chair(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let fabric = look.palette.chair;
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let seat_y = 0.455;
    let pad_seed = b.dice.seed();
    let name = match look.style {
        Style::Modern | Style::Contemporary => {
            // An upholstered shell on thin legs.
            let (frame, thin) = if look.style == Style::Modern {
                (b.material(look.palette.metal.material()), true)
            } else {
                (b.material(look.palette.wood.material(0.0, 4)), false)
            };
            let leg = tapered_leg(
                0.41,
                if thin { 0.011 } else { 0.019 },
                if thin { 0.008 } else { 0.011 },
                Vec2::new(0.03, 0.03),
                true,
            );
            b.corners(frame, leg.moved(w * 0.5 - 0.075, 0.0, d * 0.5 - 0.095));
            let pad = Vec3::new(w - 0.05, 0.085, d - 0.07);
            b.add(
                cloth,
                cushion(pad, 0.036, 0.012, pad_seed).moved(0.0, seat_y - 0.04, 0.02),
            );
            b.add(
                seam,
                piping(pad, 0.036, 0.012, pad_seed, 1.0, 0.003).moved(0.0, seat_y - 0.04, 0.02),
            );
            let tall = h - 0.40;
            let arch = 0.055;
            let back = soft_box(Vec3::new(w, tall, 0.055), 0.026, 3, 0.035).deformed(|p| {
                // Curved around the sitter, narrower below, rounded above.
                let nx = p.x / (w * 0.5);
                let t = p.y / tall + 0.5;
                let narrow = 0.80 + 0.20 * (t * std::f32::consts::PI * 0.62).sin();
                let round = 0.05 * (nx * nx) * t.powi(3);
                Vec3::new(p.x * narrow, p.y - round, p.z + arch * nx * nx)
            });
            b.add(
                cloth,
                back.turned_x(-9.0)
                    .moved(0.0, 0.40 + tall * 0.5, -d * 0.5 + 0.075),
            );
            "Dining chair"
        }
        Style::Traditional => {
            let wood = b.material(look.palette.wood.material(0.0, 4));
            b.pair(
                wood,
                tapered_leg(0.43, 0.021, 0.014, Vec2::new(0.0, 0.0), false).moved(
                    w * 0.5 - 0.03,
                    0.0,
                    d * 0.5 - 0.03,
                ),
            );
            // Back legs sweep up into the back's posts.
            for side in [-1.0f32, 1.0] {
                let x = side * (w * 0.5 - 0.045);
                let post = curve(
                    &[
                        Vec3::new(x, 0.0, -d * 0.5 + 0.02),
                        Vec3::new(x, 0.42, -d * 0.5 + 0.085),
                        Vec3::new(x, 0.72, -d * 0.5 + 0.055),
                        Vec3::new(x * 1.02, h - 0.03, -d * 0.5 + 0.015),
                    ],
                    6,
                );
                b.add(wood, bar(&post, 0.03, 0.034));
            }
            // Crest with a gentle bow, and an upholstered panel framed in wood.
            let crest = curve(
                &[
                    Vec3::new(-w * 0.5 + 0.03, h - 0.055, -d * 0.5 + 0.022),
                    Vec3::new(-w * 0.2, h - 0.03, -d * 0.5 + 0.018),
                    Vec3::new(0.0, h - 0.022, -d * 0.5 + 0.015),
                    Vec3::new(w * 0.2, h - 0.03, -d * 0.5 + 0.018),
                    Vec3::new(w * 0.5 - 0.03, h - 0.055, -d * 0.5 + 0.022),
                ],
                5,
            );
            b.add(wood, bar(&crest, 0.026, 0.045));
            b.add(
                wood,
                block(w - 0.09, 0.035, 0.024, 0.006).moved(0.0, 0.60, -d * 0.5 + 0.062),
            );
            let panel = Vec3::new(w - 0.125, 0.05, h - 0.60 - 0.10);
            b.add(
                cloth,
                cushion(panel, 0.022, 0.008, pad_seed ^ 1)
                    .turned_x(90.0)
                    .turned_x(-6.0)
                    .moved(0.0, 0.61 + panel.z * 0.5 + 0.012, -d * 0.5 + 0.055),
            );
            for (z, y) in [(d * 0.5 - 0.03, 0.40), (-d * 0.5 + 0.09, 0.40)] {
                b.add(wood, block(w - 0.09, 0.055, 0.022, 0.004).moved(0.0, y, z));
            }
            b.pair(
                wood,
                block(0.022, 0.055, d - 0.13, 0.004).moved(w * 0.5 - 0.035, 0.40, 0.02),
            );
            b.pair(
                wood,
                block(0.016, 0.022, d - 0.12, 0.004).moved(w * 0.5 - 0.035, 0.17, 0.0),
            );
            let pad = Vec3::new(w - 0.01, 0.07, d - 0.075);
            b.add(
                cloth,
                cushion(pad, 0.03, 0.014, pad_seed).moved(0.0, seat_y - 0.005, 0.03),
            );
            b.add(
                seam,
                piping(pad, 0.03, 0.014, pad_seed, -1.0, 0.0035).moved(0.0, seat_y - 0.005, 0.03),
            );
            "Dining chair, upholstered back"
        }
        Style::Industrial => {
            let metal = b.material(look.palette.metal.material());
            // Tube frame: two bent loops that are legs and back at once.
            for side in [-1.0f32, 1.0] {
                let x = side * (w * 0.5 - 0.02);
                let path = bent(
                    &[
                        Vec3::new(x, 0.0, d * 0.5 - 0.02),
                        Vec3::new(x, seat_y - 0.035, d * 0.5 - 0.045),
                        Vec3::new(x, seat_y - 0.035, -d * 0.5 + 0.07),
                        Vec3::new(x * 0.97, h - 0.02, -d * 0.5 + 0.012),
                    ],
                    0.05,
                    false,
                );
                b.add(metal, tube(&path, |_| 0.011, 12));
                b.add(
                    metal,
                    tube(
                        &[
                            Vec3::new(x, seat_y - 0.04, -d * 0.5 + 0.09),
                            Vec3::new(x, 0.2, -d * 0.5 + 0.05),
                            Vec3::new(x, 0.0, -d * 0.5 + 0.015),
                        ],
                        |_| 0.011,
                        12,
                    ),
                );
            }
            b.add(
                metal,
                tube(
                    &[
                        Vec3::new(-w * 0.5 + 0.02, 0.20, 0.0),
                        Vec3::new(0.0, 0.20, 0.0),
                        Vec3::new(w * 0.5 - 0.02, 0.20, 0.0),
                    ],
                    |_| 0.008,
                    10,
                ),
            );
            b.pair(
                metal,
                tube(
                    &[
                        Vec3::new(w * 0.5 - 0.02, 0.20, d * 0.5 - 0.03),
                        Vec3::new(w * 0.5 - 0.02, 0.20, 0.0),
                        Vec3::new(w * 0.5 - 0.02, 0.20, -d * 0.5 + 0.05),
                    ],
                    |_| 0.008,
                    10,
                ),
            );
            let pad = Vec3::new(w - 0.035, 0.065, d - 0.085);
            b.add(
                cloth,
                cushion(pad, 0.028, 0.012, pad_seed).moved(0.0, seat_y - 0.01, 0.015),
            );
            b.add(
                seam,
                piping(pad, 0.028, 0.012, pad_seed, 1.0, 0.003).moved(0.0, seat_y - 0.01, 0.015),
            );
            let tall = 0.24;
            let back = soft_box(Vec3::new(w - 0.05, tall, 0.045), 0.02, 2, 0.04)
                .deformed(|p| Vec3::new(p.x, p.y, p.z - 0.03 * (1.0 - (p.x / (w * 0.5)).powi(2)) + 0.02));
            b.add(
                cloth,
                back.turned_x(-11.0)
                    .moved(0.0, h - tall * 0.5 - 0.008, -d * 0.5 + 0.052),
            );
            "Steel-frame dining chair"
        }
        Style::Scandinavian => {
            let wood = b.material(look.palette.wood.material(0.0, 4));
            b.pair(
                wood,
                tapered_leg(0.43, 0.018, 0.012, Vec2::new(0.02, 0.025), true).moved(
                    w * 0.5 - 0.06,
                    0.0,
                    d * 0.5 - 0.075,
                ),
            );
            for side in [-1.0f32, 1.0] {
                let post = curve(
                    &[
                        Vec3::new(side * (w * 0.5 - 0.03), 0.0, -d * 0.5 + 0.015),
                        Vec3::new(side * (w * 0.5 - 0.06), 0.43, -d * 0.5 + 0.085),
                        Vec3::new(side * (w * 0.5 - 0.055), h - 0.06, -d * 0.5 + 0.03),
                    ],
                    7,
                );
                b.add(
                    wood,
                    tube(&post, |t| 0.013 + 0.006 * (t * std::f32::consts::PI).sin(), 14),
                );
            }
            // A broad bent top rail that holds the back.
            let rail = soft_box(Vec3::new(w - 0.015, 0.115, 0.017), 0.008, 2, 0.03).deformed(|p| {
                let nx = p.x / (w * 0.5);
                Vec3::new(p.x, p.y * (1.0 - 0.32 * nx * nx), p.z + 0.058 * nx * nx)
            });
            b.add(wood, rail.turned_x(-8.0).moved(0.0, h - 0.058, -d * 0.5 + 0.012));
            b.add(
                wood,
                block(w - 0.13, 0.045, 0.018, 0.004).moved(0.0, 0.40, d * 0.5 - 0.075),
            );
            b.pair(
                wood,
                block(0.018, 0.045, d - 0.17, 0.004).moved(w * 0.5 - 0.065, 0.40, 0.0),
            );
            b.add(
                wood,
                block(w - 0.13, 0.045, 0.018, 0.004).moved(0.0, 0.40, -d * 0.5 + 0.085),
            );
            let pad = Vec3::new(w - 0.045, 0.052, d - 0.075);
            b.add(
                cloth,
                cushion(pad, 0.024, 0.012, pad_seed).moved(0.0, seat_y - 0.012, 0.025),
            );
            "Dining chair, bentwood"
        }
    };
    b.finish(Kind::DiningChair, format!("{name}, {}", fabric.name), size)
}
