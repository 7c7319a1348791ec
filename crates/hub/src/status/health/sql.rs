//! What is stored of the looks.

vitrine_db::statements! {
    INSERT_PROBE = "
        insert into status_probes (component, last_seen_at, failures, successes, is_down)
        values ($1, null, 0, 0, false)
        on conflict do nothing";

    GET_PROBE = "
        select last_seen_at
        from status_probes
        where component = $1";

    /// Looks at one component are taken into account one after the other; SQLite has one writer anyway.
    LOCK_PROBE = sqlite "
        select last_seen_at, failures, successes, is_down
        from status_probes
        where component = $1" postgres "
        select last_seen_at, failures, successes, is_down
        from status_probes
        where component = $1
        for update";

    SET_SEEN = "
        update status_probes
        set last_seen_at = $2
        where component = $1";

    SET_PROBE = "
        update status_probes
        set failures = $2, successes = $3, is_down = $4
        where component = $1";
}
