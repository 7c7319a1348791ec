//! What the stories share: photos, an S3 server that checks signatures, a storage that fails when told to.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use http::Method;
use hyper_util::rt::{TokioExecutor, TokioIo};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error as StoreError, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, UploadPart,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use vitrine_kernel::{Clock, Secret, SystemClock};
use vitrine_platform::files::{Files, FilesOptions, S3Options};
use vitrine_platform::{Module, module};
use vitrine_scene::image::{RgbImage, encode_jpeg};
use vitrine_testkit::{AppOptions, Client, EngineKind, TestApp};

pub fn modules() -> Vec<Module> {
    vec![module::module(), vitrine_staging::module()]
}

/// A JPEG whose pixels depend on the seed.
pub fn photo(width: u32, height: u32, seed: u8) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| [(x / 2) as u8, (y / 2) as u8, seed].into());
    encode_jpeg(&picture, 85, None).expect("it encodes")
}

/// The same with metadata as a phone writes it: to be turned a quarter clockwise, and the photographer's name.
pub fn phone_photo(width: u32, height: u32) -> Vec<u8> {
    let plain = photo(width, height, 7);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend_from_slice(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    exif.extend_from_slice(b"\x3b\x01\x02\0\x0d\0\0\0\x26\0\0\0\0\0\0\0");
    exif.extend_from_slice(b"Ada Lovelace\0");
    let mut bytes = plain[..2].to_vec();
    bytes.extend_from_slice(&[0xFF, 0xE1]);
    bytes.extend_from_slice(&(exif.len() as u16 + 2).to_be_bytes());
    bytes.extend_from_slice(&exif);
    bytes.extend_from_slice(&plain[2..]);
    bytes
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Announces a file and answers the reply of `POST /uploads/presign`.
pub async fn presign(
    client: &Client,
    filename: &str,
    content_type: &str,
    size: usize,
    project: Option<&str>,
) -> Value {
    let body = json!({ "filename": filename, "content_type": content_type, "file_size": size, "project_id": project });
    client.post("/uploads/presign", &body).await.expect(201).json()
}

/// Sends bytes as a presigned reply says; the HTTP status of the storage.
pub async fn send(app: &TestApp, presigned: &Value, bytes: &[u8]) -> u16 {
    let headers: BTreeMap<String, String> =
        serde_json::from_value(presigned["headers"].clone()).expect("headers are names and values");
    let content_type = headers.get("Content-Type").expect("the type is announced");
    put(
        app,
        presigned["upload_url"].as_str().expect("a URL"),
        content_type,
        bytes,
    )
    .await
}

/// `PUT`s bytes to a link, to the app under test or to a server on this machine.
pub async fn put(app: &TestApp, url: &str, content_type: &str, bytes: &[u8]) -> u16 {
    if url.starts_with(&app.ctx.settings.public_url) {
        let content_type: &'static str = match content_type {
            "image/jpeg" => "image/jpeg",
            "image/png" => "image/png",
            "model/gltf-binary" => "model/gltf-binary",
            "application/zip" => "application/zip",
            _ => "image/webp",
        };
        return app
            .client()
            .call(Method::PUT, url)
            .body(content_type, bytes.to_vec())
            .send()
            .await
            .status;
    }
    http("PUT", url, &[("Content-Type", content_type)], bytes)
        .await
        .status
}

/// `GET`s a link.
pub async fn fetch(app: &TestApp, url: &str) -> Fetched {
    if url.starts_with(&app.ctx.settings.public_url) {
        let reply = app.client().get(url).await;
        let headers = reply
            .headers
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    value.to_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        return Fetched {
            status: reply.status,
            headers,
            body: reply.body.to_vec(),
        };
    }
    http("GET", url, &[], b"").await
}

/// Uploads a photo as a client does and completes it; the original.
pub async fn upload(
    app: &TestApp,
    client: &Client,
    filename: &str,
    bytes: &[u8],
    project: Option<&str>,
) -> Value {
    let presigned = presign(client, filename, "image/jpeg", bytes.len(), project).await;
    assert_eq!(
        send(app, &presigned, bytes).await,
        200,
        "the storage takes {filename}"
    );
    let path = format!(
        "/uploads/{}/complete",
        presigned["upload_id"].as_str().expect("an id")
    );
    let reply = client.post(&path, &json!({})).await;
    assert!(matches!(reply.status, 200 | 201), "{}", reply.text());
    reply.json()
}

pub async fn make_project(client: &Client, name: &str) -> String {
    let project = client
        .post("/projects", &json!({ "name": name }))
        .await
        .expect(201)
        .json();
    project["id"].as_str().expect("an id").to_owned()
}

pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} of {value} is no text"))
}

