//! What sofas and armchairs share: measures per style, legs, arms, seat and back cushions.

use super::measures::{Legs, Upholstery};
use crate::furnish::Style;
use crate::geometry::{Vec2, Vec3};
use crate::model::builder::Builder;
use crate::model::finish::{Cloth, Fabric};
use crate::model::look::Look;
use crate::model::noise::{noise2, noise3};
use crate::model::part::Part;
use crate::model::shapes::{bar, bent, block, extrude, lathe, soft_box, tapered_leg, tube};
use crate::model::upholstery::{cushion, pillow, pillow_piping, piping};

pub(super) fn legs_under(b: &mut Builder, look: &Look, kind: Legs, width: f32, depth: f32, height: f32) {
    let (x, z) = (width * 0.5, depth * 0.5);
    match kind {
        Legs::Tapered => {
            let wood = b.material(look.palette.wood.material(0.0, 5));
            let leg = tapered_leg(height + 0.01, 0.023, 0.013, Vec2::new(0.045, 0.03), true);
            b.corners(wood, leg.moved(x - 0.10, 0.0, z - 0.09));
        }
        Legs::Blade => {
            let metal = b.material(look.palette.metal.material());
            b.corners(
                metal,
                block(0.012, height, 0.075, 0.003).moved(x - 0.09, height * 0.5, z - 0.10),
            );
            b.corners(
                metal,
                block(0.075, height, 0.012, 0.003).moved(x - 0.1215, height * 0.5, z - 0.0685),
            );
        }
        Legs::Turned => {
            let wood = b.material(look.palette.wood.material(0.0, 5));
            let h = height + 0.01;
            let profile: Vec<(f32, f32)> = [
                (0.0, 0.0),
                (0.016, 0.0),
                (0.020, 0.008),
                (0.021, 0.02),
                (0.017, 0.03),
                (0.021, 0.24 * h / 0.12 * 0.12 + 0.01),
                (0.030, 0.55 * h),
                (0.036, 0.74 * h),
                (0.034, 0.84 * h),
                (0.026, 0.88 * h),
                (0.036, 0.93 * h),
                (0.036, h),
                (0.0, h),
            ]
            .to_vec();
            b.corners(wood, lathe(&profile, 18).moved(x - 0.09, 0.0, z - 0.08));
        }
        Legs::Plinth => {
            let wood = b.material(look.palette.wood.material(0.0, 5));
            b.add(
                wood,
                block(width - 0.16, height + 0.01, depth - 0.16, 0.006).moved(
                    0.0,
                    (height + 0.01) * 0.5,
                    0.0,
                ),
            );
        }
        Legs::Frame => {
            let metal = b.material(look.palette.metal.material());
            for side in [-1.0f32, 1.0] {
                let (px, pz) = (side * (x - 0.10), z - 0.08);
                let path = bent(
                    &[
                        Vec3::new(px, height, pz),
                        Vec3::new(px, 0.011, pz),
                        Vec3::new(px, 0.011, -pz),
                        Vec3::new(px, height, -pz),
                    ],
                    0.03,
                    false,
                );
                b.add(metal, bar(&path, 0.022, 0.022));
            }
            b.add(
                metal,
                block(width - 0.2, 0.022, 0.022, 0.004).moved(0.0, height - 0.011, z - 0.08),
            );
            b.add(
                metal,
                block(width - 0.2, 0.022, 0.022, 0.004).moved(0.0, height - 0.011, -z + 0.08),
            );
        }
    }
}

/// A rolled arm: its outline is extruded along the depth of the seat.
pub(super) fn rolled_arm(width: f32, top: f32, bottom: f32, depth: f32) -> Part {
    let roll = width * 0.5;
    let mut outline = vec![
        Vec2::new(-roll * 0.45, bottom),
        Vec2::new(roll * 0.62, bottom),
        Vec2::new(roll * 0.62, top - 1.75 * roll),
    ];
    for k in 0..=14 {
        let angle = (-62.0 + 278.0 * k as f32 / 14.0).to_radians();
        outline.push(Vec2::new(roll * angle.cos(), top - roll + roll * angle.sin()));
    }
    outline.push(Vec2::new(-roll * 0.45, top - 1.8 * roll));
    extrude(&outline, depth, 0.018)
}

pub(super) fn seat_width(count: usize, inner: f32) -> f32 {
    inner / count as f32
}

