//! What can go wrong in storage, without driver types.

use vitrine_kernel::{Error, ErrorCode};

/// A storage error.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A unique index refused the row; the name is the index's.
    #[error("unique index {constraint} refused a row")]
    Unique { constraint: String },
    /// A foreign key points at nothing, or something still points here.
    #[error("a foreign key was violated: {0}")]
    ForeignKey(String),
    /// A check constraint refused the row.
    #[error("check constraint refused a row: {0}")]
    Check(String),
    /// The database holds something the code does not understand.
    #[error("column {column} holds what it should not: {message}")]
    Corrupt { column: String, message: String },
    /// A statement that must touch exactly one row touched another number.
    #[error("{statement} touched {rows} rows instead of one")]
    WrongRowCount { statement: &'static str, rows: u64 },
    /// Somebody else changed meanwhile what this transaction saw; see [`Unit::open`](crate::Unit::open).
    #[error("{statement}: overtaken by another transaction")]
    Overtaken { statement: &'static str },
    /// The database cannot be reached, is full, or is being closed.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Anything else the driver reported.
    #[error("{statement}: {source}")]
    Statement {
        statement: &'static str,
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Migrations cannot be applied.
    #[error("migration {name}: {message}")]
    Migration { name: String, message: String },
    /// The URL is not one this layer opens.
    #[error("the database URL is not valid: {0}")]
    Url(String),
}

impl DbError {
    pub(crate) fn corrupt(column: &str, message: String) -> Self {
        Self::Corrupt {
            column: column.to_owned(),
            message,
        }
    }

    /// Whether the named unique index refused the row.
    pub fn is_unique(&self, index: &str) -> bool {
        matches!(self, Self::Unique { constraint } if constraint == index)
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        let code = match &error {
            DbError::Unavailable(_) => ErrorCode::Unavailable,
            DbError::Overtaken { .. } => {
                let detail = "It was changed in the meantime. Read it again and repeat the change.";
                return Self::new(ErrorCode::PreconditionFailed, detail).with_source(error);
            }
            _ => ErrorCode::Internal,
        };
        if code == ErrorCode::Unavailable {
            Self::new(
                code,
                "The database is not available at the moment. Try again shortly.",
            )
            .with_retry_after(2)
            .with_context(error.to_string())
            .with_source(error)
        } else {
            Self::internal(error.to_string()).with_source(error)
        }
    }
}
