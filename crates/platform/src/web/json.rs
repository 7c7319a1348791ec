//! JSON in, strictly; JSON out.

use axum::body::HttpBody as _;
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use vitrine_kernel::{Error, ErrorCode};

use super::{Problem, body, strict};

/// A JSON body. As an input: wrong content type 415, too large 413, no JSON 400, everything else that is wrong 422
/// with every bad field.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let (parts, content) = request.into_parts();
        if !is_json(&parts.headers) {
            let detail = "Send the body as application/json.";
            return Err(Error::new(ErrorCode::UnsupportedMediaType, detail).into());
        }
        let bytes = body::read(content).await?;
        strict::from_json(&bytes)
            .map(Self)
            .map_err(|mistakes| match mistakes {
                Some(mistakes) => Error::validation(mistakes).into(),
                None => Error::new(
                    ErrorCode::BadRequest,
                    "The body is not valid JSON, or nested too deeply.",
                )
                .into(),
            })
    }
}

/// `Option<Json<T>>`: absent when there is no body, or `null`.
impl<S: Send + Sync, T: DeserializeOwned> OptionalFromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        if request.body().is_end_stream() {
            return Ok(None);
        }
        let Json(body) = <Json<Option<T>> as FromRequest<S>>::from_request(request, state).await?;
        Ok(body.map(Self))
    }
}

/// `application/json` or `application/…+json`, any parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(text) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let kind = text
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                let cache = (
                    header::CACHE_CONTROL,
                    HeaderValue::from_static("private, no-cache"),
                );
                ([kind, cache], body).into_response()
            }
            Err(error) => {
                Problem(Error::internal("could not write a reply as JSON").with_source(error)).into_response()
            }
        }
    }
}
