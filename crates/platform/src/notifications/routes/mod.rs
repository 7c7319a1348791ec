//! `/notifications`.

mod preferences;
mod rules;
mod schedules;

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{NotificationId, WorkspaceId};

use super::model::Notification;
use super::service::{self, NotificationFilter};
use crate::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_notifications))
        .routes(routes!(count_unread_notifications))
        .routes(routes!(read_all_notifications))
        .routes(routes!(get_notification))
        .routes(routes!(read_notification))
        .merge(preferences::router())
        .merge(schedules::router())
        .merge(rules::router())
}

/// Something the account was told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Notification)]
pub struct NotificationReply {
    pub id: NotificationId,
    /// Where it happened; null for what concerns the account alone.
    pub workspace_id: Option<WorkspaceId>,
    /// Such as `staging.image_ready`; `GET /notifications/preferences` lists all kinds.
    pub kind: String,
    pub title: String,
    /// What else is to be said; may be empty.
    pub body: String,
    /// Path within the app to look at.
    pub link: Option<String>,
    /// How many things it tells of; things of one group join one notification until it is read.
    pub count: u32,
    pub created_at: DateTime<Utc>,
    /// When the last thing joined it.
    pub updated_at: DateTime<Utc>,
    /// Null while it is unread.
    pub read_at: Option<DateTime<Utc>>,
}

impl From<Notification> for NotificationReply {
    fn from(notification: Notification) -> Self {
        Self {
            id: notification.id,
            workspace_id: notification.workspace_id,
            kind: notification.kind,
            title: notification.title,
            body: notification.body,
            link: notification.link,
            count: notification.count,
            created_at: notification.created_at,
            updated_at: notification.updated_at,
            read_at: notification.read_at,
        }
    }
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NotificationFilters {
    /// `true`: only unread ones; `false`: only read ones.
    unread: Option<bool>,
    /// Only this kind.
    kind: Option<String>,
}

/// What is unread.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnreadCount {
    pub unread: u32,
}

/// What was marked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReadAll {
    /// Notifications that were unread until now.
    pub read: u64,
}

/// What the account was told, newest first.
///
/// They belong to the account, whatever workspace is named. Sorts: `created_at`, `updated_at`.
#[utoipa::path(get, path = "/notifications", tag = "notifications", params(PagingParams, NotificationFilters),
    responses((status = 200, body = PageReply<NotificationReply>),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list_notifications(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery<NotificationFilters>,
) -> ApiResult<Json<PageReply<NotificationReply>>> {
    let filter = NotificationFilter {
        is_unread: query.filters.unread,
        kind: query.filters.kind,
    };
    let page = service::list(&ctx, &actor, filter, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(NotificationReply::from))))
}

/// How many notifications are unread.
#[utoipa::path(get, path = "/notifications/unread-count", tag = "notifications", responses((status = 200, body = UnreadCount)))]
pub async fn count_unread_notifications(
    State(ctx): State<Ctx>,
    actor: Actor,
) -> ApiResult<Json<UnreadCount>> {
    let unread = service::count_unread(&ctx, &actor).await?;
    Ok(Json(UnreadCount { unread }))
}

/// Mark everything as read.
#[utoipa::path(post, path = "/notifications/read-all", tag = "notifications", responses((status = 200, body = ReadAll)))]
pub async fn read_all_notifications(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<ReadAll>> {
    let read = service::read_all(&ctx, &actor).await?;
    Ok(Json(ReadAll { read }))
}

/// One notification.
#[utoipa::path(get, path = "/notifications/{id}", tag = "notifications", params(("id" = NotificationId, Path)),
    responses((status = 200, body = NotificationReply), (status = 404)))]
pub async fn get_notification(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<NotificationId>,
) -> ApiResult<Json<NotificationReply>> {
    Ok(Json(service::get(&ctx, &actor, id).await?.into()))
}

/// Mark a notification as read.
///
/// One that was read keeps the moment it was read at first.
#[utoipa::path(post, path = "/notifications/{id}/read", tag = "notifications", params(("id" = NotificationId, Path)),
    responses((status = 200, body = NotificationReply), (status = 404)))]
pub async fn read_notification(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<NotificationId>,
) -> ApiResult<Json<NotificationReply>> {
    Ok(Json(service::read(&ctx, &actor, id).await?.into()))
}
