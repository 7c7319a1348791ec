//! Whether a browser page of ours is asking.

use axum::extract::FromRequestParts;
use http::header;
use http::request::Parts;
use vitrine_kernel::Error;

use super::Problem;
use crate::Ctx;
use crate::ctx::Settings;

/// What the `Origin` header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrowserOrigin {
    /// No such header: not a browser, or a plain navigation.
    Absent,
    /// Our own page, or one the operator listed.
    Ours,
    /// Somebody else's page.
    Foreign,
}

impl BrowserOrigin {
    pub fn is_ours(self) -> bool {
        self == Self::Ours
    }

    /// For writes that a cookie alone authorises.
    pub fn require_ours(self) -> Result<(), Error> {
        match self {
            Self::Ours => Ok(()),
            Self::Absent | Self::Foreign => Err(Error::forbidden(
                "A request with the session cookie must come from a page of this site.",
            )),
        }
    }

    fn of(settings: &Settings, origin: Option<&str>) -> Self {
        let Some(origin) = origin else { return Self::Absent };
        let listed = settings
            .cors_origins
            .iter()
            .any(|known| known.eq_ignore_ascii_case(origin));
        if listed || same_site(&settings.public_url, origin) {
            Self::Ours
        } else {
            Self::Foreign
        }
    }
}

/// `https://host:port` of a URL, and the host; what follows the authority is cut off.
fn split(url: &str) -> Option<(&str, &str, Option<&str>)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some((scheme, host, Some(port)))
        }
        _ => Some((scheme, authority, None)),
    }
}

/// The same scheme, host and port; on this machine every loopback name counts as one host.
fn same_site(public_url: &str, origin: &str) -> bool {
    let (Some(ours), Some(theirs)) = (split(public_url), split(origin)) else {
        return false;
    };
    let port = |(scheme, _, port): (&str, &str, Option<&str>)| {
        port.map_or(if scheme == "https" { 443 } else { 80 }, |port| {
            port.parse::<u16>().unwrap_or(0)
        })
    };
    let is_loopback = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let same_host = ours.1.eq_ignore_ascii_case(theirs.1) || (is_loopback(ours.1) && is_loopback(theirs.1));
    ours.0.eq_ignore_ascii_case(theirs.0) && port(ours) == port(theirs) && same_host
}

impl FromRequestParts<Ctx> for BrowserOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Problem> {
        // A header that is no text is nobody we know.
        let origin = parts
            .headers
            .get(header::ORIGIN)
            .map(|value| value.to_str().unwrap_or("null"));
        Ok(Self::of(&ctx.settings, origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_scheme_host_and_port_are_ours() {
        for origin in [
            "https://vitrine.example",
            "https://vitrine.example:443",
            "https://VITRINE.example",
        ] {
            assert!(same_site("https://vitrine.example", origin), "{origin}");
        }
        for origin in [
            "http://vitrine.example",
            "https://vitrine.example:8443",
            "https://vitrine.example.evil.test",
            "https://evil.test/https://vitrine.example",
            "null",
            "",
        ] {
            assert!(!same_site("https://vitrine.example", origin), "{origin}");
        }
    }

    #[test]
    fn loopback_names_are_one_host_but_ports_differ() {
        assert!(same_site("http://127.0.0.1:8080", "http://localhost:8080"));
        assert!(!same_site("http://127.0.0.1:8080", "http://localhost:3000"));
        assert!(!same_site("https://vitrine.example", "https://localhost"));
    }
}
