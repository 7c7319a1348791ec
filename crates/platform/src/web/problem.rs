//! Errors as `application/problem+json`: the only way an error leaves the server.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use vitrine_db::DbError;
use vitrine_kernel::{Error, ErrorCode, FieldError};

/// What a handler answers.
pub type ApiResult<T> = Result<T, Problem>;

/// An error on its way out.
#[derive(Debug)]
pub struct Problem(pub Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        Self(error.into())
    }
}

/// The error of a response that still waits for its body.
#[derive(Debug, Clone)]
pub(super) struct Pending(pub Arc<Error>);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = status_of(self.0.code()).into_response();
        response.extensions_mut().insert(Pending(Arc::new(self.0)));
        response
    }
}

fn status_of(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A problem document (RFC 9457).
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `/problems/<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the code means, the same every time.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened this time, for a person.
    pub detail: String,
    /// Stable code to act on.
    pub code: String,
    /// Id of the request, to tell support.
    pub request_id: String,
    /// Every bad field, when the code is `validation_failed`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// For `POST /auth/mfa`, when the code is `mfa_required`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Password)]
    pub mfa_token: Option<String>,
}

impl ProblemBody {
    fn new(error: &Error, status: StatusCode, request_id: &str) -> Self {
        let code = error.code();
        Self {
            kind: format!("/problems/{}", code.as_str()),
            title: code.title().to_owned(),
            status: status.as_u16(),
            detail: error.detail().to_owned(),
            code: code.as_str().to_owned(),
            request_id: request_id.to_owned(),
            errors: error.fields().to_vec(),
            mfa_token: error.mfa_token().map(|token| token.expose().clone()),
        }
    }
}

/// Writes the body of a pending error, keeping the headers the response already has (such as `Allow`).
/// A status that has no code of its own, such as 416, can be kept.
pub(super) fn write(
    mut response: Response,
    error: &Error,
    status: Option<StatusCode>,
    request_id: &str,
) -> Response {
    let status = status.unwrap_or_else(|| status_of(error.code()));
    let body = serde_json::to_vec(&ProblemBody::new(error, status, request_id)).unwrap_or_default();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = error.retry_after_s() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if error.code().status() == 401 {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    *response.body_mut() = body.into();
    response
}

/// The error behind a bare status, for responses that the router or a library made.
pub(super) fn from_status(status: StatusCode) -> Error {
    let (code, detail) = match status {
        StatusCode::UNAUTHORIZED => (ErrorCode::Unauthorized, "Send an access token."),
        StatusCode::FORBIDDEN => (ErrorCode::Forbidden, "This is not allowed."),
        StatusCode::NOT_FOUND => return Error::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => (
            ErrorCode::MethodNotAllowed,
            "This address does not answer this method; see the Allow header.",
        ),
        StatusCode::CONFLICT => (
            ErrorCode::Conflict,
            "The request conflicts with the current state.",
        ),
        StatusCode::PRECONDITION_FAILED => (ErrorCode::PreconditionFailed, "It was changed in the meantime."),
        StatusCode::PAYLOAD_TOO_LARGE => (ErrorCode::PayloadTooLarge, "The body is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            ErrorCode::UnsupportedMediaType,
            "Send the body as application/json.",
        ),
        StatusCode::UNPROCESSABLE_ENTITY => (ErrorCode::ValidationFailed, "Some fields are not valid."),
        StatusCode::TOO_MANY_REQUESTS => (ErrorCode::RateLimited, "Too many requests; wait a moment."),
        StatusCode::BAD_GATEWAY => (ErrorCode::ProviderFailed, "An outside service failed."),
        StatusCode::SERVICE_UNAVAILABLE => (
            ErrorCode::Unavailable,
            "Not available at the moment. Try again shortly.",
        ),
        StatusCode::GATEWAY_TIMEOUT => (
            ErrorCode::ProviderTimeout,
            "An outside service did not answer in time.",
        ),
        status if status.is_client_error() => (ErrorCode::BadRequest, "The request could not be understood."),
        status => return Error::internal(format!("a response with status {status} and no explanation")),
    };
    let error = Error::new(code, detail);
    if status.is_server_error() {
        return error.with_context(format!("a response with status {status} and no explanation"));
    }
    error
}
