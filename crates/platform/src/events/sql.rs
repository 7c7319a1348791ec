//! Statements of events and their tickets.

use vitrine_db::statements;

statements! {
    // Only PostgreSQL has transactions side by side, so only there the row says which one wrote it.
    INSERT_EVENT = sqlite "
        insert into events (xact, workspace_id, kind, project_id, image_id, job_id, payload, created_at)
        values (0, $1, $2, $3, $4, $5, $6, $7)"
    postgres "
        insert into events (xact, workspace_id, kind, project_id, image_id, job_id, payload, created_at)
        values (pg_current_xact_id()::text::bigint, $1, $2, $3, $4, $5, $6, $7)";
    // One row per workspace of the account, since streams listen to workspaces.
    INSERT_ACCOUNT_EVENT = sqlite "
        insert into events (xact, workspace_id, kind, account_id, payload, created_at)
        select 0, m.workspace_id, $2, m.account_id, $3, $4
        from workspace_members m
        where m.account_id = $1"
    postgres "
        insert into events (xact, workspace_id, kind, account_id, payload, created_at)
        select pg_current_xact_id()::text::bigint, m.workspace_id, $2::text, m.account_id, $3::text, $4::timestamptz
        from workspace_members m
        where m.account_id = $1";
    // A row is settled when no older transaction can still commit a row that belongs before it.
    LIST_EVENTS_AFTER = sqlite "
        select id, xact, workspace_id, kind, project_id, image_id, job_id, account_id, payload, true as is_settled
        from events
        where xact >= $1 and id > $2
        order by id
        limit $3"
    postgres "
        select id, xact, workspace_id, kind, project_id, image_id, job_id, account_id, payload,
            xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint as is_settled
        from events
        where (xact, id) > ($1, $2)
        order by xact, id
        limit $3";
    // Up to and including the position a stream starts at.
    LIST_EVENTS_BETWEEN = "
        select id, xact, workspace_id, kind, project_id, image_id, job_id, account_id, payload, true as is_settled
        from events
        where workspace_id = $1 and (xact, id) > ($2, $3) and (xact, id) <= ($4, $5)
        order by xact, id
        limit $6";
    // Everything before it is settled and everything that comes is behind it.
    GET_END = sqlite "
        select 0 as xact, coalesce(max(id), 0) as id
        from events"
    postgres "
        select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xact, 0::bigint as id";
    // By ranges of numbers, so that no index on the time is needed; the oldest are where the numbers begin.
    PURGE_EVENTS = "
        delete from events
        where id < (select min(id) from events) + 2000 and created_at < $1
        returning xact, id";
    GET_PURGED = "
        select value
        from instance_settings
        where name = 'events.purged_through'";
    PUT_PURGED = "
        insert into instance_settings (name, value, updated_at)
        values ('events.purged_through', $1, $2)
        on conflict (name) do update
        set value = excluded.value, updated_at = excluded.updated_at";
    INSERT_TICKET = "
        insert into event_tickets (token_hash, session_id, api_key_id, workspace_id, expires_at)
        values ($1, $2, $3, $4, $5)";
    TAKE_TICKET = "
        delete from event_tickets
        where token_hash = $1
        returning session_id, api_key_id, workspace_id, expires_at";
    PURGE_TICKETS = "
        delete from event_tickets
        where expires_at < $1";
    // Whether a stream may go on: its session or key lives and still belongs to the workspace.
    MAY_LISTEN = "
        select s.account_id
        from sessions s
        join accounts a on a.id = s.account_id
        join workspace_members m on m.account_id = s.account_id
        where s.id = $1 and m.workspace_id = $3 and s.revoked_at is null and s.expires_at > $4 and a.disabled_at is null
        union all
        select k.account_id
        from api_keys k
        join accounts a on a.id = k.account_id
        join workspace_members m on m.account_id = k.account_id and m.workspace_id = k.workspace_id
        where k.id = $2 and k.workspace_id = $3 and (k.expires_at is null or k.expires_at > $4)
            and a.disabled_at is null and a.deletion_at is null";
}
