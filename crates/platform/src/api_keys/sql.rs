//! What is stored of API keys.

use vitrine_db::{List, Sort, SortKind};

/// What [`super::model::ApiKey::from_row`] reads.
macro_rules! columns {
    () => {
        "k.id, k.account_id, a.full_name as account_name, k.name, k.prefix, k.scopes, k.created_at, k.expires_at, k.last_used_at"
    };
}

vitrine_db::statements! {
    INSERT_KEY = "
        insert into api_keys
            (id, workspace_id, account_id, name, prefix, secret_hash, scopes, created_at, expires_at, last_used_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null)";

    GET_KEY = of concat!("select ", columns!(), "
        from api_keys k
        join accounts a on a.id = k.account_id
        where k.id = $1 and k.workspace_id = $2");

    COUNT_KEYS = "
        select count(*) as count
        from api_keys
        where account_id = $1 and workspace_id = $2";

    list LIST_KEYS = List::new(
        "LIST_KEYS",
        columns!(),
        "from api_keys k
         join accounts a on a.id = k.account_id
         where k.workspace_id = $1",
        1,
        "k.id",
        &[
            Sort { name: "created_at", column: "k.created_at", kind: SortKind::Time },
            Sort { name: "name", column: "k.name", kind: SortKind::Text },
        ],
    )
    .filtered(&["k.account_id = ?"]);

    DELETE_KEY = "
        delete from api_keys
        where id = $1 and workspace_id = $2";

    DELETE_KEYS_OF_MEMBER = "
        delete from api_keys
        where workspace_id = $1 and account_id = $2";

    /// Key, account and membership of a request in one go; nobody who left the workspace comes back with a key.
    GET_ACTOR_BY_KEY = "
        select k.id, k.account_id, k.scopes, k.last_used_at, m.workspace_id, m.role, w.plan,
            a.email_verified_at is not null as is_verified
        from api_keys k
        join accounts a on a.id = k.account_id
        join workspace_members m on m.workspace_id = k.workspace_id and m.account_id = k.account_id
        join workspaces w on w.id = k.workspace_id
        where k.secret_hash = $1 and (k.expires_at is null or k.expires_at > $2) and a.disabled_at is null
            and a.deletion_at is null";

    TOUCH_KEY = "
        update api_keys
        set last_used_at = $2
        where id = $1 and (last_used_at is null or last_used_at <= $3)";
}
