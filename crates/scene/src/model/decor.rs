//! Small things: books, vases, branches.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{ceramic, leaf, pages, srgb};
use crate::model::look::Look;
use crate::model::material::clamp_albedo;
use crate::model::part::Part;
use crate::model::plants;
use crate::model::shapes::{curve, cylinder, lathe, slab, soft_box, tube};
use crate::model::{Material, Piece};

/// Muted covers that go with any palette; the palette's inks are mixed in.
const COVERS: [u32; 8] = [
    0xD9D2C4, 0x8C8478, 0x5E6B73, 0xB7A48A, 0x3E4044, 0xA4563F, 0xC9C5BD, 0x6E7A66,
];

fn cover(b: &mut Builder, look: &Look) -> u16 {
    let colour = if b.dice.chance(0.5) {
        *b.dice.pick(&COVERS)
    } else {
        look.palette.inks[b.dice.below(4)]
    };
    b.material(Material::plain(clamp_albedo(srgb(colour)), 0.6))
}

/// A closed book lying flat: spine towards +z, its length along x. `size` is length, thickness, depth.
fn book(b: &mut Builder, look: &Look, size: Vec3, shared: Option<u16>, place: impl Fn(Part) -> Part) {
    let (length, thickness, depth) = (size.x, size.y, size.z);
    let cloth = shared.unwrap_or_else(|| cover(b, look));
    let paper = b.material(pages());
    let board = 0.003;
    for s in [-1.0f32, 1.0] {
        b.add(
            cloth,
            place(slab(length, board, depth).moved(
                0.0,
                thickness * 0.5 + s * (thickness - board) * 0.5,
                0.0,
            )),
        );
    }
    b.add(
        cloth,
        place(
            soft_box(Vec3::new(length, thickness, 0.006), 0.0025, 1, 0.0).moved(
                0.0,
                thickness * 0.5,
                depth * 0.5 - 0.003,
            ),
        ),
    );
    // A title on the spine of most, lines of print on some.
    let style = b.dice.unit();
    if style < 0.75 {
        let ink = b.material(Material::plain(
            if style < 0.4 {
                Vec3::splat(0.58)
            } else {
                Vec3::new(0.34, 0.27, 0.14)
            },
            0.6,
        ));
        let (from, wide) = (
            b.dice.range(-0.30, 0.05) * length,
            b.dice.range(0.16, 0.34) * length,
        );
        let tall = thickness * if style < 0.2 { 0.72 } else { 0.30 };
        let title = slab(wide, tall, 0.0006).moved(from, thickness * 0.5, depth * 0.5 + 0.0001);
        b.add(ink, place(title));
        if style < 0.2 || (0.4..0.55).contains(&style) {
            // An author under the title.
            let name = slab(wide * 0.5, thickness * 0.16, 0.0006);
            b.add(
                ink,
                place(name.moved(0.34 * length, thickness * 0.5, depth * 0.5 + 0.0001)),
            );
        }
        if style > 0.5 {
            // Raised bands or printed lines.
            let line = slab(0.004, thickness * 0.94, 0.0008);
            let bands: &[f32] = if style > 0.66 {
                &[-0.42, -0.22, 0.0, 0.22, 0.42]
            } else {
                &[-0.42, 0.42]
            };
            for &x in bands {
                b.add(
                    ink,
                    place(
                        line.clone()
                            .moved(x * length, thickness * 0.5, depth * 0.5 + 0.0001),
                    ),
                );
            }
        }
    }
    // Page edges: sheets are stacked in y; v of the texture must follow y on all sides.
    let mut leaves =
        slab(length - 0.008, thickness - 2.0 * board, depth - 0.010).moved(0.0, thickness * 0.5, -0.001);
    for (uv, p) in leaves.uvs.iter_mut().zip(&leaves.positions) {
        *uv = Vec2::new(p.x + p.z, p.y);
    }
    b.add(paper, place(leaves));
}

/// Books lying on each other, turned a little. Stands on y = 0.
pub(super) fn book_stack(look: &Look, count: usize, seed: u32) -> Piece {
    let mut b = Builder::new(seed);
    let mut y = 0.0;
    let mut length = 0.27;
    for _ in 0..count {
        let thickness = b.dice.range(0.020, 0.036);
        let turn = b.dice.jitter(9.0);
        let depth = length * b.dice.range(0.70, 0.78);
        book(&mut b, look, Vec3::new(length, thickness, depth), None, |p| {
            p.turned_y(turn).moved(0.0, y, 0.0)
        });
        y += thickness;
        length -= b.dice.range(0.01, 0.035);
    }
    let size = b.size();
    b.finish(Kind::Books, "Books".to_string(), size)
}

