//! Roles, workspaces, members, invitations.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use vitrine_db::{DbError, Row};
use vitrine_kernel::id::{AccountId, InvitationId, WorkspaceId};
use vitrine_kernel::text::{Email, checked_title};
use vitrine_kernel::{Error, Time};

use crate::billing::Plan;
use crate::web::Fields;

/// Characters of a workspace's name.
const NAME_MAX_CHARS: usize = 100;
/// Shared workspaces one account may own, so that free plans are not collected.
pub const OWNED_MAX: i64 = 10;
/// How long an invitation can be accepted.
pub const INVITATION_DAYS: i64 = 7;

/// What a member may do; each role may do all that the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Makes and changes things.
    Editor,
    /// Also manages members and settings.
    Admin,
    /// Also pays, hands over and deletes.
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
    /// How many belong to it.
    pub member_count: u32,
    pub created_at: Time,
}

impl Membership {
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            workspace_id: row.get("id")?,
            name: row.get("name")?,
            role: row.parse("role")?,
            is_personal: row.get("is_personal")?,
            plan: row.get("plan")?,
            member_count: row.get("member_count")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// How many people a workspace's plan has room for, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    /// Members and open invitations.
    pub used: u32,
    /// `None` is without limit.
    pub limit: Option<u32>,
}

impl Seats {
    pub fn new(plan: &str, used: u32) -> Self {
        Self {
            used,
            limit: Plan::of(plan).seats,
        }
    }

    pub fn has_room(self) -> bool {
        self.limit.is_none_or(|limit| self.used < limit)
    }
}

/// Somebody who belongs to a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub account_id: AccountId,
    pub email: String,
    pub full_name: String,
    pub role: Role,
    /// Since when.
    pub created_at: Time,
}

impl Member {
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            account_id: row.get("account_id")?,
            email: row.get("email")?,
            full_name: row.get("full_name")?,
            role: row.parse("role")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// An invitation that waits to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub email: String,
    pub role: Role,
    pub invited_by: Option<AccountId>,
    pub created_at: Time,
    /// When the newest letter was written.
    pub sent_at: Time,
    pub expires_at: Time,
}

impl Invitation {
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            role: row.parse("role")?,
            invited_by: row.get("invited_by")?,
            created_at: row.get("created_at")?,
            sent_at: row.get("sent_at")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

/// Whom to invite as what, checked.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    pub email: Email,
    pub role: Role,
}

impl NewInvitation {
    /// Names every bad field.
    pub fn check(email: &str, role: Role) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let email = fields.require(
            Email::parse(email),
            "email",
            "invalid",
            "This is not an e-mail address.",
        );
        fields.check(
            role < Role::Owner,
            "role",
            "not_allowed",
            "A workspace is handed over to somebody who is a member already.",
        );
        match email {
            Some(email) if fields.is_empty() => Ok(Self { email, role }),
            _ => Err(fields.into_error()),
        }
    }
}

/// Trims a workspace's name and checks its length.
pub fn checked_name(name: &str) -> Result<String, Error> {
    checked_title(name, NAME_MAX_CHARS)
        .ok_or_else(|| Error::field("name", "invalid_length", "Must have 1 to 100 characters."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_the_ones_before_it_may() {
        let all = [Role::Viewer, Role::Editor, Role::Admin, Role::Owner];
        assert!(all.is_sorted());
        for role in all {
            assert_eq!(role.as_str().parse::<Role>().expect("its own name"), role);
        }
    }

    #[test]
    fn a_plan_without_limit_always_has_a_seat() {
        assert!(Seats::new(crate::billing::UNLIMITED, 10_000).has_room());
        let limit = Plan::of("free").seats.expect("the free plan has a limit");
        assert!(Seats::new("free", limit - 1).has_room());
        assert!(!Seats::new("free", limit).has_room());
    }

    #[test]
    fn every_bad_field_of_an_invitation_is_named() {
        let error = NewInvitation::check("nobody", Role::Owner).expect_err("both are wrong");
        let names: Vec<&str> = error.fields().iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["email", "role"]);
    }
}
