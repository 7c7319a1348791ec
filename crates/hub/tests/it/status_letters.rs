//! Subscriptions, their letters, the feed and the page.

use chrono::Duration;
use http::Method;
use serde_json::json;
use vitrine_hub::status::subscribers::jobs::TellSubscribers;
use vitrine_platform::jobs::{self, JobKind};
use vitrine_testkit::{Client, TestApp, app_test};

use crate::status_support::{add_service, modules, operator, say, text, tick};

/// Subscribes and confirms.
async fn subscribe(app: &TestApp, email: &str) {
    let anyone = app.client();
    anyone
        .post("/status/subscribe", &json!({ "email": email }))
        .await
        .expect(202);
    app.run_jobs().await;
    let token = app.mailed_token(email);
    anyone
        .post("/status/subscribe/confirm", &json!({ "token": token }))
        .await
        .expect(204);
}

async fn open_incident(root: &Client, title: &str) -> String {
    let body = json!({ "title": title, "impact": "minor", "body": "We are <looking> & hoping." });
    text(
        &root.post("/status/incidents", &body).await.expect(201).json(),
        "id",
    )
    .to_owned()
}

fn subjects(app: &TestApp, email: &str) -> Vec<String> {
    app.mails_to(email).into_iter().map(|mail| mail.subject).collect()
}

