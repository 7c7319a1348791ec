-- Accounts, tenants and sessions. Uniqueness is declared with named indexes: SQLite names only those in errors.

create table accounts (
    id uuid not null primary key,
    email text not null,
    -- lower case, for uniqueness and look-ups
    email_key text not null,
    full_name text not null,
    password_hash text,
    is_operator boolean not null,
    email_verified_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index accounts_email_key on accounts (email_key);

create table workspaces (
    id uuid not null primary key,
    name text not null,
    -- the account whose personal workspace this is
    personal_account_id uuid references accounts (id),
    plan text not null,
    created_at timestamptz not null
);
create unique index workspaces_personal_account_key on workspaces (personal_account_id);

create table workspace_members (
    workspace_id uuid not null references workspaces (id),
    account_id uuid not null references accounts (id),
    role text not null,
    created_at timestamptz not null,
    primary key (workspace_id, account_id)
);
create index workspace_members_account_idx on workspace_members (account_id);

create table sessions (
    id uuid not null primary key,
    account_id uuid not null references accounts (id),
    device_label text,
    user_agent text,
    ip text,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index sessions_account_idx on sessions (account_id, created_at, id);

-- Every refresh token of a session's family; the newest is alive, an old one that comes back ends the family.
create table refresh_tokens (
    token_hash bytea not null primary key,
    session_id uuid not null references sessions (id),
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    rotated_at timestamptz
);
create index refresh_tokens_session_idx on refresh_tokens (session_id);

-- Wrong passwords, for the lock after five of them.
create table login_failures (
    account_key text not null,
    failed_at timestamptz not null,
    id uuid not null primary key
);
create index login_failures_account_idx on login_failures (account_key, failed_at);

create table audit_log (
    id uuid not null primary key,
    at timestamptz not null,
    account_id uuid,
    workspace_id uuid,
    action text not null,
    object_type text not null,
    object_id text not null,
    ip text,
    details text
);
create index audit_log_workspace_idx on audit_log (workspace_id, at, id);

-- Small facts of the instance, such as the hash of the set-up token.
create table instance_settings (
    name text not null primary key,
    value text not null,
    updated_at timestamptz not null
);
