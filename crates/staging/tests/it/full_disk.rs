//! A database that cannot grow any more, as on a full disk: a clear answer, nothing half done, and on it goes afterwards.

use serde_json::json;
use vitrine_db::Statement;
use vitrine_platform::billing::UNLIMITED;
use vitrine_testkit::{AppOptions, EngineKind, TestApp};

use crate::support::{make_project, modules, photo, upload};

static CHECK: Statement = Statement::new("CHECK", "pragma integrity_check");
static COUNT: Statement = Statement::new(
    "COUNT",
    "select (select count(*) from projects) as projects,
        (select count(*) from audit_log where action = 'project.created') as audited,
        (select count(*) from images) as images,
        (select count(*) from jobs where kind = 'staging.stage_image') as jobs,
        (select coalesce(sum(reserved), 0) from usage_periods) as reserved",
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_database_refuses_whole_requests_and_loses_nothing() {
    let change = |options: &mut AppOptions| options.settings.default_plan = UNLIMITED.to_owned();
    let app = TestApp::open_with(EngineKind::Sqlite, modules(), change)
        .await
        .expect("SQLite is always there");
    let ada = app.register("ada@example.com").await;
    let project = make_project(&ada, "Elm").await;
    let original = upload(&app, &ada, "room.jpg", &photo(320, 240, 1), Some(&project)).await;
    app.run_jobs().await;
    let full = app.database.pages().await;

    let long = json!({ "name": "Oak", "description": "x".repeat(1900) });
    let wish = json!({ "project_id": project, "original_id": original["id"], "style": "modern" });
    let (mut projects, mut images, mut refused) = (1, 0, [false; 2]);
    for _ in 0..400 {
        app.database.allow_pages(full).await;
        let reply = ada.post("/projects", &long).await;
        if reply.status == 201 {
            projects += 1;
        } else {
            let problem = reply.expect_problem(503, "unavailable");
            assert!(!problem.to_string().to_lowercase().contains("sql"), "{problem}");
            refused[0] = true;
        }
        app.database.allow_pages(full).await;
        let reply = ada.post("/images", &wish).await;
        if reply.status == 201 {
            images += 1;
        } else {
            reply.expect_problem(503, "unavailable");
            refused[1] = true;
        }
        if refused == [true; 2] {
            break;
        }
    }
    assert_eq!(refused, [true; 2], "the database never became full");
    assert_eq!(
        ada.get("/projects").await.expect(200).json()["total"],
        projects,
        "reading goes on"
    );
    let count = app.ctx.db.fetch_one(&COUNT, Vec::new()).await.expect("counts");
    let of = |column: &str| count.get::<i64>(column).expect("a number");
    assert_eq!((of("projects"), of("audited")), (projects, projects));
    assert_eq!(
        (of("images"), of("jobs"), of("reserved")),
        (images, images, images),
        "all of it or nothing"
    );
    let sound: String = app
        .ctx
        .db
        .fetch_one(&CHECK, Vec::new())
        .await
        .expect("a check")
        .get("integrity_check")
        .expect("text");
    assert_eq!(sound, "ok");

    app.database.allow_pages(1 << 20).await;
    ada.post("/projects", &long).await.expect(201);
    ada.post("/images", &wish).await.expect(201);
    app.may_leave_jobs();
    app.finish().await;
}
