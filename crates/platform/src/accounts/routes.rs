//! `/auth/*` and `/setup`.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, WorkspaceId};
use vitrine_kernel::text::Email;

use super::model::{Account, Device, NewAccount, SignedIn};

use super::{
    cookie, export, leaving, mfa, oidc, passkeys, profile, recovery, service, sessions, setup, token,
    verification,
};
use crate::billing::Plan;
use crate::web::{ApiResult, BrowserOrigin, Client, Form, Json};
use crate::workspaces::{Membership, Role};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(create_token))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .routes(routes!(logout_all))
        .routes(routes!(get_me))
        .merge(sessions::routes::router())
        .merge(setup::routes::router())
        .merge(verification::routes::router())
        .merge(recovery::routes::router())
        .merge(mfa::routes::router())
        .merge(profile::routes::router())
        .merge(passkeys::routes::router())
        .merge(export::routes::router())
        .merge(leaving::routes::router())
        .merge(oidc::routes::router())
}

/// An e-mail address.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct EmailRequest {
    pub email: String,
}

impl EmailRequest {
    pub(super) fn parse(&self) -> Result<Email, Error> {
        Email::parse(&self.email)
            .ok_or_else(|| Error::field("email", "invalid", "This is not an e-mail address."))
    }
}

/// A person who signs in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct User {
    pub id: AccountId,
    pub email: String,
    pub full_name: String,
    pub email_verified: bool,
    /// May administer this instance.
    pub is_operator: bool,
    /// When the account will be removed, once that was asked for; until then `POST /user/restore` keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl From<Account> for User {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            email: account.email,
            full_name: account.full_name,
            email_verified: account.email_verified_at.is_some(),
            is_operator: account.is_operator,
            deletion_at: account.deletion_at,
            created_at: account.created_at,
        }
    }
}

/// A signed-in account with its tokens.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuthTokens {
    pub user: User,
    /// For `Authorization: Bearer`.
    #[schema(format = Password)]
    pub access_token: String,
    /// Always `bearer`.
    pub token_type: &'static str,
    /// Life of the access token in seconds.
    pub expires_in: i64,
    /// For `POST /auth/refresh`, once. Absent when it was set as a cookie instead, which happens for requests from
    /// this site's own pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Password)]
    pub refresh_token: Option<String>,
}

/// Tokens, and the cookie when a page of ours asked.
pub(super) fn hand_over(ctx: &Ctx, origin: BrowserOrigin, signed_in: SignedIn) -> (HeaderMap, AuthTokens) {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    let refresh_token = signed_in.refresh_token.expose();
    if origin.is_ours() {
        headers.append(header::SET_COOKIE, cookie::set(ctx, refresh_token));
    }
    let tokens = AuthTokens {
        user: signed_in.account.into(),
        access_token: signed_in.access_token.expose().clone(),
        token_type: "bearer",
        expires_in: token::ACCESS_SECONDS,
        refresh_token: (!origin.is_ours()).then(|| refresh_token.clone()),
    };
    (headers, tokens)
}

/// The answer to a finished sign-in.
pub(super) fn reply(status: StatusCode, (headers, tokens): (HeaderMap, AuthTokens)) -> Response {
    let mut response = (status, Json(tokens)).into_response();
    response.headers_mut().extend(headers);
    response
}

/// A new account.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct RegisterRequest {
    pub email: String,
    /// 10 to 128 characters, not a common one.
    #[schema(min_length = 10, max_length = 128, format = Password)]
    pub password: String,
    #[schema(min_length = 1, max_length = 100)]
    pub full_name: String,
}

/// Sign up.
///
/// Makes the account with a personal workspace and signs it in.
#[utoipa::path(post, path = "/auth/register", tag = "auth", security(()), request_body = RegisterRequest,
    responses((status = 201, body = AuthTokens), (status = 409, description = "The e-mail address has an account")))]
pub async fn register(
    State(ctx): State<Ctx>,
    client: Client,
    origin: BrowserOrigin,
    Json(body): Json<RegisterRequest>,
) -> ApiResult<Response> {
    let new = NewAccount::parse(&body.email, &body.password, &body.full_name)?;
    let signed_in = service::register(&ctx, new, client.device()).await?;
    Ok(reply(StatusCode::CREATED, hand_over(&ctx, origin, signed_in)))
}

/// E-mail and password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct LoginRequest {
    pub email: String,
    #[schema(format = Password)]
    pub password: String,
    /// What to call this device in the list of sessions.
    #[schema(min_length = 1, max_length = 100)]
    pub device_label: Option<String>,
}

/// Sign in.
///
/// Five wrong passwords within 15 minutes lock the account for 15.
#[utoipa::path(post, path = "/auth/login", tag = "auth", security(()), request_body = LoginRequest,
    responses((status = 200, body = AuthTokens), (status = 401, description = "E-mail or password is wrong, or a second factor is needed (mfa_required)"),
        (status = 429, description = "Locked; see Retry-After")))]
pub async fn login(
    State(ctx): State<Ctx>,
    client: Client,
    origin: BrowserOrigin,
    Json(body): Json<LoginRequest>,
) -> ApiResult<Response> {
    let device = Device {
        label: body.device_label,
        ..client.device()
    };
    let signed_in = service::login(&ctx, &body.email, &body.password, device).await?;
    Ok(reply(StatusCode::OK, hand_over(&ctx, origin, signed_in)))
}

/// OAuth2 password form. Fields of the grant that do not matter here are taken and ignored.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct TokenForm {
    /// The e-mail address.
    pub username: String,
    #[schema(format = Password)]
    pub password: String,
    /// `password`, if sent.
    pub grant_type: Option<String>,
    pub scope: Option<String>,
    pub client_id: Option<String>,
    #[schema(format = Password)]
    pub client_secret: Option<String>,
}

