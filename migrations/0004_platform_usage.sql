-- What a workspace did in a billing period: reserved while it runs, used once it is delivered.
create table usage_periods (
    workspace_id uuid not null references workspaces (id),
    metric text not null,
    period_start timestamptz not null,
    reserved bigint not null,
    used bigint not null,
    primary key (workspace_id, metric, period_start)
);
