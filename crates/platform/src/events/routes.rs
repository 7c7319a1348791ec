//! `POST /events/ticket`, `GET /events`.

use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{ImageId, JobId, ProjectId};

use super::model::StreamFilter;
use super::stream::EventStream;
use super::ticket::{self, EXPIRES_IN_S, Listener};
use crate::web::{ApiResult, Json, Problem, Query};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(create_event_ticket))
        .routes(routes!(stream_events))
}

/// A ticket for one event stream.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EventTicket {
    /// Goes into `GET /events?ticket=`, once.
    #[schema(format = Password)]
    pub ticket: String,
    /// Seconds it is good for.
    pub expires_in: u32,
}

/// Get a ticket for one event stream.
///
/// For clients that cannot send headers with a stream, such as the browser's `EventSource`. Good for one minute and one
/// stream, of the workspace that this request names.
#[utoipa::path(post, path = "/events/ticket", tag = "events", responses((status = 200, body = EventTicket)))]
pub async fn create_event_ticket(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<EventTicket>> {
    let ticket = ticket::issue(&ctx, &actor).await?;
    Ok(Json(EventTicket {
        ticket,
        expires_in: EXPIRES_IN_S,
    }))
}

/// What a stream covers.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StreamParams {
    /// Only news of this image.
    image_id: Option<ImageId>,
    /// Only news of this project.
    project_id: Option<ProjectId>,
    /// Only news of this job and the image it makes.
    job_id: Option<JobId>,
    /// From `POST /events/ticket`, instead of an access token.
    ticket: Option<String>,
    /// Id of the last event the client got, instead of the header `Last-Event-ID`.
    last_event_id: Option<String>,
}

/// Whoever may listen: with a ticket, or with an access token.
pub struct Ear {
    listener: Listener,
    params: StreamParams,
}

impl FromRequestParts<Ctx> for Ear {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Problem> {
        let Query(params) = Query::<StreamParams>::from_request_parts(parts, ctx).await?;
        let listener = match &params.ticket {
            Some(ticket) => ticket::take(ctx, ticket).await?,
            None => Listener::from(&<Actor as FromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?),
        };
        Ok(Self { listener, params })
    }
}

/// Follow what happens, as server-sent events.
///
/// First comes `connected` with `images` and `jobs` that the stream covers and that are not finished, or were asked for
/// by id. Then `job_update` (`image_id, project_id, status, progress, step, error`), `original_update`
/// (`original_id, status`) and others as they happen, and a `heartbeat` every 15 seconds. A client that comes back with
/// the id of the last event it got is told what it missed (`resumed` is true in `connected`), up to two days back; with
/// an id that is unknown or too old it starts afresh.
#[utoipa::path(
    get,
    path = "/events",
    tag = "events",
    params(StreamParams, ("Last-Event-ID" = Option<String>, Header, description = "Id of the last event the client got")),
    responses(
        (status = 200, description = "A stream of events", content_type = "text/event-stream", body = String),
        (status = 404, description = "An id that is not the workspace's"),
    )
)]
pub async fn stream_events(State(ctx): State<Ctx>, ear: Ear, headers: HeaderMap) -> ApiResult<Response> {
    let Ear { listener, params } = ear;
    let filter = StreamFilter {
        image_id: params.image_id,
        project_id: params.project_id,
        job_id: params.job_id,
    };
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let last = header.or(params.last_event_id.as_deref());
    let stream = EventStream::open(&ctx, listener, filter, last).await?;
    let mut response = Body::from_stream(stream.into_frames()).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that collect answers before they pass them on are told not to.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}
