//! Where accounts want to be told what, and turning letters off from a letter.

use serde_json::{Value, json};
use vitrine_platform::notifications::Notice;
use vitrine_providers::mail::MailError;
use vitrine_testkit::{Client, TestApp};

use crate::notifications::{ALARM, account, modules, parcel, tell, titles};

const ADA: &str = "ada@example.com";

async fn preference(client: &Client, code: &str) -> Value {
    let all = client.get("/notifications/preferences").await.expect(200).json();
    let kinds = all["kinds"].as_array().expect("kinds").clone();
    let found = kinds.into_iter().find(|kind| kind["kind"] == code);
    found.unwrap_or_else(|| panic!("{code} is not listed in {all}"))
}

fn change(code: &str, in_app: bool, email: &str) -> Value {
    json!({ "kinds": [{ "kind": code, "in_app": in_app, "email": email }] })
}

fn subjects(app: &TestApp) -> Vec<String> {
    app.mails_to(ADA)
        .into_iter()
        .skip(1)
        .map(|mail| mail.subject)
        .collect()
}

/// Path and query of the newest letter's unsubscribe link.
fn unsubscribe_link(app: &TestApp) -> String {
    let url = app
        .mails_to(ADA)
        .pop()
        .expect("a letter")
        .unsubscribe_url
        .expect("it can be turned off");
    url.strip_prefix("http://vitrine.test/api/v1")
        .expect("an address of the API")
        .to_owned()
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn every_kind_is_listed_and_what_is_changed_stays(app: &TestApp) {
        let ada = app.register(ADA).await;
        assert_eq!(preference(&ada, "test.parcel_came").await, json!({
            "kind": "test.parcel_came", "title": "A parcel came", "in_app": true, "email": "instant",
            "is_essential": false, "is_shared": true,
        }));
        let all = ada.get("/notifications/preferences").await.expect(200);
        assert_eq!(all.json()["digest"], json!({ "timezone": "UTC", "hour": 8 }));
        assert_eq!(all.json()["address"], json!({
            "email": ADA, "is_verified": false, "refused_at": null, "refused_reason": null,
        }));
        assert!(all.header("etag").is_some());
        assert!(!all.text().contains("operator."), "operators' kinds are for operators");
        let wish = json!({
            "kinds": [{ "kind": "test.parcel_came", "email": "weekly" }],
            "digest": { "timezone": "Asia/Kolkata", "hour": 6 },
        });
        let changed = ada.patch("/notifications/preferences", &wish).await.expect(200).json();
        assert_eq!(changed["digest"], json!({ "timezone": "Asia/Kolkata", "hour": 6 }));
        let parcels = preference(&ada, "test.parcel_came").await;
        assert_eq!((&parcels["in_app"], &parcels["email"]), (&json!(true), &json!("weekly")));
        // Another account has its own.
        let eve = app.register("eve@example.com").await;
        assert_eq!(preference(&eve, "test.parcel_came").await["email"], "instant");
        app.client().get("/notifications/preferences").await.expect_problem(401, "unauthorized");
    }

    async fn every_bad_wish_is_named_and_alarms_cannot_be_switched_off(app: &TestApp) {
        let ada = app.register(ADA).await;
        let wish = json!({
            "kinds": [
                { "kind": "test.nonsense", "email": "off" },
                { "kind": "test.alarm", "in_app": false, "email": "daily" },
                { "kind": "operator.job_dead", "in_app": false },
            ],
            "digest": { "timezone": "Mars/Olympus", "hour": 24 },
        });
        assert_eq!(ada.patch("/notifications/preferences", &wish).await.expect_complaints(), [
            "kinds[0].kind unknown_value", "kinds[1].in_app essential", "kinds[1].email essential",
            "kinds[2].kind unknown_value", "digest.timezone unknown_value", "digest.hour out_of_range",
        ]);
        assert_eq!(ada.patch("/notifications/preferences", &change("test.parcel_came", true, "sometimes")).await.expect(422).status, 422);
        assert_eq!(ada.patch("/notifications/preferences", &json!({ "all": "off" })).await.expect_complaints().len(), 1);
    }

    async fn what_is_switched_off_is_not_told(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        ada.patch("/notifications/preferences", &change("test.parcel_came", false, "instant")).await.expect(200);
        tell(app, parcel(&ada, "By mail alone").await).await;
        ada.patch("/notifications/preferences", &change("test.parcel_came", true, "off")).await.expect(200);
        tell(app, parcel(&ada, "In the app alone").await).await;
        ada.patch("/notifications/preferences", &change("test.parcel_came", false, "off")).await.expect(200);
        tell(app, parcel(&ada, "Not at all").await).await;
        app.deliver_mail().await;
        assert_eq!(subjects(app), ["By mail alone"]);
        assert_eq!(titles(&ada, "").await, ["In the app alone"]);
    }

    async fn a_letter_turns_its_kind_off_without_a_login_and_looking_changes_nothing(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        tell(app, parcel(&ada, "A parcel").await).await;
        app.deliver_mail().await;
        let link = unsubscribe_link(app);
        let stranger = app.client();
        let seen = stranger.get(&link).await.expect(200).json();
        assert_eq!(seen, json!({ "title": "A parcel came", "email": "a…@example.com", "is_subscribed": true }));
        let browser = stranger.clone().with_header("accept", "text/html,application/xhtml+xml").get(&link).await.expect(303);
        assert!(browser.header("location").is_some_and(|to| to.starts_with("http://vitrine.test/unsubscribe?token=")));
        assert_eq!(preference(&ada, "test.parcel_came").await["email"], "instant", "looking changes nothing");

        // As mail programs do it, RFC 8058.
        let one_click = stranger.call(http::Method::POST, &link)
            .body("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click");
        assert_eq!(one_click.send().await.expect(200).json()["is_subscribed"], false);
        assert_eq!(stranger.post_empty(&link).await.expect(200).json()["is_subscribed"], false);
        let parcels = preference(&ada, "test.parcel_came").await;
        assert_eq!((&parcels["in_app"], &parcels["email"]), (&json!(true), &json!("off")));
        tell(app, parcel(&ada, "Another").await).await;
        app.deliver_mail().await;
        assert_eq!(subjects(app), ["A parcel"]);
    }

    async fn spoiled_links_open_nothing(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        tell(app, parcel(&ada, "A parcel").await).await;
        app.deliver_mail().await;
        let link = unsubscribe_link(app);
        let (start, signature) = link.rsplit_once('.').expect("a signature");
        let other = app.client().get(&link.replace("token=A", "token=B")).await.status;
        assert!(other == 400 || other == 200, "{other}");
        for spoiled in [start, &format!("{start}."), &format!("{start}.{}", "A".repeat(signature.len())), "/notifications/unsubscribe?token=x.y"] {
            app.client().get(spoiled).await.expect_problem(400, "invalid_link");
            app.client().post_empty(spoiled).await.expect_problem(400, "invalid_link");
        }
        assert_eq!(app.client().post_empty("/notifications/unsubscribe").await.expect_complaints().len(), 1);
        assert_eq!(preference(&ada, "test.parcel_came").await["email"], "instant");
    }

    async fn alarms_carry_no_way_to_turn_them_off(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        tell(app, Notice::new(account(&ada).await, &ALARM, "An alarm")).await;
        app.deliver_mail().await;
        assert_eq!(app.mails_to(ADA).pop().expect("a letter").unsubscribe_url, None);
    }

    async fn a_refused_address_is_shown_and_gets_essential_letters_alone(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        app.mailer.fail_next(MailError::Refused("550 no such user".into()));
        tell(app, parcel(&ada, "Refused").await).await;
        app.deliver_mail().await;
        let all = ada.get("/notifications/preferences").await.expect(200).json();
        assert_eq!((&all["address"]["refused_at"], &all["address"]["refused_reason"]),
            (&json!("2026-11-02T09:00:00Z"), &json!("550 no such user")));
        tell(app, parcel(&ada, "Kept back").await).await;
        tell(app, Notice::new(account(&ada).await, &ALARM, "An alarm")).await;
        app.deliver_mail().await;
        assert_eq!(subjects(app), ["An alarm"]);
        assert_eq!(titles(&ada, "?kind=test.parcel_came").await.len(), 2, "the app still tells");
    }
}