/// An answer of a server on this machine.
#[derive(Debug)]
pub struct Fetched {
    pub status: u16,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

/// HTTP/1.1 by hand, so that a test can send what a well-behaved client would not. `Content-Length` is that of the body.
pub async fn http(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Fetched {
    let rest = url.strip_prefix("http://").expect("a plain URL");
    let (host, path) = rest.split_once('/').expect("a URL with a path");
    let mut stream = TcpStream::connect(host).await.expect("the server listens");
    let mut head = format!("{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await.expect("the server reads");
    // A server that refuses may stop reading.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("an HTTP answer");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok())
        .expect("a status line");
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Fetched {
        status,
        headers,
        body: answer[end + 4..].to_vec(),
    }
}

/// Which storage a story runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    Local,
    S3,
}

/// A real S3 server in this process. It verifies signatures.
pub struct S3Server {
    pub endpoint: String,
    folder: TempDir,
}

pub const BUCKET: &str = "photos";
const KEY_ID: &str = "AKIDTEST";
const KEY_SECRET: &str = "a secret of the test bucket";

impl S3Server {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("the folder is writable");
        let mut builder = s3s::service::S3ServiceBuilder::new(
            s3s_fs::FileSystem::new(folder.path()).expect("the folder is there"),
        );
        builder.set_auth(s3s::auth::SimpleAuth::from_single(KEY_ID, KEY_SECRET));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("it is bound"));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                    let _ = server.serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        Self { endpoint, folder }
    }

    /// Files in its bucket, signed by `clock`. The server itself goes by the machine's clock.
    pub fn files(&self, clock: Arc<dyn Clock>, secret: &str) -> Files {
        Self::open(&self.endpoint, clock, secret)
    }

    /// Files at any endpoint.
    pub fn files_at(endpoint: &str) -> Files {
        Self::open(endpoint, Arc::new(SystemClock), KEY_SECRET)
    }

    fn open(endpoint: &str, clock: Arc<dyn Clock>, secret: &str) -> Files {
        let s3 = S3Options {
            endpoint: Some(endpoint.to_owned()),
            region: Some("eu-central-1".to_owned()),
            access_key_id: Some(KEY_ID.to_owned()),
            secret_access_key: Some(Secret::new(secret.to_owned())),
            ..S3Options::default()
        };
        let options = FilesOptions {
            public_url: "http://vitrine.test".to_owned(),
            secret: Secret::new(b"not used with S3".to_vec()),
            clock,
            s3,
        };
        Files::open(&format!("s3://{BUCKET}"), options).expect("the options are right")
    }

    pub fn good_files(&self) -> Files {
        self.files(Arc::new(SystemClock), KEY_SECRET)
    }

    pub fn keys(&self) -> Keys {
        Keys(self.folder.path().join(BUCKET))
    }
}

/// What a storage holds.
#[derive(Debug, Clone)]
pub struct Keys(PathBuf);

