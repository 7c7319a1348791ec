//! What is stored of engines: only what somebody decided.

vitrine_db::statements! {
    LIST_SWITCHED_OFF = "
        select engine
        from engine_settings
        where is_enabled = false
        order by engine";

    PUT_ENGINE = "
        insert into engine_settings (engine, is_enabled, updated_at)
        values ($1, $2, $3)
        on conflict (engine) do update
        set is_enabled = excluded.is_enabled, updated_at = excluded.updated_at";
}
