//! Coffee and side tables.

use super::parts::{knob, planked, round_top, top, turned_leg};
use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::decor;
use crate::model::finish::{Metal, marble};
use crate::model::look::Look;
use crate::model::shapes::{bar, bent, block, cylinder, lathe, tapered_leg};

pub(in crate::model) fn coffee_table(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, design.top, size.z);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.11, grain));
    let metal = b.material(look.palette.metal.material());
    let mut name = format!("Coffee table, {}", look.palette.wood.name());
    match look.style {
        Style::Modern => {
            b.add(wood, top(w, 0.045, d).moved(0.0, h - 0.0225, 0.0));
            // A closed sled of flat bar on either side.
            for side in [-1.0f32, 1.0] {
                let x = side * (w * 0.5 - 0.16);
                let z = d * 0.5 - 0.05;
                let path = bent(
                    &[
                        Vec3::new(x, 0.006, -z),
                        Vec3::new(x, 0.006, z),
                        Vec3::new(x, h - 0.05, z),
                        Vec3::new(x, h - 0.05, -z),
                    ],
                    0.012,
                    true,
                );
                b.add(metal, bar(&path, 0.045, 0.012));
            }
        }
        Style::Contemporary => {
            let white = b.dice.chance(0.6);
            let stone = b.material(marble(white, grain));
            b.add(stone, round_top(w * 0.5, 0.032).moved(0.0, h - 0.032, 0.0));
            // A fluted drum.
            let drum = w * 0.27;
            for k in 0..28 {
                let angle = k as f32 / 28.0 * std::f32::consts::TAU;
                let rod = cylinder(0.5 * drum * std::f32::consts::TAU / 28.0, h - 0.034, 0.003, 10);
                b.add(wood, rod.moved(drum * angle.cos(), 0.0, drum * angle.sin()));
            }
            b.add(metal, cylinder(drum + 0.012, 0.02, 0.003, 48));
            name = format!(
                "Round coffee table, {} marble",
                if white { "white" } else { "black" }
            );
        }
        Style::Traditional => {
            b.add(wood, top(w, 0.026, d).moved(0.0, h - 0.013, 0.0));
            b.add(wood, top(w - 0.03, 0.012, d - 0.03).moved(0.0, h - 0.032, 0.0));
            b.corners(
                wood,
                turned_leg(h - 0.03).moved(w * 0.5 - 0.06, 0.0, d * 0.5 - 0.06),
            );
            b.pair(
                wood,
                block(0.022, 0.085, d - 0.15, 0.004).moved(w * 0.5 - 0.055, h - 0.075, 0.0),
            );
            for z in [-1.0f32, 1.0] {
                b.add(
                    wood,
                    block(w - 0.15, 0.085, 0.022, 0.004).moved(0.0, h - 0.075, z * (d * 0.5 - 0.055)),
                );
            }
            b.add(wood, block(w - 0.14, 0.02, d - 0.14, 0.004).moved(0.0, 0.13, 0.0));
            let brass = b.material(Metal::Brass.material());
            b.add(
                wood,
                block(0.34, 0.062, 0.012, 0.003).moved(0.0, h - 0.075, d * 0.5 - 0.043),
            );
            b.add(brass, knob(0.012).moved(0.0, h - 0.075, d * 0.5 - 0.036));
        }
        Style::Industrial => {
            b.add(wood, top(w, 0.05, d).moved(0.0, h - 0.025, 0.0));
            b.add(wood, top(w - 0.06, 0.025, d - 0.06).moved(0.0, 0.115, 0.0));
            b.corners(
                metal,
                block(0.03, h - 0.05, 0.03, 0.004).moved(w * 0.5 - 0.03, (h - 0.05) * 0.5, d * 0.5 - 0.03),
            );
            for z in [-1.0f32, 1.0] {
                b.add(
                    metal,
                    block(w - 0.06, 0.03, 0.03, 0.004).moved(0.0, h - 0.066, z * (d * 0.5 - 0.03)),
                );
                b.add(
                    metal,
                    block(w - 0.06, 0.022, 0.022, 0.004).moved(0.0, 0.091, z * (d * 0.5 - 0.03)),
                );
            }
            b.pair(
                metal,
                block(0.03, 0.03, d - 0.06, 0.004).moved(w * 0.5 - 0.03, h - 0.066, 0.0),
            );
        }
        Style::Scandinavian => {
            b.add(
                wood,
                planked(round_top(w * 0.5, 0.026)).moved(0.0, h - 0.026, 0.0),
            );
            for k in 0..3 {
                let leg =
                    tapered_leg(h - 0.02, 0.021, 0.012, Vec2::new(0.06, 0.0), true).moved(w * 0.27, 0.0, 0.0);
                b.add(wood, leg.turned_y(k as f32 * 120.0 + 30.0));
            }
            b.add(
                wood,
                cylinder(w * 0.30, 0.022, 0.004, 40).moved(0.0, h - 0.047, 0.0),
            );
            name = format!("Round coffee table, {}", look.palette.wood.name());
        }
    }
    // What lies on it: books with a small object, and a vase, kept clear of the rim.
    let seed = b.dice.seed();
    let stack = decor::book_stack(look, 3, seed);
    let spread = if matches!(look.style, Style::Contemporary | Style::Scandinavian) {
        0.17
    } else {
        w * 0.22
    };
    b.place(&stack, Vec3::new(-spread, h, 0.02), 12.0);
    let seed = b.dice.seed();
    let vase = decor::vase_with_branches(look, 0.30, seed);
    b.place(&vase, Vec3::new(spread, h, -0.03), 0.0);
    b.finish(Kind::CoffeeTable, name, size)
}

