//! How long anybody may keep what everybody may read.

use vitrine_testkit::{EngineKind, TestApp};

use crate::support::{modules, operator, post};

/// Answers to everybody: lists, single things, the feed and the page.
async fn kept_for(seconds: u32, expected: &str) {
    let change = |options: &mut vitrine_testkit::AppOptions| options.settings.public_cache_seconds = seconds;
    let app = TestApp::open_with(EngineKind::Sqlite, modules(), change)
        .await
        .expect("SQLite is always there");
    let ada = operator(&app, "ada@example.com").await;
    let post = post(&ada, "Rugs", "Which?").await;
    for path in [
        "/community/posts",
        &format!("/community/posts/{post}"),
        &format!("/community/posts/{post}/comments"),
        "/status",
        "/status/services",
        "/status/events",
        "/status/incidents",
        "/status/maintenance",
        "/status/feed.atom",
        "//status",
    ] {
        let seen = app.client().get(path).await.expect(200);
        assert_eq!(seen.header("cache-control"), Some(expected), "{path}");
    }
    let own = ada.get("/status").await.expect(200);
    assert_eq!(own.header("cache-control"), Some("private, no-cache"));
    app.finish().await;
}

#[tokio::test]
async fn public_answers_are_kept_as_long_as_the_operator_says() {
    kept_for(90, "public, max-age=90").await;
}

#[tokio::test]
async fn zero_seconds_are_not_kept_without_asking() {
    kept_for(0, "no-cache").await;
}
