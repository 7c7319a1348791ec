//! Making workspaces, listing those of an account, acting in one that a path names.

use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AccountId, WorkspaceId};
use vitrine_kernel::{Error, ErrorCode, Page};

use super::model::{Membership, OWNED_MAX, Role, Seats};
use super::sql;
use crate::billing::UNLIMITED;
use crate::web::Paging;
use crate::{Actor, Ctx, audit};

/// Makes an account's personal workspace, in the transaction that makes the account.
pub async fn create_personal(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    full_name: &str,
    plan: &str,
) -> Result<WorkspaceId, Error> {
    let name = format!("{full_name}’s workspace");
    insert(tx, ctx, &name, account, Some(account), plan).await
}

async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    name: &str,
    owner: AccountId,
    personal_of: Option<AccountId>,
    plan: &str,
) -> Result<WorkspaceId, Error> {
    let id: WorkspaceId = ctx.id();
    let now = ctx.now();
    tx.execute_one(&sql::INSERT_WORKSPACE, values![id, name, personal_of, plan, now])
        .await?;
    let row = values![id, owner, Role::Owner.as_str(), now];
    tx.execute_one(&sql::INSERT_MEMBER, row).await?;
    Ok(id)
}

/// Makes a workspace to share, owned by the caller.
pub async fn create(ctx: &Ctx, actor: &Actor, name: &str) -> Result<Membership, Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    let owned: i64 = tx
        .fetch_one(&sql::COUNT_OWNED, values![actor.account_id])
        .await?
        .get("count")?;
    if owned >= OWNED_MAX {
        let detail = format!("One account may own {OWNED_MAX} shared workspaces.");
        return Err(Error::new(ErrorCode::QuotaExceeded, detail));
    }
    let plan = if actor.is_operator {
        UNLIMITED
    } else {
        ctx.settings.default_plan.as_str()
    };
    let id = insert(&mut tx, ctx, name, actor.account_id, None, plan).await?;
    let inside = Actor {
        workspace_id: id,
        ..actor.clone()
    };
    audit::record(
        &mut tx,
        ctx,
        Some(&inside),
        "workspace.created",
        "workspace",
        id,
        None,
    )
    .await?;
    let row = tx
        .fetch_one(&sql::GET_MEMBERSHIP, values![id, actor.account_id])
        .await?;
    let made = Membership::from_row(&row)?;
    tx.commit().await?;
    Ok(made)
}

/// The workspaces an account belongs to, its personal one first.
pub async fn memberships(ctx: &Ctx, account: AccountId) -> Result<Vec<Membership>, Error> {
    let rows = ctx.db.fetch_all(&sql::LIST_MEMBERSHIPS, values![account]).await?;
    Ok(rows.iter().map(Membership::from_row).collect::<Result<_, _>>()?)
}

/// A page of them; a key knows only its own.
pub async fn list(ctx: &Ctx, actor: &Actor, paging: &Paging) -> Result<Page<Membership>, Error> {
    let only = actor.require_session().is_err().then_some(actor.workspace_id);
    let page = paging
        .fetch(&ctx.db, &sql::LIST_WORKSPACES, values![actor.account_id, only])
        .await?;
    let (page, rows) = page.split();
    let all = rows.iter().map(Membership::from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(all))
}

/// The caller in the workspace that a path names, which need not be the one of the request. A workspace of others, or
/// another one than a key was made for, is unknown.
pub async fn enter(ctx: &Ctx, actor: &Actor, id: WorkspaceId) -> Result<Actor, Error> {
    if id == actor.workspace_id {
        return Ok(actor.clone());
    }
    if actor.require_session().is_err() {
        return Err(Error::not_found());
    }
    let found = find(ctx, actor, id).await?;
    Ok(Actor {
        workspace_id: id,
        role: found.role,
        plan: found.plan,
        ..actor.clone()
    })
}

async fn find(ctx: &Ctx, actor: &Actor, id: WorkspaceId) -> Result<Membership, Error> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_MEMBERSHIP, values![id, actor.account_id])
        .await?;
    Ok(Membership::from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// One workspace and its seats.
pub async fn get(ctx: &Ctx, actor: &Actor, id: WorkspaceId) -> Result<(Membership, Seats), Error> {
    let actor = enter(ctx, actor, id).await?;
    let found = find(ctx, &actor, id).await?;
    let used = ctx
        .db
        .fetch_one(&sql::COUNT_SEATS, values![id, ctx.now()])
        .await?
        .get("count")?;
    let seats = Seats::new(&found.plan, used);
    Ok((found, seats))
}

/// Renames a workspace.
pub async fn rename(
    ctx: &Ctx,
    actor: &Actor,
    id: WorkspaceId,
    name: &str,
) -> Result<(Membership, Seats), Error> {
    let actor = enter(ctx, actor, id).await?;
    actor.require_role(Role::Admin)?;
    let mut tx = ctx.db.begin().await?;
    tx.execute_one(&sql::RENAME_WORKSPACE, values![id, name]).await?;
    audit::record(
        &mut tx,
        ctx,
        Some(&actor),
        "workspace.renamed",
        "workspace",
        id,
        None,
    )
    .await?;
    tx.commit().await?;
    get(ctx, &actor, id).await
}
