//! Which other origins may call the API from a browser.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::ctx::Settings;

pub(super) fn layer(settings: &Settings) -> CorsLayer {
    let origins: Vec<HeaderValue> = settings
        .cors_origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok())
        .collect();
    let named = HeaderName::from_static;
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            named("idempotency-key"),
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            named("x-workspace-id"),
            named("x-request-id"),
        ])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            named("x-request-id"),
            named("x-ratelimit-limit"),
            named("x-ratelimit-remaining"),
            named("x-ratelimit-reset"),
            named("ratelimit"),
            named("ratelimit-policy"),
            named("idempotent-replayed"),
        ])
        .max_age(Duration::from_secs(600))
}
