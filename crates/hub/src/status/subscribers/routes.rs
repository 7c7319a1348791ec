//! Subscribing over HTTP. The page's own forms are in `pages`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_platform::Ctx;
use vitrine_platform::web::{ApiResult, Client, Json};

use super::service;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(subscribe_to_status))
        .routes(routes!(confirm_status_subscription))
        .routes(routes!(unsubscribe_from_status))
}

/// Who wants letters.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscribeBody {
    email: String,
}

/// The token of a link in a letter.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionToken {
    token: String,
}

/// Ask for letters about incidents and maintenance.
///
/// A letter with a link to confirm goes out. The answer is the same whoever asks.
#[utoipa::path(post, path = "/status/subscribe", tag = "status", security(()), request_body = SubscribeBody,
    responses((status = 202, description = "A letter is on its way if the address is not confirmed yet"),
        (status = 422, description = "This is not an e-mail address")))]
pub async fn subscribe_to_status(
    State(ctx): State<Ctx>,
    client: Client,
    Json(body): Json<SubscribeBody>,
) -> ApiResult<StatusCode> {
    service::subscribe(&ctx, &service::parse_email(&body.email)?, &client).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Confirm a subscription with the token of the letter. It works once, for 48 hours.
#[utoipa::path(post, path = "/status/subscribe/confirm", tag = "status", security(()), request_body = SubscriptionToken,
    responses((status = 204, description = "Letters will come"), (status = 400, description = "The link was used, has expired or is wrong")))]
pub async fn confirm_status_subscription(
    State(ctx): State<Ctx>,
    Json(body): Json<SubscriptionToken>,
) -> ApiResult<StatusCode> {
    service::confirm(&ctx, &body.token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a subscription with the token of any of its letters.
#[utoipa::path(post, path = "/status/unsubscribe", tag = "status", security(()), request_body = SubscriptionToken,
    responses((status = 204, description = "No letters will come"), (status = 400, description = "The link is wrong")))]
pub async fn unsubscribe_from_status(
    State(ctx): State<Ctx>,
    Json(body): Json<SubscriptionToken>,
) -> ApiResult<StatusCode> {
    service::unsubscribe(&ctx, &body.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
