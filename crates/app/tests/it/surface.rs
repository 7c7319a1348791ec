//! Every route of the document, asked badly: without a login, with a broken body, with a body that is too large. The
//! answer is always the same envelope, and nothing of our insides.

use serde_json::Value;
use vitrine_platform::accounts::operators;
use vitrine_testkit::{Client, EngineKind, TestApp};

const UNKNOWN_ID: &str = "018f0000-0000-7000-8000-000000000000";

/// Method, path and description of every operation.
pub fn operations_of(document: &vitrine_platform::web::OpenApi) -> Vec<(http::Method, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document.0["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let Ok(method) = http::Method::from_bytes(method.to_uppercase().as_bytes()) else {
                continue;
            };
            if let Some(path) = path.strip_prefix("/api/v1") {
                all.push((method, path.to_owned(), operation.clone()));
            }
        }
    }
    assert!(all.len() > 40, "only {} operations are documented", all.len());
    all
}

/// The same with unknown ids in the path.
fn operations() -> Vec<(http::Method, String, Value)> {
    let mut all = operations_of(&vitrine_app::openapi());
    for (_, path, _) in &mut all {
        let parts = path.split('/').skip(1);
        *path = parts
            .map(|part| if part.starts_with('{') { UNKNOWN_ID } else { part })
            .fold(String::new(), |path, part| path + "/" + part);
    }
    all
}

async fn open() -> TestApp {
    TestApp::open(EngineKind::Sqlite, vitrine_app::modules())
        .await
        .expect("SQLite is always there")
}

/// Routes that answer without a login.
fn is_public(method: &http::Method, path: &str) -> bool {
    // Everybody reads the status page and subscribes to it; operators write.
    if path == "/status" || path.starts_with("/status/") {
        return method == http::Method::GET
            || path.starts_with("/status/subscri")
            || path == "/status/unsubscribe";
    }
    // Everybody reads the community; accounts write.
    if path.starts_with("/community/posts") {
        return method == http::Method::GET;
    }
    // Pictures of the catalogue, for `<img>`, which sends no token; they are the same on every instance.
    if path.starts_with("/furniture/") && path.ends_with("/thumb") {
        return true;
    }
    // Ways to sign in; what else lies below them is the account's own.
    if ["/auth/mfa", "/auth/oidc"].contains(&path) {
        return true;
    }
    [
        "/auth/register",
        "/auth/login",
        "/auth/token",
        "/auth/refresh",
        "/auth/logout",
        "/auth/passkeys/login",
        "/auth/oidc/login",
        "/auth/oidc/callback",
        "/auth/verify-email",
        "/csp-report",
        "/notifications/unsubscribe",
        "/auth/password/forgot",
        "/auth/password/reset",
        "/setup",
        "/billing/plans",
        "/files",
        "/openapi.json",
        "/docs",
    ]
    .iter()
    .any(|public| path == *public || path.starts_with(&format!("{public}/")))
}

/// Somebody whom no role keeps out, so that what is asked is all that can be wrong.
async fn operator(app: &TestApp) -> Client {
    operators::create(&app.ctx, "root@example.com", app.password(), "Root")
        .await
        .expect("it is made");
    app.login("root@example.com").await
}

#[tokio::test]
async fn nothing_answers_a_stranger_but_what_is_public() {
    let app = open().await;
    for (method, path, _) in operations() {
        if is_public(&method, &path) {
            continue;
        }
        let reply = app.client().call(method.clone(), &path).send().await;
        assert_eq!(reply.status, 401, "{method} {path}: {}", reply.text());
        reply.expect_problem(401, "unauthorized");
    }
    app.finish().await;
}

#[tokio::test]
async fn unknown_ids_are_not_found_on_every_verb() {
    let app = open().await;
    let root = operator(&app).await;
    for (method, path, operation) in operations() {
        if !path.contains(UNKNOWN_ID) || is_public(&method, &path) || !operation["requestBody"].is_null() {
            continue;
        }
        for path in [path.clone(), path.replace(UNKNOWN_ID, "not-an-id")] {
            let reply = root.call(method.clone(), &path).send().await;
            assert_eq!(reply.status, 404, "{method} {path}: {}", reply.text());
            reply.expect_problem(404, "not_found");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn broken_and_oversized_bodies_are_refused_by_every_route_that_takes_one() {
    let app = open().await;
    let root = operator(&app).await;
    for (method, path, operation) in operations() {
        let takes_json = operation["requestBody"]["content"]
            .get("application/json")
            .is_some();
        // The set-up route is gone once there is an account, whatever is sent to it.
        if !takes_json || path == "/setup" {
            continue;
        }
        let broken = root
            .call(method.clone(), &path)
            .body("application/json", "{ broken")
            .send()
            .await;
        assert_eq!(broken.status, 400, "{method} {path}: {}", broken.text());
        let large = root
            .call(method.clone(), &path)
            .body("application/json", vec![b' '; 1024 * 1024 + 1])
            .send()
            .await;
        assert_eq!(large.status, 413, "{method} {path}: {}", large.text());
        let wrong = root
            .call(method.clone(), &path)
            .body("text/plain", "{}")
            .send()
            .await;
        assert_eq!(wrong.status, 415, "{method} {path}: {}", wrong.text());
        let unknown = root
            .call(method.clone(), &path)
            .body("application/json", r#"{"no_such_field":1}"#)
            .send()
            .await;
        assert_eq!(unknown.status, 422, "{method} {path}: {}", unknown.text());
    }
    app.finish().await;
}

#[tokio::test]
async fn every_operation_has_a_name_a_tag_and_a_summary_of_its_own() {
    let mut names = std::collections::HashSet::new();
    for (method, path, operation) in operations() {
        let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
        assert!(
            !name.is_empty() && names.insert(name.clone()),
            "{method} {path} is called {name:?}"
        );
        assert!(
            operation["tags"].as_array().is_some_and(|tags| !tags.is_empty()),
            "{method} {path} has no tag"
        );
        assert!(
            operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
            "{method} {path} has no summary"
        );
    }
}

/// Fields that a person must not find in a record, by their names.
fn is_secret(name: &str) -> bool {
    ["secret", "ticket", "otpauth_url"].contains(&name)
        || name.ends_with("_token")
        || name.ends_with("_secret")
}

/// Answers whose secrets have the format `password` are not recorded for `Idempotency-Key`.
#[test]
fn answers_that_hold_a_secret_say_so() {
    let document = vitrine_app::openapi().0;
    let mut secrets = 0;
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            if !is_secret(field) {
                continue;
            }
            secrets += 1;
            let schema = if schema["items"].is_object() {
                &schema["items"]
            } else {
                schema
            };
            assert_eq!(
                schema["format"], "password",
                "{name}.{field} holds a secret: #[schema(format = Password)]"
            );
        }
    }
    assert!(secrets >= 3, "only {secrets} secrets were found");
}

#[test]
fn every_kind_of_work_has_a_name_of_its_area() {
    for module in vitrine_app::modules() {
        for kind in &module.jobs {
            assert!(kind.name().contains('.'), "{}", kind.name());
        }
    }
}
