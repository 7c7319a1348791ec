//! Prepared answers over HTTP.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::CannedReplyId;
use vitrine_platform::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::{CannedReply, CannedReplyChange, service};
use crate::body::sent;

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_canned_replies, create_canned_reply))
        .routes(routes!(
            get_canned_reply,
            update_canned_reply,
            delete_canned_reply
        ))
}

/// A prepared answer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CannedReply)]
pub struct CannedReplyReply {
    pub id: CannedReplyId,
    pub title: String,
    /// Markdown to begin a reply with.
    pub body: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<CannedReply> for CannedReplyReply {
    fn from(reply: CannedReply) -> Self {
        Self {
            id: reply.id,
            title: reply.title,
            body: reply.body,
            created_at: reply.created_at,
            updated_at: reply.updated_at,
        }
    }
}

/// A prepared answer to make.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CannedReplyBody {
    /// 1 to 100 characters after trimming.
    #[schema(min_length = 1, max_length = 100)]
    title: String,
    /// Markdown, 1 to 20000 characters.
    #[schema(min_length = 1, max_length = 20_000)]
    body: String,
}

/// Fields of a prepared answer to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CannedReplyChangeBody {
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    title: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 20_000)]
    body: Option<String>,
}

/// List the prepared answers. For the staff.
#[utoipa::path(
    get,
    path = "/support/canned-replies",
    tag = "support",
    params(PagingParams),
    responses(
        (status = 200, body = PageReply<CannedReplyReply>),
        (status = 403, description = "Only the staff may see them", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn list_canned_replies(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery,
) -> ApiResult<Json<PageReply<CannedReplyReply>>> {
    let page = service::list(&ctx, &actor, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(CannedReplyReply::from))))
}

/// Prepare an answer. For the staff.
#[utoipa::path(
    post,
    path = "/support/canned-replies",
    tag = "support",
    request_body = CannedReplyBody,
    responses(
        (status = 201, body = CannedReplyReply, headers(("Location" = String, description = "Path of the new answer"))),
        (status = 403, description = "Only the staff may prepare answers", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn create_canned_reply(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<CannedReplyBody>,
) -> ApiResult<impl IntoResponse> {
    let new = CannedReplyChange::check(Some(&body.title), Some(&body.body))?;
    let made = service::create(&ctx, &actor, new).await?;
    let location = format!("/api/v1/support/canned-replies/{}", made.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(CannedReplyReply::from(made)),
    ))
}

/// Get a prepared answer. For the staff.
#[utoipa::path(
    get,
    path = "/support/canned-replies/{id}",
    tag = "support",
    params(("id" = CannedReplyId, Path)),
    responses(
        (status = 200, body = CannedReplyReply),
        (status = 404, description = "No such answer, or nothing you may see", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn get_canned_reply(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<CannedReplyId>,
) -> ApiResult<Json<CannedReplyReply>> {
    Ok(Json(service::get(&ctx, &actor, id).await?.into()))
}

/// Change a prepared answer. For the staff.
#[utoipa::path(
    patch,
    path = "/support/canned-replies/{id}",
    tag = "support",
    params(("id" = CannedReplyId, Path)),
    request_body = CannedReplyChangeBody,
    responses(
        (status = 200, body = CannedReplyReply),
        (status = 404, description = "No such answer, or nothing you may see", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn update_canned_reply(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<CannedReplyId>,
    Json(body): Json<CannedReplyChangeBody>,
) -> ApiResult<Json<CannedReplyReply>> {
    let change = CannedReplyChange::check(body.title.as_deref(), body.body.as_deref())?;
    Ok(Json(service::update(&ctx, &actor, id, change).await?.into()))
}

/// Delete a prepared answer. For the staff.
#[utoipa::path(
    delete,
    path = "/support/canned-replies/{id}",
    tag = "support",
    params(("id" = CannedReplyId, Path)),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "No such answer, or nothing you may see", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn delete_canned_reply(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<CannedReplyId>,
) -> ApiResult<StatusCode> {
    service::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
