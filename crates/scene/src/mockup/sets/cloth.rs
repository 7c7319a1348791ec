//! Shirts and bags, laid out or hung up.

use super::mugs::cup;
use super::{Seat, Stage, furniture, look, table, wall, window_light};
use crate::furnish::{Kind, Style};
use crate::geometry::Vec3;
use crate::mockup::camera::Stand;
use crate::mockup::light::{Lamp, Lights};
use crate::mockup::{shirt, tote};
use crate::model::Material;
use crate::model::finish::Wood;
use crate::model::shapes::{block, curve, cylinder, tube};

/// Low light from a window beside a table, so that folds show.
fn table_light(at: Vec3) -> Lights {
    Lights {
        lamps: vec![
            Lamp::new(
                at + Vec3::new(-1.35, 0.85, -0.95),
                (Vec3::new(0.36, 0.0, -0.51), Vec3::new(0.17, 0.42, 0.12)),
                at,
                Vec3::new(1.0, 0.985, 0.955) * 13.0,
            ),
            Lamp::new(
                at + Vec3::new(1.1, 1.6, 0.9),
                (Vec3::new(0.5, 0.0, -0.6), Vec3::new(0.4, 0.2, 0.35)),
                at,
                Vec3::new(0.95, 0.98, 1.0) * 0.7,
            ),
        ],
        above: Vec3::splat(0.40),
        around: Vec3::splat(0.26),
        below: Vec3::splat(0.2),
    }
}

/// Looks down on a table about a place, the picture `wide` metres across.
fn from_above(middle: Vec3, wide: f32) -> Stand {
    let height = 2.1;
    Stand {
        eye: middle + Vec3::new(0.0, height, 0.10),
        target: middle,
        up: Vec3::NEG_Z,
        tangent: 0.5 * wide / height,
    }
}

/// A shirt laid out on an oak table.
pub(in crate::mockup) fn shirt_table() -> Stage {
    let look = look(Style::Scandinavian, 0);
    Stage {
        around: vec![
            table(Wood::Ash, 6, 90.0).placed("table"),
            cup(Vec3::new(-0.475, 0.0, -0.265), 155.0),
            furniture(&look, Kind::Books, 0, 2, Vec3::new(0.515, 0.0, 0.245), 70.0),
        ],
        lights: table_light(Vec3::ZERO),
        stand: from_above(Vec3::new(0.0, 0.0, 0.008), 1.14),
        seat: Seat {
            is_lying: true,
            turn_deg: 1.2,
            ..Seat::new(0.0, 0.0005, 0.355)
        },
    }
}

/// A shirt on a hanger before a wall.
pub(in crate::mockup) fn shirt_hanger() -> Stage {
    let low = 1.0;
    let seat = Seat::new(0.0, low, 0.050);
    let mut room = wall(6.0, 3.0, 0xD6CFC4);
    let wood = Wood::Ash.material(0.0, 4);
    let metal = Material {
        metallic: 1.0,
        ..Material::plain(Vec3::new(0.56, 0.52, 0.44), 0.28)
    };
    // The hanger's arms fill the shoulders, its hook hangs on a peg.
    let arm = |side: f32| {
        curve(
            &[
                Vec3::new(0.0, low + 0.727, 0.056),
                Vec3::new(side * 0.055, low + 0.716, 0.056),
                Vec3::new(side * 0.135, low + 0.685, 0.055),
                Vec3::new(side * 0.205, low + 0.655, 0.053),
            ],
            8,
        )
    };
    for side in [-1.0, 1.0] {
        room.add(&wood, tube(&arm(side), |t| 0.0085 - 0.002 * t, 16));
    }
    let hook = curve(
        &[
            Vec3::new(0.0, low + 0.725, 0.056),
            Vec3::new(0.0, low + 0.765, 0.056),
            Vec3::new(0.010, low + 0.785, 0.056),
            Vec3::new(0.022, low + 0.802, 0.056),
            Vec3::new(0.016, low + 0.824, 0.056),
            Vec3::new(-0.004, low + 0.829, 0.056),
            Vec3::new(-0.018, low + 0.815, 0.056),
        ],
        8,
    );
    room.add(&metal, tube(&hook, |_| 0.0019, 12));
    room.add(
        &wood,
        cylinder(0.0095, 0.085, 0.002, 32)
            .turned_x(90.0)
            .moved(0.0, low + 0.814, 0.0),
    );
    Stage {
        around: vec![room.placed("wall")],
        lights: window_light(Vec3::new(0.0, 1.4, 0.05)),
        stand: Stand {
            eye: Vec3::new(0.10, low + 0.42, 2.7),
            target: Vec3::new(0.0, low + 0.395, 0.05),
            up: Vec3::Y,
            tangent: 0.62 / 2.7,
        },
        seat,
    }
}

/// A bag on a peg.
pub(in crate::mockup) fn tote_hook() -> Stage {
    let low = 1.0;
    let mut room = wall(6.0, 3.0, 0xCDC9BC);
    let wood = Wood::Oak.material(0.0, 8);
    let peg = low + tote::HOOK - 0.010;
    room.add(&wood, block(0.62, 0.075, 0.018, 0.004).moved(0.0, peg, 0.009));
    for x in [-0.23, 0.0, 0.23] {
        room.add(
            &wood,
            cylinder(0.011, 0.075, 0.003, 32)
                .turned_x(90.0 - 8.0)
                .moved(x, peg - 0.003, 0.014),
        );
    }
    Stage {
        around: vec![room.placed("wall")],
        lights: window_light(Vec3::new(0.0, 1.3, 0.05)),
        stand: Stand {
            eye: Vec3::new(0.16, low + 0.36, 2.5),
            target: Vec3::new(0.0, low + 0.355, 0.03),
            up: Vec3::Y,
            tangent: 0.56 / 2.5,
        },
        seat: Seat::new(0.0, low, 0.006),
    }
}

/// A bag laid out on a table.
pub(in crate::mockup) fn tote_table() -> Stage {
    let look = look(Style::Scandinavian, 0);
    Stage {
        around: vec![
            table(Wood::Walnut, 2, 90.0).placed("table"),
            furniture(&look, Kind::Books, 0, 5, Vec3::new(-0.375, 0.0, 0.18), 20.0),
            cup(Vec3::new(0.37, 0.0, -0.16), -40.0),
        ],
        lights: table_light(Vec3::ZERO),
        stand: from_above(Vec3::new(0.0, 0.0, 0.0), 0.98),
        seat: Seat {
            is_lying: true,
            turn_deg: -2.0,
            ..Seat::new(0.0, 0.0005, 0.325)
        },
    }
}

/// The shirt's or bag's pose in a scene that lays it down or hangs it.
pub(in crate::mockup) const fn shirt_pose(is_lying: bool) -> shirt::Pose {
    if is_lying {
        shirt::Pose::Flat
    } else {
        shirt::Pose::Hanging
    }
}

pub(in crate::mockup) const fn tote_pose(is_lying: bool) -> tote::Pose {
    if is_lying {
        tote::Pose::Flat
    } else {
        tote::Pose::Hanging
    }
}
