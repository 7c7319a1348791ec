//! Signing up, signing in, and who a request comes from.

use std::net::IpAddr;

use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AccountId, WorkspaceId};
use vitrine_kernel::{Error, ErrorCode};

use super::model::{Account, Device, NewAccount, SignedIn, checked_label};
use super::{Actor, Credential, lock, mfa, oidc, password, sessions, sql, token, verification};
use crate::audit::{self, Entry};
use crate::billing::UNLIMITED;
use crate::limits::{self, Tier};
use crate::workspaces::{self, Membership};
use crate::{Ctx, api_keys};

/// Makes an account with its personal workspace and signs it in.
pub async fn register(ctx: &Ctx, new: NewAccount, device: Device) -> Result<SignedIn, Error> {
    let hash = password::hash(ctx, new.password.clone()).await?;
    let mut tx = ctx.db.begin().await?;
    let account = insert_account(&mut tx, ctx, &new, hash, false, device.ip)
        .await?
        .account;
    verification::send_link(&mut tx, ctx, &account).await?;
    let signed_in = sessions::open(&mut tx, ctx, account, &device).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// An account that was just made.
pub(super) struct Made {
    pub account: Account,
    pub workspace_id: WorkspaceId,
}

pub(super) async fn insert_account(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &NewAccount,
    hash: String,
    is_operator: bool,
    ip: Option<IpAddr>,
) -> Result<Made, Error> {
    let now = ctx.now();
    let id: AccountId = ctx.id();
    let email_verified_at = is_operator.then_some(now);
    let row = values![
        id,
        new.email.as_str(),
        new.email.key(),
        &new.full_name,
        hash,
        is_operator,
        email_verified_at,
        now,
    ];
    match tx.execute_one(&sql::INSERT_ACCOUNT, row).await {
        Err(error) if error.is_unique("accounts_email_key") => {
            return Err(Error::conflict(
                "There is an account with this e-mail address already. Sign in instead.",
            ));
        }
        other => other?,
    }
    let account = Account {
        id,
        email: new.email.as_str().to_owned(),
        full_name: new.full_name.clone(),
        is_operator,
        email_verified_at,
        deletion_at: None,
        created_at: now,
    };
    let workspace_id = settle_in(tx, ctx, &account, ip).await?;
    Ok(Made {
        account,
        workspace_id,
    })
}

/// Gives a new account its personal workspace, and notes that it was made.
pub(super) async fn settle_in(
    tx: &mut Tx,
    ctx: &Ctx,
    account: &Account,
    ip: Option<IpAddr>,
) -> Result<WorkspaceId, Error> {
    let plan = if account.is_operator {
        UNLIMITED
    } else {
        ctx.settings.default_plan.as_str()
    };
    let workspace_id =
        workspaces::service::create_personal(tx, ctx, account.id, &account.full_name, plan).await?;
    audit::write(
        tx,
        ctx,
        Entry {
            action: "account.created",
            object_type: "account",
            object_id: account.id.to_string(),
            workspace_id: Some(workspace_id),
            account_id: Some(account.id),
            ip,
            details: None,
        },
    )
    .await?;
    Ok(workspace_id)
}

/// Signs in with e-mail and password. An unknown address and a wrong password give the same answer in the same time.
pub async fn login(ctx: &Ctx, email: &str, password: &str, mut device: Device) -> Result<SignedIn, Error> {
    device.label = checked_label(device.label.as_deref())?;
    // An address longer than any stored one is kept short enough to count its tries.
    let key: String = email.trim().to_lowercase().chars().take(254).collect();
    let address = limits::origin_key(device.ip);
    limits::require(ctx, Tier::AuthEmail, &format!("{address} {key}")).await?;
    lock::check_early(ctx, &key).await?;
    let row = ctx
        .db
        .fetch_optional(&sql::GET_CREDENTIALS, values![&key])
        .await?;
    let (account, hash) = match &row {
        Some(row) => (
            Some(Account::from_row(row)?),
            row.get::<Option<String>>("password_hash")?,
        ),
        None => (None, None),
    };
    let is_right = password::verify(hash, password).await?;
    let mut tx = ctx.db.begin().await?;
    // Tries that ran side by side may have locked it meanwhile.
    lock::check(&mut tx, ctx, &key).await?;
    let Some(account) = account.filter(|_| is_right) else {
        let account_id = row.map(|row| row.get::<AccountId>("id")).transpose()?;
        refuse_login(&mut tx, ctx, &key, account_id, device.ip).await?;
        tx.commit().await?;
        return Err(Error::new(
            ErrorCode::InvalidCredentials,
            "The e-mail address or the password is wrong.",
        ));
    };
    if mfa::is_on(&mut tx, account.id).await? {
        let needed = mfa::ask(&mut tx, ctx, account.id, &device).await?;
        tx.commit().await?;
        return Err(needed);
    }
    lock::clear(&mut tx, &key).await?;
    let signed_in = sessions::open(&mut tx, ctx, account, &device).await?;
    tx.commit().await?;
    Ok(signed_in)
}

async fn refuse_login(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &str,
    account_id: Option<AccountId>,
    ip: Option<IpAddr>,
) -> Result<(), Error> {
    lock::record_failure(tx, ctx, key).await?;
    let object_id = account_id.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
    audit::write(
        tx,
        ctx,
        Entry {
            action: "session.refused",
            object_type: "account",
            object_id,
            workspace_id: None,
            account_id,
            ip,
            details: None,
        },
    )
    .await
}

/// Who sent an access token or an API key, for which of their workspaces (their personal one unless one is named).
pub async fn authenticate(
    ctx: &Ctx,
    access_token: &str,
    workspace: Option<WorkspaceId>,
    ip: Option<IpAddr>,
) -> Result<Actor, Error> {
    if api_keys::is_key(access_token) {
        return api_keys::service::authenticate(ctx, access_token, workspace, ip).await;
    }
    let (account_id, session_id) = match oidc::session_of_bearer(ctx, access_token, ip).await? {
        Some(foreign) => foreign,
        None => token::read_access(ctx, access_token)?,
    };
    let row = match workspace {
        Some(workspace) => {
            let values = values![session_id, account_id, ctx.now(), workspace];
            ctx.db.fetch_optional(&sql::GET_ACTOR, values).await?
        }
        None => {
            let values = values![session_id, account_id, ctx.now()];
            ctx.db
                .fetch_optional(&sql::GET_ACTOR_IN_PERSONAL_WORKSPACE, values)
                .await?
        }
    };
    let row = row.ok_or_else(token::unauthorized)?;
    let workspace_id = row
        .get::<Option<WorkspaceId>>("workspace_id")?
        .ok_or_else(Error::not_found)?;
    Ok(Actor {
        account_id,
        credential: Credential::Session(session_id),
        workspace_id,
        role: row.parse("role")?,
        plan: row.get("plan")?,
        is_operator: row.get("is_operator")?,
        is_verified: row.get("is_verified")?,
        is_leaving: row.get("is_leaving")?,
        ip,
    })
}

/// The account itself and the workspaces it belongs to.
pub async fn me(ctx: &Ctx, actor: &Actor) -> Result<(Account, Vec<Membership>), Error> {
    let row = ctx
        .db
        .fetch_one(&sql::GET_ACCOUNT, values![actor.account_id])
        .await?;
    let memberships = workspaces::service::memberships(ctx, actor.account_id).await?;
    Ok((Account::from_row(&row)?, memberships))
}
