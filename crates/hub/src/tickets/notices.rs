//! What people are told about tickets. A note is in none of it.
//!
//! The requester hears of the staff's replies and of a new state; the staff of new tickets, replies, and of what the
//! requester closed or opened again. What surprises people: a reply to a ticket that nobody has is shown to the whole
//! staff in the app, and mailed to none of them.

use vitrine_db::Tx;
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;
use vitrine_platform::mail::Letter;
use vitrine_platform::notifications::{Cadence, Channels, Kind, Notice, news, service};
use vitrine_platform::{Actor, Ctx};

use super::model::{Message, Ticket, TicketStatus};
use crate::text::excerpt;

/// Characters of a message that a letter repeats.
const QUOTE_MAX_CHARS: usize = 4_000;

const fn kind(code: &'static str, title: &'static str, email: Cadence) -> Kind {
    Kind {
        code,
        title,
        channels: Channels { in_app: true, email },
        is_essential: false,
        is_shared: false,
        title_of_many: None,
    }
}

pub static ANSWERED: Kind = kind(
    "support.ticket_answered",
    "Answers to your tickets",
    Cadence::Instant,
);
pub static CHANGED: Kind = kind(
    "support.ticket_changed",
    "Your tickets are resolved, closed or open again",
    Cadence::Off,
);
pub static OPENED: Kind = kind(
    "operator.ticket_opened",
    "New tickets (operators)",
    Cadence::Instant,
);
pub static REPLIED: Kind = kind(
    "operator.ticket_replied",
    "Replies to tickets (operators)",
    Cadence::Instant,
);
pub static HANDED: Kind = kind(
    "operator.ticket_changed",
    "Tickets given to you, closed or open again (operators)",
    Cadence::Off,
);

/// Every kind of this slice.
pub static KINDS: [&Kind; 5] = [&ANSWERED, &CHANGED, &OPENED, &REPLIED, &HANDED];

/// A new ticket, to everybody of the staff but its requester.
pub(super) async fn opened(tx: &mut Tx, ctx: &Ctx, ticket: &Ticket, body: &str) -> Result<(), Error> {
    for staff in news::operators(tx).await? {
        if staff == ticket.requester.id {
            continue;
        }
        let letter = Letter {
            subject: format!("New ticket: {}", ticket.subject),
            heading: format!("{} asks for help", ticket.requester.full_name),
            footnote: "You get this because you operate this instance.".to_owned(),
            ..quoting(ctx, ticket, body)
        };
        let title = format!("New ticket: {}", ticket.subject);
        let notice = about(ticket, staff, &OPENED, title, body, Some(letter));
        service::notify(tx, ctx, notice).await?;
    }
    Ok(())
}

/// A reply: the staff's to the requester, the requester's to the staff.
pub(super) async fn replied(tx: &mut Tx, ctx: &Ctx, ticket: &Ticket, message: &Message) -> Result<(), Error> {
    let author = &message.author.full_name;
    let letter = Letter {
        subject: format!("Re: {}", ticket.subject),
        ..quoting(ctx, ticket, &message.body)
    };
    if message.is_staff {
        let letter = Letter {
            heading: format!("{author} replied to your question"),
            footnote: "Answer on the page of the ticket; replies to this letter are not read.".to_owned(),
            ..letter
        };
        let title = format!("{author} answered: {}", ticket.subject);
        let requester = ticket.requester.id;
        let notice = about(ticket, requester, &ANSWERED, title, &message.body, Some(letter));
        return service::notify(tx, ctx, notice).await;
    }
    let letter = Letter {
        heading: format!("{author} replied"),
        footnote: "You get this because the ticket was given to you.".to_owned(),
        ..letter
    };
    let staff = staff_of(tx, ticket).await?;
    for account in staff.others(message.author.id) {
        let title = format!("{author} replied: {}", ticket.subject);
        let notice = about(
            ticket,
            account,
            &REPLIED,
            title,
            &message.body,
            Some(letter.clone()),
        );
        if staff.is_assignee {
            service::notify(tx, ctx, notice).await?;
        } else {
            service::show(tx, ctx, notice).await?;
        }
    }
    Ok(())
}

/// What somebody changed: a new state is told to the other side, a ticket in new hands to whose they are.
pub(super) async fn changed(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    before: &Ticket,
    ticket: &Ticket,
) -> Result<(), Error> {
    let me = actor.account_id;
    let assignee = ticket.assignee.as_ref().map(|one| one.id);
    if let Some(new) =
        assignee.filter(|id| before.assignee.as_ref().map(|one| one.id) != Some(*id) && *id != me)
    {
        let title = format!("Given to you: {}", ticket.subject);
        let text = format!("{} asks for help.", ticket.requester.full_name);
        service::notify(tx, ctx, about(ticket, new, &HANDED, title, &text, None)).await?;
    }
    if before.status == ticket.status {
        return Ok(());
    }
    let (word, text) = in_words(ticket.status);
    let title = format!("{word}: {}", ticket.subject);
    if me != ticket.requester.id {
        let notice = about(ticket, ticket.requester.id, &CHANGED, title, text, None);
        return service::notify(tx, ctx, notice).await;
    }
    let staff = staff_of(tx, ticket).await?;
    for account in staff.others(me) {
        let notice = about(ticket, account, &HANDED, title.clone(), "", None);
        service::notify(tx, ctx, notice).await?;
    }
    Ok(())
}

/// A state as a title says it, and what the requester may do about it.
const fn in_words(status: TicketStatus) -> (&'static str, &'static str) {
    match status {
        TicketStatus::Open => ("Open again", "We look at it again."),
        TicketStatus::Pending => ("Waiting for you", "We need an answer of yours to go on."),
        TicketStatus::Resolved => ("Resolved", "If it is not, reply and the ticket opens again."),
        TicketStatus::Closed => ("Closed", "Reply if there is more to say; the ticket opens again."),
    }
}

/// Who of the staff hears of a ticket.
struct Listeners {
    accounts: Vec<AccountId>,
    /// One person has it; otherwise it is everybody.
    is_assignee: bool,
}

impl Listeners {
    fn others(&self, me: AccountId) -> impl Iterator<Item = AccountId> + '_ {
        self.accounts.iter().copied().filter(move |id| *id != me)
    }
}

/// Who has the ticket, unless nobody does or they are no longer of the staff: then everybody.
async fn staff_of(tx: &mut Tx, ticket: &Ticket) -> Result<Listeners, Error> {
    let all = news::operators(tx).await?;
    let assignee = ticket.assignee.as_ref().map(|one| one.id);
    Ok(match assignee.filter(|id| all.contains(id)) {
        Some(one) => Listeners {
            accounts: vec![one],
            is_assignee: true,
        },
        None => Listeners {
            accounts: all,
            is_assignee: false,
        },
    })
}

fn about(
    ticket: &Ticket,
    account: AccountId,
    kind: &'static Kind,
    title: String,
    text: &str,
    letter: Option<Letter>,
) -> Notice {
    Notice {
        body: excerpt(text),
        link: Some(format!("/support/{}", ticket.id)),
        letter,
        ..Notice::new(account, kind, title)
    }
}

/// A letter that repeats a message and leads to its ticket.
fn quoting(ctx: &Ctx, ticket: &Ticket, body: &str) -> Letter {
    let link = format!("{}/support/{}", ctx.settings.public_url, ticket.id);
    Letter {
        paragraphs: paragraphs(body),
        action: Some(("Open the ticket".to_owned(), link)),
        ..Letter::default()
    }
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
