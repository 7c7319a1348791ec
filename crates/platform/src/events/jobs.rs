//! Keeping the tables small.

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use vitrine_db::values;

use super::model::Position;
use super::sql;
use crate::Ctx;
use crate::jobs::{Job, JobError, JobRun, Priority};

/// How long events can be replayed.
const KEEP: TimeDelta = TimeDelta::hours(48);

/// Deletes old events and tickets nobody took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeEvents {}

#[async_trait]
impl Job for PurgeEvents {
    const KIND: &'static str = "platform.purge_events";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        let now = ctx.now();
        ctx.db.execute(&sql::PURGE_TICKETS, values![now]).await?;
        while !run.canceled().is_cancelled() {
            let mut tx = ctx.db.begin().await?;
            let mut newest = None;
            for row in tx.fetch_all(&sql::PURGE_EVENTS, values![now - KEEP]).await? {
                newest = newest.max(Some(Position::from_row(&row)?));
            }
            let Some(newest) = newest else { break };
            // Whoever comes back with an older id than this missed something that is gone.
            tx.execute(&sql::PUT_PURGED, values![newest.to_string(), now])
                .await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