impl Keys {
    pub fn of(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Keys that begin with this, sorted.
    pub fn under(&self, prefix: &str) -> Vec<String> {
        let mut keys = keys_under(&self.0);
        keys.retain(|key| key.starts_with(prefix));
        keys
    }

    pub fn remove(&self, key: &str) {
        std::fs::remove_file(self.0.join(key)).expect("the object is there");
    }
}

/// Paths of the files in a folder, sorted; what a storage keeps for itself begins with a dot.
fn keys_under(folder: &std::path::Path) -> Vec<String> {
    let mut keys = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("the folder can be read") {
            let path = entry.expect("it can be listed").path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default()
                .to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with('.') {
                let key = path.strip_prefix(folder).expect("it is below");
                keys.push(key.to_string_lossy().into_owned());
            }
        }
    }
    keys.sort();
    keys
}

/// A story as [`storage_test`] hands it over.
type Story<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A story on one engine and one storage.
pub async fn run_on(
    engine: EngineKind,
    storage: Storage,
    story: impl for<'a> FnOnce(&'a TestApp, &'a Keys) -> Story<'a>,
) {
    let server = match storage {
        Storage::Local => None,
        Storage::S3 => Some(S3Server::start().await),
    };
    let change = |options: &mut AppOptions| options.files = server.as_ref().map(S3Server::good_files);
    if let Some(app) = TestApp::open_with(engine, modules(), change).await {
        let keys = server
            .as_ref()
            .map_or_else(|| Keys::of(app.files_folder()), S3Server::keys);
        story(&app, &keys).await;
        app.finish().await;
    }
}

