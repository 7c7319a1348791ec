//! What hangs on walls: framed pictures and mirrors.

use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::model::art::{Motif, Picture};
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::finish::{mirror, picture, srgb};
use crate::model::look::Look;
use crate::model::material::clamp_albedo;
use crate::model::part::Part;
use crate::model::shapes::{block, lathe};
use crate::model::{Material, Piece};

/// A gilt moulding: a raised back edge, a hollow, and a bead at the sight edge.
pub(crate) const GILT: &[(f32, f32)] = &[
    (0.0, 0.0),
    (0.0, 0.86),
    (0.04, 0.97),
    (0.16, 1.0),
    (0.26, 0.93),
    (0.45, 0.62),
    (0.66, 0.50),
    (0.80, 0.54),
    (0.88, 0.66),
    (0.95, 0.66),
    (1.0, 0.52),
    (1.0, 0.0),
];
/// A flat moulding with eased edges.
pub(crate) const PLAIN: &[(f32, f32)] = &[
    (0.0, 0.0),
    (0.0, 0.93),
    (0.09, 1.0),
    (0.91, 1.0),
    (1.0, 0.93),
    (1.0, 0.0),
];

/// Four lengths of moulding with mitred corners, in the XY plane. The moulding's section is given from the outer back
/// edge to the inner one: shares of `rail` inwards and of `depth` forwards.
pub(crate) fn mitred(width: f32, height: f32, rail: f32, depth: f32, moulding: &[(f32, f32)]) -> Part {
    let corner = |k: usize, inward: f32, forward: f32| {
        let (sx, sy) = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)][k % 4];
        let at = |side: f32| side * 0.5 - inward * rail;
        Vec3::new(sx * at(width), sy * at(height), (forward - 0.5) * depth)
    };
    let mut frame = Part::default();
    for side in 0..4 {
        let mut part = Part::default();
        let mut across = 0.0;
        for (i, &(inward, forward)) in moulding.iter().enumerate() {
            let (from, to) = (corner(side, inward, forward), corner(side + 1, inward, forward));
            if i > 0 {
                let before = moulding[i - 1];
                across += Vec2::new((inward - before.0) * rail, (forward - before.1) * depth).length();
            }
            let inset = inward * rail;
            part.positions.extend([from, to]);
            part.uvs.extend([
                Vec2::new(inset, across),
                Vec2::new(inset + from.distance(to), across),
            ]);
            if i > 0 {
                let n = 2 * i as u32;
                part.triangles.extend([[n - 2, n - 1, n + 1], [n - 2, n + 1, n]]);
            }
        }
        // Each length is shaded for itself, so that the mitres stay sharp.
        let mut part = part.smooth(38.0);
        for uv in &mut part.uvs {
            uv.x += side as f32 * 0.7;
        }
        frame = frame.joined(part);
    }
    frame
}

/// A framed picture; its back is at z = −depth/2.
fn framed(b: &mut Builder, look: &Look, at: Vec2, size: Vec3, motif: Motif, mount: f32) {
    let (width, height, depth) = (size.x, size.y, size.z);
    let motif = suited(motif, width, height);
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
    let moulding = if look.style == Style::Traditional {
        GILT
    } else {
        PLAIN
    };
    b.add(
        frame,
        mitred(width, height, rail, depth, moulding).moved(at.x, at.y + height * 0.5, 0.0),
    );
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

/// What people of a style hang.
fn motifs(style: Style) -> &'static [Motif] {
    use Motif::{
        Bands, Botanical, Contours, Dunes, Fan, Fields, Hills, Line, Mist, Moon, Sea, Shapes, Squares, Stems,
        Strokes, Vessels, Wash, Woven,
    };
    match style {
        Style::Modern => &[Strokes, Fields, Bands, Squares, Contours, Dunes, Wash],
        Style::Contemporary => &[Fields, Shapes, Line, Wash, Moon, Fan, Bands],
        Style::Traditional => &[Sea, Hills, Botanical, Vessels, Mist, Stems],
        Style::Industrial => &[Strokes, Dunes, Line, Contours, Mist, Woven, Squares],
        Style::Scandinavian => &[Botanical, Line, Shapes, Stems, Moon, Fan, Hills, Woven],
    }
}

/// A stem wants an upright sheet.
fn suited(motif: Motif, width: f32, height: f32) -> Motif {
    match motif {
        Motif::Botanical | Motif::Stems | Motif::Fan if width > height => Motif::Hills,
        _ => motif,
    }
}

/// What the pictures of a piece of wall art show, so that a room does not show the same twice.
pub(crate) fn motifs_shown(style: Style, design: &Design, seed: u32) -> Vec<Motif> {
    let known = motifs(style);
    let first = Builder::new(seed).dice.below(known.len());
    let (width, height) = (design.size.x, design.size.y);
    match design.option {
        2 => (0..2)
            .map(|k| suited(known[(first + k) % known.len()], (width - 0.06) * 0.5, height))
            .collect(),
        _ => vec![suited(known[first], width, height)],
    }
}

pub(super) fn art(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let motifs = motifs(look.style);
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
                Motif::Fields
                    | Motif::Hills
                    | Motif::Sea
                    | Motif::Strokes
                    | Motif::Bands
                    | Motif::Dunes
                    | Motif::Mist
                    | Motif::Vessels
                    | Motif::Squares
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

/// Options 1 and 2 hang, round or oval; 3 stands and leans on the wall.
pub(super) fn wall_mirror(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let mut b = Builder::new(seed);
    let silver = b.material(mirror());
    if design.option == 3 {
        return leaning_mirror(b, look, silver, size);
    }
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

fn leaning_mirror(mut b: Builder, look: &Look, silver: u16, size: Vec3) -> Piece {
    let frame = match look.style {
        Style::Scandinavian | Style::Traditional => b.material(look.palette.wood.material(0.0, 8)),
        Style::Modern | Style::Contemporary | Style::Industrial => b.material(look.palette.metal.material()),
    };
    let (rail, depth) = match look.style {
        Style::Traditional => (0.065, 0.045),
        Style::Scandinavian => (0.032, 0.032),
        Style::Modern | Style::Contemporary | Style::Industrial => (0.016, 0.030),
    };
    let lean = ((size.z - depth) / size.y).asin().to_degrees();
    let tall = size.y / lean.to_radians().cos() - 0.004;
    let moulding = [
        (0.0, 0.0),
        (0.0, 0.90),
        (0.12, 1.0),
        (0.85, 1.0),
        (1.0, 0.8),
        (1.0, 0.0),
    ];
    let set = |p: Part| p.moved(0.0, tall * 0.5, 0.0).turned_x(-lean);
    b.add(frame, set(mitred(size.x, tall, rail, depth, &moulding)));
    let glass = block(size.x - 1.6 * rail, tall - 1.6 * rail, 0.005, 0.001);
    b.add(silver, set(glass.moved(0.0, 0.0, depth * 0.2)));
    let board = b.material(Material::plain(Vec3::splat(0.16), 0.9));
    b.add(
        board,
        set(block(size.x - rail, tall - rail, 0.006, 0.001).moved(0.0, 0.0, -depth * 0.4)),
    );
    b.finish(Kind::Mirror, "Leaning mirror".to_string(), size)
}
