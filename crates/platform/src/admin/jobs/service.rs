//! The verbs of operators on jobs.

use vitrine_db::{Row, values};
use vitrine_kernel::id::{JobId, WorkspaceId};
use vitrine_kernel::{Error, Page};

use crate::admin::sql;
use crate::jobs::{JobView, revive};
use crate::web::Paging;
use crate::{Actor, Ctx, audit};

/// A job, and whose it is; `None` is work of the instance.
#[derive(Debug, Clone, PartialEq)]
pub struct AnyJob {
    pub view: JobView,
    pub workspace_id: Option<WorkspaceId>,
}

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct AnyJobFilter {
    pub status: Option<&'static str>,
    pub kind: Option<String>,
    pub workspace_id: Option<WorkspaceId>,
}

fn from_row(row: &Row) -> Result<AnyJob, Error> {
    Ok(AnyJob {
        view: JobView::from_row(row)?,
        workspace_id: row.get("workspace_id")?,
    })
}

pub async fn list(ctx: &Ctx, filter: AnyJobFilter, paging: &Paging) -> Result<Page<AnyJob>, Error> {
    let values = values![filter.status, filter.kind, filter.workspace_id];
    let (page, rows) = paging.fetch(&ctx.db, &sql::JOBS, values).await?.split();
    let jobs = rows.iter().map(from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(jobs))
}

pub async fn get(ctx: &Ctx, id: JobId) -> Result<AnyJob, Error> {
    let row = ctx.db.fetch_optional(&sql::GET_ANY_JOB, values![id]).await?;
    from_row(&row.ok_or_else(Error::not_found)?)
}

/// Queues a dead or canceled job again.
pub async fn retry(ctx: &Ctx, actor: &Actor, id: JobId) -> Result<AnyJob, Error> {
    let mut tx = ctx.db.begin().await?;
    revive(&mut tx, ctx, id).await?;
    audit::record(&mut tx, ctx, Some(actor), "job.retried", "job", id, None).await?;
    tx.commit().await?;
    get(ctx, id).await
}

/// Takes a dead job off the list of those that wait for somebody.
pub async fn discard(ctx: &Ctx, actor: &Actor, id: JobId) -> Result<AnyJob, Error> {
    get(ctx, id).await?;
    let mut tx = ctx.db.begin().await?;
    if tx.execute(&sql::DISCARD_JOB, values![id]).await? == 0 {
        return Err(Error::conflict("Only jobs that gave up can be discarded."));
    }
    audit::record(&mut tx, ctx, Some(actor), "job.discarded", "job", id, None).await?;
    tx.commit().await?;
    get(ctx, id).await
}
