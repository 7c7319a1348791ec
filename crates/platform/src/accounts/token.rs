//! Access tokens (short-lived, signed) and refresh tokens (random, kept as a hash).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vitrine_kernel::id::{AccountId, SessionId};
use vitrine_kernel::{Error, ErrorCode, Secret};

use crate::Ctx;

/// Life of an access token.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// Life of a refresh token, and of a session that is not used.
pub const REFRESH_DAYS: i64 = 30;
/// A token rotated less than this ago may come back without harm: two tabs, or an answer that got lost.
pub const ROTATION_GRACE: Duration = Duration::seconds(10);

const PURPOSE: &str = "access";
const KEY_LABEL: &str = "access token";

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    purpose: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    exp: i64,
}

/// Signs an access token for a session.
pub fn sign_access(ctx: &Ctx, account: AccountId, session: SessionId) -> Result<Secret<String>, Error> {
    let now = ctx.now().timestamp();
    let claims = Claims {
        purpose: PURPOSE.to_owned(),
        sub: account.0,
        sid: session.0,
        iat: now,
        exp: now + ACCESS_SECONDS,
    };
    let key = EncodingKey::from_secret(&ctx.derive_key(KEY_LABEL));
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
        .map(Secret::new)
        .map_err(|error| Error::internal("could not sign an access token").with_source(error))
}

/// Checks signature, purpose and expiry; whether the session still lives is the database's to say.
pub fn read_access(ctx: &Ctx, token: &str) -> Result<(AccountId, SessionId), Error> {
    let mut validation = Validation::new(Algorithm::HS256);
    // Expiry is compared with the context's clock below, to the second.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(&ctx.derive_key(KEY_LABEL));
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)
        .map_err(|_| unauthorized())?
        .claims;
    if claims.purpose != PURPOSE || claims.exp <= ctx.now().timestamp() {
        return Err(unauthorized());
    }
    Ok((AccountId(claims.sub), SessionId(claims.sid)))
}

/// The one answer to a token that does not open anything.
pub fn unauthorized() -> Error {
    Error::new(
        ErrorCode::Unauthorized,
        "The access token is missing, expired or not valid. Sign in or refresh it.",
    )
}

/// 256 random bits as text.
pub fn random(ctx: &Ctx) -> Secret<String> {
    Secret::new(URL_SAFE_NO_PAD.encode(ctx.entropy.bytes::<32>()))
}

/// What is stored of a random token.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
