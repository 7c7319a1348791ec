//! S3 and what speaks like it: the client for our own requests, and presigned URLs for everyone else's.
//!
//! `object_store` talks to the bucket; it cannot sign the length of an upload, so `rusty-s3` makes the URLs. They
//! carry the public endpoint, which may differ from the one we use ourselves, because the host is part of the
//! signature.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use rusty_s3::actions::{GetObject, PutObject};
use rusty_s3::{Bucket, Credentials, S3Action as _, UrlStyle};
use url::Url;
use vitrine_kernel::{Secret, Time};

use super::FileError;

/// How to reach a bucket; the usual AWS variables plus two endpoints.
#[derive(Debug, Clone, Default)]
pub struct S3Options {
    /// Where we reach the server; none means AWS itself.
    pub endpoint: Option<String>,
    /// Where browsers reach it; none means the same.
    pub public_endpoint: Option<String>,
    pub region: Option<String>,
    pub access_key_id: Option<String>,
    pub secret_access_key: Option<Secret<String>>,
    pub session_token: Option<Secret<String>>,
}

/// Signs URLs of one bucket.
pub(super) struct S3Signer {
    bucket: Bucket,
    credentials: Credentials,
}

impl std::fmt::Debug for S3Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Signer")
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

/// Client and signer for `s3://bucket`.
pub(super) fn open(bucket: &str, options: &S3Options) -> Result<(Arc<dyn ObjectStore>, S3Signer), FileError> {
    let (Some(key_id), Some(secret)) = (&options.access_key_id, &options.secret_access_key) else {
        return Err(FileError::Invalid(
            "S3 storage needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned(),
        ));
    };
    // Every TLS client of the process takes the provider that was installed first; a second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();

    let region = options.region.as_deref().unwrap_or("us-east-1");
    let is_plain_http = options
        .endpoint
        .as_deref()
        .is_some_and(|endpoint| endpoint.starts_with("http://"));
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(region)
        .with_access_key_id(key_id)
        .with_secret_access_key(secret.expose())
        .with_virtual_hosted_style_request(options.endpoint.is_none())
        .with_conditional_put(S3ConditionalPut::Disabled)
        .with_retry(RetryConfig {
            max_retries: 2,
            retry_timeout: Duration::from_secs(10),
            ..RetryConfig::default()
        })
        .with_client_options(
            ClientOptions::new()
                .with_allow_http(is_plain_http)
                .with_connect_timeout(Duration::from_secs(5))
                .with_timeout(Duration::from_secs(60)),
        );
    if let Some(endpoint) = &options.endpoint {
        builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
    }
    if let Some(token) = &options.session_token {
        builder = builder.with_token(token.expose());
    }
    let store = builder
        .build()
        .map_err(|error| FileError::Invalid(format!("S3 storage: {error}")))?;

    let public = options.public_endpoint.as_ref().or(options.endpoint.as_ref());
    let (endpoint, style) = match public {
        Some(endpoint) => (endpoint.clone(), UrlStyle::Path),
        None => (
            format!("https://s3.{region}.amazonaws.com"),
            UrlStyle::VirtualHost,
        ),
    };
    let endpoint = Url::parse(&endpoint)
        .map_err(|error| FileError::Invalid(format!("the S3 endpoint {endpoint:?} is no URL: {error}")))?;
    let bucket = Bucket::new(endpoint, style, bucket.to_owned(), region.to_owned())
        .map_err(|error| FileError::Invalid(format!("the S3 bucket {bucket:?} cannot be used: {error}")))?;
    let credentials = match &options.session_token {
        Some(token) => Credentials::new_with_token(key_id, secret.expose(), token.expose()),
        None => Credentials::new(key_id, secret.expose()),
    };
    Ok((Arc::new(store), S3Signer { bucket, credentials }))
}

impl S3Signer {
    /// Scheme, host and port that browsers talk to, for the content security policy.
    pub fn origin(&self) -> String {
        self.bucket.base_url().origin().ascii_serialization()
    }

    /// A URL that accepts exactly `length` bytes of `content_type`: both are signed headers.
    pub fn put_url(&self, key: &str, content_type: &str, length: u64, valid: Valid) -> String {
        let length = length.to_string();
        let mut action = PutObject::new(&self.bucket, Some(&self.credentials), key);
        action.headers_mut().insert("content-type", content_type);
        action.headers_mut().insert("content-length", length.as_str());
        action.sign_with_time(valid.duration, &valid.timestamp()).into()
    }

    /// A URL that answers with our type and disposition, whatever the object says of itself.
    pub fn get_url(&self, key: &str, content_type: &str, disposition: &str, valid: Valid) -> String {
        let mut action = GetObject::new(&self.bucket, Some(&self.credentials), key);
        action.query_mut().insert("response-content-type", content_type);
        action
            .query_mut()
            .insert("response-content-disposition", disposition);
        action.sign_with_time(valid.duration, &valid.timestamp()).into()
    }
}

/// From when and for how long a URL is good.
#[derive(Debug, Clone, Copy)]
pub(super) struct Valid {
    pub from: Time,
    pub duration: Duration,
}

impl Valid {
    /// The Unix second from which on it is not.
    pub fn until(self) -> i64 {
        self.from
            .timestamp()
            .saturating_add_unsigned(self.duration.as_secs())
    }

    fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.from.timestamp()).unwrap_or_default()
    }
}
