//! Posts over HTTP.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{AccountId, PostId};
use vitrine_platform::web::{ApiResult, Fields, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::model::{Post, PostChange, PostFilter, PostState, Reader};
use super::service;
use crate::author::Author;
use crate::body::sent;
use crate::public::cache_headers;
use crate::{markdown, text};

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_posts, create_post))
        .routes(routes!(get_post, update_post, delete_post))
}

/// A post of the community.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Post)]
pub struct PostReply {
    pub id: PostId,
    pub author: Author,
    pub title: String,
    /// Markdown, as it was written.
    pub body: String,
    /// The same as HTML that is safe to show.
    pub body_html: String,
    /// Votes for it less votes against it.
    pub score: i64,
    /// Your own vote: 1, -1, or null.
    pub my_vote: Option<i64>,
    /// Comments everybody sees.
    pub comment_count: u64,
    /// Other than `visible` only for its author and for moderators.
    pub state: PostState,
    /// No more comments or changes.
    pub is_locked: bool,
    pub created_at: DateTime<Utc>,
    /// When title or body were last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<Post> for PostReply {
    fn from(post: Post) -> Self {
        Self {
            id: post.id,
            author: post.author,
            title: post.title,
            body_html: markdown::render(&post.body),
            body: post.body,
            score: post.score,
            my_vote: post.my_vote,
            comment_count: post.comment_count,
            state: post.state,
            is_locked: post.is_locked,
            created_at: post.created_at,
            updated_at: post.updated_at,
        }
    }
}

/// A post to make.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostBody {
    /// 1 to 200 characters after trimming.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Markdown, 1 to 20000 characters.
    #[schema(min_length = 1, max_length = 20_000)]
    body: String,
}

/// Fields of a post to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostChangeBody {
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    title: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 20_000)]
    body: Option<String>,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PostFilters {
    /// Posts of this account.
    author: Option<AccountId>,
    /// Text to look for in title and body, whatever the letter case.
    #[param(max_length = 100)]
    q: Option<String>,
}

/// List the posts of the community. Everybody may read them.
///
/// `sort=-created_at` is newest first, `sort=-score` the best.
#[utoipa::path(
    get,
    path = "/community/posts",
    tag = "community",
    security((), ("bearer" = [])),
    params(PagingParams, PostFilters),
    responses(
        (status = 200, body = PageReply<PostReply>),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn list_posts(
    State(ctx): State<Ctx>,
    actor: Option<Actor>,
    headers: HeaderMap,
    query: ListQuery<PostFilters>,
) -> ApiResult<impl IntoResponse> {
    let mut fields = Fields::new();
    let pattern = text::search_pattern(&mut fields, "q", query.filters.q.as_deref());
    fields.finish()?;
    let filter = PostFilter {
        author: query.filters.author,
        pattern,
    };
    let page = service::list(&ctx, Reader::of(actor.as_ref()), filter, &query.paging).await?;
    let page = PageReply::new(&ctx, page.map(PostReply::from));
    Ok((cache_headers(&ctx, &headers), Json(page)))
}

/// Post something.
#[utoipa::path(
    post,
    path = "/community/posts",
    tag = "community",
    request_body = PostBody,
    responses(
        (status = 201, body = PostReply, headers(("Location" = String, description = "Path of the new post"))),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn create_post(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<PostBody>,
) -> ApiResult<impl IntoResponse> {
    let new = PostChange::check(Some(&body.title), Some(&body.body))?;
    let post = service::create(&ctx, &actor, new).await?;
    let location = format!("/api/v1/community/posts/{}", post.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(PostReply::from(post)),
    ))
}

/// Get a post. Everybody may read it.
#[utoipa::path(
    get,
    path = "/community/posts/{id}",
    tag = "community",
    security((), ("bearer" = [])),
    params(("id" = PostId, Path)),
    responses(
        (status = 200, body = PostReply),
        (status = 404, description = "No such post, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn get_post(
    State(ctx): State<Ctx>,
    actor: Option<Actor>,
    headers: HeaderMap,
    Path(id): Path<PostId>,
) -> ApiResult<impl IntoResponse> {
    let post = service::get(&ctx, Reader::of(actor.as_ref()), id).await?;
    Ok((cache_headers(&ctx, &headers), Json(PostReply::from(post))))
}

/// Change your post.
#[utoipa::path(
    patch,
    path = "/community/posts/{id}",
    tag = "community",
    params(("id" = PostId, Path)),
    request_body = PostChangeBody,
    responses(
        (status = 200, body = PostReply),
        (status = 403, description = "Somebody else's post", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such post, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The post is locked", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn update_post(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<PostId>,
    Json(body): Json<PostChangeBody>,
) -> ApiResult<Json<PostReply>> {
    let change = PostChange::check(body.title.as_deref(), body.body.as_deref())?;
    Ok(Json(service::update(&ctx, &actor, id, change).await?.into()))
}

/// Delete your post.
#[utoipa::path(
    delete,
    path = "/community/posts/{id}",
    tag = "community",
    params(("id" = PostId, Path)),
    responses(
        (status = 204, description = "Deleted"),
        (status = 403, description = "Somebody else's post", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such post, or it is gone", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn delete_post(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<PostId>,
) -> ApiResult<StatusCode> {
    service::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
