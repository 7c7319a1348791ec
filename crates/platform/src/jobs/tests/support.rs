//! A context over a test database, and a job that does what the test says and notes what happened to it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use vitrine_db::{Db, Statement, Tx, Value, values};
use vitrine_kernel::backoff::Backoff;
use vitrine_kernel::id::{JobId, WorkspaceId};
use vitrine_kernel::{Error, ManualClock, Secret, SeededEntropy};

use crate::ctx::Inner;
use crate::files::{Files, FilesOptions, S3Options};
use crate::jobs::worker::Shared;
use crate::jobs::{Failure, Job, JobEnd, JobError, JobKind, JobRun, Kinds, Priority, Subject, enqueue};
use crate::{Ctx, Environment, Settings};

/// A context whose clock stands at noon, with the kinds and whatever else the test hangs on it.
pub(crate) fn ctx_with(
    db: Db,
    kinds: Vec<JobKind>,
    extend: impl FnOnce(&mut http::Extensions),
) -> (Ctx, ManualClock) {
    let clock = ManualClock::at("2026-03-01T12:00:00Z".parse().expect("a time"));
    let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
    let secret = Secret::new(vec![7; 32]);
    let files_options = FilesOptions {
        public_url: "http://vitrine.test".into(),
        secret: secret.clone(),
        clock: Arc::new(clock.clone()),
        s3: S3Options::default(),
    };
    let store = Arc::new(object_store::memory::InMemory::new());
    let files = Files::local(store, folder.path().to_owned(), files_options);
    let settings = Settings {
        environment: Environment::Test,
        public_url: "http://vitrine.test".into(),
        secret_key: secret,
        rate_limits: false,
        public_cache_seconds: 15,
        previous_secret_key: None,
        cors_origins: Vec::new(),
        trusted_proxies: Vec::new(),
        upload_max_bytes: 1024,
        default_plan: "free".into(),
        metrics_token: None,
        is_loopback: true,
        data_dir: folder.path().to_owned(),
        worker_concurrency: 2,
    };
    let mut extensions = http::Extensions::new();
    extensions.insert(folder);
    extensions.insert(Kinds::new(kinds));
    extensions.insert(Diary::default());
    extend(&mut extensions);
    let entropy = Arc::new(SeededEntropy::new(1));
    (
        Ctx::new(Inner {
            db,
            clock: Arc::new(clock.clone()),
            entropy,
            files,
            mailer: Arc::new(vitrine_providers::mail::Memory::default()),
            limiter: crate::limits::Limiter::default(),
            settings,
            extensions,
        }),
        clock,
    )
}

pub(super) fn kinds() -> Vec<JobKind> {
    vec![JobKind::of::<Chore>(), JobKind::of::<Hasty>()]
}

pub(super) fn ctx(db: Db) -> (Ctx, ManualClock) {
    ctx_with(db, kinds(), |_| {})
}

/// A worker's hands, without its loops.
pub(super) fn hands(ctx: &Ctx) -> Shared {
    Shared::new(ctx.clone(), Kinds::new(kinds()))
}

/// What happened to jobs, in order, and gates that the test opens.
#[derive(Debug, Clone, Default)]
pub(crate) struct Diary {
    lines: Arc<Mutex<Vec<String>>>,
    changed: Arc<Notify>,
    pub gate: Arc<Notify>,
}

impl Diary {
    pub fn of(ctx: &Ctx) -> Self {
        ctx.extension::<Self>()
            .expect("the test context has a diary")
            .clone()
    }

    pub fn note(&self, line: String) {
        self.lines
            .lock()
            .expect("no test panics while it writes")
            .push(line);
        self.changed.notify_waiters();
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no test panics while it writes").clone()
    }

    /// Waits until the line is there.
    pub async fn wait_for(&self, line: &str) {
        let seen = async {
            loop {
                let changed = self.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if self.lines().iter().any(|there| there == line) {
                    return;
                }
                changed.await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), seen).await;
        assert!(waited.is_ok(), "never saw {line:?} in {:?}", self.lines());
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Does {
    Succeed,
    Fail,
    GiveUp,
    Panic,
    Snooze,
    /// Works until it is told to stop.
    WaitForStop,
    /// Works until the test opens the gate.
    WaitForGate,
    /// Its owner's hook fails at the end.
    SpoilEnd,
}

/// A job that does what it says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Chore {
    pub name: String,
    pub does: Does,
    pub key: Option<String>,
}

impl Chore {
    pub fn new(name: &str, does: Does) -> Self {
        Self {
            name: name.to_owned(),
            does,
            key: None,
        }
    }
}

pub(super) const SUBJECT: Subject = Subject {
    kind: "thing",
    id: uuid::Uuid::from_u128(77),
};

#[async_trait]
impl Job for Chore {
    const KIND: &'static str = "test.do_chore";
    const MAX_ATTEMPTS: u32 = 3;
    const BACKOFF: Backoff = Backoff::new(10_000, 60_000);

