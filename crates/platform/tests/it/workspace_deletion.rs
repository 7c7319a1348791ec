//! Deleting a shared workspace.

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_db::belongings::{Owner, belongings};
use vitrine_kernel::id::WorkspaceId;
use vitrine_testkit::{Client, Reply, TestApp};

use crate::modules;

const ADA: &str = "ada@example.com";
const BEN: &str = "ben@example.com";

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

async fn delete(client: &Client, path: &str, body: Value) -> Reply {
    client.call(Method::DELETE, path).json(&body).send().await
}

/// A shared workspace of Ada's: its path and id.
async fn make(ada: &Client) -> (String, WorkspaceId) {
    let made = ada
        .post("/workspaces", &json!({ "name": "Elm" }))
        .await
        .expect(201)
        .json();
    let id = text(&made, "id");
    (format!("/workspaces/{id}"), id.parse().expect("an id"))
}

async fn join(app: &TestApp, ada: &Client, path: &str, role: &str) -> Client {
    let ben = app.register_verified(BEN).await;
    let invitation = json!({ "email": BEN, "role": role });
    ada.post(&format!("{path}/invitations"), &invitation)
        .await
        .expect(201);
    app.deliver_mail().await;
    let token = json!({ "token": app.mailed_token(BEN) });
    ben.post("/invitations/accept", &token).await.expect(200);
    ben
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_deleted_workspace_is_unknown_at_once_and_empty_soon_after(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (path, id) = make(&ada).await;
        let ben = join(app, &ada, &path, "admin").await;
        ben.post(&format!("{path}/invitations"), &json!({ "email": "carol@example.com", "role": "viewer" })).await.expect_problem(402, "quota_exceeded");
        let inside = ben.clone().with_header("x-workspace-id", &id.to_string());
        let key = inside.post("/api-keys", &json!({ "name": "CI", "scopes": ["read"] })).await.expect(201).json();
        let program = app.client().with_header("authorization", &format!("Bearer {}", text(&key, "secret")));
        program.get("/jobs").await.expect(200);
        let file = format!("photos/{id}/room.txt");
        app.ctx.files.put(&file, "hello".into(), "text/plain").await.expect("stored");

        delete(&ada, &path, json!({})).await.expect(204);
        for client in [&ada, &ben] {
            client.get(&path).await.expect_problem(404, "not_found");
            delete(client, &path, json!({})).await.expect_problem(404, "not_found");
            assert_eq!(client.get("/workspaces").await.expect(200).json()["total"], 1);
        }
        inside.get("/jobs").await.expect_problem(404, "not_found");
        program.get("/jobs").await.expect_problem(401, "unauthorized");

        app.run_jobs().await;
        assert!(app.ctx.files.head(&file).await.is_err(), "the file is still there");
        let owner = Owner::Workspace(id.0);
        for table in belongings(&app.ctx.db, owner).await.expect("the schema can be read") {
            let rows = table.page(&app.ctx.db, owner, 0).await.expect("rows can be read");
            assert!(rows.is_empty(), "{} rows of {}", rows.len(), table.table);
        }
        // Whoever worked in it is told, in the app and by mail; whoever deleted it knows.
        let told = ben.get("/notifications").await.expect(200).json();
        assert_eq!((text(&told["items"][0], "kind"), text(&told["items"][0], "title")), ("workspace.deleted", "Elm was deleted"));
        assert_eq!(app.mails_to(BEN).last().expect("a letter").subject, "Elm was deleted");
        assert_eq!(ada.get("/notifications?kind=workspace.deleted").await.expect(200).json()["total"], 0);
    }

    async fn only_an_owner_in_person_may_delete_it(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (path, id) = make(&ada).await;
        let ben = join(app, &ada, &path, "admin").await;
        delete(&app.client(), &path, json!({})).await.expect_problem(401, "unauthorized");
        delete(&ben, &path, json!({})).await.expect_problem(403, "forbidden");
        let eve = app.register("eve@example.com").await;
        delete(&eve, &path, json!({})).await.expect_problem(404, "not_found");
        let inside = ada.clone().with_header("x-workspace-id", &id.to_string());
        let key = inside.post("/api-keys", &json!({ "name": "CI", "scopes": ["admin"] })).await.expect(201).json();
        let program = app.client().with_header("authorization", &format!("Bearer {}", text(&key, "secret")));
        delete(&program, &path, json!({})).await.expect_problem(403, "forbidden");
        let unknown = json!({ "name": "Elm" });
        assert_eq!(delete(&ada, &path, unknown).await.expect_complaints(), ["name unknown_field"]);
        app.clock.advance(Duration::minutes(11));
        assert_eq!(delete(&ada, &path, json!({})).await.expect_complaints(), ["password required"]);
        let wrong = json!({ "password": "wrong-horse-1234" });
        assert_eq!(delete(&ada, &path, wrong).await.expect_complaints(), ["password wrong"]);
        ben.get(&path).await.expect(200);
        delete(&ada, &path, json!({ "password": app.password() })).await.expect(204);
        app.run_jobs().await;
    }

    async fn the_personal_workspace_stays(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let me = ada.get("/auth/me").await.expect(200).json();
        let path = format!("/workspaces/{}", text(&me["workspaces"][0], "id"));
        delete(&ada, &path, json!({})).await.expect_problem(409, "conflict");
        ada.get(&path).await.expect(200);
    }
}
