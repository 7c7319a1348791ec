//! Stories of people's own pictures on the walls of staged photos, with the built-in engine.

use chrono::Duration;
use serde_json::{Value, json};
use vitrine_db::{Statement, values};
use vitrine_kernel::{Clock as _, SystemClock};
use vitrine_platform::jobs::{Job, enqueue};
use vitrine_scene::image::{Limits, RgbImage, decode, encode_jpeg, resize};
use vitrine_staging::originals::sweep::SweepFiles;
use vitrine_testkit::{Client, TestApp};

use crate::support::{fetch, make_project, photo, storage_test, text, upload};

const WIDTH: u32 = 480;
const SAMPLE: &[u8] = include_bytes!("../../samples/v02_quiet_bedroom.jpg");

static FORGET_LINKS: Statement = Statement::new(
    "FORGET_LINKS",
    "delete from project_originals where original_id = $1",
);
static FORGET_ORIGINAL: Statement = Statement::new("FORGET_ORIGINAL", "delete from originals where id = $1");
static FORGET_PRINTS: Statement = Statement::new("FORGET_PRINTS", "delete from image_prints");

fn room_photo() -> Vec<u8> {
    let photo = decode(SAMPLE, &Limits::default()).expect("a photo").rgb;
    let height = photo.height() * WIDTH / photo.width();
    encode_jpeg(&resize(&photo, WIDTH, height).expect("it shrinks"), 90, None).expect("it encodes")
}

/// Nothing in a bedroom has this colour.
fn magenta(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_pixel(width, height, [230, 0, 230].into());
    encode_jpeg(&picture, 92, None).expect("it encodes")
}

/// A signed-in client, its project and the path of a furnished image.
async fn furnished(app: &TestApp, who: &str) -> (Client, String, String) {
    let client = app.register(who).await;
    let project = make_project(&client, "Maple Street").await;
    let original = upload(app, &client, "room.jpg", &room_photo(), Some(&project)).await;
    let wish =
        json!({ "project_id": project, "original_id": original["id"], "room_type": "bedroom", "seed": 7 });
    let image = client.post("/images", &wish).await.expect(201).json();
    app.run_jobs().await;
    let path = format!("/images/{}", text(&image, "id"));
    (client, project, path)
}

async fn scene(client: &Client, image: &str) -> Value {
    client.get(&format!("{image}/scene")).await.expect(200).json()
}

/// A print on the wall that the photo looks at.
fn print_in(scene: &Value, original: &Value, mat: bool) -> Value {
    let room = &scene["room"];
    let number = |value: &Value| value.as_f64().expect("a number");
    json!({
        "id": "print-1", "kind": "art", "option": 4, "style": "modern", "support": "wall", "support_id": "back",
        "position_m": [0.0, number(&room["camera_height_m"]) - 0.9, number(&room["back_m"]) - 0.0125],
        "yaw_deg": 0.0, "size_m": [0.9, 0.9, 0.025],
        "print": { "original_id": original["id"], "frame": "black", "mat": mat },
    })
}

async fn change(client: &Client, image: &str, version: u32, furniture: &[&Value]) -> vitrine_testkit::Reply {
    client
        .call(http::Method::PATCH, &format!("{image}/scene"))
        .header("if-match", &format!("\"{version}\""))
        .json(&json!({ "furniture": furniture }))
        .send()
        .await
}

/// Bounds of what is magenta: left, top, right, bottom; `None` when hardly anything is.
fn magenta_bounds(picture: &RgbImage) -> Option<[u32; 4]> {
    let mut bounds = [u32::MAX, u32::MAX, 0, 0];
    let mut count = 0;
    for (x, y, p) in picture.enumerate_pixels() {
        if i32::from(p[0].min(p[2])) - i32::from(p[1]) > 60 {
            count += 1;
            bounds = [
                bounds[0].min(x),
                bounds[1].min(y),
                bounds[2].max(x),
                bounds[3].max(y),
            ];
        }
    }
    (count > 40).then_some(bounds)
}

async fn staged_picture(app: &TestApp, client: &Client, image: &str) -> RgbImage {
    let image = client.get(image).await.expect(200).json();
    assert_eq!(image["status"], "ready", "{image}");
    let file = fetch(app, text(&image["urls"], "staged")).await;
    decode(&file.body, &Limits::default()).expect("a picture").rgb
}

async fn preview(client: &Client, image: &str, furniture: &[&Value]) -> RgbImage {
    let body = json!({ "furniture": furniture, "width": WIDTH });
    let reply = client
        .post(&format!("{image}/scene/preview"), &body)
        .await
        .expect(200);
    decode(&reply.body, &Limits::default()).expect("a picture").rgb
}

async fn work_off<J: Job>(app: &TestApp, job: &J) {
    let mut tx = app.ctx.db.begin().await.expect("a transaction");
    enqueue(&mut tx, &app.ctx, None, job).await.expect("queued");
    tx.commit().await.expect("a commit");
    app.run_jobs().await;
}

