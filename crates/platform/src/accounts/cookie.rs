//! The refresh cookie: read and written only on the auth path, out of reach of scripts.

use http::{HeaderMap, HeaderValue, header};

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

fn is_secure(ctx: &Ctx) -> bool {
    ctx.settings.public_url.starts_with("https://")
}

/// The refresh token a browser sent.
pub fn read<'h>(ctx: &Ctx, headers: &'h HeaderMap) -> Option<&'h str> {
    let wanted = name(ctx);
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
    write(ctx, refresh_token, REFRESH_DAYS * 24 * 60 * 60)
}

/// `Set-Cookie` that takes it away.
pub fn clear(ctx: &Ctx) -> HeaderValue {
    write(ctx, "", 0)
}

fn write(ctx: &Ctx, value: &str, max_age_s: i64) -> HeaderValue {
    let secure = if is_secure(ctx) { "; Secure" } else { "" };
    let text = format!(
        "{}={value}; Path={PATH}; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}",
        name(ctx)
    );
    let mut header = HeaderValue::try_from(text).expect("tokens of ours are plain base64");
    header.set_sensitive(true);
    header
}
