//! The box, its scale, its openings, and when there is none.

use vitrine_scene::geometry::{DVec2, DVec3};
use vitrine_scene::image::{Limits, Photo, RgbImage, decode};
use vitrine_scene::room::{OpeningKind, Surface};
use vitrine_scene::{Control, StageError, analyze};

use crate::synthetic::{BAY, CORNER, FRONTAL, L_SHAPED, PORTRAIT, STEEP, contains, hash, photo_of};

#[test]
fn the_floor_of_every_synthetic_room_is_found() {
    for room in [CORNER, FRONTAL, PORTRAIT, STEEP] {
        let found = analyze(&room.photo(), &Control::default()).expect("it is a room");
        let iou = room.floor_iou(&found.room.floor_polygon);
        assert!(iou > 0.95, "floor IoU {iou:.3} in {room:?}");
        assert_eq!(found.refusal, None, "{room:?}");
        assert!(
            found.room.confidence > 0.6,
            "confidence {} in {room:?}",
            found.room.confidence
        );
    }
}

#[test]
fn the_floor_of_a_room_that_is_no_box_is_followed_around_its_corners() {
    for room in [L_SHAPED, BAY] {
        let found = analyze(&room.photo(), &Control::default()).expect("it is a room");
        let iou = room.floor_iou(&found.room.floor_polygon);
        let boxed = room.floor_iou(&found.room.floor_in(&found.camera));
        assert!(iou > 0.95, "floor IoU {iou:.3}, box {boxed:.3} in {room:?}");
        assert!(
            iou > boxed + 0.01,
            "floor IoU {iou:.3}, box {boxed:.3} in {room:?}"
        );
    }
}

#[test]
fn walls_stand_where_they_are_once_the_scale_is_known() {
    let found = analyze(&CORNER.photo(), &Control::default())
        .expect("it is a room")
        .room;
    assert!(found.ceiling_seen);
    assert!(
        (found.camera_height / CORNER.camera_height - 1.0).abs() < 0.12,
        "{}",
        found.camera_height
    );
    let back = found.back.expect("the back wall is in view") / found.camera_height;
    assert!(
        (back / (CORNER.back / CORNER.camera_height) - 1.0).abs() < 0.03,
        "{back}"
    );
    let left = -found.left.expect("the left wall is in view") / found.camera_height;
    assert!(
        (left / (CORNER.left / CORNER.camera_height) - 1.0).abs() < 0.03,
        "{left}"
    );
}

#[test]
fn the_window_is_found_on_the_back_wall() {
    let found = analyze(&FRONTAL.photo(), &Control::default())
        .expect("it is a room")
        .room;
    let window = found
        .openings
        .iter()
        .find(|opening| opening.wall == Surface::Back && opening.kind == OpeningKind::Window)
        .expect("there is a window");
    let scale = found.camera_height / FRONTAL.camera_height;
    let middle = (window.u.0 + window.u.1) / 2.0 / scale;
    assert!((-0.9..0.5).contains(&middle), "{window:?}");
}

#[test]
fn a_mirrored_photo_gives_the_mirrored_floor() {
    let photo = CORNER.photo();
    let mut mirrored = photo.clone();
    mirrored.rgb = image::imageops::flip_horizontal(&photo.rgb);
    let width = f64::from(CORNER.width);
    let found = analyze(&mirrored, &Control::default())
        .expect("it is a room")
        .room
        .floor_polygon;
    let back: Vec<DVec2> = found.iter().map(|p| DVec2::new(width - p.x, p.y)).collect();
    let iou = CORNER.floor_iou(&back);
    assert!(iou > 0.95, "{iou}");
}

#[test]
fn a_wall_end_at_the_border_is_in_front_of_the_room_and_off_its_floor() {
    for is_left in [true, false] {
        let mut photo = CORNER.photo();
        let (width, height) = photo.rgb.dimensions();
        let edge = |y: u32| 0.14 * f64::from(width) + 0.03 * f64::from(y);
        for (x, y, pixel) in photo.rgb.enumerate_pixels_mut() {
            let from_border = f64::from(if is_left { x } else { width - 1 - x });
            if from_border < edge(y) {
                let grain = (hash(x, y, 3) * 4.0) as u8;
                *pixel = [176 + grain, 140 + grain, 84 + grain].into();
            }
        }
        let found = analyze(&photo, &Control::default()).expect("it is a room").room;
        let frame = found
            .obstacles
            .iter()
            .find(|obstacle| obstacle.footprint.is_none())
            .expect("the wall end");
        let border = |x: f64| if is_left { x } else { f64::from(width) - x };
        let foot = f64::from(height) - 2.0;
        assert!(contains(
            &frame.polygon_px,
            DVec2::new(border(edge(height) - 12.0), foot)
        ));
        assert!(!contains(
            &frame.polygon_px,
            DVec2::new(border(edge(height) + 12.0), foot)
        ));
        assert!(!contains(
            &found.floor_polygon,
            DVec2::new(border(edge(height) - 15.0), foot)
        ));
    }
}

