-- What accounts are told: one row per notification, and which kinds of them each account wants where.

create table notifications (
    id uuid not null primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    workspace_id uuid references workspaces (id) on delete cascade,
    kind text not null,
    title text not null,
    body text not null,
    -- path within the app
    link text,
    -- how many things of one group this row tells of
    count bigint not null,
    -- while it is unread and was not mailed, further things of the group join it
    group_key text,
    -- of several notifications with one key an account gets the first
    once_key text,
    -- false: only for a letter
    is_shown boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    read_at timestamptz,
    -- off, instant, daily, weekly
    email text not null,
    -- when the letter that tells of it has to go out; null: never, or it went
    mail_due_at timestamptz,
    mailed_at timestamptz
);
create index notifications_account_idx on notifications (account_id, created_at, id);
create index notifications_updated_idx on notifications (account_id, updated_at, id);
create index notifications_unread_idx on notifications (account_id) where read_at is null;
create index notifications_group_idx on notifications (account_id, group_key) where read_at is null;
create index notifications_due_idx on notifications (mail_due_at) where mail_due_at is not null;
create index notifications_created_idx on notifications (created_at);
create unique index notifications_once_key on notifications (account_id, once_key);

create table notification_preferences (
    account_id uuid not null references accounts (id) on delete cascade,
    kind text not null,
    in_app boolean not null,
    -- off, instant, daily, weekly
    email text not null,
    updated_at timestamptz not null,
    primary key (account_id, kind)
);

-- News for one account only, whatever workspace its streams listen to.
alter table events add column account_id uuid;
