//! Clearing up: sessions and tokens past their end, old wrong passwords.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::sessions;
use crate::Ctx;
use crate::jobs::{Job, JobError, JobRun, Priority};

/// Deletes what no longer opens anything.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeExpired {}

#[async_trait]
impl Job for PurgeExpired {
    const KIND: &'static str = "accounts.purge_expired";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        Ok(sessions::purge_expired(ctx).await?)
    }
}
