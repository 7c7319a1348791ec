//! `Idempotency-Key` on the real process, which is killed while requests are under way.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vitrine_db::EngineKind;
use vitrine_db::testing::TestDb;

use crate::process::{Home, Server};

const REQUESTS: usize = 120;

/// One order; `None` when the server was gone before it answered.
async fn order(client: reqwest::Client, url: String, token: String, number: usize) -> Option<(u16, Value)> {
    let reply = client
        .post(url)
        .bearer_auth(token)
        .header("idempotency-key", format!("order-{number}"))
        .json(&json!({ "name": format!("Project {number}") }))
        .send()
        .await
        .ok()?;
    let status = reply.status().as_u16();
    Some((status, reply.json().await.ok()?))
}

fn make(server: &Server, token: &str, number: usize) -> impl Future<Output = Option<(u16, Value)>> + use<> {
    order(
        server.client.clone(),
        server.api("/projects"),
        token.to_owned(),
        number,
    )
}

/// Repeats a request until its first run is known to have ended one way or the other.
async fn repeat(server: &Server, token: &str, number: usize) -> Value {
    let began = Instant::now();
    loop {
        let (status, reply) = make(server, token, number).await.expect("it answers");
        match status {
            201 => return reply,
            // The claim of the dead process has not ended yet.
            409 => assert!(began.elapsed() < Duration::from_secs(60), "{reply}"),
            _ => panic!("{status} {reply}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn all_projects(server: &Server, token: &str) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    let mut page = 1;
    loop {
        let list = server
            .get(token, &format!("/projects?page={page}&page_size=100"))
            .await;
        for item in list["items"].as_array().expect("items") {
            *names
                .entry(item["name"].as_str().expect("a name").to_owned())
                .or_default() += 1;
        }
        if list["pages"].as_u64().expect("pages") <= page {
            return names;
        }
        page += 1;
    }
}

async fn killed_between_effect_and_answer(home: &Home) {
    let server = Server::start(home);
    let token = server.set_up(false).await;
    let calls: Vec<_> = (0..REQUESTS)
        .map(|number| tokio::spawn(make(&server, &token, number)))
        .collect();
    // As soon as one is through, others are at every step of their way.
    let mut calls = calls.into_iter();
    let first = calls.next().expect("a call").await.expect("it ran");
    assert!(first.is_some(), "the first one was answered");
    server.kill();
    let mut answered = vec![first];
    for call in calls {
        answered.push(call.await.expect("it ran"));
    }
    assert!(
        answered.iter().any(Option::is_none),
        "the process was killed in the middle"
    );

    let server = Server::start(home);
    let token = server.log_in().await;
    for (number, before) in answered.iter().enumerate() {
        let after = repeat(&server, &token, number).await;
        if let Some((201, before)) = before {
            assert_eq!(before, &after, "who was answered is answered the same again");
        }
    }
    let names = all_projects(&server, &token).await;
    assert_eq!(names.len(), REQUESTS);
    assert!(names.values().all(|count| *count == 1), "{names:?}");
}

#[tokio::test]
async fn killing_the_server_between_effect_and_answer_makes_one_row_per_key_on_sqlite() {
    killed_between_effect_and_answer(&Home::sqlite()).await;
}

#[tokio::test]
async fn killing_the_server_between_effect_and_answer_makes_one_row_per_key_on_postgres() {
    let Some(test) = TestDb::open(EngineKind::Postgres).await else {
        return;
    };
    let home = Home {
        database_url: Some(test.db.url().to_owned()),
        ..Home::sqlite()
    };
    killed_between_effect_and_answer(&home).await;
}
