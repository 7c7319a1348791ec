//! Reserving and settling quota, and showing it.

use vitrine_db::{Tx, values};
use vitrine_kernel::id::WorkspaceId;
use vitrine_kernel::{Error, Time};

use super::model::{Metric, Period, Plan, Reservation, Settle, Usage};
use super::sql;
use crate::Ctx;
use crate::notifications::news;

/// Reserves up to `count` of the current period's quota, never more than is left, whoever else asks at the same time.
/// Commits or rolls back with the caller's transaction.
pub async fn reserve(
    tx: &mut Tx,
    ctx: &Ctx,
    workspace: WorkspaceId,
    metric: Metric,
    count: u32,
) -> Result<Reservation, Error> {
    let period_start = Period::containing(ctx.now()).start;
    let key = || values![workspace, metric.as_str(), period_start];
    let plan: String = tx
        .fetch_one(&sql::GET_PLAN, values![workspace])
        .await?
        .get("plan")?;
    let row = match tx.fetch_optional(&sql::LOCK_PERIOD, key()).await? {
        Some(row) => row,
        None => {
            tx.execute(&sql::OPEN_PERIOD, key()).await?;
            tx.fetch_one(&sql::LOCK_PERIOD, key()).await?
        }
    };
    let taken = row.get::<u32>("reserved")?.saturating_add(row.get("used")?);
    let limit = Plan::of(&plan).limit(metric);
    let granted = match limit {
        Some(limit) => count.min(limit.saturating_sub(taken)),
        None => count,
    };
    if granted > 0 {
        tx.execute_one(
            &sql::TAKE,
            values![workspace, metric.as_str(), period_start, granted],
        )
        .await?;
    }
    if let Some(limit) = limit {
        news::quota_taken(tx, ctx, workspace, period_start, taken, granted, limit).await?;
    }
    Ok(Reservation {
        granted,
        period_start,
    })
}

/// Ends `count` reservations made in the given period. Settle each reservation once.
pub async fn settle(
    tx: &mut Tx,
    _ctx: &Ctx,
    workspace: WorkspaceId,
    metric: Metric,
    period_start: Time,
    count: u32,
    how: Settle,
) -> Result<(), Error> {
    if count == 0 {
        return Ok(());
    }
    let statement = match how {
        Settle::Use => &sql::SETTLE_USE,
        Settle::Release => &sql::SETTLE_RELEASE,
    };
    Ok(tx
        .execute_one(
            statement,
            values![workspace, metric.as_str(), period_start, count],
        )
        .await?)
}

/// What a workspace used this month.
pub async fn usage(ctx: &Ctx, workspace: WorkspaceId, metric: Metric) -> Result<Usage, Error> {
    let period = Period::containing(ctx.now());
    let row = ctx
        .db
        .fetch_one(&sql::GET_USAGE, values![workspace, metric.as_str(), period.start])
        .await?;
    let plan = Plan::of(&row.get::<String>("plan")?);
    Ok(Usage {
        plan,
        period,
        used: row.get::<Option<u32>>("used")?.unwrap_or(0),
        reserved: row.get::<Option<u32>>("reserved")?.unwrap_or(0),
        limit: plan.limit(metric),
    })
}
