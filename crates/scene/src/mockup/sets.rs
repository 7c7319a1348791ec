//! The scenes: what stands around a product, its light, its camera.
//!
//! Set frame: metres, X right, Y up, Z towards the viewer. Walls are planes z = 0, tables and floors y = 0.

use std::f32::consts::PI;

use super::camera::Stand;
use super::light::{Lamp, Lights};
use super::sheet::{Assembly, placed};
use super::{mug, shirt, tote};
use crate::furnish::{Kind, Placement, Style};
use crate::geometry::{Mat3, Vec2, Vec3};
use crate::model::finish::{Wood, srgb};
use crate::model::framed_print::rectangle;
use crate::model::part::Part;
use crate::model::shapes::{block, curve, cylinder, tube};
use crate::model::{Look, Material, build, designs, palettes};

/// A scene ready for its product.
pub(super) struct Stage {
    pub around: Vec<Placement>,
    pub lights: Lights,
    pub stand: Stand,
    pub seat: Seat,
}

/// Where the product is in its scene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seat {
    pub at: Vec3,
    pub yaw_deg: f32,
    /// Laid on its back: its front looks up.
    pub is_lying: bool,
    /// Turn within the plane it lies or hangs in, degrees.
    pub turn_deg: f32,
}

impl Seat {
    fn new(x: f32, y: f32, z: f32) -> Self {
        Self {
            at: Vec3::new(x, y, z),
            yaw_deg: 0.0,
            is_lying: false,
            turn_deg: 0.0,
        }
    }

    /// A point of the product in the set.
    pub(super) fn place(&self, p: Vec3) -> Vec3 {
        let turn = Mat3::from_rotation_z(self.turn_deg.to_radians());
        let p = turn * p;
        let p = if self.is_lying {
            Vec3::new(p.x, p.z, -p.y)
        } else {
            p
        };
        Mat3::from_rotation_y(-self.yaw_deg.to_radians()) * p + self.at
    }
}

/// A level surface of this size about a place.
fn floor(size: Vec2, at: Vec3, turn_deg: f32) -> Part {
    rectangle(size)
        .turned_x(-90.0)
        .turned_y(turn_deg)
        .moved(at.x, at.y, at.z)
}

fn wall(width: f32, height: f32, color: u32) -> Assembly {
    let mut all = Assembly::default();
    all.add(
        &Material::plain(srgb(color), 0.9),
        rectangle(Vec2::new(width, height)).moved(0.0, 0.5 * height - 0.2, 0.0),
    );
    all
}

fn look(style: Style, palette: usize) -> Look {
    let known = palettes(style);
    Look {
        style,
        palette: known[palette.min(known.len() - 1)],
    }
}

fn furniture(look: &Look, kind: Kind, choice: usize, seed: u32, at: Vec3, yaw_deg: f64) -> Placement {
    let known = designs(kind, look.style);
    placed(
        build(look, &known[choice.min(known.len() - 1)], seed),
        at,
        yaw_deg,
    )
}

/// A window at the left and the room around it, for what hangs on a wall about `at`.
fn window_light(at: Vec3) -> Lights {
    Lights {
        lamps: vec![
            Lamp::new(
                at + Vec3::new(-2.1, 0.55, 1.75),
                (Vec3::new(0.42, 0.0, 0.62), Vec3::new(0.0, 0.72, 0.0)),
                at,
                Vec3::new(1.0, 0.985, 0.96) * 11.0,
            ),
            Lamp::new(
                at + Vec3::new(1.7, 0.7, 3.6),
                (Vec3::new(1.1, 0.0, -0.5), Vec3::new(0.0, 0.9, -0.2)),
                at,
                Vec3::new(0.96, 0.985, 1.0) * 0.8,
            ),
        ],
        above: Vec3::splat(0.52),
        around: Vec3::splat(0.33),
        below: Vec3::new(0.26, 0.23, 0.20),
    }
}

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

/// A poster's frame is `size` large; `at` is the middle of its back.
fn on_wall(size: Vec3, above: f32) -> Seat {
    Seat::new(0.0, above, 0.5 * size.z + 0.001)
}

