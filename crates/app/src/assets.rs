//! The web app inside the binary: files of `web/dist`, with the page for every path that is no file.
//!
//! Names under `/assets/` carry a hash of their content and may be kept forever; the page itself never is, since it
//! carries the nonce of its content security policy.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use rust_embed::RustEmbed;
use vitrine_platform::Ctx;
use vitrine_platform::web::security;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// What the page carries where the server puts the nonce.
const NONCE_MARK: &str = "__CSP_NONCE__";

/// Shown when the binary was built without its web app.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Vitrine</title>\
<h1>The web app is not in this build</h1><p>The server is running. <code>make run</code> builds the web app and the \
program; the <a href=\"/api/v1/docs\">API</a> works without.</p></html>";

/// Serves a file, or the page.
pub async fn serve(State(ctx): State<Ctx>, method: Method, uri: Uri) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return vitrine_platform::web::Problem::from(vitrine_kernel::Error::not_found()).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if path != "index.html" && !path.is_empty() {
        if let Some(file) = Dist::get(path) {
            return file_reply(path, file.data);
        }
        // A missing hashed file is an old page asking; the page itself would confuse it.
        if path.starts_with("assets/") || path.starts_with("api/") {
            return vitrine_platform::web::Problem::from(vitrine_kernel::Error::not_found()).into_response();
        }
    }
    page(&ctx)
}

fn file_reply(path: &str, data: Cow<'static, [u8]>) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind =
        HeaderValue::from_str(kind.as_ref()).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        ],
        Body::from(data.into_owned()),
    )
        .into_response()
}

fn page(ctx: &Ctx) -> Response {
    let nonce = base64::engine::general_purpose::STANDARD.encode(ctx.entropy.bytes::<16>());
    let html = match Dist::get("index.html") {
        Some(file) => String::from_utf8_lossy(&file.data).replace(NONCE_MARK, &nonce),
        None => NOT_BUILT.to_owned(),
    };
    let mut reply = (
        StatusCode::OK,
        [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
        html,
    )
        .into_response();
    security::set_page_policy(ctx, &mut reply, &nonce);
    reply
}
