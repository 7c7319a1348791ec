//! `application/x-www-form-urlencoded` in, for the OAuth2 password form.

use axum::extract::{FromRequest, Request};
use http::header;
use serde::de::DeserializeOwned;
use vitrine_kernel::{Error, ErrorCode};

use super::{Problem, body, strict};

/// A form body, as strict as [`Json`](super::Json).
#[derive(Debug, Clone, Copy)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let (parts, content) = request.into_parts();
        let kind = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !kind
            .to_ascii_lowercase()
            .starts_with("application/x-www-form-urlencoded")
        {
            let detail = "Send the body as application/x-www-form-urlencoded.";
            return Err(Error::new(ErrorCode::UnsupportedMediaType, detail).into());
        }
        let bytes = body::read(content).await?;
        let pairs: Vec<(String, String)> = form_urlencoded::parse(&bytes).into_owned().collect();
        Ok(Self(strict::from_pairs(&pairs).map_err(Error::validation)?))
    }
}
