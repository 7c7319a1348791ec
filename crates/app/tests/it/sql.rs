//! What tests of the real process change behind its back: the clock of rows.

vitrine_db::statements! {
    MAKE_SCHEDULES_DUE = "
        update notification_schedules
        set next_run_at = $1
        where next_run_at is not null";

    MAKE_DIGESTS_DUE = "
        update notifications
        set mail_due_at = $1
        where mail_due_at is not null";

    COUNT_OPEN_JOBS = "
        select count(*) as count
        from jobs
        where kind in ('notifications.tick', 'platform.send_mail') and status in ('queued', 'running')";
}
