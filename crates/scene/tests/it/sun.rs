//! Direct sun: its direction found again in rooms where it is known, its beam lit and shaded.

use std::borrow::Cow;

use image::{Rgb, RgbImage};
use vitrine_scene::camera::Camera;
use vitrine_scene::furnish::Kind;
use vitrine_scene::geometry::sampling::Sampler;
use vitrine_scene::geometry::{DVec2, DVec3, Vec3};
use vitrine_scene::image::srgb_to_linear;
use vitrine_scene::light::{Light, encode};
use vitrine_scene::model::Material;
use vitrine_scene::room::{Room, Surface};
use vitrine_scene::{Control, Prepared, Quality};

use crate::golden;
use crate::rendering_support::{block, camera, photo, room, stand};

const SIZE: (u32, u32) = (480, 360);

/// Where the left window's sun comes from: degrees from straight out of the window towards the camera's back, and upwards.
fn towards(azimuth_deg: f64, elevation_deg: f64) -> DVec3 {
    let (azimuth, elevation) = (azimuth_deg.to_radians(), elevation_deg.to_radians());
    let level = elevation.cos();
    DVec3::new(-azimuth.cos() * level, -elevation.sin(), -azimuth.sin() * level)
}

/// Whether sun from `direction` falls on a point through the window in the left wall, which has a cross of bars.
fn is_sunlit(room: &Room, point: DVec3, direction: DVec3) -> bool {
    let window = &room.openings[0];
    let t = (room.left.expect("the wall is known") - point.x) / direction.x;
    if t <= 1e-6 {
        return false;
    }
    let there = point + direction * t;
    let height = room.camera_height - there.y;
    let within = |value: f64, (from, to): (f64, f64)| {
        let middle = 0.5 * (from + to);
        value > from && value < to && (value - middle).abs() > 0.03
    };
    within(there.z, window.u) && within(height, window.heights)
}

/// The sample photo with sun, which lights what it falls on `gain` times more; and the share of the picture it lights.
fn sunny(camera: &Camera, room: &Room, direction: DVec3, gain: f32) -> (RgbImage, f64) {
    let mut picture = photo(camera, room);
    let mut lit = 0.0;
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let ray = camera.ray(DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
        let Some((surface, point)) = room.hit_from_camera(ray) else {
            continue;
        };
        if surface != Surface::Left && is_sunlit(room, point, direction) {
            *pixel = Rgb(pixel.0.map(|value| {
                let linear = srgb_to_linear(f32::from(value) / 255.0) * gain;
                encode(linear).round().min(255.0) as u8
            }));
            lit += 1.0;
        }
    }
    let all = f64::from(SIZE.0 * SIZE.1);
    (picture, lit / all)
}

#[test]
fn the_direction_of_the_sun_is_read_from_its_patches() {
    let camera = camera(SIZE.0, SIZE.1);
    let sampler = Sampler::new(11, 0, 0);
    let (mut errors, mut missed) = (Vec::new(), 0);
    for number in 0..40 {
        let (a, e) = sampler.pair(0, number, 6);
        let (w, h) = sampler.pair(1, number, 6);
        let mut room = room();
        let (from, sill) = (1.2 + f64::from(w), 0.3 + 0.7 * f64::from(h));
        room.openings[0].u = (from, from + 1.3);
        room.openings[0].heights = (sill, sill + 1.2);
        let direction = towards(-55.0 + 110.0 * f64::from(a), 14.0 + 46.0 * f64::from(e));
        let (picture, lit) = sunny(&camera, &room, direction, 2.6);
        if lit < 0.006 {
            continue;
        }
        match Light::from_photo(&picture, &camera, &room).sun {
            Some(sun) => {
                let cosine = f64::from(sun.direction.dot(direction.as_vec3())).min(1.0);
                println!(
                    "{:.1}° {:.2} of {lit:.3}",
                    cosine.acos().to_degrees(),
                    sun.agreement
                );
                errors.push(cosine.acos().to_degrees());
            }
            None => missed += 1,
        }
    }
    errors.sort_by(f64::total_cmp);
    assert!(
        errors.len() + missed > 15,
        "there are too few sunny rooms: {}",
        errors.len()
    );
    let median = errors[errors.len() / 2];
    let worst = errors[errors.len() - 1];
    println!(
        "sun: median {median:.2}°, worst {worst:.1}°, {} found, {missed} missed",
        errors.len()
    );
    assert!(median < 3.0, "{errors:.1?}");
    assert!(worst < 15.0, "{errors:.1?}");
    assert!(
        missed * 5 <= errors.len(),
        "{missed} of {} missed",
        errors.len() + missed
    );
}

#[test]
fn a_room_without_patches_has_no_sun() {
    let (camera, room) = (camera(SIZE.0, SIZE.1), room());
    assert!(
        Light::from_photo(&photo(&camera, &room), &camera, &room)
            .sun
            .is_none()
    );
}

