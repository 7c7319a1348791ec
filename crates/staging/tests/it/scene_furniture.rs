//! Stories of the furniture of scenes: imported pieces, other photos of the room, floors that move.

use chrono::Duration;
use serde_json::{Value, json};
use vitrine_scene::furnish::Kind;
use vitrine_testkit::{Client, TestApp};

use crate::exports::unzip;
use crate::furniture_imports::import_box;
use crate::scene_kit::{BORROWS, NEVER_ENDS, change, get, piece, scene, scene_test, staged};
use crate::support::{make_project, photo, text, upload};

scene_test! {
    async fn an_imported_piece_stands_in_a_scene_by_its_id(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 1).await;
        let (eve, hers) = staged(app, "eve@example.com", 1).await;
        let asset = import_box(app, &ada, "Red box").await;
        let mut stool = json!(piece("box-1", Kind::Sofa, 9, [0.5, 0.4, 0.5], 0.5));
        stool["asset"] = json!(asset);

        let body = json!({ "furniture": [stool] });
        change(&ada, &image, 1, &body).send().await.expect(202);
        app.run_jobs().await;
        let kept = &scene(&ada, &image).await["furniture"][0];
        assert_eq!((&kept["asset"], &kept["kind"], &kept["name"]), (&json!(asset), &json!("pouf"), &json!("Red box")));

        // Whoever shows the picture is told whom to thank; so is whoever downloads it.
        let credit = "“Red box” by Ada, CC BY 4.0; changes were made";
        let ready = get(&ada, &image).await;
        assert_eq!(ready["credits"][0]["line"], credit);
        assert_eq!((&ready["credits"][0]["creator"], &ready["credits"][0]["licence"]), (&json!("Ada"), &json!("CC BY 4.0")));
        let archive = ada.get(&format!("/projects/{}/download", text(&ready, "project_id"))).await.expect(200);
        let files = unzip(&archive.body);
        let file = |name: &str| String::from_utf8(files[name].clone()).expect("UTF-8");
        assert!(file("ATTRIBUTION.txt").ends_with(&format!("_modern_staged.jpg\r\n  {credit}\r\n")), "{}", file("ATTRIBUTION.txt"));
        assert!(file("manifest.csv").contains(&format!("\"{credit}\"")), "{}", file("manifest.csv"));
        let first = ada.post_empty(&format!("{image}/versions/1/restore")).await.expect(200).json();
        assert_eq!(first["credits"], json!([]), "the first picture has nothing of Ada's in it");
        let plain = ada.get(&format!("/projects/{}/download", text(&ready, "project_id"))).await.expect(200);
        assert!(!unzip(&plain.body).contains_key("ATTRIBUTION.txt"));
        let again = ada.post_empty(&format!("{image}/versions/2/restore")).await.expect(200).json();
        assert_eq!(again["credits"], ready["credits"]);

        stool["size_m"] = json!([5.0, 0.4, 0.5]);
        let too_wide = change(&ada, &image, 4, &json!({ "furniture": [stool] })).send().await;
        assert_eq!(too_wide.expect_complaints(), ["furniture[0].size_m out_of_range"]);
        // Another workspace's piece is as unknown as one that never was.
        for unknown in [asset.as_str(), "no-such-piece"] {
            stool["asset"] = json!(unknown);
            stool["size_m"] = json!([0.5, 0.4, 0.5]);
            let refused = change(&eve, &hers, 1, &json!({ "furniture": [stool] })).send().await;
            assert_eq!(refused.expect_complaints(), ["furniture[0].asset unknown_value"]);
        }
    }

    async fn another_photo_of_the_room_gets_the_same_furniture(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let first = get(&ada, &image).await;
        let project = text(&first, "project_id").to_owned();
        let original = upload(app, &ada, "other.jpg", &photo(320, 240, 9), Some(&project)).await;
        let wish = |same_as: &Value| {
            json!({ "project_id": project, "original_id": original["id"], "style": "industrial", "seed": 8,
                "same_as": same_as })
        };
        let second = ada.post("/images", &wish(&first["id"])).await.expect(201).json();
        assert_eq!((&second["same_as"], &second["style"]), (&first["id"], &json!("modern")), "in the style of the first");
        app.run_jobs().await;
        let path = format!("/images/{}", text(&second, "id"));
        let ids = |scene: &Value| -> Vec<String> {
            let list = scene["furniture"].as_array().expect("a list").iter();
            list.map(|piece| format!("{} {} {}", text(piece, "id"), text(piece, "kind"), piece["size_m"])).collect()
        };
        let made = scene(&ada, &path).await;
        let sizes = scene(&ada, &image).await;
        assert_eq!(ids(&made), [
            format!("again-5 sofa {}", sizes["furniture"][0]["size_m"]),
            format!("again-5 plant {}", sizes["furniture"][1]["size_m"]),
        ]);

        // One that is not furnished yet is waited for; one that never will be is not.
        let endless = json!({ "project_id": project, "original_id": original["id"], "seed": NEVER_ENDS });
        let leader = ada.post("/images", &endless).await.expect(201).json();
        let follower = ada.post("/images", &wish(&leader["id"])).await.expect(201).json();
        let follower = format!("/images/{}", text(&follower, "id"));
        app.run_jobs().await;
        assert_eq!(get(&ada, &follower).await["status"], "queued");
        ada.post_empty(&format!("/images/{}/cancel", text(&leader, "id"))).await.expect(200);
        app.clock.advance(Duration::seconds(2));
        app.run_jobs().await;
        let alone = scene(&ada, &follower).await;
        assert_eq!(alone["furniture"][0]["id"], "sofa-1");

        let unknown = json!("01900000-0000-7000-8000-000000000000");
        let refused = ada.post("/images", &wish(&unknown)).await;
        assert_eq!(refused.expect_complaints(), ["same_as not_found"]);
        let eve = app.register("eve@example.com").await;
        let hers = make_project(&eve, "Elsewhere").await;
        let her_original = upload(app, &eve, "room.jpg", &photo(320, 240, 3), Some(&hers)).await;
        let stolen = json!({ "images": [
            { "project_id": hers, "original_id": her_original["id"], "same_as": first["id"] },
        ] });
        assert_eq!(eve.post("/images/batch", &stolen).await.expect_complaints(), ["images[0].same_as not_found"]);
        app.run_jobs().await;
    }

    async fn pieces_stay_on_a_floor_that_moves(app: &TestApp) {
        let (ada, image) = staged(app, "ada@example.com", 7).await;
        let mut room = scene(&ada, &image).await["room"].clone();
        room["camera_height_m"] = json!(1.5);
        change(&ada, &image, 1, &json!({ "room": room })).send().await.expect(202);
        app.run_jobs().await;
        let after = scene(&ada, &image).await;
        let height = after["furniture"][0]["position_m"][1].as_f64().expect("a number");
        assert!((height - 1.5).abs() < 1e-9, "{height}");
    }

    async fn the_engine_is_told_of_the_workspaces_imported_pieces(app: &TestApp) {
        let (ada, _) = staged(app, "ada@example.com", 1).await;
        let (eve, _) = staged(app, "eve@example.com", 1).await;
        let asset = import_box(app, &ada, "Red box").await;
        let pieces = async |client: &Client, shade: u8, options: Value| -> (Value, Value) {
            let project = make_project(client, "Hill Road").await;
            let original = upload(app, client, "room.jpg", &photo(320, 240, shade), Some(&project)).await;
            let wish = json!({ "project_id": project, "original_id": original["id"], "seed": BORROWS, "options": options });
            let image = client.post("/images", &wish).await.expect(201).json();
            app.run_jobs().await;
            let path = format!("/images/{}", text(&image, "id"));
            let ready = get(client, &path).await;
            (scene(client, &path).await["furniture"].clone(), ready["credits"].clone())
        };
        let (hers, credits) = pieces(&ada, 11, json!({})).await;
        assert_eq!((&hers[0]["id"], &hers[0]["asset"]), (&json!("Red box"), &json!(asset)));
        assert_eq!(credits[0]["line"], "“Red box” by Ada, CC BY 4.0; changes were made");
        let (own, credits) = pieces(&ada, 12, json!({ "imported": "none" })).await;
        assert_eq!((&own[0]["id"], &credits), (&json!("sofa-1"), &json!([])));
        assert_eq!(pieces(&eve, 13, json!({})).await.0, json!([]), "she has none");

        let project = make_project(&ada, "Hill Road").await;
        let original = upload(app, &ada, "room.jpg", &photo(320, 240, 9), Some(&project)).await;
        let wish = json!({ "project_id": project, "original_id": original["id"], "options": { "imported": "all" } });
        let refused = ada.post("/images", &wish).await;
        assert_eq!(refused.expect_complaints(), ["options.imported unknown_value"]);
        app.run_jobs().await;
    }
}
