//! Small things: books, vases, branches, pictures, mirrors.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::art::{Motif, Picture};
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{ceramic, leaf, mirror, pages, picture, rattan, srgb};
use crate::model::look::Look;
use crate::model::material::clamp_albedo;
use crate::model::part::Part;
use crate::model::plants;
use crate::model::shapes::{block, curve, cylinder, lathe, slab, soft_box, tube};
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

/// A closed book lying flat: spine towards +z, its length along x.
fn book(b: &mut Builder, look: &Look, length: f32, thickness: f32, depth: f32, place: impl Fn(Part) -> Part) {
    let cloth = cover(b, look);
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
        if style > 0.5 {
            let line = slab(0.004, thickness * 0.9, 0.0006);
            for x in [-0.42, 0.42] {
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
        book(&mut b, look, length, thickness, depth, |p| {
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

/// Upright books from `start` along x; returns the width they take.
pub(super) fn book_row(b: &mut Builder, look: &Look, start: Vec3, run: f32, room: f32) -> f32 {
    let mut x = 0.0;
    while x < run {
        let thickness = b.dice.range(0.016, 0.042);
        let height = b.dice.range(0.62, 0.98) * room.min(0.29);
        let depth = height * b.dice.range(0.66, 0.76);
        let lean = if b.dice.chance(0.06) { 7.0 } else { 0.0 };
        // Upright: length along y, spine to the front.
        book(b, look, height, thickness, depth, |p| {
            p.turned_z(90.0)
                .moved(thickness, height * 0.5, 0.0)
                .turned_z(lean)
                .moved(start.x + x, start.y, start.z + depth * 0.5 + 0.02)
        });
        x += thickness + 0.0015 + if lean > 0.0 { 0.02 } else { 0.0 };
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

pub(super) fn vase(look: &Look, design: &Design, seed: u32) -> Piece {
    let inner = vase_with_branches(look, design.size.y, seed);
    let mut b = Builder::new(seed);
    b.place(&inner, Vec3::ZERO, 0.0);
    b.finish(Kind::Vase, "Vase with branches".to_string(), design.size)
}

pub(super) fn small_vase(look: &Look, height: f32, seed: u32) -> Piece {
    let mut b = Builder::new(seed);
    let kind = b.dice.below(3);
    let glaze = b.material(ceramic(look.palette.vase, 0.35));
    b.add(glaze, lathe(&vase_profile(kind, height * 0.40, height), 32));
    let size = b.size();
    b.finish(Kind::Vase, "Vase".to_string(), size)
}

pub(super) fn basket(_look: &Look, size: Vec3, seed: u32) -> Piece {
    let mut b = Builder::new(seed);
    let cane = b.material(rattan());
    let dark = b.material(Material::plain(Vec3::splat(0.05), 0.9));
    b.add(cane, soft_box(size, 0.02, 2, 0.0).moved(0.0, size.y * 0.5, 0.0));
    b.add(
        dark,
        block(size.x - 0.03, 0.004, size.z - 0.03, 0.001).moved(0.0, size.y - 0.0005, 0.0),
    );
    let extent = b.size();
    b.finish(Kind::Books, "Basket".to_string(), extent)
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

/// An open, unbranded notebook computer that faces +z.
pub(super) fn laptop() -> Piece {
    let mut b = Builder::new(1);
    let shell = b.material(Material {
        metallic: 1.0,
        ..Material::plain(Vec3::splat(0.46), 0.42)
    });
    let dark = b.material(Material::plain(Vec3::splat(0.032), 0.35));
    let screen = b.material(Material::plain(Vec3::new(0.035, 0.038, 0.042), 0.12));
    b.add(
        shell,
        soft_box(Vec3::new(0.32, 0.014, 0.22), 0.006, 2, 0.0).moved(0.0, 0.007, 0.0),
    );
    b.add(
        dark,
        block(0.275, 0.0012, 0.10, 0.0005).moved(0.0, 0.0142, -0.035),
    );
    let lid = |p: Part| p.moved(0.0, 0.105, 0.0).turned_x(-16.0).moved(0.0, 0.012, -0.106);
    b.add(shell, lid(soft_box(Vec3::new(0.32, 0.21, 0.007), 0.0034, 2, 0.0)));
    b.add(
        screen,
        lid(block(0.306, 0.192, 0.0012, 0.0005).moved(0.0, 0.004, 0.0036)),
    );
    let size = b.size();
    b.finish(Kind::Books, "Notebook computer".to_string(), size)
}

/// A framed picture; its back is at z = −depth/2.
fn framed(b: &mut Builder, look: &Look, at: Vec2, size: Vec3, motif: Motif, mount: f32) {
    let (width, height, depth) = (size.x, size.y, size.z);
    // A stem wants an upright sheet.
    let motif = if motif == Motif::Botanical && width > height {
        Motif::Hills
    } else {
        motif
    };
    let rail = if look.style == Style::Traditional {
        0.045
    } else {
        0.018
    };
    let frame_wood = match look.style {
        Style::Modern | Style::Industrial => crate::model::finish::Wood::BlackAsh,
        Style::Contemporary | Style::Scandinavian | Style::Traditional => look.palette.wood,
    };
    let grain = b.dice.seed();
    let frame = if look.style == Style::Traditional {
        b.material(Material {
            metallic: 1.0,
            ..Material::plain(Vec3::new(0.48, 0.36, 0.18), 0.45)
        })
    } else {
        b.material(frame_wood.material(0.0, grain))
    };
    let bevel = if rail > 0.03 { 0.012 } else { 0.003 };
    for s in [-1.0f32, 1.0] {
        b.add(
            frame,
            block(rail, height, depth, bevel).moved(
                at.x + s * (width - rail) * 0.5,
                at.y + height * 0.5,
                0.0,
            ),
        );
        b.add(
            frame,
            block(width - 2.0 * rail + 0.002, rail, depth, bevel).moved(
                at.x,
                at.y + height * 0.5 + s * (height - rail) * 0.5,
                0.0,
            ),
        );
    }
    let sheet = Vec2::new(width - 2.0 * rail, height - 2.0 * rail);
    let p = &look.palette;
    let painting = Picture {
        motif,
        size: sheet,
        mount,
        paper: clamp_albedo(srgb(p.paper)),
        inks: p.inks.map(|c| clamp_albedo(srgb(c))),
        seed: b.dice.seed(),
    };
    let canvas = b.material(picture(painting));
    let mut face = block(sheet.x, sheet.y, depth * 0.55, 0.0015);
    for (uv, q) in face.uvs.iter_mut().zip(&face.positions) {
        *uv = Vec2::new(q.x + sheet.x * 0.5, q.y + sheet.y * 0.5)
            .clamp(Vec2::splat(0.0005), sheet - Vec2::splat(0.0005));
    }
    b.add_aligned(canvas, face.moved(at.x, at.y + height * 0.5, -depth * 0.22));
}

pub(super) fn art(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let motifs: &[Motif] = match look.style {
        Style::Modern => &[Motif::Strokes, Motif::Fields, Motif::Hills],
        Style::Contemporary => &[Motif::Fields, Motif::Shapes, Motif::Line],
        Style::Traditional => &[Motif::Sea, Motif::Hills, Motif::Botanical],
        Style::Industrial => &[Motif::Strokes, Motif::Hills, Motif::Line],
        Style::Scandinavian => &[Motif::Botanical, Motif::Line, Motif::Shapes, Motif::Hills],
    };
    let first = b.dice.below(motifs.len());
    let name = match design.option {
        2 => {
            // Two upright pictures side by side.
            let each = (size.x - 0.06) * 0.5;
            for (k, side) in [-1.0f32, 1.0].into_iter().enumerate() {
                let motif = motifs[(first + k) % motifs.len()];
                framed(
                    &mut b,
                    look,
                    Vec2::new(side * (each + 0.06) * 0.5, 0.0),
                    Vec3::new(each, size.y, size.z),
                    motif,
                    0.06,
                );
            }
            "Pair of framed prints"
        }
        1 => {
            // Paintings fill their frame, drawings and prints have a mat.
            let is_painting = matches!(
                motifs[first],
                Motif::Fields | Motif::Hills | Motif::Sea | Motif::Strokes
            );
            let mount = if is_painting { 0.0 } else { 0.09 };
            framed(&mut b, look, Vec2::ZERO, size, motifs[first], mount);
            if is_painting {
                "Framed painting"
            } else {
                "Framed print"
            }
        }
        _ => {
            framed(
                &mut b,
                look,
                Vec2::ZERO,
                size,
                motifs[first],
                if size.x > 0.45 { 0.07 } else { 0.05 },
            );
            "Framed print"
        }
    };
    b.finish(Kind::Art, name.to_string(), size)
}

pub(super) fn wall_mirror(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let silver = b.material(mirror());
    let frame = match look.style {
        Style::Scandinavian | Style::Traditional => b.material(look.palette.wood.material(0.0, 8)),
        Style::Modern | Style::Contemporary | Style::Industrial => b.material(look.palette.metal.material()),
    };
    let (rx, ry, t) = (size.x * 0.5, size.y * 0.5, size.z);
    let stretch = ry / rx;
    let rail = if look.style == Style::Traditional {
        0.05
    } else {
        0.018
    };
    let ring = lathe(
        &[
            (rx - rail, 0.0),
            (rx, 0.0),
            (rx, t * 0.7),
            (rx - rail * 0.3, t),
            (rx - rail * 0.7, t),
            (rx - rail, t * 0.6),
            (rx - rail, 0.0),
        ],
        72,
    );
    let upright = |p: Part| {
        p.turned_x(90.0)
            .deformed(move |q| Vec3::new(q.x, q.y * stretch, q.z))
    };
    b.add(frame, upright(ring).moved(0.0, ry, 0.0));
    b.add(
        silver,
        upright(lathe(&[(rx - rail * 0.8, t * 0.35), (0.0, t * 0.35)], 72)).moved(0.0, ry, 0.0),
    );
    b.add(
        frame,
        upright(lathe(&[(0.0, 0.0), (rx - 0.01, 0.0)], 72)).moved(0.0, ry, 0.0),
    );
    b.finish(Kind::Mirror, "Round mirror".to_string(), size)
}

/// Option 1 a round floor basket with a throw in it, option 2 an oblong one.
pub(super) fn floor_basket(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let variant = b.dice.seed();
    let cane = b.material(rattan());
    let round = design.option == 1;
    let tall = if round { h * 0.84 } else { h * 0.88 };
    let exponent = if round { 2.0f32 } else { 5.0 };
    let outline = |angle: f32, scale: f32| {
        let (s, c) = angle.sin_cos();
        let k = (c.abs().powf(exponent) + s.abs().powf(exponent)).powf(-1.0 / exponent);
        Vec2::new(c * k * w * 0.5 * scale, -s * k * d * 0.5 * scale)
    };
    // Outside, over the rolled rim, and down the inside.
    let shell = Part::grid(56, 26, |u, v| {
        let angle = u * std::f32::consts::TAU;
        let (t, inset) = if v < 0.5 {
            (v * 2.0, 0.0)
        } else {
            (1.0 - (v - 0.5) * 1.7, 0.045)
        };
        let belly = if round {
            0.84 + 0.16 * (t * 2.4).sin().max(0.0)
        } else {
            0.92 + 0.08 * t
        };
        let row = 0.006 * (t * tall / 0.013 * std::f32::consts::PI).sin().abs();
        let p = outline(angle, belly - inset + row * if inset > 0.0 { -1.0 } else { 1.0 });
        Vec3::new(p.x, t * tall, p.y)
    });
    b.add(cane, shell);
    let rim: Vec<Vec3> = (0..=48)
        .map(|k| {
            let p = outline(
                k as f32 / 48.0 * std::f32::consts::TAU,
                if round { 0.93 } else { 0.98 },
            );
            Vec3::new(p.x, tall, p.y)
        })
        .collect();
    b.add(cane, tube(&rim, |_| 0.011, 8));
    let floor = lathe(&[(0.0, 0.0), (1.0, 0.0), (1.0, 0.01), (0.0, 0.01)], 32)
        .deformed(|p| Vec3::new(p.x * w * 0.38, p.y, p.z * d * 0.38));
    b.add(cane, floor);
    for side in [-1.0f32, 1.0] {
        let x = side * w * 0.5 * 0.93;
        let handle = curve(
            &[
                Vec3::new(x, tall - 0.01, -0.06),
                Vec3::new(x * 1.02, tall + (h - tall) * 0.9, -0.03),
                Vec3::new(x * 1.02, tall + (h - tall) * 0.9, 0.03),
                Vec3::new(x, tall - 0.01, 0.06),
            ],
            6,
        );
        b.add(cane, tube(&handle, |_| 0.008, 8));
    }
    // A throw stuffed into it.
    let cloth = b.material(look.palette.throw.material());
    let heap = Part::grid(40, 16, |u, v| {
        let angle = u * std::f32::consts::TAU;
        let t = 1.0 - v;
        let fold = 0.5
            + 0.5 * (angle * 4.0 + 2.2 * crate::model::noise::noise2(Vec2::new(t * 3.0, 0.3), variant)).sin();
        let p = outline(angle, 0.82 * t.max(0.003));
        let rise = (1.0 - t * t) * (0.55 + 0.45 * fold * t.min(0.8));
        Vec3::new(p.x, tall * 0.80 + (h * 0.99 - tall * 0.80) * rise, p.y)
    });
    b.add(cloth, heap);
    b.finish(Kind::Basket, "Basket with throw".to_string(), size)
}

/// Option 1 a television on feet, 2 on the wall, 3 a monitor. Dark glass, no brand.
pub(super) fn screen(_look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let shell = b.material(Material::plain(Vec3::splat(0.034), 0.42));
    let glass = b.material(Material::plain(Vec3::new(0.030, 0.031, 0.033), 0.10));
    let steel = b.material(crate::model::finish::Metal::Chrome.material());
    let low = match design.option {
        2 => 0.0,
        3 => 0.11,
        _ => 0.075,
    };
    let thick = if design.option == 2 { d } else { 0.042 };
    let tall = h - low;
    let middle = low + tall * 0.5;
    b.add(
        shell,
        soft_box(Vec3::new(w, tall, thick), 0.006, 3, 0.0).moved(0.0, middle, 0.0),
    );
    b.add(
        glass,
        soft_box(Vec3::new(w - 0.016, tall - 0.022, 0.003), 0.0014, 2, 0.0).moved(
            0.0,
            middle + 0.003,
            thick * 0.5,
        ),
    );
    match design.option {
        1 => {
            for side in [-1.0f32, 1.0] {
                let x = side * w * 0.36;
                let path = [
                    Vec3::new(x, 0.005, d * 0.5 - 0.008),
                    Vec3::new(x, low + 0.01, 0.0),
                    Vec3::new(x, 0.005, -d * 0.5 + 0.008),
                ];
                b.add(shell, tube(&path, |_| 0.006, 10));
            }
        }
        3 => {
            b.add(
                steel,
                soft_box(Vec3::new(0.22, 0.010, d), 0.004, 2, 0.0).moved(0.0, 0.005, 0.0),
            );
            b.add(
                steel,
                soft_box(Vec3::new(0.045, low + 0.10, 0.014), 0.005, 2, 0.0).moved(
                    0.0,
                    (low + 0.10) * 0.5,
                    -thick * 0.5 - 0.004,
                ),
            );
        }
        _ => {}
    }
    let name = if design.option == 3 {
        "Monitor"
    } else {
        "Television"
    };
    b.finish(Kind::Screen, name.to_string(), size)
}
