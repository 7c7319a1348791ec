//! Notifications by the clock: an account's reminders and summaries.
//!
//! ```text
//! due ──(claim, notice, letter, next moment: one transaction)──► waiting ──► due …
//! ```
//!
//! A claim is a compare-and-set of the next moment, in the transaction that tells. Whoever dies in between has done
//! nothing; of two workers one finds the moment unchanged.

use serde::{Deserialize, Serialize};
use vitrine_db::{Row, Tx, values};
use vitrine_kernel::id::{AccountId, NotificationScheduleId};
use vitrine_kernel::{Error, Page, Time};

use super::clockwork::{self, Rhythm, Unit, Weekday, words};
use super::kinds::SCHEDULE;
use super::model::{Cadence, Channels, Notice};
use super::{drafts, service, sql};
use crate::web::{Fields, Paging};
use crate::{Actor, Ctx};

/// Schedules an account may have.
const MAX_PER_ACCOUNT: i64 = 50;
const MESSAGE_MAX_CHARS: usize = 500;

/// What a schedule tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleKind {
    /// Its message.
    Reminder,
    /// How much happened since it last ran, by kind of notification.
    Summary,
}

words! { ScheduleKind { Reminder "reminder", Summary "summary" } }

/// A checked schedule without its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub name: String,
    pub kind: ScheduleKind,
    pub message: String,
    pub rhythm: Rhythm,
    pub in_app: bool,
    pub email: bool,
    pub is_enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub id: NotificationScheduleId,
    pub plan: Plan,
    pub next_run_at: Option<Time>,
    pub last_run_at: Option<Time>,
    pub run_count: u32,
    pub created_at: Time,
    pub updated_at: Time,
}

