use chrono::Duration;
use serde_json::{Value, json};
use vitrine_testkit::{Client, TestApp, app_test};

use crate::status_support::{add_service, modules, operator, say, text};

async fn overall(client: &Client) -> String {
    text(&client.get("/status").await.expect(200).json(), "status").to_owned()
}

async fn state(client: &Client, id: &str) -> String {
    let service = client
        .get(&format!("/status/services/{id}"))
        .await
        .expect(200)
        .json();
    text(&service, "status").to_owned()
}

fn items(page: &Value) -> &[Value] {
    page["items"].as_array().expect("a page has items")
}

app_test! {
    modules = modules;

    async fn without_services_all_is_well(app: &TestApp) {
        let board = app.client().get("/status").await.expect(200);
        assert_eq!(board.header("cache-control"), Some("public, max-age=15"));
        assert!(board.header("etag").is_some());
        assert_eq!(
            board.json(),
            json!({ "status": "operational", "services": [], "incidents": [], "maintenance": [], "updated_at": "1970-01-01T00:00:00Z" })
        );
    }

    async fn the_worst_of_the_newest_is_the_whole(app: &TestApp) {
        let root = operator(app).await;
        let anyone = app.client();
        let (shop, mail) = (add_service(&root, "Shop").await, add_service(&root, "Mail").await);
        assert_eq!(overall(&anyone).await, "operational");
        say(&root, &shop, "operational").await;
        say(&root, &mail, "degraded").await;
        assert_eq!((overall(&anyone).await, state(&anyone, &shop).await, state(&anyone, &mail).await),
            ("degraded".into(), "operational".into(), "degraded".into()));
        say(&root, &shop, "major_outage").await;
        say(&root, &mail, "maintenance").await;
        assert_eq!(overall(&anyone).await, "major_outage");
        // In the same moment as the one before: the newest still counts.
        say(&root, &shop, "operational").await;
        assert_eq!(overall(&anyone).await, "maintenance");
        say(&root, &mail, "operational").await;
        assert_eq!(overall(&anyone).await, "operational");
        for unknown in ["018f0000-0000-7000-8000-000000000000", "not-an-id"] {
            anyone.get(&format!("/status/services/{unknown}")).await.expect_problem(404, "not_found");
        }
    }

    async fn a_quiet_service_counts_however_much_is_told_of_others(app: &TestApp) {
        let root = operator(app).await;
        let (quiet, noisy) = (add_service(&root, "Quiet").await, add_service(&root, "Noisy").await);
        say(&root, &quiet, "major_outage").await;
        for index in 0..120 {
            say(&root, &noisy, if index % 2 == 0 { "degraded" } else { "operational" }).await;
        }
        assert_eq!((overall(&root).await, state(&root, &quiet).await, state(&root, &noisy).await),
            ("major_outage".into(), "major_outage".into(), "operational".into()));
        app.clock.advance(Duration::hours(6));
        let root = app.login("root@example.com").await;
        let quiet = root.get(&format!("/status/services/{quiet}")).await.expect(200).json();
        assert_eq!(quiet["uptime_percent"], 0.0);
        let noisy = root.get(&format!("/status/services/{noisy}")).await.expect(200).json();
        assert_eq!((&noisy["uptime_percent"], noisy["days"].as_array().map(Vec::len)), (&json!(100.0), Some(90)));
    }

    async fn events_are_listed_newest_first_in_pages_and_narrowed(app: &TestApp) {
        let root = operator(app).await;
        let (shop, mail) = (add_service(&root, "Shop").await, add_service(&root, "Mail").await);
        for status in ["degraded", "partial_outage", "operational"] {
            say(&root, &shop, status).await;
            say(&root, &mail, "degraded").await;
            app.clock.advance(Duration::seconds(1));
        }
        let anyone = app.client();
        let page = anyone.get("/status/events?page_size=2").await.expect(200);
        let tag = page.header("etag").expect("a tag").to_owned();
        let same = anyone.call(http::Method::GET, "/status/events?page_size=2").header("if-none-match", &tag).send().await;
        assert_eq!((same.status, same.header("cache-control")), (304, Some("public, max-age=15")));
        assert_eq!((&page.json()["total"], &page.json()["pages"]), (&json!(6), &json!(3)));
        let narrowed = anyone.get(&format!("/status/events?service_id={shop}")).await.expect(200).json();
        let told: Vec<&str> = items(&narrowed).iter().map(|event| text(event, "status")).collect();
        assert_eq!(told, ["operational", "partial_outage", "degraded"]);
        let degraded = anyone.get("/status/events?status=degraded").await.expect(200).json();
        assert_eq!(degraded["total"], 4);
        let mut seen = Vec::new();
        let mut next = String::new();
        loop {
            let page = anyone.get(&format!("/status/events?limit=4&cursor={next}")).await.expect(200).json();
            seen.extend(items(&page).iter().map(|event| text(event, "id").to_owned()));
            match page["next_cursor"].as_str() {
                Some(cursor) => cursor.clone_into(&mut next),
                None => break,
            }
            say(&root, &mail, "degraded").await;
        }
        assert_eq!(seen.len(), 6);
        seen.dedup();
        assert_eq!(seen.len(), 6);
        let one = anyone.get(&format!("/status/events/{}", seen[0])).await.expect(200).json();
        assert_eq!(one["source"], "operator");
        assert_eq!(anyone.get("/status/events?status=fine").await.expect_complaints(), ["status unknown_value"]);
    }

    async fn only_operators_write(app: &TestApp) {
        let root = operator(app).await;
        let ada = app.register("ada@example.com").await;
        let shop = add_service(&root, "Shop").await;
        let event = json!({ "service_id": shop, "status": "degraded" });
        let incident = json!({ "title": "x", "impact": "minor", "body": "x" });
        let window = json!({ "title": "x", "starts_at": "2026-11-03T00:00:00Z", "ends_at": "2026-11-03T01:00:00Z", "service_ids": [shop] });
        for (path, body) in [
            ("/status/services", &json!({ "name": "Mine" })),
            ("/status/events", &event),
            ("/status/incidents", &incident),
            ("/status/maintenance", &window),
        ] {
            app.client().post(path, body).await.expect_problem(401, "unauthorized");
            ada.post(path, body).await.expect_problem(403, "forbidden");
            root.post(path, body).await.expect(201);
        }
        let path = format!("/status/services/{shop}");
        app.client().patch(&path, &json!({ "name": "Mine" })).await.expect_problem(401, "unauthorized");
        ada.patch(&path, &json!({ "name": "Mine" })).await.expect_problem(403, "forbidden");
        ada.delete(&path).await.expect_problem(403, "forbidden");
        let trail = root.get("/admin/audit-log?object_type=status_event").await.expect(200).json();
        assert_eq!((&trail["total"], &trail["items"][0]["action"]), (&json!(1), &json!("status_event.created")));
        app.run_jobs().await;
    }

    async fn every_bad_field_of_an_event_is_named(app: &TestApp) {
        let root = operator(app).await;
        let shop = add_service(&root, "Shop").await;
        let complaints = |body: Value| {
            let root = root.clone();
            async move { root.post("/status/events", &body).await.expect_complaints() }
        };
        assert_eq!(complaints(json!({ "service_id": shop, "status": "fine" })).await, ["status unknown_value"]);
        assert_eq!(complaints(json!({})).await, ["service_id required", "status required"]);
        let unknown = "018f0000-0000-7000-8000-000000000000";
        assert_eq!(complaints(json!({ "service_id": unknown, "status": "degraded" })).await, ["service_id unknown"]);
        let long = "x".repeat(5001);
        assert_eq!(complaints(json!({ "service_id": shop, "status": "degraded", "description": long })).await, ["description invalid_length"]);
        assert_eq!(overall(&root).await, "operational");
    }

    async fn services_are_changed_and_taken_off_the_page(app: &TestApp) {
        let root = operator(app).await;
        let shop = add_service(&root, "Shop").await;
        let path = format!("/status/services/{shop}");
        root.post("/status/services", &json!({ "name": " SHOP " })).await.expect_problem(409, "conflict");
        let body = json!({ "name": "", "position": -1, "description": "\u{0}" });
        assert_eq!(root.post("/status/services", &body).await.expect_complaints(),
            ["name invalid_length", "description invalid_length", "position out_of_range"]);
        let seen = root.get(&path).await.expect(200);
        let tag = seen.header("etag").expect("a tag").to_owned();
        let changed = root.patch(&path, &json!({ "description": "Where people buy", "position": 1 })).await.expect(200).json();
        assert_eq!((&changed["name"], &changed["description"], &changed["position"]), (&json!("Shop"), &json!("Where people buy"), &json!(1)));
        let stale = root.call(http::Method::PATCH, &path).header("if-match", &tag).json(&json!({ "name": "Old" })).send().await;
        stale.expect_problem(412, "precondition_failed");
        add_service(&root, "Assets").await;
        let names = |page: Value| -> Vec<String> { items(&page).iter().map(|one| text(one, "name").to_owned()).collect() };
        assert_eq!(names(root.get("/status/services?sort=name").await.expect(200).json()), ["Assets", "Shop"]);
        assert_eq!(names(root.get("/status/services?sort=position&limit=1").await.expect(200).json()), ["Shop"]);
        say(&root, &shop, "major_outage").await;
        root.delete(&path).await.expect(204);
        root.get(&path).await.expect_problem(404, "not_found");
        root.delete(&path).await.expect_problem(404, "not_found");
        assert_eq!(overall(&root).await, "operational");
        assert_eq!(root.get("/status/events").await.expect(200).json()["total"], 0);
    }

    async fn an_incident_says_how_its_services_are_until_it_is_resolved(app: &TestApp) {
        let root = operator(app).await;
        let (shop, mail) = (add_service(&root, "Shop").await, add_service(&root, "Mail").await);
        let body = json!({ "title": "Orders are slow", "impact": "major", "body": "We are looking.", "service_ids": [shop, mail, shop] });
        let reply = root.post("/status/incidents", &body).await.expect(201);
        let made = reply.json();
        let path = format!("/status/incidents/{}", text(&made, "id"));
        assert_eq!(reply.header("location"), Some(format!("/api/v1{path}").as_str()));
        assert_eq!((&made["state"], &made["impact"], &made["resolved_at"]), (&json!("investigating"), &json!("major"), &Value::Null));
        assert_eq!(made["services"].as_array().map(Vec::len), Some(2));
        assert_eq!(overall(&root).await, "partial_outage");
        app.clock.advance(Duration::minutes(5));
        root.patch(&path, &json!({ "impact": "minor" })).await.expect(200);
        assert_eq!(overall(&root).await, "degraded");
        // Somebody says something else about one of them: that stays.
        say(&root, &mail, "major_outage").await;
        app.clock.advance(Duration::minutes(5));
        let updates = format!("{path}/updates");
        root.post(&updates, &json!({ "state": "identified", "body": "It was the cache." })).await.expect(201);
        app.clock.advance(Duration::minutes(1));
        let done = root.post(&updates, &json!({ "state": "resolved", "body": "Mended." })).await.expect(201).json();
        assert_eq!((&done["state"], &done["resolved_at"]), (&json!("resolved"), &json!("2026-11-02T09:11:00Z")));
        let told: Vec<&str> = done["updates"].as_array().expect("updates").iter().map(|update| text(update, "body")).collect();
        assert_eq!(told, ["Mended.", "It was the cache.", "We are looking."]);
        assert_eq!((state(&root, &shop).await, state(&root, &mail).await), ("operational".into(), "major_outage".into()));
        assert_eq!(root.get("/status/incidents?open=true").await.expect(200).json()["total"], 0);
        assert_eq!(root.get("/status/incidents?open=false&state=resolved").await.expect(200).json()["total"], 1);
        let reopened = root.post(&updates, &json!({ "state": "investigating", "body": "Again." })).await.expect(201).json();
        assert_eq!((&reopened["state"], &reopened["resolved_at"]), (&json!("investigating"), &Value::Null));
        assert_eq!(state(&root, &shop).await, "degraded");
        let board = app.client().get("/status").await.expect(200).json();
        assert_eq!(board["incidents"][0], app.client().get(&path).await.expect(200).json());
        app.run_jobs().await;
    }

    async fn every_bad_field_of_an_incident_is_named(app: &TestApp) {
        let root = operator(app).await;
        let unknown = "018f0000-0000-7000-8000-000000000000";
        let bad = json!({ "title": " ", "impact": "minor", "body": "" });
        assert_eq!(root.post("/status/incidents", &bad).await.expect_complaints(), ["title invalid_length", "body invalid_length"]);
        let shop = add_service(&root, "Shop").await;
        let bad = json!({ "title": "x", "impact": "minor", "body": "x", "service_ids": [shop, unknown] });
        assert_eq!(root.post("/status/incidents", &bad).await.expect_complaints(), ["service_ids[1] unknown"]);
        assert_eq!(root.get("/status/incidents").await.expect(200).json()["total"], 0);
        for path in [format!("/status/incidents/{unknown}"), "/status/incidents/x".to_owned()] {
            root.get(&path).await.expect_problem(404, "not_found");
            root.patch(&path, &json!({ "title": "x" })).await.expect_problem(404, "not_found");
            root.post(&format!("{path}/updates"), &json!({ "state": "resolved", "body": "x" })).await.expect_problem(404, "not_found");
        }
    }

    async fn maintenance_begins_and_ends_by_itself_and_is_no_outage(app: &TestApp) {
        let root = operator(app).await;
        let shop = add_service(&root, "Shop").await;
        app.clock.advance(Duration::hours(3));
        let root2 = app.login("root@example.com").await;
        let body = json!({ "title": "New disks", "starts_at": "2026-11-02T13:00:00Z", "ends_at": "2026-11-02T15:00:00Z", "service_ids": [shop] });
        let made = root2.post("/status/maintenance", &body).await.expect(201).json();
        let path = format!("/status/maintenance/{}", text(&made, "id"));
        assert_eq!(made["state"], "scheduled");
        let anyone = app.client();
        assert_eq!(overall(&anyone).await, "operational");
        app.clock.advance(Duration::hours(1));
        assert_eq!((overall(&anyone).await, state(&anyone, &shop).await), ("maintenance".into(), "maintenance".into()));
        assert_eq!(anyone.get(&path).await.expect(200).json()["state"], "active");
        let root3 = app.login("root@example.com").await;
        say(&root3, &shop, "major_outage").await;
        assert_eq!(overall(&anyone).await, "major_outage", "the worse of the two is shown");
        crate::status_support::tick(app).await;
        app.clock.advance(Duration::hours(1));
        let root4 = app.login("root@example.com").await;
        say(&root4, &shop, "operational").await;
        app.clock.advance(Duration::hours(1));
        assert_eq!((overall(&anyone).await, anyone.get(&path).await.expect(200).json()["state"].clone()), ("operational".into(), json!("completed")));
        let service = anyone.get(&format!("/status/services/{shop}")).await.expect(200).json();
        assert_eq!(service["uptime_percent"], 100.0);
        assert_eq!(service["days"][89]["worst"], "maintenance");
        crate::status_support::tick(app).await;
        crate::status_support::tick(app).await;
        let notes = anyone.get("/status/events").await.expect(200).json();
        let notes: Vec<(&str, &str)> = items(&notes).iter().filter(|event| event["source"] == "maintenance").map(|event| (text(event, "status"), text(event, "created_at"))).collect();
        assert_eq!(notes, [("operational", "2026-11-02T15:00:00Z"), ("maintenance", "2026-11-02T13:00:00Z")]);
        let root5 = app.login("root@example.com").await;
        root5.delete(&path).await.expect_problem(409, "conflict");
        root5.patch(&path, &json!({ "title": "x" })).await.expect_problem(409, "conflict");
    }

    async fn maintenance_can_be_moved_and_called_off(app: &TestApp) {
        let root = operator(app).await;
        let shop = add_service(&root, "Shop").await;
        let plan = |starts: &str, ends: &str| json!({ "title": "New disks", "starts_at": starts, "ends_at": ends, "service_ids": [shop] });
        let complaints = |body: Value| {
            let root = root.clone();
            async move { root.post("/status/maintenance", &body).await.expect_complaints() }
        };
        assert_eq!(complaints(plan("2026-11-02T08:00:00Z", "2026-11-02T07:00:00Z")).await, ["starts_at in_the_past", "ends_at out_of_range"]);
        assert_eq!(complaints(plan("2026-11-03T08:00:00Z", "2026-12-13T07:00:00Z")).await, ["ends_at out_of_range"]);
        let nobody = json!({ "title": "", "starts_at": "2026-11-03T08:00:00Z", "ends_at": "2026-11-03T09:00:00Z", "service_ids": [] });
        assert_eq!(complaints(nobody).await, ["title invalid_length", "service_ids too_short"]);
        let made = root.post("/status/maintenance", &plan("2026-11-02T09:00:00Z", "2026-11-02T10:00:00Z")).await.expect(201).json();
        let path = format!("/status/maintenance/{}", text(&made, "id"));
        assert_eq!(overall(&root).await, "maintenance");
        app.clock.advance(Duration::minutes(10));
        let moved = root.patch(&path, &json!({ "starts_at": "2026-11-02T11:00:00Z", "ends_at": "2026-11-02T12:00:00Z" })).await;
        assert_eq!(moved.expect_complaints(), ["starts_at in_the_past"]);
        root.patch(&path, &json!({ "ends_at": "2026-11-02T12:00:00Z" })).await.expect(200);
        root.delete(&path).await.expect(204);
        let gone = root.get(&path).await.expect(200).json();
        assert_eq!((&gone["state"], &gone["canceled_at"]), (&json!("canceled"), &json!("2026-11-02T09:10:00Z")));
        assert_eq!(overall(&root).await, "operational");
        crate::status_support::tick(app).await;
        let notes = root.get("/status/events").await.expect(200).json();
        assert_eq!(items(&notes).iter().map(|event| text(event, "created_at")).collect::<Vec<_>>(), ["2026-11-02T09:10:00Z", "2026-11-02T09:00:00Z"]);
    }
}
