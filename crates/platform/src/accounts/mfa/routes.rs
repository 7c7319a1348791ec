//! `/auth/mfa*`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::routes::{AuthTokens, hand_over, reply};
use super::service;
use crate::web::{ApiResult, BrowserOrigin, Client, Json};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(finish_login))
        .routes(routes!(get_totp))
        .routes(routes!(setup_totp))
        .routes(routes!(enable_totp))
        .routes(routes!(disable_totp))
        .routes(routes!(create_recovery_codes))
}

/// An answer that is shown once and kept nowhere.
fn once(body: impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

/// The second step of signing in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct MfaRequest {
    /// From the `mfa_required` answer of the first step; good for five minutes and one sign-in.
    #[schema(format = Password)]
    pub mfa_token: String,
    /// Six digits of the authenticator app, or a recovery code.
    pub code: String,
}

/// Sign in with a second factor.
///
/// Each code works once. Wrong ones count like wrong passwords: five within 15 minutes lock the account for 15.
#[utoipa::path(post, path = "/auth/mfa", tag = "auth", security(()), request_body = MfaRequest,
    responses((status = 200, body = AuthTokens),
        (status = 401, description = "The code is wrong (invalid_credentials), or the sign-in is over (unauthorized)"),
        (status = 429, description = "Locked; see Retry-After")))]
pub async fn finish_login(
    State(ctx): State<Ctx>,
    client: Client,
    origin: BrowserOrigin,
    Json(body): Json<MfaRequest>,
) -> ApiResult<Response> {
    let signed_in = service::sign_in(&ctx, &body.mfa_token, &body.code, client.device()).await?;
    Ok(reply(StatusCode::OK, hand_over(&ctx, origin, signed_in)))
}

/// The second factor of an account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TotpStatus {
    /// Whether signing in asks for a code.
    pub is_enabled: bool,
    pub enabled_at: Option<DateTime<Utc>>,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: i64,
    /// Whether turning it off needs a password; an account of another sign-in service has none.
    pub has_password: bool,
}

/// Whether signing in needs a second factor.
#[utoipa::path(get, path = "/auth/mfa/totp", tag = "auth", responses((status = 200, body = TotpStatus)))]
pub async fn get_totp(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<TotpStatus>> {
    let status = service::status(&ctx, &actor).await?;
    Ok(Json(TotpStatus {
        is_enabled: status.enabled_at.is_some(),
        enabled_at: status.enabled_at,
        recovery_codes_left: status.recovery_codes_left,
        has_password: status.has_password,
    }))
}

/// A secret for an authenticator app.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TotpSetup {
    /// To type in, base32.
    #[schema(format = Password)]
    pub secret: String,
    /// The same as a link that apps open.
    #[schema(format = Password)]
    pub otpauth_url: String,
    /// That link as a QR code, an SVG document.
    pub qr_svg: String,
}

/// Begin with an authenticator app.
///
/// Signing in does not change until `enable` was called with a first code. Called again, it makes a new secret.
#[utoipa::path(post, path = "/auth/mfa/totp/setup", tag = "auth",
    responses((status = 200, body = TotpSetup), (status = 409, description = "It is on already")))]
pub async fn setup_totp(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Response> {
    let setup = service::setup(&ctx, &actor).await?;
    Ok(once(TotpSetup {
        secret: setup.secret.expose().clone(),
        otpauth_url: setup.otpauth_url.expose().clone(),
        qr_svg: setup.qr_svg.expose().clone(),
    }))
}

/// A code of the authenticator app.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct TotpCode {
    /// Six digits.
    pub code: String,
}

/// Recovery codes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RecoveryCodes {
    /// Ten codes that open the account once each, in the place of the app's. They are never shown again.
    pub recovery_codes: Vec<String>,
}

/// Turn two-step sign-in on.
#[utoipa::path(post, path = "/auth/mfa/totp/enable", tag = "auth", request_body = TotpCode,
    responses((status = 200, body = RecoveryCodes), (status = 409, description = "It is on already, or not set up"),
        (status = 422, description = "The code is wrong")))]
pub async fn enable_totp(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<TotpCode>,
) -> ApiResult<Response> {
    let recovery_codes = service::enable(&ctx, &actor, &body.code).await?;
    Ok(once(RecoveryCodes { recovery_codes }))
}

/// Everything that signing in needs.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct DisableTotp {
    /// Required where the account has one.
    #[schema(format = Password)]
    pub password: Option<String>,
    /// Six digits of the authenticator app, or a recovery code.
    pub code: String,
}

/// Turn two-step sign-in off.
#[utoipa::path(post, path = "/auth/mfa/totp/disable", tag = "auth", request_body = DisableTotp,
    responses((status = 204, description = "It is off"), (status = 409, description = "It was off"),
        (status = 422, description = "The password or the code is wrong"),
        (status = 429, description = "Locked; see Retry-After")))]
pub async fn disable_totp(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<DisableTotp>,
) -> ApiResult<StatusCode> {
    service::disable(&ctx, &actor, body.password.as_deref(), &body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code that shows who asks.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct FactorCode {
    /// Six digits of the authenticator app, or a recovery code.
    pub code: String,
}

/// Make new recovery codes.
///
/// The earlier ones stop working.
#[utoipa::path(post, path = "/auth/mfa/recovery-codes", tag = "auth", request_body = FactorCode,
    responses((status = 200, body = RecoveryCodes), (status = 409, description = "Two-step sign-in is off"),
        (status = 422, description = "The code is wrong"), (status = 429, description = "Locked; see Retry-After")))]
pub async fn create_recovery_codes(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<FactorCode>,
) -> ApiResult<Response> {
    let recovery_codes = service::renew_recovery_codes(&ctx, &actor, &body.code).await?;
    Ok(once(RecoveryCodes { recovery_codes }))
}
