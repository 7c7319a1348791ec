//! Accounts, sessions, and what is asked of a new account.

use std::net::IpAddr;

use vitrine_db::{DbError, Row};
use vitrine_kernel::id::{AccountId, SessionId};
use vitrine_kernel::text::{Email, checked_title};
use vitrine_kernel::{Error, Secret, Time};

use super::password::Password;
use crate::web::Fields;

/// Characters of a name or a device label.
const NAME_MAX_CHARS: usize = 100;
/// Characters kept of a `User-Agent`.
const USER_AGENT_MAX_CHARS: usize = 300;

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub email: String,
    pub full_name: String,
    pub is_operator: bool,
    pub email_verified_at: Option<Time>,
    /// When it will be removed, once its person asked for that.
    pub deletion_at: Option<Time>,
    pub created_at: Time,
}

impl Account {
    pub(crate) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            full_name: row.get("full_name")?,
            is_operator: row.get("is_operator")?,
            email_verified_at: row.get("email_verified_at")?,
            deletion_at: row.get("deletion_at")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// What a new account is made of, checked.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub email: Email,
    pub full_name: String,
    pub password: Password,
}

impl NewAccount {
    /// Names every bad field.
    pub fn parse(email: &str, password: &str, full_name: &str) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let email = Email::parse(email);
        let email = fields.require(email, "email", "invalid", "This is not an e-mail address.");
        let name = checked_title(full_name, NAME_MAX_CHARS);
        let name = fields.require(name, "full_name", "invalid", "Must have 1 to 100 characters.");
        let password = Password::parse(password, email.as_ref())
            .map_err(|error| fields.push(error))
            .ok();
        match (email, name, password) {
            (Some(email), Some(full_name), Some(password)) => Ok(Self {
                email,
                full_name,
                password,
            }),
            _ => Err(fields.into_error()),
        }
    }
}

/// A label a person gives a device; `None` removes it.
pub fn checked_label(label: Option<&str>) -> Result<Option<String>, Error> {
    let wrong = || Error::field("device_label", "invalid", "Must have 1 to 100 characters.");
    label
        .map(|label| checked_title(label, NAME_MAX_CHARS).ok_or_else(wrong))
        .transpose()
}

/// Where a sign-in comes from.
#[derive(Debug, Clone, Default)]
pub struct Device {
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub label: Option<String>,
}

impl Device {
    pub fn new(ip: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let user_agent = user_agent.map(|text| text.chars().take(USER_AGENT_MAX_CHARS).collect());
        Self {
            ip,
            user_agent,
            label: None,
        }
    }
}

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub device_label: Option<String>,
    pub user_agent: Option<String>,
    pub ip: Option<String>,
    pub created_at: Time,
    pub last_used_at: Time,
    pub expires_at: Time,
}

impl Session {
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            device_label: row.get("device_label")?,
            user_agent: row.get("user_agent")?,
            ip: row.get("ip")?,
            created_at: row.get("created_at")?,
            last_used_at: row.get("last_used_at")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

/// The outcome of signing in or refreshing.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub account: Account,
    pub session_id: SessionId,
    pub access_token: Secret<String>,
    pub refresh_token: Secret<String>,
}
