//! Queueing letters.

use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AccountId, MailId};
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, Time};

use super::jobs::SendMail;
use super::{Letter, sql};
use crate::{Ctx, jobs, vault};

/// What letters are sealed for.
pub(super) const PURPOSE: &str = "letter";

/// A letter to be sent.
#[derive(Debug)]
pub struct Outgoing<'a> {
    pub to: &'a Email,
    /// Whose account it is about, if any.
    pub account_id: Option<AccountId>,
    /// Stable word for its kind, such as `verify_email`.
    pub kind: &'static str,
    pub letter: Letter,
}

/// Queues a letter; it goes out once the transaction is committed.
pub async fn queue(tx: &mut Tx, ctx: &Ctx, outgoing: Outgoing<'_>) -> Result<MailId, Error> {
    let id: MailId = ctx.id();
    let content = serde_json::to_vec(&outgoing.letter)
        .map_err(|error| Error::internal("a letter cannot be stored").with_source(error))?;
    let row = values![
        id,
        outgoing.account_id,
        outgoing.to.as_str(),
        outgoing.to.key(),
        outgoing.kind,
        vault::seal(ctx, PURPOSE, &content)?,
        ctx.now(),
    ];
    tx.execute_one(&sql::INSERT_MAIL, row).await?;
    jobs::enqueue(tx, ctx, None, &SendMail { mail_id: id }).await?;
    Ok(id)
}

/// How many letters of a kind were queued for an address since then.
pub async fn sent_since(tx: &mut Tx, to: &Email, kind: &str, since: Time) -> Result<i64, Error> {
    let row = tx
        .fetch_one(&sql::COUNT_MAILS_SINCE, values![to.key(), kind, since])
        .await?;
    Ok(row.get("count")?)
}

/// Somebody proved to read this mailbox: earlier refusals no longer count.
pub async fn allow_again(tx: &mut Tx, address_key: &str) -> Result<(), Error> {
    tx.execute(&sql::FORGET_BOUNCE, values![address_key]).await?;
    Ok(())
}
