//! What happens to images. Each verb owns its transaction: rows, quota, job, audit and event become visible together.

use chrono::Duration;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{ImageId, OriginalId, ProjectId};
use vitrine_kernel::page::Page;
use vitrine_kernel::{Error, ErrorCode, FieldError, Result, Time};
use vitrine_platform::billing::{self, Metric, Settle};
use vitrine_platform::events::{self, NewEvent};
use vitrine_platform::jobs::{self, Subject};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::jobs::StageImage;
use super::model::{Image, ImageFailure, ImageStatus, NewImage, QuotaState, Source, text_of};
use super::sql;
use crate::engines::{EngineOutput, FREE};

/// How long a deleted image can be brought back.
pub const RESTORE_DAYS: i64 = 30;

/// What the list of images is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImageFilter {
    pub project_id: Option<ProjectId>,
    pub original_id: Option<OriginalId>,
    pub status: Option<ImageStatus>,
    /// Deleted ones instead of the present ones.
    pub deleted: bool,
}

/// Why one image of a batch was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub index: usize,
    pub code: &'static str,
    pub message: &'static str,
}

/// What became of a batch.
#[derive(Debug)]
pub struct Batch {
    pub images: Vec<Image>,
    pub refusals: Vec<Refusal>,
}

const QUOTA_MESSAGE: &str = "This month's images are used up. Failed and canceled images do not count.";

/// Queues one staging.
pub async fn create(ctx: &Ctx, actor: &Actor, new: NewImage) -> Result<Image> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    require_project(&mut tx, actor, new.project_id, "project_id").await?;
    let original_id = match find_original(&mut tx, actor, new.source).await? {
        Ok(original_id) => original_id,
        Err(refused) => return Err(Error::field(new.source.field(), refused.code, refused.message)),
    };
    let reservation = billing::reserve(&mut tx, ctx, actor.workspace_id, Metric::Images, 1).await?;
    if reservation.granted == 0 {
        return Err(Error::new(ErrorCode::QuotaExceeded, QUOTA_MESSAGE));
    }
    let id = insert(&mut tx, ctx, actor, &new, original_id, reservation.period_start).await?;
    let image = get_in(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(image)
}

/// Queues up to fifty stagings. Quota is reserved for as many as it allows, in order.
pub async fn create_batch(ctx: &Ctx, actor: &Actor, batch: Vec<NewImage>) -> Result<Batch> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    let mut known_projects: Vec<ProjectId> = Vec::new();
    let mut bad = Vec::new();
    for (index, new) in batch.iter().enumerate() {
        if !known_projects.contains(&new.project_id) {
            match require_project(
                &mut tx,
                actor,
                new.project_id,
                &format!("images[{index}].project_id"),
            )
            .await
            {
                Ok(()) => known_projects.push(new.project_id),
                Err(error) if error.code() == ErrorCode::ValidationFailed => {
                    bad.extend_from_slice(error.fields())
                }
                Err(error) => return Err(error),
            }
        }
    }
    if !bad.is_empty() {
        return Err(Error::validation(bad));
    }
    let mut refusals = Vec::new();
    let mut accepted = Vec::new();
    for (index, new) in batch.iter().enumerate() {
        match find_original(&mut tx, actor, new.source).await? {
            Ok(original_id) => accepted.push((index, new, original_id)),
            Err(refused) => refusals.push(Refusal { index, ..refused }),
        }
    }
    let wanted = u32::try_from(accepted.len()).unwrap_or(u32::MAX);
    let mut images = Vec::new();
    if wanted > 0 {
        let reservation = billing::reserve(&mut tx, ctx, actor.workspace_id, Metric::Images, wanted).await?;
        let granted = reservation.granted as usize;
        for (index, _, _) in accepted.iter().skip(granted) {
            refusals.push(Refusal {
                index: *index,
                code: "quota_exceeded",
                message: QUOTA_MESSAGE,
            });
        }
        for (_, new, original_id) in accepted.iter().take(granted) {
            let id = insert(&mut tx, ctx, actor, new, *original_id, reservation.period_start).await?;
            images.push(get_in(&mut tx, actor, id).await?);
        }
    }
    refusals.sort_by_key(|refusal| refusal.index);
    tx.commit().await?;
    Ok(Batch { images, refusals })
}

