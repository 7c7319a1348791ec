//! The worker: claims jobs when it has free slots, runs them, and stores what they came to.
//!
//! Three loops share one state. This file has the first, which claims, fires schedules and takes over what dead
//! workers left; `keeper` renews leases and carries cancellations and progress; `finisher` stores outcomes. All of
//! them sleep until something happens; the slow looks now and then are only there for lost signals.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;
use uuid::Uuid;
use vitrine_db::EngineKind;
use vitrine_db::jobs::{self as engine, Claim, ClaimedJob};
use vitrine_db::wake::Channel;
use vitrine_kernel::id::JobId;
use vitrine_kernel::{Error, Time};

use super::finisher::{self, Ended};
use super::run::{self, JobRun, Outcome, Stop, Watch};
use super::schedule::Timetable;
use super::settle::{Settled, settle_alone};
use super::{JobKind, Kinds, Schedule, alone, keeper};
use crate::Ctx;
use crate::billing::PLANS;

/// How long a claimed job is safe from other workers without being renewed.
pub(super) const LEASE: Duration = Duration::from_secs(20);
/// How often leases are renewed, and those of dead workers are looked for.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(5);

/// How a worker works.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// Jobs run at the same time.
    pub concurrency: usize,
    /// How long running jobs may take to finish after a stop was asked for.
    pub drain_for: Duration,
}

impl Default for WorkerOptions {
    fn default() -> Self {
        Self {
            concurrency: 4,
            drain_for: Duration::from_secs(18),
        }
    }
}

/// Runs jobs of all workspaces until it is told to stop.
#[derive(Debug)]
pub struct Worker {
    shared: Arc<Shared>,
    timetable: Timetable,
    options: WorkerOptions,
}

/// What the loops of one worker share.
#[derive(Debug)]
pub(super) struct Shared {
    pub ctx: Ctx,
    /// Names this worker on the leases it holds.
    pub owner: Uuid,
    kinds: Kinds,
    kind_names: String,
    shares: String,
    /// Jobs in hand, until their outcome is stored.
    pub running: Mutex<HashMap<JobId, Arc<Watch>>>,
    pub slot_freed: Notify,
    pub job_started: Notify,
}

impl Shared {
    pub fn new(ctx: Ctx, kinds: Kinds) -> Self {
        // Every workspace may run as many jobs at once as its plan says; a plan that is gone counts as the smallest.
        let mut shares: serde_json::Map<_, _> = PLANS
            .iter()
            .map(|plan| (plan.code.to_owned(), json!(plan.concurrency)))
            .collect();
        shares.insert("default".to_owned(), json!(PLANS[0].concurrency));
        Self {
            owner: ctx.id(),
            kind_names: json!(kinds.names()).to_string(),
            shares: serde_json::Value::Object(shares).to_string(),
            ctx,
            kinds,
            running: Mutex::default(),
            slot_freed: Notify::new(),
            job_started: Notify::new(),
        }
    }

    pub async fn claim(&self, at_most: usize) -> Result<Vec<ClaimedJob>, Error> {
        let now = self.ctx.now();
        let claim = Claim {
            now,
            owner: self.owner,
            lease_until: now + LEASE,
            kinds: &self.kind_names,
            shares: &self.shares,
            at_most,
        };
        Ok(engine::claim(&self.ctx.db, &claim).await?)
    }

    /// The kind of a claimed job; only known kinds are claimed.
    pub fn kind_of(&self, job: &ClaimedJob) -> Result<&JobKind, Error> {
        self.kinds
            .get(&job.kind)
            .ok_or_else(|| Error::internal(format!("jobs.kind {} was not asked for", job.kind)))
    }

