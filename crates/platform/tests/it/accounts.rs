//! Signing up and in.

use chrono::Duration;
use http::Method;
use serde_json::json;
use vitrine_platform::accounts::operators;
use vitrine_testkit::TestApp;

use crate::modules;

const GOOD: &str = "tall-window-94-lamp";

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_new_account_is_signed_in_and_owns_a_personal_workspace(app: &TestApp) {
        let body = json!({ "email": " Ada@Example.com ", "password": GOOD, "full_name": " Ada Lovelace " });
        let reply = app.client().post("/auth/register", &body).await.expect(201);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let tokens = reply.json();
        assert_eq!(tokens["user"]["email"], "Ada@Example.com");
        assert_eq!(tokens["user"]["full_name"], "Ada Lovelace");
        assert_eq!(tokens["user"]["email_verified"], false);
        assert_eq!(tokens["user"]["is_operator"], false);
        assert_eq!(tokens["user"]["created_at"], "2026-11-02T09:00:00Z");
        assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("bearer"), &json!(900)));
        assert!(tokens["user"].get("password_hash").is_none());

        let me = app.client().with_tokens(&tokens).get("/auth/me").await.expect(200).json();
        assert_eq!(me["user"], tokens["user"]);
        assert_eq!(me["plan"], json!({ "code": "free", "name": "Free", "images_per_month": 100 }));
        let workspaces = me["workspaces"].as_array().expect("a list");
        assert_eq!(workspaces.len(), 1);
        assert_eq!(workspaces[0]["role"], "owner");
        assert_eq!(workspaces[0]["is_personal"], true);
        assert_eq!(me["features"]["staging"], true);
    }

    async fn an_address_is_taken_in_any_letter_case(app: &TestApp) {
        app.register("ada@example.com").await;
        let body = json!({ "email": "ADA@example.COM", "password": GOOD, "full_name": "Eve" });
        app.client().post("/auth/register", &body).await.expect_problem(409, "conflict");
    }

    async fn of_parallel_sign_ups_with_one_address_exactly_one_wins(app: &TestApp) {
        let body = json!({ "email": "ada@example.com", "password": GOOD, "full_name": "Ada" });
        let client = app.client();
        let calls = (0..4).map(|_| {
            let (client, body) = (client.clone(), body.clone());
            tokio::spawn(async move { client.post("/auth/register", &body).await.status })
        });
        let mut statuses: Vec<u16> =
            futures_util::future::join_all(calls).await.into_iter().map(|status| status.expect("it ran")).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409]);
    }

    async fn every_bad_field_of_a_sign_up_is_named(app: &TestApp) {
        let client = app.client();
        let body = json!({ "email": "nobody", "password": "short", "full_name": " " });
        let complaints = client.post("/auth/register", &body).await.expect_complaints();
        assert_eq!(complaints, ["email invalid", "full_name invalid", "password too_short"]);
        let body = json!({ "email": "a@b.cd", "password": "Password123!", "full_name": "A" });
        assert_eq!(client.post("/auth/register", &body).await.expect_complaints(), ["password too_common"]);
        let body = json!({ "email": "a@b.cd", "password": "x".repeat(129), "full_name": "A" });
        assert_eq!(client.post("/auth/register", &body).await.expect_complaints(), ["password too_long"]);
        let body = json!({ "email": "a@b.cd", "password": GOOD, "full_name": "A", "is_admin": true });
        assert_eq!(client.post("/auth/register", &body).await.expect_complaints(), ["is_admin unknown_field"]);
        let complaints = client.post("/auth/register", &json!({ "email": 5 })).await.expect_complaints();
        assert_eq!(complaints, ["email wrong_type", "password required", "full_name required"]);
    }

    async fn a_wrong_password_and_an_unknown_address_get_the_same_answer(app: &TestApp) {
        app.register("ada@example.com").await;
        let call = |email: &str, password: &str| {
            let body = json!({ "email": email, "password": password });
            let client = app.client().with_header("x-request-id", "same");
            async move { client.post("/auth/login", &body).await }
        };
        let wrong = call("ada@example.com", "not the password").await;
        let unknown = call("eve@example.com", "not the password").await;
        assert_eq!(wrong.text(), unknown.text());
        wrong.expect_problem(401, "invalid_credentials");
        unknown.expect_problem(401, "invalid_credentials");
        assert_eq!(call("ADA@example.com", GOOD).await.status, 200);
    }

    async fn the_oauth2_password_form_signs_in_too(app: &TestApp) {
        app.register("ada@example.com").await;
        let form = |text: String| {
            app.client().call(Method::POST, "/auth/token").body("application/x-www-form-urlencoded", text).send()
        };
        let body = form(format!("grant_type=password&username=ada%40example.com&password={GOOD}&scope=")).await;
        assert_eq!(body.expect(200).json()["token_type"], "bearer");
        form("username=ada%40example.com&password=wrong".into()).await.expect_problem(401, "invalid_credentials");
        assert_eq!(form("username=a&x=1".into()).await.expect_complaints(), ["password required", "x unknown_field"]);
        let json = app.client().post("/auth/token", &json!({ "username": "a", "password": "b" })).await;
        json.expect_problem(415, "unsupported_media_type");
    }

    async fn five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(app: &TestApp) {
        app.register("ada@example.com").await;
        app.register("bea@example.com").await;
        let login = |email: &'static str, password: &'static str| {
            let body = json!({ "email": email, "password": password });
            async move { app.client().post("/auth/login", &body).await }
        };
        for _ in 0..5 {
            login("ada@example.com", "wrong").await.expect_problem(401, "invalid_credentials");
            app.clock.advance(Duration::minutes(1));
        }
        let locked = login("Ada@example.com", GOOD).await;
        assert_eq!(locked.header("retry-after"), Some("840"));
        locked.expect_problem(429, "account_locked");
        assert_eq!(login("bea@example.com", GOOD).await.status, 200);
        app.clock.advance(Duration::minutes(14));
        login("ada@example.com", "wrong").await.expect_problem(401, "invalid_credentials");
        assert_eq!(login("ada@example.com", GOOD).await.status, 200);
        // Signing in forgets what was wrong before.
        for _ in 0..4 {
            login("ada@example.com", "wrong").await.expect_problem(401, "invalid_credentials");
        }
        assert_eq!(login("ada@example.com", GOOD).await.status, 200);
    }

    async fn an_unknown_address_locks_like_a_known_one(app: &TestApp) {
        let body = json!({ "email": "nobody@example.com", "password": "wrong" });
        for _ in 0..5 {
            app.client().post("/auth/login", &body).await.expect_problem(401, "invalid_credentials");
        }
        app.client().post("/auth/login", &body).await.expect_problem(429, "account_locked");
    }

    async fn an_access_token_ends_after_fifteen_minutes_and_cannot_be_forged(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        app.clock.advance(Duration::seconds(899));
        assert_eq!(ada.get("/auth/me").await.status, 200);
        app.clock.advance(Duration::seconds(1));
        ada.get("/auth/me").await.expect_problem(401, "unauthorized");

        let ada = app.login("ada@example.com").await;
        let token = ada.tokens["access_token"].as_str().expect("a token").to_owned();
        let parts: Vec<&str> = token.split('.').collect();
        // {"alg":"none","typ":"JWT"}
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", parts[1]);
        let cut = &token[..token.len() - 2];
        for forged in ["", "x", "a.b.c", cut, unsigned.as_str()] {
            let client = app.client().with_header("authorization", &format!("Bearer {forged}"));
            client.get("/auth/me").await.expect_problem(401, "unauthorized");
        }
        let basic = app.client().with_header("authorization", "Basic YTpi");
        basic.get("/auth/me").await.expect_problem(401, "unauthorized");
        let reply = app.client().get("/auth/me").await;
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        reply.expect_problem(401, "unauthorized");
        // A token in the address would land in logs; it is not even looked at.
        let path = format!("/auth/me?access_token={token}");
        assert_eq!(app.client().get(&path).await.expect_complaints(), ["access_token unknown_field"]);
    }

    async fn somebody_elses_workspace_is_not_there(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let own = ada.get("/auth/me").await.json()["workspaces"][0]["id"].as_str().expect("an id").to_owned();
        assert_eq!(ada.clone().with_header("x-workspace-id", &own).get("/auth/me").await.status, 200);
        for id in [own.as_str(), "00000000-0000-7000-8000-000000000000", "nonsense"] {
            eve.clone().with_header("x-workspace-id", id).get("/billing/usage").await.expect_problem(404, "not_found");
        }
    }

    async fn the_command_line_makes_and_promotes_operators(app: &TestApp) {
        let made = operators::create(&app.ctx, "root@example.com", GOOD, "Root").await.expect("it is made");
        assert!(made.is_operator && made.email_verified_at.is_some());
        let root = app.login("root@example.com").await;
        assert_eq!(root.get("/auth/me").await.json()["plan"]["images_per_month"], json!(null));

        let ada = app.register("ada@example.com").await;
        let email = vitrine_kernel::text::Email::parse("ADA@example.com").expect("an address");
        operators::promote(&app.ctx, &email).await.expect("ada is there");
        let me = ada.get("/auth/me").await.json();
        assert_eq!((&me["user"]["is_operator"], &me["user"]["email_verified"]), (&json!(true), &json!(true)));
        assert_eq!(me["plan"]["code"], "unlimited");
        let nobody = vitrine_kernel::text::Email::parse("nobody@example.com").expect("an address");
        assert!(operators::promote(&app.ctx, &nobody).await.is_err());
    }
}
