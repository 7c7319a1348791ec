//! The verbs of tickets. Each opens its transaction, writes rows, audit and notices in it, and commits last.

use serde_json::json;
use uuid::Uuid;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AccountId, TicketId};
use vitrine_kernel::{Error, Page};
use vitrine_platform::limits::{self, Tier};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::model::{NewTicket, Ticket, TicketChange, TicketFilter, Viewer};
use super::{messages, notices, sql};
use crate::attachments;
use crate::author::Author;
use crate::staff;
use crate::text::search_text;

pub async fn create(ctx: &Ctx, actor: &Actor, new: NewTicket) -> Result<Ticket, Error> {
    limits::require(ctx, Tier::Posts, &actor.account_id.to_string()).await?;
    let files = attachments::service::take_in(ctx, actor, &new.message.attachments).await?;
    let id: TicketId = ctx.id();
    let mut tx = ctx.db.begin().await?;
    let row = values![
        id,
        actor.workspace_id,
        actor.account_id,
        &new.subject,
        new.priority.as_str(),
        search_text(&[&new.subject]),
        search_text(&[&new.message.body]),
        ctx.now(),
    ];
    tx.execute_one(&sql::INSERT_TICKET, row).await?;
    messages::insert(&mut tx, ctx, actor, id, &new.message, false, files).await?;
    audit::record(&mut tx, ctx, Some(actor), "ticket.created", "ticket", id, None).await?;
    let ticket = read(&mut tx, Viewer::of(actor), id).await?;
    notices::opened(&mut tx, ctx, &ticket, &new.message.body).await?;
    tx.commit().await?;
    Ok(ticket)
}

pub async fn get(ctx: &Ctx, actor: &Actor, id: TicketId) -> Result<Ticket, Error> {
    let viewer = Viewer::of(actor);
    let row = ctx
        .db
        .fetch_optional(&sql::GET_TICKET, values![id, viewer.account_id, viewer.is_staff])
        .await?;
    Ok(sql::ticket_from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// All tickets for the staff, their own for others.
pub async fn list(
    ctx: &Ctx,
    actor: &Actor,
    filter: TicketFilter,
    paging: &Paging,
) -> Result<Page<Ticket>, Error> {
    let requester = if actor.is_operator {
        filter.requester
    } else {
        if filter.assignee.is_some() || filter.requester.is_some_and(|id| id != actor.account_id) {
            staff::require(actor)?;
        }
        Some(actor.account_id)
    };
    let nobody = Uuid::nil();
    let values = values![
        nobody,
        filter.status.map(|status| status.as_str()),
        requester,
        filter.assignee.map(|id| id.map_or(nobody, |id| id.0)),
        filter.pattern,
    ];
    let (page, rows) = paging.fetch(&ctx.db, &sql::TICKETS, values).await?.split();
    let tickets = rows.iter().map(sql::ticket_from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(tickets))
}

/// Changes what is given and keeps the rest. Only the staff hands a ticket to somebody.
pub async fn update(ctx: &Ctx, actor: &Actor, id: TicketId, change: TicketChange) -> Result<Ticket, Error> {
    let viewer = Viewer::of(actor);
    let mut tx = ctx.db.begin().await?;
    let before = read(&mut tx, viewer, id).await?;
    if let Some(assignee) = change.assignee {
        staff::require(actor)?;
        check_assignee(&mut tx, assignee).await?;
        tx.execute_one(&sql::SET_ASSIGNEE, values![id, assignee]).await?;
    }
    let row = values![
        id,
        change.subject.as_deref(),
        change.status.map(|status| status.as_str()),
        change.priority.map(|priority| priority.as_str()),
        change.subject.as_deref().map(|subject| search_text(&[subject])),
        change.is_visible().then(|| ctx.now()),
    ];
    tx.execute_one(&sql::UPDATE_TICKET, row).await?;
    let details = json!({
        "status": change.status,
        "priority": change.priority,
        "assignee_id": change.assignee.flatten(),
    });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "ticket.updated",
        "ticket",
        id,
        Some(details),
    )
    .await?;
    let ticket = read(&mut tx, viewer, id).await?;
    notices::changed(&mut tx, ctx, actor, &before, &ticket).await?;
    tx.commit().await?;
    Ok(ticket)
}

/// Everybody a ticket can be given to, for the staff.
pub async fn list_staff(ctx: &Ctx, actor: &Actor) -> Result<Vec<Author>, Error> {
    staff::require(actor)?;
    let rows = ctx.db.fetch_all(&sql::LIST_STAFF, values![]).await?;
    let author = |row: &vitrine_db::Row| -> Result<Author, vitrine_db::DbError> {
        Ok(Author {
            id: row.get("id")?,
            full_name: row.get("full_name")?,
        })
    };
    Ok(rows.iter().map(author).collect::<Result<_, _>>()?)
}

/// The ticket as somebody sees it; what they may not see is unknown.
pub(super) async fn read(tx: &mut Tx, viewer: Viewer, id: TicketId) -> Result<Ticket, Error> {
    let row = tx
        .fetch_optional(&sql::GET_TICKET, values![id, viewer.account_id, viewer.is_staff])
        .await?;
    Ok(sql::ticket_from_row(&row.ok_or_else(Error::not_found)?)?)
}

async fn check_assignee(tx: &mut Tx, assignee: Option<AccountId>) -> Result<(), Error> {
    let Some(id) = assignee else {
        return Ok(());
    };
    match tx.fetch_optional(&sql::IS_STAFF, values![id]).await? {
        Some(_) => Ok(()),
        None => Err(Error::field(
            "assignee_id",
            "unknown",
            "Nobody of the staff has this id.",
        )),
    }
}
