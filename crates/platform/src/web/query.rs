//! Query parameters, strictly.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;
use vitrine_kernel::Error;

use super::{Problem, strict};

/// Query parameters; unknown, repeated and unreadable ones answer 422, all at once.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Ok(Self(
            strict::from_pairs(&pairs(parts)).map_err(Error::validation)?,
        ))
    }
}

pub(super) fn pairs(parts: &Parts) -> Vec<(String, String)> {
    form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}
