//! Who wrote something, as others see it.

use serde::Serialize;
use vitrine_db::{DbError, Row};
use vitrine_kernel::id::AccountId;

/// A person, by the name others see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Author {
    pub id: AccountId,
    pub full_name: String,
}

impl Author {
    /// Reads the columns `{prefix}_id` and `{prefix}_name`.
    pub fn from_row(row: &Row, prefix: &str) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(&format!("{prefix}_id"))?,
            full_name: row.get(&format!("{prefix}_name"))?,
        })
    }
}
