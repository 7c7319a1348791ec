//! What is stored of archives.

vitrine_db::statements! {
    INSERT_EXPORT = "
        insert into account_exports (id, account_id, status, file_key, size_bytes, created_at, ended_at, expires_at)
        values ($1, $2, 'queued', null, null, $3, null, null)";

    GET_EXPORT = "
        select id, account_id, status, file_key, size_bytes, created_at, expires_at
        from account_exports
        where id = $1";

    GET_QUEUED_EXPORT = "
        select id, account_id, status, file_key, size_bytes, created_at, expires_at
        from account_exports
        where account_id = $1 and status = 'queued'";

    GET_LATEST_EXPORT = "
        select id, account_id, status, file_key, size_bytes, created_at, expires_at
        from account_exports
        where account_id = $1 and (expires_at is null or expires_at > $2)
        order by created_at desc, id desc
        limit 1";

    /// Only one that waits still; a job that runs twice ends it once.
    END_EXPORT = "
        update account_exports
        set status = $2, file_key = $3, size_bytes = $4, ended_at = $5, expires_at = $6
        where id = $1 and status = 'queued'";

    LIST_EXPIRED_EXPORTS = "
        select id, file_key
        from account_exports
        where expires_at <= $1
        order by expires_at
        limit 100";

    DELETE_EXPORT = "
        delete from account_exports
        where id = $1";

    LIST_OWNED_WORKSPACES = "
        select w.id, w.name, w.plan, w.created_at
        from workspace_members m
        join workspaces w on w.id = m.workspace_id
        where m.account_id = $1 and m.role = 'owner'
        order by w.created_at, w.id";

    GET_WHOLE_ACCOUNT = "
        select id, email, full_name, locale, timezone, is_operator, email_verified_at, created_at, updated_at
        from accounts
        where id = $1";

    LIST_TRAIL = "
        select at, action, object_type, object_id, ip
        from audit_log
        where account_id = $1
        order by at desc
        limit 10000";
}
