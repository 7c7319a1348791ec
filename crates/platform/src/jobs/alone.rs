//! Whether this is the only worker on a SQLite file: then the leases it finds are those of the dead, and a process that
//! was killed and started again need not wait for them to run out.
//!
//! Every worker holds a shared lock on `worker.lock` in the data directory. Whoever gets it exclusively is alone, and
//! stays so until it lets go: the operating system drops the locks of a process however it ends.

use std::fs::{File, TryLockError};

use vitrine_db::EngineKind;
use vitrine_db::jobs as engine;
use vitrine_kernel::Error;

use crate::Ctx;
use crate::idempotency::record::end_claims;

/// Ends the leases of dead workers if that is certain. The file must be kept open while the worker works.
pub(super) async fn end_leases_if_alone(ctx: &Ctx) -> Option<File> {
    if ctx.db.kind() != EngineKind::Sqlite {
        return None;
    }
    match lock(ctx).await {
        Ok(file) => Some(file),
        Err(error) => {
            tracing::warn!(
                "could not look for other workers, so leases of dead ones have to run out: {error}"
            );
            None
        }
    }
}

async fn lock(ctx: &Ctx) -> Result<File, Error> {
    let path = ctx.settings.data_dir.join("worker.lock");
    let failed =
        |error: std::io::Error| Error::internal(format!("{}: {error}", path.display())).with_source(error);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {
            let ended = engine::end_all_leases(&ctx.db, ctx.now()).await;
            let claims = end_claims(ctx).await;
            // Between the two locks another worker may find itself alone as well; nothing was claimed here yet.
            file.unlock().map_err(failed)?;
            let ended = ended?;
            claims?;
            if ended > 0 {
                tracing::info!("{ended} jobs were running when the last worker died");
            }
        }
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let waiting = tokio::task::spawn_blocking(move || file.lock_shared().map(|()| file));
    waiting
        .await
        .map_err(|error| Error::internal(error.to_string()))?
        .map_err(failed)
}
