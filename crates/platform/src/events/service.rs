//! Telling the news.

use serde_json::Value;
use vitrine_db::wake::Channel;
use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;

use super::model::NewEvent;
use super::sql;
use crate::Ctx;

/// Stores news in the caller's transaction; streams get it after the commit.
pub async fn publish(tx: &mut Tx, ctx: &Ctx, event: NewEvent<'_>) -> Result<(), Error> {
    let row = values![
        event.workspace_id,
        event.kind,
        event.project_id,
        event.image_id,
        event.job_id,
        &event.payload,
        ctx.now(),
    ];
    tx.execute_one(&sql::INSERT_EVENT, row).await?;
    tx.signal(Channel::Events);
    Ok(())
}

/// The same for one account: all of its streams get it, whatever workspace they listen to, and nobody else's. Streams
/// that are narrowed to a project, an image or a job do not.
pub async fn publish_to_account(
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
    kind: &str,
    payload: &Value,
) -> Result<(), Error> {
    let row = values![account, kind, payload, ctx.now()];
    tx.execute(&sql::INSERT_ACCOUNT_EVENT, row).await?;
    tx.signal(Channel::Events);
    Ok(())
}
