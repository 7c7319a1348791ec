//! A passkey as its owner sees it.

use vitrine_db::{DbError, Row};
use vitrine_kernel::id::PasskeyId;
use vitrine_kernel::text::checked_title;
use vitrine_kernel::{Error, Secret, Time};

const NAME_MAX_CHARS: usize = 100;

/// A passkey of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    pub id: PasskeyId,
    pub name: String,
    pub created_at: Time,
    pub last_used_at: Option<Time>,
}

impl Passkey {
    pub(super) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            created_at: row.get("created_at")?,
            last_used_at: row.get("last_used_at")?,
        })
    }
}

/// What the browser is to ask the device, and the token its answer comes back with.
#[derive(Debug)]
pub struct Started {
    pub token: Secret<String>,
    /// Options of WebAuthn in their JSON form.
    pub public_key: serde_json::Value,
}

/// What a person calls the device.
pub fn checked_name(name: &str) -> Result<String, Error> {
    checked_title(name, NAME_MAX_CHARS)
        .ok_or_else(|| Error::field("name", "invalid", "Must have 1 to 100 characters."))
}
