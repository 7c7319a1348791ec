//! Queueing letters.

use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AccountId, MailId};
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, Time};

use super::jobs::SendMail;
use super::letter::Content;
use super::{Item, Letter, sql};
use crate::vault::Sealed;
use crate::{Ctx, jobs, vault};

/// What letters are sealed for.
pub(super) const PURPOSE: &str = "letter";

/// Where letters wait.
pub static SEALED: Sealed = Sealed {
    table: "mails",
    column: "sealed_letter",
    purpose: PURPOSE,
    list: &sql::LIST_SEALED_LETTERS,
    replace: &sql::REPLACE_SEALED_LETTER,
};

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

/// What few letters have.
#[derive(Debug, Default)]
pub struct Extras {
    /// Things the letter lists.
    pub items: Vec<Item>,
    /// It goes out even to an address that refused a letter before: for letters that open an account or keep it safe.
    pub is_essential: bool,
}

/// Queues a letter; it goes out once the transaction is committed.
pub async fn queue(tx: &mut Tx, ctx: &Ctx, outgoing: Outgoing<'_>) -> Result<MailId, Error> {
    queue_with(tx, ctx, outgoing, Extras::default()).await
}

/// The same for a letter about the safety of an account, which is handed over even when an earlier one was refused.
pub async fn queue_essential(tx: &mut Tx, ctx: &Ctx, outgoing: Outgoing<'_>) -> Result<MailId, Error> {
    let extras = Extras {
        is_essential: true,
        ..Extras::default()
    };
    queue_with(tx, ctx, outgoing, extras).await
}

/// [`queue`] with what few letters have.
pub async fn queue_with(
    tx: &mut Tx,
    ctx: &Ctx,
    outgoing: Outgoing<'_>,
    extras: Extras,
) -> Result<MailId, Error> {
    let id: MailId = ctx.id();
    let content = Content {
        letter: outgoing.letter,
        items: extras.items,
    };
    let content = serde_json::to_vec(&content)
        .map_err(|error| Error::internal("a letter cannot be stored").with_source(error))?;
    let row = values![
        id,
        outgoing.account_id,
        outgoing.to.as_str(),
        outgoing.to.key(),
        outgoing.kind,
        vault::seal(ctx, PURPOSE, &content)?,
        ctx.now(),
        extras.is_essential,
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
