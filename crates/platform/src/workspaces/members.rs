//! Members: who they are, what they may do, how they leave.

use serde_json::json;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AccountId, WorkspaceId};
use vitrine_kernel::{Error, Page};

use super::model::{Member, Role};
use super::service::enter;
use super::sql;
use crate::web::Paging;
use crate::{Actor, Ctx, api_keys, audit};

/// The members of a workspace, for any of them.
pub async fn list(
    ctx: &Ctx,
    actor: &Actor,
    workspace: WorkspaceId,
    paging: &Paging,
) -> Result<Page<Member>, Error> {
    enter(ctx, actor, workspace).await?;
    let page = paging
        .fetch(&ctx.db, &sql::LIST_MEMBERS, values![workspace])
        .await?;
    let (page, rows) = page.split();
    let members = rows.iter().map(Member::from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(members))
}

/// One member, for any of the others.
pub async fn get(
    ctx: &Ctx,
    actor: &Actor,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Member, Error> {
    enter(ctx, actor, workspace).await?;
    let row = ctx
        .db
        .fetch_optional(&sql::GET_MEMBER, values![workspace, account])
        .await?;
    Ok(Member::from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// Gives a member another role. Only owners make owners or change one.
pub async fn set_role(
    ctx: &Ctx,
    actor: &Actor,
    workspace: WorkspaceId,
    account: AccountId,
    role: Role,
) -> Result<Member, Error> {
    let actor = enter(ctx, actor, workspace).await?;
    let mut tx = ctx.db.begin().await?;
    let before = lock_member(&mut tx, workspace, account).await?;
    actor.require_role(before.max(role).max(Role::Admin))?;
    if before != role {
        if before == Role::Owner {
            keep_an_owner(&mut tx, workspace, account).await?;
        }
        tx.execute_one(&sql::SET_ROLE, values![workspace, account, role.as_str()])
            .await?;
        let details = json!({ "from": before.as_str(), "to": role.as_str() });
        let action = "member.role_changed";
        audit::record(
            &mut tx,
            ctx,
            Some(&actor),
            action,
            "member",
            account,
            Some(details),
        )
        .await?;
    }
    let row = tx
        .fetch_one(&sql::GET_MEMBER, values![workspace, account])
        .await?;
    let member = Member::from_row(&row)?;
    tx.commit().await?;
    Ok(member)
}

/// Takes a member out, or oneself. Their keys for this workspace go with them.
pub async fn remove(
    ctx: &Ctx,
    actor: &Actor,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<(), Error> {
    let actor = enter(ctx, actor, workspace).await?;
    let mut tx = ctx.db.begin().await?;
    let role = lock_member(&mut tx, workspace, account).await?;
    let is_leaving = account == actor.account_id;
    if !is_leaving {
        actor.require_role(role.max(Role::Admin))?;
    }
    if role == Role::Owner {
        keep_an_owner(&mut tx, workspace, account).await?;
    }
    api_keys::service::delete_of_member(&mut tx, workspace, account).await?;
    tx.execute_one(&sql::DELETE_MEMBER, values![workspace, account])
        .await?;
    let action = if is_leaving {
        "member.left"
    } else {
        "member.removed"
    };
    audit::record(&mut tx, ctx, Some(&actor), action, "member", account, None).await?;
    Ok(tx.commit().await?)
}

/// The member's present role, which stays as it is until the commit.
async fn lock_member(tx: &mut Tx, workspace: WorkspaceId, account: AccountId) -> Result<Role, Error> {
    tx.fetch_one(&sql::LOCK_WORKSPACE, values![workspace]).await?;
    let row = tx
        .fetch_optional(&sql::GET_ROLE, values![workspace, account])
        .await?;
    Ok(row.ok_or_else(Error::not_found)?.parse("role")?)
}

async fn keep_an_owner(tx: &mut Tx, workspace: WorkspaceId, without: AccountId) -> Result<(), Error> {
    let owners: i64 = tx
        .fetch_one(&sql::COUNT_OTHER_OWNERS, values![workspace, without])
        .await?
        .get("count")?;
    if owners > 0 {
        return Ok(());
    }
    Err(Error::conflict(
        "A workspace needs an owner. Make somebody else one first.",
    ))
}
