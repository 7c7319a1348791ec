//! What happens to images. Each verb owns its transaction: rows, quota, job, audit and event become visible together.
//!
//! [`queue`] is how a wish becomes a queued image, [`work`] what its job does to it; here are the verbs people have for
//! what is there already.

use chrono::Duration;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{ImageId, OriginalId, ProjectId};
use vitrine_kernel::page::Page;
use vitrine_kernel::{Error, ErrorCode, Result};
use vitrine_platform::billing::{self, Metric};
use vitrine_platform::jobs::{self, Subject};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::jobs::StageImage;
use super::model::{Image, ImageStatus};
use super::sql;
use crate::scenes::versions;

mod queue;
mod work;

pub use queue::{Batch, Refusal, create, create_batch};
pub(crate) use work::publish_of;
pub use work::{Stored, fail, finish, mark_canceled, progress, requeue, start};

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

pub(crate) const QUOTA_MESSAGE: &str =
    "This month's images are used up. Failed and canceled images do not count.";

/// One image of the caller's workspace, deleted or not.
pub async fn get(ctx: &Ctx, actor: &Actor, id: ImageId) -> Result<Image> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_IMAGE, values![id, actor.workspace_id])
        .await?;
    Ok(Image::from_row(&row.ok_or_else(Error::not_found)?)?)
}

pub(crate) async fn get_in(tx: &mut Tx, actor: &Actor, id: ImageId) -> Result<Image> {
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
    let values = values![
        actor.workspace_id,
        filter.deleted,
        filter.status.map(ImageStatus::as_str),
        filter.original_id,
        filter.project_id,
    ];
    let page = paging.fetch(&ctx.db, &sql::LIST_IMAGES, values).await?;
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
    let job = StageImage {
        image_id: id,
        version: image.version,
    };
    jobs::enqueue(&mut tx, ctx, Some(actor.workspace_id), &job).await?;
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
    let project = values![image.project_id, image.workspace_id];
    if tx.fetch_optional(&sql::FIND_PROJECT, project).await?.is_none() {
        return Err(Error::conflict(
            "This image's project is deleted. Restore it first.",
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
    versions::requeue(tx, image).await?;
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

/// Stops everything in a project that is not finished: what waits at once, what runs within a second.
pub async fn cancel_all_of_project(tx: &mut Tx, ctx: &Ctx, project_id: ProjectId) -> Result<()> {
    let unfinished = tx
        .fetch_all(&sql::LIST_UNFINISHED_IMAGES_OF_PROJECT, values![project_id])
        .await?;
    for row in unfinished {
        jobs::cancel_subject(tx, ctx, subject(row.get("id")?)).await?;
    }
    Ok(())
}

/// Whether the image's project is there, and not deleted.
pub async fn has_project(ctx: &Ctx, image: &Image) -> Result<bool> {
    let values = values![image.project_id, image.workspace_id];
    Ok(ctx.db.fetch_optional(&sql::FIND_PROJECT, values).await?.is_some())
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
        let Some(image) = get_for_job(ctx, row.get("id")?).await? else {
            continue;
        };
        for key in versions::files(ctx, &image).await? {
            ctx.files.delete(&key).await?;
        }
        let mut tx = ctx.db.begin().await?;
        versions::delete_all(&mut tx, image.id).await?;
        if tx.execute(&sql::PURGE_IMAGE, values![image.id, before]).await? == 1 {
            tx.commit().await?;
        }
    }
    Ok(rows.len())
}

pub const fn subject(id: ImageId) -> Subject {
    Subject {
        kind: "image",
        id: id.0,
    }
}
