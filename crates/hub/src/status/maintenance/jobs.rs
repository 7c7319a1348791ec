//! Noting that windows began and ended. Nothing depends on it: windows count by their own times.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::{MaintenanceId, ServiceId};
use vitrine_platform::Ctx;
use vitrine_platform::jobs::{Job, JobError, JobRun, Priority};

use super::model::Maintenance;
use super::{service, sql};
use crate::status::events::service::{self as events, NewEvent};
use crate::status::model::{Source, Status};
use crate::status::subscribers::jobs::tell_subscribers;
use crate::status::subscribers::letters::Moment;

/// Writes the events of windows whose beginning or end has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TellMaintenance {}

#[async_trait]
impl Job for TellMaintenance {
    const KIND: &'static str = "hub.tell_maintenance";
    const PRIORITY: Priority = Priority::Normal;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let rows = ctx.db.fetch_all(&sql::LIST_UNTOLD, values![ctx.now()]).await?;
        for row in &rows {
            tell(ctx, row.get("id")?).await?;
        }
        Ok(())
    }
}

async fn tell(ctx: &Ctx, id: MaintenanceId) -> Result<(), Error> {
    let maintenance = service::get(ctx, id).await?;
    let mut tx = ctx.db.begin().await?;
    if tx.execute(&sql::MARK_BEGUN, values![id, ctx.now()]).await? > 0 {
        for affected in &maintenance.services {
            note(&mut tx, ctx, &maintenance, affected.id, true).await?;
        }
        if maintenance.canceled_at.is_none() {
            tell_subscribers(&mut tx, ctx, service::step(id, Moment::Begun)).await?;
        }
    }
    if tx.execute(&sql::MARK_ENDED, values![id, ctx.now()]).await? > 0 {
        for affected in &maintenance.services {
            note(&mut tx, ctx, &maintenance, affected.id, false).await?;
        }
        // That it was called off was told when it was.
        if maintenance.canceled_at.is_none() {
            tell_subscribers(&mut tx, ctx, service::step(id, Moment::Ended)).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// One event for a service, at the moment at which the window began or ended.
async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    maintenance: &Maintenance,
    service_id: ServiceId,
    begins: bool,
) -> Result<(), Error> {
    let (status, at) = if begins {
        (Status::Maintenance, maintenance.starts_at)
    } else {
        let newest = events::newest(tx, service_id).await?;
        let end = maintenance.canceled_at.unwrap_or(maintenance.ends_at);
        (
            newest.map_or(Status::Operational, |event| event.status),
            end.min(maintenance.ends_at),
        )
    };
    let new = NewEvent {
        service_id,
        status,
        description: &maintenance.title,
        source: Source::Maintenance,
        incident_id: None,
        account_id: None,
    };
    events::insert(tx, ctx, new, at).await?;
    Ok(())
}
