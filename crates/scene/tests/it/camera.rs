//! Rotation and focal length from lines.

use image::imageops;
use vitrine_scene::camera::{
    Camera, CameraSource, FocalPrior, Working, find_cameras, find_segments, upright_odds,
};
use vitrine_scene::geometry::{DVec2, DVec3};
use vitrine_scene::image::{Limits, RgbImage, decode, encode_jpeg};
use vitrine_scene::light::photo_map::View;
use vitrine_scene::{Control, StageError, analyze};

use crate::image::with_exif;
use crate::synthetic::{CORNER, FRONTAL, PORTRAIT, STEEP, SyntheticRoom};

fn angle_deg(p: DVec3, q: DVec3) -> f64 {
    p.angle_between(q).to_degrees()
}

#[test]
fn rotation_and_focal_length_of_oblique_views_come_back() {
    for room in [CORNER, PORTRAIT, STEEP] {
        let truth = room.camera();
        let found = analyze(&room.photo(), &Control::default())
            .expect("it is a room")
            .camera;
        let up = angle_deg(found.up_in_camera(), truth.up_in_camera());
        let focal = (found.focal / truth.focal - 1.0).abs();
        assert!(up < 0.2, "up is off by {up:.2} degrees in {room:?}");
        assert!(
            focal < 0.01,
            "the focal length is off by {:.1} % in {room:?}",
            100.0 * focal
        );
        assert_eq!(found.source, CameraSource::Lines);
        assert!(found.focal_sigma < 0.1);
    }
}

/// What lines alone say of a photo, no room searched: the first camera, in the photo's pixels.
fn first_camera(room: &SyntheticRoom) -> Camera {
    let photo = room.photo();
    let working = Working::new(&photo).expect("it is large enough");
    let segments = find_segments(&working).expect("lines are found");
    let cameras = find_cameras(&working, &segments, &FocalPrior::of(&photo));
    cameras[0]
        .camera
        .scaled(working.to_photo, room.width, room.height)
}

#[test]
fn any_view_of_two_walls_gives_rotation_and_focal_length() {
    for number in 0..10 {
        let room = SyntheticRoom::random(number);
        let (truth, found) = (room.camera(), first_camera(&room));
        let up = angle_deg(found.up_in_camera(), truth.up_in_camera());
        let focal = (found.focal / truth.focal - 1.0).abs();
        assert!(up < 0.2, "up is off by {up:.2} degrees in {room:?}");
        assert!(
            focal < 0.01,
            "the focal length is off by {:.1} % in {room:?}",
            100.0 * focal
        );
        assert_eq!(found.source, CameraSource::Lines);
        let shift = (found.center - truth.center).length() / 800.0;
        assert!(
            shift < 0.003,
            "a shift of {shift:.4} where there is none in {room:?}"
        );
    }
}

#[test]
fn a_picture_corrected_to_upright_lines_shows_its_shift() {
    for (number, shift) in [(0, 0.05), (1, -0.05), (2, 0.03), (3, -0.03), (4, 0.08), (7, 0.04)] {
        let room = SyntheticRoom {
            pitch_deg: 0.0,
            shift,
            ..SyntheticRoom::random(number)
        };
        let (truth, found) = (room.camera(), first_camera(&room));
        let found_shift = (found.center.y - 300.0) / 800.0;
        assert!(
            (found_shift - shift).abs() < 0.004,
            "{found_shift:.4} in {room:?}"
        );
        let up = angle_deg(found.up_in_camera(), truth.up_in_camera());
        assert!(up < 0.3, "up is off by {up:.2} degrees in {room:?}");
        assert!(
            (found.focal / truth.focal - 1.0).abs() < 0.01,
            "{} in {room:?}",
            found.focal
        );
    }
}

#[test]
fn a_lens_that_bows_lines_is_measured_and_an_ideal_one_stays_ideal() {
    for (number, distortion) in [
        (0, -0.06),
        (1, -0.15),
        (3, 0.08),
        (4, -0.1),
        (7, 0.0),
        (8, 0.0),
        (9, 0.0),
    ] {
        let room = SyntheticRoom {
            distortion,
            ..SyntheticRoom::random(number)
        };
        let truth = room.camera();
        let found = analyze(&room.photo(), &Control::default()).expect("it is a room");
        let camera = &found.camera;
        if distortion == 0.0 {
            assert_eq!(camera.distortion, 0.0, "{room:?}");
        } else {
            let off = (camera.distortion / distortion - 1.0).abs();
            assert!(off < 0.1, "{:.3} in {room:?}", camera.distortion);
        }
        let up = angle_deg(camera.up_in_camera(), truth.up_in_camera());
        assert!(up < 0.3, "up is off by {up:.2} degrees in {room:?}");
        assert!(
            (camera.focal / truth.focal - 1.0).abs() < 0.02,
            "{} in {room:?}",
            camera.focal
        );
        let iou = room.floor_iou(&found.room.floor_polygon);
        assert!(iou > 0.9, "the floor overlaps by {iou:.3} in {room:?}");
        let outline = found.room.floor_in(camera);
        assert!(room.floor_iou(&outline) > 0.9, "the box's floor in {room:?}");
    }
}

/// Planks laid diagonally draw more lines than the walls do, in another frame.
#[test]
fn planks_laid_diagonally_do_not_turn_the_room() {
    for number in [3, 4, 11] {
        let room = SyntheticRoom {
            planks_deg: 40.0,
            ..SyntheticRoom::random(number)
        };
        let (photo, truth) = (room.photo(), room.camera());
        let found = analyze(&photo, &Control::default()).expect("it is a room").camera;
        let away = truth.rotation.z_axis;
        let off = [found.rotation.x_axis, found.rotation.z_axis]
            .map(|axis| axis.dot(away).abs().min(1.0).acos().to_degrees());
        assert!(
            off[0].min(off[1]) < 1.0,
            "walls are off by {off:?} degrees in {room:?}"
        );

        let working = Working::new(&photo).expect("it is large enough");
        let segments = find_segments(&working).expect("lines are found");
        let cameras = find_cameras(&working, &segments, &FocalPrior::of(&photo));
        let of_all_lines = cameras.iter().filter(|camera| camera.fits_all_lines).count();
        assert_eq!(of_all_lines, 1, "one frame is the best of all lines");
    }
}

