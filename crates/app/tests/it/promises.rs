//! What clients rely on that belongs to no single slice; see `docs/behaviours.md`.

use http::Method;
use serde_json::json;
use vitrine_testkit::{TestApp, app_test};

use crate::rows::text;

const ADA: &str = "ada@example.com";

app_test! {
    modules = vitrine_app::modules;

    async fn a_sign_in_that_lacks_something_names_it(app: &TestApp) {
        app.register(ADA).await;
        let login = async |body| app.client().post("/auth/login", &body).await;
        assert_eq!(login(json!({ "email": ADA })).await.expect_complaints(), ["password required"]);
        assert_eq!(login(json!({ "password": app.password() })).await.expect_complaints(), ["email required"]);
        let more = json!({ "email": ADA, "password": app.password(), "remember": true });
        assert_eq!(login(more).await.expect_complaints(), ["remember unknown_field"]);
        login(json!({ "email": ADA, "password": app.password() })).await.expect(200);
    }

    async fn no_request_makes_anybody_more_than_they_are(app: &TestApp) {
        let body = json!({ "email": "eve@example.com", "password": app.password(), "full_name": "Eve", "is_operator": true });
        let refused = app.client().post("/auth/register", &body).await;
        assert_eq!(refused.expect_complaints(), ["is_operator unknown_field"]);
        let ada = app.register_verified(ADA).await;
        let me = ada.get("/auth/me").await.expect(200).json();
        let workspace = format!("/workspaces/{}", text(&me["workspaces"][0], "id"));
        for (path, field) in [
            ("/user/profile", "is_operator"),
            ("/user/profile", "email_verified"),
            ("/user/preferences", "is_operator"),
            (workspace.as_str(), "plan"),
        ] {
            let mut body = json!({ "full_name": "Ada" });
            if path != "/user/profile" {
                body = json!({});
            }
            body[field] = json!(true);
            let complaints = ada.patch(path, &body).await.expect_complaints();
            assert!(complaints.contains(&format!("{field} unknown_field")), "{path}: {complaints:?}");
        }
        let after = ada.get("/auth/me").await.expect(200).json();
        assert_eq!(after, me);
        assert_eq!(after["user"]["is_operator"], false);
        ada.get("/admin/users").await.expect_problem(403, "forbidden");
    }

    async fn what_is_private_is_kept_by_nobody_else(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let project = ada.post("/projects", &json!({ "name": "Elm" })).await.expect(201).json();
        let project = format!("/projects/{}", text(&project, "id"));
        for path in ["/auth/me", "/projects", &project, "/user/profile", "/workspaces", "/notifications", "/support/tickets"] {
            let reply = ada.get(path).await.expect(200);
            assert_eq!(reply.header("cache-control"), Some("private, no-cache"), "{path}");
            assert!(reply.header("etag").is_some(), "{path}");
        }
        for path in ["/status", "/community/posts"] {
            let reply = app.client().get(path).await.expect(200);
            let kept = reply.header("cache-control").unwrap_or_default();
            assert!(kept.starts_with("public, max-age="), "{path}: {kept}");
        }
    }

    async fn text_with_quotes_and_commands_is_text(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        for words in [
            "O'Brien's room; the 2nd -- with a view",
            "Robert'); DROP TABLE projects;--",
            "1 UNION SELECT password FROM accounts",
            "<script>alert(1)</script> & ../../etc/passwd ${jndi:ldap://x}",
            "100 % \"oak\" \\ ünïcode 🛋",
        ] {
            let made = ada.post("/projects", &json!({ "name": words, "description": words })).await.expect(201).json();
            assert_eq!((&made["name"], &made["description"]), (&json!(words), &json!(words)));
            let read = ada.get(&format!("/projects/{}", text(&made, "id"))).await.expect(200).json();
            assert_eq!(read["name"], words);
            let ticket = json!({ "subject": words, "body": words });
            let ticket = ada.post("/support/tickets", &ticket).await.expect(201).json();
            assert_eq!(ticket["subject"], words);
            // As a search it finds what says so, and harms nothing.
            let query: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let found = ada.call(Method::GET, &format!("/community/posts?q={query}")).send().await.expect(200);
            assert_eq!(found.json()["total"], 0);
        }
        assert_eq!(ada.get("/projects").await.expect(200).json()["total"], 5);
        app.may_leave_jobs();
    }
}
