//! Every registered statement is prepared on both engines, so that a text only one of them takes is found at once.

use vitrine_db::testing::TestDb;
use vitrine_db::{AnyStatement, EngineKind};

async fn prepare_all(kind: EngineKind) {
    let Some(test) = TestDb::open(kind).await else {
        return;
    };
    let mut count = 0;
    for statement in vitrine_app::modules()
        .iter()
        .flat_map(|module| module.statements.iter().copied().flatten())
    {
        let statements: Vec<_> = match statement {
            AnyStatement::One(statement) => vec![*statement],
            AnyStatement::List(list) => list.texts().collect(),
        };
        for statement in statements {
            let text = match kind {
                EngineKind::Sqlite => statement.sqlite,
                EngineKind::Postgres => statement.postgres,
            };
            test.db
                .prepare(statement.name, text)
                .await
                .unwrap_or_else(|error| panic!("{error}\n{text}"));
            count += 1;
        }
    }
    assert!(count > 50, "only {count} statements are registered");
}

#[tokio::test]
async fn every_statement_is_understood_by_sqlite() {
    prepare_all(EngineKind::Sqlite).await;
}

#[tokio::test]
async fn every_statement_is_understood_by_postgres() {
    prepare_all(EngineKind::Postgres).await;
}
