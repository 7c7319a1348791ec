//! Vitrine's word about itself: the services `api`, `worker` and `storage`.
//!
//! Workers say every minute that they live and look at storage and at the API; processes that answer requests say every
//! half minute that they live and look at the workers: each watches the other, since nobody can tell of his own death. What
//! surprises people: one bad look tells nothing. An event is written when several in a row agree and it is news; what an
//! operator said meanwhile stays until then. A stretch in which nothing ran at all is told afterwards.

pub mod jobs;
pub mod notices;
pub mod sql;

use async_trait::async_trait;
use chrono::Duration;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::ServiceId;
use vitrine_kernel::{Error, Time};
use vitrine_platform::module::Attendant;
use vitrine_platform::{Ctx, web};

use crate::status::events::service::{self as events, NewEvent};
use crate::status::model::{Source, Status};
use crate::status::sql as status_sql;
use crate::status::subscribers::letters::moment;

/// Looks in a row that must go wrong before it is told.
const FAILURES: i64 = 3;
/// Looks in a row that must go well before that is told.
const SUCCESSES: i64 = 2;
/// A process that answers requests is heard of every half minute.
const API_SILENCE: Duration = Duration::seconds(90);
/// A worker is heard of every minute.
const WORKER_SILENCE: Duration = Duration::seconds(150);
/// A silence of this length, and nobody there to notice it, was an outage.
const GAP: Duration = Duration::minutes(10);

/// A part of Vitrine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Component {
    Api,
    Worker,
    Storage,
}

impl Component {
    const ALL: [Self; 3] = [Self::Api, Self::Worker, Self::Storage];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Worker => "worker",
            Self::Storage => "storage",
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::Api => "The web app and the API",
            Self::Worker => "Staging, letters and other work in the background",
            Self::Storage => "Where pictures are kept",
        }
    }

    const fn bad_news(self) -> &'static str {
        match self {
            Self::Api => "The web app and the API do not answer.",
            Self::Worker => "Work in the background stands still.",
            Self::Storage => "The storage of pictures does not answer.",
        }
    }

    const fn good_news(self) -> &'static str {
        match self {
            Self::Api => "The web app and the API answer again.",
            Self::Worker => "Work in the background goes on.",
            Self::Storage => "The storage of pictures answers again.",
        }
    }
}

/// What was seen of a component.
struct Seen {
    last_seen_at: Option<Time>,
    failures: i64,
    successes: i64,
    is_down: bool,
}

/// Makes Vitrine's own services unless they are there.
pub async fn register(ctx: &Ctx) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    for (position, component) in (0i64..).zip(Component::ALL) {
        let row = values![
            ctx.id::<ServiceId>(),
            component.as_str(),
            component.description(),
            position,
            ctx.now(),
        ];
        tx.execute(&status_sql::INSERT_BUILTIN_SERVICE, row).await?;
        tx.execute(&sql::INSERT_PROBE, values![component.as_str()])
            .await?;
    }
    Ok(tx.commit().await?)
}

/// Says that a component lives. A long silence that nobody noticed becomes an outage afterwards.
pub async fn say_alive(ctx: &Ctx, component: Component) -> Result<(), Error> {
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    let Some(seen) = lock(&mut tx, component).await? else {
        return Ok(());
    };
    if let Some(last) = seen
        .last_seen_at
        .filter(|last| !seen.is_down && now - *last > GAP)
        && let Some(service) = service_of(&mut tx, component).await?
    {
        let newest = events::newest(&mut tx, service).await?;
        let at = newest.map_or(last, |event| {
            last.max(event.created_at + Duration::microseconds(1))
        });
        let text = "Nothing was running.";
        events::insert(&mut tx, ctx, news(service, Status::MajorOutage, text), at).await?;
        let silence = format!(
            "{} {} was not heard of from {} until {}.",
            component.good_news(),
            component.as_str(),
            moment(last),
            moment(now)
        );
        notices::changed(&mut tx, ctx, text, &silence).await?;
        let back = news(service, Status::Operational, component.good_news());
        events::tell(&mut tx, ctx, back).await?;
    }
    tx.execute_one(&sql::SET_SEEN, values![component.as_str(), now])
        .await?;
    Ok(tx.commit().await?)
}

/// When a component last said that it lives.
pub async fn last_seen(ctx: &Ctx, component: Component) -> Result<Option<Time>, Error> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_PROBE, values![component.as_str()])
        .await?;
    Ok(match row {
        Some(row) => row.get("last_seen_at")?,
        None => None,
    })
}

/// Takes one look into account, and tells when it is news.
pub async fn observe(ctx: &Ctx, component: Component, is_good: bool) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let Some(seen) = lock(&mut tx, component).await? else {
        return Ok(());
    };
    let (failures, successes) = if is_good {
        (0, (seen.successes + 1).min(SUCCESSES))
    } else {
        ((seen.failures + 1).min(FAILURES), 0)
    };
    let is_down = if seen.is_down {
        successes < SUCCESSES
    } else {
        failures >= FAILURES
    };
    if is_down != seen.is_down
        && let Some(service) = service_of(&mut tx, component).await?
    {
        let (status, text) = if is_down {
            (Status::MajorOutage, component.bad_news())
        } else {
            (Status::Operational, component.good_news())
        };
        events::tell(&mut tx, ctx, news(service, status, text)).await?;
        notices::changed(&mut tx, ctx, text, "").await?;
    }
    let row = values![component.as_str(), failures, successes, is_down];
    tx.execute_one(&sql::SET_PROBE, row).await?;
    Ok(tx.commit().await?)
}

async fn lock(tx: &mut Tx, component: Component) -> Result<Option<Seen>, Error> {
    let row = tx
        .fetch_optional(&sql::LOCK_PROBE, values![component.as_str()])
        .await?;
    row.map(|row| {
        Ok(Seen {
            last_seen_at: row.get("last_seen_at")?,
            failures: row.get("failures")?,
            successes: row.get("successes")?,
            is_down: row.get("is_down")?,
        })
    })
    .transpose()
}

async fn service_of(tx: &mut Tx, component: Component) -> Result<Option<ServiceId>, Error> {
    let row = tx
        .fetch_optional(&status_sql::GET_BUILTIN_SERVICE, values![component.as_str()])
        .await?;
    Ok(row.map(|row| row.get("id")).transpose()?)
}

fn news(service_id: ServiceId, status: Status, description: &str) -> NewEvent<'_> {
    NewEvent {
        service_id,
        status,
        description,
        source: Source::Probe,
        incident_id: None,
        account_id: None,
    }
}

/// Registers the services at the start, and looks after them in a process that answers requests.
#[derive(Debug, Clone, Copy)]
pub struct HealthWatch;

#[async_trait]
impl Attendant for HealthWatch {
    async fn start(&self, ctx: &Ctx) -> Result<(), Error> {
        register(ctx).await
    }

    async fn attend(&self, ctx: &Ctx) -> Result<(), Error> {
        // Storage has a service of its own; everything else that `/ready` asks is the API's.
        let parts = web::check_parts(ctx).await;
        if parts.iter().all(|(name, is_good)| *is_good || *name == "storage") {
            say_alive(ctx, Component::Api).await?;
        }
        match last_seen(ctx, Component::Worker).await? {
            Some(at) => observe(ctx, Component::Worker, ctx.now() - at <= WORKER_SILENCE).await,
            None => Ok(()),
        }
    }
}
