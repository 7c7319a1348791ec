//! For counters and tables: boards, jars, kettle, fruit, place settings.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{Metal, Wood, ceramic, leaf, srgb};
use crate::model::look::Look;
use crate::model::noise::noise3;
use crate::model::part::Part;
use crate::model::shapes::{curve, cylinder, extrude, lathe, soft_box, tube};
use crate::model::{Material, Piece, plants};

/// A thrown bowl: outer wall, rim and inside.
pub(super) fn bowl(radius: f32, height: f32, foot: f32) -> Part {
    let (r, h) = (radius, height);
    let wall = 0.004;
    let mut profile = vec![(0.0, 0.0), (foot, 0.0), (foot + 0.003, 0.004)];
    for k in 1..=8 {
        let a = k as f32 / 8.0 * std::f32::consts::FRAC_PI_2;
        profile.push((foot + (r - foot) * a.sin(), 0.004 + (h - 0.004) * (1.0 - a.cos())));
    }
    profile.push((r - wall * 0.5, h + 0.001));
    for k in (0..8).rev() {
        let a = k as f32 / 8.0 * std::f32::consts::FRAC_PI_2;
        let inner = foot + (r - wall - foot) * a.sin();
        profile.push((
            inner * if k == 0 { 0.0 } else { 1.0 },
            0.008 + (h - 0.008) * (1.0 - a.cos()),
        ));
    }
    lathe(&profile, 40)
}

/// A plate of glazed stoneware.
pub(super) fn plate(radius: f32) -> Part {
    let r = radius;
    lathe(
        &[
            (0.0, 0.0),
            (0.62 * r, 0.0),
            (0.66 * r, 0.002),
            (0.94 * r, 0.016),
            (r, 0.020),
            (0.985 * r, 0.023),
            (0.93 * r, 0.020),
            (0.68 * r, 0.007),
            (0.60 * r, 0.005),
            (0.0, 0.005),
        ],
        48,
    )
}

/// A fruit: a sphere with a dimple, slightly uneven.
fn fruit(radius: f32, tall: f32, seed: u32) -> Part {
    let profile: Vec<(f32, f32)> = (0..=16)
        .map(|k| {
            let a = (k as f32 / 16.0 - 0.5) * std::f32::consts::PI;
            let dimple = 0.16 * radius * (-(a.cos() / 0.22).powi(2)).exp();
            (
                radius * a.cos().max(0.0),
                radius * tall * a.sin() - dimple * a.sin().signum(),
            )
        })
        .collect();
    lathe(&profile, 22).deformed(move |p| p * (1.0 + 0.04 * noise3(p * 22.0, seed)))
}

pub(super) fn fruit_bowl(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let s = b.dice.seed();
    let body = b.material(match look.style {
        Style::Scandinavian | Style::Industrial => look.palette.wood.material(0.0, s),
        Style::Modern | Style::Contemporary | Style::Traditional => ceramic(look.palette.vase, 0.35),
    });
    let r = size.x * 0.5;
    b.add(body, bowl(r, size.y * 0.56, r * 0.42));
    let lemons = b.dice.chance(0.5);
    let skins: [u32; 3] = if lemons {
        [0xD9B23A, 0xD0A52E, 0xC7B24A]
    } else {
        [0x8E9A3C, 0xA33A2A, 0xA9A24A]
    };
    let stem = b.material(Material::plain(srgb(0x4A3826), 0.85));
    let lay = |b: &mut Builder, x: f32, y: f32, z: f32| {
        let colour = *b.dice.pick(&skins);
        let skin = b.material(Material::plain(srgb(colour), 0.38));
        let radius = if lemons { 0.033 } else { 0.038 } + b.dice.jitter(0.002);
        let (s, a, t) = (b.dice.seed(), b.dice.range(0.0, 360.0), b.dice.range(-60.0, 60.0));
        let part = fruit(radius, if lemons { 1.3 } else { 0.92 }, s);
        b.add(skin, part.turned_x(t).turned_y(a).moved(x, y, z));
        if !lemons {
            let stalk = cylinder(0.0016, 0.018, 0.0004, 6).moved(0.0, radius * 0.72, 0.0);
            b.add(stem, stalk.turned_x(t).turned_y(a).moved(x, y, z));
        }
    };
    let low = size.y * 0.40;
    for k in 0..6 {
        let a = k as f32 / 6.0 * std::f32::consts::TAU + 0.3;
        lay(&mut b, 0.58 * r * a.cos(), low, 0.58 * r * a.sin());
    }
    lay(&mut b, 0.0, low, 0.0);
    for k in 0..3 {
        let a = k as f32 / 3.0 * std::f32::consts::TAU + 0.8;
        lay(&mut b, 0.28 * r * a.cos(), size.y * 0.75, 0.28 * r * a.sin());
    }
    b.finish(Kind::FruitBowl, "Fruit bowl".to_string(), size)
}

