-- Background work. A claimed job carries a lease; whoever holds it renews it, and anyone may take over after it ends.

create table jobs (
    id uuid not null primary key,
    kind text not null,
    payload text not null,
    workspace_id uuid references workspaces (id),
    -- whose turn the job takes: its workspace, or the nil id for work of the instance
    queue_key uuid not null,
    -- what the job is about, for people and for cancelling
    subject_type text,
    subject_id uuid,
    -- queued, running, done, dead, canceled; a queued job with attempt > 0 is waiting to be tried again
    status text not null,
    -- 0 urgent, 100 normal, 200 whenever
    priority bigint not null,
    attempt bigint not null,
    max_attempts bigint not null,
    run_at timestamptz not null,
    -- the worker that runs it
    lease_owner uuid,
    lease_until timestamptz,
    cancel_requested boolean not null,
    progress bigint not null,
    step text,
    error_code text,
    error_message text,
    -- one live job per key
    unique_key text,
    created_at timestamptz not null,
    -- of the newest attempt
    started_at timestamptz,
    finished_at timestamptz
);
-- Claiming walks from queue to queue and takes the head of each.
create index jobs_claim_idx on jobs (queue_key, priority, run_at, id) where status = 'queued';
create index jobs_due_idx on jobs (run_at) where status = 'queued';
create index jobs_running_idx on jobs (queue_key, lease_until) where status = 'running';
create index jobs_workspace_idx on jobs (workspace_id, created_at, id);
create index jobs_subject_idx on jobs (subject_id) where status in ('queued', 'running');
create index jobs_finished_idx on jobs (finished_at) where finished_at is not null;
create unique index jobs_unique_key on jobs (unique_key) where status in ('queued', 'running');

-- When a schedule last fired; a row per schedule, taken with a compare-and-set.
create table job_schedules (
    name text not null primary key,
    last_fired_at timestamptz not null
);
