//! Telling the news.

use vitrine_db::wake::Channel;
use vitrine_db::{Tx, values};
use vitrine_kernel::Error;

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
