//! Every list of the document, walked by cursor in both directions while rows are added.
//!
//! The clock of the tests stands still, so all rows have one time and the ids alone decide the order: the case in which
//! a careless cursor loses rows or shows them twice. A list that is new in the document fails here until it can be
//! added to.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};
use vitrine_testkit::{Client, TestApp, app_test};

use crate::rows::{self, Rows};
use crate::surface::operations_of;

/// Lists that do not grow by a request, with where their pages are tried.
const ELSEWHERE: [(&str, &str); 7] = [
    ("/furniture", "the catalogue is fixed: staging furniture::"),
    (
        "/notifications",
        "made by the product alone: platform notifications::",
    ),
    (
        "/workspaces",
        "an account owns ten at most: platform workspaces::",
    ),
    ("/auth/passkeys", "takes a device to make: platform passkeys::"),
    (
        "/auth/oidc/identities",
        "takes another sign-in service: platform identities::",
    ),
    (
        "/workspaces/{id}/members",
        "takes a letter for each: platform workspaces::",
    ),
    (
        "/community/moderation",
        "takes an account for each report: hub moderation::",
    ),
];

/// Adds a row to a list; `false` for a list it does not know.
async fn add(app: &TestApp, ada: &Client, rows: &Rows, list: &str, number: usize) -> bool {
    let path = rows.fill(list).expect("a row for every parameter");
    let name = format!("Row {number}");
    let service = rows.id("/status/services/{id}");
    let project = rows.id("/projects/{id}");
    let body = match list {
        "/projects" | "/status/services" => json!({ "name": name }),
        "/images" | "/jobs" | "/admin/jobs" | "/projects/{id}/images" => {
            let original = rows.id("/originals/{id}");
            let wish = json!({ "project_id": project, "original_id": original, "room_type": "bedroom", "seed": number + 1 });
            let _ = ada.post("/images", &wish).await.expect(201);
            return true;
        }
        "/projects/{id}/originals" | "/projects/{id}/images/grouped" => {
            let original = rows::original(app, ada, project, number).await;
            if list.ends_with("/grouped") {
                let wish = json!({ "project_id": project, "original_id": original, "room_type": "bedroom" });
                let _ = ada.post("/images", &wish).await.expect(201);
            }
            return true;
        }
        "/auth/sessions" | "/admin/audit-log" => {
            app.login("ada@example.com").await;
            return true;
        }
        "/admin/users" | "/admin/workspaces" => {
            let kind = list.trim_start_matches("/admin/");
            app.register(&format!("{kind}{number}@example.com")).await;
            return true;
        }
        "/admin/csp-reports" => {
            let report = json!({ "csp-report": {
                "document-uri": "https://vitrine.example/", "effective-directive": "img-src",
                "blocked-uri": format!("https://other.example/{number}"),
            } });
            let call = app.client().call(Method::POST, "/csp-report");
            let bytes = serde_json::to_vec(&report).expect("JSON");
            let _ = call
                .body("application/csp-report", bytes)
                .send()
                .await
                .expect(204);
            return true;
        }
        "/notifications/rules" => json!({ "name": name, "kind": "staging.image_ready" }),
        "/notifications/schedules" => json!({
            "name": name, "message": "Count.", "kind": "reminder", "unit": "days", "every": 1, "at": "09:00",
        }),
        "/api-keys" => json!({ "name": name, "scopes": ["read"] }),
        "/workspaces/{id}/invitations" => {
            json!({ "email": format!("guest{number}@example.com"), "role": "viewer" })
        }
        "/support/tickets" => json!({ "subject": name, "body": "It stops." }),
        "/support/tickets/{id}/messages" | "/community/posts/{id}/comments" => json!({ "body": name }),
        "/support/canned-replies" | "/community/posts" => json!({ "title": name, "body": "Text." }),
        "/status/events" => json!({ "service_id": service, "status": "degraded" }),
        "/status/incidents" => {
            json!({ "title": name, "impact": "minor", "body": "We look.", "service_ids": [service] })
        }
        "/status/maintenance" => json!({
            "title": name, "service_ids": [service],
            "starts_at": "2030-01-01T00:00:00Z", "ends_at": "2030-01-01T01:00:00Z",
        }),
        _ => return false,
    };
    let reply = ada.post(&path, &body).await;
    assert_eq!(reply.status, 201, "POST {path}: {}", reply.text());
    true
}

