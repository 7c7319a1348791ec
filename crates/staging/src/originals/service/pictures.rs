//! What becomes of an original while its pictures are made, and who is told.

use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::ProjectId;
use vitrine_platform::Ctx;
use vitrine_platform::events::{self, NewEvent};

use super::super::model::{Original, OriginalFailure, OriginalStatus};
use super::super::sql;
use super::discard;

/// The pictures of an original are there. What was uploaded, with all it may tell about people, is not needed any more.
pub async fn finish(ctx: &Ctx, original: &Original, made: &MadePictures) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let row = values![
        original.id,
        made.width,
        made.height,
        &made.file_key,
        &made.preview_key,
        &made.thumb_key,
        ctx.now(),
    ];
    if tx.execute(&sql::FINISH_ORIGINAL, row).await? == 0 {
        return Ok(());
    }
    publish(&mut tx, ctx, original, OriginalStatus::Ready).await?;
    tx.commit().await?;
    discard(ctx, &original.file_key).await;
    Ok(())
}

/// The pictures that were made of an original, and its size in pixels as decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadePictures {
    pub width: u32,
    pub height: u32,
    pub file_key: String,
    pub preview_key: String,
    pub thumb_key: String,
}

/// The original cannot be used; what was uploaded stays.
pub async fn reject(
    tx: &mut Tx,
    ctx: &Ctx,
    original: &Original,
    failure: &OriginalFailure,
) -> Result<(), Error> {
    let row = values![original.id, &failure.code, &failure.message, ctx.now()];
    if tx.execute(&sql::REJECT_ORIGINAL, row).await? == 1 {
        publish(tx, ctx, original, OriginalStatus::Rejected).await?;
    }
    Ok(())
}

/// A rejected original gets another chance, because a person tries its job again.
pub async fn reopen(tx: &mut Tx, ctx: &Ctx, original: &Original) -> Result<(), Error> {
    if tx
        .execute(&sql::REOPEN_ORIGINAL, values![original.id, ctx.now()])
        .await?
        == 1
    {
        publish(tx, ctx, original, OriginalStatus::Processing).await?;
    }
    Ok(())
}

/// Tells everyone who looks at one of its projects.
async fn publish(tx: &mut Tx, ctx: &Ctx, original: &Original, status: OriginalStatus) -> Result<(), Error> {
    let mut projects = Vec::new();
    for row in tx
        .fetch_all(&sql::LIST_PROJECTS_OF_ORIGINAL, values![original.id])
        .await?
    {
        projects.push(Some(row.get::<ProjectId>("project_id")?));
    }
    if projects.is_empty() {
        projects.push(None);
    }
    for project_id in projects {
        let payload =
            serde_json::json!({ "original_id": original.id, "project_id": project_id, "status": status });
        let event = NewEvent {
            workspace_id: original.workspace_id,
            kind: "original_update",
            project_id,
            image_id: None,
            job_id: None,
            payload,
        };
        events::publish(tx, ctx, event).await?;
    }
    Ok(())
}
