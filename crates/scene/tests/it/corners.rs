//! The hand tool: corners to room and back.

use vitrine_scene::StageError;
use vitrine_scene::camera::{Camera, CameraSource};
use vitrine_scene::geometry::{DMat3, DVec2};
use vitrine_scene::room::{Corners, Room, ScaleSource, solve_corners};

use crate::synthetic::{CORNER, FRONTAL, PORTRAIT, STEEP, SyntheticRoom, hash};

fn moved(camera: &Camera, pitch_deg: f64, roll_deg: f64, yaw_deg: f64, focal: f64) -> Camera {
    Camera {
        rotation: DMat3::from_rotation_z(roll_deg.to_radians())
            * DMat3::from_rotation_x(pitch_deg.to_radians())
            * camera.rotation
            * DMat3::from_rotation_y(yaw_deg.to_radians()),
        focal: camera.focal * focal,
        source: CameraSource::Lines,
        focal_sigma: 0.2,
        distortion: 0.0,
        ..camera.clone()
    }
}

fn solve(room: &SyntheticRoom, corners: &Corners, prior: &Camera) -> (Camera, Room) {
    solve_corners(
        room.width,
        room.height,
        corners,
        prior,
        None,
        Some(room.camera_height),
        None,
    )
    .expect("they are a wall")
}

/// As the editor does: the camera and room before are known.
fn drag(room: &SyntheticRoom, corners: &Corners, before: &(Camera, Room)) -> (Camera, Room) {
    solve_corners(
        room.width,
        room.height,
        corners,
        &before.0,
        Some(&before.1),
        Some(room.camera_height),
        None,
    )
    .expect("they are a wall")
}

/// Whether two views of the same size show every point in the same place.
fn assert_same(found: &(Camera, Room), truth: &(Camera, Room), case: &str) {
    let turned = (found.0.rotation * truth.0.rotation.transpose()).to_cols_array();
    let angle = ((turned[0] + turned[4] + turned[8] - 1.0) / 2.0)
        .clamp(-1.0, 1.0)
        .acos()
        .to_degrees();
    assert!(angle < 0.2, "{case}: turned by {angle:.3} degrees");
    let focal = found.0.focal / truth.0.focal - 1.0;
    assert!(
        focal.abs() < 0.01,
        "{case}: focal length off by {:.2} %",
        100.0 * focal
    );
    for (name, p, q) in [
        ("left", found.1.left, truth.1.left),
        ("right", found.1.right, truth.1.right),
        ("back", found.1.back, truth.1.back),
        (
            "ceiling",
            Some(found.1.ceiling_height),
            Some(truth.1.ceiling_height),
        ),
    ] {
        match (p, q) {
            (Some(p), Some(q)) => assert!(
                (p / q - 1.0).abs() < 0.01,
                "{case}: {name} {p:.3} instead of {q:.3}"
            ),
            (p, q) => assert_eq!(p, q, "{case}: {name}"),
        }
    }
}

#[test]
fn corners_of_a_known_camera_give_the_room_back() {
    for room in [CORNER, FRONTAL, PORTRAIT, STEEP] {
        let truth = room.truth();
        let corners = truth.1.corners(&truth.0);
        let found = solve(&room, &corners, &truth.0);
        assert_same(&found, &truth, &format!("{room:?}"));
        let again = found.1.corners(&found.0);
        assert!(again.back_left_floor.distance(corners.back_left_floor) < 0.1);
        assert!(again.back_right_floor.distance(corners.back_right_floor) < 0.1);
        assert!(room.floor_iou(&found.1.floor_polygon) > 0.99);
    }
}

#[test]
fn four_corners_correct_a_camera_that_was_wrong() {
    for (pitch, roll, yaw, focal) in [(1.0, 0.5, 8.0, 1.06), (-1.5, -0.8, -12.0, 0.9)] {
        for room in [CORNER, STEEP] {
            let truth = room.truth();
            let corners = truth.1.corners(&truth.0);
            if corners.back_left_floor.x < 0.0 || corners.back_right_floor.x > f64::from(room.width) {
                continue;
            }
            let prior = moved(&truth.0, pitch, roll, yaw, focal);
            assert_same(
                &solve(&room, &corners, &prior),
                &truth,
                &format!("{room:?} {pitch}"),
            );
        }
    }
}