storage_test! {
    async fn a_picture_of_ones_own_hangs_in_preview_and_render_and_outlives_its_upload(app: &TestApp, keys: &Keys) {
        let (ada, project, image) = furnished(app, "ada@example.com").await;
        let before = scene(&ada, &image).await;
        assert_eq!(magenta_bounds(&staged_picture(app, &ada, &image).await), None);
        let upload_of_art = upload(app, &ada, "art.jpg", &magenta(600, 300), Some(&project)).await;

        // It can hang only when it is prepared.
        let early = print_in(&before, &upload_of_art, false);
        let refused = change(&ada, &image, 1, &[&early]).await;
        assert_eq!(refused.expect_complaints(), ["furniture[0].print.original_id not_ready"]);
        app.run_jobs().await;

        let shown = magenta_bounds(&preview(&ada, &image, &[&early]).await).expect("the preview shows it");
        assert_eq!(keys.under("prints"), Vec::<String>::new(), "a preview stores nothing");
        change(&ada, &image, 1, &[&early]).await.expect(202);
        app.run_jobs().await;
        let after = scene(&ada, &image).await;
        let print = &after["furniture"][0];
        assert_eq!((&print["name"], &print["print"]["frame"]), (&json!("Framed print"), &json!("black")));
        assert_eq!(print["print"]["aspect"], 2.0);
        // Twice as wide as high without a mat: 0.9 m with rails of 18 mm leave 0.864 by 0.432, about the same middle.
        let size: Vec<f64> = print["size_m"].as_array().expect("a size").iter().filter_map(Value::as_f64).collect();
        assert!((size[0] - 0.9).abs() < 1e-3 && (size[1] - 0.468).abs() < 1e-3, "{size:?}");
        let rise = early["position_m"][1].as_f64().expect("y") - print["position_m"][1].as_f64().expect("y");
        assert!((rise - (0.9 - 0.468) / 2.0).abs() < 1e-3, "{rise}");

        let rendered = magenta_bounds(&staged_picture(app, &ada, &image).await).expect("the render shows it");
        for side in 0..4 {
            assert!(rendered[side].abs_diff(shown[side]) <= 3, "{rendered:?} is where the preview showed {shown:?}");
        }
        let [left, top, right, bottom] = rendered.map(f64::from);
        let aspect = (right - left) / (bottom - top);
        assert!((1.6..=2.4).contains(&aspect), "the picture keeps its shape on a wall seen from the front: {aspect}");
        assert_eq!(keys.under("prints").len(), 1);

        // Taken down, hung again from an older version, and its upload forgotten: the copy serves all.
        let original = text(&upload_of_art, "id").parse::<uuid::Uuid>().expect("an id");
        for statement in [&FORGET_LINKS, &FORGET_ORIGINAL] {
            app.ctx.db.execute(statement, values![original]).await.expect("deleted");
        }
        let mut turned = print.clone();
        turned["print"]["mat"] = json!(true);
        turned["print"]["frame"] = json!("gold");
        change(&ada, &image, 2, &[&turned]).await.expect(202);
        app.run_jobs().await;
        assert!(magenta_bounds(&staged_picture(app, &ada, &image).await).is_some(), "in its new frame");

        app.clock.set(SystemClock.now() + Duration::hours(25));
        work_off(app, &SweepFiles::default()).await;
        assert_eq!(keys.under("prints").len(), 1, "a copy that a scene shows is not swept");

        // When no image shows it any more it goes.
        app.ctx.db.execute(&FORGET_PRINTS, Vec::new()).await.expect("deleted");
        app.clock.set(SystemClock.now() + Duration::hours(51));
        work_off(app, &SweepFiles::default()).await;
        assert_eq!(keys.under("prints"), Vec::<String>::new());
    }
}

vitrine_testkit::app_test! {
    modules = crate::support::modules;

    async fn what_belongs_to_strangers_is_as_unknown_as_what_never_was(app: &TestApp) {
        let (ada, project, image) = furnished(app, "ada@example.com").await;
        let (eve, _, hers) = furnished(app, "eve@example.com").await;
        let art = upload(app, &ada, "art.jpg", &magenta(300, 400), Some(&project)).await;
        app.run_jobs().await;
        let room = scene(&ada, &image).await;
        let print = print_in(&room, &art, true);
        change(&ada, &image, 1, &[&print]).await.expect(202);
        app.run_jobs().await;
        let kept = scene(&ada, &image).await["furniture"][0].clone();
        assert_eq!(kept["size_m"].as_array().map(Vec::len), Some(3));

        // Neither by the id of the upload nor by the name of the copy.
        let never = json!({ "id": "00000000-0000-7000-8000-000000000000" });
        for stolen in [&print, &kept, &print_in(&room, &never, true), &print_in(&room, &json!({ "id": "../art" }), true)] {
            let refused = change(&eve, &hers, 1, &[stolen]).await;
            assert_eq!(refused.expect_complaints(), ["furniture[0].print.original_id unknown_value"]);
        }
        let mut wrong = kept.clone();
        wrong["kind"] = json!("sofa");
        wrong["size_m"] = json!([0.05, 0.7, 0.025]);
        let refused = change(&ada, &image, 2, &[&wrong]).await;
        assert_eq!(refused.expect_complaints(), ["furniture[0].kind invalid", "furniture[0].size_m out_of_range"]);

        // A file that is no picture of a room is one to hang all the same, from another project or none.
        let loose = upload(app, &ada, "small.jpg", &photo(80, 64, 3), None).await;
        app.run_jobs().await;
        change(&ada, &image, 2, &[&print_in(&room, &loose, false)]).await.expect(202);
        app.run_jobs().await;
    }
}
