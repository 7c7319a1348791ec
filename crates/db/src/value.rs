//! Values bound to a statement. A missing value keeps its type, because PostgreSQL refuses untyped nulls.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use vitrine_kernel::id;

/// A typed, possibly missing value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Bool(Option<bool>),
    Int(Option<i64>),
    Float(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Uuid(Option<Uuid>),
    Time(Option<DateTime<Utc>>),
}

impl Value {
    /// Whether there is a type but no value.
    pub const fn is_missing(&self) -> bool {
        matches!(
            self,
            Self::Bool(None)
                | Self::Int(None)
                | Self::Float(None)
                | Self::Text(None)
                | Self::Bytes(None)
                | Self::Uuid(None)
                | Self::Time(None)
        )
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident, $convert:expr;)+) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(Some($convert(value)))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map($convert))
            }
        }
    )+};
}

fn same<T>(value: T) -> T {
    value
}

/// Identifies a typed id's uuid.
macro_rules! from_ids {
    ($($name:ident),+) => {
        from! { $(id::$name => Uuid, |id: id::$name| id.0;)+ }
    };
}

from! {
    bool => Bool, same;
    i64 => Int, same;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    u16 => Int, i64::from;
    f64 => Float, same;
    f32 => Float, f64::from;
    String => Text, same;
    &str => Text, str::to_owned;
    &String => Text, String::clone;
    Vec<u8> => Bytes, same;
    &[u8] => Bytes, <[u8]>::to_vec;
    Uuid => Uuid, same;
    DateTime<Utc> => Time, same;
    serde_json::Value => Text, |json: serde_json::Value| json.to_string();
    &serde_json::Value => Text, |json: &serde_json::Value| json.to_string();
}

from_ids! { AccountId, WorkspaceId, SessionId, ProjectId, UploadId, OriginalId, ImageId, JobId, AuditId, MailId, TicketId, TicketMessageId, AttachmentId, CannedReplyId, PostId, CommentId, FlagId, ServiceId, StatusEventId, IncidentId, MaintenanceId, SubscriberId, NotificationId, NotificationScheduleId, NotificationRuleId, InvitationId, ApiKeyId, PasskeyId, ExportId, IdentityId }

/// `values![a, b, c]`: a `Vec<Value>` of anything that converts.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}
