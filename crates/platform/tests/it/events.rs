//! The event stream through HTTP.

use http::Method;
use http_body_util::BodyExt;
use serde_json::json;
use vitrine_kernel::id::WorkspaceId;
use vitrine_platform::events::{NewEvent, publish};
use vitrine_testkit::{Client, TestApp};

use crate::modules;

async fn workspace(client: &Client) -> WorkspaceId {
    let me = client.get("/auth/me").await.expect(200).json();
    me["workspaces"][0]["id"]
        .as_str()
        .expect("an id")
        .parse()
        .expect("a workspace id")
}

async fn tell(app: &TestApp, workspace_id: WorkspaceId, number: u32) {
    let mut tx = app.ctx.db.begin().await.expect("a transaction");
    let payload = json!({ "number": number });
    let event = NewEvent {
        workspace_id,
        kind: "job_update",
        project_id: None,
        image_id: None,
        job_id: None,
        payload,
    };
    publish(&mut tx, &app.ctx, event).await.expect("news");
    tx.commit().await.expect("a commit");
}

/// Reads from a stream until the text is there; answers everything read.
pub async fn read_until(
    body: &mut (impl BodyExt<Data = bytes::Bytes, Error: std::fmt::Debug> + Unpin),
    text: &str,
) -> String {
    let mut seen = String::new();
    while !seen.contains(text) {
        let frame = tokio::time::timeout(std::time::Duration::from_secs(20), body.frame()).await;
        let frame = frame.unwrap_or_else(|_| panic!("{text:?} never came after {seen:?}"));
        let data = frame
            .expect("the stream goes on")
            .expect("the stream is whole")
            .into_data()
            .expect("data");
        seen.push_str(std::str::from_utf8(&data).expect("text"));
    }
    seen
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_ticket_opens_one_stream_and_its_events_can_be_replayed(app: &TestApp) {
        app.start_events();
        let ada = app.register("ada@example.com").await;
        let home = workspace(&ada).await;
        let ticket = ada.post_empty("/events/ticket").await.expect(200).json();
        assert_eq!(ticket["expires_in"], 60);
        let path = format!("/events?ticket={}", ticket["ticket"].as_str().expect("a ticket"));
        let response = app.client().call(Method::GET, &path).open().await;
        assert_eq!(response.status(), 200);
        for (name, value) in [("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no")] {
            assert_eq!(response.headers()[name], value);
        }
        assert!(!response.headers().contains_key("content-encoding"));
        let mut stream = response.into_body();
        let head = read_until(&mut stream, "\n\n").await;
        assert!(head.contains("event: connected\ndata: {\"jobs\":[],\"resumed\":false}"), "{head}");
        app.client().get(&path).await.expect_problem(401, "unauthorized");
        tell(app, home, 1).await;
        let first = read_until(&mut stream, "\"number\":1").await;
        let id = first.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id").to_owned();
        drop(stream);
        tell(app, home, 2).await;
        let call = ada.call(Method::GET, "/events").header("last-event-id", &id);
        let mut stream = call.open().await.into_body();
        let missed = read_until(&mut stream, "\"number\":2").await;
        assert!(missed.contains("\"resumed\":true") && !missed.contains("\"number\":1"), "{missed}");
    }

    async fn nobody_listens_without_leave_or_to_what_is_not_theirs(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        app.client().get("/events").await.expect_problem(401, "unauthorized");
        app.client().get("/events?ticket=guess").await.expect_problem(401, "unauthorized");
        app.client().post_empty("/events/ticket").await.expect_problem(401, "unauthorized");
        // A token in the address would land in logs.
        app.client().get("/events?access_token=x").await.expect_complaints();
        let unknown = format!("/events?job_id={}", uuid::Uuid::from_u128(5));
        ada.get(&unknown).await.expect_problem(404, "not_found");
        assert_eq!(ada.get("/events?image_id=5").await.expect_complaints().len(), 1);
    }
}