#[test]
fn two_corners_on_the_floor_keep_pitch_roll_and_focal_length() {
    let truth = CORNER.truth();
    let corners = Corners {
        back_left_ceiling: None,
        back_right_ceiling: None,
        ..truth.1.corners(&truth.0)
    };
    let prior = moved(&truth.0, 0.0, 0.0, 15.0, 1.0);
    let found = solve_corners(
        CORNER.width,
        CORNER.height,
        &corners,
        &prior,
        None,
        Some(CORNER.camera_height),
        Some(CORNER.ceiling_height),
    )
    .expect("they are a wall");
    assert!(!found.1.ceiling_seen);
    let truth = (
        truth.0,
        Room {
            ceiling_seen: false,
            ..truth.1
        },
    );
    assert_same(&found, &truth, "two corners");
}

#[test]
fn a_frontal_view_keeps_the_focal_length_known_before() {
    let truth = FRONTAL.truth();
    let corners = truth.1.corners(&truth.0);
    let prior = moved(&truth.0, 0.0, 0.0, 3.0, 1.25);
    let (camera, _) = solve(&FRONTAL, &corners, &prior);
    assert!(
        (camera.focal / prior.focal - 1.0).abs() < 0.01,
        "{}",
        camera.focal / prior.focal
    );
}

#[test]
fn the_ceiling_sets_the_scale_when_the_camera_height_is_not_known() {
    let truth = CORNER.truth();
    let corners = truth.1.corners(&truth.0);
    let (_, room) = solve_corners(
        CORNER.width,
        CORNER.height,
        &corners,
        &truth.0,
        None,
        None,
        Some(2.5),
    )
    .expect("a wall");
    assert!(
        (room.camera_height - CORNER.camera_height).abs() < 0.01,
        "{}",
        room.camera_height
    );
    assert_eq!(room.scale_source, ScaleSource::User);
    let (_, usual) =
        solve_corners(CORNER.width, CORNER.height, &corners, &truth.0, None, None, None).expect("a wall");
    assert_eq!(usual.scale_source, ScaleSource::Ceiling);
}

#[test]
fn a_corner_dragged_with_its_partner_is_met_and_alone_the_wall_follows_it() {
    let truth = CORNER.truth();
    let before = truth.1.corners(&truth.0);
    let to = before.back_left_floor + DVec2::new(-30.0, 12.0);
    let ceiling = before.back_left_ceiling.map(|p| p + DVec2::new(-31.0, -6.0));
    let together = Corners {
        back_left_floor: to,
        back_left_ceiling: ceiling,
        ..before
    };
    let found = solve(&CORNER, &together, &truth.0);
    assert!(
        found.1.corners(&found.0).back_left_floor.distance(to) < 3.0,
        "{found:?}"
    );
    let alone = Corners {
        back_left_floor: to,
        ..before
    };
    let found = drag(&CORNER, &alone, &truth);
    let after = found.1.corners(&found.0);
    assert!(after.back_left_floor.distance(to) < 4.0, "{after:?}");
    // The edge above it comes along.
    let (was, is) = (
        before.back_left_ceiling.expect("seen"),
        after.back_left_ceiling.expect("seen"),
    );
    assert!(
        (is.x - was.x - (to.x - before.back_left_floor.x)).abs() < 8.0,
        "{was} {is}"
    );
}

/// Some room whose back wall is in the picture with all four corners.
fn random_room(seed: u32) -> SyntheticRoom {
    (0..200)
        .map(|attempt| {
            let between =
                |k: u32, low: f64, high: f64| low + (high - low) * f64::from(hash(attempt, k, 100 + seed));
            SyntheticRoom {
                focal: between(0, 0.45, 0.8),
                pitch_deg: between(1, -3.0, 10.0),
                roll_deg: between(2, -1.0, 1.0),
                yaw_deg: between(3, -30.0, 30.0),
                camera_height: between(4, 1.1, 1.7),
                ceiling_height: between(5, 2.3, 3.0),
                left: between(6, 1.0, 3.2),
                right: between(7, 1.0, 3.2),
                back: between(8, 2.2, 6.0),
                ..CORNER
            }
        })
        .find(|room| {
            let (camera, truth) = room.truth();
            let corners = truth.corners(&camera);
            let is_inside = |p: DVec2| {
                (0.0..f64::from(room.width)).contains(&p.x) && (0.0..f64::from(room.height)).contains(&p.y)
            };
            truth.left.is_some()
                && truth.right.is_some()
                && is_inside(corners.back_left_floor)
                && is_inside(corners.back_right_floor)
                && corners.back_left_ceiling.is_some_and(is_inside)
                && corners.back_right_ceiling.is_some_and(is_inside)
        })
        .expect("one of two hundred fits")
}

