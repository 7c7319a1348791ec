-- What operators decided about engines; an engine without a row is on.

create table engine_settings (
    -- id of the engine, such as builtin
    engine text not null primary key,
    is_enabled boolean not null,
    updated_at timestamptz not null
);