/// A board with rounded corners and a hole, standing on its long edge's end in the XY plane.
fn board(width: f32, height: f32) -> Part {
    let mut outline = Vec::new();
    let r = width * 0.18;
    for (cx, cy, from) in [
        (width * 0.5 - r, r, -90.0f32),
        (width * 0.5 - r, height - r, 0.0),
        (-width * 0.5 + r, height - r, 90.0),
        (-width * 0.5 + r, r, 180.0),
    ] {
        for k in 0..=5 {
            let a = (from + 18.0 * k as f32).to_radians();
            outline.push(Vec2::new(cx + r * a.cos(), cy + r * a.sin()));
        }
    }
    let mut part = extrude(&outline, 0.020, 0.004);
    // Grain runs along the board's height.
    for uv in &mut part.uvs {
        *uv = Vec2::new(uv.y, uv.x);
    }
    part
}

/// A storage jar with a wooden lid.
fn jar(b: &mut Builder, body: u16, lid: u16, at: Vec3, radius: f32, height: f32) {
    let (r, h) = (radius, height);
    b.add(
        body,
        lathe(
            &[
                (0.0, 0.0),
                (r - 0.006, 0.0),
                (r, 0.006),
                (r, h * 0.82),
                (r * 0.97, h * 0.86),
                (r * 0.97, h * 0.87),
            ],
            36,
        )
        .moved(at.x, at.y, at.z),
    );
    b.add(
        lid,
        cylinder(r * 0.99, h * 0.10, 0.003, 36).moved(at.x, at.y + h * 0.865, at.z),
    );
    b.add(
        lid,
        cylinder(r * 0.22, h * 0.035, 0.002, 18).moved(at.x, at.y + h * 0.965, at.z),
    );
}

pub(super) fn kettle(b: &mut Builder, metal: u16, grip: u16, at: Vec3, height: f32) {
    let h = height * 0.74;
    let r = h * 0.52;
    b.add(
        metal,
        lathe(
            &[
                (0.0, 0.0),
                (r * 0.92, 0.0),
                (r, 0.012),
                (r * 0.98, h * 0.25),
                (r * 0.84, h * 0.58),
                (r * 0.58, h * 0.84),
                (r * 0.44, h * 0.91),
                (r * 0.45, h * 0.93),
                (r * 0.30, h * 0.97),
                (0.0, h * 0.99),
            ],
            44,
        )
        .moved(at.x, at.y, at.z),
    );
    b.add(
        grip,
        lathe(
            &[
                (0.006, 0.0),
                (0.006, 0.010),
                (0.013, 0.018),
                (0.010, 0.028),
                (0.0, 0.030),
            ],
            18,
        )
        .moved(at.x, at.y + h * 0.98, at.z),
    );
    let spout = curve(
        &[
            Vec3::new(at.x + r * 0.80, at.y + h * 0.36, at.z),
            Vec3::new(at.x + r * 1.10, at.y + h * 0.52, at.z),
            Vec3::new(at.x + r * 1.22, at.y + h * 0.82, at.z),
            Vec3::new(at.x + r * 1.42, at.y + h * 0.92, at.z),
        ],
        6,
    );
    b.add(metal, tube(&spout, |t| 0.017 - 0.010 * t, 14));
    let handle = curve(
        &[
            Vec3::new(at.x - r * 0.62, at.y + h * 0.74, at.z),
            Vec3::new(at.x - r * 0.62, at.y + height * 0.95, at.z),
            Vec3::new(at.x, at.y + height, at.z),
            Vec3::new(at.x + r * 0.52, at.y + height * 0.95, at.z),
            Vec3::new(at.x + r * 0.60, at.y + h * 0.76, at.z),
        ],
        6,
    );
    b.add(grip, tube(&handle, |_| 0.007, 12));
}

