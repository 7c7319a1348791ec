//! Kinds of work without their types, so that a worker can hold them all.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use vitrine_db::Tx;
use vitrine_kernel::Error;
use vitrine_kernel::backoff::Backoff;

use super::{Failure, Job, JobEnd, JobError, JobRun};
use crate::Ctx;

/// A kind of background work, ready for a worker: `JobKind::of::<StageImage>()`.
#[derive(Clone)]
pub struct JobKind {
    name: &'static str,
    pub(super) max_attempts: u32,
    pub(super) timeout: Duration,
    pub(super) backoff: Backoff,
    pub(super) work: Arc<dyn Work>,
}

impl JobKind {
    pub fn of<J: Job>() -> Self {
        Self {
            name: J::KIND,
            max_attempts: J::MAX_ATTEMPTS,
            timeout: J::TIMEOUT,
            backoff: J::BACKOFF,
            work: Arc::new(Typed::<J>(PhantomData)),
        }
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    pub fn timeout(&self) -> Duration {
        self.timeout
    }
}

impl fmt::Debug for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JobKind").field(&self.name).finish()
    }
}

/// A [`Job`] whose type was forgotten; takes the stored payload.
#[async_trait]
pub(super) trait Work: Send + Sync {
    async fn run(&self, payload: &str, ctx: &Ctx, run: &JobRun) -> Result<(), JobError>;
    async fn ended(&self, payload: &str, ctx: &Ctx, tx: &mut Tx, end: &JobEnd) -> Result<(), Error>;
    async fn will_retry(&self, payload: &str, ctx: &Ctx, tx: &mut Tx, failure: &Failure)
    -> Result<(), Error>;
    async fn revive(&self, payload: &str, ctx: &Ctx, tx: &mut Tx) -> Result<(), Error>;
}

struct Typed<J>(PhantomData<fn() -> J>);

fn parse<J: Job>(payload: &str) -> Result<J, Error> {
    serde_json::from_str(payload).map_err(|error| {
        Error::internal(format!("jobs.payload of a {} is not readable", J::KIND)).with_source(error)
    })
}

#[async_trait]
impl<J: Job> Work for Typed<J> {
    async fn run(&self, payload: &str, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        match parse::<J>(payload) {
            Ok(job) => job.run(ctx, run).await,
            Err(error) => {
                tracing::error!(job.id = %run.id, "job {} cannot run: {error}", run.id);
                Err(JobError::give_up("internal", "Something went wrong on our side."))
            }
        }
    }

    async fn ended(&self, payload: &str, ctx: &Ctx, tx: &mut Tx, end: &JobEnd) -> Result<(), Error> {
        // What cannot be read has nobody to tell; it must still be able to end.
        match parse::<J>(payload) {
            Ok(job) => job.ended(ctx, tx, end).await,
            Err(_) => Ok(()),
        }
    }

    async fn will_retry(
        &self,
        payload: &str,
        ctx: &Ctx,
        tx: &mut Tx,
        failure: &Failure,
    ) -> Result<(), Error> {
        match parse::<J>(payload) {
            Ok(job) => job.will_retry(ctx, tx, failure).await,
            Err(_) => Ok(()),
        }
    }

    async fn revive(&self, payload: &str, ctx: &Ctx, tx: &mut Tx) -> Result<(), Error> {
        parse::<J>(payload)?.revive(ctx, tx).await
    }
}

/// Every kind this program knows. It hangs on the context (`extensions.insert(Kinds::new(…))`), because cancelling a
/// queued job has to tell its owner in the same transaction.
#[derive(Debug, Clone, Default)]
pub struct Kinds {
    by_name: Arc<HashMap<&'static str, JobKind>>,
}

impl Kinds {
    pub fn new(kinds: impl IntoIterator<Item = JobKind>) -> Self {
        Self {
            by_name: Arc::new(kinds.into_iter().map(|kind| (kind.name, kind)).collect()),
        }
    }

    pub fn get(&self, name: &str) -> Option<&JobKind> {
        self.by_name.get(name)
    }

    /// Names in a stable order.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.by_name.keys().copied().collect();
        names.sort_unstable();
        names
    }

    pub(super) fn of_ctx(ctx: &Ctx) -> Result<Self, Error> {
        ctx.extension::<Self>().cloned().ok_or_else(|| {
            Error::internal("the context holds no job kinds: insert jobs::Kinds into its extensions")
        })
    }
}

impl FromIterator<JobKind> for Kinds {
    fn from_iter<I: IntoIterator<Item = JobKind>>(kinds: I) -> Self {
        Self::new(kinds)
    }
}
