//! `/notifications/schedules`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::NotificationScheduleId;

use crate::notifications::clockwork::{Unit, Weekday};
use crate::notifications::schedules::{self, Draft, Schedule, ScheduleKind};
use crate::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use crate::{Actor, Ctx};

pub(super) fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_notification_schedules, create_notification_schedule))
        .routes(routes!(
            get_notification_schedule,
            update_notification_schedule,
            delete_notification_schedule
        ))
}

/// A notification that comes by the clock.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NotificationSchedule)]
pub struct ScheduleReply {
    pub id: NotificationScheduleId,
    pub name: String,
    pub kind: ScheduleKind,
    /// What a reminder says.
    pub message: String,
    pub unit: Unit,
    /// Every so many of them.
    pub every: u32,
    /// Time of day, `HH:MM`; without effect on hours.
    pub at: String,
    /// For weeks.
    pub weekday: Weekday,
    /// Of the IANA database, such as `Europe/Berlin`.
    pub timezone: String,
    pub in_app: bool,
    pub email: bool,
    pub is_enabled: bool,
    /// Null while it is paused.
    pub next_run_at: Option<DateTime<Utc>>,
    pub last_run_at: Option<DateTime<Utc>>,
    pub run_count: u32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Schedule> for ScheduleReply {
    fn from(schedule: Schedule) -> Self {
        let plan = schedule.plan;
        let minute = plan.rhythm.at_minute;
        Self {
            id: schedule.id,
            name: plan.name,
            kind: plan.kind,
            message: plan.message,
            unit: plan.rhythm.unit,
            every: plan.rhythm.every,
            at: format!("{:02}:{:02}", minute / 60, minute % 60),
            weekday: plan.rhythm.weekday,
            timezone: plan.rhythm.timezone,
            in_app: plan.in_app,
            email: plan.email,
            is_enabled: plan.is_enabled,
            next_run_at: schedule.next_run_at,
            last_run_at: schedule.last_run_at,
            run_count: schedule.run_count,
            created_at: schedule.created_at,
            updated_at: schedule.updated_at,
        }
    }
}

/// A schedule to make.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ScheduleBody {
    /// 1 to 100 characters; the title of what is told.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    kind: ScheduleKind,
    /// What a reminder says; at most 500 characters.
    #[schema(max_length = 500)]
    message: Option<String>,
    unit: Unit,
    /// Every so many of them; 1 when absent.
    #[schema(minimum = 1)]
    every: Option<u32>,
    /// Time of day, `HH:MM`; 08:00 when absent.
    at: Option<String>,
    /// For weeks; Monday when absent.
    weekday: Option<Weekday>,
    /// Of the IANA database; UTC when absent.
    timezone: Option<String>,
    /// True when absent.
    in_app: Option<bool>,
    /// False when absent.
    email: Option<bool>,
    /// True when absent.
    is_enabled: Option<bool>,
}

/// Fields of a schedule to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ScheduleChangeBody {
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    kind: Option<ScheduleKind>,
    #[schema(max_length = 500)]
    message: Option<String>,
    unit: Option<Unit>,
    #[schema(minimum = 1)]
    every: Option<u32>,
    /// Time of day, `HH:MM`.
    at: Option<String>,
    weekday: Option<Weekday>,
    timezone: Option<String>,
    in_app: Option<bool>,
    email: Option<bool>,
    /// False pauses it; going on counts from now.
    is_enabled: Option<bool>,
}

impl From<ScheduleBody> for Draft {
    fn from(body: ScheduleBody) -> Self {
        Self {
            name: Some(body.name),
            kind: Some(body.kind),
            message: body.message,
            unit: Some(body.unit),
            every: body.every,
            at: body.at,
            weekday: body.weekday,
            timezone: body.timezone,
            in_app: body.in_app,
            email: body.email,
            is_enabled: body.is_enabled,
        }
    }
}

impl From<ScheduleChangeBody> for Draft {
    fn from(body: ScheduleChangeBody) -> Self {
        Self {
            name: body.name,
            kind: body.kind,
            message: body.message,
            unit: body.unit,
            every: body.every,
            at: body.at,
            weekday: body.weekday,
            timezone: body.timezone,
            in_app: body.in_app,
            email: body.email,
            is_enabled: body.is_enabled,
        }
    }
}

/// What the account is told by the clock.
///
/// Sorts: `created_at`, `name`.
#[utoipa::path(get, path = "/notifications/schedules", tag = "notifications", params(PagingParams),
    responses((status = 200, body = PageReply<ScheduleReply>)))]
pub async fn list_notification_schedules(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery,
) -> ApiResult<Json<PageReply<ScheduleReply>>> {
    let page = schedules::list(&ctx, &actor, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(ScheduleReply::from))))
}

/// Make a schedule.
#[utoipa::path(post, path = "/notifications/schedules", tag = "notifications", request_body = ScheduleBody,
    responses((status = 201, body = ScheduleReply, headers(("Location" = String, description = "Path of the new schedule"))),
        (status = 409, description = "There are 50 already"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn create_notification_schedule(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<ScheduleBody>,
) -> ApiResult<impl IntoResponse> {
    let schedule = schedules::create(&ctx, &actor, body.into()).await?;
    let location = format!("/api/v1/notifications/schedules/{}", schedule.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(ScheduleReply::from(schedule)),
    ))
}

/// One schedule.
#[utoipa::path(get, path = "/notifications/schedules/{id}", tag = "notifications", params(("id" = NotificationScheduleId, Path)),
    responses((status = 200, body = ScheduleReply), (status = 404)))]
pub async fn get_notification_schedule(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<NotificationScheduleId>,
) -> ApiResult<Json<ScheduleReply>> {
    Ok(Json(schedules::get(&ctx, &actor, id).await?.into()))
}

/// Change a schedule.
///
/// A new rhythm, or going on after a pause, counts from now.
#[utoipa::path(patch, path = "/notifications/schedules/{id}", tag = "notifications", params(("id" = NotificationScheduleId, Path)),
    request_body = ScheduleChangeBody,
    responses((status = 200, body = ScheduleReply), (status = 404),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn update_notification_schedule(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<NotificationScheduleId>,
    Json(body): Json<ScheduleChangeBody>,
) -> ApiResult<Json<ScheduleReply>> {
    Ok(Json(
        schedules::update(&ctx, &actor, id, body.into()).await?.into(),
    ))
}

/// Delete a schedule.
#[utoipa::path(delete, path = "/notifications/schedules/{id}", tag = "notifications", params(("id" = NotificationScheduleId, Path)),
    responses((status = 204), (status = 404)))]
pub async fn delete_notification_schedule(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<NotificationScheduleId>,
) -> ApiResult<StatusCode> {
    schedules::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
