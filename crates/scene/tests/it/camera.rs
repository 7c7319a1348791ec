//! Rotation and focal length from lines.

use vitrine_scene::camera::CameraSource;
use vitrine_scene::geometry::DVec3;
use vitrine_scene::image::{Limits, decode};
use vitrine_scene::{Control, analyze};

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

/// A view of a CC0 panorama whose camera is known exactly.
#[test]
fn an_office_full_of_desks_keeps_its_camera() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../staging/samples/p04_office_tiles.jpg"
    );
    let photo = decode(
        &std::fs::read(path).expect("the sample ships"),
        &Limits::default(),
    )
    .expect("it decodes");
    let found = analyze(&photo, &Control::default()).expect("it is a room");
    let focal = found.camera.focal / f64::from(photo.rgb.width());
    assert!((focal / 0.6635 - 1.0).abs() < 0.2, "{focal}");
    assert_eq!(found.refusal, None);
}