/// Option 1 boards, jars and oil; option 2 kettle and cups; option 3 utensils, herbs and a jar.
pub(super) fn set(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let s = b.dice.seed();
    let wood = b.material(Wood::Oak.material(0.0, s));
    let dark_wood = b.material(Wood::Walnut.material(0.0, s ^ 1));
    let glaze = b.material(ceramic(look.palette.pot, 0.32));
    let second = b.material(ceramic(look.palette.vase, 0.32));
    let metal = b.material(look.palette.metal.material());
    let dark = b.material(Metal::Black.material());
    let name = match design.option {
        1 => {
            let lean = |p: Part| p.turned_x(-11.0);
            b.add(
                wood,
                lean(board(0.26, h)).moved(-w * 0.5 + 0.14, 0.0, -d * 0.5 + 0.10),
            );
            b.add(
                dark_wood,
                lean(board(0.20, h * 0.78)).moved(-w * 0.5 + 0.25, 0.0, -d * 0.5 + 0.135),
            );
            jar(&mut b, glaze, wood, Vec3::new(0.06, 0.0, -0.02), 0.060, 0.21);
            jar(&mut b, glaze, wood, Vec3::new(0.19, 0.0, -0.01), 0.054, 0.165);
            jar(&mut b, second, wood, Vec3::new(0.295, 0.0, 0.0), 0.042, 0.125);
            let oil = b.material(Material::plain(srgb(0x4E5326), 0.1));
            b.add(
                oil,
                lathe(
                    &[
                        (0.0, 0.0),
                        (0.030, 0.0),
                        (0.033, 0.004),
                        (0.033, 0.16),
                        (0.028, 0.185),
                        (0.012, 0.215),
                        (0.011, 0.265),
                        (0.014, 0.267),
                        (0.013, 0.275),
                        (0.0, 0.275),
                    ],
                    28,
                )
                .moved(-0.055, 0.0, 0.035),
            );
            "Boards and jars"
        }
        2 => {
            let body = if look.style == Style::Scandinavian {
                second
            } else {
                metal
            };
            kettle(&mut b, body, dark, Vec3::new(-w * 0.5 + 0.13, 0.0, -0.01), h);
            for (x, z) in [(0.09f32, -0.035f32), (0.175, 0.03)] {
                b.add(glaze, bowl(0.042, 0.085, 0.024).moved(x, 0.0, z));
                let handle = curve(
                    &[
                        Vec3::new(x + 0.038, 0.068, z),
                        Vec3::new(x + 0.066, 0.062, z),
                        Vec3::new(x + 0.062, 0.030, z),
                        Vec3::new(x + 0.030, 0.024, z),
                    ],
                    5,
                );
                b.add(glaze, tube(&handle, |_| 0.0045, 8));
            }
            "Kettle and cups"
        }
        _ => {
            let at = Vec3::new(-w * 0.5 + 0.075, 0.0, 0.0);
            b.add(
                second,
                lathe(
                    &[
                        (0.0, 0.0),
                        (0.056, 0.0),
                        (0.060, 0.006),
                        (0.062, 0.15),
                        (0.060, 0.153),
                        (0.056, 0.150),
                        (0.054, 0.03),
                        (0.0, 0.03),
                    ],
                    36,
                )
                .moved(at.x, at.y, at.z),
            );
            for k in 0..5 {
                let tool = if k % 2 == 0 { wood } else { dark_wood };
                let tall = h - 0.05 - 0.025 * (k as f32 - 2.0).abs();
                let stick = cylinder(0.0055, tall - 0.05, 0.002, 10)
                    .joined(soft_box(Vec3::new(0.042, 0.075, 0.010), 0.0048, 2, 0.0).moved(
                        0.0,
                        tall - 0.045,
                        0.0,
                    ))
                    .turned_x(9.0 + b.dice.jitter(3.0))
                    .turned_y(k as f32 * 72.0 + b.dice.jitter(15.0));
                b.add(tool, stick.moved(at.x, 0.032, at.z));
            }
            herbs(&mut b, look, Vec3::new(0.03, 0.0, 0.0));
            jar(
                &mut b,
                glaze,
                wood,
                Vec3::new(w * 0.5 - 0.055, 0.0, 0.01),
                0.050,
                0.15,
            );
            "Utensils and herbs"
        }
    };
    b.finish(Kind::KitchenSet, name.to_string(), size)
}

/// A small pot of basil.
fn herbs(b: &mut Builder, look: &Look, at: Vec3) {
    let clay = b.material(ceramic(look.palette.pot, 0.6));
    b.add(
        clay,
        lathe(
            &[
                (0.0, 0.0),
                (0.040, 0.0),
                (0.043, 0.003),
                (0.055, 0.095),
                (0.053, 0.098),
                (0.050, 0.095),
                (0.048, 0.080),
                (0.0, 0.080),
            ],
            32,
        )
        .moved(at.x, at.y, at.z),
    );
    let greens = [leaf(0x4F7A37, 0x86A862), leaf(0x629046, 0x9ABB72)].map(|m| b.material(m));
    for k in 0..54 {
        let a = k as f32 * 2.4;
        let r = 0.062 * (k as f32 / 54.0).sqrt();
        let y = 0.10 + 0.11 * (1.0 - (r / 0.075).powi(2)) * b.dice.range(0.6, 1.0);
        let length = b.dice.range(0.030, 0.045);
        let blade = plants::leaf_blade(length, length * 0.62, 0.35, 4, 2)
            .turned_x(b.dice.range(-45.0, 25.0))
            .turned_y(90.0 - a.to_degrees() + b.dice.jitter(30.0));
        let green = *b.dice.pick(&greens);
        b.add_aligned(
            green,
            blade.moved(at.x + r * a.cos(), at.y + y, at.z + r * a.sin()),
        );
    }
}
