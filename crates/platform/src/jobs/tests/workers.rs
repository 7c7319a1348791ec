use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use vitrine_db::{EngineKind, db_test};

use super::support::{Chore, Diary, Does, add, ctx, hands, kinds, state};
use crate::Ctx;
use crate::jobs::run::JobRun;
use crate::jobs::{Worker, WorkerOptions, cancel, keeper};

fn start(ctx: &Ctx, drain_for: Duration) -> (CancellationToken, JoinHandle<()>) {
    let shutdown = CancellationToken::new();
    let options = WorkerOptions {
        concurrency: 2,
        drain_for,
    };
    let worker = Worker::new(ctx.clone(), kinds(), Vec::new(), options);
    (shutdown.clone(), tokio::spawn(worker.run(shutdown)))
}

const LONG: Duration = Duration::from_secs(30);

async fn stop(shutdown: CancellationToken, worker: JoinHandle<()>) {
    shutdown.cancel();
    tokio::time::timeout(LONG, worker)
        .await
        .expect("the worker stops")
        .expect("the worker does not panic");
}

db_test! {
    async fn an_idle_worker_is_woken_by_a_commit_and_works_more_jobs_than_it_has_slots(db: Db) {
        let (ctx, _clock) = ctx(db);
        let (shutdown, worker) = start(&ctx, LONG);
        for number in 0..9 {
            add(&ctx, None, Chore::new(&format!("{number}"), Does::Succeed)).await;
        }
        for number in 0..9 {
            Diary::of(&ctx).wait_for(&format!("{number} done")).await;
        }
        stop(shutdown, worker).await;
    }

    async fn a_running_job_learns_that_it_was_canceled(db: Db) {
        let (ctx, _clock) = ctx(db);
        let (shutdown, worker) = start(&ctx, LONG);
        let id = add(&ctx, None, Chore::new("long", Does::WaitForStop)).await;
        Diary::of(&ctx).wait_for("run long 1").await;
        let mut tx = ctx.db.begin().await.unwrap();
        assert!(cancel(&mut tx, &ctx, id).await.unwrap());
        tx.commit().await.unwrap();
        Diary::of(&ctx).wait_for("long canceled").await;
        stop(shutdown, worker).await;
        assert_eq!(state(&ctx, id).await, "canceled 1 canceled 0 -");
    }

    async fn a_worker_that_stops_claims_nothing_new_and_lets_its_jobs_finish(db: Db) {
        let (ctx, _clock) = ctx(db);
        let (shutdown, worker) = start(&ctx, LONG);
        let running = add(&ctx, None, Chore::new("running", Does::WaitForGate)).await;
        Diary::of(&ctx).wait_for("run running 1").await;
        shutdown.cancel();
        let late = add(&ctx, None, Chore::new("late", Does::Succeed)).await;
        Diary::of(&ctx).gate.notify_one();
        stop(shutdown, worker).await;
        assert_eq!(state(&ctx, running).await, "done 1 - 100 -");
        assert_eq!(state(&ctx, late).await, "queued 0 - 0 -");
    }

    async fn what_does_not_finish_in_time_is_queued_again_without_losing_an_attempt(db: Db) {
        let (ctx, _clock) = ctx(db);
        let (shutdown, worker) = start(&ctx, Duration::ZERO);
        let id = add(&ctx, None, Chore::new("long", Does::WaitForStop)).await;
        Diary::of(&ctx).wait_for("run long 1").await;
        stop(shutdown, worker).await;
        assert_eq!(state(&ctx, id).await, "queued 0 - 0 -");
    }

    async fn progress_is_stored_for_all_jobs_together(db: Db) {
        let (ctx, _clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Succeed)).await;
        let hands = hands(&ctx);
        let job = hands.claim(1).await.unwrap().remove(0);
        let run = JobRun::new(&job);
        hands.running.lock().unwrap().insert(id, run.watch.clone());
        run.progress(20, "kitchen").await;
        run.progress(40, "hall").await;
        keeper::look(&hands).await.unwrap();
        assert_eq!(state(&ctx, id).await, "running 1 - 40 hall");
        assert_eq!(run.watch.take_progress(), None, "nothing new to store");
    }

    async fn a_restarted_worker_that_is_alone_on_a_file_need_not_wait_for_leases(db: Db) {
        let (ctx, _clock) = ctx(db);
        if ctx.db.kind() == EngineKind::Postgres {
            return; // a server may have workers elsewhere, so there leases run out by the clock
        }
        let id = add(&ctx, None, Chore::new("sweep", Does::Succeed)).await;
        // Killed in the middle: claimed, and never heard of again.
        hands(&ctx).claim(1).await.unwrap();
        let (shutdown, worker) = start(&ctx, LONG);
        Diary::of(&ctx).wait_for("sweep done").await;
        stop(shutdown, worker).await;
        assert_eq!(state(&ctx, id).await, "done 2 - 100 -");
    }

    async fn a_second_worker_on_a_file_leaves_the_leases_of_the_first_alone(db: Db) {
        let (ctx, _clock) = ctx(db);
        let (shutdown, worker) = start(&ctx, LONG);
        let id = add(&ctx, None, Chore::new("long", Does::WaitForGate)).await;
        Diary::of(&ctx).wait_for("run long 1").await;
        let (second_shutdown, second) = start(&ctx, LONG);
        add(&ctx, None, Chore::new("other", Does::Succeed)).await;
        Diary::of(&ctx).wait_for("other done").await;
        stop(second_shutdown, second).await;
        assert!(state(&ctx, id).await.starts_with("running 1"));
        Diary::of(&ctx).gate.notify_one();
        Diary::of(&ctx).wait_for("long done").await;
        stop(shutdown, worker).await;
    }
}
