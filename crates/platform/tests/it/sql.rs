//! What stories look up behind the API's back.

vitrine_db::statements! {
    GET_MAIL = "
        select status, sealed_letter
        from mails
        where id = $1";

    LIST_SEALED = "
        select sealed_letter
        from mails
        where sealed_letter is not null";

    TRAIL = "
        select action, details
        from audit_log
        order by at, id";

    GET_SEED = "
        select sealed_seed
        from account_totp";

    LIST_RECOVERY_HASHES = "
        select code_hash
        from recovery_codes";

    LIST_LINK_HASHES = "
        select token_hash
        from account_tokens
        order by created_at";

    COUNT_CHALLENGES = "
        select count(*) as waiting
        from login_challenges";

    COUNT_CEREMONIES = "
        select count(*) as waiting
        from passkey_ceremonies";

    JOIN_WORKSPACE = "
        insert into workspace_members (workspace_id, account_id, role, created_at)
        values ($1, $2, 'editor', $3)";

    LEAVE_WORKSPACE = "
        delete from workspace_members
        where workspace_id = $1 and account_id = $2";
}
