//! What people do with scenes. Each verb owns its transaction.

use serde_json::json;
use vitrine_db::values;
use vitrine_kernel::id::ImageId;
use vitrine_kernel::{Error, ErrorCode, Result};
use vitrine_platform::billing::{self, Metric};
use vitrine_platform::{Actor, Ctx, audit, jobs};
use vitrine_scene::document::SceneDocument;

use super::model::{SceneChange, Version, VersionStatus};
use super::{check, prints, sql, versions};
use crate::furniture::assets;
use crate::images::jobs::StageImage;
use crate::images::model::{QuotaState, credits_json, text_of};
use crate::images::service as images;
use crate::images::{Image, ImageStatus};

/// An image with the scene of the version it is at.
#[derive(Debug, Clone)]
pub struct Scene {
    pub image: Image,
    pub document: SceneDocument,
}

/// The present scene of an image.
///
/// # Errors
/// 404 also when the image has none: it was never staged, or by an engine that knows none.
pub async fn get(ctx: &Ctx, actor: &Actor, id: ImageId) -> Result<Scene> {
    let image = images::get(ctx, actor, id).await?;
    let number = image.version;
    of_version(ctx, actor, image, number).await
}

async fn of_version(ctx: &Ctx, actor: &Actor, image: Image, number: u32) -> Result<Scene> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_VERSION, values![image.id, number, actor.workspace_id])
        .await?
        .ok_or_else(Error::not_found)?;
    let document = Version::from_row(&row)?.scene.ok_or_else(Error::not_found)?;
    Ok(Scene { image, document })
}

fn stale() -> Error {
    Error::new(
        ErrorCode::PreconditionFailed,
        "The scene was changed in the meantime. Read it again and repeat your change.",
    )
}

/// Stores a change as a new version and queues its picture.
///
/// A change to a scene that still waits for its picture takes its place: the earlier one is not rendered any more.
///
/// # Errors
/// 412 when `expected` is not the present version, 422 for a scene that cannot be rendered, 402 when a photo that was
/// refused is to be staged after all and the quota is used up.
pub async fn change(
    ctx: &Ctx,
    actor: &Actor,
    id: ImageId,
    expected: u32,
    change: SceneChange,
) -> Result<Image> {
    actor.require_write()?;
    let Scene { image, document } = get(ctx, actor, id).await?;
    if image.deleted_at.is_some() {
        return Err(Error::not_found());
    }
    if image.version != expected {
        return Err(stale());
    }
    if change.is_empty() {
        return Err(Error::field(
            "furniture",
            "required",
            "Change the camera, the room or the furniture.",
        ));
    }
    let (width, height) = (image.original_width, image.original_height);
    let named = change.furniture.as_deref().unwrap_or(&document.furniture);
    let shelf = assets::load(ctx, actor.workspace_id, named).await?;
    let next = check::changed(&document, (width, height), change, &shelf)?;
    prints::store(ctx, shelf.prints(), &next.furniture).await?;

    let mut tx = ctx.db.begin().await?;
    jobs::lock_subject(&mut tx, images::subject(id)).await?;
    let (mut period, mut quota) = (image.quota_period, image.quota_state);
    if quota == QuotaState::Released {
        let reservation = billing::reserve(&mut tx, ctx, image.workspace_id, Metric::Images, 1).await?;
        if reservation.granted == 0 {
            return Err(Error::new(ErrorCode::QuotaExceeded, images::QUOTA_MESSAGE));
        }
        (period, quota) = (Some(reservation.period_start), QuotaState::Reserved);
    }
    let version = versions::next(&mut tx, &image).await?;
    let values = values![
        id,
        actor.workspace_id,
        expected,
        version,
        period,
        quota.as_str(),
        ctx.now(),
        image.quota_state.as_str(),
    ];
    if tx.execute(&sql::QUEUE_EDITED_IMAGE, values).await? == 0 {
        return Err(stale());
    }
    versions::end_waiting(&mut tx, id).await?;
    // The image is at its new version already, so what this ends does not touch it.
    jobs::cancel_subject(&mut tx, ctx, images::subject(id)).await?;
    versions::insert_edited(&mut tx, ctx, id, version, &next).await?;
    let place = (id, image.workspace_id);
    prints::record(&mut tx, ctx, place, shelf.prints(), &next.furniture).await?;
    let job = StageImage {
        image_id: id,
        version,
    };
    jobs::enqueue(&mut tx, ctx, Some(actor.workspace_id), &job).await?;
    let details = json!({ "version": version, "pieces": next.furniture.len() });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "image.scene_changed",
        "image",
        id,
        Some(details),
    )
    .await?;
    let image = images::get_in(&mut tx, actor, id).await?;
    images::publish_of(&mut tx, ctx, &image, ImageStatus::Queued, 0, None, None).await?;
    tx.commit().await?;
    Ok(image)
}

