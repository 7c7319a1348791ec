//! Which account somebody of the issuer has here; it is made on first sight.

use std::net::IpAddr;

use chrono::Duration;
use serde_json::json;
use vitrine_db::{Row, Tx, values};
use vitrine_kernel::id::{AccountId, IdentityId, SessionId};
use vitrine_kernel::text::{Email, checked_title};
use vitrine_kernel::{Error, ErrorCode, Time};

use super::super::links::{self, Purpose};
use super::super::model::{Account, Device};
use super::super::{lock, mfa, service, sessions, sql as accounts_sql, token as tokens, verification};
use super::issuer::{Oidc, outside};
use super::sql;
use super::token::{self, Claims};
use crate::Ctx;
use crate::audit::{self, Entry};

const NAME_MAX_CHARS: usize = 100;

/// Tokens say nothing of a use more often than this.
const TOUCH_AFTER: Duration = Duration::minutes(10);

/// Account and session behind a foreign bearer token; `None` when it is none of the issuer's tokens.
///
/// The tokens of one person share a session, so that they can be seen and ended like every other device: once that
/// session was revoked, tokens issued before open nothing.
pub async fn session_of_bearer(
    ctx: &Ctx,
    access_token: &str,
    ip: Option<IpAddr>,
) -> Result<Option<(AccountId, SessionId)>, Error> {
    let Some(oidc) = ctx.extension::<Oidc>() else {
        return Ok(None);
    };
    let Some(audience) = oidc.settings().audience.as_deref() else {
        return Ok(None);
    };
    if !token::is_foreign(access_token) {
        return Ok(None);
    }
    let claims = token::check(ctx, oidc, access_token, audience).await?;
    let who = values![&claims.iss, &claims.sub];
    let present = ctx.db.fetch_optional(&sql::GET_IDENTITY_SESSION, who).await?;
    if present.is_none() {
        refuse_unlinked(ctx, &claims).await?;
        let told = with_address(ctx, oidc, claims.clone(), Some(access_token)).await?;
        account_of(ctx, &told, ip).await?;
    }
    let device = Device {
        ip,
        user_agent: None,
        label: Some(format!("Tokens of {}", oidc.host())),
    };
    session_of(ctx, &claims, present, &device).await.map(Some)
}

async fn session_of(
    ctx: &Ctx,
    claims: &Claims,
    present: Option<Row>,
    device: &Device,
) -> Result<(AccountId, SessionId), Error> {
    let row = match present {
        Some(row) => row,
        None => {
            let who = values![&claims.iss, &claims.sub];
            ctx.db.fetch_one(&sql::GET_IDENTITY_SESSION, who).await?
        }
    };
    let account_id: AccountId = row.get("account_id")?;
    let present: Option<SessionId> = row.get("session_id")?;
    let revoked_at: Option<Time> = row.get("revoked_at")?;
    let expires_at: Option<Time> = row.get("expires_at")?;
    let tokens_after = revoked_at.or(row.get("tokens_after")?);
    if tokens_after.is_some_and(|time| !claims.is_issued_after(time)) {
        return Err(tokens::unauthorized().with_context("the session of these tokens was revoked"));
    }
    let is_live = revoked_at.is_none() && expires_at.is_some_and(|expires_at| expires_at > ctx.now());
    if let (Some(id), true) = (present, is_live) {
        let last_used_at: Option<Time> = row.get("last_used_at")?;
        if last_used_at.is_some_and(|at| ctx.now() - at >= TOUCH_AFTER) {
            sessions::touch(ctx, id, device).await?;
        }
        return Ok((account_id, id));
    }
    let mut tx = ctx.db.begin().await?;
    let id = sessions::insert(&mut tx, ctx, account_id, device).await?;
    let values = values![&claims.iss, &claims.sub, id, present, tokens_after];
    if tx.execute(&sql::SET_IDENTITY_SESSION, values).await? > 0 {
        tx.commit().await?;
        return Ok((account_id, id));
    }
    // A parallel request opened one.
    drop(tx);
    let who = values![&claims.iss, &claims.sub];
    let row = ctx.db.fetch_one(&sql::GET_IDENTITY_SESSION, who).await?;
    let id: Option<SessionId> = row.get("session_id")?;
    Ok((account_id, id.ok_or_else(tokens::unauthorized)?))
}

/// Tokens do not link again what its owner took away; signing in there by hand does.
async fn refuse_unlinked(ctx: &Ctx, claims: &Claims) -> Result<(), Error> {
    let who = values![&claims.iss, &claims.sub];
    match ctx.db.fetch_optional(&sql::IS_UNLINKED, who).await? {
        Some(_) => Err(tokens::unauthorized().with_context("this identity was unlinked")),
        None => Ok(()),
    }
}

async fn known(ctx: &Ctx, claims: &Claims) -> Result<Option<AccountId>, Error> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_IDENTITY, values![&claims.iss, &claims.sub])
        .await?;
    Ok(row.map(|row| row.get("account_id")).transpose()?)
}

