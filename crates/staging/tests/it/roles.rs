//! What members of a workspace may do by their role: everything that changes something is refused to those who only look.

use http::Method;
use serde_json::{Value, json};
use vitrine_testkit::{Client, TestApp, app_test};

use crate::support::{make_project, modules, text};

const BEN: &str = "ben@example.com";
const ID: &str = "018f0000-0000-7000-8000-000000000000";

/// Every operation of the document that changes something of a workspace, with unknown ids, and a body that is good
/// enough to get as far as the question of the role.
fn writes() -> Vec<(Method, String, Option<Value>)> {
    let project = json!({ "name": "Oak" });
    let image = json!({ "project_id": ID, "original_id": ID });
    let one = |method: Method, path: &str, body: Option<Value>| (method, path.replace("{id}", ID), body);
    vec![
        one(Method::POST, "/projects", Some(project.clone())),
        one(Method::PUT, "/projects/{id}", Some(project.clone())),
        one(Method::PATCH, "/projects/{id}", Some(project)),
        one(Method::DELETE, "/projects/{id}", None),
        one(Method::POST, "/projects/{id}/restore", None),
        one(Method::POST, "/images", Some(image.clone())),
        one(Method::POST, "/images/batch", Some(json!({ "images": [image] }))),
        one(Method::POST, "/images/{id}/retry", None),
        one(Method::POST, "/images/{id}/cancel", None),
        one(Method::POST, "/images/{id}/restore", None),
        one(Method::DELETE, "/images/{id}", None),
        one(Method::POST, "/images/{id}/versions/1/restore", None),
        one(
            Method::POST,
            "/uploads/presign",
            Some(json!({ "filename": "a.jpg", "content_type": "image/jpeg", "file_size": 1000 })),
        ),
        one(Method::POST, "/uploads/{id}/complete", None),
        one(
            Method::POST,
            "/furniture/import",
            Some(json!({ "filename": "a.glb", "file_size": 1000, "kind": "sofa", "licence": "CC0" })),
        ),
        one(Method::POST, "/furniture/imports/{id}/start", None),
        one(Method::DELETE, "/projects/{id}/originals/{id}", None),
        one(Method::POST, "/projects/{id}/originals/{id}/restore", None),
        one(Method::POST, "/jobs/{id}/cancel", None),
        one(Method::POST, "/jobs/{id}/retry", None),
    ]
}

/// Ada's shared workspace, and Ben in it.
async fn share(app: &TestApp, role: &str) -> (Client, Client, String) {
    let ada = app.register_verified("ada@example.com").await;
    let made = ada
        .post("/workspaces", &json!({ "name": "Elm" }))
        .await
        .expect(201)
        .json();
    let id = text(&made, "id").to_owned();
    let ben = app.register(BEN).await;
    let body = json!({ "email": BEN, "role": role });
    ada.post(&format!("/workspaces/{id}/invitations"), &body)
        .await
        .expect(201);
    app.deliver_mail().await;
    let token = json!({ "token": app.mailed_token(BEN) });
    ben.post("/invitations/accept", &token).await.expect(200);
    let inside = |client: Client| client.with_header("x-workspace-id", &id);
    (inside(ada), inside(ben), id)
}

app_test! {
    modules = modules;

    async fn whoever_only_looks_changes_nothing(app: &TestApp) {
        let (ada, ben, _) = share(app, "viewer").await;
        let project = make_project(&ada, "Elm").await;
        assert_eq!(ben.get("/projects").await.expect(200).json()["total"], 1);
        ben.get(&format!("/projects/{project}")).await.expect(200);
        let mut failures = Vec::new();
        for (method, path, body) in writes() {
            let call = ben.call(method.clone(), &path);
            let call = match &body {
                Some(body) => call.json(body),
                None => call,
            };
            let reply = call.send().await;
            // Jobs look first whether there is such a job.
            if reply.status != 403 && !(reply.status == 404 && path.starts_with("/jobs/")) {
                failures.push(format!("{method} {path}: {} {}", reply.status, reply.text()));
            }
        }
        assert!(failures.is_empty(), "{failures:#?}");
        // What is there is refused, not unknown.
        for method in [Method::DELETE, Method::PATCH, Method::PUT] {
            let call = ben.call(method.clone(), &format!("/projects/{project}"));
            let call = if method == Method::DELETE { call } else { call.json(&json!({ "name": "Oak" })) };
            call.send().await.expect_problem(403, "forbidden");
        }
        assert_eq!(ada.get(&format!("/projects/{project}")).await.expect(200).json()["name"], "Elm");
    }

    async fn an_editor_makes_things_for_all_members_and_strangers_see_none(app: &TestApp) {
        let (ada, ben, id) = share(app, "editor").await;
        let project = make_project(&ben, "Oak").await;
        assert_eq!(ada.get(&format!("/projects/{project}")).await.expect(200).json()["name"], "Oak");
        let eve = app.register("eve@example.com").await;
        eve.get(&format!("/projects/{project}")).await.expect_problem(404, "not_found");
        eve.with_header("x-workspace-id", &id).get("/projects").await.expect_problem(404, "not_found");
    }

    async fn a_reading_key_reads_and_a_writing_one_writes(app: &TestApp) {
        let ada = app.register_verified("ada@example.com").await;
        let key = async |scope: &str| {
            let made = ada.post("/api-keys", &json!({ "name": scope, "scopes": [scope] })).await.expect(201).json();
            app.client().with_header("authorization", &format!("Bearer {}", text(&made, "secret")))
        };
        let (reads, writes_too) = (key("read").await, key("write").await);
        let project = make_project(&writes_too, "Elm").await;
        reads.get(&format!("/projects/{project}")).await.expect(200);
        for (method, path, body) in writes() {
            let call = reads.call(method.clone(), &path);
            let call = match &body {
                Some(body) => call.json(body),
                None => call,
            };
            call.send().await.expect_problem(403, "forbidden");
        }
        writes_too.delete(&format!("/projects/{project}")).await.expect(200);
        // The same key, repeated, has one effect as with a person.
        let keyed = writes_too.with_header("idempotency-key", "once");
        let body = json!({ "name": "Oak" });
        let (one, two) = (keyed.post("/projects", &body).await.expect(201), keyed.post("/projects", &body).await.expect(201));
        assert_eq!((one.text(), two.header("idempotent-replayed")), (two.text(), Some("true")));
    }
}
