//! Sessions: opened by signing in, kept alive by rotating refresh tokens, ended by revoking.

pub mod routes;

use chrono::Duration;
use serde_json::json;
use vitrine_db::{Tx, Value, values};
use vitrine_kernel::id::{AccountId, SessionId};
use vitrine_kernel::{Error, ErrorCode, Page, Secret, Time};

use super::model::{Account, Device, Session, SignedIn, checked_label};
use super::{Actor, mfa, oidc, passkeys, sql, token};
use crate::Ctx;
use crate::audit::{self, Entry};
use crate::notifications::news;
use crate::web::Paging;

fn expiry(now: Time) -> Time {
    now + Duration::days(token::REFRESH_DAYS)
}

/// Opens a session for an account whose credentials were checked.
pub(super) async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    account: Account,
    device: &Device,
) -> Result<SignedIn, Error> {
    news::signed_in(tx, ctx, account.id, device.user_agent.as_deref(), device.ip).await?;
    let session_id = insert(tx, ctx, account.id, device).await?;
    hand_out(tx, ctx, account, session_id).await
}

/// The session alone, without tokens of ours.
pub(super) async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    account_id: AccountId,
    device: &Device,
) -> Result<SessionId, Error> {
    let row = tx.fetch_one(&sql::IS_DISABLED, values![account_id]).await?;
    if row.get::<bool>("is_so")? {
        return Err(Error::forbidden(
            "This account is closed. Ask the operator of this instance.",
        ));
    }
    let session_id: SessionId = ctx.id();
    let now = ctx.now();
    let row = values![
        session_id,
        account_id,
        device.label.as_deref(),
        device.user_agent.as_deref(),
        device.ip.map(|ip| ip.to_string()),
        now,
        expiry(now),
    ];
    tx.execute_one(&sql::INSERT_SESSION, row).await?;
    write_audit(tx, ctx, "session.opened", session_id, account_id, device).await?;
    Ok(session_id)
}

/// Notes that a session was used; it lives on from now.
pub(super) async fn touch(ctx: &Ctx, id: SessionId, device: &Device) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    tx.fetch_optional(&sql::TOUCH_SESSION, touched(ctx, id, device))
        .await?;
    Ok(tx.commit().await?)
}

fn touched(ctx: &Ctx, id: SessionId, device: &Device) -> Vec<Value> {
    let now = ctx.now();
    values![
        id,
        now,
        expiry(now),
        device.user_agent.as_deref(),
        device.ip.map(|ip| ip.to_string()),
    ]
}

async fn write_audit(
    tx: &mut Tx,
    ctx: &Ctx,
    action: &'static str,
    session_id: SessionId,
    account_id: AccountId,
    device: &Device,
) -> Result<(), Error> {
    audit::write(
        tx,
        ctx,
        Entry {
            action,
            object_type: "session",
            object_id: session_id.to_string(),
            workspace_id: None,
            account_id: Some(account_id),
            ip: device.ip,
            details: None,
        },
    )
    .await
}

/// A new pair of tokens for a live session.
async fn hand_out(
    tx: &mut Tx,
    ctx: &Ctx,
    account: Account,
    session_id: SessionId,
) -> Result<SignedIn, Error> {
    let refresh_token = new_refresh_token(tx, ctx, session_id).await?;
    let access_token = token::sign_access(ctx, account.id, session_id)?;
    Ok(SignedIn {
        account,
        session_id,
        access_token,
        refresh_token,
    })
}

async fn new_refresh_token(tx: &mut Tx, ctx: &Ctx, session_id: SessionId) -> Result<Secret<String>, Error> {
    let refresh_token = token::random(ctx);
    let now = ctx.now();
    let row = values![token::hash(refresh_token.expose()), session_id, now, expiry(now)];
    tx.execute_one(&sql::INSERT_REFRESH_TOKEN, row).await?;
    Ok(refresh_token)
}

/// Trades a refresh token for a new pair. The old one dies; when it comes back, its whole family does, unless it
/// comes back so soon that it is a race and not a theft.
pub async fn refresh(ctx: &Ctx, refresh_token: &str, device: &Device) -> Result<SignedIn, Error> {
    let hash = token::hash(refresh_token);
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    let Some(row) = tx
        .fetch_optional(&sql::ROTATE_REFRESH_TOKEN, values![&hash[..], now])
        .await?
    else {
        return Err(refuse(tx, ctx, &hash, device).await?);
    };
    let session_id: SessionId = row.get("session_id")?;
    let touched = touched(ctx, session_id, device);
    let Some(row) = tx.fetch_optional(&sql::TOUCH_SESSION, touched).await? else {
        return Err(session_ended());
    };
    let account = tx
        .fetch_one(&sql::GET_ACCOUNT, values![row.get::<AccountId>("account_id")?])
        .await?;
    let signed_in = hand_out(&mut tx, ctx, Account::from_row(&account)?, session_id).await?;
    tx.commit().await?;
    Ok(signed_in)
}

fn session_ended() -> Error {
    Error::new(ErrorCode::Unauthorized, "This session has ended. Sign in again.")
}

