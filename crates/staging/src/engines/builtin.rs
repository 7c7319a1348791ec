//! The built-in engine: geometry and ray-traced light on this machine's processors.

use std::borrow::Cow;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::json;
use vitrine_scene::document::{SceneDocument, Wish, furniture_of};
use vitrine_scene::furnish::{self, Preference, RoomType};
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
                    "straighten": {
                        "description": "Turn a tilted photo level, so that verticals are vertical.",
                        "type": "boolean",
                    },
                    "plan": {
                        "description": "Which of up to three ways to furnish the room, 0 the best.",
                        "type": "integer",
                        "minimum": 0,
                        "maximum": 2,
                    },
                    "imported": {
                        "description": "Imported furniture: in some rooms (mixed), wherever it fits (preferred), or not.",
                        "type": ["string", "null"],
                        "enum": ["mixed", "preferred", "none", null],
                    },
                },
            }),
        }
    }

    fn complaints(&self, options: &EngineOptions) -> Vec<OptionComplaint> {
        Wishes::read(options).err().unwrap_or_default()
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

/// What the options say.
#[derive(Debug, Clone, Copy, Default)]
struct Wishes {
    redecoration: Redecoration,
    straighten: bool,
    plan: u8,
    imported: Preference,
}

/// How much imported furniture the settings of an image ask for.
pub fn preference(options: &EngineOptions) -> Preference {
    Wishes::read(options).unwrap_or_default().imported
}

impl Wishes {
    /// The options as wishes, or what is wrong with them.
    fn read(options: &EngineOptions) -> Result<Self, Vec<OptionComplaint>> {
        let mut wishes = Self::default();
        let mut complaints = Vec::new();
        for (name, value) in options {
            let read = match name.as_str() {
                "floor" => serde_json::from_value(value.clone())
                    .map(|floor| wishes.redecoration.floor = floor)
                    .map_err(|_| "A floor is oak, walnut, tile or carpet."),
                "walls" => serde_json::from_value(value.clone())
                    .map(|walls| wishes.redecoration.walls = walls)
                    .map_err(|_| "A wall colour is written like #d8c3a5."),
                "straighten" => value
                    .as_bool()
                    .map(|straighten| wishes.straighten = straighten)
                    .ok_or("Must be true or false."),
                "plan" => value
                    .as_u64()
                    .filter(|plan| *plan < furnish::MAX_PLANS as u64)
                    .map(|plan| wishes.plan = plan as u8)
                    .ok_or("A plan is 0, 1 or 2."),
                "imported" => serde_json::from_value::<Option<Preference>>(value.clone())
                    .map(|imported| wishes.imported = imported.unwrap_or_default())
                    .map_err(|_| "Imported furniture is mixed, preferred or none."),
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
            Ok(wishes)
        } else {
            Err(complaints)
        }
    }
}

fn work(photo: &[u8], request: &EngineRequest, control: &Control) -> Result<EngineOutput, EngineError> {
    let photo = picture::decode(photo, &picture::Limits::default())?;
    control.check()?;
    match &request.scene {
        Some(drawn) if !drawn.is_to_be_planned => render_drawn(photo, drawn, control),
        drawn => furnish_photo(photo, request, drawn.as_ref(), control),
    }
}

/// Reads the photo, or takes camera and room as a person drew them, and furnishes it.
fn furnish_photo(
    photo: Photo,
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
    let Wishes {
        redecoration,
        straighten,
        plan,
        imported: _,
    } = Wishes::read(&request.options).unwrap_or_default();
    let decorated = |document: SceneDocument| SceneDocument {
        redecoration,
        ..document
    };
    // The room as it is known before anything stands in it, and why it is not to be furnished unasked.
    let (guess, refusal) = match drawn {
        Some(DrawnScene { document, .. }) => (document.clone(), None),
        None => {
            control.progress(0.0, "reading the room");
            let analysis = vitrine_scene::analyze(&photo, control).map_err(|error| match error {
                StageError::NotARoom(_) => {
                    refused(error, decorated(SceneDocument::assumed(width, height, wish)))
                }
                other => other.into(),
            })?;
            let seen = SceneDocument::empty(&analysis.camera, &analysis.room, wish);
            (decorated(seen), analysis.refusal)
        }
    };
    if let Some(refusal) = refusal {
        return Err(refused(refusal, guess));
    }
    let level = guess.clone().straightened(width, height).filter(|_| straighten);
    let scene = level.unwrap_or(guess);
    let shown = Shown::of(photo, &scene);
    let analysis = Analysis {
        camera: scene.camera.camera(width, height),
        room: scene.room.room(),
        refusal: None,
        camera_ms: 0,
        room_ms: 0,
    };
    let stage_request = StageRequest {
        room_type: request.room_type,
        style: request.style,
        seed: request.seed,
        redecoration: scene.redecoration,
        force: true,
        plan,
        furniture: request.furniture.clone(),
        library: request.library.clone(),
        picture: None,
    };
    let staged = match vitrine_scene::stage_in(&shown.photo, analysis, &stage_request, control) {
        Err(error @ StageError::NoFloorVisible) => return Err(refused(error, scene)),
        staged => staged?,
    };
    // Camera and room stay as they were read or sent, to the last digit.
    let furnished = SceneDocument {
        room_type: Some(staged.room_type),
        palette: Some(staged.palette.to_owned()),
        plan: plan.into(),
        furniture: furniture_of(&staged.placements),
        ..scene
    };
    deliver(&shown, &staged.rgb, furnished, staged.room_type, control)
}

/// What the picture shows without furniture: the photo, or the photo turned level.
struct Shown {
    photo: Photo,
    is_straightened: bool,
}

impl Shown {
    fn of(photo: Photo, scene: &SceneDocument) -> Self {
        let (width, height) = photo.rgb.dimensions();
        match scene.level(width, height) {
            None => Self {
                photo,
                is_straightened: false,
            },
            Some(level) => Self {
                photo: Photo {
                    rgb: level.picture(&photo.rgb),
                    ..photo
                },
                is_straightened: true,
            },
        }
    }
}

/// Renders a scene as it is.
fn render_drawn(photo: Photo, drawn: &DrawnScene, control: &Control) -> Result<EngineOutput, EngineError> {
    let DrawnScene {
        document: scene,
        assets,
        ..
    } = drawn;
    let (width, height) = photo.rgb.dimensions();
    control.progress(0.0, "rendering");
    let shown = Shown::of(photo, scene);
    let photo = &shown.photo;
    let placements = scene
        .placements(assets)
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
    deliver(&shown, &rendered.rgb, scene, room_type, control)
}

fn deliver(
    shown: &Shown,
    rgb: &RgbImage,
    scene: SceneDocument,
    room_type: RoomType,
    control: &Control,
) -> Result<EngineOutput, EngineError> {
    control.check()?;
    let photo = &shown.photo;
    let before = shown
        .is_straightened
        .then(|| picture::encode(&photo.rgb, photo.format, None))
        .transpose()?;
    let encoded = picture::encode(rgb, photo.format, Some(&picture::Disclosure::default()))?;
    let small = picture::shrink_to(rgb, THUMB_SIDE)?;
    let thumb = picture::encode_jpeg(&small, THUMB_QUALITY, Some(&picture::Disclosure::default()))?;
    Ok(EngineOutput {
        file: encoded.into(),
        content_type: photo.format.media_type(),
        thumb: thumb.into(),
        before: before.map(Bytes::from),
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
