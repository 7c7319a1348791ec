//! `/admin/users`.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::AccountId;

use super::service::{self, User, UserChange, UserFilter};
use crate::Ctx;
use crate::web::{ApiResult, Fields, Json, ListQuery, Operator, PageReply, PagingParams, Path};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_users))
        .routes(routes!(get_user, update_user))
        .routes(routes!(sign_user_out))
}

/// An account as operators see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdminUser {
    pub id: AccountId,
    pub email: String,
    pub full_name: String,
    pub is_operator: bool,
    pub email_verified: bool,
    /// When an operator closed it; null when it is open.
    pub disabled_at: Option<DateTime<Utc>>,
    /// End of the lock after wrong passwords; null when there is none.
    pub locked_until: Option<DateTime<Utc>>,
    /// Sessions that are alive.
    pub session_count: i64,
    pub last_used_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl From<User> for AdminUser {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            full_name: user.full_name,
            is_operator: user.is_operator,
            email_verified: user.email_verified_at.is_some(),
            disabled_at: user.disabled_at,
            locked_until: user.locked_until,
            session_count: user.session_count,
            last_used_at: user.last_used_at,
            created_at: user.created_at,
        }
    }
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AdminUserFilters {
    /// Part of an address or a name.
    #[param(max_length = 100)]
    q: Option<String>,
    operator: Option<bool>,
    disabled: Option<bool>,
}

/// What to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdminUserBody {
    /// `true` closes the account and ends its sessions, `false` opens it again.
    disabled: Option<bool>,
    is_operator: Option<bool>,
    /// Only `true`: counts the address as verified.
    email_verified: Option<bool>,
    /// Only `false`: ends the lock after wrong passwords.
    locked: Option<bool>,
}

/// How many sessions ended.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SignedOut {
    pub revoked: u64,
}

/// Accounts, newest first. For operators.
///
/// Sorts: `created_at`, `email`.
#[utoipa::path(get, path = "/admin/users", tag = "admin", params(PagingParams, AdminUserFilters),
    responses((status = 200, body = PageReply<AdminUser>), (status = 403, description = "Only operators may do this"),
        (status = 422, description = "A parameter is not valid")))]
pub async fn list_users(
    State(ctx): State<Ctx>,
    _operator: Operator,
    query: ListQuery<AdminUserFilters>,
) -> ApiResult<Json<PageReply<AdminUser>>> {
    let filter = UserFilter {
        search: query.filters.q.filter(|text| !text.trim().is_empty()),
        is_operator: query.filters.operator,
        is_disabled: query.filters.disabled,
    };
    let page = service::list(&ctx, filter, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(AdminUser::from))))
}

/// Get an account. For operators.
#[utoipa::path(get, path = "/admin/users/{id}", tag = "admin", params(("id" = AccountId, Path)),
    responses((status = 200, body = AdminUser), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such account")))]
pub async fn get_user(
    State(ctx): State<Ctx>,
    _operator: Operator,
    Path(id): Path<AccountId>,
) -> ApiResult<Json<AdminUser>> {
    Ok(Json(service::get(&ctx, id).await?.into()))
}

/// Close, open, promote, verify or unlock an account. For operators.
#[utoipa::path(patch, path = "/admin/users/{id}", tag = "admin", params(("id" = AccountId, Path)),
    request_body = AdminUserBody,
    responses((status = 200, body = AdminUser), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such account"), (status = 409, description = "It is your own"),
        (status = 422, description = "Some fields are not valid")))]
pub async fn update_user(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<AccountId>,
    Json(body): Json<AdminUserBody>,
) -> ApiResult<Json<AdminUser>> {
    let mut fields = Fields::new();
    fields.check(
        body.email_verified != Some(false),
        "email_verified",
        "unknown_value",
        "Must be true.",
    );
    fields.check(
        body.locked != Some(true),
        "locked",
        "unknown_value",
        "Must be false.",
    );
    fields.finish()?;
    let change = UserChange {
        is_disabled: body.disabled,
        is_operator: body.is_operator,
        verify: body.email_verified.is_some(),
        unlock: body.locked.is_some(),
    };
    Ok(Json(service::update(&ctx, &actor, id, change).await?.into()))
}

/// End every session of an account. For operators.
#[utoipa::path(post, path = "/admin/users/{id}/sign-out", tag = "admin", params(("id" = AccountId, Path)),
    responses((status = 200, body = SignedOut), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such account")))]
pub async fn sign_user_out(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<AccountId>,
) -> ApiResult<Json<SignedOut>> {
    let revoked = service::sign_out(&ctx, &actor, id).await?;
    Ok(Json(SignedOut { revoked }))
}
