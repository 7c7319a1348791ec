//! Real rows of one person, one for everything that a path can name, for tests that go through every route.

use std::collections::HashMap;

use http::Method;
use serde_json::{Value, json};
use vitrine_kernel::text::Email;
use vitrine_platform::accounts::operators;
use vitrine_testkit::{Client, TestApp};

use crate::process::empty_room;

/// Ids by the path that names them, such as `/projects/{id}`.
pub struct Rows(HashMap<&'static str, String>);

impl Rows {
    /// The path with real ids in it, or the first parameter that nobody made a row for.
    pub fn fill(&self, path: &str) -> Result<String, String> {
        let mut filled = path.to_owned();
        for (end, _) in path.match_indices('}') {
            let template = &path[..=end];
            let start = template.rfind('{').expect("a parameter begins");
            let id = self.0.get(template).ok_or_else(|| template.to_owned())?;
            filled = filled.replacen(&template[start..], id, 1);
        }
        Ok(filled)
    }

    pub fn id(&self, path: &str) -> &str {
        &self.0[path]
    }
}

pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} is no text in {value}"))
}

/// Somebody who operates the instance.
pub async fn operator(app: &TestApp, email: &str) -> Client {
    let client = app.register_verified(email).await;
    let email = Email::parse(email).expect("an address");
    operators::promote(&app.ctx, &email)
        .await
        .expect("the account is there");
    client
}

async fn make(client: &Client, path: &str, body: Value) -> String {
    let reply = client.post(path, &body).await;
    assert!(
        [200, 201].contains(&reply.status),
        "POST {path}: {} {}",
        reply.status,
        reply.text()
    );
    text(&reply.json(), "id").to_owned()
}

async fn first(client: &Client, path: &str, field: &str) -> String {
    let list = client.get(path).await.expect(200).json();
    text(&list["items"][0], field).to_owned()
}

/// An upload of a real photo; the id of the upload. Another number makes it another file of the same picture.
async fn upload(app: &TestApp, owner: &Client, project: &str, number: usize) -> String {
    let mut photo = std::fs::read(empty_room()).expect("the photo");
    photo.extend_from_slice(&number.to_le_bytes());
    let wish = json!({
        "filename": "room.jpg", "content_type": "image/jpeg", "file_size": photo.len(), "project_id": project,
    });
    let presigned = owner.post("/uploads/presign", &wish).await.expect(201).json();
    let mut put = app
        .client()
        .call(Method::PUT, text(&presigned, "upload_url"))
        .body("image/jpeg", photo);
    for (name, value) in presigned["headers"].as_object().expect("headers") {
        if name.eq_ignore_ascii_case("content-type") {
            continue;
        }
        let name: &'static str = Box::leak(name.to_ascii_lowercase().into_boxed_str());
        put = put.header(name, value.as_str().expect("text"));
    }
    let _ = put.send().await.expect(200);
    text(&presigned, "upload_id").to_owned()
}

/// A photo in a project; the id of the original.
pub async fn original(app: &TestApp, owner: &Client, project: &str, number: usize) -> String {
    let upload = upload(app, owner, project, number + 1).await;
    let original = owner
        .post_empty(&format!("/uploads/{upload}/complete"))
        .await
        .json();
    text(&original, "id").to_owned()
}

/// Those, and what an operator makes for everybody.
pub async fn of_an_operator(app: &TestApp, operator: &Client) -> Rows {
    let mut rows = of_a_person(app, operator).await;
    let service = make(operator, "/status/services", json!({ "name": "Import" })).await;
    let post = make(
        operator,
        "/community/posts",
        json!({ "title": "Rugs", "body": "Which?" }),
    )
    .await;
    rows.0.extend([
        ("/status/services/{id}", service),
        ("/community/posts/{id}", post),
    ]);
    rows
}

