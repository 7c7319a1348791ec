//! Storing what an attempt came to: the job's row and its owner's hook change in one transaction, or not at all.

use chrono::TimeDelta;
use uuid::Uuid;
use vitrine_db::Tx;
use vitrine_db::jobs::{self as engine, ClaimedJob, Leave};
use vitrine_db::wake::Channel;
use vitrine_kernel::{Error, Time};

use super::run::Outcome;
use super::{Failure, JobEnd, JobKind};
use crate::Ctx;
use crate::notifications::news;

/// What became of a job, as metrics count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    Done,
    Retried,
    Dead,
    Canceled,
    PutBack,
    /// It was no longer ours.
    Lost,
}

impl Settled {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::Dead => "dead",
            Self::Canceled => "canceled",
            Self::PutBack => "put_back",
            Self::Lost => "lost",
        }
    }
}

/// Stores an outcome in the transaction. A job whose lease was lost stays as it is.
pub(super) async fn settle(
    tx: &mut Tx,
    ctx: &Ctx,
    owner: Uuid,
    kind: &JobKind,
    job: &ClaimedJob,
    outcome: &Outcome,
) -> Result<Settled, Error> {
    let now = ctx.now();
    match outcome {
        Outcome::Lost => Ok(Settled::Lost),
        Outcome::Done => end(tx, ctx, owner, kind, job, now, JobEnd::Done).await,
        Outcome::Canceled => end(tx, ctx, owner, kind, job, now, JobEnd::Canceled).await,
        Outcome::GaveUp { code, message } => {
            let dead = JobEnd::Dead {
                code: (*code).to_owned(),
                message: message.clone(),
            };
            end(tx, ctx, owner, kind, job, now, dead).await
        }
        Outcome::Failed { code, message, .. } if job.attempt >= job.max_attempts => {
            let dead = JobEnd::Dead {
                code: (*code).to_owned(),
                message: message.clone(),
            };
            end(tx, ctx, owner, kind, job, now, dead).await
        }
        Outcome::Failed { code, message, delay } => {
            let wait = match delay {
                Some(delay) => delta(*delay),
                None => kind.backoff.wait(job.attempt, ctx.entropy.fraction()),
            };
            let again = Leave::Again {
                run_at: now + wait,
                code,
                message,
            };
            if !engine::leave(tx, job.id, owner, now, again).await? {
                return end(tx, ctx, owner, kind, job, now, JobEnd::Canceled).await;
            }
            let failure = Failure {
                code: (*code).to_owned(),
                message: message.clone(),
                attempt: job.attempt,
                max_attempts: job.max_attempts,
            };
            kind.work.will_retry(&job.payload, ctx, tx, &failure).await?;
            tx.signal(Channel::Jobs);
            Ok(Settled::Retried)
        }
        Outcome::Later(wait) => {
            let later = Leave::Later {
                run_at: now + delta(*wait),
            };
            if !engine::leave(tx, job.id, owner, now, later).await? {
                return end(tx, ctx, owner, kind, job, now, JobEnd::Canceled).await;
            }
            tx.signal(Channel::Jobs);
            Ok(Settled::PutBack)
        }
    }
}

/// Ends a job for good. Nothing happens when the job is no longer ours.
async fn end(
    tx: &mut Tx,
    ctx: &Ctx,
    owner: Uuid,
    kind: &JobKind,
    job: &ClaimedJob,
    now: Time,
    end: JobEnd,
) -> Result<Settled, Error> {
    let (leave, settled) = match &end {
        JobEnd::Done => (Leave::Done, Settled::Done),
        JobEnd::Dead { code, message } => (Leave::Dead { code, message }, Settled::Dead),
        JobEnd::Canceled => (Leave::Canceled, Settled::Canceled),
    };
    if !engine::leave(tx, job.id, owner, now, leave).await? {
        return Ok(Settled::Lost);
    }
    kind.work.ended(&job.payload, ctx, tx, &end).await?;
    if let JobEnd::Dead { code, message } = &end {
        news::job_dead(tx, ctx, kind.name(), code, message).await?;
        tracing::error!(job.id = %job.id, "job {} ({}) gave up after {} of {} attempts: {code}: {message}",
            job.id, job.kind, job.attempt, job.max_attempts);
    }
    Ok(settled)
}

/// [`settle`] in a transaction of its own.
pub(super) async fn settle_alone(
    ctx: &Ctx,
    owner: Uuid,
    kind: &JobKind,
    job: &ClaimedJob,
    outcome: &Outcome,
) -> Result<Settled, Error> {
    let mut tx = ctx.db.begin().await?;
    let settled = settle(&mut tx, ctx, owner, kind, job, outcome).await?;
    tx.commit().await?;
    Ok(settled)
}

/// For an owner's hook that fails again and again: the job leaves without it, to be tried once more later, and in the
/// end for good, so that it neither holds its slot nor returns for ever.
pub(super) async fn settle_without_hook(
    ctx: &Ctx,
    owner: Uuid,
    kind: &JobKind,
    job: &ClaimedJob,
) -> Result<Settled, Error> {
    let (code, message) = ("internal", "Something went wrong on our side.");
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    let again = Leave::Again {
        run_at: now + kind.backoff.wait(job.attempt, ctx.entropy.fraction()),
        code,
        message,
    };
    let may_return = job.attempt < job.max_attempts.saturating_mul(2);
    let settled = if may_return && engine::leave(&mut tx, job.id, owner, now, again).await? {
        tx.signal(Channel::Jobs);
        Settled::Retried
    } else if engine::leave(&mut tx, job.id, owner, now, Leave::Dead { code, message }).await? {
        Settled::Dead
    } else {
        Settled::Lost
    };
    tx.commit().await?;
    Ok(settled)
}

/// Longest wait that makes sense; keeps the arithmetic of times in range.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(365);

fn delta(duration: std::time::Duration) -> TimeDelta {
    TimeDelta::from_std(duration).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}
