//! Our server, put together as the program does it: every module, every layer, the signals between processes, the
//! reader of events. Only workers are missing, and nobody looks for files.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vitrine_db::{Db, DbOptions};
use vitrine_kernel::{Clock, Secret, SystemClock, SystemEntropy};
use vitrine_platform::billing::UNLIMITED;
use vitrine_platform::ctx::Inner;
use vitrine_platform::files::{Files, FilesOptions, S3Options};
use vitrine_platform::{Ctx, Environment, Settings, events, module, telemetry, web};

/// As `assemble` opens it.
const MAX_CONNECTIONS: u32 = 10;
const PUBLIC_URL: &str = "https://vitrine.example";

/// A context on an open database; contexts of one folder sign alike.
pub fn context(db: Db, folder: &Path) -> Ctx {
    let secret = Secret::new(b"a secret of the bench, 32 bytes or more".to_vec());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let options = FilesOptions {
        public_url: PUBLIC_URL.to_owned(),
        secret: secret.clone(),
        clock: clock.clone(),
        s3: S3Options::default(),
    };
    let files = Files::open(&format!("file://{}/files", folder.display()), options)
        .expect("the temporary folder is writable");
    let settings = Settings {
        environment: Environment::Production,
        public_url: PUBLIC_URL.to_owned(),
        secret_key: secret,
        rate_limits: false,
        public_cache_seconds: 15,
        previous_secret_key: None,
        cors_origins: Vec::new(),
        trusted_proxies: Vec::new(),
        upload_max_bytes: 25 * 1024 * 1024,
        // The quota is counted and locked all the same; it just never ends.
        default_plan: UNLIMITED.to_owned(),
        metrics_token: None,
        is_loopback: true,
        data_dir: folder.to_owned(),
        worker_concurrency: 1,
    };
    let extensions = module::extensions(&vitrine_app::modules());
    Ctx::new(Inner {
        db,
        clock,
        entropy: Arc::new(SystemEntropy),
        files,
        mailer: Arc::new(vitrine_providers::mail::Memory::default()),
        limiter: vitrine_platform::limits::Limiter::default(),
        settings,
        extensions,
    })
}

/// Serves the database on a free port of this machine, on the calling runtime.
pub async fn serve(database_url: &str, folder: &Path) -> u16 {
    let options = DbOptions {
        max_connections: MAX_CONNECTIONS,
    };
    let db = Db::open(database_url, options).await.expect("the database opens");
    let ctx = context(db, folder);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    let port = listener.local_addr().expect("it listens").port();
    tokio::spawn(ctx.db.wake().clone().run());
    tokio::spawn(events::tail(ctx.clone(), CancellationToken::new()));
    tokio::spawn(async {
        let mut ticks = tokio::time::interval(Duration::from_secs(5));
        loop {
            ticks.tick().await;
            telemetry::upkeep();
        }
    });
    let router = web::router(&ctx, vitrine_app::modules());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    port
}
