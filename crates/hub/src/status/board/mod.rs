//! The whole picture: every service with its state and its last 90 days, incidents, maintenance.

pub mod routes;

use std::collections::HashMap;

use chrono::Duration;
use vitrine_db::values;
use vitrine_kernel::id::ServiceId;
use vitrine_kernel::{Error, Time};
use vitrine_platform::Ctx;

use super::incidents::{self, model::Incident};
use super::maintenance::{self, model::Maintenance};
use super::model::{Service, Status};
use super::sql;
use super::uptime::{self, Change, History, Window};

/// Days for which what is over stays on the page.
pub const RECENT_DAYS: i64 = 14;

/// A service as it is at this moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub service: Service,
    pub status: Status,
    pub history: History,
}

/// Everything on the status page.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// The worst of all services.
    pub status: Status,
    pub services: Vec<Seen>,
    /// Open ones, and those that were resolved of late; newest first.
    pub incidents: Vec<Incident>,
    /// Planned, open, and over of late; the next one first.
    pub maintenance: Vec<Maintenance>,
    /// When the newest of it happened.
    pub updated_at: Time,
}

/// Reads everything.
pub async fn load(ctx: &Ctx) -> Result<Board, Error> {
    let now = ctx.now();
    let since = now - Duration::days(RECENT_DAYS);
    let rows = ctx.db.fetch_all(&sql::LIST_ALL_SERVICES, Vec::new()).await?;
    let services = rows.iter().map(sql::service_from_row).collect::<Result<_, _>>()?;
    let services = see(ctx, services).await?;
    let incidents = incidents::service::recent(ctx, since).await?;
    let maintenance = maintenance::service::recent(ctx, since).await?;
    let last = ctx.db.fetch_one(&sql::GET_LAST_EVENT_TIME, Vec::new()).await?;
    let mut moments: Vec<Time> = last.get::<Option<Time>>("at")?.into_iter().collect();
    moments.extend(services.iter().map(|seen| seen.service.updated_at));
    moments.extend(incidents.iter().map(|incident| incident.updated_at));
    for window in &maintenance {
        moments.extend([window.updated_at, window.starts_at, window.ends_at]);
    }
    let updated_at = moments.into_iter().filter(|at| *at <= now).max();
    Ok(Board {
        status: services
            .iter()
            .map(|seen| seen.status)
            .max()
            .unwrap_or(Status::Operational),
        services,
        incidents,
        maintenance,
        // Nothing has happened on an instance without services.
        updated_at: updated_at.unwrap_or(Time::UNIX_EPOCH),
    })
}

/// How services are at this moment, and their last 90 days.
pub async fn see(ctx: &Ctx, services: Vec<Service>) -> Result<Vec<Seen>, Error> {
    let now = ctx.now();
    let start = uptime::beginning(now);
    let mut before: HashMap<ServiceId, Status> = HashMap::new();
    for row in &ctx.db.fetch_all(&sql::LIST_STATES_AT, values![start]).await? {
        if row.get::<Option<String>>("status")?.is_some() {
            before.insert(row.get("id")?, row.parse("status")?);
        }
    }
    let mut changes: HashMap<ServiceId, Vec<Change>> = HashMap::new();
    for row in &ctx.db.fetch_all(&sql::LIST_CHANGES_SINCE, values![start]).await? {
        changes.entry(row.get("service_id")?).or_default().push(Change {
            at: row.get("created_at")?,
            status: row.parse("status")?,
        });
    }
    let mut windows: HashMap<ServiceId, Vec<Window>> = HashMap::new();
    let rows = ctx
        .db
        .fetch_all(&maintenance::sql::LIST_WINDOWS, values![start, now])
        .await?;
    for row in &rows {
        let ends_at: Time = row.get("ends_at")?;
        let canceled_at: Option<Time> = row.get("canceled_at")?;
        windows.entry(row.get("service_id")?).or_default().push(Window {
            from: row.get("starts_at")?,
            to: canceled_at.map_or(ends_at, |at| at.min(ends_at)),
        });
    }
    let none = (Vec::new(), Vec::new());
    Ok(services
        .into_iter()
        .map(|service| {
            let changes = changes.get(&service.id).unwrap_or(&none.0);
            let windows = windows.get(&service.id).unwrap_or(&none.1);
            let before = before.get(&service.id).copied().unwrap_or(Status::Operational);
            let is_planned = windows.iter().any(|window| window.from <= now && now < window.to);
            let status = if is_planned {
                service.told.max(Status::Maintenance)
            } else {
                service.told
            };
            Seen {
                history: uptime::history(service.created_at, before, changes, windows, now),
                status,
                service,
            }
        })
        .collect())
}