#[test]
fn what_lies_on_the_floor_without_a_window_behind_it_is_no_sun() {
    let (camera, mut room) = (camera(SIZE.0, SIZE.1), room());
    let (picture, lit) = sunny(&camera, &room, towards(5.0, 30.0), 2.6);
    assert!(lit > 0.006);
    // The same picture, but the window is said to be a picture high up at the far end.
    room.openings[0].wall = Surface::Back;
    room.openings[0].u = (1.6, 2.1);
    room.openings[0].heights = (2.1, 2.4);
    let sun = Light::from_photo(&picture, &camera, &room).sun;
    assert!(sun.is_none_or(|sun| sun.agreement < 0.75));
}

#[test]
fn furniture_in_the_sun_is_lit_by_it_and_keeps_it_from_the_floor() {
    let (camera, room) = (camera(SIZE.0, SIZE.1), room());
    let direction = towards(0.0, 32.0);
    let (picture, _) = sunny(&camera, &room, direction, 2.6);
    let control = Control::default();
    let furnished = |photo: &RgbImage| {
        let gray = Material::plain(Vec3::splat(0.4), 1.0);
        let placement = stand(
            block(Kind::Sideboard, Vec3::new(0.3, 0.6, 0.3), gray),
            -0.9,
            2.1,
            0.0,
        );
        Prepared::new(Cow::Borrowed(photo), &camera, &room, &control)
            .and_then(|p| p.render(&[placement], Quality::Final, 3, &control, |_| {}))
            .expect("it renders")
    };
    let sun = Light::from_photo(&picture, &camera, &room)
        .sun
        .expect("the sun is found");
    assert!(sun.direction.dot(direction.as_vec3()) > 0.99, "{}", sun.direction);
    let made = furnished(&picture);
    let tone = |image: &RgbImage, point: DVec3| {
        let (pixel, _) = camera.project(point).expect("the point is in view");
        srgb_to_linear(f32::from(image.get_pixel(pixel.x as u32, pixel.y as u32).0[1]) / 255.0)
    };
    let floor = |x: f64| DVec3::new(x, room.camera_height, 2.1);
    // Behind the block, seen from the sun, its shadow lies on the sunlit floor, about as dark as the floor beside the patch.
    let behind = floor(-0.5);
    assert!(is_sunlit(&room, behind, direction), "the test's own geometry");
    let ratio = tone(&made.rgb, behind) / tone(&picture, behind);
    assert!((0.2..0.5).contains(&ratio), "the sun's shadow leaves {ratio}");
    // Its top lies in the beam, too.
    let lit = DVec3::new(-0.9, room.camera_height - 0.6, 2.1);
    assert!(is_sunlit(&room, lit, direction), "the test's own geometry");
    let gain = tone(&made.rgb, lit) / tone(&furnished(&photo(&camera, &room)).rgb, lit);
    assert!(
        (1.5..5.0).contains(&gain),
        "sun makes the top {gain} times brighter"
    );
}

#[test]
fn a_preview_knows_when_the_sun_comes_back() {
    let (camera, room) = (camera(SIZE.0, SIZE.1), room());
    let (picture, _) = sunny(&camera, &room, towards(0.0, 32.0), 2.6);
    let control = Control::default();
    let prepared =
        || Prepared::new(Cow::Borrowed(&picture), &camera, &room, &control).expect("nobody cancels");
    assert!(prepared().light().sun.is_some(), "the sun is found");
    // A screen between the window and a box, and off to the side, out of the picture.
    let draw = |prepared: &Prepared<'_>, screen_z: f64| {
        let stands = |size: Vec3, x: f64, z: f64| {
            let gray = Material::plain(Vec3::splat(0.4), 1.0);
            stand(block(Kind::Sideboard, size, gray), x, z, 0.0)
        };
        let placements = [
            stands(Vec3::new(0.3, 0.6, 0.3), -0.9, 2.1),
            stands(Vec3::new(0.1, 1.2, 0.4), -1.45, screen_z),
        ];
        let quality = Quality::Preview { width: 320 };
        prepared
            .render(&placements, quality, 3, &control, |_| {})
            .expect("it renders")
    };
    let kept = prepared();
    let shaded = draw(&kept, 2.1);
    let lit = draw(&kept, 0.9);
    let reuse = lit.reuse.expect("previews tell");
    assert!(reuse.rays_kept > 0 && reuse.pixels_kept > 0, "{reuse:?}");
    // What is lit must be lit anew; light that changed a little elsewhere may be kept for a while.
    let anew = draw(&prepared(), 0.9);
    let most = lit
        .rgb
        .iter()
        .zip(anew.rgb.iter())
        .map(|(a, b)| a.abs_diff(*b))
        .max();
    golden::expect(
        most <= Some(12),
        "sun back in a preview",
        &lit.rgb,
        &anew.rgb,
        &format!("{most:?} of 255 at most"),
    );
    let scaled = camera.scaled(320.0 / 480.0, 320, 240);
    let (top, _) = scaled
        .project(DVec3::new(-0.9, room.camera_height - 0.6, 2.1))
        .expect("in view");
    let tone = |image: &RgbImage| image.get_pixel(top.x as u32, top.y as u32).0[1];
    assert!(
        tone(&lit.rgb) > tone(&shaded.rgb) + 20,
        "the screen kept the sun off"
    );
}
