use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_testkit::{Client, EngineKind, TestApp, app_test};

use crate::support::{account_id, all, modules, operator, post, text};

async fn titles(client: &Client, query: &str) -> Vec<String> {
    all(
        &client
            .get(&format!("/community/posts{query}"))
            .await
            .expect(200)
            .json(),
        "title",
    )
}

async fn comment(client: &Client, post: &str, body: &str, parent: Option<&str>) -> String {
    let path = format!("/community/posts/{post}/comments");
    let made = client
        .post(&path, &json!({ "body": body, "parent_id": parent }))
        .await
        .expect(201)
        .json();
    text(&made, "id").to_owned()
}

async fn comments(client: &Client, post: &str) -> Vec<String> {
    let path = format!("/community/posts/{post}/comments?sort=created_at");
    all(&client.get(&path).await.expect(200).json(), "body")
}

app_test! {
    modules = modules;

    async fn a_post_is_written_by_accounts_and_read_by_everybody(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let body = json!({ "title": " Lamps ", "body": "I **like** them <img src=x onerror=alert(1)>" });
        let reply = ada.post("/community/posts", &body).await.expect(201);
        let made = reply.json();
        let id = text(&made, "id");
        assert_eq!(reply.header("location"), Some(format!("/api/v1/community/posts/{id}").as_str()));
        assert_eq!(made, json!({
            "id": id,
            "author": { "id": account_id(&ada), "full_name": "Ada Example" },
            "title": "Lamps",
            "body": "I **like** them <img src=x onerror=alert(1)>",
            "body_html": "<p>I <strong>like</strong> them </p>\n",
            "score": 0,
            "my_vote": null,
            "comment_count": 0,
            "state": "visible",
            "is_locked": false,
            "created_at": "2026-11-02T09:00:00Z",
            "updated_at": "2026-11-02T09:00:00Z",
        }));
        let path = format!("/community/posts/{id}");
        for path in [path.as_str(), "/community/posts", &format!("{path}/comments")] {
            let seen = app.client().get(path).await.expect(200);
            assert_eq!(seen.header("cache-control"), Some("public, max-age=15"), "{path}");
            assert_eq!(seen.header("vary").map(|vary| vary.contains("authorization")), Some(true));
            assert!(seen.header("etag").is_some());
            let own = ada.get(path).await.expect(200);
            assert_eq!(own.header("cache-control"), Some("private, no-cache"), "{path}");
        }
        assert_eq!(app.client().get(&path).await.expect(200).json(), made);

        app.clock.advance(Duration::seconds(60));
        let changed = ada.patch(&path, &json!({ "title": "Floor lamps" })).await.expect(200).json();
        assert_eq!((&changed["title"], &changed["updated_at"]), (&json!("Floor lamps"), &json!("2026-11-02T09:01:00Z")));
        assert_eq!(titles(&ada, "?q=floor").await, ["Floor lamps"]);
        let _ = ada.delete(&path).await.expect(204);
        for client in [&ada, &app.client()] {
            client.get(&path).await.expect_problem(404, "not_found");
            assert!(titles(client, "").await.is_empty());
        }
        ada.patch(&path, &json!({ "title": "x" })).await.expect_problem(404, "not_found");
    }

    async fn only_its_author_changes_it_and_strangers_only_read(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let id = post(&ada, "Lamps", "Text").await;
        let note = comment(&ada, &id, "First", None).await;
        let (path, comment_path) = (format!("/community/posts/{id}"), format!("/community/posts/{id}/comments/{note}"));
        for (client, status, code) in [(eve, 403, "forbidden"), (app.client(), 401, "unauthorized")] {
            for reply in [
                client.patch(&path, &json!({ "title": "Mine" })).await,
                client.delete(&path).await,
                client.patch(&comment_path, &json!({ "body": "Mine" })).await,
                client.delete(&comment_path).await,
            ] {
                reply.expect_problem(status, code);
            }
        }
        let anonymous = app.client();
        for (below, body) in [
            ("votes", json!({ "value": 1 })),
            ("flags", json!({ "reason": "spam" })),
            ("comments", json!({ "body": "Hello" })),
        ] {
            anonymous.post(&format!("{path}/{below}"), &body).await.expect_problem(401, "unauthorized");
        }
        anonymous.post("/community/posts", &json!({ "title": "A", "body": "B" })).await.expect_problem(401, "unauthorized");
        anonymous.get("/community/moderation").await.expect_problem(401, "unauthorized");
        ada.get("/community/moderation").await.expect_problem(403, "forbidden");
        ada.post(&format!("/community/moderation/{id}"), &json!({ "decision": "remove" })).await.expect_problem(404, "not_found");
        assert_eq!(titles(&ada, "").await, ["Lamps"]);
        assert_eq!(comments(&ada, &id).await, ["First"]);
    }

    async fn every_bad_field_is_named(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let body = json!({ "title": "x".repeat(201), "body": " " });
        assert_eq!(ada.post("/community/posts", &body).await.expect_complaints(), ["title invalid_length", "body invalid_length"]);
        let body = json!({ "title": "A", "body": "B", "author": "me" });
        assert_eq!(ada.post("/community/posts", &body).await.expect_complaints(), ["author unknown_field"]);
        assert_eq!(ada.get("/community/posts?sort=colour").await.expect_complaints(), ["sort unknown_value"]);
        let path = format!("/community/posts/{}", post(&ada, "A", "B").await);
        for (below, body, complaint) in [
            ("votes", json!({ "value": 2 }), "value out_of_range"),
            ("votes", json!({ "value": "up" }), "value wrong_type"),
            ("flags", json!({ "reason": "boring" }), "reason unknown_value"),
            ("comments", json!({ "body": "x".repeat(5001) }), "body invalid_length"),
            ("comments", json!({ "body": "x", "parent_id": account_id(&ada) }), "parent_id unknown"),
        ] {
            assert_eq!(ada.post(&format!("{path}/{below}"), &body).await.expect_complaints(), [complaint]);
        }
        for below in ["", "/comments"] {
            let unknown = format!("/community/posts/01900000-0000-7000-8000-000000000000{below}");
            ada.get(&unknown).await.expect_problem(404, "not_found");
        }
    }

    async fn posts_are_found_sorted_and_paged(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let bob = app.register("bob@example.com").await;
        let mut ids = Vec::new();
        for (author, title, body) in [
            (&ada, "Änderung", "100% wool"),
            (&bob, "Carpet", "snake_case; select * from posts where '1'='1'"),
            (&ada, "Bench", "100 wool, snakeXcase"),
        ] {
            ids.push(post(author, title, body).await);
            app.clock.advance(Duration::seconds(1));
        }
        let _ = bob.post(&format!("/community/posts/{}/votes", ids[1]), &json!({ "value": 1 })).await.expect(200);
        let _ = bob.post(&format!("/community/posts/{}/votes", ids[2]), &json!({ "value": -1 })).await.expect(200);
        let reader = app.client();
        assert_eq!(titles(&reader, "").await, ["Bench", "Carpet", "Änderung"]);
        assert_eq!(titles(&reader, "?sort=-score").await, ["Carpet", "Änderung", "Bench"]);
        assert_eq!(titles(&reader, "?sort=title&q=wool").await, ["Bench", "Änderung"]);
        assert_eq!(titles(&reader, "?q=100%25").await, ["Änderung"], "a percent sign is one");
        assert_eq!(titles(&reader, "?q=SNAKE_case").await, ["Carpet"], "and an underscore too");
        assert_eq!(titles(&reader, "?q=%C3%A4nder").await, ["Änderung"], "letter case of every alphabet");
        assert_eq!(titles(&reader, "?q=%27%3B%20select").await, Vec::<String>::new());
        assert_eq!(titles(&reader, "?q=%271%27%3D%271").await, ["Carpet"], "nothing is taken for an attack");
        assert_eq!(titles(&reader, &format!("?author={}", account_id(&bob))).await, ["Carpet"]);

        let first = reader.get("/community/posts?sort=-score&limit=2").await.expect(200).json();
        let next = format!("/community/posts?limit=2&cursor={}", text(&first, "next_cursor"));
        let second = reader.get(&next).await.expect(200).json();
        assert_eq!([all(&first, "title"), all(&second, "title")].concat(), ["Carpet", "Änderung", "Bench"]);
        assert_eq!(reader.get("/community/posts?page=2&page_size=2").await.expect(200).json()["total"], 3);
    }

    async fn an_account_has_one_vote(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let bob = app.register("bob@example.com").await;
        let id = post(&ada, "Lamps", "Text").await;
        let note = comment(&ada, &id, "First", None).await;
        for path in [format!("/community/posts/{id}"), format!("/community/posts/{id}/comments/{note}")] {
            let votes = format!("{path}/votes");
            for (client, value, score) in [(&ada, 1, 1), (&ada, 1, 1), (&bob, 1, 2), (&ada, -1, 0), (&bob, 0, -1), (&bob, 0, -1), (&ada, 0, 0), (&bob, 1, 1)] {
                let tally = client.post(&votes, &json!({ "value": value })).await.expect(200).json();
                let mine = if value == 0 { Value::Null } else { json!(value) };
                assert_eq!(tally, json!({ "score": score, "my_vote": mine }));
            }
            let seen = bob.get(&path).await.expect(200).json();
            assert_eq!((&seen["score"], &seen["my_vote"]), (&json!(1), &json!(1)));
            assert_eq!(app.client().get(&path).await.expect(200).json()["my_vote"], Value::Null);
        }
    }

    async fn comments_make_threads_one_level_deep(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let bob = app.register("bob@example.com").await;
        let id = post(&ada, "Lamps", "Text").await;
        let other = post(&ada, "Rugs", "Text").await;
        let first = comment(&bob, &id, "Which *one*?", None).await;
        app.clock.advance(Duration::seconds(1));
        let answer = comment(&ada, &id, "The brass one", Some(&first)).await;
        let path = format!("/community/posts/{id}/comments");
        let deeper = json!({ "body": "x", "parent_id": answer });
        assert_eq!(bob.post(&path, &deeper).await.expect_complaints(), ["parent_id too_deep"]);
        let elsewhere = json!({ "body": "x", "parent_id": first });
        assert_eq!(bob.post(&format!("/community/posts/{other}/comments"), &elsewhere).await.expect_complaints(), ["parent_id unknown"]);
        ada.get(&format!("/community/posts/{other}/comments/{first}")).await.expect_problem(404, "not_found");
        let page = app.client().get(&format!("{path}?sort=created_at")).await.expect(200).json();
        assert_eq!(page["items"][0]["body_html"], "<p>Which <em>one</em>?</p>\n");
        assert_eq!((&page["items"][0]["parent_id"], &page["items"][1]["parent_id"]), (&Value::Null, &json!(first)));
        assert_eq!(app.client().get(&format!("/community/posts/{id}")).await.expect(200).json()["comment_count"], 2);

        let changed = bob.patch(&format!("{path}/{first}"), &json!({ "body": "Which lamp?" })).await.expect(200).json();
        assert_eq!(changed["body"], "Which lamp?");
        let _ = bob.delete(&format!("{path}/{first}")).await.expect(204);
        let page = app.client().get(&format!("{path}?sort=created_at")).await.expect(200).json();
        let gone = &page["items"][0];
        assert_eq!((&gone["state"], &gone["body"], &gone["author"]), (&json!("deleted"), &json!(""), &Value::Null));
        assert_eq!(comments(&ada, &id).await, ["", "The brass one"], "its place stays while it has an answer");
        bob.get(&format!("{path}/{first}")).await.expect_problem(404, "not_found");
        let _ = ada.delete(&format!("{path}/{answer}")).await.expect(204);
        assert!(comments(&ada, &id).await.is_empty());
        assert_eq!(ada.get(&format!("/community/posts/{id}")).await.expect(200).json()["comment_count"], 0);
    }

    async fn enough_flags_hide_it_until_a_moderator_decides(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let ada = app.register("ada@example.com").await;
        let id = post(&ada, "Buy now", "Cheap lamps").await;
        let path = format!("/community/posts/{id}");
        let flags = format!("{path}/flags");
        ada.post(&flags, &json!({ "reason": "spam" })).await.expect_problem(403, "forbidden");
        let mut readers = Vec::new();
        for name in ["b", "c", "d", "e"] {
            readers.push(app.register(&format!("{name}@example.com")).await);
        }
        for reader in &readers[..3] {
            assert_eq!(titles(reader, "").await, ["Buy now"]);
            let flag = reader.post(&flags, &json!({ "reason": "spam", "note": " Again " })).await.expect(201).json();
            assert_eq!((&flag["reason"], &flag["note"]), (&json!("spam"), &json!("Again")));
        }
        readers[0].post(&flags, &json!({ "reason": "abuse" })).await.expect_problem(404, "not_found");
        assert!(titles(&readers[3], "").await.is_empty());
        app.client().get(&path).await.expect_problem(404, "not_found");
        assert_eq!(ada.get(&path).await.expect(200).json()["state"], "hidden", "its author is told");

        let queue = olga.get("/community/moderation?sort=-flag_count").await.expect(200).json();
        let item = &queue["items"][0];
        assert_eq!((&item["id"], &item["kind"], &item["flag_count"]), (&json!(id), &json!("post"), &json!(3)));
        assert_eq!(item["flags"].as_array().map(Vec::len), Some(3));
        assert_eq!((&item["title"], &item["body"]), (&json!("Buy now"), &json!("Cheap lamps")));
        let decide = async |decision: &str| olga.post(&format!("/community/moderation/{id}"), &json!({ "decision": decision })).await;

        let kept = decide("keep").await.expect(200).json();
        assert_eq!((&kept["state"], &kept["flag_count"]), (&json!("visible"), &json!(0)));
        assert_eq!(titles(&app.client(), "").await, ["Buy now"]);
        assert!(olga.get("/community/moderation").await.expect(200).json()["items"].as_array().is_some_and(Vec::is_empty));
        readers[0].post(&flags, &json!({ "reason": "abuse" })).await.expect_problem(409, "conflict");
        let _ = readers[3].post(&flags, &json!({ "reason": "abuse" })).await.expect(201);
        assert_eq!(titles(&app.client(), "").await, ["Buy now"], "old flags are settled");

        let _ = decide("remove").await.expect(200);
        for reader in [&ada, &readers[0], &app.client()] {
            reader.get(&path).await.expect_problem(404, "not_found");
        }
        assert_eq!(olga.get(&path).await.expect(200).json()["body"], "Cheap lamps", "moderators still read it");
        let removed = olga.get("/community/moderation?removed=true").await.expect(200).json();
        assert_eq!(all(&removed, "id"), [id.as_str()]);
        let _ = decide("keep").await.expect(200);
        let trail = olga.get("/admin/audit-log?object_type=post").await.expect(200).json();
        assert!(all(&trail, "action").contains(&"moderation.removed".to_owned()), "{trail}");
    }

    async fn a_locked_post_takes_no_more_and_removed_comments_are_gone(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let ada = app.register("ada@example.com").await;
        let id = post(&ada, "Lamps", "Text").await;
        let rude = comment(&ada, &id, "Rude words", None).await;
        let path = format!("/community/posts/{id}");
        let decide = async |id: &str, decision: &str| olga.post(&format!("/community/moderation/{id}"), &json!({ "decision": decision })).await;
        assert_eq!(decide(&rude, "lock").await.expect_complaints(), ["decision unknown_value"]);
        let _ = decide(&rude, "remove").await.expect(200);
        assert!(comments(&ada, &id).await.is_empty());
        assert_eq!(comments(&olga, &id).await, ["Rude words"]);
        assert_eq!(ada.get(&path).await.expect(200).json()["comment_count"], 0);

        assert_eq!(decide(&id, "lock").await.expect(200).json()["is_locked"], true);
        ada.post(&format!("{path}/comments"), &json!({ "body": "x" })).await.expect_problem(409, "conflict");
        ada.patch(&path, &json!({ "title": "x" })).await.expect_problem(409, "conflict");
        assert_eq!(titles(&app.client(), "").await, ["Lamps"], "it can still be read");
        let _ = decide(&id, "unlock").await.expect(200);
        comment(&ada, &id, "Thanks", None).await;
        let _ = ada.delete(&path).await.expect(204);
        decide(&id, "keep").await.expect_problem(409, "conflict");
    }

    async fn a_stale_change_is_refused_and_a_repeated_post_is_one(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        for _ in 0..2 {
            let call = ada.call(Method::POST, "/community/posts").header("idempotency-key", "p1");
            let _ = call.json(&json!({ "title": "Once", "body": "Only" })).send().await.expect(201);
        }
        let page = ada.get("/community/posts").await.expect(200).json();
        assert_eq!(all(&page, "title"), ["Once"]);
        let id = text(&page["items"][0], "id").to_owned();
        let note = comment(&ada, &id, "First", None).await;
        for (path, change) in [
            (format!("/community/posts/{id}"), json!({ "title": "Twice" })),
            (format!("/community/posts/{id}/comments/{note}"), json!({ "body": "Second" })),
        ] {
            let tag = ada.get(&path).await.expect(200).header("etag").expect("a tag").to_owned();
            let patch = || ada.call(Method::PATCH, &path).header("if-match", &tag).json(&change).send();
            let _ = patch().await.expect(200);
            patch().await.expect_problem(412, "precondition_failed");
            let delete = ada.call(Method::DELETE, &path).header("if-match", &tag).send().await;
            delete.expect_problem(412, "precondition_failed");
        }
    }

    async fn votes_at_the_same_moment_are_all_counted_once(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let id = post(&ada, "Lamps", "Text").await;
        let votes = format!("/community/posts/{id}/votes");
        let mut voters = Vec::new();
        for n in 0..8 {
            voters.push(app.register(&format!("v{n}@example.com")).await);
        }
        let mut tasks = tokio::task::JoinSet::new();
        for voter in &voters {
            // Every voter votes thrice at once, and changes their mind at the end.
            for value in [1, 1, -1] {
                let (voter, votes) = (voter.clone(), votes.clone());
                tasks.spawn(async move { voter.post(&votes, &json!({ "value": value })).await.expect(200).json() });
            }
        }
        while let Some(done) = tasks.join_next().await {
            done.expect("no vote fails");
        }
        let mut sum = 0;
        for voter in &voters {
            sum += voter.get(&format!("/community/posts/{id}")).await.expect(200).json()["my_vote"].as_i64().expect("a vote");
        }
        let seen = ada.get(&format!("/community/posts/{id}")).await.expect(200).json();
        assert_eq!(seen["score"], sum, "the score is the sum of the votes that stand");
        for voter in &voters {
            let _ = voter.post(&votes, &json!({ "value": 1 })).await.expect(200);
        }
        assert_eq!(ada.get(&format!("/community/posts/{id}")).await.expect(200).json()["score"], 8);
    }

    async fn prepared_answers_are_the_staffs(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let ada = app.register("ada@example.com").await;
        let body = json!({ "title": "Hello", "body": "Thanks for **writing**." });
        let reply = olga.post("/support/canned-replies", &body).await.expect(201);
        let path = reply.header("location").expect("a path").trim_start_matches("/api/v1").to_owned();
        assert_eq!(olga.get(&path).await.expect(200).json(), reply.json());
        assert_eq!(olga.patch(&path, &json!({ "title": "Hi" })).await.expect(200).json()["title"], "Hi");
        assert_eq!(all(&olga.get("/support/canned-replies?sort=title").await.expect(200).json(), "body"), ["Thanks for **writing**."]);
        assert_eq!(olga.post("/support/canned-replies", &json!({ "title": "", "body": "" })).await.expect_complaints(), [
            "title invalid_length",
            "body invalid_length"
        ]);
        ada.get("/support/canned-replies").await.expect_problem(403, "forbidden");
        ada.post("/support/canned-replies", &body).await.expect_problem(403, "forbidden");
        for reply in [ada.get(&path).await, ada.patch(&path, &json!({ "title": "x" })).await, ada.delete(&path).await] {
            reply.expect_problem(404, "not_found");
        }
        let _ = olga.delete(&path).await.expect(204);
        olga.delete(&path).await.expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn who_writes_too_much_has_to_wait() {
    let app = TestApp::open_with(EngineKind::Sqlite, modules(), |options| {
        options.settings.rate_limits = true;
    })
    .await
    .expect("SQLite is always there");
    let ada = app.register("ada@example.com").await;
    let body = json!({ "title": "A", "body": "B" });
    for _ in 0..20 {
        let _ = ada.post("/community/posts", &body).await.expect(201);
    }
    let refused = ada.post("/community/posts", &body).await;
    assert_eq!(refused.header("retry-after"), Some("3"));
    refused.expect_problem(429, "rate_limited");
    let _ = ada.get("/community/posts").await.expect(200);
    app.finish().await;
}
