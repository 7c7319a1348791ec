//! What people are told of tickets, posts and the instance itself: the bell, with a link, and letters as they wish.

use chrono::Duration;
use serde_json::{Value, json};
use vitrine_hub::status::health::{Component, observe, register};
use vitrine_platform::jobs;
use vitrine_platform::notifications::jobs::Tick;
use vitrine_testkit::{Client, TestApp, app_test};

use crate::support::{account_id, ask, modules, operator, post, text};

/// `kind | title | link` of what a bell shows, newest first. What is told after a look is a second younger.
async fn bell(app: &TestApp, client: &Client) -> Vec<String> {
    app.clock.advance(Duration::seconds(1));
    let page = client.get("/notifications").await.expect(200).json();
    let items = page["items"].as_array().expect("a page has items").clone();
    let shown = |item: &Value| {
        format!(
            "{} | {} | {}",
            text(item, "kind"),
            text(item, "title"),
            text(item, "link")
        )
    };
    items.iter().map(shown).collect()
}

async fn wish(client: &Client, kind: &str, in_app: bool, email: &str) {
    let body = json!({ "kinds": [{ "kind": kind, "in_app": in_app, "email": email }] });
    let _ = client
        .patch("/notifications/preferences", &body)
        .await
        .expect(200);
}

/// Letters an address got since the last look.
async fn letters(app: &TestApp, address: &str, seen: &mut usize) -> Vec<String> {
    app.deliver_mail().await;
    let all = app.mails_to(address);
    let new = all[*seen..].iter().map(|mail| mail.subject.clone()).collect();
    *seen = all.len();
    new
}

async fn reply(client: &Client, ticket: &str, body: &str) {
    let path = format!("/support/tickets/{ticket}/messages");
    let _ = client.post(&path, &json!({ "body": body })).await.expect(201);
}

async fn change(client: &Client, ticket: &str, body: &Value) {
    let path = format!("/support/tickets/{ticket}");
    let _ = client.patch(&path, body).await.expect(200);
}

async fn comment(client: &Client, post: &str, body: &Value) -> String {
    let path = format!("/community/posts/{post}/comments");
    let made = client.post(&path, body).await.expect(201).json();
    text(&made, "id").to_owned()
}

