//! Rendering into a room whose every number is known.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use vitrine_scene::composite::receive::{NEAR_FLOOR, receive};
use vitrine_scene::furnish::{Kind, Placement};
use vitrine_scene::geometry::{Aabb, DVec2, DVec3, Vec2, Vec3};
use vitrine_scene::light::room_box::{FLOOR, RoomBox};
use vitrine_scene::light::{Effort, Light, luminance};
use vitrine_scene::model::Material;
use vitrine_scene::room::{Obstacle, Room};
use vitrine_scene::trace::gather::World;
use vitrine_scene::trace::{Budget, Film, Scene, Shade, SolidStore, plain};
use vitrine_scene::{Control, Prepared, Quality, Rendered, StageError};

use crate::rendering_support::{CAMERA_HEIGHT, block, cabinet, camera, photo, room, stand};

const WIDTH: u32 = 400;
const HEIGHT: u32 = 300;

fn rendered(placements: &[Placement], seed: u32) -> (image::RgbImage, Rendered) {
    let (camera, room) = (camera(WIDTH, HEIGHT), room());
    let photo = photo(&camera, &room);
    let result = prepared(&photo)
        .render(placements, Quality::Final, seed, &Control::default(), |_| {})
        .expect("it renders");
    (photo, result)
}

/// A photo of the sample room, ready to be furnished.
pub fn prepared(photo: &image::RgbImage) -> Prepared<'_> {
    let camera = camera(photo.width(), photo.height());
    Prepared::new(Cow::Borrowed(photo), &camera, &room(), &Control::default()).expect("nobody cancels")
}

/// Pixel of a point on the floor.
fn floor_pixel(x: f64, z: f64) -> DVec2 {
    camera(WIDTH, HEIGHT)
        .project(DVec3::new(x, CAMERA_HEIGHT, z))
        .expect("it is in front of the camera")
        .0
}

/// Linear luminance of a pixel after staging, relative to before.
fn darkening(photo: &image::RgbImage, result: &Rendered, pixel: DVec2) -> f64 {
    let at = |picture: &image::RgbImage| {
        let rgb = picture.get_pixel(pixel.x as u32, pixel.y as u32).0;
        let linear = rgb.map(|v| vitrine_scene::image::srgb_to_linear(f32::from(v) / 255.0));
        f64::from(luminance(Vec3::from_array(linear)))
    };
    at(&result.rgb) / at(photo)
}

#[test]
fn outside_furniture_shadow_and_reflection_not_one_bit_changes() {
    let (photo, result) = rendered(&[cabinet()], 7);
    let (mut untouched, mut furniture, mut shadow) = (0, 0, 0);
    for (i, (before, after)) in photo.pixels().zip(result.rgb.pixels()).enumerate() {
        match (result.furniture_mask[i], result.shadow_mask[i]) {
            (0, 0) => {
                assert_eq!(before, after, "pixel {i} is in no mask but changed");
                untouched += 1;
            }
            (0, _) => shadow += 1,
            _ => furniture += 1,
        }
    }
    let all = (WIDTH * HEIGHT) as usize;
    assert!(
        untouched > all / 4,
        "only {untouched} of {all} pixels are untouched"
    );
    assert!(
        furniture > all / 50 && shadow > all / 50,
        "furniture {furniture}, shadow {shadow}"
    );
}