    fn subject(&self) -> Option<Subject> {
        Some(SUBJECT)
    }

    fn unique_key(&self) -> Option<String> {
        self.key.clone()
    }

    async fn run(&self, ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        let diary = Diary::of(ctx);
        diary.note(format!("run {} {}", self.name, run.attempt));
        match self.does {
            Does::Succeed | Does::SpoilEnd => Ok(()),
            Does::Fail => Err(JobError::retry("flaky", "It did not work.")),
            Does::GiveUp => Err(JobError::give_up("hopeless", "It cannot work.")),
            Does::Panic => panic!("a chore fell over"),
            Does::Snooze => Err(JobError::Snooze(Duration::from_secs(30))),
            Does::WaitForStop => {
                run.canceled().cancelled().await;
                Err(JobError::Canceled)
            }
            Does::WaitForGate => {
                diary.gate.notified().await;
                Ok(())
            }
        }
    }

    async fn ended(&self, ctx: &Ctx, _tx: &mut Tx, end: &JobEnd) -> Result<(), Error> {
        if self.does == Does::SpoilEnd {
            return Err(Error::internal("the hook is broken"));
        }
        let end = match end {
            JobEnd::Done => "done".to_owned(),
            JobEnd::Dead { code, .. } => format!("dead of {code}"),
            JobEnd::Canceled => "canceled".to_owned(),
        };
        Diary::of(ctx).note(format!("{} {end}", self.name));
        Ok(())
    }

    async fn will_retry(&self, ctx: &Ctx, _tx: &mut Tx, failure: &Failure) -> Result<(), Error> {
        Diary::of(ctx).note(format!("{} again after {}", self.name, failure.code));
        Ok(())
    }
}

/// A job that may not take long, and takes long.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Hasty {}

#[async_trait]
impl Job for Hasty {
    const KIND: &'static str = "test.do_hasty";
    const TIMEOUT: Duration = Duration::from_millis(5);
    const PRIORITY: Priority = Priority::Whenever;

    async fn run(&self, _ctx: &Ctx, run: &JobRun) -> Result<(), JobError> {
        run.canceled().cancelled().await;
        Err(JobError::Canceled)
    }
}

static INSERT_WORKSPACE: Statement = Statement::new(
    "INSERT_WORKSPACE",
    "insert into workspaces (id, name, plan, created_at) values ($1, 'Test', $2, $3)",
);

pub(crate) async fn workspace(ctx: &Ctx, plan: &str) -> WorkspaceId {
    let id: WorkspaceId = ctx.id();
    ctx.db
        .execute(&INSERT_WORKSPACE, values![id, plan, ctx.now()])
        .await
        .expect("a workspace");
    id
}

/// Queues a chore in a transaction of its own.
pub(super) async fn add(ctx: &Ctx, workspace: Option<WorkspaceId>, chore: Chore) -> JobId {
    let mut tx = ctx.db.begin().await.expect("a transaction");
    let id = enqueue(&mut tx, ctx, workspace, &chore)
        .await
        .expect("a queued job");
    tx.commit().await.expect("a commit");
    id
}

/// What is stored about a job, as text.
pub(super) async fn state(ctx: &Ctx, id: JobId) -> String {
    static STATE: Statement = Statement::new(
        "STATE",
        "select status, attempt, error_code, progress, step from jobs where id = $1",
    );
    let row = ctx
        .db
        .fetch_one(&STATE, vec![Value::from(id)])
        .await
        .expect("the job");
    let text = |column: &str| {
        row.get::<Option<String>>(column)
            .expect("a text")
            .unwrap_or_else(|| "-".into())
    };
    let number = |column: &str| row.get::<i64>(column).expect("a number");
    format!(
        "{} {} {} {} {}",
        text("status"),
        number("attempt"),
        text("error_code"),
        number("progress"),
        text("step")
    )
}
