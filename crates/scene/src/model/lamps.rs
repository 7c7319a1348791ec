//! Floor, table and desk lamps.

use crate::furnish::{Kind, Style};
use crate::geometry::Vec3;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{ceramic, shade};
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::shapes::{bent, curve, cylinder, lathe, tube};
use crate::model::{Material, Piece};

/// An open drum or cone of cloth with rolled rims, its lower rim at y = 0.
fn cloth_shade(lower: f32, upper: f32, height: f32) -> Part {
    let t = 0.0025;
    lathe(
        &[
            (lower - t, 0.002),
            (lower, 0.0),
            (lower + 0.0015, 0.006),
            (lower + (upper - lower) * 0.5, height * 0.5),
            (upper + 0.0015, height - 0.006),
            (upper, height),
            (upper - t, height - 0.002),
            (lower + (upper - lower) * 0.5 - t, height * 0.5),
            (lower - t, 0.002),
        ],
        48,
    )
}

/// The light inside.
fn bulb() -> Material {
    Material {
        emission: Vec3::new(2.2, 1.9, 1.5),
        ..Material::plain(Vec3::splat(0.8), 0.4)
    }
}

fn globe(radius: f32) -> Part {
    let profile: Vec<(f32, f32)> = (0..=16)
        .map(|k| {
            let a = (k as f32 / 16.0 - 0.5) * std::f32::consts::PI;
            (radius * a.cos().max(0.0), radius * a.sin())
        })
        .collect();
    lathe(&profile, 24)
}

/// A heavy round foot with a softened rim.
fn foot(radius: f32, height: f32) -> Part {
    lathe(
        &[
            (0.0, 0.0),
            (radius - 0.003, 0.0),
            (radius, 0.004),
            (radius - 0.002, height * 0.6),
            (radius - 0.012, height),
            (0.015, height + 0.006),
            (0.0, height + 0.006),
        ],
        48,
    )
}

pub(super) fn floor_lamp(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let metal = b.material(look.palette.metal.material());
    let cloth = b.material(shade(look.palette.shade, 0.29));
    let light = b.material(bulb());
    match look.style {
        Style::Modern => {
            b.add(metal, foot(0.13, 0.018));
            b.add(metal, cylinder(0.011, h - 0.30, 0.002, 16).moved(0.0, 0.015, 0.0));
            b.add_aligned(
                cloth,
                cloth_shade(w * 0.5, w * 0.5, 0.30).moved(0.0, h - 0.30, 0.0),
            );
        }
        Style::Contemporary => {
            b.add(metal, foot(0.15, 0.022));
            b.add(metal, cylinder(0.010, h - 0.30, 0.002, 16).moved(0.0, 0.02, 0.0));
            b.add_aligned(
                cloth,
                cloth_shade(w * 0.5, w * 0.42, 0.27).moved(0.0, h - 0.29, 0.0),
            );
            b.add(metal, cylinder(0.012, 0.02, 0.004, 16).moved(0.0, h - 0.02, 0.0));
        }
        Style::Traditional => {
            b.add(
                metal,
                lathe(
                    &[
                        (0.0, 0.0),
                        (0.145, 0.0),
                        (0.15, 0.01),
                        (0.13, 0.025),
                        (0.06, 0.04),
                        (0.03, 0.06),
                        (0.022, 0.09),
                        (0.03, 0.11),
                        (0.0, 0.11),
                    ],
                    44,
                ),
            );
            b.add(
                metal,
                lathe(
                    &[
                        (0.016, 0.10),
                        (0.013, 0.45),
                        (0.026, 0.48),
                        (0.026, 0.50),
                        (0.012, 0.53),
                        (0.011, 1.05),
                        (0.022, 1.08),
                        (0.011, 1.11),
                        (0.010, h - 0.28),
                    ],
                    20,
                ),
            );
            b.add_aligned(
                cloth,
                cloth_shade(w * 0.5, w * 0.30, 0.28).moved(0.0, h - 0.28, 0.0),
            );
        }
        Style::Industrial => {
            // Three turned legs and a spun steel dome.
            let wood = b.material(look.palette.wood.material(0.0, 1));
            for k in 0..3 {
                let a = (k as f32 * 120.0 + 90.0).to_radians();
                let reach = w * 0.5 - 0.01;
                let path = [
                    Vec3::new(reach * a.cos(), 0.0, reach * a.sin()),
                    Vec3::new(0.55 * reach * a.cos(), 0.58, 0.55 * reach * a.sin()),
                    Vec3::new(0.03 * a.cos(), 1.22, 0.03 * a.sin()),
                ];
                b.add(wood, tube(&path, |t| 0.013 + 0.004 * (1.0 - t), 12));
            }
            b.add(metal, cylinder(0.05, 0.05, 0.006, 24).moved(0.0, 1.20, 0.0));
            b.add(metal, cylinder(0.012, 0.12, 0.002, 14).moved(0.0, 1.23, 0.0));
            let dome: Vec<(f32, f32)> = (0..=14)
                .map(|k| {
                    let a = k as f32 / 14.0 * std::f32::consts::FRAC_PI_2;
                    (0.20 * a.cos().max(0.12), h - 0.24 + 0.22 * a.sin())
                })
                .collect();
            let mut both = dome.clone();
            both.extend(dome.iter().rev().map(|&(r, y)| (r - 0.003, y - 0.003)));
            b.add(metal, lathe(&both, 44));
            b.add(metal, cylinder(0.03, 0.04, 0.006, 20).moved(0.0, h - 0.04, 0.0));
        }
        Style::Scandinavian => {
            // A tripod of wood with a linen drum.
            let wood = b.material(look.palette.wood.material(0.0, 1));
            for k in 0..3 {
                let a = (k as f32 * 120.0 + 90.0).to_radians();
                let reach = 0.245;
                let path = [
                    Vec3::new(reach * a.cos(), 0.0, reach * a.sin()),
                    Vec3::new(0.12 * a.cos(), 0.62, 0.12 * a.sin()),
                    Vec3::new(0.018 * a.cos(), h - 0.30, 0.018 * a.sin()),
                ];
                b.add(wood, tube(&path, |t| 0.010 + 0.006 * t, 12));
            }
            b.add(metal, cylinder(0.03, 0.035, 0.004, 20).moved(0.0, h - 0.335, 0.0));
            b.add_aligned(
                cloth,
                cloth_shade(d * 0.5, d * 0.44, 0.28).moved(0.0, h - 0.28, 0.0),
            );
        }
    }
    b.add(light, globe(0.042).moved(0.0, h - 0.17, 0.0));
    b.finish(
        Kind::FloorLamp,
        format!("Floor lamp, {}", look.palette.metal.name()),
        size,
    )
}

