use std::time::Duration;

use vitrine_db::{DbError, EngineKind, Statement, db_test, values};
use vitrine_kernel::{Clock as _, SystemClock, Time};

static INSERT: Statement = Statement::new(
    "INSERT",
    "insert into instance_settings (name, value, updated_at) values ($1, $2, $3)",
);
static GET: Statement = Statement::new(
    "GET",
    "select value, updated_at from instance_settings where name = $1",
);
static SCHEDULE: Statement = Statement::new(
    "SCHEDULE",
    "insert into job_schedules (name, last_fired_at) values ($1, $2)",
);
static WORKSPACE: Statement = Statement::new(
    "WORKSPACE",
    "insert into workspaces (id, name, personal_account_id, plan, created_at) values ($1, 'W', $2, 'free', $3)",
);
static ACCOUNT: Statement = Statement::new(
    "ACCOUNT",
    "insert into accounts (id, email, email_key, full_name, is_operator, created_at, updated_at)
     values ($1, $2, $2, 'A', false, $3, $3)",
);
static ORIGINAL: Statement = Statement::new(
    "ORIGINAL",
    "insert into originals (id, workspace_id, filename, content_type, size_bytes, sha256, width, height, file_key,
        status, created_at, updated_at)
     values ($1, $2, 'a.jpg', 'image/jpeg', 1, $3, 1, 1, 'k', 'ready', $4, $4)",
);

fn now() -> Time {
    SystemClock.now()
}

