//! Services over HTTP.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::ServiceId;
use vitrine_platform::Ctx;
use vitrine_platform::web::{ApiResult, Json, ListQuery, Operator, PageReply, PagingParams, Path};

use super::service::{self, ServiceChange};
use crate::body::sent;
use crate::public::cache_headers;
use crate::status::board::Seen;
use crate::status::model::Status;
use crate::status::uptime;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_services, create_service))
        .routes(routes!(get_service, update_service, delete_service))
}

/// A part of the offer, and how it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Service)]
pub struct ServiceReply {
    pub id: ServiceId,
    pub name: String,
    pub description: String,
    /// Where it stands on the page, smallest first.
    pub position: i64,
    /// Vitrine reports it itself; it cannot be deleted.
    pub is_builtin: bool,
    /// The worse of its newest event and a maintenance window that is open.
    pub status: Status,
    /// Since when its newest event says so.
    pub status_since: DateTime<Utc>,
    /// Share of the last 90 days (or since it was made) without an outage, in percent, rounded down to three decimals;
    /// time in maintenance does not count as one. Null in its first moment.
    pub uptime_percent: Option<f64>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Seen> for ServiceReply {
    fn from(seen: Seen) -> Self {
        Self {
            id: seen.service.id,
            name: seen.service.name,
            description: seen.service.description,
            position: seen.service.position,
            is_builtin: seen.service.builtin.is_some(),
            status: seen.status,
            status_since: seen.service.told_at,
            uptime_percent: seen.history.share().map(uptime::percent),
            created_at: seen.service.created_at,
            updated_at: seen.service.updated_at,
        }
    }
}

/// A day of UTC in a service's life.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UptimeDay {
    pub date: NaiveDate,
    /// Null before the service was there.
    pub uptime_percent: Option<f64>,
    /// Seconds in an outage.
    pub down_seconds: f64,
    /// The worst state of the day; null before the service was there.
    pub worst: Option<Status>,
}

/// A service with its last 90 days.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ServiceDetail {
    #[serde(flatten)]
    pub service: ServiceReply,
    /// 90 of them, oldest first; the last one is today.
    pub days: Vec<UptimeDay>,
}

impl From<Seen> for ServiceDetail {
    fn from(seen: Seen) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a day in microseconds is far below 2^53"
        )]
        let day = |day: &uptime::Day| UptimeDay {
            date: day.date,
            uptime_percent: day.share().map(uptime::percent),
            down_seconds: day.down_us as f64 / 1e6,
            worst: day.worst,
        };
        Self {
            days: seen.history.days.iter().map(day).collect(),
            service: seen.into(),
        }
    }
}

/// A service to make.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceBody {
    /// 1 to 100 characters; no two services have the same.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it is, for visitors; empty when absent.
    #[schema(max_length = 5000)]
    description: Option<String>,
    /// Where it stands on the page, smallest first; 100 when absent.
    #[schema(minimum = 0, maximum = 10000)]
    position: Option<i64>,
}

/// Fields of a service to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceChangeBody {
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    name: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, max_length = 5000)]
    description: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, minimum = 0, maximum = 10000)]
    position: Option<i64>,
}

/// List the services of the status page.
///
/// Sorts: `created_at`, `name`, `position`.
#[utoipa::path(get, path = "/status/services", tag = "status", security(()), params(PagingParams),
    responses((status = 200, body = PageReply<ServiceReply>), (status = 422, description = "A parameter is not valid")))]
pub async fn list_services(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    query: ListQuery,
) -> ApiResult<impl IntoResponse> {
    let page = service::list(&ctx, &query.paging).await?;
    let page = PageReply::new(&ctx, page.map(ServiceReply::from));
    Ok((cache_headers(&ctx, &headers), Json(page)).into_response())
}

/// Make a service. For operators.
#[utoipa::path(post, path = "/status/services", tag = "status", request_body = ServiceBody,
    responses((status = 201, body = ServiceDetail, headers(("Location" = String, description = "Path of the new service"))),
        (status = 403, description = "Only operators may do this"),
        (status = 409, description = "There is one with this name"),
        (status = 422, description = "Some fields are not valid")))]
pub async fn create_service(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Json(body): Json<ServiceBody>,
) -> ApiResult<impl IntoResponse> {
    let new = ServiceChange::check(Some(&body.name), body.description.as_deref(), body.position)?;
    let made = service::create(&ctx, &actor, new).await?;
    let location = format!("/api/v1/status/services/{}", made.service.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(ServiceDetail::from(made)),
    ))
}

/// Get a service with its last 90 days.
#[utoipa::path(get, path = "/status/services/{id}", tag = "status", security(()), params(("id" = ServiceId, Path)),
    responses((status = 200, body = ServiceDetail), (status = 404, description = "No such service")))]
pub async fn get_service(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    Path(id): Path<ServiceId>,
) -> ApiResult<impl IntoResponse> {
    let seen = service::get(&ctx, id).await?;
    Ok((cache_headers(&ctx, &headers), Json(ServiceDetail::from(seen))).into_response())
}

/// Rename, describe or move a service. For operators.
#[utoipa::path(patch, path = "/status/services/{id}", tag = "status", params(("id" = ServiceId, Path)),
    request_body = ServiceChangeBody,
    responses((status = 200, body = ServiceDetail), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such service"), (status = 409, description = "There is one with this name"),
        (status = 422, description = "Some fields are not valid")))]
pub async fn update_service(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<ServiceId>,
    Json(body): Json<ServiceChangeBody>,
) -> ApiResult<Json<ServiceDetail>> {
    let change = ServiceChange::check(body.name.as_deref(), body.description.as_deref(), body.position)?;
    Ok(Json(service::update(&ctx, &actor, id, change).await?.into()))
}

/// Take a service off the page, with everything that was told of it. For operators.
#[utoipa::path(delete, path = "/status/services/{id}", tag = "status", params(("id" = ServiceId, Path)),
    responses((status = 204, description = "It is gone"), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such service"), (status = 409, description = "Vitrine reports it itself")))]
pub async fn delete_service(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<ServiceId>,
) -> ApiResult<StatusCode> {
    service::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
