//! Rooms to furnish.

use std::sync::Arc;

use rayon::prelude::*;

use super::*;
use crate::camera::CameraSource;
use crate::geometry::{DMat3, DVec2};
use crate::room::{Opening, ScaleSource, Surface};

mod checks;
mod imported;
mod plans;
mod rooms;
mod rules;
mod spec;

const STYLES: [Style; 5] = [
    Style::Modern,
    Style::Contemporary,
    Style::Traditional,
    Style::Industrial,
    Style::Scandinavian,
];

/// The arrangements of a room from the catalogue alone.
fn arranged(
    space: &space::Space<'_>,
    room_type: Option<RoomType>,
    style: Style,
    seed: u32,
) -> Result<(RoomType, Vec<search::Arrangement>), StageError> {
    let order = Order {
        surroundings: Surroundings::default(),
        room_type,
        style,
        seed,
        library: None,
    };
    arrange(space, &order, &order.stock(), &Control::default())
}

/// A camera in a room: yaw turns the view to the right, pitch down, degrees.
fn camera(width: u32, height: u32, hfov: f64, yaw: f64, pitch: f64) -> Camera {
    let focal = f64::from(width) * 0.5 / (hfov.to_radians() * 0.5).tan();
    let rotation = DMat3::from_rotation_x(pitch.to_radians()) * DMat3::from_rotation_y(-yaw.to_radians());
    Camera {
        width,
        height,
        focal,
        center: DVec2::new(f64::from(width) * 0.5, f64::from(height) * 0.5),
        rotation,
        source: CameraSource::Lines,
        focal_sigma: 0.02,
        distortion: 0.0,
    }
}

/// The floor of a box room as the camera sees it: the outline of all pixels whose ray meets the floor first.
fn visible_floor(room: &Room, camera: &Camera) -> Vec<DVec2> {
    let (width, height) = (f64::from(camera.width), f64::from(camera.height));
    let (mut tops, mut bottoms) = (Vec::new(), Vec::new());
    for i in 0..=60 {
        let x = width * f64::from(i) / 60.0;
        let is_floor = |y: f64| {
            room.hit_from_camera(camera.ray(DVec2::new(x, y)))
                .is_some_and(|(surface, _)| surface == Surface::Floor)
        };
        if !is_floor(height) {
            continue;
        }
        let (mut low, mut high) = (0.0, height);
        for _ in 0..30 {
            let middle = (low + high) * 0.5;
            if is_floor(middle) {
                high = middle
            } else {
                low = middle
            }
        }
        tops.push(DVec2::new(x, high));
        bottoms.push(DVec2::new(x, height));
    }
    tops.into_iter().chain(bottoms.into_iter().rev()).collect()
}

fn random_room(seed: u64) -> (Room, Camera) {
    let mut dice = Dice::new(seed);
    let mut f = |low: f32, high: f32| f64::from(dice.range(low, high));
    let width = f(2.2, 6.5);
    let at = f(0.25, 0.75);
    let (left, right, back) = (-width * at, width * (1.0 - at), f(2.4, 7.5));
    let (yaw, pitch, hfov) = (f(-32.0, 32.0), f(2.0, 16.0), f(55.0, 105.0));
    let (camera_height, ceiling_height) = (f(1.0, 1.6), f(2.3, 2.9));
    let mut openings = Vec::new();
    for surface in [Surface::Back, Surface::Left, Surface::Right] {
        let (low, high) = if surface == Surface::Back {
            (left, right)
        } else {
            (0.5, back)
        };
        let kind = (f(0.0, 6.0)) as u32;
        let at = low + (high - low) * f(0.1, 0.6);
        let room_for = high - at - 0.05;
        let opening = match kind {
            0 => Some((OpeningKind::Door, 0.85, (0.0, 2.03))),
            1 => Some((OpeningKind::Window, f(0.8, 2.0), (0.9, 2.1))),
            2 => Some((OpeningKind::Window, f(1.2, 2.2), (0.0, 2.1))),
            3 => Some((OpeningKind::Fireplace, 1.2, (0.0, 1.1))),
            4 => Some((OpeningKind::Unknown, f(0.4, 1.2), (f(0.0, 1.0), 2.0))),
            _ => None,
        };
        if let Some((kind, span, heights)) = opening {
            let span = f64::min(span, room_for);
            if span > 0.3 {
                openings.push(Opening {
                    wall: surface,
                    kind,
                    u: (at, at + span),
                    heights,
                });
            }
        }
    }
    let seen = |value: f64, chance: f64, roll: f64| (roll < chance).then_some(value);
    let (r1, r2, r3) = (f(0.0, 1.0), f(0.0, 1.0), f(0.0, 1.0));
    let mut room = Room {
        camera_height,
        ceiling_height,
        ceiling_seen: true,
        left: seen(left, 0.8, r1),
        right: seen(right, 0.8, r2),
        back: seen(back, 0.93, r3),
        openings,
        obstacles: Vec::new(),
        scale_source: ScaleSource::Ceiling,
        scale_sigma: 0.1,
        floor_polygon: Vec::new(),
        confidence: 0.9,
    };
    room.openings.retain(|o| match o.wall {
        Surface::Left => room.left.is_some(),
        Surface::Right => room.right.is_some(),
        _ => room.back.is_some(),
    });
    let camera = camera(1500, 1000, hfov, yaw, pitch);
    room.floor_polygon = visible_floor(&room, &camera);
    (room, camera)
}

/// A plain room of 4.4 × 5 m seen from its near side.
fn plain_room() -> (Room, Camera) {
    let mut room = Room {
        camera_height: 1.35,
        ceiling_height: 2.5,
        ceiling_seen: true,
        left: Some(-2.2),
        right: Some(2.2),
        back: Some(4.6),
        openings: Vec::new(),
        obstacles: Vec::new(),
        scale_source: ScaleSource::Ceiling,
        scale_sigma: 0.08,
        floor_polygon: Vec::new(),
        confidence: 0.9,
    };
    let camera = camera(1500, 1000, 80.0, 0.0, 6.0);
    room.floor_polygon = visible_floor(&room, &camera);
    (room, camera)
}
