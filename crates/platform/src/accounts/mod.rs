//! Accounts: sign-up, sign-in, sessions, set-up of a new instance.
//!
//! Signing in opens a session: a family of refresh tokens, of which only the newest is alive, and short access tokens
//! that name the session. What surprises people: an access token alone is not enough, each request also looks up its
//! session, so that a revoked one ends at once.

mod common_passwords;
pub mod confirm;
mod cookie;
pub mod export;
pub mod jobs;
pub mod leaving;
pub(crate) mod links;
pub(crate) mod lock;
pub mod mfa;
pub mod model;
pub mod oidc;
pub mod operators;
pub mod passkeys;
pub mod password;
pub mod profile;
pub mod recovery;
pub mod routes;
pub mod service;
pub mod sessions;
pub mod setup;
pub mod sql;
pub(crate) mod token;
pub mod verification;
mod ways;

use std::net::IpAddr;

pub use token::{hash as token_hash, random as random_token};

use vitrine_kernel::id::{AccountId, ApiKeyId, SessionId, WorkspaceId};
use vitrine_kernel::{Error, ErrorCode};

use crate::api_keys::Scope;
use crate::workspaces::Role;

/// What a request came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The access token of a person who signed in.
    Session(SessionId),
    /// A program's key.
    ApiKey { id: ApiKeyId, scope: Scope },
}

/// Who is asking, for which workspace; made by the extractor in `web` after token and membership were checked.
#[derive(Debug, Clone)]
pub struct Actor {
    pub account_id: AccountId,
    pub credential: Credential,
    pub workspace_id: WorkspaceId,
    /// What this request may do; with a key it can be less than the account may.
    pub role: Role,
    /// Code of the workspace's plan.
    pub plan: String,
    pub is_operator: bool,
    /// The account's e-mail address was shown to be its own.
    pub is_verified: bool,
    /// The account is about to be deleted; only the way back is open.
    pub is_leaving: bool,
    pub ip: Option<IpAddr>,
}

impl Actor {
    /// Editors, admins and owners may change things; viewers may look.
    pub fn require_write(&self) -> Result<(), Error> {
        if self.role >= Role::Editor {
            Ok(())
        } else {
            Err(Error::forbidden(
                "Your role in this workspace may look but not change anything.",
            ))
        }
    }

    /// For what only some members may do, such as managing the others.
    pub fn require_role(&self, least: Role) -> Result<(), Error> {
        if self.role >= least {
            return Ok(());
        }
        let detail = format!(
            "This takes the role {} in the workspace; yours is {}.",
            least.as_str(),
            self.role.as_str()
        );
        Err(Error::forbidden(detail))
    }

    /// For what belongs to the account itself: a person's session, and not a program's key.
    pub fn require_session(&self) -> Result<SessionId, Error> {
        match self.credential {
            Credential::Session(id) => Ok(id),
            Credential::ApiKey { .. } => Err(Error::forbidden(
                "An API key cannot do this. Sign in with the account itself.",
            )),
        }
    }

    /// For what reaches other people or costs money: an address that was shown to be the account's own.
    pub fn require_verified(&self) -> Result<(), Error> {
        if self.is_verified {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::EmailUnverified,
            "Confirm your e-mail address first. The letter with the link can be sent again from your account page.",
        ))
    }
}
