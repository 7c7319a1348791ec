//! Stories of versions: older ones, changes that follow each other, pictures that fail.

use chrono::Duration;
use serde_json::{Value, json};
use vitrine_testkit::TestApp;

use crate::scene_kit::{
    BREAKS, BREAKS_ONCE, KNOWS_NO_SCENE, REFUSES, change, get, picture, scene, scene_test, staged, usage,
    versions, with,
};
use crate::support::{Keys, text};

scene_test! {
    async fn without_the_present_version_nothing_is_changed(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let body = json!({ "furniture": [] });
        ada.patch(&format!("{image}/scene"), &body).await.expect_problem(428, "precondition_required");
        for stale in ["\"2\"", "\"0\"", "W/\"x\"", "*"] {
            let call = ada.call(http::Method::PATCH, &format!("{image}/scene")).header("if-match", stale).json(&body);
            call.send().await.expect_problem(412, "precondition_failed");
        }
        assert_eq!(scene(&ada, &image).await["version"], 1);
        change(&ada, &image, 1, &body).send().await.expect(202);
        change(&ada, &image, 1, &body).send().await.expect_problem(412, "precondition_failed");
        app.run_jobs().await;
        assert_eq!(get(&ada, &image).await["version"], 2);
    }

    async fn of_two_changes_at_the_same_moment_one_wins(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let furniture = scene(&ada, &image).await["furniture"].clone();
        let calls = (0..6).map(|index| {
            let body = with(&furniture, 0, |sofa| sofa["yaw_deg"] = json!(index));
            change(&ada, &image, 1, &body).send()
        });
        let mut statuses: Vec<u16> =
            futures_util::future::join_all(calls).await.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [202, 412, 412, 412, 412, 412]);
        app.run_jobs().await;
        assert_eq!(versions(&ada, &image).await, [(2, true, true), (1, false, true)]);
    }

    async fn an_older_version_comes_back_as_a_new_one(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        change(&ada, &image, 1, &json!({ "furniture": [] })).send().await.expect(202);
        app.run_jobs().await;
        assert_eq!(picture(app, &get(&ada, &image).await["urls"]).await, "");
        let back = ada.post_empty(&format!("{image}/versions/1/restore")).await.expect(200).json();
        assert_eq!((&back["status"], &back["version"]), (&json!("ready"), &json!(3)));
        assert_eq!(app.run_jobs().await, 0, "nothing is rendered");
        assert_eq!(picture(app, &back["urls"]).await, "sofa-1 plant-1");
        assert_eq!(scene(&ada, &image).await["furniture"].as_array().map(Vec::len), Some(2));
        assert_eq!(versions(&ada, &image).await, [(3, true, true), (2, false, true), (1, false, true)]);
        ada.post_empty(&format!("{image}/versions/9/restore")).await.expect_problem(404, "not_found");
        ada.post_empty(&format!("{image}/versions/x/restore")).await.expect_problem(404, "not_found");
        assert_eq!(usage(&ada).await, (json!(1), json!(0)));
    }

    async fn a_change_while_one_is_rendered_takes_its_place(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let furniture = scene(&ada, &image).await["furniture"].clone();
        change(&ada, &image, 1, &with(&furniture, 0, |sofa| sofa["yaw_deg"] = json!(10))).send().await.expect(202);
        let later = with(&furniture, 0, |sofa| sofa["id"] = json!("later"));
        change(&ada, &image, 2, &later).send().await.expect(202);
        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(picture(app, &get(&ada, &image).await["urls"]).await, "later plant-1");
        assert_eq!(versions(&ada, &image).await, [(3, true, true), (2, false, false), (1, false, true)]);
        ada.post_empty(&format!("{image}/versions/2/restore")).await.expect_problem(409, "conflict");
    }

    async fn a_change_that_cannot_be_rendered_leaves_the_picture_before_it(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let furniture = scene(&ada, &image).await["furniture"].clone();
        change(&ada, &image, 1, &with(&furniture, 0, |sofa| sofa["id"] = json!(BREAKS))).send().await.expect(202);
        for _ in 0..5 {
            app.run_jobs().await;
            app.clock.advance(Duration::seconds(120));
        }
        let shown = get(&ada, &image).await;
        assert_eq!((&shown["status"], &shown["version"]), (&json!("ready"), &json!(1)));
        assert_eq!(shown["error"]["code"], "engine_failed");
        assert!(!shown.to_string().contains("secret inner words"), "{shown}");
        assert_eq!(picture(app, &shown["urls"]).await, "sofa-1 plant-1");
        assert_eq!(usage(&ada).await, (json!(1), json!(0)), "what was used stays used");
        // What was drawn is not lost with it.
        assert_eq!(versions(&ada, &image).await, [(2, false, false), (1, true, true)]);
        let list = get(&ada, &format!("{image}/versions")).await;
        assert_eq!((&list["items"][0]["status"], &list["items"][1]["status"]), (&json!("failed"), &json!("ready")));
        let lost = get(&ada, &format!("{image}/versions/2")).await;
        assert_eq!((&lost["version"], &lost["furniture"][0]["id"]), (&json!(2), &json!(BREAKS)));
        assert_eq!(get(&ada, &format!("{image}/versions/1")).await["furniture"], furniture);
        ada.get(&format!("{image}/versions/3")).await.expect_problem(404, "not_found");
        let bob = app.register("bob@example.com").await;
        bob.get(&format!("{image}/versions/2")).await.expect_problem(404, "not_found");
        // The number of the failed version is not used again, so that its tag means nothing else.
        change(&ada, &image, 2, &json!({ "furniture": furniture })).send().await.expect_problem(412, "precondition_failed");
        let next = change(&ada, &image, 1, &json!({ "furniture": furniture })).send().await.expect(202).json();
        assert_eq!((&next["version"], &next["error"]), (&json!(3), &Value::Null));
        app.run_jobs().await;
        assert_eq!(versions(&ada, &image).await, [(3, true, true), (2, false, false), (1, false, true)]);
        app.may_have_dead_jobs();
    }

    async fn a_rendering_that_is_tried_again_is_one_version(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let furniture = scene(&ada, &image).await["furniture"].clone();
        change(&ada, &image, 1, &with(&furniture, 0, |sofa| sofa["id"] = json!(BREAKS_ONCE))).send().await.expect(202);
        app.run_jobs().await;
        app.clock.advance(Duration::seconds(120));
        app.run_jobs().await;
        let ready = get(&ada, &image).await;
        assert_eq!((&ready["status"], &ready["version"]), (&json!("ready"), &json!(2)));
        assert_eq!(versions(&ada, &image).await, [(2, true, true), (1, false, true)]);
        // The same work once more, as after a worker that died before it could say that it was done.
        let id = text(&ready, "id").parse().expect("an id");
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        let job = vitrine_staging::images::jobs::StageImage { image_id: id, version: 2 };
        vitrine_platform::jobs::enqueue(&mut tx, &app.ctx, None, &job).await.expect("queued");
        let old = vitrine_staging::images::jobs::StageImage { image_id: id, version: 1 };
        vitrine_platform::jobs::enqueue(&mut tx, &app.ctx, None, &old).await.expect("queued");
        tx.commit().await.expect("committed");
        assert_eq!(app.run_jobs().await, 2);
        assert_eq!(get(&ada, &image).await, ready);
        assert_eq!(usage(&ada).await, (json!(1), json!(0)));
    }

    async fn canceling_a_change_brings_the_picture_before_it_back(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        change(&ada, &image, 1, &json!({ "furniture": [] })).send().await.expect(202);
        let shown = ada.post_empty(&format!("{image}/cancel")).await.expect(200).json();
        assert_eq!((&shown["status"], &shown["version"], &shown["error"]), (&json!("ready"), &json!(1), &Value::Null));
        assert_eq!(app.run_jobs().await, 0);
        assert_eq!(usage(&ada).await, (json!(1), json!(0)));
        assert_eq!(versions(&ada, &image).await, [(2, false, false), (1, true, true)]);
    }

    async fn a_refused_photo_is_staged_once_a_person_draws_its_room(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", REFUSES).await;
        let refused = get(&ada, &image).await;
        assert_eq!((&refused["status"], &refused["error"]["code"]), (&json!("error"), &json!("needs_corners")));
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
        let guess = scene(&ada, &image).await;
        assert_eq!((&guess["version"], &guess["status"]), (&json!(1), &json!("error")));
        assert_eq!(guess["furniture"], json!([]));
        assert_eq!(versions(&ada, &image).await, [], "a guess is no saved state");

        let mut room = guess["room"].clone();
        room["back_m"] = json!(5.0);
        let body = json!({ "camera": guess["camera"], "room": room });
        let queued = change(&ada, &image, 1, &body).send().await.expect(202).json();
        assert_eq!((&queued["status"], &queued["error"]), (&json!("queued"), &Value::Null));
        assert_eq!(usage(&ada).await, (json!(0), json!(1)));
        app.run_jobs().await;
        let ready = get(&ada, &image).await;
        assert_eq!((&ready["status"], &ready["version"]), (&json!("ready"), &json!(2)));
        assert_eq!(usage(&ada).await, (json!(1), json!(0)));
        let after = scene(&ada, &image).await;
        assert_eq!((&after["camera"]["source"], &after["room"]["back_m"]), (&json!("user"), &json!(5.0)));
        assert_eq!(after["room"]["confidence"], 1.0);
        assert_eq!(after["furniture"].as_array().map(Vec::len), Some(2));

        // Taking everything out of a staged room is a wish, not a call for new furniture.
        change(&ada, &image, 2, &json!({ "furniture": [] })).send().await.expect(202);
        app.run_jobs().await;
        assert_eq!(scene(&ada, &image).await["furniture"], json!([]));
        app.may_have_dead_jobs();
    }

    async fn trying_a_refused_photo_again_keeps_its_guess_and_costs_nothing(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", REFUSES).await;
        ada.post_empty(&format!("{image}/retry")).await.expect(200);
        app.run_jobs().await;
        assert_eq!(scene(&ada, &image).await["version"], 1);
        assert_eq!(usage(&ada).await, (json!(0), json!(0)));
        app.may_have_dead_jobs();
    }

    async fn an_image_of_an_engine_without_scenes_has_a_version_but_no_scene(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", KNOWS_NO_SCENE).await;
        ada.get(&format!("{image}/scene")).await.expect_problem(404, "not_found");
        change(&ada, &image, 1, &json!({ "furniture": [] })).send().await.expect_problem(404, "not_found");
        assert_eq!(versions(&ada, &image).await, [(1, true, true)]);
    }

    async fn a_deleted_image_takes_the_files_of_all_its_versions_along(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        for version in 1..=2 {
            change(&ada, &image, version, &json!({ "furniture": [] })).send().await.expect(202);
            app.run_jobs().await;
        }
        ada.post_empty(&format!("{image}/versions/1/restore")).await.expect(200);
        let files = || Keys::of(app.files_folder()).under("").into_iter().filter(|key| key.contains("/images/")).count();
        assert_eq!(files(), 6, "three versions with picture and thumbnail; the fourth shares those of the first");
        ada.delete(&image).await.expect(204);
        change(&ada, &image, 4, &json!({ "furniture": [] })).send().await.expect_problem(404, "not_found");
        ada.post_empty(&format!("{image}/versions/1/restore")).await.expect_problem(404, "not_found");
        app.clock.advance(Duration::days(31));
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        let job = vitrine_staging::images::jobs::PurgeImages::default();
        vitrine_platform::jobs::enqueue(&mut tx, &app.ctx, None, &job).await.expect("queued");
        tx.commit().await.expect("committed");
        app.run_jobs().await;
        assert_eq!(files(), 0);
        app.login("ada@example.com").await.get(&image).await.expect_problem(404, "not_found");
    }
}
