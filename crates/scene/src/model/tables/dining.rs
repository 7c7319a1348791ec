//! Dining tables, round and rectangular.

use super::parts::{planked, round_top, top, turned_leg};
use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::marble;
use crate::model::look::Look;
use crate::model::shapes::{bar, bent, block, cylinder, lathe, soft_box, tapered_leg};

pub(in crate::model) fn dining_table(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let round = (w - d).abs() < 0.01;
    let mut b = Builder::new(seed);
    let grain = b.dice.seed();
    let wood = b.material(look.palette.wood.material(0.13, grain));
    let metal = b.material(look.palette.metal.material());
    let white_marble = look.style == Style::Contemporary && round;
    if round {
        let surface = if white_marble {
            b.material(marble(true, grain))
        } else {
            wood
        };
        b.add(
            surface,
            planked(round_top(w * 0.5, 0.034)).moved(0.0, h - 0.034, 0.0),
        );
        match look.style {
            Style::Scandinavian | Style::Traditional if look.style == Style::Scandinavian => {
                for k in 0..4 {
                    let leg = tapered_leg(h - 0.03, 0.030, 0.016, Vec2::new(0.05, 0.0), true).moved(
                        w * 0.30,
                        0.0,
                        0.0,
                    );
                    b.add(wood, leg.turned_y(k as f32 * 90.0 + 45.0));
                }
                b.add(
                    wood,
                    cylinder(w * 0.33, 0.05, 0.004, 48).moved(0.0, h - 0.084, 0.0),
                );
            }
            Style::Traditional => {
                b.add(
                    wood,
                    lathe(
                        &[
                            (0.10, 0.14),
                            (0.12, 0.17),
                            (0.075, 0.24),
                            (0.085, 0.34),
                            (0.055, 0.46),
                            (0.06, 0.60),
                            (0.10, h - 0.034),
                        ],
                        28,
                    ),
                );
                for k in 0..4 {
                    let foot = crate::model::shapes::curve(
                        &[
                            Vec3::new(0.05, 0.18, 0.0),
                            Vec3::new(0.17, 0.15, 0.0),
                            Vec3::new(0.29, 0.06, 0.0),
                            Vec3::new(0.40, 0.022, 0.0),
                        ],
                        5,
                    );
                    b.add(wood, bar(&foot, 0.05, 0.05).turned_y(k as f32 * 90.0 + 45.0));
                }
            }
            _ => {
                let base = if look.style == Style::Contemporary {
                    wood
                } else {
                    metal
                };
                let body: Vec<(f32, f32)> = (0..=20)
                    .map(|k| {
                        let t = k as f32 / 20.0;
                        (
                            0.30 - 0.235 * (t * 1.9).min(1.0).powf(0.6) + 0.12 * (t - 0.7).max(0.0),
                            t * (h - 0.034),
                        )
                    })
                    .collect();
                b.add(base, lathe(&body, 44));
            }
        }
    } else {
        match look.style {
            Style::Modern => {
                b.add(wood, top(w, 0.032, d).moved(0.0, h - 0.016, 0.0));
                for side in [-1.0f32, 1.0] {
                    let x = side * (w * 0.5 - 0.24);
                    let (zt, zf) = (d * 0.5 - 0.20, d * 0.5 - 0.07);
                    let path = bent(
                        &[
                            Vec3::new(x, h - 0.045, -zt),
                            Vec3::new(x, 0.02, -zf),
                            Vec3::new(x, 0.02, zf),
                            Vec3::new(x, h - 0.045, zt),
                        ],
                        0.02,
                        true,
                    );
                    b.add(metal, bar(&path, 0.07, 0.022));
                }
            }
            Style::Contemporary => {
                b.add(
                    wood,
                    soft_box(Vec3::new(w, 0.045, d), 0.018, 3, 0.0).moved(0.0, h - 0.0225, 0.0),
                );
                for side in [-1.0f32, 1.0] {
                    let leg: Vec<(f32, f32)> = vec![
                        (0.0, 0.0),
                        (0.15, 0.0),
                        (0.155, 0.006),
                        (0.155, h - 0.045),
                        (0.0, h - 0.045),
                    ];
                    let drum =
                        lathe(&leg, 40).deformed(|p| Vec3::new(p.x * 0.72, p.y, p.z * (d * 0.30 / 0.155)));
                    b.add(wood, drum.moved(side * (w * 0.5 - 0.34), 0.0, 0.0));
                }
            }
            Style::Traditional => {
                b.add(wood, top(w, 0.024, d).moved(0.0, h - 0.012, 0.0));
                b.add(wood, top(w - 0.025, 0.012, d - 0.025).moved(0.0, h - 0.030, 0.0));
                b.corners(
                    wood,
                    turned_leg(h - 0.03)
                        .deformed(|p| Vec3::new(p.x * 1.35, p.y, p.z * 1.35))
                        .moved(w * 0.5 - 0.085, 0.0, d * 0.5 - 0.085),
                );
                b.pair(
                    wood,
                    block(0.024, 0.10, d - 0.22, 0.004).moved(w * 0.5 - 0.08, h - 0.085, 0.0),
                );
                for z in [-1.0f32, 1.0] {
                    b.add(
                        wood,
                        block(w - 0.22, 0.10, 0.024, 0.004).moved(0.0, h - 0.085, z * (d * 0.5 - 0.08)),
                    );
                }
            }
            Style::Industrial => {
                b.add(wood, top(w, 0.05, d).moved(0.0, h - 0.025, 0.0));
                for side in [-1.0f32, 1.0] {
                    let x = side * (w * 0.5 - 0.16);
                    // Crossed steel.
                    let z = d * 0.5 - 0.09;
                    for s in [-1.0f32, 1.0] {
                        let path = [
                            Vec3::new(x + 0.012 * s, 0.012, -z * s),
                            Vec3::new(x + 0.012 * s, h * 0.5, 0.0),
                            Vec3::new(x + 0.012 * s, h - 0.06, z * s),
                        ];
                        b.add(metal, bar(&path, 0.05, 0.05));
                    }
                    b.add(
                        metal,
                        block(0.07, 0.012, d - 0.10, 0.003).moved(x, h - 0.056, 0.0),
                    );
                    b.add(metal, block(0.07, 0.012, d - 0.12, 0.003).moved(x, 0.006, 0.0));
                }
                b.add(
                    metal,
                    block(w - 0.34, 0.04, 0.04, 0.005).moved(0.0, h * 0.47, 0.0),
                );
            }
            Style::Scandinavian => {
                b.add(
                    wood,
                    soft_box(Vec3::new(w, 0.028, d), 0.010, 3, 0.0).moved(0.0, h - 0.014, 0.0),
                );
                b.corners(
                    wood,
                    tapered_leg(h - 0.02, 0.032, 0.017, Vec2::new(0.045, 0.035), true).moved(
                        w * 0.5 - 0.14,
                        0.0,
                        d * 0.5 - 0.12,
                    ),
                );
                b.pair(
                    wood,
                    block(0.022, 0.07, d - 0.24, 0.004).moved(w * 0.5 - 0.14, h - 0.063, 0.0),
                );
                for z in [-1.0f32, 1.0] {
                    b.add(
                        wood,
                        block(w - 0.28, 0.07, 0.022, 0.004).moved(0.0, h - 0.063, z * (d * 0.5 - 0.12)),
                    );
                }
            }
        }
    }
    let shape = if round {
        "Round dining table"
    } else {
        "Dining table"
    };
    let matter = if white_marble {
        "marble"
    } else {
        look.palette.wood.name()
    };
    b.finish(Kind::DiningTable, format!("{shape}, {matter}"), size)
}