app_test! {
    modules = modules;

    async fn a_subscription_counts_once_it_is_confirmed_by_a_link_that_works_once(app: &TestApp) {
        let root = operator(app).await;
        let anyone = app.client();
        let body = json!({ "email": "Eve@Example.com" });
        let first = anyone.post("/status/subscribe", &body).await.expect(202);
        app.run_jobs().await;
        open_incident(&root, "Unheard").await;
        app.run_jobs().await;
        assert_eq!(subjects(app, "Eve@Example.com"), ["Confirm your subscription to the status page"]);
        let token = app.mailed_token("Eve@Example.com");
        app.clock.advance(Duration::seconds(1));
        anyone.post("/status/subscribe/confirm", &json!({ "token": token })).await.expect(204);
        anyone.post("/status/subscribe/confirm", &json!({ "token": token })).await.expect_problem(400, "invalid_link");
        anyone.post("/status/subscribe/confirm", &json!({ "token": "x" })).await.expect_problem(400, "invalid_link");
        // Asked once more, nothing can be told from the answer, and no letter comes.
        let again = anyone.post("/status/subscribe", &body).await.expect(202);
        assert_eq!((first.text(), again.text()), (String::new(), String::new()));
        app.run_jobs().await;
        assert_eq!(subjects(app, "Eve@Example.com").len(), 1);
        app.clock.advance(Duration::seconds(1));
        open_incident(&root, "Heard").await;
        app.run_jobs().await;
        assert_eq!(subjects(app, "Eve@Example.com")[1], "Incident: Heard");
        for bad in [json!({ "email": "nobody" }), json!({ "email": "a@b" })] {
            assert_eq!(anyone.post("/status/subscribe", &bad).await.expect_complaints(), ["email invalid"]);
        }
    }

    async fn a_link_to_confirm_ends_after_two_days(app: &TestApp) {
        let anyone = app.client();
        anyone.post("/status/subscribe", &json!({ "email": "eve@example.com" })).await.expect(202);
        app.run_jobs().await;
        let token = app.mailed_token("eve@example.com");
        app.clock.advance(Duration::hours(49));
        anyone.post("/status/subscribe/confirm", &json!({ "token": token })).await.expect_problem(400, "invalid_link");
    }

    async fn letters_tell_every_step_and_end_at_one_click(app: &TestApp) {
        let root = operator(app).await;
        let shop = add_service(&root, "Shop").await;
        subscribe(app, "eve@example.com").await;
        subscribe(app, "bob@example.com").await;
        app.clock.advance(Duration::seconds(1));
        let incident = open_incident(&root, "Slow orders").await;
        let updates = format!("/status/incidents/{incident}/updates");
        app.clock.advance(Duration::seconds(1));
        root.post(&updates, &json!({ "state": "identified", "body": "It was the cache." })).await.expect(201);
        app.run_jobs().await;
        let mails = app.mails_to("eve@example.com");
        // Two letters that wait may go in any order.
        let mut told: Vec<&str> = mails[1..].iter().map(|mail| mail.subject.as_str()).collect();
        told.sort_unstable();
        assert_eq!(told, ["Identified: Slow orders", "Incident: Slow orders"]);
        let first = mails.iter().find(|mail| mail.subject.starts_with("Incident")).expect("it came");
        assert!(first.html.contains("We are &#60;looking&#62; &#38; hoping."), "{}", first.html);
        assert!(first.text.contains(&format!("/status#incident-{incident}")));
        let link = first.unsubscribe_url.clone().expect("every letter has a link that ends it");
        assert!(link.starts_with("http://vitrine.test/status/unsubscribe?token="));
        let page = app.client().call(Method::GET, &link).send().await.expect(200);
        assert!(page.text().contains("<button type=\"submit\">Stop the letters</button>"));
        let one_click = app.client().call(Method::POST, &link)
            .body("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click").send().await;
        one_click.expect(200);
        let again = app.client().call(Method::POST, &link).send().await;
        assert_eq!(again.status, 200, "what has ended stays so");
        app.client().call(Method::POST, "//status/unsubscribe?token=x").send().await.expect(400);
        app.client().post("/status/unsubscribe", &json!({ "token": "x" })).await.expect_problem(400, "invalid_link");
        app.clock.advance(Duration::seconds(1));
        let plan = json!({ "title": "New disks", "starts_at": "2026-11-02T09:10:00Z", "ends_at": "2026-11-02T09:20:00Z", "service_ids": [shop] });
        root.post("/status/maintenance", &plan).await.expect(201);
        root.post(&updates, &json!({ "state": "resolved", "body": "Mended." })).await.expect(201);
        tick(app).await;
        app.clock.advance(Duration::minutes(10));
        tick(app).await;
        app.clock.advance(Duration::minutes(10));
        tick(app).await;
        assert_eq!(app.mails_to("eve@example.com").len(), 3, "no more after the click");
        let mut told = subjects(app, "bob@example.com");
        told.sort_unstable();
        assert_eq!(told, [
            "Confirm your subscription to the status page",
            "Identified: Slow orders",
            "Incident: Slow orders",
            "Maintenance has begun: New disks",
            "Maintenance is over: New disks",
            "Planned maintenance: New disks",
            "Resolved: Slow orders",
        ]);
    }

    async fn two_workers_send_no_letter_twice(app: &TestApp) {
        let root = operator(app).await;
        for index in 0..5 {
            subscribe(app, &format!("p{index}@example.com")).await;
        }
        app.clock.advance(Duration::seconds(1));
        let incident = open_incident(&root, "Warm up").await.parse().expect("an id");
        app.run_jobs().await;
        let update = vitrine_hub::status::incidents::service::get(&app.ctx, incident).await.expect("it is there").updates[0].id;
        let job = TellSubscribers {
            happening: vitrine_hub::status::subscribers::jobs::Happening::Incident { incident_id: incident, update_id: update },
            happening_id: app.ctx.id(),
            at: app.ctx.now(),
        };
        let mut tx = app.ctx.db.begin().await.expect("the database answers");
        for _ in 0..2 {
            jobs::enqueue(&mut tx, &app.ctx, None, &job).await.expect("it is queued");
        }
        tx.commit().await.expect("it is stored");
        let kinds = [JobKind::of::<TellSubscribers>()];
        let (one, two) = tokio::join!(jobs::drain(&app.ctx, &kinds), jobs::drain(&app.ctx, &kinds));
        assert_eq!(one.expect("it runs") + two.expect("it runs"), 2);
        app.run_jobs().await;
        for index in 0..5 {
            let told = subjects(app, &format!("p{index}@example.com"));
            assert_eq!(told.len(), 3, "one to confirm, one of the opening, one of both jobs: {told:?}");
        }
    }

    async fn the_feed_is_atom_with_ids_that_stay(app: &TestApp) {
        let root = operator(app).await;
        let empty = app.client().get("/status/feed.atom").await.expect(200);
        assert_eq!(empty.header("content-type"), Some("application/atom+xml; charset=utf-8"));
        let incident = open_incident(&root, "Tom & <Jerry>").await;
        let feed = app.client().get("/status/feed.atom").await.expect(200);
        let tag = feed.header("etag").expect("a tag").to_owned();
        let same = app.client().call(Method::GET, "/status/feed.atom").header("if-none-match", &tag).send().await;
        assert_eq!(same.status, 304);
        let text = feed.text();
        assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\""), "{text}");
        assert!(text.contains(&format!("<id>urn:uuid:{incident}</id>")));
        assert!(text.contains("Tom &#38; &#60;Jerry&#62;") && !text.contains("<Jerry>"), "{text}");
        assert!(text.contains("<updated>2026-11-02T09:00:00Z</updated>"));
        app.clock.advance(Duration::minutes(1));
        root.post(&format!("/status/incidents/{incident}/updates"), &json!({ "state": "resolved", "body": "Mended." })).await.expect(201);
        let later = app.client().get("/status/feed.atom").await.expect(200);
        assert_ne!(later.header("etag"), Some(tag.as_str()));
        let later = later.text();
        assert!(later.contains(&format!("<id>urn:uuid:{incident}</id>")) && later.contains("Resolved: Tom"));
        assert_eq!(later.matches("<entry>").count(), later.matches("</entry>").count());
        app.run_jobs().await;
    }

    async fn the_page_needs_no_script_and_says_it_all(app: &TestApp) {
        let root = operator(app).await;
        let shop = add_service(&root, "<b>Shop</b>").await;
        say(&root, &shop, "major_outage").await;
        open_incident(&root, "Slow <script>alert(1)</script>").await;
        let plan = json!({ "title": "New disks", "starts_at": "2026-11-04T09:00:00Z", "ends_at": "2026-11-04T10:00:00Z", "service_ids": [shop] });
        root.post("/status/maintenance", &plan).await.expect(201);
        app.clock.advance(Duration::minutes(30));
        let page = app.client().get("//status").await.expect(200);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("style-src 'self';") && !policy.contains("unsafe"), "{policy}");
        let html = page.text();
        for wanted in [
            "Something important does not work",
            "&#60;b&#62;Shop&#60;/b&#62;",
            "Slow &#60;script&#62;alert(1)&#60;/script&#62;",
            "2 November 2026: major outage, 30 minutes",
            "New disks",
            "action=\"/status/subscribe\"",
            "/api/v1/status/feed.atom",
        ] {
            assert!(html.contains(wanted), "{wanted} is missing in {html}");
        }
        assert!(!html.contains("<script") && !html.contains("style="), "nothing inline");
        assert_eq!(html.matches("<rect").count(), 90);
        app.client().get("//status/style.css").await.expect(200);
        let form = app.client().call(Method::POST, "//status/subscribe")
            .body("application/x-www-form-urlencoded", "email=eve%40example.com").send().await.expect(202);
        assert!(form.text().contains("Look into your mailbox"));
        app.run_jobs().await;
        let token = app.mailed_token("eve@example.com");
        let ask = app.client().get(&format!("//status/confirm?token={token}")).await.expect(200);
        assert!(ask.text().contains(&format!("action=\"/status/confirm?token={token}\"")));
        // Looking at the link uses nothing up; the button does.
        let done = app.client().call(Method::POST, &format!("//status/confirm?token={token}")).send().await.expect(200);
        assert!(done.text().contains("You are subscribed"));
        app.client().call(Method::POST, &format!("//status/confirm?token={token}")).send().await.expect(400);
        let wrong = app.client().call(Method::POST, "//status/subscribe")
            .body("application/x-www-form-urlencoded", "email=nobody").send().await.expect(422);
        assert!(wrong.text().contains("This is not an e-mail address"));
    }
}

#[tokio::test]
async fn asking_for_letters_too_often_stays_silent() {
    let Some(app) = TestApp::open_with(vitrine_testkit::EngineKind::Sqlite, modules(), |options| {
        options.settings.rate_limits = true;
    })
    .await
    else {
        panic!("SQLite is always there");
    };
    for _ in 0..8 {
        app.client()
            .post("/status/subscribe", &json!({ "email": "eve@example.com" }))
            .await
            .expect(202);
    }
    app.run_jobs().await;
    assert_eq!(app.mails_to("eve@example.com").len(), 5);
    app.finish().await;
}
