//! Pot plants with real leaves.

use crate::furnish::{Kind, Style};
use crate::geometry::Vec3;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{ceramic, concrete, leaf, rattan, srgb};
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::shapes::{curve, cylinder, lathe, soft_box, tube};
use crate::model::{Material, Piece};

/// A leaf from the origin along +z, its face up, drooping by `droop` of its length; texture v runs along it.
pub(super) fn leaf_blade(length: f32, width: f32, droop: f32, rows: usize, columns: usize) -> Part {
    shaped_leaf(length, droop, rows, columns, 0.18, |t| {
        width * 0.5 * (t.powf(0.75) * (1.0 - t).powf(0.62) * 2.42).min(1.0)
    })
}

/// A leaf with any half width along its length; `fold` raises the halves into a shallow V.
fn shaped_leaf(
    length: f32,
    droop: f32,
    rows: usize,
    columns: usize,
    fold: f32,
    half: impl Fn(f32) -> f32,
) -> Part {
    let columns = columns.max(2) & !1;
    let mut part = Part::grid(columns, rows, |u, v| {
        let x = 2.0 * u - 1.0;
        let half = half(v).max(0.0004);
        let sag = -droop * length * v * v;
        let reach = length * (v - droop * droop * 0.35 * v * v * v);
        let rise = fold * half * x.abs() + 0.012 * length * (v * 17.0 + x * 2.0).sin() * x.abs();
        Vec3::new(x * half, sag + rise, reach)
    });
    for (index, uv) in part.uvs.iter_mut().enumerate() {
        let (i, j) = (index % (columns + 1), index / (columns + 1));
        let v = j as f32 / rows as f32;
        uv.x = (2.0 * i as f32 / columns as f32 - 1.0) * half(v);
        uv.y = v * length;
    }
    part
}

/// A split leaf: deep cuts between its lobes.
fn split_leaf(length: f32, width: f32, droop: f32) -> Part {
    // Lobes are separate blades that share the midrib, each along its own direction.
    let mut part = Part::default();
    let lobes = 6;
    let spine = |t: f32| {
        Vec3::new(
            0.0,
            -droop * length * t * t,
            length * t * (1.0 - 0.15 * droop * t),
        )
    };
    part = part.joined(shaped_leaf(length * 0.98, droop, 10, 4, 0.14, |t| {
        width * 0.30 * (t.powf(0.5) * (1.0 - t).powf(0.6) * 2.0).min(1.0)
    }));
    for k in 0..lobes {
        let t = 0.06 + 0.78 * k as f32 / (lobes - 1) as f32;
        let at = spine(t);
        let angle = 98.0 - 66.0 * t;
        let reach = width * 0.56 * (1.0 - 0.45 * (t - 0.35).abs());
        for side in [-1.0f32, 1.0] {
            let lobe = shaped_leaf(reach, 0.18 + 0.10 * t, 6, 2, 0.10, |s| {
                0.098 * length * (s + 0.25).min(1.0).powf(0.4) * (1.0 - s.powi(5)).max(0.0).powf(0.5)
            });
            part = part.joined(lobe.turned_y(side * angle).moved(at.x, at.y + 0.001, at.z));
        }
    }
    part
}

/// A pot of the palette with earth in it; returns the height of the earth.
fn pot(b: &mut Builder, look: &Look, radius: f32, height: f32) -> f32 {
    let earth = b.material(Material::plain(srgb(0x3B2E24), 0.95));
    let wall = match look.style {
        Style::Industrial => b.material(concrete(look.palette.pot, 3)),
        Style::Scandinavian if b.dice.chance(0.4) => b.material(rattan()),
        _ => b.material(ceramic(look.palette.pot, 0.5)),
    };
    let (r, h) = (radius, height);
    let profile: &[(f32, f32)] = match look.style {
        Style::Modern | Style::Industrial => &[
            (0.0, 0.0),
            (0.90, 0.0),
            (0.93, 0.015),
            (1.0, 0.985),
            (0.995, 1.0),
            (0.95, 1.0),
            (0.94, 0.985),
            (0.93, 0.86),
        ],
        Style::Traditional => &[
            (0.0, 0.0),
            (0.62, 0.0),
            (0.66, 0.02),
            (0.90, 0.78),
            (0.91, 0.80),
            (1.0, 0.81),
            (1.0, 0.98),
            (0.985, 1.0),
            (0.90, 1.0),
            (0.88, 0.98),
            (0.86, 0.86),
        ],
        Style::Contemporary | Style::Scandinavian => &[
            (0.0, 0.0),
            (0.66, 0.0),
            (0.72, 0.02),
            (0.90, 0.20),
            (0.99, 0.45),
            (1.0, 0.62),
            (0.95, 0.85),
            (0.90, 0.985),
            (0.885, 1.0),
            (0.85, 0.99),
            (0.84, 0.86),
        ],
    };
    let scaled: Vec<(f32, f32)> = profile.iter().map(|&(x, y)| (x * r, y * h)).collect();
    b.add(wall, lathe(&scaled, 44));
    b.add(
        earth,
        cylinder(r * 0.9, 0.02, 0.004, 32).moved(0.0, h * 0.87 - 0.01, 0.0),
    );
    h * 0.88
}

