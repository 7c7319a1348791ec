//! The first account of an instance.

use serde_json::{Value, json};
use vitrine_platform::accounts::setup;
use vitrine_testkit::TestApp;

use crate::modules;

fn body(token: &str, email: &str) -> Value {
    json!({ "token": token, "email": email, "password": "tall-window-94-lamp", "full_name": "Olga Operator" })
}

async fn token(app: &TestApp) -> String {
    setup::issue_token(&app.ctx)
        .await
        .expect("a token can be made")
        .expect("there is no account")
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn the_set_up_makes_the_operator_once(app: &TestApp) {
        let client = app.client();
        assert_eq!(client.get("/setup").await.expect(200).json(), json!({ "needed": true }));
        let token = token(app).await;
        let made = client.post("/setup", &body(&token, "olga@example.com")).await.expect(201).json();
        assert_eq!(made["user"]["is_operator"], true);
        assert_eq!(made["user"]["email_verified"], true);
        assert_eq!(made["sample_project_id"], json!(null));
        let olga = client.clone().with_tokens(&made);
        assert_eq!(olga.get("/auth/me").await.expect(200).json()["plan"]["code"], "unlimited");

        client.get("/setup").await.expect_problem(404, "not_found");
        client.post("/setup", &body(&token, "eve@example.com")).await.expect_problem(404, "not_found");
        client.post("/setup", &json!({})).await.expect_problem(404, "not_found");
        assert_eq!(setup::issue_token(&app.ctx).await.expect("it is looked up"), None);
    }

    async fn only_the_newest_token_is_taken_and_bad_fields_do_not_use_it_up(app: &TestApp) {
        let client = app.client();
        let old = token(app).await;
        let new = token(app).await;
        client.post("/setup", &body("guess", "olga@example.com")).await.expect_problem(403, "forbidden");
        client.post("/setup", &body(&old, "olga@example.com")).await.expect_problem(403, "forbidden");
        assert_eq!(client.post("/setup", &body(&new, "nobody")).await.expect_complaints(), ["email invalid"]);
        assert_eq!(client.post("/setup", &body(&new, "olga@example.com")).await.status, 201);
    }

    async fn of_parallel_set_ups_exactly_one_wins(app: &TestApp) {
        let token = token(app).await;
        let calls = (0..4).map(|number| {
            let (client, body) = (app.client(), body(&token, &format!("olga{number}@example.com")));
            tokio::spawn(async move { client.post("/setup", &body).await.status })
        });
        let statuses: Vec<u16> =
            futures_util::future::join_all(calls).await.into_iter().map(|status| status.expect("it ran")).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 201 | 403 | 404)), "{statuses:?}");
    }

    async fn an_ordinary_sign_up_closes_the_set_up_too(app: &TestApp) {
        let token = token(app).await;
        app.register("ada@example.com").await;
        app.client().post("/setup", &body(&token, "olga@example.com")).await.expect_problem(404, "not_found");
    }
}