async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    new: &NewImage,
    original_id: OriginalId,
    quota_period: Time,
) -> Result<ImageId> {
    let (id, now) = (ctx.id::<ImageId>(), ctx.now());
    let seed = new
        .seed
        .unwrap_or_else(|| (ctx.entropy.u64() % u64::from(u32::MAX)) as u32 + 1);
    let row = values![
        id,
        actor.workspace_id,
        new.project_id,
        original_id,
        new.room_type.map(text_of),
        text_of(new.style),
        &new.engine,
        seed,
        new.prompt.clone(),
        FREE.amount_micros,
        text_of(FREE.currency),
        quota_period,
        now,
    ];
    tx.execute_one(&sql::INSERT_IMAGE, row).await?;
    tx.execute(&sql::LINK_ORIGINAL, values![new.project_id, original_id, now])
        .await?;
    jobs::enqueue(tx, ctx, Some(actor.workspace_id), &StageImage { image_id: id }).await?;
    audit::record(tx, ctx, Some(actor), "image.create", "image", id, None).await?;
    publish(
        tx,
        ctx,
        actor.workspace_id,
        new.project_id,
        id,
        ImageStatus::Queued,
        0,
        None,
        None,
    )
    .await?;
    Ok(id)
}

async fn require_project(tx: &mut Tx, actor: &Actor, project_id: ProjectId, field: &str) -> Result<()> {
    let found = tx
        .fetch_optional(&sql::FIND_PROJECT, values![project_id, actor.workspace_id])
        .await?;
    match found {
        Some(_) => Ok(()),
        None => Err(Error::field(field, "not_found", "There is no such project.")),
    }
}

async fn find_original(tx: &mut Tx, actor: &Actor, source: Source) -> Result<Result<OriginalId, Refusal>> {
    let row = match source {
        Source::Original(id) => {
            tx.fetch_optional(&sql::FIND_ORIGINAL, values![id, actor.workspace_id])
                .await?
        }
        Source::Upload(id) => {
            tx.fetch_optional(&sql::FIND_UPLOADED_ORIGINAL, values![id, actor.workspace_id])
                .await?
        }
    };
    let refuse = |code, message| {
        Ok(Err(Refusal {
            index: 0,
            code,
            message,
        }))
    };
    let Some(row) = row else {
        return match source {
            Source::Original(_) => refuse("original_missing", "There is no such photo."),
            Source::Upload(_) => refuse(
                "original_missing",
                "There is no such upload, or it is not complete.",
            ),
        };
    };
    if row.get::<String>("status")? == "rejected" {
        return refuse("decode_failed", "This photo could not be read. Upload it again.");
    }
    Ok(Ok(row.get("id")?))
}

/// One image of the caller's workspace, deleted or not.
pub async fn get(ctx: &Ctx, actor: &Actor, id: ImageId) -> Result<Image> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_IMAGE, values![id, actor.workspace_id])
        .await?;
    Ok(Image::from_row(&row.ok_or_else(Error::not_found)?)?)
}

async fn get_in(tx: &mut Tx, actor: &Actor, id: ImageId) -> Result<Image> {
    let row = tx
        .fetch_optional(&sql::GET_IMAGE, values![id, actor.workspace_id])
        .await?;
    Ok(Image::from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// An image by id alone; for jobs.
pub async fn get_for_job(ctx: &Ctx, id: ImageId) -> Result<Option<Image>> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_IMAGE_FOR_JOB, values![id])
        .await?;
    Ok(row.map(|row| Image::from_row(&row)).transpose()?)
}

