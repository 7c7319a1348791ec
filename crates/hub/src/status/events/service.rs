//! The verbs of events.

use chrono::Duration;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AccountId, IncidentId, ServiceId, StatusEventId};
use vitrine_kernel::{Error, Page, Time};
use vitrine_platform::web::{Fields, Paging};
use vitrine_platform::{Actor, Ctx, audit};

use crate::status::model::{Event, Source, Status, unknown_service};
use crate::status::sql;

/// What the list is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventFilter {
    pub service_id: Option<ServiceId>,
    pub status: Option<Status>,
    pub incident_id: Option<IncidentId>,
}

/// What is told of a service.
#[derive(Debug)]
pub struct NewEvent<'a> {
    pub service_id: ServiceId,
    pub status: Status,
    pub description: &'a str,
    pub source: Source,
    pub incident_id: Option<IncidentId>,
    pub account_id: Option<AccountId>,
}

pub async fn list(ctx: &Ctx, filter: EventFilter, paging: &Paging) -> Result<Page<Event>, Error> {
    let values = values![
        filter.service_id,
        filter.status.map(Status::as_str),
        filter.incident_id
    ];
    let (page, rows) = paging.fetch(&ctx.db, &sql::EVENTS, values).await?.split();
    let events = rows.iter().map(sql::event_from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(events))
}

pub async fn get(ctx: &Ctx, id: StatusEventId) -> Result<Event, Error> {
    let row = ctx.db.fetch_optional(&sql::GET_EVENT, values![id]).await?;
    Ok(sql::event_from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// An operator says how a service is.
pub async fn create(
    ctx: &Ctx,
    actor: &Actor,
    service_id: ServiceId,
    status: Status,
    description: &str,
) -> Result<Event, Error> {
    let mut tx = ctx.db.begin().await?;
    let new = NewEvent {
        service_id,
        status,
        description,
        source: Source::Operator,
        incident_id: None,
        account_id: Some(actor.account_id),
    };
    let id = tell(&mut tx, ctx, new)
        .await?
        .ok_or_else(|| unknown_service("service_id"))?;
    let details = serde_json::json!({ "service_id": service_id, "status": status });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "status_event.created",
        "status_event",
        id,
        Some(details),
    )
    .await?;
    tx.commit().await?;
    get(ctx, id).await
}

/// Stores an event; `None` when there is no such service. Its time is after that of every earlier event of the service, so
/// that the newest one is never in doubt.
pub async fn tell(tx: &mut Tx, ctx: &Ctx, new: NewEvent<'_>) -> Result<Option<StatusEventId>, Error> {
    if tx
        .fetch_optional(&sql::LOCK_SERVICE, values![new.service_id])
        .await?
        .is_none()
    {
        return Ok(None);
    }
    let last = newest(tx, new.service_id).await?.map(|event| event.created_at);
    let at = match last {
        Some(last) => ctx.now().max(last + Duration::microseconds(1)),
        None => ctx.now(),
    };
    insert(tx, ctx, new, at).await.map(Some)
}

/// The newest event of a service that says how it is.
pub async fn newest(tx: &mut Tx, service: ServiceId) -> Result<Option<Event>, Error> {
    let row = tx
        .fetch_optional(&sql::GET_NEWEST_EVENT, values![service])
        .await?;
    Ok(row.as_ref().map(sql::event_from_row).transpose()?)
}

/// Stores an event of a service that is there, at a moment of its own.
pub async fn insert(tx: &mut Tx, ctx: &Ctx, new: NewEvent<'_>, at: Time) -> Result<StatusEventId, Error> {
    let id: StatusEventId = ctx.id();
    let row = values![
        id,
        new.service_id,
        new.status.as_str(),
        new.description,
        new.source.as_str(),
        new.incident_id,
        new.account_id,
        at,
    ];
    tx.execute_one(&sql::INSERT_EVENT, row).await?;
    Ok(id)
}

/// Services named inside a body; an unknown one is a complaint about its place in the list.
pub async fn check_services(tx: &mut Tx, services: &[ServiceId]) -> Result<(), Error> {
    let mut fields = Fields::new();
    for (index, service) in services.iter().enumerate() {
        let found = tx.fetch_optional(&sql::LOCK_SERVICE, values![*service]).await?;
        let field = format!("service_ids[{index}]");
        fields.check(found.is_some(), field, "unknown", "There is no such service.");
    }
    fields.finish()
}
