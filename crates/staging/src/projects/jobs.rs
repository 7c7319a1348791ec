//! Background work of projects: clearing away what can no longer be brought back.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use vitrine_platform::Ctx;
use vitrine_platform::jobs::{Job, JobError, JobRun, Priority};

use super::purge;

/// Removes projects that were deleted longer ago than they can be restored, with everything in them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PurgeProjects {}

#[async_trait]
impl Job for PurgeProjects {
    const KIND: &'static str = "staging.purge_projects";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        while !run.canceled().is_cancelled() && purge::some_projects(ctx).await? > 0 {}
        while !run.canceled().is_cancelled() && purge::some_links(ctx).await? > 0 {}
        Ok(())
    }
}
