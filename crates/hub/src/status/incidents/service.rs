//! The verbs of incidents.

use uuid::Uuid;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{IncidentId, ServiceId};
use vitrine_kernel::{Error, Page, Time};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::model::{Incident, IncidentChange, NewIncident};
use super::sql;
use crate::status::events::service::{self as events, NewEvent};
use crate::status::model::{Impact, IncidentState, Source, Status};
use crate::status::subscribers::jobs::{Happening, tell_subscribers};

/// What the list is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct IncidentFilter {
    pub state: Option<IncidentState>,
    pub is_open: Option<bool>,
}

pub async fn list(ctx: &Ctx, filter: IncidentFilter, paging: &Paging) -> Result<Page<Incident>, Error> {
    let open = filter
        .is_open
        .map(|is_open| if is_open { "open" } else { "closed" });
    let values = values![filter.state.map(IncidentState::as_str), open];
    let (page, rows) = paging.fetch(&ctx.db, &sql::INCIDENTS, values).await?.split();
    let mut incidents = Vec::with_capacity(rows.len());
    for row in &rows {
        incidents.push(whole(ctx, sql::incident_from_row(row)?).await?);
    }
    Ok(page.with_items(incidents))
}

/// Those that are open, and those that were resolved since then; newest first.
pub async fn recent(ctx: &Ctx, since: Time) -> Result<Vec<Incident>, Error> {
    let rows = ctx
        .db
        .fetch_all(&sql::LIST_RECENT_INCIDENTS, values![since])
        .await?;
    let mut incidents = Vec::with_capacity(rows.len());
    for row in &rows {
        incidents.push(whole(ctx, sql::incident_from_row(row)?).await?);
    }
    Ok(incidents)
}

pub async fn get(ctx: &Ctx, id: IncidentId) -> Result<Incident, Error> {
    let row = ctx.db.fetch_optional(&sql::GET_INCIDENT, values![id]).await?;
    whole(ctx, sql::incident_from_row(&row.ok_or_else(Error::not_found)?)?).await
}

/// Reads what belongs to an incident.
async fn whole(ctx: &Ctx, mut incident: Incident) -> Result<Incident, Error> {
    let services = ctx
        .db
        .fetch_all(&sql::LIST_INCIDENT_SERVICES, values![incident.id])
        .await?;
    incident.services = services
        .iter()
        .map(sql::affected_from_row)
        .collect::<Result<_, _>>()?;
    let updates = ctx.db.fetch_all(&sql::LIST_UPDATES, values![incident.id]).await?;
    incident.updates = updates
        .iter()
        .map(sql::update_from_row)
        .collect::<Result<_, _>>()?;
    Ok(incident)
}

/// Opens an incident with its first update, and says by its impact how its services are.
pub async fn open(ctx: &Ctx, actor: &Actor, new: NewIncident) -> Result<Incident, Error> {
    let id: IncidentId = ctx.id();
    let now = ctx.now();
    let resolved_at = (new.state == IncidentState::Resolved).then_some(now);
    let mut tx = ctx.db.begin().await?;
    let row = values![
        id,
        &new.title,
        new.impact.as_str(),
        new.state.as_str(),
        now,
        resolved_at
    ];
    tx.execute_one(&sql::INSERT_INCIDENT, row).await?;
    set_services(&mut tx, id, &new.service_ids).await?;
    let update_id = insert_update(&mut tx, ctx, actor, id, new.state, &new.body).await?;
    tell_subscribers(&mut tx, ctx, step(id, update_id)).await?;
    if resolved_at.is_none() {
        tell_services(&mut tx, ctx, actor, id, new.impact).await?;
    }
    note(&mut tx, ctx, actor, "status_incident.created", id).await?;
    tx.commit().await?;
    get(ctx, id).await
}

/// Corrects title, impact or services.
pub async fn update(
    ctx: &Ctx,
    actor: &Actor,
    id: IncidentId,
    change: IncidentChange,
) -> Result<Incident, Error> {
    let mut tx = ctx.db.begin().await?;
    let (impact, state) = lock(&mut tx, id).await?;
    let row = values![id, change.title, change.impact.map(Impact::as_str), ctx.now()];
    tx.execute_one(&sql::UPDATE_INCIDENT, row).await?;
    let is_open = state != IncidentState::Resolved;
    if let Some(services) = &change.service_ids {
        if is_open {
            // Those that are taken out are well again, as far as this incident goes.
            release_services(&mut tx, ctx, actor, id, Some(services)).await?;
        }
        set_services(&mut tx, id, services).await?;
    }
    if is_open && (change.impact.is_some() || change.service_ids.is_some()) {
        tell_services(&mut tx, ctx, actor, id, change.impact.unwrap_or(impact)).await?;
    }
    note(&mut tx, ctx, actor, "status_incident.updated", id).await?;
    tx.commit().await?;
    get(ctx, id).await
}