pub(super) fn plant(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let name = match design.option {
        1 => fiddle_leaf(&mut b, look, size),
        2 => monstera(&mut b, look, size),
        3 => snake_plant(&mut b, look, size),
        4 => olive(&mut b, look, size),
        _ => rubber_plant(&mut b, look, size),
    };
    b.finish(Kind::Plant, name.to_string(), size)
}

fn fiddle_leaf(b: &mut Builder, look: &Look, size: Vec3) -> &'static str {
    let earth = pot(b, look, 0.19, 0.36);
    let bark = b.material(Material::plain(srgb(0x7A6650), 0.85));
    let greens = [
        b.material(leaf(0x4E6B38, 0x9DAE74)),
        b.material(leaf(0x5E7D42, 0xA9B884)),
        b.material(leaf(0x3F5A30, 0x8FA36B)),
    ];
    for stem in 0..3 {
        let a = stem as f32 * 2.1 + b.dice.jitter(0.4);
        let lean = b.dice.range(0.06, 0.15);
        let top = size.y * [0.93, 0.80, 0.66][stem];
        let foot = Vec3::new(0.035 * a.cos(), earth - 0.02, 0.035 * a.sin());
        let head = Vec3::new(lean * a.cos(), top, lean * a.sin());
        let path = curve(
            &[
                foot,
                foot.lerp(head, 0.4) + Vec3::new(b.dice.jitter(0.02), 0.0, b.dice.jitter(0.02)),
                head,
            ],
            8,
        );
        b.add(bark, tube(&path, |t| 0.012 * (1.0 - 0.6 * t), 8));
        let leaves = 15 - stem * 2;
        for k in 0..leaves {
            let t = (k as f32 + 0.6) / leaves as f32;
            let y = 0.30 + 0.70 * t;
            let at = path[((path.len() - 1) as f32 * y) as usize];
            let length = 0.31 * (1.0 - 0.38 * t) * b.dice.range(0.85, 1.1);
            let half = length * 0.33;
            let blade = shaped_leaf(length, 0.30 + b.dice.jitter(0.12), 9, 4, 0.22, |s| {
                half * (0.62 * (s * 3.3).min(1.0).sqrt()
                    + 0.38 * (s * std::f32::consts::PI * 0.8).sin().max(0.0))
                    * (1.0 - s.powi(5)).max(0.0).sqrt()
            });
            let pitch = -64.0 + 46.0 * (1.0 - t) + b.dice.jitter(12.0);
            let yaw = k as f32 * 137.5 + b.dice.jitter(18.0);
            let colour = *b.dice.pick(&greens);
            b.add_aligned(
                colour,
                blade
                    .moved(0.0, 0.0, 0.035)
                    .turned_x(pitch)
                    .turned_y(yaw)
                    .moved(at.x, at.y, at.z),
            );
        }
    }
    "Fiddle-leaf fig"
}