#[test]
fn a_pillar_hides_the_cabinet_behind_it_and_not_one_in_front() {
    let (camera, mut room) = (camera(WIDTH, HEIGHT), room());
    let photo = photo(&camera, &room);
    let pixel = |x: f64, y: f64, z: f64| camera.project(DVec3::new(x, y, z)).expect("in view").0;
    let changed = |room: &Room| -> usize {
        let prepared = Prepared::new(Cow::Borrowed(&photo), &camera, room, &Control::default());
        let result = prepared
            .and_then(|p| p.render(&[cabinet()], Quality::Final, 7, &Control::default(), |_| {}))
            .expect("it renders");
        let pillar = &room.obstacles[0].polygon_px;
        let (from, to) = (pillar[0].x.ceil() as u32 + 1, pillar[2].x.floor() as u32 - 1);
        (from..to)
            .flat_map(|x| (0..HEIGHT).map(move |y| (x, y)))
            .filter(|&(x, y)| photo.get_pixel(x, y) != result.rgb.get_pixel(x, y))
            .count()
    };
    // The cabinet's front is at 2.7 m.
    let pillar_at = |z: f64| {
        let (left, right) = (pixel(0.1 * z / 3.0, 0.0, z).x, pixel(0.3 * z / 3.0, 0.0, z).x);
        let footprint = [(0.1, -0.1), (0.3, -0.1), (0.3, 0.1), (0.1, 0.1)];
        Obstacle {
            polygon_px: vec![
                DVec2::new(left, 0.0),
                DVec2::new(left, f64::from(HEIGHT)),
                DVec2::new(right, f64::from(HEIGHT)),
                DVec2::new(right, 0.0),
            ],
            footprint: Some(footprint.map(|(x, dz)| DVec2::new(x * z / 3.0, z + dz)).to_vec()),
        }
    };
    room.obstacles = vec![pillar_at(1.8)];
    assert_eq!(changed(&room), 0, "the near pillar keeps every byte");
    room.obstacles = vec![pillar_at(4.2)];
    assert!(changed(&room) > 200, "the cabinet stands before the far pillar");
}

#[test]
fn without_furniture_the_photo_comes_back() {
    let (photo, result) = rendered(&[], 7);
    assert_eq!(photo, result.rgb);
    assert!(
        result
            .furniture_mask
            .iter()
            .chain(&result.shadow_mask)
            .all(|&m| m == 0)
    );
}

#[test]
fn any_number_of_threads_gives_the_same_bytes_and_another_seed_does_not() {
    let preview = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        let photo = photo(&camera(WIDTH, HEIGHT), &room());
        let quality = Quality::Preview { width: WIDTH / 2 };
        pool.install(|| prepared(&photo).render(&[cabinet()], quality, 7, &Control::default(), |_| {}))
            .expect("it renders")
            .rgb
    };
    assert_eq!(preview(1), preview(5));
    let with_threads = |threads: usize, seed: u32| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        pool.install(|| rendered(&[cabinet()], seed).1.rgb)
    };
    let one = with_threads(1, 7);
    assert_eq!(one, with_threads(2, 7));
    assert_eq!(one, with_threads(5, 7));
    assert_ne!(one, with_threads(2, 8));
}

#[test]
fn every_stage_of_a_picture_tells_its_time() {
    let photo = photo(&camera(WIDTH, HEIGHT), &room());
    let preview = Quality::Preview { width: WIDTH / 2 };
    let of_final = ["furniture", "fill", "smooth", "edges"];
    let of_preview = ["furniture", "edges", "fill", "smooth"];
    for (quality, film) in [(Quality::Final, of_final), (preview, of_preview)] {
        let drawn = prepared(&photo).render(&[cabinet()], quality, 7, &Control::default(), |_| {});
        let timings = drawn.expect("nobody cancels").timings_ms;
        let names: Vec<&str> = timings.into_iter().map(|(name, _)| name).collect();
        let expected = [&["index", "shade"][..], &film, &["soften", "shadow", "compose"]].concat();
        assert_eq!(names, expected);
    }
}

#[test]
fn the_shadow_falls_on_the_side_away_from_the_window() {
    let (photo, result) = rendered(&[cabinet()], 7);
    // The window is in the left wall; the cabinet stands at x 0.2 and is 0.9 wide.
    let lit = darkening(&photo, &result, floor_pixel(-0.45, 2.9));
    let shaded = darkening(&photo, &result, floor_pixel(0.85, 2.9));
    assert!(
        shaded < lit - 0.1,
        "towards the window {lit:.2}, away from it {shaded:.2}"
    );
}

