//! What operators see and do across workspaces.

use async_trait::async_trait;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use vitrine_platform::accounts::operators;
use vitrine_platform::jobs::{self, Job, JobError, JobKind, JobRun};
use vitrine_platform::{Ctx, Module};
use vitrine_testkit::{Client, TestApp};

/// Gives up at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Hopeless {}

#[async_trait]
impl Job for Hopeless {
    const KIND: &'static str = "test.hopeless";

    async fn run(&self, _ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        Err(JobError::give_up("no_hope", "It cannot be done."))
    }
}

fn modules() -> Vec<Module> {
    let hopeless = Module {
        name: "test",
        jobs: vec![JobKind::of::<Hopeless>()],
        ..Module::default()
    };
    vec![vitrine_platform::module(), hopeless]
}

async fn operator(app: &TestApp) -> Client {
    operators::create(&app.ctx, "root@example.com", app.password(), "Root")
        .await
        .expect("it is made");
    app.login("root@example.com").await
}

async fn id_of(client: &Client) -> String {
    let me = client.get("/auth/me").await.expect(200).json();
    me["user"]["id"].as_str().expect("an id").to_owned()
}

async fn actions(root: &Client, object: &str) -> Vec<String> {
    let page = root
        .get(&format!("/admin/audit-log?object_id={object}&sort=created_at"))
        .await
        .expect(200)
        .json();
    let items = page["items"].as_array().expect("items").clone();
    items
        .iter()
        .map(|item| item["action"].as_str().expect("a word").to_owned())
        .collect()
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn accounts_are_found_closed_and_opened_again(app: &TestApp) {
        let root = operator(app).await;
        let ada = app.register_verified("ada@example.com").await;
        app.register("bob_x@example.com").await;
        let id = id_of(&ada).await;
        let found = root.get("/admin/users?q=ADA%40").await.expect(200).json();
        assert_eq!((&found["total"], &found["items"][0]["email"]), (&json!(1), &json!("ada@example.com")));
        assert_eq!(root.get("/admin/users?q=bob_").await.expect(200).json()["total"], 1);
        assert_eq!(root.get("/admin/users?q=ada_").await.expect(200).json()["total"], 0, "an underscore is no wildcard");
        assert_eq!(root.get("/admin/users?operator=true&limit=5").await.expect(200).json()["items"].as_array().map(Vec::len), Some(1));
        let path = format!("/admin/users/{id}");
        let closed = root.patch(&path, &json!({ "disabled": true })).await.expect(200).json();
        assert_eq!((&closed["disabled_at"], &closed["session_count"]), (&json!("2026-11-02T09:00:00Z"), &json!(0)));
        ada.get("/auth/me").await.expect_problem(401, "unauthorized");
        let body = json!({ "email": "ada@example.com", "password": app.password() });
        app.client().post("/auth/login", &body).await.expect_problem(403, "forbidden");
        let wrong = json!({ "email": "ada@example.com", "password": "not the password" });
        app.client().post("/auth/login", &wrong).await.expect_problem(401, "invalid_credentials");
        assert_eq!(root.get("/admin/users?disabled=true").await.expect(200).json()["total"], 1);
        let opened = root.patch(&path, &json!({ "disabled": false })).await.expect(200).json();
        assert_eq!(opened["disabled_at"], Value::Null);
        app.login("ada@example.com").await;
        let told = actions(&root, &id).await;
        assert!(told.contains(&"account.disabled".to_owned()) && told.contains(&"account.enabled".to_owned()), "{told:?}");
    }

    async fn accounts_are_verified_unlocked_promoted_and_signed_out(app: &TestApp) {
        let root = operator(app).await;
        let ada = app.register("ada@example.com").await;
        let id = id_of(&ada).await;
        let path = format!("/admin/users/{id}");
        assert_eq!(root.get(&path).await.expect(200).json()["email_verified"], false);
        assert_eq!(root.patch(&path, &json!({ "email_verified": true })).await.expect(200).json()["email_verified"], true);
        let wrong = json!({ "email": "ada@example.com", "password": "not the password" });
        for _ in 0..5 {
            let _ = app.client().post("/auth/login", &wrong).await;
        }
        assert_eq!(root.get(&path).await.expect(200).json()["locked_until"], "2026-11-02T09:15:00Z");
        assert_eq!(root.patch(&path, &json!({ "locked": false })).await.expect(200).json()["locked_until"], Value::Null);
        app.login("ada@example.com").await;
        let out = root.call(Method::POST, &format!("{path}/sign-out")).send().await.expect(200).json();
        assert_eq!(out["revoked"], 2);
        ada.get("/auth/me").await.expect_problem(401, "unauthorized");
        assert_eq!(root.patch(&path, &json!({ "is_operator": true })).await.expect(200).json()["is_operator"], true);
        let ada = app.login("ada@example.com").await;
        ada.get("/admin/users").await.expect(200);
        assert_eq!(root.patch(&path, &json!({ "is_operator": false })).await.expect(200).json()["is_operator"], false);
        ada.get("/admin/users").await.expect_problem(403, "forbidden");
        let own = format!("/admin/users/{}", id_of(&root).await);
        root.patch(&own, &json!({ "disabled": true })).await.expect_problem(409, "conflict");
        root.patch(&own, &json!({ "is_operator": false })).await.expect_problem(409, "conflict");
        let bad = json!({ "email_verified": false, "locked": true });
        assert_eq!(root.patch(&path, &bad).await.expect_complaints(), ["email_verified unknown_value", "locked unknown_value"]);
        let told = actions(&root, &id).await;
        for action in ["account.email_verified", "account.unlocked", "account.signed_out", "account.promoted", "account.demoted"] {
            assert!(told.contains(&action.to_owned()), "{action} is missing in {told:?}");
        }
    }

    async fn a_workspace_is_put_on_another_plan(app: &TestApp) {
        let root = operator(app).await;
        let ada = app.register("ada@example.com").await;
        let found = root.get("/admin/workspaces?q=ada%40&plan=free").await.expect(200).json();
        assert_eq!((&found["total"], &found["items"][0]["personal_email"]), (&json!(1), &json!("ada@example.com")));
        let id = found["items"][0]["id"].as_str().expect("an id").to_owned();
        let path = format!("/admin/workspaces/{id}");
        assert_eq!(root.patch(&path, &json!({ "plan": "pro" })).await.expect(200).json()["plan"], "pro");
        assert_eq!(root.patch(&path, &json!({ "plan": "golden" })).await.expect_complaints(), ["plan unknown_value"]);
        assert_eq!(ada.get("/billing/usage").await.expect(200).json()["plan"]["code"], "pro");
        let trail = root.get("/admin/audit-log?action=workspace.plan_changed").await.expect(200).json();
        assert_eq!((&trail["total"], &trail["items"][0]["details"]), (&json!(1), &json!({ "from": "free", "to": "pro" })));
    }

    async fn dead_jobs_are_tried_again_or_discarded(app: &TestApp) {
        let root = operator(app).await;
        let mut tx = app.ctx.db.begin().await.expect("the database answers");
        jobs::enqueue(&mut tx, &app.ctx, None, &Hopeless {}).await.expect("it is queued");
        tx.commit().await.expect("it is stored");
        app.run_jobs().await;
        let dead = root.get("/admin/jobs?status=dead").await.expect(200).json();
        assert_eq!((&dead["total"], &dead["items"][0]["kind"], &dead["items"][0]["error"]["code"]),
            (&json!(1), &json!("test.hopeless"), &json!("no_hope")));
        let path = format!("/admin/jobs/{}", dead["items"][0]["id"].as_str().expect("an id"));
        let again = root.post_empty(&format!("{path}/retry")).await.expect(200).json();
        assert_eq!(again["status"], "queued");
        root.post_empty(&format!("{path}/discard")).await.expect_problem(409, "conflict");
        app.run_jobs().await;
        assert_eq!(root.get(&path).await.expect(200).json()["status"], "dead");
        root.post_empty(&format!("{path}/discard")).await.expect(200);
        assert_eq!(root.get("/admin/jobs?status=dead").await.expect(200).json()["total"], 0);
        assert_eq!(root.get("/admin/jobs?kind=test.hopeless&limit=3").await.expect(200).json()["items"][0]["status"], "canceled");
        let ada = app.register("ada@example.com").await;
        for path in ["/admin/jobs", "/admin/users", "/admin/workspaces", "/admin/settings", "/admin/csp-reports", "/admin/audit-log/export"] {
            ada.get(path).await.expect_problem(403, "forbidden");
            app.client().get(path).await.expect_problem(401, "unauthorized");
        }
    }

    async fn the_trail_is_handed_out_as_csv(app: &TestApp) {
        let root = operator(app).await;
        app.register("=cmd@example.com").await;
        let csv = root.get("/admin/audit-log/export?action=account.created").await.expect(200);
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        let text = csv.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "at,account_id,email,workspace_id,action,object_type,object_id,ip,details");
        assert_eq!(lines.len(), 3);
        assert!(text.contains("\"'=cmd@example.com\"") && !text.contains("\"=cmd"), "{text}");
        assert_eq!(root.get("/admin/audit-log/export?colour=red").await.expect_complaints(), ["colour unknown_field"]);
    }
}
