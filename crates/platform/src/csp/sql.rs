//! What is stored of reports.

use vitrine_db::{List, Sort, SortKind};

vitrine_db::statements! {
    COUNT_AGAIN = "
        update csp_reports
        set count = count + 1, last_seen_at = $5
        where day = $1 and directive = $2 and blocked = $3 and page = $4";

    COUNT_ROWS = "
        select count(*) as count
        from csp_reports
        where day = $1";

    INSERT_REPORT = "
        insert into csp_reports (id, day, directive, blocked, page, count, first_seen_at, last_seen_at)
        values ($1, $2, $3, $4, $5, 1, $6, $6)
        on conflict (day, directive, blocked, page) do update
        set count = csp_reports.count + 1, last_seen_at = excluded.last_seen_at";

    PURGE_REPORTS = "
        delete from csp_reports
        where last_seen_at < $1";

    list LIST_REPORTS = List::new(
        "LIST_REPORTS",
        "id, directive, blocked, page, count, first_seen_at, last_seen_at",
        "from csp_reports where last_seen_at >= $1",
        1,
        "id",
        &[
            Sort { name: "created_at", column: "first_seen_at", kind: SortKind::Time },
            Sort { name: "last_seen_at", column: "last_seen_at", kind: SortKind::Time },
            Sort { name: "count", column: "count", kind: SortKind::Int },
        ],
    );
}
