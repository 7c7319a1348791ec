//! `GET /status/feed.atom`.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::Error;
use vitrine_platform::Ctx;
use vitrine_platform::web::ApiResult;

use crate::public::cache_headers;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(get_status_feed))
}

/// Incidents and maintenance of the last 90 days as an Atom feed.
#[utoipa::path(get, path = "/status/feed.atom", tag = "status", security(()),
    responses((status = 200, body = String, content_type = "application/atom+xml")))]
pub async fn get_status_feed(State(ctx): State<Ctx>, headers: HeaderMap) -> ApiResult<impl IntoResponse> {
    let feed = super::load(&ctx).await?;
    let digest = Sha256::digest(feed.as_bytes());
    let tag = HeaderValue::try_from(format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..16])))
        .map_err(|error| Error::internal("a tag is no header").with_source(error))?;
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    let own = [(header::CONTENT_TYPE, kind), (header::ETAG, tag)];
    Ok((cache_headers(&ctx, &headers), own, feed))
}
