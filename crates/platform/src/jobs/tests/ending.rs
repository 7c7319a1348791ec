use chrono::TimeDelta;
use vitrine_db::db_test;
use vitrine_kernel::id::JobId;

use super::support::{Chore, Diary, Does, Hasty, add, ctx, hands, kinds, state};
use crate::Ctx;
use crate::jobs::run::{JobRun, Outcome, Stop};
use crate::jobs::settle::{Settled, settle_alone, settle_without_hook};
use crate::jobs::worker::Shared;
use crate::jobs::{cancel, drain, enqueue};

async fn ask_to_cancel(ctx: &Ctx, id: JobId) {
    let mut tx = ctx.db.begin().await.unwrap();
    assert!(cancel(&mut tx, ctx, id).await.unwrap());
    tx.commit().await.unwrap();
}

async fn settle(ctx: &Ctx, hands: &Shared, job: &vitrine_db::jobs::ClaimedJob, outcome: Outcome) -> Settled {
    settle_alone(ctx, hands.owner, hands.kind_of(job).unwrap(), job, &outcome)
        .await
        .unwrap()
}

db_test! {
    async fn a_failing_job_is_tried_again_ever_later_and_dies_in_the_end(db: Db) {
        let (ctx, clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Fail)).await;
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 1, "the second attempt is not due yet");
        assert_eq!(state(&ctx, id).await, "queued 1 flaky 0 -");
        let next = vitrine_db::jobs::next_run_at(&ctx.db, ctx.now()).await.unwrap().unwrap();
        let wait = next - ctx.now();
        assert!(wait >= TimeDelta::seconds(5) && wait <= TimeDelta::seconds(15), "10 s and jitter, not {wait}");
        clock.advance(TimeDelta::seconds(15));
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 1);
        let wait = vitrine_db::jobs::next_run_at(&ctx.db, ctx.now()).await.unwrap().unwrap() - ctx.now();
        assert!(wait >= TimeDelta::seconds(10) && wait <= TimeDelta::seconds(30), "20 s and jitter, not {wait}");
        clock.advance(TimeDelta::seconds(30));
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 1);
        assert_eq!(state(&ctx, id).await, "dead 3 flaky 0 -");
        let diary = Diary::of(&ctx).lines();
        assert_eq!(diary, [
            "run sweep 1", "sweep again after flaky", "run sweep 2", "sweep again after flaky", "run sweep 3",
            "sweep dead of flaky",
        ]);
    }

    async fn a_hopeless_job_dies_at_once(db: Db) {
        let (ctx, _clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::GiveUp)).await;
        drain(&ctx, &kinds()).await.unwrap();
        assert_eq!(state(&ctx, id).await, "dead 1 hopeless 0 -");
    }

    async fn a_panic_is_a_failure(db: Db) {
        let (ctx, _clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Panic)).await;
        drain(&ctx, &kinds()).await.unwrap();
        assert_eq!(state(&ctx, id).await, "queued 1 panicked 0 -");
    }

    async fn a_job_that_takes_too_long_is_stopped_and_fails(db: Db) {
        let (ctx, _clock) = ctx(db);
        let mut tx = ctx.db.begin().await.unwrap();
        let id = enqueue(&mut tx, &ctx, None, &Hasty {}).await.unwrap();
        tx.commit().await.unwrap();
        drain(&ctx, &kinds()).await.unwrap();
        assert_eq!(state(&ctx, id).await, "queued 1 timeout 0 -");
    }

    async fn a_snooze_costs_no_attempt(db: Db) {
        let (ctx, clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Snooze)).await;
        drain(&ctx, &kinds()).await.unwrap();
        assert_eq!(state(&ctx, id).await, "queued 0 - 0 -");
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 0);
        clock.advance(TimeDelta::seconds(30));
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 1);
    }

    async fn a_dead_worker_s_job_runs_again_and_the_dead_cannot_finish_it(db: Db) {
        let (ctx, clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Succeed)).await;
        let (first, second) = (hands(&ctx), hands(&ctx));
        let job = first.claim(1).await.unwrap().remove(0);
        assert_eq!(second.take_over().await.unwrap(), 0, "its lease is good");
        clock.advance(TimeDelta::seconds(21));
        assert_eq!(second.take_over().await.unwrap(), 1);
        assert_eq!(state(&ctx, id).await, "queued 1 interrupted 0 -");
        let again = second.claim(1).await.unwrap().remove(0);
        assert_eq!((again.id, again.attempt), (id, 2), "it is due at once");
        assert_eq!(settle(&ctx, &first, &job, Outcome::Done).await, Settled::Lost);
        assert_eq!(settle(&ctx, &first, &job, Outcome::Canceled).await, Settled::Lost);
        assert_eq!(settle(&ctx, &first, &job, Outcome::GaveUp { code: "no", message: "No.".into() }).await, Settled::Lost);
        assert_eq!(settle(&ctx, &first, &job, Outcome::interrupted()).await, Settled::Lost);
        assert_eq!(settle(&ctx, &first, &job, Outcome::Later(std::time::Duration::ZERO)).await, Settled::Lost);
        assert_eq!(state(&ctx, id).await, "running 2 interrupted 0 -");
        assert_eq!(settle(&ctx, &second, &again, Outcome::Done).await, Settled::Done);
        assert_eq!(settle(&ctx, &second, &again, Outcome::Done).await, Settled::Lost, "once");
        assert_eq!(Diary::of(&ctx).lines(), ["sweep again after interrupted", "sweep done"]);
    }

    async fn one_of_two_workers_takes_a_job_over(db: Db) {
        let (ctx, clock) = ctx(db);
        add(&ctx, None, Chore::new("sweep", Does::Succeed)).await;
        hands(&ctx).claim(1).await.unwrap();
        clock.advance(TimeDelta::seconds(21));
        let (one, two) = (hands(&ctx), hands(&ctx));
        let (a, b) = tokio::join!(one.take_over(), two.take_over());
        assert_eq!(a.unwrap() + b.unwrap(), 1);
    }

    async fn a_job_that_kills_every_worker_dies_too(db: Db) {
        let (ctx, clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("bomb", Does::Succeed)).await;
        let hands = hands(&ctx);
        for _ in 0..3 {
            assert_eq!(hands.claim(1).await.unwrap().len(), 1);
            clock.advance(TimeDelta::seconds(21));
            assert_eq!(hands.take_over().await.unwrap(), 1);
        }
        assert_eq!(state(&ctx, id).await, "dead 3 interrupted 0 -");
    }

    async fn renewing_keeps_a_lease_and_tells_of_cancellations(db: Db) {
        let (ctx, clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Succeed)).await;
        let (worker, other) = (hands(&ctx), hands(&ctx));
        worker.claim(1).await.unwrap();
        for _ in 0..3 {
            clock.advance(TimeDelta::seconds(15));
            let until = ctx.now() + TimeDelta::seconds(20);
            assert_eq!(vitrine_db::jobs::renew_leases(&ctx.db, worker.owner, until).await.unwrap(), [(id, false)]);
            assert_eq!(other.take_over().await.unwrap(), 0);
        }
        ask_to_cancel(&ctx, id).await;
        let until = ctx.now() + TimeDelta::seconds(20);
        assert_eq!(vitrine_db::jobs::renew_leases(&ctx.db, worker.owner, until).await.unwrap(), [(id, true)]);
        assert_eq!(vitrine_db::jobs::renew_leases(&ctx.db, other.owner, until).await.unwrap(), []);
    }

    async fn a_canceled_job_is_not_tried_again(db: Db) {
        let (ctx, clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Fail)).await;
        let worker = hands(&ctx);
        let job = worker.claim(1).await.unwrap().remove(0);
        ask_to_cancel(&ctx, id).await;
        let failed = Outcome::Failed { code: "flaky", message: "No.".into(), delay: None };
        assert_eq!(settle(&ctx, &worker, &job, failed).await, Settled::Canceled);
        assert_eq!(state(&ctx, id).await, "canceled 1 canceled 0 -");
        // The same when the worker died before it could say so.
        let id = add(&ctx, None, Chore::new("dust", Does::Fail)).await;
        worker.claim(1).await.unwrap();
        ask_to_cancel(&ctx, id).await;
        clock.advance(TimeDelta::seconds(21));
        assert_eq!(worker.take_over().await.unwrap(), 1);
        assert_eq!(state(&ctx, id).await, "canceled 1 canceled 0 -");
        assert_eq!(Diary::of(&ctx).lines(), ["sweep canceled", "dust canceled"]);
    }

    async fn a_stopped_job_says_why_it_stopped(db: Db) {
        let (ctx, _clock) = ctx(db);
        let worker = hands(&ctx);
        for (why, expected) in [
            (Stop::Canceled, "canceled 1 canceled 0 -"),
            (Stop::Shutdown, "queued 0 - 0 -"),
            (Stop::Lost, "running 1 - 0 -"),
        ] {
            let id = add(&ctx, None, Chore::new("wait", Does::WaitForStop)).await;
            let job = worker.claim(5).await.unwrap().into_iter().find(|job| job.id == id).unwrap();
            let run = JobRun::new(&job);
            run.watch.stop(why);
            let outcome = worker.attempt(worker.kind_of(&job).unwrap(), &job, &run).await;
            settle(&ctx, &worker, &job, outcome).await;
            assert_eq!(state(&ctx, id).await, expected, "{why:?}");
        }
    }

    async fn a_broken_hook_leaves_the_row_as_it_was_and_the_job_leaves_without_it_in_the_end(db: Db) {
        let (ctx, clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("spoiled", Does::SpoilEnd)).await;
        let worker = hands(&ctx);
        let job = worker.claim(1).await.unwrap().remove(0);
        let kind = worker.kind_of(&job).unwrap();
        settle_alone(&ctx, worker.owner, kind, &job, &Outcome::Done).await.unwrap_err();
        assert!(state(&ctx, id).await.starts_with("running 1"));
        assert_eq!(settle_without_hook(&ctx, worker.owner, kind, &job).await.unwrap(), Settled::Retried);
        for attempt in 2..=6 {
            clock.advance(TimeDelta::minutes(10));
            let job = worker.claim(1).await.unwrap().remove(0);
            assert_eq!(job.attempt, attempt);
            settle_without_hook(&ctx, worker.owner, kind, &job).await.unwrap();
        }
        assert_eq!(state(&ctx, id).await, "dead 6 internal 0 -");
    }
}
