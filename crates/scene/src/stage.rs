//! One photo from end to end.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering};

pub use crate::analyze::analyze;
use crate::camera::Camera;
use crate::furnish::{
    Furniture, Hanging, Library, Order, Placement, Plan, RoomType, Style, hang, plan_at, plan_with,
};
use crate::image::{Photo, RgbImage};
use crate::model::import::Credit;
use crate::redecorate::{Redecorated, Redecoration, redecorate};
use crate::render::{Prepared, Quality, Rendered, Stopwatch};
use crate::room::Room;
use crate::{Control, StageError};

/// What to make of a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct StageRequest {
    /// `None`: the engine decides among the types it can furnish and says what it decided.
    pub room_type: Option<RoomType>,
    pub style: Style,
    /// 1..=2^32-1; the same photo, request and seed give the same bytes.
    pub seed: u32,
    /// Other walls or another floor, under the photo's own light.
    pub redecoration: Redecoration,
    /// Stage although the engine is not sure of the room.
    pub force: bool,
    /// Which of the [`plans`](crate::furnish::plans), 0 the best; one beyond the last is the last.
    pub plan: u8,
    /// The furniture of another photo of the same room ([`Furniture::of`]): these pieces are placed, in their own style
    /// and palette, and `room_type`, `style` and `plan` are not looked at.
    pub furniture: Option<Furniture>,
    /// Imported pieces that may stand among those of the catalogue.
    pub library: Option<Library>,
    /// A picture of one's own to hang on the best wall; where none has a place for it the room goes without.
    pub picture: Option<Hanging>,
}

/// What the engine sees in a photo, before anything is put into it.
#[derive(Debug, Clone)]
pub struct Analysis {
    pub camera: Camera,
    pub room: Room,
    /// Why the engine would not stage this photo unasked; `None` when it would.
    pub refusal: Option<StageError>,
    pub camera_ms: u64,
    pub room_ms: u64,
}

/// A staged photo.
#[derive(Debug, Clone)]
pub struct Staged {
    /// Same size as the photo; outside furniture, shadow, reflection and wished-for surfaces every value is the photo's own.
    pub rgb: RgbImage,
    pub analysis: Analysis,
    pub room_type: RoomType,
    pub placements: Vec<Placement>,
    /// Name of the palette that was chosen for the photo's colours.
    pub palette: &'static str,
    /// Whose work the imported pieces are, one each, sorted.
    pub credits: Vec<Credit>,
    /// Coverage of furniture, 0..=255 per pixel.
    pub furniture_mask: Vec<u8>,
    /// Where light on floor and walls was changed (shadow or reflection), 0 or 255 per pixel.
    pub shadow_mask: Vec<u8>,
    /// Where walls or floor were changed on request, 0..=255 per pixel; `None` when nothing was wished for.
    pub surface_mask: Option<Vec<u8>>,
    pub timings_ms: Vec<(&'static str, u64)>,
}

const READING: &str = "reading the room";
const CHOOSING: &str = "choosing furniture";
const RENDERING: &str = "rendering";
const FINISHING: &str = "finishing";

/// Furnishes a photo. Refuses with the analysis' own refusal unless the request forces it.
pub fn stage(photo: &Photo, request: &StageRequest, control: &Control) -> Result<Staged, StageError> {
    control.check()?;
    control.progress(0.0, READING);
    let analysis = analyze(photo, control)?;
    if let Some(refusal) = analysis.refusal.clone().filter(|_| !request.force) {
        return Err(refusal);
    }
    stage_in(photo, analysis, request, control)
}

/// Furnishes a photo whose camera and room are known, whatever the analysis says about itself.
pub fn stage_in(
    photo: &Photo,
    analysis: Analysis,
    request: &StageRequest,
    control: &Control,
) -> Result<Staged, StageError> {
    control.progress(0.2, READING);
    let mut clock = Stopwatch::start();
    clock.laps.push(("camera", analysis.camera_ms));
    clock.laps.push(("room", analysis.room_ms));
    let (walls_and_floor, surface_mask) = if request.redecoration.is_empty() {
        (Cow::Borrowed(&photo.rgb), None)
    } else {
        let Redecorated { rgb, mask } = redecorate(
            &photo.rgb,
            &analysis.camera,
            &analysis.room,
            &request.redecoration,
            request.seed,
            control,
        )?;
        clock.lap("walls and floor");
        (Cow::Owned(rgb), Some(mask))
    };
    let prepared = Prepared::new(walls_and_floor, &analysis.camera, &analysis.room, control)?;
    clock.lap("light");
    control.progress(0.25, CHOOSING);
    let (room, camera) = (&analysis.room, &analysis.camera);
    let Plan {
        room_type,
        mut placements,
        palette,
        credits,
        ..
    } = match &request.furniture {
        Some(list) => plan_with(
            list,
            request.library.as_ref(),
            room,
            camera,
            request.seed,
            control,
        )?,
        None => plan_at(
            usize::from(request.plan),
            room,
            camera,
            &Order {
                surroundings: prepared.light().surroundings(),
                room_type: request.room_type,
                style: request.style,
                seed: request.seed,
                library: request.library.as_ref(),
            },
            control,
        )?,
    };
    if let Some(picture) = &request.picture {
        hang(&mut placements, room, camera, picture);
    }
    clock.lap("furniture plan");
    control.progress(0.35, RENDERING);
    // Tiles finish out of order; the caller hears a fraction that only grows. Positive floats order like their bits.
    let highest = AtomicU32::new(0);
    let report = |done: f32| {
        if highest.fetch_max(done.to_bits(), Ordering::Relaxed) > done.to_bits() {
            return;
        }
        let step = if done < 0.95 { RENDERING } else { FINISHING };
        control.progress(0.35 + 0.65 * done, step);
    };
    let Rendered {
        rgb,
        furniture_mask,
        shadow_mask,
        timings_ms,
        reuse: _,
    } = prepared.render(&placements, Quality::Final, request.seed, control, report)?;
    clock.laps.extend(timings_ms);
    Ok(Staged {
        rgb,
        analysis,
        room_type,
        placements,
        palette,
        credits,
        furniture_mask,
        shadow_mask,
        surface_mask,
        timings_ms: clock.laps,
    })
}
