//! An OpenID Connect issuer: what it publishes about itself, its keys, and trading a code for tokens.
//!
//! Nothing is checked here but the shape of answers; whom to believe is `accounts::oidc`'s business in the platform.

use std::fmt;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;
use vitrine_kernel::Secret;

use crate::http::{Http, HttpError, Pass};

/// The parts of OpenID Provider Metadata that are used (OpenID Connect Discovery 1.0, section 3).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Discovery {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub userinfo_endpoint: Option<String>,
}

/// A code to be traded.
#[derive(Debug)]
pub struct Exchange<'a> {
    pub token_endpoint: &'a str,
    pub client_id: &'a str,
    pub client_secret: Option<&'a Secret<String>>,
    pub code: &'a str,
    pub redirect_uri: &'a str,
    /// Of PKCE.
    pub verifier: &'a str,
}

/// What a code was traded for.
#[derive(Debug, Deserialize)]
pub struct Tokens {
    pub id_token: Secret<String>,
    pub access_token: Option<Secret<String>>,
}

/// Speaks to an issuer.
#[async_trait]
pub trait Issuer: fmt::Debug + Send + Sync {
    /// `<issuer>/.well-known/openid-configuration`.
    async fn discover(&self, issuer: &str) -> Result<Discovery, HttpError>;

    /// The issuer's present keys, a JSON Web Key Set.
    async fn keys(&self, jwks_uri: &str) -> Result<Value, HttpError>;

    async fn exchange(&self, exchange: Exchange<'_>) -> Result<Tokens, HttpError>;

    /// Claims about the owner of an access token.
    async fn userinfo(&self, endpoint: &str, access_token: &str) -> Result<Value, HttpError>;
}

/// The real one, over HTTP.
#[derive(Debug, Clone)]
pub struct HttpIssuer(Http);

impl HttpIssuer {
    pub fn new() -> Result<Self, HttpError> {
        Http::new().map(Self)
    }
}

#[async_trait]
impl Issuer for HttpIssuer {
    async fn discover(&self, issuer: &str) -> Result<Discovery, HttpError> {
        let url = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        self.0.get(&url, Pass::Nothing).await
    }

    async fn keys(&self, jwks_uri: &str) -> Result<Value, HttpError> {
        self.0.get(jwks_uri, Pass::Nothing).await
    }

    async fn exchange(&self, exchange: Exchange<'_>) -> Result<Tokens, HttpError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", exchange.code),
            ("redirect_uri", exchange.redirect_uri),
            ("code_verifier", exchange.verifier),
        ];
        let Some(secret) = exchange.client_secret else {
            form.push(("client_id", exchange.client_id));
            return self
                .0
                .post_form(exchange.token_endpoint, &form, Pass::Nothing)
                .await;
        };
        let (user, password) = (encoded(exchange.client_id), encoded(secret.expose()));
        let pass = Pass::Basic {
            user: &user,
            password: &password,
        };
        self.0.post_form(exchange.token_endpoint, &form, pass).await
    }

    async fn userinfo(&self, endpoint: &str, access_token: &str) -> Result<Value, HttpError> {
        self.0.get(endpoint, Pass::Bearer(access_token)).await
    }
}

/// Form encoding of client credentials, which RFC 6749, section 2.3.1 asks for.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
