//! What is told by the clock: schedules, digests, letters of groups. Each thing once, whatever happens in between.

use std::pin::pin;
use std::task::Poll;

use serde_json::{Value, json};
use vitrine_platform::Ctx;
use vitrine_platform::jobs::enqueue;
use vitrine_platform::notifications::jobs::{Tick, tick};
use vitrine_platform::notifications::{Group, Notice};
use vitrine_testkit::{Client, TestApp};

use crate::notifications::{modules, parcel, tell, titles};

const ADA: &str = "ada@example.com";

/// Runs the tick's job, as its schedule would.
async fn run_tick(app: &TestApp) {
    let mut tx = app.ctx.db.begin().await.expect("a transaction");
    enqueue(&mut tx, &app.ctx, None, &Tick {}).await.expect("a job");
    tx.commit().await.expect("a commit");
    app.run_jobs().await;
}

/// Runs a tick until it has waited this often, then drops it where it stands.
async fn killed_tick(ctx: &Ctx, waits: usize) -> bool {
    let mut work = pin!(tick(ctx));
    let mut left = waits;
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(result.is_ok()),
        Poll::Pending if left == 0 => Poll::Ready(false),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

fn letters(app: &TestApp) -> Vec<String> {
    app.mails_to(ADA)
        .into_iter()
        .skip(1)
        .map(|mail| mail.subject)
        .collect()
}

fn daily() -> Value {
    json!({
        "name": "Look at the door", "kind": "reminder", "message": "Is there a parcel?", "unit": "days",
        "at": "10:30", "timezone": "Europe/Berlin", "email": true,
    })
}

async fn create(client: &Client, body: &Value) -> Value {
    client
        .post("/notifications/schedules", body)
        .await
        .expect(201)
        .json()
}

async fn want(client: &Client, email: &str) {
    let wish = json!({ "kinds": [{ "kind": "test.parcel_came", "email": email }] });
    client
        .patch("/notifications/preferences", &wish)
        .await
        .expect(200);
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_schedule_is_made_listed_changed_paused_and_deleted(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let made = ada.post("/notifications/schedules", &daily()).await.expect(201);
        let path = made.header("location").expect("a location").strip_prefix("/api/v1").expect("a path").to_owned();
        let made = made.json();
        assert_eq!(made, json!({
            "id": made["id"], "name": "Look at the door", "kind": "reminder", "message": "Is there a parcel?",
            "unit": "days", "every": 1, "at": "10:30", "weekday": "monday", "timezone": "Europe/Berlin",
            "in_app": true, "email": true, "is_enabled": true, "next_run_at": "2026-11-02T09:30:00Z",
            "last_run_at": null, "run_count": 0,
            "created_at": "2026-11-02T09:00:00Z", "updated_at": "2026-11-02T09:00:00Z",
        }));
        let one = ada.get(&path).await.expect(200);
        assert_eq!(one.json(), made);
        let etag = one.header("etag").expect("a tag").to_owned();
        let change = json!({ "unit": "hours", "every": 6 });
        let changed = ada.call(http::Method::PATCH, &path).header("if-match", &etag).json(&change).send().await.expect(200).json();
        assert_eq!(changed["next_run_at"], "2026-11-02T15:00:00Z");
        ada.call(http::Method::PATCH, &path).header("if-match", &etag).json(&change).send().await
            .expect_problem(412, "precondition_failed");
        let paused = ada.patch(&path, &json!({ "is_enabled": false })).await.expect(200).json();
        assert_eq!((&paused["is_enabled"], &paused["next_run_at"]), (&json!(false), &json!(null)));
        let on = ada.patch(&path, &json!({ "is_enabled": true })).await.expect(200).json();
        assert_eq!(on["next_run_at"], "2026-11-02T15:00:00Z");
        assert_eq!(ada.get("/notifications/schedules").await.expect(200).json()["total"], 1);
        let keyset = ada.get("/notifications/schedules?limit=1&sort=name").await.expect(200).json();
        assert_eq!(keyset["items"][0]["id"], made["id"]);

        let eve = app.register("eve@example.com").await;
        eve.get(&path).await.expect_problem(404, "not_found");
        eve.patch(&path, &change).await.expect_problem(404, "not_found");
        eve.delete(&path).await.expect_problem(404, "not_found");
        assert_eq!(eve.get("/notifications/schedules").await.expect(200).json()["total"], 0);
        ada.delete(&path).await.expect(204);
        ada.delete(&path).await.expect_problem(404, "not_found");
    }

    async fn every_bad_field_of_a_schedule_is_named(app: &TestApp) {
        let ada = app.register(ADA).await;
        let bad = json!({
            "name": " ", "kind": "reminder", "unit": "weeks", "every": 53, "at": "8:30", "timezone": "Mars/Olympus",
            "in_app": false,
        });
        assert_eq!(ada.post("/notifications/schedules", &bad).await.expect_complaints(), [
            "name invalid_length", "message required", "every out_of_range", "at invalid", "timezone unknown_value",
            "in_app required",
        ]);
        let unknown = json!({ "name": "A", "kind": "party", "unit": "days" });
        ada.post("/notifications/schedules", &unknown).await.expect(422);
    }

    async fn a_schedule_tells_once_per_moment_and_what_was_missed_once(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let made = create(&ada, &daily()).await;
        run_tick(app).await;
        assert!(titles(&ada, "").await.is_empty(), "it is not yet time");
        app.clock.advance(chrono::Duration::minutes(30));
        let ada = app.login(ADA).await;
        run_tick(app).await;
        run_tick(app).await;
        assert_eq!((titles(&ada, "").await.len(), letters(app)), (1, vec!["Look at the door".to_owned()]));
        let mail = app.mails_to(ADA).pop().expect("a letter");
        assert!(mail.text.contains("Is there a parcel?") && mail.unsubscribe_url.is_some());
        // Nobody there for three days: the next worker tells once, and goes on at the usual hour.
        app.clock.advance(chrono::Duration::hours(71));
        let ada = app.login(ADA).await;
        run_tick(app).await;
        assert_eq!(titles(&ada, "").await.len(), 2);
        let path = format!("/notifications/schedules/{}", made["id"].as_str().expect("an id"));
        let now = ada.get(&path).await.expect(200).json();
        assert_eq!((&now["next_run_at"], &now["run_count"]), (&json!("2026-11-05T09:30:00Z"), &json!(2)));
    }

    async fn of_several_workers_at_once_one_tells(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        want(&ada, "daily").await;
        for number in 0..3 {
            create(&ada, &json!({ "name": format!("Reminder {number}"), "kind": "reminder", "message": "Look.",
                "unit": "hours", "every": 1, "email": true })).await;
            tell(app, parcel(&ada, &format!("Parcel {number}")).await).await;
        }
        app.clock.advance(chrono::Duration::hours(24));
        let ada = app.login(ADA).await;
        let workers = (0..4).map(|_| {
            let ctx = app.ctx.clone();
            tokio::spawn(async move {
                while tick(&ctx).await.expect("a tick") > 0 {}
            })
        });
        for worker in futures_util::future::join_all(workers).await {
            worker.expect("it ran");
        }
        app.deliver_mail().await;
        let mut sent = letters(app);
        sent.sort();
        assert_eq!(sent, ["3 things happened", "Reminder 0", "Reminder 1", "Reminder 2"]);
        assert_eq!(titles(&ada, "?kind=notifications.schedule").await.len(), 3);
    }

    async fn a_worker_that_dies_anywhere_in_between_has_told_nothing_twice_and_nothing_is_lost(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        want(&ada, "daily").await;
        create(&ada, &json!({ "name": "Hourly", "kind": "reminder", "message": "Look.", "unit": "hours", "email": true })).await;
        let mut survived = 0;
        let notice = parcel(&ada, "A parcel").await;
        for waits in 0..24 {
            tell(app, notice.clone()).await;
            app.clock.advance(chrono::Duration::hours(24));
            survived += usize::from(killed_tick(&app.ctx, waits).await);
            while tick(&app.ctx).await.expect("a tick") > 0 {}
            app.deliver_mail().await;
            let mut sent = letters(app).split_off(2 * waits);
            sent.sort();
            assert_eq!(sent, ["A parcel", "Hourly"], "killed after {waits} waits");
        }
        let ada = app.login(ADA).await;
        assert!(survived < 24, "no tick was killed");
        assert_eq!(titles(&ada, "?kind=notifications.schedule&page_size=100").await.len(), 24);
    }

    async fn a_digest_comes_at_the_hour_of_the_account_with_what_is_still_unread(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let wish = json!({
            "kinds": [{ "kind": "test.parcel_came", "email": "daily" }],
            "digest": { "timezone": "Asia/Kolkata", "hour": 7 },
        });
        ada.patch("/notifications/preferences", &wish).await.expect(200);
        for title in ["Read meanwhile", "First <b>", "Second"] {
            tell(app, parcel(&ada, title).await).await;
            app.clock.advance(chrono::Duration::seconds(1));
        }
        let list = ada.get("/notifications?sort=created_at").await.expect(200).json();
        let id = list["items"][0]["id"].as_str().expect("an id");
        ada.post_empty(&format!("/notifications/{id}/read")).await.expect(200);
        run_tick(app).await;
        app.clock.set("2026-11-03T01:29:59Z".parse().expect("a time"));
        run_tick(app).await;
        assert!(letters(app).is_empty(), "it is not yet seven in Kolkata");
        app.clock.set("2026-11-03T01:30:00Z".parse().expect("a time"));
        run_tick(app).await;
        run_tick(app).await;
        assert_eq!(letters(app), ["2 things happened"]);
        let mail = app.mails_to(ADA).pop().expect("a digest");
        assert!(!mail.text.contains("Read meanwhile") && mail.text.contains("* First <b>\n"), "{}", mail.text);
        assert!(mail.html.contains("First &#60;b&#62;") && mail.html.contains("http://vitrine.test/parcels/1"), "{}", mail.html);
        // Its link ends digests.
        let url = mail.unsubscribe_url.expect("it can be turned off");
        let link = url.strip_prefix("http://vitrine.test/api/v1").expect("an address");
        assert_eq!(app.client().post_empty(link).await.expect(200).json()["title"], "Digests");
        let ada = app.login(ADA).await;
        tell(app, parcel(&ada, "Quietly").await).await;
        app.clock.advance(chrono::Duration::days(2));
        run_tick(app).await;
        assert_eq!(letters(app).len(), 1);
    }

    async fn a_weekly_digest_comes_on_monday_and_what_was_switched_off_meanwhile_does_not(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        want(&ada, "weekly").await;
        tell(app, parcel(&ada, "One of the week").await).await;
        app.clock.set("2026-11-08T23:00:00Z".parse().expect("a time"));
        run_tick(app).await;
        assert!(letters(app).is_empty());
        app.clock.set("2026-11-09T08:00:00Z".parse().expect("a time"));
        run_tick(app).await;
        assert_eq!(letters(app), ["One of the week"]);
        let ada = app.login(ADA).await;
        tell(app, parcel(&ada, "Never mailed").await).await;
        want(&ada, "off").await;
        app.clock.advance(chrono::Duration::days(8));
        run_tick(app).await;
        assert_eq!(letters(app).len(), 1);
    }

    async fn the_letter_of_a_group_waits_for_the_rest_of_it(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let grouped = Notice {
            group: Some(Group { key: "door".to_owned(), link: None }),
            ..parcel(&ada, "One parcel").await
        };
        for _ in 0..12 {
            tell(app, grouped.clone()).await;
            app.clock.advance(chrono::Duration::seconds(30));
            run_tick(app).await;
        }
        assert!(letters(app).is_empty(), "more came every half minute");
        app.clock.advance(chrono::Duration::minutes(2));
        run_tick(app).await;
        run_tick(app).await;
        assert_eq!(letters(app), ["12 parcels came"]);
        // What comes after the letter begins another row.
        tell(app, grouped).await;
        assert_eq!(titles(&ada, "?sort=created_at").await, ["12 parcels came", "One parcel"]);
    }

    async fn a_summary_counts_what_happened_since_the_last(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        create(&ada, &json!({ "name": "Mondays", "kind": "summary", "unit": "weeks", "at": "08:00" })).await;
        for _ in 0..2 {
            app.clock.advance(chrono::Duration::minutes(1));
            tell(app, parcel(&ada, "A parcel").await).await;
        }
        app.clock.set("2026-11-09T08:00:00Z".parse().expect("a time"));
        let ada = app.login(ADA).await;
        run_tick(app).await;
        let list = ada.get("/notifications?kind=notifications.schedule").await.expect(200).json();
        assert_eq!((&list["total"], &list["items"][0]["body"]), (&json!(1), &json!("A parcel came: 2")));
        app.clock.set("2026-11-16T08:00:00Z".parse().expect("a time"));
        let ada = app.login(ADA).await;
        run_tick(app).await;
        let list = ada.get("/notifications?kind=notifications.schedule").await.expect(200).json();
        assert_eq!(list["items"][0]["body"], "Nothing happened since the last time.");
    }
}
