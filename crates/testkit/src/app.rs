//! A whole server without a socket.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use vitrine_db::EngineKind;
use vitrine_db::testing::TestDb;
use vitrine_kernel::{Entropy, ManualClock, Secret, SeededEntropy, Time};
use vitrine_platform::ctx::Inner;
use vitrine_platform::files::{Files, FilesOptions, S3Options};
use vitrine_platform::jobs::{self, JobKind};
use vitrine_platform::limits::Limiter;
use vitrine_platform::mail::jobs::SendMail;
use vitrine_platform::{Ctx, Environment, Module, Settings, events, module, web};
use vitrine_providers::mail::{Mail, Memory};

use crate::{Client, sql};

/// When every test begins.
const START: &str = "2026-11-02T09:00:00Z";
/// Where people would reach the server under test.
const PUBLIC_URL: &str = "http://vitrine.test";
/// A good password, for accounts that need one.
pub(crate) const PASSWORD: &str = "tall-window-94-lamp";

/// What a test changes before the server starts.
pub struct AppOptions {
    pub settings: Settings,
    /// Instead of a temporary folder.
    pub files: Option<Files>,
    /// Buckets of its own, unless somebody shares theirs.
    pub limiter: Limiter,
    /// More for the context's extensions, such as engines.
    pub extensions: http::Extensions,
}

/// A server on a database of its own.
pub struct TestApp {
    pub ctx: Ctx,
    /// Moves only when told to.
    pub clock: ManualClock,
    /// Where letters arrive.
    pub mailer: Arc<Memory>,
    router: Router,
    kinds: Vec<JobKind>,
    may_leave_jobs: AtomicBool,
    may_have_dead_jobs: AtomicBool,
    is_finished: AtomicBool,
    streams: CancellationToken,
    // Dropped last: what the server stands on.
    pub database: TestDb,
    folder: TempDir,
}

impl TestApp {
    /// A server with these modules; `None` when PostgreSQL is wanted, not there and not required.
    pub async fn open(engine: EngineKind, modules: Vec<Module>) -> Option<Self> {
        Self::open_with(engine, modules, |_| {}).await
    }

