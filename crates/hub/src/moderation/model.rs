//! Flags, what moderators see of them, and what they may decide.

use uuid::Uuid;
use vitrine_kernel::id::{FlagId, PostId};
use vitrine_kernel::{Error, Time};
use vitrine_platform::web::Fields;

use crate::author::Author;
use crate::posts::model::PostState;
use crate::words::words;

/// So many open flags hide a post or comment.
pub const FLAGS_TO_HIDE: i64 = 3;
const NOTE_MAX_CHARS: usize = 1_000;

words! {
    /// What is wrong with it.
    FlagReason {
        Spam = "spam",
        Abuse = "abuse",
        OffTopic = "off_topic",
        Illegal = "illegal",
        Other = "other",
    }
}

words! {
    /// What kind of thing is moderated.
    SubjectKind {
        Post = "post",
        Comment = "comment",
    }
}

words! {
    /// What a moderator decides.
    Decision {
        /// Everybody sees it, again or still; its flags are settled.
        Keep = "keep",
        /// Nobody but moderators sees it; its flags are settled.
        Remove = "remove",
        /// No more comments or changes. For posts.
        Lock = "lock",
        /// The opposite of `lock`.
        Unlock = "unlock",
    }
}

/// A flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    pub id: FlagId,
    pub subject_id: Uuid,
    pub reason: FlagReason,
    pub note: String,
    pub created_at: Time,
}

/// A post or comment as moderators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Of the post or comment.
    pub id: Uuid,
    pub kind: SubjectKind,
    pub post_id: PostId,
    /// Of the post.
    pub title: String,
    pub body: String,
    pub author: Author,
    pub state: PostState,
    pub is_locked: bool,
    /// Open ones.
    pub flag_count: u64,
    pub flags: Vec<Flag>,
    pub created_at: Time,
}

/// What a reader says about a flag, checked.
pub fn checked_note(note: Option<&str>) -> Result<String, Error> {
    let note = note.unwrap_or_default().trim();
    let mut fields = Fields::new();
    fields.check(
        note.chars().count() <= NOTE_MAX_CHARS
            && !note
                .chars()
                .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')),
        "note",
        "invalid_length",
        "At most 1000 characters and no control characters other than line breaks.",
    );
    fields.finish()?;
    Ok(note.to_owned())
}