fn monstera(b: &mut Builder, look: &Look, size: Vec3) -> &'static str {
    let earth = pot(b, look, 0.20, 0.33);
    let stalk = b.material(Material::plain(srgb(0x5F7A3F), 0.6));
    let greens = [
        b.material(leaf(0x3F6134, 0x7F9A5E)),
        b.material(leaf(0x4C7040, 0x8AA468)),
    ];
    let count = 13;
    for k in 0..count {
        let a = k as f32 * 2.4 + b.dice.jitter(0.25);
        let t = k as f32 / (count - 1) as f32;
        let reach = size.x * (0.17 + 0.20 * (1.0 - t) + b.dice.jitter(0.03));
        let top = earth + (size.y - earth) * (0.30 + 0.60 * t) + b.dice.jitter(0.03);
        let tip = Vec3::new(reach * a.cos(), top, reach * a.sin());
        let foot = Vec3::new(0.03 * a.cos(), earth - 0.02, 0.03 * a.sin());
        let path = curve(
            &[
                foot,
                foot + Vec3::new(0.25 * tip.x, (top - earth) * 0.6, 0.25 * tip.z),
                tip,
            ],
            7,
        );
        b.add(stalk, tube(&path, |s| 0.0065 - 0.003 * s, 7));
        let length = b.dice.range(0.26, 0.36);
        let blade = split_leaf(length, length * 0.95, 0.22);
        let yaw = 90.0 - a.to_degrees();
        let pitch = 14.0 + 26.0 * (1.0 - t) + b.dice.jitter(10.0);
        let colour = *b.dice.pick(&greens);
        b.add_aligned(
            colour,
            blade
                .moved(0.0, 0.0, -0.03)
                .turned_x(pitch)
                .turned_y(yaw)
                .moved(tip.x, tip.y, tip.z),
        );
    }
    "Monstera"
}

fn snake_plant(b: &mut Builder, look: &Look, size: Vec3) -> &'static str {
    let earth = pot(b, look, 0.155, 0.28);
    let greens = [
        b.material(leaf(0x5C7449, 0x7E9262)),
        b.material(leaf(0x6F8558, 0xB6B37A)),
        b.material(leaf(0x4A6340, 0x74895C)),
    ];
    for k in 0..16 {
        let a = k as f32 * 2.4;
        let r = 0.095 * (k as f32 / 16.0).sqrt();
        let length = (size.y - earth) * b.dice.range(0.62, 1.02) * (1.0 - 0.25 * (k as f32 / 16.0));
        let width = b.dice.range(0.045, 0.062);
        let twist = b.dice.jitter(40.0);
        let blade = shaped_leaf(length, 0.03, 12, 4, 0.30, |s| {
            width * 0.5 * (0.55 + 0.45 * (s * 2.5).min(1.0)) * (1.0 - s.powi(4)).max(0.0).powf(0.7)
        })
        .deformed(|p| {
            let s = (p.z / length * twist).to_radians();
            Vec3::new(p.x * s.cos() - p.y * s.sin(), p.x * s.sin() + p.y * s.cos(), p.z)
        });
        let tilt = -90.0 + 4.0 + 13.0 * (r / 0.095) + b.dice.jitter(4.0);
        let colour = *b.dice.pick(&greens);
        b.add_aligned(
            colour,
            blade.turned_x(tilt).turned_y(90.0 - a.to_degrees()).moved(
                r * a.cos(),
                earth - 0.02,
                r * a.sin(),
            ),
        );
    }
    "Snake plant"
}

fn olive(b: &mut Builder, look: &Look, size: Vec3) -> &'static str {
    let earth = pot(b, look, 0.19, 0.36);
    olive_crown(b, Vec3::new(0.0, earth, 0.0), size);
    "Olive tree"
}

