//! The layer behind `Idempotency-Key`; what it promises is told in [`crate::idempotency`].

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{OptionalFromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use tracing::Instrument as _;
use uuid::Uuid;
use vitrine_db::Unit;
use vitrine_kernel::Error;

use super::facts::Facts;
use super::{Problem, body};
use crate::idempotency::record::{self, Answer, Claim, Key};
use crate::{Actor, Ctx};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Headers that belong to an answer and are repeated with it.
const KEPT: [HeaderName; 4] = [
    header::CONTENT_TYPE,
    header::LOCATION,
    header::ETAG,
    header::CACHE_CONTROL,
];
/// No answer that changes something is this long.
const ANSWER_MAX_BYTES: usize = 8 * 1024 * 1024;

pub(super) async fn idempotency(
    State((ctx, facts)): State<(Ctx, Arc<Facts>)>,
    request: Request,
    next: Next,
) -> Response {
    let applies = request.headers().contains_key(KEY)
        && facts.of_request(&request).is_some_and(|fact| fact.is_recorded);
    if !applies {
        return next.run(request).await;
    }
    // A task of its own: somebody who hangs up does not cut it off between its steps.
    let work = async move { run(&ctx, request, next).await };
    match tokio::spawn(work.in_current_span()).await {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) => problem.into_response(),
        Err(failure) if failure.is_panic() => resume_unwind(failure.into_panic()),
        Err(failure) => {
            Problem(Error::internal("a request was cut off").with_source(failure)).into_response()
        }
    }
}

async fn run(ctx: &Ctx, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, content) = request.into_parts();
    let Some(actor) = <Actor as OptionalFromRequestParts<Ctx>>::from_request_parts(&mut parts, ctx).await?
    else {
        return Ok(next.run(Request::from_parts(parts, content)).await);
    };
    parts.extensions.insert(actor.clone());
    let text = parts.headers.get(KEY).and_then(|value| value.to_str().ok());
    let text = record::parse_key(text.unwrap_or_default())?.to_owned();
    let content = body::read(content).await?;
    let method = parts.method.clone();
    let path = path_of(&parts);
    let key = Key {
        actor: &actor,
        method: method.as_str(),
        path: &path,
        key: &text,
        fingerprint: record::fingerprint(&content),
    };
    let claim = match key.claim(ctx).await? {
        Claim::Answered(answer) => return Ok(replay(answer)),
        Claim::Ours(claim) => claim,
    };
    let unit = Unit::default();
    let response = unit
        .run(AssertUnwindSafe(next.run(Request::from_parts(parts, Body::from(content)))).catch_unwind())
        .await;
    match response {
        Ok(response) => Ok(conclude(ctx, claim, unit, response).await?),
        Err(panic) => {
            drop(unit);
            record::give_back(ctx, claim).await?;
            resume_unwind(panic)
        }
    }
}

fn path_of(parts: &Parts) -> String {
    parts
        .uri
        .path_and_query()
        .map_or_else(|| parts.uri.path(), |both| both.as_str())
        .to_owned()
}

/// Commits effect and answer together; what had no effect is not remembered.
async fn conclude(ctx: &Ctx, claim: Uuid, unit: Unit, response: Response) -> Result<Response, Error> {
    let held = unit.take().await;
    let status = response.status();
    let (Some(mut tx), false) = (held, status.is_server_error()) else {
        // Dropping the transaction undoes what a failure left half done.
        record::give_back(ctx, claim).await?;
        return Ok(response);
    };
    if status.is_client_error() {
        tx.commit().await?;
        record::give_back(ctx, claim).await?;
        return Ok(response);
    }
    let (head, content) = response.into_parts();
    let content = to_bytes(content, ANSWER_MAX_BYTES)
        .await
        .map_err(|error| Error::internal("an answer is too long to be kept").with_source(error))?;
    let headers: BTreeMap<String, String> = KEPT
        .iter()
        .filter_map(|name| {
            let value = head.headers.get(name)?.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        })
        .collect();
    let answer = Answer {
        status: head.status.as_u16(),
        headers,
        body: content.clone(),
    };
    record::finish(&mut tx, claim, &answer).await?;
    tx.commit().await?;
    Ok(Response::from_parts(head, Body::from(content)))
}

fn replay(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
