-- What a person sets about themselves, archives of what they have, and accounts that wait for their end.

alter table accounts add column locale text;
alter table accounts add column timezone text;
-- when everything of the account is removed, once its person asked for that
alter table accounts add column deletion_at timestamptz;
create index accounts_deletion_idx on accounts (deletion_at) where deletion_at is not null;

create table account_preferences (
    account_id uuid not null primary key references accounts (id),
    -- light, dark, auto
    theme text not null,
    language text not null,
    -- metric, imperial
    units text not null,
    default_style text,
    default_room text,
    reduced_motion boolean not null,
    updated_at timestamptz not null
);

create table account_exports (
    id uuid not null primary key,
    account_id uuid not null references accounts (id),
    -- queued, ready, failed
    status text not null,
    file_key text,
    size_bytes bigint,
    created_at timestamptz not null,
    ended_at timestamptz,
    -- the archive is deleted then
    expires_at timestamptz
);
create index account_exports_account_idx on account_exports (account_id, created_at, id);
create index account_exports_expiry_idx on account_exports (expires_at) where expires_at is not null;
