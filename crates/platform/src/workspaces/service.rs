//! Making workspaces and listing those of an account.

use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, WorkspaceId};

use super::{Membership, Role, sql};
use crate::Ctx;

/// Makes an account's personal workspace, in the transaction that makes the account.
pub async fn create_personal(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    full_name: &str,
    plan: &str,
) -> Result<WorkspaceId, Error> {
    let id: WorkspaceId = ctx.id();
    let now = ctx.now();
    let name = format!("{full_name}’s workspace");
    tx.execute_one(&sql::INSERT_WORKSPACE, values![id, name, account, plan, now])
        .await?;
    tx.execute_one(
        &sql::INSERT_MEMBER,
        values![id, account, Role::Owner.as_str(), now],
    )
    .await?;
    Ok(id)
}

/// The workspaces an account belongs to, its personal one first.
pub async fn memberships(ctx: &Ctx, account: AccountId) -> Result<Vec<Membership>, Error> {
    let mut memberships = Vec::new();
    for row in ctx.db.fetch_all(&sql::LIST_MEMBERSHIPS, values![account]).await? {
        memberships.push(Membership {
            workspace_id: row.get("id")?,
            name: row.get("name")?,
            role: row.parse("role")?,
            is_personal: row.get("is_personal")?,
            plan: row.get("plan")?,
        });
    }
    Ok(memberships)
}
