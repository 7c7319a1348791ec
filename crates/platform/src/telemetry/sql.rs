//! What probes ask the database.

vitrine_db::statements! {
    PROBE_EVENTS = "
        select id
        from events
        order by xact desc, id desc
        limit 1";
}