/// A floor corner `d` pixels below the horizon lies at a depth in proportion to `1 / d`, so `m` pixels change it by about
/// `m / d`: less than that no solver can promise that meets the corner. The bound is that with a third to spare, for
/// every measure of the room, taken at the floor corner nearer to the horizon.
#[test]
fn moving_one_corner_changes_the_room_at_most_in_proportion() {
    for seed in 0..40 {
        let room = random_room(seed);
        let truth = room.truth();
        let stood = truth.1.corners(&truth.0);
        let below = [stood.back_left_floor, stood.back_right_floor]
            .map(|pixel| {
                let ray = truth.0.ray(pixel);
                truth.0.focal * ray.y / ray.x.hypot(ray.z)
            })
            .into_iter()
            .fold(f64::INFINITY, f64::min);
        for (corner, moved) in [(0, 20.0), (1, 20.0), (2, 20.0), (3, 20.0), (0, 6.0), (3, 6.0)] {
            let angle = std::f64::consts::TAU * f64::from(hash(seed, corner, 9));
            let by = DVec2::from_angle(angle) * moved;
            let mut corners = stood;
            let target = match corner {
                0 => &mut corners.back_left_floor,
                1 => &mut corners.back_right_floor,
                2 => corners.back_left_ceiling.as_mut().expect("seen"),
                _ => corners.back_right_ceiling.as_mut().expect("seen"),
            };
            *target += by;
            let target = *target;
            let found = drag(&room, &corners, &truth);
            let after = found.1.corners(&found.0);
            let met = [
                Some(after.back_left_floor),
                Some(after.back_right_floor),
                after.back_left_ceiling,
                after.back_right_ceiling,
            ][corner as usize]
                .expect("seen");
            let case = format!("corner {corner} of {room:?} moved by {by}");
            assert!(met.distance(target) < 4.0, "{case}: {met} instead of {target}");
            let (wide, was_wide) = (found.1.extent(), truth.1.extent());
            for (name, is, was) in [
                ("depth", wide.2, was_wide.2),
                ("width", wide.1 - wide.0, was_wide.1 - was_wide.0),
                ("height", found.1.ceiling_height, truth.1.ceiling_height),
            ] {
                let change = (is / was).ln().abs();
                assert!(
                    change < 1.33 * moved / below,
                    "{case}: {name} {was:.2} m became {is:.2} m, {below:.0} px below the horizon"
                );
            }
        }
    }
}

#[test]
fn corners_that_are_no_wall_are_refused_and_nothing_else_happens() {
    let truth = CORNER.truth();
    let good = truth.1.corners(&truth.0);
    let crossed = Corners {
        back_left_floor: good.back_right_floor,
        back_right_floor: good.back_left_floor,
        ..good
    };
    let upside_down = Corners {
        back_left_ceiling: Some(good.back_left_floor + DVec2::new(0.0, 50.0)),
        ..good
    };
    let nowhere = Corners {
        back_left_floor: DVec2::new(f64::NAN, 0.0),
        ..good
    };
    for bad in [crossed, upside_down, nowhere] {
        let refused = solve_corners(CORNER.width, CORNER.height, &bad, &truth.0, None, None, None);
        assert!(matches!(refused, Err(StageError::NotARoom(_))), "{refused:?}");
    }
    // Any four points end in a room of sane numbers or in a refusal.
    for case in 0..400 {
        let before = (case % 2 == 0).then_some(&truth.1);
        let number = |k: u32| f64::from(hash(case, k, 77)) * 1000.0 - 100.0;
        let wild = Corners {
            back_left_floor: DVec2::new(number(0), number(1)),
            back_right_floor: DVec2::new(number(2), number(3)),
            back_left_ceiling: (case % 3 != 0).then(|| DVec2::new(number(4), number(5))),
            back_right_ceiling: (case % 4 != 0).then(|| DVec2::new(number(6), number(7))),
        };
        if let Ok((camera, room)) =
            solve_corners(CORNER.width, CORNER.height, &wild, &truth.0, before, None, None)
        {
            assert!(camera.focal.is_finite() && camera.focal > 10.0, "{wild:?}");
            assert!(
                room.back.is_some_and(|back| back.is_finite() && back > 0.0),
                "{wild:?}"
            );
            assert!(room.floor_polygon.iter().all(|p| p.is_finite()), "{wild:?}");
        }
    }
}
