//! Opening a database by URL, and running statements outside a transaction.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions};

use crate::query::{bind_postgres, bind_sqlite};
use crate::wake::Wake;
use crate::{DbError, Result, Row, Statement, Tx, Unit, Value};

/// Which engine is behind a [`Db`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    Sqlite,
    Postgres,
}

/// How to open a database.
#[derive(Debug, Clone, Copy)]
pub struct DbOptions {
    /// Connections to PostgreSQL, or read connections to SQLite.
    pub max_connections: u32,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self { max_connections: 8 }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Pools {
    /// SQLite takes one writer at a time; queueing for it in the pool is fairer and faster than its busy handler.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// A database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) pools: Pools,
    pub(crate) wake: Wake,
    /// SQLite reports columns, not the index: `table.a, table.b` → index name.
    pub(crate) unique_indexes: Arc<RwLock<HashMap<String, String>>>,
    url: Arc<str>,
    #[cfg(feature = "testing")]
    asked: Arc<std::sync::atomic::AtomicU64>,
}

impl Db {
    /// Opens `sqlite:<path>`, or `postgres://…`. A missing SQLite file is made.
    pub async fn open(url: &str, options: DbOptions) -> Result<Self> {
        let pools = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Pools::Postgres(open_postgres(url, options).await?)
        } else if url.starts_with("sqlite:") {
            open_sqlite(url, options).await?
        } else {
            return Err(DbError::Url(
                "it must start with sqlite: or postgres://".to_owned(),
            ));
        };
        let wake = Wake::new(&pools);
        let db = Self {
            pools,
            wake,
            unique_indexes: Arc::default(),
            url: url.into(),
            #[cfg(feature = "testing")]
            asked: Arc::default(),
        };
        db.learn_unique_indexes().await?;
        Ok(db)
    }

    pub fn kind(&self) -> EngineKind {
        match self.pools {
            Pools::Sqlite { .. } => EngineKind::Sqlite,
            Pools::Postgres(_) => EngineKind::Postgres,
        }
    }

    /// The URL it was opened with; may hold a password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Signals between whoever writes and whoever waits.
    pub fn wake(&self) -> &Wake {
        &self.wake
    }

    /// Starts a write transaction; dropping it rolls back.
    pub async fn begin(&self) -> Result<Tx> {
        Tx::begin(self).await
    }

    /// Closes all connections, letting running statements finish.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Whether [`close`](Self::close) was called.
    pub fn is_closed(&self) -> bool {
        match &self.pools {
            Pools::Sqlite { writer, .. } => writer.is_closed(),
            Pools::Postgres(pool) => pool.is_closed(),
        }
    }

    /// Answers when the database does.
    pub async fn ping(&self) -> Result<()> {
        static PING: Statement = Statement::new("PING", "select 1 as one");
        self.fetch_optional(&PING, Vec::new()).await.map(|_| ())
    }

    pub async fn fetch_all(&self, statement: &'static Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        self.fetch_all_text(statement.name, self.text_of(statement), values)
            .await
    }

    pub async fn fetch_optional(
        &self,
        statement: &'static Statement,
        values: Vec<Value>,
    ) -> Result<Option<Row>> {
        if let Some(mut held) = Unit::held().await
            && let Some(tx) = held.tx()
        {
            return tx.fetch_optional(statement, values).await;
        }
        let text = self.text_of(statement);
        match &self.pools {
            Pools::Sqlite { readers, .. } => {
                let query = bind_sqlite(sqlx::query(text), values);
                query
                    .fetch_optional(readers)
                    .await
                    .map(|row| row.map(Row::Sqlite))
            }
            Pools::Postgres(pool) => {
                let query = bind_postgres(sqlx::query(text), values);
                query.fetch_optional(pool).await.map(|row| row.map(Row::Postgres))
            }
        }
        .map_err(|error| self.error(statement.name, error))
    }

    /// A statement that must find a row.
    pub async fn fetch_one(&self, statement: &'static Statement, values: Vec<Value>) -> Result<Row> {
        self.fetch_optional(statement, values)
            .await?
            .ok_or(DbError::WrongRowCount {
                statement: statement.name,
                rows: 0,
            })
    }

