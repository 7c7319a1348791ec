//! The bare server on PostgreSQL: the pool of `vitrine_db`, written out.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Postgres, Transaction};
use vitrine_db::Statement;

#[path = "server.rs"]
#[expect(clippy::duplicate_mod, reason = "one source, compiled once per engine")]
pub mod server;

use server::Pools;

pub type Database = Postgres;

pub const fn text(statement: &'static Statement) -> &'static str {
    statement.postgres
}

pub async fn open(url: &str) -> sqlx::Result<Pools> {
    let connect = PgConnectOptions::from_str(url)?
        .statement_cache_capacity(256)
        .options([
            ("timezone", "UTC"),
            ("idle_in_transaction_session_timeout", "60000"),
        ])
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .test_before_acquire(false)
        .idle_timeout(Duration::from_secs(300))
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(connect)
        .await?;
    Ok(Pools {
        read: pool.clone(),
        write: pool,
    })
}

pub async fn begin(pools: &Pools) -> sqlx::Result<Transaction<'static, Postgres>> {
    pools.write.begin().await
}
