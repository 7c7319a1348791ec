//! The verbs of operators on accounts.

use vitrine_db::{DbError, Row, Tx, values};
use vitrine_kernel::id::AccountId;
use vitrine_kernel::{Error, Page, Time};

use crate::accounts::{self, lock};
use crate::admin::{pattern, sql};
use crate::web::Paging;
use crate::{Actor, Ctx, audit, mail};

/// An account as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: AccountId,
    pub email: String,
    pub full_name: String,
    pub is_operator: bool,
    pub email_verified_at: Option<Time>,
    pub disabled_at: Option<Time>,
    /// End of the lock after wrong passwords, if one is on.
    pub locked_until: Option<Time>,
    pub session_count: i64,
    pub last_used_at: Option<Time>,
    pub created_at: Time,
}

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    pub search: Option<String>,
    pub is_operator: Option<bool>,
    pub is_disabled: Option<bool>,
}

/// What to change; what is `None` stays as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct UserChange {
    pub is_disabled: Option<bool>,
    pub is_operator: Option<bool>,
    pub verify: bool,
    pub unlock: bool,
}

impl User {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            full_name: row.get("full_name")?,
            is_operator: row.get("is_operator")?,
            email_verified_at: row.get("email_verified_at")?,
            disabled_at: row.get("disabled_at")?,
            locked_until: None,
            session_count: row.get("session_count")?,
            last_used_at: row.get("last_used_at")?,
            created_at: row.get("created_at")?,
        })
    }
}

pub async fn list(ctx: &Ctx, filter: UserFilter, paging: &Paging) -> Result<Page<User>, Error> {
    let values = values![
        ctx.now(),
        filter.search.as_deref().map(pattern),
        filter.is_operator,
        filter.is_disabled,
    ];
    let (page, rows) = paging.fetch(&ctx.db, &sql::USERS, values).await?.split();
    let mut users = Vec::with_capacity(rows.len());
    for row in &rows {
        users.push(with_lock(ctx, User::from_row(row)?).await?);
    }
    Ok(page.with_items(users))
}

pub async fn get(ctx: &Ctx, id: AccountId) -> Result<User, Error> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_USER, values![ctx.now(), id])
        .await?;
    with_lock(ctx, User::from_row(&row.ok_or_else(Error::not_found)?)?).await
}

async fn with_lock(ctx: &Ctx, mut user: User) -> Result<User, Error> {
    user.locked_until = lock::until(ctx, &user.email.to_lowercase()).await?;
    Ok(user)
}

/// Closes or opens an account, makes somebody an operator or takes that back, verifies an address, ends a lock.
pub async fn update(ctx: &Ctx, actor: &Actor, id: AccountId, change: UserChange) -> Result<User, Error> {
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    let row = tx.fetch_optional(&sql::GET_USER, values![now, id]).await?;
    let user = User::from_row(&row.ok_or_else(Error::not_found)?)?;
    let takes_away = change.is_disabled == Some(true) || change.is_operator == Some(false);
    if id == actor.account_id && takes_away {
        return Err(Error::conflict(
            "You cannot close your own account here or give your own role away. Another operator can.",
        ));
    }
    if let Some(is_disabled) = change.is_disabled.filter(|to| *to != user.disabled_at.is_some()) {
        let at = is_disabled.then_some(now);
        tx.execute_one(&sql::SET_DISABLED, values![id, at, now]).await?;
        if is_disabled {
            tx.execute(&accounts::sql::REVOKE_SESSIONS, values![id, now])
                .await?;
        }
        let action = if is_disabled {
            "account.disabled"
        } else {
            "account.enabled"
        };
        note(&mut tx, ctx, actor, action, id).await?;
    }
    if let Some(is_operator) = change.is_operator.filter(|to| *to != user.is_operator) {
        tx.execute_one(&sql::SET_OPERATOR, values![id, is_operator, now])
            .await?;
        let action = if is_operator {
            "account.promoted"
        } else {
            "account.demoted"
        };
        note(&mut tx, ctx, actor, action, id).await?;
    }
    if change.verify && user.email_verified_at.is_none() {
        tx.execute_one(&accounts::sql::VERIFY_ACCOUNT, values![id, now])
            .await?;
        mail::allow_again(&mut tx, &user.email.to_lowercase()).await?;
        note(&mut tx, ctx, actor, "account.email_verified", id).await?;
    }
    if change.unlock {
        lock::clear(&mut tx, &user.email.to_lowercase()).await?;
        note(&mut tx, ctx, actor, "account.unlocked", id).await?;
    }
    tx.commit().await?;
    get(ctx, id).await
}

/// Ends every session of an account; how many there were.
pub async fn sign_out(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<u64, Error> {
    get(ctx, id).await?;
    let mut tx = ctx.db.begin().await?;
    let ended = tx
        .execute(&accounts::sql::REVOKE_SESSIONS, values![id, ctx.now()])
        .await?;
    note(&mut tx, ctx, actor, "account.signed_out", id).await?;
    tx.commit().await?;
    Ok(ended)
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    action: &'static str,
    id: AccountId,
) -> Result<(), Error> {
    audit::record(tx, ctx, Some(actor), action, "account", id, None).await
}
