//! Commits that are held back.

use std::time::Duration;

use vitrine_db::wake::Channel;
use vitrine_db::{Statement, Unit, db_test, values};
use vitrine_kernel::{Clock as _, SystemClock};

static INSERT: Statement = Statement::new(
    "INSERT",
    "insert into instance_settings (name, value, updated_at) values ($1, '1', $2)",
);
static GET: Statement = Statement::new("GET", "select value from instance_settings where name = $1");

async fn insert(db: &vitrine_db::Db, name: &str) {
    let mut tx = db.begin().await.unwrap();
    tx.execute_one(&INSERT, values![name, SystemClock.now()])
        .await
        .unwrap();
    tx.signal(Channel::Jobs);
    tx.commit().await.unwrap();
}

async fn is_there(db: &vitrine_db::Db, name: &str) -> bool {
    db.fetch_optional(&GET, values![name]).await.unwrap().is_some()
}

db_test! {
    async fn a_held_commit_is_seen_inside_and_by_others_only_with_what_is_added_to_it(db: Db) {
        let unit = Unit::default();
        unit.run(async {
            insert(&db, "effect").await;
            assert!(is_there(&db, "effect").await);
        })
        .await;
        assert!(!is_there(&db, "effect").await);
        let mut tx = unit.take().await.expect("it was held");
        tx.execute_one(&INSERT, values!["record", SystemClock.now()]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(is_there(&db, "effect").await && is_there(&db, "record").await);
        assert!(unit.take().await.is_none());
    }

    async fn a_unit_that_is_dropped_never_happened_and_wakes_nobody(db: Db) {
        let mut waiting = db.wake().subscribe(Channel::Jobs);
        let unit = Unit::default();
        unit.run(insert(&db, "effect")).await;
        drop(unit);
        let woken = tokio::time::timeout(Duration::from_millis(1), waiting.wait(Duration::from_secs(30))).await;
        assert!(woken.is_err());
        insert(&db, "another").await;
        assert!(!is_there(&db, "effect").await && is_there(&db, "another").await);
    }

    async fn a_second_transaction_commits_the_first(db: Db) {
        let unit = Unit::default();
        unit.run(async {
            insert(&db, "first").await;
            insert(&db, "second").await;
        })
        .await;
        assert!(is_there(&db, "first").await && !is_there(&db, "second").await);
        drop(unit.take().await);
        assert!(!is_there(&db, "second").await);
    }

    async fn work_that_commits_nothing_holds_nothing(db: Db) {
        let unit = Unit::default();
        unit.run(async {
            let mut tx = db.begin().await.unwrap();
            tx.execute_one(&INSERT, values!["dropped", SystemClock.now()]).await.unwrap();
        })
        .await;
        assert!(unit.take().await.is_none());
        assert!(!is_there(&db, "dropped").await);
    }
}

static UPDATE: Statement = Statement::new(
    "UPDATE",
    "update instance_settings set value = $2 where name = $1",
);

db_test! {
    async fn an_open_unit_is_joined_and_sees_one_state(db: Db) {
        insert(&db, "seen").await;
        let unit = Unit::default();
        unit.open(&db).await.unwrap();
        unit.run(async {
            assert!(is_there(&db, "seen").await);
            insert(&db, "first").await;
            insert(&db, "second").await;
            assert!(is_there(&db, "first").await);
        })
        .await;
        assert!(!is_there(&db, "first").await);
        unit.take().await.expect("it is held").commit().await.unwrap();
        assert!(is_there(&db, "first").await && is_there(&db, "second").await);
    }

    async fn an_open_unit_whose_work_gave_up_leaves_nothing(db: Db) {
        let unit = Unit::default();
        unit.open(&db).await.unwrap();
        unit.run(async {
            insert(&db, "first").await;
            drop(db.begin().await.unwrap());
        })
        .await;
        assert!(unit.take().await.is_none());
        assert!(!is_there(&db, "first").await);
    }
}

/// On SQLite nobody can get in between at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_changed_it_meanwhile_wins() {
    use vitrine_db::testing::TestDb;
    use vitrine_db::{DbError, EngineKind};

    let Some(test) = TestDb::open(EngineKind::Postgres).await else {
        return;
    };
    let db = test.db.clone();
    insert(&db, "row").await;
    let unit = Unit::default();
    unit.open(&db).await.unwrap();
    unit.run(async { assert!(is_there(&db, "row").await) }).await;
    db.execute(&UPDATE, values!["row", "theirs"]).await.unwrap();
    let outcome = unit
        .run(async {
            let mut tx = db.begin().await.unwrap();
            tx.execute(&UPDATE, values!["row", "mine"]).await
        })
        .await;
    assert!(matches!(outcome, Err(DbError::Overtaken { .. })), "{outcome:?}");
}
