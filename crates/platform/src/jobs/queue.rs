//! Queueing, cancelling, and queueing again.

use vitrine_db::jobs::{self as engine, LockedJob, NewJob};
use vitrine_db::wake::Channel;
use vitrine_db::{DbError, Tx};
use vitrine_kernel::id::{JobId, WorkspaceId};
use vitrine_kernel::{Error, Time};

use super::{Job, JobEnd, Kinds, Priority, Subject};
use crate::Ctx;

/// What [`enqueue_with`] may change about a job.
#[derive(Debug, Clone, Copy, Default)]
pub struct EnqueueOptions {
    /// Instead of the kind's own.
    pub priority: Option<Priority>,
    /// Not before this moment.
    pub run_at: Option<Time>,
}

/// Queues a job in the caller's transaction; a worker is woken when it commits. `workspace` is whose turn it takes and
/// who may see it; `None` is work of the instance.
pub async fn enqueue<J: Job>(
    tx: &mut Tx,
    ctx: &Ctx,
    workspace: Option<WorkspaceId>,
    job: &J,
) -> Result<JobId, Error> {
    enqueue_with(tx, ctx, workspace, job, EnqueueOptions::default()).await
}

/// [`enqueue`] with a priority or a time of its own.
pub async fn enqueue_with<J: Job>(
    tx: &mut Tx,
    ctx: &Ctx,
    workspace: Option<WorkspaceId>,
    job: &J,
    options: EnqueueOptions,
) -> Result<JobId, Error> {
    let new = new_job(ctx, workspace, job, options)?;
    insert(tx, &new).await
}

/// A job on its way into the queue.
pub(super) fn new_job<J: Job>(
    ctx: &Ctx,
    workspace_id: Option<WorkspaceId>,
    job: &J,
    options: EnqueueOptions,
) -> Result<NewJob, Error> {
    let now = ctx.now();
    let payload = serde_json::to_string(job).map_err(|error| {
        Error::internal(format!("could not write a {} as JSON", J::KIND)).with_source(error)
    })?;
    Ok(NewJob {
        id: ctx.id(),
        kind: J::KIND,
        payload,
        workspace_id,
        subject: job.subject().map(|subject| (subject.kind, subject.id)),
        priority: options.priority.unwrap_or(J::PRIORITY).number(),
        max_attempts: J::MAX_ATTEMPTS,
        run_at: options.run_at.map_or(now, vitrine_kernel::clock::to_micros),
        unique_key: job.unique_key(),
        created_at: now,
    })
}

pub(super) async fn insert(tx: &mut Tx, new: &NewJob) -> Result<JobId, Error> {
    let id = engine::insert(tx, new).await?;
    if id == new.id {
        metrics::counter!("vitrine_jobs_enqueued_total", "kind" => new.kind).increment(1);
        tx.signal(Channel::Jobs);
    }
    Ok(id)
}

/// Cancels a job: a queued one at once, a running one within a second. `false` when it has ended already, or never was.
pub async fn cancel(tx: &mut Tx, ctx: &Ctx, job: JobId) -> Result<bool, Error> {
    match engine::lock(tx, job).await? {
        Some(job) => cancel_locked(tx, ctx, &job).await,
        None => Ok(false),
    }
}

/// Keeps the live jobs about a subject from ending until the caller's transaction does. For verbs that change the
/// subject before they cancel its jobs: jobs first, as everybody else locks them.
pub async fn lock_subject(tx: &mut Tx, subject: Subject) -> Result<(), Error> {
    engine::lock_live_by_subject(tx, subject.kind, subject.id).await?;
    Ok(())
}

/// Cancels every live job about a subject; answers how many there were.
pub async fn cancel_subject(tx: &mut Tx, ctx: &Ctx, subject: Subject) -> Result<u32, Error> {
    let mut canceled = 0;
    for job in engine::lock_live_by_subject(tx, subject.kind, subject.id).await? {
        canceled += u32::from(cancel_locked(tx, ctx, &job).await?);
    }
    Ok(canceled)
}

async fn cancel_locked(tx: &mut Tx, ctx: &Ctx, job: &LockedJob) -> Result<bool, Error> {
    match job.status.as_str() {
        "queued" => {
            engine::cancel_queued(tx, job.id, ctx.now()).await?;
            // A kind of an older version has nobody left to tell.
            if let Some(kind) = Kinds::of_ctx(ctx)?.get(&job.kind) {
                kind.work.ended(&job.payload, ctx, tx, &JobEnd::Canceled).await?;
                metrics::counter!("vitrine_jobs_ended_total", "kind" => kind.name(), "outcome" => "canceled")
                    .increment(1);
            }
            Ok(true)
        }
        "running" => {
            engine::request_cancel(tx, job.id).await?;
            tx.signal(Channel::JobControl);
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Queues a dead or canceled job again as if it were new, after its kind agreed. A live or finished one is a conflict.
pub(crate) async fn revive(tx: &mut Tx, ctx: &Ctx, id: JobId) -> Result<(), Error> {
    let job = engine::lock(tx, id).await?.ok_or_else(Error::not_found)?;
    if !matches!(job.status.as_str(), "dead" | "canceled") {
        return Err(Error::conflict(
            "Only jobs that failed or were canceled can be tried again.",
        ));
    }
    let kinds = Kinds::of_ctx(ctx)?;
    let Some(kind) = kinds.get(&job.kind) else {
        return Err(Error::conflict("This kind of job no longer exists."));
    };
    kind.work.revive(&job.payload, ctx, tx).await?;
    match engine::revive(tx, id, ctx.now()).await {
        Ok(_) => {}
        Err(DbError::Unique { constraint }) if constraint == "jobs_unique_key" => {
            return Err(Error::conflict("The same work is queued or running already."));
        }
        Err(error) => return Err(error.into()),
    }
    tx.signal(Channel::Jobs);
    Ok(())
}
