//! Votes: one of an account on a post or comment, for it or against it.
//!
//! The sum stands with what is voted on. Its row is locked before the old vote is read, so that of votes at the same
//! moment none is lost or counted twice.

pub mod routes;
pub mod sql;

use vitrine_db::{Statement, Tx, values};
use vitrine_kernel::id::{CommentId, PostId};
use vitrine_kernel::{Error, Time};
use vitrine_platform::web::Fields;
use vitrine_platform::{Actor, Ctx};

use crate::posts::model::Reader;
use crate::{comments, posts};

/// What came of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub score: i64,
    pub my_vote: Option<i64>,
}

/// 1, -1, or 0 to take a vote back.
pub fn checked(value: i64) -> Result<i64, Error> {
    let mut fields = Fields::new();
    fields.check(
        (-1..=1).contains(&value),
        "value",
        "out_of_range",
        "Must be 1, -1, or 0 to take your vote back.",
    );
    fields.finish()?;
    Ok(value)
}

pub async fn on_post(ctx: &Ctx, actor: &Actor, post: PostId, value: i64) -> Result<Tally, Error> {
    let mut tx = ctx.db.begin().await?;
    posts::service::read(&mut tx, Reader::of(Some(actor)), post).await?;
    let score = cast(&mut tx, &sql::ADD_TO_POST, actor, post.0, value, ctx.now()).await?;
    tx.commit().await?;
    Ok(tally(score, value))
}

pub async fn on_comment(
    ctx: &Ctx,
    actor: &Actor,
    post: PostId,
    comment: CommentId,
    value: i64,
) -> Result<Tally, Error> {
    let reader = Reader::of(Some(actor));
    let mut tx = ctx.db.begin().await?;
    posts::service::read(&mut tx, reader, post).await?;
    comments::service::read(&mut tx, reader, post, comment).await?;
    let score = cast(&mut tx, &sql::ADD_TO_COMMENT, actor, comment.0, value, ctx.now()).await?;
    tx.commit().await?;
    Ok(tally(score, value))
}

/// Puts the vote in place of an earlier one; answers the new sum.
async fn cast(
    tx: &mut Tx,
    add: &'static Statement,
    actor: &Actor,
    subject: uuid::Uuid,
    value: i64,
    now: Time,
) -> Result<i64, Error> {
    // Adding nothing locks the row.
    tx.fetch_one(add, values![subject, 0_i64]).await?;
    let old = tx
        .fetch_optional(&sql::GET_VOTE, values![subject, actor.account_id])
        .await?
        .map(|row| row.get::<i64>("value"))
        .transpose()?
        .unwrap_or(0);
    if value == 0 {
        tx.execute(&sql::DELETE_VOTE, values![subject, actor.account_id])
            .await?;
    } else {
        let row = values![subject, actor.account_id, value, now];
        tx.execute_one(&sql::PUT_VOTE, row).await?;
    }
    let row = tx.fetch_one(add, values![subject, value - old]).await?;
    Ok(row.get("score")?)
}

fn tally(score: i64, value: i64) -> Tally {
    Tally {
        score,
        my_vote: (value != 0).then_some(value),
    }
}
