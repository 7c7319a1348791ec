//! What an event, its place in the stream and a stream's filter are.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;
use vitrine_db::{DbError, Row};
use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, ImageId, JobId, ProjectId, WorkspaceId};

use crate::Ctx;

/// News for the clients of a workspace.
#[derive(Debug, Clone)]
pub struct NewEvent<'a> {
    pub workspace_id: WorkspaceId,
    /// Name of the event in the stream, such as `job_update`.
    pub kind: &'a str,
    /// What streams may be narrowed to.
    pub project_id: Option<ProjectId>,
    pub image_id: Option<ImageId>,
    pub job_id: Option<JobId>,
    /// The event's `data`.
    pub payload: Value,
}

/// What a stream is narrowed to; all of the workspace when empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StreamFilter {
    pub image_id: Option<ImageId>,
    pub project_id: Option<ProjectId>,
    pub job_id: Option<JobId>,
}

/// What a new stream is told first about one kind of thing.
#[async_trait]
pub trait SnapshotSource: Send + Sync {
    /// The field of the `connected` event, such as `images`.
    fn key(&self) -> &'static str;

    /// The unfinished ones that the stream covers, and those that were asked for by id.
    async fn snapshot(
        &self,
        ctx: &Ctx,
        workspace: WorkspaceId,
        filter: &StreamFilter,
    ) -> Result<Vec<Value>, Error>;

    /// Whether the ids in the filter that this source knows about belong to the workspace; a stream about anything
    /// else is a 404. Ids of other sources are none of its business.
    async fn covers(
        &self,
        _ctx: &Ctx,
        _workspace: WorkspaceId,
        _filter: &StreamFilter,
    ) -> Result<bool, Error> {
        Ok(true)
    }
}

/// A place in the order of events; as text `xact.id`, which is what clients see and send back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Transaction; always 0 on SQLite.
    pub xact: i64,
    pub id: i64,
}

impl Position {
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            xact: row.get("xact")?,
            id: row.get("id")?,
        })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.xact, self.id)
    }
}

impl FromStr for Position {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (xact, id) = text.split_once('.').ok_or(())?;
        let number = |text: &str| text.parse().ok().filter(|number: &i64| *number >= 0).ok_or(());
        Ok(Self {
            xact: number(xact)?,
            id: number(id)?,
        })
    }
}

/// An event as it goes out: encoded once, however many streams it goes to.
#[derive(Debug)]
pub(super) struct Event {
    pub position: Position,
    pub workspace_id: WorkspaceId,
    about: StreamFilter,
    /// Whose alone it is.
    account_id: Option<AccountId>,
    pub frame: Bytes,
}

impl Event {
    pub fn from_row(row: &Row) -> Result<Arc<Self>, DbError> {
        let position = Position::from_row(row)?;
        let (kind, payload): (String, String) = (row.get("kind")?, row.get("payload")?);
        Ok(Arc::new(Self {
            position,
            workspace_id: row.get("workspace_id")?,
            about: StreamFilter {
                image_id: row.get("image_id")?,
                project_id: row.get("project_id")?,
                job_id: row.get("job_id")?,
            },
            account_id: row.get("account_id")?,
            frame: frame(Some(position), &kind, &payload),
        }))
    }

    /// Whether a stream that is narrowed like this gets the event.
    pub fn is_for(&self, wanted: &Wanted) -> bool {
        let Wanted {
            filter,
            image_of_job,
            account_id,
        } = wanted;
        if self.account_id.is_some() && self.account_id != *account_id {
            return false;
        }
        let fits = |wanted: Option<uuid::Uuid>, has: Option<uuid::Uuid>| wanted.is_none() || wanted == has;
        let job_fits = filter.job_id.is_none()
            || filter.job_id == self.about.job_id
            || (image_of_job.is_some() && *image_of_job == self.about.image_id);
        job_fits
            && fits(filter.image_id.map(|id| id.0), self.about.image_id.map(|id| id.0))
            && fits(
                filter.project_id.map(|id| id.0),
                self.about.project_id.map(|id| id.0),
            )
    }
}

/// A filter, with what the job in it is about: news of an image is news of the job that makes it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    pub filter: StreamFilter,
    pub image_of_job: Option<ImageId>,
    /// Who listens.
    pub account_id: Option<AccountId>,
}

/// One event of a stream. `data` is a single line of JSON.
pub(super) fn frame(position: Option<Position>, kind: &str, data: &str) -> Bytes {
    let id = position
        .map(|position| format!("id: {position}\n"))
        .unwrap_or_default();
    Bytes::from(format!("{id}event: {kind}\ndata: {data}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_ordered_by_transaction_first_and_survive_as_text() {
        let at = |xact, id| Position { xact, id };
        assert!(at(1, 9) < at(2, 1) && at(2, 1) < at(2, 2));
        assert_eq!("12.34".parse(), Ok(at(12, 34)));
        assert_eq!(at(12, 34).to_string(), "12.34");
        for text in ["", "12", "a.b", "-1.2", "1.-2", "1.2.3"] {
            assert_eq!(text.parse::<Position>(), Err(()), "{text}");
        }
    }

    #[test]
    fn a_frame_is_what_the_event_stream_format_asks_for() {
        let text = frame(Some(Position { xact: 7, id: 3 }), "job_update", "{\"a\":1}");
        assert_eq!(text, "id: 7.3\nevent: job_update\ndata: {\"a\":1}\n\n");
        assert_eq!(frame(None, "heartbeat", "{}"), "event: heartbeat\ndata: {}\n\n");
    }
}
