//! Letters about changes to the second factor, so that nobody else makes them unnoticed.

use vitrine_db::Tx;
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;
use vitrine_kernel::text::Email;

use crate::Ctx;
use crate::mail::{self, Letter, Outgoing};

const KIND: &str = "mfa_changed";

/// What happened.
#[derive(Debug, Clone, Copy)]
pub enum News {
    Enabled,
    Disabled,
    NewRecoveryCodes,
    RecoveryCodeUsed { left: i64 },
}

impl News {
    fn words(self) -> (&'static str, String) {
        match self {
            Self::Enabled => (
                "Two-step sign-in is on",
                "From now on, signing in needs your password and a code of your authenticator app."
                    .to_owned(),
            ),
            Self::Disabled => (
                "Two-step sign-in is off",
                "From now on, signing in needs your password alone.".to_owned(),
            ),
            Self::NewRecoveryCodes => (
                "You have new recovery codes",
                "The earlier ones do not work any more.".to_owned(),
            ),
            Self::RecoveryCodeUsed { left } => (
                "A recovery code was used to sign in",
                format!("Each works once; {left} are left. New ones can be made on the security page."),
            ),
        }
    }
}

/// Queues the letter.
pub async fn send(tx: &mut Tx, ctx: &Ctx, account: AccountId, email: &str, news: News) -> Result<(), Error> {
    let Some(to) = Email::parse(email) else {
        return Ok(());
    };
    let (heading, words) = news.words();
    let letter = Letter {
        subject: heading.to_owned(),
        heading: heading.to_owned(),
        paragraphs: vec![
            words,
            "If this was not you, choose a new password at once: that signs every device out.".to_owned(),
        ],
        action: Some((
            "It was not me".to_owned(),
            format!("{}/forgot-password", ctx.settings.public_url),
        )),
        footnote: "You get this letter whenever the second step of your sign-in changes.".to_owned(),
        unsubscribe_url: None,
    };
    let outgoing = Outgoing {
        to: &to,
        account_id: Some(account),
        kind: KIND,
        letter,
    };
    mail::queue_essential(tx, ctx, outgoing).await?;
    Ok(())
}
