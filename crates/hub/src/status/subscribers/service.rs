//! The verbs of subscribing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;
use vitrine_db::values;
use vitrine_kernel::id::SubscriberId;
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, ErrorCode};
use vitrine_platform::limits::{self, Tier};
use vitrine_platform::web::Client;
use vitrine_platform::{Ctx, accounts, jobs, mail, vault};

use super::jobs::SendConfirmation;
use super::sql;

/// What links in letters are sealed for.
const PURPOSE: &str = "status unsubscribe";

/// Checks an address in place.
pub fn parse_email(text: &str) -> Result<Email, Error> {
    Email::parse(text).ok_or_else(|| Error::field("email", "invalid", "This is not an e-mail address."))
}

/// Asks for a letter with a link to confirm. Beyond the limits nothing is sent, and nothing is said.
pub async fn subscribe(ctx: &Ctx, email: &Email, client: &Client) -> Result<(), Error> {
    let address = limits::origin_key(client.ip);
    let may_ask = limits::allows(ctx, Tier::MailAddress, &address).await
        && limits::allows(ctx, Tier::MailEmail, email.key()).await;
    if !may_ask {
        return Ok(());
    }
    let job = SendConfirmation {
        email: email.as_str().to_owned(),
        request_id: ctx.id(),
    };
    let mut tx = ctx.db.begin().await?;
    jobs::enqueue(&mut tx, ctx, None, &job).await?;
    Ok(tx.commit().await?)
}

/// Uses the link of a letter up.
pub async fn confirm(ctx: &Ctx, token: &str) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let row = tx
        .fetch_optional(
            &sql::CONFIRM_SUBSCRIBER,
            values![accounts::token_hash(token), ctx.now()],
        )
        .await?
        .ok_or_else(invalid)?;
    mail::allow_again(&mut tx, &row.get::<String>("email_key")?).await?;
    Ok(tx.commit().await?)
}

/// Ends a subscription; one that has ended stays so.
pub async fn unsubscribe(ctx: &Ctx, token: &str) -> Result<(), Error> {
    let id = read_token(ctx, token).ok_or_else(invalid)?;
    let mut tx = ctx.db.begin().await?;
    tx.execute(&sql::DELETE_SUBSCRIBER, values![id]).await?;
    Ok(tx.commit().await?)
}

/// Address that ends a subscription, for every letter. It holds the subscriber's id, sealed, so nothing has to be stored
/// for it and nobody can make one.
pub fn unsubscribe_url(ctx: &Ctx, id: SubscriberId) -> Result<String, Error> {
    let sealed = vault::seal(ctx, PURPOSE, id.0.as_bytes())?;
    let token = URL_SAFE_NO_PAD.encode(sealed);
    Ok(format!(
        "{}/status/unsubscribe?token={token}",
        ctx.settings.public_url
    ))
}

fn read_token(ctx: &Ctx, token: &str) -> Option<SubscriberId> {
    let sealed = URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
    let plain = vault::open(ctx, PURPOSE, &sealed).ok()?;
    Uuid::from_slice(&plain).ok().map(SubscriberId)
}

/// Unknown, used and expired are the same to whoever tries.
fn invalid() -> Error {
    Error::new(
        ErrorCode::InvalidLink,
        "This link was used, has expired or is not complete.",
    )
}
