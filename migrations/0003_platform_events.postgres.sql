-- What clients may see live. Differs from SQLite: numbers are handed out before the commit, so each row also keeps its
-- transaction, and readers go by (transaction, number) up to the oldest transaction still running.
create table events (
    id bigint generated always as identity primary key,
    xact bigint not null,
    workspace_id uuid not null,
    kind text not null,
    project_id uuid,
    image_id uuid,
    job_id uuid,
    payload text not null,
    created_at timestamptz not null
);
create index events_order_idx on events (xact, id);
create index events_workspace_idx on events (workspace_id, xact, id);

-- Tickets for one event stream each; taken by deleting them.
create table event_tickets (
    token_hash bytea not null primary key,
    session_id uuid not null,
    workspace_id uuid not null,
    expires_at timestamptz not null
);
