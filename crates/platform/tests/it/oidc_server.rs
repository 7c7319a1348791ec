//! Against a real OpenID Connect server: npm's `oidc-provider`, started for the test on a free port.
//!
//! It is installed by `scripts/test.sh`; without that: `npm ci --prefix crates/platform/tests/oidc-provider`.

use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use url::Url;
use vitrine_kernel::{Clock as _, Secret, SystemClock};
use vitrine_platform::accounts::oidc::{Oidc, OidcSettings};
use vitrine_providers::oidc::HttpIssuer;
use vitrine_testkit::{AppOptions, EngineKind, Reply, TestApp};

use crate::modules;

const CALLBACK: &str = "http://vitrine.test/api/v1/auth/oidc/callback";
const AUDIENCE: &str = "https://vitrine.test/api";

/// The server; it ends when this is dropped.
struct Server {
    issuer: String,
    _process: Child,
    // Kept open, because the server ends when it cannot say what it wants to.
    _words: Lines<BufReader<ChildStdout>>,
}

impl Server {
    async fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc-provider");
        assert!(
            folder.join("node_modules/oidc-provider").is_dir(),
            "the OpenID Connect server of this test is not installed: npm ci --prefix {}",
            folder.display()
        );
        let mut process = Command::new("node")
            .arg(folder.join("server.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let issuer = loop {
            let line = lines
                .next_line()
                .await
                .expect("it can be read")
                .expect("the server says where it is");
            if line.starts_with("http://") {
                break line;
            }
        };
        Self {
            issuer,
            _process: process,
            _words: lines,
        }
    }
}

/// A browser that follows the server's redirects until one leads to us.
struct Browser {
    http: reqwest::Client,
    cookies: HashMap<String, String>,
}

impl Browser {
    fn new() -> Self {
        let redirect = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder()
            .redirect(redirect)
            .build()
            .expect("a client");
        Self {
            http,
            cookies: HashMap::new(),
        }
    }

    /// The address of ours that the server sends somebody to.
    async fn sign_in(&mut self, url: &str) -> Url {
        let mut url = Url::parse(url).expect("a URL");
        for _ in 0..10 {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let request = self.http.get(url.clone()).header("cookie", cookies.join("; "));
            let reply = request.send().await.expect("the server answers");
            for cookie in reply.headers().get_all("set-cookie") {
                let pair = cookie.to_str().expect("text").split(';').next().expect("a pair");
                let (name, value) = pair.split_once('=').expect("a pair");
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            let status = reply.status();
            let Some(next) = reply.headers().get("location") else {
                panic!(
                    "{url} answered {status}: {}",
                    reply.text().await.unwrap_or_default()
                );
            };
            url = url.join(next.to_str().expect("text")).expect("a URL");
            if url.as_str().starts_with(CALLBACK) {
                return url;
            }
        }
        panic!("the server sends us around in circles; last to {url}");
    }
}

async fn open(server: &Server) -> TestApp {
    let settings = OidcSettings {
        issuer: server.issuer.clone(),
        audience: Some(AUDIENCE.to_owned()),
        client_id: Some("vitrine-web".to_owned()),
        client_secret: Some(Secret::new(
            "a secret of the tests & it has / odd letters".to_owned(),
        )),
    };
    let app = TestApp::open_with(EngineKind::Sqlite, modules(), |options: &mut AppOptions| {
        let http = HttpIssuer::new().expect("a client");
        options.extensions.insert(Oidc::new(settings, Arc::new(http)));
    })
    .await
    .expect("SQLite is always there");
    // The server's clock is the real one.
    let behind = SystemClock.now() - app.ctx.now();
    app.clock.advance(chrono::Duration::seconds(behind.num_seconds()));
    app
}

/// Signs in over there as somebody, and comes back.
async fn there_and_back(app: &TestApp, hint: &str) -> Reply {
    let begun = app
        .client()
        .get("/auth/oidc/login?next=/projects")
        .await
        .expect(303);
    let cookie = begun.header("set-cookie").expect("a cookie");
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let there = format!(
        "{}&login_hint={hint}",
        begun.header("location").expect("an address")
    );
    let back = Browser::new().sign_in(&there).await;
    let path = format!("/auth/oidc/callback?{}", back.query().expect("a code"));
    app.client()
        .with_header("cookie", &cookie)
        .get(&path)
        .await
        .expect(303)
}

/// Who the refresh cookie of an answer belongs to.
async fn user_of(app: &TestApp, reply: &Reply) -> Value {
    let cookies = reply.headers.get_all("set-cookie").iter();
    let cookie = cookies
        .map(|cookie| cookie.to_str().expect("text"))
        .find(|cookie| cookie.starts_with("vitrine_refresh="))
        .expect("a refresh cookie");
    let client = app.client().with_header("origin", "http://vitrine.test");
    let client = client.with_header("cookie", cookie.split(';').next().expect("a pair"));
    client.post("/auth/refresh", &json!({})).await.expect(200).json()["user"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signs_in_at_a_real_server_and_comes_back() {
    let server = Server::start().await;
    let app = open(&server).await;
    let reply = there_and_back(&app, "ada").await;
    assert_eq!(reply.header("location"), Some("http://vitrine.test/projects"));
    let user = user_of(&app, &reply).await;
    assert_eq!(user["email"], "ada@example.com");
    assert_eq!(
        (&user["full_name"], &user["email_verified"]),
        (&json!("Ada Lovelace"), &json!(true))
    );
    let again = user_of(&app, &there_and_back(&app, "ada").await).await;
    assert_eq!(again["id"], user["id"]);
    // The server does not vouch for this address, and it has an account here.
    app.register("unproven@example.com").await;
    let refused = there_and_back(&app, "unproven").await;
    assert_eq!(
        refused.header("location"),
        Some("http://vitrine.test/login?problem=conflict")
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_access_token_of_a_real_server_is_a_bearer_token_here() {
    let server = Server::start().await;
    let app = open(&server).await;
    let user = user_of(&app, &there_and_back(&app, "ada").await).await;
    // RFC 7636, appendix B.
    let (verifier, challenge) = (
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    );
    let mut url = Url::parse(&format!("{}/auth", server.issuer)).expect("a URL");
    url.query_pairs_mut()
        .append_pair("client_id", "vitrine-cli")
        .append_pair("response_type", "code")
        .append_pair("scope", "openid api")
        .append_pair("redirect_uri", CALLBACK)
        .append_pair("code_challenge", challenge)
        .append_pair("code_challenge_method", "S256")
        .append_pair("login_hint", "ada");
    let mut browser = Browser::new();
    let back = browser.sign_in(url.as_str()).await;
    let code = back
        .query_pairs()
        .find(|(name, _)| name == "code")
        .expect("a code")
        .1
        .into_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "vitrine-cli"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", verifier),
    ];
    let request = browser.http.post(format!("{}/token", server.issuer)).form(&form);
    let tokens: Value = request
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let token = tokens["access_token"]
        .as_str()
        .unwrap_or_else(|| panic!("no token: {tokens}"));
    let client = app
        .client()
        .with_header("authorization", &format!("Bearer {token}"));
    assert_eq!(
        client.get("/auth/me").await.expect(200).json()["user"]["id"],
        user["id"]
    );
    // What is meant for the web app is no token for the API.
    let id_token = tokens["id_token"].as_str().expect("an ID token");
    let client = app
        .client()
        .with_header("authorization", &format!("Bearer {id_token}"));
    client.get("/auth/me").await.expect_problem(401, "unauthorized");
    app.finish().await;
}
