//! What deleting a project stops, what restoring it brings back, and what is left of it after its time.

use chrono::Duration;
use serde_json::{Value, json};
use vitrine_db::{Statement, values};
use vitrine_kernel::{Clock as _, SystemClock};
use vitrine_platform::jobs::{Job, enqueue};
use vitrine_staging::originals::sweep::SweepFiles;
use vitrine_staging::projects::jobs::PurgeProjects;
use vitrine_testkit::{Client, TestApp};

use crate::support::{Fault, Keys, faulty_app, make_project, photo, storage_test, text, upload};

static DELETE_PROJECTS: Statement = Statement::new("DELETE_PROJECTS", "update projects set deleted_at = $1");
static AGE: Statement = Statement::new(
    "AGE",
    "update projects set deleted_at = $1 where deleted_at is not null",
);

async fn image(client: &Client, project: &str, original: &str, seed: u32) -> String {
    let body =
        json!({ "project_id": project, "original_id": original, "room_type": "bedroom", "seed": seed });
    text(&client.post("/images", &body).await.expect(201).json(), "id").to_owned()
}

async fn status(client: &Client, image: &str) -> Value {
    client.get(&format!("/images/{image}")).await.expect(200).json()["status"].clone()
}

async fn usage(client: &Client) -> (Value, Value) {
    let usage = client.get("/billing/usage").await.expect(200).json();
    (
        usage["images"]["used"].clone(),
        usage["images"]["reserved"].clone(),
    )
}

async fn work_off<J: Job>(app: &TestApp, job: &J) {
    let mut tx = app.ctx.db.begin().await.expect("a transaction");
    enqueue(&mut tx, &app.ctx, None, job).await.expect("queued");
    tx.commit().await.expect("a commit");
    app.run_jobs().await;
}

async fn rows(app: &TestApp, table: &str) -> i64 {
    let text: &'static str = format!("select count(*) as n from {table}").leak();
    let statement: &'static Statement = Box::leak(Box::new(Statement::new("COUNT", text)));
    let row = app
        .ctx
        .db
        .fetch_one(statement, Vec::new())
        .await
        .expect("a table");
    row.get("n").expect("a number")
}

vitrine_testkit::app_test! {
    modules = crate::support::modules;

    async fn deleting_a_project_stops_what_is_made_in_it_and_restoring_does_not_revive_it(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let (doomed, other) = (make_project(&ada, "Elm").await, make_project(&ada, "Oak").await);
        let original = upload(app, &ada, "room.jpg", &photo(320, 240, 1), Some(&doomed)).await;
        app.run_jobs().await;
        let original = text(&original, "id");
        let mut images = Vec::new();
        for seed in 1..=3 {
            images.push(image(&ada, &doomed, original, seed).await);
        }
        let kept = image(&ada, &other, original, 9).await;
        assert_eq!(usage(&ada).await, (json!(0), json!(4)));

        ada.delete(&format!("/projects/{doomed}")).await.expect(200);
        for image in &images {
            assert_eq!(status(&ada, image).await, "canceled");
        }
        assert_eq!((status(&ada, &kept).await, usage(&ada).await), (json!("queued"), (json!(0), json!(1))));
        let waiting = ada.get("/jobs?status=queued").await.expect(200).json();
        assert_eq!((&waiting["total"], &waiting["items"][0]["subject"]["id"]), (&json!(1), &json!(kept)));
        let problem = ada.post_empty(&format!("/images/{}/retry", images[0])).await.expect_problem(409, "conflict");
        assert!(text(&problem, "detail").contains("Restore it"), "{problem}");

        ada.post_empty(&format!("/projects/{doomed}/restore")).await.expect(200);
        for image in &images {
            assert_eq!(status(&ada, image).await, "canceled", "coming back does not start anything");
        }
        ada.post_empty(&format!("/images/{}/cancel", kept)).await.expect(200);
        ada.post_empty(&format!("/images/{}/retry", images[0])).await.expect(200);
        ada.post_empty(&format!("/images/{}/cancel", images[0])).await.expect(200);
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
    }

    async fn a_staging_that_was_queued_while_its_project_went_is_not_made(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let original = upload(app, &ada, "room.jpg", &photo(320, 240, 1), Some(&project)).await;
        app.run_jobs().await;
        let image = image(&ada, &project, text(&original, "id"), 1).await;
        // As if the deletion had looked just before the image was there.
        app.ctx.db.execute(&DELETE_PROJECTS, values![app.ctx.now()]).await.expect("a row");
        app.run_jobs().await;
        assert_eq!(status(&ada, &image).await, "canceled");
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
    }
}

