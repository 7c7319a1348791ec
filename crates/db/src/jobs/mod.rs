//! The job engine: the statements by which jobs are queued, claimed, kept and ended, on either engine.
//!
//! Policy (kinds, hooks, back-off, the worker's loop) is `platform::jobs`; here is what the database guarantees. A job
//! is *running* while a worker holds its lease. Every statement that ends or moves a running job names the owner of
//! the lease, so a worker that lost it touches no row. What surprises people: one claim takes the heads of all queues
//! (a queue is a workspace) in turns, so the length of a queue costs nobody but its owner.

pub mod sql;

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use vitrine_kernel::id::{JobId, WorkspaceId};

use crate::engine::Pools;
use crate::{Db, Result, Row, Tx, Value, values};

type Time = DateTime<Utc>;

/// A job to queue.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub id: JobId,
    pub kind: &'static str,
    pub payload: String,
    pub workspace_id: Option<WorkspaceId>,
    pub subject: Option<(&'static str, Uuid)>,
    /// Smaller goes first.
    pub priority: i64,
    pub max_attempts: u32,
    pub run_at: Time,
    pub unique_key: Option<String>,
    pub created_at: Time,
}

/// What one claim asks for.
#[derive(Debug, Clone)]
pub struct Claim<'a> {
    pub now: Time,
    pub owner: Uuid,
    pub lease_until: Time,
    /// JSON list of the kinds this worker knows.
    pub kinds: &'a str,
    /// JSON object: running jobs a workspace may have, by plan, and a `default`.
    pub shares: &'a str,
    pub at_most: usize,
}

/// A running job in the hands of its worker.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    pub id: JobId,
    pub kind: String,
    pub payload: String,
    pub workspace_id: Option<WorkspaceId>,
    pub priority: i64,
    /// The attempt that begins, from 1.
    pub attempt: u32,
    pub max_attempts: u32,
    /// When it was due.
    pub run_at: Time,
}

impl ClaimedJob {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            payload: row.get("payload")?,
            workspace_id: row.get("workspace_id")?,
            priority: row.get("priority")?,
            attempt: row.get("attempt")?,
            max_attempts: row.get("max_attempts")?,
            run_at: row.get("run_at")?,
        })
    }
}

/// A job somebody wants to act upon, locked for the rest of the transaction.
#[derive(Debug, Clone)]
pub struct LockedJob {
    pub id: JobId,
    pub kind: String,
    pub payload: String,
    pub workspace_id: Option<WorkspaceId>,
    pub status: String,
}

impl LockedJob {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            payload: row.get("payload")?,
            workspace_id: row.get("workspace_id")?,
            status: row.get("status")?,
        })
    }
}

/// How a running job leaves its worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave<'a> {
    Done,
    Dead {
        code: &'a str,
        message: &'a str,
    },
    Canceled,
    /// Failed, to be tried again.
    Again {
        run_at: Time,
        code: &'a str,
        message: &'a str,
    },
    /// Put back without counting the attempt.
    Later {
        run_at: Time,
    },
}

/// Queues a job; answers its id, or that of the live job that has the key.
pub async fn insert(tx: &mut Tx, job: &NewJob) -> Result<JobId> {
    loop {
        let row = values![
            job.id,
            job.kind,
            &job.payload,
            job.workspace_id,
            job.workspace_id.map_or(Uuid::nil(), |id| id.0),
            job.subject.map(|(kind, _)| kind),
            job.subject.map(|(_, id)| id),
            job.priority,
            job.max_attempts,
            job.run_at,
            job.unique_key.as_ref(),
            job.created_at,
        ];
        if job.unique_key.is_none() {
            tx.execute_one(&sql::INSERT_JOB, row).await?;
            return Ok(job.id);
        }
        if tx.execute(&sql::INSERT_JOB, row).await? == 1 {
            return Ok(job.id);
        }
        let live = tx
            .fetch_optional(&sql::FIND_LIVE_JOB_BY_KEY, values![job.unique_key.as_ref()])
            .await?;
        // It may have ended between the two statements; then the key is free.
        if let Some(live) = live {
            return live.get("id");
        }
    }
}

