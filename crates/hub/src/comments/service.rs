//! The verbs of comments. The post is always looked up first: who may not read it does not learn of its comments.

use vitrine_db::{Tx, values};
use vitrine_kernel::id::{CommentId, PostId};
use vitrine_kernel::{Error, Page};
use vitrine_platform::limits::{self, Tier};
use vitrine_platform::web::Paging;
use vitrine_platform::{Actor, Ctx, audit};

use super::model::Comment;
use super::{notices, sql};
use crate::posts;
use crate::posts::model::{PostState, Reader};
use crate::posts::service::{locked, require_author};

pub async fn list(ctx: &Ctx, reader: Reader, post: PostId, paging: &Paging) -> Result<Page<Comment>, Error> {
    posts::service::get(ctx, reader, post).await?;
    let values = values![post, reader.account_id, reader.is_moderator];
    let (page, rows) = paging.fetch(&ctx.db, &sql::COMMENTS, values).await?.split();
    let comments = rows.iter().map(sql::comment_from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(comments))
}

pub async fn get(ctx: &Ctx, reader: Reader, post: PostId, id: CommentId) -> Result<Comment, Error> {
    posts::service::get(ctx, reader, post).await?;
    let values = values![id, post, reader.account_id];
    let row = ctx.db.fetch_optional(&sql::GET_COMMENT, values).await?;
    let comment = sql::comment_from_row(&row.ok_or_else(Error::not_found)?)?;
    if comment.is_for(reader) {
        Ok(comment)
    } else {
        Err(Error::not_found())
    }
}

/// Comments on a post, or answers a comment on it.
pub async fn create(
    ctx: &Ctx,
    actor: &Actor,
    post: PostId,
    parent: Option<CommentId>,
    body: String,
) -> Result<Comment, Error> {
    let reader = Reader::of(Some(actor));
    limits::require(ctx, Tier::Posts, &actor.account_id.to_string()).await?;
    let id: CommentId = ctx.id();
    let mut tx = ctx.db.begin().await?;
    let found = posts::service::read(&mut tx, reader, post).await?;
    if found.is_locked {
        return Err(locked());
    }
    posts::service::lock(&mut tx, post).await?;
    let answered = match parent {
        Some(parent) => Some(check_parent(&mut tx, reader, post, parent).await?),
        None => None,
    };
    let row = values![id, post, parent, actor.account_id, body, ctx.now()];
    tx.execute_one(&sql::INSERT_COMMENT, row).await?;
    posts::service::count_comments(&mut tx, post).await?;
    audit::record(&mut tx, ctx, Some(actor), "comment.created", "comment", id, None).await?;
    let comment = read(&mut tx, reader, post, id).await?;
    notices::replied(&mut tx, ctx, &found, answered.as_ref(), &comment).await?;
    tx.commit().await?;
    Ok(comment)
}

/// Changes the author's own comment, unless its post is locked.
pub async fn update(
    ctx: &Ctx,
    actor: &Actor,
    post: PostId,
    id: CommentId,
    body: Option<String>,
) -> Result<Comment, Error> {
    let reader = Reader::of(Some(actor));
    let mut tx = ctx.db.begin().await?;
    let found = posts::service::read(&mut tx, reader, post).await?;
    let comment = read(&mut tx, reader, post, id).await?;
    require_author(actor, comment.author.id == actor.account_id)?;
    if found.is_locked {
        return Err(locked());
    }
    if let Some(body) = body {
        tx.execute_one(&sql::UPDATE_COMMENT, values![id, body, ctx.now()])
            .await?;
        audit::record(&mut tx, ctx, Some(actor), "comment.updated", "comment", id, None).await?;
    }
    let comment = read(&mut tx, reader, post, id).await?;
    tx.commit().await?;
    Ok(comment)
}

/// Takes the author's own comment away from everybody but the moderators.
pub async fn delete(ctx: &Ctx, actor: &Actor, post: PostId, id: CommentId) -> Result<(), Error> {
    let reader = Reader::of(Some(actor));
    let mut tx = ctx.db.begin().await?;
    posts::service::read(&mut tx, reader, post).await?;
    let comment = read(&mut tx, reader, post, id).await?;
    require_author(actor, comment.author.id == actor.account_id)?;
    posts::service::lock(&mut tx, post).await?;
    tx.execute_one(&sql::SET_STATE, values![id, PostState::Deleted.as_str()])
        .await?;
    posts::service::count_comments(&mut tx, post).await?;
    audit::record(&mut tx, ctx, Some(actor), "comment.deleted", "comment", id, None).await?;
    Ok(tx.commit().await?)
}

/// The comment as somebody sees it; what they may not see is unknown.
pub async fn read(tx: &mut Tx, reader: Reader, post: PostId, id: CommentId) -> Result<Comment, Error> {
    let values = values![id, post, reader.account_id];
    let row = tx.fetch_optional(&sql::GET_COMMENT, values).await?;
    let comment = sql::comment_from_row(&row.ok_or_else(Error::not_found)?)?;
    if comment.is_for(reader) {
        Ok(comment)
    } else {
        Err(Error::not_found())
    }
}

/// What is answered must be readable, on the same post, and no answer itself.
async fn check_parent(
    tx: &mut Tx,
    reader: Reader,
    post: PostId,
    parent: CommentId,
) -> Result<Comment, Error> {
    let row = tx
        .fetch_optional(&sql::GET_COMMENT, values![parent, post, reader.account_id])
        .await?;
    let parent = row.as_ref().map(sql::comment_from_row).transpose()?;
    match parent.filter(|parent| parent.is_for(reader)) {
        None => Err(Error::field(
            "parent_id",
            "unknown",
            "There is no such comment on this post.",
        )),
        Some(parent) if parent.parent_id.is_some() => Err(Error::field(
            "parent_id",
            "too_deep",
            "This comment is an answer itself; answer the one above it.",
        )),
        Some(parent) => Ok(parent),
    }
}
