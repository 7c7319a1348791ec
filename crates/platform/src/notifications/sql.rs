//! What is stored of notifications and preferences. Every statement takes the account, so that another's rows cannot
//! be reached; those of the tick act for nobody.

use vitrine_db::{List, Sort, SortKind};

/// What [`Notification::from_row`](super::model::Notification::from_row) reads.
macro_rules! columns {
    () => {
        "id, workspace_id, kind, title, body, link, count, created_at, updated_at, read_at"
    };
}

vitrine_db::statements! {
    /// None is inserted when the account was told with this once-key before.
    INSERT_NOTIFICATION = "
        insert into notifications (id, account_id, workspace_id, kind, title, body, link, count, group_key, once_key,
            is_shown, created_at, updated_at, read_at, email, mail_due_at, mailed_at)
        values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11, $11, null, $12, $13, $14)
        on conflict (account_id, once_key) do nothing";

    WAS_TOLD = "
        select exists (select 1 from notifications where account_id = $1 and once_key = $2) as is_so";

    /// The row of a group that another thing may join. `$4` is the oldest that still may.
    JOIN_GROUP = "
        update notifications
        set count = count + 1, updated_at = $5
        where id = (
            select n.id from notifications n
            where n.account_id = $1 and n.kind = $2 and n.group_key = $3 and n.read_at is null
                and n.mailed_at is null and n.created_at > $4
            order by n.created_at desc
            limit 1)
        returning id, count, created_at, mail_due_at, is_shown";

    SET_GROUP_TEXT = "
        update notifications
        set title = $2, body = '', link = coalesce($3, link), mail_due_at = $4
        where id = $1";

    GET_NOTIFICATION = of concat!("select ", columns!(), "
        from notifications
        where id = $1 and account_id = $2 and is_shown");

    COUNT_UNREAD = "
        select count(*) as count
        from notifications
        where account_id = $1 and read_at is null and is_shown";

    READ_NOTIFICATION = of concat!("
        update notifications
        set read_at = coalesce(read_at, $3)
        where id = $1 and account_id = $2 and is_shown
        returning ", columns!());

    READ_ALL = "
        update notifications
        set read_at = $2
        where account_id = $1 and read_at is null and is_shown";

    GET_PREFERENCE = "
        select in_app, email
        from notification_preferences
        where account_id = $1 and kind = $2";

    /// Whom a letter goes to.
    GET_RECIPIENT = "
        select email, email_verified_at
        from accounts
        where id = $1";

    list NOTIFICATIONS = List::new(
        "NOTIFICATIONS",
        columns!(),
        "from notifications where account_id = $1 and is_shown",
        1,
        "id",
        &[
            Sort { name: "created_at", column: "created_at", kind: SortKind::Time },
            Sort { name: "updated_at", column: "updated_at", kind: SortKind::Time },
        ],
    )
    .filtered(&["(read_at is null) = ?", "kind = ?"]);
}
