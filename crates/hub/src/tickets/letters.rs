//! Letters about tickets. A note is in none of them.

use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;
use vitrine_kernel::text::Email;
use vitrine_platform::Ctx;
use vitrine_platform::mail::{self, Letter, Outgoing};

use super::model::{Message, Ticket};
use super::sql;

/// Characters of a message that a letter repeats.
const QUOTE_MAX_CHARS: usize = 4_000;

/// A new ticket, to everybody of the staff but its requester.
pub(super) async fn tell_staff(tx: &mut Tx, ctx: &Ctx, ticket: &Ticket, body: &str) -> Result<(), Error> {
    for row in tx.fetch_all(&sql::LIST_STAFF, values![]).await? {
        let id: AccountId = row.get("id")?;
        if id == ticket.requester.id {
            continue;
        }
        let letter = Letter {
            subject: format!("New ticket: {}", ticket.subject),
            heading: format!("{} asks for help", ticket.requester.full_name),
            paragraphs: paragraphs(body),
            action: Some(("Open the ticket".to_owned(), link(ctx, ticket))),
            footnote: "You get this because you operate this instance.".to_owned(),
            unsubscribe_url: None,
        };
        send(
            tx,
            ctx,
            id,
            &row.get::<String>("email")?,
            "ticket_created",
            letter,
        )
        .await?;
    }
    Ok(())
}

/// A reply: the staff's to the requester, the requester's to who has the ticket.
pub(super) async fn tell_other_side(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    message: &Message,
) -> Result<(), Error> {
    let (to, address, heading, footnote) = if message.is_staff {
        (
            ticket.requester.id,
            ticket.requester_email.clone(),
            format!("{} replied to your question", message.author.full_name),
            "Answer on the page of the ticket; replies to this letter are not read.",
        )
    } else {
        let Some(assignee) = ticket.assignee.as_ref().filter(|one| one.id != message.author.id) else {
            return Ok(());
        };
        let row = tx.fetch_one(&sql::GET_ADDRESS, values![assignee.id]).await?;
        (
            assignee.id,
            row.get("email")?,
            format!("{} replied", message.author.full_name),
            "You get this because the ticket was given to you.",
        )
    };
    let letter = Letter {
        subject: format!("Re: {}", ticket.subject),
        heading,
        paragraphs: paragraphs(&message.body),
        action: Some(("Open the ticket".to_owned(), link(ctx, ticket))),
        footnote: footnote.to_owned(),
        unsubscribe_url: None,
    };
    send(tx, ctx, to, &address, "ticket_reply", letter).await
}

async fn send(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    address: &str,
    kind: &'static str,
    letter: Letter,
) -> Result<(), Error> {
    let Some(email) = Email::parse(address) else {
        return Ok(());
    };
    let outgoing = Outgoing {
        to: &email,
        account_id: Some(account),
        kind,
        letter,
    };
    mail::queue(tx, ctx, outgoing).await?;
    Ok(())
}

fn link(ctx: &Ctx, ticket: &Ticket) -> String {
    format!("{}/support/{}", ctx.settings.public_url, ticket.id)
}

/// The text as it was written, cut off where it gets long.
fn paragraphs(body: &str) -> Vec<String> {
    let mut text: String = body.chars().take(QUOTE_MAX_CHARS).collect();
    if text.len() < body.len() {
        text.push('…');
    }
    text.replace("\r\n", "\n")
        .split("\n\n")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
