//! Rows to types. A column that cannot be what the code expects is an error that names it.

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;
use vitrine_kernel::id;

use crate::{DbError, Result};

/// A row of a result.
#[derive(Debug)]
pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The value of a column, by name.
    pub fn get<T: Column>(&self, column: &str) -> Result<T> {
        T::read(self, column)
    }

    /// A text column parsed into a type of ours; what the database holds must be valid.
    pub fn parse<T: std::str::FromStr>(&self, column: &str) -> Result<T> {
        let text: String = self.get(column)?;
        text.parse()
            .map_err(|_| DbError::corrupt(column, format!("{text:?} is not valid")))
    }

    /// A JSON column.
    pub fn json<T: serde::de::DeserializeOwned + Default>(&self, column: &str) -> Result<T> {
        let text: Option<String> = self.get(column)?;
        match text {
            None => Ok(T::default()),
            Some(text) => {
                serde_json::from_str(&text).map_err(|error| DbError::corrupt(column, error.to_string()))
            }
        }
    }
}

/// A type a column can be read as.
pub trait Column: Sized {
    fn read(row: &Row, column: &str) -> Result<Self>;
}

macro_rules! columns {
    ($($type:ty),+) => {$(
        impl Column for $type {
            fn read(row: &Row, column: &str) -> Result<Self> {
                match row {
                    Row::Sqlite(row) => row.try_get(column),
                    Row::Postgres(row) => row.try_get(column),
                }
                .map_err(|error| DbError::corrupt(column, error.to_string()))
            }
        }
        impl Column for Option<$type> {
            fn read(row: &Row, column: &str) -> Result<Self> {
                match row {
                    Row::Sqlite(row) => row.try_get(column),
                    Row::Postgres(row) => row.try_get(column),
                }
                .map_err(|error| DbError::corrupt(column, error.to_string()))
            }
        }
    )+};
}

columns!(bool, i64, f64, String, Vec<u8>, Uuid, DateTime<Utc>);

macro_rules! narrow {
    ($($type:ty),+) => {$(
        impl Column for $type {
            fn read(row: &Row, column: &str) -> Result<Self> {
                let wide: i64 = row.get(column)?;
                <$type>::try_from(wide).map_err(|_| DbError::corrupt(column, format!("{wide} is out of range")))
            }
        }
        impl Column for Option<$type> {
            fn read(row: &Row, column: &str) -> Result<Self> {
                let wide: Option<i64> = row.get(column)?;
                wide.map(|wide| <$type>::try_from(wide).map_err(|_| DbError::corrupt(column, format!("{wide} is out of range"))))
                    .transpose()
            }
        }
    )+};
}

narrow!(u8, u16, u32, i32, u64);

macro_rules! ids {
    ($($name:ident),+) => {$(
        impl Column for id::$name {
            fn read(row: &Row, column: &str) -> Result<Self> {
                row.get::<Uuid>(column).map(Self)
            }
        }
        impl Column for Option<id::$name> {
            fn read(row: &Row, column: &str) -> Result<Self> {
                Ok(row.get::<Option<Uuid>>(column)?.map(id::$name))
            }
        }
    )+};
}

ids!(
    AccountId,
    WorkspaceId,
    SessionId,
    ProjectId,
    UploadId,
    OriginalId,
    ImageId,
    JobId,
    AuditId,
    MailId,
    TicketId,
    TicketMessageId,
    AttachmentId,
    CannedReplyId,
    PostId,
    CommentId,
    FlagId,
    ServiceId,
    StatusEventId,
    IncidentId,
    MaintenanceId,
    SubscriberId,
    NotificationId,
    NotificationScheduleId,
    NotificationRuleId,
    InvitationId,
    ApiKeyId,
    PasskeyId,
    ExportId
);