pub async fn list(ctx: &Ctx, actor: &Actor, filter: ImageFilter, paging: &Paging) -> Result<Page<Image>> {
    let mut values = values![
        actor.workspace_id,
        filter.deleted,
        filter.status.map(ImageStatus::as_str),
        filter.original_id,
    ];
    let page = match filter.project_id {
        None => paging.fetch(&ctx.db, &sql::LIST_IMAGES, values).await?,
        Some(project_id) => {
            values.push(project_id.into());
            paging
                .fetch(&ctx.db, &sql::LIST_IMAGES_BY_PROJECT, values)
                .await?
        }
    };
    let (page, rows) = page.split();
    let images = rows.iter().map(Image::from_row).collect::<Result<Vec<_>, _>>()?;
    Ok(page.with_items(images))
}

/// The present images of one photo in one project, oldest first.
pub async fn list_of_original(
    ctx: &Ctx,
    actor: &Actor,
    project_id: ProjectId,
    original_id: OriginalId,
) -> Result<Vec<Image>> {
    let values = values![actor.workspace_id, project_id, original_id];
    let rows = ctx
        .db
        .fetch_all(&sql::LIST_IMAGES_OF_ORIGINALS_IN_PROJECT, values)
        .await?;
    Ok(rows.iter().map(Image::from_row).collect::<Result<Vec<_>, _>>()?)
}

/// Number of finished images of a project and what they cost, in millionths.
pub async fn cost_of_project(ctx: &Ctx, actor: &Actor, project_id: ProjectId) -> Result<(u64, i64)> {
    let found = ctx
        .db
        .fetch_optional(&sql::FIND_PROJECT, values![project_id, actor.workspace_id])
        .await?;
    found.ok_or_else(Error::not_found)?;
    let row = ctx
        .db
        .fetch_one(&sql::COST_OF_PROJECT, values![actor.workspace_id, project_id])
        .await?;
    Ok((row.get("images")?, row.get("amount_micros")?))
}

/// Stops an image that is not finished. A queued one is canceled at once; a running one as soon as its renderer
/// notices, which is why the answer may still say `processing`.
pub async fn cancel(ctx: &Ctx, actor: &Actor, id: ImageId) -> Result<Image> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    let image = get_in(&mut tx, actor, id).await?;
    if !image.status.can_cancel() {
        return Err(Error::conflict("This image is finished and cannot be canceled."));
    }
    jobs::cancel_subject(&mut tx, ctx, subject(id)).await?;
    audit::record(&mut tx, ctx, Some(actor), "image.cancel", "image", id, None).await?;
    let image = get_in(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(image)
}

/// Queues a failed or canceled image again.
pub async fn retry(ctx: &Ctx, actor: &Actor, id: ImageId) -> Result<Image> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    let image = get_in(&mut tx, actor, id).await?;
    revive(&mut tx, ctx, &image).await?;
    jobs::enqueue(
        &mut tx,
        ctx,
        Some(actor.workspace_id),
        &StageImage { image_id: id },
    )
    .await?;
    audit::record(&mut tx, ctx, Some(actor), "image.retry", "image", id, None).await?;
    let image = get_in(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(image)
}

/// Makes a failed or canceled image wait for its job again, with quota reserved anew.
pub async fn revive(tx: &mut Tx, ctx: &Ctx, image: &Image) -> Result<()> {
    if !image.status.can_retry() || image.deleted_at.is_some() {
        return Err(Error::conflict(
            "Only images that failed or were canceled can be tried again.",
        ));
    }
    let reservation = billing::reserve(tx, ctx, image.workspace_id, Metric::Images, 1).await?;
    if reservation.granted == 0 {
        return Err(Error::new(ErrorCode::QuotaExceeded, QUOTA_MESSAGE));
    }
    tx.execute_one(
        &sql::RETRY_IMAGE,
        values![image.id, ctx.now(), reservation.period_start],
    )
    .await?;
    publish_of(tx, ctx, image, ImageStatus::Queued, 0, None, None).await
}

