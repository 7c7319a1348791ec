//! Signed links of the local storage: what a bucket answers when files live in a folder.
//!
//! No account is asked for here; the signature is the permission. Refusals look like S3's: 403 for a link that is
//! forged, expired, or used for another type or length than it was made for.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use vitrine_kernel::{Error, ErrorCode};

use super::link::{Access, Link};
use super::range::{self, Wanted};
use super::{FileStream, Signed, TokenError, content_disposition};
use crate::Ctx;
use crate::web::{ApiResult, Path, Problem};

/// Routes under `/api/v1`.
pub fn router() -> utoipa_axum::router::OpenApiRouter<Ctx> {
    utoipa_axum::router::OpenApiRouter::new().routes(utoipa_axum::routes!(get_file, put_file))
}

/// Read a stored file by its signed link.
///
/// Links come from other answers (`thumb_url`, `GET /images/{id}/presign` and so on) and are good for a limited time.
/// Byte ranges and `If-None-Match` work.
#[utoipa::path(
    get,
    path = "/files/{token}",
    tag = "files",
    security(()),
    params(("token" = String, Path, description = "Signed link, made by the server")),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "The part that was asked for", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304, description = "Unchanged"),
        (status = 403, description = "The link is forged or expired"),
        (status = 404, description = "The file is gone"),
        (status = 416, description = "The range lies outside of the file"),
    )
)]
pub async fn get_file(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let signed = open(&ctx, &token, Access::Get)?;
    let link = &signed.claim;
    let meta = ctx.files.head(&link.key).await.map_err(Error::from)?;
    let etag = meta.etag.as_deref();
    let sent = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if etag.is_some_and(|etag| sent(header::IF_NONE_MATCH).is_some_and(|tags| has_tag(tags, etag))) {
        return Ok(with_headers(
            StatusCode::NOT_MODIFIED.into_response(),
            &ctx,
            &signed,
            etag,
        ));
    }
    // A range of an older state would not fit the bytes we have.
    let is_current = sent(header::IF_RANGE).is_none_or(|tag| Some(tag) == etag);
    let wanted = range::parse(sent(header::RANGE).filter(|_| is_current), meta.size_bytes);
    let (status, part) = match wanted {
        Wanted::Whole => (StatusCode::OK, None),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, Some(part)),
        Wanted::Unsatisfiable => {
            let size = HeaderValue::try_from(format!("bytes */{}", meta.size_bytes));
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            response
                .headers_mut()
                .extend(size.ok().map(|size| (header::CONTENT_RANGE, size)));
            return Ok(with_headers(response, &ctx, &signed, etag));
        }
    };
    let FileStream { meta, range, bytes } = ctx.files.stream(&link.key, part).await.map_err(Error::from)?;
    let mut response = Body::from_stream(bytes).into_response();
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    if status == StatusCode::PARTIAL_CONTENT {
        let text = format!(
            "bytes {}-{}/{}",
            range.start,
            range.end.saturating_sub(1),
            meta.size_bytes
        );
        response.headers_mut().extend(
            HeaderValue::try_from(text)
                .ok()
                .map(|range| (header::CONTENT_RANGE, range)),
        );
    }
    Ok(with_headers(response, &ctx, &signed, meta.etag.as_deref()))
}

/// Send the bytes of an announced upload.
///
/// The address, with the headers to send, comes from `POST /uploads/presign`. Exactly the announced type and length
/// are taken. Sending the same file again before completing the upload is fine.
#[utoipa::path(
    put,
    path = "/files/{token}",
    tag = "files",
    security(()),
    params(("token" = String, Path, description = "Signed link, made by the server")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "Stored"),
        (status = 403, description = "The link is forged or expired, or type or length are not the announced ones"),
        (status = 503, description = "The storage is full or not available"),
    )
)]
pub async fn put_file(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<StatusCode> {
    let link = open(&ctx, &token, Access::Put)?.claim;
    let length = link
        .length
        .ok_or_else(|| refused("This link does not take an upload."))?;
    if text(&headers, header::CONTENT_TYPE) != Some(link.content_type.as_str()) {
        return Err(refused("The content type is not the announced one."));
    }
    if text(&headers, header::CONTENT_LENGTH).and_then(|text| text.parse().ok()) != Some(length) {
        return Err(refused("The length is not the announced one."));
    }
    match ctx
        .files
        .receive(&link.key, length, body.into_data_stream())
        .await
    {
        Ok(true) => Ok(StatusCode::OK),
        Ok(false) => Err(refused("The body does not have the announced length.")),
        Err(error) => Err(Error::from(error).into()),
    }
}

fn open(ctx: &Ctx, token: &str, access: Access) -> Result<Signed<Link>, Problem> {
    match ctx.files.open_link(token) {
        Ok(signed) if signed.claim.access == access => Ok(signed),
        Ok(_) | Err(TokenError::Forged) => Err(refused("This link is not valid.")),
        Err(TokenError::Expired) => Err(refused("This link has expired; ask for a new one.")),
    }
}

fn refused(detail: &'static str) -> Problem {
    Error::new(ErrorCode::Forbidden, detail).into()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn has_tag(list: &str, etag: &str) -> bool {
    list.split(',')
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == "*" || tag == etag)
}

/// What every answer about a file says. A photo is data and never a page of ours, whatever it contains.
fn with_headers(mut response: Response, ctx: &Ctx, signed: &Signed<Link>, etag: Option<&str>) -> Response {
    let link = &signed.claim;
    let seconds_left = (signed.expires_at - ctx.now().timestamp()).max(0);
    let name = link.filename.as_deref().unwrap_or("file");
    let values = [
        (header::CONTENT_TYPE, link.content_type.clone()),
        (
            header::CONTENT_DISPOSITION,
            content_disposition(name, link.download),
        ),
        (
            header::CACHE_CONTROL,
            format!("private, max-age={seconds_left}, immutable"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox".to_owned(),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
    ];
    let headers = response.headers_mut();
    headers.extend(
        values
            .into_iter()
            .filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?))),
    );
    headers.extend(etag.and_then(|etag| Some((header::ETAG, HeaderValue::try_from(etag).ok()?))));
    response
}
