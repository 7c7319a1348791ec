//! Entity tags: what did not change is not sent again, and a change of what changed is refused.

use chrono::Duration;
use serde_json::json;
use vitrine_testkit::{TestApp, app_test};

use crate::support::{make_project, modules};

app_test! {
    modules = modules;

    async fn what_the_caller_has_is_not_sent_again(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let path = format!("/projects/{}", make_project(&ada, "Elm").await);
        for path in [path.as_str(), "/projects", "/projects?limit=5", "/auth/sessions", "/auth/me"] {
            let first = ada.get(path).await.expect(200);
            let tag = first.header("etag").unwrap_or_else(|| panic!("{path} has no tag")).to_owned();
            for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
                let again = ada.clone().with_header("if-none-match", &known).get(path).await.expect(304);
                assert_eq!((again.header("etag"), again.text().as_str()), (Some(tag.as_str()), ""), "{path}");
                assert_eq!(again.header("cache-control"), Some("private, no-cache"), "{path}");
            }
            ada.clone().with_header("if-none-match", "\"other\"").get(path).await.expect(200);
        }
        let tag = ada.get(&path).await.header("etag").expect("a tag").to_owned();
        ada.patch(&path, &json!({ "name": "Oak" })).await.expect(200);
        let changed = ada.clone().with_header("if-none-match", &tag).get(&path).await.expect(200);
        assert_ne!(changed.header("etag"), Some(tag.as_str()));
    }

    async fn a_change_of_what_changed_meanwhile_is_refused_on_every_verb(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let path = format!("/projects/{}", make_project(&ada, "Elm").await);
        let old = ada.get(&path).await.header("etag").expect("a tag").to_owned();
        app.clock.advance(Duration::seconds(1));
        let with = |tag: &str| ada.clone().with_header("if-match", tag);
        let name = |name: &str| json!({ "name": name });
        with(&old).patch(&path, &name("Oak")).await.expect(200);
        with(&old).patch(&path, &name("Ash")).await.expect_problem(412, "precondition_failed");
        with(&old).put(&path, &name("Ash")).await.expect_problem(412, "precondition_failed");
        with(&old).delete(&path).await.expect_problem(412, "precondition_failed");
        assert_eq!(ada.get(&path).await.expect(200).json()["name"], "Oak");
        let new = ada.get(&path).await.header("etag").expect("a tag").to_owned();
        with(&new).put(&path, &name("Ash")).await.expect(200);
        with("*").delete(&path).await.expect(200);
        with("*").delete(&path).await.expect_problem(404, "not_found");
    }

    async fn a_stranger_with_the_right_tag_still_finds_nothing(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let path = format!("/projects/{}", make_project(&ada, "Elm").await);
        let tag = ada.get(&path).await.header("etag").expect("a tag").to_owned();
        eve.with_header("if-match", &tag).patch(&path, &json!({ "name": "Mine" })).await.expect_problem(404, "not_found");
        assert_eq!(ada.get(&path).await.expect(200).json()["name"], "Elm");
    }

    async fn of_parallel_changes_with_one_tag_exactly_one_wins(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let path = format!("/projects/{}", make_project(&ada, "Elm").await);
        let tag = ada.get(&path).await.header("etag").expect("a tag").to_owned();
        app.clock.advance(Duration::seconds(1));
        let calls = (0..12).map(|index| {
            let (ada, path) = (ada.clone().with_header("if-match", &tag), path.clone());
            tokio::spawn(async move { ada.patch(&path, &json!({ "name": format!("Name {index}") })).await.status })
        });
        let mut statuses: Vec<u16> =
            futures_util::future::join_all(calls).await.into_iter().map(|status| status.expect("it ran")).collect();
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200, "{statuses:?}");
        assert!(statuses[1..].iter().all(|status| *status == 412), "{statuses:?}");
    }

    async fn a_tag_and_a_key_go_together(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let path = format!("/projects/{}", make_project(&ada, "Elm").await);
        let tag = ada.get(&path).await.header("etag").expect("a tag").to_owned();
        app.clock.advance(Duration::seconds(1));
        let keyed = ada.clone().with_header("if-match", &tag).with_header("idempotency-key", "k");
        let first = keyed.patch(&path, &json!({ "name": "Oak" })).await.expect(200);
        let again = keyed.patch(&path, &json!({ "name": "Oak" })).await.expect(200);
        // The repeat is answered from the record, although its tag is an old one by now.
        assert_eq!((again.header("idempotent-replayed"), again.text()), (Some("true"), first.text()));
        let other = ada.clone().with_header("if-match", &tag).with_header("idempotency-key", "k2");
        other.patch(&path, &json!({ "name": "Ash" })).await.expect_problem(412, "precondition_failed");
        assert_eq!(ada.get(&path).await.expect(200).json()["name"], "Oak");
    }
}