/// Everything a person can own.
pub async fn of_a_person(app: &TestApp, owner: &Client) -> Rows {
    let project = make(owner, "/projects", json!({ "name": "Elm" })).await;
    let upload = upload(app, owner, &project, 0).await;
    let original = owner
        .post_empty(&format!("/uploads/{upload}/complete"))
        .await
        .json();
    let original = text(&original, "id").to_owned();
    let wish = json!({ "project_id": project, "original_id": original, "room_type": "bedroom" });
    let image = make(owner, "/images", wish).await;
    let job = first(owner, "/jobs", "id").await;
    let workspace = make(owner, "/workspaces", json!({ "name": "Studio" })).await;
    let invitation = make(
        owner,
        &format!("/workspaces/{workspace}/invitations"),
        json!({ "email": "carol@example.com", "role": "viewer" }),
    )
    .await;
    let key = make(owner, "/api-keys", json!({ "name": "CI", "scopes": ["read"] })).await;
    let rule = json!({ "name": "Every room", "kind": "staging.image_ready" });
    let rule = make(owner, "/notifications/rules", rule).await;
    let schedule = json!({
        "name": "Books", "message": "Count the stock.", "kind": "reminder", "unit": "days", "every": 1, "at": "09:00",
    });
    let schedule = make(owner, "/notifications/schedules", schedule).await;
    let session = first(owner, "/auth/sessions", "id").await;
    let ticket = make(
        owner,
        "/support/tickets",
        json!({ "subject": "No image", "body": "It stops." }),
    )
    .await;
    let import = owner
        .post(
            "/furniture/import",
            &json!({ "filename": "chair.glb", "file_size": 1000, "kind": "armchair", "licence": "CC0" }),
        )
        .await
        .json();
    let import = text(&import, "id").to_owned();
    let account = text(&owner.tokens["user"], "id").to_owned();
    Rows(HashMap::from([
        ("/projects/{id}", project),
        ("/projects/{id}/originals/{original_id}", original.clone()),
        ("/originals/{id}", original),
        ("/uploads/{id}", upload),
        ("/images/{id}", image),
        ("/images/{id}/versions/{version}", "1".to_owned()),
        ("/jobs/{id}", job),
        ("/workspaces/{id}", workspace),
        ("/workspaces/{id}/invitations/{invitation_id}", invitation),
        ("/workspaces/{id}/members/{account_id}", account),
        ("/api-keys/{id}", key),
        ("/notifications/rules/{id}", rule),
        ("/notifications/schedules/{id}", schedule),
        ("/auth/sessions/{id}", session),
        ("/support/tickets/{id}", ticket),
        ("/furniture/imports/{id}", import),
        ("/admin/engines/{id}", "builtin".to_owned()),
    ]))
}

/// A body that a route takes, for those that refuse an empty object.
pub fn body_for(method: &Method, path: &str, rows: &Rows) -> Value {
    let project = rows.id("/projects/{id}");
    match (method.as_str(), path) {
        ("PATCH", "/auth/sessions/{id}") => json!({ "device_label": "Desk" }),
        ("PUT", "/projects/{id}") => json!({ "name": "Oak" }),
        ("PATCH", "/workspaces/{id}/members/{account_id}") => json!({ "role": "viewer" }),
        ("POST", "/workspaces/{id}/invitations") => json!({ "email": "dan@example.com", "role": "viewer" }),
        ("POST", "/support/tickets/{id}/messages") => json!({ "body": "Still so." }),
        ("POST", "/images/{id}/scene/solve") => {
            let corner = |x: f64, y: f64| json!([x, y]);
            json!({ "corners_px": {
                "back_left_floor": corner(100.0, 500.0), "back_right_floor": corner(700.0, 500.0),
                "back_left_ceiling": corner(100.0, 100.0), "back_right_ceiling": corner(700.0, 100.0),
            } })
        }
        ("POST", "/images/{id}/scene/straighten") => json!({ "straighten": true }),
        ("POST", "/projects/{id}/download") => json!({ "image_ids": null }),
        ("PATCH", "/admin/engines/{id}") => json!({ "is_enabled": true }),
        ("PATCH", "/workspaces/{id}") => json!({ "name": "Atelier" }),
        ("POST", "/images") => json!({ "project_id": project }),
        _ => json!({}),
    }
}
