//! Following what happens in a workspace.

use serde_json::{Value, json};
use vitrine_kernel::id::ProjectId;
use vitrine_platform::notifications::Notice;
use vitrine_testkit::{Client, TestApp};

use crate::notifications::{join, modules, parcel, tell, titles, workspace};
use crate::sql;

const ADA: &str = "ada@example.com";
const ELM: ProjectId = ProjectId(uuid::Uuid::from_u128(7));

async fn create(client: &Client, body: &Value) -> Value {
    client.post("/notifications/rules", body).await.expect(201).json()
}

/// Signed in anew in the notice's workspace, long after.
async fn again(app: &TestApp, email: &str, notice: &Notice) -> Client {
    let home = notice.workspace.expect("it happened in a workspace");
    app.login(email)
        .await
        .with_header("x-workspace-id", &home.to_string())
}

fn failed(notice: Notice, project: ProjectId) -> Notice {
    Notice {
        project: Some(project),
        status: Some("failed"),
        ..notice
    }
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_rule_is_made_listed_changed_and_deleted(app: &TestApp) {
        let ada = app.register(ADA).await;
        let body = json!({ "name": "Parcels of Elm Street", "kind": "test.parcel_came", "project_id": ELM,
            "status": "failed", "email": true, "cooldown_minutes": 60 });
        let made = create(&ada, &body).await;
        assert_eq!(made, json!({
            "id": made["id"], "workspace_id": workspace(&ada).await, "name": "Parcels of Elm Street",
            "kind": "test.parcel_came", "project_id": ELM, "status": "failed", "in_app": true, "email": true,
            "cooldown_minutes": 60, "is_enabled": true, "last_fired_at": null, "fired_count": 0,
            "created_at": "2026-11-02T09:00:00Z", "updated_at": "2026-11-02T09:00:00Z",
        }));
        let path = format!("/notifications/rules/{}", made["id"].as_str().expect("an id"));
        assert_eq!(ada.get(&path).await.expect(200).json(), made);
        let changed = ada.patch(&path, &json!({ "project_id": null, "is_enabled": false })).await.expect(200).json();
        assert_eq!((&changed["project_id"], &changed["status"], &changed["is_enabled"]), (&json!(null), &json!("failed"), &json!(false)));
        assert_eq!(ada.get("/notifications/rules?sort=name").await.expect(200).json()["total"], 1);
        assert!(ada.get("/notifications/rules?limit=1").await.expect(200).json()["next_cursor"].is_null());

        let bad = json!({ "name": "", "kind": "test.alarm", "status": " ", "in_app": false, "cooldown_minutes": 10081 });
        assert_eq!(ada.post("/notifications/rules", &bad).await.expect_complaints(), [
            "name invalid_length", "kind unknown_value", "status invalid_length", "cooldown_minutes out_of_range",
            "in_app required",
        ]);
        let eve = app.register("eve@example.com").await;
        eve.get(&path).await.expect_problem(404, "not_found");
        eve.patch(&path, &json!({ "name": "Mine" })).await.expect_problem(404, "not_found");
        eve.delete(&path).await.expect_problem(404, "not_found");
        ada.delete(&path).await.expect(204);
        ada.get(&path).await.expect_problem(404, "not_found");
    }

    async fn a_member_who_follows_something_is_told_of_it_and_a_stranger_is_not(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (eve, mallory) = (app.register_verified("eve@example.com").await, app.register("mallory@example.com").await);
        let eve = join(app, &ada, &eve).await;
        create(&eve, &json!({ "name": "Failures of Elm Street", "kind": "test.parcel_came", "project_id": ELM, "status": "failed" })).await;
        create(&mallory, &json!({ "name": "Everything", "kind": "test.parcel_came" })).await;
        let oak = ProjectId(uuid::Uuid::from_u128(8));
        tell(app, parcel(&ada, "No state").await).await;
        tell(app, failed(parcel(&ada, "Oak").await, oak)).await;
        tell(app, failed(parcel(&ada, "Elm").await, ELM)).await;
        assert_eq!(titles(&eve, "").await, ["Elm"]);
        assert!(titles(&mallory, "").await.is_empty());
        assert_eq!(titles(&ada, "").await.len(), 3);
        app.deliver_mail().await;
        assert_eq!(app.mails_to("eve@example.com").len(), 1, "only the letter of welcome");
    }

    async fn who_left_the_workspace_follows_nothing_in_it(app: &TestApp) {
        let ada = app.register(ADA).await;
        let eve = app.register("eve@example.com").await;
        let there = join(app, &ada, &eve).await;
        create(&there, &json!({ "name": "Everything", "kind": "test.parcel_came" })).await;
        let values = vitrine_db::values![workspace(&ada).await, crate::notifications::account(&eve).await];
        app.ctx.db.execute(&sql::LEAVE_WORKSPACE, values).await.expect("she leaves");
        tell(app, parcel(&ada, "A secret").await).await;
        assert!(titles(&eve, "").await.is_empty());
    }

    async fn a_rule_keeps_quiet_for_its_cooldown_and_counts_how_often_it_fired(app: &TestApp) {
        let ada = app.register(ADA).await;
        let eve = app.register("eve@example.com").await;
        let eve = join(app, &ada, &eve).await;
        let rule = create(&eve, &json!({ "name": "Parcels", "kind": "test.parcel_came", "cooldown_minutes": 30 })).await;
        let notice = parcel(&ada, "").await;
        for minute in 0..61 {
            tell(app, Notice { title: format!("Minute {minute}"), ..notice.clone() }).await;
            app.clock.advance(chrono::Duration::minutes(1));
        }
        let eve = again(app, "eve@example.com", &notice).await;
        assert_eq!(titles(&eve, "?sort=created_at").await, ["Minute 0", "Minute 30", "Minute 60"]);
        let path = format!("/notifications/rules/{}", rule["id"].as_str().expect("an id"));
        let rule = eve.get(&path).await.expect(200).json();
        assert_eq!((&rule["fired_count"], &rule["last_fired_at"]), (&json!(3), &json!("2026-11-02T10:00:00Z")));
    }

    async fn ones_own_rule_adds_a_channel_and_tells_nothing_twice(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let off = json!({ "kinds": [{ "kind": "test.parcel_came", "in_app": false, "email": "off" }] });
        ada.patch("/notifications/preferences", &off).await.expect(200);
        create(&ada, &json!({ "name": "Elm by mail", "kind": "test.parcel_came", "project_id": ELM, "in_app": false, "email": true })).await;
        tell(app, failed(parcel(&ada, "Elm").await, ELM)).await;
        tell(app, parcel(&ada, "Elsewhere").await).await;
        app.deliver_mail().await;
        let subjects: Vec<String> = app.mails_to(ADA).into_iter().skip(1).map(|mail| mail.subject).collect();
        assert_eq!(subjects, ["Elm"]);
        assert!(titles(&ada, "").await.is_empty());
        // The link of such a letter silences the rule.
        let url = app.mails_to(ADA).pop().and_then(|mail| mail.unsubscribe_url).expect("it can be turned off");
        let link = url.strip_prefix("http://vitrine.test/api/v1").expect("an address");
        app.client().post_empty(link).await.expect(200);
        tell(app, failed(parcel(&ada, "Elm again").await, ELM)).await;
        app.deliver_mail().await;
        assert_eq!((app.mails_to(ADA).len(), titles(&ada, "").await), (2, vec!["Elm again".to_owned()]));
    }

    async fn several_people_told_of_one_thing_hear_of_it_once_each(app: &TestApp) {
        let ada = app.register(ADA).await;
        let eve = app.register("eve@example.com").await;
        let there = join(app, &ada, &eve).await;
        create(&there, &json!({ "name": "Everything", "kind": "test.parcel_came" })).await;
        let home = Some(workspace(&ada).await);
        for client in [&ada, &eve] {
            let notice = Notice { workspace: home, once: Some("parcel:9".to_owned()), ..parcel(client, "Number nine").await };
            tell(app, notice).await;
        }
        assert_eq!((titles(&ada, "").await.len(), titles(&eve, "").await.len()), (1, 1));
    }
}