/// Sign in with the OAuth2 password form.
#[utoipa::path(post, path = "/auth/token", tag = "auth", security(()),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = AuthTokens), (status = 401, description = "E-mail or password is wrong, or a second factor is needed (mfa_required)"),
        (status = 429, description = "Locked; see Retry-After")))]
pub async fn create_token(
    State(ctx): State<Ctx>,
    client: Client,
    origin: BrowserOrigin,
    Form(form): Form<TokenForm>,
) -> ApiResult<Response> {
    if form.grant_type.is_some_and(|kind| kind != "password") {
        return Err(Error::field("grant_type", "unknown_value", "Must be one of: password.").into());
    }
    let signed_in = service::login(&ctx, &form.username, &form.password, client.device()).await?;
    Ok(reply(StatusCode::OK, hand_over(&ctx, origin, signed_in)))
}

/// A refresh token, unless the cookie holds it.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct RefreshRequest {
    #[schema(format = Password)]
    pub refresh_token: Option<String>,
}

/// The refresh token of a request: from the body, or from the cookie of our own page.
fn sent_token(
    ctx: &Ctx,
    headers: &HeaderMap,
    origin: BrowserOrigin,
    body: Option<Json<RefreshRequest>>,
) -> Result<Option<String>, Error> {
    if let Some(token) = body.and_then(|Json(body)| body.refresh_token) {
        return Ok(Some(token));
    }
    let Some(token) = cookie::read(ctx, headers) else {
        return Ok(None);
    };
    origin.require_ours()?;
    Ok(Some(token.to_owned()))
}

/// Trade the refresh token for a new pair.
///
/// The old token dies. Of parallel uses one wins and the others answer 409; a token that comes back 10 seconds or
/// more after it was traded ends the session (`token_reused`).
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", security(()), request_body = Option<RefreshRequest>,
    responses((status = 200, body = AuthTokens), (status = 401, description = "The session has ended"),
        (status = 409, description = "A parallel request was faster")))]
pub async fn refresh(
    State(ctx): State<Ctx>,
    client: Client,
    origin: BrowserOrigin,
    headers: HeaderMap,
    body: Option<Json<RefreshRequest>>,
) -> ApiResult<Response> {
    let token = sent_token(&ctx, &headers, origin, body)?.ok_or_else(token::unauthorized)?;
    let signed_in = sessions::refresh(&ctx, &token, &client.device()).await?;
    Ok(reply(StatusCode::OK, hand_over(&ctx, origin, signed_in)))
}

/// Sign out.
///
/// Ends the session of the access token, and that of the refresh token when one is sent or in the cookie.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", request_body = Option<RefreshRequest>,
    security((), ("bearer" = [])), responses((status = 204, description = "Signed out")))]
pub async fn logout(
    State(ctx): State<Ctx>,
    actor: Option<Actor>,
    client: Client,
    origin: BrowserOrigin,
    headers: HeaderMap,
    body: Option<Json<RefreshRequest>>,
) -> ApiResult<Response> {
    if let Some(token) = sent_token(&ctx, &headers, origin, body)? {
        sessions::end_by_refresh_token(&ctx, &token, &client.device()).await?;
    }
    if let Some(actor) = actor {
        sessions::revoke(&ctx, &actor, actor.require_session()?).await?;
    }
    Ok((
        StatusCode::NO_CONTENT,
        [(header::SET_COOKIE, cookie::clear(&ctx))],
    )
        .into_response())
}

/// Sign out everywhere.
#[utoipa::path(post, path = "/auth/logout-all", tag = "auth",
    responses((status = 204, description = "Every session of the account has ended")))]
pub async fn logout_all(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Response> {
    sessions::revoke_all(&ctx, &actor).await?;
    Ok((
        StatusCode::NO_CONTENT,
        [(header::SET_COOKIE, cookie::clear(&ctx))],
    )
        .into_response())
}

/// A workspace of the account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MyWorkspace {
    pub id: WorkspaceId,
    pub name: String,
    pub role: Role,
    pub is_personal: bool,
}

/// The plan of the workspace the request is for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MyPlan {
    pub code: &'static str,
    pub name: &'static str,
    /// Null is without limit.
    pub images_per_month: Option<u32>,
}

/// Who is signed in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    pub user: User,
    pub workspaces: Vec<MyWorkspace>,
    pub plan: MyPlan,
    /// What this instance offers.
    pub features: BTreeMap<&'static str, bool>,
}

impl Me {
    fn new(actor: &Actor, account: Account, memberships: Vec<Membership>) -> Self {
        let current = memberships
            .iter()
            .find(|membership| membership.workspace_id == actor.workspace_id);
        let plan = Plan::of(current.map_or("", |membership| &membership.plan));
        Self {
            user: account.into(),
            plan: MyPlan {
                code: plan.code,
                name: plan.name,
                images_per_month: plan.images_per_month,
            },
            features: BTreeMap::from([
                ("staging", true),
                ("billing", false),
                ("merch", false),
                ("support", false),
            ]),
            workspaces: memberships
                .into_iter()
                .map(|membership| MyWorkspace {
                    id: membership.workspace_id,
                    name: membership.name,
                    role: membership.role,
                    is_personal: membership.is_personal,
                })
                .collect(),
        }
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/auth/me", tag = "auth", responses((status = 200, body = Me)))]
pub async fn get_me(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<Me>> {
    let (account, memberships) = service::me(&ctx, &actor).await?;
    Ok(Json(Me::new(&actor, account, memberships)))
}
