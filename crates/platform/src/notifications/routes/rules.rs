//! `/notifications/rules`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{NotificationRuleId, ProjectId, WorkspaceId};

use crate::notifications::rules::{self, Draft, Rule};
use crate::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use crate::{Actor, Ctx};

pub(super) fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_notification_rules, create_notification_rule))
        .routes(routes!(
            get_notification_rule,
            update_notification_rule,
            delete_notification_rule
        ))
}

/// When something happens in the workspace, tell me here.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NotificationRule)]
pub struct RuleReply {
    pub id: NotificationRuleId,
    /// Where it listens.
    pub workspace_id: WorkspaceId,
    pub name: String,
    /// Code of the kind of notification it follows.
    pub kind: String,
    /// Only what is about this project; null: everything.
    pub project_id: Option<ProjectId>,
    /// Only when this state was reached, such as `error`; null: any.
    pub status: Option<String>,
    pub in_app: bool,
    pub email: bool,
    /// After it fired it keeps quiet this long.
    pub cooldown_minutes: u32,
    pub is_enabled: bool,
    pub last_fired_at: Option<DateTime<Utc>>,
    pub fired_count: u32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Rule> for RuleReply {
    fn from(rule: Rule) -> Self {
        let wish = rule.wish;
        Self {
            id: rule.id,
            workspace_id: rule.workspace_id,
            name: wish.name,
            kind: wish.kind,
            project_id: wish.project_id,
            status: wish.status,
            in_app: wish.in_app,
            email: wish.email,
            cooldown_minutes: wish.cooldown_minutes,
            is_enabled: wish.is_enabled,
            last_fired_at: rule.last_fired_at,
            fired_count: rule.fired_count,
            created_at: rule.created_at,
            updated_at: rule.updated_at,
        }
    }
}

/// A rule to make, for the workspace of the request.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct RuleBody {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Code of a kind with `is_shared` in `GET /notifications/preferences`.
    kind: String,
    /// Only what is about this project.
    project_id: Option<ProjectId>,
    /// Only when this state was reached, such as `error`.
    #[schema(max_length = 40)]
    status: Option<String>,
    /// True when absent.
    in_app: Option<bool>,
    /// False when absent.
    email: Option<bool>,
    /// Minutes it keeps quiet after it fired, up to a week; 0 when absent.
    #[schema(minimum = 0, maximum = 10080)]
    cooldown_minutes: Option<u32>,
    /// True when absent.
    is_enabled: Option<bool>,
}

/// Fields of a rule to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct RuleChangeBody {
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    kind: Option<String>,
    /// Null takes the condition away.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<ProjectId>)]
    project_id: Option<Option<ProjectId>>,
    /// Null takes the condition away.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, max_length = 40)]
    status: Option<Option<String>>,
    in_app: Option<bool>,
    email: Option<bool>,
    #[schema(minimum = 0, maximum = 10080)]
    cooldown_minutes: Option<u32>,
    is_enabled: Option<bool>,
}

/// Tells a field that is null from one that is absent.
fn sent<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

impl From<RuleBody> for Draft {
    fn from(body: RuleBody) -> Self {
        Self {
            name: Some(body.name),
            kind: Some(body.kind),
            project_id: Some(body.project_id),
            status: Some(body.status),
            in_app: body.in_app,
            email: body.email,
            cooldown_minutes: body.cooldown_minutes,
            is_enabled: body.is_enabled,
        }
    }
}

impl From<RuleChangeBody> for Draft {
    fn from(body: RuleChangeBody) -> Self {
        Self {
            name: body.name,
            kind: body.kind,
            project_id: body.project_id,
            status: body.status,
            in_app: body.in_app,
            email: body.email,
            cooldown_minutes: body.cooldown_minutes,
            is_enabled: body.is_enabled,
        }
    }
}

/// What the account follows in this workspace.
///
/// Sorts: `created_at`, `name`.
#[utoipa::path(get, path = "/notifications/rules", tag = "notifications", params(PagingParams),
    responses((status = 200, body = PageReply<RuleReply>)))]
pub async fn list_notification_rules(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery,
) -> ApiResult<Json<PageReply<RuleReply>>> {
    let page = rules::list(&ctx, &actor, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(RuleReply::from))))
}

/// Follow something.
#[utoipa::path(post, path = "/notifications/rules", tag = "notifications", request_body = RuleBody,
    responses((status = 201, body = RuleReply, headers(("Location" = String, description = "Path of the new rule"))),
        (status = 409, description = "There are 100 already"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn create_notification_rule(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<RuleBody>,
) -> ApiResult<impl IntoResponse> {
    let rule = rules::create(&ctx, &actor, body.into()).await?;
    let location = format!("/api/v1/notifications/rules/{}", rule.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(RuleReply::from(rule)),
    ))
}

/// One rule.
#[utoipa::path(get, path = "/notifications/rules/{id}", tag = "notifications", params(("id" = NotificationRuleId, Path)),
    responses((status = 200, body = RuleReply), (status = 404)))]
pub async fn get_notification_rule(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<NotificationRuleId>,
) -> ApiResult<Json<RuleReply>> {
    Ok(Json(rules::get(&ctx, &actor, id).await?.into()))
}

/// Change a rule.
#[utoipa::path(patch, path = "/notifications/rules/{id}", tag = "notifications", params(("id" = NotificationRuleId, Path)),
    request_body = RuleChangeBody,
    responses((status = 200, body = RuleReply), (status = 404),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn update_notification_rule(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<NotificationRuleId>,
    Json(body): Json<RuleChangeBody>,
) -> ApiResult<Json<RuleReply>> {
    Ok(Json(rules::update(&ctx, &actor, id, body.into()).await?.into()))
}

/// Delete a rule.
#[utoipa::path(delete, path = "/notifications/rules/{id}", tag = "notifications", params(("id" = NotificationRuleId, Path)),
    responses((status = 204), (status = 404)))]
pub async fn delete_notification_rule(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<NotificationRuleId>,
) -> ApiResult<StatusCode> {
    rules::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
