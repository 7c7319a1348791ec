//! Programs that come with a key.

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_testkit::{Client, EngineKind, TestApp};

use crate::modules;

const ADA: &str = "ada@example.com";
const BEN: &str = "ben@example.com";

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

async fn make(client: &Client, scopes: &[&str]) -> Value {
    let body = json!({ "name": "Build server", "scopes": scopes });
    client.post("/api-keys", &body).await.expect(201).json()
}

fn with(app: &TestApp, key: &Value) -> Client {
    app.client()
        .with_header("authorization", &format!("Bearer {}", text(key, "secret")))
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_key_is_made_shown_once_used_and_deleted(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let reply = ada.post("/api-keys", &json!({ "name": " Build server ", "scopes": ["write", "read"] })).await.expect(201);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let made = reply.json();
        let secret = text(&made, "secret").to_owned();
        assert!(secret.starts_with("vk_") && secret.len() == 3 + 43, "{secret}");
        let path = format!("/api-keys/{}", text(&made, "id"));
        assert_eq!(reply.header("location"), Some(format!("/api/v1{path}").as_str()));
        let shown = ada.get(&path).await.expect(200).json();
        assert_eq!(
            shown,
            json!({
                "id": made["id"], "account_id": made["account_id"], "account_name": "Ada Example", "name": "Build server",
                "prefix": &secret[..11], "scopes": ["read", "write"], "created_at": "2026-11-02T09:00:00Z",
                "expires_at": null, "last_used_at": null,
            })
        );
        let list = ada.get("/api-keys?limit=1").await.expect(200);
        assert!(!list.text().contains(&secret), "the secret is told once");
        let program = with(app, &made);
        program.get("/jobs").await.expect(200);
        assert_eq!(ada.get(&path).await.expect(200).json()["last_used_at"], "2026-11-02T09:00:00Z");
        ada.delete(&path).await.expect(204);
        program.get("/jobs").await.expect_problem(401, "unauthorized");
        ada.delete(&path).await.expect_problem(404, "not_found");
    }

    async fn the_last_use_is_noted_at_most_once_a_minute(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let made = make(&ada, &["read"]).await;
        let path = format!("/api-keys/{}", text(&made, "id"));
        let program = with(app, &made);
        let mut seen = Vec::new();
        for seconds in [0, 59, 1, 30] {
            app.clock.advance(Duration::seconds(seconds));
            program.get("/jobs").await.expect(200);
            seen.push(text(&ada.get(&path).await.expect(200).json(), "last_used_at").to_owned());
        }
        assert_eq!(seen, ["2026-11-02T09:00:00Z", "2026-11-02T09:00:00Z", "2026-11-02T09:01:00Z", "2026-11-02T09:01:00Z"]);
    }

    async fn what_is_wrong_with_a_new_key_is_told(app: &TestApp) {
        let ada = app.register(ADA).await;
        let good = json!({ "name": "Build server", "scopes": ["read"] });
        ada.post("/api-keys", &good).await.expect_problem(403, "email_unverified");
        let body = json!({ "name": "", "scopes": [], "expires_at": "2020-01-01T00:00:00Z" });
        assert_eq!(ada.post("/api-keys", &body).await.expect_complaints(), [
            "name invalid_length", "scopes required", "expires_at out_of_range"
        ]);
        assert_eq!(ada.post("/api-keys", &json!({ "name": "x", "scopes": ["root"] })).await.expect_complaints().len(), 1);
    }

    async fn an_expired_key_opens_nothing(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let body = json!({ "name": "Demo", "scopes": ["read"], "expires_at": "2026-11-02T10:00:00Z" });
        let program = with(app, &ada.post("/api-keys", &body).await.expect(201).json());
        program.get("/jobs").await.expect(200);
        app.clock.advance(Duration::hours(1));
        program.get("/jobs").await.expect_problem(401, "unauthorized");
        let stranger = app.client().with_header("authorization", "Bearer vk_nothing");
        stranger.get("/jobs").await.expect_problem(401, "unauthorized");
    }

    async fn no_key_reaches_the_account_behind_it(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let program = with(app, &make(&ada, &["admin"]).await);
        for (method, path) in [
            (Method::GET, "/auth/me"),
            (Method::GET, "/auth/sessions"),
            (Method::GET, "/auth/mfa/totp"),
            (Method::POST, "/auth/mfa/totp/setup"),
            (Method::GET, "/auth/passkeys"),
            (Method::POST, "/auth/passkeys/start"),
            (Method::POST, "/auth/logout-all"),
            (Method::POST, "/auth/sessions/revoke-others"),
            (Method::GET, "/api-keys"),
            (Method::GET, "/admin/audit-log"),
        ] {
            program.call(method, path).send().await.expect_problem(403, "forbidden");
        }
        let body = json!({ "current_password": app.password(), "new_password": "another-good-one-77" });
        program.post("/auth/password/change", &body).await.expect_problem(403, "forbidden");
        program.post("/api-keys", &json!({ "name": "More", "scopes": ["admin"] })).await.expect_problem(403, "forbidden");
        program.post("/workspaces", &json!({ "name": "More" })).await.expect_problem(403, "forbidden");
        program.post("/invitations/accept", &json!({ "token": "x" })).await.expect_problem(403, "forbidden");
    }

    async fn a_key_works_in_its_workspace_alone(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let shared = ada.post("/workspaces", &json!({ "name": "Elm" })).await.expect(201).json();
        let id = text(&shared, "id");
        let inside = ada.clone().with_header("x-workspace-id", id);
        let program = with(app, &make(&inside, &["admin"]).await);
        let list = program.get("/workspaces").await.expect(200).json();
        assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &json!(id)));
        program.clone().with_header("x-workspace-id", id).get("/jobs").await.expect(200);
        let me = ada.get("/auth/me").await.expect(200).json();
        let personal = text(&me["workspaces"][0], "id");
        program.clone().with_header("x-workspace-id", personal).get("/jobs").await.expect_problem(404, "not_found");
        program.get(&format!("/workspaces/{personal}")).await.expect_problem(404, "not_found");
        program.patch(&format!("/workspaces/{id}"), &json!({ "name": "Oak" })).await.expect(200);
        let writer = with(app, &make(&inside, &["write"]).await);
        writer.patch(&format!("/workspaces/{id}"), &json!({ "name": "Ash" })).await.expect_problem(403, "forbidden");
    }

    async fn a_key_never_does_more_than_its_account_may_now(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let shared = ada.post("/workspaces", &json!({ "name": "Elm" })).await.expect(201).json();
        let path = format!("/workspaces/{}", text(&shared, "id"));
        let ben = app.register_verified(BEN).await;
        ada.post(&format!("{path}/invitations"), &json!({ "email": BEN, "role": "admin" })).await.expect(201);
        app.deliver_mail().await;
        ben.post("/invitations/accept", &json!({ "token": app.mailed_token(BEN) })).await.expect(200);
        let inside = ben.clone().with_header("x-workspace-id", text(&shared, "id"));
        let key = make(&inside, &["admin"]).await;
        let program = with(app, &key);
        program.patch(&path, &json!({ "name": "Oak" })).await.expect(200);
        let of_ben = format!("{path}/members/{}", text(&key, "account_id"));
        ada.patch(&of_ben, &json!({ "role": "viewer" })).await.expect(200);
        program.patch(&path, &json!({ "name": "Ash" })).await.expect_problem(403, "forbidden");
        program.get(&path).await.expect(200);
        // Everybody's keys are the admins' to see, one's own are the others'.
        let admin = ada.clone().with_header("x-workspace-id", text(&shared, "id"));
        assert_eq!(admin.get("/api-keys").await.expect(200).json()["total"], 1);
        let adas = make(&admin, &["read"]).await;
        assert_eq!(inside.get("/api-keys").await.expect(200).json()["total"], 1);
        inside.get(&format!("/api-keys/{}", text(&adas, "id"))).await.expect_problem(404, "not_found");
        // Who leaves takes the keys along.
        ada.delete(&of_ben).await.expect(204);
        program.get("/jobs").await.expect_problem(401, "unauthorized");
        assert_eq!(admin.get("/api-keys").await.expect(200).json()["total"], 1);
    }

    async fn a_key_fetches_a_ticket_and_follows_events(app: &TestApp) {
        app.start_events();
        let ada = app.register_verified(ADA).await;
        let key = make(&ada, &["read"]).await;
        let ticket = with(app, &key).post_empty("/events/ticket").await.expect(200).json();
        let url = format!("/events?ticket={}", text(&ticket, "ticket"));
        let stream = app.client().call(Method::GET, &url).open().await;
        assert_eq!(stream.status(), 200);
        drop(stream);
        let unused = with(app, &key).post_empty("/events/ticket").await.expect(200).json();
        ada.delete(&format!("/api-keys/{}", text(&key, "id"))).await.expect(204);
        let url = format!("/events?ticket={}", text(&unused, "ticket"));
        app.client().get(&url).await.expect_problem(401, "unauthorized");
    }

    async fn the_secret_is_not_kept_for_repeats(app: &TestApp) {
        let ada = app.register_verified(ADA).await.with_header("idempotency-key", "once");
        let (one, two) = (make(&ada, &["read"]).await, make(&ada, &["read"]).await);
        assert_ne!(one["secret"], two["secret"]);
    }
}

#[tokio::test]
async fn every_key_has_a_bucket_of_its_own_with_the_rate_of_its_plan() {
    let app = TestApp::open_with(EngineKind::Sqlite, modules(), |options| {
        options.settings.rate_limits = true;
        options.settings.default_plan = "pro".to_owned();
    })
    .await
    .expect("SQLite is always there");
    let ada = app.register_verified(ADA).await;
    let (one, two) = (make(&ada, &["read"]).await, make(&ada, &["read"]).await);
    let (one, two) = (with(&app, &one), with(&app, &two));
    let left = async |client: &Client| {
        let reply = client.get("/jobs").await.expect(200);
        assert_eq!(reply.header("x-ratelimit-limit"), Some("300"));
        reply.header("x-ratelimit-remaining").map(str::to_owned)
    };
    assert_eq!(left(&one).await.as_deref(), Some("299"));
    assert_eq!(left(&one).await.as_deref(), Some("298"));
    assert_eq!(left(&two).await.as_deref(), Some("299"));
    app.finish().await;
}
