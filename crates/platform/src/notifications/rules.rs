//! What an account follows: when something of a kind happens in a workspace, tell me here.
//!
//! Only kinds that every member may know ([`Kind::is_shared`]) can be followed, and only while the account belongs to
//! the workspace. After it fired, a rule keeps quiet for its cooldown.

use chrono::Duration;
use vitrine_db::{Row, Tx, values};
use vitrine_kernel::id::{AccountId, NotificationRuleId, ProjectId, WorkspaceId};
use vitrine_kernel::text::checked_title;
use vitrine_kernel::{Error, Page, Time};

use super::model::{Cadence, Channels, Notice};
use super::{NoticeKinds, drafts, sql};
use crate::web::{Fields, Paging};
use crate::{Actor, Ctx};

/// Rules an account may have.
const MAX_PER_ACCOUNT: i64 = 100;
const COOLDOWN_MAX_MINUTES: u32 = 7 * 24 * 60;
const STATUS_MAX_CHARS: usize = 40;

/// A checked rule without its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub name: String,
    /// Code of a kind.
    pub kind: String,
    pub project_id: Option<ProjectId>,
    pub status: Option<String>,
    pub in_app: bool,
    pub email: bool,
    pub cooldown_minutes: u32,
    pub is_enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub id: NotificationRuleId,
    pub workspace_id: WorkspaceId,
    pub wish: Wish,
    pub last_fired_at: Option<Time>,
    pub fired_count: u32,
    pub created_at: Time,
    pub updated_at: Time,
}

impl Rule {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            workspace_id: row.get("workspace_id")?,
            wish: Wish {
                name: row.get("name")?,
                kind: row.get("kind")?,
                project_id: row.get("project_id")?,
                status: row.get("status")?,
                in_app: row.get("in_app")?,
                email: row.get("email")?,
                cooldown_minutes: row.get("cooldown_minutes")?,
                is_enabled: row.get("is_enabled")?,
            },
            last_fired_at: row.get("last_fired_at")?,
            fired_count: row.get("fired_count")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

/// Fields of a rule as they are sent; what is `None` stays, or is the default of a new one. An inner `None` takes a
/// condition away.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub name: Option<String>,
    pub kind: Option<String>,
    pub project_id: Option<Option<ProjectId>>,
    pub status: Option<Option<String>>,
    pub in_app: Option<bool>,
    pub email: Option<bool>,
    pub cooldown_minutes: Option<u32>,
    pub is_enabled: Option<bool>,
}

impl Draft {
    /// Checks everything together with what stays from before; names every bad field.
    fn over(self, ctx: &Ctx, before: Wish) -> Result<Wish, Error> {
        let mut fields = Fields::new();
        let name = drafts::name(&mut fields, self.name.as_deref(), before.name);
        let kind = self.kind.unwrap_or(before.kind);
        let known = NoticeKinds::of_ctx(ctx)?.get(&kind).filter(|kind| kind.is_shared);
        fields.check(
            known.is_some(),
            "kind",
            "unknown_value",
            "There is no such kind of notification that can be followed.",
        );
        let status = self.status.unwrap_or(before.status);
        fields.check(
            status
                .as_deref()
                .is_none_or(|text| checked_title(text, STATUS_MAX_CHARS).is_some()),
            "status",
            "invalid_length",
            "A state has 1 to 40 characters.",
        );
        let cooldown_minutes = self.cooldown_minutes.unwrap_or(before.cooldown_minutes);
        fields.check(
            cooldown_minutes <= COOLDOWN_MAX_MINUTES,
            "cooldown_minutes",
            "out_of_range",
            "Must be 0 to 10080 (a week).",
        );
        let in_app = self.in_app.unwrap_or(before.in_app);
        let email = self.email.unwrap_or(before.email);
        drafts::channels(&mut fields, in_app, email);
        let (Some(name), true) = (name, fields.is_empty()) else {
            return Err(fields.into_error());
        };
        Ok(Wish {
            name,
            kind,
            project_id: self.project_id.unwrap_or(before.project_id),
            status: status.map(|text| text.trim().to_owned()),
            in_app,
            email,
            cooldown_minutes,
            is_enabled: self.is_enabled.unwrap_or(before.is_enabled),
        })
    }
}

/// What a rule is when nothing else is said: in the app, without a cooldown.
fn blank() -> Wish {
    Wish {
        name: String::new(),
        kind: String::new(),
        project_id: None,
        status: None,
        in_app: true,
        email: false,
        cooldown_minutes: 0,
        is_enabled: true,
    }
}

