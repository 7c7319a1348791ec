//! Passkeys, with a device made of software.

use chrono::Duration;
use serde_json::{Value, json};
use vitrine_testkit::{Client, Reply, TestApp};

use crate::authenticator::Authenticator;
use crate::{modules, sql};

const EMAIL: &str = "ada@example.com";
const ORIGIN: &str = "http://vitrine.test";
const RP_ID: &str = "vitrine.test";

async fn add(client: &Client, device: &mut Authenticator, name: &str) -> Reply {
    let started = client.post_empty("/auth/passkeys/start").await.expect(200).json();
    let credential = device.create(&started["public_key"]);
    let body = json!({ "token": started["token"], "name": name, "credential": credential });
    client.post("/auth/passkeys", &body).await
}

/// An account with a passkey.
async fn ada(app: &TestApp) -> (Client, Authenticator) {
    let client = app.register(EMAIL).await;
    let mut device = Authenticator::new(ORIGIN, RP_ID);
    add(&client, &mut device, "Phone").await.expect(201);
    (client, device)
}

/// A question, and what the device says to it.
async fn answered(app: &TestApp, device: &mut Authenticator) -> Value {
    let started = app
        .client()
        .post_empty("/auth/passkeys/login/start")
        .await
        .expect(200);
    assert_eq!(started.header("cache-control"), Some("no-store"));
    let started = started.json();
    json!({ "token": started["token"], "credential": device.get(&started["public_key"]) })
}

async fn sign_in(app: &TestApp, device: &mut Authenticator) -> Reply {
    let body = answered(app, device).await;
    app.client().post("/auth/passkeys/login/finish", &body).await
}

