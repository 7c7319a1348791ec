//! Proving an address, and passwords that are forgotten or changed.

use chrono::Duration;
use serde_json::json;
use vitrine_platform::mail::{self, Letter, Outgoing};
use vitrine_providers::mail::MailError;
use vitrine_testkit::{Client, TestApp};

use crate::modules;

const ADA: &str = "ada@example.com";
const NEW: &str = "brass-heron-17-kettle";

async fn login(app: &TestApp, password: &str) -> u16 {
    let body = json!({ "email": ADA, "password": password });
    app.client().post("/auth/login", &body).await.status
}

async fn is_verified(client: &Client) -> bool {
    client.get("/auth/me").await.expect(200).json()["user"]["email_verified"] == true
}

/// Asks for a reset and answers the token of the letter.
async fn reset_token(app: &TestApp) -> String {
    app.client()
        .post("/auth/password/forgot", &json!({ "email": ADA }))
        .await
        .expect(202);
    app.run_jobs().await;
    app.mailed_token(ADA)
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_sign_up_is_answered_with_a_link_that_verifies_the_address(app: &TestApp) {
        let ada = app.register(ADA).await;
        assert!(!is_verified(&ada).await);
        let letters = app.mails_to(ADA);
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].subject, "Confirm your e-mail address");
        let token = app.mailed_token(ADA);
        assert!(letters[0].html.contains(&format!("http://vitrine.test/verify-email?token={token}")));
        let body = json!({ "token": token });
        let user = app.client().post("/auth/verify-email", &body).await.expect(200).json();
        assert_eq!((&user["email"], &user["email_verified"]), (&json!(ADA), &json!(true)));
        assert!(is_verified(&ada).await);
        // Opened once more, as mail scanners and impatient people do.
        app.client().post("/auth/verify-email", &body).await.expect(200);
    }

    async fn a_verification_link_ends_after_a_day_and_with_the_next_one(app: &TestApp) {
        let ada = app.register(ADA).await;
        let first = app.mailed_token(ADA);
        app.client().post("/auth/verify-email/request", &json!({ "email": "ADA@example.com" })).await.expect(202);
        app.run_jobs().await;
        let second = app.mailed_token(ADA);
        assert_ne!(first, second);
        let verify = |token: String| {
            let client = app.client();
            async move { client.post("/auth/verify-email", &json!({ "token": token })).await }
        };
        verify(first).await.expect_problem(400, "invalid_link");
        app.clock.advance(Duration::hours(24));
        verify(second).await.expect_problem(400, "invalid_link");
        verify("nonsense".to_owned()).await.expect_problem(400, "invalid_link");
        let ada = app.login(ADA).await.clone().with_header("x-request-id", ada.tokens["token_type"].as_str().expect("bearer"));
        assert!(!is_verified(&ada).await);
    }

    async fn tokens_of_one_purpose_do_not_open_another(app: &TestApp) {
        let ada = app.register(ADA).await;
        let verification = app.mailed_token(ADA);
        let body = json!({ "token": verification, "password": NEW });
        app.client().post("/auth/password/reset", &body).await.expect_problem(400, "invalid_link");
        let reset = reset_token(app).await;
        let access = ada.tokens["access_token"].as_str().expect("a token");
        for token in [reset.as_str(), access] {
            let body = json!({ "token": token });
            app.client().post("/auth/verify-email", &body).await.expect_problem(400, "invalid_link");
        }
        assert!(!is_verified(&ada).await);
    }

    async fn asking_for_letters_tells_nobody_which_accounts_exist(app: &TestApp) {
        app.register_verified(ADA).await;
        let before = app.mailer.mails().len();
        for path in ["/auth/verify-email/request", "/auth/password/forgot"] {
            let client = app.client().with_header("x-request-id", "same");
            let known = client.post(path, &json!({ "email": ADA })).await;
            let unknown = client.post(path, &json!({ "email": "nobody@example.com" })).await;
            assert_eq!((known.status, known.text()), (202, unknown.text()), "{path}");
            assert_eq!(unknown.status, 202);
            let bad = client.post(path, &json!({ "email": "nobody" })).await;
            assert_eq!(bad.expect_complaints(), ["email invalid"]);
        }
        app.run_jobs().await;
        // One letter: the reset. A verified address needs no verification.
        assert_eq!(app.mailer.mails().len(), before + 1);
    }

    async fn at_most_five_letters_of_a_kind_go_to_an_address_within_an_hour(app: &TestApp) {
        app.register(ADA).await;
        for _ in 0..8 {
            app.client().post("/auth/verify-email/request", &json!({ "email": ADA })).await.expect(202);
        }
        app.run_jobs().await;
        assert_eq!(app.mails_to(ADA).len(), 5);
        app.clock.advance(Duration::minutes(61));
        app.client().post("/auth/verify-email/request", &json!({ "email": ADA })).await.expect(202);
        app.run_jobs().await;
        assert_eq!(app.mails_to(ADA).len(), 6);
    }

    async fn a_reset_sets_the_password_ends_every_session_and_works_once(app: &TestApp) {
        let phone = app.register(ADA).await;
        let laptop = app.login(ADA).await;
        let token = reset_token(app).await;
        let reset = |password: &str| {
            let body = json!({ "token": token, "password": password });
            let client = app.client();
            async move { client.post("/auth/password/reset", &body).await }
        };
        assert_eq!(reset("short").await.expect_complaints(), ["password too_short"]);
        assert_eq!(reset(ADA).await.expect_complaints(), ["password too_common"]);
        reset(NEW).await.expect(204);
        reset("another-fine-41-word").await.expect_problem(400, "invalid_link");
        phone.get("/auth/me").await.expect_problem(401, "unauthorized");
        laptop.get("/auth/me").await.expect_problem(401, "unauthorized");
        let refresh = json!({ "refresh_token": phone.tokens["refresh_token"] });
        assert_eq!(app.client().post("/auth/refresh", &refresh).await.status, 401);
        assert_eq!((login(app, app.password()).await, login(app, NEW).await), (401, 200));
        app.deliver_mail().await;
        assert_eq!(app.mails_to(ADA).last().expect("a letter").subject, "Your password was changed");
    }

    async fn of_parallel_uses_of_a_reset_link_one_wins(app: &TestApp) {
        app.register(ADA).await;
        let token = reset_token(app).await;
        let calls = (0..4).map(|index| {
            let body = json!({ "token": token, "password": format!("{NEW}-{index}") });
            let client = app.client();
            tokio::spawn(async move { client.post("/auth/password/reset", &body).await.status })
        });
        let mut statuses: Vec<u16> =
            futures_util::future::join_all(calls).await.into_iter().map(|status| status.expect("it ran")).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 400, 400, 400]);
    }

    async fn a_reset_lifts_a_lock_and_verifies_the_address(app: &TestApp) {
        app.register(ADA).await;
        for _ in 0..5 {
            assert_eq!(login(app, "wrong").await, 401);
        }
        assert_eq!(login(app, app.password()).await, 429);
        let token = reset_token(app).await;
        app.client().post("/auth/password/reset", &json!({ "token": token, "password": NEW })).await.expect(204);
        let body = json!({ "email": ADA, "password": NEW });
        let tokens = app.client().post("/auth/login", &body).await.expect(200).json();
        assert!(is_verified(&app.client().with_tokens(&tokens)).await);
    }

    async fn of_a_link_only_its_hash_is_kept(app: &TestApp) {
        app.register(ADA).await;
        let token = reset_token(app).await;
        let rows = app.ctx.db.fetch_all(&crate::sql::LIST_LINK_HASHES, Vec::new()).await.expect("two links");
        let hashes: Vec<Vec<u8>> = rows.iter().map(|row| row.get("token_hash").expect("bytes")).collect();
        assert!(hashes.iter().all(|hash| hash.len() == 32) && hashes.len() == 2, "{hashes:?}");
        assert!(hashes.contains(&vitrine_platform::accounts::token_hash(&token)));
        assert!(!hashes.contains(&token.into_bytes()));
    }

    async fn a_reset_link_ends_after_an_hour(app: &TestApp) {
        app.register(ADA).await;
        let token = reset_token(app).await;
        app.clock.advance(Duration::hours(1));
        let body = json!({ "token": token, "password": NEW });
        app.client().post("/auth/password/reset", &body).await.expect_problem(400, "invalid_link");
        assert_eq!(login(app, app.password()).await, 200);
    }

    async fn a_change_needs_the_present_password_and_signs_the_others_out(app: &TestApp) {
        let phone = app.register(ADA).await;
        let laptop = app.login(ADA).await;
        let change = |current: &str, new: &str| {
            let body = json!({ "current_password": current, "new_password": new });
            let phone = phone.clone();
            async move { phone.post("/auth/password/change", &body).await }
        };
        assert_eq!(change("wrong", NEW).await.expect_complaints(), ["current_password wrong"]);
        assert_eq!(change(app.password(), "short").await.expect_complaints(), ["new_password too_short"]);
        let waiting = reset_token(app).await;
        change(app.password(), NEW).await.expect(204);
        assert_eq!(phone.get("/auth/me").await.status, 200);
        laptop.get("/auth/me").await.expect_problem(401, "unauthorized");
        assert_eq!((login(app, app.password()).await, login(app, NEW).await), (401, 200));
        // A link that waited in the mailbox does not undo it.
        let body = json!({ "token": waiting, "password": "yet-another-5-words" });
        app.client().post("/auth/password/reset", &body).await.expect_problem(400, "invalid_link");
    }

    async fn guessing_the_present_password_locks_like_signing_in(app: &TestApp) {
        let ada = app.register(ADA).await;
        let body = json!({ "current_password": "wrong", "new_password": NEW });
        for _ in 0..5 {
            ada.post("/auth/password/change", &body).await.expect(422);
        }
        ada.post("/auth/password/change", &body).await.expect_problem(429, "account_locked");
        assert_eq!(login(app, app.password()).await, 429);
    }

    async fn a_mail_server_that_fails_is_asked_again_and_signing_up_does_not_wait_for_it(app: &TestApp) {
        app.mailer.fail_next(MailError::Failed("connection refused".into()));
        app.register(ADA).await;
        assert_eq!(app.mails_to(ADA).len(), 0);
        app.clock.advance(Duration::minutes(2));
        app.deliver_mail().await;
        assert_eq!(app.mails_to(ADA).len(), 1);
    }

    async fn an_address_that_was_refused_gets_essential_letters_alone_until_it_is_verified(app: &TestApp) {
        app.mailer.fail_next(MailError::Refused("550 no such user".into()));
        app.register(ADA).await;
        assert_eq!(app.mails_to(ADA).len(), 0);
        let ordinary = || async {
            let email = vitrine_kernel::text::Email::parse(ADA).expect("an address");
            let letter = Letter { subject: "Ordinary".into(), ..Letter::default() };
            let mut tx = app.ctx.db.begin().await.expect("a transaction");
            let outgoing = Outgoing { to: &email, account_id: None, kind: "test", letter };
            mail::queue(&mut tx, &app.ctx, outgoing).await.expect("it is queued");
            tx.commit().await.expect("it is stored");
            app.deliver_mail().await;
            app.mails_to(ADA).len()
        };
        assert_eq!(ordinary().await, 0);
        assert!(reset_token_or_none(app).await.is_some(), "the way back into an account is always tried");
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        mail::allow_again(&mut tx, ADA).await.expect("it is forgotten");
        tx.commit().await.expect("it is stored");
        assert_eq!(ordinary().await, 2);
    }

    async fn letters_wait_sealed_and_are_forgotten_once_sent(app: &TestApp) {
        let email = vitrine_kernel::text::Email::parse(ADA).expect("an address");
        let letter = Letter {
            subject: "A subject".into(),
            heading: "A & B".into(),
            paragraphs: vec!["the secret paragraph <b>".into()],
            ..Letter::default()
        };
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        let outgoing = Outgoing { to: &email, account_id: None, kind: "test", letter };
        let id = mail::queue(&mut tx, &app.ctx, outgoing).await.expect("it is queued");
        tx.commit().await.expect("it is stored");
        let stored = |want: &'static str| async move {
            let row = app.ctx.db.fetch_one(&crate::sql::GET_MAIL, vitrine_db::values![id]).await.expect("it is there");
            assert_eq!(row.get::<String>("status").expect("a status"), want);
            row.get::<Option<Vec<u8>>>("sealed_letter").expect("readable")
        };
        let sealed = stored("queued").await.expect("it waits");
        assert!(!String::from_utf8_lossy(&sealed).contains("secret paragraph"));
        app.deliver_mail().await;
        assert_eq!(stored("sent").await, None);
        let mails = app.mails_to(ADA);
        assert_eq!((mails.len(), mails[0].subject.as_str()), (1, "A subject"));
        assert!(mails[0].text.contains("the secret paragraph <b>"));
        assert!(mails[0].html.contains("the secret paragraph &#60;b&#62;"), "{}", mails[0].html);
        // A worker that died before it could note it: the job runs again and does nothing.
        assert_eq!(app.mails_to(ADA).len(), 1);
    }
}

async fn reset_token_or_none(app: &TestApp) -> Option<String> {
    let before = app.mails_to(ADA).len();
    app.client()
        .post("/auth/password/forgot", &json!({ "email": ADA }))
        .await
        .expect(202);
    app.run_jobs().await;
    (app.mails_to(ADA).len() > before).then(|| app.mailed_token(ADA))
}
