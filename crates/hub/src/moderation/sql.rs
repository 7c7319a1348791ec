//! What is stored of flags, and the queue of the moderators.

use vitrine_db::{DbError, List, Row, Sort, SortKind, statements};

use super::model::{Flag, Item};
use crate::author::Author;

/// What [`item_from_row`] reads.
macro_rules! columns {
    () => {
        "id, kind, post_id, title, body, author_id, author_name, state, is_locked, flag_count, created_at"
    };
}

statements! {
    INSERT_FLAG = "
        insert into community_flags (id, subject_id, account_id, reason, note, created_at, settled_at)
        values ($1, $2, $3, $4, $5, $6, null)";

    SETTLE_FLAGS = "
        update community_flags
        set settled_at = $2
        where subject_id = $1 and settled_at is null";

    /// Of everything in the queue, oldest first.
    LIST_OPEN_FLAGS = "
        select id, subject_id, reason, note, created_at
        from community_flags
        where settled_at is null
        order by created_at, id
        limit 1000";

    /// Counts a flag, and hides what has enough of them (`$2`).
    FLAG_POST = "
        update community_posts
        set flag_count = flag_count + 1,
            state = case when state = 'visible' and flag_count + 1 >= $2 then 'hidden' else state end
        where id = $1";

    FLAG_COMMENT = "
        update community_comments
        set flag_count = flag_count + 1,
            state = case when state = 'visible' and flag_count + 1 >= $2 then 'hidden' else state end
        where id = $1";

    DECIDE_POST = "
        update community_posts
        set state = $2, flag_count = 0
        where id = $1";

    DECIDE_COMMENT = "
        update community_comments
        set state = $2, flag_count = 0
        where id = $1";

    LOCK_POST = "
        update community_posts
        set is_locked = $2
        where id = $1";

    GET_ITEM = of concat!("select ", columns!(), "
        from community_moderation
        where id = $1");

    /// `$1` picks what was removed (true) or what waits for a decision (false).
    list ITEMS = List::new(
        "ITEMS",
        columns!(),
        "from community_moderation
        where ((state = 'removed') = $1 and (state = 'removed' or state = 'hidden' or (state = 'visible' and flag_count > 0)))",
        1,
        "id",
        &[
            Sort { name: "created_at", column: "created_at", kind: SortKind::Time },
            Sort { name: "flag_count", column: "flag_count", kind: SortKind::Int },
        ],
    );
}

pub fn flag_from_row(row: &Row) -> Result<Flag, DbError> {
    Ok(Flag {
        id: row.get("id")?,
        subject_id: row.get("subject_id")?,
        reason: row.parse("reason")?,
        note: row.get("note")?,
        created_at: row.get("created_at")?,
    })
}

/// An item without its flags.
pub fn item_from_row(row: &Row) -> Result<Item, DbError> {
    Ok(Item {
        id: row.get("id")?,
        kind: row.parse("kind")?,
        post_id: row.get("post_id")?,
        title: row.get("title")?,
        body: row.get("body")?,
        author: Author::from_row(row, "author")?,
        state: row.parse("state")?,
        is_locked: row.get("is_locked")?,
        flag_count: row.get("flag_count")?,
        flags: Vec::new(),
        created_at: row.get("created_at")?,
    })
}