/// A framed poster over a console with a few things on it.
pub(super) fn console(size: Vec3) -> Stage {
    let look = look(Style::Scandinavian, 0);
    let mut room = wall(7.0, 3.2, 0xDBD5CA);
    room.add(
        &Material::plain(srgb(0xF1EFEA), 0.5),
        block(7.0, 0.09, 0.018, 0.004).moved(0.0, 0.045, 0.009),
    );
    room.add(
        &Wood::Oak.material(0.14, 5),
        floor(Vec2::new(7.0, 5.0), Vec3::new(0.0, 0.0, 2.5), 0.0),
    );
    let bench = &designs(Kind::Console, look.style)[0];
    let (top, depth) = (bench.top, bench.size.z);
    let bottom = (top + 0.17).max(1.52 - 0.5 * size.y);
    let middle = Vec3::new(0.0, bottom + 0.5 * size.y, 0.0);
    let wide = (0.92 + 0.35 * (size.x - 0.5).max(0.0)).max(0.78 * (size.y + 0.62));
    Stage {
        around: vec![
            room.placed("room"),
            furniture(
                &look,
                Kind::Console,
                0,
                3,
                Vec3::new(0.05, 0.0, 0.5 * depth + 0.02),
                0.0,
            ),
            furniture(&look, Kind::Vase, 0, 8, Vec3::new(0.46, top, 0.5 * depth), 20.0),
            furniture(
                &look,
                Kind::Books,
                0,
                4,
                Vec3::new(-0.40, top, 0.5 * depth + 0.01),
                12.0,
            ),
        ],
        lights: window_light(middle),
        stand: Stand {
            eye: Vec3::new(0.28, 1.34, 3.6),
            target: Vec3::new(0.02, 0.5 * (bottom + size.y + 0.52), 0.0),
            up: Vec3::Y,
            tangent: wide / 3.6,
        },
        seat: on_wall(size, bottom),
    }
}

/// A framed poster over the head of a bed.
pub(super) fn bedroom(size: Vec3) -> Stage {
    let look = look(Style::Contemporary, 0);
    let mut room = wall(7.0, 3.2, 0xC9CBC2);
    room.add(
        &Material::plain(srgb(0xEFEDE8), 0.5),
        block(7.0, 0.09, 0.018, 0.004).moved(0.0, 0.045, 0.009),
    );
    room.add(
        &Wood::Oak.material(0.14, 9),
        floor(Vec2::new(7.0, 6.0), Vec3::new(0.0, 0.0, 3.0), 0.0),
    );
    let bed = &designs(Kind::Bed, look.style)[2];
    let bedside = &designs(Kind::BedsideTable, look.style)[0];
    let beside = 0.5 * (bed.size.x + bedside.size.x) + 0.08;
    let bottom = (bed.size.y + 0.14).max(1.62 - 0.5 * size.y);
    let middle = Vec3::new(0.0, bottom + 0.5 * size.y, 0.0);
    Stage {
        around: vec![
            room.placed("room"),
            furniture(
                &look,
                Kind::Bed,
                2,
                5,
                Vec3::new(0.0, 0.0, 0.5 * bed.size.z + 0.02),
                0.0,
            ),
            furniture(
                &look,
                Kind::BedsideTable,
                0,
                6,
                Vec3::new(beside, 0.0, 0.5 * bedside.size.z + 0.02),
                0.0,
            ),
            furniture(
                &look,
                Kind::BedsideTable,
                0,
                6,
                Vec3::new(-beside, 0.0, 0.5 * bedside.size.z + 0.02),
                0.0,
            ),
            furniture(
                &look,
                Kind::Vase,
                0,
                2,
                Vec3::new(beside, bedside.top, 0.20),
                40.0,
            ),
            furniture(
                &look,
                Kind::Books,
                0,
                7,
                Vec3::new(-beside, bedside.top, 0.22),
                -15.0,
            ),
        ],
        lights: window_light(middle),
        stand: Stand {
            eye: Vec3::new(-0.35, 1.52, 4.4),
            target: Vec3::new(0.0, bottom + 0.5 * size.y - 0.34, 0.0),
            up: Vec3::Y,
            tangent: 1.32_f32.max(0.95 * size.y + 0.45) / 4.4,
        },
        seat: on_wall(size, bottom),
    }
}

fn coffee() -> Material {
    Material::plain(srgb(0x3A2112), 0.10)
}

/// A cup of coffee without a print, as a thing beside others.
fn cup(at: Vec3, yaw_deg: f64) -> Placement {
    let glaze = Material::plain(srgb(0xE9E4DA), 0.22);
    placed(mug::piece(&glaze, &glaze, &glaze, Some(&coffee())), at, yaw_deg)
}

fn table(wood: Wood, seed: u32, turn_deg: f32) -> Assembly {
    let mut all = Assembly::default();
    all.add(
        &wood.material(0.13, seed),
        floor(Vec2::new(4.0, 4.0), Vec3::ZERO, turn_deg),
    );
    all
}

/// A mug on a wooden desk, its handle to the right.
pub(super) fn desk() -> Stage {
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
pub(super) fn studio() -> Stage {
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
pub(super) fn shirt_table() -> Stage {
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
pub(super) fn shirt_hanger() -> Stage {
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
pub(super) fn tote_hook() -> Stage {
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
pub(super) fn tote_table() -> Stage {
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
pub(super) const fn shirt_pose(is_lying: bool) -> shirt::Pose {
    if is_lying {
        shirt::Pose::Flat
    } else {
        shirt::Pose::Hanging
    }
}

pub(super) const fn tote_pose(is_lying: bool) -> tote::Pose {
    if is_lying {
        tote::Pose::Flat
    } else {
        tote::Pose::Hanging
    }
}
