//! Headers that keep browsers from doing what this product never asks for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{Ctx, Environment};

/// A fresh nonce for one page; it goes into the page and into [`csp`].
pub fn nonce(ctx: &Ctx) -> String {
    STANDARD_NO_PAD.encode(ctx.entropy.bytes::<16>())
}

/// The content security policy; a page that styles itself at run time brings its nonce. Set on a response, it replaces
/// the one that every answer gets.
pub fn csp(ctx: &Ctx, nonce: Option<&str>) -> HeaderValue {
    let storage = ctx
        .files
        .foreign_origin()
        .map(|origin| format!(" {origin}"))
        .unwrap_or_default();
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    let text = format!(
        "default-src 'self'; script-src 'self'; style-src 'self'{nonce}; img-src 'self' blob: data:{storage}; \
         connect-src 'self'{storage}; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; \
         base-uri 'self'; form-action 'self'; frame-ancestors 'none'; report-uri /api/v1/csp-report; report-to csp"
    );
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(
        "default-src 'self'; frame-ancestors 'none'",
    ))
}

/// Gives a page the policy with its nonce, instead of the one that every answer gets.
pub fn set_page_policy(ctx: &Ctx, page: &mut axum::response::Response, nonce: &str) {
    page.headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, csp(ctx, Some(nonce)));
}

/// What every answer carries unless it says otherwise itself.
#[derive(Debug)]
pub(super) struct SecurityHeaders(Vec<(HeaderName, HeaderValue)>);

impl SecurityHeaders {
    pub fn new(ctx: &Ctx) -> Self {
        let fixed = |name: &'static str, value: &'static str| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let mut headers = vec![
            (header::CONTENT_SECURITY_POLICY, csp(ctx, None)),
            fixed("reporting-endpoints", "csp=\"/api/v1/csp-report\""),
            fixed("x-content-type-options", "nosniff"),
            fixed("referrer-policy", "strict-origin-when-cross-origin"),
            fixed(
                "permissions-policy",
                "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()",
            ),
            fixed("cross-origin-opener-policy", "same-origin"),
            fixed("cross-origin-resource-policy", "same-origin"),
            fixed("x-frame-options", "DENY"),
        ];
        if ctx.settings.environment == Environment::Production {
            headers.push(fixed(
                "strict-transport-security",
                "max-age=31536000; includeSubDomains",
            ));
        }
        Self(headers)
    }

    pub fn set(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            if !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
    }
}
