use std::time::Duration;

use chrono::TimeDelta;
use vitrine_db::db_test;

use super::support::{Chore, Diary, Does, ctx, kinds};
use crate::jobs::schedule::Timetable;
use crate::jobs::{Schedule, drain};

fn timetable() -> Timetable {
    let hourly = Schedule::every(
        "test.hourly",
        Duration::from_secs(3_600),
        Chore::new("hour", Does::Succeed),
    );
    Timetable::new(vec![hourly])
}

db_test! {
    async fn a_schedule_fires_once_per_period_however_many_workers_there_are(db: Db) {
        let (ctx, clock) = ctx(db);
        let (mut one, mut two) = (timetable(), timetable());
        let (a, b) = tokio::join!(one.fire(&ctx), two.fire(&ctx));
        a.unwrap();
        b.unwrap();
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 1);
        assert_eq!(one.next(), Some(ctx.now() + TimeDelta::hours(1)), "the test's clock stands on the hour");
        clock.advance(TimeDelta::minutes(59));
        one.fire(&ctx).await.unwrap();
        two.fire(&ctx).await.unwrap();
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 0);
        clock.advance(TimeDelta::minutes(1));
        one.fire(&ctx).await.unwrap();
        two.fire(&ctx).await.unwrap();
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 1);
    }

    async fn missed_periods_are_caught_up_with_once(db: Db) {
        let (ctx, clock) = ctx(db);
        timetable().fire(&ctx).await.unwrap();
        clock.advance(TimeDelta::hours(30) + TimeDelta::minutes(10));
        let mut restarted = timetable();
        restarted.fire(&ctx).await.unwrap();
        restarted.fire(&ctx).await.unwrap();
        assert_eq!(drain(&ctx, &kinds()).await.unwrap(), 2);
        assert_eq!(Diary::of(&ctx).lines().iter().filter(|line| line.starts_with("run")).count(), 2);
        assert_eq!(restarted.next(), Some(ctx.now() + TimeDelta::minutes(50)));
    }
}