#[test]
fn an_empty_room_has_nothing_in_it() {
    for room in [CORNER, FRONTAL, PORTRAIT, STEEP] {
        let found = analyze(&room.photo(), &Control::default())
            .expect("it is a room")
            .room;
        assert_eq!(found.obstacles, Vec::new(), "{room:?}");
    }
}

#[test]
fn a_cupboard_that_stands_in_the_room_is_found_with_the_floor_below_it() {
    let mut photo = FRONTAL.photo();
    let (low, high) = (
        DVec3::new(-0.3, 0.1, 3.4),
        DVec3::new(0.7, FRONTAL.camera_height, 4.1),
    );
    FRONTAL.put_box(&mut photo, low, high, [30, 52, 96]);
    let found = analyze(&photo, &Control::default()).expect("it is a room").room;
    let cupboard = found.obstacles.first().expect("the cupboard");
    let scale = found.camera_height / FRONTAL.camera_height;
    assert!(cupboard.covers(DVec2::new(0.2, 3.6) * scale), "{cupboard:?}");
    assert!(!cupboard.covers(DVec2::new(0.2, 2.8) * scale), "{cupboard:?}");
    assert!(cupboard.stands_before(DVec3::new(0.25, 0.5, 4.15) * scale));
    assert!(!cupboard.stands_before(DVec3::new(0.1, 0.5, 2.0) * scale));
    let top = FRONTAL
        .camera()
        .project(DVec3::new(0.2, 0.2, 3.4))
        .expect("in view")
        .0;
    assert!(
        contains(&cupboard.polygon_px, top + DVec2::new(0.0, 6.0)),
        "{top} {cupboard:?}"
    );
}

#[test]
fn a_room_full_of_furniture_is_not_furnished_again() {
    let mut photo = FRONTAL.photo();
    let floor = FRONTAL.camera_height;
    for (k, colour) in [
        [40, 60, 90],
        [120, 30, 30],
        [30, 80, 40],
        [200, 180, 30],
        [60, 40, 80],
    ]
    .into_iter()
    .enumerate()
    {
        let x = -1.9 + 0.8 * k as f64;
        let z = 1.7 + 0.45 * (k % 3) as f64;
        let top = floor - 0.5 - 0.15 * (k % 2) as f64;
        FRONTAL.put_box(
            &mut photo,
            DVec3::new(x, top, z),
            DVec3::new(x + 0.62, floor, z + 0.6),
            colour,
        );
    }
    let full = analyze(&photo, &Control::default()).expect("it is a room");
    assert!(
        full.refusal.is_some(),
        "furniture would be put over furniture, {} with {} obstacles",
        full.room.confidence,
        full.room.obstacles.len()
    );
}

#[test]
fn the_floor_polygon_stays_inside_the_photo() {
    let found = analyze(&STEEP.photo(), &Control::default())
        .expect("it is a room")
        .room;
    let (width, height) = (f64::from(STEEP.width), f64::from(STEEP.height));
    for p in &found.floor_polygon {
        assert!(
            (-0.5..=width + 0.5).contains(&p.x) && (-0.5..=height + 0.5).contains(&p.y),
            "{p}"
        );
    }
    assert!(contains(
        &found.floor_polygon,
        DVec2::new(width / 2.0, height - 4.0)
    ));
}

#[test]
fn pictures_that_are_no_rooms_are_refused() {
    let size = (640, 480);
    let gray = |value: f32| [(value * 255.0) as u8; 3].into();
    let blank = RgbImage::from_pixel(size.0, size.1, [200, 190, 180].into());
    let noise = RgbImage::from_fn(size.0, size.1, |x, y| gray(hash(x, y, 5)));
    let gradient = RgbImage::from_fn(size.0, size.1, |x, y| gray((x + y) as f32 / 1120.0));
    let text = RgbImage::from_fn(size.0, size.1, |x, y| {
        let (column, row) = (x / 10, y / 24);
        let is_margin = !(4..60).contains(&column) || hash(column, row, 9) < 0.18;
        let stroke = hash(column * 7 + x % 10 / 3, row * 5 + y % 24 / 4, 11) < 0.45;
        gray(if !is_margin && y % 24 < 16 && x % 10 < 8 && stroke {
            0.1
        } else {
            0.97
        })
    });
    let face = RgbImage::from_fn(size.0, size.1, |x, y| {
        let (dx, dy) = (x as f32 - 320.0, y as f32 - 240.0);
        let within =
            |cx: f32, cy: f32, rx: f32, ry: f32| ((dx - cx) / rx).powi(2) + ((dy - cy) / ry).powi(2) < 1.0;
        if within(-55.0, -40.0, 18.0, 10.0)
            || within(55.0, -40.0, 18.0, 10.0)
            || within(0.0, 80.0, 50.0, 12.0)
        {
            [60, 40, 40].into()
        } else if within(0.0, 0.0, 140.0, 190.0) {
            [225, 180, 150].into()
        } else {
            [90, 120, 160].into()
        }
    });
    let landscape = RgbImage::from_fn(size.0, size.1, |x, y| {
        let ridge = 200.0 + 40.0 * (x as f32 / 90.0).sin() + 18.0 * (x as f32 / 23.0).sin();
        let grass = 300.0 + 12.0 * (x as f32 / 140.0).cos();
        if (y as f32) < ridge {
            [120, 170, 230].into()
        } else if (y as f32) < grass {
            [80, 100, 90].into()
        } else {
            let g = 110 + (40.0 * hash(x / 3, y / 3, 3)) as u8;
            [70, g, 50].into()
        }
    });
    let pictures = [
        ("blank", blank),
        ("noise", noise),
        ("gradient", gradient),
        ("text", text),
        ("face", face),
        ("landscape", landscape),
    ];
    for (name, picture) in pictures {
        let refusal = match analyze(&photo_of(picture), &Control::default()) {
            Ok(found) => found.refusal,
            Err(error) => Some(error),
        };
        let refusal = refusal.unwrap_or_else(|| panic!("{name} was taken for a room"));
        assert!(
            matches!(
                refusal.code(),
                "not_a_room" | "needs_corners" | "no_floor_visible"
            ),
            "{name}: {refusal}"
        );
    }
}

