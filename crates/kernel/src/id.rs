//! Typed ids: UUIDv7, so that they sort by time. This file lists every kind there is.

use uuid::Uuid;

use crate::{Entropy, Time};

/// Makes a UUIDv7 from a moment and randomness.
pub fn new_uuid(now: Time, entropy: &dyn Entropy) -> Uuid {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &entropy.bytes()).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = uuid::Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            pub fn new(now: Time, entropy: &dyn Entropy) -> Self {
                Self(new_uuid(now, entropy))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    )+};
}

ids! {
    /// A person who signs in.
    AccountId,
    /// A tenant; owns everything.
    WorkspaceId,
    /// A signed-in device: one refresh-token family.
    SessionId,
    /// A named set of photos.
    ProjectId,
    /// An announced upload.
    UploadId,
    /// An uploaded photo.
    OriginalId,
    /// One staging of an original.
    ImageId,
    /// A unit of background work.
    JobId,
    /// A line of the audit trail.
    AuditId,
    /// A letter that goes out by mail.
    MailId,
    /// A support ticket.
    TicketId,
    /// A message of a support ticket.
    TicketMessageId,
    /// A file attached to a message.
    AttachmentId,
    /// A prepared answer of the support staff.
    CannedReplyId,
    /// A community post.
    PostId,
    /// A comment on a community post.
    CommentId,
    /// A report of a post or comment to the moderators.
    FlagId,
    /// A service of the status page.
    ServiceId,
    /// A change of a service's state.
    StatusEventId,
    /// An incident on the status page, with its updates.
    IncidentId,
    /// A maintenance window.
    MaintenanceId,
    /// Who gets the status page's letters.
    SubscriberId,
    /// A notification of one account.
    NotificationId,
    /// A notification that is sent at set times.
    NotificationScheduleId,
    /// A rule that turns events into notifications.
    NotificationRuleId,
    /// An invitation into a workspace.
    InvitationId,
    /// An API key.
    ApiKeyId,
    /// A passkey of one account.
    PasskeyId,
    /// An archive of everything an account has.
    ExportId,
    /// Somebody of another sign-in service who may open an account.
    IdentityId,
}
