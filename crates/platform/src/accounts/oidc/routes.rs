//! `/auth/oidc/*`: where browsers go, not scripts.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::{Error, ErrorCode, Secret};

use super::super::cookie;
use super::{Oidc, login};
use crate::Ctx;
use crate::web::{ApiResult, Client, Json, Query};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_oidc))
        .routes(routes!(begin_oidc_login))
        .routes(routes!(finish_oidc_login))
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
        Ok(arrival) => {
            let mut response = see_other(&format!("{root}{}", arrival.next))?;
            let refresh_token = arrival.signed_in.refresh_token.expose();
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookie::set(&ctx, refresh_token));
            response
        }
        // Behind the `#`, where neither logs nor other sites see it.
        Err(error) => match error.mfa_token() {
            Some(token) => see_other(&format!("{root}/login#mfa_token={}", token.expose()))?,
            None => {
                tracing::info!(
                    error.code = error.code().as_str(),
                    "a sign-in elsewhere failed: {error}"
                );
                see_other(&format!("{root}/login?problem={}", error.code().as_str()))?
            }
        },
    };
    let gone = cookie::set_oidc(&ctx, &Secret::new(String::new()), 0);
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
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
