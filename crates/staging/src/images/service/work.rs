//! What the job does to its image, and what the stream of events hears of it.

use vitrine_db::{Tx, values};
use vitrine_kernel::Result;
use vitrine_kernel::id::{ImageId, ProjectId, WorkspaceId};
use vitrine_platform::Ctx;
use vitrine_platform::billing::{self, Metric, Settle};
use vitrine_platform::events::{self, NewEvent};
use vitrine_scene::model::import::Credit;

use super::super::model::{Image, ImageFailure, ImageStatus, QuotaState, credits_json, text_of};
use super::super::{notices, sql};
use crate::engines::EngineOutput;
use crate::scenes::versions;

/// Marks an image as being worked on; `false` when there is nothing left to do.
pub async fn start(ctx: &Ctx, image: &Image) -> Result<bool> {
    let mut tx = ctx.db.begin().await?;
    let step = "starting";
    if tx
        .execute(
            &sql::START_IMAGE,
            values![image.id, ctx.now(), step, image.version],
        )
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
    let values = values![image.id, i64::from(percent), step, ctx.now(), image.version];
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
    pub before_key: Option<String>,
    /// Of the imported furniture in the picture.
    pub credits: Vec<Credit>,
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
        ctx.now(),
        image.version,
        stored.before_key.clone(),
        credits_json(&stored.credits),
    ];
    if tx.execute(&sql::FINISH_IMAGE, values).await? == 0 {
        return Ok(false);
    }
    versions::store_ready(&mut tx, ctx, image, output, stored).await?;
    settle(&mut tx, ctx, image, Settle::Use).await?;
    publish_of(&mut tx, ctx, image, ImageStatus::Ready, 100, None, None).await?;
    notices::ready(&mut tx, ctx, image).await?;
    tx.commit().await?;
    Ok(true)
}

/// A failed attempt that will be made again.
pub async fn requeue(tx: &mut Tx, ctx: &Ctx, image: &Image) -> Result<()> {
    let step = "waiting to try again";
    if tx
        .execute(
            &sql::REQUEUE_IMAGE,
            values![image.id, ctx.now(), step, image.version],
        )
        .await?
        == 1
    {
        publish_of(tx, ctx, image, ImageStatus::Queued, 0, Some(step), None).await?;
    }
    Ok(())
}

/// The last attempt failed: the image is in error and its quota is given back. An image that has a picture already
/// shows that again, and says why not the new one.
pub async fn fail(tx: &mut Tx, ctx: &Ctx, image: &Image, failure: &ImageFailure) -> Result<()> {
    versions::end_waiting(tx, image.id).await?;
    if image.staged_key.is_some() {
        let failure = ImageFailure {
            code: failure.code.clone(),
            message: format!(
                "Your change could not be rendered, so the version before it is shown. {}",
                failure.message
            ),
        };
        return show_earlier(tx, ctx, image, Some(&failure)).await;
    }
    let values = values![
        image.id,
        &failure.code,
        &failure.message,
        ctx.now(),
        image.version,
    ];
    if tx.execute(&sql::FAIL_IMAGE, values).await? == 1 {
        settle(tx, ctx, image, Settle::Release).await?;
        publish_of(tx, ctx, image, ImageStatus::Error, 0, None, Some(failure)).await?;
        notices::failed(tx, ctx, image, failure).await?;
    }
    Ok(())
}

/// Shows the newest version that has a picture; its quota stays used.
async fn show_earlier(tx: &mut Tx, ctx: &Ctx, image: &Image, failure: Option<&ImageFailure>) -> Result<()> {
    let values = values![
        image.id,
        image.version,
        versions::last_ready(tx, image.id).await?,
        failure.map(|failure| failure.code.clone()),
        failure.map(|failure| failure.message.clone()),
        ctx.now(),
    ];
    if tx.execute(&sql::SHOW_EARLIER_VERSION, values).await? == 1 {
        publish_of(tx, ctx, image, ImageStatus::Ready, 100, None, failure).await?;
    }
    Ok(())
}

/// The work was stopped: the image is canceled and its quota is given back. An image that has a picture already shows
/// that again.
pub async fn mark_canceled(tx: &mut Tx, ctx: &Ctx, image: &Image) -> Result<()> {
    versions::end_waiting(tx, image.id).await?;
    if image.staged_key.is_some() {
        return show_earlier(tx, ctx, image, None).await;
    }
    let failure = ImageFailure {
        code: "canceled".into(),
        message: "Canceled. It was not billed.".into(),
    };
    if tx
        .execute(
            &sql::CANCEL_IMAGE,
            values![image.id, ctx.now(), &failure.message, image.version],
        )
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

pub(crate) async fn publish_of(
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
pub(super) async fn publish(
    tx: &mut Tx,
    ctx: &Ctx,
    workspace_id: WorkspaceId,
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
