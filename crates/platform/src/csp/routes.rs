//! `POST /csp-report`, `GET /admin/csp-reports`.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use http::header;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use vitrine_db::{DbError, Row, values};
use vitrine_kernel::{Error, ErrorCode};

use super::{report, sql};
use crate::Ctx;
use crate::web::{ApiResult, Json, ListQuery, Operator, PageReply, PagingParams, read_body};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(report_csp_violation))
        .routes(routes!(list_csp_reports))
}

const FORMS: [&str; 3] = [
    "application/csp-report",
    "application/reports+json",
    "application/json",
];

/// For browsers: what the content security policy stopped.
///
/// Takes `application/csp-report` and `application/reports+json`. What is no report is ignored.
#[utoipa::path(post, path = "/csp-report", tag = "platform", security(()),
    request_body(content(
        (serde_json::Value = "application/csp-report"),
        (serde_json::Value = "application/reports+json"),
    )),
    responses((status = 204, description = "Counted")))]
pub async fn report_csp_violation(State(ctx): State<Ctx>, request: Request) -> ApiResult<StatusCode> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if !FORMS.contains(&kind.as_str()) {
        let detail = "Send the report as application/csp-report or application/reports+json.";
        return Err(Error::new(ErrorCode::UnsupportedMediaType, detail).into());
    }
    let body = read_body(request).await?;
    super::record(&ctx, report::read(&body)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reports of one day that say the same.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CspReport {
    pub id: Uuid,
    /// Such as `img-src`.
    pub directive: String,
    /// Address of what was stopped, or a word such as `inline`.
    pub blocked: String,
    /// Path of the page.
    pub page: String,
    pub count: i64,
    pub first_seen_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
}

impl CspReport {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            directive: row.get("directive")?,
            blocked: row.get("blocked")?,
            page: row.get("page")?,
            count: row.get("count")?,
            first_seen_at: row.get("first_seen_at")?,
            last_seen_at: row.get("last_seen_at")?,
        })
    }
}

/// What browsers reported in the last 30 days. For operators.
///
/// Sorts: `created_at`, `last_seen_at`, `count`.
#[utoipa::path(get, path = "/admin/csp-reports", tag = "admin", params(PagingParams),
    responses((status = 200, body = PageReply<CspReport>), (status = 403, description = "Only operators may read them")))]
pub async fn list_csp_reports(
    State(ctx): State<Ctx>,
    _operator: Operator,
    query: ListQuery,
) -> ApiResult<Json<PageReply<CspReport>>> {
    let since = ctx.now() - chrono::Duration::days(super::KEPT_DAYS);
    let page = query
        .paging
        .fetch(&ctx.db, &sql::LIST_REPORTS, values![since])
        .await?;
    let (page, rows) = page.split();
    let reports: Vec<CspReport> = rows
        .iter()
        .map(CspReport::from_row)
        .collect::<Result<_, _>>()
        .map_err(Error::from)?;
    Ok(Json(PageReply::new(&ctx, page.with_items(reports))))
}