#[test]
fn the_floor_is_dark_where_a_cabinet_meets_it() {
    let (photo, result) = rendered(&[cabinet()], 7);
    // The cabinet's front is at z 2.7: the band of three centimetres before it.
    let samples: Vec<f64> = (0..30)
        .map(|i| darkening(&photo, &result, floor_pixel(-0.1 + 0.02 * f64::from(i), 2.68)))
        .collect();
    let mean = samples.iter().sum::<f64>() / samples.len() as f64;
    assert!((0.3..0.7).contains(&mean), "{mean:.2}");
}

#[test]
fn a_white_thing_in_an_even_light_cannot_be_seen() {
    let camera = camera(160, 120);
    let bounds = Aabb {
        min: Vec3::new(-2.0, -1.0, -2.0),
        max: Vec3::new(2.0, 1.35, 5.0),
    };
    let view = vitrine_scene::light::photo_map::View::new(&camera);
    let light = Light::uniform(RoomBox { bounds }, view, Vec3::splat(0.5));
    for (roughness, tolerance) in [(1.0, 0.03), (0.3, 0.04)] {
        let mut ball = block(
            Kind::Vase,
            Vec3::new(0.5, 0.5, 0.5),
            Material::plain(Vec3::ONE, roughness),
        );
        ball.materials[0].albedo = Vec3::ONE;
        let mut placement = stand(ball, 0.0, 2.5, 30.0);
        // In mid-air, so that only the even light of the walls reaches it and not its own shadow.
        placement.position.y = 0.4;
        let placements = [placement];
        let scene = Scene::new(&placements, 1.35, &SolidStore::default());
        let shade = Shade::none(&light);
        let world = World::new(&scene, &light, &shade, &light.view);
        let film = Film::render(&world, &Budget::FINAL, 3, &Control::default(), |_| {}).expect("it renders");
        let mut inside = 0;
        for (x, y) in (0..120).flat_map(|y| (0..160).map(move |x| (x, y))) {
            let (coverage, color) = film.at(x, y);
            if coverage == 1.0 {
                let radiance = luminance(color);
                assert!(
                    (radiance - 0.5).abs() < tolerance,
                    "roughness {roughness}: {radiance} at {x}, {y}"
                );
                inside += 1;
            }
        }
        assert!(inside > 100, "only {inside} pixels are covered");
    }
}

#[test]
fn an_edge_between_dark_and_bright_is_that_of_a_finer_picture() {
    const FINER: usize = 4;
    let (camera, room) = (camera(WIDTH, HEIGHT), room());
    let light = Light::from_photo(&photo(&camera, &room), &camera, &room);
    let of = |albedo: f32| Material::plain(Vec3::splat(albedo), 0.9);
    let behind = block(Kind::Bookcase, Vec3::new(1.4, 1.6, 0.3), of(0.8));
    let before = block(Kind::Armchair, Vec3::new(0.5, 0.9, 0.5), of(0.05));
    // Turned, so that no edge runs along the pixels.
    let placements = [stand(behind, 0.3, 3.4, 12.0), stand(before, 0.2, 2.6, 23.0)];
    let scene = Scene::new(&placements, CAMERA_HEIGHT as f32, &SolidStore::default());
    let shade = Shade::none(&light);
    let film = |budget: &Budget, scale: usize| {
        let view = light.view.scaled(scale as f32);
        let world = World::new(&scene, &light, &shade, &view);
        Film::render(&world, budget, 7, &Control::default(), |_| {}).expect("nobody cancels")
    };
    let fine = film(&Budget::FINAL, FINER);
    let mean = |x: usize, y: usize| {
        let all = (0..FINER * FINER).map(|i| fine.at(x * FINER + i % FINER, y * FINER + i / FINER));
        all.fold((0.0, 0.0), |sum, (coverage, color)| {
            let share = 1.0 / (FINER * FINER) as f32;
            (sum.0 + share * coverage, sum.1 + share * luminance(color))
        })
    };
    let error = |budget: &Budget| {
        let film = film(budget, 1);
        let (mut squares, mut count) = (0.0_f32, 0.0_f32);
        for y in 1..HEIGHT as usize - 1 {
            for x in 1..WIDTH as usize - 1 {
                // Where the finer picture has a step within the pixel or beside it.
                let around = [(x, y), (x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)];
                let lights = around.map(|(x, y)| mean(x, y).1);
                let steps = lights.iter().map(|light| (light - lights[0]).abs());
                if mean(x, y).0 > 0.0 && steps.fold(0.0, f32::max) > 0.1 {
                    squares += (luminance(film.at(x, y).1) - lights[0]).powi(2);
                    count += 1.0;
                }
            }
        }
        assert!(count > 200.0, "only {count} pixels at edges");
        (squares / count).sqrt()
    };
    let coarse = Budget {
        log2_edge: 2,
        resolves_edges: false,
        ..Budget::FINAL
    };
    let (own, shared) = (error(&Budget::FINAL), error(&coarse));
    assert!(
        own < 0.85 * shared,
        "{own:.4} resolved, {shared:.4} with one light per pixel"
    );
}

