//! Another sign-in service: its bearer tokens and the way there and back, with keys of our own.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use vitrine_testkit::{EngineKind, Reply, TestApp};

use crate::issuer::{AUDIENCE, CLIENT, FakeIssuer, ISSUER, Key, RSA_MODULUS};
use crate::modules;

pub const EMAIL: &str = "ada@example.com";

pub async fn open(engine: EngineKind, fake: &Arc<FakeIssuer>) -> Option<TestApp> {
    let oidc = fake.connected();
    TestApp::open_with(engine, modules(), |options| {
        options.extensions.insert(oidc);
    })
    .await
}

/// What a token of the issuer says of Ada.
pub fn claims(app: &TestApp) -> Value {
    let now = app.ctx.now().timestamp();
    json!({
        "iss": ISSUER, "sub": "ada-1", "aud": AUDIENCE, "iat": now, "exp": now + 300,
        "email": EMAIL, "email_verified": true, "name": "Ada Lovelace",
    })
}

pub fn with(mut claims: Value, field: &str, value: Value) -> Value {
    claims[field] = value;
    claims
}

pub async fn me(app: &TestApp, token: &str) -> Reply {
    app.client()
        .with_header("authorization", &format!("Bearer {token}"))
        .get("/auth/me")
        .await
}

/// Runs a story with an issuer on both engines.
#[macro_export]
macro_rules! issuer_stories {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident, $fake:ident, $key:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn story(engine: vitrine_testkit::EngineKind) {
                let $key = $crate::issuer::Key::elliptic("first");
                let $fake = $crate::issuer::FakeIssuer::with(&[&$key]);
                let Some(app) = $crate::oidc::open(engine, &$fake).await else { return };
                {
                    let $app = &app;
                    $body
                }
                app.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story(vitrine_testkit::EngineKind::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                story(vitrine_testkit::EngineKind::Postgres).await;
            }
        }
    )+};
}

/// Begins a sign-in: the cookie, and what the issuer is asked.
pub async fn begin(app: &TestApp, path: &str) -> (String, std::collections::HashMap<String, String>) {
    let reply = app.client().get(path).await.expect(303);
    let cookie = reply.header("set-cookie").expect("a cookie").to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let url = Url::parse(reply.header("location").expect("an address")).expect("a URL");
    assert_eq!(
        url.as_str().split('?').next(),
        Some("https://issuer.test/authorize")
    );
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    (cookie, url.query_pairs().into_owned().collect())
}

pub async fn come_back(app: &TestApp, cookie: &str, state: &str) -> Reply {
    let client = app.client().with_header("cookie", cookie);
    client
        .get(&format!(
            "/auth/oidc/callback?code=the-code&state={state}&iss=x&session_state=y"
        ))
        .await
}

pub fn location(reply: &Reply) -> &str {
    reply.header("location").expect("an address")
}

/// The refresh token in the cookie of an answer.
pub fn refresh_cookie(reply: &Reply) -> Option<String> {
    reply.headers.get_all("set-cookie").iter().find_map(|cookie| {
        let text = cookie.to_str().ok()?;
        let value = text.strip_prefix("vitrine_refresh=")?.split(';').next()?;
        Some(value.to_owned())
    })
}

