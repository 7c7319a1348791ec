//! Incidents over HTTP.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use vitrine_kernel::id::{IncidentId, ServiceId};
use vitrine_platform::Ctx;
use vitrine_platform::web::{ApiResult, Fields, Json, ListQuery, Operator, PageReply, PagingParams, Path};

use super::model::{Affected, Incident, IncidentChange, NewIncident, Update};
use super::service::{self, IncidentFilter};
use crate::body::sent;
use crate::public::cache_headers;
use crate::status::model::{Impact, IncidentState, check_text};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_incidents, open_incident))
        .routes(routes!(get_incident, update_incident))
        .routes(routes!(add_incident_update))
}

/// A service that an incident or a maintenance touches.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AffectedService {
    pub id: ServiceId,
    pub name: String,
}

impl From<Affected> for AffectedService {
    fn from(affected: Affected) -> Self {
        Self {
            id: affected.id,
            name: affected.name,
        }
    }
}

/// A step of an incident.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct IncidentUpdate {
    pub id: Uuid,
    pub state: IncidentState,
    pub body: String,
    pub created_at: DateTime<Utc>,
}

impl From<Update> for IncidentUpdate {
    fn from(update: Update) -> Self {
        Self {
            id: update.id,
            state: update.state,
            body: update.body,
            created_at: update.created_at,
        }
    }
}

/// Something that went wrong, told step by step.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Incident)]
pub struct IncidentReply {
    pub id: IncidentId,
    pub title: String,
    pub impact: Impact,
    /// That of the newest update.
    pub state: IncidentState,
    /// The services it touches.
    pub services: Vec<AffectedService>,
    /// Newest first.
    pub updates: Vec<IncidentUpdate>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub resolved_at: Option<DateTime<Utc>>,
}

impl From<Incident> for IncidentReply {
    fn from(incident: Incident) -> Self {
        Self {
            id: incident.id,
            title: incident.title,
            impact: incident.impact,
            state: incident.state,
            services: incident.services.into_iter().map(Into::into).collect(),
            updates: incident.updates.into_iter().map(Into::into).collect(),
            created_at: incident.created_at,
            updated_at: incident.updated_at,
            resolved_at: incident.resolved_at,
        }
    }
}

/// An incident to open.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    impact: Impact,
    /// `investigating` when absent.
    state: Option<IncidentState>,
    /// What is known so far.
    #[schema(min_length = 1, max_length = 5000)]
    body: String,
    /// The services it touches, 50 at most. They are told to be as the impact says.
    #[schema(max_items = 50)]
    service_ids: Option<Vec<ServiceId>>,
}

/// What to correct of an incident; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentChangeBody {
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    title: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false)]
    impact: Option<Impact>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, max_items = 50)]
    service_ids: Option<Vec<ServiceId>>,
}

/// The next step of an incident.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentUpdateBody {
    state: IncidentState,
    #[schema(min_length = 1, max_length = 5000)]
    body: String,
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IncidentFilters {
    #[param(inline)]
    state: Option<IncidentState>,
    /// `true`: those that are not resolved; `false`: the others.
    open: Option<bool>,
}

/// List incidents, newest first.
///
/// Sorts: `created_at`, `updated_at`.
#[utoipa::path(get, path = "/status/incidents", tag = "status", security(()), params(PagingParams, IncidentFilters),
    responses((status = 200, body = PageReply<IncidentReply>), (status = 422, description = "A parameter is not valid")))]
pub async fn list_incidents(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    query: ListQuery<IncidentFilters>,
) -> ApiResult<impl IntoResponse> {
    let filter = IncidentFilter {
        state: query.filters.state,
        is_open: query.filters.open,
    };
    let page = service::list(&ctx, filter, &query.paging).await?;
    let page = PageReply::new(&ctx, page.map(IncidentReply::from));
    Ok((cache_headers(&ctx, &headers), Json(page)))
}

/// Open an incident. For operators.
///
/// Its services are told to be as the impact says; subscribers get a letter.
#[utoipa::path(post, path = "/status/incidents", tag = "status", request_body = IncidentBody,
    responses((status = 201, body = IncidentReply, headers(("Location" = String, description = "Path of the new incident"))),
        (status = 403, description = "Only operators may do this"), (status = 422, description = "Some fields are not valid")))]
pub async fn open_incident(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Json(body): Json<IncidentBody>,
) -> ApiResult<impl IntoResponse> {
    let state = body.state.unwrap_or(IncidentState::Investigating);
    let services = body.service_ids.unwrap_or_default();
    let new = NewIncident::check(&body.title, body.impact, state, &body.body, services)?;
    let incident = service::open(&ctx, &actor, new).await?;
    let location = format!("/api/v1/status/incidents/{}", incident.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(IncidentReply::from(incident)),
    ))
}

/// Get an incident.
#[utoipa::path(get, path = "/status/incidents/{id}", tag = "status", security(()), params(("id" = IncidentId, Path)),
    responses((status = 200, body = IncidentReply), (status = 404, description = "No such incident")))]
pub async fn get_incident(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    Path(id): Path<IncidentId>,
) -> ApiResult<impl IntoResponse> {
    let incident = service::get(&ctx, id).await?;
    Ok((cache_headers(&ctx, &headers), Json(IncidentReply::from(incident))))
}

/// Correct an incident's title, impact or services. For operators.
///
/// What happens next is told by an update instead; this sends no letters.
#[utoipa::path(patch, path = "/status/incidents/{id}", tag = "status", params(("id" = IncidentId, Path)),
    request_body = IncidentChangeBody,
    responses((status = 200, body = IncidentReply), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such incident"), (status = 422, description = "Some fields are not valid")))]
pub async fn update_incident(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<IncidentId>,
    Json(body): Json<IncidentChangeBody>,
) -> ApiResult<Json<IncidentReply>> {
    let change = IncidentChange::check(body.title.as_deref(), body.impact, body.service_ids)?;
    Ok(Json(service::update(&ctx, &actor, id, change).await?.into()))
}

/// Tell the next step of an incident. For operators.
///
/// `resolved` ends it: its services are operational again unless something else was said of them since. Any other state
/// opens it again. Subscribers get a letter.
#[utoipa::path(post, path = "/status/incidents/{id}/updates", tag = "status", params(("id" = IncidentId, Path)),
    request_body = IncidentUpdateBody,
    responses((status = 201, body = IncidentReply, headers(("Location" = String, description = "Path of the incident"))),
        (status = 403, description = "Only operators may do this"), (status = 404, description = "No such incident"),
        (status = 422, description = "Some fields are not valid")))]
pub async fn add_incident_update(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<IncidentId>,
    Json(body): Json<IncidentUpdateBody>,
) -> ApiResult<impl IntoResponse> {
    let mut fields = Fields::new();
    let text = check_text(&mut fields, "body", Some(&body.body), true);
    fields.finish()?;
    let incident = service::add_update(&ctx, &actor, id, body.state, &text.unwrap_or_default()).await?;
    let location = format!("/api/v1/status/incidents/{id}");
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(IncidentReply::from(incident)),
    ))
}