#[test]
fn the_fast_estimate_agrees_with_the_plain_one() {
    let (camera, room) = (camera(WIDTH, HEIGHT), room());
    let light = Light::from_photo(&photo(&camera, &room), &camera, &room);
    let placements = [cabinet()];
    let scene = Scene::new(&placements, CAMERA_HEIGHT as f32, &SolidStore::default());
    let shade = Shade::none(&light);
    let world = World::new(&scene, &light, &shade, &light.view);
    let up = RoomBox::normal(FLOOR);
    for (x, z) in [(-0.6, 2.8), (0.9, 2.9), (0.2, 2.5), (1.2, 3.6)] {
        let point = Vec3::new(x, CAMERA_HEIGHT as f32 - 0.001, z);
        let (with, without) = plain::irradiance(&world, point, up, 16, 5);
        let sampler = vitrine_scene::geometry::sampling::Sampler::new(1, 2, 3);
        let fast = world.gather((point, up), &sampler, 0, Effort::whole(9, 9));
        // Both estimators see the same samples' weights, so the sums of each must agree, not only their ratio.
        let relative = |a: Vec3, b: Vec3| ((luminance(a) - luminance(b)) / luminance(b)).abs();
        assert!(
            relative(fast.without, without) < 0.02,
            "without at {x}, {z}: {} and {}",
            fast.without,
            without
        );
        assert!(
            relative(fast.with, with) < 0.03,
            "with at {x}, {z}: {} and {}",
            fast.with,
            with
        );
    }
}

#[test]
fn the_shadow_has_no_grain() {
    let placements = [cabinet()];
    let (camera, room) = (camera(WIDTH, HEIGHT), room());
    let photo = photo(&camera, &room);
    let light = Light::from_photo(&photo, &camera, &room);
    let scene = Scene::new(&placements, CAMERA_HEIGHT as f32, &SolidStore::default());
    let shade = Shade::new(&scene, &light, &Budget::FINAL, 7, &Control::default()).expect("nobody cancels");
    let world = World::new(&scene, &light, &shade, &light.view);
    let result = prepared(&photo)
        .render(&placements, Quality::Final, 7, &Control::default(), |_| {})
        .expect("it renders");
    let (mut errors, mut low) = (Vec::new(), Vec::new());
    // Away from the foot, where the shadow is soft: every sixth pixel of the shaded floor against 4096 rays.
    for y in (0..HEIGHT).step_by(6) {
        for x in (0..WIDTH).step_by(6) {
            let i = (y * WIDTH + x) as usize;
            let direction = light.view.ray(Vec2::new(x as f32 + 0.5, y as f32 + 0.5));
            let exit = light.room_box.exit(Vec3::ZERO, direction);
            if result.furniture_mask[i] > 0 || result.shadow_mask[i] == 0 || exit.face != FLOOR {
                continue;
            }
            let normal = RoomBox::normal(FLOOR);
            let sampler = vitrine_scene::geometry::sampling::Sampler::new(99, x, y);
            let place = (exit.point + normal * 0.001, normal);
            let truth = world.gather_near(place, &sampler, 0, Effort::whole(11, 11), NEAR_FLOOR);
            if truth.nearest < 0.1 {
                continue;
            }
            let ratio = luminance(truth.with) / luminance(truth.without);
            let own = photo.get_pixel(x, y).0;
            let linear = vitrine_scene::image::srgb_to_linear(f32::from(own[1]) / 255.0);
            let expected = vitrine_scene::light::encode(linear * ratio);
            errors.push(f32::from(result.rgb.get_pixel(x, y).0[1]) - expected);
            low.push(ratio);
        }
    }
    assert!(errors.len() > 100, "only {} shaded floor pixels", errors.len());
    let mean = errors.iter().sum::<f32>() / errors.len() as f32;
    let deviation = (errors.iter().map(|e| (e - mean).powi(2)).sum::<f32>() / errors.len() as f32).sqrt();
    let deepest = low.iter().copied().fold(1.0, f32::min);
    assert!(deepest < 0.85, "the shadow is only {deepest:.2} deep");
    assert!(
        deviation < 1.5,
        "deviation {deviation:.2} of 255, mean error {mean:.2}"
    );
}

