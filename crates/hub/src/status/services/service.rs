//! The verbs of services.

use vitrine_db::{DbError, values};
use vitrine_kernel::id::ServiceId;
use vitrine_kernel::{Error, Page};
use vitrine_platform::web::{Fields, Paging};
use vitrine_platform::{Actor, Ctx, audit};

use crate::status::board::{self, Seen};
use crate::status::model::{Service, check_name, check_text};
use crate::status::sql;

/// Places on the page.
const POSITIONS: std::ops::RangeInclusive<i64> = 0..=10_000;

/// Checked fields to change; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceChange {
    pub name: Option<String>,
    pub description: Option<String>,
    pub position: Option<i64>,
}

impl ServiceChange {
    pub fn check(
        name: Option<&str>,
        description: Option<&str>,
        position: Option<i64>,
    ) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let name = check_name(&mut fields, name);
        let description = check_text(&mut fields, "description", description, false);
        fields.check(
            position.is_none_or(|position| POSITIONS.contains(&position)),
            "position",
            "out_of_range",
            "Must be 0 to 10000.",
        );
        fields.finish()?;
        Ok(Self {
            name,
            description,
            position,
        })
    }
}

pub async fn list(ctx: &Ctx, paging: &Paging) -> Result<Page<Seen>, Error> {
    let (page, rows) = paging.fetch(&ctx.db, &sql::SERVICES, Vec::new()).await?.split();
    let services = rows.iter().map(sql::service_from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(board::see(ctx, services).await?))
}

pub async fn get(ctx: &Ctx, id: ServiceId) -> Result<Seen, Error> {
    let row = ctx.db.fetch_optional(&sql::GET_SERVICE, values![id]).await?;
    let service = sql::service_from_row(&row.ok_or_else(Error::not_found)?)?;
    board::see(ctx, vec![service])
        .await?
        .pop()
        .ok_or_else(Error::not_found)
}

/// Makes a service; it counts as operational until an event says otherwise.
pub async fn create(ctx: &Ctx, actor: &Actor, new: ServiceChange) -> Result<Seen, Error> {
    let id: ServiceId = ctx.id();
    let name = new.name.unwrap_or_default();
    let mut tx = ctx.db.begin().await?;
    let row = values![
        id,
        &name,
        name.to_lowercase(),
        new.description.unwrap_or_default(),
        new.position.unwrap_or(100),
        None::<String>,
        ctx.now(),
    ];
    tx.execute_one(&sql::INSERT_SERVICE, row).await.map_err(taken)?;
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "status_service.created",
        "status_service",
        id,
        None,
    )
    .await?;
    tx.commit().await?;
    get(ctx, id).await
}

pub async fn update(ctx: &Ctx, actor: &Actor, id: ServiceId, change: ServiceChange) -> Result<Seen, Error> {
    let mut tx = ctx.db.begin().await?;
    let key = change.name.as_ref().map(|name| name.to_lowercase());
    let row = values![
        id,
        change.name,
        key,
        change.description,
        change.position,
        ctx.now()
    ];
    if tx.execute(&sql::UPDATE_SERVICE, row).await.map_err(taken)? == 0 {
        return Err(Error::not_found());
    }
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "status_service.updated",
        "status_service",
        id,
        None,
    )
    .await?;
    tx.commit().await?;
    get(ctx, id).await
}

/// Takes a service off the page, with everything that was told of it.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: ServiceId) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let row = tx.fetch_optional(&sql::GET_SERVICE, values![id]).await?;
    let service: Service = sql::service_from_row(&row.ok_or_else(Error::not_found)?)?;
    if service.builtin.is_some() {
        return Err(Error::conflict(
            "Vitrine reports this service itself, so it stays. It can be renamed and moved.",
        ));
    }
    for statement in [
        &sql::DELETE_EVENTS_OF_SERVICE,
        &sql::DELETE_SERVICE_FROM_INCIDENTS,
        &sql::DELETE_SERVICE_FROM_MAINTENANCE,
        &sql::DELETE_SERVICE,
    ] {
        tx.execute(statement, values![id]).await?;
    }
    let details = serde_json::json!({ "name": service.name });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "status_service.deleted",
        "status_service",
        id,
        Some(details),
    )
    .await?;
    Ok(tx.commit().await?)
}

fn taken(error: DbError) -> Error {
    if error.is_unique("status_services_name_key") {
        Error::conflict("There is a service with this name already.")
    } else {
        error.into()
    }
}
