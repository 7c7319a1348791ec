//! Mugs on a desk and in a studio.

use std::f32::consts::PI;

use super::{Seat, Stage, furniture, look, table};
use crate::furnish::{Kind, Placement, Style};
use crate::geometry::{Vec2, Vec3};
use crate::mockup::camera::Stand;
use crate::mockup::light::{Lamp, Lights};
use crate::mockup::mug;
use crate::mockup::sheet::{Assembly, placed};
use crate::model::Material;
use crate::model::finish::{Wood, srgb};
use crate::model::framed_print::rectangle;
use crate::model::part::Part;

fn coffee() -> Material {
    Material::plain(srgb(0x3A2112), 0.10)
}

/// A cup of coffee without a print, as a thing beside others.
pub(super) fn cup(at: Vec3, yaw_deg: f64) -> Placement {
    let glaze = Material::plain(srgb(0xE9E4DA), 0.22);
    placed(mug::piece(&glaze, &glaze, &glaze, Some(&coffee())), at, yaw_deg)
}

/// A mug on a wooden desk, its handle to the right.
pub(in crate::mockup) fn desk() -> Stage {
    let look = look(Style::Scandinavian, 0);
    let mut room = table(Wood::Oak, 3, 2.0);
    room.add(
        &Material::plain(srgb(0xC8C9C0), 0.9),
        rectangle(Vec2::new(6.0, 3.0)).moved(0.0, 1.5, -0.62),
    );
    Stage {
        around: vec![
            room.placed("room"),
            furniture(&look, Kind::Books, 0, 9, Vec3::new(-0.235, 0.0, -0.24), 24.0),
            furniture(&look, Kind::Vase, 0, 5, Vec3::new(0.30, 0.0, -0.36), 0.0),
        ],
        lights: Lights {
            lamps: vec![
                Lamp::new(
                    Vec3::new(-1.05, 0.62, 0.55),
                    (Vec3::new(0.22, 0.0, 0.34), Vec3::new(0.0, 0.42, 0.0)),
                    Vec3::ZERO,
                    Vec3::new(1.0, 0.985, 0.96) * 10.0,
                )
                .with_panes(2, 2),
                Lamp::new(
                    Vec3::new(1.3, 0.8, 0.9),
                    (Vec3::new(0.3, 0.0, -0.4), Vec3::new(0.0, 0.6, 0.0)),
                    Vec3::ZERO,
                    Vec3::new(0.96, 0.985, 1.0) * 0.9,
                ),
            ],
            above: Vec3::splat(0.60),
            around: Vec3::splat(0.36),
            below: Vec3::splat(0.22),
        },
        stand: Stand {
            eye: Vec3::new(0.06, 0.215, 0.70),
            target: Vec3::new(0.012, 0.046, 0.0),
            up: Vec3::Y,
            tangent: 0.190,
        },
        seat: Seat {
            yaw_deg: -5.0,
            ..Seat::new(0.0, 0.0, 0.0)
        },
    }
}

/// A mug before a seamless backdrop, its handle to the left.
pub(in crate::mockup) fn studio() -> Stage {
    let paper = Material::plain(srgb(0xE4DDD2), 0.95);
    let mut room = Assembly::default();
    let bend = 0.30;
    room.add(
        &paper,
        Part::grid(1, 60, |u, v| {
            let (x, run) = (8.0 * (u - 0.5), 5.2 * v);
            let (front, arc) = (2.0, 0.5 * PI * bend);
            if run < front {
                Vec3::new(x, 0.0, 1.45 - run)
            } else if run < front + arc {
                let (sin, cos) = ((run - front) / bend).sin_cos();
                Vec3::new(x, bend * (1.0 - cos), 1.45 - front - bend * sin)
            } else {
                Vec3::new(x, bend + run - front - arc, 1.45 - front - bend)
            }
        }),
    );
    Stage {
        around: vec![room.placed("backdrop")],
        lights: Lights {
            lamps: vec![
                Lamp::new(
                    Vec3::new(0.72, 0.62, 0.66),
                    (Vec3::new(0.20, 0.0, -0.22), Vec3::new(-0.10, 0.32, -0.10)),
                    Vec3::new(0.0, 0.04, 0.0),
                    Vec3::splat(8.0),
                ),
                Lamp::new(
                    Vec3::new(-0.85, 0.5, 0.5),
                    (Vec3::new(0.06, 0.0, 0.10), Vec3::new(0.0, 0.42, 0.0)),
                    Vec3::new(0.0, 0.04, 0.0),
                    Vec3::splat(2.6),
                ),
            ],
            above: Vec3::splat(0.62),
            around: Vec3::splat(0.40),
            below: Vec3::splat(0.35),
        },
        stand: Stand {
            eye: Vec3::new(-0.03, 0.175, 0.72),
            target: Vec3::new(-0.010, 0.047, 0.0),
            up: Vec3::Y,
            tangent: 0.175,
        },
        seat: Seat {
            yaw_deg: 180.0 + 6.0,
            ..Seat::new(0.0, 0.0, 0.0)
        },
    }
}
