//! Telling the moderators about a post or comment.

use uuid::Uuid;
use vitrine_db::{Statement, Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, CommentId, FlagId, PostId};
use vitrine_platform::limits::{self, Tier};
use vitrine_platform::{Actor, Ctx};

use super::model::{FLAGS_TO_HIDE, Flag, FlagReason, SubjectKind};
use super::{notices, sql};
use crate::posts::model::Reader;
use crate::{comments, posts};

pub async fn on_post(
    ctx: &Ctx,
    actor: &Actor,
    post: PostId,
    reason: FlagReason,
    note: String,
) -> Result<Flag, Error> {
    limits::require(ctx, Tier::Posts, &actor.account_id.to_string()).await?;
    let mut tx = ctx.db.begin().await?;
    let found = posts::service::read(&mut tx, Reader::of(Some(actor)), post).await?;
    let flag = new_flag(ctx, post.0, reason, note);
    insert(&mut tx, actor, found.author.id, &flag, &sql::FLAG_POST).await?;
    let kind = SubjectKind::Post;
    notices::flagged(
        &mut tx,
        ctx,
        actor.account_id,
        found.author.id,
        kind,
        reason,
        &found.title,
    )
    .await?;
    tx.commit().await?;
    Ok(flag)
}

pub async fn on_comment(
    ctx: &Ctx,
    actor: &Actor,
    post: PostId,
    comment: CommentId,
    reason: FlagReason,
    note: String,
) -> Result<Flag, Error> {
    limits::require(ctx, Tier::Posts, &actor.account_id.to_string()).await?;
    let reader = Reader::of(Some(actor));
    let mut tx = ctx.db.begin().await?;
    posts::service::read(&mut tx, reader, post).await?;
    let found = comments::service::read(&mut tx, reader, post, comment).await?;
    posts::service::lock(&mut tx, post).await?;
    let flag = new_flag(ctx, comment.0, reason, note);
    insert(&mut tx, actor, found.author.id, &flag, &sql::FLAG_COMMENT).await?;
    let kind = SubjectKind::Comment;
    notices::flagged(
        &mut tx,
        ctx,
        actor.account_id,
        found.author.id,
        kind,
        reason,
        &found.body,
    )
    .await?;
    posts::service::count_comments(&mut tx, post).await?;
    tx.commit().await?;
    Ok(flag)
}

fn new_flag(ctx: &Ctx, subject_id: Uuid, reason: FlagReason, note: String) -> Flag {
    Flag {
        id: ctx.id::<FlagId>(),
        subject_id,
        reason,
        note,
        created_at: ctx.now(),
    }
}

async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    author: AccountId,
    flag: &Flag,
    count: &'static Statement,
) -> Result<(), Error> {
    if author == actor.account_id {
        return Err(Error::forbidden("This is your own; you can delete it."));
    }
    let row = values![
        flag.id,
        flag.subject_id,
        actor.account_id,
        flag.reason.as_str(),
        &flag.note,
        flag.created_at,
    ];
    match tx.execute_one(&sql::INSERT_FLAG, row).await {
        Ok(()) => {}
        Err(error) if error.is_unique("community_flags_once_key") => {
            return Err(Error::conflict("You have told the moderators already."));
        }
        Err(error) => return Err(error.into()),
    }
    tx.execute_one(count, values![flag.subject_id, FLAGS_TO_HIDE])
        .await?;
    Ok(())
}
