//! The verbs of operators on workspaces.

use serde_json::json;
use vitrine_db::{DbError, Row, values};
use vitrine_kernel::id::{AccountId, WorkspaceId};
use vitrine_kernel::{Error, Page, Time};

use crate::admin::{pattern, sql};
use crate::billing::Plan;
use crate::web::Paging;
use crate::{Actor, Ctx, audit};

/// A workspace as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
    pub plan: String,
    /// Whose personal one it is.
    pub personal_account_id: Option<AccountId>,
    pub personal_email: Option<String>,
    pub member_count: i64,
    pub created_at: Time,
}

impl Workspace {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            plan: row.get("plan")?,
            personal_account_id: row.get("personal_account_id")?,
            personal_email: row.get("personal_email")?,
            member_count: row.get("member_count")?,
            created_at: row.get("created_at")?,
        })
    }
}

pub async fn list(
    ctx: &Ctx,
    search: Option<&str>,
    plan: Option<String>,
    paging: &Paging,
) -> Result<Page<Workspace>, Error> {
    let values = values![search.map(pattern), plan];
    let (page, rows) = paging.fetch(&ctx.db, &sql::WORKSPACES, values).await?.split();
    let all = rows.iter().map(Workspace::from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(all))
}

pub async fn get(ctx: &Ctx, id: WorkspaceId) -> Result<Workspace, Error> {
    let row = ctx.db.fetch_optional(&sql::GET_WORKSPACE, values![id]).await?;
    Ok(Workspace::from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// Puts a workspace on another plan; it counts from now on.
pub async fn set_plan(ctx: &Ctx, actor: &Actor, id: WorkspaceId, code: &str) -> Result<Workspace, Error> {
    let plan =
        Plan::find(code).ok_or_else(|| Error::field("plan", "unknown_value", "There is no such plan."))?;
    let mut tx = ctx.db.begin().await?;
    let row = tx.fetch_optional(&sql::GET_WORKSPACE, values![id]).await?;
    let before = Workspace::from_row(&row.ok_or_else(Error::not_found)?)?;
    if before.plan != plan.code {
        tx.execute_one(&sql::SET_PLAN, values![id, plan.code]).await?;
        let details = json!({ "from": before.plan, "to": plan.code });
        audit::record(
            &mut tx,
            ctx,
            Some(actor),
            "workspace.plan_changed",
            "workspace",
            id,
            Some(details),
        )
        .await?;
    }
    tx.commit().await?;
    get(ctx, id).await
}
