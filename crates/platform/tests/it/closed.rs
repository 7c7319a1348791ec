//! Accounts that are closed: about to be deleted, closed by an operator, gone. Nothing that was handed out before opens
//! them.

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_kernel::text::Email;
use vitrine_platform::accounts::leaving::PurgeAccounts;
use vitrine_platform::accounts::operators;
use vitrine_platform::jobs;
use vitrine_testkit::{Client, TestApp};

use crate::modules;

const ADA: &str = "ada@example.com";

/// Everything that opens Ada's account, handed out while it was open.
struct Handed {
    session: Client,
    refresh_token: Value,
    program: Client,
    ticket: String,
    key_ticket: String,
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

async fn ticket(client: &Client) -> String {
    let made = client.post_empty("/events/ticket").await.expect(200).json();
    format!("/events?ticket={}", text(&made, "ticket"))
}

async fn hand_out(app: &TestApp) -> Handed {
    let session = app.register_verified(ADA).await;
    let key = json!({ "name": "CI", "scopes": ["read"] });
    let key = session.post("/api-keys", &key).await.expect(201).json();
    let program = app
        .client()
        .with_header("authorization", &format!("Bearer {}", text(&key, "secret")));
    program.get("/jobs").await.expect(200);
    Handed {
        refresh_token: app.login(ADA).await.tokens["refresh_token"].clone(),
        ticket: ticket(&session).await,
        key_ticket: ticket(&program).await,
        session,
        program,
    }
}

async fn assert_refused(app: &TestApp, handed: &Handed) {
    for path in ["/auth/me", "/jobs", "/user/profile", "/events"] {
        handed.session.get(path).await.expect_problem(401, "unauthorized");
    }
    handed
        .session
        .post_empty("/events/ticket")
        .await
        .expect_problem(401, "unauthorized");
    for path in ["/jobs", "/workspaces", "/events"] {
        handed.program.get(path).await.expect_problem(401, "unauthorized");
    }
    let body = json!({ "refresh_token": handed.refresh_token });
    let reply = app.client().post("/auth/refresh", &body).await;
    reply.expect_problem(401, "unauthorized");
    for path in [&handed.ticket, &handed.key_ticket] {
        let status = app.client().call(Method::GET, path).open().await.status();
        assert_eq!(status, 401, "a ticket from before opens a stream");
    }
}

async fn leave(client: &Client) {
    let call = client.call(Method::DELETE, "/user").json(&json!({}));
    let _ = call.send().await.expect(202);
}

async fn set_closed(root: &Client, id: &str, to: bool) {
    let _ = root
        .patch(&format!("/admin/users/{id}"), &json!({ "disabled": to }))
        .await
        .expect(200);
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn an_account_about_to_be_deleted_opens_with_nothing_from_before(app: &TestApp) {
        let handed = hand_out(app).await;
        leave(&handed.session).await;
        assert_refused(app, &handed).await;
        // Who signs in anew finds the way back and no more, and cannot go round it.
        let back = app.login(ADA).await;
        for (method, path) in [(Method::GET, "/jobs"), (Method::GET, "/events"), (Method::POST, "/events/ticket"), (Method::POST, "/api-keys")] {
            back.call(method, path).json(&json!({})).send().await.expect_problem(403, "account_leaving");
        }
        back.post_empty("/user/restore").await.expect(200);
        back.get("/jobs").await.expect(200);
        // The key is gone for good, and sessions from before stay ended.
        assert_refused(app, &handed).await;
    }

    async fn a_suspended_account_opens_with_nothing_and_its_key_works_again_afterwards(app: &TestApp) {
        let handed = hand_out(app).await;
        let root = app.register_verified("root@example.com").await;
        operators::promote(&app.ctx, &Email::parse("root@example.com").expect("an address")).await.expect("promoted");
        let id = text(&handed.session.tokens["user"], "id").to_owned();
        set_closed(&root, &id, true).await;
        assert_refused(app, &handed).await;
        let login = json!({ "email": ADA, "password": app.password() });
        app.client().post("/auth/login", &login).await.expect_problem(403, "forbidden");
        // A new password does not open it either.
        app.client().post("/auth/password/forgot", &json!({ "email": ADA })).await.expect(202);
        app.run_jobs().await;
        let reset = json!({ "token": app.mailed_token(ADA), "password": "quiet-harbour-17-stone" });
        app.client().post("/auth/password/reset", &reset).await;
        let login = json!({ "email": ADA, "password": "quiet-harbour-17-stone" });
        assert_ne!(app.client().post("/auth/login", &login).await.status, 200);

        set_closed(&root, &id, false).await;
        handed.session.get("/auth/me").await.expect_problem(401, "unauthorized");
        handed.program.get("/jobs").await.expect(200);
    }

    async fn a_deleted_account_opens_with_nothing(app: &TestApp) {
        let handed = hand_out(app).await;
        leave(&handed.session).await;
        let late = app.login(ADA).await;
        app.client().post("/auth/password/forgot", &json!({ "email": ADA })).await.expect(202);
        app.run_jobs().await;
        let reset = json!({ "token": app.mailed_token(ADA), "password": "quiet-harbour-17-stone" });
        app.clock.advance(Duration::days(30));
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        jobs::enqueue(&mut tx, &app.ctx, None, &PurgeAccounts {}).await.expect("queued");
        tx.commit().await.expect("committed");
        app.run_jobs().await;
        assert_refused(app, &handed).await;
        late.post_empty("/user/restore").await.expect_problem(401, "unauthorized");
        let login = json!({ "email": ADA, "password": app.password() });
        app.client().post("/auth/login", &login).await.expect_problem(401, "invalid_credentials");
        app.client().post("/auth/password/reset", &reset).await.expect_problem(400, "invalid_link");
    }
}