#[test]
fn a_cancel_stops_the_renderer_within_a_second() {
    let photo = photo(&camera(1600, 1200), &room());
    let placements: Vec<Placement> = (0..3)
        .map(|i| {
            let piece = block(
                Kind::Sofa,
                Vec3::new(1.0, 0.8, 0.7),
                Material::plain(Vec3::splat(0.5), 0.3),
            );
            stand(piece, f64::from(i) - 1.0, 3.0, 15.0)
        })
        .collect();
    let control = Control::default();
    let prepared = prepared(&photo);
    let has_begun = AtomicBool::new(false);
    let (result, waited) = std::thread::scope(|scope| {
        let canceler = scope.spawn(|| {
            while !has_begun.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            control.cancel();
            Instant::now()
        });
        let begun = |done: f32| has_begun.store(done > 0.1, Ordering::Relaxed);
        let result = prepared.render(&placements, Quality::Final, 7, &control, begun);
        let ended = Instant::now();
        (result, ended - canceler.join().expect("it only waits"))
    });
    assert_eq!(result.err(), Some(StageError::Canceled));
    assert!(waited < Duration::from_secs(1), "{waited:?}");
}

#[test]
fn a_polished_floor_mirrors_a_cabinet_and_carpet_does_not() {
    let (camera, room) = (camera(WIDTH, HEIGHT), room());
    let photo = photo(&camera, &room);
    let red = stand(
        block(
            Kind::Sideboard,
            Vec3::new(0.9, 0.8, 0.6),
            Material::plain(Vec3::new(0.7, 0.05, 0.05), 0.9),
        ),
        0.2,
        3.4,
        0.0,
    );
    let placements = [red];
    let scene = Scene::new(&placements, CAMERA_HEIGHT as f32, &SolidStore::default());
    let redness = |strength: f32| {
        let mut light = Light::from_photo(&photo, &camera, &room);
        light.gloss.strength = strength;
        light.gloss.alpha = 0.05;
        let shade =
            Shade::new(&scene, &light, &Budget::FINAL, 7, &Control::default()).expect("nobody cancels");
        let world = World::new(&scene, &light, &shade, &light.view);
        let film = Film::render(&world, &Budget::FINAL, 7, &Control::default(), |_| {}).expect("it renders");
        let received =
            receive(&world, &film, &Budget::FINAL, 7, &Control::default(), |_| {}).expect("it receives");
        let pixel = floor_pixel(0.2, 2.85);
        let cell = &received.cells
            [pixel.y as usize / received.step * received.width + pixel.x as usize / received.step];
        cell.added.x - cell.added.z
    };
    assert_eq!(redness(0.0), 0.0);
    assert!(redness(1.0) > 0.004, "{}", redness(1.0));
}
