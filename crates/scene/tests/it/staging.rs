//! A photo from end to end.

use std::sync::{Arc, Mutex};

use vitrine_scene::furnish::{RoomType, Style};
use vitrine_scene::image::{Photo, PhotoFormat};
use vitrine_scene::redecorate::{Color, Flooring, Redecoration};
use vitrine_scene::{Control, StageError, StageRequest, stage};

use crate::rendering_support::{camera, photo, room};

fn empty_room() -> Photo {
    Photo {
        rgb: photo(&camera(480, 360), &room()),
        focal_35mm: None,
        format: PhotoFormat::Png,
    }
}

fn request(seed: u32) -> StageRequest {
    StageRequest {
        room_type: Some(RoomType::LivingRoom),
        style: Style::Scandinavian,
        seed,
        redecoration: Redecoration::default(),
        force: true,
        plan: 0,
        furniture: None,
        library: None,
        picture: None,
    }
}

#[test]
fn an_empty_room_comes_back_furnished_and_the_rest_of_it_untouched() {
    let photo = empty_room();
    let steps: Arc<Mutex<Vec<(f32, &'static str)>>> = Arc::default();
    let heard = Arc::clone(&steps);
    let control = Control::with_progress(move |fraction, step| {
        heard
            .lock()
            .expect("nobody panics while holding it")
            .push((fraction, step));
    });
    let staged = stage(&photo, &request(7), &control).expect("a plain room can be staged");

    assert_eq!(staged.rgb.dimensions(), photo.rgb.dimensions());
    assert_eq!(staged.room_type, RoomType::LivingRoom);
    assert!(staged.placements.len() >= 3, "{} pieces", staged.placements.len());
    let mut changed = 0;
    for (i, (before, after)) in photo.rgb.pixels().zip(staged.rgb.pixels()).enumerate() {
        if staged.furniture_mask[i] == 0 && staged.shadow_mask[i] == 0 {
            assert_eq!(before, after, "pixel {i}");
        } else {
            changed += usize::from(before != after);
        }
    }
    let all = photo.rgb.pixels().len();
    assert!(
        (all / 30..all * 4 / 5).contains(&changed),
        "{changed} of {all} pixels changed"
    );

    let steps = steps.lock().expect("the staging is over");
    let mut names: Vec<&str> = steps.iter().map(|(_, step)| *step).collect();
    names.dedup();
    assert_eq!(names.first(), Some(&"reading the room"));
    for name in ["choosing furniture", "rendering", "finishing"] {
        assert!(names.contains(&name), "{name} is missing in {names:?}");
    }
    assert_eq!(steps.last().map(|(fraction, _)| *fraction), Some(1.0));
    assert!(staged.timings_ms.iter().any(|(name, _)| *name == "shadow"));
}

#[test]
fn the_same_photo_request_and_seed_give_the_same_bytes() {
    let photo = empty_room();
    let first = stage(&photo, &request(11), &Control::default()).expect("it stages");
    let second = stage(&photo, &request(11), &Control::default()).expect("it stages");
    assert_eq!(first.rgb, second.rgb);
    assert_eq!(first.furniture_mask, second.furniture_mask);
}

#[test]
fn a_staging_canceled_before_it_begins_does_nothing() {
    let control = Control::default();
    control.cancel();
    assert_eq!(
        stage(&empty_room(), &request(7), &control).err(),
        Some(StageError::Canceled)
    );
}

#[test]
fn another_floor_and_paint_change_nothing_but_what_the_masks_name() {
    let photo = empty_room();
    let wish = StageRequest {
        redecoration: Redecoration {
            floor: Some(Flooring::Walnut),
            walls: Some(Color([120, 140, 160])),
        },
        ..request(7)
    };
    let plain = stage(&photo, &request(7), &Control::default()).expect("a room");
    assert!(plain.surface_mask.is_none());
    let staged = stage(&photo, &wish, &Control::default()).expect("a room");
    let surfaces = staged
        .surface_mask
        .as_ref()
        .expect("walls and floor were wished for");
    assert!(surfaces.iter().filter(|value| **value > 200).count() > surfaces.len() / 5);
    for (index, (before, after)) in photo.rgb.pixels().zip(staged.rgb.pixels()).enumerate() {
        let is_touched =
            surfaces[index] > 0 || staged.furniture_mask[index] > 0 || staged.shadow_mask[index] > 0;
        assert!(is_touched || before == after, "pixel {index} changed");
    }
}
