//! An upholstered bench for the foot of a bed.

use super::frame::legs_under;
use super::measures::Legs;
use crate::furnish::{Kind, Style};
use crate::geometry::Vec3;
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::shapes::block;
use crate::model::upholstery::{cushion, piping};

pub(in crate::model) fn bench(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let fabric = if look.style == Style::Contemporary {
        look.palette.armchair
    } else {
        look.palette.headboard
    };
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let legs = match look.style {
        Style::Modern | Style::Industrial => Legs::Frame,
        Style::Traditional => Legs::Turned,
        Style::Contemporary | Style::Scandinavian => Legs::Tapered,
    };
    let pad = 0.13;
    legs_under(&mut b, look, legs, w, d, h - pad - 0.03);
    let wood = b.material(look.palette.wood.material(0.0, 2));
    b.add(
        wood,
        block(w - 0.05, 0.04, d - 0.05, 0.005).moved(0.0, h - pad - 0.02, 0.0),
    );
    let s = b.dice.seed();
    let seat = Vec3::new(w, pad + 0.01, d);
    let set = |p: Part| p.moved(0.0, h - seat.y * 0.5, 0.0);
    b.add(cloth, set(cushion(seat, 0.035, 0.012, s)));
    for edge in [1.0, -1.0] {
        b.add(seam, set(piping(seat, 0.035, 0.012, s, edge, 0.0038)));
    }
    b.finish(Kind::Bench, format!("Bench, {}", fabric.name), size)
}
