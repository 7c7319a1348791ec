//! Events over HTTP.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{IncidentId, ServiceId, StatusEventId};
use vitrine_platform::Ctx;
use vitrine_platform::web::{ApiResult, Fields, Json, ListQuery, Operator, PageReply, PagingParams, Path};

use super::service::{self, EventFilter};
use crate::public::cache_headers;
use crate::status::model::{Event, Source, Status, check_text};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_status_events, create_status_event))
        .routes(routes!(get_status_event))
}

/// Something that was told of a service.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StatusEvent)]
pub struct EventReply {
    pub id: StatusEventId,
    pub service_id: ServiceId,
    pub service_name: String,
    pub status: Status,
    pub description: String,
    pub source: Source,
    pub incident_id: Option<IncidentId>,
    pub created_at: DateTime<Utc>,
}

impl From<Event> for EventReply {
    fn from(event: Event) -> Self {
        Self {
            id: event.id,
            service_id: event.service_id,
            service_name: event.service_name,
            status: event.status,
            description: event.description,
            source: event.source,
            incident_id: event.incident_id,
            created_at: event.created_at,
        }
    }
}

/// How a service is from now on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventBody {
    service_id: ServiceId,
    status: Status,
    /// For visitors; empty when absent.
    #[schema(max_length = 5000)]
    description: Option<String>,
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventFilters {
    service_id: Option<ServiceId>,
    #[param(inline)]
    status: Option<Status>,
    incident_id: Option<IncidentId>,
}

/// What was told of services, newest first.
///
/// Sorts: `created_at`.
#[utoipa::path(get, path = "/status/events", tag = "status", security(()), params(PagingParams, EventFilters),
    responses((status = 200, body = PageReply<EventReply>), (status = 422, description = "A parameter is not valid")))]
pub async fn list_status_events(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    query: ListQuery<EventFilters>,
) -> ApiResult<impl IntoResponse> {
    let filter = EventFilter {
        service_id: query.filters.service_id,
        status: query.filters.status,
        incident_id: query.filters.incident_id,
    };
    let page = service::list(&ctx, filter, &query.paging).await?;
    let page = PageReply::new(&ctx, page.map(EventReply::from));
    Ok((cache_headers(&ctx, &headers), Json(page)))
}

/// Say how a service is. For operators.
#[utoipa::path(post, path = "/status/events", tag = "status", request_body = EventBody,
    responses((status = 201, body = EventReply, headers(("Location" = String, description = "Path of the new event"))),
        (status = 403, description = "Only operators may do this"), (status = 422, description = "Some fields are not valid")))]
pub async fn create_status_event(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Json(body): Json<EventBody>,
) -> ApiResult<impl IntoResponse> {
    let mut fields = Fields::new();
    let description = check_text(&mut fields, "description", body.description.as_deref(), false);
    fields.finish()?;
    let description = description.unwrap_or_default();
    let event = service::create(&ctx, &actor, body.service_id, body.status, &description).await?;
    let location = format!("/api/v1/status/events/{}", event.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(EventReply::from(event)),
    ))
}

/// Get an event.
#[utoipa::path(get, path = "/status/events/{id}", tag = "status", security(()), params(("id" = StatusEventId, Path)),
    responses((status = 200, body = EventReply), (status = 404, description = "No such event")))]
pub async fn get_status_event(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    Path(id): Path<StatusEventId>,
) -> ApiResult<impl IntoResponse> {
    let event = service::get(&ctx, id).await?;
    Ok((cache_headers(&ctx, &headers), Json(EventReply::from(event))))
}
