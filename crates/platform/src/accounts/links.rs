//! Links in letters that open something once: a random token, kept as its hash, for one purpose, address and time.

use chrono::Duration;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::AccountId;
use vitrine_kernel::{Error, ErrorCode, Secret};

use super::{sql, token};
use crate::Ctx;

/// What a link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    VerifyEmail,
    ResetPassword,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
        }
    }

    pub const fn life(self) -> Duration {
        match self {
            Self::VerifyEmail => Duration::hours(24),
            Self::ResetPassword => Duration::hours(1),
        }
    }
}

/// A new token; earlier ones of the same purpose stop working.
pub async fn make(
    tx: &mut Tx,
    ctx: &Ctx,
    purpose: Purpose,
    account: AccountId,
    email_key: &str,
) -> Result<Secret<String>, Error> {
    end(tx, ctx, purpose, account).await?;
    let token = token::random(ctx);
    let now = ctx.now();
    let row = values![
        token::hash(token.expose()),
        account,
        purpose.as_str(),
        email_key,
        now,
        now + purpose.life(),
    ];
    tx.execute_one(&sql::INSERT_ACCOUNT_TOKEN, row).await?;
    Ok(token)
}

/// Uses a token up.
pub async fn take(tx: &mut Tx, ctx: &Ctx, purpose: Purpose, token: &str) -> Result<AccountId, Error> {
    let row = tx
        .fetch_optional(
            &sql::TAKE_ACCOUNT_TOKEN,
            values![token::hash(token), purpose.as_str(), ctx.now()],
        )
        .await?;
    match row {
        Some(row) => Ok(row.get("account_id")?),
        None => Err(invalid()),
    }
}

/// Whose address a token verified earlier, if it still stands.
pub async fn verified_by(tx: &mut Tx, token: &str) -> Result<Option<AccountId>, Error> {
    let values = values![token::hash(token), Purpose::VerifyEmail.as_str()];
    tx.fetch_optional(&sql::GET_VERIFIED_BY_TOKEN, values)
        .await?
        .map(|row| Ok(row.get("account_id")?))
        .transpose()
}

/// Unused tokens of an account stop working.
pub async fn end(tx: &mut Tx, ctx: &Ctx, purpose: Purpose, account: AccountId) -> Result<(), Error> {
    tx.execute(
        &sql::END_ACCOUNT_TOKENS,
        values![account, purpose.as_str(), ctx.now()],
    )
    .await?;
    Ok(())
}

/// Unknown, used, expired and of another purpose are the same to whoever tries.
pub fn invalid() -> Error {
    Error::new(
        ErrorCode::InvalidLink,
        "This link was used, has expired or is not complete. Ask for a new one.",
    )
}
