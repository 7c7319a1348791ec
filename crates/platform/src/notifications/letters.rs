//! Letters that tell of notifications: one of its own, or several in a digest.

use vitrine_db::{Tx, values};
use vitrine_kernel::id::AccountId;
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, Time};

use super::clockwork::{Rhythm, Unit, Weekday};
use super::model::{Notice, Notification};
use super::{Cadence, NoticeKinds, sql, unsubscribe};
use crate::Ctx;
use crate::mail::{self, Extras, Item, Letter, Outgoing};

/// When digests come until the account says otherwise: eight o'clock in its profile's time zone, or else UTC.
const DIGEST_HOUR: u32 = 8;
const DIGEST_ZONE: &str = "UTC";
/// A digest of more than these says how many there are besides.
const DIGEST_MAX: usize = 50;

/// Where and at what hour an account reads its digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestTime {
    pub timezone: String,
    pub hour: u32,
}

pub(super) async fn digest_time(tx: &mut Tx, account: AccountId) -> Result<DigestTime, Error> {
    let row = tx.fetch_one(&sql::GET_SETTINGS, values![account]).await?;
    let timezone: Option<String> = row.get("timezone")?;
    Ok(DigestTime {
        timezone: timezone.unwrap_or_else(|| DIGEST_ZONE.to_owned()),
        hour: row.get::<Option<u32>>("digest_hour")?.unwrap_or(DIGEST_HOUR),
    })
}

/// When the next digest of an account goes out: its hour of the next day, or of the next Monday.
pub(super) async fn next_digest(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    cadence: Cadence,
) -> Result<Option<Time>, Error> {
    let unit = match cadence {
        Cadence::Off | Cadence::Instant => return Ok(None),
        Cadence::Daily => Unit::Days,
        Cadence::Weekly => Unit::Weeks,
    };
    let time = digest_time(tx, account).await?;
    let rhythm = Rhythm {
        unit,
        every: 1,
        at_minute: time.hour * 60,
        weekday: Weekday::Monday,
        timezone: time.timezone,
    };
    Ok(Some(rhythm.first(ctx.now())))
}

/// Whom letters of an account go to: `None` when its address was never shown to be read and the letter can wait for
/// that.
async fn recipient(tx: &mut Tx, account: AccountId, goes_anyway: bool) -> Result<Option<Email>, Error> {
    let row = tx.fetch_one(&sql::GET_RECIPIENT, values![account]).await?;
    let is_verified = row.get::<Option<Time>>("email_verified_at")?.is_some();
    let email: String = row.get("email")?;
    Ok(Email::parse(&email).filter(|_| is_verified || goes_anyway))
}

/// Queues the letter of one notice.
pub(super) async fn queue_one(
    tx: &mut Tx,
    ctx: &Ctx,
    notice: &Notice,
    account: AccountId,
) -> Result<(), Error> {
    let is_essential = notice.kind.is_essential;
    let Some(to) = recipient(tx, account, is_essential || notice.letter.is_some()).await? else {
        return Ok(());
    };
    let letter = notice.letter.clone().unwrap_or_else(|| Letter {
        subject: notice.title.clone(),
        heading: notice.title.clone(),
        paragraphs: paragraphs(&notice.body),
        action: notice.link.as_deref().map(|link| open(ctx, link)),
        footnote: match is_essential {
            true => "This letter is about the safety of your account, so it always comes.".to_owned(),
            false => format!("You are told by mail: {}.", notice.kind.title),
        },
        unsubscribe_url: None,
    });
    let outgoing = Outgoing {
        to: &to,
        account_id: Some(account),
        kind: notice.kind.code,
        letter: Letter {
            unsubscribe_url: (!is_essential).then(|| unsubscribe::url(ctx, account, notice.kind.code)),
            ..letter
        },
    };
    let extras = Extras {
        is_essential,
        ..Extras::default()
    };
    mail::queue_with(tx, ctx, outgoing, extras).await?;
    Ok(())
}

fn open(ctx: &Ctx, link: &str) -> (String, String) {
    ("Open in Vitrine".to_owned(), address(ctx, link))
}

fn address(ctx: &Ctx, link: &str) -> String {
    format!("{}{link}", ctx.settings.public_url)
}

fn paragraphs(body: &str) -> Vec<String> {
    body.split("\n\n")
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Takes everything of an account whose letter is due and puts it into one. What was read meanwhile is left out. Claim
/// and letter are one transaction: whoever dies in between has claimed nothing, and of two only one finds it due.
pub(super) async fn send_due(ctx: &Ctx, account: AccountId) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let rows = tx.fetch_all(&sql::TAKE_DUE, values![account, ctx.now()]).await?;
    let mut all = Vec::with_capacity(rows.len());
    let mut is_digest = false;
    for row in &rows {
        let one = Notification::from_row(row)?;
        if one.read_at.is_none() {
            is_digest |= row.parse::<Cadence>("email")? != Cadence::Instant;
            all.push(one);
        }
    }
    all.sort_by_key(|one| (one.created_at, one.id));
    if let Some(to) = recipient(&mut tx, account, false).await?
        && !all.is_empty()
    {
        queue_digest(&mut tx, ctx, account, &to, &all, is_digest).await?;
    }
    Ok(tx.commit().await?)
}

async fn queue_digest(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    to: &Email,
    all: &[Notification],
    is_digest: bool,
) -> Result<(), Error> {
    let first = &all[0];
    let code = if is_digest {
        unsubscribe::DIGEST
    } else {
        first.kind.as_str()
    };
    let heading = match all {
        [one] => one.title.clone(),
        several => format!("{} things happened", several.len()),
    };
    let items: Vec<Item> = match all {
        [_] => Vec::new(),
        several => several
            .iter()
            .take(DIGEST_MAX)
            .map(|one| Item {
                title: one.title.clone(),
                text: one.body.clone(),
                url: one.link.as_deref().map(|link| address(ctx, link)),
            })
            .collect(),
    };
    let mut texts = match all {
        [one] => paragraphs(&one.body),
        _ => Vec::new(),
    };
    if all.len() > DIGEST_MAX {
        texts.push(format!("The first {DIGEST_MAX} of {} are below.", all.len()));
    }
    let footnote = match NoticeKinds::of_ctx(ctx)?.get(&first.kind) {
        Some(kind) if !is_digest => format!("You are told by mail: {}.", kind.title),
        _ => "You chose to get these together.".to_owned(),
    };
    let letter = Letter {
        subject: heading.clone(),
        heading,
        paragraphs: texts,
        action: Some(match all {
            [one] => open(ctx, one.link.as_deref().unwrap_or("/notifications")),
            _ => open(ctx, "/notifications"),
        }),
        footnote,
        unsubscribe_url: Some(unsubscribe::url(ctx, account, code)),
    };
    let outgoing = Outgoing {
        to,
        account_id: Some(account),
        kind: "notifications.digest",
        letter,
    };
    let extras = Extras {
        items,
        ..Extras::default()
    };
    mail::queue_with(tx, ctx, outgoing, extras).await?;
    Ok(())
}