/// Trunk, branches and narrow leaves that grow from `root` and fill `size`.
fn olive_crown(b: &mut Builder, root: Vec3, size: Vec3) {
    let earth = root.y;
    let bark = b.material(Material::plain(srgb(0x857663), 0.9));
    let greens = [
        b.material(leaf(0x7D8A63, 0x98A27E)),
        b.material(leaf(0x8E9974, 0xA8B08C)),
        b.material(leaf(0x6C7A55, 0x8B9670)),
    ];
    let fork = Vec3::new(0.01, size.y * 0.52, 0.0);
    let trunk = curve(
        &[
            Vec3::new(0.0, earth - 0.02, 0.0),
            Vec3::new(0.025, size.y * 0.34, 0.012),
            fork,
        ],
        7,
    );
    b.add(bark, tube(&trunk, |t| 0.018 * (1.0 - 0.35 * t), 10));
    for k in 0..15 {
        let a = k as f32 * 2.4 + b.dice.jitter(0.3);
        let up = b.dice.range(0.10, 0.48) * size.y;
        let out = size.x * 0.44 * (1.0 - 0.6 * (up / (0.48 * size.y) - 0.35).abs()) * b.dice.range(0.65, 1.0);
        let tip = fork + Vec3::new(out * a.cos(), up - 0.02, out * a.sin());
        let path = curve(
            &[
                fork - Vec3::Y * b.dice.range(0.0, 0.15),
                fork.lerp(tip, 0.5) + Vec3::new(0.0, 0.05, 0.0),
                tip,
            ],
            6,
        );
        b.add(bark, tube(&path, |t| 0.0065 * (1.0 - 0.75 * t), 6));
        for j in 0..46 {
            let t = 0.22 + 0.78 * j as f32 / 46.0;
            let at = path[((path.len() - 1) as f32 * t) as usize]
                + Vec3::new(b.dice.jitter(0.045), b.dice.jitter(0.045), b.dice.jitter(0.045)) * t;
            let length = b.dice.range(0.055, 0.092);
            let blade = shaped_leaf(length, 0.15, 3, 2, 0.15, |s| {
                0.0105 * (s * std::f32::consts::PI).sin().max(0.0).sqrt()
            });
            let colour = *b.dice.pick(&greens);
            let (pitch, yaw) = (b.dice.range(-70.0, 35.0), b.dice.range(0.0, 360.0));
            b.add_aligned(
                colour,
                blade.turned_x(pitch).turned_y(yaw).moved(at.x, at.y, at.z),
            );
        }
    }
}

fn rubber_plant(b: &mut Builder, look: &Look, size: Vec3) -> &'static str {
    let earth = pot(b, look, 0.14, 0.25);
    let bark = b.material(Material::plain(srgb(0x6E5A44), 0.85));
    let greens = [
        b.material(leaf(0x3A5232, 0x6F8655)),
        b.material(leaf(0x48623B, 0x7D9460)),
    ];
    for stem in 0..3 {
        let a = stem as f32 * 2.1 + 0.4;
        let head = Vec3::new(0.10 * a.cos(), size.y * [0.92, 0.78, 0.68][stem], 0.10 * a.sin());
        let foot = Vec3::new(0.03 * a.cos(), earth - 0.02, 0.03 * a.sin());
        let path = curve(&[foot, foot.lerp(head, 0.5), head], 8);
        b.add(bark, tube(&path, |t| 0.008 * (1.0 - 0.5 * t), 7));
        for k in 0..9 {
            let t = (k as f32 + 0.5) / 9.0;
            let at = path[((path.len() - 1) as f32 * (0.15 + 0.85 * t)) as usize];
            let length = b.dice.range(0.16, 0.22) * (1.0 - 0.25 * t);
            let blade = leaf_blade(length, length * 0.52, 0.28, 7, 4);
            let (pitch, yaw) = (
                -52.0 + 40.0 * (1.0 - t) + b.dice.jitter(10.0),
                k as f32 * 137.5 + stem as f32 * 50.0,
            );
            let colour = *b.dice.pick(&greens);
            b.add_aligned(
                colour,
                blade
                    .moved(0.0, 0.0, 0.02)
                    .turned_x(pitch)
                    .turned_y(yaw)
                    .moved(at.x, at.y, at.z),
            );
        }
    }
    "Rubber plant"
}

/// Outdoor pots: option 1 an olive, option 2 a trough of grasses, option 3 clipped box.
pub(super) fn planter(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let s = b.dice.seed();
    let wall = b.material(match look.style {
        Style::Modern | Style::Industrial => concrete(look.palette.pot, s),
        Style::Contemporary | Style::Scandinavian => concrete(0xB9B2A6, s),
        Style::Traditional => ceramic(0xA5653F, 0.75),
    });
    let earth = b.material(Material::plain(srgb(0x3B2E24), 0.95));
    let name = match design.option {
        1 => {
            let base = square_pot(&mut b, wall, earth, Vec3::new(0.42, 0.46, 0.42));
            olive_crown(&mut b, Vec3::new(0.0, base, 0.0), Vec3::new(w, h, d));
            "Olive tree in a planter"
        }
        2 => {
            let base = square_pot(&mut b, wall, earth, Vec3::new(w, 0.42, d * 0.80));
            grasses(&mut b, base, Vec3::new(w, h, d));
            "Planter with grasses"
        }
        _ => {
            let base = square_pot(&mut b, wall, earth, Vec3::new(w * 0.84, 0.42, d * 0.84));
            box_ball(&mut b, base, size);
            "Clipped box in a planter"
        }
    };
    b.finish(Kind::Planter, name.to_string(), size)
}