pub(super) fn table_lamp(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h) = (size.x, size.y);
    let mut b = Builder::new(seed);
    let metal = b.material(look.palette.metal.material());
    let body = b.material(ceramic(look.palette.vase, 0.35));
    let shade_height = 0.40 * h;
    let shade_colour = if look.style == Style::Industrial {
        0xD9D2C2
    } else {
        look.palette.shade
    };
    let cloth = b.material(shade(shade_colour, shade_height));
    let light = b.material(bulb());
    let neck = h - shade_height;
    match look.style {
        Style::Modern | Style::Industrial => {
            b.add(metal, foot(w * 0.27, 0.018));
            b.add(
                metal,
                cylinder(0.008, neck + 0.05, 0.001, 14).moved(0.0, 0.015, 0.0),
            );
        }
        Style::Contemporary => {
            let profile: Vec<(f32, f32)> = (0..=20)
                .map(|k| {
                    let t = k as f32 / 20.0;
                    (
                        w * (0.10 + 0.24 * (t * std::f32::consts::PI).sin().max(0.0).powf(0.75)),
                        t * neck * 0.86,
                    )
                })
                .collect();
            b.add(body, lathe(&profile, 40));
            b.add(
                metal,
                cylinder(0.010, neck * 0.2 + 0.03, 0.002, 14).moved(0.0, neck * 0.85, 0.0),
            );
        }
        Style::Traditional => {
            b.add(
                metal,
                lathe(
                    &[
                        (0.0, 0.0),
                        (w * 0.25, 0.0),
                        (w * 0.26, 0.012),
                        (w * 0.2, 0.02),
                        (0.0, 0.022),
                    ],
                    36,
                ),
            );
            let n = neck * 0.85;
            b.add(
                body,
                lathe(
                    &[
                        (0.04, 0.02),
                        (0.03, 0.05 * n / 0.25 + 0.01),
                        (w * 0.24, 0.45 * n),
                        (w * 0.27, 0.60 * n),
                        (w * 0.22, 0.76 * n),
                        (0.028, 0.92 * n),
                        (0.034, n),
                    ],
                    36,
                ),
            );
            b.add(
                metal,
                cylinder(0.010, neck * 0.2 + 0.03, 0.002, 14).moved(0.0, n - 0.01, 0.0),
            );
        }
        Style::Scandinavian => {
            let wood = b.material(look.palette.wood.material(0.0, 1));
            let profile = [
                (0.0, 0.0),
                (w * 0.24, 0.0),
                (w * 0.25, 0.006),
                (w * 0.21, neck * 0.35),
                (w * 0.07, neck * 0.80),
                (0.014, neck * 0.86),
                (0.0, neck * 0.86),
            ];
            b.add(wood, lathe(&profile, 36));
            b.add(
                metal,
                cylinder(0.008, neck * 0.2 + 0.03, 0.002, 14).moved(0.0, neck * 0.84, 0.0),
            );
        }
    }
    b.add_aligned(
        cloth,
        cloth_shade(
            w * 0.5,
            w * if look.style == Style::Traditional {
                0.32
            } else {
                0.40
            },
            shade_height,
        )
        .moved(0.0, neck, 0.0),
    );
    b.add(light, globe(0.032).moved(0.0, neck + shade_height * 0.45, 0.0));
    b.finish(Kind::TableLamp, "Table lamp".to_string(), size)
}

