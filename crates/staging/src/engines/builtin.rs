//! The built-in engine: geometry and ray-traced light on this machine's processors.

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::json;
use vitrine_scene::image as picture;
use vitrine_scene::{Control, StageError, StageRequest, furnish};

use super::{Engine, EngineError, EngineInfo, EngineOutput, EngineRequest, EngineWatch, FREE, Progress};
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
                "properties": {},
            }),
        }
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
        let work = tokio::task::spawn_blocking(move || render(&photo, &request, &control));
        let canceled = watch.canceled.clone();
        tokio::pin!(work);
        let result = tokio::select! {
            result = &mut work => result,
            () = canceled.cancelled() => {
                // The renderer looks at this between tiles; waiting for it keeps the processors honest.
                stopper.cancel();
                work.await
            }
        };
        match result {
            Ok(output) => output.map_err(EngineError::from),
            Err(panic) => Err(EngineError::Failed {
                code: "engine_failed",
                message: panic.to_string(),
            }),
        }
    }
}

fn render(photo: &[u8], request: &EngineRequest, control: &Control) -> Result<EngineOutput, StageError> {
    let photo = picture::decode(photo, &picture::Limits::default())?;
    control.check()?;
    let request = StageRequest {
        room_type: request.room_type,
        style: request.style,
        seed: request.seed,
        force: false,
    };
    let staged = vitrine_scene::stage(&photo, &request, control)?;
    control.check()?;
    let encoded = picture::encode(&staged.rgb, photo.format, Some(&picture::Disclosure::default()))?;
    let small = picture::shrink_to(&staged.rgb, THUMB_SIDE)?;
    let thumb = picture::encode_jpeg(&small, THUMB_QUALITY, Some(&picture::Disclosure::default()))?;
    let content_type = photo.format.media_type();
    Ok(EngineOutput {
        file: encoded.into(),
        content_type,
        thumb: thumb.into(),
        room_type: staged.room_type,
        confidence: Some(staged.analysis.room.confidence),
        scene: Some(vitrine_scene::report::staged(&staged, request.seed)),
        cost: FREE,
    })
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
            },
        }
    }
}
