//! Downloads: single files by link, projects as archives.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value, json};
use vitrine_scene::furnish::RoomType;
use vitrine_staging::engines::{
    Engine, EngineError, EngineInfo, EngineOutput, EngineRequest, EngineWatch, Engines, FREE,
};
use vitrine_staging::exports::archive;
use vitrine_staging::exports::service::{self, ExportKind, Selection};
use vitrine_testkit::{Client, EngineKind, Reply, TestApp};

use crate::support::{Fetched, Keys, fetch, make_project, modules, photo, text, upload};

/// An engine that furnishes nothing, at once.
#[derive(Debug)]
struct QuickEngine;

#[async_trait]
impl Engine for QuickEngine {
    fn info(&self) -> EngineInfo {
        EngineInfo {
            available: true,
            ..Engines::new().infos().remove(0)
        }
    }

    async fn stage(
        &self,
        photo: Bytes,
        request: EngineRequest,
        _: EngineWatch,
    ) -> Result<EngineOutput, EngineError> {
        Ok(EngineOutput {
            file: [
                b"staged ".as_slice(),
                &request.seed.to_string().into_bytes(),
                &photo,
            ]
            .concat()
            .into(),
            content_type: "image/jpeg",
            thumb: photo,
            room_type: request.room_type.unwrap_or(RoomType::LivingRoom),
            before: None,
            confidence: Some(0.9),
            scene: None,
            cost: FREE,
        })
    }
}

async fn open(engine: EngineKind) -> Option<TestApp> {
    TestApp::open_with(engine, modules(), |options| {
        options
            .extensions
            .insert(Engines::of(vec![Arc::new(QuickEngine)]));
    })
    .await
}

