//! Every route of the document with the real id of somebody else's row: it answers as if the row were not there.
//!
//! The document is enumerated, so a new route is covered the day it is added: one whose path names a new kind of row
//! fails here until `rows.rs` makes one.

use http::Method;
use serde_json::Value;
use vitrine_testkit::{Reply, TestApp, app_test};

use crate::rows::{self, Rows};
use crate::surface::operations_of;

/// What a stranger gets from a route that names a row.
#[derive(Debug, PartialEq)]
enum Expected {
    /// The row belongs to a person or a workspace.
    Hidden,
    /// It belongs to the instance: only operators may.
    Operators,
    /// Everybody may read it, and its rows have tests of their own for who may change them.
    Elsewhere(&'static str),
}

fn expected(path: &str) -> Expected {
    let elsewhere = [
        ("/files/{token}", "the token is the permission: platform files::"),
        (
            "/furniture/{id}/thumb",
            "pictures of the catalogue, the same for everybody",
        ),
        (
            "/community/posts/{id}",
            "public to read, 403 on write: hub posts::, comments::",
        ),
        ("/status/", "public to read, 403 on write: hub status::"),
        (
            "/auth/passkeys/{id}",
            "takes a device to make: platform passkeys::",
        ),
        (
            "/auth/oidc/identities/{id}",
            "takes another sign-in service: platform identities::",
        ),
        (
            "/notifications/{id}",
            "made by the product alone: platform notifications::",
        ),
    ];
    if let Some((_, why)) = elsewhere
        .iter()
        .find(|(prefix, _)| path.starts_with(prefix) || path == *prefix)
    {
        return Expected::Elsewhere(why);
    }
    let of_the_instance = ["/admin/", "/support/canned-replies/", "/community/moderation/"];
    if of_the_instance.iter().any(|prefix| path.starts_with(prefix)) {
        return Expected::Operators;
    }
    Expected::Hidden
}

fn assert_hidden(reply: Reply, what: &str) {
    assert_eq!(reply.status, 404, "{what}: {}", reply.text());
    reply.expect_problem(404, "not_found");
}

async fn ask(
    app: &TestApp,
    rows: &Rows,
    method: &Method,
    template: &str,
    operation: &Value,
    key: Option<&str>,
) -> Reply {
    let stranger = app.login("bob@example.com").await;
    let path = rows
        .fill(template)
        .unwrap_or_else(|missing| panic!("{method} {template}: make a row for {missing} in rows.rs"));
    let mut call = stranger.call(method.clone(), &path);
    if let Some(key) = key {
        call = call.header("idempotency-key", key);
    }
    if !operation["requestBody"].is_null() {
        call = call.json(&rows::body_for(method, template, rows));
    }
    if template.ends_with("/scene") && *method == Method::PATCH {
        call = call.header("if-match", "\"1\"");
    }
    call.send().await
}

app_test! {
    modules = vitrine_app::modules;

    async fn somebody_elses_rows_are_not_there_on_any_route(app: &TestApp) {
        let ada = app.register_verified("ada@example.com").await;
        app.register("bob@example.com").await;
        let rows = rows::of_a_person(app, &ada).await;
        let mut hidden = 0;
        for (method, template, operation) in operations_of(&vitrine_app::openapi()) {
            if !template.contains('{') || expected(&template) != Expected::Hidden {
                continue;
            }
            let what = format!("{method} {template}");
            let reply = ask(app, &rows, &method, &template, &operation, None).await;
            assert_hidden(reply, &what);
            // A key remembers nothing of it, and opens nothing.
            if [Method::POST, Method::PATCH].contains(&method) {
                assert_hidden(ask(app, &rows, &method, &template, &operation, Some("k")).await, &what);
            }
            hidden += 1;
        }
        assert!(hidden > 40, "only {hidden} routes were asked");
        // Nothing of it happened, and the owner is not locked out of anything.
        for path in ["/projects/{id}", "/images/{id}", "/workspaces/{id}", "/support/tickets/{id}", "/api-keys/{id}"] {
            let path = rows.fill(path).expect("a row");
            ada.get(&path).await.expect(200);
        }
        app.may_leave_jobs();
    }

    async fn what_belongs_to_the_instance_is_forbidden_to_everybody_but_operators(app: &TestApp) {
        let bob = app.register("bob@example.com").await;
        const ID: &str = "018f0000-0000-7000-8000-000000000000";
        for (method, template, operation) in operations_of(&vitrine_app::openapi()) {
            let is_of_operators = expected(&template) == Expected::Operators
                || ["/admin/", "/support/canned-replies", "/community/moderation"].iter().any(|prefix| template.starts_with(prefix));
            if !is_of_operators {
                continue;
            }
            let mut path = template.clone();
            while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
                path.replace_range(start..=end, ID);
            }
            let mut call = bob.call(method.clone(), &path);
            if !operation["requestBody"].is_null() {
                call = call.json(&serde_json::json!({}));
            }
            let reply = call.send().await;
            // Hidden or forbidden, or refused before that for its empty body; never let in.
            let is_refused = [403, 404].contains(&reply.status)
                || (reply.status == 422 && !operation["requestBody"].is_null());
            assert!(is_refused, "{method} {template}: {} {}", reply.status, reply.text());
        }
    }
}
