//! What stands in a room, told from light that falls on it and from what its floor mirrors.

use vitrine_scene::geometry::{DVec2, DVec3};
use vitrine_scene::image::Photo;
use vitrine_scene::room::Obstacle;
use vitrine_scene::{Control, analyze};

use crate::synthetic::{CORNER, FRONTAL, STEEP, SyntheticRoom};

fn obstacles(photo: &Photo) -> (Vec<Obstacle>, f64) {
    let room = analyze(photo, &Control::default()).expect("it is a room").room;
    (room.obstacles, room.camera_height)
}

/// Multiplies what lies within a quadrilateral of the floor (x, z) and is `height` above it.
fn light(room: &SyntheticRoom, photo: &mut Photo, corners: [DVec2; 4], gain: [f64; 3]) {
    let camera = room.camera();
    for (x, y, pixel) in photo.rgb.enumerate_pixels_mut() {
        let ray = camera.ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
        let point = ray * (room.camera_height / ray.y);
        let is_floor = ray.y > 0.0 && point.z < room.back && point.x > -room.left && point.x < room.right;
        let at = DVec2::new(point.x, point.z);
        let is_inside = (0..4).all(|k| (corners[(k + 1) % 4] - corners[k]).perp_dot(at - corners[k]) > 0.0);
        if is_floor && is_inside {
            for channel in 0..3 {
                let linear = (f64::from(pixel[channel]) / 255.0).powf(2.2) * gain[channel];
                pixel[channel] = (255.0 * linear.powf(1.0 / 2.2)).min(255.0) as u8;
            }
        }
    }
}

fn sheared(x: f64, z: f64, wide: f64, deep: f64, lean: f64) -> [DVec2; 4] {
    [
        DVec2::new(x, z),
        DVec2::new(x + wide, z),
        DVec2::new(x + wide + lean, z + deep),
        DVec2::new(x + lean, z + deep),
    ]
}

#[test]
fn sun_on_the_floor_is_no_thing_wherever_it_falls() {
    for (room, corners) in [
        (CORNER, sheared(-0.4, 2.2, 0.9, 0.8, 0.3)),
        (CORNER, sheared(-1.2, 2.6, 0.8, 0.8, 0.2)),
        (FRONTAL, sheared(-0.8, 2.6, 0.9, 1.1, -0.4)),
        (FRONTAL, sheared(0.2, 3.2, 0.7, 0.99, 0.3)),
        (STEEP, sheared(0.6, 1.6, 0.9, 0.9, 0.4)),
    ] {
        for gain in [[2.2, 2.2, 2.2], [3.4, 3.1, 2.7]] {
            let mut photo = room.photo();
            light(&room, &mut photo, corners, gain);
            let (found, _) = obstacles(&photo);
            assert_eq!(found, Vec::new(), "{corners:?} times {gain:?} in {room:?}");
        }
    }
}

/// A white chest on brown planks, so high that it goes on before the wall.
#[test]
fn a_pale_thing_before_a_wall_is_a_thing() {
    let floor = FRONTAL.camera_height;
    for (x, z, wide, deep, tall, colour) in [
        (-0.3, 3.3, 1.0, 0.8, 0.9, [244, 246, 252]),
        (0.4, 3.0, 0.9, 1.1, 0.8, [222, 206, 184]),
        (-1.6, 3.4, 0.9, 0.7, 1.0, [240, 240, 244]),
    ] {
        let mut photo = FRONTAL.photo();
        FRONTAL.put_box(
            &mut photo,
            DVec3::new(x, floor - tall, z),
            DVec3::new(x + wide, floor, z + deep),
            colour,
        );
        let (found, unit) = obstacles(&photo);
        let middle = DVec2::new(x + wide / 2.0, z + 0.25 * deep) * (unit / floor);
        assert!(
            found.iter().any(|thing| thing.covers(middle)),
            "nothing at {middle} for {colour:?}: {found:?}"
        );
    }
}

/// A polished floor repeats the bright window above it.
#[test]
fn a_window_mirrored_in_the_floor_is_no_thing() {
    let room = FRONTAL;
    let mut photo = room.photo();
    let camera = room.camera();
    for (x, y, pixel) in photo.rgb.enumerate_pixels_mut() {
        let ray = camera.ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
        let floor = ray * (room.camera_height / ray.y);
        if ray.y <= 0.0 || floor.z > room.back || floor.x < -room.left || floor.x > room.right {
            continue;
        }
        let beyond = floor * (room.back / floor.z);
        let height = beyond.y - room.camera_height;
        // The window of the synthetic rooms.
        if (-0.9..0.5).contains(&beyond.x) && (0.9..2.1).contains(&height) {
            for channel in 0..3 {
                pixel[channel] = pixel[channel].saturating_add(95);
            }
        }
    }
    assert_eq!(obstacles(&photo).0, Vec::new());
}
