//! Accounts: sign-up, sign-in, sessions, set-up of a new instance.
//!
//! Signing in opens a session: a family of refresh tokens, of which only the newest is alive, and short access tokens
//! that name the session. What surprises people: an access token alone is not enough, each request also looks up its
//! session, so that a revoked one ends at once.

mod common_passwords;
mod cookie;
pub mod jobs;
mod links;
mod lock;
pub mod mfa;
pub mod model;
pub mod operators;
pub mod password;
pub mod recovery;
pub mod routes;
pub mod service;
pub mod sessions;
pub mod setup;
pub mod sql;
mod token;
pub mod verification;

use std::net::IpAddr;

use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, SessionId, WorkspaceId};

use crate::workspaces::Role;

/// Who is asking, for which workspace; made by the extractor in `web` after token and membership were checked.
#[derive(Debug, Clone)]
pub struct Actor {
    pub account_id: AccountId,
    pub session_id: SessionId,
    pub workspace_id: WorkspaceId,
    pub role: Role,
    /// Code of the workspace's plan.
    pub plan: String,
    pub is_operator: bool,
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
}
