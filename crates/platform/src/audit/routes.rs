//! `GET /admin/audit-log`.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_db::{DbError, Row, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, AuditId, WorkspaceId};

use super::sql;
use crate::Ctx;
use crate::web::{ApiResult, Json, ListQuery, Operator, PageReply, PagingParams};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(list_audit_log))
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
    pub details: Option<Value>,
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
    let filters = query.filters;
    let values = values![
        filters.since.unwrap_or(DateTime::UNIX_EPOCH),
        filters
            .until
            .unwrap_or_else(|| ctx.now() + chrono::Duration::days(1)),
        filters.account_id,
        filters.action,
        filters.object_type,
        filters.object_id,
    ];
    let page = query.paging.fetch(&ctx.db, &sql::LIST_ENTRIES, values).await?;
    let (page, rows) = page.split();
    let entries: Vec<AuditEntry> = rows
        .iter()
        .map(AuditEntry::from_row)
        .collect::<Result<_, _>>()
        .map_err(Error::from)?;
    Ok(Json(PageReply::new(&ctx, page.with_items(entries))))
}
