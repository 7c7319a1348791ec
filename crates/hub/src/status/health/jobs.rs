//! What workers look at every minute.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use vitrine_platform::jobs::{Job, JobError, JobRun, Priority};
use vitrine_platform::{Ctx, web};

use super::{API_SILENCE, Component, last_seen, observe, say_alive};

/// Says that workers live, and looks at storage and the API.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WatchHealth {}

#[async_trait]
impl Job for WatchHealth {
    const KIND: &'static str = "hub.watch_health";
    // Behind a long queue it would tell of a worker that is busy as if it were dead.
    const PRIORITY: Priority = Priority::Urgent;
    const MAX_ATTEMPTS: u32 = 1;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        say_alive(ctx, Component::Worker).await?;
        observe(ctx, Component::Worker, true).await?;
        let parts = web::check_parts(ctx).await;
        let is_stored = parts.iter().all(|(name, is_good)| *is_good || *name != "storage");
        observe(ctx, Component::Storage, is_stored).await?;
        if let Some(at) = last_seen(ctx, Component::Api).await? {
            observe(ctx, Component::Api, ctx.now() - at <= API_SILENCE).await?;
        }
        Ok(())
    }
}