/// The scene of one saved state of an image, whatever became of it.
///
/// # Errors
/// 404 also for a version without a scene.
pub async fn get_version(ctx: &Ctx, actor: &Actor, id: ImageId, number: u32) -> Result<Scene> {
    let image = images::get(ctx, actor, id).await?;
    of_version(ctx, actor, image, number).await
}

/// What was saved of an image, newest first: versions with a picture, the one that waits for its own, and those that
/// never got one.
pub async fn list_versions(ctx: &Ctx, actor: &Actor, id: ImageId) -> Result<(Image, Vec<Version>)> {
    let image = images::get(ctx, actor, id).await?;
    let rows = ctx
        .db
        .fetch_all(&sql::LIST_SHOWN_VERSIONS, values![id, actor.workspace_id])
        .await?;
    let mut all = rows
        .iter()
        .map(Version::from_row)
        .collect::<Result<Vec<_>, _>>()?;
    // A guess is a scene but no state anybody saved.
    all.retain(|version| version.is_edited || version.status != VersionStatus::Failed);
    Ok((image, all))
}

/// Shows an older version again, as a new one. Its picture is there already; whatever is being rendered is stopped.
pub async fn restore(ctx: &Ctx, actor: &Actor, id: ImageId, number: u32) -> Result<Image> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    jobs::lock_subject(&mut tx, images::subject(id)).await?;
    let image = images::get_in(&mut tx, actor, id).await?;
    if image.deleted_at.is_some() {
        return Err(Error::not_found());
    }
    let row = tx
        .fetch_optional(&sql::GET_VERSION, values![id, number, actor.workspace_id])
        .await?
        .ok_or_else(Error::not_found)?;
    let old = Version::from_row(&row)?;
    if old.status != VersionStatus::Ready {
        return Err(Error::conflict("This version has no picture to come back to."));
    }
    let (version, now) = (versions::next(&mut tx, &image).await?, ctx.now());
    let values = values![
        id,
        actor.workspace_id,
        version,
        old.staged_key,
        old.thumb_key,
        old.room_type.map(text_of),
        old.confidence,
        old.processing_time_ms,
        now,
        image.version,
        old.before_key,
        credits_json(&old.credits),
    ];
    if tx.execute(&sql::SHOW_VERSION, values).await? == 0 {
        return Err(stale());
    }
    versions::end_waiting(&mut tx, id).await?;
    jobs::cancel_subject(&mut tx, ctx, images::subject(id)).await?;
    tx.execute_one(&sql::COPY_VERSION, values![id, number, version, now])
        .await?;
    let details = json!({ "version": version, "restored": number });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "image.version_restored",
        "image",
        id,
        Some(details),
    )
    .await?;
    let image = images::get_in(&mut tx, actor, id).await?;
    images::publish_of(&mut tx, ctx, &image, ImageStatus::Ready, 100, None, None).await?;
    tx.commit().await?;
    Ok(image)
}
