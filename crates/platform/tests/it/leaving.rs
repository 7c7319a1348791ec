//! Taking everything along, and going.

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_db::belongings::{Owner, belongings};
use vitrine_kernel::id::{AccountId, WorkspaceId};
use vitrine_platform::accounts::export::PurgeExports;
use vitrine_platform::accounts::leaving::PurgeAccounts;
use vitrine_platform::jobs;
use vitrine_testkit::{Client, TestApp};

use crate::modules;

const ADA: &str = "ada@example.com";
const BEN: &str = "ben@example.com";

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

/// The account's id and its personal workspace's.
async fn ids(client: &Client) -> (AccountId, WorkspaceId) {
    let me = client.get("/auth/me").await.expect(200).json();
    let account = text(&me["user"], "id").parse().expect("an id");
    (account, text(&me["workspaces"][0], "id").parse().expect("an id"))
}

async fn put_file(app: &TestApp, area: &str, workspace: WorkspaceId) -> String {
    let key = format!("{area}/{workspace}/{}.txt", app.ctx.id::<uuid::Uuid>());
    app.ctx
        .files
        .put(&key, "hello".into(), "text/plain")
        .await
        .expect("stored");
    key
}

async fn run_now(app: &TestApp, job: impl jobs::Job) {
    let mut tx = app.ctx.db.begin().await.expect("a transaction");
    jobs::enqueue(&mut tx, &app.ctx, None, &job)
        .await
        .expect("queued");
    tx.commit().await.expect("committed");
    app.run_jobs().await;
}

