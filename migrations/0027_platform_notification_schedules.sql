-- When accounts want to be told by the clock, what they follow, and when their digests come.

create table notification_settings (
    account_id uuid not null primary key references accounts (id) on delete cascade,
    -- of the IANA database
    timezone text not null,
    digest_hour bigint not null,
    updated_at timestamptz not null
);

create table notification_schedules (
    id uuid not null primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    name text not null,
    -- reminder, summary
    kind text not null,
    message text not null,
    -- hours, days, weeks
    unit text not null,
    every bigint not null,
    -- minutes after midnight, in the time zone
    at_minute bigint not null,
    -- for weeks: monday, …
    weekday text not null,
    timezone text not null,
    in_app boolean not null,
    email boolean not null,
    -- null while it is paused
    next_run_at timestamptz,
    last_run_at timestamptz,
    run_count bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index notification_schedules_account_idx on notification_schedules (account_id, created_at, id);
create index notification_schedules_due_idx on notification_schedules (next_run_at) where next_run_at is not null;

create table notification_rules (
    id uuid not null primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null,
    kind text not null,
    -- only when it is about this project
    project_id uuid,
    -- only when this state was reached
    status text,
    in_app boolean not null,
    email boolean not null,
    cooldown_minutes bigint not null,
    is_enabled boolean not null,
    -- fires no earlier than this
    ready_at timestamptz not null,
    last_fired_at timestamptz,
    fired_count bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index notification_rules_account_idx on notification_rules (account_id, created_at, id);
create index notification_rules_workspace_idx on notification_rules (workspace_id, kind);

-- Goes out even to an address that refused a letter before; null in letters from before there was this mark.
alter table mails add column is_essential boolean;