/// A cast trough with a thick rim; returns the height of the earth.
fn square_pot(b: &mut Builder, wall: u16, earth: u16, size: Vec3) -> f32 {
    let (w, h, d) = (size.x, size.y, size.z);
    let t = 0.03;
    for side in [-1.0f32, 1.0] {
        b.add(
            wall,
            soft_box(Vec3::new(w, h, t), 0.006, 2, 0.0).moved(0.0, h * 0.5, side * (d - t) * 0.5),
        );
        b.add(
            wall,
            soft_box(Vec3::new(t, h, d - 0.004), 0.006, 2, 0.0).moved(side * (w - t) * 0.5, h * 0.5, 0.0),
        );
    }
    b.add(
        earth,
        soft_box(Vec3::new(w - 0.05, 0.02, d - 0.05), 0.004, 1, 0.0).moved(0.0, h - 0.05, 0.0),
    );
    h - 0.045
}

fn grasses(b: &mut Builder, base: f32, size: Vec3) {
    let greens = [
        b.material(leaf(0x7E8C55, 0x98A56E)),
        b.material(leaf(0x6B7C48, 0x8A9A64)),
        b.material(leaf(0xA89F6C, 0xBDB486)),
    ];
    for k in 0..230 {
        let (x, z) = (
            b.dice.jitter(size.x * 0.5 - 0.08),
            b.dice.jitter(size.z * 0.40 - 0.07),
        );
        let length = (size.y - base) * b.dice.range(0.65, 1.15);
        let blade = shaped_leaf(length, b.dice.range(0.15, 0.65), 8, 2, 0.25, |t| {
            0.0042 * (1.0 - t * t).max(0.02)
        });
        let pitch = -90.0 + b.dice.range(4.0, 26.0);
        let green = *b.dice.pick(&greens);
        b.add_aligned(
            green,
            blade
                .turned_x(pitch)
                .turned_y(k as f32 * 137.5)
                .moved(x, base - 0.01, z),
        );
    }
}

fn box_ball(b: &mut Builder, base: f32, size: Vec3) {
    let greens = [
        b.material(leaf(0x40602F, 0x6C8A4E)),
        b.material(leaf(0x557A3C, 0x7F9F5C)),
        b.material(leaf(0x35512A, 0x5F7C45)),
    ];
    let core = b.material(Material::plain(srgb(0x26331D), 0.95));
    let r = (size.y - base) * 0.5;
    let middle = Vec3::new(0.0, base + r * 0.94, 0.0);
    let ball: Vec<(f32, f32)> = (0..=12)
        .map(|k| {
            let a = (k as f32 / 12.0 - 0.5) * std::f32::consts::PI;
            (0.90 * r * a.cos().max(0.0), 0.90 * r * a.sin())
        })
        .collect();
    b.add(core, lathe(&ball, 24).moved(middle.x, middle.y, middle.z));
    let count = 1500;
    for k in 0..count {
        let y = 1.0 - 2.0 * (k as f32 + 0.5) / count as f32;
        let a = k as f32 * 2.399_963;
        let ring = (1.0 - y * y).max(0.0).sqrt();
        let out = Vec3::new(ring * a.cos(), y, ring * a.sin());
        let at = middle + out * r * b.dice.range(0.86, 1.0);
        let length = b.dice.range(0.018, 0.028);
        let blade = shaped_leaf(length, 0.2, 2, 2, 0.2, |t| {
            0.0075 * (t * std::f32::consts::PI).sin().max(0.0).sqrt()
        });
        let pitch = -y.asin().to_degrees() + b.dice.jitter(45.0);
        let yaw = 90.0 - out.z.atan2(out.x).to_degrees() + b.dice.jitter(50.0);
        let green = *b.dice.pick(&greens);
        b.add_aligned(green, blade.turned_x(pitch).turned_y(yaw).moved(at.x, at.y, at.z));
    }
}
