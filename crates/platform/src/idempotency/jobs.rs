//! Forgetting keys after a day.

use async_trait::async_trait;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use vitrine_db::values;

use super::sql;
use crate::Ctx;
use crate::jobs::{Job, JobError, JobRun, Priority};

/// How long an answer is kept.
pub(super) const KEPT: Duration = Duration::hours(24);

/// Deletes records past their time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeRecords {}

#[async_trait]
impl Job for PurgeRecords {
    const KIND: &'static str = "platform.purge_idempotency";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let mut tx = ctx.db.begin().await?;
        tx.execute(&sql::PURGE_RECORDS, values![ctx.now() - KEPT]).await?;
        Ok(tx.commit().await?)
    }
}
