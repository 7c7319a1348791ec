//! The queue of the moderators, and their decisions.

use serde_json::json;
use uuid::Uuid;
use vitrine_db::{Tx, values};
use vitrine_kernel::{Error, Page};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::model::{Decision, Item, SubjectKind};
use super::{notices, sql};
use crate::posts::model::PostState;
use crate::{posts, staff};

/// What waits for a decision, or what was removed.
pub async fn list(ctx: &Ctx, actor: &Actor, removed: bool, paging: &Paging) -> Result<Page<Item>, Error> {
    staff::require(actor)?;
    let page = paging.fetch(&ctx.db, &sql::ITEMS, values![removed]).await?;
    let (page, rows) = page.split();
    let mut items = rows
        .iter()
        .map(sql::item_from_row)
        .collect::<Result<Vec<_>, _>>()?;
    for row in ctx.db.fetch_all(&sql::LIST_OPEN_FLAGS, values![]).await? {
        let flag = sql::flag_from_row(&row)?;
        if let Some(item) = items.iter_mut().find(|item| item.id == flag.subject_id) {
            item.flags.push(flag);
        }
    }
    Ok(page.with_items(items))
}

/// Decides about a post or comment, flagged or not.
pub async fn decide(ctx: &Ctx, actor: &Actor, id: Uuid, decision: Decision) -> Result<Item, Error> {
    staff::require_or_unknown(actor)?;
    let mut tx = ctx.db.begin().await?;
    let item = read(&mut tx, id).await?;
    if item.state == PostState::Deleted {
        return Err(Error::conflict("Its author has deleted it."));
    }
    posts::service::lock(&mut tx, item.post_id).await?;
    let action = match decision {
        Decision::Keep => {
            settle(&mut tx, ctx, &item, PostState::Visible).await?;
            "moderation.kept"
        }
        Decision::Remove => {
            settle(&mut tx, ctx, &item, PostState::Removed).await?;
            "moderation.removed"
        }
        Decision::Lock | Decision::Unlock => {
            if item.kind != SubjectKind::Post {
                return Err(Error::field(
                    "decision",
                    "unknown_value",
                    "Only a post can be locked.",
                ));
            }
            let is_locked = decision == Decision::Lock;
            tx.execute_one(&sql::LOCK_POST, values![id, is_locked]).await?;
            if is_locked {
                "moderation.locked"
            } else {
                "moderation.unlocked"
            }
        }
    };
    let details = json!({ "author_id": item.author.id, "flag_count": item.flag_count });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        action,
        item.kind.as_str(),
        id,
        Some(details),
    )
    .await?;
    notices::decided(&mut tx, ctx, actor, &item, decision).await?;
    let item = read(&mut tx, id).await?;
    tx.commit().await?;
    Ok(item)
}

async fn settle(tx: &mut Tx, ctx: &Ctx, item: &Item, state: PostState) -> Result<(), Error> {
    let decide = match item.kind {
        SubjectKind::Post => &sql::DECIDE_POST,
        SubjectKind::Comment => &sql::DECIDE_COMMENT,
    };
    tx.execute_one(decide, values![item.id, state.as_str()]).await?;
    tx.execute(&sql::SETTLE_FLAGS, values![item.id, ctx.now()])
        .await?;
    posts::service::count_comments(tx, item.post_id).await
}

async fn read(tx: &mut Tx, id: Uuid) -> Result<Item, Error> {
    let row = tx.fetch_optional(&sql::GET_ITEM, values![id]).await?;
    Ok(sql::item_from_row(&row.ok_or_else(Error::not_found)?)?)
}
