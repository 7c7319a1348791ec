//! `GET /status`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_platform::Ctx;
use vitrine_platform::web::{ApiResult, Json};

use crate::public::cache_headers;
use crate::status::incidents::routes::IncidentReply;
use crate::status::maintenance::routes::MaintenanceReply;
use crate::status::model::Status;
use crate::status::services::routes::ServiceReply;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(get_status))
}

/// How everything is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StatusBoard {
    /// The worst of all services; `operational` without any.
    pub status: Status,
    /// In the order of the page.
    pub services: Vec<ServiceReply>,
    /// Those that are open, and those that were resolved in the last 14 days; newest first.
    pub incidents: Vec<IncidentReply>,
    /// What is planned, open, or was over in the last 14 days; the next one first.
    pub maintenance: Vec<MaintenanceReply>,
    /// When the newest of it happened.
    pub updated_at: DateTime<Utc>,
}

/// How everything is.
///
/// May be kept for as long as `Cache-Control` says; `If-None-Match` costs next to nothing after that.
#[utoipa::path(get, path = "/status", tag = "status", security(()), responses((status = 200, body = StatusBoard)))]
pub async fn get_status(State(ctx): State<Ctx>, headers: HeaderMap) -> ApiResult<impl IntoResponse> {
    let board = super::load(&ctx).await?;
    let now = ctx.now();
    let reply = StatusBoard {
        status: board.status,
        services: board.services.into_iter().map(Into::into).collect(),
        incidents: board.incidents.into_iter().map(Into::into).collect(),
        maintenance: board
            .maintenance
            .into_iter()
            .map(|one| MaintenanceReply::new(one, now))
            .collect(),
        updated_at: board.updated_at,
    };
    Ok((cache_headers(&ctx, &headers), Json(reply)))
}
