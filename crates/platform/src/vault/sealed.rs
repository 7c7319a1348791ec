//! Sealing every stored secret anew, after the instance's secret was changed.
//!
//! Each area lists its [`Sealed`] columns in its module; a test compares those lists with the schema. A row is replaced
//! only while it still is what was read, a hundred at a time, so that this may run beside servers, be killed, and be
//! run again. What surprises people: servers that do not know the new secret yet go on sealing under the old one, so
//! they are restarted first.

use vitrine_db::{Statement, Value, values};
use vitrine_kernel::Error;

use super::{is_outdated, open, seal};
use crate::Ctx;

/// Rows that are replaced by one transaction.
const PAGE: i64 = 100;

/// A column of sealed secrets.
#[derive(Debug)]
pub struct Sealed {
    pub table: &'static str,
    pub column: &'static str,
    /// What they are sealed for.
    pub purpose: &'static str,
    /// Binds the id after which to begin and a limit; answers `id` and `sealed` in the order of ids.
    pub list: &'static Statement,
    /// Binds the id, what is there and what is to be there instead.
    pub replace: &'static Statement,
}

/// What became of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Under the present secret now, and under the one before it until now.
    pub anew: u64,
    /// Under the present secret before.
    pub already: u64,
    /// Somebody else changed or deleted it meanwhile.
    pub changed: u64,
    /// Neither secret opens it.
    pub unreadable: u64,
}

/// Seals what is outdated of one column under the present secret.
pub async fn reseal(ctx: &Ctx, column: &Sealed) -> Result<Resealed, Error> {
    let mut count = Resealed::default();
    let mut after = uuid::Uuid::nil();
    loop {
        let rows = ctx.db.fetch_all(column.list, values![after, PAGE]).await?;
        let mut outdated = Vec::new();
        for row in &rows {
            after = row.get("id")?;
            let sealed: Vec<u8> = row.get("sealed")?;
            if !is_outdated(ctx, &sealed) {
                count.already += 1;
                continue;
            }
            match open(ctx, column.purpose, &sealed) {
                Ok(plain) => outdated.push((after, sealed, seal(ctx, column.purpose, &plain)?)),
                Err(error) => {
                    count.unreadable += 1;
                    tracing::warn!("{} {after}: {error}", column.table);
                }
            }
        }
        if !outdated.is_empty() {
            let mut tx = ctx.db.begin().await?;
            for (id, old, new) in outdated {
                let row: Vec<Value> = values![id, old, new];
                match tx.execute(column.replace, row).await? {
                    0 => count.changed += 1,
                    _ => count.anew += 1,
                }
            }
            tx.commit().await?;
        }
        if rows.is_empty() {
            return Ok(count);
        }
    }
}
