//! Starts the binary on a free port with a data directory of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

pub const BINARY: &str = env!("CARGO_BIN_EXE_vitrine");

/// A command with nothing of this process's configuration in its environment.
pub fn vitrine(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments).current_dir(std::env::temp_dir());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VITRINE_") {
            command.env_remove(name);
        }
    }
    command
}

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    pub url: String,
    pub setup_token: Option<String>,
    pub client: reqwest::Client,
}

/// Where a server keeps its things.
pub struct Home {
    pub folder: tempfile::TempDir,
    /// `None`: SQLite in the folder.
    pub database_url: Option<String>,
}

impl Home {
    pub fn sqlite() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            database_url: None,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Server {
    pub fn start(home: &Home) -> Self {
        Self::start_with(home, &[])
    }

    pub fn start_with(home: &Home, environment: &[(&str, &str)]) -> Self {
        let mut command = vitrine(&["serve"]);
        command
            .env("VITRINE_ADDR", "127.0.0.1:0")
            .env("VITRINE_DATA_DIR", home.path("data"))
            .env("VITRINE_LOG", "warn")
            // Stories ask again and again until something has happened.
            .env("VITRINE_RATE_LIMITS", "off")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped());
        if let Some(url) = &home.database_url {
            command.env("VITRINE_DATABASE_URL", url);
        }
        let mut child = command.spawn().expect("the binary starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut next = || lines.next().and_then(Result::ok).unwrap_or_default();
        let first = next();
        let url = first
            .strip_prefix("Vitrine is running at ")
            .expect("the first line says where")
            .to_owned();
        // A set-up line follows at once, or never; asking the server which spares a guess about time.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(60))
            .build()
            .expect("a client");
        Self {
            child,
            setup_token: None,
            client,
            url,
        }
        .with_setup_token(next)
    }

    fn with_setup_token(mut self, mut next: impl FnMut() -> String) -> Self {
        let fresh = std::net::TcpStream::connect(self.url.trim_start_matches("http://"))
            .and_then(|stream| {
                use std::io::{Read as _, Write as _};
                let mut stream = stream;
                stream.write_all(
                    b"GET /api/v1/setup HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                )?;
                let mut reply = String::new();
                stream.read_to_string(&mut reply)?;
                Ok(reply.starts_with("HTTP/1.1 200"))
            })
            .expect("the server answers");
        if fresh {
            let line = next();
            let (_, token) = line
                .split_once("/setup?token=")
                .expect("the second line holds the set-up link");
            self.setup_token = Some(token.to_owned());
        }
        self
    }

    /// Stops the process at once, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it ended");
    }

    /// Lets the process stand still; it can only be killed after that.
    pub fn stop(&self) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args(["-STOP", &pid]).status();
        assert!(status.expect("kill is there").success());
    }

    /// Asks the process to stop, and answers how it ended.
    pub fn terminate(mut self) -> std::process::ExitStatus {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .expect("kill is there")
                .success()
        );
        self.child.wait().expect("it ended")
    }

    pub fn api(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.url)
    }

    /// Makes the operator by the set-up link and answers an access token.
    pub async fn set_up(&self, sample_project: bool) -> String {
        let body = json!({
            "token": self.setup_token.as_deref().expect("a new instance"),
            "email": "operator@example.com",
            "password": "a long enough passphrase",
            "full_name": "Olga Operator",
            "sample_project": sample_project,
        });
        let reply = self
            .client
            .post(self.api("/setup"))
            .json(&body)
            .send()
            .await
            .expect("it answers");
        assert_eq!(reply.status(), 201, "{}", reply.text().await.unwrap_or_default());
        let reply: Value = reply.json().await.expect("JSON");
        reply["access_token"].as_str().expect("a token").to_owned()
    }

    /// Signs the operator in again.
    pub async fn log_in(&self) -> String {
        let body = json!({ "email": "operator@example.com", "password": "a long enough passphrase" });
        let reply = self
            .client
            .post(self.api("/auth/login"))
            .json(&body)
            .send()
            .await
            .expect("it answers");
        let reply: Value = reply.json().await.expect("JSON");
        reply["access_token"]
            .as_str()
            .unwrap_or_else(|| panic!("a token in {reply}"))
            .to_owned()
    }

    pub async fn get(&self, token: &str, path: &str) -> Value {
        let reply = self
            .client
            .get(self.api(path))
            .bearer_auth(token)
            .send()
            .await
            .expect("it answers");
        let status = reply.status();
        let text = reply.text().await.expect("a body");
        assert!(status.is_success(), "GET {path}: {status} {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    pub async fn post(&self, token: &str, path: &str, body: Value) -> (u16, Value) {
        answer(self.client.post(self.api(path)).bearer_auth(token).json(&body)).await
    }

    /// Without a token.
    pub async fn post_open(&self, path: &str, body: Value) -> (u16, Value) {
        answer(self.client.post(self.api(path)).json(&body)).await
    }

    /// In another workspace than the personal one.
    pub async fn post_in(&self, token: &str, workspace: &str, path: &str, body: Value) -> (u16, Value) {
        let call = self.client.post(self.api(path)).bearer_auth(token);
        answer(call.header("x-workspace-id", workspace).json(&body)).await
    }

    pub async fn patch(&self, token: &str, path: &str, body: Value) -> Value {
        let call = self.client.patch(self.api(path)).bearer_auth(token).json(&body);
        let (status, reply) = answer(call).await;
        assert!((200..300).contains(&status), "PATCH {path}: {status} {reply}");
        reply
    }

    /// Uploads a photo the way the browser does, and answers the original.
    pub async fn upload(&self, token: &str, project: &str, filename: &str, bytes: Vec<u8>) -> Value {
        let wish = json!({
            "filename": filename,
            "content_type": "image/jpeg",
            "file_size": bytes.len(),
            "project_id": project,
        });
        let (status, presigned) = self.post(token, "/uploads/presign", wish).await;
        assert_eq!(status, 201, "{presigned}");
        let mut put = self
            .client
            .put(presigned["upload_url"].as_str().expect("an address"))
            .body(bytes);
        for (name, value) in presigned["headers"].as_object().expect("headers") {
            put = put.header(name, value.as_str().expect("text"));
        }
        let reply = put.send().await.expect("storage answers");
        assert!(
            reply.status().is_success(),
            "{}",
            reply.text().await.unwrap_or_default()
        );
        let id = presigned["upload_id"].as_str().expect("an id");
        let (status, original) = self
            .post(token, &format!("/uploads/{id}/complete"), json!({}))
            .await;
        assert!(status == 200 || status == 201, "{status} {original}");
        original
    }
}

async fn answer(call: reqwest::RequestBuilder) -> (u16, Value) {
    let reply = call.send().await.expect("it answers");
    let status = reply.status().as_u16();
    let text = reply.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A picture of an empty room, one of the samples.
pub fn empty_room() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../staging/samples/v01_sunny_living_room.jpg")
}
