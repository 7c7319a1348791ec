//! Letters of the status page.

use async_trait::async_trait;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{IncidentId, MaintenanceId, SubscriberId};
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, ErrorCode, Time};
use vitrine_platform::jobs::{self, Job, JobError, JobRun, Priority};
use vitrine_platform::mail::{self, Letter, Outgoing};
use vitrine_platform::{Ctx, accounts};

use super::letters::{self, Moment};
use super::{service, sql};
use crate::status::{incidents, maintenance};

/// Letters of one kind to one address within an hour.
const LETTERS_PER_HOUR: i64 = 5;
/// How long the link to confirm works.
const CONFIRM_HOURS: i64 = 48;
/// Days for which it is known who got which letter.
const KEPT_DAYS: i64 = 30;

/// Sends the letter with the link to confirm, if the address is not confirmed already.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendConfirmation {
    pub email: String,
    /// Of the request, so that a second run sends nothing.
    pub request_id: Uuid,
}

#[async_trait]
impl Job for SendConfirmation {
    const KIND: &'static str = "hub.send_status_confirmation";
    const PRIORITY: Priority = Priority::Urgent;

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        const KIND: &str = "status_confirmation";
        let Some(email) = Email::parse(&self.email) else {
            return Ok(());
        };
        let now = ctx.now();
        let mut tx = ctx.db.begin().await?;
        let new = values![ctx.id::<SubscriberId>(), email.as_str(), email.key(), now];
        tx.execute(&sql::INSERT_SUBSCRIBER, new).await?;
        let row = tx
            .fetch_one(&sql::GET_SUBSCRIBER_BY_KEY, values![email.key()])
            .await?;
        let is_confirmed = row.get::<Option<Time>>("confirmed_at")?.is_some();
        let is_answered = row.get::<Option<Uuid>>("confirm_request_id")? == Some(self.request_id);
        let recent = mail::sent_since(&mut tx, &email, KIND, now - Duration::hours(1)).await?;
        if is_confirmed || is_answered || recent >= LETTERS_PER_HOUR {
            return Ok(tx.commit().await?);
        }
        let token = accounts::random_token(ctx);
        let confirmation = values![
            row.get::<SubscriberId>("id")?,
            accounts::token_hash(token.expose()),
            now + Duration::hours(CONFIRM_HOURS),
            self.request_id,
        ];
        tx.execute_one(&sql::SET_CONFIRMATION, confirmation).await?;
        let outgoing = Outgoing {
            to: &email,
            account_id: None,
            kind: KIND,
            letter: letters::confirmation(ctx, token.expose()),
        };
        mail::queue(&mut tx, ctx, outgoing).await?;
        Ok(tx.commit().await?)
    }
}

/// What subscribers are told of.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Happening {
    Incident {
        incident_id: IncidentId,
        update_id: Uuid,
    },
    Maintenance {
        maintenance_id: MaintenanceId,
        moment: Moment,
    },
}

/// Tells every subscriber of something. Each letter is noted in the transaction that queues it, so that neither a second
/// run nor a second worker sends it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TellSubscribers {
    pub happening: Happening,
    /// Of the happening; the same for every run.
    pub happening_id: Uuid,
    /// When it happened; who subscribed later is not told.
    pub at: Time,
}

/// Queues the letters about something in the transaction that makes it happen.
pub async fn tell_subscribers(tx: &mut Tx, ctx: &Ctx, happening: Happening) -> Result<(), Error> {
    let job = TellSubscribers {
        happening,
        happening_id: ctx.id(),
        at: ctx.now(),
    };
    jobs::enqueue(tx, ctx, None, &job).await?;
    Ok(())
}

#[async_trait]
impl Job for TellSubscribers {
    const KIND: &'static str = "hub.tell_subscribers";

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let Some((kind, letter)) = self.letter(ctx).await? else {
            return Ok(());
        };
        let mut last = SubscriberId(Uuid::nil());
        loop {
            let rows = ctx
                .db
                .fetch_all(&sql::LIST_SUBSCRIBERS, values![last, self.at])
                .await?;
            let Some(row) = rows.last() else {
                return Ok(());
            };
            last = row.get("id")?;
            let mut tx = ctx.db.begin().await?;
            for row in &rows {
                let id: SubscriberId = row.get("id")?;
                let mark = values![self.happening_id, id, ctx.now()];
                let is_new = tx.execute(&sql::MARK_LETTER, mark).await? > 0;
                let Some(email) = Email::parse(&row.get::<String>("email")?).filter(|_| is_new) else {
                    continue;
                };
                let letter = Letter {
                    unsubscribe_url: Some(service::unsubscribe_url(ctx, id)?),
                    ..letter.clone()
                };
                let outgoing = Outgoing {
                    to: &email,
                    account_id: None,
                    kind,
                    letter,
                };
                mail::queue(&mut tx, ctx, outgoing).await?;
            }
            tx.commit().await?;
        }
    }
}

impl TellSubscribers {
    /// `None` when what it is about is gone.
    async fn letter(&self, ctx: &Ctx) -> Result<Option<(&'static str, Letter)>, Error> {
        let found = match self.happening {
            Happening::Incident {
                incident_id,
                update_id,
            } => incidents::service::get(ctx, incident_id)
                .await
                .map(|incident| letters::incident(ctx, &incident, update_id))
                .map(|letter| letter.map(|letter| ("status_incident", letter))),
            Happening::Maintenance {
                maintenance_id,
                moment,
            } => maintenance::service::get(ctx, maintenance_id)
                .await
                .map(|found| Some(("status_maintenance", letters::maintenance(ctx, &found, moment)))),
        };
        match found {
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            other => other,
        }
    }
}

/// Forgets who got which letter, and addresses that were never confirmed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeSubscribers {}

#[async_trait]
impl Job for PurgeSubscribers {
    const KIND: &'static str = "hub.purge_subscribers";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let now = ctx.now();
        let mut tx = ctx.db.begin().await?;
        tx.execute(&sql::PURGE_LETTERS, values![now - Duration::days(KEPT_DAYS)])
            .await?;
        let unconfirmed = values![now - Duration::hours(CONFIRM_HOURS), now];
        tx.execute(&sql::PURGE_UNCONFIRMED, unconfirmed).await?;
        Ok(tx.commit().await?)
    }
}
