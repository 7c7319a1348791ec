//! Messages of a ticket: replies, which both sides read, and notes, which only the staff reads.

use vitrine_db::{Tx, values};
use vitrine_kernel::id::{TicketId, TicketMessageId};
use vitrine_kernel::{Error, Page};
use vitrine_platform::limits::{self, Tier};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx};

use super::model::{Message, NewMessage, TicketStatus, Viewer};
use super::{notices, service, sql};
use crate::attachments;
use crate::attachments::model::Attachment;
use crate::staff;

pub async fn list(ctx: &Ctx, actor: &Actor, id: TicketId, paging: &Paging) -> Result<Page<Message>, Error> {
    let viewer = Viewer::of(actor);
    let ticket = service::get(ctx, actor, id).await?;
    let values = values![ticket.id, viewer.is_staff];
    let (page, rows) = paging.fetch(&ctx.db, &sql::MESSAGES, values).await?.split();
    let mut files = attachments::service::of_ticket(ctx, id).await?;
    let messages = rows
        .iter()
        .map(|row| {
            let mut message = sql::message_from_row(row)?;
            message.attachments = files.remove(&message.id).unwrap_or_default();
            Ok(message)
        })
        .collect::<Result<_, vitrine_db::DbError>>()?;
    Ok(page.with_items(messages))
}

/// Adds a message. A reply of the staff waits for the requester; a reply of the requester opens the ticket again,
/// also when the requester is an operator.
pub async fn add(ctx: &Ctx, actor: &Actor, id: TicketId, new: NewMessage) -> Result<Message, Error> {
    let viewer = Viewer::of(actor);
    let ticket = service::get(ctx, actor, id).await?;
    if new.is_internal {
        staff::require(actor)?;
    }
    limits::require(ctx, Tier::Posts, &actor.account_id.to_string()).await?;
    let files = attachments::service::take_in(ctx, actor, &new.attachments).await?;
    let is_staff = new.is_internal || ticket.requester.id != actor.account_id;
    let mut tx = ctx.db.begin().await?;
    if new.is_internal {
        tx.execute_one(&sql::COUNT_NOTE, values![id]).await?;
    } else {
        let status = if is_staff {
            TicketStatus::Pending
        } else {
            TicketStatus::Open
        };
        let row = values![id, status.as_str(), ctx.now()];
        tx.execute_one(&sql::COUNT_MESSAGE, row).await?;
    }
    let message = insert(&mut tx, ctx, actor, id, &new, is_staff, files).await?;
    let ticket = service::read(&mut tx, viewer, id).await?;
    if !new.is_internal {
        notices::replied(&mut tx, ctx, &ticket, &message).await?;
    }
    tx.commit().await?;
    Ok(message)
}

pub(super) async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    ticket: TicketId,
    new: &NewMessage,
    is_staff: bool,
    files: Vec<Attachment>,
) -> Result<Message, Error> {
    let id: TicketMessageId = ctx.id();
    let row = values![
        id,
        ticket,
        actor.account_id,
        is_staff,
        new.is_internal,
        &new.body,
        ctx.now(),
    ];
    tx.execute_one(&sql::INSERT_MESSAGE, row).await?;
    attachments::service::attach(tx, id, &files).await?;
    let row = tx.fetch_one(&sql::GET_MESSAGE, values![id]).await?;
    let mut message = sql::message_from_row(&row)?;
    message.attachments = files;
    Ok(message)
}
