//! Prepared answers of the support staff: a title to find one by, and the Markdown to begin a reply with.

pub mod routes;
pub mod service;
pub mod sql;

use vitrine_kernel::id::CannedReplyId;
use vitrine_kernel::text::checked_title;
use vitrine_kernel::{Error, Time};
use vitrine_platform::web::Fields;

use crate::text::{BODY_MAX_CHARS, checked_body};

const TITLE_MAX_CHARS: usize = 100;

/// A prepared answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedReply {
    pub id: CannedReplyId,
    pub title: String,
    /// Markdown.
    pub body: String,
    pub created_at: Time,
    pub updated_at: Time,
}

/// Checked fields to make one with or to change; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CannedReplyChange {
    pub title: Option<String>,
    pub body: Option<String>,
}

impl CannedReplyChange {
    pub fn check(title: Option<&str>, body: Option<&str>) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let title = title.and_then(|text| {
            fields.require(
                checked_title(text, TITLE_MAX_CHARS),
                "title",
                "invalid_length",
                "A title has 1 to 100 characters and no control characters.",
            )
        });
        let body = body.and_then(|text| checked_body(&mut fields, "body", text, BODY_MAX_CHARS));
        fields.finish()?;
        Ok(Self { title, body })
    }
}
