//! What the stories of scenes share: an engine that draws nothing but keeps every rule of the trade.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value, json};
use vitrine_scene::document::{FurnitureDocument, SceneDocument, SupportDocument, Wish};
use vitrine_scene::furnish::{Chosen, Kind, Library, Preference, RoomType, Style};
use vitrine_staging::engines::{
    Builtin, DrawnScene, Engine, EngineError, EngineInfo, EngineOptions, EngineOutput, EngineRequest,
    EngineWatch, Engines, FREE, OptionComplaint,
};
use vitrine_testkit::{Client, EngineKind, TestApp};

use crate::support::{fetch, make_project, modules, photo, text, upload};

/// Furnishes every room with a sofa and a plant and renders a list of what stands there.
#[derive(Debug, Default)]
struct Scripted {
    calls: AtomicU32,
}

/// Seeds: the room is not clear; the engine knows no scenes; every attempt fails; every imported piece is placed, unless
/// they are left to people.
pub const REFUSES: u32 = 2;
pub const KNOWS_NO_SCENE: u32 = 3;
pub const NEVER_ENDS: u32 = 4;
pub const BORROWS: u32 = 6;
/// A piece with this id cannot be rendered; one with the other only at the second attempt.
pub const BREAKS: &str = "breaks";
pub const BREAKS_ONCE: &str = "breaks-once";

pub fn piece(id: &str, kind: Kind, option: u8, size_m: [f32; 3], x: f64) -> FurnitureDocument {
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

/// The imported pieces that can be fetched, by their names.
async fn borrowed(library: Option<Library>) -> Vec<FurnitureDocument> {
    let library = library.expect("the engine is told");
    if library.preference == Preference::None {
        return usual_furniture();
    }
    // As the planner does: from a thread that computes.
    let fetch = move || {
        let known = library
            .pieces
            .iter()
            .filter_map(|piece| Some((piece, library.assets.asset(&piece.id)?)));
        known
            .map(|(known, asset)| FurnitureDocument {
                asset: Some(known.id.clone()),
                ..piece(&asset.header.name, known.kind, 1, known.size_m, 0.0)
            })
            .collect()
    };
    tokio::task::spawn_blocking(fetch).await.expect("no panic")
}

#[async_trait]
impl Engine for Scripted {
    fn info(&self) -> EngineInfo {
        Builtin.info()
    }

    fn complaints(&self, options: &EngineOptions) -> Vec<OptionComplaint> {
        Builtin.complaints(options)
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
            None if request.seed == BORROWS => SceneDocument {
                furniture: borrowed(request.library).await,
                ..assumed
            },
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

            async fn run(engine: vitrine_testkit::EngineKind) {
                if let Some(app) = $crate::scene_kit::open(engine).await {
                    story(&app).await;
                    app.finish().await;
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run(vitrine_testkit::EngineKind::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run(vitrine_testkit::EngineKind::Postgres).await;
            }
        }
    )+};
}

pub(crate) use scene_test;

/// A whole application whose engine is the scripted one; `None` without its database.
pub async fn open(engine: EngineKind) -> Option<TestApp> {
    TestApp::open_with(engine, modules(), |options| {
        options
            .extensions
            .insert(Engines::of(vec![Arc::new(Scripted::default())]));
    })
    .await
}

/// A signed-in client and the path of an image that went through its job.
pub async fn staged(app: &TestApp, email: &str, seed: u32) -> (Client, String) {
    let client = app.register(email).await;
    let project = make_project(&client, "Maple Street").await;
    let original = upload(app, &client, "room.jpg", &photo(320, 240, 3), Some(&project)).await;
    let wish =
        json!({ "project_id": project, "original_id": original["id"], "style": "modern", "seed": seed });
    let image = client.post("/images", &wish).await.expect(201).json();
    app.run_jobs().await;
    (client, format!("/images/{}", text(&image, "id")))
}

pub async fn get(client: &Client, path: &str) -> Value {
    client.get(path).await.expect(200).json()
}

pub async fn scene(client: &Client, image: &str) -> Value {
    get(client, &format!("{image}/scene")).await
}

pub fn change(client: &Client, image: &str, version: u32, body: &Value) -> vitrine_testkit::Call {
    client
        .call(http::Method::PATCH, &format!("{image}/scene"))
        .header("if-match", &format!("\"{version}\""))
        .json(body)
}

pub async fn usage(client: &Client) -> (Value, Value) {
    let usage = get(client, "/billing/usage").await;
    (
        usage["images"]["used"].clone(),
        usage["images"]["reserved"].clone(),
    )
}

pub async fn versions(client: &Client, image: &str) -> Vec<(u64, bool, bool)> {
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

pub async fn picture(app: &TestApp, urls: &Value) -> String {
    String::from_utf8(fetch(app, text(urls, "staged")).await.body).expect("a list of ids")
}

/// The furniture with one piece changed.
pub fn with(furniture: &Value, index: usize, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = furniture.clone();
    change(&mut changed[index]);
    json!({ "furniture": changed })
}
