//! Whom to believe: signature, issuer, audience and time of a token that the issuer signed.

use chrono::Duration;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;
use vitrine_kernel::{Error, Time};

use super::issuer::Oidc;
use crate::Ctx;
use crate::accounts::token::unauthorized;

/// Clocks of servers may differ by this much.
const SKEW: Duration = Duration::seconds(60);

/// What a token or the userinfo endpoint says of somebody.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Claims {
    #[serde(default)]
    pub iss: String,
    pub sub: String,
    #[serde(default)]
    pub aud: Audience,
    /// Seconds since 1970, by issuers' whim with a fraction.
    pub exp: Option<f64>,
    pub nbf: Option<f64>,
    pub iat: Option<f64>,
    pub azp: Option<String>,
    pub nonce: Option<String>,
    pub email: Option<String>,
    /// Some issuers send text.
    #[serde(default)]
    pub email_verified: Value,
    pub name: Option<String>,
}

/// A moment told in seconds since 1970; absurd ones are brought near enough to compare.
fn moment(seconds: f64) -> Time {
    Time::UNIX_EPOCH + Duration::milliseconds((seconds.clamp(0.0, 1e11) * 1000.0) as i64)
}

impl Claims {
    /// A token that does not say when it was issued counts as old.
    pub fn is_issued_after(&self, time: Time) -> bool {
        self.iat.is_some_and(|iat| moment(iat) > time)
    }

    /// The issuer vouches for the address.
    pub fn is_email_verified(&self) -> bool {
        match &self.email_verified {
            Value::Bool(is_verified) => *is_verified,
            Value::String(text) => text == "true",
            _ => false,
        }
    }
}

/// One or several.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Several(Vec<String>),
    #[default]
    Nobody,
}

impl Audience {
    fn has(&self, wanted: &str) -> bool {
        match self {
            Self::One(one) => one == wanted,
            Self::Several(several) => several.iter().any(|one| one == wanted),
            Self::Nobody => false,
        }
    }

    /// Beside others, so that it has to be asked whom the token was issued to.
    pub fn is_several(&self) -> bool {
        matches!(self, Self::Several(several) if several.len() > 1)
    }
}

/// Whether a token may be the issuer's: ours are signed with a shared secret, the issuer's never.
pub fn is_foreign(token: &str) -> bool {
    jsonwebtoken::decode_header(token).is_ok_and(|header| is_accepted(header.alg))
}

fn is_accepted(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::RS256 | Algorithm::ES256)
}

/// Checks a token that must be for `audience`.
pub async fn check(ctx: &Ctx, oidc: &Oidc, token: &str, audience: &str) -> Result<Claims, Error> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| unauthorized())?;
    if !is_accepted(header.alg) {
        return Err(unauthorized());
    }
    let key = oidc
        .key(ctx, header.kid.as_deref())
        .await?
        .ok_or_else(unauthorized)?;
    let claims = read(token, header.alg, &key)?;
    let issuer = &oidc.settings().issuer;
    refuse_reason(&claims, issuer, audience, ctx.now())
        .map_or(Ok(claims), |reason| Err(unauthorized().with_context(reason)))
}

/// Checks the signature alone. The key decides the algorithm, so that a public key is never used as a shared secret.
fn read(token: &str, algorithm: Algorithm, key: &Jwk) -> Result<Claims, Error> {
    let is_fit = match (algorithm, &key.algorithm) {
        (Algorithm::RS256, AlgorithmParameters::RSA(_)) => {
            matches!(key.common.key_algorithm, None | Some(KeyAlgorithm::RS256))
        }
        (Algorithm::ES256, AlgorithmParameters::EllipticCurve(_)) => {
            matches!(key.common.key_algorithm, None | Some(KeyAlgorithm::ES256))
        }
        _ => false,
    };
    let is_for_signing = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    if !is_fit || !is_for_signing {
        return Err(unauthorized());
    }
    let mut validation = Validation::new(algorithm);
    // Times are compared with the context's clock below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_jwk(key).map_err(|_| unauthorized())?;
    jsonwebtoken::decode::<Claims>(token, &key, &validation)
        .map(|data| data.claims)
        .map_err(|_| unauthorized())
}

/// Why signed claims are not believed.
fn refuse_reason(claims: &Claims, issuer: &str, audience: &str, now: Time) -> Option<&'static str> {
    if claims.sub.is_empty() {
        return Some("the token has no subject");
    }
    if claims.iss != issuer {
        return Some("the token is of another issuer");
    }
    if !claims.aud.has(audience) {
        return Some("the token is for somebody else");
    }
    match claims.exp {
        Some(exp) if moment(exp) + SKEW > now => {}
        _ => return Some("the token has expired"),
    }
    match claims.nbf {
        Some(nbf) if moment(nbf) - SKEW > now => Some("the token is not valid yet"),
        _ => None,
    }
}
