//! The outermost layer: everything that is the same for every request and every answer.
//!
//! It names the request, finds out where it comes from, refuses what no handler should see, catches panics, writes
//! the body of every error, sets the security headers, counts and logs. Errors are logged here and nowhere else.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tracing::Instrument as _;
use vitrine_kernel::{Error, FieldError};

use super::facts::Facts;
use super::problem::{self, Pending, Problem};
use super::security::SecurityHeaders;
use super::{MAX_BODY_BYTES, body, failures};
use crate::accounts::model::Device;
use crate::{Ctx, telemetry};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");
const REQUEST_ID_MAX_CHARS: usize = 128;

/// Signed uploads to the local storage carry whole photos; their length is bound by the signature.
const UPLOAD_PREFIX: &str = "/api/v1/files/";

/// Id of a request, echoed in every answer.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The socket's peer, or what a trusted proxy says.
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
}

impl Client {
    pub fn device(&self) -> Device {
        Device::new(self.ip, self.user_agent.as_deref())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts
            .extensions
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self("".into())))
    }
}

/// What the layer knows from the start.
#[derive(Debug)]
pub(super) struct Frame {
    pub ctx: Ctx,
    pub facts: Arc<Facts>,
    pub security: SecurityHeaders,
}

/// The layer itself.
pub(super) async fn frame(State(frame): State<Arc<Frame>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let request_id = request_id(&frame.ctx, request.headers());
    let trace_id = trace_id(&frame.ctx, request.headers());
    let client = client(&frame.ctx, &request);
    let span = tracing::info_span!(
        "request",
        request.id = %request_id,
        trace.id = %trace_id,
        http.method = %method,
        http.route = route,
    );
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(RequestId(request_id.clone()));

    let mut response = async {
        let response = match refuse(&frame, &request, route) {
            Some(error) => {
                body::drain(request.into_body()).await;
                Problem(error).into_response()
            }
            None => match AssertUnwindSafe(next.run(request)).catch_unwind().await {
                Ok(response) => response,
                Err(panic) => Problem(Error::internal(panic_text(&*panic))).into_response(),
            },
        };
        explain(response, &request_id)
    }
    .instrument(span)
    .await;

    let headers = response.headers_mut();
    frame.security.set(headers);
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        headers.insert(REQUEST_ID, value);
    }
    if let Ok(value) = HeaderValue::from_str(&trace_id) {
        headers.insert(TRACE_ID, value);
    }
    telemetry::count_request(&method, route, response.status().as_u16(), started.elapsed());
    response
}

/// What no handler should see: a body that says it is too large, and query parameters the route does not know.
fn refuse(frame: &Frame, request: &Request, route: &str) -> Option<Error> {
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > MAX_BODY_BYTES as u64) && !route.starts_with(UPLOAD_PREFIX) {
        return Some(body::too_large());
    }
    let query = request.uri().query().filter(|query| !query.is_empty())?;
    let method = match *request.method() {
        Method::HEAD => &Method::GET,
        ref method => method,
    };
    let known = &frame.facts.of(route, method)?.query_names;
    let mistakes: Vec<FieldError> = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| !known.contains(name.as_ref()))
        .map(|(name, _)| FieldError::new(name, "unknown_field", "This parameter is not known here."))
        .collect();
    (!mistakes.is_empty()).then(|| Error::validation(mistakes))
}

/// Gives every error its body, whoever made it. A handler's own JSON with an error status is left alone.
fn explain(mut response: Response, request_id: &str) -> Response {
    if let Some(Pending(error)) = response.extensions_mut().remove::<Pending>() {
        failures::log(&error);
        return problem::write(response, &error, None, request_id);
    }
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .map(HeaderValue::as_bytes);
    let is_explained =
        kind.is_some_and(|kind| kind.starts_with(b"application/") || kind.starts_with(b"text/html"));
    if is_explained {
        return response;
    }
    let error = problem::from_status(status);
    failures::log(&error);
    problem::write(response, &error, Some(status), request_id)
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!(
        "a handler panicked: {}",
        text.unwrap_or_else(|| "without a message".to_owned())
    )
}

/// The caller's id if it is harmless, or a new one.
fn request_id(ctx: &Ctx, headers: &HeaderMap) -> Arc<str> {
    let sent = headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|text| {
            !text.is_empty()
                && text.len() <= REQUEST_ID_MAX_CHARS
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte))
        });
    match sent {
        Some(text) => text.into(),
        None => ctx.id::<uuid::Uuid>().to_string().into(),
    }
}

/// The trace a `traceparent` header continues, or a new one.
fn trace_id(ctx: &Ctx, headers: &HeaderMap) -> String {
    let sent = headers
        .get("traceparent")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split('-').nth(1));
    let is_valid = |text: &&str| {
        text.len() == 32
            && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            && text.bytes().any(|byte| byte != b'0')
    };
    match sent.filter(is_valid) {
        Some(text) => text.to_owned(),
        None => format!("{:032x}", u128::from_le_bytes(ctx.entropy.bytes())),
    }
}

fn client(ctx: &Ctx, request: &Request) -> Client {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip());
    let user_agent = request
        .headers()
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    Client {
        ip: client_ip(peer, request.headers(), &ctx.settings.trusted_proxies),
        user_agent: user_agent.map(str::to_owned),
    }
}

/// The right-most address that no trusted proxy of ours vouches for itself with.
fn client_ip(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .collect();
    let mut nearest = peer;
    for hop in hops.into_iter().rev() {
        let Ok(ip) = hop.trim().parse::<IpAddr>() else {
            break;
        };
        nearest = ip.to_canonical();
        if !trusted.contains(&nearest) {
            break;
        }
    }
    Some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn only_a_trusted_proxy_may_say_where_a_request_comes_from() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            HeaderValue::from_static("6.6.6.6, 9.9.9.9, 10.0.0.2"),
        );
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(
            client_ip(Some(ip("8.8.8.8")), &headers, &trusted),
            Some(ip("8.8.8.8"))
        );
        assert_eq!(
            client_ip(Some(ip("10.0.0.1")), &headers, &trusted),
            Some(ip("9.9.9.9"))
        );
        assert_eq!(
            client_ip(Some(ip("::ffff:10.0.0.1")), &headers, &trusted),
            Some(ip("9.9.9.9"))
        );
        assert_eq!(
            client_ip(Some(ip("10.0.0.1")), &HeaderMap::new(), &trusted),
            Some(ip("10.0.0.1"))
        );
        assert_eq!(client_ip(None, &headers, &trusted), None);
    }
}
