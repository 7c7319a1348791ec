//! What operators read: the audit trail, and what browsers report.

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_platform::accounts::operators;
use vitrine_testkit::{Client, TestApp};

use crate::modules;

async fn operator(app: &TestApp) -> Client {
    operators::create(&app.ctx, "root@example.com", app.password(), "Root")
        .await
        .expect("it is made");
    app.login("root@example.com").await
}

fn actions(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().expect("a page has items");
    items
        .iter()
        .map(|item| item["action"].as_str().expect("an action"))
        .collect()
}

async fn report(app: &TestApp, kind: &'static str, body: &str) -> u16 {
    app.client()
        .call(Method::POST, "/csp-report")
        .body(kind, body.to_owned())
        .send()
        .await
        .status
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn the_trail_tells_who_did_what_and_can_be_narrowed(app: &TestApp) {
        let root = operator(app).await;
        let start = app.ctx.now();
        app.clock.advance(Duration::minutes(1));
        let ada = app.register_verified("ada@example.com").await;
        let me = ada.get("/auth/me").await.expect(200).json();
        let id = me["user"]["id"].as_str().expect("an id").to_owned();
        let read = |query: String| {
            let root = root.clone();
            async move { root.get(&format!("/admin/audit-log{query}")).await.expect(200).json() }
        };
        let all = read(format!("?account_id={id}")).await;
        assert_eq!(all["total"], 3);
        let mut names = actions(&all);
        names.sort_unstable();
        assert_eq!(names, ["account.created", "account.email_verified", "session.opened"]);
        assert_eq!(all["items"][0]["email"], "ada@example.com");
        assert_eq!(all["items"][0]["ip"], "127.0.0.1");
        let made = read(format!("?action=account.created&object_id={id}&limit=5")).await;
        assert_eq!((actions(&made), &made["items"][0]["object_type"]), (vec!["account.created"], &json!("account")));
        let until = start.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        assert_eq!(read(format!("?account_id={id}&until={until}")).await["total"], 0);
        assert_eq!(read(format!("?account_id={id}&since={until}")).await["total"], 3);
        ada.get("/admin/audit-log").await.expect_problem(403, "forbidden");
        app.client().get("/admin/audit-log").await.expect_problem(401, "unauthorized");
    }

    async fn reports_of_browsers_are_counted_in_both_forms(app: &TestApp) {
        let root = operator(app).await;
        let old = r#"{"csp-report":{"document-uri":"http://vitrine.test/account?x=1","effective-directive":"img-src","blocked-uri":"https://evil.test/a.png"}}"#;
        let new = r#"[{"type":"csp-violation","body":{"documentURL":"http://vitrine.test/account","effectiveDirective":"img-src","blockedURL":"https://evil.test/a.png"}}]"#;
        assert_eq!(report(app, "application/csp-report", old).await, 204);
        app.clock.advance(Duration::minutes(1));
        assert_eq!(report(app, "application/reports+json; charset=utf-8", new).await, 204);
        assert_eq!(report(app, "application/csp-report", "nonsense").await, 204);
        assert_eq!(report(app, "text/plain", old).await, 415);
        let page = root.get("/admin/csp-reports?sort=-count").await.expect(200).json();
        assert_eq!(page["total"], 1);
        let one = &page["items"][0];
        assert_eq!((&one["count"], &one["page"], &one["directive"]), (&json!(2), &json!("/account"), &json!("img-src")));
        assert_ne!(one["first_seen_at"], one["last_seen_at"]);
        let ada = app.register("ada@example.com").await;
        ada.get("/admin/csp-reports").await.expect_problem(403, "forbidden");
    }
}
