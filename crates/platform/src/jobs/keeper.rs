//! Keeps running jobs: renews their leases, tells them to stop, stores how far they are. Each is one statement or one
//! transaction for all jobs of the worker.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use vitrine_db::jobs::{self as engine, Leave};
use vitrine_db::wake::Channel;
use vitrine_kernel::Error;
use vitrine_kernel::id::JobId;

use super::run::Stop;
use super::worker::{HEARTBEAT, LEASE, Shared};

/// How often progress is stored, and cancellations are looked for that no signal told of.
const LOOK: Duration = Duration::from_millis(500);

/// Runs until `stopped`.
pub(super) async fn run(shared: Arc<Shared>, stopped: CancellationToken) {
    let mut signals = shared.ctx.db.wake().subscribe(Channel::JobControl);
    let mut renewed = Instant::now();
    let mut strangers = HashSet::new();
    while !stopped.is_cancelled() {
        let is_idle = shared.watches().is_empty();
        tokio::select! {
            () = stopped.cancelled() => return,
            () = shared.job_started.notified(), if is_idle => {}
            () = signals.wait(if is_idle { HEARTBEAT } else { LOOK }) => {}
        }
        if let Err(error) = look(&shared).await {
            tracing::warn!("could not look after running jobs, trying again: {error}");
        }
        if renewed.elapsed() >= HEARTBEAT {
            match renew(&shared, &mut strangers).await {
                Ok(()) => renewed = Instant::now(),
                Err(error) => tracing::warn!("could not renew leases, trying again: {error}"),
            }
        }
    }
}

pub(super) async fn look(shared: &Shared) -> Result<(), Error> {
    let watches = shared.watches();
    if watches.is_empty() {
        return Ok(());
    }
    let canceled = engine::cancel_requests(&shared.ctx.db, shared.owner).await?;
    for (id, watch) in &watches {
        if canceled.contains(id) {
            watch.stop(Stop::Canceled);
        }
    }
    let news: Vec<_> = watches
        .iter()
        .filter_map(|(id, watch)| watch.take_progress().map(|progress| (*id, progress)))
        .collect();
    if !news.is_empty() {
        let mut tx = shared.ctx.db.begin().await?;
        for (id, (percent, step)) in news {
            engine::store_progress(&mut tx, id, shared.owner, percent, &step).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Renews all leases. A job of ours without a lease was lost; a lease of ours without a job (a claim whose answer never
/// arrived) is given back when it is seen twice, because a claim may be on its way right now.
async fn renew(shared: &Shared, strangers: &mut HashSet<JobId>) -> Result<(), Error> {
    let before = shared.watches();
    let now = shared.ctx.now();
    let leases = engine::renew_leases(&shared.ctx.db, shared.owner, now + LEASE).await?;
    let held: HashSet<JobId> = leases.iter().map(|(id, _)| *id).collect();
    let running: HashSet<JobId> = shared.watches().into_iter().map(|(id, _)| id).collect();
    for (id, watch) in before {
        if !held.contains(&id) && !watch.is_over() {
            tracing::warn!(job.id = %id, "lost the lease of job {id}");
            watch.stop(Stop::Lost);
        }
    }
    let unknown: HashSet<JobId> = held.difference(&running).copied().collect();
    for id in unknown.intersection(strangers) {
        let mut tx = shared.ctx.db.begin().await?;
        engine::leave(&mut tx, *id, shared.owner, now, Leave::Later { run_at: now }).await?;
        tx.signal(Channel::Jobs);
        tx.commit().await?;
    }
    *strangers = unknown;
    Ok(())
}
