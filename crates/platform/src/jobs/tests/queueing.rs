use vitrine_db::db_test;
use vitrine_kernel::ErrorCode;

use super::support::{Chore, Diary, Does, SUBJECT, add, ctx, hands, kinds, state, workspace};
use crate::jobs::{cancel, cancel_subject, drain, enqueue, queue};

db_test! {
    async fn a_job_is_there_only_when_its_transaction_commits(db: Db) {
        let (ctx, _clock) = ctx(db);
        let mut tx = ctx.db.begin().await.unwrap();
        enqueue(&mut tx, &ctx, None, &Chore::new("lost", Does::Succeed)).await.unwrap();
        drop(tx);
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 0);
        let id = add(&ctx, None, Chore::new("kept", Does::Succeed)).await;
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 1);
        assert_eq!(state(&ctx, id).await, "done 1 - 100 -");
        assert_eq!(Diary::of(&ctx).lines(), ["run kept 1", "kept done"]);
    }

    async fn a_key_admits_one_live_job(db: Db) {
        let (ctx, _clock) = ctx(db);
        let chore = |name| Chore { key: Some("sink".into()), ..Chore::new(name, Does::Succeed) };
        let first = add(&ctx, None, chore("first")).await;
        assert_eq!(add(&ctx, None, chore("second")).await, first);
        drain(&ctx, &kinds()).await.unwrap();
        assert_ne!(add(&ctx, None, chore("third")).await, first);
    }

    async fn a_queued_job_is_canceled_with_its_owner_in_one_transaction(db: Db) {
        let (ctx, _clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Succeed)).await;
        let mut tx = ctx.db.begin().await.unwrap();
        assert!(cancel(&mut tx, &ctx, id).await.unwrap());
        drop(tx);
        assert_eq!(state(&ctx, id).await, "queued 0 - 0 -", "a canceling that was rolled back has no effect");
        let mut tx = ctx.db.begin().await.unwrap();
        assert_eq!(cancel_subject(&mut tx, &ctx, SUBJECT).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(state(&ctx, id).await, "canceled 0 canceled 0 -");
        assert_eq!(Diary::of(&ctx).lines(), ["sweep canceled", "sweep canceled"]);
        let mut tx = ctx.db.begin().await.unwrap();
        assert!(!cancel(&mut tx, &ctx, id).await.unwrap(), "it has ended already");
        tx.commit().await.unwrap();
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 0);
    }

    async fn canceling_a_running_job_asks_its_worker(db: Db) {
        let (ctx, _clock) = ctx(db);
        let id = add(&ctx, None, Chore::new("sweep", Does::Succeed)).await;
        let hands = hands(&ctx);
        hands.claim(1).await.unwrap();
        let mut tx = ctx.db.begin().await.unwrap();
        assert!(cancel(&mut tx, &ctx, id).await.unwrap());
        tx.commit().await.unwrap();
        assert!(state(&ctx, id).await.starts_with("running"));
        assert_eq!(vitrine_db::jobs::cancel_requests(&ctx.db, hands.owner).await.unwrap(), [id]);
    }

    async fn a_dead_job_can_be_queued_again_and_a_live_one_cannot(db: Db) {
        let (ctx, _clock) = ctx(db);
        let home = workspace(&ctx, "free").await;
        let id = add(&ctx, Some(home), Chore::new("sweep", Does::GiveUp)).await;
        let mut tx = ctx.db.begin().await.unwrap();
        let refused = queue::revive(&mut tx, &ctx, id).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Conflict);
        drop(tx);
        drain(&ctx, &kinds()).await.unwrap();
        assert_eq!(state(&ctx, id).await, "dead 1 hopeless 0 -");
        let mut tx = ctx.db.begin().await.unwrap();
        queue::revive(&mut tx, &ctx, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(state(&ctx, id).await, "queued 0 - 0 -");
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 1);
    }

    async fn a_dead_job_stays_dead_while_another_one_has_its_key(db: Db) {
        let (ctx, _clock) = ctx(db);
        let chore = |does| Chore { key: Some("sink".into()), ..Chore::new("sink", does) };
        let dead = add(&ctx, None, chore(Does::GiveUp)).await;
        drain(&ctx, &kinds()).await.unwrap();
        add(&ctx, None, chore(Does::Succeed)).await;
        let mut tx = ctx.db.begin().await.unwrap();
        let refused = queue::revive(&mut tx, &ctx, dead).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Conflict);
    }
}
