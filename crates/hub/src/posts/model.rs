//! What a post is, in which states, and who sees it.

use uuid::Uuid;
use vitrine_kernel::id::{AccountId, PostId};
use vitrine_kernel::text::checked_title;
use vitrine_kernel::{Error, Time};
use vitrine_platform::Actor;
use vitrine_platform::web::Fields;

use crate::author::Author;
use crate::text::{BODY_MAX_CHARS, checked_body};
use crate::words::words;

/// Characters of a title.
pub const TITLE_MAX_CHARS: usize = 200;

words! {
    /// Who sees a post or comment.
    PostState {
        /// Everybody.
        Visible = "visible",
        /// Its author and the moderators, until one of them decides.
        Hidden = "hidden",
        /// The moderators, one of whom removed it.
        Removed = "removed",
        /// The moderators; its author deleted it.
        Deleted = "deleted",
    }
}

/// A post as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub id: PostId,
    pub author: Author,
    pub title: String,
    /// Markdown.
    pub body: String,
    pub score: i64,
    pub comment_count: u64,
    pub state: PostState,
    pub is_locked: bool,
    /// The reader's own vote.
    pub my_vote: Option<i64>,
    pub created_at: Time,
    pub updated_at: Time,
}

/// Whose eyes; nobody's id for somebody who is not signed in.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    pub account_id: AccountId,
    pub is_moderator: bool,
}

impl Reader {
    pub fn of(actor: Option<&Actor>) -> Self {
        Self {
            account_id: actor.map_or(AccountId(Uuid::nil()), |actor| actor.account_id),
            is_moderator: actor.is_some_and(|actor| actor.is_operator),
        }
    }

    /// Whether text of this author in this state may be read.
    pub fn may_read(self, author: AccountId, state: PostState) -> bool {
        match state {
            PostState::Visible => true,
            PostState::Hidden => self.is_moderator || author == self.account_id,
            PostState::Removed | PostState::Deleted => self.is_moderator,
        }
    }
}

/// Checked fields to make a post with, or to change; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PostChange {
    pub title: Option<String>,
    pub body: Option<String>,
}

impl PostChange {
    pub fn check(title: Option<&str>, body: Option<&str>) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let title = title.and_then(|text| {
            fields.require(
                checked_title(text, TITLE_MAX_CHARS),
                "title",
                "invalid_length",
                "A title has 1 to 200 characters and no control characters.",
            )
        });
        let body = body.and_then(|text| checked_body(&mut fields, "body", text, BODY_MAX_CHARS));
        fields.finish()?;
        Ok(Self { title, body })
    }
}

/// Which posts are listed.
#[derive(Debug, Clone, Default)]
pub struct PostFilter {
    pub author: Option<AccountId>,
    /// A `like` pattern.
    pub pattern: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_by_whom_its_state_allows() {
        let author = AccountId(Uuid::from_u128(1));
        let reader = |id, is_moderator| Reader {
            account_id: AccountId(Uuid::from_u128(id)),
            is_moderator,
        };
        for (state, stranger, own, moderator) in [
            (PostState::Visible, true, true, true),
            (PostState::Hidden, false, true, true),
            (PostState::Removed, false, false, true),
            (PostState::Deleted, false, false, true),
        ] {
            assert_eq!(reader(2, false).may_read(author, state), stranger, "{state:?}");
            assert_eq!(reader(1, false).may_read(author, state), own, "{state:?}");
            assert_eq!(reader(2, true).may_read(author, state), moderator, "{state:?}");
        }
        assert!(!Reader::of(None).is_moderator);
    }
}
