//! What is stored of plans and usage.

vitrine_db::statements! {
    GET_PLAN = "
        select plan
        from workspaces
        where id = $1";

    GET_USAGE = "
        select w.plan, u.reserved, u.used
        from workspaces w
        left join usage_periods u
            on u.workspace_id = w.id and u.metric = $2 and u.period_start = $3
        where w.id = $1";

    OPEN_PERIOD = "
        insert into usage_periods (workspace_id, metric, period_start, reserved, used)
        values ($1, $2, $3, 0, 0)
        on conflict (workspace_id, metric, period_start) do nothing";

    /// Both engines hold the row's lock from here to the commit, so what `TAKE` reads before it writes stays true.
    LOCK_PERIOD = "
        update usage_periods
        set reserved = reserved
        where workspace_id = $1 and metric = $2 and period_start = $3
        returning reserved, used";

    TAKE = "
        update usage_periods
        set reserved = reserved + $4
        where workspace_id = $1 and metric = $2 and period_start = $3";

    SETTLE_USE = "
        update usage_periods
        set reserved = reserved - $4, used = used + $4
        where workspace_id = $1 and metric = $2 and period_start = $3 and reserved >= $4";

    SETTLE_RELEASE = "
        update usage_periods
        set reserved = reserved - $4
        where workspace_id = $1 and metric = $2 and period_start = $3 and reserved >= $4";
}
