//! What a kind of work is: a small struct of ids that loads fresh state and may run twice.

use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use vitrine_db::{DbError, Tx};
use vitrine_kernel::backoff::Backoff;
use vitrine_kernel::{Error, ErrorCode};

use super::JobRun;
use crate::Ctx;

/// What a job is about, for people and for cancelling: `("image", id)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    pub kind: &'static str,
    pub id: Uuid,
}

/// Which of a workspace's jobs goes first. Between workspaces it counts as well: an urgent job of one passes the
/// normal jobs of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Priority {
    Urgent,
    #[default]
    Normal,
    Whenever,
}

impl Priority {
    /// As stored; smaller goes first.
    pub const fn number(self) -> i64 {
        match self {
            Self::Urgent => 0,
            Self::Normal => 100,
            Self::Whenever => 200,
        }
    }

    /// The name in the API.
    pub const fn name_of(number: i64) -> &'static str {
        match number {
            ..50 => "urgent",
            50..150 => "normal",
            150.. => "whenever",
        }
    }
}

/// A kind of background work.
///
/// Its fields are ids; [`run`](Self::run) loads fresh state, because much may have happened since it was queued. A job
/// may run twice (a process can die between the job's own commit and the note that it is done), so the commit that
/// makes its result visible must check that it is not there yet.
#[async_trait]
pub trait Job: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// `area.verb_noun`; stored, so it never changes.
    const KIND: &'static str;
    /// Attempts in all, the first included.
    const MAX_ATTEMPTS: u32 = 5;
    const PRIORITY: Priority = Priority::Normal;
    /// After this long an attempt is stopped and counts as failed with code `timeout`.
    const TIMEOUT: Duration = Duration::from_secs(300);
    const BACKOFF: Backoff = Backoff::new(2_000, 300_000);

    fn subject(&self) -> Option<Subject> {
        None
    }

    /// While a job with this key is queued or running, enqueueing another one answers the id of the first.
    fn unique_key(&self) -> Option<String> {
        None
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError>;

    /// Called in the transaction that ends the job for good.
    async fn ended(&self, _ctx: &Ctx, _tx: &mut Tx, _end: &JobEnd) -> Result<(), Error> {
        Ok(())
    }

    /// Called in the transaction that stores a failed attempt that will be made again.
    async fn will_retry(&self, _ctx: &Ctx, _tx: &mut Tx, _failure: &Failure) -> Result<(), Error> {
        Ok(())
    }

    /// Called in the transaction in which a person queues a dead or canceled job again; an error refuses it.
    async fn revive(&self, _ctx: &Ctx, _tx: &mut Tx) -> Result<(), Error> {
        Ok(())
    }
}

/// How a job ended for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEnd {
    Done,
    /// It gave up, or failed at its last attempt. `message` is fit for people.
    Dead {
        code: String,
        message: String,
    },
    Canceled,
}

/// A failed attempt that will be made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub code: String,
    /// Fit for people.
    pub message: String,
    /// The attempt that failed, from 1.
    pub attempt: u32,
    pub max_attempts: u32,
}

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why an attempt did not succeed. Messages are shown to people; causes go into `source`, for our log.
#[derive(Debug)]
pub enum JobError {
    /// Worth another attempt, after the kind's back-off.
    Retry {
        code: &'static str,
        message: String,
        source: Option<Source>,
    },
    /// Another attempt would fail in the same way.
    GiveUp { code: &'static str, message: String },
    /// Not yet: come back after this long, without counting the attempt.
    Snooze(Duration),
    /// It saw that it was canceled.
    Canceled,
}

impl JobError {
    pub fn retry(code: &'static str, message: impl Into<String>) -> Self {
        Self::Retry {
            code,
            message: message.into(),
            source: None,
        }
    }

    pub fn give_up(code: &'static str, message: impl Into<String>) -> Self {
        Self::GiveUp {
            code,
            message: message.into(),
        }
    }

    /// Adds the cause of a failure that is worth another attempt.
    #[must_use]
    pub fn with_source(self, cause: impl Into<Source>) -> Self {
        match self {
            Self::Retry { code, message, .. } => Self::Retry {
                code,
                message,
                source: Some(cause.into()),
            },
            other => other,
        }
    }
}

impl From<Error> for JobError {
    fn from(error: Error) -> Self {
        let message = match error.code() {
            ErrorCode::Internal => "Something went wrong on our side.".to_owned(),
            _ => error.detail().to_owned(),
        };
        Self::Retry {
            code: error.code().as_str(),
            message,
            source: Some(Box::new(error)),
        }
    }
}

impl From<DbError> for JobError {
    fn from(error: DbError) -> Self {
        Error::from(error).into()
    }
}
