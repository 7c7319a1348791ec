//! What a test looks at behind the API.

vitrine_db::statements! {
    LIST_OPEN_JOBS = "
        select kind, status, error_code, error_message
        from jobs
        where status in ('queued', 'running', 'dead')
        order by created_at, id";
}
