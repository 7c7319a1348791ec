//! `GET /admin/audit-log`.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_db::{DbError, Row, Value, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, AuditId, WorkspaceId};
use vitrine_kernel::page::{Page, PageRequest};

use super::{export, sql};
use crate::Ctx;
use crate::web::{ApiResult, Json, ListQuery, Operator, PageReply, Paging, PagingParams, Query};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_audit_log))
        .routes(routes!(export_audit_log))
}

/// A line of the audit trail.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditEntry {
    #[schema(value_type = String, format = Uuid)]
    pub id: AuditId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Who did it; null is the system itself, or somebody unknown.
    pub account_id: Option<AccountId>,
    /// The present e-mail address of that account.
    pub email: Option<String>,
    pub workspace_id: Option<WorkspaceId>,
    /// Such as `session.revoked`.
    pub action: String,
    /// Such as `session`.
    pub object_type: String,
    pub object_id: String,
    /// Where from.
    pub ip: Option<String>,
    /// What else is to be known, by action.
    #[schema(value_type = Option<std::collections::BTreeMap<String, serde_json::Value>>)]
    pub details: Option<serde_json::Value>,
}

impl AuditEntry {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let details: Option<String> = row.get("details")?;
        Ok(Self {
            id: row.get("id")?,
            at: row.get("at")?,
            account_id: row.get("account_id")?,
            email: row.get("email")?,
            workspace_id: row.get("workspace_id")?,
            action: row.get("action")?,
            object_type: row.get("object_type")?,
            object_id: row.get("object_id")?,
            ip: row.get("ip")?,
            details: details.and_then(|text| serde_json::from_str(&text).ok()),
        })
    }
}

/// What the trail is narrowed to.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilters {
    /// Who did it.
    account_id: Option<AccountId>,
    /// Such as `session.revoked`.
    action: Option<String>,
    /// Such as `session`.
    object_type: Option<String>,
    object_id: Option<String>,
    /// Not before.
    since: Option<DateTime<Utc>>,
    /// Before.
    until: Option<DateTime<Utc>>,
}

impl AuditFilters {
    fn values(&self, ctx: &Ctx) -> Vec<Value> {
        values![
            self.since.unwrap_or(DateTime::UNIX_EPOCH),
            self.until
                .unwrap_or_else(|| ctx.now() + chrono::Duration::days(1)),
            self.account_id,
            self.action.clone(),
            self.object_type.clone(),
            self.object_id.clone(),
        ]
    }
}

/// Who did what to which object, when, from where, newest first. For operators.
///
/// Sorts: `created_at`.
#[utoipa::path(get, path = "/admin/audit-log", tag = "admin", params(PagingParams, AuditFilters),
    responses((status = 200, body = PageReply<AuditEntry>), (status = 403, description = "Only operators may read it")))]
pub async fn list_audit_log(
    State(ctx): State<Ctx>,
    _operator: Operator,
    query: ListQuery<AuditFilters>,
) -> ApiResult<Json<PageReply<AuditEntry>>> {
    let values = query.filters.values(&ctx);
    let page = query.paging.fetch(&ctx.db, &sql::LIST_ENTRIES, values).await?;
    let (page, rows) = page.split();
    let entries: Vec<AuditEntry> = rows
        .iter()
        .map(AuditEntry::from_row)
        .collect::<Result<_, _>>()
        .map_err(Error::from)?;
    Ok(Json(PageReply::new(&ctx, page.with_items(entries))))
}

/// Lines of one export; narrow it down for more.
const EXPORT_MAX_LINES: usize = 10_000;

/// The same as CSV, up to 10000 lines. For operators.
///
/// Cells that a spreadsheet would take for a formula begin with an apostrophe.
#[utoipa::path(get, path = "/admin/audit-log/export", tag = "admin", params(AuditFilters),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 403, description = "Only operators may read it")))]
pub async fn export_audit_log(
    State(ctx): State<Ctx>,
    _operator: Operator,
    Query(filters): Query<AuditFilters>,
) -> ApiResult<impl IntoResponse> {
    let mut entries = Vec::new();
    let mut cursor = None;
    loop {
        let paging = Paging {
            request: PageRequest::Keyset { cursor, limit: 100 },
            sort: None,
        };
        let page = paging
            .fetch(&ctx.db, &sql::LIST_ENTRIES, filters.values(&ctx))
            .await?;
        for row in page.items() {
            entries.push(AuditEntry::from_row(row).map_err(Error::from)?);
        }
        cursor = match page {
            Page::Keyset { next: Some(next), .. } if entries.len() < EXPORT_MAX_LINES => Some(next),
            _ => break,
        };
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit-log.csv\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, export::csv(&entries)))
}
