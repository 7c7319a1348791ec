//! What is stored of workspaces, members and invitations.

use vitrine_db::{List, Sort, SortKind};

/// What [`super::Membership::from_row`] reads of `workspaces w` and `workspace_members m`.
macro_rules! membership {
    () => {
        "w.id, w.name, w.plan, w.created_at, m.role, w.personal_account_id is not distinct from m.account_id as is_personal,
         (select count(*) from workspace_members c where c.workspace_id = w.id) as member_count"
    };
}

vitrine_db::statements! {
    INSERT_WORKSPACE = "
        insert into workspaces (id, name, personal_account_id, plan, created_at)
        values ($1, $2, $3, $4, $5)";

    INSERT_MEMBER = "
        insert into workspace_members (workspace_id, account_id, role, created_at)
        values ($1, $2, $3, $4)";

    /// The personal one first, then by age.
    LIST_MEMBERSHIPS = of concat!("select ", membership!(), "
        from workspace_members m
        join workspaces w on w.id = m.workspace_id
        where m.account_id = $1
        order by is_personal desc, w.created_at, w.id");

    GET_MEMBERSHIP = of concat!("select ", membership!(), "
        from workspace_members m
        join workspaces w on w.id = m.workspace_id
        where m.workspace_id = $1 and m.account_id = $2");

    list LIST_WORKSPACES = List::new(
        "LIST_WORKSPACES",
        membership!(),
        "from workspace_members m
         join workspaces w on w.id = m.workspace_id
         where m.account_id = $1",
        1,
        "w.id",
        &[
            Sort { name: "created_at", column: "w.created_at", kind: SortKind::Time },
            Sort { name: "name", column: "w.name", kind: SortKind::Text },
        ],
    )
    .filtered(&["w.id = ?"]);

    COUNT_OWNED = "
        select count(*) as count
        from workspace_members m
        join workspaces w on w.id = m.workspace_id
        where m.account_id = $1 and m.role = 'owner' and w.personal_account_id is null";

    RENAME_WORKSPACE = "
        update workspaces
        set name = $2
        where id = $1";

    SET_PERSONAL_PLAN = "
        update workspaces
        set plan = $2
        where personal_account_id = $1";

    /// Holds the row's lock to the commit, so that seats and owners are counted by one at a time.
    LOCK_WORKSPACE = "
        update workspaces
        set name = name
        where id = $1
        returning name, plan, personal_account_id is not null as is_personal";

    COUNT_SEATS = "
        select (select count(*) from workspace_members m where m.workspace_id = $1)
            + (select count(*) from workspace_invitations i where i.workspace_id = $1 and i.expires_at > $2) as count";

    /// Owners besides one, who are not about to be gone.
    COUNT_OTHER_OWNERS = "
        select count(*) as count
        from workspace_members m
        join accounts a on a.id = m.account_id
        where m.workspace_id = $1 and m.account_id <> $2 and m.role = 'owner' and a.deletion_at is null";

    LIST_MEMBER_IDS = "
        select account_id
        from workspace_members
        where workspace_id = $1
        order by account_id";

    LIST_LIVE_JOBS = "
        select id
        from jobs
        where workspace_id = $1 and status in ('queued', 'running')
        order by id";

    DELETE_KEYS_OF_WORKSPACE = "
        delete from api_keys
        where workspace_id = $1";

    DELETE_ALL_INVITATIONS = "
        delete from workspace_invitations
        where workspace_id = $1";

    DELETE_ALL_MEMBERS = "
        delete from workspace_members
        where workspace_id = $1";

    DELETE_WORKSPACE = "
        delete from workspaces
        where id = $1";

    GET_ROLE = "
        select role
        from workspace_members
        where workspace_id = $1 and account_id = $2";

    GET_MEMBER = "
        select m.account_id, a.email, a.full_name, m.role, m.created_at
        from workspace_members m
        join accounts a on a.id = m.account_id
        where m.workspace_id = $1 and m.account_id = $2";

    HAS_MEMBER_WITH_ADDRESS = "
        select m.account_id
        from workspace_members m
        join accounts a on a.id = m.account_id
        where m.workspace_id = $1 and a.email_key = $2";

    list LIST_MEMBERS = List::new(
        "LIST_MEMBERS",
        "m.account_id, a.email, a.full_name, m.role, m.created_at",
        "from workspace_members m
         join accounts a on a.id = m.account_id
         where m.workspace_id = $1",
        1,
        "m.account_id",
        &[
            Sort { name: "created_at", column: "m.created_at", kind: SortKind::Time },
            Sort { name: "full_name", column: "a.full_name", kind: SortKind::Text },
        ],
    );

    SET_ROLE = "
        update workspace_members
        set role = $3
        where workspace_id = $1 and account_id = $2";

    DELETE_MEMBER = "
        delete from workspace_members
        where workspace_id = $1 and account_id = $2";

    INSERT_INVITATION = "
        insert into workspace_invitations
            (id, workspace_id, email, email_key, role, token_hash, invited_by, created_at, sent_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)";

    GET_INVITATION = "
        select id, email, role, invited_by, created_at, sent_at, expires_at
        from workspace_invitations
        where id = $1 and workspace_id = $2";

    list LIST_INVITATIONS = List::new(
        "LIST_INVITATIONS",
        "id, email, role, invited_by, created_at, sent_at, expires_at",
        "from workspace_invitations where workspace_id = $1",
        1,
        "id",
        &[
            Sort { name: "created_at", column: "created_at", kind: SortKind::Time },
            Sort { name: "email", column: "email_key", kind: SortKind::Text },
        ],
    );

    /// The earlier letter's link stops working.
    RENEW_INVITATION = "
        update workspace_invitations
        set token_hash = $3, sent_at = $4, expires_at = $5
        where id = $1 and workspace_id = $2
        returning id, email, role, invited_by, created_at, sent_at, expires_at";

    DELETE_INVITATION = "
        delete from workspace_invitations
        where id = $1 and workspace_id = $2";

    DELETE_EXPIRED_INVITATION = "
        delete from workspace_invitations
        where workspace_id = $1 and email_key = $2 and expires_at <= $3";

    /// Of any number of parallel uses exactly one finds it, and only for the address it was sent to.
    TAKE_INVITATION = "
        delete from workspace_invitations
        where token_hash = $1 and expires_at > $2
            and email_key = (select a.email_key from accounts a where a.id = $3)
        returning role";

    GET_INVITATION_BY_TOKEN = "
        select workspace_id
        from workspace_invitations
        where token_hash = $1 and expires_at > $2";

    PURGE_INVITATIONS = "
        delete from workspace_invitations
        where expires_at < $1";
}
