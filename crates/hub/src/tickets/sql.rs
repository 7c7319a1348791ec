//! What is stored of tickets and their messages. Every reading statement takes who looks: `requester_id` is compared
//! unless it is the staff, and notes are left out unless it is the staff.

use vitrine_db::{DbError, List, Row, Sort, SortKind, statements};
use vitrine_kernel::id::AccountId;

use super::model::{Message, Ticket};
use crate::author::Author;

/// What [`ticket_from_row`] reads.
macro_rules! columns {
    () => {
        "t.id, t.requester_id, r.full_name as requester_name, r.email as requester_email,
        t.assignee_id, a.full_name as assignee_name, t.subject, t.status, t.priority,
        t.message_count, t.note_count, t.created_at, t.updated_at"
    };
}

/// What [`message_from_row`] reads.
macro_rules! message_columns {
    () => {
        "m.id, m.ticket_id, m.author_id, a.full_name as author_name, m.is_staff, m.is_internal, m.body, m.created_at"
    };
}

statements! {
    INSERT_TICKET = "
        insert into tickets
            (id, workspace_id, requester_id, assignee_id, subject, status, priority, subject_search, body_search,
            message_count, note_count, created_at, updated_at)
        values ($1, $2, $3, null, $4, 'open', $5, $6, $7, 1, 0, $8, $8)";

    /// `$2` is who looks, `$3` whether it is the staff.
    GET_TICKET = of concat!("select ", columns!(), "
        from tickets t
        join accounts r on r.id = t.requester_id
        left join accounts a on a.id = t.assignee_id
        where t.id = $1 and (t.requester_id = $2 or $3 = true)");

    /// `$6` is missing when the requester can see nothing of it.
    UPDATE_TICKET = "
        update tickets
        set subject = coalesce($2, subject), status = coalesce($3, status), priority = coalesce($4, priority),
            subject_search = coalesce($5, subject_search), updated_at = coalesce($6, updated_at)
        where id = $1";

    SET_ASSIGNEE = "
        update tickets
        set assignee_id = $2
        where id = $1";

    COUNT_MESSAGE = "
        update tickets
        set message_count = message_count + 1, status = $2, updated_at = $3
        where id = $1";

    COUNT_NOTE = "
        update tickets
        set note_count = note_count + 1
        where id = $1";

    INSERT_MESSAGE = "
        insert into ticket_messages (id, ticket_id, author_id, is_staff, is_internal, body, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)";

    GET_MESSAGE = of concat!("select ", message_columns!(), "
        from ticket_messages m
        join accounts a on a.id = m.author_id
        where m.id = $1");

    /// The staff: who may be given a ticket.
    LIST_STAFF = "
        select id, full_name
        from accounts
        where is_operator = true
        order by created_at, id
        limit 20";

    IS_STAFF = "
        select id
        from accounts
        where id = $1 and is_operator = true";

    /// `$1` is the id that nothing has; it stands for nobody where a ticket is nobody's.
    list TICKETS = List::new(
        "TICKETS",
        columns!(),
        "from tickets t
        join accounts r on r.id = t.requester_id
        left join accounts a on a.id = t.assignee_id
        where t.id <> $1",
        1,
        "t.id",
        &[
            Sort { name: "created_at", column: "t.created_at", kind: SortKind::Time },
            Sort { name: "updated_at", column: "t.updated_at", kind: SortKind::Time },
        ],
    )
    .filtered(&[
        "t.status = ?",
        "t.requester_id = ?",
        "coalesce(t.assignee_id, $1) = ?",
        "(t.subject_search like ? escape '!' or t.body_search like ? escape '!')",
    ]);

    /// `$2` is whether the staff looks. The ticket itself was looked up before.
    list MESSAGES = List::new(
        "MESSAGES",
        message_columns!(),
        "from ticket_messages m
        join accounts a on a.id = m.author_id
        where m.ticket_id = $1 and (m.is_internal = false or $2 = true)",
        2,
        "m.id",
        &[Sort { name: "created_at", column: "m.created_at", kind: SortKind::Time }],
    );
}

pub fn ticket_from_row(row: &Row) -> Result<Ticket, DbError> {
    let assignee = match row.get::<Option<AccountId>>("assignee_id")? {
        Some(_) => Some(Author::from_row(row, "assignee")?),
        None => None,
    };
    Ok(Ticket {
        id: row.get("id")?,
        requester: Author::from_row(row, "requester")?,
        requester_email: row.get("requester_email")?,
        assignee,
        subject: row.get("subject")?,
        status: row.parse("status")?,
        priority: row.parse("priority")?,
        message_count: row.get("message_count")?,
        note_count: row.get("note_count")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

/// A message without its files.
pub fn message_from_row(row: &Row) -> Result<Message, DbError> {
    Ok(Message {
        id: row.get("id")?,
        ticket_id: row.get("ticket_id")?,
        author: Author::from_row(row, "author")?,
        is_staff: row.get("is_staff")?,
        is_internal: row.get("is_internal")?,
        body: row.get("body")?,
        attachments: Vec::new(),
        created_at: row.get("created_at")?,
    })
}
