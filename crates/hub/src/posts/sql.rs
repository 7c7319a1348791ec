//! What is stored of posts. Reading statements take who reads: hidden posts are their author's and the moderators',
//! removed and deleted ones the moderators' alone.

use vitrine_db::{DbError, List, Row, Sort, SortKind, statements};

use super::model::Post;
use crate::author::Author;

/// What [`post_from_row`] reads.
macro_rules! columns {
    () => {
        "p.id, p.author_id, a.full_name as author_name, p.title, p.body, p.score, p.comment_count, p.state,
        p.is_locked, v.value as my_vote, p.created_at, p.updated_at"
    };
}

statements! {
    INSERT_POST = "
        insert into community_posts
            (id, workspace_id, author_id, title, body, search_text, score, comment_count, flag_count, state, is_locked,
            created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, 0, 0, 0, 'visible', false, $7, $7)";

    /// `$2` is who reads, `$3` whether it is a moderator.
    GET_POST = of concat!("select ", columns!(), "
        from community_posts p
        join accounts a on a.id = p.author_id
        left join community_votes v on v.subject_id = p.id and v.account_id = $2
        where p.id = $1 and (p.state = 'visible' or (p.state = 'hidden' and p.author_id = $2) or $3 = true)");

    UPDATE_POST = "
        update community_posts
        set title = coalesce($2, title), body = coalesce($3, body), updated_at = $4
        where id = $1";

    SET_SEARCH_TEXT = "
        update community_posts
        set search_text = $2
        where id = $1";

    SET_STATE = "
        update community_posts
        set state = $2
        where id = $1";

    /// Makes others who change counts of this post wait, so that what is counted next stays true.
    LOCK_POST = "
        update community_posts
        set comment_count = comment_count
        where id = $1";

    COUNT_COMMENTS = "
        update community_posts
        set comment_count = (
            select count(*)
            from community_comments c
            where c.post_id = community_posts.id and c.state = 'visible')
        where id = $1";

    /// `$1` is who reads. Hidden posts are left out for everybody; moderators have their queue.
    list POSTS = List::new(
        "POSTS",
        columns!(),
        "from community_posts p
        join accounts a on a.id = p.author_id
        left join community_votes v on v.subject_id = p.id and v.account_id = $1
        where p.state = 'visible'",
        1,
        "p.id",
        &[
            Sort { name: "created_at", column: "p.created_at", kind: SortKind::Time },
            Sort { name: "score", column: "p.score", kind: SortKind::Int },
            Sort { name: "title", column: "p.title", kind: SortKind::Text },
        ],
    )
    .filtered(&["p.author_id = ?", "p.search_text like ? escape '!'"]);
}

pub fn post_from_row(row: &Row) -> Result<Post, DbError> {
    Ok(Post {
        id: row.get("id")?,
        author: Author::from_row(row, "author")?,
        title: row.get("title")?,
        body: row.get("body")?,
        score: row.get("score")?,
        comment_count: row.get("comment_count")?,
        state: row.parse("state")?,
        is_locked: row.get("is_locked")?,
        my_vote: row.get("my_vote")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
