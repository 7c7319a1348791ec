//! Telling accounts, and what they do with what they were told.

use chrono::Duration;
use serde_json::json;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AccountId, NotificationId};
use vitrine_kernel::{Error, Page, Time};

use super::kinds::NoticeKinds;
use super::model::{Channels, Notice, Notification};
use super::{Cadence, letters, preferences, rules, sql};
use crate::events;
use crate::web::Paging;
use crate::{Actor, Ctx};

/// How long a group takes in more of its kind.
const GROUP_HOURS: i64 = 12;
/// The letter of a group waits for more this long after each, and in all.
const GROUP_WAIT: Duration = Duration::minutes(2);
const GROUP_WAIT_MAX: Duration = Duration::minutes(15);

/// Tells an account something, in the transaction that makes it true: a row in the app, an event to its streams, and a
/// letter, each as the account wishes. Members who follow it with a rule are told as well. With the same once-key it
/// is told only once.
pub async fn notify(tx: &mut Tx, ctx: &Ctx, notice: Notice) -> Result<(), Error> {
    let mut channels = channels_for(tx, &notice).await?;
    for (account, wanted) in rules::fire(tx, ctx, &notice).await? {
        if account == notice.account {
            channels = channels.and(wanted);
        } else {
            tell(tx, ctx, &notice, account, wanted).await?;
        }
    }
    tell(tx, ctx, &notice, notice.account, channels).await
}

/// Tells it in the app alone, if the account wants the kind there at all: for what has a letter of its own.
pub async fn show(tx: &mut Tx, ctx: &Ctx, notice: Notice) -> Result<(), Error> {
    let channels = Channels {
        email: Cadence::Off,
        ..channels_for(tx, &notice).await?
    };
    tell(tx, ctx, &notice, notice.account, channels).await
}

/// Where its account is to be told: nowhere when it is gone, or has left the workspace where it happened.
async fn channels_for(tx: &mut Tx, notice: &Notice) -> Result<Channels, Error> {
    let values = values![notice.account, notice.workspace];
    if !tx.fetch_one(&sql::MAY_BE_TOLD, values).await?.get("is_so")? {
        return Ok(Channels::SILENT);
    }
    preferences::channels_of(tx, notice.account, notice.kind).await
}

/// Stores and publishes a notice for one account, and queues or times its letter.
pub(super) async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    notice: &Notice,
    account: AccountId,
    channels: Channels,
) -> Result<(), Error> {
    if channels.is_silent() {
        return Ok(());
    }
    if let Some(once) = &notice.once {
        let row = tx.fetch_one(&sql::WAS_TOLD, values![account, once]).await?;
        if row.get("is_so")? {
            return Ok(());
        }
    }
    if join_group(tx, ctx, notice, account).await? {
        return Ok(());
    }
    let now = ctx.now();
    let id: NotificationId = ctx.id();
    let due_at = match channels.email {
        Cadence::Off => None,
        Cadence::Instant if notice.group.is_some() => Some(now + GROUP_WAIT),
        Cadence::Instant => None,
        Cadence::Daily | Cadence::Weekly => letters::next_digest(tx, ctx, account, channels.email).await?,
    };
    let is_mailed_now = channels.email == Cadence::Instant && due_at.is_none();
    let row = values![
        id,
        account,
        notice.workspace,
        notice.kind.code,
        &notice.title,
        &notice.body,
        notice.link.as_deref(),
        notice.group.as_ref().map(|group| group.key.as_str()),
        notice.once.as_deref(),
        channels.in_app,
        now,
        channels.email.as_str(),
        due_at,
        is_mailed_now.then_some(now),
    ];
    if tx.execute(&sql::INSERT_NOTIFICATION, row).await? == 0 {
        // Told by somebody else at the same moment.
        return Ok(());
    }
    if is_mailed_now {
        letters::queue_one(tx, ctx, notice, account).await?;
    }
    if channels.in_app {
        publish(
            tx,
            ctx,
            account,
            id,
            notice.kind.code,
            &notice.title,
            notice.link.as_deref(),
        )
        .await?;
    }
    Ok(())
}

