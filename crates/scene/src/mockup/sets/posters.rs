//! Framed posters over furniture.

use super::{Seat, Stage, floor, furniture, look, wall, window_light};
use crate::furnish::{Kind, Style};
use crate::geometry::{Vec2, Vec3};
use crate::mockup::camera::Stand;
use crate::model::finish::{Wood, srgb};
use crate::model::shapes::block;
use crate::model::{Material, designs};

/// A poster's frame is `size` large; `at` is the middle of its back.
fn on_wall(size: Vec3, above: f32) -> Seat {
    Seat::new(0.0, above, 0.5 * size.z + 0.001)
}

/// A framed poster over a console with a few things on it.
pub(in crate::mockup) fn console(size: Vec3) -> Stage {
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
pub(in crate::mockup) fn bedroom(size: Vec3) -> Stage {
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
