//! Stories of scenes and versions, with an engine that draws nothing but keeps every rule of the trade.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::Duration;
use serde_json::{Value, json};
use vitrine_scene::document::{FurnitureDocument, SceneDocument, SupportDocument, Wish};
use vitrine_scene::furnish::{Chosen, Kind, RoomType, Style};
use vitrine_staging::engines::{
    Builtin, DrawnScene, Engine, EngineError, EngineInfo, EngineOutput, EngineRequest, EngineWatch, Engines,
    FREE,
};
use vitrine_testkit::{Client, EngineKind, TestApp};

use crate::exports::unzip;
use crate::furniture_imports::import_box;
use crate::support::{Keys, fetch, make_project, modules, photo, text, upload};

/// Furnishes every room with a sofa and a plant and renders a list of what stands there.
#[derive(Debug, Default)]
struct Scripted {
    calls: AtomicU32,
}

/// Seeds: the room is not clear; the engine knows no scenes; every attempt fails.
const REFUSES: u32 = 2;
const KNOWS_NO_SCENE: u32 = 3;
const NEVER_ENDS: u32 = 4;
/// A piece with this id cannot be rendered; one with the other only at the second attempt.
const BREAKS: &str = "breaks";
const BREAKS_ONCE: &str = "breaks-once";

fn piece(id: &str, kind: Kind, option: u8, size_m: [f32; 3], x: f64) -> FurnitureDocument {
    FurnitureDocument {
        id: id.to_owned(),
        kind,
        option,
        style: Style::Modern,
        palette: None,
        name: format!("The {id}"),
        position_m: [x, 1.3, 3.0],
        yaw_deg: 0.0,
        size_m,
        support: SupportDocument::Floor,
        support_id: None,
        color: None,
        seed: 5,
        movable: true,
        asset: None,
        print: None,
    }
}

/// A piece of another photo.
fn again(chosen: &Chosen) -> FurnitureDocument {
    let id = format!("again-{}", chosen.seed);
    piece(&id, chosen.kind, chosen.option, chosen.size_m, -0.5)
}

fn usual_furniture() -> Vec<FurnitureDocument> {
    vec![
        piece("sofa-1", Kind::Sofa, 3, [2.02, 0.80, 0.92], 0.0),
        piece("plant-1", Kind::Plant, 3, [0.42, 0.95, 0.42], 1.5),
    ]
}

#[async_trait]
impl Engine for Scripted {
    fn info(&self) -> EngineInfo {
        Builtin.info()
    }

    async fn stage(
        &self,
        _photo: Bytes,
        request: EngineRequest,
        _watch: EngineWatch,
    ) -> Result<EngineOutput, EngineError> {
        let earlier = self.calls.fetch_add(1, Ordering::SeqCst);
        let wish = Wish {
            room_type: request.room_type,
            style: request.style,
            seed: request.seed,
        };
        let assumed = SceneDocument::assumed(320, 240, wish);
        let scene = match request.scene {
            None if request.seed == REFUSES => {
                return Err(EngineError::Refused {
                    code: "needs_corners",
                    message: "the corners are not clear".into(),
                    guess: Some(Box::new(assumed)),
                });
            }
            None if request.seed == NEVER_ENDS => {
                return Err(EngineError::Failed {
                    code: "engine_failed",
                    message: "not yet".into(),
                });
            }
            None => SceneDocument {
                room_type: Some(RoomType::LivingRoom),
                furniture: match &request.furniture {
                    None => usual_furniture(),
                    Some(list) => list.pieces.iter().map(again).collect(),
                },
                ..assumed
            },
            Some(DrawnScene {
                document,
                is_to_be_planned: true,
                ..
            }) => SceneDocument {
                furniture: usual_furniture(),
                ..document
            },
            Some(DrawnScene { document, .. }) => document,
        };
        let has = |id: &str| scene.furniture.iter().any(|piece| piece.id == id);
        if has(BREAKS) || (has(BREAKS_ONCE) && earlier == 1) {
            return Err(EngineError::Failed {
                code: "engine_failed",
                message: "secret inner words".into(),
            });
        }
        let list: Vec<&str> = scene.furniture.iter().map(|piece| piece.id.as_str()).collect();
        Ok(EngineOutput {
            file: list.join(" ").into_bytes().into(),
            content_type: "image/jpeg",
            thumb: Bytes::from_static(b"thumb"),
            before: scene
                .straightened_from
                .is_some()
                .then(|| Bytes::from_static(b"level")),
            room_type: request.room_type.unwrap_or(RoomType::LivingRoom),
            confidence: Some(scene.room.confidence),
            scene: (request.seed != KNOWS_NO_SCENE).then_some(scene),
            cost: FREE,
        })
    }
}

/// One test per database of each story.
macro_rules! scene_test {
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

/// A signed-in client and the path of an image that went through its job.
async fn staged(app: &TestApp, email: &str, seed: u32) -> (Client, String) {
    let client = app.register(email).await;
    let project = make_project(&client, "Maple Street").await;
    let original = upload(app, &client, "room.jpg", &photo(320, 240, 3), Some(&project)).await;
    let wish =
        json!({ "project_id": project, "original_id": original["id"], "style": "modern", "seed": seed });
    let image = client.post("/images", &wish).await.expect(201).json();
    app.run_jobs().await;
    (client, format!("/images/{}", text(&image, "id")))
}

async fn get(client: &Client, path: &str) -> Value {
    client.get(path).await.expect(200).json()
}

async fn scene(client: &Client, image: &str) -> Value {
    get(client, &format!("{image}/scene")).await
}

fn change(client: &Client, image: &str, version: u32, body: &Value) -> vitrine_testkit::Call {
    client
        .call(http::Method::PATCH, &format!("{image}/scene"))
        .header("if-match", &format!("\"{version}\""))
        .json(body)
}

async fn usage(client: &Client) -> (Value, Value) {
    let usage = get(client, "/billing/usage").await;
    (
        usage["images"]["used"].clone(),
        usage["images"]["reserved"].clone(),
    )
}

async fn versions(client: &Client, image: &str) -> Vec<(u64, bool, bool)> {
    let list = get(client, &format!("{image}/versions")).await;
    let items = list["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| {
            let number = item["version"].as_u64().expect("a number");
            (
                number,
                item["current"] == true,
                item["urls"]["staged"].is_string(),
            )
        })
        .collect()
}

async fn picture(app: &TestApp, urls: &Value) -> String {
    String::from_utf8(fetch(app, text(urls, "staged")).await.body).expect("a list of ids")
}

/// The furniture with one piece changed.
fn with(furniture: &Value, index: usize, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = furniture.clone();
    change(&mut changed[index]);
    json!({ "furniture": changed })
}

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
}
