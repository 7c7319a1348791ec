//! The whole way from segments and cameras to a room in metres.

use super::confidence::{Signs, refusal};
use super::layout::find_layout;
use super::scale::{USUAL_CEILING, fuse};
use super::{Obstacle, Opening, Room};
use crate::camera::{Camera, CameraHypothesis, Segment, Working, upright_odds};
use crate::geometry::DVec2;
use crate::{Control, StageError};

/// Below these odds a photo is taken to be upside down.
const ON_ITS_HEAD: f64 = -1.3;

/// A room and the camera that sees it, in photo pixels and metres.
#[derive(Debug, Clone)]
pub struct FoundRoom {
    pub camera: Camera,
    pub room: Room,
    pub refusal: Option<StageError>,
}

/// Finds the room that explains the segments best; `None` without cameras.
pub fn find_room(
    working: &Working,
    segments: &[Segment],
    cameras: &[CameraHypothesis],
    photo_size: (u32, u32),
    control: &Control,
) -> Result<Option<FoundRoom>, StageError> {
    let Some(layout) = find_layout(working, segments, cameras, control)? else {
        return Ok(None);
    };
    let scale = fuse(&layout.ceiling, &layout.door_heights(), &layout.sill_heights());
    let plan = layout.rated.plan;
    let unit = scale.camera_height;
    let confidence = Signs::of(&layout).confidence();
    let ceiling_height = if layout.ceiling.is_seen() {
        unit * (1.0 + layout.ceiling.above)
    } else {
        USUAL_CEILING.max(unit + 0.4)
    };
    let in_metres = |opening: &Opening| Opening {
        u: (opening.u.0 * unit, opening.u.1 * unit),
        heights: (opening.heights.0 * unit, opening.heights.1 * unit),
        ..opening.clone()
    };
    let camera = Camera {
        distortion: working.distortion,
        ..layout
            .camera
            .camera
            .scaled(working.to_photo, photo_size.0, photo_size.1)
    };
    let shown = |outline: &[DVec2]| {
        let ideal: Vec<DVec2> = outline.iter().map(|p| *p * working.to_photo).collect();
        camera.shown_polygon(&ideal)
    };
    let in_photo = |obstacle: &Obstacle| Obstacle {
        polygon_px: shown(&obstacle.polygon_px),
        footprint: obstacle
            .footprint
            .as_ref()
            .map(|corners| corners.iter().map(|p| *p * unit).collect()),
    };
    // The copy without distortion lost a margin of the photo, and floor is seen there too.
    let floor_polygon = if camera.distortion == 0.0 {
        shown(&layout.outline)
    } else {
        plan.floor_outline(&camera)
    };
    let room = Room {
        camera_height: unit,
        ceiling_height,
        ceiling_seen: layout.ceiling.is_seen(),
        left: plan.has_left().then_some(-plan.left * unit),
        right: plan.has_right().then_some(plan.right * unit),
        back: plan.has_back().then_some(plan.back * unit),
        openings: layout.openings.iter().map(in_metres).collect(),
        obstacles: layout.standing.obstacles.iter().map(in_photo).collect(),
        scale_source: scale.source,
        scale_sigma: scale.sigma,
        floor_polygon,
        confidence,
    };
    let refusal = if upright_odds(working) < ON_ITS_HEAD {
        Some(StageError::NotARoom("it seems to stand on its head".into()))
    } else {
        refusal(&layout, segments, confidence)
    };
    Ok(Some(FoundRoom {
        camera,
        room,
        refusal,
    }))
}
