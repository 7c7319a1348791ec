//! `/auth/passkeys*`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::PasskeyId;

use super::super::model::Device;
use super::super::routes::{AuthTokens, hand_over, reply};
use super::model::{Passkey, Started};
use super::service;
use crate::web::{ApiResult, BrowserOrigin, Client, Json, ListQuery, PageReply, PagingParams, Path};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_passkeys, create_passkey))
        .routes(routes!(get_passkey, update_passkey, delete_passkey))
        .routes(routes!(start_passkey))
        .routes(routes!(start_passkey_login))
        .routes(routes!(finish_passkey_login))
}

/// A device that signs in without a password.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Passkey)]
pub struct PasskeyReply {
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    pub created_at: DateTime<Utc>,
    /// When it last signed in.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<Passkey> for PasskeyReply {
    fn from(passkey: Passkey) -> Self {
        Self {
            id: passkey.id,
            name: passkey.name,
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at,
        }
    }
}

/// A question to a device.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PasskeyCeremony {
    /// To send back with the device's answer; good for five minutes and one answer.
    pub token: String,
    /// Options in the JSON form of WebAuthn, for `PublicKeyCredential.parseCreationOptionsFromJSON` or
    /// `parseRequestOptionsFromJSON`.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    pub public_key: Value,
}

fn question(started: Started) -> Response {
    let body = PasskeyCeremony {
        token: started.token.expose().clone(),
        public_key: started.public_key,
    };
    let mut response = Json(body).into_response();
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

/// The passkeys of the account.
///
/// Sorts: `created_at`.
#[utoipa::path(get, path = "/auth/passkeys", tag = "auth", params(PagingParams),
    responses((status = 200, body = PageReply<PasskeyReply>)))]
pub async fn list_passkeys(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery,
) -> ApiResult<Json<PageReply<PasskeyReply>>> {
    let page = service::list(&ctx, &actor, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(PasskeyReply::from))))
}

/// Ask a device to make a passkey.
///
/// The first of two steps; the answer of the device goes to `POST /auth/passkeys`.
#[utoipa::path(post, path = "/auth/passkeys/start", tag = "auth",
    responses((status = 200, body = PasskeyCeremony),
        (status = 503, description = "This server has no host name, which passkeys need")))]
pub async fn start_passkey(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Response> {
    Ok(question(service::start_registration(&ctx, &actor).await?))
}

/// What a device made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewPasskey {
    /// From `POST /auth/passkeys/start`.
    pub token: String,
    /// What to call it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// The device's answer: `PublicKeyCredential.toJSON()`.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    pub credential: Value,
}

/// Add a passkey.
#[utoipa::path(post, path = "/auth/passkeys", tag = "auth", request_body = NewPasskey,
    responses((status = 201, body = PasskeyReply, headers(("Location" = String, description = "Path of the new passkey"))),
        (status = 400, description = "It took too long, or was answered already"),
        (status = 409, description = "The passkey is in use"),
        (status = 422, description = "The device's answer does not fit")))]
pub async fn create_passkey(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<NewPasskey>,
) -> ApiResult<impl IntoResponse> {
    let passkey =
        service::finish_registration(&ctx, &actor, &body.token, &body.name, body.credential).await?;
    let location = format!("/api/v1/auth/passkeys/{}", passkey.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(PasskeyReply::from(passkey)),
    ))
}

/// Get a passkey.
#[utoipa::path(get, path = "/auth/passkeys/{id}", tag = "auth", params(("id" = PasskeyId, Path)),
    responses((status = 200, body = PasskeyReply), (status = 404, description = "No such passkey here")))]
pub async fn get_passkey(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<PasskeyId>,
) -> ApiResult<Json<PasskeyReply>> {
    Ok(Json(service::get(&ctx, &actor, id).await?.into()))
}

/// Another name for a passkey.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct UpdatePasskey {
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
}

/// Rename a passkey.
#[utoipa::path(patch, path = "/auth/passkeys/{id}", tag = "auth", params(("id" = PasskeyId, Path)),
    request_body = UpdatePasskey,
    responses((status = 200, body = PasskeyReply), (status = 404, description = "No such passkey here")))]
pub async fn update_passkey(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<PasskeyId>,
    Json(body): Json<UpdatePasskey>,
) -> ApiResult<Json<PasskeyReply>> {
    Ok(Json(service::rename(&ctx, &actor, id, &body.name).await?.into()))
}

/// Remove a passkey.
///
/// Sessions it opened go on; end them under `/auth/sessions`.
#[utoipa::path(delete, path = "/auth/passkeys/{id}", tag = "auth", params(("id" = PasskeyId, Path)),
    responses((status = 204, description = "Removed"), (status = 404, description = "No such passkey here"),
        (status = 409, description = "It is the only way into the account")))]
pub async fn delete_passkey(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<PasskeyId>,
) -> ApiResult<StatusCode> {
    service::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask for a passkey to sign in with.
///
/// Names no account: the device finds its passkey by itself.
#[utoipa::path(post, path = "/auth/passkeys/login/start", tag = "auth", security(()),
    responses((status = 200, body = PasskeyCeremony),
        (status = 503, description = "This server has no host name, which passkeys need")))]
pub async fn start_passkey_login(State(ctx): State<Ctx>) -> ApiResult<Response> {
    Ok(question(service::start_login(&ctx).await?))
}

/// A device's answer.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PasskeyLogin {
    /// From `POST /auth/passkeys/login/start`.
    pub token: String,
    /// The device's answer: `PublicKeyCredential.toJSON()`.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    pub credential: Value,
    /// What to call this device in the list of sessions.
    #[schema(min_length = 1, max_length = 100)]
    pub device_label: Option<String>,
}

/// Sign in with a passkey.
///
/// The device has checked its owner, so that no second factor is asked for.
#[utoipa::path(post, path = "/auth/passkeys/login/finish", tag = "auth", security(()), request_body = PasskeyLogin,
    responses((status = 200, body = AuthTokens),
        (status = 400, description = "It took too long, or was answered already"),
        (status = 401, description = "The passkey opens no account here")))]
pub async fn finish_passkey_login(
    State(ctx): State<Ctx>,
    client: Client,
    origin: BrowserOrigin,
    Json(body): Json<PasskeyLogin>,
) -> ApiResult<Response> {
    let device = Device {
        label: body.device_label,
        ..client.device()
    };
    let signed_in = service::finish_login(&ctx, &body.token, body.credential, device).await?;
    Ok(reply(StatusCode::OK, hand_over(&ctx, origin, signed_in)))
}
