use std::time::Duration;

use vitrine_db::wake::Channel;
use vitrine_db::{Db, DbOptions, EngineKind, Statement, db_test, values};
use vitrine_kernel::{Clock as _, SystemClock};

static SCHEDULE: Statement = Statement::new(
    "SCHEDULE",
    "insert into job_schedules (name, last_fired_at) values ($1, $2)",
);

const LONG: Duration = Duration::from_secs(30);

async fn is_signalled(waiter: &mut vitrine_db::wake::Waiter) -> bool {
    // Waits for ever without a signal, so an answer at once means that one was there.
    tokio::time::timeout(Duration::from_millis(1), waiter.wait(LONG))
        .await
        .is_ok()
}

db_test! {
    async fn a_commit_wakes_and_a_rollback_does_not(db: Db) {
        let mut jobs = db.wake().subscribe(Channel::Jobs);
        let mut events = db.wake().subscribe(Channel::Events);
        let mut tx = db.begin().await.unwrap();
        tx.execute_one(&SCHEDULE, values!["a", SystemClock.now()]).await.unwrap();
        tx.signal(Channel::Jobs);
        assert!(!is_signalled(&mut jobs).await, "not before the commit");
        tx.rollback().await.unwrap();
        assert!(!is_signalled(&mut jobs).await, "not after a rollback");
        let mut tx = db.begin().await.unwrap();
        tx.signal(Channel::Jobs);
        tx.commit().await.unwrap();
        assert!(is_signalled(&mut jobs).await);
        assert!(!is_signalled(&mut jobs).await, "one signal, one answer");
        assert!(!is_signalled(&mut events).await, "channels do not disturb each other");
    }

    async fn a_signal_between_two_waits_is_not_lost(db: Db) {
        let mut waiter = db.wake().subscribe(Channel::JobControl);
        db.wake().signal(Channel::JobControl);
        db.wake().signal(Channel::JobControl);
        assert!(is_signalled(&mut waiter).await);
        waiter.wait(Duration::ZERO).await;
    }

    async fn postgres_carries_signals_between_processes(db: Db) {
        if db.kind() == EngineKind::Sqlite {
            return; // there, other processes look by themselves
        }
        let other = Db::open(db.url(), DbOptions { max_connections: 4 }).await.unwrap();
        let mut waiter = other.wake().subscribe(Channel::Jobs);
        let carriers = [tokio::spawn(db.wake().clone().run()), tokio::spawn(other.wake().clone().run())];
        // The first signal is its own: listening has begun, and something may have been missed before.
        tokio::time::timeout(LONG, waiter.wait(LONG)).await.expect("listening begins");
        db.wake().signal(Channel::Jobs);
        tokio::time::timeout(Duration::from_secs(20), waiter.wait(LONG)).await.expect("the signal arrives");
        for carrier in carriers {
            carrier.abort();
        }
        other.close().await;
    }
}
