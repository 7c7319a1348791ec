//! Sharing a workspace: invitations, roles, leaving.

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_testkit::{Client, EngineKind, TestApp};

use crate::modules;

const ADA: &str = "ada@example.com";
const BEN: &str = "ben@example.com";

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

/// A shared workspace, its path and its id.
async fn make(client: &Client, name: &str) -> (String, String) {
    let made = client
        .post("/workspaces", &json!({ "name": name }))
        .await
        .expect(201)
        .json();
    let id = text(&made, "id").to_owned();
    (format!("/workspaces/{id}"), id)
}

async fn invite(client: &Client, path: &str, email: &str, role: &str) -> Value {
    let body = json!({ "email": email, "role": role });
    client
        .post(&format!("{path}/invitations"), &body)
        .await
        .expect(201)
        .json()
}

async fn accept(app: &TestApp, client: &Client, email: &str) -> Value {
    app.deliver_mail().await;
    let body = json!({ "token": app.mailed_token(email) });
    client.post("/invitations/accept", &body).await.expect(200).json()
}

/// Ben, verified and with a role in the workspace.
async fn join(app: &TestApp, owner: &Client, path: &str, role: &str) -> Client {
    let ben = app.register_verified(BEN).await;
    invite(owner, path, BEN, role).await;
    accept(app, &ben, BEN).await;
    ben
}

async fn my_id(client: &Client) -> String {
    let me = client.get("/auth/me").await.expect(200).json();
    text(&me["user"], "id").to_owned()
}

