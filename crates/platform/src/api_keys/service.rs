//! Making, listing and deleting keys, and who comes with one.

use std::net::IpAddr;

use chrono::Duration;
use serde_json::json;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AccountId, ApiKeyId, WorkspaceId};
use vitrine_kernel::{Error, ErrorCode, Page, Secret, Time};

use super::model::{ApiKey, NewApiKey, Scopes};
use super::sql;
use crate::accounts::{Credential, token};
use crate::web::Paging;
use crate::workspaces::Role;
use crate::{Actor, Ctx, audit};

/// How every secret begins, so that leaked ones can be searched for.
const MARK: &str = "vk_";
/// Characters of a secret that are shown later on.
const PREFIX_CHARS: usize = 11;
/// Keys of one account in one workspace.
const KEYS_MAX: i64 = 50;
/// The last use is noted this often at most.
const TOUCH_EVERY: Duration = Duration::seconds(60);

/// Whether a bearer token is a key and not an access token.
pub fn is_key(token: &str) -> bool {
    token.starts_with(MARK)
}

/// A key that was just made, and its secret, which nobody can read again.
#[derive(Debug)]
pub struct Made {
    pub key: ApiKey,
    pub secret: Secret<String>,
}

/// Makes a key of the caller for the workspace of the request.
pub async fn create(ctx: &Ctx, actor: &Actor, new: NewApiKey) -> Result<Made, Error> {
    actor.require_session()?;
    actor.require_verified()?;
    let secret = Secret::new(format!("{MARK}{}", token::random(ctx).expose()));
    let id: ApiKeyId = ctx.id();
    let mut tx = ctx.db.begin().await?;
    let count: i64 = tx
        .fetch_one(&sql::COUNT_KEYS, values![actor.account_id, actor.workspace_id])
        .await?
        .get("count")?;
    if count >= KEYS_MAX {
        return Err(Error::conflict(
            "There are 50 keys already. Delete one that is not used any more.",
        ));
    }
    let prefix: String = secret.expose().chars().take(PREFIX_CHARS).collect();
    let row = values![
        id,
        actor.workspace_id,
        actor.account_id,
        &new.name,
        prefix,
        token::hash(secret.expose()),
        new.scopes.to_text(),
        ctx.now(),
        new.expires_at,
    ];
    tx.execute_one(&sql::INSERT_KEY, row).await?;
    let details = json!({ "scopes": new.scopes.to_text() });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "api_key.created",
        "api_key",
        id,
        Some(details),
    )
    .await?;
    let row = tx
        .fetch_one(&sql::GET_KEY, values![id, actor.workspace_id])
        .await?;
    let key = ApiKey::from_row(&row)?;
    tx.commit().await?;
    Ok(Made { key, secret })
}

/// Whose keys of the workspace the caller sees: everybody's for those who manage members, otherwise their own.
fn visible_to(actor: &Actor) -> Option<AccountId> {
    (actor.role < Role::Admin).then_some(actor.account_id)
}

pub async fn list(ctx: &Ctx, actor: &Actor, paging: &Paging) -> Result<Page<ApiKey>, Error> {
    actor.require_session()?;
    let values = values![actor.workspace_id, visible_to(actor)];
    let (page, rows) = paging.fetch(&ctx.db, &sql::LIST_KEYS, values).await?.split();
    let keys = rows.iter().map(ApiKey::from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(keys))
}

pub async fn get(ctx: &Ctx, actor: &Actor, id: ApiKeyId) -> Result<ApiKey, Error> {
    actor.require_session()?;
    let row = ctx
        .db
        .fetch_optional(&sql::GET_KEY, values![id, actor.workspace_id])
        .await?;
    let key = ApiKey::from_row(&row.ok_or_else(Error::not_found)?)?;
    match visible_to(actor) {
        Some(account) if account != key.account_id => Err(Error::not_found()),
        _ => Ok(key),
    }
}

/// Deletes a key; it opens nothing from now on.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: ApiKeyId) -> Result<(), Error> {
    let key = get(ctx, actor, id).await?;
    let mut tx = ctx.db.begin().await?;
    if tx
        .execute(&sql::DELETE_KEY, values![id, actor.workspace_id])
        .await?
        == 0
    {
        return Err(Error::not_found());
    }
    let details = json!({ "name": key.name, "account_id": key.account_id });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "api_key.deleted",
        "api_key",
        id,
        Some(details),
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Deletes the keys of somebody who leaves a workspace.
pub async fn delete_of_member(tx: &mut Tx, workspace: WorkspaceId, account: AccountId) -> Result<(), Error> {
    tx.execute(&sql::DELETE_KEYS_OF_MEMBER, values![workspace, account])
        .await?;
    Ok(())
}

/// Who comes with a key. Unknown, deleted and expired ones are the same 401; another workspace than the key's is not
/// there.
pub async fn authenticate(
    ctx: &Ctx,
    secret: &str,
    workspace: Option<WorkspaceId>,
    ip: Option<IpAddr>,
) -> Result<Actor, Error> {
    let now = ctx.now();
    let row = ctx
        .db
        .fetch_optional(&sql::GET_ACTOR_BY_KEY, values![token::hash(secret), now])
        .await?
        .ok_or_else(|| {
            Error::new(
                ErrorCode::Unauthorized,
                "This API key is unknown, deleted or has expired.",
            )
        })?;
    let workspace_id: WorkspaceId = row.get("workspace_id")?;
    if workspace.is_some_and(|wanted| wanted != workspace_id) {
        return Err(Error::not_found());
    }
    let id: ApiKeyId = row.get("id")?;
    let scope = row.parse::<Scopes>("scopes")?.widest();
    let last_used_at: Option<Time> = row.get("last_used_at")?;
    if last_used_at.is_none_or(|at| now - at >= TOUCH_EVERY) {
        ctx.db
            .execute(&sql::TOUCH_KEY, values![id, now, now - TOUCH_EVERY])
            .await?;
    }
    Ok(Actor {
        account_id: row.get("account_id")?,
        credential: Credential::ApiKey { id, scope },
        workspace_id,
        role: scope.limit(row.parse("role")?),
        plan: row.get("plan")?,
        // Whoever runs the instance signs in for it.
        is_operator: false,
        is_verified: row.get("is_verified")?,
        // Keys end when the account begins to leave.
        is_leaving: false,
        ip,
    })
}
