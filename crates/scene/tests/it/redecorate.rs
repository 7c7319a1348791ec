//! Other walls and floors on a room whose light and albedo are known everywhere.

use image::{Rgb, RgbImage};
use vitrine_scene::Control;
use vitrine_scene::camera::Camera;
use vitrine_scene::geometry::{DMat3, DVec2, DVec3, Vec3};
use vitrine_scene::image::srgb_to_linear;
use vitrine_scene::light::encode;
use vitrine_scene::redecorate::straighten::Level;
use vitrine_scene::redecorate::{Color, Flooring, Redecoration, redecorate};
use vitrine_scene::room::{Obstacle, Room, Surface};

use crate::rendering_support::{camera, room};

const WALL: f32 = 0.72;
const FLOOR: f32 = 0.3;

/// Falls off from the window; a sun patch lies on the floor.
fn light(surface: Surface, point: DVec3) -> f32 {
    let away = (point - DVec3::new(-2.1, -0.2, 2.4)).length() as f32;
    let is_sunny =
        surface == Surface::Floor && (0.2..1.0).contains(&point.x) && (2.2..3.2).contains(&point.z);
    (0.25 + 0.5 / (1.0 + 0.35 * away)) * if is_sunny { 2.6 } else { 1.0 }
}

fn is_window(room: &Room, surface: Surface, point: DVec3) -> bool {
    let window = &room.openings[0];
    let height = room.camera_height - point.y;
    surface == window.wall
        && (window.u.0..window.u.1).contains(&point.z)
        && (window.heights.0..window.heights.1).contains(&height)
}

fn photo(camera: &Camera, room: &Room) -> RgbImage {
    RgbImage::from_fn(camera.width, camera.height, |x, y| {
        let ray = camera.ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
        let (surface, point) = room.hit_from_camera(ray).expect("the box is closed in front");
        if is_window(room, surface, point) {
            return Rgb([255, 255, 255]);
        }
        let albedo = match surface {
            Surface::Floor => {
                let board = (point.x / 0.12).floor() as i64 % 2 == 0;
                FLOOR * if board { 0.88 } else { 1.12 }
            }
            Surface::Ceiling => 0.8,
            _ => WALL,
        };
        let value = encode(albedo * light(surface, point)).round() as u8;
        Rgb([value; 3])
    })
}

/// Camera, room with its visible floor, photo.
fn known() -> (Camera, Room, RgbImage) {
    let camera = camera(480, 320);
    let mut room = room();
    let at = |x: f64, z: f64| {
        camera
            .project(DVec3::new(x, room.camera_height, z))
            .map(|found| found.0)
    };
    let near = 1.2;
    room.floor_polygon = [(-2.1, near), (-2.1, 4.6), (2.3, 4.6), (2.3, near)]
        .into_iter()
        .filter_map(|(x, z)| at(x, z))
        .collect();
    let photo = photo(&camera, &room);
    (camera, room, photo)
}

fn wish(floor: Option<Flooring>, walls: Option<&str>) -> Redecoration {
    Redecoration {
        floor,
        walls: walls.map(|color| color.parse().expect("a colour")),
    }
}

fn linear(pixel: &Rgb<u8>) -> Vec3 {
    Vec3::from_array(pixel.0.map(|byte| srgb_to_linear(f32::from(byte) / 255.0)))
}

/// Mean over pixels for which `of` gives something.
fn mean(camera: &Camera, room: &Room, of: impl Fn(u32, u32, Surface, DVec3) -> Option<f32>) -> f32 {
    let (mut sum, mut count) = (0.0, 0.0);
    for y in 0..camera.height {
        for x in 0..camera.width {
            let ray = camera.ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
            let (surface, point) = room.hit_from_camera(ray).expect("the box is closed in front");
            if let Some(value) = of(x, y, surface, point) {
                sum += value;
                count += 1.0;
            }
        }
    }
    assert!(count > 200.0, "only {count} pixels to judge");
    sum / count
}