    /// Runs one writing statement in a transaction of its own; answers how many rows it touched.
    pub async fn execute(&self, statement: &'static Statement, values: Vec<Value>) -> Result<u64> {
        if let Some(mut held) = Unit::held().await
            && let Some(tx) = held.tx()
        {
            return tx.execute(statement, values).await;
        }
        let text = self.text_of(statement);
        match &self.pools {
            Pools::Sqlite { writer, .. } => bind_sqlite(sqlx::query(text), values)
                .execute(writer)
                .await
                .map(|done| done.rows_affected()),
            Pools::Postgres(pool) => bind_postgres(sqlx::query(text), values)
                .execute(pool)
                .await
                .map(|done| done.rows_affected()),
        }
        .map_err(|error| self.error(statement.name, error))
    }

    /// A writing statement with `returning`, in a transaction of its own.
    pub async fn execute_returning(
        &self,
        statement: &'static Statement,
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        let text = self.text_of(statement);
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let query = bind_sqlite(sqlx::query(text), values);
                query
                    .fetch_all(writer)
                    .await
                    .map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            }
            Pools::Postgres(pool) => {
                let query = bind_postgres(sqlx::query(text), values);
                query
                    .fetch_all(pool)
                    .await
                    .map(|rows| rows.into_iter().map(Row::Postgres).collect())
            }
        }
        .map_err(|error| self.error(statement.name, error))
    }

    pub(crate) async fn fetch_all_text(
        &self,
        name: &'static str,
        text: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        if let Some(mut held) = Unit::held().await
            && let Some(tx) = held.tx()
        {
            return tx.fetch_all_text(name, text, values).await;
        }
        match &self.pools {
            Pools::Sqlite { readers, .. } => {
                let query = bind_sqlite(sqlx::query(text), values);
                query
                    .fetch_all(readers)
                    .await
                    .map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            }
            Pools::Postgres(pool) => {
                let query = bind_postgres(sqlx::query(text), values);
                query
                    .fetch_all(pool)
                    .await
                    .map(|rows| rows.into_iter().map(Row::Postgres).collect())
            }
        }
        .map_err(|error| self.error(name, error))
    }

    /// Prepares a text without running it; for the test that checks every registered statement.
    #[cfg(feature = "testing")]
    pub async fn prepare(&self, name: &'static str, text: &str) -> Result<()> {
        use sqlx::{Executor as _, SqlSafeStr as _};
        let text = AssertSqlSafe(text.to_owned()).into_sql_str();
        match &self.pools {
            Pools::Sqlite { writer, .. } => writer.prepare(text).await.map(|_| ()),
            Pools::Postgres(pool) => pool.prepare(text).await.map(|_| ()),
        }
        .map_err(|error| self.error(name, error))
    }

    /// How many statements were asked of it so far; for tests about what a request costs.
    #[cfg(feature = "testing")]
    pub fn asked(&self) -> u64 {
        self.asked.load(std::sync::atomic::Ordering::Relaxed)
    }

    pub(crate) fn text_of(&self, statement: &'static Statement) -> &'static str {
        #[cfg(feature = "testing")]
        self.asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        match self.pools {
            Pools::Sqlite { .. } => statement.sqlite,
            Pools::Postgres(_) => statement.postgres,
        }
    }

    /// Runs a whole SQL file.
    pub(crate) async fn run_script(&self, name: &'static str, text: String) -> Result<()> {
        let script = sqlx::raw_sql(AssertSqlSafe(text));
        match &self.pools {
            Pools::Sqlite { writer, .. } => script.execute(writer).await.map(|_| ()),
            Pools::Postgres(pool) => script.execute(pool).await.map(|_| ()),
        }
        .map_err(|error| self.error(name, error))
    }

    pub(crate) async fn learn_unique_indexes(&self) -> Result<()> {
        static UNIQUE_INDEXES: Statement = Statement::new(
            "UNIQUE_INDEXES",
            "select m.name as table_name, i.name as index_name, c.name as column_name
             from sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c
             where m.type = 'table' and i.\"unique\" = 1
             order by m.name, i.name, c.seqno",
        );
        if self.kind() != EngineKind::Sqlite {
            return Ok(());
        }
        let mut columns: HashMap<String, Vec<String>> = HashMap::new();
        for row in self.fetch_all(&UNIQUE_INDEXES, Vec::new()).await? {
            let table: String = row.get("table_name")?;
            let column: Option<String> = row.get("column_name")?;
            let index: String = row.get("index_name")?;
            columns
                .entry(index)
                .or_default()
                .push(format!("{table}.{}", column.unwrap_or_default()));
        }
        let map = columns
            .into_iter()
            .map(|(index, columns)| (columns.join(", "), index))
            .collect();
        *self
            .unique_indexes
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = map;
        Ok(())
    }

    /// Turns a driver error into one of ours.
    pub(crate) fn error(&self, statement: &'static str, error: sqlx::Error) -> DbError {
        let source = match error {
            sqlx::Error::Database(source) => source,
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::WorkerCrashed => {
                return DbError::Unavailable(format!("{statement}: {error}"));
            }
            other => {
                return DbError::Statement {
                    statement,
                    source: Box::new(other),
                };
            }
        };
        let message = source.message().to_owned();
        if source.is_unique_violation() {
            let constraint = match source.constraint() {
                Some(name) => name.to_owned(),
                None => {
                    let columns = message
                        .rsplit_once("failed: ")
                        .map_or(message.as_str(), |(_, columns)| columns);
                    let known = self
                        .unique_indexes
                        .read()
                        .unwrap_or_else(std::sync::PoisonError::into_inner);
                    known.get(columns).cloned().unwrap_or_else(|| columns.to_owned())
                }
            };
            return DbError::Unique { constraint };
        }
        if source.is_foreign_key_violation() {
            return DbError::ForeignKey(format!("{statement}: {message}"));
        }
        if source.is_check_violation() {
            return DbError::Check(format!("{statement}: {message}"));
        }
        // serialization_failure of PostgreSQL.
        if source.code().as_deref() == Some("40001") {
            return DbError::Overtaken { statement };
        }
        // SQLITE_BUSY 5, SQLITE_FULL 13, SQLITE_IOERR 10; PostgreSQL classes 08 (connection), 53 (resources), 57 (shutdown).
        let code = source.code().unwrap_or_default();
        let unavailable = match self.kind() {
            EngineKind::Sqlite => code
                .parse::<u32>()
                .is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13)),
            EngineKind::Postgres => {
                code.starts_with("08") || code.starts_with("53") || code.starts_with("57")
            }
        };
        if unavailable {
            return DbError::Unavailable(format!("{statement}: {message}"));
        }
        DbError::Statement {
            statement,
            source: Box::new(sqlx::Error::Database(source)),
        }
    }
}