    pub fn watches(&self) -> Vec<(JobId, Arc<Watch>)> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.iter().map(|(id, watch)| (*id, watch.clone())).collect()
    }

    /// Gives a job's slot back, after its outcome was stored.
    pub fn forget(&self, id: JobId) {
        self.running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
        self.slot_freed.notify_one();
    }

    fn count_running(&self) -> usize {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Makes one attempt and measures it.
    pub async fn attempt(&self, kind: &JobKind, job: &ClaimedJob, run: &JobRun) -> Outcome {
        let waited = (self.ctx.now() - job.run_at).to_std().unwrap_or_default();
        metrics::histogram!("vitrine_job_wait_seconds", "kind" => kind.name()).record(waited.as_secs_f64());
        let started = Instant::now();
        let span =
            tracing::info_span!("job", job.id = %job.id, job.kind = kind.name(), job.attempt = job.attempt);
        let outcome = run::attempt(&self.ctx, kind, job, run).instrument(span).await;
        metrics::histogram!("vitrine_job_run_seconds", "kind" => kind.name())
            .record(started.elapsed().as_secs_f64());
        outcome
    }

    /// Finishes what workers left that no longer renew their leases: their jobs are queued again at once, or end.
    pub async fn take_over(&self) -> Result<usize, Error> {
        let (ctx, now) = (&self.ctx, self.ctx.now());
        let mut taken = 0;
        for (id, kind) in engine::expired(&ctx.db, now).await? {
            let Some(kind) = self.kinds.get(&kind) else {
                continue;
            };
            let mut tx = ctx.db.begin().await?;
            let Some((job, is_canceled)) = engine::adopt(&mut tx, id, self.owner, now + LEASE, now).await?
            else {
                continue;
            };
            let outcome = if is_canceled {
                Outcome::Canceled
            } else {
                Outcome::interrupted()
            };
            let settled = super::settle::settle(&mut tx, ctx, self.owner, kind, &job, &outcome).await?;
            tx.commit().await?;
            count(kind, settled);
            tracing::warn!(job.id = %id, "took job {id} ({}) over from a worker that is gone: {}", kind.name(), settled.as_str());
            taken += 1;
        }
        Ok(taken)
    }
}

pub(super) fn count(kind: &JobKind, settled: Settled) {
    metrics::counter!("vitrine_jobs_ended_total", "kind" => kind.name(), "outcome" => settled.as_str())
        .increment(1);
}

impl Worker {
    pub fn new(ctx: Ctx, kinds: Vec<JobKind>, schedules: Vec<Schedule>, options: WorkerOptions) -> Self {
        let shared = Arc::new(Shared::new(ctx, Kinds::new(kinds)));
        Self {
            shared,
            timetable: Timetable::new(schedules),
            options,
        }
    }

    /// Works until `shutdown`, then drains: nothing new is claimed, running jobs may finish for a while, and what is
    /// still running then is queued again without losing an attempt.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let shared = self.shared.clone();
        let _alone = alone::end_leases_if_alone(&shared.ctx).await;
        let stopped = CancellationToken::new();
        let keeper = tokio::spawn(keeper::run(shared.clone(), stopped.clone()));
        let (ended, outcomes) = mpsc::unbounded_channel();
        let finisher = tokio::spawn(finisher::run(shared.clone(), outcomes));
        let jobs = TaskTracker::new();

        self.work(&shutdown, &jobs, &ended).await;

