//! `/api-keys`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{AccountId, ApiKeyId};

use super::model::{ApiKey, NewApiKey, Scope};
use super::service;
use crate::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_api_keys, create_api_key))
        .routes(routes!(get_api_key, delete_api_key))
}

/// A key for programs, without its secret.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ApiKey)]
pub struct ApiKeyReply {
    pub id: ApiKeyId,
    pub account_id: AccountId,
    /// Whose it is.
    pub account_name: String,
    pub name: String,
    /// How its secret begins.
    pub prefix: String,
    pub scopes: Vec<Scope>,
    pub created_at: DateTime<Utc>,
    /// Null: it does not end by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// To the minute; null: never.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<ApiKey> for ApiKeyReply {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            account_id: key.account_id,
            account_name: key.account_name,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes.into_vec(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
        }
    }
}

/// A new key with its secret.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CreatedApiKey {
    #[serde(flatten)]
    pub key: ApiKeyReply,
    /// `vk_…`, for `Authorization: Bearer`. It is told once.
    #[schema(format = Password)]
    pub secret: String,
}

/// A key to make.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CreateApiKey {
    /// 1 to 100 characters after trimming.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// At least one. `write` includes `read`, `admin` includes both.
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// Null or absent: it does not end by itself.
    expires_at: Option<DateTime<Utc>>,
}

/// List the API keys of the workspace: one's own, for admins everybody's.
///
/// Sorts: `created_at`, `name`.
#[utoipa::path(get, path = "/api-keys", tag = "api-keys", params(PagingParams),
    responses((status = 200, body = PageReply<ApiKeyReply>)))]
pub async fn list_api_keys(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery,
) -> ApiResult<Json<PageReply<ApiKeyReply>>> {
    let page = service::list(&ctx, &actor, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(ApiKeyReply::from))))
}

/// Make an API key for the workspace of the request.
///
/// A key works in this workspace only and never allows more than its account may do there at the time. It cannot sign
/// in, make keys or change the account. Needs a verified e-mail address.
#[utoipa::path(post, path = "/api-keys", tag = "api-keys", request_body = CreateApiKey,
    responses(
        (status = 201, body = CreatedApiKey, headers(("Location" = String, description = "Path of the new key"))),
        (status = 403, description = "The e-mail address is not verified"),
    ))]
pub async fn create_api_key(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<CreateApiKey>,
) -> ApiResult<impl IntoResponse> {
    let new = NewApiKey::check(ctx.now(), &body.name, body.scopes, body.expires_at)?;
    let made = service::create(&ctx, &actor, new).await?;
    let location = format!("/api/v1/api-keys/{}", made.key.id);
    let mut response = Json(CreatedApiKey {
        secret: made.secret.expose().clone(),
        key: made.key.into(),
    })
    .into_response();
    *response.status_mut() = StatusCode::CREATED;
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    if let Ok(location) = location.parse() {
        headers.insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Get an API key, without its secret.
#[utoipa::path(get, path = "/api-keys/{id}", tag = "api-keys", params(("id" = ApiKeyId, Path)),
    responses((status = 200, body = ApiKeyReply)))]
pub async fn get_api_key(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ApiKeyId>,
) -> ApiResult<Json<ApiKeyReply>> {
    Ok(Json(service::get(&ctx, &actor, id).await?.into()))
}

/// Delete an API key. It opens nothing from then on.
#[utoipa::path(delete, path = "/api-keys/{id}", tag = "api-keys", params(("id" = ApiKeyId, Path)),
    responses((status = 204, description = "Deleted")))]
pub async fn delete_api_key(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ApiKeyId>,
) -> ApiResult<StatusCode> {
    service::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
