//! The verbs of projects. Each opens its transaction, does every write including the audit row, and commits last.

use chrono::Duration;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{ProjectId, WorkspaceId};
use vitrine_kernel::{Error, Page};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::model::{NewProject, Project, ProjectChange, RESTORE_DAYS};
use super::sql;
use crate::images;

pub async fn create(ctx: &Ctx, actor: &Actor, new: NewProject) -> Result<Project, Error> {
    actor.require_write()?;
    let id: ProjectId = ctx.id();
    let mut tx = ctx.db.begin().await?;
    let row = values![id, actor.workspace_id, &new.name, &new.description, ctx.now()];
    tx.execute_one(&sql::INSERT_PROJECT, row).await?;
    audit::record(&mut tx, ctx, Some(actor), "project.created", "project", id, None).await?;
    let project = read(&mut tx, actor.workspace_id, id).await?;
    tx.commit().await?;
    Ok(project)
}

pub async fn get(ctx: &Ctx, actor: &Actor, id: ProjectId) -> Result<Project, Error> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_PROJECT, values![id, actor.workspace_id])
        .await?;
    Ok(sql::project_from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// Live projects, or the deleted ones that can still be restored.
pub async fn list(ctx: &Ctx, actor: &Actor, deleted: bool, paging: &Paging) -> Result<Page<Project>, Error> {
    let page = paging
        .fetch(&ctx.db, &sql::PROJECTS, values![actor.workspace_id, deleted])
        .await?;
    let (page, rows) = page.split();
    let projects = rows.iter().map(sql::project_from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(projects))
}

/// Changes what is given and keeps the rest.
pub async fn update(
    ctx: &Ctx,
    actor: &Actor,
    id: ProjectId,
    change: ProjectChange,
) -> Result<Project, Error> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    let row = values![id, actor.workspace_id, change.name, change.description, ctx.now()];
    expect_one(tx.execute(&sql::UPDATE_PROJECT, row).await?)?;
    audit::record(&mut tx, ctx, Some(actor), "project.updated", "project", id, None).await?;
    let project = read(&mut tx, actor.workspace_id, id).await?;
    tx.commit().await?;
    Ok(project)
}

/// Marks the project as deleted and stops what is being made in it; its photos and images stay where they are.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: ProjectId) -> Result<(), Error> {
    actor.require_write()?;
    let mut tx = ctx.db.begin().await?;
    expect_one(
        tx.execute(&sql::DELETE_PROJECT, values![id, actor.workspace_id, ctx.now()])
            .await?,
    )?;
    images::service::cancel_all_of_project(&mut tx, ctx, id).await?;
    audit::record(&mut tx, ctx, Some(actor), "project.deleted", "project", id, None).await?;
    Ok(tx.commit().await?)
}

/// Brings a deleted project back; restoring one that is not deleted changes nothing. What its deletion canceled stays
/// canceled.
pub async fn restore(ctx: &Ctx, actor: &Actor, id: ProjectId) -> Result<Project, Error> {
    actor.require_write()?;
    let oldest = ctx.now() - Duration::days(RESTORE_DAYS);
    let mut tx = ctx.db.begin().await?;
    expect_one(
        tx.execute(&sql::RESTORE_PROJECT, values![id, actor.workspace_id, oldest])
            .await?,
    )?;
    audit::record(&mut tx, ctx, Some(actor), "project.restored", "project", id, None).await?;
    let project = read(&mut tx, actor.workspace_id, id).await?;
    tx.commit().await?;
    Ok(project)
}

/// Checks a project id that came inside a body: unknown, deleted and foreign ids are the same 422 on that field.
pub async fn check_reference(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ProjectId,
    field: &str,
) -> Result<(), Error> {
    match tx
        .fetch_optional(&sql::HAS_PROJECT, values![id, workspace])
        .await?
    {
        Some(_) => Ok(()),
        None => Err(Error::field(field, "unknown", "There is no such project.")),
    }
}

async fn read(tx: &mut Tx, workspace: WorkspaceId, id: ProjectId) -> Result<Project, Error> {
    Ok(sql::project_from_row(
        &tx.fetch_one(&sql::GET_PROJECT, values![id, workspace]).await?,
    )?)
}

/// No row means that the project is unknown here, whoever else may have it.
fn expect_one(rows: u64) -> Result<(), Error> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::not_found())
    }
}
