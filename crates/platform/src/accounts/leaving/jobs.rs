//! Removing what belonged to accounts whose thirty days are over.
//!
//! Each step is small and may run twice; the account's own row changes last, so that a crash in between leads here
//! again.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use vitrine_db::belongings::{Owner, belongings};
use vitrine_db::values;
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;

use super::sql;
use crate::jobs::{Job, JobError, JobRun, Priority};
use crate::{Ctx, audit, workspaces};

/// Removes accounts whose time is over, with everything in their own workspaces.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeAccounts {}

#[async_trait]
impl Job for PurgeAccounts {
    const KIND: &'static str = "accounts.purge_accounts";
    const PRIORITY: Priority = Priority::Whenever;
    const TIMEOUT: Duration = Duration::from_secs(3_600);

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        loop {
            let due = ctx
                .db
                .fetch_all(&sql::LIST_DUE_ACCOUNTS, values![ctx.now()])
                .await?;
            if due.is_empty() {
                return Ok(());
            }
            for row in &due {
                if run.canceled().is_cancelled() {
                    return Err(JobError::Canceled);
                }
                purge(ctx, row.get("id")?, &row.get::<String>("email_key")?).await?;
            }
        }
    }
}

async fn purge(ctx: &Ctx, account: AccountId, email_key: &str) -> Result<(), Error> {
    let lonely = ctx
        .db
        .fetch_all(&sql::LIST_LONELY_WORKSPACES, values![account])
        .await?;
    for row in &lonely {
        workspaces::deletion::purge(ctx, row.get("workspace_id")?).await?;
    }
    for row in ctx.db.fetch_all(&sql::LIST_ARCHIVES, values![account]).await? {
        ctx.files.delete(&row.get::<String>("file_key")?).await?;
    }
    let owner = Owner::Account(account.0);
    let tables = belongings(&ctx.db, owner).await?;
    let mut tx = ctx.db.begin().await?;
    for statement in [
        &sql::DELETE_KEYS,
        &sql::DELETE_NOTIFICATIONS,
        &sql::DELETE_REPEATS,
        &sql::DELETE_MEMBERSHIPS,
        &sql::FORGET_INVITER,
        &sql::FORGET_ADDRESSES,
    ] {
        tx.execute(statement, values![account]).await?;
    }
    tx.execute(&sql::FORGET_FAILURES, values![email_key]).await?;
    for table in tables {
        table.delete(&mut tx, owner).await?;
    }
    let nobody = format!("{account}@deleted.invalid");
    tx.execute(&sql::BURY_ACCOUNT, values![account, nobody, ctx.now()])
        .await?;
    let action = "account.deleted";
    audit::record(&mut tx, ctx, None, action, "account", account, None).await?;
    Ok(tx.commit().await?)
}
