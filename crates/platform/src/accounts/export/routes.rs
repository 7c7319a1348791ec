//! `/user/export`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::ExportId;

use super::super::confirm::Proof;
use super::Export;
use crate::web::{ApiResult, Json};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(get_export, request_export))
}

/// An archive of everything the account has.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = AccountExport)]
pub struct ExportReply {
    pub id: ExportId,
    /// `queued`, `ready` or `failed`.
    pub status: String,
    pub size_bytes: Option<u64>,
    pub created_at: DateTime<Utc>,
    /// When the archive is deleted.
    pub expires_at: Option<DateTime<Utc>>,
    /// A signed link, good for an hour, once it is ready.
    pub download_url: Option<String>,
}

impl ExportReply {
    fn new(ctx: &Ctx, export: Export) -> Self {
        Self {
            download_url: export.link(ctx),
            id: export.id,
            status: export.status,
            size_bytes: export.size_bytes,
            created_at: export.created_at,
            expires_at: export.expires_at,
        }
    }
}

/// Who asks, once more.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ConfirmRequest {
    /// The account's password; not needed within ten minutes of signing in.
    #[schema(format = Password)]
    pub password: Option<String>,
    /// Where two-step sign-in is on: six digits of the authenticator app, or a recovery code. Not needed within ten
    /// minutes of signing in with one.
    pub code: Option<String>,
}

impl ConfirmRequest {
    pub fn proof(&self) -> Proof<'_> {
        Proof::new(self.password.as_deref(), self.code.as_deref())
    }
}

/// The newest archive, or how far it is.
#[utoipa::path(get, path = "/user/export", tag = "account",
    responses((status = 200, body = ExportReply), (status = 404, description = "None was asked for, or it has expired")))]
pub async fn get_export(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<ExportReply>> {
    let export = super::latest(&ctx, &actor).await?;
    Ok(Json(ExportReply::new(&ctx, export)))
}

/// Ask for an archive of everything the account has.
///
/// Rows as JSON and files, of the account and of the workspaces it owns, and the rows it made in workspaces of others, in
/// one ZIP. It is made in the background; a
/// letter tells when it is ready, and it is kept for seven days.
#[utoipa::path(post, path = "/user/export", tag = "account", request_body = ConfirmRequest,
    responses((status = 202, body = ExportReply)))]
pub async fn request_export(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<ConfirmRequest>,
) -> ApiResult<impl IntoResponse> {
    let export = super::request(&ctx, &actor, body.proof()).await?;
    Ok((StatusCode::ACCEPTED, Json(ExportReply::new(&ctx, export))))
}