pub(in crate::model) fn side_table(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h) = (size.x, size.y);
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.0, grain));
    let metal = b.material(look.palette.metal.material());
    let name = match look.style {
        Style::Modern | Style::Industrial => {
            b.add(
                wood,
                planked(round_top(w * 0.5, 0.022)).moved(0.0, h - 0.022, 0.0),
            );
            b.add(metal, cylinder(0.014, h - 0.03, 0.002, 18).moved(0.0, 0.008, 0.0));
            b.add(
                metal,
                lathe(
                    &[
                        (0.0, 0.0),
                        (w * 0.33, 0.0),
                        (w * 0.335, 0.003),
                        (w * 0.33, 0.009),
                        (0.03, 0.013),
                        (0.0, 0.013),
                    ],
                    48,
                ),
            );
            b.add(
                metal,
                lathe(&[(0.014, h - 0.06), (0.06, h - 0.024), (0.0, h - 0.022)], 24),
            );
            format!(
                "Side table, {} and {}",
                look.palette.wood.name(),
                look.palette.metal.name()
            )
        }
        Style::Contemporary => {
            let stone = b.material(marble(true, grain));
            b.add(stone, round_top(w * 0.5, 0.024).moved(0.0, h - 0.024, 0.0));
            let body: Vec<(f32, f32)> = (0..=16)
                .map(|k| {
                    let t = k as f32 / 16.0;
                    (
                        w * (0.30 - 0.17 * (t * std::f32::consts::PI).sin().max(0.0).powf(0.8)),
                        t * (h - 0.024),
                    )
                })
                .collect();
            b.add(metal, lathe(&body, 40));
            "Side table, marble".to_string()
        }
        Style::Traditional => {
            b.add(
                wood,
                planked(round_top(w * 0.5, 0.026)).moved(0.0, h - 0.026, 0.0),
            );
            let y = h - 0.02;
            b.add(
                wood,
                lathe(
                    &[
                        (0.03, 0.16),
                        (0.045, 0.20),
                        (0.030, 0.235),
                        (0.022, 0.30),
                        (0.030, 0.42 * y / 0.55),
                        (0.018, 0.85 * y),
                        (0.05, y),
                    ],
                    24,
                ),
            );
            for k in 0..3 {
                let foot = crate::model::shapes::curve(
                    &[
                        Vec3::new(0.01, 0.20, 0.0),
                        Vec3::new(0.09, 0.15, 0.0),
                        Vec3::new(0.15, 0.05, 0.0),
                        Vec3::new(w * 0.46, 0.012, 0.0),
                    ],
                    5,
                );
                b.add(wood, bar(&foot, 0.024, 0.028).turned_y(k as f32 * 120.0 + 90.0));
            }
            format!("Pedestal table, {}", look.palette.wood.name())
        }
        Style::Scandinavian => {
            b.add(wood, planked(round_top(w * 0.5, 0.02)).moved(0.0, h - 0.02, 0.0));
            b.add(
                wood,
                lathe(
                    &[
                        (w * 0.5 - 0.012, h - 0.02),
                        (w * 0.5, h - 0.014),
                        (w * 0.5, h - 0.001),
                        (w * 0.5 - 0.006, h),
                        (w * 0.5 - 0.012, h - 0.002),
                    ],
                    56,
                ),
            );
            for k in 0..3 {
                let leg = tapered_leg(h - 0.015, 0.016, 0.010, Vec2::new(0.05, 0.0), true).moved(
                    w * 0.28,
                    0.0,
                    0.0,
                );
                b.add(wood, leg.turned_y(k as f32 * 120.0 + 90.0));
            }
            format!("Side table, {}", look.palette.wood.name())
        }
    };
    b.finish(Kind::SideTable, name, size)
}
