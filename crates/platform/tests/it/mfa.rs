//! Second factors: authenticator apps and recovery codes.

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_platform::accounts::mfa::totp;
use vitrine_testkit::{Client, Reply, TestApp};

use crate::modules;
use crate::sql;

pub const EMAIL: &str = "ada@example.com";

/// An account with two-step sign-in, its app's seed and its recovery codes.
pub struct Ada {
    pub client: Client,
    pub seed: Vec<u8>,
    pub codes: Vec<String>,
}

/// Reads base32 as an app does.
fn seed_of(secret: &str) -> Vec<u8> {
    let mut bits = 0u64;
    let mut count = 0;
    let mut bytes = Vec::new();
    for letter in secret.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            other => panic!("{other} is no letter of base32"),
        };
        bits = bits << 5 | u64::from(value);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}

/// What the app shows, some steps from now.
pub fn shown(app: &TestApp, seed: &[u8], steps: i64) -> String {
    totp::code(seed, totp::step_at(app.ctx.now()) + steps)
}

pub async fn with_factor(app: &TestApp) -> Ada {
    let client = app.register(EMAIL).await;
    let setup = client.post_empty("/auth/mfa/totp/setup").await.expect(200).json();
    let seed = seed_of(setup["secret"].as_str().expect("a secret"));
    let code = shown(app, &seed, 0);
    let reply = client
        .post("/auth/mfa/totp/enable", &json!({ "code": code }))
        .await
        .expect(200);
    // The code of this step is used up.
    app.clock.advance(Duration::seconds(30));
    Ada {
        client,
        seed,
        codes: codes_of(&reply),
    }
}

fn codes_of(reply: &Reply) -> Vec<String> {
    let codes = reply.json()["recovery_codes"].as_array().expect("codes").clone();
    codes
        .iter()
        .map(|code| code.as_str().expect("a code").to_owned())
        .collect()
}

async fn password(app: &TestApp) -> Reply {
    app.client()
        .post(
            "/auth/login",
            &json!({ "email": EMAIL, "password": app.password() }),
        )
        .await
}

/// The token of a sign-in that waits.
pub async fn waiting(app: &TestApp) -> String {
    let problem = password(app).await.expect_problem(401, "mfa_required");
    problem["mfa_token"].as_str().expect("a token").to_owned()
}

pub async fn second(app: &TestApp, token: &str, code: &str) -> Reply {
    app.client()
        .post("/auth/mfa", &json!({ "mfa_token": token, "code": code }))
        .await
}