/// Adds the notice to the unread row of its group, if there is one.
async fn join_group(tx: &mut Tx, ctx: &Ctx, notice: &Notice, account: AccountId) -> Result<bool, Error> {
    let (Some(group), Some(title_of_many)) = (&notice.group, notice.kind.title_of_many) else {
        return Ok(false);
    };
    let now = ctx.now();
    let oldest = now - Duration::hours(GROUP_HOURS);
    let values = values![account, notice.kind.code, &group.key, oldest, now];
    let Some(row) = tx.fetch_optional(&sql::JOIN_GROUP, values).await? else {
        return Ok(false);
    };
    let id: NotificationId = row.get("id")?;
    let title = title_of_many(row.get("count")?);
    let created_at: Time = row.get("created_at")?;
    let due_at = row
        .get::<Option<Time>>("mail_due_at")?
        .map(|due| due.max((now + GROUP_WAIT).min(created_at + GROUP_WAIT_MAX)));
    let values = values![id, &title, group.link.as_deref(), due_at];
    tx.execute_one(&sql::SET_GROUP_TEXT, values).await?;
    if row.get("is_shown")? {
        let link = group.link.as_deref().or(notice.link.as_deref());
        publish(tx, ctx, account, id, notice.kind.code, &title, link).await?;
    }
    Ok(true)
}

/// Tells the account's streams that there is something new; what is unread they ask for.
async fn publish(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    id: NotificationId,
    kind: &str,
    title: &str,
    link: Option<&str>,
) -> Result<(), Error> {
    let payload = json!({ "id": id, "kind": kind, "title": title, "link": link });
    events::publish_to_account(tx, ctx, account, "notification", &payload).await
}

/// What the list of notifications is narrowed to.
#[derive(Debug, Default)]
pub struct NotificationFilter {
    pub is_unread: Option<bool>,
    pub kind: Option<String>,
}

pub async fn list(
    ctx: &Ctx,
    actor: &Actor,
    filter: NotificationFilter,
    paging: &Paging,
) -> Result<Page<Notification>, Error> {
    if let Some(kind) = &filter.kind {
        NoticeKinds::require(ctx, kind, "kind")?;
    }
    let values = values![actor.account_id, filter.is_unread, filter.kind];
    let (page, rows) = paging.fetch(&ctx.db, &sql::NOTIFICATIONS, values).await?.split();
    let items = rows
        .iter()
        .map(Notification::from_row)
        .collect::<Result<_, _>>()?;
    Ok(page.with_items(items))
}

pub async fn get(ctx: &Ctx, actor: &Actor, id: NotificationId) -> Result<Notification, Error> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_NOTIFICATION, values![id, actor.account_id])
        .await?;
    Ok(Notification::from_row(&row.ok_or_else(Error::not_found)?)?)
}

pub async fn count_unread(ctx: &Ctx, actor: &Actor) -> Result<u32, Error> {
    let row = ctx
        .db
        .fetch_one(&sql::COUNT_UNREAD, values![actor.account_id])
        .await?;
    Ok(row.get("count")?)
}

/// Marks one as read; one that was read stays as it is.
pub async fn read(ctx: &Ctx, actor: &Actor, id: NotificationId) -> Result<Notification, Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    let row = tx
        .fetch_optional(&sql::READ_NOTIFICATION, values![id, actor.account_id, ctx.now()])
        .await?
        .ok_or_else(Error::not_found)?;
    let notification = Notification::from_row(&row)?;
    tell_read(&mut tx, ctx, actor).await?;
    tx.commit().await?;
    Ok(notification)
}

/// Marks everything as read; answers how many were not.
pub async fn read_all(ctx: &Ctx, actor: &Actor) -> Result<u64, Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    let read = tx
        .execute(&sql::READ_ALL, values![actor.account_id, ctx.now()])
        .await?;
    tell_read(&mut tx, ctx, actor).await?;
    tx.commit().await?;
    Ok(read)
}

/// The person's other windows count anew.
async fn tell_read(tx: &mut Tx, ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    events::publish_to_account(tx, ctx, actor.account_id, "notifications_read", &json!({})).await
}