/// Hides an image; it can be brought back for thirty days. One that is not finished is canceled first.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: ImageId) -> Result<()> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    let image = get_in(&mut tx, actor, id).await?;
    if image.status.can_cancel() {
        jobs::cancel_subject(&mut tx, ctx, subject(id)).await?;
    }
    if tx
        .execute(&sql::DELETE_IMAGE, values![id, actor.workspace_id, ctx.now()])
        .await?
        == 0
    {
        return Err(Error::not_found());
    }
    audit::record(&mut tx, ctx, Some(actor), "image.delete", "image", id, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Brings a deleted image back.
pub async fn restore(ctx: &Ctx, actor: &Actor, id: ImageId) -> Result<Image> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    let image = get_in(&mut tx, actor, id).await?;
    if image.deleted_at.is_none() {
        return Ok(image);
    }
    let now = ctx.now();
    let values = values![id, actor.workspace_id, now, now - Duration::days(RESTORE_DAYS)];
    if tx.execute(&sql::RESTORE_IMAGE, values).await? == 0 {
        return Err(Error::not_found());
    }
    audit::record(&mut tx, ctx, Some(actor), "image.restore", "image", id, None).await?;
    let image = get_in(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(image)
}

/// Removes up to a hundred images whose time to be restored is over; answers how many. Files go first, so that a crash
/// in between leaves a row that leads here again, never a file that nothing knows.
pub async fn purge_deleted(ctx: &Ctx) -> Result<usize> {
    let before = ctx.now() - Duration::days(RESTORE_DAYS);
    let rows = ctx
        .db
        .fetch_all(&sql::LIST_EXPIRED_IMAGES, values![before])
        .await?;
    for row in &rows {
        let id: ImageId = row.get("id")?;
        let keys: [Option<String>; 2] = [row.get("staged_key")?, row.get("thumb_key")?];
        for key in keys.into_iter().flatten() {
            ctx.files.delete(&key).await?;
        }
        ctx.db.execute(&sql::PURGE_IMAGE, values![id, before]).await?;
    }
    Ok(rows.len())
}

pub const fn subject(id: ImageId) -> Subject {
    Subject {
        kind: "image",
        id: id.0,
    }
}

// What the job does.

/// Marks an image as being worked on; `false` when there is nothing left to do.
pub async fn start(ctx: &Ctx, image: &Image) -> Result<bool> {
    let mut tx = ctx.db.begin().await?;
    let step = "starting";
    if tx
        .execute(&sql::START_IMAGE, values![image.id, ctx.now(), step])
        .await?
        == 0
    {
        return Ok(false);
    }
    publish_of(&mut tx, ctx, image, ImageStatus::Processing, 0, Some(step), None).await?;
    tx.commit().await?;
    Ok(true)
}

/// Stores and tells how far an image is.
pub async fn progress(ctx: &Ctx, image: &Image, percent: u8, step: &str) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    let values = values![image.id, i64::from(percent), step, ctx.now()];
    if tx.execute(&sql::PROGRESS_IMAGE, values).await? == 1 {
        publish_of(
            &mut tx,
            ctx,
            image,
            ImageStatus::Processing,
            percent,
            Some(step),
            None,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Where a finished staging was stored.
#[derive(Debug)]
pub struct Stored {
    pub staged_key: String,
    pub thumb_key: String,
    pub processing_time_ms: i64,
}

/// Makes an image ready and uses its quota; `false` when it was finished or canceled in the meantime.
pub async fn finish(ctx: &Ctx, image: &Image, output: &EngineOutput, stored: &Stored) -> Result<bool> {
    let mut tx = ctx.db.begin().await?;
    let values = values![
        image.id,
        text_of(output.room_type),
        output.cost.amount_micros,
        text_of(output.cost.currency),
        stored.processing_time_ms,
        output.confidence,
        &stored.staged_key,
        &stored.thumb_key,
        output.scene.as_ref(),
        ctx.now(),
    ];
    if tx.execute(&sql::FINISH_IMAGE, values).await? == 0 {
        return Ok(false);
    }
    settle(&mut tx, ctx, image, Settle::Use).await?;
    publish_of(&mut tx, ctx, image, ImageStatus::Ready, 100, None, None).await?;
    tx.commit().await?;
    Ok(true)
}

/// A failed attempt that will be made again.
pub async fn requeue(tx: &mut Tx, ctx: &Ctx, image: &Image) -> Result<()> {
    let step = "waiting to try again";
    if tx
        .execute(&sql::REQUEUE_IMAGE, values![image.id, ctx.now(), step])
        .await?
        == 1
    {
        publish_of(tx, ctx, image, ImageStatus::Queued, 0, Some(step), None).await?;
    }
    Ok(())
}

/// The last attempt failed: the image is in error and its quota is given back.
pub async fn fail(tx: &mut Tx, ctx: &Ctx, image: &Image, failure: &ImageFailure) -> Result<()> {
    let values = values![image.id, &failure.code, &failure.message, ctx.now()];
    if tx.execute(&sql::FAIL_IMAGE, values).await? == 1 {
        settle(tx, ctx, image, Settle::Release).await?;
        publish_of(tx, ctx, image, ImageStatus::Error, 0, None, Some(failure)).await?;
    }
    Ok(())
}

/// The work was stopped: the image is canceled and its quota is given back.
pub async fn mark_canceled(tx: &mut Tx, ctx: &Ctx, image: &Image) -> Result<()> {
    let failure = ImageFailure {
        code: "canceled".into(),
        message: "Canceled. It was not billed.".into(),
    };
    if tx
        .execute(&sql::CANCEL_IMAGE, values![image.id, ctx.now(), &failure.message])
        .await?
        == 1
    {
        settle(tx, ctx, image, Settle::Release).await?;
        publish_of(tx, ctx, image, ImageStatus::Canceled, 0, None, Some(&failure)).await?;
    }
    Ok(())
}

async fn settle(tx: &mut Tx, ctx: &Ctx, image: &Image, settle: Settle) -> Result<()> {
    match (image.quota_state, image.quota_period) {
        (QuotaState::Reserved, Some(period)) => {
            billing::settle(tx, ctx, image.workspace_id, Metric::Images, period, 1, settle).await
        }
        _ => Ok(()),
    }
}

async fn publish_of(
    tx: &mut Tx,
    ctx: &Ctx,
    image: &Image,
    status: ImageStatus,
    progress: u8,
    step: Option<&str>,
    failure: Option<&ImageFailure>,
) -> Result<()> {
    publish(
        tx,
        ctx,
        image.workspace_id,
        image.project_id,
        image.id,
        status,
        progress,
        step,
        failure,
    )
    .await
}

#[expect(
    clippy::too_many_arguments,
    reason = "the fields of one event, all of them different"
)]
async fn publish(
    tx: &mut Tx,
    ctx: &Ctx,
    workspace_id: vitrine_kernel::id::WorkspaceId,
    project_id: ProjectId,
    image_id: ImageId,
    status: ImageStatus,
    progress: u8,
    step: Option<&str>,
    failure: Option<&ImageFailure>,
) -> Result<()> {
    let payload = serde_json::json!({
        "image_id": image_id,
        "project_id": project_id,
        "status": status,
        "progress": progress,
        "step": step,
        "error": failure,
    });
    let event = NewEvent {
        workspace_id,
        kind: "job_update",
        project_id: Some(project_id),
        image_id: Some(image_id),
        job_id: None,
        payload,
    };
    events::publish(tx, ctx, event).await
}

/// A bad field of an image request, with its place in a batch.
pub fn in_batch(index: usize, mut error: FieldError) -> FieldError {
    error.field = format!("images[{index}].{}", error.field);
    error
}
