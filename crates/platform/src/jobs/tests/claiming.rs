use chrono::TimeDelta;
use vitrine_db::db_test;
use vitrine_kernel::id::JobId;

use super::support::{Chore, Does, Hasty, add, ctx, hands, workspace};
use crate::Ctx;
use crate::jobs::run::Outcome;
use crate::jobs::settle::settle_alone;
use crate::jobs::worker::Shared;
use crate::jobs::{EnqueueOptions, Kinds, Priority, enqueue, enqueue_with};

async fn claim(hands: &Shared, at_most: usize) -> Vec<JobId> {
    hands
        .claim(at_most)
        .await
        .unwrap()
        .into_iter()
        .map(|job| job.id)
        .collect()
}

async fn finish(ctx: &Ctx, hands: &Shared, id: JobId, claimed: &[vitrine_db::jobs::ClaimedJob]) {
    let job = claimed.iter().find(|job| job.id == id).expect("a claimed job");
    settle_alone(ctx, hands.owner, hands.kind_of(job).unwrap(), job, &Outcome::Done)
        .await
        .unwrap();
}

db_test! {
    async fn a_short_queue_does_not_wait_for_a_long_one(db: Db) {
        let (ctx, _clock) = ctx(db);
        let (many, few) = (workspace(&ctx, "business").await, workspace(&ctx, "business").await);
        for _ in 0..10 {
            add(&ctx, Some(many), Chore::new("bulk", Does::Succeed)).await;
        }
        let hands = hands(&ctx);
        assert_eq!(claim(&hands, 2).await.len(), 2, "nobody else wants the slots");
        let single = add(&ctx, Some(few), Chore::new("single", Does::Succeed)).await;
        assert_eq!(claim(&hands, 1).await, [single], "the next free slot is theirs");
    }

    async fn one_claim_takes_turns_too(db: Db) {
        let (ctx, _clock) = ctx(db);
        let (many, few) = (workspace(&ctx, "business").await, workspace(&ctx, "business").await);
        for _ in 0..10 {
            add(&ctx, Some(many), Chore::new("bulk", Does::Succeed)).await;
        }
        let one = add(&ctx, Some(few), Chore::new("one", Does::Succeed)).await;
        let two = add(&ctx, Some(few), Chore::new("two", Does::Succeed)).await;
        let claimed = claim(&hands(&ctx), 4).await;
        assert_eq!(claimed.len(), 4);
        assert!(claimed.contains(&one) && claimed.contains(&two));
    }

    async fn a_workspace_runs_no_more_at_once_than_its_plan_allows(db: Db) {
        let (ctx, _clock) = ctx(db);
        let free = workspace(&ctx, "free").await;
        for _ in 0..5 {
            add(&ctx, Some(free), Chore::new("room", Does::Succeed)).await;
        }
        let instance = add(&ctx, None, Chore::new("instance", Does::Succeed)).await;
        let hands = hands(&ctx);
        let claimed = hands.claim(10).await.unwrap();
        assert_eq!(claimed.len(), 3, "two of the free plan, and the instance's own");
        assert!(claimed.iter().any(|job| job.id == instance));
        assert_eq!(claim(&hands, 10).await, []);
        let room = claimed.iter().find(|job| job.id != instance).unwrap();
        finish(&ctx, &hands, room.id, &claimed).await;
        assert_eq!(claim(&hands, 10).await.len(), 1);
    }

    async fn a_plan_that_is_gone_counts_as_the_smallest(db: Db) {
        let (ctx, _clock) = ctx(db);
        let old = workspace(&ctx, "legacy").await;
        for _ in 0..5 {
            add(&ctx, Some(old), Chore::new("room", Does::Succeed)).await;
        }
        assert_eq!(claim(&hands(&ctx), 10).await.len(), 2);
    }

    async fn workers_that_claim_at_once_share_the_jobs_and_keep_to_the_plan(db: Db) {
        let (ctx, _clock) = ctx(db);
        let (free, pro) = (workspace(&ctx, "free").await, workspace(&ctx, "pro").await);
        for _ in 0..6 {
            add(&ctx, Some(free), Chore::new("free", Does::Succeed)).await;
            add(&ctx, Some(pro), Chore::new("pro", Does::Succeed)).await;
        }
        let (one, two, three) = (hands(&ctx), hands(&ctx), hands(&ctx));
        let (a, b, c) = tokio::join!(one.claim(4), two.claim(4), three.claim(4));
        let all: Vec<_> = [a.unwrap(), b.unwrap(), c.unwrap()].into_iter().flatten().collect();
        assert_eq!(all.iter().filter(|job| job.workspace_id == Some(free)).count(), 2);
        assert_eq!(all.iter().filter(|job| job.workspace_id == Some(pro)).count(), 6);
        let mut ids: Vec<_> = all.iter().map(|job| job.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 8, "no job is claimed twice");
    }

    async fn urgent_goes_first_and_whenever_goes_last(db: Db) {
        let (ctx, _clock) = ctx(db);
        let mut tx = ctx.db.begin().await.unwrap();
        let last = enqueue(&mut tx, &ctx, None, &Hasty {}).await.unwrap();
        let normal = enqueue(&mut tx, &ctx, None, &Chore::new("normal", Does::Succeed)).await.unwrap();
        let options = EnqueueOptions { priority: Some(Priority::Urgent), ..EnqueueOptions::default() };
        let chore = Chore::new("urgent", Does::Succeed);
        let urgent = enqueue_with(&mut tx, &ctx, None, &chore, options).await.unwrap();
        tx.commit().await.unwrap();
        let hands = hands(&ctx);
        let order = [claim(&hands, 1).await, claim(&hands, 1).await, claim(&hands, 1).await];
        assert_eq!(order, [[urgent], [normal], [last]]);
    }

    async fn a_job_waits_for_its_time(db: Db) {
        let (ctx, clock) = ctx(db);
        let later = ctx.now() + TimeDelta::minutes(5);
        let options = EnqueueOptions { run_at: Some(later), ..EnqueueOptions::default() };
        let mut tx = ctx.db.begin().await.unwrap();
        let chore = Chore::new("later", Does::Succeed);
        let id = enqueue_with(&mut tx, &ctx, None, &chore, options).await.unwrap();
        tx.commit().await.unwrap();
        let hands = hands(&ctx);
        assert_eq!(claim(&hands, 1).await, []);
        assert_eq!(vitrine_db::jobs::next_run_at(&ctx.db, ctx.now()).await.unwrap(), Some(later));
        clock.set(later);
        assert_eq!(claim(&hands, 1).await, [id]);
    }

    async fn kinds_a_worker_does_not_know_stay_for_others(db: Db) {
        let (ctx, _clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Succeed)).await;
        let stranger = Shared::new(ctx.clone(), Kinds::default());
        assert_eq!(claim(&stranger, 5).await, []);
        assert_eq!(claim(&hands(&ctx), 5).await, [id]);
    }

    async fn a_job_that_somebody_looks_at_is_claimed_as_soon_as_they_are_done(db: Db) {
        let (ctx, _clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Succeed)).await;
        let mut tx = ctx.db.begin().await.unwrap();
        vitrine_db::jobs::lock(&mut tx, id).await.unwrap();
        let hands = hands(&ctx);
        let (claimed, ()) = tokio::join!(claim(&hands, 1), async {
            tokio::task::yield_now().await;
            tx.rollback().await.unwrap();
        });
        assert_eq!(claimed, [id]);
    }
}
