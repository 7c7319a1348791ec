//! The verbs of prepared answers; all of them for the staff.

use uuid::Uuid;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::CannedReplyId;
use vitrine_kernel::{Error, Page};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::{CannedReply, CannedReplyChange, sql};
use crate::staff;

const NOUN: &str = "canned_reply";

pub async fn create(ctx: &Ctx, actor: &Actor, new: CannedReplyChange) -> Result<CannedReply, Error> {
    staff::require(actor)?;
    let id: CannedReplyId = ctx.id();
    let mut tx = ctx.db.begin().await?;
    let row = values![
        id,
        new.title.unwrap_or_default(),
        new.body.unwrap_or_default(),
        actor.account_id,
        ctx.now(),
    ];
    tx.execute_one(&sql::INSERT_CANNED_REPLY, row).await?;
    audit::record(&mut tx, ctx, Some(actor), "canned_reply.created", NOUN, id, None).await?;
    let made = read(&mut tx, id).await?;
    tx.commit().await?;
    Ok(made)
}

pub async fn get(ctx: &Ctx, actor: &Actor, id: CannedReplyId) -> Result<CannedReply, Error> {
    staff::require_or_unknown(actor)?;
    let row = ctx.db.fetch_optional(&sql::GET_CANNED_REPLY, values![id]).await?;
    Ok(sql::canned_reply_from_row(&row.ok_or_else(Error::not_found)?)?)
}

pub async fn list(ctx: &Ctx, actor: &Actor, paging: &Paging) -> Result<Page<CannedReply>, Error> {
    staff::require(actor)?;
    let values = values![Uuid::nil()];
    let (page, rows) = paging.fetch(&ctx.db, &sql::CANNED_REPLIES, values).await?.split();
    let replies = rows
        .iter()
        .map(sql::canned_reply_from_row)
        .collect::<Result<_, _>>()?;
    Ok(page.with_items(replies))
}

pub async fn update(
    ctx: &Ctx,
    actor: &Actor,
    id: CannedReplyId,
    change: CannedReplyChange,
) -> Result<CannedReply, Error> {
    staff::require_or_unknown(actor)?;
    let mut tx = ctx.db.begin().await?;
    let row = values![id, change.title, change.body, ctx.now()];
    if tx.execute(&sql::UPDATE_CANNED_REPLY, row).await? == 0 {
        return Err(Error::not_found());
    }
    audit::record(&mut tx, ctx, Some(actor), "canned_reply.updated", NOUN, id, None).await?;
    let changed = read(&mut tx, id).await?;
    tx.commit().await?;
    Ok(changed)
}

pub async fn delete(ctx: &Ctx, actor: &Actor, id: CannedReplyId) -> Result<(), Error> {
    staff::require_or_unknown(actor)?;
    let mut tx = ctx.db.begin().await?;
    if tx.execute(&sql::DELETE_CANNED_REPLY, values![id]).await? == 0 {
        return Err(Error::not_found());
    }
    audit::record(&mut tx, ctx, Some(actor), "canned_reply.deleted", NOUN, id, None).await?;
    Ok(tx.commit().await?)
}

async fn read(tx: &mut Tx, id: CannedReplyId) -> Result<CannedReply, Error> {
    let row = tx.fetch_one(&sql::GET_CANNED_REPLY, values![id]).await?;
    Ok(sql::canned_reply_from_row(&row)?)
}