#[test]
fn paint_takes_the_light_of_the_wall() {
    let (camera, room, photo) = known();
    let target = "#8aa0b8".parse::<Color>().expect("a colour");
    let wish = wish(None, Some("#8aa0b8"));
    let painted = redecorate(&photo, &camera, &room, &wish, 1, &Control::default()).expect("painted");
    let albedo = linear(&Rgb(target.0));
    for channel in 0..3 {
        let error = mean(&camera, &room, |x, y, surface, point| {
            let height = room.camera_height - point.y;
            let is_inside = surface == Surface::Back && (0.3..2.3).contains(&height) && point.x.abs() < 1.7;
            is_inside.then(|| {
                let wanted = albedo[channel] * light(surface, point);
                (linear(painted.rgb.get_pixel(x, y))[channel] / wanted - 1.0).abs()
            })
        });
        assert!(error < 0.12, "channel {channel} is off by {error:.3} on average");
    }
}

#[test]
fn only_what_the_mask_says_is_touched() {
    let (camera, room, photo) = known();
    let all = wish(Some(Flooring::Oak), Some("#334455"));
    let done = redecorate(&photo, &camera, &room, &all, 1, &Control::default()).expect("done");
    let mut touched = 0;
    for (index, (before, after)) in photo.pixels().zip(done.rgb.pixels()).enumerate() {
        if done.mask[index] == 0 {
            assert_eq!(before, after, "pixel {index}");
        } else {
            touched += 1;
        }
    }
    assert!(touched > done.mask.len() / 3);
    let untouched = mean(&camera, &room, |x, y, surface, point| {
        let is_kept = surface == Surface::Ceiling || is_window(&room, surface, point);
        is_kept.then(|| f32::from(u8::from(done.mask[(y * camera.width + x) as usize] > 40)))
    });
    assert!(untouched < 0.02, "{untouched} of ceiling and window are painted");
}

#[test]
fn a_new_floor_keeps_sun_and_loses_the_old_boards() {
    let (camera, room, photo) = known();
    let carpet = wish(Some(Flooring::Carpet), None);
    let laid = redecorate(&photo, &camera, &room, &carpet, 1, &Control::default()).expect("laid");
    let brightness = |x: (f64, f64), z: (f64, f64)| {
        mean(&camera, &room, |px, py, surface, point| {
            let is_there =
                surface == Surface::Floor && (x.0..x.1).contains(&point.x) && (z.0..z.1).contains(&point.z);
            is_there.then(|| linear(laid.rgb.get_pixel(px, py)).y)
        })
    };
    let sun = brightness((0.35, 0.85), (2.4, 3.0));
    let shade = brightness((1.4, 1.9), (2.4, 3.0));
    assert!(
        (1.9..3.6).contains(&(sun / shade)),
        "sun to shade {:.2}",
        sun / shade
    );
    // Neighbouring old boards differed by a quarter.
    let even = brightness((-0.72, -0.60), (2.0, 3.6));
    let odd = brightness((-0.60, -0.48), (2.0, 3.6));
    assert!(
        (even / odd - 1.0).abs() < 0.06,
        "boards shine through: {:.3}",
        even / odd
    );
}

#[test]
fn the_same_wish_gives_the_same_bytes_for_any_thread_count() {
    let (camera, room, photo) = known();
    let wish = wish(Some(Flooring::Tile), Some("#d8c3a5"));
    let run = |threads: usize| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads")
            .install(|| redecorate(&photo, &camera, &room, &wish, 3, &Control::default()).expect("done"))
    };
    let (one, five) = (run(1), run(5));
    assert_eq!(one.rgb, five.rgb);
    assert_eq!(one.mask, five.mask);
}

#[test]
fn nothing_wished_is_nothing_changed() {
    let (camera, room, photo) = known();
    let nothing = Redecoration::default();
    let same = redecorate(&photo, &camera, &room, &nothing, 1, &Control::default()).expect("same");
    assert_eq!(same.rgb, photo);
    assert!(same.mask.iter().all(|value| *value == 0));
}

#[test]
fn a_room_without_visible_floor_gets_none() {
    let (camera, mut room, photo) = known();
    room.floor_polygon.clear();
    let oak = wish(Some(Flooring::Oak), None);
    let refused = redecorate(&photo, &camera, &room, &oak, 1, &Control::default());
    assert_eq!(refused.expect_err("no floor").code(), "no_floor_visible");
}

