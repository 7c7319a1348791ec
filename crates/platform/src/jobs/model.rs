//! A job as people see it.

use uuid::Uuid;
use vitrine_db::{DbError, Row};
use vitrine_kernel::Time;
use vitrine_kernel::id::JobId;

/// A job of a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct JobView {
    pub id: JobId,
    pub kind: String,
    /// queued, running, retrying, done, dead, canceled
    pub status: String,
    pub priority: i64,
    pub progress: u8,
    pub step: Option<String>,
    pub attempt: u32,
    pub max_attempts: u32,
    /// Among the due jobs of all workspaces, in the order in which workers take them, from 1.
    pub queue_position: Option<u32>,
    pub subject: Option<(String, Uuid)>,
    pub error: Option<(String, String)>,
    pub created_at: Time,
    pub started_at: Option<Time>,
    pub finished_at: Option<Time>,
}

impl JobView {
    pub(crate) fn from_row(row: &Row) -> Result<Self, DbError> {
        let subject_type: Option<String> = row.get("subject_type")?;
        let error_code: Option<String> = row.get("error_code")?;
        let message: Option<String> = row.get("error_message")?;
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            status: row.get("status")?,
            priority: row.get("priority")?,
            progress: row.get("progress")?,
            step: row.get("step")?,
            attempt: row.get("attempt")?,
            max_attempts: row.get("max_attempts")?,
            queue_position: None,
            subject: subject_type.zip(row.get("subject_id")?),
            error: error_code.map(|code| {
                let message = message.unwrap_or_else(|| {
                    if code == "canceled" {
                        "Canceled."
                    } else {
                        "It failed."
                    }
                    .to_owned()
                });
                (code, message)
            }),
            created_at: row.get("created_at")?,
            started_at: row.get("started_at")?,
            finished_at: row.get("finished_at")?,
        })
    }
}
