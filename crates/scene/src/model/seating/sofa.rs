//! Sofas for two and three, with cushions and a throw.

mod corner;

pub(in crate::model) use corner::run_depth;

use super::frame::{LongSeat, scatter, upholstered};
use super::measures::{Upholstery, upholstery};
use crate::furnish::Kind;
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::part::Part;
use crate::model::upholstery::drape;

/// How far a chaise reaches past the other seats, metres.
pub(in crate::model) const CHAISE: f32 = 0.64;

pub(in crate::model) fn sofa(look: &Look, design: &Design, seed: u32) -> Piece {
    if matches!(design.option, 6 | 7) {
        return corner::corner_sofa(look, design, seed);
    }
    let whole = design.size;
    let chaise = match design.option {
        4 => Some(2),
        5 => Some(0),
        _ => None,
    };
    let reach = if chaise.is_some() { CHAISE } else { 0.0 };
    // Of the part that all seats share; the chaise reaches out before it.
    let size = whole - Vec3::Z * reach;
    let seats = usize::from(design.option.clamp(1, 3));
    let mut b = Builder::new(seed);
    let fabric = look.palette.sofa;
    let long_seat = chaise.map(|index| LongSeat { index, reach });
    upholstered(
        &mut b,
        look,
        size,
        &fabric,
        seats,
        long_seat,
        &upholstery(look.style),
    );
    let u = upholstery(look.style);
    let p = &look.palette;
    // Cushions in the corners, the outer one larger; a throw over one arm or the seat now and then.
    let inner = size.x - 2.0 * u.arm_width;
    let front_of_back = -size.z * 0.5 + u.back * 0.62 + u.back_thickness + 0.10;
    let large = (size.y - u.seat + 0.07).clamp(0.38, 0.48);
    let side = if b.dice.chance(0.5) { 1.0 } else { -1.0 };
    let x = side * (inner * 0.5 - large * 0.5);
    scatter(
        &mut b,
        &p.accents[0],
        Vec2::splat(large),
        Vec3::new(x, u.seat - 0.012, front_of_back + 0.03),
        -side * 14.0,
        19.0,
        3.0 * side,
    );
    scatter(
        &mut b,
        &p.accents[1],
        Vec2::new(large - 0.04, large - 0.04),
        Vec3::new(x - side * 0.26, u.seat - 0.012, front_of_back + 0.12),
        -side * 8.0,
        24.0,
        -4.0 * side,
    );
    let other = -side * (inner * 0.5 - large * 0.5);
    scatter(
        &mut b,
        &p.accents[if seats > 2 { 0 } else { 2 }],
        Vec2::splat(large - 0.02),
        Vec3::new(other, u.seat - 0.012, front_of_back + 0.03),
        side * 16.0,
        20.0,
        -3.0 * side,
    );
    if seats > 2 {
        scatter(
            &mut b,
            &p.accents[2],
            Vec2::new(0.50, 0.30),
            Vec3::new(other + side * 0.20, u.seat - 0.012, front_of_back + 0.13),
            side * 6.0,
            26.0,
            2.0 * side,
        );
    }
    if b.dice.chance(0.75) {
        // The throw lies on the side opposite to the larger group of cushions.
        let over_arm = !u.rolled && b.dice.chance(0.55);
        let is_chaise = chaise.is_some_and(|index| (index == 2) == (side < 0.0));
        if over_arm && !is_chaise {
            throw_over_arm(&mut b, look, size, -side, &u);
        } else {
            let front = if is_chaise {
                size.z * 0.5 + reach
            } else {
                size.z * 0.5
            };
            throw_over_seat(
                &mut b,
                look,
                Vec2::new(-side * (inner * 0.5 - 0.34), front),
                front_of_back,
                &u,
            );
        }
    }
    let name = match design.option {
        1 | 2 => "Two-seat sofa",
        3 => "Three-seat sofa",
        _ => "Sofa with chaise",
    };
    b.finish(Kind::Sofa, format!("{name}, {}", fabric.name), whole)
}

/// Folded lengthwise and hung over an arm on the given side (±1): a second layer shows under the first.
fn throw_over_arm(b: &mut Builder, look: &Look, size: Vec3, side: f32, u: &Upholstery) {
    let fabric = look.palette.throw;
    let cloth = b.material(fabric.material());
    let (inside, outside) = (size.x * 0.5 - u.arm_width, size.x * 0.5);
    let (lift, r) = (0.008, u.arm_radius);
    let drop = b.dice.range(0.26, 0.36);
    let profile = |lift: f32, drop: f32| {
        [
            Vec2::new(inside - 0.30, u.seat + 0.022 + lift),
            Vec2::new(inside - 0.09, u.seat + 0.020 + lift),
            Vec2::new(inside - 0.018 - lift, u.seat + 0.06),
            Vec2::new(inside - lift, u.arm - r),
            Vec2::new(inside - lift + 0.3 * r, u.arm - 0.3 * r + lift),
            Vec2::new(inside + r, u.arm + lift),
            Vec2::new(outside - r, u.arm + lift),
            Vec2::new(outside + lift - 0.3 * r, u.arm - 0.3 * r + lift),
            Vec2::new(outside + lift, u.arm - r),
            Vec2::new(outside + lift, u.arm - drop),
        ]
    };
    let z = b.dice.range(0.02, 0.16) * size.z;
    for (layer, width) in [(0.0, 0.47), (1.0, 0.43)] {
        let seed = b.dice.seed();
        let path = profile(lift + 0.011 * layer, drop - 0.035 * layer);
        let tassel = if layer == 0.0 { 0.055 } else { 0.0 };
        let (sheet, fringe) = drape(&path, width, 0.007, 0.011, tassel, seed);
        // The profile runs along z of the drape; turned, it runs along x.
        let set = |p: Part| p.turned_y(side * 90.0).moved(0.0, 0.0, z + 0.012 * layer);
        b.add(cloth, set(sheet));
        if layer == 0.0 {
            b.add(cloth, set(fringe));
        }
    }
}

/// Thrown over a seat and down its front; `at` is the middle of its front edge (x, z).
fn throw_over_seat(b: &mut Builder, look: &Look, at: Vec2, front_of_back: f32, u: &Upholstery) {
    let cloth = b.material(look.palette.throw.material());
    let top = u.seat + 0.5 * u.crown + 0.008;
    let (edge, r) = (at.y + 0.016, u.radius + 0.01);
    let low = (u.seat - u.seat_thickness - 0.06).max(0.12);
    let profile = [
        Vec2::new(front_of_back - 0.04, top + 0.012),
        Vec2::new(front_of_back + 0.25, top),
        Vec2::new(edge - r - 0.10, top + 0.004),
        Vec2::new(edge - r, top),
        Vec2::new(edge - 0.28 * r, top - 0.28 * r),
        Vec2::new(edge, top - r),
        Vec2::new(edge + 0.006, low + 0.08),
        Vec2::new(edge + 0.004, low),
    ];
    let seed = b.dice.seed();
    let (sheet, fringe) = drape(&profile, 0.46, 0.014, 0.010, 0.05, seed);
    let turn = b.dice.jitter(3.0);
    let set = |p: Part| p.turned_y(turn).moved(at.x, 0.0, 0.0);
    b.add(cloth, set(sheet));
    b.add(cloth, set(fringe));
}