#[test]
fn colours_are_read_and_written() {
    let color: Color = "#0aF0c8".parse().expect("a colour");
    assert_eq!(color, Color([10, 240, 200]));
    assert_eq!(String::from(color), "#0af0c8");
    for wrong in ["", "#12345", "123456", "#12345g", "#1234567", "red"] {
        assert!(wrong.parse::<Color>().is_err(), "{wrong}");
    }
}

#[test]
fn straightened_verticals_are_vertical() {
    let (mut camera, room, _) = known();
    camera.rotation =
        DMat3::from_rotation_z(0.03) * DMat3::from_rotation_x(0.17) * DMat3::from_rotation_y(0.4);
    let photo = photo(&camera, &room);
    let level = Level::of(&camera).expect("a tilted view");
    assert!((1.0..1.6).contains(&level.zoom), "zoom {}", level.zoom);
    for (x, z) in [(-1.0, 3.0), (0.5, 2.5), (1.5, 4.0)] {
        let (top, _) = level.camera.project(DVec3::new(x, -0.6, z)).expect("in front");
        let (bottom, _) = level.camera.project(DVec3::new(x, 0.9, z)).expect("in front");
        assert!((top.x - bottom.x).abs() < 1e-6, "{top} above {bottom}");
    }
    // The picture agrees with the camera that comes with it: drawing the room anew gives the same.
    let wanted = self::photo(&level.camera, &room);
    let difference = level
        .picture(&photo)
        .pixels()
        .zip(wanted.pixels())
        .map(|(a, b)| f64::from(a.0[0].abs_diff(b.0[0])))
        .sum::<f64>()
        / f64::from(camera.width * camera.height);
    assert!(difference < 2.5, "differs by {difference:.2} of 255 on average");
}

#[test]
fn a_room_goes_to_the_level_picture_and_back() {
    let (mut camera, mut room, _) = known();
    camera.rotation =
        DMat3::from_rotation_z(-0.04) * DMat3::from_rotation_x(0.12) * DMat3::from_rotation_y(-0.3);
    room.floor_polygon = room.floor_in(&camera);
    room.obstacles = vec![Obstacle {
        polygon_px: vec![
            DVec2::new(10.0, 20.0),
            DVec2::new(60.0, 25.0),
            DVec2::new(40.0, 90.0),
        ],
        footprint: None,
    }];
    let level = Level::of(&camera).expect("a tilted view");
    let (upright, turned) = level.scene_to_level(room.clone());
    // A corner of the box is where its own camera sees it, in both pictures.
    let corner = DVec3::new(-1.0, room.camera_height, 3.0);
    let (in_photo, _) = camera.project(corner).expect("in front");
    let (in_level, _) = upright.project(corner).expect("in front");
    assert!((level.to_level(in_photo).expect("in front") - in_level).length() < 1e-6);
    assert_ne!(turned.floor_polygon, room.floor_polygon);
    assert_eq!(turned.back, room.back);

    let (photographed, back) = level.scene_to_photo(&upright, turned.clone());
    let near = |a: &[DVec2], b: &[DVec2]| a.iter().zip(b).all(|(a, b)| (*a - *b).length() < 1e-6);
    assert!(near(&back.floor_polygon, &room.floor_polygon));
    assert!(near(&back.obstacles[0].polygon_px, &room.obstacles[0].polygon_px));
    assert!((photographed.focal - camera.focal).abs() < 1e-9);
    assert!((photographed.center - camera.center).length() < 1e-9);
    assert!((photographed.project(corner).expect("in front").0 - in_photo).length() < 1e-6);
    // A lens that was corrected in the level picture is corrected in the photo.
    let longer = vitrine_scene::camera::Camera {
        focal: 1.1 * upright.focal,
        ..upright
    };
    let (photographed, _) = level.scene_to_photo(&longer, turned);
    assert!((photographed.focal - 1.1 * camera.focal).abs() < 1e-9);
}

#[test]
fn a_level_view_is_left_alone_and_a_steep_one_refused() {
    let (mut camera, _, _) = known();
    camera.rotation = DMat3::from_rotation_y(0.3);
    assert!(Level::of(&camera).is_none());
    camera.rotation = DMat3::from_rotation_x(0.6);
    assert!(Level::of(&camera).is_none());
}
