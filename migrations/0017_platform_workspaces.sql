-- Invitations into workspaces. The letter holds the token, this table its hash; one that was accepted or revoked is gone.

create table workspace_invitations (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    email text not null,
    -- lower case; only an account with this address may accept
    email_key text not null,
    role text not null,
    token_hash bytea not null,
    -- null once that account is gone
    invited_by uuid references accounts (id),
    created_at timestamptz not null,
    -- of the newest letter
    sent_at timestamptz not null,
    expires_at timestamptz not null
);
create unique index workspace_invitations_token_key on workspace_invitations (token_hash);
create unique index workspace_invitations_address_key on workspace_invitations (workspace_id, email_key);
create index workspace_invitations_workspace_idx on workspace_invitations (workspace_id, created_at, id);
create index workspace_invitations_expiry_idx on workspace_invitations (expires_at);