async fn audited(app: &TestApp, client: &Client) -> Vec<String> {
    let email = client.get("/auth/me").await.expect(200).json();
    let email = text(&email["user"], "email").parse::<String>().expect("text");
    let email = vitrine_kernel::text::Email::parse(&email).expect("an address");
    vitrine_platform::accounts::operators::promote(&app.ctx, &email)
        .await
        .expect("promoted");
    let log = client
        .get("/admin/audit-log?page_size=100&sort=created_at")
        .await
        .expect(200)
        .json();
    let items = log["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| text(item, "action").to_owned()).collect()
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_workspace_is_made_read_renamed_and_listed(app: &TestApp) {
        let ada = app.register(ADA).await;
        let (path, id) = make(&ada, " Elm Agency ").await;
        let made = ada.get(&path).await.expect(200).json();
        assert_eq!(
            made,
            json!({
                "id": id, "name": "Elm Agency", "role": "owner", "is_personal": false, "plan": "free",
                "member_count": 1, "created_at": "2026-11-02T09:00:00Z", "seats": { "used": 1, "limit": 2 },
            })
        );
        let renamed = ada.patch(&path, &json!({ "name": "Oak Agency" })).await.expect(200).json();
        assert_eq!(renamed["name"], "Oak Agency");
        assert_eq!(ada.patch(&path, &json!({ "name": " " })).await.expect_complaints(), ["name invalid_length"]);
        assert_eq!(ada.post("/workspaces", &json!({})).await.expect_complaints(), ["name required"]);
        let list = ada.get("/workspaces?sort=name&page_size=1").await.expect(200).json();
        assert_eq!((&list["total"], &list["items"][0]["name"]), (&json!(2), &json!("Ada Example’s workspace")));
        let keyset = ada.get("/workspaces?sort=name&limit=1").await.expect(200).json();
        let next = ada.get(&format!("/workspaces?cursor={}", text(&keyset, "next_cursor"))).await.expect(200).json();
        assert_eq!(next["items"][0]["name"], "Oak Agency");
        let me = ada.get("/auth/me").await.expect(200).json();
        assert_eq!(me["workspaces"][1]["name"], "Oak Agency");
    }

    async fn a_stranger_finds_nothing_of_a_workspace(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (path, id) = make(&ada, "Elm").await;
        invite(&ada, &path, "eve@example.com", "viewer").await;
        let ben = app.register_verified(BEN).await;
        let mine = my_id(&ada).await;
        for (method, path) in [
            (Method::GET, path.clone()),
            (Method::GET, format!("{path}/members")),
            (Method::GET, format!("{path}/members/{mine}")),
            (Method::DELETE, format!("{path}/members/{mine}")),
            (Method::GET, format!("{path}/invitations")),
        ] {
            ben.call(method, &path).send().await.expect_problem(404, "not_found");
        }
        let role = json!({ "role": "viewer" });
        ben.patch(&format!("{path}/members/{mine}"), &role).await.expect_problem(404, "not_found");
        let body = json!({ "email": BEN, "role": "viewer" });
        ben.post(&format!("{path}/invitations"), &body).await.expect_problem(404, "not_found");
        ben.patch(&path, &json!({ "name": "Mine" })).await.expect_problem(404, "not_found");
        ben.clone().with_header("x-workspace-id", &id).get("/jobs").await.expect_problem(404, "not_found");
    }

    async fn an_invitation_brings_in_the_address_it_was_sent_to_once(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (path, id) = make(&ada, "Elm").await;
        let sent = invite(&ada, &path, "Ben@Example.com", "editor").await;
        assert_eq!((&sent["role"], &sent["is_expired"]), (&json!("editor"), &json!(false)));
        app.deliver_mail().await;
        let letter = app.mails_to("Ben@Example.com").pop().expect("a letter");
        assert_eq!(letter.subject, "Ada Example invites you to Elm");
        let body = json!({ "token": app.mailed_token("Ben@Example.com") });

        app.client().post("/invitations/accept", &body).await.expect_problem(401, "unauthorized");
        let eve = app.register_verified("eve@example.com").await;
        eve.post("/invitations/accept", &body).await.expect_problem(403, "forbidden");

        // The letter came to this address, so it need not be verified before, and is afterwards.
        let ben = app.register(BEN).await;
        let joined = ben.post("/invitations/accept", &body).await.expect(200).json();
        assert_eq!((text(&joined, "id"), text(&joined, "role")), (id.as_str(), "editor"));
        assert_eq!(ben.get("/auth/me").await.expect(200).json()["user"]["email_verified"], true);
        ben.post("/invitations/accept", &body).await.expect_problem(400, "invalid_link");
        let members = ben.get(&format!("{path}/members?sort=created_at")).await.expect(200).json();
        let roles: Vec<_> = members["items"].as_array().expect("items").iter().map(|one| (text(one, "email"), text(one, "role"), one["is_you"] == true)).collect();
        assert_eq!(roles.len(), 2);
        assert!(roles.contains(&(ADA, "owner", false)) && roles.contains(&(BEN, "editor", true)), "{roles:?}");
        let list = ada.get(&format!("{path}/invitations")).await.expect(200).json();
        assert_eq!(list["total"], 0);
        let ben = ben.with_header("x-workspace-id", &id);
        ben.get("/jobs").await.expect(200);
        let log = audited(app, &ada).await;
        for action in ["workspace.created", "invitation.created", "member.joined"] {
            assert!(log.iter().any(|one| one == action), "{action} in {log:?}");
        }
    }

    async fn an_invitation_ends_after_a_week_when_it_is_taken_back_or_sent_again(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (path, _) = make(&ada, "Elm").await;
        let ben = app.register_verified(BEN).await;
        let sent = invite(&ada, &path, BEN, "viewer").await;
        app.deliver_mail().await;
        let first = json!({ "token": app.mailed_token(BEN) });
        let one = format!("{path}/invitations/{}", text(&sent, "id"));

        app.clock.advance(Duration::days(6));
        let ada = app.login(ADA).await;
        ada.post_empty(&format!("{one}/resend")).await.expect(200);
        app.deliver_mail().await;
        let second = json!({ "token": app.mailed_token(BEN) });
        let ben_later = app.login(BEN).await;
        ben_later.post("/invitations/accept", &first).await.expect_problem(400, "invalid_link");

        app.clock.advance(Duration::days(7));
        let (ada, ben_later) = (app.login(ADA).await, app.login(BEN).await);
        ben_later.post("/invitations/accept", &second).await.expect_problem(400, "invalid_link");
        let list = ada.get(&format!("{path}/invitations")).await.expect(200).json();
        assert_eq!(list["items"][0]["is_expired"], true);
        // An expired one does not stand in the way of another.
        let third = invite(&ada, &path, BEN, "viewer").await;
        app.deliver_mail().await;
        let token = json!({ "token": app.mailed_token(BEN) });
        ada.delete(&format!("{path}/invitations/{}", text(&third, "id"))).await.expect(204);
        ada.delete(&format!("{path}/invitations/{}", text(&third, "id"))).await.expect_problem(404, "not_found");
        ben_later.post("/invitations/accept", &token).await.expect_problem(400, "invalid_link");
        drop(ben);
    }

    async fn what_is_wrong_with_an_invitation_is_told(app: &TestApp) {
        let ada = app.register(ADA).await;
        let (path, _) = make(&ada, "Elm").await;
        let url = format!("{path}/invitations");
        let body = json!({ "email": BEN, "role": "viewer" });
        ada.post(&url, &body).await.expect_problem(403, "email_unverified");
        let token = json!({ "token": app.mailed_token(ADA) });
        app.client().post("/auth/verify-email", &token).await.expect(200);
        assert_eq!(ada.post(&url, &json!({ "email": "nobody", "role": "owner" })).await.expect_complaints(), ["email invalid", "role not_allowed"]);
        assert_eq!(ada.post(&url, &json!({ "email": BEN, "role": "king" })).await.expect_complaints().len(), 1);
        ada.post(&url, &json!({ "email": ADA, "role": "viewer" })).await.expect_problem(409, "conflict");
        ada.post(&url, &body).await.expect(201);
        let again = json!({ "email": "BEN@example.com", "role": "viewer" });
        // Two seats: Ada and the invitation that is open.
        ada.post(&url, &again).await.expect_problem(402, "quota_exceeded");
        let me = ada.get("/auth/me").await.expect(200).json();
        let personal = text(&me["workspaces"][0], "id");
        ada.post(&format!("/workspaces/{personal}/invitations"), &body).await.expect_problem(409, "conflict");
    }

    async fn seats_are_never_exceeded_by_invitations_that_come_together(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (path, _) = make(&ada, "Elm").await;
        let url = format!("{path}/invitations");
        let one = json!({ "email": "one@example.com", "role": "viewer" });
        let two = json!({ "email": "two@example.com", "role": "viewer" });
        let three = json!({ "email": "three@example.com", "role": "viewer" });
        let (a, b, c) = tokio::join!(ada.post(&url, &one), ada.post(&url, &two), ada.post(&url, &three));
        let mut statuses = [a.status, b.status, c.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 402, 402]);
        assert_eq!(ada.get(&path).await.expect(200).json()["seats"], json!({ "used": 2, "limit": 2 }));
    }

    async fn each_role_may_do_its_part_and_no_more(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (path, _) = make(&ada, "Elm").await;
        let ben = join(app, &ada, &path, "viewer").await;
        let (adas, bens) = (my_id(&ada).await, my_id(&ben).await);
        let (of_ada, of_ben) = (format!("{path}/members/{adas}"), format!("{path}/members/{bens}"));
        let role = |role: &str| json!({ "role": role });
        for one in ["viewer", "editor"] {
            ada.patch(&of_ben, &role(one)).await.expect(200);
            ben.get(&format!("{path}/members")).await.expect(200);
            ben.patch(&path, &json!({ "name": "Mine" })).await.expect_problem(403, "forbidden");
            ben.get(&format!("{path}/invitations")).await.expect_problem(403, "forbidden");
            ben.patch(&of_ben, &role("admin")).await.expect_problem(403, "forbidden");
            ben.delete(&of_ada).await.expect_problem(403, "forbidden");
        }
        ada.patch(&of_ben, &role("admin")).await.expect(200);
        ben.patch(&path, &json!({ "name": "Elm and Oak" })).await.expect(200);
        ben.get(&format!("{path}/invitations")).await.expect(200);
        // Owners are the owners' business.
        ben.patch(&of_ben, &role("owner")).await.expect_problem(403, "forbidden");
        ben.patch(&of_ada, &role("viewer")).await.expect_problem(403, "forbidden");
        ben.delete(&of_ada).await.expect_problem(403, "forbidden");
    }

    async fn the_last_owner_stays_until_somebody_else_is_one(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let (path, id) = make(&ada, "Elm").await;
        let ben = join(app, &ada, &path, "editor").await;
        let (adas, bens) = (my_id(&ada).await, my_id(&ben).await);
        let (of_ada, of_ben) = (format!("{path}/members/{adas}"), format!("{path}/members/{bens}"));
        ada.delete(&of_ada).await.expect_problem(409, "conflict");
        ada.patch(&of_ada, &json!({ "role": "admin" })).await.expect_problem(409, "conflict");
        ada.patch(&of_ben, &json!({ "role": "owner" })).await.expect(200);
        // Two owners who step back at the same moment: one of them stays.
        let editor = json!({ "role": "editor" });
        let (one, two) = tokio::join!(ada.patch(&of_ada, &editor), ben.patch(&of_ben, &editor));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let (stayed, left, of_left) = if one.status == 409 { (&ada, &ben, &of_ben) } else { (&ben, &ada, &of_ada) };
        assert_eq!(stayed.get(&path).await.expect(200).json()["role"], "owner");
        left.delete(of_left).await.expect(204);
        left.get(&path).await.expect_problem(404, "not_found");
        left.clone().with_header("x-workspace-id", &id).get("/jobs").await.expect_problem(404, "not_found");
        let log = audited(app, &ada).await;
        for action in ["member.role_changed", "member.left"] {
            assert!(log.iter().any(|one| one == action), "{action} in {log:?}");
        }
    }

    async fn a_personal_workspace_keeps_its_owner(app: &TestApp) {
        let ada = app.register_verified(ADA).await;
        let me = ada.get("/auth/me").await.expect(200).json();
        let path = format!("/workspaces/{}/members/{}", text(&me["workspaces"][0], "id"), text(&me["user"], "id"));
        ada.delete(&path).await.expect_problem(409, "conflict");
    }

    async fn an_account_owns_so_many_workspaces_and_no_more(app: &TestApp) {
        let ada = app.register(ADA).await;
        for number in 0..10 {
            make(&ada, &format!("Number {number}")).await;
        }
        ada.post("/workspaces", &json!({ "name": "One more" })).await.expect_problem(402, "quota_exceeded");
    }
}

#[tokio::test]
async fn invitations_take_from_the_buckets_of_letters() {
    let app = TestApp::open_with(EngineKind::Sqlite, modules(), |options| {
        options.settings.rate_limits = true;
        options.settings.default_plan = "business".to_owned();
    })
    .await
    .expect("SQLite is always there");
    let ada = app.register_verified(ADA).await;
    let (path, _) = make(&ada, "Elm").await;
    let sent = invite(&ada, &path, BEN, "viewer").await;
    let again = format!("{path}/invitations/{}/resend", text(&sent, "id"));
    for _ in 0..4 {
        ada.post_empty(&again).await.expect(200);
    }
    let refused = ada.post_empty(&again).await;
    assert_eq!(refused.header("retry-after"), Some("720"));
    refused.expect_problem(429, "rate_limited");
    invite(&ada, &path, "eve@example.com", "viewer").await;
    app.finish().await;
}
