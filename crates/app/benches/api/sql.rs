//! What the bench looks at behind both servers.

vitrine_db::statements! {
    // A plan hangs on what the engine knows of its tables, and when it looks by itself is chance.
    ANALYZE = "analyze";
    COUNT_ROWS = "
        select
            (select count(*) from projects) as projects,
            (select count(*) from images) as images,
            (select count(*) from project_originals) as links,
            (select count(*) from jobs) as jobs,
            (select count(*) from events) as events,
            (select count(*) from audit_log) as audit_entries,
            (select cast(coalesce(sum(reserved), 0) as bigint) from usage_periods) as reserved";
}