async fn open_sqlite(url: &str, options: DbOptions) -> Result<Pools> {
    let base = SqliteConnectOptions::from_str(url)
        .map_err(|error| DbError::Url(error.to_string()))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("cache_size", "-8192")
        .pragma("temp_store", "memory")
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let unavailable =
        |error: sqlx::Error| DbError::Unavailable(format!("could not open the database file: {error}"));
    let writer = SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(1)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(base.clone())
        .await
        .map_err(unavailable)?;
    let readers = SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(options.max_connections.clamp(1, 4))
        .test_before_acquire(false)
        .idle_timeout(Duration::from_secs(60))
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(base.read_only(true).create_if_missing(false))
        .await
        .map_err(unavailable)?;
    Ok(Pools::Sqlite { writer, readers })
}

async fn open_postgres(url: &str, options: DbOptions) -> Result<PgPool> {
    let connect = PgConnectOptions::from_str(url)
        .map_err(|error| DbError::Url(error.to_string()))?
        .statement_cache_capacity(256)
        .options([
            ("timezone", "UTC"),
            ("idle_in_transaction_session_timeout", "60000"),
        ])
        .disable_statement_logging();
    PgPoolOptions::new()
        .max_connections(options.max_connections.max(2))
        .test_before_acquire(false)
        .idle_timeout(Duration::from_secs(300))
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(connect)
        .await
        .map_err(|error| DbError::Unavailable(format!("could not connect to PostgreSQL: {error}")))
}
