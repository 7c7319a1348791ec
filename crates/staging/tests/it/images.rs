//! Stories of images, with an engine that does what its seed says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::Duration;
use serde_json::{Value, json};
use vitrine_scene::furnish::RoomType;
use vitrine_staging::engines::{
    Builtin, Engine, EngineError, EngineInfo, EngineOutput, EngineRequest, EngineWatch, Engines, FREE,
    Progress,
};
use vitrine_testkit::{Client, EngineKind, TestApp};

use crate::support::{fetch, make_project, modules, photo, text, upload};

/// Delivers its photo, unless the seed asks for something else.
#[derive(Debug, Default)]
struct Scripted {
    calls: AtomicU32,
}

const REFUSES: u32 = 2;
const BREAKS: u32 = 3;
const BREAKS_ONCE: u32 = 4;
const PANICS: u32 = 5;

#[async_trait]
impl Engine for Scripted {
    fn info(&self) -> EngineInfo {
        EngineInfo {
            label: "Scripted",
            ..Builtin.info()
        }
    }

    async fn stage(
        &self,
        photo: Bytes,
        request: EngineRequest,
        watch: EngineWatch,
    ) -> Result<EngineOutput, EngineError> {
        let earlier = self.calls.fetch_add(1, Ordering::SeqCst);
        watch.progress.send_replace(Progress {
            percent: 40,
            step: "painting",
        });
        match request.seed {
            REFUSES => Err(EngineError::Refused {
                code: "needs_corners",
                message: "the corners are not clear".into(),
                guess: None,
            }),
            BREAKS => Err(EngineError::Failed {
                code: "engine_failed",
                message: "secret inner words".into(),
            }),
            BREAKS_ONCE if earlier == 0 => Err(EngineError::Failed {
                code: "engine_failed",
                message: "once".into(),
            }),
            PANICS => panic!("the engine fell over"),
            _ => Ok(EngineOutput {
                file: photo.clone(),
                content_type: "image/jpeg",
                thumb: photo,
                room_type: request.room_type.unwrap_or(RoomType::Bedroom),
                before: None,
                confidence: Some(0.875),
                scene: None,
                cost: FREE,
            }),
        }
    }
}

