//! The plain loop that the job engine is measured against: the same work on the same table with the fewest statements.

use vitrine_db::statements;

statements! {
    INSERT_WORKSPACE = "
        insert into workspaces (id, name, plan, created_at)
        values ($1, 'Bench', 'business', $2)";
    INSERT_PLAIN_JOB = "
        insert into jobs (id, kind, payload, workspace_id, queue_key, status, priority, attempt, max_attempts, run_at,
            cancel_requested, progress, created_at)
        values ($1, 'bench.plain', '{}', $2, $2, 'queued', 100, 0, 5, $3, false, 0, $3)";
    // One job at a time, no turns, no plans.
    TAKE_PLAIN_JOB = sqlite "
        update jobs
        set status = 'running', attempt = attempt + 1, lease_owner = $2, lease_until = $3, started_at = $1
        where id = (
            select id
            from jobs
            where status = 'queued' and queue_key = $4 and run_at <= $1
            order by priority, run_at, id
            limit 1)
        returning id"
    postgres "
        update jobs
        set status = 'running', attempt = attempt + 1, lease_owner = $2, lease_until = $3, started_at = $1
        where id = (
            select id
            from jobs
            where status = 'queued' and queue_key = $4 and run_at <= $1
            order by priority, run_at, id
            limit 1
            for update skip locked)
        returning id";
    END_PLAIN_JOB = "
        update jobs
        set status = 'done', progress = 100, finished_at = $3, lease_owner = null, lease_until = null
        where id = $1 and lease_owner = $2 and status = 'running'";
}
