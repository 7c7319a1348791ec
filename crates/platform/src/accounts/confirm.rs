//! Asking once more who it is, before something that cannot be taken back.

use chrono::Duration;
use vitrine_db::values;
use vitrine_kernel::{Error, Time};

use super::{Actor, lock, password, sql};
use crate::Ctx;

/// Whoever signed in less than this ago need not say the password again.
const RECENT: Duration = Duration::minutes(10);

/// The account's password, or a session that was opened just now. Wrong passwords count towards the lock.
pub async fn person(ctx: &Ctx, actor: &Actor, given: Option<&str>) -> Result<(), Error> {
    let session = actor.require_session()?;
    let Some(given) = given else {
        let row = ctx
            .db
            .fetch_one(&sql::GET_SESSION_START, values![session])
            .await?;
        if ctx.now() - row.get::<Time>("created_at")? <= RECENT {
            return Ok(());
        }
        return Err(Error::field(
            "password",
            "required",
            "Enter your password, or sign in again first.",
        ));
    };
    let row = ctx
        .db
        .fetch_one(&sql::GET_PASSWORD, values![actor.account_id])
        .await?;
    let key: String = row.get("email_key")?;
    lock::check_early(ctx, &key).await?;
    if password::verify(row.get("password_hash")?, given).await? {
        return Ok(());
    }
    let mut tx = ctx.db.begin().await?;
    lock::record_failure(&mut tx, ctx, &key).await?;
    tx.commit().await?;
    Err(Error::field("password", "wrong", "This is not your password."))
}