/// One test per engine of each story.
macro_rules! export_test {
    ($(async fn $name:ident($app:ident: &TestApp) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn story($app: &TestApp) $body

            async fn run(engine: EngineKind) {
                if let Some(app) = open(engine).await {
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

async fn stage(client: &Client, project: &str, original: &Value, style: &str, seed: u32) -> String {
    let body = json!({
        "project_id": project,
        "original_id": original["id"],
        "room_type": "living_room",
        "style": style,
        "seed": seed,
    });
    text(&client.post("/images", &body).await.expect(201).json(), "id").to_owned()
}

/// Files of an archive, read by its directory as unpackers do.
pub fn unzip(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let u16_at = |at: usize| {
        usize::from(u16::from_le_bytes(
            archive[at..at + 2].try_into().expect("two bytes"),
        ))
    };
    let u32_at = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().expect("four bytes"));
    let end = archive.len() - 22;
    assert_eq!(u32_at(end), 0x0605_4b50, "the archive has an end");
    let mut at = u32_at(end + 16) as usize;
    let mut files = BTreeMap::new();
    for _ in 0..u16_at(end + 10) {
        assert_eq!(u32_at(at), 0x0201_4b50);
        let (crc, size, local) = (
            u32_at(at + 16),
            u32_at(at + 24) as usize,
            u32_at(at + 42) as usize,
        );
        let name_length = u16_at(at + 28);
        let name = String::from_utf8(archive[at + 46..at + 46 + name_length].to_vec()).expect("UTF-8");
        assert_eq!(u32_at(local), 0x0403_4b50);
        assert_eq!(
            (u32_at(local + 14), u32_at(local + 22) as usize),
            (crc, size),
            "both headers agree"
        );
        let start = local + 30 + u16_at(local + 26) + u16_at(local + 28);
        let content = archive[start..start + size].to_vec();
        assert_eq!(crc32fast::hash(&content), crc, "{name}");
        assert!(files.insert(name, content).is_none(), "names are unique");
        at += 46 + name_length + u16_at(at + 30) + u16_at(at + 32);
    }
    files
}

/// What somebody else's unpacker finds: Python's, which checks every sum and refuses what does not follow the format.
/// `None` where there is no Python.
fn unzip_elsewhere(archive: &[u8]) -> Option<BTreeMap<String, usize>> {
    const PROGRAM: &str = "\
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    broken = archive.testzip()
    assert broken is None, broken
    print(json.dumps({entry.filename: entry.file_size for entry in archive.infolist()}))
";
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let path = folder.path().join("archive.zip");
    std::fs::write(&path, archive).expect("it can be written");
    let outcome = std::process::Command::new("python3")
        .args(["-c", PROGRAM])
        .arg(&path)
        .output();
    let output = match outcome {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => panic!("python3 could not be run: {error}"),
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(serde_json::from_slice(&output.stdout).expect("a JSON object"))
}

fn names(archive: &Reply) -> Vec<String> {
    unzip(&archive.body).into_keys().collect()
}

export_test! {
    async fn a_project_is_downloaded_as_an_archive(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "12 Elm Street").await;
        let a = upload(app, &ada, "=cmd().jpg", &photo(300, 200, 1), Some(&project)).await;
        app.clock.advance(chrono::Duration::seconds(1));
        let b = upload(app, &ada, "b.jpg", &photo(300, 200, 2), Some(&project)).await;
        let path = format!("/projects/{project}/download");
        ada.get(&path).await.expect_problem(409, "conflict");
        let late = stage(&ada, &project, &b, "modern", 3).await;
        app.clock.advance(chrono::Duration::seconds(1));
        stage(&ada, &project, &a, "scandinavian", 1).await;
        app.clock.advance(chrono::Duration::seconds(1));
        stage(&ada, &project, &a, "scandinavian", 2).await;
        app.run_jobs().await;

        let archive = ada.get(&path).await.expect(200);
        assert_eq!(archive.header("content-type"), Some("application/zip"));
        assert_eq!(archive.header("content-disposition"), Some("attachment; filename=\"12-elm-street.zip\""));
        let files = unzip(&archive.body);
        if let Some(elsewhere) = unzip_elsewhere(&archive.body) {
            let ours: BTreeMap<String, usize> = files.iter().map(|(name, bytes)| (name.clone(), bytes.len())).collect();
            assert_eq!(elsewhere, ours);
        }
        let staged = [
            "01_living-room_scandinavian_staged.jpg",
            "01_living-room_scandinavian_staged_2.jpg",
            "02_living-room_modern_staged.jpg",
        ];
        assert_eq!(files.keys().map(String::as_str).collect::<Vec<_>>(), [staged.as_slice(), &["manifest.csv"]].concat());
        assert!(files[staged[0]].starts_with(b"staged 1") && files[staged[1]].starts_with(b"staged 2"));
        let manifest = String::from_utf8(files["manifest.csv"].clone()).expect("UTF-8");
        assert_eq!(manifest.lines().count(), 4);
        assert!(manifest.contains("\"'=cmd().jpg\",\"living_room\",\"scandinavian\""), "{manifest}");

        let both = names(&ada.get(&format!("{path}?kind=both")).await.expect(200));
        assert_eq!(both.len(), 6);
        assert!(both.contains(&"01_cmd_original.jpg".to_owned()) && both.contains(&"02_b_original.jpg".to_owned()), "{both:?}");
        let originals = names(&ada.get(&format!("{path}?kind=original")).await.expect(200));
        assert_eq!(originals, ["01_cmd_original.jpg", "02_b_original.jpg", "manifest.csv"]);
        let picked = names(&ada.get(&format!("{path}?image_ids={late}")).await.expect(200));
        assert_eq!(picked, ["02_living-room_modern_staged.jpg", "manifest.csv"]);
        let unknown = "01900000-0000-7000-8000-000000000000";
        assert_eq!(ada.get(&format!("{path}?image_ids={unknown}")).await.expect_complaints(), ["image_ids unknown"]);
        assert_eq!(ada.get(&format!("{path}?image_ids=x")).await.expect_complaints(), ["image_ids invalid"]);
        assert_eq!(ada.get(&format!("{path}?kind=all")).await.expect_complaints().len(), 1);
    }

    async fn a_browser_downloads_by_a_link_without_a_header(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let other = make_project(&ada, "Oak").await;
        let original = upload(app, &ada, "a.jpg", &photo(300, 200, 1), Some(&project)).await;
        let image = stage(&ada, &project, &original, "modern", 1).await;
        app.run_jobs().await;
        let path = format!("/projects/{project}/download");
        app.client().get(&path).await.expect_problem(401, "unauthorized");
        let link = ada.post(&path, &json!({ "kind": "both", "image_ids": [image] })).await.expect(200).json();
        assert_eq!(link["expires_in"], 600);
        let url = text(&link, "url");
        assert_eq!(names(&app.client().get(url).await.expect(200)).len(), 3);
        app.client().get(&url.replace(&project, &other)).await.expect_problem(403, "forbidden");
        app.client().get(&url.replace("token=e", "token=f")).await.expect_problem(403, "forbidden");
        app.clock.advance(chrono::Duration::minutes(10));
        app.client().get(url).await.expect_problem(403, "forbidden");
        let ada = app.login("ada@example.com").await;
        ada.post(&format!("/projects/{other}/download"), &json!({})).await.expect_problem(409, "conflict");
        assert_eq!(ada.post(&path, &json!({ "image_ids": [project] })).await.expect_complaints(), ["image_ids unknown"]);
    }

    async fn a_vanished_object_is_left_out_and_named(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let original = upload(app, &ada, "a.jpg", &photo(300, 200, 1), Some(&project)).await;
        stage(&ada, &project, &original, "modern", 1).await;
        app.run_jobs().await;
        let keys = Keys::of(app.files_folder());
        keys.remove(&keys.under("photos/")[0]);
        let archive = ada.get(&format!("/projects/{project}/download?kind=both")).await.expect(200);
        let files = unzip(&archive.body);
        assert_eq!(files.keys().collect::<Vec<_>>(), ["01_living-room_modern_staged.jpg", "MISSING.txt", "manifest.csv"]);
        let missing = String::from_utf8(files["MISSING.txt"].clone()).expect("UTF-8");
        assert!(missing.contains("01_a_original.jpg: it is no longer in the storage"), "{missing}");
    }

    async fn an_abandoned_download_stops_the_work(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let original = upload(app, &ada, "a.jpg", &photo(1500, 1000, 1), Some(&project)).await;
        for seed in 1..6 {
            stage(&ada, &project, &original, "modern", seed).await;
        }
        app.run_jobs().await;
        let me = ada.get("/auth/me").await.expect(200).json();
        let selection = Selection {
            workspace_id: text(&me["workspaces"][0], "id").parse().expect("an id"),
            project_id: project.parse().expect("an id"),
            kind: ExportKind::Staged,
            image_ids: None,
        };
        let plan = service::plan(&app.ctx, &selection).await.expect("something is ready");
        let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
        let reader = async {
            let first: Bytes = receiver.recv().await.expect("something comes");
            assert_eq!(first[..4], 0x0403_4b50_u32.to_le_bytes());
            drop(receiver);
        };
        let (written, ()) = tokio::join!(archive::write_to(&app.ctx, &plan, sender), reader);
        assert_eq!(written, Err(archive::Gone));
    }

    async fn a_file_of_an_image_is_handed_out_by_link(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let original = upload(app, &ada, "a.jpg", &photo(300, 200, 1), Some(&project)).await;
        let image = stage(&ada, &project, &original, "modern", 7).await;
        let path = format!("/images/{image}/presign");
        ada.get(&path).await.expect_problem(409, "conflict");
        app.run_jobs().await;
        let link = ada.get(&format!("{path}?download=1&expires_in=60")).await.expect(200).json();
        assert_eq!(link["expires_in"], 60);
        let Fetched { status, headers, body } = fetch(app, text(&link, "url")).await;
        assert_eq!(status, 200);
        assert!(body.starts_with(b"staged 7"));
        let disposition = headers.get("content-disposition").map(String::as_str);
        assert_eq!(disposition, Some("attachment; filename=\"a_modern_staged.jpg\""));
        for kind in ["original", "thumb"] {
            let link = ada.get(&format!("{path}?kind={kind}")).await.expect(200).json();
            assert_eq!(fetch(app, text(&link, "url")).await.status, 200);
        }
        assert_eq!(ada.get(&format!("{path}?expires_in=59")).await.expect_complaints(), ["expires_in out_of_range"]);
        assert_eq!(ada.get(&format!("{path}?kind=best")).await.expect_complaints(), ["kind unknown_value"]);
        assert_eq!(ada.get(&format!("{path}?size=1")).await.expect_complaints(), ["size unknown_field"]);
        eve.get(&path).await.expect_problem(404, "not_found");
        app.client().get(&path).await.expect_problem(401, "unauthorized");
    }
}