    /// The same, after a change to its options.
    pub async fn open_with(
        engine: EngineKind,
        modules: Vec<Module>,
        change: impl FnOnce(&mut AppOptions),
    ) -> Option<Self> {
        // Clients for outside services need one; a second installation is refused and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let database = TestDb::open(engine).await?;
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let clock = ManualClock::at(START.parse::<Time>().expect("the start is a time"));
        let mut options = AppOptions {
            settings: settings(folder.path()),
            files: None,
            limiter: Limiter::default(),
            extensions: module::extensions(&modules),
        };
        change(&mut options);
        let AppOptions {
            settings,
            files,
            limiter,
            extensions,
        } = options;
        let files = files.unwrap_or_else(|| open_files(&settings, &clock, folder.path()));
        let mailer = Arc::new(Memory::default());
        let ctx = Ctx::new(Inner {
            db: database.db.clone(),
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(1)) as Arc<dyn Entropy>,
            files,
            mailer: mailer.clone(),
            limiter,
            settings,
            extensions,
        });
        let kinds = modules
            .iter()
            .flat_map(|module| module.jobs.iter().cloned())
            .collect();
        Some(Self {
            router: web::router(&ctx, modules),
            ctx,
            clock,
            mailer,
            kinds,
            may_leave_jobs: AtomicBool::new(false),
            may_have_dead_jobs: AtomicBool::new(false),
            is_finished: AtomicBool::new(false),
            streams: CancellationToken::new(),
            database,
            folder,
        })
    }

    /// Where files are stored.
    pub fn files_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("files")
    }

    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Somebody who is not signed in.
    pub fn client(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// A new account, signed in; its letter of welcome is delivered and not yet read.
    pub async fn register(&self, email: &str) -> Client {
        let body = serde_json::json!({ "email": email, "password": PASSWORD, "full_name": "Ada Example" });
        let client = self.client();
        let tokens = client.post("/auth/register", &body).await.expect(201).json();
        self.deliver_mail().await;
        client.with_tokens(&tokens)
    }

    /// Hands over letters that wait, and does no other work.
    pub async fn deliver_mail(&self) {
        jobs::drain(&self.ctx, &[JobKind::of::<SendMail>()])
            .await
            .expect("mail can be delivered");
    }

    /// Letters to an address, oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        let mut mails = self.mailer.mails();
        mails.retain(|mail| mail.to == address);
        mails
    }

    /// The token of the link in the newest letter to an address.
    pub fn mailed_token(&self, address: &str) -> String {
        let mails = self.mails_to(address);
        token_of(&mails.last().expect("a letter came").text)
    }

    /// The token of the link in the oldest letter to an address: the one that verifies it.
    pub fn first_mailed_token(&self, address: &str) -> String {
        let mails = self.mails_to(address);
        token_of(&mails.first().expect("a letter came").text)
    }

    /// A new account, signed in, whose address is verified.
    pub async fn register_verified(&self, email: &str) -> Client {
        let client = self.register(email).await;
        let body = serde_json::json!({ "token": self.mailed_token(email) });
        self.client().post("/auth/verify-email", &body).await.expect(200);
        client
    }

    /// Signs in an account made with [`register`](Self::register), as another device would.
    pub async fn login(&self, email: &str) -> Client {
        let client = self.client();
        let body = serde_json::json!({ "email": email, "password": PASSWORD });
        let tokens = client.post("/auth/login", &body).await.expect(200).json();
        client.with_tokens(&tokens)
    }

    /// Password of registered accounts.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// Runs every job that is due, also those that are queued meanwhile; answers how many attempts were made.
    pub async fn run_jobs(&self) -> usize {
        jobs::drain(&self.ctx, &self.kinds)
            .await
            .expect("the queue can be drained")
    }

    /// Kinds of work of all modules.
    pub fn kinds(&self) -> &[JobKind] {
        &self.kinds
    }

    /// Starts delivering events to open streams, until the test ends.
    pub fn start_events(&self) {
        tokio::spawn(events::tail(self.ctx.clone(), self.streams.clone()));
    }

    /// This test may end with jobs that have not run.
    pub fn may_leave_jobs(&self) {
        self.may_leave_jobs.store(true, Ordering::Relaxed);
    }

    /// This test may end with jobs that gave up.
    pub fn may_have_dead_jobs(&self) {
        self.may_have_dead_jobs.store(true, Ordering::Relaxed);
    }

    /// Fails when jobs are left or gave up. Every story ends with it.
    pub async fn finish(&self) {
        self.is_finished.store(true, Ordering::Relaxed);
        self.streams.cancel();
        self.deliver_mail().await;
        let mut complaints = Vec::new();
        for row in self
            .ctx
            .db
            .fetch_all(&sql::LIST_OPEN_JOBS, Vec::new())
            .await
            .expect("jobs can be read")
        {
            let kind: String = row.get("kind").expect("a job has a kind");
            let status: String = row.get("status").expect("a job has a status");
            let is_dead = status == "dead";
            let may = if is_dead {
                &self.may_have_dead_jobs
            } else {
                &self.may_leave_jobs
            };
            if !may.load(Ordering::Relaxed) {
                let code: Option<String> = row.get("error_code").expect("a code or none");
                let message: Option<String> = row.get("error_message").expect("a message or none");
                let reason = format!("{} {}", code.unwrap_or_default(), message.unwrap_or_default());
                complaints.push(format!("{kind} is {status} {}", reason.trim()));
            }
        }
        assert!(
            complaints.is_empty(),
            "jobs are left at the end of the test:\n{}",
            complaints.join("\n")
        );
    }
}

fn token_of(letter: &str) -> String {
    let (_, rest) = letter.split_once("?token=").expect("the letter has a link");
    let token = rest.split_whitespace().next().expect("a token follows");
    token.to_owned()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.streams.cancel();
        if !self.is_finished.load(Ordering::Relaxed) && !std::thread::panicking() {
            panic!("a test ended without `app.finish().await`, so nobody looked at its jobs");
        }
    }
}

fn settings(folder: &Path) -> Settings {
    Settings {
        environment: Environment::Test,
        public_url: PUBLIC_URL.to_owned(),
        secret_key: Secret::new(b"a secret of the tests, 32 bytes or more".to_vec()),
        previous_secret_key: None,
        cors_origins: vec!["https://partner.test".to_owned()],
        trusted_proxies: Vec::new(),
        upload_max_bytes: 25 * 1024 * 1024,
        default_plan: "free".to_owned(),
        metrics_token: None,
        is_loopback: true,
        data_dir: folder.to_owned(),
        worker_concurrency: 2,
        // The clock of a story stands still, and stories ask a lot. Those about limits turn them on.
        rate_limits: false,
        public_cache_seconds: 15,
    }
}

fn open_files(settings: &Settings, clock: &ManualClock, folder: &Path) -> Files {
    let options = FilesOptions {
        public_url: settings.public_url.clone(),
        secret: settings.secret_key.clone(),
        clock: Arc::new(clock.clone()),
        s3: S3Options::default(),
    };
    Files::open(&format!("file://{}/files", folder.display()), options)
        .expect("the temporary folder is writable")
}

/// A story as [`app_test!`](crate::app_test) hands it over.
type Story<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells a story on one engine and looks at what it left behind.
pub async fn run_story(
    engine: EngineKind,
    modules: Vec<Module>,
    story: impl for<'a> FnOnce(&'a TestApp) -> Story<'a>,
) {
    if let Some(app) = TestApp::open(engine, modules).await {
        story(&app).await;
        app.finish().await;
    }
}
