//! Stories of scenes: what one holds, and what changing it does.

use serde_json::{Value, json};
use vitrine_scene::furnish::Style;
use vitrine_testkit::TestApp;

use crate::scene_kit::{change, get, picture, scene, scene_test, staged, usage, versions, with};
use crate::support::{fetch, text};

scene_test! {
    async fn a_staging_has_a_scene_and_one_version(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let reply = ada.get(&format!("{image}/scene")).await.expect(200);
        assert_eq!(reply.header("etag"), Some("\"1\""));
        let scene = reply.json();
        assert_eq!((&scene["version"], &scene["status"]), (&json!(1), &json!("ready")));
        assert_eq!((&scene["width"], &scene["height"]), (&json!(320), &json!(240)));
        assert_eq!(scene["camera"], json!({ "focal_px": 224.0, "center_px": [160.0, 120.0],
            "rotation": [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], "source": "prior", "focal_sigma": 0.3, "distortion": 0.0 }));
        assert_eq!(scene["room"]["camera_height_m"], 1.3);
        assert_eq!(scene["furniture"][0], json!({ "id": "sofa-1", "kind": "sofa", "option": 3, "style": "modern",
            "palette": null, "name": "The sofa-1", "position_m": [0.0, 1.3, 3.0], "yaw_deg": 0.0,
            "size_m": scene["furniture"][0]["size_m"], "support": "floor", "support_id": null, "color": null, "seed": 5,
            "movable": true }));
        // The corner where left wall, back wall and floor meet, at (-1.8, 1.3, 4): 160 - 224 * 1.8 / 4 across.
        assert_eq!(scene["corners_px"]["back_left_floor"], json!([59.2, 192.8]));
        assert_eq!(scene["corners_px"]["back_right_ceiling"], json!([260.8, 52.8]));
        assert_eq!(versions(&ada, &image).await, [(1, true, true)]);
    }

    async fn a_change_makes_a_version_and_its_picture_follows(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let furniture = scene(&ada, &image).await["furniture"].clone();
        let mut fewer = furniture.clone();
        fewer.as_array_mut().expect("a list").truncate(1);
        fewer[0]["position_m"] = json!([-0.5, 1.3, 2.5]);
        fewer[0]["name"] = json!("Grandfather's sofa");
        let reply = change(&ada, &image, 1, &json!({ "furniture": fewer })).send().await.expect(202);
        assert_eq!(reply.header("etag"), Some("\"2\""));
        let queued = reply.json();
        assert_eq!((&queued["status"], &queued["version"], &queued["progress"]), (&json!("queued"), &json!(2), &json!(0)));
        // The old picture stays until the new one is there, also on the card of its project.
        let card = get(&ada, &format!("/projects/{}", text(&queued, "project_id"))).await;
        assert_eq!(card["ready_count"], 1);
        let cover = text(&card, "cover_url").to_owned();
        assert_eq!(fetch(app, &cover).await.body, b"thumb");
        assert_eq!(picture(app, &queued["urls"]).await, "sofa-1 plant-1");
        assert_eq!(versions(&ada, &image).await, [(2, true, false), (1, false, true)]);

        app.run_jobs().await;
        let ready = get(&ada, &image).await;
        assert_eq!((&ready["status"], &ready["version"], &ready["error"]), (&json!("ready"), &json!(2), &Value::Null));
        assert_eq!(picture(app, &ready["urls"]).await, "sofa-1");
        let after = scene(&ada, &image).await;
        assert_eq!(after["furniture"][0]["position_m"], json!([-0.5, 1.3, 2.5]));
        assert_eq!(after["furniture"][0]["name"], "The sofa-1", "a name is the server's");
        assert_eq!(versions(&ada, &image).await, [(2, true, true), (1, false, true)]);
        assert_eq!(usage(&ada).await, (json!(1), json!(0)), "a version costs nothing");
        assert_eq!(get(&ada, &format!("{image}/versions")).await["items"][0]["furniture_count"], 1);
    }

    async fn every_bad_field_of_a_change_is_named(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let before = scene(&ada, &image).await;
        let sofa = before["furniture"][0].clone();
        let complaints = async |body: Value| {
            let mut complaints = change(&ada, &image, 1, &body).send().await.expect_complaints();
            complaints.sort();
            complaints
        };
        let one = |field: &str, value: Value| with(&json!([sofa]), 0, |piece| piece[field] = value);
        for (field, value, complaint) in [
            ("kind", json!("throne"), "furniture[0].kind unknown_value"),
            ("style", json!("baroque"), "furniture[0].style unknown_value"),
            ("option", json!(99), "furniture[0].option unknown_value"),
            ("id", json!(""), "furniture[0].id length"),
            ("id", json!("x".repeat(65)), "furniture[0].id length"),
            ("position_m", json!([1e300, 1.3, 3.0]), "furniture[0].position_m out_of_range"),
            ("position_m", json!([0.0, 1.3, 4.6]), "furniture[0].position_m out_of_range"),
            ("position_m", json!([0.0, -1.8, 3.0]), "furniture[0].position_m out_of_range"),
            ("size_m", json!([0.5, 0.8, 0.92]), "furniture[0].size_m out_of_range"),
            ("size_m", json!([1e38, 0.8, 0.92]), "furniture[0].size_m out_of_range"),
            ("size_m", json!([-2.0, 0.8, 0.92]), "furniture[0].size_m out_of_range"),
            ("yaw_deg", json!(1e9), "furniture[0].yaw_deg out_of_range"),
            ("color", json!("red"), "furniture[0].color invalid"),
            ("price", json!(1), "furniture[0].price unknown_field"),
        ] {
            assert_eq!(complaints(one(field, value.clone())).await, [complaint], "{field}: {value}");
        }
        assert_eq!(complaints(json!({ "furniture": [sofa, sofa] })).await, ["furniture[1].id duplicate"]);
        let many: Vec<Value> = (0..61).map(|n| { let mut piece = sofa.clone(); piece["id"] = json!(n.to_string()); piece }).collect();
        assert_eq!(complaints(json!({ "furniture": many })).await, ["furniture length"]);
        assert_eq!(complaints(json!({})).await, ["furniture required"]);

        let mut camera = before["camera"].clone();
        camera["rotation"] = json!([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, -1.0]);
        camera["focal_px"] = json!(-3.0);
        assert_eq!(complaints(json!({ "camera": camera })).await,
            ["camera.focal_px out_of_range", "camera.rotation invalid"]);
        let mut room = before["room"].clone();
        room["ceiling_height_m"] = json!(1.0);
        room["left_m"] = json!(2.0);
        room["back_m"] = json!(1e12);
        room["openings"] = json!([{ "wall": "floor", "kind": "door", "u_m": [2.0, 1.0], "heights_m": [0.0, 2.0] }]);
        assert_eq!(complaints(json!({ "room": room })).await, ["room.back_m out_of_range", "room.ceiling_height_m out_of_range",
            "room.left_m out_of_range", "room.openings[0].u_m invalid", "room.openings[0].wall unknown_value"]);
        // No JSON has these numbers.
        for text in ["{\"furniture\":[{\"yaw_deg\":NaN}]}", "{\"furniture\":[{\"yaw_deg\":1e999}]}"] {
            let call = ada.call(http::Method::PATCH, &format!("{image}/scene")).header("if-match", "\"1\"");
            let status = call.body("application/json", text).send().await.status;
            assert!(matches!(status, 400 | 422), "{text}: {status}");
        }
        assert_eq!(scene(&ada, &image).await, before);
        assert_eq!(versions(&ada, &image).await, [(1, true, true)]);
    }

    async fn another_workspace_finds_nothing(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let bob = app.register("bob@example.com").await;
        let body = json!({ "furniture": [] });
        for path in ["scene", "versions"] {
            bob.get(&format!("{image}/{path}")).await.expect_problem(404, "not_found");
            app.client().get(&format!("{image}/{path}")).await.expect_problem(401, "unauthorized");
        }
        change(&bob, &image, 1, &body).send().await.expect_problem(404, "not_found");
        bob.post_empty(&format!("{image}/versions/1/restore")).await.expect_problem(404, "not_found");
        change(&app.client(), &image, 1, &body).send().await.expect_problem(401, "unauthorized");
        app.client().post_empty(&format!("{image}/versions/1/restore")).await.expect_problem(401, "unauthorized");
        assert_eq!(versions(&ada, &image).await, [(1, true, true)]);
    }

    async fn palettes_and_plans_are_known_ones(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let before = scene(&ada, &image).await;
        assert_eq!((&before["plan"], &before["straightened"]), (&json!(0), &json!({ "from": null })));
        let furniture = before["furniture"].clone();
        let mut body = with(&furniture, 0, |sofa| sofa["palette"] = json!("mauve dream"));
        body["plan"] = json!(3);
        let reply = change(&ada, &image, 1, &body).send().await;
        assert_eq!(reply.expect_complaints(), ["plan out_of_range"]);
        body["plan"] = json!(2);
        let refused = change(&ada, &image, 1, &body).send().await.expect_problem(422, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "furniture[0].palette");
        let message = text(&refused["errors"][0], "message");
        let known = vitrine_scene::model::palettes(Style::Modern);
        for palette in known {
            assert!(message.contains(palette.name), "{message}");
        }
        body["furniture"][0]["palette"] = json!(known[1].name);
        change(&ada, &image, 1, &body).send().await.expect(202);
        app.run_jobs().await;
        let after = scene(&ada, &image).await;
        assert_eq!((&after["plan"], &after["furniture"][0]["palette"]), (&json!(2), &json!(known[1].name)));
    }
}
