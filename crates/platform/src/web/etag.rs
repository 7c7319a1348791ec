//! Entity tags on everything that is read, and `If-Match` on everything that is changed.
//!
//! A tag is a hash of the answer without its signed links, which differ from minute to minute. `If-Match` is checked by
//! reading the same address inside the transaction that the change then joins, so that nobody slips in between; a
//! handler that sets a tag of its own is left to it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;
use vitrine_db::Unit;
use vitrine_kernel::{Error, ErrorCode};

use super::{Client, Problem};
use crate::Ctx;

/// Longer answers are streams and files, which have tags of their own.
const ANSWER_MAX_BYTES: usize = 8 * 1024 * 1024;

/// The context, and the routes alone, for reading what is about to be changed.
pub(super) type Reader = (Ctx, Router);

pub(super) async fn etags(State((ctx, routes)): State<Reader>, request: Request, next: Next) -> Response {
    match *request.method() {
        Method::GET | Method::HEAD => {
            let known = request.headers().get(header::IF_NONE_MATCH).cloned();
            match tagged(next.run(request).await).await {
                Ok(response) => unless_known(response, known.as_ref()),
                Err(error) => Problem(error).into_response(),
            }
        }
        Method::PUT | Method::PATCH | Method::DELETE if request.headers().contains_key(header::IF_MATCH) => {
            change(&ctx, routes, request, next)
                .await
                .unwrap_or_else(|error| Problem(error).into_response())
        }
        _ => next.run(request).await,
    }
}

/// Gives a good JSON answer its tag.
async fn tagged(response: Response) -> Result<Response, Error> {
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if response.status() != StatusCode::OK || !is_json || response.headers().contains_key(header::ETAG) {
        return Ok(response);
    }
    let (mut head, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_MAX_BYTES)
        .await
        .map_err(|error| Error::internal("an answer is too long for a tag").with_source(error))?;
    if let Ok(tag) = HeaderValue::try_from(tag_of(&body)) {
        head.headers.insert(header::ETAG, tag);
    }
    Ok(Response::from_parts(head, Body::from(body)))
}

fn tag_of(body: &[u8]) -> String {
    let digest = match serde_json::from_slice::<Value>(body) {
        Ok(value) => Sha256::digest(without_links(value).to_string()),
        Err(_) => Sha256::digest(body),
    };
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..16]))
}

/// The same value with every signed link cut off where its signature begins.
fn without_links(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(
            match text.find("/api/v1/files/").or_else(|| text.find("X-Amz-")) {
                Some(at) => text[..at].to_owned(),
                None => text,
            },
        ),
        Value::Array(all) => Value::Array(all.into_iter().map(without_links).collect()),
        Value::Object(map) => Value::Object(
            map.into_iter()
                .map(|(key, value)| (key, without_links(value)))
                .collect(),
        ),
        other => other,
    }
}

/// 304 without a body for what the caller has.
fn unless_known(response: Response, known: Option<&HeaderValue>) -> Response {
    let tag = response
        .headers()
        .get(header::ETAG)
        .and_then(|tag| tag.to_str().ok());
    let is_known = response.status() == StatusCode::OK
        && matches!((known.and_then(|known| known.to_str().ok()), tag), (Some(list), Some(tag)) if has_tag(list, tag));
    if !is_known {
        return response;
    }
    let (mut head, _) = response.into_parts();
    head.status = StatusCode::NOT_MODIFIED;
    head.headers.remove(header::CONTENT_TYPE);
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::empty())
}

/// Whether a list of tags names this one; weak marks do not count.
fn has_tag(list: &str, tag: &str) -> bool {
    let bare = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    list.split(',')
        .any(|one| one.trim() == "*" || bare(one) == bare(tag))
}

/// Makes a change only if what it changes is what the caller saw.
async fn change(ctx: &Ctx, routes: Router, request: Request, next: Next) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let wanted = parts
        .headers
        .get(header::IF_MATCH)
        .and_then(|value| value.to_str().ok());
    let wanted = wanted.unwrap_or_default().to_owned();
    // Within a unit, such as that of an idempotency key, the commit is its owner's.
    let outer = Unit::current();
    let unit = outer.clone().unwrap_or_default();
    unit.open(&ctx.db).await?;
    let seen = match unit.run(routes.oneshot(reading(&parts))).await {
        Ok(seen) => tagged(seen).await?,
        Err(never) => match never {},
    };
    let tag = seen.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
    if tag.is_some_and(|tag| !has_tag(&wanted, tag)) {
        drop(unit.take().await);
        return Err(stale());
    }
    let response = unit.run(next.run(Request::from_parts(parts, body))).await;
    if outer.is_some() {
        return Ok(response);
    }
    if let Some(tx) = unit.take().await
        && !response.status().is_server_error()
    {
        tx.commit().await?;
    }
    Ok(response)
}

/// The same address, to be read by the same caller.
fn reading(parts: &Parts) -> Request {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = parts.uri.path().parse().unwrap_or_default();
    *request.headers_mut() = only_identity(&parts.headers);
    // Not all of them: those of the router belong to its own way to the handler.
    if let Some(client) = parts.extensions.get::<Client>() {
        request.extensions_mut().insert(client.clone());
    }
    request
}

fn only_identity(headers: &HeaderMap) -> HeaderMap {
    headers
        .iter()
        .filter(|(name, _)| *name == header::AUTHORIZATION || name.as_str() == "x-workspace-id")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn stale() -> Error {
    Error::new(
        ErrorCode::PreconditionFailed,
        "It was changed in the meantime. Read it again and repeat the change.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_links_do_not_change_a_tag_and_everything_else_does() {
        let tag = |link: &str, name: &str| {
            tag_of(format!(r#"{{"name":"{name}","urls":{{"thumb":"{link}"}}}}"#).as_bytes())
        };
        let one = tag("http://a/api/v1/files/abc.1.sig", "Elm");
        assert_eq!(one, tag("http://a/api/v1/files/abc.2.other", "Elm"));
        assert_ne!(one, tag("http://a/api/v1/files/abc.1.sig", "Oak"));
        assert_eq!(
            tag("https://s3/key?X-Amz-Date=1&X-Amz-Signature=2", "Elm"),
            tag("https://s3/key?X-Amz-Date=3&X-Amz-Signature=4", "Elm")
        );
        assert_ne!(
            tag("https://s3/one?X-Amz-Date=1", "Elm"),
            tag("https://s3/two?X-Amz-Date=1", "Elm")
        );
    }

    #[test]
    fn lists_stars_and_weak_marks_are_understood() {
        assert!(has_tag("\"a\", W/\"b\"", "\"b\""));
        assert!(has_tag("*", "\"b\""));
        assert!(!has_tag("\"a\"", "\"b\""));
        assert!(!has_tag("", "\"b\""));
    }
}