pub(super) fn books(look: &Look, design: &Design, seed: u32) -> Piece {
    let stack = book_stack(look, 3, seed);
    let mut b = Builder::new(seed);
    b.place(&stack, Vec3::ZERO, 0.0);
    b.finish(Kind::Books, "Books".to_string(), design.size)
}

/// Upright books from `start` along x; returns the width they take. Now and then a series of equal volumes, and the
/// last ones lean.
pub(super) fn book_row(b: &mut Builder, look: &Look, start: Vec3, run: f32, room: f32) -> f32 {
    let mut x = 0.0;
    let tallest = room.min(0.31);
    let mut series: Option<(usize, f32, f32, u16)> = None;
    while x < run {
        if series.is_none() && b.dice.chance(0.10) {
            let shared = cover(b, look);
            series = Some((
                2 + b.dice.below(4),
                b.dice.range(0.018, 0.034),
                b.dice.range(0.66, 0.95) * tallest,
                shared,
            ));
        }
        let (thickness, height, shared) = match &mut series {
            Some((left, thickness, height, shared)) => {
                *left -= 1;
                (*thickness, *height, Some(*shared))
            }
            // Paperbacks, novels and a few large volumes.
            None => {
                let kind = b.dice.unit();
                let (thin, thick, low, high) = match kind {
                    k if k < 0.45 => (0.012, 0.026, 0.58, 0.68),
                    k if k < 0.85 => (0.022, 0.042, 0.70, 0.86),
                    _ => (0.018, 0.050, 0.90, 1.0),
                };
                (b.dice.range(thin, thick), b.dice.range(low, high) * tallest, None)
            }
        };
        if series.as_ref().is_some_and(|(left, ..)| *left == 0) {
            series = None;
        }
        let depth = (height * b.dice.range(0.64, 0.76)).min(0.21);
        let leans = x + thickness + 0.03 >= run && b.dice.chance(0.6) || b.dice.chance(0.05);
        let lean = if leans {
            b.dice.range(6.0, 13.0)
        } else {
            b.dice.jitter(0.6)
        };
        let pushed = b.dice.range(0.0, 0.022);
        // Upright: length along y, spine to the front.
        book(b, look, Vec3::new(height, thickness, depth), shared, |p| {
            p.turned_z(90.0)
                .moved(thickness, height * 0.5, 0.0)
                .turned_z(lean)
                .moved(start.x + x, start.y, start.z + depth * 0.5 + pushed)
        });
        x += thickness
            + 0.0015
            + if leans {
                height * lean.to_radians().sin() * 0.55
            } else {
                0.0
            };
    }
    x
}

fn vase_profile(kind: usize, r: f32, h: f32) -> Vec<(f32, f32)> {
    let outer: Vec<(f32, f32)> = match kind {
        // A bottle with a narrow neck.
        0 => vec![
            (0.0, 0.0),
            (0.55 * r, 0.0),
            (0.62 * r, 0.02 * h),
            (0.95 * r, 0.24 * h),
            (r, 0.38 * h),
            (0.88 * r, 0.54 * h),
            (0.46 * r, 0.70 * h),
            (0.30 * r, 0.80 * h),
            (0.28 * r, 0.92 * h),
            (0.36 * r, h),
        ],
        // A shouldered jar.
        1 => vec![
            (0.0, 0.0),
            (0.58 * r, 0.0),
            (0.63 * r, 0.02 * h),
            (0.80 * r, 0.25 * h),
            (0.97 * r, 0.55 * h),
            (r, 0.68 * h),
            (0.90 * r, 0.82 * h),
            (0.62 * r, 0.92 * h),
            (0.56 * r, 0.97 * h),
            (0.60 * r, h),
        ],
        // A tall cylinder that widens.
        _ => vec![
            (0.0, 0.0),
            (0.60 * r, 0.0),
            (0.66 * r, 0.02 * h),
            (0.70 * r, 0.3 * h),
            (0.80 * r, 0.6 * h),
            (0.94 * r, 0.88 * h),
            (r, h),
        ],
    };
    // Smoothed, then the wall turns inwards.
    let points: Vec<Vec3> = outer.iter().map(|&(x, y)| Vec3::new(x, y, 0.0)).collect();
    let mut profile: Vec<(f32, f32)> = vec![(0.0, 0.0)];
    profile.extend(
        curve(&points[1..], 4)
            .iter()
            .map(|p| (p.x.max(0.004), p.y.clamp(0.0, h))),
    );
    let rim = profile[profile.len() - 1];
    profile.push((rim.0 - 0.003, h + 0.001));
    profile.push((rim.0 - 0.006, h - 0.002));
    profile.push((rim.0 * 0.85, h * 0.9));
    profile
}

