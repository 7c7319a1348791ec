//! Answers everybody may read.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use vitrine_platform::Ctx;

/// How long anybody may keep what everybody may read: so many seconds as the operator says, or not without asking.
pub fn cache_control(ctx: &Ctx) -> HeaderValue {
    match ctx.settings.public_cache_seconds {
        0 => HeaderValue::from_static("no-cache"),
        seconds => HeaderValue::try_from(format!("public, max-age={seconds}"))
            .unwrap_or(HeaderValue::from_static("no-cache")),
    }
}

/// The same for an answer to this request: who is signed in may have changed it just now, and sees what is theirs in it,
/// so that it is not kept at all.
pub fn cache_headers(ctx: &Ctx, request: &HeaderMap) -> [(HeaderName, HeaderValue); 2] {
    let cache = if request.contains_key(header::AUTHORIZATION) {
        HeaderValue::from_static("private, no-cache")
    } else {
        cache_control(ctx)
    };
    [
        (header::CACHE_CONTROL, cache),
        (header::VARY, HeaderValue::from_static("authorization")),
    ]
}
