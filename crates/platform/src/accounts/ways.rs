//! The ways into an account: its password, its passkeys, its identities at the sign-in service of this server. The last
//! one is never taken away.

use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;

use super::oidc::Oidc;
use super::sql;
use crate::Ctx;

/// Keeps other changes to the account's ways waiting until the commit. Before taking one away.
pub(super) async fn hold(tx: &mut Tx, account: AccountId) -> Result<(), Error> {
    Ok(tx.execute_one(&sql::HOLD_ACCOUNT, values![account]).await?)
}

/// A conflict when no way is left. After taking one away; the transaction is then given up.
pub(super) async fn require_one(tx: &mut Tx, ctx: &Ctx, account: AccountId) -> Result<(), Error> {
    if count(tx, ctx, account).await? > 0 {
        return Ok(());
    }
    Err(Error::conflict(
        "This is the only way into your account. Set a password or add a passkey first.",
    ))
}

/// How many there are. Identities of a sign-in service that is not used any more open nothing.
pub(super) async fn count(tx: &mut Tx, ctx: &Ctx, account: AccountId) -> Result<i64, Error> {
    let issuer = ctx
        .extension::<Oidc>()
        .map(|oidc| oidc.settings().issuer.as_str())
        .unwrap_or_default();
    let row = tx.fetch_one(&sql::COUNT_WAYS, values![account, issuer]).await?;
    Ok(row.get("count")?)
}
