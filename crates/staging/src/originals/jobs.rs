//! Background work of originals: making the pictures that pages show, and clearing up what never arrived.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::OriginalId;
use vitrine_platform::Ctx;
use vitrine_platform::files::{self, FileError};
use vitrine_platform::jobs::{Job, JobEnd, JobError, JobRun, Subject};
use vitrine_scene::StageError;
use vitrine_scene::image::{self, Limits, PhotoFormat};

use super::model::{MEGAPIXELS_MAX, Original, OriginalFailure, OriginalStatus, SIDE_MIN};
use super::service::{self, MadePictures};
use super::strip::strip;
use super::{PREVIEW_SIDE, THUMB_SIDE, sql};

const PREVIEW_QUALITY: u8 = 86;
const THUMB_QUALITY: u8 = 82;

/// Decodes a photo whole and stores it without personal metadata, with an upright preview and thumbnail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrepareOriginal {
    pub original_id: OriginalId,
}

#[async_trait]
impl Job for PrepareOriginal {
    const KIND: &'static str = "staging.prepare_original";
    const TIMEOUT: Duration = Duration::from_secs(120);

    fn subject(&self) -> Option<Subject> {
        Some(Subject {
            kind: "original",
            id: self.original_id.0,
        })
    }

    fn unique_key(&self) -> Option<String> {
        Some(format!("prepare_original:{}", self.original_id))
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let row = ctx
            .db
            .fetch_optional(&sql::GET_ORIGINAL_FOR_JOB, values![self.original_id])
            .await?;
        let Some(row) = row else { return Ok(()) };
        let original = sql::original_from_row(&row)?;
        if original.status == OriginalStatus::Ready {
            return Ok(());
        }
        let photo = match ctx.files.get_up_to(&original.file_key, original.size_bytes).await {
            Ok(photo) => photo,
            Err(FileError::NotFound { .. }) => {
                return Err(JobError::give_up(
                    "original_missing",
                    "The uploaded photo is gone. Upload it again.",
                ));
            }
            Err(error) => return Err(error.into()),
        };
        let pictures = tokio::task::spawn_blocking(move || make_pictures(&photo));
        let pictures = pictures
            .await
            .unwrap_or_else(|panic| Err(StageError::Decode(format!("the decoder failed: {panic}"))))
            .map_err(|error| job_error(&original, error))?;
        let format = pictures.format;
        let made = MadePictures {
            width: pictures.width,
            height: pictures.height,
            file_key: files::key("photos", original.workspace_id, original.id.0, format.extension()),
            preview_key: files::key("previews", original.workspace_id, original.id.0, "jpg"),
            thumb_key: files::key("thumbs", original.workspace_id, original.id.0, "jpg"),
        };
        ctx.files
            .put(&made.file_key, pictures.photo, format.media_type())
            .await?;
        ctx.files
            .put(&made.preview_key, pictures.preview, "image/jpeg")
            .await?;
        ctx.files
            .put(&made.thumb_key, pictures.thumb, "image/jpeg")
            .await?;
        service::finish(ctx, &original, &made).await?;
        Ok(())
    }

    async fn revive(&self, ctx: &Ctx, tx: &mut Tx) -> Result<(), Error> {
        match load(tx, self.original_id).await? {
            Some(original) => service::reopen(tx, ctx, &original).await,
            None => Ok(()),
        }
    }

    async fn ended(&self, ctx: &Ctx, tx: &mut Tx, end: &JobEnd) -> Result<(), Error> {
        let failure = match end {
            JobEnd::Done => return Ok(()),
            JobEnd::Dead { code, message } => OriginalFailure {
                code: code.clone(),
                message: message.clone(),
            },
            JobEnd::Canceled => OriginalFailure {
                code: "canceled".to_owned(),
                message: "Preparing the photo was canceled. Its job can be tried again.".to_owned(),
            },
        };
        let Some(original) = load(tx, self.original_id).await? else {
            return Ok(());
        };
        service::reject(tx, ctx, &original, &failure).await
    }
}

async fn load(tx: &mut Tx, id: OriginalId) -> Result<Option<Original>, Error> {
    let row = tx.fetch_optional(&sql::GET_ORIGINAL_FOR_JOB, values![id]).await?;
    Ok(row.map(|row| sql::original_from_row(&row)).transpose()?)
}

/// A picture that cannot be decoded will not decode tomorrow; anything else may be us. What the decoder says is for the
/// log.
fn job_error(original: &Original, error: StageError) -> JobError {
    tracing::info!(original.id = %original.id, "could not prepare original {}: {error}", original.id);
    match error {
        StageError::Internal(_) => {
            JobError::retry("prepare_failed", "The photo could not be prepared.").with_source(error)
        }
        _ => JobError::give_up(
            "decode_failed",
            "The photo is damaged and could not be read. Export it again as JPEG and upload that.",
        ),
    }
}

struct Pictures {
    format: PhotoFormat,
    width: u32,
    height: u32,
    /// The photo itself without personal metadata.
    photo: Bytes,
    preview: Bytes,
    thumb: Bytes,
}

/// One decode, of the very bytes that will be kept; two sizes, the small one made of the middle one.
fn make_pictures(uploaded: &[u8]) -> Result<Pictures, StageError> {
    let limits = Limits {
        megapixels: MEGAPIXELS_MAX,
        minimum_side: SIDE_MIN,
    };
    let stripped = strip(uploaded, &image::probe(uploaded)?);
    let decoded = image::decode(stripped.as_deref().unwrap_or(uploaded), &limits)?;
    let photo = match stripped {
        Some(stripped) => stripped,
        // Readable, but too odd to be cut apart: writing it anew leaves everything personal behind as well.
        None => image::encode(&decoded.rgb, decoded.format, None)?,
    };
    let format = decoded.format;
    let (width, height) = decoded.rgb.dimensions();
    let preview = image::shrink_to(&decoded.rgb, PREVIEW_SIDE)?;
    drop(decoded);
    let thumb = image::shrink_to(&preview, THUMB_SIDE)?;
    Ok(Pictures {
        format,
        width,
        height,
        photo: photo.into(),
        preview: image::encode_jpeg(&preview, PREVIEW_QUALITY, None)?.into(),
        thumb: image::encode_jpeg(&thumb, THUMB_QUALITY, None)?.into(),
    })
}

/// Gives up uploads that never arrived and frees what they left.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ExpireUploads {}

#[async_trait]
impl Job for ExpireUploads {
    const KIND: &'static str = "staging.expire_uploads";

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        while service::expire_overdue(ctx, ctx.now()).await? > 0 {}
        Ok(())
    }
}
