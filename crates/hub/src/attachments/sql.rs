//! What is stored of attached files.

use vitrine_db::{DbError, Row, statements};

use super::model::Attachment;

/// What [`attachment_from_row`] reads.
macro_rules! columns {
    () => {
        "f.id, f.filename, f.content_type, f.size_bytes, f.file_key, f.created_at"
    };
}

statements! {
    /// Takes no row when the account has `$10` that no message took.
    INSERT_ATTACHMENT = "
        insert into ticket_attachments
            (id, workspace_id, account_id, message_id, filename, content_type, size_bytes, incoming_key, file_key,
            created_at)
        select $1, $2, $3, null, $4, $5, $6, $7, $8, $9
        where (select count(*) from ticket_attachments f where f.account_id = $3 and f.message_id is null) < $10";

    /// A file that its owner may attach.
    GET_OPEN_ATTACHMENT = of concat!("select ", columns!(), ", f.incoming_key
        from ticket_attachments f
        where f.id = $1 and f.account_id = $2 and f.message_id is null and f.incoming_key is not null");

    ATTACH = "
        update ticket_attachments
        set message_id = $2, size_bytes = $3
        where id = $1 and message_id is null";

    /// Which of them may be seen is decided by the messages they are shown with.
    LIST_ATTACHMENTS_OF_TICKET = of concat!("select ", columns!(), ", f.message_id
        from ticket_attachments f
        join ticket_messages m on m.id = f.message_id
        where m.ticket_id = $1
        order by f.created_at, f.id");

    // For the schedule, which acts for no workspace. `$1` is when every link to send bytes to has died.
    LIST_OLD_INCOMING = "
        select id, message_id, incoming_key, file_key
        from ticket_attachments
        where incoming_key is not null and created_at < $1
        order by created_at, id
        limit 100";

    FORGET_INCOMING = "
        update ticket_attachments
        set incoming_key = null
        where id = $1";

    DELETE_ATTACHMENT = "
        delete from ticket_attachments
        where id = $1 and message_id is null";
}

pub fn attachment_from_row(row: &Row) -> Result<Attachment, DbError> {
    Ok(Attachment {
        id: row.get("id")?,
        filename: row.get("filename")?,
        content_type: row.get("content_type")?,
        size_bytes: row.get("size_bytes")?,
        file_key: row.get("file_key")?,
        created_at: row.get("created_at")?,
    })
}
