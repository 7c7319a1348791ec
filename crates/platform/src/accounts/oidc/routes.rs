//! `/auth/oidc/*`: where browsers go, not scripts.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::IdentityId;
use vitrine_kernel::{Error, ErrorCode, Secret};

use super::super::cookie;
use super::linked::{self, Identity};
use super::login::{Arrival, Outcome};
use super::{Oidc, login};
use crate::web::{ApiResult, Client, Json, ListQuery, PageReply, PagingParams, Path, Query};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_oidc))
        .routes(routes!(begin_oidc_login))
        .routes(routes!(finish_oidc_login))
        .routes(routes!(list_identities))
        .routes(routes!(get_identity, unlink_identity))
}

/// Whether another sign-in service can be used.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OidcOffer {
    pub is_offered: bool,
    /// Host of the service, for a button.
    pub name: Option<String>,
}

/// Whether the login page offers another sign-in service.
#[utoipa::path(get, path = "/auth/oidc", tag = "auth", security(()), responses((status = 200, body = OidcOffer)))]
pub async fn get_oidc(State(ctx): State<Ctx>) -> Json<OidcOffer> {
    let offered = ctx
        .extension::<Oidc>()
        .filter(|oidc| oidc.settings().client_id.is_some());
    Json(OidcOffer {
        is_offered: offered.is_some(),
        name: offered.map(Oidc::host),
    })
}

/// Where to go afterwards.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OidcLoginParams {
    /// Page of the app to return to, such as `/projects`.
    next: Option<String>,
}

/// Sign in with another service.
///
/// For a browser to open: it is sent to the service and comes back to `/auth/oidc/callback`.
#[utoipa::path(get, path = "/auth/oidc/login", tag = "auth", security(()), params(OidcLoginParams),
    responses((status = 303, description = "To the sign-in service"),
        (status = 503, description = "Not set up on this server")))]
pub async fn begin_oidc_login(
    State(ctx): State<Ctx>,
    Query(params): Query<OidcLoginParams>,
) -> ApiResult<Response> {
    let departure = login::begin(&ctx, params.next.as_deref()).await?;
    let mut response = see_other(&departure.url)?;
    let seconds = login::LIFE.num_seconds();
    response.headers_mut().append(
        header::SET_COOKIE,
        cookie::set_oidc(&ctx, &departure.browser, seconds),
    );
    Ok(response)
}

/// What the service sends back. More than is used here, because services add parameters of their own.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "taken so that they are not refused as unknown")]
pub struct OidcCallbackParams {
    state: Option<String>,
    code: Option<String>,
    /// Why the service refused.
    error: Option<String>,
    error_description: Option<String>,
    error_uri: Option<String>,
    iss: Option<String>,
    session_state: Option<String>,
    scope: Option<String>,
    authuser: Option<String>,
    hd: Option<String>,
    prompt: Option<String>,
}

/// Come back from another service.
///
/// Sets the refresh cookie and sends the browser into the app; to its login page when something went wrong.
#[utoipa::path(get, path = "/auth/oidc/callback", tag = "auth", security(()), params(OidcCallbackParams),
    responses((status = 303, description = "Into the app")))]
pub async fn finish_oidc_login(
    State(ctx): State<Ctx>,
    client: Client,
    headers: HeaderMap,
    Query(params): Query<OidcCallbackParams>,
) -> ApiResult<Response> {
    let browser = cookie::read_oidc(&ctx, &headers).unwrap_or_default();
    let arrived = match (&params.state, &params.code) {
        (Some(state), Some(code)) if params.error.is_none() => {
            login::finish(&ctx, state, browser, code, client.device()).await
        }
        _ => Err(Error::new(
            ErrorCode::Forbidden,
            "The sign-in service did not let you in.",
        )),
    };
    let root = &ctx.settings.public_url;
    let mut response = match arrived {
        Ok(Arrival {
            outcome: Outcome::SignedIn(signed_in),
            next,
        }) => {
            let mut response = see_other(&format!("{root}{next}"))?;
            let refresh_token = signed_in.refresh_token.expose();
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookie::set(&ctx, refresh_token));
            response
        }
        // The token goes behind the `#`, where neither logs nor other sites see it.
        Ok(Arrival {
            outcome: Outcome::NeedsFactor(token),
            next,
        }) => see_other(&format!(
            "{root}/login{}#mfa_token={}",
            next_query(&next),
            token.expose()
        ))?,
        Err(error) => {
            tracing::info!(
                error.code = error.code().as_str(),
                "a sign-in elsewhere failed: {error}"
            );
            see_other(&format!("{root}/login?problem={}", error.code().as_str()))?
        }
    };
    let gone = cookie::set_oidc(&ctx, &Secret::new(String::new()), 0);
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
}

/// What tells the login page where to go on; nothing for the first page.
fn next_query(next: &str) -> String {
    if next == "/" {
        return String::new();
    }
    let mut query = form_urlencoded::Serializer::for_suffix("?".to_owned(), 1);
    query.append_pair("next", next);
    query.finish()
}

fn see_other(url: &str) -> Result<Response, Error> {
    let location = HeaderValue::from_str(url)
        .map_err(|error| Error::internal("an address cannot be a header").with_source(error))?;
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Somebody of another sign-in service who may open the account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = LinkedIdentity)]
pub struct IdentityReply {
    pub id: IdentityId,
    /// Host of the service.
    pub name: String,
    pub issuer: String,
    /// Whether this server still works with that service.
    pub is_in_use: bool,
    pub created_at: DateTime<Utc>,
    /// When its bearer tokens were last seen, if they ever were.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl IdentityReply {
    fn new(ctx: &Ctx, identity: Identity) -> Self {
        Self {
            name: identity.name(),
            is_in_use: identity.is_in_use(ctx),
            id: identity.id,
            issuer: identity.issuer,
            created_at: identity.created_at,
            last_used_at: identity.last_used_at,
        }
    }
}

/// Who of another sign-in service may open the account.
///
/// Sorts: `created_at`.
#[utoipa::path(get, path = "/auth/oidc/identities", tag = "auth", params(PagingParams),
    responses((status = 200, body = PageReply<IdentityReply>)))]
pub async fn list_identities(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery,
) -> ApiResult<Json<PageReply<IdentityReply>>> {
    let page = linked::list(&ctx, &actor, &query.paging).await?;
    Ok(Json(PageReply::new(
        &ctx,
        page.map(|identity| IdentityReply::new(&ctx, identity)),
    )))
}

/// Get one of them.
#[utoipa::path(get, path = "/auth/oidc/identities/{id}", tag = "auth", params(("id" = IdentityId, Path)),
    responses((status = 200, body = IdentityReply)))]
pub async fn get_identity(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<IdentityId>,
) -> ApiResult<Json<IdentityReply>> {
    let identity = linked::get(&ctx, &actor, id).await?;
    Ok(Json(IdentityReply::new(&ctx, identity)))
}

/// Unlink another sign-in service.
///
/// Its bearer tokens open nothing any more, until the same person signs in there by hand again. The last way into an
/// account stays.
#[utoipa::path(delete, path = "/auth/oidc/identities/{id}", tag = "auth", params(("id" = IdentityId, Path)),
    responses((status = 204, description = "Unlinked"),
        (status = 409, description = "It is the only way into the account")))]
pub async fn unlink_identity(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<IdentityId>,
) -> ApiResult<StatusCode> {
    linked::unlink(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
