-- Second factors: authenticator apps, recovery codes, and sign-ins that wait for one of them.

create table account_totp (
    account_id uuid not null primary key references accounts (id) on delete cascade,
    sealed_seed bytea not null,
    created_at timestamptz not null,
    -- null until the first code proved that an app has the seed
    enabled_at timestamptz,
    -- 30 second step of the newest code that was taken; it and older ones open nothing any more
    last_step bigint not null,
    -- written by every try, so that tries for one account queue up behind each other
    tried_at timestamptz not null
);

create table recovery_codes (
    code_hash bytea not null primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    created_at timestamptz not null,
    used_at timestamptz
);
create index recovery_codes_account_idx on recovery_codes (account_id);

-- Sign-ins whose password was right.
create table login_challenges (
    token_hash bytea not null primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    device_label text,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index login_challenges_account_idx on login_challenges (account_id);
create index login_challenges_expires_idx on login_challenges (expires_at);
