//! Whole stories on the real process: staging, killing it in the middle, stopping it politely.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vitrine_db::EngineKind;
use vitrine_db::testing::TestDb;

use crate::process::{Home, Server, empty_room};

/// Waits until the claim about an image holds; the deadline only guards against waiting forever.
async fn wait_for(server: &Server, token: &str, image: &str, claim: impl Fn(&Value) -> bool) -> Value {
    let start = Instant::now();
    loop {
        let reply = server.get(token, &format!("/images/{image}")).await;
        if claim(&reply) {
            return reply;
        }
        assert!(
            start.elapsed() < Duration::from_secs(90),
            "waited too long: {reply}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn queue(server: &Server, token: &str) -> String {
    let (status, project) = server
        .post(token, "/projects", json!({ "name": "Maple Street 4" }))
        .await;
    assert_eq!(status, 201, "{project}");
    let project = project["id"].as_str().expect("an id");
    let photo = std::fs::read(empty_room()).expect("the photo");
    let original = server.upload(token, project, "bedroom.jpg", photo).await;
    let wish = json!({
        "project_id": project, "original_id": original["id"], "room_type": "bedroom", "style": "modern", "seed": 7,
    });
    let (status, image) = server.post(token, "/images", wish).await;
    assert_eq!(status, 201, "{image}");
    image["id"].as_str().expect("an id").to_owned()
}

async fn killed_in_the_middle(home: &Home) {
    let server = Server::start(home);
    let token = server.set_up(false).await;
    let image = queue(&server, &token).await;
    wait_for(&server, &token, &image, |image| image["status"] == "processing").await;
    server.kill();

    let server = Server::start(home);
    let token = server.log_in().await;
    let ready = wait_for(&server, &token, &image, |image| {
        image["status"] != "queued" && image["status"] != "processing"
    })
    .await;
    assert_eq!(ready["status"], "ready", "{ready}");
    let staged = ready["urls"]["staged"].as_str().expect("a link");
    let file = server.client.get(staged).send().await.expect("it answers");
    assert_eq!(file.status(), 200);
    let usage = server.get(&token, "/billing/usage").await;
    assert_eq!(
        (&usage["images"]["used"], &usage["images"]["reserved"]),
        (&json!(1), &json!(0)),
        "{usage}"
    );
    let all = server.get(&token, "/images").await;
    assert_eq!(all["total"], 1, "{all}");
}

#[tokio::test]
async fn an_image_that_was_being_staged_when_the_process_was_killed_becomes_ready_once_on_sqlite() {
    killed_in_the_middle(&Home::sqlite()).await;
}

#[tokio::test]
async fn an_image_that_was_being_staged_when_the_process_was_killed_becomes_ready_once_on_postgres() {
    let Some(test) = TestDb::open(EngineKind::Postgres).await else {
        return;
    };
    let home = Home {
        database_url: Some(test.db.url().to_owned()),
        ..Home::sqlite()
    };
    killed_in_the_middle(&home).await;
}

#[tokio::test]
async fn a_polite_stop_loses_nothing_and_ends_with_success() {
    let home = Home::sqlite();
    let server = Server::start(&home);
    let token = server.set_up(false).await;
    let image = queue(&server, &token).await;
    wait_for(&server, &token, &image, |image| image["status"] == "processing").await;
    assert!(server.terminate().success());

    let server = Server::start(&home);
    let token = server.log_in().await;
    let ready = wait_for(&server, &token, &image, |image| image["status"] == "ready").await;
    assert_eq!(ready["error"], Value::Null);
}

#[tokio::test]
async fn a_running_image_stops_within_a_second_of_being_canceled() {
    let home = Home::sqlite();
    let server = Server::start(&home);
    let token = server.set_up(false).await;
    let image = queue(&server, &token).await;
    wait_for(&server, &token, &image, |image| image["status"] == "processing").await;
    let (status, reply) = server
        .post(&token, &format!("/images/{image}/cancel"), json!({}))
        .await;
    assert_eq!(status, 200, "{reply}");
    let asked = Instant::now();
    wait_for(&server, &token, &image, |image| image["status"] == "canceled").await;
    // The promise is one second; the rest is for a machine that is busy with other tests.
    assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
    let usage = server.get(&token, "/billing/usage").await;
    assert_eq!(
        (&usage["images"]["used"], &usage["images"]["reserved"]),
        (&json!(0), &json!(0)),
        "{usage}"
    );
}

#[tokio::test]
async fn the_set_up_link_works_once_and_brings_a_sample_project() {
    let home = Home::sqlite();
    let server = Server::start(&home);
    let token = server.set_up(true).await;
    let again = server
        .client
        .get(server.api("/setup"))
        .send()
        .await
        .expect("it answers");
    assert_eq!(again.status(), 404);
    let projects = server.get(&token, "/projects").await;
    assert_eq!(projects["total"], 1, "{projects}");
    assert!(
        projects["items"][0]["original_count"]
            .as_u64()
            .is_some_and(|count| count >= 3),
        "{projects}"
    );
}
