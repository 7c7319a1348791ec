//! What is stored of comments. Whether their post may be read is asked before.

use vitrine_db::{DbError, List, Row, Sort, SortKind, statements};

use super::model::Comment;
use crate::author::Author;

/// What [`comment_from_row`] reads.
macro_rules! columns {
    () => {
        "c.id, c.post_id, c.parent_id, c.author_id, a.full_name as author_name, c.body, c.score, c.state,
        v.value as my_vote, c.created_at, c.updated_at"
    };
}

statements! {
    INSERT_COMMENT = "
        insert into community_comments
            (id, post_id, parent_id, author_id, body, score, flag_count, state, created_at, updated_at)
        values ($1, $2, $3, $4, $5, 0, 0, 'visible', $6, $6)";

    /// `$3` is who reads; whether they may is for the caller to say.
    GET_COMMENT = of concat!("select ", columns!(), "
        from community_comments c
        join accounts a on a.id = c.author_id
        left join community_votes v on v.subject_id = c.id and v.account_id = $3
        where c.id = $1 and c.post_id = $2");

    UPDATE_COMMENT = "
        update community_comments
        set body = $2, updated_at = $3
        where id = $1";

    SET_STATE = "
        update community_comments
        set state = $2
        where id = $1";

    /// `$2` is who reads, `$3` whether it is a moderator. What is gone is listed while it has answers.
    list COMMENTS = List::new(
        "COMMENTS",
        columns!(),
        "from community_comments c
        join accounts a on a.id = c.author_id
        left join community_votes v on v.subject_id = c.id and v.account_id = $2
        where c.post_id = $1
            and (c.state = 'visible' or $3 = true or (c.state = 'hidden' and c.author_id = $2)
                or exists (
                    select 1 from community_comments r where r.parent_id = c.id and r.state = 'visible'))",
        3,
        "c.id",
        &[
            Sort { name: "created_at", column: "c.created_at", kind: SortKind::Time },
            Sort { name: "score", column: "c.score", kind: SortKind::Int },
        ],
    );
}

pub fn comment_from_row(row: &Row) -> Result<Comment, DbError> {
    Ok(Comment {
        id: row.get("id")?,
        post_id: row.get("post_id")?,
        parent_id: row.get("parent_id")?,
        author: Author::from_row(row, "author")?,
        body: row.get("body")?,
        score: row.get("score")?,
        state: row.parse("state")?,
        my_vote: row.get("my_vote")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
