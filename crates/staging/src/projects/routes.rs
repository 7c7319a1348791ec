//! Projects over HTTP.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::ProjectId;
use vitrine_platform::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::model::{NewProject, Project, ProjectChange, RESTORE_DAYS};
use super::service;

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_projects, create_project))
        .routes(routes!(
            get_project,
            replace_project,
            update_project,
            delete_project
        ))
        .routes(routes!(restore_project))
}

/// A named set of photos, usually one property.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Project)]
pub struct ProjectReply {
    pub id: ProjectId,
    pub name: String,
    pub description: String,
    /// Photos in this project.
    pub original_count: u64,
    /// Stagings in this project, in any state.
    pub image_count: u64,
    /// Finished stagings.
    pub ready_count: u64,
    /// A small JPEG to show on a card; a signed link, good for about an hour.
    pub cover_url: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ProjectReply {
    pub fn new(ctx: &Ctx, project: Project) -> Self {
        Self {
            id: project.id,
            name: project.name,
            description: project.description,
            original_count: project.original_count,
            image_count: project.image_count,
            ready_count: project.ready_count,
            cover_url: project
                .cover_key
                .map(|key| ctx.files.view_url(&key, "cover.jpg", "image/jpeg")),
            created_at: project.created_at,
            updated_at: project.updated_at,
        }
    }
}

/// A project to make, or to replace one with.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectBody {
    /// 1 to 100 characters after trimming.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// At most 2000 characters; empty when absent.
    #[schema(max_length = 2000)]
    description: Option<String>,
}

impl ProjectBody {
    fn check(&self) -> ApiResult<NewProject> {
        Ok(NewProject::check(
            &self.name,
            self.description.as_deref().unwrap_or_default(),
        )?)
    }
}

/// Fields of a project to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectChangeBody {
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    name: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, max_length = 2000)]
    description: Option<String>,
}

/// A field that may be absent but not null.
fn sent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProjectFilters {
    /// `true` lists the deleted projects instead.
    deleted: Option<bool>,
}

/// What a deletion can be undone with.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProjectDeleted {
    /// `POST /projects/{id}/restore` brings it back.
    restorable: bool,
    restorable_days: i64,
}

/// List the projects of the workspace.
#[utoipa::path(
    get,
    path = "/projects",
    tag = "projects",
    params(PagingParams, ProjectFilters),
    responses(
        (status = 200, body = PageReply<ProjectReply>),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn list_projects(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery<ProjectFilters>,
) -> ApiResult<Json<PageReply<ProjectReply>>> {
    let deleted = query.filters.deleted.unwrap_or(false);
    let page = service::list(&ctx, &actor, deleted, &query.paging).await?;
    Ok(Json(PageReply::new(
        &ctx,
        page.map(|project| ProjectReply::new(&ctx, project)),
    )))
}

/// Make a project.
#[utoipa::path(
    post,
    path = "/projects",
    tag = "projects",
    request_body = ProjectBody,
    responses(
        (status = 201, body = ProjectReply, headers(("Location" = String, description = "Path of the new project"))),
        (status = 403, description = "The role does not allow it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn create_project(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<ProjectBody>,
) -> ApiResult<impl IntoResponse> {
    let project = service::create(&ctx, &actor, body.check()?).await?;
    let location = format!("/api/v1/projects/{}", project.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(ProjectReply::new(&ctx, project)),
    ))
}

/// Get a project.
#[utoipa::path(
    get,
    path = "/projects/{id}",
    tag = "projects",
    params(("id" = ProjectId, Path)),
    responses(
        (status = 200, body = ProjectReply),
        (status = 404, description = "No such project here", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn get_project(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ProjectId>,
) -> ApiResult<Json<ProjectReply>> {
    let project = service::get(&ctx, &actor, id).await?;
    Ok(Json(ProjectReply::new(&ctx, project)))
}

/// Replace a project's fields; an absent description becomes empty.
#[utoipa::path(
    put,
    path = "/projects/{id}",
    tag = "projects",
    params(("id" = ProjectId, Path)),
    request_body = ProjectBody,
    responses(
        (status = 200, body = ProjectReply),
        (status = 403, description = "The role does not allow it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such project here", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn replace_project(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ProjectId>,
    Json(body): Json<ProjectBody>,
) -> ApiResult<Json<ProjectReply>> {
    let project = service::update(&ctx, &actor, id, body.check()?.into()).await?;
    Ok(Json(ProjectReply::new(&ctx, project)))
}

/// Change some of a project's fields.
#[utoipa::path(
    patch,
    path = "/projects/{id}",
    tag = "projects",
    params(("id" = ProjectId, Path)),
    request_body = ProjectChangeBody,
    responses(
        (status = 200, body = ProjectReply),
        (status = 403, description = "The role does not allow it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such project here", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn update_project(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ProjectId>,
    Json(body): Json<ProjectChangeBody>,
) -> ApiResult<Json<ProjectReply>> {
    let change = ProjectChange::check(body.name.as_deref(), body.description.as_deref())?;
    let project = service::update(&ctx, &actor, id, change).await?;
    Ok(Json(ProjectReply::new(&ctx, project)))
}

/// Delete a project. It can be restored for 30 days.
#[utoipa::path(
    delete,
    path = "/projects/{id}",
    tag = "projects",
    params(("id" = ProjectId, Path)),
    responses(
        (status = 200, body = ProjectDeleted),
        (status = 403, description = "The role does not allow it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such project here", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn delete_project(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ProjectId>,
) -> ApiResult<Json<ProjectDeleted>> {
    service::delete(&ctx, &actor, id).await?;
    Ok(Json(ProjectDeleted {
        restorable: true,
        restorable_days: RESTORE_DAYS,
    }))
}

/// Bring a deleted project back.
#[utoipa::path(
    post,
    path = "/projects/{id}/restore",
    tag = "projects",
    params(("id" = ProjectId, Path)),
    responses(
        (status = 200, body = ProjectReply),
        (status = 403, description = "The role does not allow it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such project here, or deleted too long ago", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn restore_project(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ProjectId>,
) -> ApiResult<Json<ProjectReply>> {
    let project = service::restore(&ctx, &actor, id).await?;
    Ok(Json(ProjectReply::new(&ctx, project)))
}
