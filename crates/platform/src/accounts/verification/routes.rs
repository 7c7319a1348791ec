//! `/auth/verify-email`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::routes::{EmailRequest, User};
use crate::Ctx;
use crate::web::{ApiResult, Client, Json};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(verify_email))
        .routes(routes!(request_verification))
}

/// The token of a link.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct VerifyEmailRequest {
    pub token: String,
}

/// Confirm an e-mail address.
///
/// Takes the token of the link in the letter. A link works for 24 hours; opened again it gives the same answer.
#[utoipa::path(post, path = "/auth/verify-email", tag = "auth", security(()), request_body = VerifyEmailRequest,
    responses((status = 200, body = User), (status = 400, description = "The link was used, has expired or is wrong")))]
pub async fn verify_email(
    State(ctx): State<Ctx>,
    client: Client,
    Json(body): Json<VerifyEmailRequest>,
) -> ApiResult<Json<User>> {
    let account = super::verify(&ctx, &body.token, &client).await?;
    Ok(Json(account.into()))
}

/// Ask for another confirmation link.
///
/// The answer is the same whether or not there is an account that needs one.
#[utoipa::path(post, path = "/auth/verify-email/request", tag = "auth", security(()), request_body = EmailRequest,
    responses((status = 202, description = "A letter is on its way if the address needs one")))]
pub async fn request_verification(
    State(ctx): State<Ctx>,
    client: Client,
    Json(body): Json<EmailRequest>,
) -> ApiResult<StatusCode> {
    super::request(&ctx, &body.parse()?, &client).await?;
    Ok(StatusCode::ACCEPTED)
}
