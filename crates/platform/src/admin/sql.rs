//! What operators read across workspaces.

use vitrine_db::{List, Sort, SortKind, statements};

macro_rules! user_columns {
    () => {
        "a.id, a.email, a.full_name, a.is_operator, a.email_verified_at, a.disabled_at, a.created_at,
            (select max(s.last_used_at) from sessions s where s.account_id = a.id) as last_used_at,
            (select count(*) from sessions s
                where s.account_id = a.id and s.revoked_at is null and s.expires_at > $1) as session_count"
    };
}

macro_rules! workspace_columns {
    () => {
        "w.id, w.name, w.plan, w.created_at, w.personal_account_id, a.email as personal_email,
            (select count(*) from workspace_members m where m.workspace_id = w.id) as member_count"
    };
}

macro_rules! job_columns {
    () => {
        "j.id, j.kind, case when j.status = 'queued' and j.attempt > 0 then 'retrying' else j.status end as status,
            j.priority, j.progress, j.step, j.attempt, j.max_attempts, j.subject_type, j.subject_id, j.error_code,
            j.error_message, j.created_at, j.started_at, j.finished_at, j.workspace_id"
    };
}

statements! {
    /// `$1` is now.
    GET_USER = of concat!("select ", user_columns!(), "
        from accounts a
        where a.id = $2");

    SET_DISABLED = "
        update accounts
        set disabled_at = $2, updated_at = $3
        where id = $1";

    SET_OPERATOR = "
        update accounts
        set is_operator = $2, updated_at = $3
        where id = $1";

    list USERS = List::new(
        "USERS",
        user_columns!(),
        "from accounts a where a.created_at <= $1",
        1,
        "a.id",
        &[
            Sort { name: "created_at", column: "a.created_at", kind: SortKind::Time },
            Sort { name: "email", column: "a.email_key", kind: SortKind::Text },
        ],
    )
    .filtered(&[
        "(a.email_key like ? escape '\\' or lower(a.full_name) like ? escape '\\')",
        "a.is_operator = ?",
        "(a.disabled_at is not null) = ?",
    ]);

    GET_WORKSPACE = of concat!("select ", workspace_columns!(), "
        from workspaces w
        left join accounts a on a.id = w.personal_account_id
        where w.id = $1");

    SET_PLAN = "
        update workspaces
        set plan = $2
        where id = $1";

    list WORKSPACES = List::new(
        "WORKSPACES",
        workspace_columns!(),
        "from workspaces w
         left join accounts a on a.id = w.personal_account_id
         where true",
        0,
        "w.id",
        &[
            Sort { name: "created_at", column: "w.created_at", kind: SortKind::Time },
            Sort { name: "name", column: "w.name", kind: SortKind::Text },
        ],
    )
    .filtered(&["(lower(w.name) like ? escape '\\' or a.email_key like ? escape '\\')", "w.plan = ?"]);

    GET_ANY_JOB = of concat!("select ", job_columns!(), "
        from jobs j
        where j.id = $1");

    /// A dead one is dead no more, and stays for the record until old jobs are purged.
    DISCARD_JOB = "
        update jobs
        set status = 'canceled'
        where id = $1 and status = 'dead'";

    list JOBS = List::new(
        "JOBS",
        job_columns!(),
        "from jobs j where true",
        0,
        "j.id",
        &[Sort { name: "created_at", column: "j.created_at", kind: SortKind::Time }],
    )
    .filtered(&[
        "case when j.status = 'queued' and j.attempt > 0 then 'retrying' else j.status end = ?",
        "j.kind = ?",
        "j.workspace_id = ?",
    ]);
}
