//! Throwaway databases, one per test: a SQLite file in a temporary folder, or a PostgreSQL database cloned from a
//! migrated template on the server named by `VITRINE_TEST_POSTGRES_URL`.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::OnceCell;
use vitrine_kernel::{Clock as _, SystemClock};

use crate::{Db, DbOptions, EngineKind, Statement, migrate};

static COUNTER: AtomicU64 = AtomicU64::new(0);

fn unique() -> String {
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!(
        "{}_{}_{count}",
        std::process::id(),
        SystemClock.now().timestamp_micros()
    )
}

/// A migrated database that disappears when dropped.
#[derive(Debug)]
pub struct TestDb {
    pub db: Db,
    cleanup: Cleanup,
}

#[derive(Debug)]
enum Cleanup {
    Folder(PathBuf),
    Database { server: String, name: String },
}

/// The address of the PostgreSQL server for tests. Without one, PostgreSQL tests are skipped, unless
/// `VITRINE_REQUIRE_POSTGRES` is set, as `make test` does.
pub fn postgres_url() -> Option<String> {
    let url = std::env::var("VITRINE_TEST_POSTGRES_URL")
        .ok()
        .filter(|url| !url.is_empty());
    assert!(
        url.is_some() || std::env::var_os("VITRINE_REQUIRE_POSTGRES").is_none(),
        "VITRINE_TEST_POSTGRES_URL is not set, but PostgreSQL tests are required"
    );
    url
}

impl TestDb {
    /// A database on the engine; `None` when PostgreSQL is wanted, not there and not required.
    pub async fn open(kind: EngineKind) -> Option<Self> {
        match kind {
            EngineKind::Sqlite => Some(Self::sqlite().await),
            EngineKind::Postgres => match postgres_url() {
                Some(server) => Some(Self::postgres(server).await),
                None => {
                    eprintln!("skipped: no PostgreSQL (set VITRINE_TEST_POSTGRES_URL, or use `make test`)");
                    None
                }
            },
        }
    }

    async fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("vitrine-test-{}", unique()));
        std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
        let url = format!("sqlite:{}", folder.join("test.db").display());
        let db = Db::open(&url, DbOptions { max_connections: 2 })
            .await
            .expect("a SQLite file opens");
        migrate::migrate(&db, SystemClock.now())
            .await
            .expect("migrations apply");
        Self {
            db,
            cleanup: Cleanup::Folder(folder),
        }
    }

    async fn postgres(server: String) -> Self {
        let template = template(&server).await;
        let name = format!("vitrine_test_{}", unique());
        admin(&server, &format!("create database {name} template {template}")).await;
        let url = with_database(&server, &name);
        let db = Db::open(&url, DbOptions { max_connections: 4 })
            .await
            .expect("the cloned database opens");
        Self {
            db,
            cleanup: Cleanup::Database { server, name },
        }
    }
}

impl TestDb {
    /// How many pages the SQLite file has.
    pub async fn pages(&self) -> i64 {
        static PAGES: Statement = Statement::new("PAGES", "pragma page_count");
        let rows = self
            .db
            .execute_returning(&PAGES, Vec::new())
            .await
            .expect("a pragma");
        rows[0].get("page_count").expect("a number")
    }

    /// Lets the SQLite file have no more than so many pages: it answers the same error then as on a full disk.
    ///
    /// The limit is the connection's, and one that saw a full disk is given up by the next transaction, so that this is
    /// to be said before every request.
    pub async fn allow_pages(&self, pages: i64) {
        let tx = self
            .db
            .begin()
            .await
            .expect("a full disk is no reason not to begin");
        tx.rollback().await.expect("nothing was done");
        let text: &'static str = format!("pragma max_page_count = {pages}").leak();
        let statement: &'static Statement = Box::leak(Box::new(Statement::new("LIMIT", text)));
        self.db
            .execute_returning(statement, Vec::new())
            .await
            .expect("a pragma");
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        match &self.cleanup {
            Cleanup::Folder(folder) => {
                let _ = std::fs::remove_dir_all(folder);
            }
            Cleanup::Database { server, name } => {
                let (server, name) = (server.clone(), name.clone());
                // The test's runtime is going away; dropping a database needs one of its own.
                let dropping = std::thread::spawn(move || {
                    if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                        runtime.block_on(admin(
                            &server,
                            &format!("drop database if exists {name} with (force)"),
                        ));
                    }
                });
                let _ = dropping.join();
            }
        }
    }
}

/// The name of a migrated template database, made once per state of the migrations.
async fn template(server: &str) -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let sums: String = migrate::migrations(EngineKind::Postgres)
                .iter()
                .map(|migration| migration.checksum.as_str())
                .collect();
            let mut key = 0xcbf2_9ce4_8422_2325_u64; // FNV-1a over the checksums
            for byte in sums.bytes() {
                key = (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
            let name = format!("vitrine_template_{key:016x}");
            let mut connection = PgConnection::connect(server)
                .await
                .expect("the test PostgreSQL answers");
            // Test processes run side by side; one makes the template, the others wait here.
            run(&mut connection, "select pg_advisory_lock(7305810214)").await;
            let exists = sqlx::query("select 1 from pg_database where datname = $1")
                .bind(&name)
                .fetch_optional(&mut connection)
                .await
                .expect("the catalogue can be read")
                .is_some();
            if !exists {
                let draft = format!("{name}_draft");
                run(
                    &mut connection,
                    &format!("drop database if exists {draft} with (force)"),
                )
                .await;
                run(&mut connection, &format!("create database {draft}")).await;
                let db = Db::open(&with_database(server, &draft), DbOptions { max_connections: 2 })
                    .await
                    .expect("the template opens");
                migrate::migrate(&db, SystemClock.now())
                    .await
                    .expect("migrations apply");
                db.close().await;
                run(
                    &mut connection,
                    &format!("alter database {draft} rename to {name}"),
                )
                .await;
            }
            run(&mut connection, "select pg_advisory_unlock(7305810214)").await;
            name
        })
        .await
}

async fn admin(server: &str, sql: &str) {
    let mut connection = PgConnection::connect(server)
        .await
        .expect("the test PostgreSQL answers");
    run(&mut connection, sql).await;
    let _ = connection.close().await;
}

async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

fn with_database(server: &str, name: &str) -> String {
    let (address, options) = server
        .split_once('?')
        .map_or((server, None), |(a, o)| (a, Some(o)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let base = match address[start..].find('/') {
        Some(slash) => &address[..start + slash],
        None => address,
    };
    match options {
        Some(options) => format!("{base}/{name}?{options}"),
        None => format!("{base}/{name}"),
    }
}

/// Makes one storage test per engine:
///
/// ```ignore
/// db_test! {
///     async fn a_row_comes_back(db: Db) { … }
/// }
/// ```
#[macro_export]
macro_rules! db_test {
    ($(async fn $name:ident($db:ident: Db) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($db: $crate::Db) $body

            #[tokio::test]
            async fn sqlite() {
                if let Some(test) = $crate::testing::TestDb::open($crate::EngineKind::Sqlite).await {
                    story(test.db.clone()).await;
                }
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(test) = $crate::testing::TestDb::open($crate::EngineKind::Postgres).await {
                    story(test.db.clone()).await;
                }
            }
        }
    )+};
}
