//! What is stored of prepared answers. They belong to the instance, and only its staff comes here.

use vitrine_db::{DbError, List, Row, Sort, SortKind, statements};

use super::CannedReply;

statements! {
    INSERT_CANNED_REPLY = "
        insert into canned_replies (id, title, body, created_by, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $5)";

    GET_CANNED_REPLY = "
        select id, title, body, created_at, updated_at
        from canned_replies
        where id = $1";

    UPDATE_CANNED_REPLY = "
        update canned_replies
        set title = coalesce($2, title), body = coalesce($3, body), updated_at = $4
        where id = $1";

    DELETE_CANNED_REPLY = "
        delete from canned_replies
        where id = $1";

    /// `$1` is the id that nothing has.
    list CANNED_REPLIES = List::new(
        "CANNED_REPLIES",
        "id, title, body, created_at, updated_at",
        "from canned_replies where id <> $1",
        1,
        "id",
        &[
            Sort { name: "created_at", column: "created_at", kind: SortKind::Time },
            Sort { name: "title", column: "title", kind: SortKind::Text },
        ],
    );
}

pub fn canned_reply_from_row(row: &Row) -> Result<CannedReply, DbError> {
    Ok(CannedReply {
        id: row.get("id")?,
        title: row.get("title")?,
        body: row.get("body")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