/// Tells the next step.
pub async fn add_update(
    ctx: &Ctx,
    actor: &Actor,
    id: IncidentId,
    state: IncidentState,
    body: &str,
) -> Result<Incident, Error> {
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    let (impact, before) = lock(&mut tx, id).await?;
    let update_id = insert_update(&mut tx, ctx, actor, id, state, body).await?;
    tell_subscribers(&mut tx, ctx, step(id, update_id)).await?;
    let is_resolved = state == IncidentState::Resolved;
    let row = values![id, state.as_str(), is_resolved.then_some(now), now];
    tx.execute_one(&sql::SET_INCIDENT_STATE, row).await?;
    match (before == IncidentState::Resolved, is_resolved) {
        (false, true) => release_services(&mut tx, ctx, actor, id, None).await?,
        (true, false) => tell_services(&mut tx, ctx, actor, id, impact).await?,
        _ => {}
    }
    note(&mut tx, ctx, actor, "status_incident.told", id).await?;
    tx.commit().await?;
    get(ctx, id).await
}

/// A step of an incident, for letters.
fn step(incident_id: IncidentId, update_id: Uuid) -> Happening {
    Happening::Incident {
        incident_id,
        update_id,
    }
}

async fn lock(tx: &mut Tx, id: IncidentId) -> Result<(Impact, IncidentState), Error> {
    let row = tx.fetch_optional(&sql::LOCK_INCIDENT, values![id]).await?;
    let row = row.ok_or_else(Error::not_found)?;
    Ok((row.parse("impact")?, row.parse("state")?))
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    action: &'static str,
    id: IncidentId,
) -> Result<(), Error> {
    audit::record(tx, ctx, Some(actor), action, "status_incident", id, None).await
}

async fn insert_update(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    id: IncidentId,
    state: IncidentState,
    body: &str,
) -> Result<Uuid, Error> {
    let update: Uuid = ctx.id();
    let row = values![update, id, state.as_str(), body, actor.account_id, ctx.now()];
    tx.execute_one(&sql::INSERT_UPDATE, row).await?;
    Ok(update)
}

/// Replaces the services; an unknown one is a complaint about its place in the list.
async fn set_services(tx: &mut Tx, id: IncidentId, services: &[ServiceId]) -> Result<(), Error> {
    events::check_services(tx, services).await?;
    tx.execute(&sql::DELETE_INCIDENT_SERVICES, values![id]).await?;
    for service in services {
        tx.execute_one(&sql::INSERT_INCIDENT_SERVICE, values![id, *service])
            .await?;
    }
    Ok(())
}

async fn services_of(tx: &mut Tx, id: IncidentId) -> Result<Vec<ServiceId>, Error> {
    let rows = tx.fetch_all(&sql::LIST_INCIDENT_SERVICES, values![id]).await?;
    Ok(rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?)
}

/// Says of every service of an open incident what its impact means, unless that was said by it already.
async fn tell_services(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    id: IncidentId,
    impact: Impact,
) -> Result<(), Error> {
    for service in services_of(tx, id).await? {
        let newest = events::newest(tx, service).await?;
        let is_ours = newest.as_ref().is_some_and(|event| event.incident_id == Some(id));
        let told = newest.map_or(Status::Operational, |event| event.status);
        // An incident without impact says nothing of its own about a service that others speak of.
        if told == impact.status() || (impact == Impact::None && !is_ours) {
            continue;
        }
        tell(tx, ctx, actor, id, service, impact.status()).await?;
    }
    Ok(())
}

/// Services are operational again whose newest event came from this incident; `but` are those that stay touched.
async fn release_services(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    id: IncidentId,
    but: Option<&[ServiceId]>,
) -> Result<(), Error> {
    for service in services_of(tx, id).await? {
        if but.is_some_and(|but| but.contains(&service)) {
            continue;
        }
        let newest = events::newest(tx, service).await?;
        let is_ours =
            newest.is_some_and(|event| event.incident_id == Some(id) && event.status != Status::Operational);
        if is_ours {
            tell(tx, ctx, actor, id, service, Status::Operational).await?;
        }
    }
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    id: IncidentId,
    service_id: ServiceId,
    status: Status,
) -> Result<(), Error> {
    let row = tx.fetch_one(&sql::GET_INCIDENT, values![id]).await?;
    let title: String = row.get("title")?;
    let new = NewEvent {
        service_id,
        status,
        description: &title,
        source: Source::Incident,
        incident_id: Some(id),
        account_id: Some(actor.account_id),
    };
    events::tell(tx, ctx, new).await?;
    Ok(())
}
