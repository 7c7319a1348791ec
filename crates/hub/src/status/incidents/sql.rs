//! What is stored of incidents.

use vitrine_db::{DbError, List, Row, Sort, SortKind, statements};

use super::model::{Affected, Incident, Update};

macro_rules! columns {
    () => {
        "i.id, i.title, i.impact, i.state, i.created_at, i.updated_at, i.resolved_at"
    };
}

statements! {
    INSERT_INCIDENT = "
        insert into status_incidents (id, title, impact, state, created_at, updated_at, resolved_at)
        values ($1, $2, $3, $4, $5, $5, $6)";

    GET_INCIDENT = of concat!("select ", columns!(), "
        from status_incidents i
        where i.id = $1");

    /// Changes of one incident are made one after the other; SQLite has one writer anyway.
    LOCK_INCIDENT = sqlite "
        select id, impact, state
        from status_incidents
        where id = $1" postgres "
        select id, impact, state
        from status_incidents
        where id = $1
        for update";

    UPDATE_INCIDENT = "
        update status_incidents
        set title = coalesce($2, title), impact = coalesce($3, impact), updated_at = $4
        where id = $1";

    SET_INCIDENT_STATE = "
        update status_incidents
        set state = $2, resolved_at = $3, updated_at = $4
        where id = $1";

    INSERT_UPDATE = "
        insert into status_incident_updates (id, incident_id, state, body, account_id, created_at)
        values ($1, $2, $3, $4, $5, $6)";

    LIST_UPDATES = "
        select id, state, body, created_at
        from status_incident_updates
        where incident_id = $1
        order by created_at desc, id desc";

    LIST_INCIDENT_SERVICES = "
        select s.id, s.name
        from status_incident_services l
        join status_services s on s.id = l.service_id
        where l.incident_id = $1
        order by s.position, s.name_key";

    INSERT_INCIDENT_SERVICE = "
        insert into status_incident_services (incident_id, service_id)
        values ($1, $2)";

    DELETE_INCIDENT_SERVICES = "
        delete from status_incident_services
        where incident_id = $1";

    /// Those that are open, and those that were resolved since `$1`; for the page.
    LIST_RECENT_INCIDENTS = of concat!("select ", columns!(), "
        from status_incidents i
        where i.resolved_at is null or i.resolved_at >= $1
        order by i.created_at desc, i.id desc
        limit 50");

    list INCIDENTS = List::new(
        "INCIDENTS",
        columns!(),
        "from status_incidents i where true",
        0,
        "i.id",
        &[
            Sort { name: "created_at", column: "i.created_at", kind: SortKind::Time },
            Sort { name: "updated_at", column: "i.updated_at", kind: SortKind::Time },
        ],
    )
    .filtered(&["i.state = ?", "(case when i.resolved_at is null then 'open' else 'closed' end) = ?"]);
}

/// The incident without its services and updates.
pub fn incident_from_row(row: &Row) -> Result<Incident, DbError> {
    Ok(Incident {
        id: row.get("id")?,
        title: row.get("title")?,
        impact: row.parse("impact")?,
        state: row.parse("state")?,
        services: Vec::new(),
        updates: Vec::new(),
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        resolved_at: row.get("resolved_at")?,
    })
}

pub fn affected_from_row(row: &Row) -> Result<Affected, DbError> {
    Ok(Affected {
        id: row.get("id")?,
        name: row.get("name")?,
    })
}

pub fn update_from_row(row: &Row) -> Result<Update, DbError> {
    Ok(Update {
        id: row.get("id")?,
        state: row.parse("state")?,
        body: row.get("body")?,
        created_at: row.get("created_at")?,
    })
}
