//! Stories of previews, corners and plans, with the built-in engine on a small photo of a real room.

use serde_json::{Value, json};
use vitrine_scene::image::{Limits, RgbImage, decode, encode_jpeg, resize};
use vitrine_testkit::{Client, TestApp, app_test};

use crate::support::{fetch, make_project, photo, text, upload};

const WIDTH: u32 = 600;

const SAMPLE: &[u8] = include_bytes!("../../samples/v02_quiet_bedroom.jpg");

fn room_photo() -> Vec<u8> {
    let photo = decode(SAMPLE, &Limits::default())
        .expect("a sample is a photo")
        .rgb;
    let height = photo.height() * WIDTH / photo.width();
    encode_jpeg(&resize(&photo, WIDTH, height).expect("it shrinks"), 90, None).expect("it encodes")
}

/// A signed-in client and the path of a furnished image.
async fn furnished(app: &TestApp, photo: &[u8]) -> (Client, String) {
    let client = app.register("ada@example.com").await;
    let project = make_project(&client, "Maple Street").await;
    let original = upload(app, &client, "room.jpg", photo, Some(&project)).await;
    let wish =
        json!({ "project_id": project, "original_id": original["id"], "room_type": "bedroom", "seed": 7 });
    let image = client.post("/images", &wish).await.expect(201).json();
    app.run_jobs().await;
    let path = format!("/images/{}", text(&image, "id"));
    let ready = client.get(&path).await.expect(200).json();
    assert_eq!(ready["status"], "ready", "{ready}");
    (client, path)
}

async fn scene(client: &Client, image: &str) -> Value {
    client.get(&format!("{image}/scene")).await.expect(200).json()
}

async fn preview(client: &Client, image: &str, body: &Value) -> RgbImage {
    let reply = client
        .post(&format!("{image}/scene/preview"), body)
        .await
        .expect(200);
    assert_eq!(reply.header("content-type"), Some("image/jpeg"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let timing = reply.header("server-timing").expect("it says how long it took");
    assert!(timing.starts_with("render;dur="), "{timing}");
    decode(&reply.body, &Limits::default()).expect("a picture").rgb
}

/// Share of the pixels that differ visibly.
fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let differs = |(p, q): (&image::Rgb<u8>, &image::Rgb<u8>)| (0..3).any(|c| p[c].abs_diff(q[c]) > 24);
    a.pixels().zip(b.pixels()).filter(|pair| differs(*pair)).count() as f64
        / f64::from(a.width() * a.height())
}

/// Processor time of this process so far, all threads; where Linux tells it. A tick is 10 ms.
fn processor_ms() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
    Some(10.0 * (ticks(11)? + ticks(12)?))
}

