//! Stores the outcomes of jobs, several in one transaction when they arrive together.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use vitrine_db::jobs::ClaimedJob;
use vitrine_kernel::{Error, ErrorCode};

use super::JobKind;
use super::run::Outcome;
use super::settle::{Settled, settle, settle_alone, settle_without_hook};
use super::worker::{Shared, count};

/// A job whose attempt is over.
#[derive(Debug)]
pub(super) struct Ended {
    pub kind: JobKind,
    pub job: ClaimedJob,
    pub outcome: Outcome,
}

/// Most outcomes in one transaction, so that others get at the writer in between.
const BATCH: usize = 64;
/// How often an owner's hook may fail before the job leaves without it.
const HOOK_ATTEMPTS: u32 = 4;

/// Stores what arrives until every sender is gone.
pub(super) async fn run(shared: Arc<Shared>, mut outcomes: mpsc::UnboundedReceiver<Ended>) {
    let mut batch = Vec::with_capacity(BATCH);
    while outcomes.recv_many(&mut batch, BATCH).await > 0 {
        match store_batch(&shared, &batch).await {
            Ok(settled) => {
                for (one, settled) in batch.drain(..).zip(settled) {
                    count(&one.kind, settled);
                    shared.forget(one.job.id);
                }
            }
            // One bad outcome must not hold up the others.
            Err(_) => {
                for one in batch.drain(..) {
                    store_one(&shared, &one).await;
                }
            }
        }
    }
}

async fn store_batch(shared: &Shared, batch: &[Ended]) -> Result<Vec<Settled>, Error> {
    let mut tx = shared.ctx.db.begin().await?;
    let mut all = Vec::with_capacity(batch.len());
    for Ended { kind, job, outcome } in batch {
        all.push(settle(&mut tx, &shared.ctx, shared.owner, kind, job, outcome).await?);
    }
    tx.commit().await?;
    Ok(all)
}

/// Stores one outcome, however long the database is away, and gives the slot back.
pub(super) async fn store_one(shared: &Shared, ended: &Ended) {
    let Ended { kind, job, outcome } = ended;
    let mut hook_failures = 0;
    let mut pause = Duration::from_millis(100);
    loop {
        let result = if hook_failures < HOOK_ATTEMPTS {
            settle_alone(&shared.ctx, shared.owner, kind, job, outcome).await
        } else {
            settle_without_hook(&shared.ctx, shared.owner, kind, job).await
        };
        match result {
            Ok(settled) => {
                count(kind, settled);
                break;
            }
            Err(error) => {
                tracing::error!(job.id = %job.id, "could not store the outcome of job {} ({}): {error}", job.id, job.kind);
                if error.code() != ErrorCode::Unavailable {
                    hook_failures += 1;
                }
                if hook_failures > 2 * HOOK_ATTEMPTS || is_closed(shared) {
                    // Its lease runs out, and another worker takes it over.
                    break;
                }
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(5));
    }
    shared.forget(job.id);
}

fn is_closed(shared: &Shared) -> bool {
    shared.ctx.db.is_closed()
}
