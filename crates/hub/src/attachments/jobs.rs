//! Clearing what was sent: the copy nobody needs once a message has its file, and files no message ever took.

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use vitrine_db::values;
use vitrine_kernel::id::{AttachmentId, TicketMessageId};
use vitrine_platform::Ctx;
use vitrine_platform::jobs::{Job, JobError, JobRun, Priority};

use super::sql;

/// By then every link to send bytes to has died, and whoever writes the message has finished or gone.
const KEEP: TimeDelta = TimeDelta::hours(24);

/// Deletes what was sent a day ago.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PurgeAttachments {}

#[async_trait]
impl Job for PurgeAttachments {
    const KIND: &'static str = "hub.purge_attachments";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        let before = ctx.now() - KEEP;
        while !run.canceled().is_cancelled() {
            let rows = ctx.db.fetch_all(&sql::LIST_OLD_INCOMING, values![before]).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let id: AttachmentId = row.get("id")?;
                let is_attached = row.get::<Option<TicketMessageId>>("message_id")?.is_some();
                ctx.files.delete(&row.get::<String>("incoming_key")?).await?;
                let mut tx = ctx.db.begin().await?;
                if is_attached {
                    tx.execute(&sql::FORGET_INCOMING, values![id]).await?;
                } else {
                    ctx.files.delete(&row.get::<String>("file_key")?).await?;
                    tx.execute(&sql::DELETE_ATTACHMENT, values![id]).await?;
                }
                tx.commit().await?;
            }
        }
        Ok(())
    }
}
