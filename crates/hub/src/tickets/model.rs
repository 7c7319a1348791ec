//! What a ticket is, who sees what of it, and what may be written.

use vitrine_kernel::id::{AccountId, AttachmentId, TicketId, TicketMessageId};
use vitrine_kernel::text::checked_title;
use vitrine_kernel::{Error, Time};
use vitrine_platform::Actor;
use vitrine_platform::web::Fields;

use crate::attachments::model::Attachment;
use crate::author::Author;
use crate::text::{BODY_MAX_CHARS, checked_body};
use crate::words::words;

/// Characters of a subject.
pub const SUBJECT_MAX_CHARS: usize = 200;
/// Files of one message.
pub const ATTACHMENTS_MAX: usize = 5;

words! {
    /// Where a ticket stands.
    TicketStatus {
        /// The staff has to do something.
        Open = "open",
        /// The staff waits for the requester.
        Pending = "pending",
        Resolved = "resolved",
        Closed = "closed",
    }
}

words! {
    /// How much it matters to the requester.
    TicketPriority {
        Low = "low",
        Normal = "normal",
        High = "high",
        Urgent = "urgent",
    }
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub id: TicketId,
    pub requester: Author,
    pub requester_email: String,
    pub assignee: Option<Author>,
    pub subject: String,
    pub status: TicketStatus,
    pub priority: TicketPriority,
    /// Messages the requester sees.
    pub message_count: u64,
    /// Notes only the staff sees.
    pub note_count: u64,
    pub created_at: Time,
    pub updated_at: Time,
}

/// A message of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: TicketMessageId,
    pub ticket_id: TicketId,
    pub author: Author,
    /// Written as staff.
    pub is_staff: bool,
    /// For the staff only.
    pub is_internal: bool,
    /// Markdown.
    pub body: String,
    pub attachments: Vec<Attachment>,
    pub created_at: Time,
}

/// Whose eyes: the staff sees every ticket with its notes, others their own without.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    pub account_id: AccountId,
    pub is_staff: bool,
}

impl Viewer {
    pub fn of(actor: &Actor) -> Self {
        Self {
            account_id: actor.account_id,
            is_staff: actor.is_operator,
        }
    }
}

/// Checked fields of a ticket to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    pub subject: String,
    pub priority: TicketPriority,
    pub message: NewMessage,
}

impl NewTicket {
    pub fn check(
        subject: &str,
        body: &str,
        priority: Option<TicketPriority>,
        attachments: Vec<AttachmentId>,
    ) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let subject = subject_in(&mut fields, subject);
        let message = NewMessage::read(&mut fields, body, false, attachments);
        match (subject, message) {
            (Some(subject), Some(message)) if fields.is_empty() => Ok(Self {
                subject,
                priority: priority.unwrap_or(TicketPriority::Normal),
                message,
            }),
            _ => Err(fields.into_error()),
        }
    }
}

/// Checked fields of a message to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    pub body: String,
    pub is_internal: bool,
    pub attachments: Vec<AttachmentId>,
}

impl NewMessage {
    pub fn check(body: &str, is_internal: bool, attachments: Vec<AttachmentId>) -> Result<Self, Error> {
        let mut fields = Fields::new();
        match Self::read(&mut fields, body, is_internal, attachments) {
            Some(message) if fields.is_empty() => Ok(message),
            _ => Err(fields.into_error()),
        }
    }

    fn read(
        fields: &mut Fields,
        body: &str,
        is_internal: bool,
        attachments: Vec<AttachmentId>,
    ) -> Option<Self> {
        let body = checked_body(fields, "body", body, BODY_MAX_CHARS);
        fields.check(
            attachments.len() <= ATTACHMENTS_MAX,
            "attachments",
            "too_many",
            "A message has at most 5 files.",
        );
        Some(Self {
            body: body?,
            is_internal,
            attachments,
        })
    }
}

/// Checked fields to change; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TicketChange {
    pub subject: Option<String>,
    pub status: Option<TicketStatus>,
    pub priority: Option<TicketPriority>,
    /// `Some(None)` takes it from whoever has it.
    pub assignee: Option<Option<AccountId>>,
}

impl TicketChange {
    pub fn check(
        subject: Option<&str>,
        status: Option<TicketStatus>,
        priority: Option<TicketPriority>,
        assignee: Option<Option<AccountId>>,
    ) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let subject = subject.and_then(|text| subject_in(&mut fields, text));
        fields.finish()?;
        Ok(Self {
            subject,
            status,
            priority,
            assignee,
        })
    }

    /// Whether the requester can see that something changed.
    pub fn is_visible(&self) -> bool {
        self.subject.is_some() || self.status.is_some() || self.priority.is_some()
    }
}

fn subject_in(fields: &mut Fields, text: &str) -> Option<String> {
    fields.require(
        checked_title(text, SUBJECT_MAX_CHARS),
        "subject",
        "invalid_length",
        "A subject has 1 to 200 characters and no control characters.",
    )
}

/// Which tickets are listed.
#[derive(Debug, Clone, Default)]
pub struct TicketFilter {
    pub status: Option<TicketStatus>,
    pub requester: Option<AccountId>,
    /// `Some(None)`: nobody's.
    pub assignee: Option<Option<AccountId>>,
    /// A `like` pattern.
    pub pattern: Option<String>,
}