fn ids(list: &Value) -> Vec<String> {
    let id = |item: &Value| {
        let found = ["/id", "/original_id", "/original/id"]
            .iter()
            .find_map(|at| item.pointer(at)?.as_str().map(str::to_owned));
        found.unwrap_or_else(|| panic!("no id in {item}"))
    };
    list["items"].as_array().expect("items").iter().map(id).collect()
}

/// A walk from the first page to the end, adding a row after each of the first six; what it saw, and the last page.
async fn walk(
    app: &TestApp,
    ada: &Client,
    rows: &Rows,
    list: &str,
    sort: &str,
    number: &mut usize,
) -> (Vec<String>, Value) {
    let path = rows.fill(list).expect("a row for every parameter");
    let mut seen = Vec::new();
    let mut cursor = String::new();
    let mut added = 0;
    loop {
        let page = ada
            .get(&format!("{path}?limit=2&sort={sort}&cursor={cursor}"))
            .await
            .expect(200)
            .json();
        seen.extend(ids(&page));
        let Some(next) = page["next_cursor"].as_str() else {
            return (seen, page);
        };
        cursor = next.to_owned();
        if added < 6 {
            add(app, ada, rows, list, *number).await;
            *number += 1;
            added += 1;
        }
        assert!(seen.len() < 500, "{list}: the walk does not end");
    }
}

fn assert_whole(list: &str, way: &str, seen: &[String], old: &BTreeSet<String>) {
    let unique: BTreeSet<String> = seen.iter().cloned().collect();
    assert_eq!(
        unique.len(),
        seen.len(),
        "{list}, {way}: a row came twice: {seen:?}"
    );
    let missing: Vec<_> = old.difference(&unique).collect();
    assert!(
        missing.is_empty(),
        "{list}, {way}: old rows are missing: {missing:?}"
    );
}

async fn prove(app: &TestApp, ada: &Client, rows: &Rows, list: &str) {
    let mut number = 0;
    while number < 5 {
        assert!(
            add(app, ada, rows, list, number).await,
            "{list}: say in lists.rs how a row is added, or where its pages are tried"
        );
        number += 1;
    }
    let path = rows.fill(list).expect("a row for every parameter");
    for sort in ["-created_at", "created_at"] {
        let whole = ada
            .get(&format!("{path}?page_size=100&sort={sort}"))
            .await
            .expect(200)
            .json();
        let old: BTreeSet<String> = ids(&whole).into_iter().collect();
        assert!(old.len() >= 5, "{list}: {whole}");
        let (seen, mut page) = walk(app, ada, rows, list, sort, &mut number).await;
        assert_whole(list, &format!("{sort} forward"), &seen, &old);
        // Back from the last page to the first.
        let mut back = ids(&page);
        while let Some(cursor) = page["prev_cursor"].as_str() {
            page = ada
                .get(&format!("{path}?limit=2&sort={sort}&cursor={cursor}"))
                .await
                .expect(200)
                .json();
            back.extend(ids(&page));
            assert!(back.len() < 500, "{list}: the walk back does not end");
        }
        assert_whole(list, &format!("{sort} backward"), &back, &old);
    }
}

app_test! {
    modules = vitrine_app::modules;

    async fn a_walk_by_cursor_sees_every_old_row_once_while_rows_are_added(app: &TestApp) {
        let ada = rows::operator(app, "ada@example.com").await;
        let rows = rows::of_an_operator(app, &ada).await;
        let mut proved = 0;
        for (method, list, operation) in operations_of(&vitrine_app::openapi()) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let is_list = parameters.into_iter().any(|parameter| parameter["name"] == "cursor");
            if method != Method::GET || !is_list || ELSEWHERE.iter().any(|(path, _)| *path == list) {
                continue;
            }
            prove(app, &ada, &rows, &list).await;
            proved += 1;
        }
        assert!(proved >= 15, "only {proved} lists were walked");
        app.may_leave_jobs();
    }
}

#[test]
fn what_is_proved_elsewhere_is_still_there() {
    let document = vitrine_app::openapi();
    let operations = operations_of(&document);
    for (list, _) in ELSEWHERE {
        assert!(
            operations.iter().any(|(_, path, _)| path == list),
            "{list} is gone"
        );
    }
}
