//! Making an archive, telling its owner, and deleting it after a week.

use std::time::Duration as StdDuration;

use async_trait::async_trait;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, ExportId};

use super::{Export, KEPT_DAYS, archive, sql};
use crate::Ctx;
use crate::jobs::{Job, JobEnd, JobError, JobRun, Priority};
use crate::notifications::news;

/// Makes the archive of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportAccount {
    pub export_id: ExportId,
}

#[async_trait]
impl Job for ExportAccount {
    const KIND: &'static str = "accounts.export_account";
    const MAX_ATTEMPTS: u32 = 3;
    const TIMEOUT: StdDuration = StdDuration::from_secs(3_600);

    fn unique_key(&self) -> Option<String> {
        Some(format!("{} {}", Self::KIND, self.export_id))
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        let row = ctx
            .db
            .fetch_optional(&sql::GET_EXPORT, values![self.export_id])
            .await?;
        let Some(row) = row else { return Ok(()) };
        let export = Export::from_row(&row)?;
        if export.status != "queued" {
            return Ok(());
        }
        let account: AccountId = row.get("account_id")?;
        let key = format!("exports/{account}/{}.zip", self.export_id);
        let writer = ctx.files.writer(&key, "application/zip").map_err(Error::from)?;
        let size_bytes = archive::write(ctx, run, writer, account).await?;
        let now = ctx.now();
        let mut tx = ctx.db.begin().await?;
        let ended = values![
            self.export_id,
            "ready",
            &key,
            i64::try_from(size_bytes).unwrap_or(i64::MAX),
            now,
            now + Duration::days(KEPT_DAYS),
        ];
        if tx.execute(&sql::END_EXPORT, ended).await? == 1 {
            news::export_ready(&mut tx, ctx, account, self.export_id).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn ended(&self, ctx: &Ctx, tx: &mut Tx, end: &JobEnd) -> Result<(), Error> {
        if *end == JobEnd::Done {
            return Ok(());
        }
        let now = ctx.now();
        let failed = values![
            self.export_id,
            "failed",
            None::<String>,
            None::<i64>,
            now,
            now + Duration::days(KEPT_DAYS),
        ];
        tx.execute(&sql::END_EXPORT, failed).await?;
        Ok(())
    }
}

/// Deletes archives whose week is over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeExports {}

#[async_trait]
impl Job for PurgeExports {
    const KIND: &'static str = "accounts.purge_exports";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        loop {
            let rows = ctx
                .db
                .fetch_all(&sql::LIST_EXPIRED_EXPORTS, values![ctx.now()])
                .await?;
            if rows.is_empty() || run.canceled().is_cancelled() {
                return Ok(());
            }
            for row in &rows {
                if let Some(key) = row.get::<Option<String>>("file_key")? {
                    ctx.files.delete(&key).await.map_err(Error::from)?;
                }
                let id: ExportId = row.get("id")?;
                ctx.db.execute(&sql::DELETE_EXPORT, values![id]).await?;
            }
        }
    }
}