async fn trail(app: &TestApp) -> Vec<(String, Option<String>)> {
    let rows = app
        .ctx
        .db
        .fetch_all(&sql::TRAIL, Vec::new())
        .await
        .expect("the trail can be read");
    rows.iter()
        .map(|row| {
            (
                row.get("action").expect("an action"),
                row.get("details").expect("text or none"),
            )
        })
        .collect()
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_passkey_is_added_and_signs_in_without_a_password(app: &TestApp) {
        let client = app.register(EMAIL).await;
        let started = client.post_empty("/auth/passkeys/start").await.expect(200);
        assert_eq!(started.header("cache-control"), Some("no-store"));
        let started = started.json();
        let options = &started["public_key"];
        assert_eq!(options["rp"], json!({ "id": RP_ID, "name": "Vitrine" }));
        assert_eq!(options["user"]["name"], EMAIL);
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["attestation"], "none");
        let mut device = Authenticator::new(ORIGIN, RP_ID);
        let body = json!({ "token": started["token"], "name": " Phone ", "credential": device.create(options) });
        let made = client.post("/auth/passkeys", &body).await.expect(201);
        let passkey = made.json();
        let id = passkey["id"].as_str().expect("an id");
        assert_eq!(made.header("location"), Some(format!("/api/v1/auth/passkeys/{id}").as_str()));
        let expected = json!({ "id": id, "name": "Phone", "created_at": "2026-11-02T09:00:00Z", "last_used_at": null });
        assert_eq!(passkey, expected);

        app.clock.advance(Duration::minutes(1));
        let tokens = sign_in(app, &mut device).await.expect(200);
        assert_eq!(tokens.header("cache-control"), Some("no-store"));
        let tokens = tokens.json();
        assert_eq!(tokens["user"]["email"], EMAIL);
        app.client().with_tokens(&tokens).get("/auth/me").await.expect(200);
        let path = format!("/auth/passkeys/{id}");
        assert_eq!(client.get(&path).await.expect(200).json()["last_used_at"], "2026-11-02T09:01:00Z");
        sign_in(app, &mut device).await.expect(200);
        app.deliver_mail().await;
        assert_eq!(app.mails_to(EMAIL).last().expect("a letter").subject, "A passkey was added");
    }

    async fn a_page_of_ours_gets_the_cookie_and_the_session_its_name(app: &TestApp) {
        let (client, mut device) = ada(app).await;
        app.clock.advance(Duration::minutes(1));
        let mut body = answered(app, &mut device).await;
        body["device_label"] = json!("Laptop");
        let page = app.client().with_header("origin", ORIGIN);
        let reply = page.post("/auth/passkeys/login/finish", &body).await.expect(200);
        assert!(reply.header("set-cookie").expect("a cookie").contains("HttpOnly"));
        assert!(reply.json().get("refresh_token").is_none());
        let sessions = client.get("/auth/sessions?sort=-created_at").await.expect(200).json();
        assert_eq!(sessions["items"][0]["device_label"], "Laptop");
    }

    async fn an_answer_from_another_origin_or_for_another_site_is_refused(app: &TestApp) {
        let (client, mut device) = ada(app).await;
        for origin in ["http://vitrine.test.evil.example", "https://vitrine.test", "http://vitrine.test:8080", "null"] {
            device.origin = origin.to_owned();
            sign_in(app, &mut device).await.expect_problem(401, "invalid_credentials");
        }
        device.origin = ORIGIN.to_owned();
        device.rp_id = "evil.example".to_owned();
        sign_in(app, &mut device).await.expect_problem(401, "invalid_credentials");
        device.rp_id = RP_ID.to_owned();
        sign_in(app, &mut device).await.expect(200);
        let mut foreign = Authenticator::new("http://evil.example", RP_ID);
        assert_eq!(add(&client, &mut foreign, "Foreign").await.expect_complaints(), ["credential refused"]);
        let mut foreign = Authenticator::new(ORIGIN, "evil.example");
        assert_eq!(add(&client, &mut foreign, "Foreign").await.expect_complaints(), ["credential refused"]);
    }

    async fn a_device_that_did_not_check_its_owner_is_refused(app: &TestApp) {
        let (client, mut device) = ada(app).await;
        device.is_verified = false;
        sign_in(app, &mut device).await.expect_problem(401, "invalid_credentials");
        let mut other = Authenticator::new(ORIGIN, RP_ID);
        other.is_verified = false;
        assert_eq!(add(&client, &mut other, "Key").await.expect_complaints(), ["credential refused"]);
    }

    async fn a_question_is_answered_once_and_within_five_minutes(app: &TestApp) {
        let (client, mut device) = ada(app).await;
        let body = answered(app, &mut device).await;
        app.client().post("/auth/passkeys/login/finish", &body).await.expect(200);
        app.client().post("/auth/passkeys/login/finish", &body).await.expect_problem(400, "invalid_link");
        // The same answer to another question.
        let mut replayed = answered(app, &mut device).await;
        replayed["credential"] = body["credential"].clone();
        let reply = app.client().post("/auth/passkeys/login/finish", &replayed).await;
        reply.expect_problem(401, "invalid_credentials");
        let late = answered(app, &mut device).await;
        app.clock.advance(Duration::minutes(5));
        app.client().post("/auth/passkeys/login/finish", &late).await.expect_problem(400, "invalid_link");

        let started = client.post_empty("/auth/passkeys/start").await.expect(200).json();
        let mut other = Authenticator::new(ORIGIN, RP_ID);
        let credential = other.create(&started["public_key"]);
        let body = json!({ "token": started["token"], "name": "Key", "credential": credential });
        // Somebody else's question.
        let eve = app.register("eve@example.com").await;
        eve.post("/auth/passkeys", &body).await.expect_problem(400, "invalid_link");
        client.post("/auth/passkeys", &body).await.expect(201);
        client.post("/auth/passkeys", &body).await.expect_problem(400, "invalid_link");
    }

    async fn a_question_of_one_kind_is_no_question_of_the_other(app: &TestApp) {
        let (client, mut device) = ada(app).await;
        let started = client.post_empty("/auth/passkeys/start").await.expect(200).json();
        let body = json!({ "token": started["token"], "credential": device.get(&started["public_key"]) });
        app.client().post("/auth/passkeys/login/finish", &body).await.expect_problem(400, "invalid_link");
        let started = app.client().post_empty("/auth/passkeys/login/start").await.expect(200).json();
        let mut other = Authenticator::new(ORIGIN, RP_ID);
        let options = json!({ "challenge": started["public_key"]["challenge"], "user": { "id": "AAAA" } });
        let body = json!({ "token": started["token"], "name": "Key", "credential": other.create(&options) });
        client.post("/auth/passkeys", &body).await.expect_problem(400, "invalid_link");
    }

    async fn a_copy_of_a_device_is_found_by_its_counter(app: &TestApp) {
        let (_, mut device) = ada(app).await;
        let counter = device.counter;
        sign_in(app, &mut device).await.expect(200);
        sign_in(app, &mut device).await.expect(200);
        device.counter = counter;
        sign_in(app, &mut device).await.expect_problem(401, "invalid_credentials");
        let refused = ("passkey.refused".to_owned(), Some(r#"{"may_be_copied":true}"#.to_owned()));
        let seen = trail(app).await;
        assert_eq!(seen.iter().filter(|line| **line == refused).count(), 1, "{seen:?}");
        // The device that is ahead still opens the account.
        device.counter = counter + 2;
        sign_in(app, &mut device).await.expect(200);
    }

    async fn a_device_that_does_not_count_signs_in_again_and_again(app: &TestApp) {
        let client = app.register(EMAIL).await;
        let mut device = Authenticator::new(ORIGIN, RP_ID);
        device.step = 0;
        add(&client, &mut device, "Cloud").await.expect(201);
        sign_in(app, &mut device).await.expect(200);
        sign_in(app, &mut device).await.expect(200);
    }

    async fn a_passkey_needs_no_second_factor_and_no_lock_stops_it(app: &TestApp) {
        let (_, mut device) = ada(app).await;
        let wrong = json!({ "email": EMAIL, "password": "wrong" });
        for _ in 0..5 {
            app.client().post("/auth/login", &wrong).await.expect_problem(401, "invalid_credentials");
        }
        app.client().post("/auth/login", &wrong).await.expect_problem(429, "account_locked");
        sign_in(app, &mut device).await.expect(200);
    }

    async fn somebody_elses_handle_and_unknown_devices_open_nothing(app: &TestApp) {
        let (_, mut device) = ada(app).await;
        let eve = app.register("eve@example.com").await;
        let mut hers = Authenticator::new(ORIGIN, RP_ID);
        add(&eve, &mut hers, "Hers").await.expect(201);
        std::mem::swap(&mut device.user_handle, &mut hers.user_handle);
        sign_in(app, &mut device).await.expect_problem(401, "invalid_credentials");
        let mut unknown = Authenticator::new(ORIGIN, RP_ID);
        unknown.user_handle = hers.user_handle.clone();
        sign_in(app, &mut unknown).await.expect_problem(401, "invalid_credentials");
    }

    async fn a_device_is_added_once(app: &TestApp) {
        let (client, mut device) = ada(app).await;
        let started = client.post_empty("/auth/passkeys/start").await.expect(200).json();
        let excluded = started["public_key"]["excludeCredentials"].as_array().expect("a list").len();
        assert_eq!(excluded, 1);
        assert_eq!(add(&client, &mut device, "Again").await.expect_complaints(), ["credential refused"]);
        let eve = app.register("eve@example.com").await;
        add(&eve, &mut device, "Taken").await.expect_problem(409, "conflict");
    }

    async fn passkeys_are_listed_renamed_and_removed_by_their_owner_alone(app: &TestApp) {
        let (client, mut phone) = ada(app).await;
        app.clock.advance(Duration::minutes(1));
        let mut key = Authenticator::new(ORIGIN, RP_ID);
        add(&client, &mut key, "Key").await.expect(201);
        let names = |reply: Reply| {
            let page = reply.expect(200).json();
            let items = page["items"].as_array().expect("items").clone();
            items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
        };
        let page = client.get("/auth/passkeys").await;
        assert_eq!(page.json()["total"], 2);
        let id = page.json()["items"][1]["id"].as_str().expect("an id").to_owned();
        assert_eq!(names(page), ["Key", "Phone"]);
        assert_eq!(names(client.get("/auth/passkeys?sort=created_at&limit=1").await), ["Phone"]);

        let path = format!("/auth/passkeys/{id}");
        let eve = app.register("eve@example.com").await;
        eve.get(&path).await.expect_problem(404, "not_found");
        eve.patch(&path, &json!({ "name": "Mine" })).await.expect_problem(404, "not_found");
        eve.delete(&path).await.expect_problem(404, "not_found");
        assert!(names(eve.get("/auth/passkeys").await).is_empty());

        assert_eq!(client.patch(&path, &json!({ "name": " " })).await.expect_complaints(), ["name invalid"]);
        let tag = client.get(&path).await.expect(200).header("etag").expect("a tag").to_owned();
        client.patch(&path, &json!({ "name": "Old phone" })).await.expect(200);
        let stale = client.clone().with_header("if-match", &tag);
        stale.delete(&path).await.expect_problem(412, "precondition_failed");
        client.delete(&path).await.expect(204);
        client.delete(&path).await.expect_problem(404, "not_found");
        assert_eq!(names(client.get("/auth/passkeys").await), ["Key"]);
        sign_in(app, &mut phone).await.expect_problem(401, "invalid_credentials");
        sign_in(app, &mut key).await.expect(200);
        app.deliver_mail().await;
        let letter = app.mails_to(EMAIL).pop().expect("a letter");
        assert_eq!(letter.subject, "A passkey was removed");
        assert!(letter.text.contains("“Old phone”"), "{}", letter.text);
    }

    async fn what_is_no_answer_is_named(app: &TestApp) {
        let client = app.register(EMAIL).await;
        let body = json!({ "token": "x", "name": "", "credential": { "id": 5 } });
        let complaints = client.post("/auth/passkeys", &body).await.expect_complaints();
        assert_eq!(complaints, ["name invalid", "credential invalid"]);
        let body = json!({ "token": "x", "credential": {} });
        let reply = app.client().post("/auth/passkeys/login/finish", &body).await;
        assert_eq!(reply.expect_complaints(), ["credential invalid"]);
    }

    async fn questions_past_their_end_are_cleared_away(app: &TestApp) {
        app.client().post_empty("/auth/passkeys/login/start").await.expect(200);
        app.clock.advance(Duration::minutes(6));
        app.client().post_empty("/auth/passkeys/login/start").await.expect(200);
        vitrine_platform::accounts::sessions::purge_expired(&app.ctx).await.expect("it is cleared");
        let row = app.ctx.db.fetch_one(&sql::COUNT_CEREMONIES, Vec::new()).await.expect("a count");
        assert_eq!(row.get::<i64>("waiting").expect("a count"), 1);
    }
}
