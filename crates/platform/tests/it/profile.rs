//! What a person sets about themselves.

use serde_json::{Value, json};
use vitrine_testkit::TestApp;

use crate::modules;

const ADA: &str = "ada@example.com";

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_profile_keeps_what_was_not_sent_and_loses_what_is_null(app: &TestApp) {
        let ada = app.register(ADA).await;
        let before = ada.get("/user/profile").await.expect(200).json();
        assert_eq!(
            before,
            json!({
                "id": before["id"], "email": ADA, "email_verified": false, "full_name": "Ada Example", "locale": null,
                "timezone": null, "created_at": "2026-11-02T09:00:00Z", "updated_at": "2026-11-02T09:00:00Z",
            })
        );
        let body = json!({ "locale": "en-GB", "timezone": "Europe/Lisbon" });
        let one = ada.patch("/user/profile", &body).await.expect(200).json();
        assert_eq!((&one["full_name"], &one["locale"]), (&json!("Ada Example"), &json!("en-GB")));
        let two = ada.patch("/user/profile", &json!({ "full_name": " Ada Lovelace ", "locale": null })).await.expect(200).json();
        assert_eq!((&two["full_name"], &two["locale"], &two["timezone"]), (&json!("Ada Lovelace"), &Value::Null, &json!("Europe/Lisbon")));
        assert_eq!(ada.get("/user/profile").await.expect(200).json(), two);
        assert_eq!(ada.get("/auth/me").await.expect(200).json()["user"]["full_name"], "Ada Lovelace");
        let body = json!({ "full_name": "", "locale": "e n", "timezone": "1" });
        assert_eq!(ada.patch("/user/profile", &body).await.expect_complaints(), [
            "full_name invalid_length", "locale invalid", "timezone invalid"
        ]);
        assert_eq!(ada.patch("/user/profile", &json!({ "full_name": null, "email": "x" })).await.expect_complaints().len(), 2);
        let stale = ada.call(http::Method::PATCH, "/user/profile").header("if-match", "\"old\"").json(&json!({ "full_name": "X" }));
        stale.send().await.expect_problem(412, "precondition_failed");
    }

    async fn somebody_who_sends_slowly_keeps_nobody_from_writing(app: &TestApp) {
        let (ada, ben) = (app.register(ADA).await, app.register("ben@example.com").await);
        let tag = ada.get("/user/profile").await.expect(200).header("etag").expect("a tag").to_owned();
        let slow = ada.call(http::Method::PATCH, "/user/profile").header("if-match", &tag).endless_body().send();
        let others = async {
            for index in 0..20 {
                ben.patch("/user/profile", &json!({ "full_name": format!("Ben {index}") })).await.expect(200);
            }
        };
        tokio::select! {
            reply = slow => panic!("a body without an end was answered {}", reply.status),
            () = others => {}
        }
    }

    async fn preferences_begin_with_defaults_and_change_one_by_one(app: &TestApp) {
        let ada = app.register(ADA).await;
        let defaults = json!({
            "theme": "auto", "language": "en", "units": "metric", "default_style": null, "default_room": null,
            "reduced_motion": false,
        });
        assert_eq!(ada.get("/user/preferences").await.expect(200).json(), defaults);
        ada.patch("/user/preferences", &json!({ "theme": "dark", "default_style": "modern" })).await.expect(200);
        let now = ada.patch("/user/preferences", &json!({ "units": "imperial", "reduced_motion": true })).await.expect(200).json();
        assert_eq!(
            now,
            json!({
                "theme": "dark", "language": "en", "units": "imperial", "default_style": "modern", "default_room": null,
                "reduced_motion": true,
            })
        );
        let again = ada.patch("/user/preferences", &json!({ "default_style": null })).await.expect(200).json();
        assert_eq!((&again["default_style"], &again["theme"]), (&Value::Null, &json!("dark")));
        assert_eq!(app.login(ADA).await.get("/user/preferences").await.expect(200).json(), again);
        assert_eq!(app.register("ben@example.com").await.get("/user/preferences").await.expect(200).json(), defaults);
        for body in [json!({ "theme": "pink" }), json!({ "units": null }), json!({ "default_room": "a b" }), json!({ "colour": 1 })] {
            assert_eq!(ada.patch("/user/preferences", &body).await.expect_complaints().len(), 1, "{body}");
        }
    }

    async fn changes_that_come_together_all_count(app: &TestApp) {
        let ada = app.register(ADA).await;
        let (theme, units, motion) = (json!({ "theme": "dark" }), json!({ "units": "imperial" }), json!({ "reduced_motion": true }));
        let (a, b, c) = tokio::join!(
            ada.patch("/user/preferences", &theme),
            ada.patch("/user/preferences", &units),
            ada.patch("/user/preferences", &motion)
        );
        assert_eq!((a.status, b.status, c.status), (200, 200, 200));
        let now = ada.get("/user/preferences").await.expect(200).json();
        assert_eq!((&now["theme"], &now["units"], &now["reduced_motion"]), (&json!("dark"), &json!("imperial"), &json!(true)));
    }
}
