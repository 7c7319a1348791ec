//! The audit trail: who did what to which object, when, from where. Append-only, written in the transaction that did it.
//!
//! Actions are `noun.verb_past`, such as `session.revoked`; the object is its table's noun and its id.

mod export;
pub mod routes;
pub mod sql;

use std::fmt::Display;
use std::net::IpAddr;

use serde_json::Value;
use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, AuditId, WorkspaceId};

use crate::{Actor, Ctx};

/// One line of the trail.
#[derive(Debug)]
pub struct Entry<'a> {
    pub action: &'static str,
    pub object_type: &'static str,
    pub object_id: String,
    pub workspace_id: Option<WorkspaceId>,
    pub account_id: Option<AccountId>,
    pub ip: Option<IpAddr>,
    pub details: Option<&'a Value>,
}

/// Writes a line for what an actor does (`None`: the system itself).
pub async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: Option<&Actor>,
    action: &'static str,
    object_type: &'static str,
    object_id: impl Display,
    details: Option<Value>,
) -> Result<(), Error> {
    let entry = Entry {
        action,
        object_type,
        object_id: object_id.to_string(),
        workspace_id: actor.map(|actor| actor.workspace_id),
        account_id: actor.map(|actor| actor.account_id),
        ip: actor.and_then(|actor| actor.ip),
        details: details.as_ref(),
    };
    write(tx, ctx, entry).await
}

/// Writes a line, for where there is no actor yet, such as signing in.
pub async fn write(tx: &mut Tx, ctx: &Ctx, entry: Entry<'_>) -> Result<(), Error> {
    let values = values![
        ctx.id::<AuditId>(),
        ctx.now(),
        entry.account_id,
        entry.workspace_id,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.ip.map(|ip| ip.to_string()),
        entry.details,
    ];
    Ok(tx.execute_one(&sql::INSERT_ENTRY, values).await?)
}
