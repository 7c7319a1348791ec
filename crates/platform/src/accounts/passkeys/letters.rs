//! Letters about passkeys that come and go, so that nobody else adds one unnoticed.

use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;
use vitrine_kernel::text::Email;

use super::super::sql::GET_PASSWORD;
use crate::Ctx;
use crate::mail::{self, Letter, Outgoing};

const KIND: &str = "passkeys_changed";

/// Queues the letter that a passkey was added, or removed.
pub async fn send(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    name: &str,
    is_added: bool,
) -> Result<(), Error> {
    let row = tx.fetch_one(&GET_PASSWORD, values![account]).await?;
    let Some(to) = Email::parse(&row.get::<String>("email")?) else {
        return Ok(());
    };
    let heading = if is_added {
        "A passkey was added"
    } else {
        "A passkey was removed"
    };
    let words = if is_added {
        format!("“{name}” can now sign in to your account.")
    } else {
        format!("“{name}” cannot sign in to your account any more.")
    };
    let letter = Letter {
        subject: heading.to_owned(),
        heading: heading.to_owned(),
        paragraphs: vec![
            words,
            "If this was not you, remove what you do not know and choose a new password.".to_owned(),
        ],
        action: Some((
            "Look at your passkeys".to_owned(),
            format!("{}/account/security", ctx.settings.public_url),
        )),
        footnote: "You get this letter whenever a passkey of your account is added or removed.".to_owned(),
        unsubscribe_url: None,
    };
    let outgoing = Outgoing {
        to: &to,
        account_id: Some(account),
        kind: KIND,
        letter,
    };
    mail::queue(tx, ctx, outgoing).await?;
    Ok(())
}
