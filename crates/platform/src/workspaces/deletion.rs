//! The end of a workspace: its owner asks for it and shows who they are, everybody loses it in that moment, and a job
//! removes what was in it.
//!
//! What surprises people: nobody belongs to it any more once the request is answered, which is what makes it unknown on
//! every route; its rows and files go a little later, when the last of its work has stopped.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::json;
use vitrine_db::belongings::{Owner, belongings};
use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, JobId, WorkspaceId};

use super::model::Role;
use super::service::enter;
use super::sql;
use crate::accounts::confirm::{self, Proof};
use crate::jobs::{self, Job, JobError, JobRun, Priority};
use crate::notifications::news;
use crate::{Actor, Ctx, audit};

/// How long to wait for work that is being stopped.
const STOPPING: Duration = Duration::from_secs(5);

/// Deletes a shared workspace. For its owners.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: WorkspaceId, proof: Proof<'_>) -> Result<(), Error> {
    let actor = enter(ctx, actor, id).await?;
    actor.require_session()?;
    actor.require_role(Role::Owner)?;
    confirm::person(ctx, &actor, proof).await?;
    let mut tx = ctx.db.begin().await?;
    let row = tx
        .fetch_optional(&sql::LOCK_WORKSPACE, values![id])
        .await?
        .ok_or_else(Error::not_found)?;
    if row.get::<bool>("is_personal")? {
        return Err(Error::conflict(
            "Your own workspace belongs to your account and goes with it.",
        ));
    }
    // Somebody else may have taken the role away while the password was checked.
    let role = tx
        .fetch_optional(&sql::GET_ROLE, values![id, actor.account_id])
        .await?
        .ok_or_else(Error::not_found)?;
    if role.parse::<Role>("role")? != Role::Owner {
        return Err(Error::forbidden("Only an owner may delete a workspace."));
    }
    let name: String = row.get("name")?;
    stop_work(&mut tx, ctx, id).await?;
    tell_members(&mut tx, ctx, &actor, id, &name).await?;
    for statement in [
        &sql::DELETE_KEYS_OF_WORKSPACE,
        &sql::DELETE_ALL_INVITATIONS,
        &sql::DELETE_ALL_MEMBERS,
    ] {
        tx.execute(statement, values![id]).await?;
    }
    jobs::enqueue(&mut tx, ctx, None, &PurgeWorkspace { workspace_id: id }).await?;
    let details = Some(json!({ "name": name }));
    let action = "workspace.deletion_requested";
    audit::record(&mut tx, ctx, Some(&actor), action, "workspace", id, details).await?;
    Ok(tx.commit().await?)
}

async fn stop_work(tx: &mut Tx, ctx: &Ctx, id: WorkspaceId) -> Result<(), Error> {
    for row in tx.fetch_all(&sql::LIST_LIVE_JOBS, values![id]).await? {
        jobs::cancel(tx, ctx, row.get::<JobId>("id")?).await?;
    }
    Ok(())
}

async fn tell_members(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    id: WorkspaceId,
    name: &str,
) -> Result<(), Error> {
    for row in tx.fetch_all(&sql::LIST_MEMBER_IDS, values![id]).await? {
        let member: AccountId = row.get("account_id")?;
        if member != actor.account_id {
            news::workspace_deleted(tx, ctx, id, name, member).await?;
        }
    }
    Ok(())
}

/// Removes what was in a workspace that nobody belongs to any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeWorkspace {
    pub workspace_id: WorkspaceId,
}

#[async_trait]
impl Job for PurgeWorkspace {
    const KIND: &'static str = "workspaces.purge_workspace";
    const PRIORITY: Priority = Priority::Whenever;
    const TIMEOUT: Duration = Duration::from_secs(3_600);

    fn unique_key(&self) -> Option<String> {
        Some(format!("{} {}", Self::KIND, self.workspace_id))
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let live = ctx
            .db
            .fetch_all(&sql::LIST_LIVE_JOBS, values![self.workspace_id])
            .await?;
        if !live.is_empty() {
            return Err(JobError::Snooze(STOPPING));
        }
        Ok(purge(ctx, self.workspace_id).await?)
    }
}

/// Removes files and rows of a workspace, the files first: their keys name it and are found without rows. May run twice.
pub async fn purge(ctx: &Ctx, id: WorkspaceId) -> Result<(), Error> {
    for folder in ctx.files.folders_of(id).await? {
        let mut objects = ctx.files.list(&folder);
        while let Some(object) = objects.try_next().await? {
            ctx.files.delete(&object.key).await?;
        }
    }
    let owner = Owner::Workspace(id.0);
    let tables = belongings(&ctx.db, owner).await?;
    let mut tx = ctx.db.begin().await?;
    for table in tables {
        table.delete(&mut tx, owner).await?;
    }
    if tx.execute(&sql::DELETE_WORKSPACE, values![id]).await? > 0 {
        let action = "workspace.deleted";
        audit::record(&mut tx, ctx, None, action, "workspace", id, None).await?;
    }
    Ok(tx.commit().await?)
}
