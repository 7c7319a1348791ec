//! `/admin/jobs`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{JobId, WorkspaceId};

use super::service::{self, AnyJob, AnyJobFilter};
use crate::Ctx;
use crate::jobs::routes::{JobReply, JobStatus};
use crate::web::{ApiResult, Json, ListQuery, Operator, PageReply, PagingParams, Path};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(admin_list_jobs))
        .routes(routes!(admin_get_job))
        .routes(routes!(admin_retry_job))
        .routes(routes!(admin_discard_job))
}

/// A job of anybody.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdminJob {
    #[serde(flatten)]
    pub job: JobReply,
    /// Whose it is; null is work of the instance.
    pub workspace_id: Option<WorkspaceId>,
}

impl From<AnyJob> for AdminJob {
    fn from(job: AnyJob) -> Self {
        Self {
            job: job.view.into(),
            workspace_id: job.workspace_id,
        }
    }
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AdminJobFilters {
    /// `dead` lists those that gave up and wait for somebody.
    #[param(inline)]
    status: Option<JobStatus>,
    /// Such as `staging.stage_image`.
    kind: Option<String>,
    workspace_id: Option<WorkspaceId>,
}

/// Jobs of everybody, newest first. For operators.
///
/// Sorts: `created_at`.
#[utoipa::path(get, path = "/admin/jobs", tag = "admin", params(PagingParams, AdminJobFilters),
    responses((status = 200, body = PageReply<AdminJob>), (status = 403, description = "Only operators may do this"),
        (status = 422, description = "A parameter is not valid")))]
pub async fn admin_list_jobs(
    State(ctx): State<Ctx>,
    _operator: Operator,
    query: ListQuery<AdminJobFilters>,
) -> ApiResult<Json<PageReply<AdminJob>>> {
    let filter = AnyJobFilter {
        status: query.filters.status.map(JobStatus::as_str),
        kind: query.filters.kind,
        workspace_id: query.filters.workspace_id,
    };
    let page = service::list(&ctx, filter, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(AdminJob::from))))
}

/// Get a job. For operators.
#[utoipa::path(get, path = "/admin/jobs/{id}", tag = "admin", params(("id" = JobId, Path)),
    responses((status = 200, body = AdminJob), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such job")))]
pub async fn admin_get_job(
    State(ctx): State<Ctx>,
    _operator: Operator,
    Path(id): Path<JobId>,
) -> ApiResult<Json<AdminJob>> {
    Ok(Json(service::get(&ctx, id).await?.into()))
}

/// Queue a dead or canceled job again. For operators.
#[utoipa::path(post, path = "/admin/jobs/{id}/retry", tag = "admin", params(("id" = JobId, Path)),
    responses((status = 200, body = AdminJob), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such job"), (status = 409, description = "It did not give up")))]
pub async fn admin_retry_job(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<JobId>,
) -> ApiResult<Json<AdminJob>> {
    Ok(Json(service::retry(&ctx, &actor, id).await?.into()))
}

/// Take a dead job off the list of those that wait for somebody. For operators.
#[utoipa::path(post, path = "/admin/jobs/{id}/discard", tag = "admin", params(("id" = JobId, Path)),
    responses((status = 200, body = AdminJob), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such job"), (status = 409, description = "It did not give up")))]
pub async fn admin_discard_job(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<JobId>,
) -> ApiResult<Json<AdminJob>> {
    Ok(Json(service::discard(&ctx, &actor, id).await?.into()))
}
