//! Proving that an address reads its mail.

pub mod routes;

use async_trait::async_trait;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;
use vitrine_kernel::text::Email;

use super::links::{self, Purpose};
use super::model::Account;
use super::sql;
use crate::Ctx;
use crate::audit::{self, Entry};
use crate::jobs::{self, Job, JobError, JobRun, Priority};
use crate::limits::{self, Tier};
use crate::mail::{self, Letter, Outgoing};
use crate::web::Client;

const KIND: &str = "verify_email";
/// Letters of one kind to one address within an hour.
pub(super) const LETTERS_PER_HOUR: i64 = 5;

/// Queues the letter with the link, unless this address got too many of late.
pub(super) async fn send_link(tx: &mut Tx, ctx: &Ctx, account: &Account) -> Result<(), Error> {
    let Some(email) = Email::parse(&account.email) else {
        return Ok(());
    };
    let since = ctx.now() - Duration::hours(1);
    if mail::sent_since(tx, &email, KIND, since).await? >= LETTERS_PER_HOUR {
        return Ok(());
    }
    let token = links::make(tx, ctx, Purpose::VerifyEmail, account.id, email.key()).await?;
    let letter = Letter {
        subject: "Confirm your e-mail address".to_owned(),
        heading: format!("Welcome, {}", account.full_name),
        paragraphs: vec!["Confirm that this address is yours. The link works for 24 hours.".to_owned()],
        action: Some((
            "Confirm the address".to_owned(),
            format!(
                "{}/verify-email?token={}",
                ctx.settings.public_url,
                token.expose()
            ),
        )),
        footnote: "Somebody signed up with this address. If it was not you, do nothing.".to_owned(),
        unsubscribe_url: None,
    };
    let outgoing = Outgoing {
        to: &email,
        account_id: Some(account.id),
        kind: KIND,
        letter,
    };
    mail::queue_essential(tx, ctx, outgoing).await?;
    Ok(())
}

/// Asks for another link. What happens to it is found out later, so that the answer tells nobody which accounts exist.
pub async fn request(ctx: &Ctx, email: &Email, client: &Client) -> Result<(), Error> {
    if !may_ask_for_mail(ctx, email, client).await {
        return Ok(());
    }
    let mut tx = ctx.db.begin().await?;
    let job = SendVerificationLink {
        email: email.as_str().to_owned(),
    };
    jobs::enqueue(&mut tx, ctx, None, &job).await?;
    Ok(tx.commit().await?)
}

/// Whether another letter may be asked for from here and to there; beyond that nothing is sent, and nothing is said.
pub(super) async fn may_ask_for_mail(ctx: &Ctx, email: &Email, client: &Client) -> bool {
    let address = limits::origin_key(client.ip);
    limits::allows(ctx, Tier::MailAddress, &address).await
        && limits::allows(ctx, Tier::MailEmail, email.key()).await
}

/// Uses a link. Opened once more, it answers as it did the first time.
pub async fn verify(ctx: &Ctx, token: &str, client: &Client) -> Result<Account, Error> {
    let mut tx = ctx.db.begin().await?;
    let id = match links::verified_by(&mut tx, token).await? {
        Some(id) => id,
        None => {
            let id = links::take(&mut tx, ctx, Purpose::VerifyEmail, token).await?;
            mark_verified(&mut tx, ctx, id, client).await?;
            id
        }
    };
    let row = tx.fetch_one(&sql::GET_ACCOUNT, values![id]).await?;
    let account = Account::from_row(&row)?;
    tx.commit().await?;
    Ok(account)
}

/// The address of an account was shown to be read.
pub(crate) async fn mark_verified(
    tx: &mut Tx,
    ctx: &Ctx,
    id: AccountId,
    client: &Client,
) -> Result<(), Error> {
    let row = tx.fetch_one(&sql::GET_PASSWORD, values![id]).await?;
    mail::allow_again(tx, &row.get::<String>("email_key")?).await?;
    if tx.execute(&sql::VERIFY_ACCOUNT, values![id, ctx.now()]).await? == 0 {
        return Ok(());
    }
    let entry = Entry {
        action: "account.email_verified",
        object_type: "account",
        object_id: id.to_string(),
        workspace_id: None,
        account_id: Some(id),
        ip: client.ip,
        details: None,
    };
    audit::write(tx, ctx, entry).await
}

/// Sends another verification link, if there is an account that needs one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendVerificationLink {
    email: String,
}

#[async_trait]
impl Job for SendVerificationLink {
    const KIND: &'static str = "accounts.send_verification_link";
    const PRIORITY: Priority = Priority::Urgent;

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let key = self.email.to_lowercase();
        let mut tx = ctx.db.begin().await?;
        if let Some(row) = tx.fetch_optional(&sql::GET_CREDENTIALS, values![key]).await? {
            let account = Account::from_row(&row)?;
            if account.email_verified_at.is_none() {
                send_link(&mut tx, ctx, &account).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}