async fn trail(app: &TestApp) -> Vec<String> {
    let rows = app
        .ctx
        .db
        .fetch_all(&sql::TRAIL, Vec::new())
        .await
        .expect("the trail can be read");
    rows.iter()
        .map(|row| row.get("action").expect("an action"))
        .collect()
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn set_up_changes_nothing_until_a_first_code_was_right(app: &TestApp) {
        let ada = app.register(EMAIL).await;
        let status = ada.get("/auth/mfa/totp").await.expect(200).json();
        assert_eq!(status, json!({
            "is_enabled": false, "enabled_at": null, "recovery_codes_left": 0, "has_password": true
        }));
        ada.post("/auth/mfa/totp/enable", &json!({ "code": "123456" })).await.expect_problem(409, "conflict");
        let first = ada.post_empty("/auth/mfa/totp/setup").await.expect(200);
        assert_eq!(first.header("cache-control"), Some("no-store"));
        let reply = ada.post_empty("/auth/mfa/totp/setup").await.expect(200).json();
        let secret = reply["secret"].as_str().expect("a secret");
        assert_ne!(first.json()["secret"], secret);
        assert_eq!(secret.len(), 32);
        let link = format!(
            "otpauth://totp/Vitrine:{EMAIL}?secret={secret}&issuer=Vitrine&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(reply["otpauth_url"], link);
        assert!(reply["qr_svg"].as_str().expect("a picture").starts_with("<svg xmlns="));
        password(app).await.expect(200);
        // The seed of the first call is gone.
        let old = seed_of(first.json()["secret"].as_str().expect("a secret"));
        let wrong = json!({ "code": shown(app, &old, 0) });
        assert_eq!(ada.post("/auth/mfa/totp/enable", &wrong).await.expect_complaints(), ["code wrong"]);

        let code = shown(app, &seed_of(secret), 0);
        let spaced = json!({ "code": format!("{} {}", &code[..3], &code[3..]) });
        let enabled = ada.post("/auth/mfa/totp/enable", &spaced).await.expect(200);
        assert_eq!(enabled.header("cache-control"), Some("no-store"));
        let codes = codes_of(&enabled);
        let distinct: std::collections::HashSet<_> = codes.iter().collect();
        assert_eq!((codes.len(), distinct.len()), (10, 10));
        assert!(codes.iter().all(|code| code.len() == 19), "{codes:?}");
        let status = ada.get("/auth/mfa/totp").await.expect(200).json();
        assert_eq!(status, json!({
            "is_enabled": true, "enabled_at": "2026-11-02T09:00:00Z", "recovery_codes_left": 10, "has_password": true
        }));
        ada.post_empty("/auth/mfa/totp/setup").await.expect_problem(409, "conflict");
        ada.post("/auth/mfa/totp/enable", &json!({ "code": code })).await.expect_problem(409, "conflict");
        app.deliver_mail().await;
        assert_eq!(app.mails_to(EMAIL).last().expect("a letter").subject, "Two-step sign-in is on");
    }

    async fn a_right_password_gets_no_token_until_the_code_is_right_too(app: &TestApp) {
        let ada = with_factor(app).await;
        let reply = password(app).await;
        assert_eq!(reply.header("set-cookie"), None);
        let problem = reply.expect_problem(401, "mfa_required");
        assert!(problem.get("access_token").is_none() && problem.get("user").is_none(), "{problem}");
        let token = problem["mfa_token"].as_str().expect("a token");
        let tokens = second(app, token, &shown(app, &ada.seed, 0)).await.expect(200);
        assert_eq!(tokens.header("cache-control"), Some("no-store"));
        let tokens = tokens.json();
        assert_eq!((&tokens["user"]["email"], &tokens["expires_in"]), (&json!(EMAIL), &json!(900)));
        let client = app.client().with_tokens(&tokens);
        assert_eq!(client.get("/auth/me").await.expect(200).json()["user"], tokens["user"]);
        app.client().post("/auth/refresh", &json!({ "refresh_token": tokens["refresh_token"] })).await.expect(200);
        // One sign-in per token.
        app.clock.advance(Duration::seconds(30));
        second(app, token, &shown(app, &ada.seed, 0)).await.expect_problem(401, "unauthorized");
        // A wrong password says nothing of a second factor.
        let wrong = json!({ "email": EMAIL, "password": "not the password" });
        let problem = app.client().post("/auth/login", &wrong).await.expect_problem(401, "invalid_credentials");
        assert!(problem.get("mfa_token").is_none());
    }

    async fn the_password_form_asks_for_the_second_factor_too(app: &TestApp) {
        let ada = with_factor(app).await;
        let form = format!("username=ada%40example.com&password={}", app.password());
        let call = app.client().call(Method::POST, "/auth/token");
        let problem = call.body("application/x-www-form-urlencoded", form).send().await.expect_problem(401, "mfa_required");
        let token = problem["mfa_token"].as_str().expect("a token");
        second(app, token, &shown(app, &ada.seed, 0)).await.expect(200);
    }

    async fn a_page_of_ours_gets_the_cookie_and_its_device_keeps_its_name(app: &TestApp) {
        let ada = with_factor(app).await;
        let body = json!({ "email": EMAIL, "password": app.password(), "device_label": "Laptop" });
        let problem = app.client().post("/auth/login", &body).await.expect_problem(401, "mfa_required");
        let page = app.client().with_header("origin", "http://vitrine.test");
        let body = json!({ "mfa_token": problem["mfa_token"], "code": shown(app, &ada.seed, 0) });
        let reply = page.post("/auth/mfa", &body).await.expect(200);
        let cookie = reply.header("set-cookie").expect("a cookie").to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("Path=/api/v1/auth"), "{cookie}");
        assert!(reply.json().get("refresh_token").is_none());
        let sessions = ada.client.get("/auth/sessions?sort=-created_at").await.expect(200).json();
        assert_eq!(sessions["items"][0]["device_label"], "Laptop");
    }

    async fn a_code_is_good_for_a_step_around_its_own_and_never_twice(app: &TestApp) {
        let ada = with_factor(app).await;
        let token = waiting(app).await;
        for far in [-2, 2] {
            let code = shown(app, &ada.seed, far);
            second(app, &token, &code).await.expect_problem(401, "invalid_credentials");
        }
        // A clock that is a step fast; then the same code again, and the one before it.
        let (early, present) = (shown(app, &ada.seed, 1), shown(app, &ada.seed, 0));
        second(app, &token, &early).await.expect(200);
        let token = waiting(app).await;
        second(app, &token, &early).await.expect_problem(401, "invalid_credentials");
        second(app, &token, &present).await.expect_problem(401, "invalid_credentials");
        app.clock.advance(Duration::seconds(60));
        // A clock that is a step slow would show what was taken already.
        second(app, &token, &shown(app, &ada.seed, -1)).await.expect_problem(401, "invalid_credentials");
        second(app, &token, &shown(app, &ada.seed, 0)).await.expect(200);
    }

    async fn the_code_that_turned_it_on_does_not_sign_in(app: &TestApp) {
        let ada = with_factor(app).await;
        let token = waiting(app).await;
        second(app, &token, &shown(app, &ada.seed, -1)).await.expect_problem(401, "invalid_credentials");
    }

    async fn of_parallel_uses_of_one_code_exactly_one_wins(app: &TestApp) {
        let ada = with_factor(app).await;
        for code in [shown(app, &ada.seed, 0), ada.codes[0].clone()] {
            let mut calls = Vec::new();
            for _ in 0..4 {
                let body = json!({ "mfa_token": waiting(app).await, "code": code });
                let client = app.client();
                calls.push(tokio::spawn(async move { client.post("/auth/mfa", &body).await.status }));
            }
            let mut statuses: Vec<u16> =
                futures_util::future::join_all(calls).await.into_iter().map(|status| status.expect("it ran")).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 401, 401, 401], "{code}");
            // Forget the wrong ones.
            app.clock.advance(Duration::minutes(31));
        }
    }

    async fn a_recovery_code_signs_in_once(app: &TestApp) {
        let ada = with_factor(app).await;
        let typed = ada.codes[3].to_uppercase().replace('-', " ");
        second(app, &waiting(app).await, &typed).await.expect(200);
        second(app, &waiting(app).await, &ada.codes[3]).await.expect_problem(401, "invalid_credentials");
        second(app, &waiting(app).await, &ada.codes[4]).await.expect(200);
        let status = ada.client.get("/auth/mfa/totp").await.expect(200).json();
        assert_eq!(status["recovery_codes_left"], 8);
        app.deliver_mail().await;
        let mails = app.mails_to(EMAIL);
        assert!(mails.last().expect("a letter").text.contains("8 are left"));
    }

    async fn somebody_elses_recovery_code_opens_nothing(app: &TestApp) {
        let ada = with_factor(app).await;
        let eve = app.register("eve@example.com").await;
        let setup = eve.post_empty("/auth/mfa/totp/setup").await.expect(200).json();
        let seed = seed_of(setup["secret"].as_str().expect("a secret"));
        let body = json!({ "code": shown(app, &seed, 0) });
        let hers = codes_of(&eve.post("/auth/mfa/totp/enable", &body).await.expect(200));
        second(app, &waiting(app).await, &hers[0]).await.expect_problem(401, "invalid_credentials");
        second(app, &waiting(app).await, &ada.codes[0]).await.expect(200);
    }

    async fn new_recovery_codes_end_the_earlier_ones(app: &TestApp) {
        let ada = with_factor(app).await;
        let wrong = ada.client.post("/auth/mfa/recovery-codes", &json!({ "code": "000000" })).await;
        assert_eq!(wrong.expect_complaints(), ["code wrong"]);
        let body = json!({ "code": shown(app, &ada.seed, 0) });
        let reply = ada.client.post("/auth/mfa/recovery-codes", &body).await.expect(200);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let fresh = codes_of(&reply);
        assert_eq!(fresh.len(), 10);
        second(app, &waiting(app).await, &ada.codes[0]).await.expect_problem(401, "invalid_credentials");
        second(app, &waiting(app).await, &fresh[0]).await.expect(200);
    }

    async fn wrong_codes_lock_the_account_and_the_right_password_forgets_none(app: &TestApp) {
        let ada = with_factor(app).await;
        for _ in 0..5 {
            second(app, &waiting(app).await, "000000").await.expect_problem(401, "invalid_credentials");
        }
        let locked = password(app).await;
        assert_eq!(locked.header("retry-after"), Some("900"));
        locked.expect_problem(429, "account_locked");
        let code = json!({ "code": shown(app, &ada.seed, 0) });
        ada.client.post("/auth/mfa/recovery-codes", &code).await.expect_problem(429, "account_locked");
        app.clock.advance(Duration::minutes(15));
        let ada_again = waiting(app).await;
        second(app, &ada_again, &shown(app, &ada.seed, 0)).await.expect(200);
    }

    async fn a_lock_holds_against_guesses_side_by_side(app: &TestApp) {
        with_factor(app).await;
        let mut calls = Vec::new();
        let mut tokens = Vec::new();
        for _ in 0..12 {
            tokens.push(waiting(app).await);
        }
        for (guess, token) in tokens.into_iter().enumerate() {
            let body = json!({ "mfa_token": token, "code": format!("{guess:06}") });
            let client = app.client();
            calls.push(tokio::spawn(async move { client.post("/auth/mfa", &body).await.status }));
        }
        let statuses: Vec<u16> =
            futures_util::future::join_all(calls).await.into_iter().map(|status| status.expect("it ran")).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 7, "{statuses:?}");
    }

    async fn a_waiting_sign_in_ends_after_five_minutes_and_with_a_new_password(app: &TestApp) {
        let ada = with_factor(app).await;
        let token = waiting(app).await;
        app.clock.advance(Duration::minutes(5));
        second(app, &token, &shown(app, &ada.seed, 0)).await.expect_problem(401, "unauthorized");
        second(app, "nonsense", &shown(app, &ada.seed, 0)).await.expect_problem(401, "unauthorized");

        let token = waiting(app).await;
        let client = app.client();
        let body = json!({ "mfa_token": waiting(app).await, "code": shown(app, &ada.seed, 0) });
        let tokens = client.post("/auth/mfa", &body).await.expect(200).json();
        let change = json!({ "current_password": app.password(), "new_password": "quiet-harbour-17-stone", "code": ada.codes[1] });
        client.with_tokens(&tokens).post("/auth/password/change", &change).await.expect(204);
        second(app, &token, &ada.codes[0]).await.expect_problem(401, "unauthorized");
    }

    async fn a_waiting_sign_in_opens_nothing_else(app: &TestApp) {
        let ada = with_factor(app).await;
        let token = waiting(app).await;
        let bearer = app.client().with_header("authorization", &format!("Bearer {token}"));
        bearer.get("/auth/me").await.expect_problem(401, "unauthorized");
        let refresh = app.client().post("/auth/refresh", &json!({ "refresh_token": token })).await;
        refresh.expect_problem(401, "unauthorized");
        let reset = json!({ "token": token, "password": "quiet-harbour-17-stone" });
        app.client().post("/auth/password/reset", &reset).await.expect_problem(400, "invalid_link");
        // And nothing else stands in for it.
        for other in ["access_token", "refresh_token"] {
            let other = ada.client.tokens[other].as_str().expect("a token");
            second(app, other, &shown(app, &ada.seed, 0)).await.expect_problem(401, "unauthorized");
        }
    }

    async fn turning_it_off_needs_password_and_code(app: &TestApp) {
        let ada = with_factor(app).await;
        let off = |password: &str, code: &str| {
            let body = json!({ "password": password, "code": code });
            let client = ada.client.clone();
            async move { client.post("/auth/mfa/totp/disable", &body).await }
        };
        let code = shown(app, &ada.seed, 0);
        assert_eq!(off("wrong", "000000").await.expect_complaints(), ["password wrong", "code wrong"]);
        assert_eq!(off("wrong", &code).await.expect_complaints(), ["password wrong"]);
        assert_eq!(off(app.password(), &code).await.expect_complaints(), ["code wrong"]);
        let without = ada.client.post("/auth/mfa/totp/disable", &json!({ "code": code })).await;
        assert_eq!(without.expect_complaints(), ["password required"]);
        let pending = waiting(app).await;
        off(app.password(), &ada.codes[0]).await.expect(204);
        password(app).await.expect(200);
        // What waited for the factor is over, and so are the codes.
        second(app, &pending, &ada.codes[1]).await.expect_problem(401, "unauthorized");
        assert_eq!(ada.client.get("/auth/mfa/totp").await.json()["recovery_codes_left"], 0);
        let again = ada.client.post("/auth/mfa/recovery-codes", &json!({ "code": ada.codes[1] })).await;
        again.expect_problem(409, "conflict");
        off(app.password(), "000000").await.expect_problem(409, "conflict");
        app.deliver_mail().await;
        assert_eq!(app.mails_to(EMAIL).last().expect("a letter").subject, "Two-step sign-in is off");
    }

    async fn a_new_password_by_mail_leaves_the_second_factor_on(app: &TestApp) {
        let ada = with_factor(app).await;
        app.client().post("/auth/password/forgot", &json!({ "email": EMAIL })).await.expect(202);
        app.run_jobs().await;
        let body = json!({ "token": app.mailed_token(EMAIL), "password": "quiet-harbour-17-stone" });
        app.client().post("/auth/password/reset", &body).await.expect(204);
        // Devices that were signed in are not any more.
        ada.client.get("/auth/mfa/totp").await.expect_problem(401, "unauthorized");
        let login = json!({ "email": EMAIL, "password": "quiet-harbour-17-stone" });
        app.client().post("/auth/login", &login).await.expect_problem(401, "mfa_required");
    }

    async fn a_session_from_before_goes_on_and_can_be_refreshed(app: &TestApp) {
        let ada = with_factor(app).await;
        let token = ada.client.tokens["refresh_token"].clone();
        let fresh = app.client().post("/auth/refresh", &json!({ "refresh_token": token })).await.expect(200).json();
        app.client().with_tokens(&fresh).get("/auth/me").await.expect(200);
    }

    async fn the_trail_tells_of_factors_and_holds_no_secret(app: &TestApp) {
        let ada = with_factor(app).await;
        second(app, &waiting(app).await, "000000").await.expect(401);
        second(app, &waiting(app).await, &ada.codes[0]).await.expect(200);
        let body = json!({ "password": app.password(), "code": shown(app, &ada.seed, 0) });
        ada.client.post("/auth/mfa/totp/disable", &body).await.expect(204);
        let actions = trail(app).await;
        for action in ["mfa.enabled", "session.refused", "mfa.passed", "mfa.disabled"] {
            assert_eq!(actions.iter().filter(|known| *known == action).count(), 1, "{action} in {actions:?}");
        }
        let rows = app.ctx.db.fetch_all(&sql::TRAIL, Vec::new()).await.expect("the trail can be read");
        let details: Vec<Option<String>> = rows.iter().map(|row| row.get("details").expect("text or none")).collect();
        let passed = Some(r#"{"factor":"recovery_code","left":9}"#.to_owned());
        assert!(details.contains(&passed), "{details:?}");
    }

    async fn seeds_and_codes_are_not_kept_in_clear(app: &TestApp) {
        let ada = with_factor(app).await;
        let row = app.ctx.db.fetch_one(&sql::GET_SEED, Vec::new()).await.expect("one seed");
        let sealed: Vec<u8> = row.get("sealed_seed").expect("bytes");
        assert!(!sealed.windows(8).any(|window| window == &ada.seed[..8]));
        let rows = app.ctx.db.fetch_all(&sql::LIST_RECOVERY_HASHES, Vec::new()).await.expect("ten hashes");
        assert_eq!(rows.len(), 10);
        for row in rows {
            assert_eq!(row.get::<Vec<u8>>("code_hash").expect("a hash").len(), 32);
        }
        let value: Value = ada.client.get("/auth/mfa/totp").await.json();
        assert!(!value.to_string().contains(&ada.codes[0]));
    }

    async fn waiting_sign_ins_past_their_end_are_cleared_away(app: &TestApp) {
        with_factor(app).await;
        waiting(app).await;
        app.clock.advance(Duration::minutes(6));
        waiting(app).await;
        vitrine_platform::accounts::sessions::purge_expired(&app.ctx).await.expect("it is cleared");
        let row = app.ctx.db.fetch_one(&sql::COUNT_CHALLENGES, Vec::new()).await.expect("a count");
        assert_eq!(row.get::<i64>("waiting").expect("a count"), 1);
    }
}
