//! An OpenID Connect issuer in memory, with keys of the tests, and as honest as a test wants it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use vitrine_kernel::Secret;
use vitrine_platform::accounts::oidc::{Oidc, OidcSettings};
use vitrine_providers::http::HttpError;
use vitrine_providers::oidc::{Discovery, Exchange, Issuer, Tokens};

pub const ISSUER: &str = "https://issuer.test";
pub const AUDIENCE: &str = "https://vitrine.test/api";
pub const CLIENT: &str = "vitrine-web";

/// Made for these tests by `openssl genrsa`; it signs nothing else.
const RSA_KEY: &[u8] = include_bytes!("fixtures/issuer-rsa.der");
pub const RSA_MODULUS: &str = include_str!("fixtures/issuer-rsa-modulus.txt");

/// A key of the issuer.
#[derive(Clone)]
pub struct Key {
    pub id: &'static str,
    pub algorithm: Algorithm,
    secret: EncodingKey,
    public: Value,
}

impl Key {
    pub fn rsa(id: &'static str) -> Self {
        Self {
            id,
            algorithm: Algorithm::RS256,
            secret: EncodingKey::from_rsa_der(RSA_KEY),
            public: json!({ "kty": "RSA", "kid": id, "use": "sig", "alg": "RS256", "n": RSA_MODULUS.trim(), "e": "AQAB" }),
        }
    }

    /// A new one each time.
    pub fn elliptic(id: &'static str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random)
            .expect("a key");
        let point = pair.public_key().as_ref();
        let (x, y) = (
            URL_SAFE_NO_PAD.encode(&point[1..33]),
            URL_SAFE_NO_PAD.encode(&point[33..65]),
        );
        Self {
            id,
            algorithm: Algorithm::ES256,
            secret: EncodingKey::from_ec_der(pkcs8.as_ref()),
            public: json!({ "kty": "EC", "crv": "P-256", "kid": id, "use": "sig", "alg": "ES256", "x": x, "y": y }),
        }
    }

    /// The same key under another name.
    pub fn named(&self, id: &'static str) -> Self {
        Self { id, ..self.clone() }
    }

    /// A token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        let header = Header {
            kid: Some(self.id.to_owned()),
            ..Header::new(self.algorithm)
        };
        jsonwebtoken::encode(&header, claims, &self.secret).expect("it signs")
    }
}

/// What the issuer says now.
#[derive(Debug, Default)]
pub struct Words {
    pub issuer: Option<String>,
    pub keys: Vec<Value>,
    pub id_token: String,
    pub userinfo: Value,
    pub is_away: bool,
    /// The form of the last exchange: code and PKCE verifier.
    pub exchanged: Option<(String, String)>,
}

#[derive(Debug, Default)]
pub struct FakeIssuer {
    pub words: Mutex<Words>,
    /// How often the keys were fetched.
    pub fetches: AtomicUsize,
    /// How often anything was asked of it, answered or not.
    pub asked: AtomicUsize,
}

impl FakeIssuer {
    pub fn with(keys: &[&Key]) -> Arc<Self> {
        let fake = Arc::new(Self::default());
        fake.publish(keys);
        fake
    }

    pub fn publish(&self, keys: &[&Key]) {
        self.say(|words| words.keys = keys.iter().map(|key| key.public.clone()).collect());
    }

    pub fn say<T>(&self, change: impl FnOnce(&mut Words) -> T) -> T {
        change(&mut self.words.lock().expect("no test panicked with it"))
    }

    pub fn fetches(&self) -> usize {
        self.fetches.load(Ordering::Relaxed)
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// For the context's extensions.
    pub fn connected(self: &Arc<Self>) -> Oidc {
        let settings = OidcSettings {
            issuer: ISSUER.to_owned(),
            audience: Some(AUDIENCE.to_owned()),
            client_id: Some(CLIENT.to_owned()),
            client_secret: Some(Secret::new("a secret".to_owned())),
        };
        Oidc::new(settings, self.clone())
    }
}

#[async_trait]
impl Issuer for FakeIssuer {
    async fn discover(&self, issuer: &str) -> Result<Discovery, HttpError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.say(|words| {
            if words.is_away {
                return Err(HttpError::TimedOut);
            }
            Ok(Discovery {
                issuer: words.issuer.clone().unwrap_or_else(|| issuer.to_owned()),
                authorization_endpoint: format!("{issuer}/authorize"),
                token_endpoint: format!("{issuer}/token"),
                jwks_uri: format!("{issuer}/keys"),
                userinfo_endpoint: Some(format!("{issuer}/userinfo")),
            })
        })
    }

    async fn keys(&self, _jwks_uri: &str) -> Result<Value, HttpError> {
        self.fetches.fetch_add(1, Ordering::Relaxed);
        Ok(json!({ "keys": self.say(|words| words.keys.clone()) }))
    }

    async fn exchange(&self, exchange: Exchange<'_>) -> Result<Tokens, HttpError> {
        self.say(|words| {
            words.exchanged = Some((exchange.code.to_owned(), exchange.verifier.to_owned()));
            Ok(Tokens {
                id_token: Secret::new(words.id_token.clone()),
                access_token: Some(Secret::new("opaque".to_owned())),
            })
        })
    }

    async fn userinfo(&self, _endpoint: &str, _access_token: &str) -> Result<Value, HttpError> {
        Ok(self.say(|words| words.userinfo.clone()))
    }
}
