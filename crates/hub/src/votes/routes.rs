//! Votes over HTTP.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{CommentId, PostId};
use vitrine_platform::web::{ApiResult, Json, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::Tally;

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(vote_on_post))
        .routes(routes!(vote_on_comment))
}

/// A vote.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoteBody {
    /// 1 for it, -1 against it, 0 to take your vote back.
    #[schema(minimum = -1, maximum = 1)]
    value: i64,
}

/// The sum after a vote.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VoteReply {
    /// Votes for it less votes against it.
    score: i64,
    /// Your own vote: 1, -1, or null.
    my_vote: Option<i64>,
}

impl From<Tally> for VoteReply {
    fn from(tally: Tally) -> Self {
        Self {
            score: tally.score,
            my_vote: tally.my_vote,
        }
    }
}

/// Vote on a post; a later vote takes the place of an earlier one.
#[utoipa::path(
    post,
    path = "/community/posts/{id}/votes",
    tag = "community",
    params(("id" = PostId, Path)),
    request_body = VoteBody,
    responses(
        (status = 200, body = VoteReply),
        (status = 404, description = "No such post, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn vote_on_post(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(post): Path<PostId>,
    Json(body): Json<VoteBody>,
) -> ApiResult<Json<VoteReply>> {
    let value = super::checked(body.value)?;
    Ok(Json(super::on_post(&ctx, &actor, post, value).await?.into()))
}

/// Vote on a comment; a later vote takes the place of an earlier one.
#[utoipa::path(
    post,
    path = "/community/posts/{id}/comments/{comment_id}/votes",
    tag = "community",
    params(("id" = PostId, Path), ("comment_id" = CommentId, Path)),
    request_body = VoteBody,
    responses(
        (status = 200, body = VoteReply),
        (status = 404, description = "No such comment, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn vote_on_comment(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((post, comment)): Path<(PostId, CommentId)>,
    Json(body): Json<VoteBody>,
) -> ApiResult<Json<VoteReply>> {
    let value = super::checked(body.value)?;
    let tally = super::on_comment(&ctx, &actor, post, comment, value).await?;
    Ok(Json(tally.into()))
}
