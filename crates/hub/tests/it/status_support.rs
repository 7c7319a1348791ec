//! What stories about the status page begin with.

use serde_json::{Value, json};
use vitrine_hub::status::maintenance::jobs::TellMaintenance;
use vitrine_platform::accounts::operators;
use vitrine_platform::jobs;
use vitrine_testkit::{Client, TestApp};

pub fn modules() -> Vec<vitrine_platform::Module> {
    vec![vitrine_platform::module(), vitrine_hub::module()]
}

/// Somebody who may administer the instance.
pub async fn operator(app: &TestApp) -> Client {
    operators::create(&app.ctx, "root@example.com", app.password(), "Root")
        .await
        .expect("it is made");
    app.login("root@example.com").await
}

pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no text {key} in {value}"))
}

/// Makes a service; its id.
pub async fn add_service(root: &Client, name: &str) -> String {
    let made = root
        .post("/status/services", &json!({ "name": name }))
        .await
        .expect(201);
    text(&made.json(), "id").to_owned()
}

/// Tells an event.
pub async fn say(root: &Client, service: &str, status: &str) {
    let body = json!({ "service_id": service, "status": status });
    let _ = root.post("/status/events", &body).await.expect(201);
}

/// Does what the schedule would every minute.
pub async fn tick(app: &TestApp) {
    let mut tx = app.ctx.db.begin().await.expect("the database answers");
    jobs::enqueue(&mut tx, &app.ctx, None, &TellMaintenance {})
        .await
        .expect("it is queued");
    tx.commit().await.expect("it is stored");
    app.run_jobs().await;
}
