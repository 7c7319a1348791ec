//! Letters that tell of notifications.

use chrono::Duration;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::AccountId;
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, Time};

use super::model::Notice;
use super::{Cadence, sql};
use crate::Ctx;
use crate::mail::{self, Letter, Outgoing};

/// Hour of the day at which digests go out.
const DIGEST_HOUR: u32 = 8;

/// When the next digest of an account goes out.
pub(super) async fn next_digest(
    _tx: &mut Tx,
    ctx: &Ctx,
    _account: AccountId,
    cadence: Cadence,
) -> Result<Option<Time>, Error> {
    Ok(next_hour(ctx.now(), cadence))
}

/// Eight o'clock of the next day, or of the next Monday.
fn next_hour(now: Time, cadence: Cadence) -> Option<Time> {
    use chrono::Datelike as _;
    let today = now.date_naive().and_hms_opt(DIGEST_HOUR, 0, 0)?.and_utc();
    let mut next = today;
    while next <= now || (cadence == Cadence::Weekly && next.weekday() != chrono::Weekday::Mon) {
        next += Duration::days(1);
    }
    Some(next)
}

/// Queues the letter of one notice, unless the address was never shown to be read.
pub(super) async fn queue_one(
    tx: &mut Tx,
    ctx: &Ctx,
    notice: &Notice,
    account: AccountId,
) -> Result<(), Error> {
    let row = tx.fetch_one(&sql::GET_RECIPIENT, values![account]).await?;
    let is_verified = row.get::<Option<Time>>("email_verified_at")?.is_some();
    let Some(to) = Email::parse(&row.get::<String>("email")?) else {
        return Ok(());
    };
    if !is_verified && !notice.kind.is_essential {
        return Ok(());
    }
    let public_url = &ctx.settings.public_url;
    let letter = Letter {
        subject: notice.title.clone(),
        heading: notice.title.clone(),
        paragraphs: paragraphs(&notice.body),
        action: notice
            .link
            .as_ref()
            .map(|link| ("Open in Vitrine".to_owned(), format!("{public_url}{link}"))),
        footnote: if notice.kind.is_essential {
            "This letter is about the safety of your account, so it always comes.".to_owned()
        } else {
            format!("You chose to be told by mail: {}.", notice.kind.title)
        },
        unsubscribe_url: None,
    };
    let outgoing = Outgoing {
        to: &to,
        account_id: Some(account),
        kind: notice.kind.code,
        letter,
    };
    mail::queue(tx, ctx, outgoing).await?;
    Ok(())
}

fn paragraphs(body: &str) -> Vec<String> {
    body.split("\n\n")
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}
