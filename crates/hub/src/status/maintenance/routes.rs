//! Planned maintenance over HTTP.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::Time;
use vitrine_kernel::id::{MaintenanceId, ServiceId};
use vitrine_platform::Ctx;
use vitrine_platform::web::{ApiResult, Json, ListQuery, Operator, PageReply, PagingParams, Path};

use super::model::{Maintenance, MaintenanceChange};
use super::service;
use crate::body::sent;
use crate::public::cache_headers;
use crate::status::incidents::routes::AffectedService;
use crate::status::model::MaintenanceState;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_maintenance, plan_maintenance))
        .routes(routes!(get_maintenance, update_maintenance, cancel_maintenance))
}

/// A planned maintenance.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Maintenance)]
pub struct MaintenanceReply {
    pub id: MaintenanceId,
    pub title: String,
    pub description: String,
    pub state: MaintenanceState,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// When it was called off or ended early.
    pub canceled_at: Option<DateTime<Utc>>,
    pub services: Vec<AffectedService>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl MaintenanceReply {
    /// As things stand at a moment.
    pub fn new(maintenance: Maintenance, now: Time) -> Self {
        Self {
            id: maintenance.id,
            state: maintenance.state(now),
            title: maintenance.title,
            description: maintenance.description,
            starts_at: maintenance.starts_at,
            ends_at: maintenance.ends_at,
            canceled_at: maintenance.canceled_at,
            services: maintenance.services.into_iter().map(Into::into).collect(),
            created_at: maintenance.created_at,
            updated_at: maintenance.updated_at,
        }
    }
}

/// A maintenance to plan.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Empty when absent.
    #[schema(max_length = 5000)]
    description: Option<String>,
    /// Not in the past.
    starts_at: DateTime<Utc>,
    /// After `starts_at`, by 30 days at most.
    ends_at: DateTime<Utc>,
    #[schema(min_items = 1, max_items = 50)]
    service_ids: Vec<ServiceId>,
}

/// Fields of a maintenance to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceChangeBody {
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    title: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, max_length = 5000)]
    description: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false)]
    starts_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false)]
    ends_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_items = 1, max_items = 50)]
    service_ids: Option<Vec<ServiceId>>,
}

/// List planned maintenance, newest first; past and called off ones as well.
///
/// Sorts: `created_at`, `starts_at`.
#[utoipa::path(get, path = "/status/maintenance", tag = "status", security(()), params(PagingParams),
    responses((status = 200, body = PageReply<MaintenanceReply>), (status = 422, description = "A parameter is not valid")))]
pub async fn list_maintenance(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    query: ListQuery,
) -> ApiResult<impl IntoResponse> {
    let page = service::list(&ctx, &query.paging).await?;
    let now = ctx.now();
    let page = PageReply::new(&ctx, page.map(|one| MaintenanceReply::new(one, now)));
    Ok((cache_headers(&ctx, &headers), Json(page)))
}

/// Plan a maintenance. For operators.
///
/// It begins and ends by itself. Subscribers get a letter now, when it begins and when it ends.
#[utoipa::path(post, path = "/status/maintenance", tag = "status", request_body = MaintenanceBody,
    responses((status = 201, body = MaintenanceReply, headers(("Location" = String, description = "Path of the maintenance"))),
        (status = 403, description = "Only operators may do this"), (status = 422, description = "Some fields are not valid")))]
pub async fn plan_maintenance(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Json(body): Json<MaintenanceBody>,
) -> ApiResult<impl IntoResponse> {
    let times = (Some(body.starts_at), Some(body.ends_at));
    let new = MaintenanceChange::check(
        Some(&body.title),
        body.description.as_deref(),
        times,
        Some(body.service_ids),
    )?;
    let maintenance = service::plan(&ctx, &actor, new).await?;
    let location = format!("/api/v1/status/maintenance/{}", maintenance.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(MaintenanceReply::new(maintenance, ctx.now())),
    ))
}

/// Get a planned maintenance.
#[utoipa::path(get, path = "/status/maintenance/{id}", tag = "status", security(()), params(("id" = MaintenanceId, Path)),
    responses((status = 200, body = MaintenanceReply), (status = 404, description = "No such maintenance")))]
pub async fn get_maintenance(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    Path(id): Path<MaintenanceId>,
) -> ApiResult<impl IntoResponse> {
    let maintenance = service::get(&ctx, id).await?;
    Ok((
        cache_headers(&ctx, &headers),
        Json(MaintenanceReply::new(maintenance, ctx.now())),
    ))
}

/// Change a maintenance that is not over. For operators.
#[utoipa::path(patch, path = "/status/maintenance/{id}", tag = "status", params(("id" = MaintenanceId, Path)),
    request_body = MaintenanceChangeBody,
    responses((status = 200, body = MaintenanceReply), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such maintenance"), (status = 409, description = "It is over"),
        (status = 422, description = "Some fields are not valid")))]
pub async fn update_maintenance(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<MaintenanceId>,
    Json(body): Json<MaintenanceChangeBody>,
) -> ApiResult<Json<MaintenanceReply>> {
    let times = (body.starts_at, body.ends_at);
    let change = MaintenanceChange::check(
        body.title.as_deref(),
        body.description.as_deref(),
        times,
        body.service_ids,
    )?;
    let maintenance = service::update(&ctx, &actor, id, change).await?;
    Ok(Json(MaintenanceReply::new(maintenance, ctx.now())))
}

/// Call a maintenance off, or end it early. For operators.
#[utoipa::path(delete, path = "/status/maintenance/{id}", tag = "status", params(("id" = MaintenanceId, Path)),
    responses((status = 204, description = "It is called off"), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such maintenance"), (status = 409, description = "It is over")))]
pub async fn cancel_maintenance(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<MaintenanceId>,
) -> ApiResult<StatusCode> {
    service::cancel(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
