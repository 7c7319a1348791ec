//! The refresh cookie: read and written only on the auth path, out of reach of scripts.

use http::{HeaderMap, HeaderValue, header};
use vitrine_kernel::Secret;

use super::token::REFRESH_DAYS;
use crate::Ctx;

const PATH: &str = "/api/v1/auth";

fn name(ctx: &Ctx) -> &'static str {
    if is_secure(ctx) {
        "__Secure-vitrine_refresh"
    } else {
        "vitrine_refresh"
    }
}

fn oidc_name(ctx: &Ctx) -> &'static str {
    if is_secure(ctx) {
        "__Secure-vitrine_oidc"
    } else {
        "vitrine_oidc"
    }
}

fn is_secure(ctx: &Ctx) -> bool {
    ctx.settings.public_url.starts_with("https://")
}

/// The refresh token a browser sent.
pub fn read<'h>(ctx: &Ctx, headers: &'h HeaderMap) -> Option<&'h str> {
    read_named(headers, name(ctx))
}

/// What a browser that went to sign in elsewhere shows when it comes back.
pub fn read_oidc<'h>(ctx: &Ctx, headers: &'h HeaderMap) -> Option<&'h str> {
    read_named(headers, oidc_name(ctx))
}

fn read_named<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == wanted && !value.is_empty())
        .map(|(_, value)| value)
}

/// `Set-Cookie` that hands over a refresh token.
pub fn set(ctx: &Ctx, refresh_token: &str) -> HeaderValue {
    write(ctx, name(ctx), refresh_token, REFRESH_DAYS * 24 * 60 * 60)
}

/// `Set-Cookie` that takes it away.
pub fn clear(ctx: &Ctx) -> HeaderValue {
    write(ctx, name(ctx), "", 0)
}

/// `Set-Cookie` for a browser that goes to sign in elsewhere; zero seconds take it away.
pub fn set_oidc(ctx: &Ctx, browser: &Secret<String>, max_age_s: i64) -> HeaderValue {
    write(ctx, oidc_name(ctx), browser.expose(), max_age_s)
}

fn write(ctx: &Ctx, name: &str, value: &str, max_age_s: i64) -> HeaderValue {
    let secure = if is_secure(ctx) { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path={PATH}; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
    let mut header = HeaderValue::try_from(text).expect("tokens of ours are plain base64");
    header.set_sensitive(true);
    header
}