app_test! {
    modules = crate::support::modules;

    async fn a_preview_shows_what_a_change_would_do(app: &TestApp) {
        let (ada, image) = furnished(app, &room_photo()).await;
        let before = scene(&ada, &image).await;
        let furniture = before["furniture"].as_array().expect("a list").clone();
        assert!(furniture.len() >= 3, "{before}");
        let bed = furniture.iter().position(|piece| piece["kind"] == "bed").expect("a bedroom has a bed");

        let now = preview(&ada, &image, &json!({ "width": 320 })).await;
        assert_eq!(now.width(), 320);
        assert_eq!(preview(&ada, &image, &json!({ "width": 320 })).await, now, "the same again is the same");
        assert_eq!(preview(&ada, &image, &json!({})).await.width(), WIDTH, "never wider than the photo");

        let mut moved = furniture.clone();
        let x = moved[bed]["position_m"][0].as_f64().expect("a number");
        moved[bed]["position_m"][0] = json!(x - 0.4);
        let after = preview(&ada, &image, &json!({ "furniture": moved, "width": 320 })).await;
        assert!(difference(&now, &after) > 0.01, "{}", difference(&now, &after));
        let empty = preview(&ada, &image, &json!({ "furniture": [], "width": 320 })).await;
        assert!(difference(&now, &empty) > difference(&now, &after));
        assert_eq!(scene(&ada, &image).await, before, "a preview stores nothing");

        let tall = json!({ "furniture": furniture, "width": 5000 });
        assert_eq!(ada.post(&format!("{image}/scene/preview"), &tall).await.expect_complaints(), ["width out_of_range"]);
        moved[bed]["size_m"] = json!([90, 1, 2]);
        let huge = json!({ "furniture": moved });
        let field = format!("furniture[{bed}].size_m out_of_range");
        assert_eq!(ada.post(&format!("{image}/scene/preview"), &huge).await.expect_complaints(), [field]);
    }

    async fn walls_and_floor_can_be_wished_for_and_changed_later(app: &TestApp) {
        let photo = room_photo();
        let client = app.register("ada@example.com").await;
        let project = make_project(&client, "Maple Street").await;
        let original = upload(app, &client, "room.jpg", &photo, Some(&project)).await;
        let wish = |options: Value| {
            json!({ "project_id": project, "original_id": original["id"], "room_type": "bedroom", "seed": 7,
                "options": options })
        };
        let wrong = wish(json!({ "floor": "lava", "walls": "red", "ceiling": "#ffffff" }));
        assert_eq!(client.post("/images", &wrong).await.expect_complaints(), [
            "options.ceiling unknown_field", "options.floor unknown_value", "options.walls unknown_value",
        ]);
        let asked = wish(json!({ "floor": "walnut", "walls": "#5D6B7A" }));
        let image = client.post("/images", &asked).await.expect(201).json();
        app.run_jobs().await;
        let path = format!("/images/{}", text(&image, "id"));
        assert_eq!(client.get(&path).await.expect(200).json()["status"], "ready");
        let made = scene(&client, &path).await;
        assert_eq!(made["redecoration"], json!({ "floor": "walnut", "walls": "#5d6b7a" }));

        let dark = preview(&client, &path, &json!({ "width": 320 })).await;
        let plain = preview(&client, &path, &json!({ "redecoration": {}, "width": 320 })).await;
        assert!(difference(&dark, &plain) > 0.3, "{}", difference(&dark, &plain));

        let etag = format!("\"{}\"", made["version"]);
        let change = json!({ "redecoration": { "floor": "oak" } });
        let call = client.call(http::Method::PATCH, &format!("{path}/scene")).header("if-match", &etag).json(&change);
        call.send().await.expect(202);
        app.run_jobs().await;
        assert_eq!(client.get(&path).await.expect(200).json()["status"], "ready");
        let changed = scene(&client, &path).await;
        assert_eq!(changed["redecoration"], json!({ "floor": "oak" }));
        assert_eq!(changed["furniture"], made["furniture"]);
    }

    async fn corners_are_solved_and_a_drawn_room_is_rendered(app: &TestApp) {
        let (ada, image) = furnished(app, &room_photo()).await;
        let before = scene(&ada, &image).await;
        let path = format!("{image}/scene/solve");
        let height = before["room"]["camera_height_m"].clone();
        let same = json!({ "corners_px": before["corners_px"], "camera_height_m": height });
        let solved = ada.post(&path, &same).await.expect(200).json();
        for corner in ["back_left_floor", "back_right_floor"] {
            for axis in 0..2 {
                let (sent, got) = (&before["corners_px"][corner][axis], &solved["corners_px"][corner][axis]);
                let apart = (sent.as_f64().expect("sent") - got.as_f64().expect("got")).abs();
                assert!(apart < 3.0, "{corner}: {sent} became {got}");
            }
        }
        assert_eq!(solved["camera"]["source"], "user");
        assert_eq!(solved["room"]["openings"].as_array().map(Vec::len), before["room"]["openings"].as_array().map(Vec::len));

        let mut dragged = before["corners_px"].clone();
        dragged["back_left_floor"][1] = json!(dragged["back_left_floor"][1].as_f64().expect("a number") - 12.0);
        dragged["back_right_floor"][1] = json!(dragged["back_right_floor"][1].as_f64().expect("a number") - 12.0);
        let farther = ada.post(&path, &json!({ "corners_px": dragged, "camera_height_m": 1.4 })).await.expect(200).json();
        assert_ne!(farther["room"]["back_m"], solved["room"]["back_m"]);
        assert_eq!((&farther["room"]["camera_height_m"], &farther["room"]["scale_source"]), (&json!(1.4), &json!("user")));
        assert_eq!(scene(&ada, &image).await, before, "solving stores nothing");

        let complaints = async |body: Value| ada.post(&path, &body).await.expect_complaints();
        let one = json!({ "back_left_floor": [10.0, 10.0], "back_right_floor": null });
        assert_eq!(complaints(json!({ "corners_px": one })).await, ["corners_px required"]);
        let point = json!({ "back_left_floor": [10.0, 10.0], "back_right_floor": [10.0, 10.0] });
        assert_eq!(complaints(json!({ "corners_px": point })).await, ["corners_px impossible"]);
        let far = json!({ "back_left_floor": [1e300, 10.0], "back_right_floor": [10.0, -1e300] });
        assert_eq!(complaints(json!({ "corners_px": far })).await, ["corners_px impossible"]);
        assert_eq!(complaints(json!({ "corners_px": before["corners_px"], "camera_height_m": -1 })).await,
            ["camera_height_m out_of_range"]);

        // What was solved can be looked at and kept.
        let body = json!({ "camera": solved["camera"], "room": solved["room"], "width": 320 });
        assert_eq!(preview(&ada, &image, &body).await.width(), 320);
        let change = json!({ "camera": solved["camera"], "room": solved["room"] });
        let call = ada.call(http::Method::PATCH, &format!("{image}/scene")).header("if-match", "\"1\"").json(&change);
        call.send().await.expect(202);
        app.run_jobs().await;
        let after = scene(&ada, &image).await;
        assert_eq!((&after["version"], &after["status"]), (&json!(2), &json!("ready")));
        assert_eq!(after["camera"]["source"], "user");
        assert_eq!(after["room"]["left_m"], solved["room"]["left_m"]);
        assert_eq!(after["furniture"].as_array().map(Vec::len), before["furniture"].as_array().map(Vec::len));
    }

    async fn a_tilted_photo_is_turned_level_and_back(app: &TestApp) {
        let client = app.register("ada@example.com").await;
        let project = make_project(&client, "Maple Street").await;
        // Its camera looks down by some eight degrees.
        let original = upload(app, &client, "room.jpg", &room_photo(), Some(&project)).await;
        let wish = json!({ "project_id": project, "original_id": original["id"], "room_type": "bedroom", "seed": 7,
            "options": { "straighten": true } });
        let image = client.post("/images", &wish).await.expect(201).json();
        app.run_jobs().await;
        let path = format!("/images/{}", text(&image, "id"));
        let ready = client.get(&path).await.expect(200).json();
        assert_eq!(ready["status"], "ready", "{ready}");
        let made = scene(&client, &path).await;
        let turned = |scene: &Value| -> [f64; 2] {
            // The room's vertical as the camera sees it: its share across the picture and into it.
            let number = |at: usize| scene["camera"]["rotation"][at].as_f64().expect("a number");
            [number(1).abs(), number(7).abs()]
        };
        assert!(turned(&made).iter().all(|share| *share < 1e-9), "{:?}", made["camera"]);
        let from = &made["straightened"]["from"];
        assert!(turned(&json!({ "camera": from })).iter().any(|share| *share > 0.02), "{from}");

        // What the staging is compared with is the same picture without the furniture.
        let fetched = async |url: &str| decode(&fetch(app, url).await.body, &Limits::default()).expect("a picture").rgb;
        let before = fetched(text(&ready["urls"], "before")).await;
        let staged = fetched(text(&ready["urls"], "staged")).await;
        let taken = fetched(text(&ready["urls"], "original")).await;
        // Furniture stands below; what is above shows which photo it stands in.
        let upper = |picture: &RgbImage| image::imageops::crop_imm(picture, 0, 0, picture.width(), picture.height() / 4).to_image();
        let above = |a: &RgbImage, b: &RgbImage| difference(&upper(a), &upper(b));
        let (own, other) = (above(&before, &staged), above(&taken, &staged));
        assert!(1.5 * own < other, "{own} and {other}");
        let bare = preview(&client, &path, &json!({ "furniture": [] })).await;
        assert!(difference(&bare, &before) < 0.01, "{}", difference(&bare, &before));

        // Back to the photo as it was taken: the same furniture, the same metres, other pixels.
        let ask = |straighten: bool| json!({ "straighten": straighten });
        let tool = format!("{path}/scene/straighten");
        let back = client.post(&tool, &ask(false)).await.expect(200).json();
        assert_eq!(back["straightened"], json!({ "from": null }));
        let near = |a: &Value, b: &Value| (a.as_f64().expect("a number") - b.as_f64().expect("a number")).abs() < 1e-3;
        assert!(near(&back["camera"]["focal_px"], &from["focal_px"]), "{back}");
        assert_eq!(back["room"]["back_m"], made["room"]["back_m"]);
        assert_ne!(back["corners_px"], made["corners_px"]);
        let there = json!({ "straighten": true, "camera": back["camera"], "room": back["room"],
            "straightened": back["straightened"] });
        let again = client.post(&tool, &there).await.expect(200).json();
        for corner in ["back_left_floor", "back_right_floor"] {
            for axis in 0..2 {
                assert!(near(&again["corners_px"][corner][axis], &made["corners_px"][corner][axis]), "{again}");
            }
        }
        let change = json!({ "camera": back["camera"], "room": back["room"], "straightened": back["straightened"] });
        let call = client.call(http::Method::PATCH, &format!("{path}/scene")).header("if-match", "\"1\"").json(&change);
        call.send().await.expect(202);
        app.run_jobs().await;
        let ready = client.get(&path).await.expect(200).json();
        assert_eq!((&ready["version"], &ready["urls"]["before"]), (&json!(2), &Value::Null));
        let after = scene(&client, &path).await;
        assert_eq!(after["furniture"], made["furniture"]);
        let outside = fetched(text(&ready["urls"], "staged")).await;
        let (own, other) = (above(&taken, &outside), above(&before, &outside));
        assert!(1.5 * own < other, "{own} and {other}");

        // A level picture has nothing to straighten; nonsense is named.
        let restored = client.post_empty(&format!("{path}/versions/1/restore")).await.expect(200).json();
        assert!(restored["urls"]["before"].is_string());
        let mut level = made["camera"].clone();
        level["source"] = json!("user");
        let nothing = json!({ "straighten": true, "camera": level, "straightened": { "from": null } });
        assert_eq!(client.post(&tool, &nothing).await.expect_complaints(), ["straighten impossible"]);
        let wrong = json!({ "straightened": { "from": level }, "furniture": [] });
        assert_eq!(client.post(&format!("{path}/scene/preview"), &wrong).await.expect_complaints(),
            ["straightened.from invalid"]);
    }

    async fn three_plans_differ_and_one_of_them_can_be_taken(app: &TestApp) {
        let (ada, image) = furnished(app, &room_photo()).await;
        let plans = ada.get(&format!("{image}/scene/plans")).await.expect(200).json();
        let items = plans["items"].as_array().expect("items").clone();
        assert_eq!(items.len(), 3, "{plans}");
        for (index, plan) in items.iter().enumerate() {
            assert_eq!(plan["index"], index);
            assert!(plan["score"].is_number() && plan["palette"].is_string());
            assert!(plan["furniture"].as_array().is_some_and(|list| list.len() >= 2));
            for other in &items[..index] {
                assert_ne!(plan["furniture"], other["furniture"]);
            }
        }
        let change = json!({ "furniture": items[2]["furniture"] });
        let call = ada.call(http::Method::PATCH, &format!("{image}/scene")).header("if-match", "\"1\"").json(&change);
        call.send().await.expect(202);
        app.run_jobs().await;
        let after = scene(&ada, &image).await;
        assert_eq!((&after["version"], &after["status"]), (&json!(2), &json!("ready")));
        assert_eq!(after["furniture"], items[2]["furniture"]);
    }

    async fn a_photo_that_shows_no_room_is_staged_once_its_room_is_drawn(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Maple Street").await;
        let original = upload(app, &ada, "wall.jpg", &photo(480, 360, 90), Some(&project)).await;
        let wish = json!({ "project_id": project, "original_id": original["id"], "style": "modern", "seed": 7 });
        let image = ada.post("/images", &wish).await.expect(201).json();
        let image = format!("/images/{}", text(&image, "id"));
        app.run_jobs().await;
        let refused = ada.get(&image).await.expect(200).json();
        assert_eq!((&refused["status"], &refused["error"]["code"]), (&json!("error"), &json!("not_a_room")));
        let guess = scene(&ada, &image).await;
        assert_eq!((&guess["furniture"], &guess["room"]["confidence"]), (&json!([]), &json!(0.0)));

        let corners = json!({ "back_left_floor": [120.0, 260.0], "back_right_floor": [360.0, 260.0],
            "back_left_ceiling": [120.0, 110.0], "back_right_ceiling": [360.0, 110.0] });
        let solve = json!({ "corners_px": corners, "ceiling_height_m": 2.6 });
        let solved = ada.post(&format!("{image}/scene/solve"), &solve).await.expect(200).json();
        let change = json!({ "camera": solved["camera"], "room": solved["room"] });
        let call = ada.call(http::Method::PATCH, &format!("{image}/scene")).header("if-match", "\"1\"").json(&change);
        call.send().await.expect(202);
        app.run_jobs().await;
        let ready = ada.get(&image).await.expect(200).json();
        assert_eq!((&ready["status"], &ready["version"]), (&json!("ready"), &json!(2)), "{ready}");
        let after = scene(&ada, &image).await;
        assert!(after["furniture"].as_array().is_some_and(|list| list.len() >= 2), "{after}");
        assert_eq!(after["room"]["back_m"], solved["room"]["back_m"]);
        assert_eq!(after["camera"]["focal_px"], solved["camera"]["focal_px"]);
        let turns = |scene: &Value| -> Vec<f64> {
            let numbers = scene["camera"]["rotation"].as_array().expect("nine numbers");
            numbers.iter().map(|number| number.as_f64().expect("a number")).collect()
        };
        let off = turns(&after).iter().zip(turns(&solved)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off < 1e-9, "the camera turned by {off}");
        assert_eq!(ada.get("/billing/usage").await.expect(200).json()["images"]["used"], 1);
        app.may_have_dead_jobs();
    }

    async fn the_tools_are_closed_to_others(app: &TestApp) {
        let (_ada, image) = furnished(app, &room_photo()).await;
        let bob = app.register("bob@example.com").await;
        let corners = json!({ "corners_px": { "back_left_floor": [10.0, 300.0], "back_right_floor": [500.0, 300.0] } });
        for (client, status, code) in [(&bob, 404, "not_found"), (&app.client(), 401, "unauthorized")] {
            client.get(&format!("{image}/scene/plans")).await.expect_problem(status, code);
            client.post(&format!("{image}/scene/preview"), &json!({})).await.expect_problem(status, code);
            client.post(&format!("{image}/scene/solve"), &corners).await.expect_problem(status, code);
        }
    }

    /// Prints what docs/performance.md says about previews.
    #[ignore = "measures; it cannot fail"]
    async fn how_long_a_drag_takes(app: &TestApp) {
        let (ada, image) = furnished(app, SAMPLE).await;
        let before = scene(&ada, &image).await;
        let mut furniture = before["furniture"].clone();
        let count = furniture.as_array().map_or(0, Vec::len);
        for width in [960, 640, 480, 320] {
            let mut drawn = Vec::new();
            let mut busy_before = None;
            let mut stages = String::new();
            for step in 0..8 {
                furniture[0]["position_m"][0] = json!(furniture[0]["position_m"][0].as_f64().expect("a number") + 0.01);
                if step == 1 {
                    busy_before = processor_ms();
                }
                let body = json!({ "furniture": furniture, "width": width });
                let reply = ada.post(&format!("{image}/scene/preview"), &body).await.expect(200);
                stages = reply.header("server-timing").expect("it says how long it took").to_owned();
                let duration = stages.split(['=', ',']).nth(1).and_then(|text| text.parse::<f64>().ok());
                // The first of a width reduces the photo; the first of all solves the light and builds the pieces.
                if step == 0 {
                    println!("{width} wide, first: {stages}");
                } else {
                    drawn.push(duration.expect("a number"));
                }
            }
            let busy = processor_ms().zip(busy_before).map(|(after, before)| (after - before) / drawn.len() as f64);
            drawn.sort_by(f64::total_cmp);
            println!("{width} wide, {count} pieces, {} x {} photo: {:.0} ms ({:.0}..{:.0}), processor time {:.0} ms; last: {stages}",
                before["width"], before["height"], drawn[drawn.len() / 2], drawn[0], drawn[drawn.len() - 1], busy.unwrap_or(f64::NAN));
        }
    }
}
