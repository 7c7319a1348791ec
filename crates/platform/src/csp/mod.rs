//! What browsers report about our content security policy, in the old form and the new one.
//!
//! Anyone may send a report, so they are counted and not believed: reports that say the same thing on one day are one
//! row, addresses lose what follows the path, and there is an upper limit to the rows of a day.

mod report;
pub mod routes;
pub mod sql;

use async_trait::async_trait;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use vitrine_db::values;
use vitrine_kernel::Error;

use crate::Ctx;
use crate::jobs::{Job, JobError, JobRun, Priority};
use report::Report;

/// Different reports of one day; beyond that only the counter goes up.
const ROWS_PER_DAY: i64 = 500;
const KEPT_DAYS: i64 = 30;

/// Counts reports, all of a request or none of them.
async fn record(ctx: &Ctx, reports: Vec<Report>) -> Result<(), Error> {
    if reports.is_empty() {
        return Ok(());
    }
    let now = ctx.now();
    let day = now.format("%Y-%m-%d").to_string();
    let mut tx = ctx.db.begin().await?;
    for report in &reports {
        metrics::counter!("vitrine_csp_reports_total", "directive" => report.label()).increment(1);
        let same = values![&day, &report.directive, &report.blocked, &report.page, now];
        if tx.execute(&sql::COUNT_AGAIN, same).await? == 0 {
            let rows: i64 = tx
                .fetch_one(&sql::COUNT_ROWS, values![&day])
                .await?
                .get("count")?;
            if rows >= ROWS_PER_DAY {
                continue;
            }
            let row = values![
                ctx.id::<uuid::Uuid>(),
                &day,
                &report.directive,
                &report.blocked,
                &report.page,
                now
            ];
            tx.execute(&sql::INSERT_REPORT, row).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Deletes reports of long ago.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeReports {}

#[async_trait]
impl Job for PurgeReports {
    const KIND: &'static str = "platform.purge_csp_reports";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let before = ctx.now() - Duration::days(KEPT_DAYS);
        let mut tx = ctx.db.begin().await?;
        tx.execute(&sql::PURGE_REPORTS, values![before]).await?;
        Ok(tx.commit().await?)
    }
}
