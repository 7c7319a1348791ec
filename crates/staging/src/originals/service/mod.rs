//! The verbs of uploads and originals: [`uploads`] is how bytes become an original, [`pictures`] what its job makes of
//! it; here is what people do with the ones they have.

use chrono::Duration;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{OriginalId, ProjectId, WorkspaceId};
use vitrine_kernel::{Error, Page};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::model::Original;
use super::sql;
use crate::projects;
use crate::projects::model::RESTORE_DAYS;

mod pictures;
mod uploads;

pub use pictures::{MadePictures, finish, reject, reopen};
pub use uploads::{Completed, Presigned, UPLOAD_LINK, adopt, complete, expire_overdue, presign};

pub async fn get(ctx: &Ctx, actor: &Actor, id: OriginalId) -> Result<Original, Error> {
    find(ctx, actor.workspace_id, id).await
}

async fn find(ctx: &Ctx, workspace: WorkspaceId, id: OriginalId) -> Result<Original, Error> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_ORIGINAL, values![id, workspace])
        .await?;
    Ok(sql::original_from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// The photos of a project.
pub async fn list_by_project(
    ctx: &Ctx,
    actor: &Actor,
    project: ProjectId,
    paging: &Paging,
) -> Result<Page<Original>, Error> {
    projects::service::get(ctx, actor, project).await?;
    let page = paging
        .fetch(
            &ctx.db,
            &sql::ORIGINALS_OF_PROJECT,
            values![project, actor.workspace_id],
        )
        .await?;
    let (page, rows) = page.split();
    let originals = rows
        .iter()
        .map(sql::original_from_row)
        .collect::<Result<_, _>>()?;
    Ok(page.with_items(originals))
}

/// Puts an original into a project; once is enough. Both must be of this workspace.
pub async fn link(
    tx: &mut Tx,
    ctx: &Ctx,
    workspace: WorkspaceId,
    project: ProjectId,
    original: OriginalId,
) -> Result<(), Error> {
    tx.execute_one(&sql::LINK_ORIGINAL, values![project, original, ctx.now()])
        .await?;
    tx.execute(&sql::TOUCH_PROJECT, values![project, workspace, ctx.now()])
        .await?;
    Ok(())
}

/// Takes an original out of a project. The photo and its stagings stay.
pub async fn unlink(ctx: &Ctx, actor: &Actor, project: ProjectId, original: OriginalId) -> Result<(), Error> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    let row = values![project, original, actor.workspace_id, ctx.now()];
    if tx.execute(&sql::UNLINK_ORIGINAL, row).await? == 0 {
        return Err(Error::not_found());
    }
    tx.execute(
        &sql::TOUCH_PROJECT,
        values![project, actor.workspace_id, ctx.now()],
    )
    .await?;
    let details = serde_json::json!({ "project_id": project });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "original.removed",
        "original",
        original,
        Some(details),
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Undoes [`unlink`], for as long as a deleted project can be restored.
pub async fn relink(
    ctx: &Ctx,
    actor: &Actor,
    project: ProjectId,
    original: OriginalId,
) -> Result<Original, Error> {
    actor.require_write()?;
    let oldest = ctx.now() - Duration::days(RESTORE_DAYS);
    let mut tx = ctx.db.begin().await?;
    if tx
        .execute(
            &sql::RESTORE_ORIGINAL,
            values![project, original, actor.workspace_id, oldest],
        )
        .await?
        == 0
    {
        return Err(Error::not_found());
    }
    tx.execute(
        &sql::TOUCH_PROJECT,
        values![project, actor.workspace_id, ctx.now()],
    )
    .await?;
    let details = serde_json::json!({ "project_id": project });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "original.restored",
        "original",
        original,
        Some(details),
    )
    .await?;
    let row = tx
        .fetch_one(&sql::GET_ORIGINAL, values![original, actor.workspace_id])
        .await?;
    let original = sql::original_from_row(&row)?;
    tx.commit().await?;
    Ok(original)
}

/// Deletes an object that is no longer needed. A failure costs space, nothing else.
pub(super) async fn discard(ctx: &Ctx, key: &str) {
    if let Err(error) = ctx.files.delete(key).await {
        tracing::warn!(
            file.key = key,
            "could not delete the unneeded object {key}: {error}"
        );
    }
}
