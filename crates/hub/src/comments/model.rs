//! What a comment is.

use vitrine_kernel::id::{CommentId, PostId};
use vitrine_kernel::{Error, Time};
use vitrine_platform::web::Fields;

use crate::author::Author;
use crate::posts::model::{PostState, Reader};
use crate::text::checked_body;

/// Characters of a comment.
pub const BODY_MAX_CHARS: usize = 5_000;

/// A comment as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub id: CommentId,
    pub post_id: PostId,
    /// The comment it answers.
    pub parent_id: Option<CommentId>,
    pub author: Author,
    /// Markdown.
    pub body: String,
    pub score: i64,
    pub state: PostState,
    /// The reader's own vote.
    pub my_vote: Option<i64>,
    pub created_at: Time,
    pub updated_at: Time,
}

impl Comment {
    /// Whether its text and author are for this reader.
    pub fn is_for(&self, reader: Reader) -> bool {
        reader.may_read(self.author.id, self.state)
    }
}

/// The text of a comment, checked.
pub fn checked(body: &str) -> Result<String, Error> {
    let mut fields = Fields::new();
    match checked_body(&mut fields, "body", body, BODY_MAX_CHARS) {
        Some(body) => Ok(body),
        None => Err(fields.into_error()),
    }
}
