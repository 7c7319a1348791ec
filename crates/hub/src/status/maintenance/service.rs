//! The verbs of planned maintenance.

use vitrine_db::{Tx, values};
use vitrine_kernel::id::{MaintenanceId, ServiceId};
use vitrine_kernel::{Error, Page, Time};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::model::{Maintenance, MaintenanceChange, check_window};
use super::sql;
use crate::status::events::service as events;
use crate::status::incidents::sql::affected_from_row;
use crate::status::subscribers::jobs::{Happening, tell_subscribers};
use crate::status::subscribers::letters::Moment;

pub async fn list(ctx: &Ctx, paging: &Paging) -> Result<Page<Maintenance>, Error> {
    let (page, rows) = paging
        .fetch(&ctx.db, &sql::MAINTENANCE, Vec::new())
        .await?
        .split();
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        all.push(whole(ctx, sql::maintenance_from_row(row)?).await?);
    }
    Ok(page.with_items(all))
}

/// What is planned, open, or was over after that moment; the next one first.
pub async fn recent(ctx: &Ctx, since: Time) -> Result<Vec<Maintenance>, Error> {
    let rows = ctx
        .db
        .fetch_all(&sql::LIST_RECENT_MAINTENANCE, values![since])
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        all.push(whole(ctx, sql::maintenance_from_row(row)?).await?);
    }
    Ok(all)
}

pub async fn get(ctx: &Ctx, id: MaintenanceId) -> Result<Maintenance, Error> {
    let row = ctx.db.fetch_optional(&sql::GET_MAINTENANCE, values![id]).await?;
    whole(
        ctx,
        sql::maintenance_from_row(&row.ok_or_else(Error::not_found)?)?,
    )
    .await
}

async fn whole(ctx: &Ctx, mut maintenance: Maintenance) -> Result<Maintenance, Error> {
    let rows = ctx
        .db
        .fetch_all(&sql::LIST_MAINTENANCE_SERVICES, values![maintenance.id])
        .await?;
    maintenance.services = rows.iter().map(affected_from_row).collect::<Result<_, _>>()?;
    Ok(maintenance)
}

/// Plans a window.
pub async fn plan(ctx: &Ctx, actor: &Actor, new: MaintenanceChange) -> Result<Maintenance, Error> {
    let now = ctx.now();
    let (starts_at, ends_at) = (new.starts_at.unwrap_or(now), new.ends_at.unwrap_or(now));
    check_window(starts_at, ends_at, None, now)?;
    let id: MaintenanceId = ctx.id();
    let mut tx = ctx.db.begin().await?;
    let row = values![
        id,
        new.title.unwrap_or_default(),
        new.description.unwrap_or_default(),
        starts_at,
        ends_at,
        now,
    ];
    tx.execute_one(&sql::INSERT_MAINTENANCE, row).await?;
    set_services(&mut tx, id, &new.service_ids.unwrap_or_default()).await?;
    note(&mut tx, ctx, actor, "status_maintenance.created", id).await?;
    tell_subscribers(&mut tx, ctx, step(id, Moment::Planned)).await?;
    tx.commit().await?;
    get(ctx, id).await
}

/// Changes a window that is not over.
pub async fn update(
    ctx: &Ctx,
    actor: &Actor,
    id: MaintenanceId,
    change: MaintenanceChange,
) -> Result<Maintenance, Error> {
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    let (starts_at, ends_at) = lock_live(&mut tx, id, now).await?;
    let begun = (starts_at <= now).then_some(starts_at);
    let starts_at = change.starts_at.unwrap_or(starts_at);
    let ends_at = change.ends_at.unwrap_or(ends_at);
    if change.starts_at.is_some() || change.ends_at.is_some() {
        check_window(starts_at, ends_at, begun, now)?;
    }
    let row = values![id, change.title, change.description, starts_at, ends_at, now];
    tx.execute_one(&sql::UPDATE_MAINTENANCE, row).await?;
    if let Some(services) = &change.service_ids {
        set_services(&mut tx, id, services).await?;
    }
    note(&mut tx, ctx, actor, "status_maintenance.updated", id).await?;
    tx.commit().await?;
    get(ctx, id).await
}

/// Calls a window off, or ends it early.
pub async fn cancel(ctx: &Ctx, actor: &Actor, id: MaintenanceId) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    lock_live(&mut tx, id, ctx.now()).await?;
    tx.execute_one(&sql::CANCEL_MAINTENANCE, values![id, ctx.now()])
        .await?;
    note(&mut tx, ctx, actor, "status_maintenance.canceled", id).await?;
    tell_subscribers(&mut tx, ctx, step(id, Moment::Canceled)).await?;
    Ok(tx.commit().await?)
}

/// A step of a maintenance, for letters.
pub fn step(maintenance_id: MaintenanceId, moment: Moment) -> Happening {
    Happening::Maintenance {
        maintenance_id,
        moment,
    }
}

/// Beginning and end of a window that is neither over nor called off.
async fn lock_live(tx: &mut Tx, id: MaintenanceId, now: Time) -> Result<(Time, Time), Error> {
    let row = tx.fetch_optional(&sql::LOCK_MAINTENANCE, values![id]).await?;
    let row = row.ok_or_else(Error::not_found)?;
    let (starts_at, ends_at): (Time, Time) = (row.get("starts_at")?, row.get("ends_at")?);
    if row.get::<Option<Time>>("canceled_at")?.is_some() || ends_at <= now {
        return Err(Error::conflict("This maintenance is over and stays as it was."));
    }
    Ok((starts_at, ends_at))
}

async fn set_services(tx: &mut Tx, id: MaintenanceId, services: &[ServiceId]) -> Result<(), Error> {
    events::check_services(tx, services).await?;
    tx.execute(&sql::DELETE_MAINTENANCE_SERVICES, values![id]).await?;
    for service in services {
        tx.execute_one(&sql::INSERT_MAINTENANCE_SERVICE, values![id, *service])
            .await?;
    }
    Ok(())
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    action: &'static str,
    id: MaintenanceId,
) -> Result<(), Error> {
    audit::record(tx, ctx, Some(actor), action, "status_maintenance", id, None).await
}