issuer_stories! {
    async fn a_bearer_token_of_the_issuer_makes_an_account_on_first_sight(app, fake, key) {
        let token = key.sign(&claims(app));
        let first = me(app, &token).await.expect(200).json();
        assert_eq!((&first["user"]["email"], &first["user"]["full_name"]), (&json!(EMAIL), &json!("Ada Lovelace")));
        assert_eq!(first["user"]["email_verified"], true);
        assert_eq!(first["workspaces"][0]["role"], "owner");
        // The subject is who it is, whatever becomes of the address.
        let moved = key.sign(&with(claims(app), "email", json!("moved@example.com")));
        assert_eq!(me(app, &moved).await.expect(200).json()["user"]["id"], first["user"]["id"]);
        let bearer = app.client().with_header("authorization", &format!("Bearer {token}"));
        bearer.get("/billing/usage").await.expect(200);
        // There is no password to sign in with.
        let login = json!({ "email": EMAIL, "password": app.password() });
        app.client().post("/auth/login", &login).await.expect_problem(401, "invalid_credentials");
        assert_eq!(fake.fetches(), 1);
    }

    async fn both_kinds_of_keys_are_believed(app, fake, key) {
        let rsa = Key::rsa("second");
        fake.publish(&[&key, &rsa]);
        me(app, &key.sign(&claims(app))).await.expect(200);
        me(app, &rsa.sign(&claims(app))).await.expect(200);
    }

    async fn what_is_wrong_with_a_token_is_not_told_and_it_opens_nothing(app, _fake, key) {
        let now = app.ctx.now().timestamp();
        let good = claims(app);
        let mut without_exp = good.clone();
        without_exp.as_object_mut().expect("an object").remove("exp");
        for (what, wrong) in [
            ("expired", with(good.clone(), "exp", json!(now - 61))),
            ("never expires", without_exp),
            ("not yet valid", with(good.clone(), "nbf", json!(now + 61))),
            ("of another issuer", with(good.clone(), "iss", json!("https://issuer.test/"))),
            ("for somebody else", with(good.clone(), "aud", json!("https://other.test/api"))),
            ("for some others", with(good.clone(), "aud", json!(["a", "b"]))),
            ("for the web app", with(good.clone(), "aud", json!(CLIENT))),
            ("for nobody", with(good.clone(), "aud", json!(null))),
            ("of nobody", with(good.clone(), "sub", json!(""))),
        ] {
            let reply = me(app, &key.sign(&wrong)).await;
            assert_eq!(reply.status, 401, "{what}: {}", reply.text());
            reply.expect_problem(401, "unauthorized");
        }
        for (what, right) in [
            ("expired within the tolerance", with(good.clone(), "exp", json!(now - 59))),
            ("valid within the tolerance", with(good.clone(), "nbf", json!(now + 60))),
            ("for us and others", with(good.clone(), "aud", json!(["a", AUDIENCE]))),
        ] {
            assert_eq!(me(app, &key.sign(&right)).await.status, 200, "{what}");
        }
    }

    async fn a_token_that_the_issuer_did_not_sign_opens_nothing(app, fake, key) {
        let rsa = Key::rsa("rsa");
        fake.publish(&[&key, &rsa]);
        let good = key.sign(&claims(app));
        let parts: Vec<&str> = good.split('.').collect();
        // {"alg":"none","kid":"first"}
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"first"}"#);
        let unsigned = format!("{none}.{}.", parts[1]);
        // The issuer's public key, which everybody has, used as a shared secret.
        let modulus = URL_SAFE_NO_PAD.decode(RSA_MODULUS.trim()).expect("base64");
        let confused = |secret: &[u8]| {
            let header = Header { kid: Some("rsa".to_owned()), ..Header::new(Algorithm::HS256) };
            jsonwebtoken::encode(&header, &claims(app), &EncodingKey::from_secret(secret)).expect("it signs")
        };
        let stranger = Key::elliptic("first").sign(&claims(app));
        // Signed with one kind of key, and named after one of the other kind.
        let crossed = key.named("rsa").sign(&claims(app));
        let other = URL_SAFE_NO_PAD.encode(with(claims(app), "sub", json!("eve")).to_string());
        let changed = format!("{}.{other}.{}", parts[0], parts[2]);
        for (what, token) in [
            ("none", unsigned),
            ("HS256 with the modulus", confused(&modulus)),
            ("HS256 with the text of the modulus", confused(RSA_MODULUS.trim().as_bytes())),
            ("a stranger's key", stranger),
            ("the wrong kind of key", crossed),
            ("changed claims", changed),
            ("cut", good[..good.len() - 4].to_owned()),
        ] {
            let reply = me(app, &token).await;
            assert_eq!(reply.status, 401, "{what}: {}", reply.text());
        }
        me(app, &good).await.expect(200);
    }

    async fn an_unknown_key_is_asked_for_once_a_minute(app, fake, key) {
        me(app, &key.sign(&claims(app))).await.expect(200);
        let next = Key::elliptic("next");
        fake.publish(&[&key, &next]);
        // Too soon: anybody could make us ask again and again.
        me(app, &next.sign(&claims(app))).await.expect_problem(401, "unauthorized");
        assert_eq!(fake.fetches(), 1);
        app.clock.advance(Duration::seconds(60));
        me(app, &next.sign(&claims(app))).await.expect(200);
        assert_eq!(fake.fetches(), 2);
        for id in ["a", "b", "c"] {
            me(app, &Key::elliptic(id).sign(&claims(app))).await.expect_problem(401, "unauthorized");
        }
        assert_eq!(fake.fetches(), 2);
    }

    async fn a_key_that_was_withdrawn_is_forgotten_and_an_absence_is_survived(app, fake, key) {
        me(app, &key.sign(&claims(app))).await.expect(200);
        fake.say(|words| words.is_away = true);
        app.clock.advance(Duration::hours(2));
        me(app, &key.sign(&claims(app))).await.expect(200);
        fake.say(|words| words.is_away = false);
        fake.publish(&[&Key::elliptic("other")]);
        app.clock.advance(Duration::seconds(10));
        me(app, &key.sign(&claims(app))).await.expect_problem(401, "unauthorized");
    }

    async fn an_issuer_that_is_away_is_not_asked_by_every_request(app, fake, key) {
        fake.say(|words| words.is_away = true);
        me(app, &key.sign(&claims(app))).await.expect_problem(504, "provider_timeout");
        for _ in 0..3 {
            me(app, &key.sign(&claims(app))).await.expect_problem(502, "provider_failed");
        }
        assert_eq!(fake.asked(), 1);
        fake.say(|words| words.is_away = false);
        app.clock.advance(Duration::seconds(10));
        me(app, &key.sign(&claims(app))).await.expect(200);
        assert_eq!(fake.asked(), 2);

        fake.say(|words| words.is_away = true);
        app.clock.advance(Duration::hours(2));
        for id in ["a", "b", "c"] {
            me(app, &key.sign(&claims(app))).await.expect(200);
            me(app, &Key::elliptic(id).sign(&claims(app))).await.expect_problem(401, "unauthorized");
        }
        assert_eq!(fake.asked(), 3);
    }

    async fn tokens_of_the_issuer_are_a_device_that_can_be_signed_out(app, _fake, key) {
        let token = key.sign(&claims(app));
        let client = app.client().with_header("authorization", &format!("Bearer {token}"));
        let sessions = client.get("/auth/sessions").await.expect(200).json();
        assert_eq!(sessions["total"], 1);
        assert_eq!(sessions["items"][0]["device_label"], "Tokens of issuer.test");
        assert_eq!(sessions["items"][0]["is_current"], true);
        app.clock.advance(Duration::minutes(1));
        client.get("/auth/me").await.expect(200);
        assert_eq!(client.get("/auth/sessions").await.json()["total"], 1);
        client.post_empty("/auth/logout-all").await.expect(204);
        client.get("/auth/me").await.expect_problem(401, "unauthorized");
        // A token that was issued later is a new sign-in.
        app.clock.advance(Duration::seconds(1));
        me(app, &key.sign(&claims(app))).await.expect(200);
        me(app, &token).await.expect_problem(401, "unauthorized");
    }

    async fn an_issuer_that_calls_itself_otherwise_is_not_believed(app, fake, key) {
        fake.say(|words| words.issuer = Some("https://evil.test".to_owned()));
        me(app, &key.sign(&claims(app))).await.expect_problem(502, "provider_failed");
    }

    async fn an_address_joins_an_account_only_when_the_issuer_vouches_for_it(app, _fake, key) {
        let local = app.register_verified(EMAIL).await;
        for unproven in [json!(false), json!("false"), json!(null)] {
            let token = key.sign(&with(claims(app), "email_verified", unproven));
            me(app, &token).await.expect_problem(409, "conflict");
        }
        let joined = me(app, &key.sign(&claims(app))).await.expect(200).json();
        assert_eq!(joined["user"]["id"], local.tokens["user"]["id"]);
        // Whoever proved the address keeps the password and the devices.
        local.get("/auth/me").await.expect(200);
        app.login(EMAIL).await;
    }

    async fn whoever_took_an_address_without_proving_it_loses_the_account_to_its_owner(app, _fake, key) {
        let squatter = app.register(EMAIL).await;
        let owner = me(app, &key.sign(&claims(app))).await.expect(200).json();
        assert_eq!(owner["user"]["id"], squatter.tokens["user"]["id"]);
        assert_eq!(owner["user"]["email_verified"], true);
        squatter.get("/auth/me").await.expect_problem(401, "unauthorized");
        let login = json!({ "email": EMAIL, "password": app.password() });
        app.client().post("/auth/login", &login).await.expect_problem(401, "invalid_credentials");
    }

    async fn an_address_that_nobody_vouches_for_makes_an_unproven_account(app, _fake, key) {
        let token = key.sign(&with(claims(app), "email_verified", json!(false)));
        let me = me(app, &token).await.expect(200).json();
        assert_eq!(me["user"]["email_verified"], false);
        app.deliver_mail().await;
        assert_eq!(app.mails_to(EMAIL).len(), 1);
    }

    async fn a_token_without_an_address_asks_the_issuer_for_it(app, fake, key) {
        let bare = key.sign(&with(claims(app), "email", json!(null)));
        fake.say(|words| words.userinfo = json!({ "sub": "eve", "email": EMAIL, "email_verified": true }));
        me(app, &bare).await.expect_problem(401, "unauthorized");
        fake.say(|words| words.userinfo = json!({ "sub": "ada-1" }));
        me(app, &bare).await.expect_problem(403, "forbidden");
        fake.say(|words| words.userinfo = json!({ "sub": "ada-1", "email": EMAIL, "email_verified": true }));
        assert_eq!(me(app, &bare).await.expect(200).json()["user"]["email"], EMAIL);
    }

    async fn the_way_there_and_back_ends_in_a_session(app, fake, key) {
        let offer = app.client().get("/auth/oidc").await.expect(200).json();
        assert_eq!(offer, json!({ "is_offered": true, "name": "issuer.test" }));
        let (cookie, asked) = begin(app, "/auth/oidc/login?next=/projects/7").await;
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["redirect_uri"], "http://vitrine.test/api/v1/auth/oidc/callback");
        assert_eq!(asked["scope"], "openid email profile");
        assert_eq!(asked["code_challenge_method"], "S256");
        let id_token = with(with(claims(app), "aud", json!(CLIENT)), "nonce", json!(asked["nonce"]));
        fake.say(|words| words.id_token = key.sign(&id_token));
        let reply = come_back(app, &cookie, &asked["state"]).await.expect(303);
        assert_eq!(location(&reply), "http://vitrine.test/projects/7");
        let (code, verifier) = fake.say(|words| words.exchanged.clone()).expect("the code was traded");
        assert_eq!(code, "the-code");
        assert_eq!(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())), asked["code_challenge"]);
        let page = app.client().with_header("origin", "http://vitrine.test");
        let cookie = format!("vitrine_refresh={}", refresh_cookie(&reply).expect("a refresh cookie"));
        let tokens = page.with_header("cookie", &cookie).post("/auth/refresh", &json!({})).await.expect(200).json();
        assert_eq!(tokens["user"]["email"], EMAIL);
    }

    async fn the_second_factor_is_asked_for_and_the_wanted_page_is_kept(app, fake, key) {
        let ada = crate::mfa::with_factor(app).await;
        app.client().post("/auth/verify-email", &json!({ "token": app.first_mailed_token(EMAIL) })).await.expect(200);
        for (next, query) in [("/auth/oidc/login?next=/projects/7?view%3D2", "?next=%2Fprojects%2F7%3Fview%3D2"), ("/auth/oidc/login", "")] {
            let (cookie, asked) = begin(app, next).await;
            let id_token = with(with(claims(app), "aud", json!(CLIENT)), "nonce", json!(asked["nonce"]));
            fake.say(|words| words.id_token = key.sign(&id_token));
            let reply = come_back(app, &cookie, &asked["state"]).await.expect(303);
            assert_eq!(refresh_cookie(&reply), None);
            let (page, token) = location(&reply).split_once("#mfa_token=").expect("a token behind the #");
            assert_eq!(page, format!("http://vitrine.test/login{query}"));
            let code = crate::mfa::shown(app, &ada.seed, 0);
            crate::mfa::second(app, token, &code).await.expect(200);
            app.clock.advance(Duration::seconds(30));
        }
    }

    async fn an_answer_is_taken_once_in_time_and_in_the_browser_that_began(app, fake, key) {
        let failed = |reply: &Reply, code: &str| {
            assert_eq!(location(reply), format!("http://vitrine.test/login?problem={code}"));
            assert_eq!(refresh_cookie(reply), None);
        };
        let answer = |nonce: &str| {
            let id_token = with(with(claims(app), "aud", json!(CLIENT)), "nonce", json!(nonce));
            fake.say(|words| words.id_token = key.sign(&id_token));
        };
        let (cookie, asked) = begin(app, "/auth/oidc/login").await;
        answer(&asked["nonce"]);
        let (other, _) = begin(app, "/auth/oidc/login").await;
        failed(&come_back(app, &other, &asked["state"]).await.expect(303), "invalid_link");
        failed(&come_back(app, "x=y", &asked["state"]).await.expect(303), "invalid_link");
        failed(&come_back(app, &cookie, "made-up").await.expect(303), "invalid_link");
        let reply = come_back(app, &cookie, &asked["state"]).await.expect(303);
        assert_eq!(location(&reply), "http://vitrine.test/");
        failed(&come_back(app, &cookie, &asked["state"]).await.expect(303), "invalid_link");

        let (cookie, asked) = begin(app, "/auth/oidc/login").await;
        answer("another nonce");
        failed(&come_back(app, &cookie, &asked["state"]).await.expect(303), "unauthorized");
        let (cookie, asked) = begin(app, "/auth/oidc/login").await;
        answer(&asked["nonce"]);
        app.clock.advance(Duration::minutes(10));
        failed(&come_back(app, &cookie, &asked["state"]).await.expect(303), "invalid_link");
        let (cookie, asked) = begin(app, "/auth/oidc/login").await;
        let client = app.client().with_header("cookie", &cookie);
        let path = format!("/auth/oidc/callback?error=access_denied&state={}", asked["state"]);
        failed(&client.get(&path).await.expect(303), "forbidden");
    }

    async fn an_id_token_for_another_client_is_not_ours(app, fake, key) {
        for (aud, azp) in [
            (json!("other"), json!(null)),
            (json!(AUDIENCE), json!(null)),
            (json!([CLIENT, "other"]), json!(null)),
            (json!([CLIENT, "other"]), json!("other")),
            (json!(CLIENT), json!("other")),
        ] {
            let (cookie, asked) = begin(app, "/auth/oidc/login").await;
            let id_token = with(with(claims(app), "aud", aud.clone()), "azp", azp.clone());
            let id_token = with(id_token, "nonce", json!(asked["nonce"]));
            fake.say(|words| words.id_token = key.sign(&id_token));
            let reply = come_back(app, &cookie, &asked["state"]).await.expect(303);
            assert_eq!(location(&reply), "http://vitrine.test/login?problem=unauthorized", "{aud} {azp}");
        }
    }

    async fn no_page_elsewhere_is_returned_to(app, fake, key) {
        let (cookie, asked) = begin(app, "/auth/oidc/login?next=//evil.test").await;
        let id_token = with(with(claims(app), "aud", json!(CLIENT)), "nonce", json!(asked["nonce"]));
        fake.say(|words| words.id_token = key.sign(&id_token));
        let reply = come_back(app, &cookie, &asked["state"]).await.expect(303);
        assert_eq!(location(&reply), "http://vitrine.test/");
    }
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn without_an_issuer_there_is_nothing_to_sign_in_with(app: &TestApp) {
        let key = Key::elliptic("first");
        me(app, &key.sign(&claims(app))).await.expect_problem(401, "unauthorized");
        assert_eq!(app.client().get("/auth/oidc").await.expect(200).json()["is_offered"], false);
        app.client().get("/auth/oidc/login").await.expect_problem(503, "not_configured");
    }
}
