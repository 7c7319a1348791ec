//! Keeping the table of jobs small.

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use vitrine_db::jobs as engine;

use super::{Job, JobError, JobRun, Priority};
use crate::Ctx;

/// How long ended jobs are kept.
const KEEP: TimeDelta = TimeDelta::days(7);
/// How long dead ones are, for whoever wants to know what happened.
const KEEP_DEAD: TimeDelta = TimeDelta::days(30);

/// Deletes jobs that ended long ago.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeJobs {}

#[async_trait]
impl Job for PurgeJobs {
    const KIND: &'static str = "platform.purge_jobs";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        let now = ctx.now();
        while !run.canceled().is_cancelled()
            && engine::purge_ended(&ctx.db, now - KEEP, now - KEEP_DEAD).await? > 0
        {}
        Ok(())
    }
}
