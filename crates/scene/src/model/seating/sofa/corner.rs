//! Sofas around a corner: a run along the back, a return to one side.

use super::super::frame::{run, scatter};
use super::super::measures::upholstery;
use super::throw_over_arm;
use crate::furnish::Kind;
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::shapes::soft_box;
use crate::model::upholstery::{cushion, piping};

/// Seats of the return take so much of the design's depth; the rest is the depth of the run.
const SEATS: [f32; 2] = [1.54, 0.84];

/// How deep the run along the back is, for a design as deep as `depth`.
pub(in crate::model) fn run_depth(depth: f32) -> f32 {
    depth - if depth > 2.0 { SEATS[0] } else { SEATS[1] }
}

/// Option 6 returns at −x, option 7 at +x.
pub(super) fn corner_sofa(look: &Look, design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let side = if design.option == 6 { -1.0f32 } else { 1.0 };
    let u = upholstery(look.style);
    let mut b = Builder::new(seed);
    let p = &look.palette;
    let fabric = p.sofa;
    let depth = run_depth(size.z);
    let reach = size.z - depth;
    let front = -size.z * 0.5 + depth;

    // The run with its corner seat, and the return turned a quarter.
    let mut along = Builder::new(b.dice.seed());
    let own = Vec3::new(size.x, size.y, depth);
    run(
        &mut along,
        look,
        own,
        &fabric,
        (3, None),
        &u,
        [side > 0.0, side < 0.0],
    );
    let run_piece = along.finish(Kind::Sofa, String::new(), own);
    b.place(&run_piece, Vec3::new(0.0, 0.0, front - depth * 0.5), 0.0);
    let seats = if reach > 1.2 { 2 } else { 1 };
    let mut across = Builder::new(b.dice.seed());
    let own = Vec3::new(reach, size.y, depth);
    // Turned, its front end is at −x for a return on the left.
    run(
        &mut across,
        look,
        own,
        &fabric,
        (seats, None),
        &u,
        [side < 0.0, side > 0.0],
    );
    let return_piece = across.finish(Kind::Sofa, String::new(), own);
    let at = Vec3::new(side * (size.x - depth) * 0.5, 0.0, front + reach * 0.5);
    b.place(&return_piece, at, -side * 90.0);

    // The side of the corner seat: a back like the others.
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let top = size.y - 0.055;
    let panel = soft_box(
        Vec3::new(u.back, top - u.leg - 0.005, depth - 0.01),
        u.arm_radius.min(u.back * 0.45),
        3,
        0.09,
    );
    let x = side * (size.x * 0.5 - u.back * 0.5);
    b.add(cloth, panel.moved(x, (top + u.leg) * 0.5, front - depth * 0.5));
    let tall = size.y - u.seat + 0.005;
    let wide = depth - u.back - u.back_thickness - 0.03;
    let pad = Vec3::new(wide, u.back_thickness, tall);
    let pad_seed = b.dice.seed();
    let lean = u.lean + b.dice.jitter(1.5);
    let set = |q: Part| {
        q.turned_x(90.0)
            .moved(0.0, tall * 0.5, 0.0)
            .turned_x(-lean)
            .turned_y(-side * 90.0)
            .moved(
                side * (size.x * 0.5
                    - u.back
                    - u.back_thickness * 0.52
                    - tall * 0.25 * lean.to_radians().sin()),
                u.seat - 0.012,
                front - wide * 0.5 - 0.005,
            )
    };
    b.add(cloth, set(cushion(pad, u.radius, u.crown * 1.8, pad_seed)));
    if u.piped {
        b.add(
            seam,
            set(piping(pad, u.radius, u.crown * 1.8, pad_seed, 1.0, 0.0038)),
        );
    }

    // Cushions lean in the corner, one at the far end.
    let back = -size.z * 0.5 + u.back * 0.62 + u.back_thickness + 0.10;
    let large = (size.y - u.seat + 0.07).clamp(0.38, 0.48);
    let inside = size.x * 0.5 - u.back * 0.62 - u.back_thickness - 0.16;
    let level = u.seat - 0.012;
    scatter(
        &mut b,
        &p.accents[0],
        Vec2::splat(large),
        Vec3::new(side * inside, level, back + 0.12),
        -side * 42.0,
        20.0,
        2.0,
    );
    scatter(
        &mut b,
        &p.accents[1],
        Vec2::splat(large - 0.05),
        Vec3::new(side * (inside - 0.34), level, back + 0.10),
        -side * 12.0,
        24.0,
        -3.0,
    );
    let end = -side * (size.x * 0.5 - u.arm_width - large * 0.5);
    scatter(
        &mut b,
        &p.accents[2],
        Vec2::splat(large - 0.02),
        Vec3::new(end, level, back + 0.03),
        side * 14.0,
        20.0,
        3.0,
    );
    if !u.rolled && b.dice.chance(0.7) {
        // Its z is that of the run's middle.
        let mut thrown = Builder::new(b.dice.seed());
        throw_over_arm(&mut thrown, look, Vec3::new(size.x, size.y, depth), -side, &u);
        let extent = thrown.size();
        let middle = thrown.middle();
        let piece = thrown.finish(Kind::Sofa, String::new(), extent);
        b.place(&piece, middle + Vec3::Z * (front - depth * 0.5), 0.0);
    }
    b.finish(Kind::Sofa, format!("Corner sofa, {}", fabric.name), size)
}
