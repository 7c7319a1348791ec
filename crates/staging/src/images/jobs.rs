//! The work behind an image: fetch the photo, ask the engine, store the result.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use vitrine_db::{Tx, values};
use vitrine_kernel::backoff::Backoff;
use vitrine_kernel::id::ImageId;
use vitrine_kernel::{Error, ErrorCode};
use vitrine_platform::Ctx;
use vitrine_platform::jobs::{Failure, Job, JobEnd, JobError, JobRun, Subject};

use vitrine_scene::furnish::Furniture;

use super::model::{Image, ImageFailure};
use super::service::{self, Stored};
use super::sql;
use crate::engines::{
    DrawnScene, EngineError, EngineOutput, EngineRequest, EngineWatch, Engines, Progress, preference,
};
use crate::furniture::{assets, library};
use crate::scenes::versions;

/// Makes the picture of one version of an image.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StageImage {
    pub image_id: ImageId,
    /// A later version takes its place: then there is nothing left to do.
    #[serde(default = "first")]
    pub version: u32,
}

const fn first() -> u32 {
    1
}

/// How long a photo waits before it asks again for the furniture of another one.
const WAIT_FOR_OTHER: Duration = Duration::from_secs(1);

/// Progress is stored and told at most this often.
const PROGRESS_EVERY: Duration = Duration::from_millis(300);

#[async_trait]
impl Job for StageImage {
    const KIND: &'static str = "staging.stage_image";
    const MAX_ATTEMPTS: u32 = 4;
    const TIMEOUT: Duration = Duration::from_secs(180);
    const BACKOFF: Backoff = Backoff::new(2_000, 60_000);

    fn subject(&self) -> Option<Subject> {
        Some(service::subject(self.image_id))
    }

    fn unique_key(&self) -> Option<String> {
        Some(format!("stage_image:{}:{}", self.image_id, self.version))
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        // A missing row, a finished or a deleted image leave nothing to do: this job may run twice.
        let Some(image) = service::get_for_job(ctx, self.image_id)
            .await?
            .filter(|image| self.is_of(image))
        else {
            return Ok(());
        };
        let scene = drawn_scene(ctx, &image).await?;
        let furniture = match image.same_as.filter(|_| scene.is_none()) {
            None => None,
            Some(other) => match furniture_of(ctx, other).await? {
                SameRoom::NotYet => return Err(JobError::Snooze(WAIT_FOR_OTHER)),
                SameRoom::Known(furniture) => furniture,
            },
        };
        if !service::start(ctx, &image).await? {
            return Ok(());
        }
        let photo = match ctx.files.get(&image.original_key).await {
            Ok(photo) => photo,
            Err(error) if error.code() == ErrorCode::NotFound => {
                return Err(JobError::give_up(
                    "original_missing",
                    "The uploaded photo is gone. Upload it again.",
                ));
            }
            Err(error) => return Err(error.into()),
        };
        // It was asked for at the very moment its project was deleted.
        if !service::has_project(ctx, &image).await? {
            return Err(JobError::Canceled);
        }
        let Some(engine) = Engines::of_ctx(ctx).find(&image.engine).cloned() else {
            return Err(JobError::give_up(
                "engine_failed",
                "The engine of this image is no longer there.",
            ));
        };
        let library = library::of(ctx, image.workspace_id, preference(&image.options)).await?;
        let started = Instant::now();
        let (sender, receiver) = watch::channel(Progress::default());
        let watch = EngineWatch {
            canceled: run.canceled().clone(),
            progress: sender,
        };
        let request = EngineRequest {
            room_type: image.requested_room_type,
            style: image.style,
            seed: image.seed,
            prompt: image.prompt.clone(),
            options: image.options.clone(),
            furniture,
            library: Some(library),
            scene,
        };
        let staging = engine.stage(photo, request, watch);
        let output = match tell_progress(ctx, &image, run, staging, receiver).await {
            Ok(output) => output,
            Err(error) => {
                if let EngineError::Refused {
                    guess: Some(guess), ..
                } = &error
                {
                    versions::store_guess(ctx, &image, guess).await?;
                }
                return Err(job_error(error));
            }
        };
        let stored = store(ctx, &image, &output, started).await?;
        if run.canceled().is_cancelled() {
            return Err(JobError::Canceled);
        }
        service::finish(ctx, &image, &output, &stored).await?;
        Ok(())
    }

    async fn will_retry(&self, ctx: &Ctx, tx: &mut Tx, _failure: &Failure) -> Result<(), Error> {
        match self.load(tx).await? {
            Some(image) => service::requeue(tx, ctx, &image).await,
            None => Ok(()),
        }
    }

    async fn revive(&self, ctx: &Ctx, tx: &mut Tx) -> Result<(), Error> {
        let Some(image) = self.load(tx).await? else {
            return Err(Error::conflict("The image has a later version, or is gone."));
        };
        service::revive(tx, ctx, &image).await
    }

    async fn ended(&self, ctx: &Ctx, tx: &mut Tx, end: &JobEnd) -> Result<(), Error> {
        let Some(image) = self.load(tx).await? else {
            return Ok(());
        };
        match end {
            JobEnd::Done => Ok(()),
            JobEnd::Canceled => service::mark_canceled(tx, ctx, &image).await,
            JobEnd::Dead { code, message } => {
                let failure = public_failure(code, message);
                service::fail(tx, ctx, &image, &failure).await
            }
        }
    }
}