/// Why a refresh token was not taken; ends the family of one that was used before.
async fn refuse(mut tx: Tx, ctx: &Ctx, hash: &[u8], device: &Device) -> Result<Error, Error> {
    let Some(row) = tx.fetch_optional(&sql::GET_REFRESH_TOKEN, values![hash]).await? else {
        return Ok(session_ended());
    };
    let Some(rotated_at) = row.get::<Option<Time>>("rotated_at")? else {
        return Ok(session_ended());
    };
    let is_revoked = row.get::<Option<Time>>("revoked_at")?.is_some();
    if ctx.now() - rotated_at < token::ROTATION_GRACE {
        return Ok(match is_revoked {
            true => session_ended(),
            false => Error::conflict(
                "This token was just used by a parallel request; use the pair that one received.",
            ),
        });
    }
    let (session_id, account_id): (SessionId, AccountId) = (row.get("session_id")?, row.get("account_id")?);
    if tx
        .execute(&sql::REVOKE_SESSION, values![session_id, account_id, ctx.now()])
        .await?
        > 0
    {
        write_audit(
            &mut tx,
            ctx,
            "session.token_reused",
            session_id,
            account_id,
            device,
        )
        .await?;
    }
    tx.commit().await?;
    let detail = "An old token of this session was used again, so the session was ended. Sign in again.";
    Ok(Error::new(ErrorCode::TokenReused, detail))
}

/// Ends the session a refresh token belongs to; an unknown token is nothing to end.
pub async fn end_by_refresh_token(ctx: &Ctx, refresh_token: &str, device: &Device) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let hash = token::hash(refresh_token);
    let Some(row) = tx.fetch_optional(&sql::GET_REFRESH_TOKEN, values![hash]).await? else {
        return Ok(());
    };
    let (session_id, account_id): (SessionId, AccountId) = (row.get("session_id")?, row.get("account_id")?);
    if tx
        .execute(&sql::REVOKE_SESSION, values![session_id, account_id, ctx.now()])
        .await?
        > 0
    {
        write_audit(&mut tx, ctx, "session.ended", session_id, account_id, device).await?;
    }
    Ok(tx.commit().await?)
}

/// Live sessions of the actor.
pub async fn list(ctx: &Ctx, actor: &Actor, paging: &Paging) -> Result<Page<Session>, Error> {
    let values = values![actor.account_id, ctx.now()];
    let (page, rows) = paging.fetch(&ctx.db, &sql::LIST_SESSIONS, values).await?.split();
    let sessions: Vec<Session> = rows.iter().map(Session::from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(sessions))
}

/// Names the device of a session; `None` takes the name away.
pub async fn label(ctx: &Ctx, actor: &Actor, id: SessionId, label: Option<&str>) -> Result<Session, Error> {
    let label = checked_label(label)?;
    let mut tx = ctx.db.begin().await?;
    let values = values![id, actor.account_id, label, ctx.now()];
    let row = tx
        .fetch_optional(&sql::LABEL_SESSION, values)
        .await?
        .ok_or_else(Error::not_found)?;
    let session = Session::from_row(&row)?;
    tx.commit().await?;
    Ok(session)
}

/// Ends a session of the actor. One that has ended already is fine, somebody else's is not there.
pub async fn revoke(ctx: &Ctx, actor: &Actor, id: SessionId) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    if tx
        .execute(&sql::REVOKE_SESSION, values![id, actor.account_id, ctx.now()])
        .await?
        == 0
    {
        let known = tx
            .fetch_optional(&sql::IS_SESSION_OF, values![id, actor.account_id])
            .await?;
        return known.map(|_| ()).ok_or_else(Error::not_found);
    }
    audit::record(&mut tx, ctx, Some(actor), "session.revoked", "session", id, None).await?;
    Ok(tx.commit().await?)
}

/// Ends every session of the actor but this one; answers how many.
pub async fn revoke_others(ctx: &Ctx, actor: &Actor) -> Result<u64, Error> {
    let this = actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    let values = values![actor.account_id, this, ctx.now()];
    let revoked = tx.execute(&sql::REVOKE_OTHER_SESSIONS, values).await?;
    let details = json!({ "revoked": revoked });
    let action = "session.others_revoked";
    audit::record(&mut tx, ctx, Some(actor), action, "session", this, Some(details)).await?;
    tx.commit().await?;
    Ok(revoked)
}

/// Ends every session of the actor, this one too.
pub async fn revoke_all(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    tx.execute(&sql::REVOKE_SESSIONS, values![actor.account_id, ctx.now()])
        .await?;
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "session.all_revoked",
        "account",
        actor.account_id,
        None,
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Deletes what no longer opens anything: tokens and sessions past their end, old wrong passwords.
pub async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    tx.execute(&sql::PURGE_REFRESH_TOKENS, values![now]).await?;
    tx.execute(&sql::PURGE_SESSIONS, values![now]).await?;
    tx.execute(&sql::PURGE_ACCOUNT_TOKENS, values![now - Duration::days(7)])
        .await?;
    mfa::purge(&mut tx, ctx).await?;
    passkeys::purge(&mut tx, ctx).await?;
    oidc::purge(&mut tx, ctx).await?;
    tx.execute(&sql::PURGE_FAILURES, values![now - Duration::days(1)])
        .await?;
    Ok(tx.commit().await?)
}
