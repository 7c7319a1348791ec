-- Outgoing letters, addresses that were refused, and the single-use links that letters carry.

create table mails (
    id uuid not null primary key,
    account_id uuid references accounts (id),
    to_address text not null,
    -- lower case, for counting
    to_key text not null,
    kind text not null,
    -- null once the letter was handed over or given up
    sealed_letter bytea,
    -- queued, sent, bounced (refused for good), failed, suppressed (the address bounced before)
    status text not null,
    error text,
    created_at timestamptz not null,
    ended_at timestamptz
);
create index mails_to_idx on mails (to_key, kind, created_at);
create index mails_created_idx on mails (created_at);

create table mail_bounces (
    address_key text not null primary key,
    reason text not null,
    bounced_at timestamptz not null
);

create table account_tokens (
    token_hash bytea not null primary key,
    account_id uuid not null references accounts (id),
    -- verify_email, reset_password
    purpose text not null,
    -- the address the link went to; it proves nothing about another one
    email_key text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index account_tokens_account_idx on account_tokens (account_id, purpose, created_at);
