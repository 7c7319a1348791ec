//! What requests cost: the statements that each asks of the database. More than before is a step back, and fewer belongs
//! written down here.

use http::Method;
use serde_json::json;
use vitrine_testkit::{Call, Client, TestApp};

use crate::support::{make_project, modules, photo, upload};

async fn cost(app: &TestApp, call: Call) -> u64 {
    let before = app.ctx.db.asked();
    let reply = call.send().await;
    assert!(reply.status < 400, "{}", reply.text());
    app.ctx.db.asked() - before
}

async fn tag(client: &Client, path: &str) -> String {
    let reply = client.get(path).await.expect(200);
    reply.header("etag").expect("a tag").to_owned()
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_request_asks_no_more_than_it_needs(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let original = upload(app, &ada, "room.jpg", &photo(320, 240, 1), Some(&project)).await;
        app.run_jobs().await;
        let wish = json!({ "project_id": project, "original_id": original["id"], "style": "modern" });
        let image = ada.post("/images", &wish).await.expect(201).json();
        let image = image["id"].as_str().expect("an id");
        let one = format!("/projects/{project}");
        let change = json!({ "name": "Oak" });
        let known = tag(&ada, &one).await;
        let mut found = Vec::new();
        for (what, call) in [
            ("get project", ada.call(Method::GET, &one)),
            ("list projects", ada.call(Method::GET, "/projects")),
            ("get image", ada.call(Method::GET, &format!("/images/{image}"))),
            ("list images", ada.call(Method::GET, "/images")),
            ("change project", ada.call(Method::PATCH, &one).json(&change)),
        ] {
            found.push((what, cost(app, call).await));
        }
        assert_ne!(tag(&ada, &one).await, known);
        let known = tag(&ada, &one).await;
        let call = ada.call(Method::PATCH, &one).header("if-match", &known).json(&change);
        found.push(("change project, if it is what was seen", cost(app, call).await));
        let new = json!({ "name": "Ash" });
        let call = ada.call(Method::POST, "/projects").json(&new);
        found.push(("create project", cost(app, call).await));
        let call = ada.call(Method::POST, "/projects").header("idempotency-key", "k-1").json(&new);
        found.push(("create project, once", cost(app, call).await));
        // One of each is who asks: session, account, membership, role and plan together.
        let known = [
            ("get project", 2),
            ("list projects", 3),
            ("get image", 2),
            ("list images", 3),
            ("change project", 4),
            ("change project, if it is what was seen", 5),
            ("create project", 4),
            ("create project, once", 6),
        ];
        assert_eq!(found, known);
        app.may_leave_jobs();
    }
}
