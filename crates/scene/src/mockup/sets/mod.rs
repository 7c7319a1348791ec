//! The scenes: what stands around a product, its light, its camera.
//!
//! Set frame: metres, X right, Y up, Z towards the viewer. Walls are planes z = 0, tables and floors y = 0.

mod cloth;
mod mugs;
mod posters;

use super::camera::Stand;
use super::light::{Lamp, Lights};
use super::sheet::{Assembly, placed};
use crate::furnish::{Kind, Placement, Style};
use crate::geometry::{Mat3, Vec2, Vec3};
use crate::model::finish::{Wood, srgb};
use crate::model::framed_print::rectangle;
use crate::model::part::Part;
use crate::model::{Look, Material, build, designs, palettes};
pub(super) use cloth::{shirt_hanger, shirt_pose, shirt_table, tote_hook, tote_pose, tote_table};
pub(super) use mugs::{desk, studio};
pub(super) use posters::{bedroom, console};

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

fn table(wood: Wood, seed: u32, turn_deg: f32) -> Assembly {
    let mut all = Assembly::default();
    all.add(
        &wood.material(0.13, seed),
        floor(Vec2::new(4.0, 4.0), Vec3::ZERO, turn_deg),
    );
    all
}