        jobs.close();
        if tokio::time::timeout(self.options.drain_for, jobs.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                "{} jobs did not finish in time and are queued again",
                shared.count_running()
            );
            for (_, watch) in shared.watches() {
                watch.stop(Stop::Shutdown);
            }
            jobs.wait().await;
        }
        drop(ended);
        // The outcomes must be stored, and leases kept until they are.
        let _ = finisher.await;
        stopped.cancel();
        let _ = keeper.await;
    }

    async fn work(
        &mut self,
        shutdown: &CancellationToken,
        jobs: &TaskTracker,
        ended: &mpsc::UnboundedSender<Ended>,
    ) {
        let shared = self.shared.clone();
        let mut signals = shared.ctx.db.wake().subscribe(Channel::Jobs);
        let mut looked_after: Option<Instant> = None;
        while !shutdown.is_cancelled() {
            if looked_after.is_none_or(|at| at.elapsed() >= HEARTBEAT) {
                looked_after = Some(Instant::now());
                log("take over jobs of dead workers", shared.take_over().await);
                log("count jobs", measure_queue(&shared).await);
            }
            log("fire schedules", self.timetable.fire(&shared.ctx).await);
            let free = self.options.concurrency.saturating_sub(shared.count_running());
            let wait = match self.claim_and_start(free, jobs, ended, shutdown).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!("could not claim jobs, trying again: {error}");
                    Duration::from_secs(1)
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = shared.slot_freed.notified() => {}
                () = signals.wait(wait) => {}
            }
        }
    }

    /// Fills the free slots; answers how long to wait for the next signal at most.
    async fn claim_and_start(
        &self,
        free: usize,
        jobs: &TaskTracker,
        ended: &mpsc::UnboundedSender<Ended>,
        shutdown: &CancellationToken,
    ) -> Result<Duration, Error> {
        let shared = &self.shared;
        if free == 0 {
            return Ok(HEARTBEAT);
        }
        let claimed = shared.claim(free).await?;
        let is_full = claimed.len() == free;
        for job in claimed {
            let kind = shared.kind_of(&job)?.clone();
            let run = JobRun::new(&job);
            shared
                .running
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(job.id, run.watch.clone());
            shared.job_started.notify_one();
            let begin = start(shared.clone(), kind, job, run, ended.clone(), shutdown.clone());
            jobs.spawn(begin);
        }
        if is_full {
            return Ok(HEARTBEAT);
        }
        let now = shared.ctx.now();
        let due = [
            engine::next_run_at(&shared.ctx.db, now).await?,
            self.timetable.next(),
        ];
        Ok(until(now, due.into_iter().flatten().min()).min(slow_look(&shared.ctx)))
    }
}

/// How long to wait for signals without looking. On SQLite other processes cannot signal.
fn slow_look(ctx: &Ctx) -> Duration {
    match ctx.db.kind() {
        EngineKind::Sqlite => Duration::from_secs(1),
        EngineKind::Postgres => HEARTBEAT,
    }
}

fn until(now: Time, then: Option<Time>) -> Duration {
    // One millisecond more, because timers of the runtime are that coarse.
    then.map_or(HEARTBEAT, |then| {
        (then - now).to_std().unwrap_or_default() + Duration::from_millis(1)
    })
}

async fn start(
    shared: Arc<Shared>,
    kind: JobKind,
    job: ClaimedJob,
    run: JobRun,
    ended: mpsc::UnboundedSender<Ended>,
    shutdown: CancellationToken,
) {
    let outcome = if shutdown.is_cancelled() {
        // The stop came while the claim was under way: nothing has begun, so the job goes back as it was.
        Outcome::Later(Duration::ZERO)
    } else {
        shared.attempt(&kind, &job, &run).await
    };
    let one = Ended { kind, job, outcome };
    match shared.ctx.db.kind() {
        // One writer at a time: outcomes that arrive together are stored together.
        EngineKind::Sqlite => {
            let _ = ended.send(one);
        }
        // Stored side by side, each alone: two batches could wait for each other's rows.
        EngineKind::Postgres => finisher::store_one(&shared, &one).await,
    }
}

async fn measure_queue(shared: &Shared) -> Result<(), Error> {
    let (queued, running) = engine::count_live(&shared.ctx.db).await?;
    metrics::gauge!("vitrine_jobs_queued").set(queued as f64);
    metrics::gauge!("vitrine_jobs_running").set(running as f64);
    Ok(())
}

fn log<T>(what: &str, result: Result<T, Error>) {
    if let Err(error) = result {
        tracing::warn!("could not {what}, trying again: {error}");
    }
}

/// Runs everything that is due, one job after the other, until nothing is left; answers how many attempts were made.
/// For tests and tools; a job that waits for a later time stays queued.
pub async fn drain(ctx: &Ctx, kinds: &[JobKind]) -> Result<usize, Error> {
    let shared = Shared::new(ctx.clone(), Kinds::new(kinds.iter().cloned()));
    let mut attempts = 0;
    loop {
        let claimed = shared.claim(1).await?;
        let Some(job) = claimed.into_iter().next() else {
            return Ok(attempts);
        };
        let kind = shared.kind_of(&job)?;
        let outcome = shared.attempt(kind, &job, &JobRun::new(&job)).await;
        settle_alone(ctx, shared.owner, kind, &job, &outcome).await?;
        attempts += 1;
    }
}
