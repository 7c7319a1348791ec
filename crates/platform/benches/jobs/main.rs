//! Jobs per second: queued one per transaction, then worked by a worker, beside a plain loop of the same statements
//! without leases' renewal, turns, plans, hooks or wake-ups. PostgreSQL is measured when `VITRINE_TEST_POSTGRES_URL`
//! names a server.
//!
//! `cargo bench -p vitrine-platform --bench jobs -- [jobs]`

mod sql;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use vitrine_db::testing::TestDb;
use vitrine_db::{EngineKind, values};
use vitrine_kernel::id::{JobId, WorkspaceId};
use vitrine_kernel::{Secret, SystemClock, SystemEntropy};
use vitrine_platform::ctx::Inner;
use vitrine_platform::files::{Files, FilesOptions, S3Options};
use vitrine_platform::jobs::{Job, JobError, JobKind, JobRun, Kinds, Worker, WorkerOptions, enqueue};
use vitrine_platform::{Ctx, Environment, Settings};

/// Counts down, and says when it is over.
#[derive(Debug, Clone, Default)]
struct Left(Arc<(AtomicUsize, Notify)>);

/// A job that does nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Nothing {}

#[async_trait]
impl Job for Nothing {
    const KIND: &'static str = "bench.do_nothing";

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let left = ctx.extension::<Left>().expect("the bench counts");
        if left.0.0.fetch_sub(1, Ordering::AcqRel) == 1 {
            left.0.1.notify_one();
        }
        Ok(())
    }
}

fn main() {
    let count = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(5_000);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("{count} jobs of ten workspaces, per second");
    println!(
        "{:<10} {:>16} {:>16} {:>16} {:>16}",
        "", "queue", "queue, plain", "work, 16 slots", "work, plain"
    );
    for kind in [EngineKind::Sqlite, EngineKind::Postgres] {
        runtime.block_on(measure(kind, count));
    }
}

async fn measure(kind: EngineKind, count: usize) {
    let Some(test) = TestDb::open(kind).await else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let left = Left::default();
    let ctx = context(&test, folder.path(), left.clone());
    let mut workspaces = Vec::new();
    for _ in 0..10 {
        let id: WorkspaceId = ctx.id();
        ctx.db
            .execute(&sql::INSERT_WORKSPACE, values![id, ctx.now()])
            .await
            .expect("a workspace");
        workspaces.push(id);
    }

    let started = Instant::now();
    for number in 0..count {
        let mut tx = ctx.db.begin().await.expect("a transaction");
        enqueue(&mut tx, &ctx, Some(workspaces[number % 10]), &Nothing {})
            .await
            .expect("a job");
        tx.commit().await.expect("a commit");
    }
    let queue = rate(count, started);

    left.0.0.store(count, Ordering::Release);
    let shutdown = CancellationToken::new();
    let options = WorkerOptions {
        concurrency: 16,
        ..WorkerOptions::default()
    };
    let worker = Worker::new(ctx.clone(), vec![JobKind::of::<Nothing>()], Vec::new(), options);
    let started = Instant::now();
    let worker = tokio::spawn(worker.run(shutdown.clone()));
    left.0.1.notified().await;
    shutdown.cancel();
    worker.await.expect("the worker stops");
    let work = rate(count, started);

    let started = Instant::now();
    for number in 0..count {
        let mut tx = ctx.db.begin().await.expect("a transaction");
        let row = values![ctx.id::<JobId>(), workspaces[number % 10], ctx.now()];
        tx.execute_one(&sql::INSERT_PLAIN_JOB, row).await.expect("a job");
        tx.commit().await.expect("a commit");
    }
    let plain_queue = rate(count, started);

    let started = Instant::now();
    let loops: Vec<_> = (0..16)
        .map(|number| tokio::spawn(plain_worker(ctx.clone(), workspaces[number % 10])))
        .collect();
    let mut worked = 0;
    for one in loops {
        worked += one.await.expect("a plain worker ends");
    }
    assert_eq!(worked, count);
    let plain_work = rate(count, started);
    println!(
        "{:<10} {queue:>16.0} {plain_queue:>16.0} {work:>16.0} {plain_work:>16.0}",
        format!("{kind:?}")
    );
}

async fn plain_worker(ctx: Ctx, workspace: WorkspaceId) -> usize {
    let owner: uuid::Uuid = ctx.id();
    let mut worked = 0;
    loop {
        let now = ctx.now();
        let values = values![now, owner, now + Duration::from_secs(20), workspace];
        let taken = ctx
            .db
            .execute_returning(&sql::TAKE_PLAIN_JOB, values)
            .await
            .expect("a claim");
        let Some(row) = taken.first() else { return worked };
        let id: JobId = row.get("id").expect("an id");
        ctx.db
            .execute(&sql::END_PLAIN_JOB, values![id, owner, ctx.now()])
            .await
            .expect("an end");
        worked += 1;
    }
}

fn rate(count: usize, started: Instant) -> f64 {
    count as f64 / started.elapsed().as_secs_f64()
}

fn context(test: &TestDb, folder: &std::path::Path, left: Left) -> Ctx {
    let secret = Secret::new(vec![7; 32]);
    let options = FilesOptions {
        public_url: "http://vitrine.test".into(),
        secret: secret.clone(),
        clock: Arc::new(SystemClock),
        s3: S3Options::default(),
    };
    let files = Files::open(&format!("file://{}", folder.display()), options).expect("a storage folder");
    let settings = Settings {
        environment: Environment::Test,
        public_url: "http://vitrine.test".into(),
        secret_key: secret,
        rate_limits: false,
        public_cache_seconds: 15,
        previous_secret_key: None,
        cors_origins: Vec::new(),
        trusted_proxies: Vec::new(),
        upload_max_bytes: 1,
        default_plan: "free".into(),
        metrics_token: None,
        is_loopback: true,
        data_dir: folder.to_owned(),
        worker_concurrency: 16,
    };
    let mut extensions = http::Extensions::new();
    extensions.insert(left);
    extensions.insert(Kinds::new([JobKind::of::<Nothing>()]));
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    Ctx::new(Inner {
        db: test.db.clone(),
        clock,
        entropy,
        files,
        mailer: Arc::new(vitrine_providers::mail::Memory::default()),
        limiter: vitrine_platform::limits::Limiter::default(),
        settings,
        extensions,
    })
}
