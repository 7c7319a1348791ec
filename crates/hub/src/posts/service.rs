//! The verbs of posts.

use vitrine_db::{Tx, values};
use vitrine_kernel::id::PostId;
use vitrine_kernel::{Error, Page};
use vitrine_platform::limits::{self, Tier};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::model::{Post, PostChange, PostFilter, PostState, Reader};
use super::sql;
use crate::text::search_text;

pub async fn create(ctx: &Ctx, actor: &Actor, new: PostChange) -> Result<Post, Error> {
    limits::require(ctx, Tier::Posts, &actor.account_id.to_string()).await?;
    let id: PostId = ctx.id();
    let (title, body) = (new.title.unwrap_or_default(), new.body.unwrap_or_default());
    let mut tx = ctx.db.begin().await?;
    let row = values![
        id,
        actor.workspace_id,
        actor.account_id,
        &title,
        &body,
        search_text(&[&title, &body]),
        ctx.now(),
    ];
    tx.execute_one(&sql::INSERT_POST, row).await?;
    audit::record(&mut tx, ctx, Some(actor), "post.created", "post", id, None).await?;
    let post = read(&mut tx, Reader::of(Some(actor)), id).await?;
    tx.commit().await?;
    Ok(post)
}

pub async fn get(ctx: &Ctx, reader: Reader, id: PostId) -> Result<Post, Error> {
    let values = values![id, reader.account_id, reader.is_moderator];
    let row = ctx.db.fetch_optional(&sql::GET_POST, values).await?;
    Ok(sql::post_from_row(&row.ok_or_else(Error::not_found)?)?)
}

pub async fn list(
    ctx: &Ctx,
    reader: Reader,
    filter: PostFilter,
    paging: &Paging,
) -> Result<Page<Post>, Error> {
    let values = values![reader.account_id, filter.author, filter.pattern];
    let (page, rows) = paging.fetch(&ctx.db, &sql::POSTS, values).await?.split();
    let posts = rows.iter().map(sql::post_from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(posts))
}

/// Changes the author's own post, unless it is locked.
pub async fn update(ctx: &Ctx, actor: &Actor, id: PostId, change: PostChange) -> Result<Post, Error> {
    let reader = Reader::of(Some(actor));
    let mut tx = ctx.db.begin().await?;
    let post = read(&mut tx, reader, id).await?;
    require_author(actor, post.author.id == actor.account_id)?;
    if post.is_locked {
        return Err(locked());
    }
    tx.execute_one(
        &sql::UPDATE_POST,
        values![id, change.title, change.body, ctx.now()],
    )
    .await?;
    let post = read(&mut tx, reader, id).await?;
    let found_by = search_text(&[&post.title, &post.body]);
    tx.execute_one(&sql::SET_SEARCH_TEXT, values![id, found_by])
        .await?;
    audit::record(&mut tx, ctx, Some(actor), "post.updated", "post", id, None).await?;
    tx.commit().await?;
    Ok(post)
}

/// Takes the author's own post away from everybody but the moderators.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: PostId) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let post = read(&mut tx, Reader::of(Some(actor)), id).await?;
    require_author(actor, post.author.id == actor.account_id)?;
    tx.execute_one(&sql::SET_STATE, values![id, PostState::Deleted.as_str()])
        .await?;
    audit::record(&mut tx, ctx, Some(actor), "post.deleted", "post", id, None).await?;
    Ok(tx.commit().await?)
}

/// The post as somebody sees it; what they may not see is unknown.
pub async fn read(tx: &mut Tx, reader: Reader, id: PostId) -> Result<Post, Error> {
    let values = values![id, reader.account_id, reader.is_moderator];
    let row = tx.fetch_optional(&sql::GET_POST, values).await?;
    Ok(sql::post_from_row(&row.ok_or_else(Error::not_found)?)?)
}

/// Makes others who change counts of this post wait until the transaction ends.
pub async fn lock(tx: &mut Tx, id: PostId) -> Result<(), Error> {
    Ok(tx.execute_one(&sql::LOCK_POST, values![id]).await?)
}

/// Counts the comments everybody sees; the post must be locked.
pub async fn count_comments(tx: &mut Tx, id: PostId) -> Result<(), Error> {
    Ok(tx.execute_one(&sql::COUNT_COMMENTS, values![id]).await?)
}

/// Everybody may read it, so that there is no secret in saying why it cannot be changed.
pub fn require_author(actor: &Actor, is_author: bool) -> Result<(), Error> {
    if is_author {
        return Ok(());
    }
    Err(Error::forbidden(if actor.is_operator {
        "Only its author may change it. Moderators decide about it in their queue."
    } else {
        "Only its author may change it."
    }))
}

pub fn locked() -> Error {
    Error::conflict("A moderator has locked this post.")
}
