//! Sofas for two and three, with cushions and a throw.

use super::frame::{LongSeat, scatter, upholstered};
use super::measures::upholstery;
use crate::furnish::Kind;
use crate::geometry::{Vec2, Vec3};
use crate::model::Piece;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::look::Look;
use crate::model::upholstery::drape;

pub(in crate::model) fn sofa(look: &Look, design: &Design, seed: u32) -> Piece {
    let whole = design.size;
    let chaise = match design.option {
        4 => Some(2),
        5 => Some(0),
        _ => None,
    };
    let reach = if chaise.is_some() { 0.64 } else { 0.0 };
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
    let thrown = b.dice.chance(0.75);
    if !u.rolled && seats > 1 && thrown {
        // The throw hangs over the arm opposite to the larger group of cushions.
        let cloth = b.material(p.throw.material());
        let width = 0.42;
        let (inside, outside) = (size.x * 0.5 - u.arm_width, size.x * 0.5);
        let lift = 0.006;
        let r = u.arm_radius;
        let profile = [
            Vec2::new(inside - 0.26, u.seat + 0.025),
            Vec2::new(inside - 0.07, u.seat + 0.02),
            Vec2::new(inside - 0.015 - lift, u.seat + 0.05),
            Vec2::new(inside - lift, u.arm - r),
            Vec2::new(inside - lift + 0.3 * r, u.arm - 0.3 * r + lift),
            Vec2::new(inside + r, u.arm + lift),
            Vec2::new(outside - r, u.arm + lift),
            Vec2::new(outside + lift - 0.3 * r, u.arm - 0.3 * r + lift),
            Vec2::new(outside + lift, u.arm - r),
            Vec2::new(outside + lift, u.arm - 0.34),
        ];
        let seed = b.dice.seed();
        // The profile runs along z of the drape; turned, it runs along x.
        let sheet = drape(&profile, width, 0.010, 0.009, seed).turned_y(-side * 90.0);
        b.add(cloth, sheet.moved(0.0, 0.0, size.z * 0.12));
    }
    let name = match design.option {
        1 | 2 => "Two-seat sofa",
        3 => "Three-seat sofa",
        _ => "Sofa with chaise",
    };
    b.finish(Kind::Sofa, format!("{name}, {}", fabric.name), whole)
}