/// Thin branches with leaves that stand in a vase; `reach` is their height above the rim.
fn branches(b: &mut Builder, base: Vec3, reach: f32, count: usize, dry: bool) {
    let bark = b.material(Material::plain(srgb(0x5C4632), 0.8));
    let green = if dry {
        b.material(leaf(0xA99A72, 0x8C7A52))
    } else {
        b.material(leaf(0x6C8256, 0x93A377))
    };
    for k in 0..count {
        let a = k as f32 / count as f32 * std::f32::consts::TAU + b.dice.jitter(0.5);
        let spread = b.dice.range(0.18, 0.48) * reach;
        let tip = base
            + Vec3::new(
                spread * a.cos(),
                reach * b.dice.range(0.75, 1.0),
                spread * a.sin(),
            );
        let bend = Vec3::new(b.dice.jitter(0.03), 0.0, b.dice.jitter(0.03));
        let path = curve(
            &[
                base - Vec3::Y * 0.05,
                base + Vec3::Y * reach * 0.25 + bend,
                base.lerp(tip, 0.6) + bend * 0.5 + Vec3::Y * 0.03,
                tip,
            ],
            5,
        );
        b.add(bark, tube(&path, |t| 0.0026 * (1.0 - 0.6 * t), 5));
        let leaves = 13;
        for j in 0..leaves {
            let t = 0.38 + 0.62 * j as f32 / leaves as f32;
            let at = path[((path.len() - 1) as f32 * t) as usize];
            let turn = j as f32 * 137.5 + b.dice.jitter(20.0);
            let length = reach * b.dice.range(0.15, 0.21);
            let part = plants::leaf_blade(length, length * 0.52, 0.25, 4, 3)
                .turned_x(b.dice.range(25.0, 65.0))
                .turned_y(turn);
            b.add_aligned(green, part.moved(at.x, at.y, at.z));
        }
    }
}

/// A vase with branches, `height` in all.
pub(super) fn vase_with_branches(look: &Look, height: f32, seed: u32) -> Piece {
    let mut b = Builder::new(seed);
    let kind = b.dice.below(2);
    let vase_height = height * 0.42;
    let glaze = b.material(ceramic(
        look.palette.vase,
        if look.style == Style::Scandinavian {
            0.6
        } else {
            0.3
        },
    ));
    b.add(
        glaze,
        lathe(&vase_profile(kind, vase_height * 0.42, vase_height), 36),
    );
    let dry = look.style == Style::Industrial;
    branches(
        &mut b,
        Vec3::new(0.0, vase_height, 0.0),
        height - vase_height,
        7,
        dry,
    );
    let size = Vec3::new(b.size().x, height, b.size().z);
    b.finish(Kind::Vase, "Vase with branches".to_string(), size)
}

/// Option 1 with branches, 2 a group of two vessels, 3 with dried grasses.
pub(super) fn vase(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let name = match design.option {
        2 => {
            let tall = small_vase(look, size.y, b.dice.seed());
            let turn = b.dice.range(0.0, 360.0);
            b.place(&tall, Vec3::new(-0.06, 0.0, -0.01), turn);
            let low = bowl_vase(look, size.y * b.dice.range(0.42, 0.55), b.dice.seed());
            b.place(&low, Vec3::new(0.09, 0.0, 0.025), 0.0);
            "Two vessels"
        }
        3 => {
            let vessel = size.y * 0.40;
            let kind = b.dice.below(3);
            let glaze = b.material(ceramic(look.palette.vase, 0.5));
            b.add(glaze, lathe(&vase_profile(kind, vessel * 0.42, vessel), 32));
            grasses(&mut b, Vec3::Y * vessel * 0.92, size.y - vessel);
            "Vase with grasses"
        }
        _ => {
            let inner = vase_with_branches(look, size.y, seed);
            b.place(&inner, Vec3::ZERO, 0.0);
            "Vase with branches"
        }
    };
    b.finish(Kind::Vase, name.to_string(), size)
}

