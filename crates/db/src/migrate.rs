//! Applies the SQL files of `migrations/`, in order, each once, under a lock.
//!
//! A file is `NNNN_area_what.sql`; where the engines must differ it is a pair `….sqlite.sql` and `….postgres.sql`.
//! A file that was applied must never change: its checksum is kept and compared.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use vitrine_kernel::Time;

use crate::engine::Pools;
use crate::{Db, DbError, EngineKind, Result, Statement, values};

const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

static CREATE_TABLE: Statement = Statement::new(
    "CREATE_SCHEMA_MIGRATIONS",
    "create table if not exists schema_migrations (
        version bigint not null primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null
    )",
);
static LIST_APPLIED: Statement = Statement::new(
    "LIST_APPLIED",
    "select version, name, checksum from schema_migrations order by version",
);
static INSERT_APPLIED: Statement = Statement::new(
    "INSERT_APPLIED",
    "insert into schema_migrations (version, name, checksum, applied_at) values ($1, $2, $3, $4)",
);
// An arbitrary constant; every process of this product takes the same one.
static LOCK: Statement = Statement::new(
    "MIGRATION_LOCK",
    "select pg_advisory_lock(7305810213)::text as locked",
);
static UNLOCK: Statement = Statement::new(
    "MIGRATION_UNLOCK",
    "select pg_advisory_unlock(7305810213)::text as unlocked",
);

/// One migration for one engine.
#[derive(Debug, Clone)]
pub struct Migration {
    pub version: i64,
    pub name: String,
    pub sql: &'static str,
    pub checksum: String,
}

/// The migrations for an engine, in order.
pub fn migrations(kind: EngineKind) -> Vec<Migration> {
    let (ours, theirs) = match kind {
        EngineKind::Sqlite => (".sqlite", ".postgres"),
        EngineKind::Postgres => (".postgres", ".sqlite"),
    };
    let mut all: Vec<Migration> = FILES
        .iter()
        .filter_map(|(file, sql)| {
            let stem = file.strip_suffix(".sql")?;
            if stem.ends_with(theirs) {
                return None;
            }
            let name = stem.strip_suffix(ours).unwrap_or(stem);
            let version = name.split('_').next()?.parse().ok()?;
            Some(Migration {
                version,
                name: name.to_owned(),
                sql,
                checksum: checksum(sql),
            })
        })
        .collect();
    all.sort_by_key(|migration| migration.version);
    all
}

fn checksum(text: &str) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// What the database has and what is waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub applied: Vec<String>,
    pub pending: Vec<String>,
}

/// Compares the database with the files; fails when an applied file changed or is unknown.
pub async fn status(db: &Db) -> Result<Status> {
    db.run_script("CREATE_SCHEMA_MIGRATIONS", CREATE_TABLE.sqlite.to_owned())
        .await?;
    let known = migrations(db.kind());
    let mut applied = Vec::new();
    for row in db.fetch_all(&LIST_APPLIED, Vec::new()).await? {
        let (version, name, sum): (i64, String, String) =
            (row.get("version")?, row.get("name")?, row.get("checksum")?);
        let Some(file) = known.iter().find(|migration| migration.version == version) else {
            return Err(DbError::Migration {
                name,
                message: "was applied by a newer version of this program".into(),
            });
        };
        if file.checksum != sum {
            return Err(DbError::Migration {
                name,
                message: "was changed after it was applied".into(),
            });
        }
        applied.push(name);
    }
    let pending = known
        .iter()
        .map(|migration| migration.name.clone())
        .filter(|name| !applied.contains(name))
        .collect();
    Ok(Status { applied, pending })
}

/// Applies what is pending; answers the names it applied. Safe to call from several processes at once.
pub async fn migrate(db: &Db, now: Time) -> Result<Vec<String>> {
    // The usual start finds nothing to do, and needs no lock to see it.
    if status(db).await?.pending.is_empty() {
        return Ok(Vec::new());
    }
    let mut done = Vec::new();
    match &db.pools {
        Pools::Postgres(pool) => {
            // The lock belongs to a connection, so it is taken and given back on the same one.
            let fail = |error| db.error("MIGRATION_LOCK", error);
            let mut guard = pool.acquire().await.map_err(fail)?;
            sqlx::query(LOCK.postgres)
                .execute(&mut *guard)
                .await
                .map_err(fail)?;
            let result = apply_pending(db, now, &mut done).await;
            sqlx::query(UNLOCK.postgres)
                .execute(&mut *guard)
                .await
                .map_err(fail)?;
            result?;
        }
        Pools::Sqlite { .. } => apply_pending(db, now, &mut done).await?,
    }
    db.learn_unique_indexes().await?;
    Ok(done)
}

async fn apply_pending(db: &Db, now: Time, done: &mut Vec<String>) -> Result<()> {
    for migration in migrations(db.kind()) {
        let mut tx = db.begin().await?;
        // Another process may have been faster while this one waited for the write lock.
        let applied = tx.fetch_all(&LIST_APPLIED, Vec::new()).await?;
        let mut is_applied = false;
        for row in applied {
            is_applied |= row.get::<i64>("version")? == migration.version;
        }
        if is_applied {
            continue;
        }
        tx.run_script(migration.sql)
            .await
            .map_err(|error| DbError::Migration {
                name: migration.name.clone(),
                message: error.to_string(),
            })?;
        let row = values![migration.version, &migration.name, &migration.checksum, now];
        tx.execute_one(&INSERT_APPLIED, row).await?;
        tx.commit().await?;
        done.push(migration.name);
    }
    Ok(())
}
