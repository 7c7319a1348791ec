//! Entity tags on everything that is read, and `If-Match` on everything that is changed.
//!
//! A tag is a hash of the answer without the signatures of its links, which differ from minute to minute. `If-Match` is checked by
//! reading the same address inside the transaction that the change then joins, so that nobody slips in between; a
//! handler that sets a tag of its own is left to it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{OptionalFromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;
use vitrine_db::Unit;
use vitrine_kernel::{Error, ErrorCode};

use super::{Client, Problem, body as request_body};
use crate::{Actor, Ctx};

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

/// A hash of the answer, in which every signed link ends where its signature begins. The answer is looked through as it
/// was written: reading it into values and writing it again would cost more than the rest of a request.
fn tag_of(body: &[u8]) -> String {
    let mut hash = Sha256::new();
    let mut rest = body;
    while let Some(quote) = rest.iter().position(|byte| *byte == b'"') {
        let (before, text) = rest.split_at(quote + 1);
        hash.update(before);
        let end = end_of_text(text);
        hash.update(without_signature(&text[..end]));
        rest = &text[end..];
        if let Some(after) = rest.strip_prefix(b"\"") {
            hash.update(b"\"");
            rest = after;
        }
    }
    hash.update(rest);
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&hash.finalize()[..16]))
}

/// Where a JSON text ends: at a quote without a backslash of its own.
fn end_of_text(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = text[at..].iter().position(|byte| matches!(byte, b'"' | b'\\')) {
        match text[at + found] {
            b'"' => return at + found,
            _ => at = (at + found + 2).min(text.len()),
        }
    }
    text.len()
}

/// A signed link up to its signature; any other text as it is, also one that speaks of such a link.
fn without_signature(text: &[u8]) -> &[u8] {
    let is_address = text.starts_with(b"http") && !text.iter().any(u8::is_ascii_whitespace);
    if !is_address {
        return text;
    }
    let marks: [&[u8]; 2] = [b"/api/v1/files/", b"X-Amz-"];
    marks
        .iter()
        .find_map(|mark| text.windows(mark.len()).position(|part| part == *mark))
        .map_or(text, |at| &text[..at])
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
    let (mut parts, body) = request.into_parts();
    // Once for reading and for changing, and before anything is held. What is wrong with it is the handler's to say.
    let actor = <Actor as OptionalFromRequestParts<Ctx>>::from_request_parts(&mut parts, ctx).await;
    if let Ok(Some(actor)) = actor {
        parts.extensions.insert(actor);
    }
    let wanted = parts
        .headers
        .get(header::IF_MATCH)
        .and_then(|value| value.to_str().ok());
    let wanted = wanted.unwrap_or_default().to_owned();
    // Before anything is held: somebody who sends slowly must not keep everybody else from writing.
    let content = request_body::read(body).await?;
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
    let response = unit
        .run(next.run(Request::from_parts(parts, Body::from(content))))
        .await;
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
    if let Some(actor) = parts.extensions.get::<Actor>() {
        request.extensions_mut().insert(actor.clone());
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
    fn a_text_about_links_is_no_link_and_quotes_end_nothing_early() {
        let tag = |text: &str| tag_of(serde_json::json!({ "text": text }).to_string().as_bytes());
        for (one, other) in [
            ("see X-Amz-Date", "see X-Amz-Expires"),
            (
                "http://a/api/v1/files/1 and more",
                "http://a/api/v1/files/2 and more",
            ),
            ("a\"http://a/api/v1/files/1", "a\"http://a/api/v1/files/2"),
            ("ends with \\", "ends with \\\\"),
            ("\\\"", "\\\"x"),
        ] {
            assert_ne!(tag(one), tag(other), "{one}");
        }
        let cut = br#"{"a":"b\"#;
        assert_eq!(tag_of(cut), tag_of(cut));
    }

    #[test]
    fn lists_stars_and_weak_marks_are_understood() {
        assert!(has_tag("\"a\", W/\"b\"", "\"b\""));
        assert!(has_tag("*", "\"b\""));
        assert!(!has_tag("\"a\"", "\"b\""));
        assert!(!has_tag("", "\"b\""));
    }
}
