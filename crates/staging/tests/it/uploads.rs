use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_scene::image::{encode_png, probe};
use vitrine_staging::originals::service;
use vitrine_testkit::{Client, Reply, TestApp, app_test};

use crate::support::{
    Fault, Keys, faulty_app, fetch, make_project, modules, phone_photo, photo, presign, put, send, sha256,
    storage_test, text, upload,
};

async fn complete(client: &Client, presigned: &Value) -> Reply {
    client
        .post(
            &format!("/uploads/{}/complete", text(presigned, "upload_id")),
            &json!({}),
        )
        .await
}

async fn get_original(client: &Client, original: &Value) -> Value {
    client
        .get(&format!("/originals/{}", text(original, "id")))
        .await
        .expect(200)
        .json()
}

/// A PNG that says it has this many pixels.
fn boasting_png(width: u32, height: u32) -> Vec<u8> {
    let picture = vitrine_scene::image::RgbImage::new(100, 100);
    let mut bytes = encode_png(&picture, None).expect("it encodes");
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32fast::hash(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

storage_test! {
    async fn a_photo_goes_in_and_comes_out_upright_and_without_metadata(app: &TestApp, keys: &Keys) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let bytes = phone_photo(3000, 2000);
        let body = json!({
            "filename": "../Küche \"1\".JPG",
            "content_type": "image/jpeg",
            "file_size": bytes.len(),
            "sha256": sha256(&bytes).to_uppercase(),
            "project_id": project,
        });
        let presigned = ada.post("/uploads/presign", &body).await.expect(201).json();
        assert_eq!((&presigned["method"], &presigned["expires_in"]), (&json!("PUT"), &json!(900)));
        assert!(!text(&presigned, "file_key").contains("che"), "a name of a person never becomes a key");
        complete(&ada, &presigned).await.expect_problem(409, "conflict");
        assert_eq!(send(app, &presigned, &bytes).await, 200);

        let original = complete(&ada, &presigned).await.expect(201).json();
        assert_eq!(original["filename"], "Küche _1_.JPG");
        assert_eq!((&original["width"], &original["height"]), (&json!(2000), &json!(3000)), "upright");
        assert_eq!((&original["status"], &original["duplicate"]), (&json!("processing"), &json!(false)));
        assert_eq!((&original["thumb_url"], &original["url"]), (&Value::Null, &Value::Null));
        assert_eq!(original["sha256"], sha256(&bytes));
        let again = complete(&ada, &presigned).await.expect(200).json();
        assert_eq!(again, original, "completing twice answers the same");

        app.run_jobs().await;
        let ready = get_original(&ada, &original).await;
        assert_eq!(ready["status"], "ready");
        for (field, sides) in [("thumb_url", (267, 400)), ("preview_url", (1365, 2048)), ("url", (2000, 3000))] {
            let file = fetch(app, text(&ready, field)).await;
            assert_eq!(file.status, 200, "{field}");
            assert_eq!(file.headers.get("content-type").map(String::as_str), Some("image/jpeg"));
            let header = probe(&file.body).expect("a picture");
            assert_eq!((header.width, header.height), sides, "{field}");
            assert!(!file.body.windows(12).any(|part| part == b"Ada Lovelace"), "{field} names the photographer");
        }
        let photo = fetch(app, text(&ready, "url")).await;
        let disposition = photo.headers.get("content-disposition").expect("it has a name");
        assert_eq!(disposition, "inline; filename=\"K_che _1_.JPG\"; filename*=UTF-8''K%C3%BCche%20_1_.JPG");

        assert!(keys.under("incoming/").is_empty() && keys.under("originals/").is_empty(), "what was sent is gone");
        assert_eq!((keys.under("photos/").len(), keys.under("previews/").len(), keys.under("thumbs/").len()), (1, 1, 1));
    }

    async fn the_same_bytes_twice_are_one_original(app: &TestApp, keys: &Keys) {
        let ada = app.register("ada@example.com").await;
        let bytes = photo(300, 200, 1);
        let first = upload(app, &ada, "a.jpg", &bytes, None).await;
        let presigned = presign(&ada, "b.jpg", "image/jpeg", bytes.len(), None).await;
        assert_eq!(send(app, &presigned, &bytes).await, 200);
        let second = complete(&ada, &presigned).await.expect(200).json();
        assert_eq!((&second["id"], &second["filename"]), (&first["id"], &json!("a.jpg")));
        assert_eq!((&first["duplicate"], &second["duplicate"]), (&json!(false), &json!(true)));
        assert_eq!(complete(&ada, &presigned).await.expect(200).json(), second);
        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(keys.under("").len(), 3, "photo, preview and thumbnail: {:?}", keys.under(""));
    }

    async fn a_link_takes_only_what_was_announced(app: &TestApp, keys: &Keys) {
        let ada = app.register("ada@example.com").await;
        let bytes = photo(300, 200, 1);
        let presigned = presign(&ada, "a.jpg", "image/jpeg", bytes.len(), None).await;
        let url = text(&presigned, "upload_url");
        assert_eq!(put(app, url, "image/png", &bytes).await, 403, "another type");
        assert_eq!(put(app, url, "image/jpeg", &bytes[1..]).await, 403, "shorter");
        assert_eq!(put(app, url, "image/jpeg", &[bytes.as_slice(), b"x"].concat()).await, 403, "longer");
        assert_eq!(put(app, url, "image/jpeg", b"").await, 403, "empty");
        let changed = match url.contains("X-Amz-Signature") {
            true => url.replace("incoming/", "outgoing/"),
            false => url.replacen("/files/e", "/files/f", 1),
        };
        assert_ne!(changed, url);
        assert_eq!(put(app, &changed, "image/jpeg", &bytes).await, 403, "tampered");
        assert!(keys.under("").is_empty(), "nothing was stored: {:?}", keys.under(""));
        assert_eq!(put(app, url, "image/jpeg", &bytes).await, 200);
        assert_eq!(put(app, url, "image/jpeg", &bytes).await, 200, "sending it again is fine");
        complete(&ada, &presigned).await.expect(201);
        app.run_jobs().await;
    }

    async fn bytes_that_are_not_what_was_announced_are_refused_by_name(app: &TestApp, keys: &Keys) {
        let ada = app.register("ada@example.com").await;
        let png = encode_png(&vitrine_scene::image::RgbImage::new(100, 100), None).expect("it encodes");
        let tiny = photo(40, 4000, 1);
        let cases: [(&str, &str, Vec<u8>, &str); 7] = [
            ("a.jpg", "image/jpeg", png.clone(), "content_type mismatch"),
            ("a.jpg", "image/jpeg", b"<svg onload=alert(1)>".to_vec(), "content_type mismatch"),
            ("a.jpg", "image/jpeg", b"\xFF\xD8\xFF\xE0 and then nonsense".to_vec(), "file unreadable"),
            ("a.png", "image/png", png[..20].to_vec(), "file unreadable"),
            ("a.jpg", "image/jpeg", tiny, "file too_few_pixels"),
            ("a.png", "image/png", boasting_png(20_000, 20_000), "file too_many_pixels"),
            ("a.png", "image/png", boasting_png(u32::MAX / 2, 100), "file too_many_pixels"),
        ];
        for (name, content_type, bytes, complaint) in cases {
            let presigned = presign(&ada, name, content_type, bytes.len(), None).await;
            assert_eq!(send(app, &presigned, &bytes).await, 200, "{complaint}");
            let complaints = complete(&ada, &presigned).await.expect_complaints();
            // A header that cannot even be read may be noticed before its size is.
            assert!(complaints == [complaint] || complaints == ["file unreadable"], "{complaints:?} for {complaint}");
        }
        let bytes = photo(100, 100, 1);
        let body = json!({
            "filename": "a.jpg",
            "content_type": "image/jpeg",
            "file_size": bytes.len(),
            "sha256": sha256(b"other bytes"),
        });
        let presigned = ada.post("/uploads/presign", &body).await.expect(201).json();
        assert_eq!(send(app, &presigned, &bytes).await, 200);
        assert_eq!(complete(&ada, &presigned).await.expect_complaints(), ["sha256 mismatch"]);
        assert!(keys.under("originals/").is_empty(), "refused copies are deleted");
        // A panorama is fine.
        let panorama = upload(app, &ada, "wide.jpg", &photo(20_000, 100, 1), None).await;
        app.run_jobs().await;
        assert_eq!(get_original(&ada, &panorama).await["status"], "ready");
    }

    async fn an_object_that_vanished_is_told_and_loses_nothing_else(app: &TestApp, keys: &Keys) {
        let ada = app.register("ada@example.com").await;
        let bytes = photo(200, 100, 1);
        let presigned = presign(&ada, "a.jpg", "image/jpeg", bytes.len(), None).await;
        assert_eq!(send(app, &presigned, &bytes).await, 200);
        keys.remove(text(&presigned, "file_key"));
        complete(&ada, &presigned).await.expect_problem(409, "conflict");
        assert_eq!(send(app, &presigned, &bytes).await, 200, "it can be sent again");
        let original = complete(&ada, &presigned).await.expect(201).json();

        app.may_have_dead_jobs();
        for key in keys.under("originals/") {
            keys.remove(&key);
        }
        app.run_jobs().await;
        let rejected = get_original(&ada, &original).await;
        assert_eq!((&rejected["status"], &rejected["error"]["code"]), (&json!("rejected"), &json!("original_missing")));
    }
}

app_test! {
    modules = modules;

    async fn a_cut_photo_is_rejected_by_the_job_and_says_so(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        app.may_have_dead_jobs();
        let whole = photo(800, 600, 1);
        let original = upload(app, &ada, "cut.jpg", &whole[..whole.len() / 2], None).await;
        assert_eq!(original["status"], "processing", "its header is fine");
        app.run_jobs().await;
        let rejected = get_original(&ada, &original).await;
        assert_eq!((&rejected["status"], &rejected["error"]["code"]), (&json!("rejected"), &json!("decode_failed")));
        assert!(text(&rejected["error"], "message").contains("damaged"), "{rejected}");
        assert_eq!((&rejected["thumb_url"], &rejected["url"]), (&Value::Null, &Value::Null));
    }

    async fn a_decompression_bomb_does_no_harm(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        app.may_have_dead_jobs();
        // Says 99 megapixels and carries ten thousand pixels.
        let original = upload_png(app, &ada, &boasting_png(9_999, 9_900)).await;
        app.run_jobs().await;
        assert_eq!(get_original(&ada, &original).await["status"], "rejected");
    }

    async fn every_bad_field_of_an_announcement_is_named(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let body = json!({ "filename": "virus.exe", "content_type": "image/gif", "file_size": 0, "sha256": "no" });
        assert_eq!(ada.post("/uploads/presign", &body).await.expect_complaints(), [
            "filename unsupported_type",
            "content_type unsupported_type",
            "file_size too_small",
            "sha256 invalid"
        ]);
        let body = json!({ "filename": "a.jpg", "content_type": "image/jpeg", "file_size": 25 * 1024 * 1024 + 1 });
        assert_eq!(ada.post("/uploads/presign", &body).await.expect_complaints(), ["file_size too_large"]);
        let body = json!({ "filename": "a.jpg", "content_type": "image/jpeg", "file_size": -5 });
        assert_eq!(ada.post("/uploads/presign", &body).await.expect_complaints(), ["file_size wrong_type"]);
    }

    async fn a_foreign_project_in_an_announcement_is_like_an_unknown_one(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let adas = make_project(&ada, "Elm").await;
        let mut answers = Vec::new();
        for project in [adas.as_str(), "01900000-0000-7000-8000-000000000000"] {
            let body = json!({ "filename": "a.jpg", "content_type": "image/jpeg", "file_size": 10, "project_id": project });
            let reply = eve.post("/uploads/presign", &body).await;
            answers.push(reply.expect_complaints());
        }
        assert_eq!(answers[0], ["project_id unknown"]);
        assert_eq!(answers[0], answers[1]);
        let presigned = presign(&ada, "a.jpg", "image/jpeg", 10, Some(&adas)).await;
        complete(&eve, &presigned).await.expect_problem(404, "not_found");
        eve.post("/uploads/nonsense/complete", &json!({})).await.expect_problem(404, "not_found");
    }

    async fn parallel_completions_make_one_original(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let bytes = photo(200, 100, 1);
        let presigned = presign(&ada, "a.jpg", "image/jpeg", bytes.len(), None).await;
        let other = presign(&ada, "b.jpg", "image/jpeg", bytes.len(), None).await;
        assert_eq!(send(app, &presigned, &bytes).await, 200);
        assert_eq!(send(app, &other, &bytes).await, 200);
        let all = [&presigned, &presigned, &other, &presigned, &other].map(|upload| complete(&ada, upload));
        let replies = futures_util::future::join_all(all).await;
        let ids: Vec<Value> = replies.iter().map(|reply| reply.json()["id"].clone()).collect();
        assert!(ids.iter().all(|id| id.is_string() && *id == ids[0]), "{ids:?}");
        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(Keys::of(app.files_folder()).under("").len(), 3);
    }

    async fn uploads_that_never_arrive_expire_and_leave_nothing(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let bytes = photo(200, 100, 1);
        let presigned = presign(&ada, "a.jpg", "image/jpeg", bytes.len(), None).await;
        assert_eq!(send(app, &presigned, &bytes).await, 200);
        app.clock.advance(Duration::minutes(16));
        assert_eq!(send(app, &presigned, &bytes).await, 403, "the link is dead");
        assert_eq!(service::expire_overdue(&app.ctx, app.ctx.now()).await.expect("it works"), 0, "but it can be completed");
        app.clock.advance(Duration::minutes(60));
        assert_eq!(service::expire_overdue(&app.ctx, app.ctx.now()).await.expect("it works"), 1);
        let ada = app.login("ada@example.com").await;
        complete(&ada, &presigned).await.expect_problem(409, "conflict");
        assert!(Keys::of(app.files_folder()).under("").is_empty());
    }

    async fn a_workspace_cannot_announce_without_end(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        for _ in 0..vitrine_staging::originals::model::OPEN_UPLOADS_MAX {
            presign(&ada, "a.jpg", "image/jpeg", 10, None).await;
        }
        let body = json!({ "filename": "a.jpg", "content_type": "image/jpeg", "file_size": 10 });
        ada.post("/uploads/presign", &body).await.expect_problem(429, "rate_limited");
        let eve = app.register("eve@example.com").await;
        presign(&eve, "a.jpg", "image/jpeg", 10, None).await;
    }
}

async fn upload_png(app: &TestApp, client: &Client, bytes: &[u8]) -> Value {
    let presigned = presign(client, "a.png", "image/png", bytes.len(), None).await;
    assert_eq!(send(app, &presigned, bytes).await, 200);
    complete(client, &presigned).await.expect(201).json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_the_upload_goes_on_when_there_is_space() {
    let (app, store, folder) = faulty_app().await;
    let ada = app.register("ada@example.com").await;
    let bytes = photo(400, 300, 1);
    let presigned = presign(&ada, "a.jpg", "image/jpeg", bytes.len(), None).await;
    store.fail(Some(Fault::NoSpace));
    let call = app
        .client()
        .call(Method::PUT, text(&presigned, "upload_url"))
        .body("image/jpeg", bytes.clone());
    let problem = call.send().await.expect_problem(503, "unavailable");
    assert!(text(&problem, "detail").contains("storage is full"), "{problem}");
    assert!(
        Keys::of(folder.path()).under("").is_empty(),
        "no half file is left"
    );
    store.fail(None);
    assert_eq!(send(&app, &presigned, &bytes).await, 200);

    store.fail(Some(Fault::NoSpace));
    let problem = complete(&ada, &presigned)
        .await
        .expect_problem(503, "unavailable");
    assert!(text(&problem, "detail").contains("storage is full"), "{problem}");
    store.fail(None);
    let original = complete(&ada, &presigned).await.expect(201).json();

    // The pictures do not fit: the job waits and tries again.
    store.fail(Some(Fault::NoSpace));
    app.run_jobs().await;
    assert_eq!(get_original(&ada, &original).await["status"], "processing");
    store.fail(None);
    app.clock.advance(Duration::minutes(10));
    app.run_jobs().await;
    let ada = app.login("ada@example.com").await;
    assert_eq!(get_original(&ada, &original).await["status"], "ready");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storage_that_refuses_or_fails_loses_nothing() {
    let (app, store, _folder) = faulty_app().await;
    let ada = app.register("ada@example.com").await;
    let bytes = photo(400, 300, 1);
    let presigned = presign(&ada, "a.jpg", "image/jpeg", bytes.len(), None).await;
    assert_eq!(send(&app, &presigned, &bytes).await, 200);
    for fault in [Fault::Refused, Fault::Broken] {
        store.fail(Some(fault));
        let problem = complete(&ada, &presigned)
            .await
            .expect_problem(503, "unavailable");
        assert!(
            !problem.to_string().contains("refused"),
            "what the storage says stays inside: {problem}"
        );
        let call = app
            .client()
            .call(Method::PUT, text(&presigned, "upload_url"))
            .body("image/jpeg", bytes.clone());
        call.send().await.expect_problem(503, "unavailable");
    }
    store.fail(None);
    complete(&ada, &presigned).await.expect(201);
    app.run_jobs().await;
    app.finish().await;
}
