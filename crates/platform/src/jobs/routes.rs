//! `GET /jobs`, `GET /jobs/{id}`, `POST /jobs/{id}/cancel`, `POST /jobs/{id}/retry`.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use vitrine_kernel::id::JobId;

use super::Priority;
use super::model::JobView;
use super::service::{self, JobFilter};
use crate::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(get_job))
        .routes(routes!(cancel_job))
        .routes(routes!(retry_job))
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    Queued,
    Running,
    /// Failed, and waits for its next attempt.
    Retrying,
    Done,
    /// Gave up.
    Dead,
    Canceled,
}

impl JobStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Retrying => "retrying",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Canceled => "canceled",
        }
    }
}

/// What a job is about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct JobSubject {
    /// Such as `image` or `original`.
    #[serde(rename = "type")]
    pub kind: String,
    pub id: Uuid,
}

/// Why a job failed, or failed last.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct JobFailure {
    /// Stable code.
    pub code: String,
    pub message: String,
}

/// A piece of background work.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Job)]
pub struct JobReply {
    pub id: JobId,
    /// Such as `staging.stage_image`.
    pub kind: String,
    /// `queued`, `running`, `retrying` (failed, and waits for its next attempt), `done`, `dead` (gave up) or `canceled`.
    pub status: String,
    /// `urgent`, `normal` or `whenever`.
    pub priority: &'static str,
    /// 0 to 100.
    pub progress: u8,
    /// What it is doing.
    pub step: Option<String>,
    /// Attempts so far.
    pub attempt: u32,
    /// Attempts before it gives up.
    pub max_attempts: u32,
    /// The how manieth to be started of all jobs of this instance that wait, as things stand; workspaces take turns, so
    /// others that wait longer lines do not push it back. From 1; null when it does not wait, or not yet (`retrying`).
    /// When as many of the workspace run as its plan allows, the next has to wait for one of them first.
    pub queue_position: Option<u32>,
    pub subject: Option<JobSubject>,
    pub error: Option<JobFailure>,
    pub created_at: DateTime<Utc>,
    /// Start of the newest attempt.
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl From<JobView> for JobReply {
    fn from(job: JobView) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            status: job.status,
            priority: Priority::name_of(job.priority),
            progress: job.progress,
            step: job.step,
            attempt: job.attempt,
            max_attempts: job.max_attempts,
            queue_position: job.queue_position,
            subject: job.subject.map(|(kind, id)| JobSubject { kind, id }),
            error: job.error.map(|(code, message)| JobFailure { code, message }),
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        }
    }
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JobFilters {
    #[param(inline)]
    status: Option<JobStatus>,
    /// Such as `staging.stage_image`.
    kind: Option<String>,
    /// Only jobs about the thing with this id, such as an image.
    subject_id: Option<Uuid>,
}

/// The workspace's background work, newest first.
///
/// Sorts: `created_at`.
#[utoipa::path(get, path = "/jobs", tag = "jobs", params(PagingParams, JobFilters), responses((status = 200, body = PageReply<JobReply>)))]
pub async fn list_jobs(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery<JobFilters>,
) -> ApiResult<Json<PageReply<JobReply>>> {
    let JobFilters {
        status,
        kind,
        subject_id,
    } = query.filters;
    let filter = JobFilter {
        status: status.map(JobStatus::as_str),
        kind,
        subject_id,
    };
    let page = service::list(&ctx, &actor, filter, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(JobReply::from))))
}

/// One job.
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs", params(("id" = JobId, Path)), responses((status = 200, body = JobReply), (status = 404)))]
pub async fn get_job(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<JobId>,
) -> ApiResult<Json<JobReply>> {
    Ok(Json(service::get(&ctx, &actor, id).await?.into()))
}

/// Stop a job.
///
/// One that waits is canceled at once, one that runs within a second. One that has ended is a 409.
#[utoipa::path(post, path = "/jobs/{id}/cancel", tag = "jobs", params(("id" = JobId, Path)), responses((status = 200, body = JobReply), (status = 404), (status = 409)))]
pub async fn cancel_job(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<JobId>,
) -> ApiResult<Json<JobReply>> {
    Ok(Json(service::cancel(&ctx, &actor, id).await?.into()))
}

/// Try a failed or canceled job again.
///
/// It is queued as if it were new. One that waits, runs or is done is a 409.
#[utoipa::path(post, path = "/jobs/{id}/retry", tag = "jobs", params(("id" = JobId, Path)), responses((status = 200, body = JobReply), (status = 404), (status = 409)))]
pub async fn retry_job(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<JobId>,
) -> ApiResult<Json<JobReply>> {
    Ok(Json(service::retry(&ctx, &actor, id).await?.into()))
}
