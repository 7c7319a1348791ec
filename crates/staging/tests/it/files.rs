//! Links to files, on the local storage and on an S3 server that verifies signatures.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::Duration as Span;
use http::Method;
use vitrine_kernel::{Clock, ManualClock, Secret, SystemClock};
use vitrine_platform::files::{FileError, Files, FilesOptions, S3Options};
use vitrine_testkit::{Reply, TestApp, app_test};

use crate::support::{Fault, FaultyStore, Fetched, S3Server, fetch, http, modules, storage_test};

const HOUR: Duration = Duration::from_secs(3600);

storage_test! {
    async fn a_stored_object_is_read_whole_in_part_and_by_link(app: &TestApp, keys: &Keys) {
        let files = &app.ctx.files;
        files.put("photos/w/a.jpg", Bytes::from_static(b"0123456789"), "image/jpeg").await.expect("it is stored");
        assert_eq!(keys.under(""), ["photos/w/a.jpg"]);
        assert_eq!(files.get("photos/w/a.jpg").await.expect("it is there"), b"0123456789".as_slice());
        assert_eq!(files.head("photos/w/a.jpg").await.expect("it is there").size_bytes, 10);
        assert!(matches!(files.get_up_to("photos/w/a.jpg", 9).await, Err(FileError::TooLarge { .. })));
        assert!(matches!(files.get("photos/w/b.jpg").await, Err(FileError::NotFound { .. })));
        files.copy("photos/w/a.jpg", "photos/w/c.jpg").await.expect("it is copied");
        files.delete("photos/w/a.jpg").await.expect("it is deleted");
        files.delete("photos/w/a.jpg").await.expect("deleting twice is fine");
        assert_eq!(keys.under(""), ["photos/w/c.jpg"]);
        files.probe().await.expect("the storage answers");

        let url = files.presign_get("photos/w/c.jpg", "Küche.jpg", "image/jpeg", HOUR, true);
        let Fetched { status, headers, body } = fetch(app, &url).await;
        assert_eq!((status, body.as_slice()), (200, b"0123456789".as_slice()));
        assert_eq!(headers.get("content-type").map(String::as_str), Some("image/jpeg"));
        let disposition = "attachment; filename=\"K_che.jpg\"; filename*=UTF-8''K%C3%BCche.jpg";
        assert_eq!(headers.get("content-disposition").map(String::as_str), Some(disposition));
        let missing = files.presign_get("photos/w/gone.jpg", "a.jpg", "image/jpeg", HOUR, false);
        assert_eq!(fetch(app, &missing).await.status, 404);
    }

    async fn a_key_cannot_leave_the_storage(app: &TestApp, keys: &Keys) {
        for key in ["../a.jpg", "a/../../b.jpg", "/a//b", "a/./b", ""] {
            let outcome = app.ctx.files.put(key, Bytes::from_static(b"x"), "image/jpeg").await;
            assert!(outcome.is_err() || !key.contains(".."), "{key:?} was taken");
        }
        let _ = keys;
    }
}

fn local_link(app: &TestApp) -> String {
    app.ctx
        .files
        .presign_get("photos/w/a.jpg", "a.jpg", "image/jpeg", HOUR, false)
}

async fn get_with(app: &TestApp, url: &str, name: &'static str, value: &str) -> Reply {
    app.client()
        .call(Method::GET, url)
        .header(name, value)
        .send()
        .await
}

