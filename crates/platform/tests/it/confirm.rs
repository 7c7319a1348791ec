//! Showing once more who it is: what a second factor adds to it.

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_testkit::{Client, Reply, TestApp};

use crate::mfa::{EMAIL, second, shown, waiting, with_factor};
use crate::modules;

const NEW: &str = "quiet-harbour-17-stone";

async fn export(client: &Client, body: Value) -> Reply {
    client.post("/user/export", &body).await
}

async fn leave(client: &Client, body: Value) -> Reply {
    client.call(Method::DELETE, "/user").json(&body).send().await
}

async fn change(client: &Client, body: Value) -> Reply {
    client.post("/auth/password/change", &body).await
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_session_from_before_the_factor_shows_the_factor_however_young_it_is(app: &TestApp) {
        let ada = with_factor(app).await;
        let password = app.password();
        for reply in [
            export(&ada.client, json!({})).await,
            export(&ada.client, json!({ "password": password })).await,
            leave(&ada.client, json!({ "password": password })).await,
        ] {
            assert_eq!(reply.expect_complaints(), ["code required"]);
        }
        let wrong = json!({ "password": password, "code": "000000" });
        assert_eq!(export(&ada.client, wrong).await.expect_complaints(), ["code wrong"]);
        export(&ada.client, json!({ "code": shown(app, &ada.seed, 0) })).await.expect(202);
        // A recovery code does as well, and like every code it does so once.
        let code = json!({ "code": ada.codes[0] });
        export(&ada.client, code.clone()).await.expect(202);
        assert_eq!(leave(&ada.client, code).await.expect_complaints(), ["code wrong"]);
        leave(&ada.client, json!({ "code": ada.codes[1] })).await.expect(202);
        app.may_leave_jobs();
    }

    async fn who_just_signed_in_with_both_need_not_show_them_again_until_ten_minutes_later(app: &TestApp) {
        let ada = with_factor(app).await;
        let tokens = second(app, &waiting(app).await, &shown(app, &ada.seed, 0)).await.expect(200).json();
        let fresh = app.client().with_tokens(&tokens);
        export(&fresh, json!({})).await.expect(202);
        app.clock.advance(Duration::minutes(11));
        assert_eq!(export(&fresh, json!({})).await.expect_complaints(), ["password required", "code required"]);
        let half = json!({ "password": app.password() });
        assert_eq!(leave(&fresh, half).await.expect_complaints(), ["code required"]);
        let half = json!({ "code": shown(app, &ada.seed, 0) });
        assert_eq!(leave(&fresh, half.clone()).await.expect_complaints(), ["password required"]);
        // Nothing was used up by what was incomplete.
        let both = json!({ "password": app.password(), "code": half["code"] });
        leave(&fresh, both).await.expect(202);
        app.may_leave_jobs();
    }

    async fn every_wrong_part_is_named_and_a_code_that_was_seen_is_used_up(app: &TestApp) {
        let ada = with_factor(app).await;
        let code = shown(app, &ada.seed, 0);
        let both = json!({ "password": "wrong-horse-1234", "code": "000000" });
        assert_eq!(leave(&ada.client, both).await.expect_complaints(), ["password wrong", "code wrong"]);
        let seen = json!({ "password": "wrong-horse-1234", "code": code });
        assert_eq!(leave(&ada.client, seen).await.expect_complaints(), ["password wrong"]);
        let again = json!({ "password": app.password(), "code": code });
        assert_eq!(leave(&ada.client, again.clone()).await.expect_complaints(), ["code wrong"]);
        // They count like wrong tries at the door.
        for _ in 0..2 {
            leave(&ada.client, again.clone()).await.expect(422);
        }
        leave(&ada.client, again).await.expect_problem(429, "account_locked");
    }

    async fn a_new_password_takes_the_second_factor_too(app: &TestApp) {
        let ada = with_factor(app).await;
        let with = |password: &str, new: &str, code: Option<&str>| {
            change(&ada.client, json!({ "current_password": password, "new_password": new, "code": code }))
        };
        assert_eq!(with(app.password(), NEW, None).await.expect_complaints(), ["code required"]);
        let code = shown(app, &ada.seed, 0);
        assert_eq!(with(app.password(), "short", Some(&code)).await.expect_complaints(), ["new_password too_short"]);
        assert_eq!(
            with("wrong-horse-1234", NEW, Some("000000")).await.expect_complaints(),
            ["current_password wrong", "code wrong"]
        );
        // The short one did not use the code up.
        with(app.password(), NEW, Some(&code)).await.expect(204);
        let login = json!({ "email": EMAIL, "password": NEW });
        app.client().post("/auth/login", &login).await.expect_problem(401, "mfa_required");
    }

    async fn without_a_second_factor_a_code_is_not_looked_at(app: &TestApp) {
        let ada = app.register(EMAIL).await;
        let body = json!({ "current_password": app.password(), "new_password": NEW, "code": "000000" });
        change(&ada, body).await.expect(204);
        export(&ada, json!({ "code": "000000" })).await.expect(202);
        app.may_leave_jobs();
    }
}