/// Cushions that lean in the corners of a seat or bed.
pub(super) fn scatter(
    b: &mut Builder,
    fabric: &Fabric,
    size: Vec2,
    at: Vec3,
    yaw: f32,
    lean: f32,
    roll: f32,
) {
    let cloth = b.material(fabric.material());
    let seed = b.dice.seed();
    let thickness = 0.15 + b.dice.jitter(0.01);
    let set = |p: Part| {
        p.turned_z(roll)
            .moved(0.0, size.y * 0.5, 0.0)
            .turned_x(-lean)
            .turned_y(yaw)
            .moved(at.x, at.y, at.z)
    };
    b.add(cloth, set(pillow(size.x, size.y, thickness, seed)));
    if !matches!(fabric.cloth, Cloth::Knit | Cloth::Boucle) {
        let seam = b.material(fabric.seam());
        b.add(seam, set(pillow_piping(size.x, size.y, thickness, seed)));
    }
}

/// A seat that is drawn out to lie on.
#[derive(Clone, Copy)]
pub(super) struct LongSeat {
    /// Counted from −x.
    pub(super) index: usize,
    /// How far it reaches past the others, metres.
    pub(super) reach: f32,
}

/// Frame, arms, seat and back cushions of a sofa or armchair.
pub(super) fn upholstered(
    b: &mut Builder,
    look: &Look,
    size: Vec3,
    fabric: &Fabric,
    seats: usize,
    long_seat: Option<LongSeat>,
    u: &Upholstery,
) {
    run(b, look, size, fabric, (seats, long_seat), u, [true, true]);
}