app_test! {
    modules = modules;

    async fn an_answer_rings_and_is_mailed_once(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let ada = app.register("ada@example.com").await;
        let id = ask(&ada, "No image", "It stops.").await;
        let (mut seen, link) = (app.mails_to("ada@example.com").len(), format!("/support/{id}"));
        reply(&olga, &id, "Try\n\nagain").await;
        assert_eq!(bell(app, &ada).await, [format!("support.ticket_answered | Ada Example answered: No image | {link}")]);
        let page = ada.get("/notifications").await.expect(200).json();
        assert_eq!(page["items"][0]["body"], "Try again");
        assert_eq!(letters(app, "ada@example.com", &mut seen).await, ["Re: No image"]);
        let letter = app.mails_to("ada@example.com").pop().expect("it came");
        assert!(letter.text.contains("Ada Example replied to your question"), "{}", letter.text);
        assert!(letter.text.contains("/notifications/unsubscribe?token="), "it can be turned off: {}", letter.text);
        assert!(bell(app, &olga).await.iter().all(|one| !one.contains("ticket_replied")), "not her own words");

        wish(&ada, "support.ticket_answered", false, "instant").await;
        reply(&olga, &id, "Well?").await;
        assert_eq!((bell(app, &ada).await.len(), letters(app, "ada@example.com", &mut seen).await.len()), (1, 1));
        wish(&ada, "support.ticket_answered", true, "off").await;
        reply(&olga, &id, "Well?").await;
        assert_eq!((bell(app, &ada).await.len(), letters(app, "ada@example.com", &mut seen).await.len()), (2, 0));
        let note = json!({ "body": "Hopeless", "is_internal": true });
        let _ = olga.post(&format!("/support/tickets/{id}/messages"), &note).await.expect(201);
        assert_eq!(bell(app, &ada).await.len(), 2, "a note is nothing to hear of");
    }

    async fn the_staff_hears_of_questions_replies_and_what_is_given_to_them(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let oto = operator(app, "oto@example.com").await;
        let ada = app.register("ada@example.com").await;
        let (mut olgas, mut otos) = (app.mails_to("olga@example.com").len(), app.mails_to("oto@example.com").len());
        let id = ask(&ada, "No image", "It stops.").await;
        let link = format!("/support/{id}");
        let opened = format!("operator.ticket_opened | New ticket: No image | {link}");
        assert_eq!((bell(app, &olga).await, bell(app, &oto).await), (vec![opened.clone()], vec![opened.clone()]));
        assert_eq!(letters(app, "oto@example.com", &mut otos).await, ["New ticket: No image"]);
        assert_eq!(letters(app, "olga@example.com", &mut olgas).await.len(), 1);

        let replied = format!("operator.ticket_replied | Ada Example replied: No image | {link}");
        reply(&ada, &id, "Anybody?").await;
        assert_eq!((&bell(app, &olga).await[0], &bell(app, &oto).await[0]), (&replied, &replied));
        assert!(letters(app, "olga@example.com", &mut olgas).await.is_empty(), "nobody has it: no letters to all");

        change(&olga, &id, &json!({ "assignee_id": account_id(&olga) })).await;
        assert_eq!(bell(app, &olga).await.len(), 2, "she took it herself");
        change(&olga, &id, &json!({ "assignee_id": account_id(&oto) })).await;
        change(&olga, &id, &json!({ "assignee_id": account_id(&oto), "priority": "high" })).await;
        assert_eq!(bell(app, &oto).await.len(), 3, "it is news once");
        assert_eq!(bell(app, &oto).await[0], format!("operator.ticket_changed | Given to you: No image | {link}"));
        reply(&ada, &id, "Still?").await;
        assert_eq!((bell(app, &olga).await.len(), bell(app, &oto).await.len()), (2, 4), "who has it hears of it alone");
        assert_eq!(letters(app, "oto@example.com", &mut otos).await, ["Re: No image"]);

        let _ = olga.patch(&format!("/admin/users/{}", account_id(&oto)), &json!({ "is_operator": false })).await.expect(200);
        reply(&ada, &id, "Hello?").await;
        assert_eq!((bell(app, &olga).await.len(), bell(app, &oto).await.len()), (3, 4), "he is of the staff no more");
    }

    async fn a_new_state_is_told_to_the_other_side(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let ada = app.register_verified("ada@example.com").await;
        let id = ask(&ada, "No image", "It stops.").await;
        let link = format!("/support/{id}");
        let mut seen = app.mails_to("ada@example.com").len();
        change(&olga, &id, &json!({ "status": "resolved" })).await;
        change(&olga, &id, &json!({ "status": "resolved", "subject": "No image yet" })).await;
        assert_eq!(bell(app, &ada).await, [format!("support.ticket_changed | Resolved: No image | {link}")]);
        assert!(letters(app, "ada@example.com", &mut seen).await.is_empty(), "unless she wants them");
        wish(&ada, "support.ticket_changed", true, "instant").await;
        change(&olga, &id, &json!({ "status": "closed" })).await;
        assert_eq!(letters(app, "ada@example.com", &mut seen).await, ["Closed: No image yet"]);

        let before = bell(app, &olga).await.len();
        change(&ada, &id, &json!({ "status": "open" })).await;
        assert_eq!(bell(app, &ada).await.len(), 2, "not her own doing");
        assert_eq!(bell(app, &olga).await.len(), before + 1);
        assert_eq!(bell(app, &olga).await[0], format!("operator.ticket_changed | Open again: No image yet | {link}"));
    }

    async fn comments_ring_at_whom_they_answer_and_come_together(app: &TestApp) {
        let ada = app.register_verified("ada@example.com").await;
        let bob = app.register("bob@example.com").await;
        let cy = app.register("cy@example.com").await;
        let rugs = post(&ada, "Rugs", "Which?").await;
        let link = format!("/community/{rugs}");
        let first = comment(&bob, &rugs, &json!({ "body": "Light ones" })).await;
        assert_eq!(bell(app, &ada).await, [format!("community.replied | Ada Example commented on “Rugs” | {link}")]);
        let _ = comment(&ada, &rugs, &json!({ "body": "Thanks", "parent_id": first })).await;
        assert_eq!(bell(app, &bob).await, [format!("community.replied | Ada Example answered you on “Rugs” | {link}")]);
        assert_eq!(bell(app, &ada).await.len(), 1, "not her own words");
        let _ = comment(&cy, &rugs, &json!({ "body": "Or dark", "parent_id": first })).await;
        assert_eq!(bell(app, &ada).await, [format!("community.replied | 2 replies to what you wrote | {link}")]);
        assert_eq!(bell(app, &bob).await, [format!("community.replied | 2 replies to what you wrote | {link}")]);

        let mut seen = app.mails_to("ada@example.com").len();
        app.clock.advance(Duration::days(1));
        let mut tx = app.ctx.db.begin().await.expect("the database answers");
        jobs::enqueue(&mut tx, &app.ctx, None, &Tick {}).await.expect("it is queued");
        tx.commit().await.expect("it is stored");
        app.run_jobs().await;
        assert_eq!(letters(app, "ada@example.com", &mut seen).await, ["2 replies to what you wrote"], "with the day's digest");
    }

    async fn authors_hear_what_moderators_decide_and_moderators_what_is_flagged(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let ada = app.register_verified("ada@example.com").await;
        let bob = app.register("bob@example.com").await;
        let rugs = post(&ada, "Rugs", "Which?").await;
        let flag = json!({ "reason": "off_topic" });
        let _ = bob.post(&format!("/community/posts/{rugs}/flags"), &flag).await.expect(201);
        assert_eq!(bell(app, &olga).await, ["operator.flagged | A post was flagged: off topic | /community/moderation"]);
        assert!(bell(app, &ada).await.is_empty(), "flags are for moderators");

        let mut seen = app.mails_to("ada@example.com").len();
        let link = format!("/community/{rugs}");
        for (decision, shown) in [
            ("keep", None),
            ("lock", Some(format!("community.moderated | Your post was locked | {link}"))),
            ("lock", None),
            ("unlock", Some(format!("community.moderated | Your post was unlocked | {link}"))),
            ("remove", Some("community.moderated | Your post was removed | /community".to_owned())),
            ("keep", Some(format!("community.moderated | Your post can be seen again | {link}"))),
        ] {
            let before = bell(app, &ada).await;
            let body = json!({ "decision": decision });
            let _ = olga.post(&format!("/community/moderation/{rugs}"), &body).await.expect(200);
            let after = bell(app, &ada).await;
            assert_eq!(after.len() - before.len(), usize::from(shown.is_some()), "{decision}");
            if let Some(shown) = shown {
                assert_eq!(after[0], shown);
            }
        }
        assert_eq!(letters(app, "ada@example.com", &mut seen).await.len(), 4);
    }

    async fn operators_hear_when_a_part_of_the_instance_fails_and_when_it_works_again(app: &TestApp) {
        let olga = operator(app, "olga@example.com").await;
        let ada = app.register("ada@example.com").await;
        register(&app.ctx).await.expect("it starts");
        for _ in 0..4 {
            observe(&app.ctx, Component::Storage, false).await.expect("it is noted");
        }
        let down = "operator.health_changed | The storage of pictures does not answer. | /operator/status";
        assert_eq!(bell(app, &olga).await, [down]);
        for _ in 0..3 {
            observe(&app.ctx, Component::Storage, true).await.expect("it is noted");
        }
        let up = "operator.health_changed | The storage of pictures answers again. | /operator/status";
        assert_eq!(bell(app, &olga).await, [up, down]);
        assert!(bell(app, &ada).await.is_empty());
        let kinds = ada.get("/notifications/preferences").await.expect(200).json();
        let kinds: Vec<&str> = kinds["kinds"].as_array().expect("kinds").iter().map(|kind| text(kind, "kind")).collect();
        assert!(kinds.contains(&"support.ticket_answered") && !kinds.iter().any(|kind| kind.starts_with("operator.")), "{kinds:?}");
    }
}
