//! `/admin/workspaces`.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{AccountId, WorkspaceId};

use super::service::{self, Workspace};
use crate::Ctx;
use crate::web::{ApiResult, Json, ListQuery, Operator, PageReply, PagingParams, Path};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(admin_list_workspaces))
        .routes(routes!(admin_get_workspace, admin_update_workspace))
}

/// A workspace as operators see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdminWorkspace {
    pub id: WorkspaceId,
    pub name: String,
    /// Code of its plan, see `GET /billing/plans`.
    pub plan: String,
    /// Whose personal workspace it is; null for a shared one.
    pub personal_account_id: Option<AccountId>,
    pub personal_email: Option<String>,
    pub member_count: i64,
    pub created_at: DateTime<Utc>,
}

impl From<Workspace> for AdminWorkspace {
    fn from(workspace: Workspace) -> Self {
        Self {
            id: workspace.id,
            name: workspace.name,
            plan: workspace.plan,
            personal_account_id: workspace.personal_account_id,
            personal_email: workspace.personal_email,
            member_count: workspace.member_count,
            created_at: workspace.created_at,
        }
    }
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AdminWorkspaceFilters {
    /// Part of a name, or of the address of whose personal one it is.
    #[param(max_length = 100)]
    q: Option<String>,
    /// Code of a plan.
    plan: Option<String>,
}

/// The plan to put a workspace on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdminWorkspaceBody {
    /// A code of `GET /billing/plans`, or `unlimited`.
    plan: String,
}

/// Workspaces, newest first. For operators.
///
/// Sorts: `created_at`, `name`.
#[utoipa::path(get, path = "/admin/workspaces", tag = "admin", params(PagingParams, AdminWorkspaceFilters),
    responses((status = 200, body = PageReply<AdminWorkspace>), (status = 403, description = "Only operators may do this"),
        (status = 422, description = "A parameter is not valid")))]
pub async fn admin_list_workspaces(
    State(ctx): State<Ctx>,
    _operator: Operator,
    query: ListQuery<AdminWorkspaceFilters>,
) -> ApiResult<Json<PageReply<AdminWorkspace>>> {
    let search = query.filters.q.filter(|text| !text.trim().is_empty());
    let page = service::list(&ctx, search.as_deref(), query.filters.plan, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(AdminWorkspace::from))))
}

/// Get a workspace. For operators.
#[utoipa::path(get, path = "/admin/workspaces/{id}", tag = "admin", params(("id" = WorkspaceId, Path)),
    responses((status = 200, body = AdminWorkspace), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such workspace")))]
pub async fn admin_get_workspace(
    State(ctx): State<Ctx>,
    _operator: Operator,
    Path(id): Path<WorkspaceId>,
) -> ApiResult<Json<AdminWorkspace>> {
    Ok(Json(service::get(&ctx, id).await?.into()))
}

/// Put a workspace on another plan. For operators.
#[utoipa::path(patch, path = "/admin/workspaces/{id}", tag = "admin", params(("id" = WorkspaceId, Path)),
    request_body = AdminWorkspaceBody,
    responses((status = 200, body = AdminWorkspace), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such workspace"), (status = 422, description = "There is no such plan")))]
pub async fn admin_update_workspace(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<WorkspaceId>,
    Json(body): Json<AdminWorkspaceBody>,
) -> ApiResult<Json<AdminWorkspace>> {
    Ok(Json(
        service::set_plan(&ctx, &actor, id, &body.plan).await?.into(),
    ))
}
