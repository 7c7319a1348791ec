//! Who is asking: `Authorization: Bearer`, and `X-Workspace-Id` for one of the caller's other workspaces.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::header;
use http::request::Parts;
use vitrine_kernel::id::WorkspaceId;
use vitrine_kernel::{Error, ErrorCode};

use super::{Client, Problem};
use crate::accounts::service;
use crate::{Actor, Ctx};

const WORKSPACE: &str = "x-workspace-id";

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
        Ok(Some(
            service::authenticate(ctx, token.trim(), workspace, ip).await?,
        ))
    }
}
