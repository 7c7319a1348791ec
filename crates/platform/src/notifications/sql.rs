//! What is stored of notifications and preferences. Every statement takes the account, so that another's rows cannot
//! be reached; those of the tick act for nobody.

use vitrine_db::{List, Sort, SortKind};

/// What [`Notification::from_row`](super::model::Notification::from_row) reads.
macro_rules! columns {
    () => {
        "id, workspace_id, kind, title, body, link, count, created_at, updated_at, read_at"
    };
}

macro_rules! schedule_columns {
    () => {
        "id, name, kind, message, unit, every, at_minute, weekday, timezone, in_app, email, next_run_at, last_run_at,
            run_count, created_at, updated_at"
    };
}

macro_rules! rule_columns {
    () => {
        "id, workspace_id, name, kind, project_id, status, in_app, email, cooldown_minutes, is_enabled, last_fired_at,
            fired_count, created_at, updated_at"
    };
}

vitrine_db::statements! {
    /// None is inserted when the account was told with this once-key before.
    INSERT_NOTIFICATION = "
        insert into notifications (id, account_id, workspace_id, kind, title, body, link, count, group_key, once_key,
            is_shown, created_at, updated_at, read_at, email, mail_due_at, mailed_at)
        values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11, $11, null, $12, $13, $14)
        on conflict (account_id, once_key) do nothing";

    WAS_TOLD = "
        select exists (select 1 from notifications where account_id = $1 and once_key = $2) as is_so";

    /// The row of a group that another thing may join. `$4` is the oldest that still may.
    JOIN_GROUP = "
        update notifications
        set count = count + 1, updated_at = $5
        where id = (
            select n.id from notifications n
            where n.account_id = $1 and n.kind = $2 and n.group_key = $3 and n.read_at is null
                and n.mailed_at is null and n.created_at > $4
            order by n.created_at desc
            limit 1)
        returning id, count, created_at, mail_due_at, is_shown";

    SET_GROUP_TEXT = "
        update notifications
        set title = $2, body = '', link = coalesce($3, link), mail_due_at = $4
        where id = $1";

    GET_NOTIFICATION = of concat!("select ", columns!(), "
        from notifications
        where id = $1 and account_id = $2 and is_shown");

    COUNT_UNREAD = "
        select count(*) as count
        from notifications
        where account_id = $1 and read_at is null and is_shown";

    READ_NOTIFICATION = of concat!("
        update notifications
        set read_at = coalesce(read_at, $3)
        where id = $1 and account_id = $2 and is_shown
        returning ", columns!());

    READ_ALL = "
        update notifications
        set read_at = $2
        where account_id = $1 and read_at is null and is_shown";

    GET_PREFERENCE = "
        select in_app, email
        from notification_preferences
        where account_id = $1 and kind = $2";

    PUT_PREFERENCE = "
        insert into notification_preferences (account_id, kind, in_app, email, updated_at)
        values ($1, $2, $3, $4, $5)
        on conflict (account_id, kind) do update
        set in_app = excluded.in_app, email = excluded.email, updated_at = excluded.updated_at";

    GET_SETTINGS = "
        select coalesce(s.timezone, a.timezone) as timezone, s.digest_hour
        from accounts a
        left join notification_settings s on s.account_id = a.id
        where a.id = $1";

    PUT_SETTINGS = "
        insert into notification_settings (account_id, timezone, digest_hour, updated_at)
        values ($1, $2, $3, $4)
        on conflict (account_id) do update
        set timezone = excluded.timezone, digest_hour = excluded.digest_hour, updated_at = excluded.updated_at";

    GET_ADDRESS = "
        select a.email, a.email_verified_at, b.bounced_at, b.reason
        from accounts a
        left join mail_bounces b on b.address_key = a.email_key
        where a.id = $1";

    // What waits for a letter that is no longer wanted.
    FORGET_DUE = "
        update notifications
        set email = 'off', mail_due_at = null
        where account_id = $1 and kind = $2 and mail_due_at is not null";

    LIST_DUE_ACCOUNTS = "
        select account_id, min(mail_due_at) as due_at
        from notifications
        where mail_due_at <= $1
        group by account_id
        order by due_at, account_id
        limit $2";

    /// Of any number of parallel ticks exactly one finds a row due.
    TAKE_DUE = of concat!("
        update notifications
        set mailed_at = $2, mail_due_at = null
        where account_id = $1 and mail_due_at <= $2
        returning email, ", columns!());

    COUNT_BY_KIND = "
        select kind, cast(sum(count) as bigint) as count
        from notifications
        where account_id = $1 and created_at > $2 and kind <> $3
        group by kind
        order by count desc, kind";

    PURGE_NOTIFICATIONS = "
        delete from notifications
        where created_at < $1";

    INSERT_SCHEDULE = "
        insert into notification_schedules (id, account_id, name, kind, message, unit, every, at_minute, weekday,
            timezone, in_app, email, next_run_at, last_run_at, run_count, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, 0, $14, $14)";

    GET_SCHEDULE = of concat!("select ", schedule_columns!(), "
        from notification_schedules
        where id = $1 and account_id = $2");

    COUNT_SCHEDULES = "
        select count(*) as count
        from notification_schedules
        where account_id = $1";

    UPDATE_SCHEDULE = "
        update notification_schedules
        set name = $3, kind = $4, message = $5, unit = $6, every = $7, at_minute = $8, weekday = $9, timezone = $10,
            in_app = $11, email = $12, next_run_at = $13, updated_at = $14
        where id = $1 and account_id = $2";

    DELETE_SCHEDULE = "
        delete from notification_schedules
        where id = $1 and account_id = $2";

    LIST_DUE_SCHEDULES = of concat!("select account_id, ", schedule_columns!(), "
        from notification_schedules
        where next_run_at <= $1
        order by next_run_at, id
        limit $2");

    /// Of any number of parallel ticks exactly one finds the moment unchanged.
    CLAIM_SCHEDULE = "
        update notification_schedules
        set next_run_at = $3, last_run_at = $4, run_count = run_count + 1
        where id = $1 and next_run_at = $2";

    SILENCE_SCHEDULES = "
        update notification_schedules
        set email = false, in_app = true, updated_at = $2
        where account_id = $1 and email";

    INSERT_RULE = "
        insert into notification_rules (id, account_id, workspace_id, name, kind, project_id, status, in_app, email,
            cooldown_minutes, is_enabled, ready_at, last_fired_at, fired_count, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, 0, $12, $12)";

    GET_RULE = of concat!("select ", rule_columns!(), "
        from notification_rules
        where id = $1 and account_id = $2 and workspace_id = $3");

    COUNT_RULES = "
        select count(*) as count
        from notification_rules
        where account_id = $1";

    UPDATE_RULE = "
        update notification_rules
        set name = $4, kind = $5, project_id = $6, status = $7, in_app = $8, email = $9, cooldown_minutes = $10,
            is_enabled = $11, updated_at = $12
        where id = $1 and account_id = $2 and workspace_id = $3";

    DELETE_RULE = "
        delete from notification_rules
        where id = $1 and account_id = $2 and workspace_id = $3";

    /// A condition that is not set fits everything. Whoever left the workspace follows nothing in it.
    LIST_FOLLOWING_RULES = "
        select r.id, r.account_id, r.in_app, r.email, r.cooldown_minutes
        from notification_rules r
        join workspace_members m on m.workspace_id = r.workspace_id and m.account_id = r.account_id
        where r.workspace_id = $1 and r.kind = $2 and r.is_enabled and r.ready_at <= $3
            and (r.project_id = $4 or r.project_id is null)
            and (r.status = $5 or r.status is null)
        order by r.id
        limit 200";

    FIRE_RULE = "
        update notification_rules
        set last_fired_at = $2, ready_at = $3, fired_count = fired_count + 1
        where id = $1 and ready_at <= $2";

    SILENCE_RULES = "
        update notification_rules
        set email = false, in_app = true, updated_at = $3
        where account_id = $1 and kind = $2 and email";

    HAS_LOUD_RULES = "
        select exists (select 1 from notification_rules where account_id = $1 and kind = $2 and email) as is_so";

    list SCHEDULES = List::new(
        "SCHEDULES",
        schedule_columns!(),
        "from notification_schedules where account_id = $1",
        1,
        "id",
        &[
            Sort { name: "created_at", column: "created_at", kind: SortKind::Time },
            Sort { name: "name", column: "name", kind: SortKind::Text },
        ],
    );

    list RULES = List::new(
        "RULES",
        rule_columns!(),
        "from notification_rules where account_id = $1 and workspace_id = $2",
        2,
        "id",
        &[
            Sort { name: "created_at", column: "created_at", kind: SortKind::Time },
            Sort { name: "name", column: "name", kind: SortKind::Text },
        ],
    );

    /// Whether an account is still there, and in the workspace if there is one.
    MAY_BE_TOLD = "
        select exists (
            select 1 from accounts a
            where a.id = $1 and (
                exists (
                    select 1 from workspace_members m where m.workspace_id = $2 and m.account_id = a.id)
                or $2 is null)) as is_so";

    /// An unknown program is like another unknown one.
    LOOK_AT_SESSIONS = "
        select count(*) as sessions, count(*) filter (where user_agent is not distinct from $2) as alike
        from sessions
        where account_id = $1";

    LIST_MANAGERS = "
        select account_id
        from workspace_members
        where workspace_id = $1 and role in ('owner', 'admin')
        order by account_id";

    GET_JOINED_NAMES = "
        select a.full_name, w.name
        from accounts a
        join workspaces w on w.id = $2
        where a.id = $1";

    LIST_OPERATORS = "
        select id
        from accounts
        where is_operator and disabled_at is null
        order by id";

    /// Whom a letter goes to.
    GET_RECIPIENT = "
        select email, email_verified_at
        from accounts
        where id = $1";

    list NOTIFICATIONS = List::new(
        "NOTIFICATIONS",
        columns!(),
        "from notifications where account_id = $1 and is_shown",
        1,
        "id",
        &[
            Sort { name: "created_at", column: "created_at", kind: SortKind::Time },
            Sort { name: "updated_at", column: "updated_at", kind: SortKind::Time },
        ],
    )
    .filtered(&["(read_at is null) = ?", "kind = ?"]);
}