app_test! {
    modules = modules;

    async fn a_local_link_serves_ranges_and_entity_tags(app: &TestApp) {
        app.ctx.files.put("photos/w/a.jpg", Bytes::from_static(b"0123456789"), "image/jpeg").await.expect("it is stored");
        let url = local_link(app);
        let whole = app.client().get(&url).await.expect(200);
        assert_eq!(whole.header("accept-ranges"), Some("bytes"));
        assert_eq!(whole.header("content-length"), Some("10"));
        assert_eq!(whole.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(whole.header("cache-control"), Some("private, max-age=3600, immutable"));
        assert_eq!(whole.header("content-security-policy"), Some("default-src 'none'; sandbox"));
        let etag = whole.header("etag").expect("it has one").to_owned();

        let part = get_with(app, &url, "range", "bytes=2-4").await.expect(206);
        assert_eq!((part.text().as_str(), part.header("content-range")), ("234", Some("bytes 2-4/10")));
        let tail = get_with(app, &url, "range", "bytes=-3").await.expect(206);
        assert_eq!((tail.text().as_str(), tail.header("content-length")), ("789", Some("3")));
        let outside = get_with(app, &url, "range", "bytes=10-").await;
        assert_eq!((outside.status, outside.header("content-range")), (416, Some("bytes */10")));
        let unchanged = get_with(app, &url, "if-none-match", &etag).await.expect(304);
        assert!(unchanged.body.is_empty());
        let other_state = app.client().call(Method::GET, &url).header("range", "bytes=2-4").header("if-range", "\"old\"");
        assert_eq!(other_state.send().await.expect(200).text(), "0123456789");
        let head = app.client().call(Method::HEAD, &url).send().await.expect(200);
        assert_eq!((head.body.len(), head.header("content-length")), (0, Some("10")));
    }

    async fn a_local_link_is_good_for_its_method_and_time_only(app: &TestApp) {
        app.ctx.files.put("photos/w/a.jpg", Bytes::from_static(b"0123456789"), "image/jpeg").await.expect("it is stored");
        let url = local_link(app);
        let put = app.client().call(Method::PUT, &url).body("image/jpeg", "0123456789").send().await;
        put.expect_problem(403, "forbidden");
        let for_put = app.ctx.files.presign_put("photos/w/b.jpg", "image/jpeg", 3, HOUR).url;
        app.client().get(&for_put).await.expect_problem(403, "forbidden");
        app.client().get("/files/nonsense").await.expect_problem(403, "forbidden");
        let without_length = app.client().call(Method::PUT, &for_put).header("content-type", "image/jpeg");
        without_length.send().await.expect_problem(403, "forbidden");

        let view = app.ctx.files.view_url("photos/w/a.jpg", "a.jpg", "image/jpeg");
        app.clock.advance(Span::minutes(20));
        assert_eq!(app.ctx.files.view_url("photos/w/a.jpg", "a.jpg", "image/jpeg"), view, "browsers can keep it");
        app.clock.advance(Span::minutes(39));
        let _ = app.client().get(&url).await.expect(200);
        let _ = app.client().get(&view).await.expect(200);
        app.clock.advance(Span::minutes(1));
        app.client().get(&url).await.expect_problem(403, "forbidden");
        app.clock.advance(Span::minutes(31));
        app.client().get(&view).await.expect_problem(403, "forbidden");
    }

    async fn a_body_longer_than_one_mebibyte_goes_to_a_link_but_nowhere_else(app: &TestApp) {
        let bytes = vec![7u8; 3 * 1024 * 1024];
        let link = app.ctx.files.presign_put("photos/w/b.jpg", "image/jpeg", bytes.len() as u64, HOUR).url;
        let _ = app.client().call(Method::PUT, &link).body("image/jpeg", bytes.clone()).send().await.expect(200);
        assert_eq!(app.ctx.files.get("photos/w/b.jpg").await.expect("it is stored"), bytes);
        let ada = app.register("ada@example.com").await;
        let post = ada.call(Method::POST, "/projects").body("application/json", bytes).send().await;
        post.expect_problem(413, "payload_too_large");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_s3_server_refuses_what_was_not_signed() {
    let server = S3Server::start().await;
    let files = server.good_files();
    let put = files.presign_put("incoming/w/a.jpg", "image/jpeg", 5, HOUR).url;
    let send = async |url: &str, kind: &str, body: &[u8]| {
        http("PUT", url, &[("Content-Type", kind)], body).await.status
    };
    assert_eq!(send(&put, "image/png", b"12345").await, 403, "another type");
    assert_eq!(send(&put, "image/jpeg", b"1234").await, 403, "shorter");
    assert_eq!(send(&put, "image/jpeg", b"123456").await, 403, "longer");
    assert_eq!(
        send(&put.replace("a.jpg", "b.jpg"), "image/jpeg", b"12345").await,
        403,
        "another key"
    );
    assert_eq!(
        send(
            &put.replace("X-Amz-Expires=3600", "X-Amz-Expires=7200"),
            "image/jpeg",
            b"12345"
        )
        .await,
        403
    );
    let signature = put.rfind('=').expect("the signature is last") + 1;
    assert_eq!(
        send(
            &format!("{}{}", &put[..signature], "0".repeat(64)),
            "image/jpeg",
            b"12345"
        )
        .await,
        403
    );
    assert!(server.keys().under("").is_empty());
    assert_eq!(send(&put, "image/jpeg", b"12345").await, 200);

    let get = files.presign_get("incoming/w/a.jpg", "a.jpg", "image/jpeg", HOUR, false);
    assert_eq!(http("GET", &get, &[], b"").await.body, b"12345");
    assert_eq!(
        http("GET", &get.replace("inline", "attachment"), &[], b"")
            .await
            .status,
        403
    );
    assert_eq!(
        send(&get, "image/jpeg", b"12345").await,
        403,
        "a link to read does not write"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_or_wrongly_signed_s3_link_is_refused() {
    let server = S3Server::start().await;
    let two_hours_ago = ManualClock::at(SystemClock.now() - Span::hours(2));
    let late = server.files(Arc::new(two_hours_ago), "a secret of the test bucket");
    let put = late.presign_put("incoming/w/a.jpg", "image/jpeg", 5, HOUR).url;
    assert_eq!(
        http("PUT", &put, &[("Content-Type", "image/jpeg")], b"12345")
            .await
            .status,
        403
    );

    let stranger = server.files(Arc::new(SystemClock), "another secret");
    let put = stranger
        .presign_put("incoming/w/a.jpg", "image/jpeg", 5, HOUR)
        .url;
    assert_eq!(
        http("PUT", &put, &[("Content-Type", "image/jpeg")], b"12345")
            .await
            .status,
        403
    );
    let refused = stranger
        .put("photos/w/a.jpg", Bytes::from_static(b"x"), "image/jpeg")
        .await;
    assert!(matches!(refused, Err(FileError::Refused { .. })), "{refused:?}");
    assert!(matches!(stranger.probe().await, Err(FileError::Refused { .. })));
    assert!(server.keys().under("").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_s3_server_that_is_not_there_is_unavailable() {
    let server = S3Server::start().await;
    let mut files = server.good_files();
    files.probe().await.expect("it is there");
    // A port nobody listens on: bound and let go.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("it is bound"));
    drop(listener);
    files = S3Server::files_at(&endpoint);
    assert!(matches!(files.probe().await, Err(FileError::Unavailable { .. })));
}

/// A disk of 256 KiB where this process may mount one; elsewhere a folder that says it is full.
struct SmallDisk {
    folder: tempfile::TempDir,
    is_mounted: bool,
}

impl SmallDisk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
            .arg(folder.path())
            .output();
        Self {
            folder,
            is_mounted: mount.is_ok_and(|output| output.status.success()),
        }
    }

    fn files(&self, faulty: &FaultyStore) -> Files {
        let options = FilesOptions {
            public_url: "http://vitrine.test".to_owned(),
            secret: Secret::new(b"a secret of the tests".to_vec()),
            clock: Arc::new(SystemClock),
            s3: S3Options::default(),
        };
        match self.is_mounted {
            true => Files::open(&format!("file://{}", self.folder.path().display()), options)
                .expect("the disk is there"),
            false => Files::local(Arc::new(faulty.clone()), self.folder.path().to_owned(), options),
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if self.is_mounted {
            let _ = Command::new("umount").arg(self.folder.path()).output();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_keeps_what_it_has_and_takes_more_once_there_is_space() {
    let disk = SmallDisk::new();
    let faulty = FaultyStore::over(disk.folder.path());
    let files = disk.files(&faulty);
    let piece = Bytes::from(vec![7u8; 100 * 1024]);
    files
        .put("photos/w/a.jpg", piece.clone(), "image/jpeg")
        .await
        .expect("it fits");
    faulty.fail(Some(Fault::NoSpace));
    let too_much = files
        .put("photos/w/b.jpg", Bytes::from(vec![8u8; 400 * 1024]), "image/jpeg")
        .await;
    assert!(matches!(too_much, Err(FileError::NoSpace { .. })), "{too_much:?}");
    assert!(
        matches!(
            files.head("photos/w/b.jpg").await,
            Err(FileError::NotFound { .. })
        ),
        "no half object"
    );
    assert_eq!(
        files.get("photos/w/a.jpg").await.expect("it is still there"),
        piece
    );
    faulty.fail(None);
    files.delete("photos/w/a.jpg").await.expect("it is deleted");
    files
        .put("photos/w/b.jpg", Bytes::from(vec![8u8; 200 * 1024]), "image/jpeg")
        .await
        .expect("now it fits");
}
