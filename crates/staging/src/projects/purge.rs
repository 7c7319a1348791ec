//! The end of a project: its images with their files, photos that nothing else shows, and at last its row.
//!
//! Each step is small and leaves a state from which the next run goes on; the project's own row goes last, so that a
//! crash in between leads here again. What surprises people: a photo's row goes before its files, because the same
//! bytes may be uploaded again at that very moment and must then find either all of the photo or nothing. Files that
//! a crash leaves behind are found by [`crate::originals::sweep`].

use chrono::Duration;
use vitrine_db::{Row, values};
use vitrine_kernel::id::{OriginalId, ProjectId};
use vitrine_kernel::{Result, Time};
use vitrine_platform::Ctx;

use super::model::RESTORE_DAYS;
use super::sql;
use crate::images;

/// Removes a few projects whose time is over; answers how many.
pub async fn some_projects(ctx: &Ctx) -> Result<usize> {
    let oldest = ctx.now() - Duration::days(RESTORE_DAYS);
    let rows = ctx
        .db
        .fetch_all(&sql::LIST_EXPIRED_PROJECTS, values![oldest])
        .await?;
    for row in &rows {
        let deleted_at: Time = row.get("deleted_at")?;
        let project: ProjectId = row.get("id")?;
        ctx.db
            .execute(&sql::DELETE_IMAGES_OF_PROJECT, values![project, deleted_at])
            .await?;
    }
    while images::service::purge_deleted(ctx).await? > 0 {}
    for row in &rows {
        let project: ProjectId = row.get("id")?;
        loop {
            let links = ctx
                .db
                .fetch_all(&sql::LIST_LINKS_OF_PROJECT, values![project])
                .await?;
            if links.is_empty() {
                break;
            }
            for link in &links {
                purge_link(ctx, link).await?;
            }
        }
        let mut tx = ctx.db.begin().await?;
        tx.execute(&sql::PURGE_UPLOADS, values![project]).await?;
        tx.execute(&sql::PURGE_PROJECT, values![project, oldest]).await?;
        tx.commit().await?;
    }
    Ok(rows.len())
}

/// Forgets some photos that were taken out of living projects and cannot be put back any more; answers how many.
pub async fn some_links(ctx: &Ctx) -> Result<usize> {
    let oldest = ctx.now() - Duration::days(RESTORE_DAYS);
    let links = ctx
        .db
        .fetch_all(&sql::LIST_EXPIRED_LINKS, values![oldest])
        .await?;
    for link in &links {
        purge_link(ctx, link).await?;
    }
    Ok(links.len())
}

/// Takes a photo out of a project for good, and away altogether when that was the last thing that showed it.
async fn purge_link(ctx: &Ctx, link: &Row) -> Result<()> {
    let (project, original): (ProjectId, OriginalId) = (link.get("project_id")?, link.get("original_id")?);
    let mut tx = ctx.db.begin().await?;
    tx.execute(&sql::PURGE_LINK, values![project, original]).await?;
    let gone = tx.fetch_optional(&sql::PURGE_ORIGINAL, values![original]).await?;
    tx.commit().await?;
    if let Some(gone) = gone {
        let keys: [Option<String>; 3] = [
            gone.get("file_key")?,
            gone.get("preview_key")?,
            gone.get("thumb_key")?,
        ];
        for key in keys.into_iter().flatten() {
            ctx.files.delete(&key).await?;
        }
    }
    Ok(())
}