/// A low round vessel, thrown by hand: never quite round.
fn bowl_vase(look: &Look, height: f32, seed: u32) -> Piece {
    let mut b = Builder::new(seed);
    let r = height * 0.62;
    let glaze = b.material(ceramic(look.palette.pot, 0.45));
    let profile = [
        (0.0, 0.0),
        (0.50 * r, 0.0),
        (0.56 * r, 0.02 * height),
        (0.90 * r, 0.30 * height),
        (r, 0.55 * height),
        (0.88 * r, 0.82 * height),
        (0.62 * r, 0.97 * height),
        (0.58 * r, height),
        (0.54 * r, 0.98 * height),
        (0.56 * r, 0.80 * height),
    ];
    let points: Vec<Vec3> = profile[1..].iter().map(|&(x, y)| Vec3::new(x, y, 0.0)).collect();
    let mut smooth = vec![(0.0, 0.0)];
    smooth.extend(
        curve(&points, 3)
            .iter()
            .map(|p| (p.x.max(0.004), p.y.clamp(0.0, height))),
    );
    let lean = b.dice.jitter(0.03);
    let thrown = lathe(&smooth, 32).deformed(|p| {
        let angle = p.z.atan2(p.x);
        let wobble = 1.0 + 0.012 * (2.0 * angle + 1.0).sin() + 0.006 * (p.y / height * 22.0).sin();
        Vec3::new(p.x * wobble + lean * p.y, p.y, p.z * wobble)
    });
    b.add(glaze, thrown);
    let size = b.size();
    b.finish(Kind::Vase, "Bowl vase".to_string(), size)
}

/// Dry stalks with feathery heads.
fn grasses(b: &mut Builder, base: Vec3, reach: f32) {
    let straw = b.material(Material::plain(srgb(0xB79F74), 0.9));
    let plume = b.material(Material::plain(srgb(0xCDB893), 0.95));
    for k in 0..13 {
        let angle = k as f32 * 2.4 + b.dice.jitter(0.4);
        let out = reach * b.dice.range(0.06, 0.34);
        let tip = base
            + Vec3::new(
                out * angle.cos(),
                reach * b.dice.range(0.72, 1.0),
                out * angle.sin(),
            );
        let path = curve(
            &[
                base - Vec3::Y * 0.04,
                base.lerp(tip, 0.45) + Vec3::Y * reach * 0.08,
                tip,
            ],
            5,
        );
        b.add(straw, tube(&path, |t| 0.0016 * (1.0 - 0.5 * t), 4));
        let from = path.len() - 4;
        let head: Vec<Vec3> = path[from..].to_vec();
        b.add(
            plume,
            tube(&head, |t| 0.0025 + 0.008 * (t * std::f32::consts::PI).sin(), 6),
        );
    }
}

pub(super) fn small_vase(look: &Look, height: f32, seed: u32) -> Piece {
    let mut b = Builder::new(seed);
    let kind = b.dice.below(3);
    let glaze = b.material(ceramic(look.palette.vase, 0.35));
    b.add(glaze, lathe(&vase_profile(kind, height * 0.40, height), 32));
    let size = b.size();
    b.finish(Kind::Vase, "Vase".to_string(), size)
}

pub(super) fn pen_cup(look: &Look, seed: u32) -> Piece {
    let mut b = Builder::new(seed);
    let glaze = b.material(ceramic(look.palette.pot, 0.4));
    b.add(
        glaze,
        lathe(
            &[
                (0.0, 0.0),
                (0.036, 0.0),
                (0.040, 0.004),
                (0.040, 0.096),
                (0.038, 0.098),
                (0.036, 0.095),
                (0.036, 0.03),
                (0.0, 0.03),
            ],
            28,
        ),
    );
    for k in 0..4 {
        let stick = cover(&mut b, look);
        let lean = 8.0 + b.dice.jitter(6.0);
        let height = 0.165 + b.dice.jitter(0.012);
        let pen = cylinder(0.0038, height, 0.002, 8)
            .turned_x(lean)
            .turned_y(k as f32 * 90.0 + 20.0);
        b.add(stick, pen.moved(0.0, 0.032, 0.0));
    }
    let size = b.size();
    b.finish(Kind::Books, "Pens".to_string(), size)
}
