//! What is stored of planned maintenance.

use vitrine_db::{DbError, List, Row, Sort, SortKind, statements};

use super::model::Maintenance;

macro_rules! columns {
    () => {
        "m.id, m.title, m.description, m.starts_at, m.ends_at, m.canceled_at, m.created_at, m.updated_at"
    };
}

statements! {
    INSERT_MAINTENANCE = "
        insert into status_maintenance (id, title, description, starts_at, ends_at, canceled_at, begun_told_at,
            ended_told_at, created_at, updated_at)
        values ($1, $2, $3, $4, $5, null, null, null, $6, $6)";

    GET_MAINTENANCE = of concat!("select ", columns!(), "
        from status_maintenance m
        where m.id = $1");

    /// Changes of one window are made one after the other; SQLite has one writer anyway.
    LOCK_MAINTENANCE = sqlite "
        select id, starts_at, ends_at, canceled_at
        from status_maintenance
        where id = $1" postgres "
        select id, starts_at, ends_at, canceled_at
        from status_maintenance
        where id = $1
        for update";

    UPDATE_MAINTENANCE = "
        update status_maintenance
        set title = coalesce($2, title), description = coalesce($3, description), starts_at = $4, ends_at = $5,
            updated_at = $6
        where id = $1";

    CANCEL_MAINTENANCE = "
        update status_maintenance
        set canceled_at = $2, updated_at = $2
        where id = $1";

    LIST_MAINTENANCE_SERVICES = "
        select s.id, s.name
        from status_maintenance_services l
        join status_services s on s.id = l.service_id
        where l.maintenance_id = $1
        order by s.position, s.name_key";

    INSERT_MAINTENANCE_SERVICE = "
        insert into status_maintenance_services (maintenance_id, service_id)
        values ($1, $2)";

    DELETE_MAINTENANCE_SERVICES = "
        delete from status_maintenance_services
        where maintenance_id = $1";

    /// For the page: what is planned, open, or was over after `$1`.
    LIST_RECENT_MAINTENANCE = of concat!("select ", columns!(), "
        from status_maintenance m
        where m.ends_at >= $1 and m.canceled_at is null
        order by m.starts_at, m.id
        limit 50");

    /// Time that counts as planned from `$1` until `$2`, by service. One that was called off counts until then.
    LIST_WINDOWS = "
        select l.service_id, m.starts_at, m.ends_at, m.canceled_at
        from status_maintenance m
        join status_maintenance_services l on l.maintenance_id = m.id
        where m.ends_at > $1 and m.starts_at <= $2 and (m.canceled_at is null or m.canceled_at > m.starts_at)";

    /// Whose beginning or end has come and was not told.
    LIST_UNTOLD = "
        select id
        from status_maintenance
        where (starts_at <= $1 and begun_told_at is null and (canceled_at is null or canceled_at > starts_at))
            or (ends_at <= $1 and ended_told_at is null and begun_told_at is not null)
            or (canceled_at is not null and ended_told_at is null and begun_told_at is not null)
        order by starts_at, id
        limit 50";

    /// Of two workers one tells it.
    MARK_BEGUN = "
        update status_maintenance
        set begun_told_at = $2
        where id = $1 and begun_told_at is null and starts_at <= $2
            and (canceled_at is null or canceled_at > starts_at)";

    MARK_ENDED = "
        update status_maintenance
        set ended_told_at = $2
        where id = $1 and ended_told_at is null and begun_told_at is not null
            and (ends_at <= $2 or canceled_at is not null)";

    list MAINTENANCE = List::new(
        "MAINTENANCE",
        columns!(),
        "from status_maintenance m where true",
        0,
        "m.id",
        &[
            Sort { name: "created_at", column: "m.created_at", kind: SortKind::Time },
            Sort { name: "starts_at", column: "m.starts_at", kind: SortKind::Time },
        ],
    );
}

/// The maintenance without its services.
pub fn maintenance_from_row(row: &Row) -> Result<Maintenance, DbError> {
    Ok(Maintenance {
        id: row.get("id")?,
        title: row.get("title")?,
        description: row.get("description")?,
        starts_at: row.get("starts_at")?,
        ends_at: row.get("ends_at")?,
        canceled_at: row.get("canceled_at")?,
        services: Vec::new(),
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
