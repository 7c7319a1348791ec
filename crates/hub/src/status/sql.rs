//! What is stored of services and their events.

use vitrine_db::{DbError, List, Row, Sort, SortKind, statements};

use super::model::{Event, Service, Status};

/// A service with its newest event. Notes about maintenance change no state.
macro_rules! services {
    () => {
        "from status_services s
         left join status_events e on e.id = (
             select x.id from status_events x
             where x.service_id = s.id and x.source <> 'maintenance'
             order by x.created_at desc, x.id desc
             limit 1)"
    };
}

macro_rules! service_columns {
    () => {
        "s.id, s.name, s.description, s.position, s.builtin, e.status as told, e.created_at as told_at, s.created_at, s.updated_at"
    };
}

macro_rules! event_columns {
    () => {
        "e.id, e.service_id, s.name as service_name, e.status, e.description, e.source, e.incident_id, e.created_at"
    };
}

statements! {
    LIST_ALL_SERVICES = of concat!("select ", service_columns!(), " ", services!(), "
        order by s.position, s.name_key");

    GET_SERVICE = of concat!("select ", service_columns!(), " ", services!(), "
        where s.id = $1");

    GET_BUILTIN_SERVICE = of concat!("select ", service_columns!(), " ", services!(), "
        where s.builtin = $1");

    /// Events of one service are told one after the other; SQLite has one writer anyway.
    LOCK_SERVICE = sqlite "
        select name
        from status_services
        where id = $1" postgres "
        select name
        from status_services
        where id = $1
        for update";

    INSERT_SERVICE = "
        insert into status_services (id, name, name_key, description, position, builtin, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7)";

    /// Of two instances that start at the same moment one makes it.
    INSERT_BUILTIN_SERVICE = "
        insert into status_services (id, name, name_key, description, position, builtin, created_at, updated_at)
        values ($1, $2, $2, $3, $4, $2, $5, $5)
        on conflict do nothing";

    UPDATE_SERVICE = "
        update status_services
        set name = coalesce($2, name), name_key = coalesce($3, name_key), description = coalesce($4, description),
            position = coalesce($5, position), updated_at = $6
        where id = $1";

    DELETE_EVENTS_OF_SERVICE = "
        delete from status_events
        where service_id = $1";

    DELETE_SERVICE_FROM_INCIDENTS = "
        delete from status_incident_services
        where service_id = $1";

    DELETE_SERVICE_FROM_MAINTENANCE = "
        delete from status_maintenance_services
        where service_id = $1";

    DELETE_SERVICE = "
        delete from status_services
        where id = $1";

    INSERT_EVENT = "
        insert into status_events (id, service_id, status, description, source, incident_id, account_id, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";

    GET_EVENT = of concat!("select ", event_columns!(), "
        from status_events e
        join status_services s on s.id = e.service_id
        where e.id = $1");

    /// The newest event of a service that says how it is.
    GET_NEWEST_EVENT = of concat!("select ", event_columns!(), "
        from status_events e
        join status_services s on s.id = e.service_id
        where e.service_id = $1 and e.source <> 'maintenance'
        order by e.created_at desc, e.id desc
        limit 1");

    LIST_CHANGES_SINCE = "
        select service_id, status, created_at
        from status_events
        where created_at >= $1 and source <> 'maintenance'
        order by created_at, id";

    /// How each service was at a moment; null when nothing had been told of it.
    LIST_STATES_AT = "
        select s.id, (
            select e.status
            from status_events e
            where e.service_id = s.id and e.created_at < $1 and e.source <> 'maintenance'
            order by e.created_at desc, e.id desc
            limit 1) as status
        from status_services s";

    /// When the newest event of all was, a note about maintenance included.
    GET_LAST_EVENT_TIME = "
        select max(created_at) as at
        from status_events";

    list SERVICES = List::new(
        "SERVICES",
        service_columns!(),
        concat!(services!(), " where true"),
        0,
        "s.id",
        &[
            Sort { name: "created_at", column: "s.created_at", kind: SortKind::Time },
            Sort { name: "name", column: "s.name_key", kind: SortKind::Text },
            Sort { name: "position", column: "s.position", kind: SortKind::Int },
        ],
    );

    list EVENTS = List::new(
        "EVENTS",
        event_columns!(),
        "from status_events e
         join status_services s on s.id = e.service_id
         where true",
        0,
        "e.id",
        &[Sort { name: "created_at", column: "e.created_at", kind: SortKind::Time }],
    )
    .filtered(&["e.service_id = ?", "e.status = ?", "e.incident_id = ?"]);
}

pub fn service_from_row(row: &Row) -> Result<Service, DbError> {
    let created_at = row.get("created_at")?;
    let told: Option<String> = row.get("told")?;
    Ok(Service {
        id: row.get("id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        position: row.get("position")?,
        builtin: row.get("builtin")?,
        told: match told {
            Some(_) => row.parse("told")?,
            None => Status::Operational,
        },
        told_at: row.get::<Option<_>>("told_at")?.unwrap_or(created_at),
        created_at,
        updated_at: row.get("updated_at")?,
    })
}

pub fn event_from_row(row: &Row) -> Result<Event, DbError> {
    Ok(Event {
        id: row.get("id")?,
        service_id: row.get("service_id")?,
        service_name: row.get("service_name")?,
        status: row.parse("status")?,
        description: row.get("description")?,
        source: row.parse("source")?,
        incident_id: row.get("incident_id")?,
        created_at: row.get("created_at")?,
    })
}
