//! The bare server on SQLite: the pools and pragmas of `vitrine_db`, written out.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Sqlite, Transaction};
use vitrine_db::Statement;

#[path = "server.rs"]
pub mod server;

use server::Pools;

pub type Database = Sqlite;

pub const fn text(statement: &'static Statement) -> &'static str {
    statement.sqlite
}

pub async fn open(url: &str) -> sqlx::Result<Pools> {
    let base = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("cache_size", "-8192")
        .pragma("temp_store", "memory")
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let write = SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(1)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(base.clone())
        .await?;
    let read = SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(4)
        .test_before_acquire(false)
        .idle_timeout(Duration::from_secs(60))
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(base.read_only(true).create_if_missing(false))
        .await?;
    Ok(Pools { read, write })
}

pub async fn begin(pools: &Pools) -> sqlx::Result<Transaction<'static, Sqlite>> {
    pools.write.begin_with("begin immediate").await
}
