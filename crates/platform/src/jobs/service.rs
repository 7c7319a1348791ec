//! What people may see of and do to the jobs of their workspace.

use std::collections::HashMap;

use async_trait::async_trait;
use serde_json::{Value, json};
use uuid::Uuid;
use vitrine_db::values;
use vitrine_kernel::id::{JobId, WorkspaceId};
use vitrine_kernel::page::Page;
use vitrine_kernel::{Error, Result};

use super::model::JobView;
use super::{queue, sql};
use crate::events::{SnapshotSource, StreamFilter};
use crate::web::Paging;
use crate::{Actor, Ctx, audit};

/// What the list of jobs is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    pub status: Option<&'static str>,
    pub kind: Option<String>,
    pub subject_id: Option<Uuid>,
}

pub async fn list(ctx: &Ctx, actor: &Actor, filter: JobFilter, paging: &Paging) -> Result<Page<JobView>> {
    let values = values![actor.workspace_id, filter.status, filter.kind, filter.subject_id];
    let (page, rows) = paging.fetch(&ctx.db, &sql::LIST_JOBS, values).await?.split();
    let mut jobs: Vec<JobView> = rows.iter().map(JobView::from_row).collect::<Result<_, _>>()?;
    add_positions(ctx, actor.workspace_id, &mut jobs).await?;
    Ok(page.with_items(jobs))
}

/// Says of the jobs that wait when it is their turn. Costs nothing when none does.
async fn add_positions(ctx: &Ctx, workspace: WorkspaceId, jobs: &mut [JobView]) -> Result<()> {
    if !jobs.iter().any(|job| job.status == "queued") {
        return Ok(());
    }
    let rows = ctx
        .db
        .fetch_all(&sql::LIST_QUEUE_POSITIONS, values![workspace, ctx.now()])
        .await?;
    let mut positions = HashMap::with_capacity(rows.len());
    for row in &rows {
        positions.insert(row.get::<JobId>("id")?, row.get::<u32>("position")?);
    }
    for job in jobs {
        job.queue_position = positions.get(&job.id).copied();
    }
    Ok(())
}

pub async fn get(ctx: &Ctx, actor: &Actor, id: JobId) -> Result<JobView> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_JOB, values![id, actor.workspace_id])
        .await?;
    let mut job = JobView::from_row(&row.ok_or_else(Error::not_found)?)?;
    add_positions(ctx, actor.workspace_id, std::slice::from_mut(&mut job)).await?;
    Ok(job)
}

/// Cancels a job that has not ended. A running one may still say `running` in the answer; it stops within a second.
pub async fn cancel(ctx: &Ctx, actor: &Actor, id: JobId) -> Result<JobView> {
    actor.require_write()?;
    get(ctx, actor, id).await?;
    let mut tx = ctx.db.begin().await?;
    if !queue::cancel(&mut tx, ctx, id).await? {
        return Err(Error::conflict("This job has ended and cannot be canceled."));
    }
    audit::record(&mut tx, ctx, Some(actor), "job.canceled", "job", id, None).await?;
    tx.commit().await?;
    get(ctx, actor, id).await
}

/// Queues a dead or canceled job again.
pub async fn retry(ctx: &Ctx, actor: &Actor, id: JobId) -> Result<JobView> {
    actor.require_write()?;
    get(ctx, actor, id).await?;
    let mut tx = ctx.db.begin().await?;
    queue::revive(&mut tx, ctx, id).await?;
    audit::record(&mut tx, ctx, Some(actor), "job.retried", "job", id, None).await?;
    tx.commit().await?;
    get(ctx, actor, id).await
}

/// What a job of the workspace is about; `None` when there is no such job.
pub async fn subject_of(
    ctx: &Ctx,
    workspace: WorkspaceId,
    id: JobId,
) -> Result<Option<Option<(String, Uuid)>>> {
    let Some(row) = ctx
        .db
        .fetch_optional(&sql::GET_SUBJECT, values![id, workspace])
        .await?
    else {
        return Ok(None);
    };
    let kind: Option<String> = row.get("subject_type")?;
    Ok(Some(kind.zip(row.get("subject_id")?)))
}

/// Tells a new event stream about jobs.
#[derive(Debug, Clone, Copy)]
pub struct JobSnapshot;

#[async_trait]
impl SnapshotSource for JobSnapshot {
    fn key(&self) -> &'static str {
        "jobs"
    }

    async fn snapshot(&self, ctx: &Ctx, workspace: WorkspaceId, filter: &StreamFilter) -> Result<Vec<Value>> {
        // Which jobs belong to a project is not known here; their images are told instead.
        if filter.project_id.is_some() && filter.image_id.is_none() && filter.job_id.is_none() {
            return Ok(Vec::new());
        }
        let rows = ctx
            .db
            .fetch_all(
                &sql::LIST_LIVE_JOBS,
                values![workspace, filter.job_id, filter.image_id],
            )
            .await?;
        let mut jobs = Vec::with_capacity(rows.len());
        for row in &rows {
            let job = JobView::from_row(row)?;
            jobs.push(json!({
                "job_id": job.id,
                "kind": job.kind,
                "status": job.status,
                "progress": job.progress,
                "step": job.step,
                "subject": job.subject.map(|(kind, id)| json!({ "type": kind, "id": id })),
            }));
        }
        Ok(jobs)
    }
}
