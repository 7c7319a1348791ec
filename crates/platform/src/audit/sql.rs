//! What is stored of the audit trail.

use vitrine_db::{List, Sort, SortKind};

vitrine_db::statements! {
    INSERT_ENTRY = "
        insert into audit_log (id, at, account_id, workspace_id, action, object_type, object_id, ip, details)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    list LIST_ENTRIES = List::new(
        "LIST_ENTRIES",
        "l.id, l.at, l.account_id, a.email, l.workspace_id, l.action, l.object_type, l.object_id, l.ip, l.details",
        "from audit_log l
         left join accounts a on a.id = l.account_id
         where l.at >= $1 and l.at < $2",
        2,
        "l.id",
        &[Sort { name: "created_at", column: "l.at", kind: SortKind::Time }],
    )
    .filtered(&["l.account_id = ?", "l.action = ?", "l.object_type = ?", "l.object_id = ?"]);
}
