use vitrine_db::{DbError, EngineKind, Statement, db_test, migrate, values};
use vitrine_kernel::{Clock as _, SystemClock};

db_test! {
    async fn migrating_again_does_nothing(db: Db) {
        let status = migrate::status(&db).await.unwrap();
        assert_eq!(status.pending, Vec::<String>::new());
        assert_eq!(status.applied.len(), migrate::migrations(db.kind()).len());
        assert_eq!(migrate::migrate(&db, SystemClock.now()).await.unwrap(), Vec::<String>::new());
    }

    async fn a_file_that_was_changed_after_it_was_applied_is_refused(db: Db) {
        static CHANGE: Statement =
            Statement::new("CHANGE", "update schema_migrations set checksum = 'other' where version = $1");
        db.execute(&CHANGE, values![2_i64]).await.unwrap();
        let refused = migrate::migrate(&db, SystemClock.now()).await.unwrap_err();
        let DbError::Migration { name, message } = refused else { panic!("{refused}") };
        assert_eq!(name, "0002_platform_jobs");
        assert!(message.contains("changed"), "{message}");
    }

    async fn a_database_of_a_newer_version_is_refused(db: Db) {
        static ADD: Statement = Statement::new(
            "ADD",
            "insert into schema_migrations (version, name, checksum, applied_at) values (9999, '9999_future', 'x', $1)",
        );
        db.execute(&ADD, values![SystemClock.now()]).await.unwrap();
        let refused = migrate::status(&db).await.unwrap_err();
        assert!(refused.to_string().contains("9999_future"), "{refused}");
    }

    async fn what_is_missing_is_pending_and_is_applied_once_by_two_that_start_together(db: Db) {
        static FORGET: Statement = Statement::new("FORGET", "delete from schema_migrations where version = 4");
        static DROP: Statement = Statement::new("DROP", "drop table usage_periods");
        db.execute(&DROP, values![]).await.unwrap();
        db.execute(&FORGET, values![]).await.unwrap();
        assert_eq!(migrate::status(&db).await.unwrap().pending, ["0004_platform_usage"]);
        let now = SystemClock.now();
        let (one, two) = tokio::join!(migrate::migrate(&db, now), migrate::migrate(&db, now));
        let mut applied = [one.unwrap(), two.unwrap()].concat();
        applied.sort();
        assert_eq!(applied, ["0004_platform_usage"]);
    }
}

#[test]
fn versions_are_unique_and_both_engines_have_the_same_ones() {
    let versions = |kind| {
        migrate::migrations(kind)
            .iter()
            .map(|m| (m.version, m.name.clone()))
            .collect::<Vec<_>>()
    };
    let (sqlite, postgres) = (versions(EngineKind::Sqlite), versions(EngineKind::Postgres));
    assert_eq!(sqlite, postgres);
    assert!(
        sqlite.windows(2).all(|pair| pair[0].0 < pair[1].0),
        "two files have the same number: {sqlite:?}"
    );
}
