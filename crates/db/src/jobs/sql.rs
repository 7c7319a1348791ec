//! The statements of the job engine.

use crate::statements;

statements! {
    INSERT_JOB = "
        insert into jobs (id, kind, payload, workspace_id, queue_key, subject_type, subject_id, status, priority,
            attempt, max_attempts, run_at, cancel_requested, progress, unique_key, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, 0, $9, $10, false, 0, $11, $12)
        on conflict do nothing";
    FIND_LIVE_JOB_BY_KEY = "
        select id
        from jobs
        where unique_key = $1 and status in ('queued', 'running')";
    // Claims of all processes take turns, because two that counted the running jobs of a workspace at the same time
    // would together exceed its share. A process that stalls while it holds the lock loses it after three seconds.
    LOCK_CLAIMS = sqlite "select 1 as locked" postgres "
        select pg_advisory_xact_lock(7305810215)::text as locked,
            set_config('idle_in_transaction_session_timeout', '3000', true) as patience";
    // $1 now, $2 owner, $3 lease until, $4 kinds (JSON list), $5 how many, $6 running jobs per plan (JSON object with a
    // `default`). PostgreSQL has lateral joins and must skip rows that a cancellation holds; SQLite has neither.
    CLAIM_JOBS = sqlite "
        with recursive queues (queue_key) as (
            select min(queue_key) from jobs where status = 'queued'
            union all
            select (select min(j.queue_key) from jobs j where j.status = 'queued' and j.queue_key > q.queue_key)
            from queues q
            where q.queue_key is not null
        ),
        busy as (
            select queue_key, count(*) as running from jobs where status = 'running' group by queue_key
        ),
        turns as (
            select q.queue_key, coalesce(b.running, 0) as running,
                case when w.id is null then 1000000
                    else cast(coalesce($6 ->> w.plan, $6 ->> 'default') as integer) end as share
            from queues q
            left join busy b on b.queue_key = q.queue_key
            left join workspaces w on w.id = q.queue_key
            where q.queue_key is not null
        ),
        heads as (
            select j.id, j.priority, j.run_at, t.share,
                t.running + row_number() over (partition by t.queue_key order by j.priority, j.run_at, j.id) as turn
            from turns t
            cross join jobs j on j.id in (
                select k.id
                from jobs k
                where k.status = 'queued'
                    and k.queue_key = t.queue_key
                    and k.run_at <= $1
                    and k.kind in (select value from json_each($4))
                order by k.priority, k.run_at, k.id
                limit $5)
            where t.running < t.share
        )
        update jobs
        set status = 'running', attempt = attempt + 1, lease_owner = $2, lease_until = $3, started_at = $1,
            progress = 0, step = null
        where id in (
            select id from heads where turn <= share order by priority, turn, run_at, id limit $5)
        returning id, kind, payload, workspace_id, priority, attempt, max_attempts, run_at"
    postgres "
        with recursive queues (queue_key) as (
            (select queue_key from jobs where status = 'queued' order by queue_key limit 1)
            union all
            select (select j.queue_key from jobs j where j.status = 'queued' and j.queue_key > q.queue_key
                order by j.queue_key limit 1)
            from queues q
            where q.queue_key is not null
        ),
        busy as (
            select queue_key, count(*) as running from jobs where status = 'running' group by queue_key
        ),
        turns as (
            select q.queue_key, coalesce(b.running, 0) as running,
                case when w.id is null then 1000000
                    else cast(coalesce($6::jsonb ->> w.plan, $6::jsonb ->> 'default') as bigint) end as share
            from queues q
            left join busy b on b.queue_key = q.queue_key
            left join workspaces w on w.id = q.queue_key
            where q.queue_key is not null
        ),
        heads as (
            select h.id, h.priority, h.run_at, t.share,
                t.running + row_number() over (partition by t.queue_key order by h.priority, h.run_at, h.id) as turn
            from turns t
            cross join lateral (
                select k.id, k.priority, k.run_at
                from jobs k
                where k.status = 'queued'
                    and k.queue_key = t.queue_key
                    and k.run_at <= $1
                    and k.kind in (select jsonb_array_elements_text($4::jsonb))
                order by k.priority, k.run_at, k.id
                limit $5
            ) h
            where t.running < t.share
        ),
        chosen as (
            select j.id
            from jobs j
            join (select id from heads where turn <= share order by priority, turn, run_at, id limit $5) c
                on c.id = j.id
            where j.status = 'queued'
            for update of j skip locked
        ),
        taken as (
            update jobs
            set status = 'running', attempt = attempt + 1, lease_owner = $2, lease_until = $3, started_at = $1,
                progress = 0, step = null
            where id in (select id from chosen)
            returning id, kind, payload, workspace_id, priority, attempt, max_attempts, run_at
        )
        select t.id, t.kind, t.payload, t.workspace_id, t.priority, t.attempt, t.max_attempts, t.run_at, e.eligible
        from (select count(*) as eligible from (select 1 from heads where turn <= share limit $5) h) e
        left join taken t on true";
    RENEW_LEASES = "
        update jobs
        set lease_until = $2
        where lease_owner = $1 and status = 'running'
        returning id, cancel_requested";
    LIST_CANCEL_REQUESTS = "
        select id
        from jobs
        where lease_owner = $1 and status = 'running' and cancel_requested";
    STORE_PROGRESS = "
        update jobs
        set progress = $3, step = $4
        where id = $1 and lease_owner = $2 and status = 'running'";
    FINISH_JOB = "
        update jobs
        set status = 'done', progress = 100, step = null, error_code = null, error_message = null,
            lease_owner = null, lease_until = null, finished_at = $3
        where id = $1 and lease_owner = $2 and status = 'running'";
    BURY_JOB = "
        update jobs
        set status = 'dead', step = null, error_code = $4, error_message = $5, lease_owner = null,
            lease_until = null, finished_at = $3
        where id = $1 and lease_owner = $2 and status = 'running'";
    STOP_JOB = "
        update jobs
        set status = 'canceled', step = null, error_code = 'canceled', error_message = null, lease_owner = null,
            lease_until = null, finished_at = $3
        where id = $1 and lease_owner = $2 and status = 'running'";
    REQUEUE_JOB = "
        update jobs
        set status = 'queued', run_at = $3, error_code = $4, error_message = $5, progress = 0, step = null,
            lease_owner = null, lease_until = null
        where id = $1 and lease_owner = $2 and status = 'running' and not cancel_requested";
    // An attempt that does not count: the job asked to come back later, or its worker is stopping.
    PUT_JOB_BACK = "
        update jobs
        set status = 'queued', run_at = $3, attempt = attempt - 1, progress = 0, step = null,
            lease_owner = null, lease_until = null
        where id = $1 and lease_owner = $2 and status = 'running' and not cancel_requested";
    LIST_EXPIRED_LEASES = "
        select id, kind
        from jobs
        where status = 'running' and lease_until <= $1
        order by lease_until, id
        limit 100";
    // Only one of several workers gets the row.
    ADOPT_JOB = "
        update jobs
        set lease_owner = $2, lease_until = $3
        where id = $1 and status = 'running' and lease_until <= $4
        returning id, kind, payload, workspace_id, priority, attempt, max_attempts, run_at, cancel_requested";
    END_ALL_LEASES = "
        update jobs
        set lease_until = $1
        where status = 'running' and lease_until > $1";
    // A running job must not become a queued one, or the other way round, between looking and acting; SQLite's one
    // writer sees to that by itself.
    LOCK_JOB = sqlite "
        select id, kind, payload, workspace_id, status
        from jobs
        where id = $1"
    postgres "
        select id, kind, payload, workspace_id, status
        from jobs
        where id = $1
        for update";
    LOCK_LIVE_JOBS_BY_SUBJECT = sqlite "
        select id, kind, payload, workspace_id, status
        from jobs
        where subject_id = $1 and subject_type = $2 and status in ('queued', 'running')
        order by id"
    postgres "
        select id, kind, payload, workspace_id, status
        from jobs
        where subject_id = $1 and subject_type = $2 and status in ('queued', 'running')
        order by id
        for update";
    CANCEL_QUEUED_JOB = "
        update jobs
        set status = 'canceled', cancel_requested = true, step = null, error_code = 'canceled', error_message = null,
            finished_at = $2
        where id = $1 and status = 'queued'";
    REQUEST_CANCEL = "
        update jobs
        set cancel_requested = true
        where id = $1 and status = 'running'";
    REVIVE_JOB = "
        update jobs
        set status = 'queued', attempt = 0, run_at = $2, cancel_requested = false, progress = 0, step = null,
            error_code = null, error_message = null, started_at = null, finished_at = null
        where id = $1 and status in ('dead', 'canceled')";
    NEXT_RUN_AT = "
        select min(run_at) as run_at
        from jobs
        where status = 'queued' and run_at > $1";
    COUNT_LIVE_JOBS = "
        select count(*) filter (where status = 'queued') as queued, count(*) filter (where status = 'running') as running
        from jobs
        where status in ('queued', 'running')";
    PURGE_ENDED_JOBS = "
        delete from jobs
        where id in (
            select id
            from jobs
            where finished_at < $1 and (status <> 'dead' or finished_at < $2)
            order by finished_at
            limit 1000)";
    LIST_SCHEDULES = "
        select name, last_fired_at
        from job_schedules";
    // A compare-and-set: one row for the first process to reach a period, none for the others.
    FIRE_SCHEDULE = "
        insert into job_schedules (name, last_fired_at)
        values ($1, $2)
        on conflict (name) do update
        set last_fired_at = excluded.last_fired_at
        where job_schedules.last_fired_at < excluded.last_fired_at";
}
