//! What goes out by the clock: schedules, digests, letters of groups; and forgetting what is old.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use vitrine_db::values;
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;

use super::{letters, schedules, sql};
use crate::Ctx;
use crate::jobs::{Job, JobError, JobRun, Priority};

/// Rows looked at before looking again.
const BATCH: i64 = 100;
/// Days that a notification is kept.
const KEPT_DAYS: i64 = 180;

/// Looks every minute for what is due. One thing is one transaction that claims and tells, so a tick that dies is
/// simply made again, and two at once share the work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tick {}

#[async_trait]
impl Job for Tick {
    const KIND: &'static str = "notifications.tick";

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        while !run.canceled().is_cancelled() && tick(ctx).await? > 0 {}
        Ok(())
    }
}

/// Tells a batch of what is due; answers how much it was.
pub async fn tick(ctx: &Ctx) -> Result<usize, Error> {
    Ok(run_schedules(ctx).await? + send_letters(ctx).await?)
}

/// Runs one batch of schedules that are due; answers how many ran. One that cannot run does not stop the others.
async fn run_schedules(ctx: &Ctx) -> Result<usize, Error> {
    let mut told = 0;
    for row in ctx
        .db
        .fetch_all(&sql::LIST_DUE_SCHEDULES, values![ctx.now(), BATCH])
        .await?
    {
        match schedules::run_one(ctx, &row).await {
            Ok(ran) => told += usize::from(ran),
            Err(error) => tracing::warn!("could not run a notification schedule: {error}"),
        }
    }
    Ok(told)
}

/// Sends one batch of letters that are due; answers how many accounts were served.
async fn send_letters(ctx: &Ctx) -> Result<usize, Error> {
    let mut told = 0;
    for row in ctx
        .db
        .fetch_all(&sql::LIST_DUE_ACCOUNTS, values![ctx.now(), BATCH])
        .await?
    {
        let account: AccountId = row.get("account_id")?;
        match letters::send_due(ctx, account).await {
            Ok(()) => told += 1,
            Err(error) => {
                tracing::warn!(account.id = %account, "could not write the digest of {account}: {error}")
            }
        }
    }
    Ok(told)
}

/// Deletes notifications of long ago.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeNotifications {}

#[async_trait]
impl Job for PurgeNotifications {
    const KIND: &'static str = "notifications.purge";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let before = ctx.now() - chrono::Duration::days(KEPT_DAYS);
        let mut tx = ctx.db.begin().await?;
        tx.execute(&sql::PURGE_NOTIFICATIONS, values![before]).await?;
        Ok(tx.commit().await?)
    }
}
