//! What the engine sees in a photo before anything is put into it: camera, room and whether to trust them.

use std::time::Instant;

use crate::camera::{FocalPrior, Working, find_cameras, find_distortion, find_segments};
use crate::image::Photo;
use crate::room::find_room;
use crate::stage::Analysis;
use crate::{Control, StageError};

/// Finds camera and room of a photo. `Err` only for pictures that cannot be measured at all and for cancellation;
/// a room the engine is unsure of comes back with its `refusal` set.
pub fn analyze(photo: &Photo, control: &Control) -> Result<Analysis, StageError> {
    control.check()?;
    let started = Instant::now();
    let prior = FocalPrior::of(photo);
    let mut working = Working::new(photo)?;
    let mut segments = find_segments(&working)?;
    control.check()?;
    let mut cameras = find_cameras(&working, &segments, &prior);
    let distortion = find_distortion(&working, &segments, &prior, &cameras);
    if distortion != 0.0 {
        control.check()?;
        working = working.without(distortion);
        segments = find_segments(&working)?;
        cameras = find_cameras(&working, &segments, &prior);
    }
    let camera_ms = started.elapsed().as_millis() as u64;

    control.check()?;
    let started = Instant::now();
    let found = find_room(&working, &segments, &cameras, photo.rgb.dimensions(), control)?
        .ok_or_else(|| StageError::NotARoom("it has hardly any straight lines".into()))?;
    let room_ms = started.elapsed().as_millis() as u64;
    Ok(Analysis {
        camera: found.camera,
        room: found.room,
        refusal: found.refusal,
        camera_ms,
        room_ms,
    })
}
