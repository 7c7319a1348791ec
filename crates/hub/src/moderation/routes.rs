//! Flags and moderation over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use vitrine_kernel::id::{CommentId, FlagId, PostId};
use vitrine_platform::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::model::{Decision, Flag, FlagReason, Item, SubjectKind, checked_note};
use super::{flags, service};
use crate::author::Author;
use crate::markdown;
use crate::posts::model::PostState;

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(flag_post))
        .routes(routes!(flag_comment))
        .routes(routes!(list_moderation))
        .routes(routes!(decide_moderation))
}

/// What is wrong with a post or comment.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagBody {
    reason: FlagReason,
    /// For the moderators, at most 1000 characters.
    #[schema(max_length = 1_000)]
    note: Option<String>,
}

/// A flag, which only moderators see.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Flag)]
pub struct FlagReply {
    pub id: FlagId,
    pub reason: FlagReason,
    pub note: String,
    pub created_at: DateTime<Utc>,
}

impl From<Flag> for FlagReply {
    fn from(flag: Flag) -> Self {
        Self {
            id: flag.id,
            reason: flag.reason,
            note: flag.note,
            created_at: flag.created_at,
        }
    }
}

/// A post or comment as moderators see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ModerationItem {
    /// Of the post or comment.
    pub id: Uuid,
    pub kind: SubjectKind,
    /// The post itself, or the one commented on.
    pub post_id: PostId,
    /// Title of the post.
    pub title: String,
    /// Markdown, as it was written.
    pub body: String,
    /// The same as HTML that is safe to show.
    pub body_html: String,
    pub author: Author,
    pub state: PostState,
    /// Whether the post is locked.
    pub is_locked: bool,
    /// Flags that are not settled.
    pub flag_count: u64,
    /// The same one by one, without who they are from.
    pub flags: Vec<FlagReply>,
    pub created_at: DateTime<Utc>,
}

impl From<Item> for ModerationItem {
    fn from(item: Item) -> Self {
        Self {
            id: item.id,
            kind: item.kind,
            post_id: item.post_id,
            title: item.title,
            body_html: markdown::render(&item.body),
            body: item.body,
            author: item.author,
            state: item.state,
            is_locked: item.is_locked,
            flag_count: item.flag_count,
            flags: item.flags.into_iter().map(FlagReply::from).collect(),
            created_at: item.created_at,
        }
    }
}

/// What becomes of a post or comment.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    decision: Decision,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ModerationFilters {
    /// `true` lists what was removed instead of what waits for a decision.
    removed: Option<bool>,
}

/// Tell the moderators about a post. Once per account.
#[utoipa::path(
    post,
    path = "/community/posts/{id}/flags",
    tag = "community",
    params(("id" = PostId, Path)),
    request_body = FlagBody,
    responses(
        (status = 201, body = FlagReply),
        (status = 403, description = "Your own post", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such post, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "You flagged it before", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn flag_post(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(post): Path<PostId>,
    Json(body): Json<FlagBody>,
) -> ApiResult<impl IntoResponse> {
    let note = checked_note(body.note.as_deref())?;
    let flag = flags::on_post(&ctx, &actor, post, body.reason, note).await?;
    Ok((StatusCode::CREATED, Json(FlagReply::from(flag))))
}

/// Tell the moderators about a comment. Once per account.
#[utoipa::path(
    post,
    path = "/community/posts/{id}/comments/{comment_id}/flags",
    tag = "community",
    params(("id" = PostId, Path), ("comment_id" = CommentId, Path)),
    request_body = FlagBody,
    responses(
        (status = 201, body = FlagReply),
        (status = 403, description = "Your own comment", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such comment, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "You flagged it before", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn flag_comment(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((post, comment)): Path<(PostId, CommentId)>,
    Json(body): Json<FlagBody>,
) -> ApiResult<impl IntoResponse> {
    let note = checked_note(body.note.as_deref())?;
    let flag = flags::on_comment(&ctx, &actor, post, comment, body.reason, note).await?;
    Ok((StatusCode::CREATED, Json(FlagReply::from(flag))))
}

/// List what waits for a moderator, or what was removed. For operators.
///
/// Sorts: `created_at`, `flag_count`.
#[utoipa::path(
    get,
    path = "/community/moderation",
    tag = "community",
    params(PagingParams, ModerationFilters),
    responses(
        (status = 200, body = PageReply<ModerationItem>),
        (status = 403, description = "Only operators may see it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn list_moderation(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery<ModerationFilters>,
) -> ApiResult<Json<PageReply<ModerationItem>>> {
    let removed = query.filters.removed.unwrap_or(false);
    let page = service::list(&ctx, &actor, removed, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(ModerationItem::from))))
}

/// Decide about a post or comment. For operators.
#[utoipa::path(
    post,
    path = "/community/moderation/{id}",
    tag = "community",
    params(("id" = Uuid, Path, description = "Of the post or comment")),
    request_body = DecisionBody,
    responses(
        (status = 200, body = ModerationItem),
        (status = 404, description = "No such post or comment, or not for you", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Its author has deleted it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn decide_moderation(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(body): Json<DecisionBody>,
) -> ApiResult<Json<ModerationItem>> {
    Ok(Json(
        service::decide(&ctx, &actor, id, body.decision).await?.into(),
    ))
}