/// What is drawn in single precision lands where the camera sees it, bowed or not.
#[test]
fn the_renderers_view_bows_as_the_camera_does() {
    for distortion in [-0.2, 0.0, 0.1] {
        let camera = SyntheticRoom { distortion, ..CORNER }.camera();
        let view = View::new(&camera);
        for pixel in [
            DVec2::new(3.5, 8.5),
            DVec2::new(400.0, 300.0),
            DVec2::new(780.5, 420.0),
        ] {
            let ray = camera.ray(pixel).normalize();
            let in_view = view.ray(pixel.as_vec2());
            assert!((in_view.as_dvec3() - ray).length() < 1e-5, "{in_view} and {ray}");
            let (back, _) = view.project(in_view * 3.0).expect("it is in front");
            assert!(back.as_dvec2().distance(pixel) < 0.02, "{back} and {pixel}");
            let half = view.scaled(0.5);
            let (small, _) = half.project(in_view * 3.0).expect("it is in front");
            assert!(
                small.as_dvec2().distance(pixel / 2.0) < 0.02,
                "{small} and {pixel}"
            );
        }
    }
}

#[test]
fn a_frontal_view_says_that_its_focal_length_is_a_guess() {
    let found = analyze(&FRONTAL.photo(), &Control::default())
        .expect("it is a room")
        .camera;
    assert_eq!(found.source, CameraSource::Prior);
    assert!(found.focal_sigma > 0.15, "{}", found.focal_sigma);
    assert!(angle_deg(found.up_in_camera(), DVec3::NEG_Y) < 0.3);
}

#[test]
fn the_focal_length_of_the_metadata_settles_a_frontal_view() {
    let wide = SyntheticRoom {
        focal: 0.8,
        ..FRONTAL
    };
    let mut photo = wide.photo();
    // Pixels of the diagonal (1000 for 800 x 600) times f / 43.27 mm.
    photo.focal_35mm = Some(wide.focal * 800.0 / 1000.0 * 43.27);
    let found = analyze(&photo, &Control::default()).expect("it is a room").camera;
    assert_eq!(found.source, CameraSource::Exif);
    assert!(
        (found.focal / wide.camera().focal - 1.0).abs() < 0.06,
        "{}",
        found.focal
    );
}

/// A JPEG as a phone held upright writes it: stored lying, the orientation and the lens in its metadata.
#[test]
fn the_lens_of_a_phone_held_upright_counts_and_that_of_its_crop_does_not() {
    let room = SyntheticRoom {
        width: 600,
        height: 800,
        focal: 0.75,
        ..FRONTAL
    };
    let focal_35mm = (room.focal * 800.0 / 1000.0 * 43.27f64).round();
    let lying = imageops::rotate270(&room.photo().rgb);
    let file = |picture: &RgbImage, orientation: u16| {
        let jpeg = encode_jpeg(picture, 92, None).expect("it encodes");
        with_exif(&jpeg, orientation, Some(focal_35mm as u16), Some((4032, 3024)))
    };
    let camera = |file: &[u8]| {
        let photo = decode(file, &Limits::default()).expect("it decodes");
        assert!(photo.rgb.height() > photo.rgb.width());
        analyze(&photo, &Control::default()).expect("it is a room").camera
    };
    let found = camera(&file(&lying, 6));
    assert_eq!(found.source, CameraSource::Exif);
    let expected = focal_35mm / 43.27 * 1000.0;
    assert!((found.focal / expected - 1.0).abs() < 0.03, "{}", found.focal);
    assert!(found.focal_sigma < 0.06, "{}", found.focal_sigma);

    let crop = imageops::crop_imm(&lying, 0, 60, 800, 480).to_image();
    let found = camera(&file(&crop, 6));
    assert_ne!(found.source, CameraSource::Exif, "5:3 is a crop of 4:3");
}

#[test]
fn a_photo_on_its_head_is_refused_and_says_so() {
    for room in [CORNER, FRONTAL, PORTRAIT] {
        let mut photo = room.photo();
        let upright = Working::new(&photo).expect("it is large enough");
        photo.rgb = imageops::rotate180(&photo.rgb);
        let turned = Working::new(&photo).expect("it is large enough");
        let (upright, inverted) = (upright_odds(&upright), upright_odds(&turned));
        assert!(upright > 1.0, "{upright} in {room:?}");
        assert!((upright + inverted).abs() < 0.2, "{upright} and {inverted}");
        let refusal = analyze(&photo, &Control::default()).map(|found| found.refusal);
        assert!(
            matches!(&refusal, Ok(Some(StageError::NotARoom(why))) if why.contains("head")),
            "{refusal:?} in {room:?}"
        );
    }
}

/// A view of a CC0 panorama whose camera is known exactly.
#[test]
fn an_office_full_of_desks_keeps_its_camera() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/photos/p04_office_tiles.jpg");
    let photo = decode(
        &std::fs::read(path).expect("the sample ships"),
        &Limits::default(),
    )
    .expect("it decodes");
    let found = analyze(&photo, &Control::default()).expect("it is a room");
    let focal = found.camera.focal / f64::from(photo.rgb.width());
    assert!((focal / 0.6635 - 1.0).abs() < 0.2, "{focal}");
}
