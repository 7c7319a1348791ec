//! A question to a device that waits for its answer: kept here, not with the browser, and used once.

use chrono::Duration;
use serde::Serialize;
use serde::de::DeserializeOwned;
use vitrine_db::{Tx, values};
use vitrine_kernel::id::AccountId;
use vitrine_kernel::{Error, ErrorCode, Secret};

use super::super::token;
use super::sql;
use crate::Ctx;

/// Time for a person to find the device and touch it.
const LIFE: Duration = Duration::minutes(5);

/// Keeps the state of a question; `account` is whose passkey is being made, none is signing in.
pub async fn keep(
    ctx: &Ctx,
    account: Option<AccountId>,
    state: &impl Serialize,
) -> Result<Secret<String>, Error> {
    let state = serde_json::to_string(state).map_err(|error| {
        Error::internal("could not write the state of a passkey ceremony").with_source(error)
    })?;
    let token = token::random(ctx);
    let mut tx = ctx.db.begin().await?;
    let row = values![token::hash(token.expose()), account, state, ctx.now() + LIFE];
    tx.execute_one(&sql::INSERT_CEREMONY, row).await?;
    tx.commit().await?;
    Ok(token)
}

/// Uses a question up. Committed at once: an answer that turns out wrong cannot be sent again either.
pub async fn take<T: DeserializeOwned>(
    ctx: &Ctx,
    account: Option<AccountId>,
    token: &str,
) -> Result<T, Error> {
    let mut tx = ctx.db.begin().await?;
    let row = tx
        .fetch_optional(
            &sql::TAKE_CEREMONY,
            values![token::hash(token), account, ctx.now()],
        )
        .await?
        .ok_or_else(over)?;
    tx.commit().await?;
    serde_json::from_str(&row.get::<String>("state")?)
        .map_err(|error| Error::internal("passkey_ceremonies.state cannot be read").with_source(error))
}

/// Deletes what has expired.
pub async fn purge(tx: &mut Tx, ctx: &Ctx) -> Result<(), Error> {
    tx.execute(&sql::PURGE_CEREMONIES, values![ctx.now()]).await?;
    Ok(())
}

fn over() -> Error {
    Error::new(
        ErrorCode::InvalidLink,
        "This took too long or was answered already. Begin again.",
    )
}