/// Adds the address from the userinfo endpoint, where the token does not tell it.
pub async fn with_address(
    ctx: &Ctx,
    oidc: &Oidc,
    claims: Claims,
    access_token: Option<&str>,
) -> Result<Claims, Error> {
    if claims.email.is_some() {
        return Ok(claims);
    }
    let endpoint = oidc.discovery(ctx).await?.userinfo_endpoint;
    let (Some(endpoint), Some(access_token)) = (endpoint, access_token) else {
        return Ok(claims);
    };
    let answer = oidc
        .http()
        .userinfo(&endpoint, access_token)
        .await
        .map_err(outside)?;
    let told: Claims = serde_json::from_value(answer).map_err(|error| {
        tokens::unauthorized()
            .with_context("userinfo cannot be read")
            .with_source(error)
    })?;
    // Somebody else's answer (OpenID Connect Core, section 5.3.2).
    if told.sub != claims.sub {
        return Err(tokens::unauthorized().with_context("userinfo is about somebody else"));
    }
    Ok(Claims {
        email: told.email,
        email_verified: told.email_verified,
        name: claims.name.or(told.name),
        ..claims
    })
}

/// The account of checked claims: known, joined by a vouched-for address, or new.
pub async fn account_of(ctx: &Ctx, claims: &Claims, ip: Option<IpAddr>) -> Result<Account, Error> {
    if let Some(id) = known(ctx, claims).await? {
        let row = ctx.db.fetch_one(&accounts_sql::GET_ACCOUNT, values![id]).await?;
        return Ok(Account::from_row(&row)?);
    }
    let Some(email) = claims.email.as_deref().and_then(Email::parse) else {
        return Err(Error::forbidden(
            "The sign-in service tells no e-mail address of you, and an account needs one.",
        ));
    };
    let mut tx = ctx.db.begin().await?;
    let there = tx
        .fetch_optional(&accounts_sql::GET_CREDENTIALS, values![email.key()])
        .await?;
    let account = match there {
        Some(row) => {
            let account = Account::from_row(&row)?;
            join(&mut tx, ctx, &account, claims, ip).await?;
            account
        }
        None => make(&mut tx, ctx, &email, claims, ip).await?,
    };
    let id: IdentityId = ctx.id();
    let row = values![&claims.iss, &claims.sub, account.id, ctx.now(), id];
    if tx.execute(&sql::INSERT_IDENTITY, row).await? == 0 {
        return Err(Error::conflict("A parallel sign-in was faster. Try again."));
    }
    tx.commit().await?;
    Ok(account)
}

/// Joins an account that has the address already.
async fn join(
    tx: &mut Tx,
    ctx: &Ctx,
    account: &Account,
    claims: &Claims,
    ip: Option<IpAddr>,
) -> Result<(), Error> {
    if !claims.is_email_verified() {
        return Err(Error::new(
            ErrorCode::Conflict,
            "There is an account with this e-mail address, and the sign-in service does not vouch that it is yours. \
             Sign in with the password instead.",
        ));
    }
    let was_proven = account.email_verified_at.is_some();
    if !was_proven {
        // Whoever made it never showed to own the address; they must not share it with the owner now.
        let id = account.id;
        tx.execute(&sql::FORGET_PASSWORD, values![id, ctx.now()]).await?;
        tx.execute(&sql::FORGET_PASSKEYS, values![id]).await?;
        mfa::forget(tx, id).await?;
        links::end(tx, ctx, Purpose::ResetPassword, id).await?;
        tx.execute(&accounts_sql::REVOKE_SESSIONS, values![id, ctx.now()])
            .await?;
        tx.execute(&accounts_sql::VERIFY_ACCOUNT, values![id, ctx.now()])
            .await?;
        lock::clear(tx, &account.email.to_lowercase()).await?;
    }
    let details = json!({ "issuer": claims.iss, "was_proven": was_proven });
    let entry = Entry {
        action: "account.linked",
        object_type: "account",
        object_id: account.id.to_string(),
        workspace_id: None,
        account_id: Some(account.id),
        ip,
        details: Some(&details),
    };
    audit::write(tx, ctx, entry).await
}

async fn make(
    tx: &mut Tx,
    ctx: &Ctx,
    email: &Email,
    claims: &Claims,
    ip: Option<IpAddr>,
) -> Result<Account, Error> {
    let local_part = email.as_str().split('@').next().unwrap_or_default();
    let full_name = claims
        .name
        .as_deref()
        .and_then(|name| checked_title(name, NAME_MAX_CHARS))
        .or_else(|| checked_title(local_part, NAME_MAX_CHARS))
        .unwrap_or_else(|| "Somebody".to_owned());
    let account = Account {
        id: ctx.id(),
        email: email.as_str().to_owned(),
        full_name,
        is_operator: false,
        email_verified_at: claims.is_email_verified().then(|| ctx.now()),
        created_at: ctx.now(),
        deletion_at: None,
    };
    let row = values![
        account.id,
        email.as_str(),
        email.key(),
        &account.full_name,
        account.email_verified_at,
        ctx.now(),
    ];
    match tx.execute_one(&sql::INSERT_OIDC_ACCOUNT, row).await {
        Err(error) if error.is_unique("accounts_email_key") => {
            return Err(Error::conflict("A parallel sign-in was faster. Try again."));
        }
        other => other?,
    }
    service::settle_in(tx, ctx, &account, ip).await?;
    if account.email_verified_at.is_none() {
        verification::send_link(tx, ctx, &account).await?;
    }
    Ok(account)
}
