//! Both engines must end up with the same tables, columns, nullability, primary keys and unique indexes.

use std::collections::BTreeSet;

use vitrine_db::testing::TestDb;
use vitrine_db::{Db, EngineKind, Statement, values};

static COLUMNS: Statement = Statement::pair(
    "COLUMNS",
    "select m.name as table_name, c.name as column_name, lower(c.type) as kind, c.\"notnull\" as not_null, c.pk as pk
     from sqlite_master m, pragma_table_info(m.name) c
     where m.type = 'table' and m.name not like 'sqlite_%'",
    "select c.table_name::text as table_name, c.column_name::text as column_name, c.data_type::text as kind,
        case when c.is_nullable = 'NO' then 1 else 0 end::bigint as not_null,
        coalesce(k.position, 0)::bigint as pk
     from information_schema.columns c
     join information_schema.tables v
        on v.table_name = c.table_name and v.table_schema = 'public' and v.table_type = 'BASE TABLE'
     left join (
        select u.table_name, u.column_name, u.ordinal_position as position
        from information_schema.table_constraints t
        join information_schema.key_column_usage u on u.constraint_name = t.constraint_name
            and u.table_name = t.table_name
        where t.constraint_type = 'PRIMARY KEY' and t.table_schema = 'public'
     ) k on k.table_name = c.table_name and k.column_name = c.column_name
     where c.table_schema = 'public'",
);

static UNIQUE: Statement = Statement::pair(
    "UNIQUE",
    "select i.name as name, m.name as table_name, group_concat(c.name, ',') as columns, i.partial as partial
     from sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c
     where m.type = 'table' and i.\"unique\" = 1 and i.origin = 'c'
     group by i.name, m.name, i.partial",
    "select i.relname::text as name, t.relname::text as table_name,
        string_agg(a.attname, ',' order by array_position(x.indkey::int2[], a.attnum))::text as columns,
        case when x.indpred is null then 0 else 1 end::bigint as partial
     from pg_index x
     join pg_class i on i.oid = x.indexrelid
     join pg_class t on t.oid = x.indrelid
     join pg_attribute a on a.attrelid = t.oid and a.attnum = any (x.indkey::int2[])
     where x.indisunique and not x.indisprimary and t.relnamespace = 'public'::regnamespace
     group by i.relname, t.relname, x.indpred",
);

/// What is declared on both engines, in words of its own.
fn kind_of(declared: &str) -> &str {
    match declared {
        "timestamp with time zone" => "timestamptz",
        // SQLite counts rows with this word only.
        "integer" => "bigint",
        other => other,
    }
}

async fn schema(db: &Db) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for row in db.fetch_all(&COLUMNS, values![]).await.unwrap() {
        let text = |column: &str| row.get::<String>(column).unwrap();
        let number = |column: &str| row.get::<i64>(column).unwrap();
        lines.insert(format!(
            "{}.{} {} not null {} primary key {}",
            text("table_name"),
            text("column_name"),
            kind_of(&text("kind")),
            number("not_null"),
            number("pk"),
        ));
    }
    for row in db.fetch_all(&UNIQUE, values![]).await.unwrap() {
        let text = |column: &str| row.get::<String>(column).unwrap();
        let partial: i64 = row.get("partial").unwrap();
        lines.insert(format!(
            "unique {} on {} ({}) partial {partial}",
            text("name"),
            text("table_name"),
            text("columns")
        ));
    }
    lines
}

#[tokio::test]
async fn both_engines_have_the_same_schema() {
    let Some(postgres) = TestDb::open(EngineKind::Postgres).await else {
        return;
    };
    let sqlite = TestDb::open(EngineKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let (sqlite, postgres) = (schema(&sqlite.db).await, schema(&postgres.db).await);
    assert!(sqlite.len() > 100, "the queries found the schema");
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(only(&sqlite, &postgres), Vec::<String>::new(), "only on SQLite");
    assert_eq!(
        only(&postgres, &sqlite),
        Vec::<String>::new(),
        "only on PostgreSQL"
    );
}
