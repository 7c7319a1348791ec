//! A sign-in whose password was right and that waits for the second factor: a random token, kept as its hash.

use chrono::Duration;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::AccountId;
use vitrine_kernel::{Error, ErrorCode};

use super::super::model::Device;
use super::super::token;
use super::sql;
use crate::Ctx;

/// Time to find the phone.
const LIFE: Duration = Duration::minutes(5);

/// What a token of a waiting sign-in stands for.
pub struct Challenge {
    pub account_id: AccountId,
    pub account_key: String,
    pub device_label: Option<String>,
}

/// Notes that the password was right; the answer to the sign-in carries the token.
pub async fn ask(tx: &mut Tx, ctx: &Ctx, account: AccountId, device: &Device) -> Result<Error, Error> {
    let token = token::random(ctx);
    let now = ctx.now();
    let row = values![
        token::hash(token.expose()),
        account,
        device.label.as_deref(),
        now,
        now + LIFE
    ];
    tx.execute_one(&sql::INSERT_LOGIN_CHALLENGE, row).await?;
    let detail =
        "Send a code of your authenticator app, or a recovery code, to /auth/mfa with this mfa_token.";
    Ok(Error::new(ErrorCode::MfaRequired, detail).with_mfa_token(token))
}

/// Whose sign-in a token belongs to.
pub async fn find(ctx: &Ctx, token: &str) -> Result<Challenge, Error> {
    let row = ctx
        .db
        .fetch_optional(&sql::GET_LOGIN_CHALLENGE, values![token::hash(token), ctx.now()])
        .await?
        .ok_or_else(over)?;
    Ok(Challenge {
        account_id: row.get("account_id")?,
        account_key: row.get("email_key")?,
        device_label: row.get("device_label")?,
    })
}

/// Uses the token up.
pub async fn take(tx: &mut Tx, token: &str) -> Result<(), Error> {
    match tx
        .execute(&sql::TAKE_LOGIN_CHALLENGE, values![token::hash(token)])
        .await?
    {
        0 => Err(over()),
        _ => Ok(()),
    }
}

/// Sign-ins that wait for a factor begin anew, because the password or the factor changed.
pub async fn end(tx: &mut Tx, account: AccountId) -> Result<(), Error> {
    tx.execute(&sql::DELETE_LOGIN_CHALLENGES, values![account])
        .await?;
    Ok(())
}

/// Deletes what has expired.
pub async fn purge(tx: &mut Tx, ctx: &Ctx) -> Result<(), Error> {
    tx.execute(&sql::PURGE_LOGIN_CHALLENGES, values![ctx.now()])
        .await?;
    Ok(())
}

fn over() -> Error {
    Error::new(
        ErrorCode::Unauthorized,
        "This sign-in took too long or is over. Begin again with the password.",
    )
}
