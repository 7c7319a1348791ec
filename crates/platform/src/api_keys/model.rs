//! Scopes and keys.

use std::str::FromStr;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use vitrine_db::{DbError, Row};
use vitrine_kernel::id::{AccountId, ApiKeyId};
use vitrine_kernel::text::checked_title;
use vitrine_kernel::{Error, Time};

use crate::web::Fields;
use crate::workspaces::Role;

/// Characters of a key's name.
const NAME_MAX_CHARS: usize = 100;
/// The furthest end of a key that has one.
const EXPIRY_MAX: Duration = Duration::days(5 * 365);

/// What a key opens; each includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ApiKeyScope)]
pub enum Scope {
    /// Looks, and follows events.
    Read,
    /// Makes and changes things as an editor does.
    Write,
    /// Everything the account's role allows.
    Admin,
}

impl Scope {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// The role of somebody who comes with such a key.
    pub fn limit(self, role: Role) -> Role {
        match self {
            Self::Read => Role::Viewer,
            Self::Write => role.min(Role::Editor),
            Self::Admin => role,
        }
    }
}

/// The scopes of a key: at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// In order and without repetition; `None` when there is none.
    pub fn new(mut scopes: Vec<Scope>) -> Option<Self> {
        scopes.sort();
        scopes.dedup();
        (!scopes.is_empty()).then_some(Self(scopes))
    }

    /// The one that includes the others.
    pub fn widest(&self) -> Scope {
        self.0.iter().copied().max().unwrap_or(Scope::Read)
    }

    pub fn into_vec(self) -> Vec<Scope> {
        self.0
    }

    /// As stored: words joined by commas.
    pub fn to_text(&self) -> String {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        words.join(",")
    }
}

/// The text names no scopes.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} are no scopes")]
pub struct UnknownScopes(String);

impl FromStr for Scopes {
    type Err = UnknownScopes;

    fn from_str(text: &str) -> Result<Self, UnknownScopes> {
        let scope = |word| match word {
            "read" => Some(Scope::Read),
            "write" => Some(Scope::Write),
            "admin" => Some(Scope::Admin),
            _ => None,
        };
        let all: Option<Vec<Scope>> = text.split(',').map(scope).collect();
        all.and_then(Self::new)
            .ok_or_else(|| UnknownScopes(text.to_owned()))
    }
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub account_id: AccountId,
    /// Whose it is.
    pub account_name: String,
    pub name: String,
    /// How its secret begins.
    pub prefix: String,
    pub scopes: Scopes,
    pub created_at: Time,
    /// `None`: it does not end by itself.
    pub expires_at: Option<Time>,
    /// To the minute.
    pub last_used_at: Option<Time>,
}

impl ApiKey {
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            account_id: row.get("account_id")?,
            account_name: row.get("account_name")?,
            name: row.get("name")?,
            prefix: row.get("prefix")?,
            scopes: row.parse("scopes")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
            last_used_at: row.get("last_used_at")?,
        })
    }
}

/// What a new key is made of, checked.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    pub name: String,
    pub scopes: Scopes,
    pub expires_at: Option<Time>,
}

impl NewApiKey {
    /// Names every bad field.
    pub fn check(now: Time, name: &str, scopes: Vec<Scope>, expires_at: Option<Time>) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let name = fields.require(
            checked_title(name, NAME_MAX_CHARS),
            "name",
            "invalid_length",
            "Must have 1 to 100 characters.",
        );
        let scopes = fields.require(
            Scopes::new(scopes),
            "scopes",
            "required",
            "Name at least one of: read, write, admin.",
        );
        fields.check(
            expires_at.is_none_or(|at| at > now && at <= now + EXPIRY_MAX),
            "expires_at",
            "out_of_range",
            "Must be in the future, five years at most.",
        );
        match (name, scopes) {
            (Some(name), Some(scopes)) if fields.is_empty() => Ok(Self {
                name,
                scopes,
                expires_at,
            }),
            _ => Err(fields.into_error()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_allows_more_than_the_role_and_no_more_than_its_scope() {
        let cases = [
            (Scope::Read, Role::Owner, Role::Viewer),
            (Scope::Write, Role::Owner, Role::Editor),
            (Scope::Write, Role::Viewer, Role::Viewer),
            (Scope::Admin, Role::Editor, Role::Editor),
            (Scope::Admin, Role::Owner, Role::Owner),
        ];
        for (scope, role, expected) in cases {
            assert_eq!(scope.limit(role), expected, "{scope:?} of {role:?}");
        }
    }

    #[test]
    fn scopes_survive_as_text_in_order_and_once() {
        let scopes = Scopes::new(vec![Scope::Write, Scope::Read, Scope::Write]).expect("two");
        assert_eq!(scopes.to_text(), "read,write");
        assert_eq!("read,write".parse::<Scopes>().expect("its own text"), scopes);
        assert_eq!(scopes.widest(), Scope::Write);
        for text in ["", "read,", "root"] {
            assert!(text.parse::<Scopes>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn every_bad_field_of_a_key_is_named() {
        let now = Time::UNIX_EPOCH;
        let error = NewApiKey::check(now, " ", Vec::new(), Some(now)).expect_err("all are wrong");
        let names: Vec<&str> = error.fields().iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["name", "scopes", "expires_at"]);
    }
}
