-- Passkeys: public keys of people's devices, and ceremonies that wait for a device's answer.

create table passkeys (
    id uuid not null primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    name text not null,
    -- as the device knows it
    credential_id bytea not null,
    -- public key, counter and flags, as JSON of the WebAuthn library
    credential text not null,
    created_at timestamptz not null,
    last_used_at timestamptz
);
create unique index passkeys_credential_key on passkeys (credential_id);
create index passkeys_account_idx on passkeys (account_id, created_at, id);

create table passkey_ceremonies (
    token_hash bytea not null primary key,
    -- whose passkey is being made; null for signing in, where the device's answer says who it is
    account_id uuid references accounts (id) on delete cascade,
    -- the challenge and what was asked for, as JSON of the WebAuthn library
    state text not null,
    expires_at timestamptz not null
);
create index passkey_ceremonies_expires_idx on passkey_ceremonies (expires_at);