fn id(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

db_test! {
    async fn what_is_committed_is_there_and_what_is_dropped_is_not(db: Db) {
        let mut tx = db.begin().await.unwrap();
        tx.execute_one(&INSERT, values!["kept", "1", now()]).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.execute_one(&INSERT, values!["dropped", "1", now()]).await.unwrap();
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        tx.execute_one(&INSERT, values!["rolled back", "1", now()]).await.unwrap();
        tx.rollback().await.unwrap();
        assert!(db.fetch_optional(&GET, values!["kept"]).await.unwrap().is_some());
        assert!(db.fetch_optional(&GET, values!["dropped"]).await.unwrap().is_none());
        assert!(db.fetch_optional(&GET, values!["rolled back"]).await.unwrap().is_none());
    }

    async fn a_transaction_sees_its_own_writes_and_nobody_else_does(db: Db) {
        let mut tx = db.begin().await.unwrap();
        tx.execute_one(&INSERT, values!["mine", "1", now()]).await.unwrap();
        assert!(tx.fetch_optional(&GET, values!["mine"]).await.unwrap().is_some());
        assert!(db.fetch_optional(&GET, values!["mine"]).await.unwrap().is_none());
    }

    async fn a_begin_that_is_given_up_half_way_leaves_no_open_transaction(db: Db) {
        for _ in 0..20 {
            let _ = tokio::time::timeout(Duration::ZERO, db.begin()).await;
        }
        let mut tx = db.begin().await.unwrap();
        tx.execute_one(&INSERT, values!["after", "1", now()]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(db.fetch_optional(&GET, values!["after"]).await.unwrap().is_some());
    }

    async fn times_come_back_with_their_microseconds(db: Db) {
        let at: Time = "2026-01-02T03:04:05.678901Z".parse().unwrap();
        db.execute(&INSERT, values!["time", "1", at]).await.unwrap();
        assert_eq!(db.fetch_one(&GET, values!["time"]).await.unwrap().get::<Time>("updated_at").unwrap(), at);
    }

    async fn times_compare_as_times_whatever_their_fractions(db: Db) {
        static COUNT: Statement =
            Statement::new("COUNT", "select count(*) as total from instance_settings where updated_at < $1");
        let at = |text: &str| text.parse::<Time>().unwrap();
        for (name, time) in [("a", "2026-01-01T00:00:00Z"), ("b", "2026-01-01T00:00:00.000001Z"), ("c", "2026-01-01T00:00:00.5Z")] {
            db.execute(&INSERT, values![name, "1", at(time)]).await.unwrap();
        }
        for (before, expected) in [("2026-01-01T00:00:00Z", 0), ("2026-01-01T00:00:00.1Z", 2), ("2026-01-01T00:00:01Z", 3)] {
            let row = db.fetch_one(&COUNT, values![at(before)]).await.unwrap();
            assert_eq!(row.get::<i64>("total").unwrap(), expected, "before {before}");
        }
    }

    async fn a_refused_row_names_the_unique_index_on_both_engines(db: Db) {
        db.execute(&ACCOUNT, values![id(1), "a@b.c", now()]).await.unwrap();
        let refused = db.execute(&ACCOUNT, values![id(2), "a@b.c", now()]).await.unwrap_err();
        assert!(refused.is_unique("accounts_email_key"), "{refused}");
        db.execute(&WORKSPACE, values![id(3), id(1), now()]).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let refused = tx.execute(&WORKSPACE, values![id(4), id(1), now()]).await.unwrap_err();
        assert!(refused.is_unique("workspaces_personal_account_key"), "{refused}");
        drop(tx);
        // An index over two columns.
        db.execute(&ORIGINAL, values![id(5), id(3), "s", now()]).await.unwrap();
        let refused = db.execute(&ORIGINAL, values![id(6), id(3), "s", now()]).await.unwrap_err();
        assert!(refused.is_unique("originals_sha256_key"), "{refused}");
    }

    async fn a_missing_parent_is_a_foreign_key_error(db: Db) {
        let refused = db.execute(&WORKSPACE, values![id(3), id(404), now()]).await.unwrap_err();
        assert!(matches!(refused, DbError::ForeignKey(_)), "{refused}");
    }

    async fn missing_values_keep_their_type(db: Db) {
        db.execute(&WORKSPACE, values![id(3), None::<uuid::Uuid>, now()]).await.unwrap();
        static GET_OWNER: Statement =
            Statement::new("GET_OWNER", "select personal_account_id from workspaces where id = $1");
        let row = db.fetch_one(&GET_OWNER, values![id(3)]).await.unwrap();
        assert_eq!(row.get::<Option<uuid::Uuid>>("personal_account_id").unwrap(), None);
        let wrong = row.get::<uuid::Uuid>("personal_account_id").unwrap_err();
        assert!(wrong.to_string().contains("personal_account_id"), "{wrong}");
    }

    async fn a_statement_that_must_touch_one_row_says_when_it_did_not(db: Db) {
        static TOUCH: Statement = Statement::new("TOUCH", "update instance_settings set value = $2 where name = $1");
        let mut tx = db.begin().await.unwrap();
        let wrong = tx.execute_one(&TOUCH, values!["nobody", "x"]).await.unwrap_err();
        assert!(matches!(wrong, DbError::WrongRowCount { statement: "TOUCH", rows: 0 }), "{wrong}");
    }

    async fn writers_that_come_together_all_get_their_turn(db: Db) {
        let writers = (0..40).map(|number| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await?;
                tx.execute_one(&SCHEDULE, values![format!("writer {number}"), now()]).await?;
                tx.commit().await
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap().unwrap();
        }
        static COUNT: Statement = Statement::new("COUNT", "select count(*) as total from job_schedules");
        assert_eq!(db.fetch_one(&COUNT, values![]).await.unwrap().get::<i64>("total").unwrap(), 40);
    }

    async fn a_closed_database_says_so(db: Db) {
        assert!(!db.is_closed());
        db.ping().await.unwrap();
        db.close().await;
        assert!(db.is_closed());
        let refused = db.ping().await.unwrap_err();
        assert!(matches!(refused, DbError::Unavailable(_)), "{refused}");
    }

    async fn a_read_connection_cannot_write(db: Db) {
        if db.kind() == EngineKind::Postgres {
            return; // readers are separate connections on SQLite only
        }
        let refused = db.fetch_all(&INSERT, values!["sneaky", "1", now()]).await.unwrap_err();
        assert!(refused.to_string().contains("readonly"), "{refused}");
    }
}

#[tokio::test]
async fn a_url_of_another_kind_is_refused() {
    let refused = vitrine_db::Db::open("mysql://x", vitrine_db::DbOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(refused, DbError::Url(_)));
}
