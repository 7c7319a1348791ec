//! `/auth/password/*`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::routes::EmailRequest;
use crate::web::{ApiResult, Client, Json};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(forgot_password))
        .routes(routes!(reset_password))
        .routes(routes!(change_password))
}

/// Ask for a link that sets a new password.
///
/// The answer is the same whether or not there is such an account.
#[utoipa::path(post, path = "/auth/password/forgot", tag = "auth", security(()), request_body = EmailRequest,
    responses((status = 202, description = "A letter is on its way if there is such an account")))]
pub async fn forgot_password(
    State(ctx): State<Ctx>,
    client: Client,
    Json(body): Json<EmailRequest>,
) -> ApiResult<StatusCode> {
    super::forgot(&ctx, &body.parse()?, &client).await?;
    Ok(StatusCode::ACCEPTED)
}

/// A new password with the token of the link.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ResetPasswordRequest {
    pub token: String,
    /// 10 to 128 characters, not among the common ones.
    #[schema(format = Password)]
    pub password: String,
}

/// Set a new password by a link.
///
/// Ends every session of the account and lifts a lock. The link works once, for an hour.
#[utoipa::path(post, path = "/auth/password/reset", tag = "auth", security(()), request_body = ResetPasswordRequest,
    responses((status = 204, description = "Sign in with the new password"),
        (status = 400, description = "The link was used, has expired or is wrong")))]
pub async fn reset_password(
    State(ctx): State<Ctx>,
    client: Client,
    Json(body): Json<ResetPasswordRequest>,
) -> ApiResult<StatusCode> {
    super::reset(&ctx, &body.token, &body.password, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new password for somebody who knows the present one.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ChangePasswordRequest {
    #[schema(format = Password)]
    pub current_password: String,
    /// Where two-step sign-in is on: six digits of the authenticator app, or a recovery code.
    pub code: Option<String>,
    /// 10 to 128 characters, not among the common ones.
    #[schema(format = Password)]
    pub new_password: String,
}

/// Change the password.
///
/// Needs all that signing in takes. Signs the other devices out; this one stays.
#[utoipa::path(post, path = "/auth/password/change", tag = "auth", request_body = ChangePasswordRequest,
    responses((status = 204, description = "Changed"),
        (status = 429, description = "Too many wrong passwords")))]
pub async fn change_password(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<ChangePasswordRequest>,
) -> ApiResult<StatusCode> {
    let code = body.code.as_deref();
    super::change(&ctx, &actor, &body.current_password, code, &body.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}