pub async fn create(ctx: &Ctx, actor: &Actor, draft: Draft) -> Result<Rule, Error> {
    actor.require_session()?;
    let name = draft.name.clone().unwrap_or_default();
    let draft = Draft {
        name: Some(name),
        ..draft
    };
    let wish = draft.over(ctx, blank())?;
    let id: NotificationRuleId = ctx.id();
    let mut tx = ctx.db.begin().await?;
    let count: i64 = tx
        .fetch_one(&sql::COUNT_RULES, values![actor.account_id])
        .await?
        .get("count")?;
    if count >= MAX_PER_ACCOUNT {
        return Err(Error::conflict("There are 100 rules already; delete one first."));
    }
    let row = values![
        id,
        actor.account_id,
        actor.workspace_id,
        &wish.name,
        &wish.kind,
        wish.project_id,
        wish.status,
        wish.in_app,
        wish.email,
        wish.cooldown_minutes,
        wish.is_enabled,
        ctx.now(),
    ];
    tx.execute_one(&sql::INSERT_RULE, row).await?;
    let rule = read(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(rule)
}

async fn read(tx: &mut Tx, actor: &Actor, id: NotificationRuleId) -> Result<Rule, Error> {
    let values = values![id, actor.account_id, actor.workspace_id];
    let row = tx.fetch_optional(&sql::GET_RULE, values).await?;
    Rule::from_row(&row.ok_or_else(Error::not_found)?)
}

pub async fn get(ctx: &Ctx, actor: &Actor, id: NotificationRuleId) -> Result<Rule, Error> {
    let values = values![id, actor.account_id, actor.workspace_id];
    let row = ctx.db.fetch_optional(&sql::GET_RULE, values).await?;
    Rule::from_row(&row.ok_or_else(Error::not_found)?)
}

pub async fn list(ctx: &Ctx, actor: &Actor, paging: &Paging) -> Result<Page<Rule>, Error> {
    let values = values![actor.account_id, actor.workspace_id];
    let (page, rows) = paging.fetch(&ctx.db, &sql::RULES, values).await?.split();
    let items = rows.iter().map(Rule::from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(items))
}

pub async fn update(ctx: &Ctx, actor: &Actor, id: NotificationRuleId, draft: Draft) -> Result<Rule, Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    let wish = draft.over(ctx, read(&mut tx, actor, id).await?.wish)?;
    let row = values![
        id,
        actor.account_id,
        actor.workspace_id,
        &wish.name,
        &wish.kind,
        wish.project_id,
        wish.status,
        wish.in_app,
        wish.email,
        wish.cooldown_minutes,
        wish.is_enabled,
        ctx.now(),
    ];
    tx.execute_one(&sql::UPDATE_RULE, row).await?;
    let rule = read(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(rule)
}

pub async fn delete(ctx: &Ctx, actor: &Actor, id: NotificationRuleId) -> Result<(), Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    let values = values![id, actor.account_id, actor.workspace_id];
    if tx.execute(&sql::DELETE_RULE, values).await? == 0 {
        return Err(Error::not_found());
    }
    Ok(tx.commit().await?)
}

/// Fires every rule that follows this; answers who is to be told where. An account with several such rules is named
/// once, with the channels of all.
pub(super) async fn fire(
    tx: &mut Tx,
    ctx: &Ctx,
    notice: &Notice,
) -> Result<Vec<(AccountId, Channels)>, Error> {
    let mut fired: Vec<(AccountId, Channels)> = Vec::new();
    let Some(workspace) = notice.workspace.filter(|_| notice.kind.is_shared) else {
        return Ok(fired);
    };
    let now = ctx.now();
    let values = values![workspace, notice.kind.code, now, notice.project, notice.status];
    for row in tx.fetch_all(&sql::LIST_FOLLOWING_RULES, values).await? {
        let id: NotificationRuleId = row.get("id")?;
        let ready_at = now + Duration::minutes(row.get("cooldown_minutes")?);
        if tx.execute(&sql::FIRE_RULE, values![id, now, ready_at]).await? == 0 {
            // Fired by another notice at the same moment.
            continue;
        }
        let account: AccountId = row.get("account_id")?;
        let channels = Channels {
            in_app: row.get("in_app")?,
            email: if row.get("email")? {
                Cadence::Instant
            } else {
                Cadence::Off
            },
        };
        match fired.iter_mut().find(|(known, _)| *known == account) {
            Some((_, known)) => *known = known.and(channels),
            None => fired.push((account, channels)),
        }
    }
    Ok(fired)
}
