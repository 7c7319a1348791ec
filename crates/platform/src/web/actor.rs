//! Who is asking: `Authorization: Bearer` with an access token or an API key, and `X-Workspace-Id` for one of the
//! caller's other workspaces.
//!
//! What an API key may do is decided here, by method and path, before any handler runs: a route that is written later
//! cannot forget it.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use http::{Method, header};
use vitrine_kernel::id::WorkspaceId;
use vitrine_kernel::{Error, ErrorCode};

use super::{Client, Problem};
use crate::accounts::{Credential, service};
use crate::api_keys::Scope;
use crate::{Actor, Ctx};

const WORKSPACE: &str = "x-workspace-id";
const API: &str = "/api/v1";
/// What belongs to a person's account and not to a program, with everything below it.
const ACCOUNT_ROUTES: [&str; 6] = ["/auth", "/user", "/api-keys", "/invitations", "/admin", "/setup"];
/// What somebody whose account is about to be deleted may still do.
const WAY_BACK: [&str; 4] = ["/auth/me", "/auth/logout", "/auth/logout-all", "/user/restore"];
/// Requests that change nothing although their method says so.
const READING: [&str; 1] = ["/events/ticket"];

/// Whether a key's scope covers a request. What it covers is then up to the role, which the scope has bounded.
fn admit(credential: Credential, method: &Method, path: &str) -> Result<(), Error> {
    let Credential::ApiKey { scope, .. } = credential else {
        return Ok(());
    };
    // Below the prefix the router shows handlers the rest alone.
    let path = path.strip_prefix(API).unwrap_or(path);
    let is_below = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if ACCOUNT_ROUTES.iter().any(|root| is_below(root)) {
        return Err(Error::forbidden(
            "An API key cannot do this. Sign in with the account itself.",
        ));
    }
    let is_reading = matches!(*method, Method::GET | Method::HEAD) || READING.contains(&path);
    if scope == Scope::Read && !is_reading {
        return Err(Error::forbidden(
            "This API key may read but not change anything; it lacks the scope write.",
        ));
    }
    Ok(())
}

impl FromRequestParts<Ctx> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Problem> {
        match <Self as OptionalFromRequestParts<Ctx>>::from_request_parts(parts, ctx).await? {
            Some(actor) => Ok(actor),
            None => Err(Error::new(
                ErrorCode::Unauthorized,
                "Send an access token as Authorization: Bearer.",
            )
            .into()),
        }
    }
}

/// `Option<Actor>`: absent without the header, an error with one that is wrong.
impl OptionalFromRequestParts<Ctx> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Option<Self>, Problem> {
        if let Some(actor) = parts.extensions.get::<Self>() {
            return Ok(Some(actor.clone()));
        }
        let Some(value) = parts.headers.get(header::AUTHORIZATION) else {
            return Ok(None);
        };
        let wrong = || {
            Error::new(
                ErrorCode::Unauthorized,
                "Send an access token as Authorization: Bearer.",
            )
        };
        let text = value.to_str().map_err(|_| wrong())?;
        let (scheme, token) = text.split_once(' ').ok_or_else(wrong)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(wrong().into());
        }
        let workspace = match parts.headers.get(WORKSPACE) {
            None => None,
            // A malformed id is as unknown as any other.
            Some(value) => {
                let id = value
                    .to_str()
                    .ok()
                    .and_then(|text| text.parse::<WorkspaceId>().ok());
                Some(id.ok_or_else(Error::not_found)?)
            }
        };
        let ip = parts.extensions.get::<Client>().and_then(|client| client.ip);
        let actor = service::authenticate(ctx, token.trim(), workspace, ip).await?;
        admit(actor.credential, &parts.method, parts.uri.path())?;
        let path = parts.uri.path();
        if actor.is_leaving && !WAY_BACK.contains(&path.strip_prefix(API).unwrap_or(path)) {
            let detail = "This account is about to be deleted. Keep it first, or sign out.";
            return Err(Error::new(ErrorCode::AccountLeaving, detail).into());
        }
        Ok(Some(actor))
    }
}

#[cfg(test)]
mod tests {
    use vitrine_kernel::id::ApiKeyId;

    use super::*;

    fn with(scope: Scope, method: Method, path: &str) -> bool {
        let id = ApiKeyId(uuid::Uuid::nil());
        admit(Credential::ApiKey { id, scope }, &method, path).is_ok()
    }

    #[test]
    fn a_reading_key_reads_and_follows_events_and_no_more() {
        assert!(with(Scope::Read, Method::GET, "/api/v1/projects"));
        assert!(with(Scope::Read, Method::POST, "/events/ticket"));
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert!(!with(Scope::Read, method.clone(), "/projects/1"));
            assert!(with(Scope::Write, method, "/api/v1/projects/1"));
        }
    }

    #[test]
    fn no_key_reaches_what_belongs_to_the_account() {
        for path in [
            "/auth/me",
            "/api/v1/auth/sessions",
            "/user",
            "/api/v1/user/export",
            "/api-keys",
            "/admin/audit-log",
        ] {
            assert!(!with(Scope::Admin, Method::GET, path), "{path}");
        }
        assert!(with(Scope::Admin, Method::GET, "/users-of-something-else"));
    }
}
