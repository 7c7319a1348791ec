//! How often somebody may ask.

use std::net::SocketAddr;

use chrono::Duration;
use http::Method;
use serde_json::json;
use vitrine_testkit::{Client, EngineKind, Reply, TestApp};

use crate::modules;

async fn limited() -> TestApp {
    TestApp::open_with(EngineKind::Sqlite, modules(), |options| {
        options.settings.rate_limits = true
    })
    .await
    .expect("SQLite is always there")
}

async fn ask(client: &Client, address: [u8; 4]) -> Reply {
    let peer = SocketAddr::from((address, 40_000));
    client.call(Method::GET, "/billing/plans").from(peer).send().await
}

fn header(reply: &Reply, name: &str) -> String {
    reply
        .header(name)
        .unwrap_or_else(|| panic!("{name} is missing"))
        .to_owned()
}

#[tokio::test]
async fn strangers_share_a_bucket_by_address_and_every_answer_tells_what_is_left() {
    let app = limited().await;
    let stranger = app.client();
    let now = app.ctx.now().timestamp();
    for left in (0..60).rev() {
        let reply = ask(&stranger, [1, 2, 3, 4]).await;
        assert_ne!(reply.status, 429);
        assert_eq!(header(&reply, "x-ratelimit-limit"), "60");
        assert_eq!(header(&reply, "x-ratelimit-remaining"), left.to_string());
        assert_eq!(header(&reply, "x-ratelimit-reset"), (now + 60 - left).to_string());
        assert_eq!(
            header(&reply, "ratelimit"),
            format!("\"default\";r={left};t={}", 60 - left)
        );
        assert_eq!(header(&reply, "ratelimit-policy"), "\"default\";q=60;w=60");
    }
    let refused = ask(&stranger, [1, 2, 3, 4]).await;
    assert_eq!(header(&refused, "retry-after"), "1");
    assert_eq!(header(&refused, "x-ratelimit-remaining"), "0");
    refused.expect_problem(429, "rate_limited");
    assert_ne!(ask(&stranger, [1, 2, 3, 5]).await.status, 429);
    app.clock.advance(Duration::seconds(1));
    assert_ne!(ask(&stranger, [1, 2, 3, 4]).await.status, 429);
    ask(&stranger, [1, 2, 3, 4])
        .await
        .expect_problem(429, "rate_limited");
    for path in ["//health", "//ready"] {
        assert_eq!(stranger.get(path).await.header("x-ratelimit-limit"), None);
    }
    app.finish().await;
}

#[tokio::test]
async fn somebody_signed_in_is_counted_by_account_and_not_by_address() {
    let app = limited().await;
    let ada = app.register("ada@example.com").await;
    let laptop = app.login("ada@example.com").await;
    for _ in 0..60 {
        for client in [&ada, &laptop] {
            assert_eq!(ask(client, [9, 9, 9, 9]).await.status, 200);
        }
    }
    ask(&ada, [8, 8, 8, 8]).await.expect_problem(429, "rate_limited");
    let bea = app.register("bea@example.com").await;
    let reply = ask(&bea, [9, 9, 9, 9]).await;
    assert_eq!(
        (reply.status, header(&reply, "x-ratelimit-limit")),
        (200, "120".to_owned())
    );
    app.finish().await;
}

#[tokio::test]
async fn a_bad_token_is_counted_like_none() {
    let app = limited().await;
    let liar = app.client().with_header("authorization", "Bearer x.y.z");
    let reply = liar.get("/auth/me").await;
    assert_eq!(header(&reply, "x-ratelimit-limit"), "60");
    reply.expect_problem(401, "unauthorized");
    app.finish().await;
}

#[tokio::test]
async fn signing_in_has_tighter_limits_by_address_and_by_who_is_tried() {
    let app = limited().await;
    let client = app.client();
    let login = |email: String| {
        let (client, body) = (
            client.clone(),
            json!({ "email": email, "password": "wrong-but-long" }),
        );
        async move { client.post("/auth/login", &body).await }
    };
    for _ in 0..5 {
        login("ada@example.com".into())
            .await
            .expect_problem(401, "invalid_credentials");
    }
    for _ in 0..5 {
        login("ada@example.com".into())
            .await
            .expect_problem(429, "account_locked");
    }
    login("Ada@example.com".into())
        .await
        .expect_problem(429, "rate_limited");
    for index in 0..19 {
        login(format!("{index}@example.com"))
            .await
            .expect_problem(401, "invalid_credentials");
    }
    login("last@example.com".into())
        .await
        .expect_problem(429, "rate_limited");
    // What is no sign-in still answers.
    client
        .post("/auth/password/forgot", &json!({ "email": "x@example.com" }))
        .await
        .expect(202);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn beyond_the_limits_of_mail_the_answer_stays_the_same_and_nothing_is_sent() {
    let app = limited().await;
    app.register("ada@example.com").await;
    let asked = |email: &str| {
        let (client, body) = (app.client(), json!({ "email": email }));
        async move { client.post("/auth/password/forgot", &body).await.expect(202) }
    };
    for _ in 0..7 {
        asked("ada@example.com").await;
    }
    assert_eq!(app.run_jobs().await, 5 + 5);
    assert_eq!(app.mails_to("ada@example.com").len(), 1 + 5);
    for index in 0..20 {
        asked(&format!("{index}@example.com")).await;
    }
    // 20 in an hour from one address, of which Ada had five.
    assert_eq!(app.run_jobs().await, 13);
    app.finish().await;
}