#[test]
fn odd_shapes_end_in_an_answer_and_not_in_a_panic() {
    for (width, height) in [(400, 3), (3, 400), (1, 1), (1200, 40), (40, 1200), (201, 199)] {
        let picture = RgbImage::from_fn(width, height, |x, y| {
            [(hash(x / 9, y / 9, 1) * 255.0) as u8; 3].into()
        });
        let _ = analyze(&photo_of(picture), &Control::default());
    }
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let photo = CORNER.photo();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        pool.install(|| analyze(&photo, &Control::default()))
            .expect("it is a room")
    };
    let (one, two) = (with(1), with(2));
    assert_eq!(one.camera, two.camera);
    assert_eq!(one.room, two.room);
}

#[test]
fn a_canceled_analysis_says_so() {
    let control = Control::default();
    control.cancel();
    assert_eq!(
        analyze(&CORNER.photo(), &control).err(),
        Some(StageError::Canceled)
    );
}

fn photo_in(folder: &str, name: &str) -> Photo {
    let path = format!("{}/{folder}/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("it lies there");
    decode(&bytes, &Limits::default()).expect("it decodes")
}

#[test]
fn the_shipped_samples_of_empty_rooms_are_staged_unasked() {
    for name in [
        "v01_sunny_living_room.jpg",
        "v02_quiet_bedroom.jpg",
        "v03_tiled_studio.jpg",
    ] {
        let found =
            analyze(&photo_in("../staging/samples", name), &Control::default()).expect("it can be measured");
        assert_eq!(found.refusal, None, "{name} at {}", found.room.confidence);
        assert!(
            (0.7..2.0).contains(&found.room.camera_height),
            "{name}: {}",
            found.room.camera_height
        );
    }
}

/// A gap between curtains, and an office full of desks: right as they are, but not surely so.
#[test]
fn photos_with_much_before_the_walls_are_rooms_to_be_looked_at() {
    for name in ["p01_emptyroom_door.jpg", "p04_office_tiles.jpg"] {
        let found =
            analyze(&photo_in("tests/photos", name), &Control::default()).expect("it can be measured");
        assert!(
            matches!(found.refusal, None | Some(StageError::NeedsCorners { .. })),
            "{name}: {:?}",
            found.refusal
        );
    }
}

/// It was staged at confidence 0.96 with a wall through the rug, a sideboard and a sofa before the bed.
#[test]
fn a_bedroom_that_is_furnished_asks_for_its_corners_with_the_right_guess() {
    let photo = photo_in("tests/photos", "u03_bedroom_wood_rug.jpg");
    let found = analyze(&photo, &Control::default()).expect("it can be measured");
    assert!(
        matches!(found.refusal, Some(StageError::NeedsCorners { .. })),
        "{:?} at {}",
        found.refusal,
        found.room.confidence
    );
    // The rug and the floor before bed and armchair are floor, the wall below the window is none.
    let (width, height) = (f64::from(photo.rgb.width()), f64::from(photo.rgb.height()));
    let shows_floor = |x: f64, y: f64| contains(&found.room.floor_polygon, DVec2::new(x * width, y * height));
    assert!(shows_floor(0.40, 0.75) && shows_floor(0.75, 0.85) && shows_floor(0.30, 0.66));
    assert!(!shows_floor(0.40, 0.55) && !shows_floor(0.75, 0.40));
    // Once a person confirms the corners, nothing is put where armchair and bed are, pale as they are.
    let unit = found.room.camera_height;
    for (name, x, y) in [
        ("armchair", 0.20, 0.66),
        ("bed", 0.60, 0.64),
        ("bed's foot", 0.68, 0.72),
    ] {
        let ray = found.camera.ray(DVec2::new(x * width, y * height));
        let foot = DVec2::new(ray.x, ray.z) * unit / ray.y;
        let is_kept_clear = found
            .room
            .obstacles
            .iter()
            .any(|thing| [0.97, 1.0, 1.03].iter().any(|reach| thing.covers(foot * *reach)));
        assert!(is_kept_clear, "{name} at {foot}");
    }
}
