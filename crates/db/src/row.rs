//! Rows to types. A column that cannot be what the code expects is an error that names it.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column as _, Row as _, TypeInfo as _, ValueRef as _};
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

    /// Everything in the row, for archives. Bytes are left out unless they are an id: what is kept as bytes is a hash
    /// or sealed.
    pub fn to_json(&self) -> Result<serde_json::Map<String, serde_json::Value>> {
        match self {
            Self::Sqlite(row) => sqlite_json(row),
            Self::Postgres(row) => postgres_json(row),
        }
        .map_err(|error| DbError::corrupt("*", error.to_string()))
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

type Fields = serde_json::Map<String, serde_json::Value>;

fn sqlite_json(row: &SqliteRow) -> std::result::Result<Fields, sqlx::Error> {
    let mut fields = Fields::new();
    for column in row.columns() {
        let index = column.ordinal();
        let raw = row.try_get_raw(index)?;
        let is_bool = column.type_info().name().eq_ignore_ascii_case("boolean");
        let value = match raw.type_info().name() {
            "NULL" => Json::Null,
            "INTEGER" | "BOOLEAN" if is_bool => Json::from(row.try_get_unchecked::<i64, _>(index)? != 0),
            "INTEGER" => Json::from(row.try_get_unchecked::<i64, _>(index)?),
            "REAL" => Json::from(row.try_get_unchecked::<f64, _>(index)?),
            "BLOB" => match Uuid::from_slice(&row.try_get_unchecked::<Vec<u8>, _>(index)?) {
                Ok(id) => Json::from(id.to_string()),
                Err(_) => continue,
            },
            _ => Json::from(row.try_get_unchecked::<String, _>(index)?),
        };
        fields.insert(column.name().to_owned(), value);
    }
    Ok(fields)
}

fn postgres_json(row: &PgRow) -> std::result::Result<Fields, sqlx::Error> {
    let mut fields = Fields::new();
    for column in row.columns() {
        let index = column.ordinal();
        if row.try_get_raw(index)?.is_null() {
            fields.insert(column.name().to_owned(), Json::Null);
            continue;
        }
        let value = match column.type_info().name() {
            "BOOL" => Json::from(row.try_get::<bool, _>(index)?),
            "INT8" => Json::from(row.try_get::<i64, _>(index)?),
            "FLOAT8" => Json::from(row.try_get::<f64, _>(index)?),
            "UUID" => Json::from(row.try_get::<Uuid, _>(index)?.to_string()),
            "TIMESTAMPTZ" => Json::from(row.try_get::<DateTime<Utc>, _>(index)?.to_rfc3339()),
            "TEXT" | "VARCHAR" => Json::from(row.try_get::<String, _>(index)?),
            _ => continue,
        };
        fields.insert(column.name().to_owned(), value);
    }
    Ok(fields)
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
    ExportId,
    IdentityId
);
