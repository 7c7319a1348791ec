//! What Vitrine says of itself.

use chrono::Duration;
use vitrine_hub::status::health::jobs::WatchHealth;
use vitrine_hub::status::health::{Component, HealthWatch, observe, register};
use vitrine_platform::jobs;
use vitrine_platform::module::Attendant as _;
use vitrine_testkit::{TestApp, app_test};

use crate::status_support::{modules, operator, say, text};

/// What a worker does every minute.
async fn watch(app: &TestApp) {
    let mut tx = app.ctx.db.begin().await.expect("the database answers");
    jobs::enqueue(&mut tx, &app.ctx, None, &WatchHealth {})
        .await
        .expect("it is queued");
    tx.commit().await.expect("it is stored");
    app.run_jobs().await;
}

/// What a process that serves does every half minute.
async fn attend(app: &TestApp) {
    HealthWatch.attend(&app.ctx).await.expect("it can look");
}

/// `service status` of everything that was told, oldest first.
async fn told(app: &TestApp) -> Vec<String> {
    let page = app
        .client()
        .get("/status/events?sort=created_at&page_size=100")
        .await
        .expect(200)
        .json();
    let events = page["items"].as_array().expect("items").clone();
    events
        .iter()
        .map(|event| format!("{} {}", text(event, "service_name"), text(event, "status")))
        .collect()
}

app_test! {
    modules = modules;

    async fn its_own_services_are_made_once_however_many_start(app: &TestApp) {
        let (one, two) = tokio::join!(register(&app.ctx), register(&app.ctx));
        one.expect("it starts");
        two.expect("it starts");
        HealthWatch.start(&app.ctx).await.expect("it starts again");
        let board = app.client().get("/status").await.expect(200).json();
        let services = board["services"].as_array().expect("services");
        let names: Vec<&str> = services.iter().map(|service| text(service, "name")).collect();
        assert_eq!(names, ["api", "worker", "storage"]);
        assert_eq!((&board["status"], &services[0]["is_builtin"]), (&"operational".into(), &true.into()));
        let root = operator(app).await;
        root.delete(&format!("/status/services/{}", text(&services[0], "id"))).await.expect_problem(409, "conflict");
    }

    async fn while_all_is_well_nothing_is_told(app: &TestApp) {
        register(&app.ctx).await.expect("it starts");
        for _ in 0..5 {
            watch(app).await;
            attend(app).await;
            app.clock.advance(Duration::seconds(60));
        }
        assert!(told(app).await.is_empty());
    }

    async fn one_bad_look_tells_nothing_and_three_do(app: &TestApp) {
        register(&app.ctx).await.expect("it starts");
        let look = |is_good| observe(&app.ctx, Component::Storage, is_good);
        for is_good in [false, false, true, false, false, true, false, false] {
            look(is_good).await.expect("it is stored");
        }
        assert!(told(app).await.is_empty(), "never three in a row");
        look(false).await.expect("it is stored");
        look(false).await.expect("it is stored");
        assert_eq!(told(app).await, ["storage major_outage"], "told once");
        look(true).await.expect("it is stored");
        look(false).await.expect("it is stored");
        look(true).await.expect("it is stored");
        assert_eq!(told(app).await.len(), 1, "one good look is no recovery");
        look(true).await.expect("it is stored");
        look(true).await.expect("it is stored");
        assert_eq!(told(app).await, ["storage major_outage", "storage operational"]);
    }

    async fn workers_that_fall_silent_are_noticed_by_who_serves(app: &TestApp) {
        register(&app.ctx).await.expect("it starts");
        attend(app).await;
        watch(app).await;
        for _ in 0..10 {
            app.clock.advance(Duration::seconds(30));
            attend(app).await;
        }
        assert_eq!(told(app).await, ["worker major_outage"]);
        watch(app).await;
        attend(app).await;
        assert_eq!(told(app).await, ["worker major_outage", "worker operational"]);
    }

    async fn a_server_that_falls_silent_is_noticed_by_workers(app: &TestApp) {
        register(&app.ctx).await.expect("it starts");
        attend(app).await;
        for _ in 0..5 {
            watch(app).await;
            app.clock.advance(Duration::seconds(60));
        }
        assert_eq!(told(app).await, ["api major_outage"]);
        for _ in 0..2 {
            attend(app).await;
            watch(app).await;
        }
        assert_eq!(told(app).await, ["api major_outage", "api operational"]);
    }

    async fn a_night_in_which_nothing_ran_is_told_afterwards(app: &TestApp) {
        register(&app.ctx).await.expect("it starts");
        attend(app).await;
        watch(app).await;
        app.clock.advance(Duration::hours(10));
        watch(app).await;
        attend(app).await;
        let mut all = told(app).await;
        all.sort_unstable();
        assert_eq!(all, ["api major_outage", "api operational", "worker major_outage", "worker operational"]);
        let board = app.client().get("/status").await.expect(200).json();
        assert_eq!((&board["status"], &board["services"][0]["uptime_percent"]), (&"operational".into(), &0.0.into()));
    }

    async fn what_an_operator_says_stays_until_there_is_news(app: &TestApp) {
        register(&app.ctx).await.expect("it starts");
        let root = operator(app).await;
        let board = root.get("/status").await.expect(200).json();
        let storage = text(&board["services"][2], "id").to_owned();
        say(&root, &storage, "degraded").await;
        for _ in 0..4 {
            watch(app).await;
        }
        assert_eq!(told(app).await, ["storage degraded"]);
    }
}