async fn delete(client: &Client, body: Value) -> vitrine_testkit::Reply {
    client.call(Method::DELETE, "/user").json(&body).send().await
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn an_archive_holds_the_rows_and_files_of_an_account_and_no_secrets(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (account, workspace) = ids(&ada).await;
        let folder = app.files_folder().join("exports").join(account.to_string());
        let archives = || std::fs::read_dir(&folder).map_or(0, Iterator::count);
        ada.get("/user/export").await.expect_problem(404, "not_found");
        ada.patch("/user/preferences", &json!({ "theme": "dark" })).await.expect(200);
        ada.post("/api-keys", &json!({ "name": "Build server", "scopes": ["read"] })).await.expect(201);
        let key = put_file(app, "photos", workspace).await;
        let ben = app.register_verified(BEN).await;
        let other = put_file(app, "photos", ids(&ben).await.1).await;

        let asked = ada.post("/user/export", &json!({ "password": app.password() })).await.expect(202).json();
        assert_eq!((text(&asked, "status"), &asked["download_url"]), ("queued", &Value::Null));
        let again = ada.post("/user/export", &json!({})).await.expect(202).json();
        assert_eq!(again["id"], asked["id"], "one is made at a time");
        app.run_jobs().await;
        let ready = ada.get("/user/export").await.expect(200).json();
        assert_eq!((text(&ready, "status"), text(&ready, "expires_at")), ("ready", "2026-11-09T09:00:00Z"));
        assert_eq!(app.mails_to(ADA).last().expect("a letter").subject, "Your archive is ready");
        let told = ada.get("/notifications?kind=account.export_ready").await.expect(200).json();
        assert_eq!((&told["total"], text(&told["items"][0], "link")), (&json!(1), "/account/data"));
        ben.get("/user/export").await.expect_problem(404, "not_found");

        let zip = app.client().get(text(&ready, "download_url")).await.expect(200);
        assert_eq!(zip.body.len() as u64, ready["size_bytes"].as_u64().expect("a size"));
        let inside = String::from_utf8_lossy(&zip.body).into_owned();
        for part in [
            "README.txt".to_owned(),
            "account/account.json".to_owned(),
            "account/account_preferences.json".to_owned(),
            format!("workspaces/{workspace}/api_keys.json"),
            format!("workspaces/{workspace}/files/{key}"),
            "\"theme\": \"dark\"".to_owned(),
            "\"name\": \"Build server\"".to_owned(),
            "hello".to_owned(),
        ] {
            assert!(inside.contains(&part), "{part} is missing");
        }
        for part in ["hash", "secret", BEN, &other] {
            assert!(!inside.contains(part) || part == "secret" && inside.contains("other secrets"), "{part} is in it");
        }

        assert_eq!(archives(), 1);
        app.clock.advance(Duration::days(7));
        run_now(app, PurgeExports {}).await;
        app.login(ADA).await.get("/user/export").await.expect_problem(404, "not_found");
        assert_eq!(archives(), 0, "the file goes too");
    }

    async fn what_a_person_did_in_workspaces_of_others_is_in_the_archive_and_what_others_did_is_not(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let made = ada.post("/workspaces", &json!({ "name": "Elm" })).await.expect(201).json();
        let id = text(&made, "id").to_owned();
        let ben = app.register_verified(BEN).await;
        let invitation = json!({ "email": BEN, "role": "admin" });
        ada.post(&format!("/workspaces/{id}/invitations"), &invitation).await.expect(201);
        app.deliver_mail().await;
        ben.post("/invitations/accept", &json!({ "token": app.mailed_token(BEN) })).await.expect(200);
        let inside = |client: &Client| client.clone().with_header("x-workspace-id", &id);
        let key = |name: &str| json!({ "name": name, "scopes": ["read"] });
        inside(&ben).post("/api-keys", &key("Key of Ben")).await.expect(201);
        inside(&ada).post("/api-keys", &key("Key of Ada")).await.expect(201);
        let rule = json!({ "name": "Rule of Ben", "kind": "workspace.member_joined" });
        inside(&ben).post("/notifications/rules", &rule).await.expect(201);
        ben.post("/user/export", &json!({})).await.expect(202);
        app.run_jobs().await;
        let ready = ben.get("/user/export").await.expect(200).json();
        let zip = app.client().get(text(&ready, "download_url")).await.expect(200);
        let inside = String::from_utf8_lossy(&zip.body).into_owned();
        for part in ["elsewhere/api_keys.json", "Key of Ben", "elsewhere/workspace_members.json", "Rule of Ben"] {
            assert!(inside.contains(part), "{part} is missing");
        }
        for part in ["Key of Ada", ADA, "elsewhere/workspaces.json", "elsewhere/projects.json"] {
            assert!(!inside.contains(part), "{part} is in it");
        }
        app.may_leave_jobs();
    }

    async fn only_the_person_may_take_it_along_or_go(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let wrong = json!({ "password": "wrong-horse-1234" });
        assert_eq!(ada.post("/user/export", &wrong).await.expect_complaints(), ["password wrong"]);
        assert_eq!(delete(&ada, wrong).await.expect_complaints(), ["password wrong"]);
        app.clock.advance(Duration::minutes(11));
        assert_eq!(ada.post("/user/export", &json!({})).await.expect_complaints(), ["password required"]);
        assert_eq!(delete(&ada, json!({})).await.expect_complaints(), ["password required"]);
        ada.get("/auth/me").await.expect(200);
        // Five wrong tries lock, as at the door.
        let wrong = json!({ "password": "wrong-horse-1234" });
        for _ in 0..5 {
            delete(&ada, wrong.clone()).await;
        }
        delete(&ada, json!({ "password": app.password() })).await.expect_problem(429, "account_locked");
    }

    async fn an_account_that_leaves_can_only_come_back(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let key = ada.post("/api-keys", &json!({ "name": "Build server", "scopes": ["read"] })).await.expect(201).json();
        let gone = delete(&ada, json!({ "password": app.password() })).await.expect(202).json();
        assert_eq!(text(&gone, "deletion_at"), "2026-12-02T09:00:00Z");
        ada.get("/auth/me").await.expect_problem(401, "unauthorized");
        let program = app.client().with_header("authorization", &format!("Bearer {}", text(&key, "secret")));
        program.get("/jobs").await.expect_problem(401, "unauthorized");
        app.deliver_mail().await;
        assert_eq!(app.mails_to(ADA).last().expect("a letter").subject, "Your account will be deleted");

        let back = app.login(ADA).await;
        assert_eq!(back.get("/auth/me").await.expect(200).json()["user"]["deletion_at"], "2026-12-02T09:00:00Z");
        for path in ["/jobs", "/workspaces", "/user/profile", "/auth/sessions"] {
            back.get(path).await.expect_problem(403, "account_leaving");
        }
        back.post_empty("/user/restore").await.expect(200);
        back.get("/jobs").await.expect(200);
        back.post_empty("/user/restore").await.expect_problem(409, "conflict");
        app.clock.advance(Duration::days(31));
        run_now(app, PurgeAccounts {}).await;
        app.login(ADA).await.get("/jobs").await.expect(200);
    }

    async fn an_owner_hands_over_before_going(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let made = ada.post("/workspaces", &json!({ "name": "Elm" })).await.expect(201).json();
        let path = format!("/workspaces/{}", text(&made, "id"));
        let ben = app.register_verified(BEN).await;
        ada.post(&format!("{path}/invitations"), &json!({ "email": BEN, "role": "editor" })).await.expect(201);
        app.deliver_mail().await;
        ben.post("/invitations/accept", &json!({ "token": app.mailed_token(BEN) })).await.expect(200);
        let (bens, _) = ids(&ben).await;
        let refused = delete(&ada, json!({})).await.expect_problem(409, "conflict");
        assert!(text(&refused, "detail").contains("Elm"), "{refused}");
        ada.patch(&format!("{path}/members/{bens}"), &json!({ "role": "owner" })).await.expect(200);
        delete(&ada, json!({})).await.expect(202);
        // Ben is the one who stays, so he does.
        ben.delete(&format!("{path}/members/{bens}")).await.expect_problem(409, "conflict");
        app.clock.advance(Duration::days(30));
        run_now(app, PurgeAccounts {}).await;
        let members = app.login(BEN).await.get(&format!("{path}/members")).await.expect(200).json();
        assert_eq!((&members["total"], text(&members["items"][0], "email")), (&json!(1), BEN));
    }

    async fn after_thirty_days_nothing_is_left_but_a_trail_without_a_name(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (account, workspace) = ids(&ada).await;
        ada.patch("/user/preferences", &json!({ "theme": "dark" })).await.expect(200);
        ada.post("/user/export", &json!({})).await.expect(202);
        app.run_jobs().await;
        let keys = [put_file(app, "photos", workspace).await, put_file(app, "whatever-comes", workspace).await];
        let ben = app.register_verified(BEN).await;
        let (_, of_ben) = ids(&ben).await;
        let kept = put_file(app, "photos", of_ben).await;
        delete(&ada, json!({})).await.expect(202);
        app.clock.advance(Duration::days(29));
        run_now(app, PurgeAccounts {}).await;
        app.login(ADA).await;
        app.clock.advance(Duration::days(1));
        run_now(app, PurgeAccounts {}).await;

        let body = json!({ "email": ADA, "password": app.password() });
        app.client().post("/auth/login", &body).await.expect_problem(401, "invalid_credentials");
        for key in keys {
            assert!(app.ctx.files.head(&key).await.is_err(), "{key} is still there");
        }
        app.ctx.files.head(&kept).await.expect("somebody else's file stays");
        for owner in [Owner::Workspace(workspace.0), Owner::Account(account.0)] {
            let tables = belongings(&app.ctx.db, owner).await.expect("the schema can be read");
            assert!(tables.len() > 5, "{tables:?}");
            for table in tables {
                let rows = table.page(&app.ctx.db, owner, 0).await.expect("rows can be read");
                assert!(rows.is_empty(), "{} rows of {}", rows.len(), table.table);
            }
        }
        let ben = app.login(BEN).await;
        ben.get("/user/preferences").await.expect(200);
        assert_eq!(ben.get("/workspaces").await.expect(200).json()["total"], 1);
        let email = vitrine_kernel::text::Email::parse(BEN).expect("an address");
        vitrine_platform::accounts::operators::promote(&app.ctx, &email).await.expect("promoted");
        let trail = ben.get(&format!("/admin/audit-log?account_id={account}&page_size=100")).await.expect(200).json();
        let items = trail["items"].as_array().expect("items");
        assert!(!items.is_empty());
        for item in items {
            assert_eq!(item["ip"], Value::Null, "{item}");
            assert_ne!(item["email"], ADA, "{item}");
        }
        // The address is free again.
        app.register(ADA).await;
    }
}
