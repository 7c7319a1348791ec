//! `DELETE /user`, `POST /user/restore`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::export::routes::ConfirmRequest;
use super::super::routes::User;
use crate::web::{ApiResult, Json};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(delete_user))
        .routes(routes!(restore_user))
}

/// When an account will be gone.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AccountDeletion {
    pub deletion_at: DateTime<Utc>,
}

/// Delete one's own account.
///
/// Every session and API key ends at once. For thirty days signing in opens nothing but the way back
/// (`POST /user/restore`); then the account and everything in its own workspaces is removed for good. Whoever is the
/// only owner of a workspace with other members hands it over first.
#[utoipa::path(delete, path = "/user", tag = "account", request_body = ConfirmRequest,
    responses((status = 202, body = AccountDeletion), (status = 409, description = "Others would be left without an owner")))]
pub async fn delete_user(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<ConfirmRequest>,
) -> ApiResult<impl IntoResponse> {
    let deletion_at = super::request(&ctx, &actor, body.proof()).await?;
    Ok((StatusCode::ACCEPTED, Json(AccountDeletion { deletion_at })))
}

/// Keep an account that is about to be deleted.
#[utoipa::path(post, path = "/user/restore", tag = "account",
    responses((status = 200, body = User), (status = 409, description = "It is not about to be deleted")))]
pub async fn restore_user(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<User>> {
    Ok(Json(super::cancel(&ctx, &actor).await?.into()))
}