/// A jointed lamp for desks; the light reaches towards +z.
pub(super) fn desk_lamp(look: &Look, seed: u32) -> Piece {
    let mut b = Builder::new(seed);
    let metal = b.material(look.palette.metal.material());
    let light = b.material(bulb());
    b.add(metal, foot(0.085, 0.016));
    let joint = Vec3::new(0.0, 0.30, -0.09);
    let head = Vec3::new(0.0, 0.39, 0.12);
    b.add(
        metal,
        tube(
            &bent(
                &[Vec3::new(0.0, 0.015, 0.0), Vec3::new(0.0, 0.05, 0.0), joint],
                0.02,
                false,
            ),
            |_| 0.006,
            10,
        ),
    );
    b.add(metal, tube(&curve(&[joint, head], 4), |_| 0.006, 10));
    b.add(
        metal,
        cylinder(0.011, 0.022, 0.003, 14)
            .turned_z(90.0)
            .moved(0.011, joint.y, joint.z),
    );
    let cone = lathe(
        &[
            (0.075, -0.085),
            (0.07, -0.06),
            (0.045, -0.01),
            (0.022, 0.01),
            (0.018, 0.03),
            (0.0, 0.032),
            (0.016, 0.008),
            (0.042, -0.012),
            (0.067, -0.061),
            (0.073, -0.085),
        ],
        32,
    );
    b.add(metal, cone.turned_x(-28.0).moved(head.x, head.y, head.z));
    b.add(light, globe(0.026).moved(0.0, head.y - 0.045, head.z + 0.024));
    b.finish(
        Kind::TableLamp,
        "Desk lamp".to_string(),
        Vec3::new(0.17, 0.42, 0.31),
    )
}

/// A lamp on a cord; its top is the ceiling. Option 1 wide, option 2 small.
pub(super) fn pendant(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h) = (size.x, size.y);
    let mut b = Builder::new(seed);
    let metal = b.material(look.palette.metal.material());
    let cord = b.material(Material::plain(Vec3::splat(0.04), 0.7));
    let light = b.material(bulb());
    let r = w * 0.5;
    let shade_top = match look.style {
        Style::Modern | Style::Industrial => {
            // A spun dome, painted outside and white within.
            let dome: Vec<(f32, f32)> = (0..=16)
                .map(|k| {
                    let a = k as f32 / 16.0 * std::f32::consts::FRAC_PI_2;
                    (r * a.cos().max(0.10), 0.56 * w * a.sin())
                })
                .collect();
            b.add(metal, lathe(&dome, 48));
            let white = b.material(Material::plain(Vec3::splat(0.72), 0.6));
            let inner: Vec<(f32, f32)> = dome.iter().rev().map(|&(x, y)| (x - 0.004, y - 0.003)).collect();
            b.add(white, lathe(&inner, 48));
            b.add(
                metal,
                lathe(&[(r - 0.004, 0.0), (r, -0.003), (r + 0.001, 0.002)], 48),
            );
            0.56 * w
        }
        Style::Contemporary => {
            // Opal glass.
            let glow = b.material(Material {
                emission: Vec3::new(0.75, 0.70, 0.60),
                ..Material::plain(Vec3::splat(0.78), 0.28)
            });
            b.add(glow, globe(r * 0.98).moved(0.0, r, 0.0));
            b.add(
                metal,
                cylinder(0.045, 0.035, 0.004, 28).moved(0.0, 2.0 * r - 0.018, 0.0),
            );
            2.0 * r
        }
        Style::Traditional => {
            let cloth = b.material(shade(look.palette.shade, 0.55 * w));
            b.add_aligned(cloth, cloth_shade(r, r * 0.62, 0.55 * w));
            0.55 * w
        }
        Style::Scandinavian => {
            let cane = b.material(crate::model::finish::rattan());
            let profile: Vec<(f32, f32)> = (0..=18)
                .map(|k| {
                    let t = k as f32 / 18.0;
                    (r * (0.10 + 0.90 * (1.0 - t).powf(0.55)), 0.50 * w * t)
                })
                .collect();
            let mut both = profile.clone();
            both.extend(
                profile
                    .iter()
                    .rev()
                    .map(|&(x, y)| ((x - 0.006).max(0.004), y - 0.006)),
            );
            b.add(cane, lathe(&both, 48));
            0.50 * w
        }
    };
    if look.style != Style::Contemporary {
        b.add(light, globe(0.045).moved(0.0, shade_top * 0.48, 0.0));
        b.add(
            metal,
            cylinder(0.022, 0.055, 0.004, 20).moved(0.0, shade_top - 0.02, 0.0),
        );
    }
    b.add(
        cord,
        cylinder(0.0035, h - shade_top - 0.02, 0.001, 8).moved(0.0, shade_top, 0.0),
    );
    b.add(
        metal,
        cylinder(0.055, 0.028, 0.006, 32).moved(0.0, h - 0.028, 0.0),
    );
    b.finish(Kind::PendantLamp, "Pendant lamp".to_string(), size)
}
