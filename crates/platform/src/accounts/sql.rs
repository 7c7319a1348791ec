//! What is stored of accounts, sessions, refresh tokens, wrong passwords and the set-up token.

use vitrine_db::{List, Sort, SortKind};

vitrine_db::statements! {
    INSERT_ACCOUNT = "
        insert into accounts
            (id, email, email_key, full_name, password_hash, is_operator, email_verified_at, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8)";

    GET_ACCOUNT = "
        select id, email, full_name, is_operator, email_verified_at, deletion_at, created_at
        from accounts
        where id = $1";

    GET_CREDENTIALS = "
        select id, email, full_name, is_operator, email_verified_at, deletion_at, created_at, password_hash
        from accounts
        where email_key = $1";

    /// An operator closed it.
    IS_DISABLED = "
        select disabled_at is not null as is_so
        from accounts
        where id = $1";

    HAS_ACCOUNTS = "
        select exists (select 1 from accounts) as is_so";

    PROMOTE_ACCOUNT = "
        update accounts
        set is_operator = true, email_verified_at = coalesce(email_verified_at, $2), updated_at = $2
        where email_key = $1
        returning id, email, full_name, is_operator, email_verified_at, deletion_at, created_at";

    /// Session, account and membership of a request in one go; a null role is somebody else's workspace. A session that
    /// was opened in the moment its account was closed is not revoked and opens nothing all the same.
    GET_ACTOR = "
        select a.is_operator, a.email_verified_at is not null as is_verified, a.deletion_at is not null as is_leaving, m.workspace_id, m.role, w.plan
        from sessions s
        join accounts a on a.id = s.account_id
        left join workspace_members m on m.account_id = a.id and m.workspace_id = $4
        left join workspaces w on w.id = m.workspace_id
        where s.id = $1 and s.account_id = $2 and s.revoked_at is null and s.expires_at > $3 and a.disabled_at is null";

    GET_ACTOR_IN_PERSONAL_WORKSPACE = "
        select a.is_operator, a.email_verified_at is not null as is_verified, a.deletion_at is not null as is_leaving, m.workspace_id, m.role, w.plan
        from sessions s
        join accounts a on a.id = s.account_id
        left join workspaces w on w.personal_account_id = a.id
        left join workspace_members m on m.account_id = a.id and m.workspace_id = w.id
        where s.id = $1 and s.account_id = $2 and s.revoked_at is null and s.expires_at > $3 and a.disabled_at is null";

    INSERT_SESSION = "
        insert into sessions
            (id, account_id, device_label, user_agent, ip, created_at, last_used_at, expires_at, revoked_at)
        values ($1, $2, $3, $4, $5, $6, $6, $7, null)";

    GET_SESSION = "
        select id, device_label, user_agent, ip, created_at, last_used_at, expires_at
        from sessions
        where id = $1 and account_id = $2 and revoked_at is null and expires_at > $3";

    TOUCH_SESSION = "
        update sessions
        set last_used_at = $2, expires_at = $3, user_agent = coalesce($4, user_agent), ip = coalesce($5, ip)
        where id = $1 and revoked_at is null and expires_at > $2
            and not exists (select 1 from accounts a where a.id = sessions.account_id and a.disabled_at is not null)
        returning account_id";

    LABEL_SESSION = "
        update sessions
        set device_label = $3
        where id = $1 and account_id = $2 and revoked_at is null and expires_at > $4
        returning id, device_label, user_agent, ip, created_at, last_used_at, expires_at";

    REVOKE_SESSION = "
        update sessions
        set revoked_at = $3
        where id = $1 and account_id = $2 and revoked_at is null";

    REVOKE_SESSIONS = "
        update sessions
        set revoked_at = $2
        where account_id = $1 and revoked_at is null and expires_at > $2";

    REVOKE_OTHER_SESSIONS = "
        update sessions
        set revoked_at = $3
        where account_id = $1 and id <> $2 and revoked_at is null and expires_at > $3";

    /// And whether it stands for tokens of another sign-in service.
    GET_SESSION_START = "
        select s.created_at, exists (select 1 from account_identities i where i.session_id = s.id) as is_foreign
        from sessions s
        where s.id = $1";

    IS_SESSION_OF = "
        select id
        from sessions
        where id = $1 and account_id = $2";

    INSERT_REFRESH_TOKEN = "
        insert into refresh_tokens (token_hash, session_id, issued_at, expires_at, rotated_at)
        values ($1, $2, $3, $4, null)";

    /// Of any number of parallel uses exactly one finds the token alive.
    ROTATE_REFRESH_TOKEN = "
        update refresh_tokens
        set rotated_at = $2
        where token_hash = $1 and rotated_at is null and expires_at > $2
        returning session_id";

    GET_REFRESH_TOKEN = "
        select t.session_id, t.rotated_at, s.account_id, s.revoked_at
        from refresh_tokens t
        join sessions s on s.id = t.session_id
        where t.token_hash = $1";

    INSERT_FAILURE = "
        insert into login_failures (id, account_key, failed_at)
        values ($1, $2, $3)";

    LATEST_FAILURES = "
        select failed_at
        from login_failures
        where account_key = $1
        order by failed_at desc
        limit $2";

    DELETE_FAILURES = "
        delete from login_failures
        where account_key = $1";

    PURGE_FAILURES = "
        delete from login_failures
        where failed_at < $1";

    PURGE_REFRESH_TOKENS = "
        delete from refresh_tokens
        where expires_at < $1";

    PURGE_SESSIONS = "
        delete from sessions
        where expires_at < $1
            and not exists (select 1 from refresh_tokens t where t.session_id = sessions.id)";

    INSERT_ACCOUNT_TOKEN = "
        insert into account_tokens (token_hash, account_id, purpose, email_key, created_at, expires_at, used_at)
        values ($1, $2, $3, $4, $5, $6, null)";

    /// Of any number of parallel uses exactly one takes it, and only for the address the account still has.
    TAKE_ACCOUNT_TOKEN = "
        update account_tokens
        set used_at = $3
        where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3
            and email_key = (select a.email_key from accounts a where a.id = account_tokens.account_id)
        returning account_id";

    /// A used link whose purpose was reached and still holds.
    GET_VERIFIED_BY_TOKEN = "
        select t.account_id
        from account_tokens t
        join accounts a on a.id = t.account_id
        where t.token_hash = $1 and t.purpose = $2 and t.used_at is not null
            and a.email_verified_at is not null and a.email_key = t.email_key";

    /// Newer links replace older ones.
    END_ACCOUNT_TOKENS = "
        update account_tokens
        set used_at = $3
        where account_id = $1 and purpose = $2 and used_at is null";

    PURGE_ACCOUNT_TOKENS = "
        delete from account_tokens
        where expires_at < $1";

    VERIFY_ACCOUNT = "
        update accounts
        set email_verified_at = $2, updated_at = $2
        where id = $1 and email_verified_at is null";

    SET_PASSWORD = "
        update accounts
        set password_hash = $2, updated_at = $3
        where id = $1";

    GET_PASSWORD = "
        select email, email_key, full_name, password_hash
        from accounts
        where id = $1";

    /// Changes to the ways into an account wait here for each other.
    HOLD_ACCOUNT = "
        update accounts
        set updated_at = updated_at
        where id = $1";

    /// Password, passkeys, and identities of the issuer that is in use.
    COUNT_WAYS = "
        select (select count(*) from accounts a where a.id = $1 and a.password_hash is not null)
            + (select count(*) from passkeys p where p.account_id = $1)
            + (select count(*) from account_identities i
                where i.account_id = $1 and i.issuer = $2 and i.unlinked_at is null) as count";

    SET_INSTANCE_SETTING = "
        insert into instance_settings (name, value, updated_at)
        values ($1, $2, $3)
        on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at";

    /// Of any number of parallel uses exactly one takes it.
    TAKE_INSTANCE_SETTING = "
        delete from instance_settings
        where name = $1 and value = $2";

    list LIST_SESSIONS = List::new(
        "LIST_SESSIONS",
        "id, device_label, user_agent, ip, created_at, last_used_at, expires_at",
        "from sessions where account_id = $1 and revoked_at is null and expires_at > $2",
        2,
        "id",
        &[
            Sort { name: "created_at", column: "created_at", kind: SortKind::Time },
            Sort { name: "last_used_at", column: "last_used_at", kind: SortKind::Time },
        ],
    );
}