/// One test per engine and storage of each story.
macro_rules! storage_test {
    ($(async fn $name:ident($app:ident: &TestApp, $keys:ident: &Keys) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            use $crate::support::{Keys, Storage, run_on};
            use vitrine_testkit::EngineKind;

            #[allow(unused_variables)]
            async fn story($app: &vitrine_testkit::TestApp, $keys: &Keys) $body

            async fn run(engine: EngineKind, storage: Storage) {
                run_on(engine, storage, |app, keys| Box::pin(story(app, keys))).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite_and_a_folder() {
                run(EngineKind::Sqlite, Storage::Local).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite_and_s3() {
                run(EngineKind::Sqlite, Storage::S3).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres_and_a_folder() {
                run(EngineKind::Postgres, Storage::Local).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres_and_s3() {
                run(EngineKind::Postgres, Storage::S3).await;
            }
        }
    )+};
}
pub(crate) use storage_test;

/// How a storage fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full: writing fails.
    NoSpace,
    /// Everything is refused.
    Refused,
    /// Everything fails.
    Broken,
}

/// A folder that fails when told to.
#[derive(Debug, Clone)]
pub struct FaultyStore {
    inner: Arc<LocalFileSystem>,
    fault: Arc<Mutex<Option<Fault>>>,
}

impl FaultyStore {
    pub fn over(folder: &std::path::Path) -> Self {
        std::fs::create_dir_all(folder).expect("the folder is writable");
        let inner = LocalFileSystem::new_with_prefix(folder).expect("the folder is there");
        Self {
            inner: Arc::new(inner),
            fault: Arc::default(),
        }
    }

    /// Fails from now on, or works again.
    pub fn fail(&self, fault: Option<Fault>) {
        *self.fault.lock().expect("no test panics while holding it") = fault;
    }

    fn check(&self, writes: bool) -> object_store::Result<()> {
        let generic = |errno: i32| StoreError::Generic {
            store: "faulty",
            source: Box::new(std::io::Error::from_raw_os_error(errno)),
        };
        match *self.fault.lock().expect("no test panics while holding it") {
            Some(Fault::NoSpace) if writes => Err(generic(28)),
            Some(Fault::Refused) => Err(StoreError::PermissionDenied {
                path: "any".into(),
                source: "refused".into(),
            }),
            Some(Fault::Broken) => Err(generic(5)),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for FaultyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("faulty")
    }
}

#[async_trait]
impl ObjectStore for FaultyStore {
    async fn put_opts(
        &self,
        at: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> object_store::Result<PutResult> {
        self.check(true)?;
        self.inner.put_opts(at, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> object_store::Result<Box<dyn MultipartUpload>> {
        let upload = self.inner.put_multipart_opts(at, options).await?;
        Ok(Box::new(FaultyUpload {
            store: self.clone(),
            upload,
        }))
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> object_store::Result<GetResult> {
        self.check(false)?;
        self.inner.get_opts(at, options).await
    }

    fn delete_stream(
        &self,
        all: BoxStream<'static, object_store::Result<Path>>,
    ) -> BoxStream<'static, object_store::Result<Path>> {
        if let Err(error) = self.check(false) {
            return futures_util::stream::once(async { Err(error) }).boxed();
        }
        self.inner.delete_stream(all)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> object_store::Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> object_store::Result<()> {
        self.check(true)?;
        self.inner.copy_opts(from, to, options).await
    }
}

/// Fails in the middle, as a disk does that fills up.
#[derive(Debug)]
struct FaultyUpload {
    store: FaultyStore,
    upload: Box<dyn MultipartUpload>,
}

#[async_trait]
impl MultipartUpload for FaultyUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        match self.store.check(true) {
            Ok(()) => self.upload.put_part(data),
            Err(error) => Box::pin(async { Err(error) }),
        }
    }

    async fn complete(&mut self) -> object_store::Result<PutResult> {
        self.store.check(true)?;
        self.upload.complete().await
    }

    async fn abort(&mut self) -> object_store::Result<()> {
        self.upload.abort().await
    }
}

/// An app on SQLite whose storage fails when told to.
pub async fn faulty_app() -> (TestApp, FaultyStore, TempDir) {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let store = FaultyStore::over(folder.path());
    let (inner, root) = (store.clone(), folder.path().to_owned());
    let app = TestApp::open_with(EngineKind::Sqlite, modules(), |options| {
        let file_options = FilesOptions {
            public_url: options.settings.public_url.clone(),
            secret: options.settings.secret_key.clone(),
            clock: Arc::new(SystemClock),
            s3: S3Options::default(),
        };
        options.files = Some(Files::local(Arc::new(inner), root, file_options));
    })
    .await
    .expect("SQLite is always there");
    (app, store, folder)
}

/// A binary glTF model: a red box of 0.5 x 0.4 x 0.5 m.
pub fn box_glb() -> Vec<u8> {
    let mut binary: Vec<u8> = Vec::new();
    for i in 0..8u32 {
        for (axis, side) in [0.5f32, 0.4, 0.5].into_iter().enumerate() {
            binary.extend(((i >> axis & 1) as f32 * side).to_le_bytes());
        }
    }
    let quads = [
        [0u16, 4, 6, 2],
        [1, 3, 7, 5],
        [0, 1, 5, 4],
        [2, 6, 7, 3],
        [0, 2, 3, 1],
        [4, 5, 7, 6],
    ];
    for [a, b, c, d] in quads {
        for i in [a, b, c, a, c, d] {
            binary.extend(i.to_le_bytes());
        }
    }
    let description = json!({
        "asset": {"version": "2.0"},
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [1.0, 0.0, 0.0, 1.0], "metallicFactor": 0.0}}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 96}, {"buffer": 0, "byteOffset": 96, "byteLength": 72}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 36, "type": "SCALAR"}],
        "buffers": [{"byteLength": binary.len()}]
    });
    let mut text = description.to_string().into_bytes();
    text.resize(text.len().next_multiple_of(4), b' ');
    let mut bytes = b"glTF\x02\0\0\0".to_vec();
    bytes.extend(((28 + text.len() + binary.len()) as u32).to_le_bytes());
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(b"JSON");
    bytes.extend(text);
    bytes.extend((binary.len() as u32).to_le_bytes());
    bytes.extend(b"BIN\0");
    bytes.extend(binary);
    bytes
}
