//! Requests that are repeated.

use chrono::Duration;
use serde_json::{Value, json};
use vitrine_kernel::id::AccountId;
use vitrine_testkit::{Client, Reply, TestApp, app_test};

use crate::support::{modules, text};

async fn make(client: &Client, key: &str, name: &str) -> Reply {
    client
        .clone()
        .with_header("idempotency-key", key)
        .post("/projects", &json!({ "name": name }))
        .await
}

async fn total(client: &Client) -> Value {
    client.get("/projects").await.expect(200).json()["total"].clone()
}

app_test! {
    modules = modules;

    async fn a_repeat_has_no_effect_and_the_same_answer(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let first = make(&ada, "k-1", "Elm").await.expect(201);
        assert_eq!(first.header("idempotent-replayed"), None);
        app.clock.advance(Duration::minutes(10));
        let keyed = ada.clone().with_header("idempotency-key", "\"k-1\"");
        // Bare or quoted, and whatever the order and the space of the body.
        let again = keyed.call(http::Method::POST, "/projects").body("application/json", "{ \"name\" : \"Elm\" }").send().await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!((again.status, again.text()), (201, first.text()));
        assert_eq!(total(&ada).await, 1);
        make(&ada, "k-2", "Elm").await.expect(201);
        assert_eq!(total(&ada).await, 2);
    }

    async fn another_body_under_one_key_is_refused_without_effect(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        make(&ada, "k", "Elm").await.expect(201);
        make(&ada, "k", "Oak").await.expect_problem(422, "idempotency_key_reused");
        assert_eq!(total(&ada).await, 1);
    }

    async fn keys_of_other_people_methods_and_paths_are_other_keys(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let bea = app.register("bea@example.com").await;
        let made = make(&ada, "k", "Elm").await.expect(201).json();
        let other = make(&bea, "k", "Elm").await.expect(201);
        assert_eq!(other.header("idempotent-replayed"), None);
        let path = format!("/projects/{}", text(&made, "id"));
        let keyed = ada.clone().with_header("idempotency-key", "k");
        let patch = json!({ "name": "Oak" });
        let changed = keyed.patch(&path, &patch).await.expect(200);
        assert_eq!((changed.json()["name"].clone(), changed.header("idempotent-replayed")), (json!("Oak"), None));
        let again = keyed.patch(&path, &patch).await.expect(200);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!((total(&ada).await, total(&bea).await), (json!(1), json!(1)));
    }

    async fn refusals_are_not_remembered(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        make(&ada, "k", " ").await.expect_problem(422, "validation_failed");
        make(&ada, "k", "Elm").await.expect(201);
        let keyed = ada.clone().with_header("idempotency-key", "k2");
        let nowhere = "/projects/00000000-0000-7000-8000-000000000000";
        keyed.patch(nowhere, &json!({ "name": "x" })).await.expect_problem(404, "not_found");
        // A stranger learns nothing and leaves nothing.
        app.client().with_header("idempotency-key", "k").post("/projects", &json!({ "name": "x" })).await
            .expect_problem(401, "unauthorized");
    }

    async fn a_malformed_key_is_a_bad_request(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let long = "x".repeat(256);
        for key in ["", "a b", "\"\"", long.as_str()] {
            make(&ada, key, "Elm").await.expect_problem(400, "bad_request");
        }
        assert_eq!(total(&ada).await, 0);
    }

    async fn of_two_hundred_parallel_requests_one_has_an_effect(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let calls = (0..200).map(|_| {
            let ada = ada.clone();
            tokio::spawn(async move { make(&ada, "k", "Elm").await })
        });
        let replies: Vec<Reply> =
            futures_util::future::join_all(calls).await.into_iter().map(|reply| reply.expect("it ran")).collect();
        let made: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 201).collect();
        let first = made.iter().filter(|reply| reply.header("idempotent-replayed").is_none());
        assert_eq!(first.count(), 1);
        assert!(made.iter().all(|reply| reply.text() == made[0].text()));
        for reply in replies.iter().filter(|reply| reply.status != 201) {
            assert!(reply.header("retry-after").is_some());
            reply.clone().expect_problem(409, "idempotency_in_progress");
        }
        assert_eq!(total(&ada).await, 1);
        assert_eq!(make(&ada, "k", "Elm").await.header("idempotent-replayed"), Some("true"));
    }

    async fn a_process_that_died_before_its_commit_leaves_only_a_claim_that_ends(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let me = ada.get("/auth/me").await.expect(200).json();
        let account: AccountId = text(&me["user"], "id").parse().expect("an id");
        // What is left of it: the claim, and no effect.
        make(&ada, "k", "Elm").await.expect(201);
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        let until = app.ctx.now() + Duration::seconds(15);
        tx.execute_one(&crate::sql::FORGET_ANSWER, vitrine_db::values![account, until]).await.expect("one record");
        tx.execute_one(&crate::sql::FORGET_PROJECT, vitrine_db::values!["Elm"]).await.expect("one project");
        tx.commit().await.expect("it is stored");
        let refused = make(&ada, "k", "Elm").await;
        assert_eq!(refused.header("retry-after"), Some("15"));
        refused.expect_problem(409, "idempotency_in_progress");
        make(&ada, "k", "Oak").await.expect_problem(422, "idempotency_key_reused");
        app.clock.advance(Duration::seconds(15));
        assert_eq!(make(&ada, "k", "Elm").await.expect(201).header("idempotent-replayed"), None);
        assert_eq!(total(&ada).await, 1);
    }

    async fn a_key_is_forgotten_after_a_day(app: &TestApp) {
        app.register("ada@example.com").await;
        let ada = app.login("ada@example.com").await;
        make(&ada, "k", "Elm").await.expect(201);
        app.clock.advance(Duration::hours(24));
        let ada = app.login("ada@example.com").await;
        assert_eq!(make(&ada, "k", "Oak").await.expect(201).header("idempotent-replayed"), None);
        assert_eq!(total(&ada).await, 2);
    }
}
