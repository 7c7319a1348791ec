//! What is stored of authenticator apps, recovery codes and sign-ins that wait for a second factor.

vitrine_db::statements! {
    /// An account with its app, if it has one.
    GET_TOTP = "
        select a.email, a.email_key, a.password_hash, t.sealed_seed, t.enabled_at, t.last_step
        from accounts a
        left join account_totp t on t.account_id = a.id
        where a.id = $1";

    /// Tries for one account wait here for each other, so that each sees what the one before it used up.
    HOLD_TOTP = "
        update account_totp
        set tried_at = $2
        where account_id = $1
        returning sealed_seed, enabled_at, last_step";

    /// A seed that waits for its first code is replaced; one in use stays.
    PUT_TOTP = "
        insert into account_totp (account_id, sealed_seed, created_at, enabled_at, last_step, tried_at)
        values ($1, $2, $3, null, 0, $3)
        on conflict (account_id) do update
            set sealed_seed = excluded.sealed_seed, created_at = excluded.created_at
            where account_totp.enabled_at is null";

    ENABLE_TOTP = "
        update account_totp
        set enabled_at = $2, last_step = $3
        where account_id = $1 and enabled_at is null";

    /// A step is taken once, and never an older one after it.
    TAKE_TOTP_STEP = "
        update account_totp
        set last_step = $2
        where account_id = $1 and enabled_at is not null and last_step < $2";

    LIST_SEALED_SEEDS = "
        select account_id as id, sealed_seed as sealed
        from account_totp
        where account_id > $1
        order by account_id
        limit $2";

    REPLACE_SEALED_SEED = "
        update account_totp
        set sealed_seed = $3
        where account_id = $1 and sealed_seed = $2";

    DELETE_TOTP = "
        delete from account_totp
        where account_id = $1";

    IS_TOTP_ON = "
        select account_id
        from account_totp
        where account_id = $1 and enabled_at is not null";

    INSERT_RECOVERY_CODE = "
        insert into recovery_codes (code_hash, account_id, created_at, used_at)
        values ($1, $2, $3, null)";

    /// Of any number of parallel uses exactly one takes it.
    TAKE_RECOVERY_CODE = "
        update recovery_codes
        set used_at = $3
        where code_hash = $1 and account_id = $2 and used_at is null";

    COUNT_RECOVERY_CODES = "
        select count(*) as codes
        from recovery_codes
        where account_id = $1 and used_at is null";

    DELETE_RECOVERY_CODES = "
        delete from recovery_codes
        where account_id = $1";

    INSERT_LOGIN_CHALLENGE = "
        insert into login_challenges (token_hash, account_id, device_label, created_at, expires_at)
        values ($1, $2, $3, $4, $5)";

    GET_LOGIN_CHALLENGE = "
        select c.account_id, c.device_label, a.email_key
        from login_challenges c
        join accounts a on a.id = c.account_id
        where c.token_hash = $1 and c.expires_at > $2";

    /// Of any number of parallel uses exactly one takes it.
    TAKE_LOGIN_CHALLENGE = "
        delete from login_challenges
        where token_hash = $1";

    DELETE_LOGIN_CHALLENGES = "
        delete from login_challenges
        where account_id = $1";

    PURGE_LOGIN_CHALLENGES = "
        delete from login_challenges
        where expires_at < $1";
}