storage_test! {
    async fn what_nobody_can_bring_back_is_removed_with_all_its_files(app: &TestApp, keys: &Keys) {
        let ada = app.register("ada@example.com").await;
        let (doomed, other) = (make_project(&ada, "Elm").await, make_project(&ada, "Oak").await);
        let shared = upload(app, &ada, "shared.jpg", &photo(320, 240, 1), Some(&doomed)).await;
        let again = upload(app, &ada, "again.jpg", &photo(320, 240, 1), Some(&other)).await;
        assert_eq!(shared["id"], again["id"], "the same bytes are one photo");
        upload(app, &ada, "alone.jpg", &photo(320, 240, 2), Some(&doomed)).await;
        let removed = upload(app, &ada, "removed.jpg", &photo(320, 240, 3), Some(&other)).await;
        app.run_jobs().await;
        let staged = image(&ada, &doomed, text(&shared, "id"), 1).await;
        ada.post_empty(&format!("/images/{staged}/cancel")).await.expect(200);
        let workspace = text(&ada.get("/auth/me").await.expect(200).json()["workspaces"][0], "id").to_owned();
        assert_eq!(keys.under("photos").len(), 3);

        ada.delete(&format!("/projects/{doomed}")).await.expect(200);
        ada.delete(&format!("/projects/{other}/originals/{}", text(&removed, "id"))).await.expect(204);
        app.clock.advance(Duration::days(29));
        work_off(app, &PurgeProjects::default()).await;
        assert_eq!((rows(app, "projects").await, rows(app, "originals").await), (2, 3), "it could still come back");

        app.clock.advance(Duration::days(2));
        work_off(app, &PurgeProjects::default()).await;
        assert_eq!((rows(app, "projects").await, rows(app, "images").await), (1, 0));
        assert_eq!((rows(app, "originals").await, rows(app, "project_originals").await), (1, 1));
        for folder in ["photos", "previews", "thumbs"] {
            assert_eq!(keys.under(folder).len(), 1, "{folder}");
        }
        let left = keys.under("");
        assert!(left.iter().all(|key| key.contains(&workspace)), "{left:?}");
        let ada = app.login("ada@example.com").await;
        ada.post_empty(&format!("/projects/{doomed}/restore")).await.expect_problem(404, "not_found");
        let photos = ada.get(&format!("/projects/{other}/originals")).await.expect(200).json();
        assert_eq!((&photos["total"], &photos["items"][0]["id"]), (&json!(1), &shared["id"]));
        work_off(app, &PurgeProjects::default()).await;
        assert_eq!(keys.under(""), left, "a second run finds nothing");
    }

    async fn files_that_nobody_knows_are_found_after_a_day(app: &TestApp, keys: &Keys) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let original = upload(app, &ada, "room.jpg", &photo(320, 240, 1), Some(&project)).await;
        app.run_jobs().await;
        let image = image(&ada, &project, text(&original, "id"), 1).await;
        ada.post_empty(&format!("/images/{image}/cancel")).await.expect(200);
        let workspace = text(&ada.get("/auth/me").await.expect(200).json()["workspaces"][0], "id").to_owned();
        let known = keys.under("");
        let result = format!("workspaces/{workspace}/images/{image}/v1.jpg");
        let stranger = uuid::Uuid::from_u128(77);
        let orphans = [
            format!("incoming/{workspace}/{stranger}.jpg"),
            format!("originals/{workspace}/{stranger}.jpg"),
            format!("thumbs/{workspace}/{stranger}.jpg"),
            format!("workspaces/{workspace}/images/{stranger}/v1.jpg"),
        ];
        for key in orphans.iter().chain([&result]) {
            app.ctx.files.put(key, b"x".as_slice().into(), "image/jpeg").await.expect("stored");
        }
        let mine = "holiday/me.jpg";
        app.ctx.files.put(mine, b"x".as_slice().into(), "image/jpeg").await.expect("stored");

        app.clock.set(SystemClock.now() + Duration::hours(23));
        work_off(app, &SweepFiles::default()).await;
        assert_eq!(keys.under("").len(), known.len() + orphans.len() + 2, "their rows may be on their way");
        app.clock.set(SystemClock.now() + Duration::hours(25));
        work_off(app, &SweepFiles::default()).await;
        let mut expected = known.clone();
        expected.extend([result, mine.to_owned()]);
        expected.sort();
        let mut left = keys.under("");
        left.sort();
        assert_eq!(left, expected);
    }

    async fn a_storage_that_does_not_belong_to_this_database_is_left_alone(app: &TestApp, keys: &Keys) {
        for number in 0..30_u128 {
            let key = format!("photos/{}/{}.jpg", uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(number));
            app.ctx.files.put(&key, b"x".as_slice().into(), "image/jpeg").await.expect("stored");
        }
        app.clock.set(SystemClock.now() + Duration::hours(25));
        work_off(app, &SweepFiles::default()).await;
        assert_eq!(keys.under("photos").len(), 30);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storage_that_fails_in_the_middle_only_delays_the_end() {
    let (app, store, folder) = faulty_app().await;
    let ada = app.register("ada@example.com").await;
    let project = make_project(&ada, "Elm").await;
    for seed in 1..=2 {
        upload(&app, &ada, "room.jpg", &photo(320, 240, seed), Some(&project)).await;
    }
    app.run_jobs().await;
    ada.delete(&format!("/projects/{project}")).await.expect(200);
    let long_ago = app.ctx.now() - Duration::days(31);
    app.ctx.db.execute(&AGE, values![long_ago]).await.expect("a row");

    store.fail(Some(Fault::Broken));
    work_off(&app, &PurgeProjects::default()).await;
    assert_eq!(
        rows(&app, "projects").await,
        1,
        "what is not cleared away yet is found again"
    );
    store.fail(None);
    app.clock.advance(Duration::minutes(10));
    app.run_jobs().await;
    assert_eq!(
        (rows(&app, "projects").await, rows(&app, "originals").await),
        (0, 0)
    );
    // The photo whose files could not be deleted.
    app.clock.set(SystemClock.now() + Duration::hours(25));
    work_off(&app, &SweepFiles::default()).await;
    assert_eq!(Keys::of(folder.path()).under(""), Vec::<String>::new());
    app.finish().await;
}
