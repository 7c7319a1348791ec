//! The built-in engine: geometry and ray-traced light on this machine's processors.

use std::borrow::Cow;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::json;
use vitrine_scene::document::{SceneDocument, Wish, furniture_of};
use vitrine_scene::furnish::{self, RoomType};
use vitrine_scene::image::{self as picture, Photo, RgbImage};
use vitrine_scene::redecorate::{Redecoration, redecorate};
use vitrine_scene::{Analysis, Control, Prepared, Quality, StageError, StageRequest};

use super::{
    DrawnScene, Engine, EngineError, EngineInfo, EngineOptions, EngineOutput, EngineRequest, EngineWatch,
    FREE, OptionComplaint, Progress, unknown_option,
};
use crate::originals::THUMB_SIDE;

/// Quality of the small picture in galleries.
const THUMB_QUALITY: u8 = 82;

/// See the module.
#[derive(Debug, Clone, Copy)]
pub struct Builtin;

impl Builtin {
    pub const ID: &'static str = "builtin";
}

#[async_trait]
impl Engine for Builtin {
    fn info(&self) -> EngineInfo {
        EngineInfo {
            id: Self::ID,
            label: "Built-in",
            available: true,
            reason: None,
            price: FREE,
            typical_seconds: 4,
            room_types: furnish::SUPPORTED.to_vec(),
            parameters: json!({
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "floor": {
                        "description": "Another floor covering, under the photo's own light.",
                        "type": ["string", "null"],
                        "enum": ["oak", "walnut", "tile", "carpet", null],
                    },
                    "walls": {
                        "description": "Paint for all walls, under the photo's own light.",
                        "type": ["string", "null"],
                        "pattern": "^#[0-9a-fA-F]{6}$",
                    },
                },
            }),
        }
    }

    fn complaints(&self, options: &EngineOptions) -> Vec<OptionComplaint> {
        redecoration(options).err().unwrap_or_default()
    }

    async fn stage(
        &self,
        photo: Bytes,
        request: EngineRequest,
        watch: EngineWatch,
    ) -> Result<EngineOutput, EngineError> {
        let progress = watch.progress.clone();
        let control = Control::with_progress(move |fraction, step| {
            progress.send_replace(Progress {
                percent: (fraction * 95.0) as u8,
                step,
            });
        });
        let stopper = control.clone();
        let working = tokio::task::spawn_blocking(move || work(&photo, &request, &control));
        let canceled = watch.canceled.clone();
        tokio::pin!(working);
        let result = tokio::select! {
            result = &mut working => result,
            () = canceled.cancelled() => {
                // The renderer looks at this between tiles; waiting for it keeps the processors honest.
                stopper.cancel();
                working.await
            }
        };
        match result {
            Ok(output) => output,
            Err(panic) => Err(EngineError::Failed {
                code: "engine_failed",
                message: panic.to_string(),
            }),
        }
    }
}

/// Walls and floor as wished for, or what is wrong with the wish.
fn redecoration(options: &EngineOptions) -> Result<Redecoration, Vec<OptionComplaint>> {
    let mut wish = Redecoration::default();
    let mut complaints = Vec::new();
    for (name, value) in options {
        let read = match name.as_str() {
            "floor" => serde_json::from_value(value.clone())
                .map(|floor| wish.floor = floor)
                .map_err(|_| "A floor is oak, walnut, tile or carpet."),
            "walls" => serde_json::from_value(value.clone())
                .map(|walls| wish.walls = walls)
                .map_err(|_| "A wall colour is written like #d8c3a5."),
            _ => {
                complaints.push(unknown_option(name));
                continue;
            }
        };
        if let Err(message) = read {
            complaints.push(OptionComplaint {
                name: name.clone(),
                code: "unknown_value",
                message: message.to_owned(),
            });
        }
    }
    if complaints.is_empty() {
        Ok(wish)
    } else {
        Err(complaints)
    }
}

fn work(photo: &[u8], request: &EngineRequest, control: &Control) -> Result<EngineOutput, EngineError> {
    let photo = picture::decode(photo, &picture::Limits::default())?;
    control.check()?;
    match &request.scene {
        Some(drawn) if !drawn.is_to_be_planned => render_drawn(&photo, drawn, control),
        drawn => furnish_photo(&photo, request, drawn.as_ref(), control),
    }
}

