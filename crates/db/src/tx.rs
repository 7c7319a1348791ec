//! Transactions. Work that must follow a commit, such as waking a worker, hangs on the transaction itself.

use sqlx::{Postgres, Sqlite, SqlitePool, Transaction};

use crate::engine::Pools;
use crate::query::{bind_postgres, bind_sqlite};
use crate::wake::Channel;
use crate::{Db, DbError, Result, Row, Statement, Unit, Value};

enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A write transaction. Dropped without [`Tx::commit`], it rolls back.
pub struct Tx {
    inner: Inner,
    db: Db,
    signals: Vec<Channel>,
}

async fn begin_sqlite(writer: &SqlitePool) -> sqlx::Result<Transaction<'static, Sqlite>> {
    const BEGIN: &str = "begin immediate";
    match writer.begin_with(BEGIN).await {
        // A full disk makes SQLite itself roll back. The driver's own rollback then finds no transaction, fails, and
        // leaves the driver believing ever after that it is inside of one. A new connection knows better.
        Err(sqlx::Error::InvalidSavePointStatement) => {
            writer.acquire().await?.close().await?;
            writer.begin_with(BEGIN).await
        }
        begun => begun,
    }
}

impl Tx {
    pub(crate) async fn begin(db: &Db) -> Result<Self> {
        if let Some(unit) = Unit::current()
            && let Some(open) = unit.join().await?
        {
            return Ok(open);
        }
        Self::start(db, "begin").await
    }

    /// Sees the database as it is now, whatever others commit.
    pub(crate) async fn begin_snapshot(db: &Db) -> Result<Self> {
        // SQLite has one writer: who holds it sees no changes of others.
        Self::start(db, "begin isolation level repeatable read").await
    }

    async fn start(db: &Db, begin_postgres: &'static str) -> Result<Self> {
        // A begin that is dropped half-way may hand a connection back inside a transaction; a task of its own is
        // never dropped half-way.
        let pools = db.pools.clone();
        let inner = tokio::spawn(async move {
            Ok::<_, sqlx::Error>(match pools {
                Pools::Sqlite { writer, .. } => Inner::Sqlite(begin_sqlite(&writer).await?),
                Pools::Postgres(pool) => Inner::Postgres(pool.begin_with(begin_postgres).await?),
            })
        })
        .await
        .map_err(|error| DbError::Unavailable(format!("BEGIN: {error}")))?
        .map_err(|error| db.error("BEGIN", error))?;
        Ok(Self {
            inner,
            db: db.clone(),
            signals: Vec::new(),
        })
    }

    /// The database this transaction belongs to.
    pub fn db(&self) -> &Db {
        &self.db
    }

    pub async fn fetch_all(&mut self, statement: &'static Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        self.fetch_all_text(statement.name, self.db.text_of(statement), values)
            .await
    }

    pub(crate) async fn fetch_all_text(
        &mut self,
        name: &'static str,
        text: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        match &mut self.inner {
            Inner::Sqlite(tx) => bind_sqlite(sqlx::query(text), values)
                .fetch_all(&mut **tx)
                .await
                .map(|rows| rows.into_iter().map(Row::Sqlite).collect()),
            Inner::Postgres(tx) => bind_postgres(sqlx::query(text), values)
                .fetch_all(&mut **tx)
                .await
                .map(|rows| rows.into_iter().map(Row::Postgres).collect()),
        }
        .map_err(|error| self.db.error(name, error))
    }

    pub async fn fetch_optional(
        &mut self,
        statement: &'static Statement,
        values: Vec<Value>,
    ) -> Result<Option<Row>> {
        let text = self.db.text_of(statement);
        match &mut self.inner {
            Inner::Sqlite(tx) => bind_sqlite(sqlx::query(text), values)
                .fetch_optional(&mut **tx)
                .await
                .map(|row| row.map(Row::Sqlite)),
            Inner::Postgres(tx) => bind_postgres(sqlx::query(text), values)
                .fetch_optional(&mut **tx)
                .await
                .map(|row| row.map(Row::Postgres)),
        }
        .map_err(|error| self.db.error(statement.name, error))
    }

    /// A statement that must find a row.
    pub async fn fetch_one(&mut self, statement: &'static Statement, values: Vec<Value>) -> Result<Row> {
        self.fetch_optional(statement, values)
            .await?
            .ok_or(DbError::WrongRowCount {
                statement: statement.name,
                rows: 0,
            })
    }

    /// Answers how many rows it touched.
    pub async fn execute(&mut self, statement: &'static Statement, values: Vec<Value>) -> Result<u64> {
        let text = self.db.text_of(statement);
        match &mut self.inner {
            Inner::Sqlite(tx) => bind_sqlite(sqlx::query(text), values)
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
            Inner::Postgres(tx) => bind_postgres(sqlx::query(text), values)
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
        }
        .map_err(|error| self.db.error(statement.name, error))
    }

    /// A statement that must touch exactly one row.
    pub async fn execute_one(&mut self, statement: &'static Statement, values: Vec<Value>) -> Result<()> {
        match self.execute(statement, values).await? {
            1 => Ok(()),
            rows => Err(DbError::WrongRowCount {
                statement: statement.name,
                rows,
            }),
        }
    }

    /// Runs a whole SQL file inside this transaction.
    pub(crate) async fn run_script(&mut self, text: &'static str) -> Result<()> {
        let script = sqlx::raw_sql(text);
        match &mut self.inner {
            Inner::Sqlite(tx) => script.execute(&mut **tx).await.map(|_| ()),
            Inner::Postgres(tx) => script.execute(&mut **tx).await.map(|_| ()),
        }
        .map_err(|error| self.db.error("MIGRATION", error))
    }

    /// Wakes whoever waits on the channel, once this transaction is committed.
    pub fn signal(&mut self, channel: Channel) {
        if !self.signals.contains(&channel) {
            self.signals.push(channel);
        }
    }

    /// Inside a [`Unit`] the commit waits for the unit's own.
    pub async fn commit(self) -> Result<()> {
        match Unit::current() {
            Some(unit) => unit.hold(self).await,
            None => self.commit_now().await,
        }
    }

    pub(crate) async fn commit_now(self) -> Result<()> {
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await,
            Inner::Postgres(tx) => tx.commit().await,
        }
        .map_err(|error| self.db.error("COMMIT", error))?;
        for channel in self.signals {
            self.db.wake.signal(channel);
        }
        Ok(())
    }

    pub async fn rollback(self) -> Result<()> {
        match self.inner {
            Inner::Sqlite(tx) => tx.rollback().await,
            Inner::Postgres(tx) => tx.rollback().await,
        }
        .map_err(|error| self.db.error("ROLLBACK", error))
    }
}
