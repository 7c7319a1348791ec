-- Requests that carried an Idempotency-Key. A claim without an answer is still running, or its process died.

create table idempotency_records (
    account_id uuid not null references accounts (id),
    workspace_id uuid not null references workspaces (id),
    method text not null,
    path text not null,
    idempotency_key text not null,
    -- hash of the canonical body
    fingerprint bytea not null,
    -- changes with every claim, so that a claim that was taken over cannot finish
    claim_id uuid not null,
    claimed_until timestamptz not null,
    created_at timestamptz not null,
    -- null while it runs
    status bigint,
    -- the headers that belong to the answer, as JSON
    headers text,
    body bytea,
    primary key (account_id, workspace_id, method, path, idempotency_key)
);
create index idempotency_records_created_idx on idempotency_records (created_at);
