//! A database that cannot grow any more: accounts with their letters and reports of browsers come whole or not at all.

use http::Method;
use serde_json::json;
use vitrine_db::Statement;
use vitrine_testkit::{EngineKind, Reply, TestApp};

use crate::modules;

static COUNT: Statement = Statement::new(
    "COUNT",
    "select (select count(*) from accounts) as accounts,
        (select count(*) from workspaces) as workspaces,
        (select count(*) from workspace_members) as members,
        (select count(*) from sessions) as sessions,
        (select count(*) from mails) as mails,
        (select count(*) from jobs where kind = 'platform.send_mail') as jobs,
        (select count(*) from csp_reports) as reports",
);
static CHECK: Statement = Statement::new("CHECK", "pragma integrity_check");

async fn register(app: &TestApp, index: i64) -> Reply {
    let body = json!({
        "email": format!("{index}@example.com"), "password": app.password(), "full_name": "x".repeat(100),
    });
    app.client().post("/auth/register", &body).await
}

/// Two reports in one request.
async fn report(app: &TestApp, index: i64) -> Reply {
    let one = |part: &str| {
        let address = format!("https://evil.test/{part}/{index}/{}", "y".repeat(150));
        json!({ "type": "csp-violation", "body": {
            "documentURL": "http://vitrine.test/", "effectiveDirective": "img-src", "blockedURL": address } })
    };
    let body = json!([one("a"), one("b")]).to_string();
    let call = app.client().call(Method::POST, "/csp-report");
    call.body("application/reports+json", body).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_database_takes_whole_accounts_and_whole_reports_or_none() {
    let app = TestApp::open(EngineKind::Sqlite, modules())
        .await
        .expect("SQLite is always there");
    let full = app.database.pages().await;
    let (mut accounts, mut reports, mut refused) = (0, 0, [false; 2]);
    for index in 0..400 {
        app.database.allow_pages(full).await;
        let reply = report(&app, index).await;
        if reply.status == 204 {
            reports += 2;
        } else {
            reply.expect_problem(503, "unavailable");
            refused[0] = true;
        }
        app.database.allow_pages(full).await;
        let reply = register(&app, index).await;
        if reply.status == 201 {
            accounts += 1;
        } else {
            let problem = reply.expect_problem(503, "unavailable");
            assert!(!problem.to_string().to_lowercase().contains("sql"), "{problem}");
            refused[1] = true;
        }
        if refused == [true; 2] {
            break;
        }
    }
    assert_eq!(refused, [true; 2], "the database never became full");
    let count = app.ctx.db.fetch_one(&COUNT, Vec::new()).await.expect("counts");
    let of = |column: &str| count.get::<i64>(column).expect("a number");
    for column in ["accounts", "workspaces", "members", "sessions", "mails", "jobs"] {
        assert_eq!(of(column), accounts, "{column}");
    }
    assert_eq!(of("reports"), reports);
    let check = app.ctx.db.fetch_one(&CHECK, Vec::new()).await.expect("a check");
    assert_eq!(check.get::<String>("integrity_check").expect("text"), "ok");

    app.database.allow_pages(1 << 20).await;
    register(&app, 1_000).await.expect(201);
    report(&app, 1_000).await.expect(204);
    app.deliver_mail().await;
    assert_eq!(
        app.mails_to("1000@example.com").len(),
        1,
        "letters that waited go out"
    );
    app.may_leave_jobs();
    app.finish().await;
}
