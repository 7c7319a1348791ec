//! What is stored of passkeys and of ceremonies under way.

use vitrine_db::{List, Sort, SortKind};

vitrine_db::statements! {
    INSERT_PASSKEY = "
        insert into passkeys (id, account_id, name, credential_id, credential, created_at, last_used_at)
        values ($1, $2, $3, $4, $5, $6, null)";

    GET_PASSKEY = "
        select id, name, created_at, last_used_at
        from passkeys
        where id = $1 and account_id = $2";

    RENAME_PASSKEY = "
        update passkeys
        set name = $3
        where id = $1 and account_id = $2
        returning id, name, created_at, last_used_at";

    DELETE_PASSKEY = "
        delete from passkeys
        where id = $1 and account_id = $2
        returning name";

    /// Uses of one passkey wait here for each other, so that its counter is compared with the newest.
    HOLD_PASSKEY = "
        update passkeys
        set last_used_at = $2
        where credential_id = $1
        returning id, account_id, credential";

    SET_CREDENTIAL = "
        update passkeys
        set credential = $2
        where id = $1";

    LIST_CREDENTIAL_IDS = "
        select credential_id
        from passkeys
        where account_id = $1
        order by id";

    INSERT_CEREMONY = "
        insert into passkey_ceremonies (token_hash, account_id, state, expires_at)
        values ($1, $2, $3, $4)";

    /// Of any number of parallel uses exactly one takes it; a null account is signing in.
    TAKE_CEREMONY = "
        delete from passkey_ceremonies
        where token_hash = $1 and account_id is not distinct from $2 and expires_at > $3
        returning state";

    PURGE_CEREMONIES = "
        delete from passkey_ceremonies
        where expires_at < $1";

    list LIST_PASSKEYS = List::new(
        "LIST_PASSKEYS",
        "id, name, created_at, last_used_at",
        "from passkeys where account_id = $1",
        1,
        "id",
        &[Sort { name: "created_at", column: "created_at", kind: SortKind::Time }],
    );
}
