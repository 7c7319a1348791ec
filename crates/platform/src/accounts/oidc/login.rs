//! Signing in at the issuer and coming back: authorization code with PKCE, state and nonce.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use url::Url;
use vitrine_db::{Tx, values};
use vitrine_kernel::{Error, ErrorCode, Secret};
use vitrine_providers::oidc::Exchange;

use super::super::model::{Device, SignedIn};
use super::super::{mfa, sessions, token as tokens};
use super::issuer::{Oidc, outside};
use super::{identity, sql, token};
use crate::Ctx;

/// Time for a person to sign in over there.
pub const LIFE: Duration = Duration::minutes(10);

/// Where to send the browser, and what it has to show when it comes back.
#[derive(Debug)]
pub struct Departure {
    pub url: String,
    /// For a cookie.
    pub browser: Secret<String>,
}

/// Who came back, and the page they wanted.
#[derive(Debug)]
pub struct Arrival {
    pub outcome: Outcome,
    pub next: String,
}

/// How far somebody is who came back.
#[derive(Debug)]
pub enum Outcome {
    SignedIn(Box<SignedIn>),
    /// The second factor is missing; the token goes on with it.
    NeedsFactor(Secret<String>),
}

/// Only pages of this app may be returned to.
pub fn safe_next(next: Option<&str>) -> String {
    let is_path = |next: &&str| {
        next.starts_with('/')
            && !next.starts_with("//")
            && !next.contains('\\')
            && !next.chars().any(char::is_control)
            && next.len() <= 500
    };
    next.filter(is_path).unwrap_or("/").to_owned()
}

fn redirect_uri(ctx: &Ctx) -> String {
    format!("{}/api/v1/auth/oidc/callback", ctx.settings.public_url)
}

fn client_id(oidc: &Oidc) -> Result<&str, Error> {
    oidc.settings().client_id.as_deref().ok_or_else(|| {
        Error::new(
            ErrorCode::NotConfigured,
            "Signing in with another service is not set up on this server.",
        )
    })
}

/// Begins a sign-in.
pub async fn begin(ctx: &Ctx, next: Option<&str>) -> Result<Departure, Error> {
    let oidc = Oidc::of(ctx)?;
    let client_id = client_id(oidc)?;
    let discovery = oidc.discovery(ctx).await?;
    let (state, nonce, verifier, browser) = (
        tokens::random(ctx),
        tokens::random(ctx),
        tokens::random(ctx),
        tokens::random(ctx),
    );
    let mut url = Url::parse(&discovery.authorization_endpoint).map_err(|error| {
        Error::internal("the issuer's authorization endpoint is no URL").with_source(error)
    })?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", &redirect_uri(ctx))
        .append_pair("scope", "openid email profile")
        .append_pair("state", state.expose())
        .append_pair("nonce", nonce.expose())
        .append_pair("code_challenge", &challenge(verifier.expose()))
        .append_pair("code_challenge_method", "S256");
    let row = values![
        tokens::hash(state.expose()),
        tokens::hash(browser.expose()),
        nonce.expose(),
        verifier.expose(),
        safe_next(next),
        ctx.now() + LIFE,
    ];
    let mut tx = ctx.db.begin().await?;
    tx.execute_one(&sql::INSERT_OIDC_LOGIN, row).await?;
    tx.commit().await?;
    Ok(Departure {
        url: url.into(),
        browser,
    })
}

/// RFC 7636, section 4.2.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Ends a sign-in with the code that the issuer gave.
pub async fn finish(
    ctx: &Ctx,
    state: &str,
    browser: &str,
    code: &str,
    device: Device,
) -> Result<Arrival, Error> {
    let oidc = Oidc::of(ctx)?;
    let client_id = client_id(oidc)?;
    let mut tx = ctx.db.begin().await?;
    let taken = values![tokens::hash(state), tokens::hash(browser), ctx.now()];
    let row = tx
        .fetch_optional(&sql::TAKE_OIDC_LOGIN, taken)
        .await?
        .ok_or_else(over)?;
    tx.commit().await?;
    let (nonce, verifier): (String, String) = (row.get("nonce")?, row.get("verifier")?);
    let next: String = row.get("next")?;

    let discovery = oidc.discovery(ctx).await?;
    let exchange = Exchange {
        token_endpoint: &discovery.token_endpoint,
        client_id,
        client_secret: oidc.settings().client_secret.as_ref(),
        code,
        redirect_uri: &redirect_uri(ctx),
        verifier: &verifier,
    };
    let given = oidc.http().exchange(exchange).await.map_err(outside)?;
    let claims = token::check(ctx, oidc, given.id_token.expose(), client_id).await?;
    let is_answer = claims
        .nonce
        .as_deref()
        .is_some_and(|sent| sent.as_bytes().ct_eq(nonce.as_bytes()).into());
    // For several audiences only who it was issued to may use it (OpenID Connect Core, section 3.1.3.7).
    let is_ours = match claims.azp.as_deref() {
        Some(azp) => azp == client_id,
        None => !claims.aud.is_several(),
    };
    if !is_answer || !is_ours {
        return Err(tokens::unauthorized().with_context("the ID token answers another question"));
    }
    let access_token = given.access_token.as_ref().map(|token| token.expose().as_str());
    let claims = identity::with_address(ctx, oidc, claims, access_token).await?;
    let account = identity::account_of(ctx, &claims, device.ip).await?;

    let mut tx = ctx.db.begin().await?;
    if mfa::is_on(&mut tx, account.id).await? {
        let needed = mfa::ask(&mut tx, ctx, account.id, &device).await?;
        tx.commit().await?;
        let token = needed
            .mfa_token()
            .ok_or_else(|| Error::internal("a sign-in that waits has no token"))?;
        let outcome = Outcome::NeedsFactor(token.clone());
        return Ok(Arrival { outcome, next });
    }
    let signed_in = sessions::open(&mut tx, ctx, account, &device).await?;
    tx.commit().await?;
    let outcome = Outcome::SignedIn(Box::new(signed_in));
    Ok(Arrival { outcome, next })
}

/// Deletes what has expired.
pub async fn purge(tx: &mut Tx, ctx: &Ctx) -> Result<(), Error> {
    tx.execute(&sql::PURGE_OIDC_LOGINS, values![ctx.now()]).await?;
    Ok(())
}

fn over() -> Error {
    Error::new(
        ErrorCode::InvalidLink,
        "This sign-in took too long, was finished already, or began in another browser. Begin again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn the_challenge_is_the_one_of_the_standard() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn only_pages_of_this_app_are_returned_to() {
        assert_eq!(safe_next(Some("/projects/1?view=2")), "/projects/1?view=2");
        for foreign in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "/a\nb",
            "x",
        ] {
            assert_eq!(safe_next(Some(foreign)), "/", "{foreign:?}");
        }
        assert_eq!(safe_next(None), "/");
    }
}