/// Takes up to `at_most` due jobs, first the most urgent, then whose turn it is; ordered like that.
pub async fn claim(db: &Db, claim: &Claim<'_>) -> Result<Vec<ClaimedJob>> {
    let values = |at_most: usize| {
        let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
        values![
            claim.now,
            claim.owner,
            claim.lease_until,
            claim.kinds,
            at_most,
            claim.shares
        ]
    };
    let mut jobs = Vec::new();
    match db.pools {
        Pools::Sqlite { .. } => {
            for row in db
                .execute_returning(&sql::CLAIM_JOBS, values(claim.at_most))
                .await?
            {
                jobs.push(ClaimedJob::from_row(&row)?);
            }
        }
        Pools::Postgres(_) => {
            // A row that somebody looks at under a lock is passed over; nobody would signal when it is free again, so
            // it is asked for a few times more, for 150 ms in all.
            for round in 0..5 {
                if round > 0 {
                    tokio::time::sleep(Duration::from_millis(5 << round)).await;
                }
                let is_more = claim_postgres(db, values(claim.at_most - jobs.len()), &mut jobs).await?;
                if !is_more {
                    break;
                }
            }
        }
    }
    jobs.sort_by_key(|job| (job.priority, job.run_at, job.id));
    Ok(jobs)
}

/// One claim; answers whether there was more to take than it got.
async fn claim_postgres(db: &Db, values: Vec<Value>, jobs: &mut Vec<ClaimedJob>) -> Result<bool> {
    let mut tx = db.begin().await?;
    tx.fetch_one(&sql::LOCK_CLAIMS, Vec::new()).await?;
    let rows = tx.fetch_all(&sql::CLAIM_JOBS, values).await?;
    tx.commit().await?;
    let (mut taken, mut eligible) = (0_i64, 0_i64);
    for row in &rows {
        eligible = row.get("eligible")?;
        if row.get::<Option<Uuid>>("id")?.is_some() {
            jobs.push(ClaimedJob::from_row(row)?);
            taken += 1;
        }
    }
    Ok(taken < eligible)
}

/// Renews every lease of a worker in one statement; answers which jobs it still has, and whether each should stop.
pub async fn renew_leases(db: &Db, owner: Uuid, until: Time) -> Result<Vec<(JobId, bool)>> {
    let rows = db
        .execute_returning(&sql::RENEW_LEASES, values![owner, until])
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("id")?, row.get("cancel_requested")?)))
        .collect()
}