/// A run of seats; `arms` says whether there is one at −x and at +x.
pub(super) fn run(
    b: &mut Builder,
    look: &Look,
    size: Vec3,
    fabric: &Fabric,
    (seats, long_seat): (usize, Option<LongSeat>),
    u: &Upholstery,
    arms: [bool; 2],
) {
    let (w, h, d) = (size.x, size.y, size.z);
    let cloth = b.material(fabric.material());
    let seam = b.material(fabric.seam());
    let nub = b.dice.seed();
    // Loops stand out of the outline.
    let looped = |p: Part| match fabric.cloth {
        Cloth::Boucle => p.nubbed(0.0038, 0.021, nub),
        _ => p,
    };
    legs_under(b, look, u.legs, w, d, u.leg);
    let deck_top = u.seat - u.seat_thickness + 0.012;
    let [first, last] = arms.map(|arm| if arm { u.arm_width } else { 0.004 });
    let inner = w - first - last;
    let (start, middle) = (first - w * 0.5, (first - last) * 0.5);
    let both = arms == [true, true];
    let put_arm = |b: &mut Builder, material: u16, part: Part| {
        // Parts are given for the arm at +x.
        if arms[0] {
            b.add(material, part.clone().mirrored());
        }
        if arms[1] {
            b.add(material, part);
        }
    };

    // Deck between the arms, front edge slightly behind the arms' fronts.
    let deck_height = (deck_top - u.leg).max(0.07);
    b.add(
        cloth,
        soft_box(
            Vec3::new(
                if u.rolled && both { w - 0.02 } else { inner + 0.05 },
                deck_height,
                d - 0.03,
            ),
            0.018,
            2,
            0.0,
        )
        .moved(middle, u.leg + deck_height * 0.5, -0.005),
    );

    // Arms.
    let arm_height = u.arm - u.leg;
    if u.rolled {
        let arm = rolled_arm(u.arm_width, u.arm, u.leg, d - 0.02);
        put_arm(b, cloth, arm.moved(w * 0.5 - u.arm_width * 0.5, 0.0, -0.01));
        // A button-like boss on the front of the scroll.
        let boss = lathe(
            &[
                (u.arm_width * 0.36, 0.0),
                (u.arm_width * 0.34, 0.010),
                (u.arm_width * 0.2, 0.014),
                (0.0, 0.015),
            ],
            20,
        );
        put_arm(
            b,
            seam,
            boss.turned_x(90.0).moved(
                w * 0.5 - u.arm_width * 0.5,
                u.arm - u.arm_width * 0.5,
                d * 0.5 - 0.022,
            ),
        );
    } else {
        let bulge = 0.006 + u.crown * 0.4;
        let arm = soft_box(
            Vec3::new(u.arm_width, arm_height, d - 0.01),
            u.arm_radius,
            4,
            0.06,
        )
        .deformed(move |p| {
            let n = Vec3::new(p.x, p.y / (arm_height * 0.5), p.z / (d * 0.5));
            let out = bulge * (1.0 - n.y * n.y).max(0.0) * (1.0 - n.z.powi(4)).max(0.0);
            // The cover of an arm is not stretched like a drum.
            let slack = 0.005 * noise3(p * 6.0, 71) * (1.0 - n.y.powi(6)) * (1.0 - n.z.powi(8));
            Vec3::new(p.x + (out * 0.4 + slack) * p.x.signum(), p.y, p.z)
        });
        put_arm(
            b,
            cloth,
            looped(arm).moved(w * 0.5 - u.arm_width * 0.5, u.leg + arm_height * 0.5, 0.0),
        );
        if u.piped {
            let arm_size = Vec3::new(u.arm_width, arm_height, d - 0.01);
            let inset = u.arm_radius * 0.29;
            let (x, y) = (arm_size.x * 0.5 - inset, arm_size.y * 0.5 - inset);
            let path = bent(
                &[
                    Vec3::new(x, -y, d * 0.5 - 0.005 - inset),
                    Vec3::new(x, y, d * 0.5 - 0.005 - inset),
                    Vec3::new(-x, y, d * 0.5 - 0.005 - inset),
                    Vec3::new(-x, -y, d * 0.5 - 0.005 - inset),
                ],
                u.arm_radius,
                false,
            );
            put_arm(
                b,
                seam,
                tube(&path, |_| 0.0035, 6).moved(w * 0.5 - u.arm_width * 0.5, u.leg + arm_height * 0.5, 0.0),
            );
        }
    }

    // Back frame.
    let back_top = h - 0.055;
    let back_height = back_top - u.leg - 0.01;
    let back_radius = if u.rolled { 0.07 } else { u.arm_radius }.min(u.back * 0.45);
    let back_width = inner + if u.rolled { 0.06 } else { 0.03 };
    // Its front leans with the cushions.
    let wedge = 0.5 * (h - u.seat) * u.lean.to_radians().sin();
    let back = soft_box(Vec3::new(back_width, back_height, u.back), back_radius, 3, 0.09).deformed(|p| {
        let low = (0.5 - p.y / back_height).clamp(0.0, 1.0);
        Vec3::new(p.x, p.y, if p.z > 0.0 { p.z + wedge * low } else { p.z })
    });
    b.add(
        cloth,
        back.moved(middle, u.leg + 0.005 + back_height * 0.5, -d * 0.5 + u.back * 0.5),
    );

    // Seat cushions reach past the arms' fronts by a finger.
    let gap = 0.006;
    let seat_depth = d - u.back - 0.015;
    let width = seat_width(seats, inner);
    for i in 0..seats {
        let seed = b.dice.seed();
        let x = start + width * (i as f32 + 0.5);
        let reach = long_seat.filter(|l| l.index == i).map_or(0.0, |l| l.reach);
        let size = Vec3::new(
            width - gap,
            u.seat_thickness + u.crown,
            seat_depth + 0.012 + reach,
        );
        // Nobody puts two cushions back quite alike.
        let (turn, nudge) = (b.dice.jitter(0.7), b.dice.jitter(0.006));
        let set = |p: Part| {
            p.turned_y(turn).moved(
                x,
                u.seat - u.seat_thickness * 0.5,
                d * 0.5 - seat_depth * 0.5 - 0.004 + reach * 0.5 + nudge,
            )
        };
        if reach > 0.0 {
            // The deck goes with it, on legs of its own.
            let deck = soft_box(Vec3::new(width + 0.02, deck_height, reach + 0.06), 0.018, 2, 0.0);
            b.add(
                cloth,
                deck.moved(x, u.leg + deck_height * 0.5, d * 0.5 + reach * 0.5 - 0.045),
            );
            chaise_legs(b, look, u.legs, x, width, d * 0.5 + reach, u.leg);
        }
        b.add(cloth, set(looped(cushion(size, u.radius, u.crown, seed))));
        if u.piped {
            for edge in [1.0, -1.0] {
                b.add(seam, set(piping(size, u.radius, u.crown, seed, edge, 0.0038)));
            }
        }
    }

    // Back cushions stand on the seat and lean against the frame.
    let tall = h - u.seat + 0.005;
    for i in 0..seats {
        let seed = b.dice.seed();
        let x = start + width * (i as f32 + 0.5);
        let size = Vec3::new(width - gap, u.back_thickness, tall);
        let (tilt, roll) = (u.lean + b.dice.jitter(2.0), b.dice.jitter(0.8));
        let sag = b.dice.range(0.006, 0.026);
        let set = |p: Part| {
            // The cushion's thin axis points forward.
            let p = p
                .turned_x(90.0)
                .turned_z(roll)
                .moved(0.0, tall * 0.5, 0.0)
                .turned_x(-tilt);
            p.moved(
                x,
                u.seat - 0.012,
                -d * 0.5 + u.back + u.back_thickness * 0.52 + tall * 0.5 * tilt.to_radians().sin() * 0.55,
            )
        };
        let (wide, nubs) = (size.x * 0.5, seed ^ 3);
        let settle = move |p: Vec3| {
            // Filling sinks: the lower half is fuller than the top, and the top edge hangs between its corners.
            let low = p.z / tall + 0.5;
            let nx = p.x / wide;
            let hang = sag * (1.0 - nx * nx) * (1.0 - low).clamp(0.0, 1.0).powi(2)
                + 0.006 * noise2(Vec2::new(p.x * 7.0, 0.5), nubs) * (1.0 - low);
            Vec3::new(p.x, p.y * (0.74 + 0.36 * low), p.z + hang)
        };
        let soft = cushion(size, u.radius, u.crown * 1.8, seed).deformed(settle);
        b.add(cloth, set(looped(soft)));
        if u.piped {
            let cord = piping(size, u.radius, u.crown * 1.8, seed, 1.0, 0.0038).deformed(settle);
            b.add(seam, set(cord));
        }
    }
}

