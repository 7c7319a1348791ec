//! What is stored of accounts of another sign-in service and of sign-ins there that are under way.

use vitrine_db::{List, Sort, SortKind};

vitrine_db::statements! {
    GET_IDENTITY = "
        select account_id
        from account_identities
        where issuer = $1 and subject = $2 and unlinked_at is null";

    IS_UNLINKED = "
        select id
        from account_identities
        where issuer = $1 and subject = $2 and unlinked_at is not null";

    list LIST_IDENTITIES = List::new(
        "LIST_IDENTITIES",
        "i.id, i.issuer, i.created_at, s.last_used_at",
        "from account_identities i
         left join sessions s on s.id = i.session_id
         where i.account_id = $1 and i.unlinked_at is null",
        1,
        "i.id",
        &[Sort { name: "created_at", column: "i.created_at", kind: SortKind::Time }],
    );

    GET_LINKED = "
        select i.id, i.issuer, i.created_at, s.last_used_at
        from account_identities i
        left join sessions s on s.id = i.session_id
        where i.id = $1 and i.account_id = $2 and i.unlinked_at is null";

    /// And the session that its bearer tokens act as.
    HOLD_IDENTITY = "
        update account_identities
        set created_at = created_at
        where id = $1 and account_id = $2 and unlinked_at is null
        returning issuer, session_id";

    UNLINK_IDENTITY = "
        update account_identities
        set unlinked_at = $2, session_id = null
        where id = $1";

    /// Session columns are null before the first token, and when the session has been cleared away.
    GET_IDENTITY_SESSION = "
        select i.account_id, i.session_id, i.tokens_after, s.revoked_at, s.expires_at, s.last_used_at
        from account_identities i
        left join sessions s on s.id = i.session_id
        where i.issuer = $1 and i.subject = $2 and i.unlinked_at is null";

    /// Of any number of parallel requests exactly one replaces the session they all saw.
    SET_IDENTITY_SESSION = "
        update account_identities
        set session_id = $3, tokens_after = $5
        where issuer = $1 and subject = $2 and session_id is not distinct from $4";

    /// One that was unlinked is linked anew; its earlier tokens stay ended.
    INSERT_IDENTITY = "
        insert into account_identities (issuer, subject, account_id, session_id, tokens_after, created_at, id)
        values ($1, $2, $3, null, null, $4, $5)
        on conflict (issuer, subject) do update
            set account_id = excluded.account_id, created_at = excluded.created_at, tokens_after = excluded.created_at,
                id = excluded.id, unlinked_at = null
            where account_identities.unlinked_at is not null";

    INSERT_OIDC_LOGIN = "
        insert into oidc_logins (state_hash, browser_hash, nonce, verifier, next, expires_at)
        values ($1, $2, $3, $4, $5, $6)";

    /// Of any number of parallel uses exactly one takes it, and only in the browser that began.
    TAKE_OIDC_LOGIN = "
        delete from oidc_logins
        where state_hash = $1 and browser_hash = $2 and expires_at > $3
        returning nonce, verifier, next";

    PURGE_OIDC_LOGINS = "
        delete from oidc_logins
        where expires_at < $1";

    /// An account without a password: its owner signs in elsewhere.
    INSERT_OIDC_ACCOUNT = "
        insert into accounts
            (id, email, email_key, full_name, password_hash, is_operator, email_verified_at, created_at, updated_at)
        values ($1, $2, $3, $4, null, false, $5, $6, $6)";

    FORGET_PASSWORD = "
        update accounts
        set password_hash = null, updated_at = $2
        where id = $1";

    FORGET_PASSKEYS = "
        delete from passkeys
        where account_id = $1";
}
