//! One attempt of one job: what the job knows about it, and how it is watched.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;
use vitrine_db::jobs::ClaimedJob;
use vitrine_kernel::id::{JobId, WorkspaceId};

use super::{JobError, JobKind};
use crate::Ctx;

/// How long a job that was told to stop may take to clear up before it is dropped where it stands.
const GRACE: Duration = Duration::from_secs(3);

/// What a running job knows about its run.
#[derive(Debug, Clone)]
pub struct JobRun {
    pub id: JobId,
    pub workspace_id: Option<WorkspaceId>,
    /// From 1.
    pub attempt: u32,
    pub max_attempts: u32,
    pub(super) watch: Arc<Watch>,
}

impl JobRun {
    pub(super) fn new(job: &ClaimedJob) -> Self {
        Self {
            id: job.id,
            workspace_id: job.workspace_id,
            attempt: job.attempt,
            max_attempts: job.max_attempts,
            watch: Arc::default(),
        }
    }

    /// Cancelled when the job should stop: a person canceled it, its time is over, or its worker is stopping or lost
    /// it to another one.
    pub fn canceled(&self) -> &CancellationToken {
        &self.watch.token
    }

    /// Says how far the job is, 0 to 100, and what it is doing. Cheap: the worker stores the newest value of all its
    /// jobs together, twice a second.
    pub async fn progress(&self, percent: u8, step: &str) {
        let mut progress = self.watch.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let percent = percent.min(100);
        if progress.percent != percent || progress.step != step {
            *progress = Progress {
                percent,
                step: step.to_owned(),
                is_new: true,
            };
        }
    }
}

/// Why a running job was told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A person canceled it.
    Canceled,
    /// Its time is over.
    Timeout,
    /// Another worker has it now.
    Lost,
    /// The worker is stopping.
    Shutdown,
}

/// What the worker and a running job share.
#[derive(Debug, Default)]
pub(super) struct Watch {
    token: CancellationToken,
    stop: Mutex<Option<Stop>>,
    progress: Mutex<Progress>,
    /// The attempt is over; only its outcome is still to be stored.
    is_over: AtomicBool,
}

/// How far a job says it is, and whether that is still to be stored.
#[derive(Debug, Default)]
struct Progress {
    percent: u8,
    step: String,
    is_new: bool,
}

impl Watch {
    /// Tells the job to stop; the first reason stays, except that a lost job is lost whatever was before.
    pub fn stop(&self, why: Stop) {
        let mut stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        if stop.is_none() || why == Stop::Lost {
            *stop = Some(why);
        }
        self.token.cancel();
    }

    pub fn stopped(&self) -> Option<Stop> {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Progress that was not stored yet; counts as stored from now on.
    pub fn take_progress(&self) -> Option<(u8, String)> {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut progress.is_new).then(|| (progress.percent, progress.step.clone()))
    }
}

/// What an attempt came to.
#[derive(Debug)]
pub(super) enum Outcome {
    Done,
    /// `delay` is for failures that are not the job's fault; without one the kind's back-off decides.
    Failed {
        code: &'static str,
        message: String,
        delay: Option<Duration>,
    },
    GaveUp {
        code: &'static str,
        message: String,
    },
    Canceled,
    /// Back into the queue for this long, without counting the attempt.
    Later(Duration),
    /// Another worker has the job; nothing of ours counts any more.
    Lost,
}

impl Outcome {
    /// The worker went away in the middle of the attempt.
    pub fn interrupted() -> Self {
        let message = "The work was interrupted.".to_owned();
        Self::Failed {
            code: "interrupted",
            message,
            delay: Some(Duration::ZERO),
        }
    }
}

/// Makes one attempt. Panics are failures; a job that does not stop in time is dropped.
pub(super) async fn attempt(ctx: &Ctx, kind: &JobKind, job: &ClaimedJob, run: &JobRun) -> Outcome {
    let outcome = watched(ctx, kind, job, run).await;
    run.watch.is_over.store(true, Ordering::Release);
    outcome
}

async fn watched(ctx: &Ctx, kind: &JobKind, job: &ClaimedJob, run: &JobRun) -> Outcome {
    let watch = &run.watch;
    let work = AssertUnwindSafe(kind.work.run(&job.payload, ctx, run)).catch_unwind();
    tokio::pin!(work);
    let in_time = tokio::select! {
        result = &mut work => Some(result),
        () = watch.token.cancelled() => None,
        () = tokio::time::sleep(kind.timeout) => {
            watch.stop(Stop::Timeout);
            None
        }
    };
    let result = match in_time {
        Some(result) => Some(result),
        None => tokio::time::timeout(GRACE, work).await.ok(),
    };
    let result = match result {
        Some(Ok(Ok(()))) if watch.stopped() != Some(Stop::Lost) => return Outcome::Done,
        Some(Ok(result)) => result,
        Some(Err(panic)) => {
            tracing::error!(job.id = %job.id, "job {} ({}) panicked: {}", job.id, job.kind, panic_text(&*panic));
            Err(JobError::retry("panicked", "The work stopped unexpectedly."))
        }
        None => Err(JobError::Canceled),
    };
    match watch.stopped() {
        Some(Stop::Canceled) => return Outcome::Canceled,
        Some(Stop::Lost) => return Outcome::Lost,
        Some(Stop::Shutdown) => return Outcome::Later(Duration::ZERO),
        Some(Stop::Timeout) => {
            let message = format!(
                "It took longer than {} s and was stopped.",
                kind.timeout.as_secs()
            );
            return Outcome::Failed {
                code: "timeout",
                message,
                delay: None,
            };
        }
        None => {}
    }
    match result {
        Ok(()) => Outcome::Done,
        Err(JobError::Retry {
            code,
            message,
            source,
        }) => {
            let cause = source.map(|source| format!(": {source}")).unwrap_or_default();
            tracing::warn!(job.id = %job.id, "job {} ({}), attempt {} of {}, failed: {code}: {message}{cause}",
                job.id, job.kind, job.attempt, job.max_attempts);
            Outcome::Failed {
                code,
                message,
                delay: None,
            }
        }
        Err(JobError::GiveUp { code, message }) => Outcome::GaveUp { code, message },
        Err(JobError::Snooze(wait)) => Outcome::Later(wait),
        Err(JobError::Canceled) => Outcome::Canceled,
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
