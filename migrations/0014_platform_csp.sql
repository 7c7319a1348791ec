-- What browsers say our content security policy stopped; one row for what is the same on one day.

create table csp_reports (
    id uuid not null primary key,
    -- such as 2026-11-21
    day text not null,
    directive text not null,
    blocked text not null,
    page text not null,
    count bigint not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null
);
create unique index csp_reports_same_key on csp_reports (day, directive, blocked, page);
create index csp_reports_seen_idx on csp_reports (last_seen_at);
create index audit_log_at_idx on audit_log (at, id);
create index audit_log_account_idx on audit_log (account_id, at, id);
create index audit_log_object_idx on audit_log (object_type, object_id, at);
