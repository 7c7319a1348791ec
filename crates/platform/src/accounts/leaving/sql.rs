//! What is stored of accounts that leave.

/// What [`super::Account::from_row`] reads.
macro_rules! account {
    () => {
        "id, email, full_name, is_operator, email_verified_at, deletion_at, created_at"
    };
}

vitrine_db::statements! {
    BEGIN_DELETION = of concat!("
        update accounts
        set deletion_at = $2, updated_at = $3
        where id = $1 and deletion_at is null
        returning ", account!());

    CANCEL_DELETION = of concat!("
        update accounts
        set deletion_at = null, updated_at = $2
        where id = $1 and deletion_at is not null
        returning ", account!());

    /// Workspaces with other members and no other owner.
    LIST_ORPHANS = "
        select w.name
        from workspace_members m
        join workspaces w on w.id = m.workspace_id
        where m.account_id = $1 and m.role = 'owner'
            and exists (
                select 1 from workspace_members o
                where o.workspace_id = m.workspace_id and o.account_id <> m.account_id)
            and not exists (
                select 1 from workspace_members o
                where o.workspace_id = m.workspace_id and o.account_id <> m.account_id and o.role = 'owner')
        order by w.name";

    DELETE_KEYS = "
        delete from api_keys
        where account_id = $1";

    DELETE_NOTIFICATIONS = "
        delete from notifications
        where account_id = $1";

    DELETE_REPEATS = "
        delete from idempotency_records
        where account_id = $1";

    LIST_DUE_ACCOUNTS = "
        select id, email_key
        from accounts
        where deletion_at <= $1
        order by deletion_at
        limit 20";

    /// Those that nobody else belongs to.
    LIST_LONELY_WORKSPACES = "
        select m.workspace_id
        from workspace_members m
        where m.account_id = $1
            and not exists (
                select 1 from workspace_members o
                where o.workspace_id = m.workspace_id and o.account_id <> m.account_id)";

    DELETE_MEMBERSHIPS = "
        delete from workspace_members
        where account_id = $1";

    /// Where the account's own row and those it left in workspaces of others refer to nobody in particular.
    FORGET_INVITER = "
        update workspace_invitations
        set invited_by = null
        where invited_by = $1";

    FORGET_FAILURES = "
        delete from login_failures
        where account_key = $1";

    FORGET_ADDRESSES = "
        update audit_log
        set ip = null
        where account_id = $1";

    LIST_ARCHIVES = "
        select file_key
        from account_exports
        where account_id = $1 and file_key is not null";

    /// The stone without a name. Its address cannot be signed in with or written to.
    BURY_ACCOUNT = "
        update accounts
        set email = $2, email_key = $2, full_name = 'Deleted account', password_hash = null, is_operator = false,
            email_verified_at = null, locale = null, timezone = null, deletion_at = null, updated_at = $3
        where id = $1 and deletion_at <= $3";
}