/// One test per database of each story, with the scripted engine.
macro_rules! image_test {
    ($(async fn $name:ident($app:ident: &TestApp) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn story($app: &TestApp) $body

            async fn run(engine: EngineKind) {
                let open = TestApp::open_with(engine, modules(), |options| {
                    options.extensions.insert(Engines::of(vec![Arc::new(Scripted::default())]));
                });
                if let Some(app) = open.await {
                    story(&app).await;
                    app.finish().await;
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run(EngineKind::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run(EngineKind::Postgres).await;
            }
        }
    )+};
}

/// A signed-in client with a project and a photo in it.
async fn seller(app: &TestApp, email: &str) -> (Client, String, String) {
    let client = app.register(email).await;
    let project = make_project(&client, "Maple Street").await;
    let original = upload(
        app,
        &client,
        "living room.jpg",
        &photo(320, 240, 3),
        Some(&project),
    )
    .await;
    let original = text(&original, "id").to_owned();
    app.run_jobs().await;
    (client, project, original)
}

fn wish(project: &str, original: &str, seed: u32) -> Value {
    json!({ "project_id": project, "original_id": original, "style": "scandinavian", "seed": seed })
}

async fn create(client: &Client, project: &str, original: &str, seed: u32) -> Value {
    client
        .post("/images", &wish(project, original, seed))
        .await
        .expect(201)
        .json()
}

async fn usage(client: &Client) -> (Value, Value) {
    let usage = client.get("/billing/usage").await.expect(200).json();
    (
        usage["images"]["used"].clone(),
        usage["images"]["reserved"].clone(),
    )
}

image_test! {
    async fn an_image_is_queued_staged_and_ready(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let reply = ada.post("/images", &wish(&project, &original, 7)).await.expect(201);
        let queued = reply.json();
        let id = text(&queued, "id");
        assert_eq!(reply.header("location"), Some(format!("/api/v1/images/{id}").as_str()));
        assert_eq!((&queued["status"], &queued["progress"], &queued["seed"]), (&json!("queued"), &json!(0), &json!(7)));
        assert_eq!(usage(&ada).await, (json!(0), json!(1)));

        app.run_jobs().await;
        let ready = ada.get(&format!("/images/{id}")).await.expect(200).json();
        assert_eq!((&ready["status"], &ready["progress"]), (&json!("ready"), &json!(100)));
        assert_eq!((&ready["room_type"], &ready["confidence"]), (&json!("bedroom"), &json!(0.875)));
        assert_eq!(ready["error"], Value::Null);
        assert_eq!(usage(&ada).await, (json!(1), json!(0)));
        for kind in ["original", "staged", "thumb"] {
            let file = fetch(app, text(&ready["urls"], kind)).await;
            assert_eq!(file.status, 200, "{kind}");
            assert_eq!(file.headers["content-type"], "image/jpeg", "{kind}");
        }
        let cost = ada.get(&format!("/projects/{project}/cost")).await.expect(200).json();
        assert_eq!(cost, json!({ "images": 1, "amount_micros": 0, "currency": "USD" }));
    }

    async fn whoever_asked_is_told_of_what_is_ready_in_one_line_and_of_what_failed(app: &TestApp) {
        app.may_have_dead_jobs();
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let one = create(&ada, &project, &original, 7).await;
        app.run_jobs().await;
        let told = async || ada.get("/notifications?sort=created_at").await.expect(200).json()["items"].clone();
        let first = told().await;
        assert_eq!((&first[0]["kind"], &first[0]["title"]), (&json!("staging.image_ready"), &json!("An image is ready")));
        let link = format!("/projects/{project}?view={}", text(&one, "id"));
        assert_eq!((&first[0]["link"], &first[0]["body"]), (&json!(link), &json!("living room.jpg")));
        app.clock.advance(Duration::seconds(1));
        for seed in [8, 9, REFUSES] {
            create(&ada, &project, &original, seed).await;
        }
        app.run_jobs().await;
        let all = told().await;
        assert_eq!((&all[0]["title"], &all[0]["count"]), (&json!("3 images are ready"), &json!(3)));
        assert_eq!(all[0]["link"], format!("/projects/{project}"));
        assert_eq!(all[1]["title"], "living room.jpg could not be furnished");
        assert_eq!((all.as_array().map(Vec::len), &all[1]["kind"]), (Some(2), &json!("staging.image_failed")));
    }

    async fn a_refusal_says_why_and_costs_nothing(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let image = create(&ada, &project, &original, REFUSES).await;
        app.run_jobs().await;
        let path = format!("/images/{}", text(&image, "id"));
        let refused = ada.get(&path).await.expect(200).json();
        assert_eq!(refused["status"], "error");
        assert_eq!(refused["error"], json!({ "code": "needs_corners", "message": "the corners are not clear" }));
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
        app.may_have_dead_jobs();
    }

    async fn a_broken_engine_is_tried_again_and_its_words_stay_inside(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let broken = create(&ada, &project, &original, BREAKS).await;
        let path = format!("/images/{}", text(&broken, "id"));
        app.run_jobs().await;
        let waiting = ada.get(&path).await.expect(200).json();
        assert_eq!((&waiting["status"], &waiting["step"]), (&json!("queued"), &json!("waiting to try again")));
        for _ in 0..4 {
            app.clock.advance(Duration::seconds(120));
            app.run_jobs().await;
        }
        let failed = ada.get(&path).await.expect(200).json();
        assert_eq!((&failed["status"], &failed["error"]["code"]), (&json!("error"), &json!("engine_failed")));
        assert!(!failed.to_string().contains("secret inner words"), "{failed}");
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
        app.may_have_dead_jobs();
    }

    async fn one_bad_attempt_is_mended_by_the_next(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let image = create(&ada, &project, &original, BREAKS_ONCE).await;
        app.run_jobs().await;
        app.clock.advance(Duration::seconds(120));
        app.run_jobs().await;
        let ready = ada.get(&format!("/images/{}", text(&image, "id"))).await.expect(200).json();
        assert_eq!((&ready["status"], &ready["error"]), (&json!("ready"), &Value::Null));
        assert_eq!(usage(&ada).await, (json!(1), json!(0)));
    }

    async fn a_panic_of_the_engine_is_a_failure_like_any_other(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let image = create(&ada, &project, &original, PANICS).await;
        for _ in 0..5 {
            app.run_jobs().await;
            app.clock.advance(Duration::seconds(120));
        }
        let failed = ada.get(&format!("/images/{}", text(&image, "id"))).await.expect(200).json();
        assert_eq!((&failed["status"], &failed["error"]["code"]), (&json!("error"), &json!("engine_failed")));
        app.may_have_dead_jobs();
    }

    async fn a_vanished_photo_is_said_and_costs_nothing(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        for key in crate::support::Keys::of(app.files_folder()).under("") {
            crate::support::Keys::of(app.files_folder()).remove(&key);
        }
        let image = create(&ada, &project, &original, 7).await;
        app.run_jobs().await;
        let failed = ada.get(&format!("/images/{}", text(&image, "id"))).await.expect(200).json();
        assert_eq!((&failed["status"], &failed["error"]["code"]), (&json!("error"), &json!("original_missing")));
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
        app.may_have_dead_jobs();
    }

    async fn a_queued_image_is_canceled_at_once_and_can_be_tried_again(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let image = create(&ada, &project, &original, 7).await;
        let path = format!("/images/{}", text(&image, "id"));
        let canceled = ada.post_empty(&format!("{path}/cancel")).await.expect(200).json();
        assert_eq!((&canceled["status"], &canceled["error"]["code"]), (&json!("canceled"), &json!("canceled")));
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
        ada.post_empty(&format!("{path}/cancel")).await.expect_problem(409, "conflict");

        let queued = ada.post_empty(&format!("{path}/retry")).await.expect(200).json();
        assert_eq!((&queued["status"], &queued["error"]), (&json!("queued"), &Value::Null));
        ada.post_empty(&format!("{path}/retry")).await.expect_problem(409, "conflict");
        app.run_jobs().await;
        assert_eq!(ada.get(&path).await.expect(200).json()["status"], "ready");
        assert_eq!(usage(&ada).await, (json!(1), json!(0)));
    }

    async fn a_deleted_image_comes_back_for_thirty_days_and_still_counts(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let image = create(&ada, &project, &original, 7).await;
        app.run_jobs().await;
        let path = format!("/images/{}", text(&image, "id"));
        ada.delete(&path).await.expect(204);
        ada.delete(&path).await.expect_problem(404, "not_found");
        assert_eq!(ada.get("/images").await.expect(200).json()["total"], 0);
        assert_eq!(ada.get("/images?deleted=true").await.expect(200).json()["total"], 1);
        assert_eq!(usage(&ada).await, (json!(1), json!(0)));
        let back = ada.post_empty(&format!("{path}/restore")).await.expect(200).json();
        assert_eq!(back["deleted_at"], Value::Null);
        assert_eq!(ada.get("/images").await.expect(200).json()["total"], 1);

        ada.delete(&path).await.expect(204);
        app.clock.advance(Duration::days(31));
        let ada = app.login("ada@example.com").await;
        ada.post_empty(&format!("{path}/restore")).await.expect_problem(404, "not_found");
        let files = crate::support::Keys::of(app.files_folder());
        let results = format!("workspaces/{}", text(&ada.get("/auth/me").await.expect(200).json()["workspaces"][0], "id"));
        let before = files.under(&results).iter().filter(|key| key.contains("/images/")).count();
        assert_eq!(before, 2);
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        let job = vitrine_staging::images::jobs::PurgeImages::default();
        vitrine_platform::jobs::enqueue(&mut tx, &app.ctx, None, &job).await.expect("queued");
        tx.commit().await.expect("committed");
        app.run_jobs().await;
        assert_eq!(files.under(&results).iter().filter(|key| key.contains("/images/")).count(), 0);
        ada.get(&path).await.expect_problem(404, "not_found");
    }

    async fn deleting_an_unfinished_image_stops_its_work(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let image = create(&ada, &project, &original, 7).await;
        ada.delete(&format!("/images/{}", text(&image, "id"))).await.expect(204);
        assert_eq!(app.run_jobs().await, 0);
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
    }

    async fn a_batch_is_made_whole_or_for_the_part_the_quota_allows(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let fifty: Vec<Value> = (1..=50).map(|seed| wish(&project, &original, 1000 + seed)).collect();
        let made = ada.post("/images/batch", &json!({ "images": fifty })).await.expect(201).json();
        assert_eq!((&made["success"], &made["failed"]), (&json!(50), &json!(0)));
        let forty: Vec<Value> = fifty[..48].to_vec();
        ada.post("/images/batch", &json!({ "images": forty })).await.expect(201);

        let some = ada.post("/images/batch", &json!({ "images": fifty[..4] })).await.expect(207).json();
        assert_eq!((&some["success"], &some["failed"]), (&json!(2), &json!(2)));
        assert_eq!(some["errors"][0]["index"], 2);
        assert_eq!(some["errors"][0]["code"], "quota_exceeded");
        let none = ada.post("/images/batch", &json!({ "images": fifty[..2] })).await.expect(402).json();
        assert_eq!((&none["success"], &none["failed"]), (&json!(0), &json!(2)));
        ada.post("/images", &fifty[0]).await.expect_problem(402, "quota_exceeded");
        assert_eq!(usage(&ada).await, (json!(0), json!(100)));
        app.run_jobs().await;
        assert_eq!(usage(&ada).await, (json!(100), json!(0)));
    }

    async fn a_batch_with_a_missing_photo_makes_the_others(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let unknown = "018f0000-0000-7000-8000-000000000000";
        let batch = json!({ "images": [wish(&project, unknown, 1), wish(&project, &original, 1)] });
        let some = ada.post("/images/batch", &batch).await.expect(207).json();
        assert_eq!(some["errors"], json!([{ "index": 0, "code": "original_missing", "message": "There is no such photo." }]));
        let none = json!({ "images": [wish(&project, unknown, 1)] });
        ada.post("/images/batch", &none).await.expect(422);
        app.run_jobs().await;
    }

    async fn every_bad_field_of_a_batch_is_named_and_nothing_is_made(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let batch = json!({ "images": [
            wish(&project, &original, 1),
            { "project_id": project, "seed": 0, "prompt": "short" },
            { "project_id": project, "original_id": original, "upload_id": original, "engine": "unknown" },
            { "project_id": project, "original_id": original, "room_type": "bathroom", "options": { "x": 1 } },
        ] });
        let mut fields = ada.post("/images/batch", &batch).await.expect_complaints();
        fields.sort();
        assert_eq!(fields, [
            "images[1].original_id required", "images[1].prompt length", "images[1].seed out_of_range",
            "images[2].engine unknown_value", "images[2].upload_id conflicting", "images[3].options.x unknown_field",
        ]);
        let foreign = json!({ "images": [wish("018f0000-0000-7000-8000-000000000000", &original, 1)] });
        assert_eq!(ada.post("/images/batch", &foreign).await.expect_complaints(), ["images[0].project_id not_found"]);
        assert_eq!(ada.post("/images/batch", &json!({ "images": [] })).await.expect_complaints(), ["images length"]);
        assert_eq!(ada.get("/images").await.expect(200).json()["total"], 0);
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
    }

    async fn another_workspace_sees_and_changes_nothing(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let image = create(&ada, &project, &original, 7).await;
        app.run_jobs().await;
        let path = format!("/images/{}", text(&image, "id"));
        let (bob, bobs_project, _) = seller(app, "bob@example.com").await;
        bob.get(&path).await.expect_problem(404, "not_found");
        bob.delete(&path).await.expect_problem(404, "not_found");
        for verb in ["retry", "cancel", "restore"] {
            bob.post_empty(&format!("{path}/{verb}")).await.expect_problem(404, "not_found");
        }
        for list in ["images", "images/grouped", "cost"] {
            bob.get(&format!("/projects/{project}/{list}")).await.expect_problem(404, "not_found");
        }
        assert_eq!(bob.get("/images").await.expect(200).json()["total"], 0);
        assert_eq!(bob.get(&format!("/images?project_id={project}")).await.expect(200).json()["total"], 0);
        assert_eq!(bob.post("/images", &wish(&bobs_project, &original, 1)).await.expect_complaints(), ["original_id original_missing"]);
        assert_eq!(bob.post("/images", &wish(&project, &original, 1)).await.expect_complaints(), ["project_id not_found"]);
        for filter in [format!("image_id={}", text(&image, "id")), format!("project_id={project}")] {
            bob.get(&format!("/events?{filter}")).await.expect_problem(404, "not_found");
        }
        app.client().get(&path).await.expect_problem(401, "unauthorized");
    }

    async fn trying_a_dead_job_again_is_trying_its_image_again(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let image = create(&ada, &project, &original, REFUSES).await;
        app.run_jobs().await;
        let jobs = ada.get("/jobs").await.expect(200).json();
        let job = jobs["items"].as_array().expect("items").iter()
            .find(|job| job["subject"]["id"] == image["id"]).expect("the job of the image").clone();
        assert_eq!(job["status"], "dead");
        ada.post_empty(&format!("/jobs/{}/retry", text(&job, "id"))).await.expect(200);
        let queued = ada.get(&format!("/images/{}", text(&image, "id"))).await.expect(200).json();
        assert_eq!(queued["status"], "queued");
        assert_eq!(usage(&ada).await, (json!(0), json!(1)));
        app.run_jobs().await;
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
        app.may_have_dead_jobs();
    }

    async fn images_are_listed_by_page_and_by_cursor_and_grouped_by_photo(app: &TestApp) {
        let (ada, project, original) = seller(app, "ada@example.com").await;
        let second = upload(app, &ada, "bedroom.jpg", &photo(320, 240, 9), Some(&project)).await;
        for seed in 11..=15 {
            create(&ada, &project, &original, seed).await;
        }
        create(&ada, &project, text(&second, "id"), 16).await;
        app.run_jobs().await;
        let page = ada.get(&format!("/projects/{project}/images?page=2&page_size=4")).await.expect(200).json();
        assert_eq!((&page["total"], &page["pages"]), (&json!(6), &json!(2)));
        assert_eq!(page["items"].as_array().map(Vec::len), Some(2));

        let mut seen = Vec::new();
        let mut query = "/images?limit=4&status=ready".to_owned();
        loop {
            let page = ada.get(&query).await.expect(200).json();
            seen.extend(page["items"].as_array().expect("items").iter().map(|image| image["seed"].clone()));
            match page["next_cursor"].as_str() {
                Some(cursor) => query = format!("/images?limit=4&status=ready&cursor={cursor}"),
                None => break,
            }
        }
        seen.sort_by_key(|seed| seed.as_u64());
        assert_eq!(seen, (11..=16).map(|seed| json!(seed)).collect::<Vec<_>>());

        let groups = ada.get(&format!("/projects/{project}/images/grouped?sort=created_at")).await.expect(200).json();
        let sizes: Vec<usize> = groups["items"].as_array().expect("items").iter()
            .map(|group| group["images"].as_array().map_or(0, Vec::len)).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 6);
        assert_eq!(sizes.len(), 2);
        ada.get("/images?sort=colour").await.expect_problem(422, "validation_failed");
        ada.get("/images?colour=red").await.expect_problem(422, "validation_failed");
        ada.get("/images?cursor=abc").await.expect_problem(400, "invalid_cursor");
    }

    async fn the_options_name_what_can_be_asked_for(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let options = ada.get("/staging/options").await.expect(200).json();
        let ids = |list: &Value| -> Vec<String> {
            list.as_array().expect("a list").iter().map(|one| text(one, "id").to_owned()).collect()
        };
        assert_eq!(ids(&options["styles"]), ["modern", "contemporary", "traditional", "industrial", "scandinavian"]);
        assert_eq!(ids(&options["engines"]), ["builtin"]);
        let rooms =
            ["living_room", "bedroom", "kitchen", "bathroom", "dining_room", "office", "entryway", "outdoor"];
        assert_eq!(ids(&options["room_types"]), rooms);
        assert_eq!(options["defaults"], json!({ "engine": "builtin", "style": "modern", "room_type": null }));
    }
}
