-- What clients may see live. Differs from PostgreSQL: one writer at a time means that row order is commit order, so the
-- number alone is enough and the transaction is always 0.
create table events (
    id integer not null primary key autoincrement,
    xact bigint not null,
    workspace_id uuid not null,
    kind text not null,
    project_id uuid,
    image_id uuid,
    job_id uuid,
    payload text not null,
    created_at timestamptz not null
);
create index events_workspace_idx on events (workspace_id, id);

-- Tickets for one event stream each; taken by deleting them.
create table event_tickets (
    token_hash bytea not null primary key,
    session_id uuid not null,
    workspace_id uuid not null,
    expires_at timestamptz not null
);
