//! Answers everybody may read.

use http::{HeaderName, HeaderValue, header};
use vitrine_platform::Actor;

/// How long an answer may be kept: a little while by anybody, and not at all for somebody who is signed in, who sees
/// their own votes in it and may have changed it just now.
pub fn cache_headers(actor: Option<&Actor>) -> [(HeaderName, HeaderValue); 2] {
    let cache = match actor {
        Some(_) => "private, no-cache",
        None => "public, max-age=15",
    };
    [
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        (header::VARY, HeaderValue::from_static("authorization")),
    ]
}