impl Schedule {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let next_run_at: Option<Time> = row.get("next_run_at")?;
        Ok(Self {
            id: row.get("id")?,
            plan: Plan {
                name: row.get("name")?,
                kind: row.parse("kind")?,
                message: row.get("message")?,
                rhythm: Rhythm {
                    unit: row.parse("unit")?,
                    every: row.get("every")?,
                    at_minute: row.get("at_minute")?,
                    weekday: row.parse("weekday")?,
                    timezone: row.get("timezone")?,
                },
                in_app: row.get("in_app")?,
                email: row.get("email")?,
                is_enabled: next_run_at.is_some(),
            },
            next_run_at,
            last_run_at: row.get("last_run_at")?,
            run_count: row.get("run_count")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

/// Fields of a schedule as they are sent; what is `None` stays, or is the default of a new one.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub name: Option<String>,
    pub kind: Option<ScheduleKind>,
    pub message: Option<String>,
    pub unit: Option<Unit>,
    pub every: Option<u32>,
    /// `HH:MM`
    pub at: Option<String>,
    pub weekday: Option<Weekday>,
    pub timezone: Option<String>,
    pub in_app: Option<bool>,
    pub email: Option<bool>,
    pub is_enabled: Option<bool>,
}

/// `HH:MM` as minutes after midnight.
fn minute_of(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, below: u32| {
        let is_two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>()
            .ok()
            .filter(|number| is_two_digits && *number < below)
    };
    Some(number(hour, 24)? * 60 + number(minute, 60)?)
}

impl Draft {
    /// Checks everything together with what stays from before; names every bad field.
    fn over(self, before: Plan) -> Result<Plan, Error> {
        let mut fields = Fields::new();
        let name = drafts::name(&mut fields, self.name.as_deref(), before.name);
        let kind = self.kind.unwrap_or(before.kind);
        let message = self.message.map_or(before.message, |text| text.trim().to_owned());
        fields.check(
            message.chars().count() <= MESSAGE_MAX_CHARS
                && !message.chars().any(|c| c.is_control() && c != '\n'),
            "message",
            "invalid_length",
            "A message has at most 500 characters and no control characters other than line breaks.",
        );
        fields.check(
            kind != ScheduleKind::Reminder || !message.is_empty(),
            "message",
            "required",
            "Say what to be reminded of.",
        );
        let unit = self.unit.unwrap_or(before.rhythm.unit);
        let every = self.every.unwrap_or(before.rhythm.every);
        let most = match unit {
            Unit::Hours => 24 * 31,
            Unit::Days => 366,
            Unit::Weeks => 52,
        };
        fields.check(
            (1..=most).contains(&every),
            "every",
            "out_of_range",
            format!("Must be 1 to {most} {}.", unit.as_str()),
        );
        let at_minute = match self.at.as_deref() {
            None => Some(before.rhythm.at_minute),
            Some(text) => fields.require(minute_of(text), "at", "invalid", "Must be a time such as 08:30."),
        };
        let timezone = self.timezone.unwrap_or(before.rhythm.timezone);
        fields.check(
            clockwork::zone(&timezone).is_some(),
            "timezone",
            "unknown_value",
            "Must be a time zone such as Europe/Berlin.",
        );
        let in_app = self.in_app.unwrap_or(before.in_app);
        let email = self.email.unwrap_or(before.email);
        drafts::channels(&mut fields, in_app, email);
        let (Some(name), Some(at_minute), true) = (name, at_minute, fields.is_empty()) else {
            return Err(fields.into_error());
        };
        Ok(Plan {
            name,
            kind,
            message,
            rhythm: Rhythm {
                unit,
                every,
                at_minute,
                weekday: self.weekday.unwrap_or(before.rhythm.weekday),
                timezone,
            },
            in_app,
            email,
            is_enabled: self.is_enabled.unwrap_or(before.is_enabled),
        })
    }

    /// What a schedule is when nothing else is said: every day at eight UTC, in the app.
    fn blank() -> Plan {
        Plan {
            name: String::new(),
            kind: ScheduleKind::Reminder,
            message: String::new(),
            rhythm: Rhythm {
                unit: Unit::Days,
                every: 1,
                at_minute: 8 * 60,
                weekday: Weekday::Monday,
                timezone: "UTC".to_owned(),
            },
            in_app: true,
            email: false,
            is_enabled: true,
        }
    }
}

pub async fn create(ctx: &Ctx, actor: &Actor, draft: Draft) -> Result<Schedule, Error> {
    actor.require_session()?;
    let name = draft.name.clone().unwrap_or_default();
    let plan = Draft {
        name: Some(name),
        ..draft
    }
    .over(Draft::blank())?;
    let id: NotificationScheduleId = ctx.id();
    let mut tx = ctx.db.begin().await?;
    let count: i64 = tx
        .fetch_one(&sql::COUNT_SCHEDULES, values![actor.account_id])
        .await?
        .get("count")?;
    if count >= MAX_PER_ACCOUNT {
        return Err(Error::conflict(
            "There are 50 schedules already; delete one first.",
        ));
    }
    let now = ctx.now();
    let rhythm = &plan.rhythm;
    let row = values![
        id,
        actor.account_id,
        &plan.name,
        plan.kind.as_str(),
        &plan.message,
        rhythm.unit.as_str(),
        rhythm.every,
        rhythm.at_minute,
        rhythm.weekday.as_str(),
        &rhythm.timezone,
        plan.in_app,
        plan.email,
        plan.is_enabled.then(|| rhythm.first(now)),
        now,
    ];
    tx.execute_one(&sql::INSERT_SCHEDULE, row).await?;
    let schedule = read(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(schedule)
}

async fn read(tx: &mut Tx, actor: &Actor, id: NotificationScheduleId) -> Result<Schedule, Error> {
    let row = tx
        .fetch_optional(&sql::GET_SCHEDULE, values![id, actor.account_id])
        .await?;
    Schedule::from_row(&row.ok_or_else(Error::not_found)?)
}

pub async fn get(ctx: &Ctx, actor: &Actor, id: NotificationScheduleId) -> Result<Schedule, Error> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_SCHEDULE, values![id, actor.account_id])
        .await?;
    Schedule::from_row(&row.ok_or_else(Error::not_found)?)
}

pub async fn list(ctx: &Ctx, actor: &Actor, paging: &Paging) -> Result<Page<Schedule>, Error> {
    let page = paging
        .fetch(&ctx.db, &sql::SCHEDULES, values![actor.account_id])
        .await?;
    let (page, rows) = page.split();
    let items = rows.iter().map(Schedule::from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(items))
}

/// Changes what is given. A new rhythm, or going on after a pause, counts from now.
pub async fn update(
    ctx: &Ctx,
    actor: &Actor,
    id: NotificationScheduleId,
    draft: Draft,
) -> Result<Schedule, Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    let before = read(&mut tx, actor, id).await?;
    let plan = draft.over(before.plan.clone())?;
    let now = ctx.now();
    let next_run_at = match before.next_run_at {
        _ if !plan.is_enabled => None,
        Some(next) if plan.rhythm == before.plan.rhythm => Some(next),
        _ => Some(plan.rhythm.first(now)),
    };
    let rhythm = &plan.rhythm;
    let row = values![
        id,
        actor.account_id,
        &plan.name,
        plan.kind.as_str(),
        &plan.message,
        rhythm.unit.as_str(),
        rhythm.every,
        rhythm.at_minute,
        rhythm.weekday.as_str(),
        &rhythm.timezone,
        plan.in_app,
        plan.email,
        next_run_at,
        now,
    ];
    tx.execute_one(&sql::UPDATE_SCHEDULE, row).await?;
    let schedule = read(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(schedule)
}

pub async fn delete(ctx: &Ctx, actor: &Actor, id: NotificationScheduleId) -> Result<(), Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    if tx
        .execute(&sql::DELETE_SCHEDULE, values![id, actor.account_id])
        .await?
        == 0
    {
        return Err(Error::not_found());
    }
    Ok(tx.commit().await?)
}

