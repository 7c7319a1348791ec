-- Keys for programs: one account, in one workspace, never more than that account may do there.

create table api_keys (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    account_id uuid not null references accounts (id),
    name text not null,
    -- the first characters of the secret, to tell keys apart
    prefix text not null,
    secret_hash bytea not null,
    -- words of read, write, admin, joined by commas
    scopes text not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    -- to the minute
    last_used_at timestamptz
);
create unique index api_keys_secret_key on api_keys (secret_hash);
create index api_keys_workspace_idx on api_keys (workspace_id, created_at, id);
create index api_keys_account_idx on api_keys (account_id);

-- A stream's ticket may also have been fetched with a key. Tickets live for a minute, so those that wait are dropped.
drop table event_tickets;
create table event_tickets (
    token_hash bytea not null primary key,
    -- either of the two
    session_id uuid,
    api_key_id uuid,
    workspace_id uuid not null,
    expires_at timestamptz not null
);
