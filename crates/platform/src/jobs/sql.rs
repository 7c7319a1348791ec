//! Statements about jobs for people; those of the engine are in `vitrine_db::jobs`.

use vitrine_db::{List, Sort, SortKind, statements};

/// What [`super::model::JobView::from_row`] reads.
macro_rules! columns {
    () => {
        "j.id, j.kind, case when j.status = 'queued' and j.attempt > 0 then 'retrying' else j.status end as status,
            j.priority, j.progress, j.step, j.attempt, j.max_attempts, j.subject_type, j.subject_id, j.error_code,
            j.error_message, j.created_at, j.started_at, j.finished_at"
    };
}

const SORTS: &[Sort] = &[Sort {
    name: "created_at",
    column: "j.created_at",
    kind: SortKind::Time,
}];

statements! {
    GET_JOB = of concat!("select ", columns!(), "
        from jobs j
        where j.id = $1 and j.workspace_id = $2");
    GET_SUBJECT = "
        select subject_type, subject_id
        from jobs
        where id = $1 and workspace_id = $2";
    // For new streams: what is not finished, and the one that was asked for by id.
    LIST_LIVE_JOBS = of concat!("select ", columns!(), "
        from jobs j
        where j.workspace_id = $1
            and (j.status in ('queued', 'running') or j.id = $2)
            and (j.id = $2 or $2 is null)
            and (j.subject_id = $3 or $3 is null)
        order by j.created_at, j.id
        limit 500");
    // The order in which `CLAIM_JOBS` of the engine takes what is due, over all workspaces: the most urgent first, then
    // in turns, where what a workspace has running counts as turns taken.
    LIST_QUEUE_POSITIONS = "
        select id, position
        from (
            select t.id, t.queue_key, row_number() over (order by t.priority, t.turn, t.run_at, t.id) as position
            from (
                select j.id, j.queue_key, j.priority, j.run_at, coalesce(b.running, 0)
                    + row_number() over (partition by j.queue_key order by j.priority, j.run_at, j.id) as turn
                from jobs j
                left join (
                    select queue_key, count(*) as running from jobs where status = 'running' group by queue_key
                ) b on b.queue_key = j.queue_key
                where j.status = 'queued' and j.run_at <= $2
            ) t
        ) p
        where p.queue_key = $1";
    list LIST_JOBS = List::new(
        "LIST_JOBS",
        columns!(),
        "from jobs j
         where j.workspace_id = $1",
        1,
        "j.id",
        SORTS,
    )
    .filtered(&[
        "case when j.status = 'queued' and j.attempt > 0 then 'retrying' else j.status end = ?",
        "j.kind = ?",
        "j.subject_id = ?",
    ]);
}
