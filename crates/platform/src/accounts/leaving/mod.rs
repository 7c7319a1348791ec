//! The end of an account: asked for by its person, thirty days in which it can be taken back, then everything goes.
//!
//! ```text
//! live ── DELETE /user ──► leaving ── 30 days ──► gone
//!   ▲                        │
//!   └── POST /user/restore ──┘
//! ```
//!
//! While it leaves, signing in works and opens nothing but the way back. What surprises people: the account's row stays
//! as a stone without a name, because what a person did in workspaces of others refers to it, and the audit trail keeps
//! its lines under that number.

pub mod jobs;
pub mod routes;
pub mod sql;

use chrono::Duration;
use vitrine_db::values;
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, Time};

use super::confirm::{self, Proof};
use super::model::Account;
use super::{Actor, sql as accounts};
use crate::mail::{self, Letter, Outgoing};
use crate::{Ctx, audit};

pub use jobs::PurgeAccounts;

/// How long it can be taken back.
pub const GRACE_DAYS: i64 = 30;
const KIND: &str = "account_deletion";

/// Begins the thirty days: every session and key ends. Refused while others would be left without an owner.
pub async fn request(ctx: &Ctx, actor: &Actor, proof: Proof<'_>) -> Result<Time, Error> {
    confirm::person(ctx, actor, proof).await?;
    let now = ctx.now();
    let at = now + Duration::days(GRACE_DAYS);
    let mut tx = ctx.db.begin().await?;
    let left: Vec<String> = tx
        .fetch_all(&sql::LIST_ORPHANS, values![actor.account_id])
        .await?
        .iter()
        .map(|row| row.get("name"))
        .collect::<Result<_, _>>()?;
    if !left.is_empty() {
        let detail = format!(
            "You are the only owner of {}, which others work in. Make somebody else an owner or remove the members first.",
            left.join(", ")
        );
        return Err(Error::conflict(detail));
    }
    let row = tx
        .fetch_optional(&sql::BEGIN_DELETION, values![actor.account_id, at, now])
        .await?;
    let account = Account::from_row(
        &row.ok_or_else(|| Error::conflict("This account is about to be deleted already."))?,
    )?;
    tx.execute(&accounts::REVOKE_SESSIONS, values![account.id, now])
        .await?;
    tx.execute(&sql::DELETE_KEYS, values![account.id]).await?;
    let action = "account.deletion_requested";
    audit::record(&mut tx, ctx, Some(actor), action, "account", account.id, None).await?;
    if let Some(to) = Email::parse(&account.email) {
        let letter = Letter {
            subject: "Your account will be deleted".to_owned(),
            heading: format!("Your account will be deleted on {}", at.format("%-d %B %Y")),
            paragraphs: vec![
                "Until then nothing is lost: sign in and press the button there to keep it.".to_owned(),
                "After that day your rooms, photos and settings are removed for good.".to_owned(),
            ],
            action: Some(("Sign in".to_owned(), format!("{}/login", ctx.settings.public_url))),
            footnote: "Somebody signed in to your account asked for this. If it was not you, sign in, keep the account and change the password.".to_owned(),
            unsubscribe_url: None,
        };
        let outgoing = Outgoing {
            to: &to,
            account_id: Some(account.id),
            kind: KIND,
            letter,
        };
        mail::queue(&mut tx, ctx, outgoing).await?;
    }
    tx.commit().await?;
    Ok(at)
}

/// Takes it back.
pub async fn cancel(ctx: &Ctx, actor: &Actor) -> Result<Account, Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    let row = tx
        .fetch_optional(&sql::CANCEL_DELETION, values![actor.account_id, ctx.now()])
        .await?;
    let account =
        Account::from_row(&row.ok_or_else(|| Error::conflict("This account is not about to be deleted."))?)?;
    let action = "account.deletion_canceled";
    audit::record(&mut tx, ctx, Some(actor), action, "account", account.id, None).await?;
    tx.commit().await?;
    Ok(account)
}