/// The running jobs of a worker that should stop.
pub async fn cancel_requests(db: &Db, owner: Uuid) -> Result<Vec<JobId>> {
    let rows = db.fetch_all(&sql::LIST_CANCEL_REQUESTS, values![owner]).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Stores how far a running job is.
pub async fn store_progress(tx: &mut Tx, id: JobId, owner: Uuid, percent: u8, step: &str) -> Result<()> {
    tx.execute(&sql::STORE_PROGRESS, values![id, owner, u32::from(percent), step])
        .await
        .map(|_| ())
}

/// Lets a running job leave its worker; `false` when the worker has lost it, or when it was to be queued again but
/// somebody canceled it in the meantime.
pub async fn leave(tx: &mut Tx, id: JobId, owner: Uuid, now: Time, how: Leave<'_>) -> Result<bool> {
    let rows = match how {
        Leave::Done => tx.execute(&sql::FINISH_JOB, values![id, owner, now]).await?,
        Leave::Dead { code, message } => {
            tx.execute(&sql::BURY_JOB, values![id, owner, now, code, message])
                .await?
        }
        Leave::Canceled => tx.execute(&sql::STOP_JOB, values![id, owner, now]).await?,
        Leave::Again {
            run_at,
            code,
            message,
        } => {
            tx.execute(&sql::REQUEUE_JOB, values![id, owner, run_at, code, message])
                .await?
        }
        Leave::Later { run_at } => tx.execute(&sql::PUT_JOB_BACK, values![id, owner, run_at]).await?,
    };
    Ok(rows == 1)
}

/// Running jobs whose worker did not renew its lease, with their kinds; at most a hundred.
pub async fn expired(db: &Db, now: Time) -> Result<Vec<(JobId, String)>> {
    let rows = db.fetch_all(&sql::LIST_EXPIRED_LEASES, values![now]).await?;
    rows.iter()
        .map(|row| Ok((row.get("id")?, row.get("kind")?)))
        .collect()
}

/// Takes a job over from a worker whose lease has ended; `None` when another worker was faster. The flag says whether
/// somebody asked the job to stop.
pub async fn adopt(
    tx: &mut Tx,
    id: JobId,
    owner: Uuid,
    until: Time,
    now: Time,
) -> Result<Option<(ClaimedJob, bool)>> {
    let row = tx
        .fetch_optional(&sql::ADOPT_JOB, values![id, owner, until, now])
        .await?;
    row.map(|row| Ok((ClaimedJob::from_row(&row)?, row.get("cancel_requested")?)))
        .transpose()
}

/// Ends every lease now. Only for whoever knows that no worker is alive.
pub async fn end_all_leases(db: &Db, now: Time) -> Result<u64> {
    db.execute(&sql::END_ALL_LEASES, values![now]).await
}

/// A job by id, locked for the rest of the transaction.
pub async fn lock(tx: &mut Tx, id: JobId) -> Result<Option<LockedJob>> {
    let row = tx.fetch_optional(&sql::LOCK_JOB, values![id]).await?;
    row.map(|row| LockedJob::from_row(&row)).transpose()
}

/// The live jobs about something, locked for the rest of the transaction.
pub async fn lock_live_by_subject(tx: &mut Tx, kind: &str, id: Uuid) -> Result<Vec<LockedJob>> {
    let rows = tx
        .fetch_all(&sql::LOCK_LIVE_JOBS_BY_SUBJECT, values![id, kind])
        .await?;
    rows.iter().map(LockedJob::from_row).collect()
}

/// Cancels a queued job that was locked before.
pub async fn cancel_queued(tx: &mut Tx, id: JobId, now: Time) -> Result<()> {
    tx.execute_one(&sql::CANCEL_QUEUED_JOB, values![id, now]).await
}

/// Asks a running job that was locked before to stop.
pub async fn request_cancel(tx: &mut Tx, id: JobId) -> Result<()> {
    tx.execute_one(&sql::REQUEST_CANCEL, values![id]).await
}

/// Queues a dead or canceled job again as if it were new; `false` when it is neither.
pub async fn revive(tx: &mut Tx, id: JobId, now: Time) -> Result<bool> {
    Ok(tx.execute(&sql::REVIVE_JOB, values![id, now]).await? == 1)
}

/// When the next job that is not due yet will be.
pub async fn next_run_at(db: &Db, now: Time) -> Result<Option<Time>> {
    db.fetch_one(&sql::NEXT_RUN_AT, values![now]).await?.get("run_at")
}

/// Numbers of queued and running jobs.
pub async fn count_live(db: &Db) -> Result<(i64, i64)> {
    let row = db.fetch_one(&sql::COUNT_LIVE_JOBS, Vec::new()).await?;
    Ok((row.get("queued")?, row.get("running")?))
}

/// Deletes up to a thousand jobs that ended before `before`, dead ones only before `dead_before`; answers how many.
pub async fn purge_ended(db: &Db, before: Time, dead_before: Time) -> Result<u64> {
    db.execute(&sql::PURGE_ENDED_JOBS, values![before, dead_before])
        .await
}

/// When each schedule last fired.
pub async fn schedules(db: &Db) -> Result<Vec<(String, Time)>> {
    let rows = db.fetch_all(&sql::LIST_SCHEDULES, Vec::new()).await?;
    rows.iter()
        .map(|row| Ok((row.get("name")?, row.get("last_fired_at")?)))
        .collect()
}

/// Notes that a schedule fires for a period; `false` when it has done so already.
pub async fn fire_schedule(tx: &mut Tx, name: &str, period: Time) -> Result<bool> {
    Ok(tx.execute(&sql::FIRE_SCHEDULE, values![name, period]).await? == 1)
}
