//! What is stored of workspaces and members.

vitrine_db::statements! {
    INSERT_WORKSPACE = "
        insert into workspaces (id, name, personal_account_id, plan, created_at)
        values ($1, $2, $3, $4, $5)";

    INSERT_MEMBER = "
        insert into workspace_members (workspace_id, account_id, role, created_at)
        values ($1, $2, $3, $4)";

    /// The personal one first, then by age.
    LIST_MEMBERSHIPS = "
        select w.id, w.name, w.plan, m.role, w.personal_account_id is not distinct from m.account_id as is_personal
        from workspace_members m
        join workspaces w on w.id = m.workspace_id
        where m.account_id = $1
        order by is_personal desc, w.created_at, w.id";

    SET_PERSONAL_PLAN = "
        update workspaces
        set plan = $2
        where personal_account_id = $1";
}
