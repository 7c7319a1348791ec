//! Speaks to a [`TestApp`](crate::TestApp).

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use http_body_util::BodyExt as _;
use serde::Serialize;
use serde_json::Value;
use tower::ServiceExt as _;

/// Somebody who calls the API. Paths start below `/api/v1`, those of the root with `//`: `//health`.
#[derive(Debug, Clone)]
pub struct Client {
    router: Router,
    headers: HeaderMap,
    /// What signing in gave: `user`, `refresh_token`.
    pub tokens: Value,
}

impl Client {
    /// Somebody who is not signed in, at any server.
    pub fn new(router: Router) -> Self {
        Self {
            router,
            headers: HeaderMap::new(),
            tokens: Value::Null,
        }
    }

    /// The same client, signed in with an `AuthTokens` reply.
    #[must_use]
    pub fn with_tokens(mut self, tokens: &Value) -> Self {
        let access = tokens["access_token"]
            .as_str()
            .expect("the reply holds an access token")
            .to_owned();
        self.tokens = tokens.clone();
        self.with_header("authorization", &format!("Bearer {access}"))
    }

    /// The same client, sending a header with every request.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a header value");
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path).send().await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path).send().await
    }

    pub async fn post(&self, path: &str, body: &(impl Serialize + ?Sized)) -> Reply {
        self.call(Method::POST, path).json(body).send().await
    }

    /// A `POST` without a body.
    pub async fn post_empty(&self, path: &str) -> Reply {
        self.call(Method::POST, path).send().await
    }

    pub async fn put(&self, path: &str, body: &(impl Serialize + ?Sized)) -> Reply {
        self.call(Method::PUT, path).json(body).send().await
    }

    pub async fn patch(&self, path: &str, body: &(impl Serialize + ?Sized)) -> Reply {
        self.call(Method::PATCH, path).json(body).send().await
    }

    /// A request to be finished by hand. An absolute URL is cut to its path.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let uri = match (path.strip_prefix("//"), path.split_once("://")) {
            (Some(root), _) => format!("/{root}"),
            (None, Some((_, rest))) => rest.find('/').map_or("/", |slash| &rest[slash..]).to_owned(),
            (None, None) => format!("/api/v1{path}"),
        };
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = uri.parse().expect("a path");
        *request.headers_mut() = self.headers.clone();
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        Call {
            router: self.router.clone(),
            request,
        }
    }
}

/// A request on its way.
#[derive(Debug)]
pub struct Call {
    router: Router,
    request: Request<Body>,
}

impl Call {
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a header value");
        self.request
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
        self
    }

    #[must_use]
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        let bytes = serde_json::to_vec(body).expect("the body can be written as JSON");
        self.body("application/json", bytes)
    }

    #[must_use]
    pub fn body(mut self, content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let headers = self.request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        *self.request.body_mut() = Body::from(bytes);
        self
    }

    /// A body that begins and never ends.
    #[must_use]
    pub fn endless_body(mut self) -> Self {
        let headers = self.request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let begin = futures_util::stream::once(async { Ok::<_, std::io::Error>(Bytes::from_static(b"{")) });
        *self.request.body_mut() = Body::from_stream(begin.chain(futures_util::stream::pending()));
        self
    }

    /// As a client sends it that does not know the length in advance.
    #[must_use]
    pub fn without_length(mut self) -> Self {
        self.request.headers_mut().remove(header::CONTENT_LENGTH);
        self
    }

    /// From where it seems to come.
    #[must_use]
    pub fn from(mut self, peer: SocketAddr) -> Self {
        self.request.extensions_mut().insert(ConnectInfo(peer));
        self
    }

    /// The answer, without waiting for its end; for streams.
    pub async fn open(self) -> http::Response<Body> {
        match self.router.oneshot(self.request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    pub async fn send(self) -> Reply {
        let (parts, body) = self.open().await.into_parts();
        let body = body.collect().await.expect("the body can be read").to_bytes();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    /// Fails the test unless the answer has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "the answer was {}", self.text());
        self
    }

    /// Fails the test unless the answer is a problem with this status and code, in its envelope.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Value {
        let this = self.expect(status);
        assert_eq!(
            this.header("content-type"),
            Some("application/problem+json"),
            "{}",
            this.text()
        );
        let problem = this.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["type"], format!("/problems/{code}"), "{problem}");
        assert_eq!(
            problem["request_id"].as_str(),
            this.header("x-request-id"),
            "{problem}"
        );
        assert!(
            problem["title"].is_string() && problem["detail"].is_string(),
            "{problem}"
        );
        problem
    }

    /// Fails the test unless the answer is a 422; gives `field code` of every complaint.
    #[track_caller]
    pub fn expect_complaints(self) -> Vec<String> {
        let problem = self.expect_problem(422, "validation_failed");
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        assert!(
            errors.iter().all(|error| error["message"].is_string()),
            "{problem}"
        );
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        errors
            .iter()
            .map(|error| format!("{} {}", word(&error["field"]), word(&error["code"])))
            .collect()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