/// Claims a due schedule and tells; `false` when somebody else did.
pub(super) async fn run_one(ctx: &Ctx, row: &Row) -> Result<bool, Error> {
    let schedule = Schedule::from_row(row)?;
    let account: AccountId = row.get("account_id")?;
    let Some(due_at) = schedule.next_run_at else {
        return Ok(false);
    };
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    let next = schedule.plan.rhythm.next(due_at, now);
    let values = values![schedule.id, due_at, next, now];
    if tx.execute(&sql::CLAIM_SCHEDULE, values).await? == 0 {
        return Ok(false);
    }
    let since = schedule.last_run_at.unwrap_or(schedule.created_at);
    let body = match schedule.plan.kind {
        ScheduleKind::Reminder => schedule.plan.message.clone(),
        ScheduleKind::Summary => summary(&mut tx, ctx, account, since).await?,
    };
    let notice = Notice {
        body,
        link: Some("/notifications".to_owned()),
        once: Some(format!("schedule:{}:{}", schedule.id, due_at.timestamp())),
        ..Notice::new(account, &SCHEDULE, schedule.plan.name.clone())
    };
    let channels = Channels {
        in_app: schedule.plan.in_app,
        email: if schedule.plan.email {
            Cadence::Instant
        } else {
            Cadence::Off
        },
    };
    service::tell(&mut tx, ctx, &notice, account, channels).await?;
    tx.commit().await?;
    Ok(true)
}

/// What an account was told since then, counted by kind.
async fn summary(tx: &mut Tx, ctx: &Ctx, account: AccountId, since: Time) -> Result<String, Error> {
    let kinds = super::NoticeKinds::of_ctx(ctx)?;
    let mut lines = Vec::new();
    for row in tx
        .fetch_all(&sql::COUNT_BY_KIND, values![account, since, SCHEDULE.code])
        .await?
    {
        let code: String = row.get("kind")?;
        let title = kinds.get(&code).map_or(code.as_str(), |kind| kind.title);
        lines.push(format!("{title}: {}", row.get::<i64>("count")?));
    }
    Ok(match lines.is_empty() {
        true => "Nothing happened since the last time.".to_owned(),
        false => lines.join("\n"),
    })
}

#[cfg(test)]
mod tests {
    use super::minute_of;

    #[test]
    fn times_of_day_have_two_digits_each() {
        assert_eq!(minute_of("08:30"), Some(510));
        assert_eq!(minute_of("23:59"), Some(1439));
        for text in ["8:30", "24:00", "08:60", "0830", "08:3", "+8:30", ""] {
            assert_eq!(minute_of(text), None, "{text}");
        }
    }
}
