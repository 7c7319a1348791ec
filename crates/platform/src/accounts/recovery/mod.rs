//! Passwords that are forgotten or changed.

pub mod routes;

use async_trait::async_trait;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use vitrine_db::{Tx, values};
use vitrine_kernel::id::AccountId;
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, FieldError};

use super::confirm::{self, Proof};
use super::links::{self, Purpose};
use super::model::Account;
use super::password::{self, Password};
use super::verification::{self, LETTERS_PER_HOUR};
use super::{Actor, lock, mfa, sql};
use crate::Ctx;
use crate::audit::{self, Entry};
use crate::jobs::{self, Job, JobError, JobRun, Priority};
use crate::mail::{self, Letter, Outgoing};
use crate::notifications::news;
use crate::web::Client;

const RESET: &str = "reset_password";
const CHANGED: &str = "password_changed";

/// Asks for a link that sets a new password. The answer tells nobody which accounts exist.
pub async fn forgot(ctx: &Ctx, email: &Email, client: &Client) -> Result<(), Error> {
    if !verification::may_ask_for_mail(ctx, email, client).await {
        return Ok(());
    }
    let mut tx = ctx.db.begin().await?;
    let job = SendResetLink {
        email: email.as_str().to_owned(),
    };
    jobs::enqueue(&mut tx, ctx, None, &job).await?;
    Ok(tx.commit().await?)
}

/// Sends a link that sets a new password, if there is such an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendResetLink {
    email: String,
}

#[async_trait]
impl Job for SendResetLink {
    const KIND: &'static str = "accounts.send_reset_link";
    const PRIORITY: Priority = Priority::Urgent;

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let key = self.email.to_lowercase();
        let mut tx = ctx.db.begin().await?;
        if let Some(row) = tx.fetch_optional(&sql::GET_CREDENTIALS, values![key]).await? {
            send_reset_link(&mut tx, ctx, &Account::from_row(&row)?).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn send_reset_link(tx: &mut Tx, ctx: &Ctx, account: &Account) -> Result<(), Error> {
    let Some(email) = Email::parse(&account.email) else {
        return Ok(());
    };
    let since = ctx.now() - Duration::hours(1);
    if mail::sent_since(tx, &email, RESET, since).await? >= LETTERS_PER_HOUR {
        return Ok(());
    }
    let token = links::make(tx, ctx, Purpose::ResetPassword, account.id, email.key()).await?;
    let letter = Letter {
        subject: "Choose a new password".to_owned(),
        heading: "Choose a new password".to_owned(),
        paragraphs: vec![
            "Open the link within an hour. Setting a new password signs every device out.".to_owned(),
        ],
        action: Some((
            "Choose a new password".to_owned(),
            format!(
                "{}/reset-password?token={}",
                ctx.settings.public_url,
                token.expose()
            ),
        )),
        footnote:
            "Somebody asked for this with your address. If it was not you, do nothing: your password stays."
                .to_owned(),
        unsubscribe_url: None,
    };
    let outgoing = Outgoing {
        to: &email,
        account_id: Some(account.id),
        kind: RESET,
        letter,
    };
    mail::queue_essential(tx, ctx, outgoing).await?;
    Ok(())
}

/// Sets a new password by a link: every session ends, a lock is lifted, the address counts as verified.
pub async fn reset(ctx: &Ctx, token: &str, new_password: &str, client: &Client) -> Result<(), Error> {
    // Hashing is slow on purpose, so it happens before anything is locked; a wrong link costs as much as a right one.
    let password = Password::parse(new_password, None).map_err(|error| Error::validation(vec![error]))?;
    let hash = password::hash(ctx, password).await?;
    let mut tx = ctx.db.begin().await?;
    let id = links::take(&mut tx, ctx, Purpose::ResetPassword, token).await?;
    let row = tx.fetch_one(&sql::GET_PASSWORD, values![id]).await?;
    let (email, key): (String, String) = (row.get("email")?, row.get("email_key")?);
    if new_password.to_lowercase() == key {
        let error = FieldError::new(
            "password",
            "too_common",
            "The password must not be the e-mail address.",
        );
        return Err(Error::validation(vec![error]));
    }
    set_password(
        &mut tx,
        ctx,
        id,
        &email,
        hash,
        "account.password_reset",
        client.ip,
    )
    .await?;
    tx.execute(&sql::REVOKE_SESSIONS, values![id, ctx.now()]).await?;
    lock::clear(&mut tx, &key).await?;
    verification::mark_verified(&mut tx, ctx, id, client).await?;
    Ok(tx.commit().await?)
}

/// Sets a new password for somebody who shows all that signing in takes. The other devices are signed out.
pub async fn change(
    ctx: &Ctx,
    actor: &Actor,
    current: &str,
    code: Option<&str>,
    new_password: &str,
) -> Result<(), Error> {
    let this = actor.require_session()?;
    let row = ctx
        .db
        .fetch_one(&sql::GET_PASSWORD, values![actor.account_id])
        .await?;
    let (email, key): (String, String) = (row.get("email")?, row.get("email_key")?);
    // First, so that a password that is too short uses no code up.
    let address = Email::parse(&email);
    let password = Password::parse(new_password, address.as_ref()).map_err(|error| {
        Error::validation(vec![FieldError {
            field: "new_password".to_owned(),
            ..error
        }])
    })?;
    let proof = Proof {
        password: Some(current),
        password_field: "current_password",
        code,
    };
    confirm::everything(ctx, actor, proof).await?;
    let hash = password::hash(ctx, password).await?;
    let mut tx = ctx.db.begin().await?;
    let id = actor.account_id;
    set_password(
        &mut tx,
        ctx,
        id,
        &email,
        hash,
        "account.password_changed",
        actor.ip,
    )
    .await?;
    tx.execute(&sql::REVOKE_OTHER_SESSIONS, values![id, this, ctx.now()])
        .await?;
    lock::clear(&mut tx, &key).await?;
    Ok(tx.commit().await?)
}

async fn set_password(
    tx: &mut Tx,
    ctx: &Ctx,
    id: AccountId,
    email: &str,
    hash: String,
    action: &'static str,
    ip: Option<std::net::IpAddr>,
) -> Result<(), Error> {
    tx.execute_one(&sql::SET_PASSWORD, values![id, hash, ctx.now()])
        .await?;
    // A link that waits in the mailbox must not undo this.
    links::end(tx, ctx, Purpose::ResetPassword, id).await?;
    mfa::end_challenges(tx, id).await?;
    let entry = Entry {
        action,
        object_type: "account",
        object_id: id.to_string(),
        workspace_id: None,
        account_id: Some(id),
        ip,
        details: None,
    };
    audit::write(tx, ctx, entry).await?;
    news::password_changed(tx, ctx, id).await?;
    let Some(to) = Email::parse(email) else {
        return Ok(());
    };
    let letter = Letter {
        subject: "Your password was changed".to_owned(),
        heading: "Your password was changed".to_owned(),
        paragraphs: vec!["It was set anew just now, and the other devices were signed out.".to_owned()],
        action: Some((
            "It was not me".to_owned(),
            format!("{}/forgot-password", ctx.settings.public_url),
        )),
        footnote: "You get this letter whenever the password of your account changes.".to_owned(),
        unsubscribe_url: None,
    };
    let outgoing = Outgoing {
        to: &to,
        account_id: Some(id),
        kind: CHANGED,
        letter,
    };
    mail::queue_essential(tx, ctx, outgoing).await?;
    Ok(())
}