/// Four legs of the style under a small seat: `size.y` is where they meet it.
pub(super) fn seat_legs(b: &mut Builder, look: &Look, size: Vec3) {
    let (x, z) = (size.x * 0.5, size.z * 0.5);
    match look.style {
        Style::Modern | Style::Industrial => {
            let metal = b.material(look.palette.metal.material());
            b.corners(
                metal,
                tapered_leg(size.y, 0.010, 0.009, Vec2::new(0.02, 0.02), true).moved(x - 0.04, 0.0, z - 0.04),
            );
        }
        Style::Contemporary | Style::Scandinavian => {
            let wood = b.material(look.palette.wood.material(0.0, 4));
            b.corners(
                wood,
                tapered_leg(size.y, 0.019, 0.011, Vec2::new(0.03, 0.03), true).moved(
                    x - 0.055,
                    0.0,
                    z - 0.055,
                ),
            );
        }
        Style::Traditional => {
            let wood = b.material(look.palette.wood.material(0.0, 4));
            b.corners(
                wood,
                tapered_leg(size.y, 0.021, 0.014, Vec2::ZERO, false).moved(x - 0.025, 0.0, z - 0.025),
            );
        }
    }
    let rail = match look.style {
        Style::Modern | Style::Industrial => b.material(look.palette.metal.material()),
        Style::Contemporary | Style::Scandinavian | Style::Traditional => {
            b.material(look.palette.wood.material(0.0, 4))
        }
    };
    b.add(
        rail,
        block(size.x - 0.08, 0.02, size.z - 0.08, 0.004).moved(0.0, size.y - 0.008, 0.0),
    );
}

/// What carries the far end of a chaise.
fn chaise_legs(b: &mut Builder, look: &Look, kind: Legs, x: f32, width: f32, z: f32, height: f32) {
    let wood = b.material(look.palette.wood.material(0.0, 5));
    if kind == Legs::Plinth {
        b.add(
            wood,
            block(width - 0.10, height + 0.01, 0.40, 0.006).moved(x, (height + 0.01) * 0.5, z - 0.28),
        );
        return;
    }
    if kind == Legs::Blade {
        let metal = b.material(look.palette.metal.material());
        for side in [-1.0f32, 1.0] {
            let (x, z) = (x + side * (width * 0.5 - 0.07), z - 0.10);
            let along = block(0.012, height, 0.075, 0.003).moved(x, height * 0.5, z);
            let across = block(0.075, height, 0.012, 0.003);
            b.add(metal, along);
            b.add(metal, across.moved(x - side * 0.0315, height * 0.5, z + 0.0315));
        }
        return;
    }
    for side in [-1.0f32, 1.0] {
        let leg = tapered_leg(height + 0.01, 0.020, 0.013, Vec2::new(0.0, 0.02), true);
        b.add(wood, leg.moved(x + side * (width * 0.5 - 0.07), 0.0, z - 0.12));
    }
}