/// Removes images that were deleted longer ago than they can be brought back, with their files.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PurgeImages {}

#[async_trait]
impl Job for PurgeImages {
    const KIND: &'static str = "staging.purge_images";

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        while service::purge_deleted(ctx).await? > 0 {}
        Ok(())
    }
}

impl StageImage {
    fn is_of(&self, image: &Image) -> bool {
        image.version == self.version
    }

    /// The image, while it is at this version.
    async fn load(&self, tx: &mut Tx) -> Result<Option<Image>, Error> {
        let row = tx
            .fetch_optional(&sql::GET_IMAGE_FOR_JOB, values![self.image_id])
            .await?;
        let image = row.map(|row| Image::from_row(&row)).transpose()?;
        Ok(image.filter(|image| self.is_of(image)))
    }
}

/// What a person made of the scene. Without furniture it says only how the room is, unless the image was furnished before
/// and everything was taken out.
async fn drawn_scene(ctx: &Ctx, image: &Image) -> Result<Option<DrawnScene>, Error> {
    let version = versions::get_for_job(ctx, image)
        .await?
        .filter(|version| version.is_edited);
    let Some(document) = version.and_then(|version| version.scene) else {
        return Ok(None);
    };
    Ok(Some(DrawnScene {
        is_to_be_planned: document.furniture.is_empty() && image.staged_key.is_none(),
        assets: assets::load(ctx, image.workspace_id, &document.furniture).await?,
        document,
    }))
}

/// What is known of the furniture of another photo.
enum SameRoom {
    /// It is being chosen.
    NotYet,
    /// Nothing when that photo never got any, so that this one gets its own.
    Known(Option<Furniture>),
}

async fn furniture_of(ctx: &Ctx, id: ImageId) -> Result<SameRoom, Error> {
    let Some(image) = service::get_for_job(ctx, id)
        .await?
        .filter(|image| image.deleted_at.is_none())
    else {
        return Ok(SameRoom::Known(None));
    };
    if image.status.can_cancel() && image.staged_key.is_none() {
        return Ok(SameRoom::NotYet);
    }
    let version = versions::get_for_job(ctx, &image).await?;
    let scene = version.and_then(|version| version.scene);
    Ok(SameRoom::Known(scene.and_then(|scene| scene.furniture_list())))
}

/// Runs the engine and passes its progress on, throttled.
async fn tell_progress(
    ctx: &Ctx,
    image: &Image,
    run: &JobRun,
    staging: impl Future<Output = Result<EngineOutput, EngineError>>,
    mut receiver: watch::Receiver<Progress>,
) -> Result<EngineOutput, EngineError> {
    tokio::pin!(staging);
    let mut listening = true;
    loop {
        tokio::select! {
            output = &mut staging => return output,
            changed = receiver.changed(), if listening => {
                if changed.is_err() {
                    listening = false;
                    continue;
                }
                let Progress { percent, step } = *receiver.borrow_and_update();
                // Progress is a courtesy: failing to store it must not fail the work.
                if let Err(error) = service::progress(ctx, image, percent, step).await {
                    tracing::warn!(image.id = %image.id, "could not store the progress of image {}: {error}", image.id);
                }
                run.progress(percent, step).await;
                tokio::select! {
                    output = &mut staging => return output,
                    () = tokio::time::sleep(PROGRESS_EVERY) => {}
                }
            }
        }
    }
}

async fn store(
    ctx: &Ctx,
    image: &Image,
    output: &EngineOutput,
    started: Instant,
) -> Result<Stored, JobError> {
    let extension = match output.content_type {
        "image/png" => "png",
        "image/webp" => "webp",
        _ => "jpg",
    };
    let keys = image.result_keys(extension);
    ctx.files
        .put(&keys.staged, output.file.clone(), output.content_type)
        .await?;
    ctx.files
        .put(&keys.thumb, output.thumb.clone(), "image/jpeg")
        .await?;
    if let Some(before) = &output.before {
        ctx.files
            .put(&keys.before, before.clone(), output.content_type)
            .await?;
    }
    let furniture = output.scene.as_ref().map_or(&[][..], |scene| &scene.furniture);
    let credits = assets::credits_in(ctx, image.workspace_id, furniture).await?;
    let processing_time_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
    Ok(Stored {
        staged_key: keys.staged,
        thumb_key: keys.thumb,
        before_key: output.before.as_ref().map(|_| keys.before),
        credits,
        processing_time_ms,
    })
}

fn job_error(error: EngineError) -> JobError {
    match error {
        EngineError::Refused { code, message, .. } => JobError::give_up(code, message),
        EngineError::Failed { code, message } => JobError::retry(code, message),
        EngineError::Canceled => JobError::Canceled,
    }
}

/// Refusals of the engine are written for people; what went wrong inside is not theirs to read.
fn public_failure(code: &str, message: &str) -> ImageFailure {
    let message = match code {
        "needs_corners" | "not_a_room" | "no_floor_visible" | "decode_failed" | "original_missing" => {
            message.to_owned()
        }
        "timeout" => "It took too long and was stopped. It was not billed.".to_owned(),
        _ => "The engine could not finish this image. It was not billed; try it again.".to_owned(),
    };
    let code = match code {
        "needs_corners" | "not_a_room" | "no_floor_visible" | "decode_failed" | "original_missing"
        | "provider_failed" | "timeout" => code,
        _ => "engine_failed",
    };
    ImageFailure {
        code: code.to_owned(),
        message,
    }
}