/// Reads the photo, or takes camera and room as a person drew them, and furnishes it.
fn furnish_photo(
    photo: &Photo,
    request: &EngineRequest,
    drawn: Option<&DrawnScene>,
    control: &Control,
) -> Result<EngineOutput, EngineError> {
    let (width, height) = photo.rgb.dimensions();
    let wish = Wish {
        room_type: request.room_type,
        style: request.style,
        seed: request.seed,
    };
    let wanted = match drawn {
        Some(DrawnScene { document, .. }) => document.redecoration,
        None => redecoration(&request.options).unwrap_or_default(),
    };
    let guessed = |document: SceneDocument| SceneDocument {
        redecoration: wanted,
        ..document
    };
    let analysis = match drawn {
        Some(DrawnScene { document, .. }) => Analysis {
            camera: document.camera.camera(width, height),
            room: document.room.room(),
            refusal: None,
            camera_ms: 0,
            room_ms: 0,
        },
        None => {
            control.progress(0.0, "reading the room");
            vitrine_scene::analyze(photo, control).map_err(|error| match error {
                StageError::NotARoom(_) => {
                    refused(error, guessed(SceneDocument::assumed(width, height, wish)))
                }
                other => other.into(),
            })?
        }
    };
    let guess = guessed(SceneDocument::empty(&analysis.camera, &analysis.room, wish));
    if let Some(refusal) = analysis.refusal.clone() {
        return Err(refused(refusal, guess));
    }
    let stage_request = StageRequest {
        room_type: request.room_type,
        style: request.style,
        seed: request.seed,
        redecoration: wanted,
        force: true,
        plan: 0,
        furniture: None,
    };
    let staged = match vitrine_scene::stage_in(photo, analysis, &stage_request, control) {
        Err(error @ StageError::NoFloorVisible) => return Err(refused(error, guess)),
        staged => staged?,
    };
    let mut scene = guessed(SceneDocument::staged(&staged, wish));
    if let Some(DrawnScene { document, .. }) = drawn {
        // Numbers that a person saw and sent stay as they are, to the last digit.
        (scene.camera, scene.room) = (document.camera.clone(), document.room.clone());
    }
    deliver(photo, &staged.rgb, scene, staged.room_type, control)
}

/// Renders a scene as it is.
fn render_drawn(photo: &Photo, drawn: &DrawnScene, control: &Control) -> Result<EngineOutput, EngineError> {
    let DrawnScene {
        document: scene,
        assets,
        ..
    } = drawn;
    let (width, height) = photo.rgb.dimensions();
    control.progress(0.0, "rendering");
    let placements = scene
        .placements(&|id| assets.get(id))
        .map_err(|error| StageError::Internal(error.to_string()))?;
    let (camera, room) = (scene.camera.camera(width, height), scene.room.room());
    let report = |done: f32| control.progress(0.05 + 0.9 * done, "rendering");
    let walls_and_floor = if scene.redecoration.is_empty() {
        Cow::Borrowed(&photo.rgb)
    } else {
        Cow::Owned(
            redecorate(
                &photo.rgb,
                &camera,
                &room,
                &scene.redecoration,
                scene.seed,
                control,
            )?
            .rgb,
        )
    };
    let prepared = Prepared::new(walls_and_floor, &camera, &room, control)?;
    let rendered = prepared.render(&placements, Quality::Final, scene.seed, control, report)?;
    let scene = SceneDocument {
        furniture: furniture_of(&placements),
        ..scene.clone()
    };
    let room_type = scene.room_type.unwrap_or(RoomType::LivingRoom);
    deliver(photo, &rendered.rgb, scene, room_type, control)
}

fn deliver(
    photo: &Photo,
    rgb: &RgbImage,
    scene: SceneDocument,
    room_type: RoomType,
    control: &Control,
) -> Result<EngineOutput, EngineError> {
    control.check()?;
    let encoded = picture::encode(rgb, photo.format, Some(&picture::Disclosure::default()))?;
    let small = picture::shrink_to(rgb, THUMB_SIDE)?;
    let thumb = picture::encode_jpeg(&small, THUMB_QUALITY, Some(&picture::Disclosure::default()))?;
    Ok(EngineOutput {
        file: encoded.into(),
        content_type: photo.format.media_type(),
        thumb: thumb.into(),
        room_type,
        confidence: Some(scene.room.confidence),
        scene: Some(scene),
        cost: FREE,
    })
}

fn refused(error: StageError, guess: SceneDocument) -> EngineError {
    EngineError::Refused {
        code: error.code(),
        message: error.to_string(),
        guess: Some(Box::new(guess)),
    }
}

impl From<StageError> for EngineError {
    fn from(error: StageError) -> Self {
        let code = error.code();
        match error {
            StageError::Canceled => Self::Canceled,
            StageError::Internal(message) => Self::Failed { code, message },
            refused => Self::Refused {
                code,
                message: refused.to_string(),
                guess: None,
            },
        }
    }
}
