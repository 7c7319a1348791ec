//! The public status page: services and how they are, incidents, planned maintenance, 90 days of uptime.
//!
//! Everybody reads, operators write. A service's state is what its newest event says; a maintenance window that is open
//! lies over it, and the worse of the two is shown. What surprises people: windows need nobody to open or close them,
//! they are computed when somebody looks; the job only notes that they began and ended.

pub mod board;
pub mod events;
pub mod feed;
pub mod health;
pub mod incidents;
pub mod maintenance;
pub mod model;
pub mod pages;
pub mod services;
pub mod sql;
pub mod subscribers;
pub mod uptime;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::{Deserialize, Deserializer};
use utoipa_axum::router::OpenApiRouter;
use vitrine_platform::Ctx;

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .merge(board::routes::router())
        .merge(services::routes::router())
        .merge(events::routes::router())
        .merge(incidents::routes::router())
        .merge(maintenance::routes::router())
        .merge(subscribers::routes::router())
        .merge(feed::routes::router())
}

/// Seconds for which anybody may keep what everybody may read.
const PUBLIC_SECONDS: u32 = 15;

/// How long an answer may be kept: a little while by anybody, and not at all for somebody who is signed in, who may have
/// changed it just now.
fn cache_headers(sent: &HeaderMap) -> [(HeaderName, HeaderValue); 2] {
    let cache = if sent.contains_key(header::AUTHORIZATION) {
        HeaderValue::from_static("private, no-cache")
    } else {
        HeaderValue::try_from(format!("public, max-age={PUBLIC_SECONDS}"))
            .unwrap_or(HeaderValue::from_static("no-cache"))
    };
    [
        (header::CACHE_CONTROL, cache),
        (header::VARY, HeaderValue::from_static("authorization")),
    ]
}

/// A field that may be absent but not null.
fn sent<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
