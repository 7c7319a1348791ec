//! Comments over HTTP.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{CommentId, PostId};
use vitrine_platform::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::model::{self, Comment};
use super::service;
use crate::author::Author;
use crate::body::sent;
use crate::markdown;
use crate::posts::model::{PostState, Reader};
use crate::public::cache_headers;

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_comments, create_comment))
        .routes(routes!(get_comment, update_comment, delete_comment))
}

/// A comment on a post.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Comment)]
pub struct CommentReply {
    pub id: CommentId,
    pub post_id: PostId,
    /// The comment it answers; null when it answers the post.
    pub parent_id: Option<CommentId>,
    /// Null when the comment is gone.
    pub author: Option<Author>,
    /// Markdown, as it was written; empty when the comment is gone.
    pub body: String,
    /// The same as HTML that is safe to show.
    pub body_html: String,
    /// Votes for it less votes against it.
    pub score: i64,
    /// Your own vote: 1, -1, or null.
    pub my_vote: Option<i64>,
    /// Other than `visible` when it is gone, or about to be.
    pub state: PostState,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl CommentReply {
    fn new(reader: Reader, comment: Comment) -> Self {
        let is_readable = comment.is_for(reader);
        let body = if is_readable { comment.body } else { String::new() };
        Self {
            id: comment.id,
            post_id: comment.post_id,
            parent_id: comment.parent_id,
            author: is_readable.then_some(comment.author),
            body_html: markdown::render(&body),
            body,
            score: comment.score,
            my_vote: comment.my_vote,
            state: comment.state,
            created_at: comment.created_at,
            updated_at: comment.updated_at,
        }
    }
}

/// A comment to make.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentBody {
    /// Markdown, 1 to 5000 characters.
    #[schema(min_length = 1, max_length = 5_000)]
    body: String,
    /// The comment it answers, which answers none itself.
    parent_id: Option<CommentId>,
}

/// Fields of a comment to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentChangeBody {
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 5_000)]
    body: Option<String>,
}

/// List the comments on a post. Everybody may read them.
#[utoipa::path(
    get,
    path = "/community/posts/{id}/comments",
    tag = "community",
    security((), ("bearer" = [])),
    params(("id" = PostId, Path), PagingParams),
    responses(
        (status = 200, body = PageReply<CommentReply>),
        (status = 404, description = "No such post, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn list_comments(
    State(ctx): State<Ctx>,
    actor: Option<Actor>,
    headers: HeaderMap,
    Path(post): Path<PostId>,
    query: ListQuery,
) -> ApiResult<impl IntoResponse> {
    let reader = Reader::of(actor.as_ref());
    let page = service::list(&ctx, reader, post, &query.paging).await?;
    let page = PageReply::new(&ctx, page.map(|comment| CommentReply::new(reader, comment)));
    Ok((cache_headers(&ctx, &headers), Json(page)))
}

/// Comment on a post, or answer a comment.
#[utoipa::path(
    post,
    path = "/community/posts/{id}/comments",
    tag = "community",
    params(("id" = PostId, Path)),
    request_body = CommentBody,
    responses(
        (status = 201, body = CommentReply, headers(("Location" = String, description = "Path of the new comment"))),
        (status = 404, description = "No such post, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The post is locked", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn create_comment(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(post): Path<PostId>,
    Json(body): Json<CommentBody>,
) -> ApiResult<impl IntoResponse> {
    let text = model::checked(&body.body)?;
    let comment = service::create(&ctx, &actor, post, body.parent_id, text).await?;
    let location = format!("/api/v1/community/posts/{post}/comments/{}", comment.id);
    let reply = CommentReply::new(Reader::of(Some(&actor)), comment);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(reply)))
}

/// Get a comment. Everybody may read it.
#[utoipa::path(
    get,
    path = "/community/posts/{id}/comments/{comment_id}",
    tag = "community",
    security((), ("bearer" = [])),
    params(("id" = PostId, Path), ("comment_id" = CommentId, Path)),
    responses(
        (status = 200, body = CommentReply),
        (status = 404, description = "No such comment, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn get_comment(
    State(ctx): State<Ctx>,
    actor: Option<Actor>,
    headers: HeaderMap,
    Path((post, id)): Path<(PostId, CommentId)>,
) -> ApiResult<impl IntoResponse> {
    let reader = Reader::of(actor.as_ref());
    let comment = service::get(&ctx, reader, post, id).await?;
    let reply = CommentReply::new(reader, comment);
    Ok((cache_headers(&ctx, &headers), Json(reply)))
}

/// Change your comment.
#[utoipa::path(
    patch,
    path = "/community/posts/{id}/comments/{comment_id}",
    tag = "community",
    params(("id" = PostId, Path), ("comment_id" = CommentId, Path)),
    request_body = CommentChangeBody,
    responses(
        (status = 200, body = CommentReply),
        (status = 403, description = "Somebody else's comment", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such comment, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The post is locked", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn update_comment(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((post, id)): Path<(PostId, CommentId)>,
    Json(body): Json<CommentChangeBody>,
) -> ApiResult<Json<CommentReply>> {
    let text = body.body.as_deref().map(model::checked).transpose()?;
    let comment = service::update(&ctx, &actor, post, id, text).await?;
    Ok(Json(CommentReply::new(Reader::of(Some(&actor)), comment)))
}

/// Delete your comment.
#[utoipa::path(
    delete,
    path = "/community/posts/{id}/comments/{comment_id}",
    tag = "community",
    params(("id" = PostId, Path), ("comment_id" = CommentId, Path)),
    responses(
        (status = 204, description = "Deleted"),
        (status = 403, description = "Somebody else's comment", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such comment, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn delete_comment(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((post, id)): Path<(PostId, CommentId)>,
) -> ApiResult<StatusCode> {
    service::delete(&ctx, &actor, post, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
