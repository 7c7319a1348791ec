//! Secrets at rest: whoever adds a sealed column adds it to what `vitrine doctor --rotate` seals anew.

use std::collections::BTreeSet;

use vitrine_db::testing::TestDb;
use vitrine_db::{EngineKind, Statement};

static COLUMNS: Statement = Statement::pair(
    "COLUMNS",
    "select m.name as table_name, c.name as column_name, lower(c.type) as kind
     from sqlite_master m, pragma_table_info(m.name) c
     where m.type = 'table'",
    "select table_name::text as table_name, column_name::text as column_name, data_type::text as kind
     from information_schema.columns
     where table_schema = current_schema()",
);

/// Bytes that are no secrets: what a request said and was answered, and the public name of a passkey.
const OPEN: [&str; 3] = [
    "idempotency_records.fingerprint",
    "idempotency_records.body",
    "passkeys.credential_id",
];

async fn columns(kind: EngineKind) -> Option<BTreeSet<String>> {
    let test = TestDb::open(kind).await?;
    let rows = test
        .db
        .fetch_all(&COLUMNS, Vec::new())
        .await
        .expect("the schema can be read");
    let mut found = BTreeSet::new();
    for row in rows {
        let table: String = row.get("table_name").expect("a table");
        let column: String = row.get("column_name").expect("a column");
        let kind: String = row.get("kind").expect("a type");
        let name = format!("{table}.{column}");
        let is_named_so = ["sealed", "secret", "encrypted"]
            .iter()
            .any(|word| column.contains(word));
        let is_hash = column.ends_with("_hash");
        if (kind == "bytea" || is_named_so) && !is_hash && !OPEN.contains(&name.as_str()) {
            found.insert(name);
        }
    }
    Some(found)
}

fn listed() -> BTreeSet<String> {
    let modules = vitrine_app::modules();
    let columns = modules.iter().flat_map(|module| &module.sealed);
    columns
        .map(|column| format!("{}.{}", column.table, column.column))
        .collect()
}

#[tokio::test]
async fn every_secret_of_the_sqlite_schema_is_sealed_anew_by_a_rotation() {
    assert_eq!(columns(EngineKind::Sqlite).await, Some(listed()));
}

#[tokio::test]
async fn every_secret_of_the_postgres_schema_is_sealed_anew_by_a_rotation() {
    if let Some(columns) = columns(EngineKind::Postgres).await {
        assert_eq!(columns, listed());
    }
}
