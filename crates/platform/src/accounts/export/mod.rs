//! An archive of everything an account has: its rows as JSON and its files, in one ZIP that is kept for a week.
//!
//! Which rows these are is read from the schema ([`vitrine_db::belongings`]), which files from their keys; so what is
//! added to the product later is in the archive too. Secrets are not: hashes and sealed values stay out.
//!
//! Three kinds of rows are a person's: those of the account, those of the workspaces it owns, and what it wrote, uploaded
//! or was told in workspaces of others ([`vitrine_db::belongings::traces`]). Pictures in workspaces of others belong to
//! these, also when the person asked for them, and so does a row that only names the person beside somebody else (a
//! request that was handed to them, an invitation they sent): those stay out.

mod archive;
pub mod jobs;
pub mod routes;
pub mod sql;

use std::time::Duration;

use vitrine_db::{DbError, Row, values};
use vitrine_kernel::id::ExportId;
use vitrine_kernel::{Error, Time};

use super::confirm::{self, Proof};
use crate::jobs::enqueue;
use crate::{Actor, Ctx, audit};

pub use jobs::{ExportAccount, PurgeExports};

/// How long an archive is kept.
const KEPT_DAYS: i64 = 7;
/// How long a link to it is good.
const LINK: Duration = Duration::from_secs(3_600);

/// An archive that is being made, can be fetched, or could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    pub id: ExportId,
    /// queued, ready, failed
    pub status: String,
    pub file_key: Option<String>,
    pub size_bytes: Option<u64>,
    pub created_at: Time,
    pub expires_at: Option<Time>,
}

impl Export {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            status: row.get("status")?,
            file_key: row.get("file_key")?,
            size_bytes: row.get("size_bytes")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
        })
    }

    /// A signed link to the archive, for somebody who may have it.
    fn link(&self, ctx: &Ctx) -> Option<String> {
        let key = self.file_key.as_deref()?;
        Some(
            ctx.files
                .presign_get(key, "vitrine-export.zip", "application/zip", LINK, true),
        )
    }
}

/// Asks for an archive. One that is being made already is answered instead of a second.
pub async fn request(ctx: &Ctx, actor: &Actor, proof: Proof<'_>) -> Result<Export, Error> {
    confirm::person(ctx, actor, proof).await?;
    let mut tx = ctx.db.begin().await?;
    if let Some(row) = tx
        .fetch_optional(&sql::GET_QUEUED_EXPORT, values![actor.account_id])
        .await?
    {
        return Ok(Export::from_row(&row)?);
    }
    let id: ExportId = ctx.id();
    tx.execute_one(&sql::INSERT_EXPORT, values![id, actor.account_id, ctx.now()])
        .await?;
    enqueue(&mut tx, ctx, None, &ExportAccount { export_id: id }).await?;
    let action = "account.export_requested";
    audit::record(&mut tx, ctx, Some(actor), action, "export", id, None).await?;
    let row = tx.fetch_one(&sql::GET_EXPORT, values![id]).await?;
    let export = Export::from_row(&row)?;
    tx.commit().await?;
    Ok(export)
}

/// The newest archive that has not expired.
pub async fn latest(ctx: &Ctx, actor: &Actor) -> Result<Export, Error> {
    actor.require_session()?;
    let row = ctx
        .db
        .fetch_optional(&sql::GET_LATEST_EXPORT, values![actor.account_id, ctx.now()])
        .await?;
    Ok(Export::from_row(&row.ok_or_else(Error::not_found)?)?)
}
