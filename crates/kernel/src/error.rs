//! One error for everything that reaches a caller: a stable code, a public message, private context, a source.
//!
//! The code table below generates `docs/errors.md`; a code may be added, never renamed.

use std::borrow::Cow;

use crate::Secret;

pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($variant:ident $text:literal $status:literal $title:literal;)+) => {
        /// A stable error code; its text appears as `code` in every problem document.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($variant),+ }

        impl ErrorCode {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// HTTP status of this code.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// One line for a person.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }
    };
}

codes! {
    BadRequest "bad_request" 400 "The request could not be understood";
    InvalidCursor "invalid_cursor" 400 "The page cursor is not valid";
    InvalidLink "invalid_link" 400 "This link does not work any more";
    Unauthorized "unauthorized" 401 "Sign in first";
    MfaRequired "mfa_required" 401 "A second factor is needed";
    InvalidCredentials "invalid_credentials" 401 "E-mail or password is wrong";
    TokenReused "token_reused" 401 "This session was ended because an old token was used again";
    QuotaExceeded "quota_exceeded" 402 "The plan's quota is used up";
    SubscriptionRequired "subscription_required" 402 "A subscription is needed";
    Forbidden "forbidden" 403 "Not allowed";
    EmailUnverified "email_unverified" 403 "Confirm your e-mail address first";
    AccountLeaving "account_leaving" 403 "This account is about to be deleted";
    NotFound "not_found" 404 "Not found";
    MethodNotAllowed "method_not_allowed" 405 "This method is not allowed here";
    Conflict "conflict" 409 "In conflict with the current state";
    IdempotencyInProgress "idempotency_in_progress" 409 "The first request with this key is still running";
    PreconditionFailed "precondition_failed" 412 "It was changed in the meantime";
    PayloadTooLarge "payload_too_large" 413 "The body is too large";
    UnsupportedMediaType "unsupported_media_type" 415 "This content type is not accepted here";
    ValidationFailed "validation_failed" 422 "Some fields are not valid";
    IdempotencyKeyReused "idempotency_key_reused" 422 "This key was used with another request";
    NotConnected "not_connected" 424 "Connect the service first";
    PreconditionRequired "precondition_required" 428 "Say which version it is a change to";
    AccountLocked "account_locked" 429 "Too many wrong passwords";
    RateLimited "rate_limited" 429 "Too many requests";
    Internal "internal" 500 "Something went wrong on our side";
    ProviderFailed "provider_failed" 502 "An outside service failed";
    NotConfigured "not_configured" 503 "This is not set up on this server";
    Unavailable "unavailable" 503 "Not available at the moment";
    ProviderTimeout "provider_timeout" 504 "An outside service did not answer in time";
}

/// One bad field of a request.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Path of the field, such as `images[3].style`.
    pub field: String,
    /// Stable code of the complaint, such as `too_long`.
    pub code: Cow<'static, str>,
    /// The complaint, for a person.
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code: Cow::Borrowed(code),
            message: message.into(),
        }
    }
}

type Source = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug)]
struct Inner {
    code: ErrorCode,
    detail: Cow<'static, str>,
    context: Option<String>,
    fields: Vec<FieldError>,
    retry_after_s: Option<u64>,
    source: Option<Source>,
    mfa_token: Option<Secret<String>>,
}

/// What went wrong, for two audiences: `detail` for the caller, `context` and `source` for our log.
#[derive(Debug)]
pub struct Error(Box<Inner>);

impl Error {
    /// An error with a public explanation.
    pub fn new(code: ErrorCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            code,
            detail: detail.into(),
            context: None,
            fields: Vec::new(),
            retry_after_s: None,
            source: None,
            mfa_token: None,
        }))
    }

    /// A defect or failure of ours; the caller sees only that something went wrong.
    pub fn internal(context: impl Into<String>) -> Self {
        Self::new(
            ErrorCode::Internal,
            "The request could not be completed. Try again; if it stays, tell support the request id.",
        )
        .with_context(context)
    }

    pub fn not_found() -> Self {
        Self::new(
            ErrorCode::NotFound,
            "There is nothing here, or nothing you may see.",
        )
    }

    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::Forbidden, detail)
    }

    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::Conflict, detail)
    }

    /// Every bad field at once.
    pub fn validation(fields: Vec<FieldError>) -> Self {
        let mut error = Self::new(
            ErrorCode::ValidationFailed,
            "Some fields are not valid; see errors.",
        );
        error.0.fields = fields;
        error
    }

    /// One bad field.
    pub fn field(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::validation(vec![FieldError::new(field, code, message)])
    }

    /// Adds private context, for the log only.
    #[must_use]
    pub fn with_context(mut self, context: impl Into<String>) -> Self {
        self.0.context = Some(context.into());
        self
    }

    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// What the caller continues the sign-in with.
    #[must_use]
    pub fn with_mfa_token(mut self, token: Secret<String>) -> Self {
        self.0.mfa_token = Some(token);
        self
    }

    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Public explanation.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    pub fn context(&self) -> Option<&str> {
        self.0.context.as_deref()
    }

    pub fn mfa_token(&self) -> Option<&Secret<String>> {
        self.0.mfa_token.as_ref()
    }

    pub fn retry_after_s(&self) -> Option<u64> {
        self.0.retry_after_s
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0.context {
            Some(context) => write!(f, "{}: {context}", self.0.code.as_str()),
            None => write!(f, "{}: {}", self.0.code.as_str(), self.0.detail),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
