//! The one HTTP client for outside services: bounded in time and size, and it follows no redirect, so that an answer
//! cannot send us elsewhere.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(10);
/// Many servers close what was idle for five seconds; a request must not meet that.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);
/// Longest JSON answer that is read.
const JSON_MAX_BYTES: usize = 1024 * 1024;

/// Why an outside service gave no usable answer. What it said is for the log.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("no answer in time")]
    TimedOut,
    #[error("could not be reached: {0}")]
    Unreachable(String),
    #[error("answered {status}: {text}")]
    Refused { status: u16, text: String },
    #[error("gave an answer that cannot be used: {0}")]
    Unusable(String),
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Unreachable(error.without_url().to_string())
        }
    }
}

/// What a request shows to be let in.
#[derive(Debug, Clone, Copy)]
pub enum Pass<'a> {
    Nothing,
    Bearer(&'a str),
    Basic { user: &'a str, password: &'a str },
}

/// The client. A TLS provider must have been installed before.
#[derive(Debug, Clone)]
pub struct Http(reqwest::Client);

impl Http {
    pub fn new() -> Result<Self, HttpError> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("vitrine/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self(client))
    }

    /// Reads a JSON document.
    pub async fn get<T: DeserializeOwned>(&self, url: &str, pass: Pass<'_>) -> Result<T, HttpError> {
        answer(self.0.get(url), pass).await
    }

    /// Sends a form and reads a JSON answer.
    pub async fn post_form<T: DeserializeOwned>(
        &self,
        url: &str,
        form: &(impl Serialize + Sync),
        pass: Pass<'_>,
    ) -> Result<T, HttpError> {
        answer(self.0.post(url).form(form), pass).await
    }
}

async fn answer<T: DeserializeOwned>(
    request: reqwest::RequestBuilder,
    pass: Pass<'_>,
) -> Result<T, HttpError> {
    let request = match pass {
        Pass::Nothing => request,
        Pass::Bearer(token) => request.bearer_auth(token),
        Pass::Basic { user, password } => request.basic_auth(user, Some(password)),
    };
    let mut response = request.send().await?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > JSON_MAX_BYTES {
            return Err(HttpError::Unusable("it is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    if !status.is_success() {
        let text = String::from_utf8_lossy(&body).chars().take(300).collect();
        return Err(HttpError::Refused {
            status: status.as_u16(),
            text,
        });
    }
    serde_json::from_slice(&body).map_err(|error| HttpError::Unusable(error.to_string()))
}
