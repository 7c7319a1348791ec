//! What is stored of the audit trail.

vitrine_db::statements! {
    INSERT_ENTRY = "
        insert into audit_log (id, at, account_id, workspace_id, action, object_type, object_id, ip, details)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}
