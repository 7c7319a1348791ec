//! Tenants and who belongs to them.
//!
//! Every account has a personal workspace from the start; everything a person makes belongs to a workspace.

pub mod service;
pub mod sql;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use vitrine_kernel::id::WorkspaceId;

/// What a member may do; each role may do all that the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    Editor,
    Admin,
    Owner,
}

impl Role {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// The text is no role.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no role")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        match text {
            "viewer" => Ok(Self::Viewer),
            "editor" => Ok(Self::Editor),
            "admin" => Ok(Self::Admin),
            "owner" => Ok(Self::Owner),
            other => Err(UnknownRole(other.to_owned())),
        }
    }
}

/// A workspace as one of its members sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub workspace_id: WorkspaceId,
    pub name: String,
    pub role: Role,
    pub is_personal: bool,
    /// Code of its plan.
    pub plan: String,
}
