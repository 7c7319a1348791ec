//! What accounts are told in the app: stored, live, listed, read.

use http::Method;
use serde_json::{Value, json};
use vitrine_kernel::id::{AccountId, WorkspaceId};
use vitrine_platform::Module;
use vitrine_platform::billing::{self, Metric, Settle};
use vitrine_platform::notifications::{Cadence, Channels, Group, Kind, Notice, news, service};
use vitrine_testkit::{Client, TestApp};

use crate::events::read_until;

/// Something ordinary, told in the app and at once by mail.
pub static PARCEL: Kind = Kind {
    code: "test.parcel_came",
    title: "A parcel came",
    channels: Channels {
        in_app: true,
        email: Cadence::Instant,
    },
    is_essential: false,
    is_shared: true,
    title_of_many: Some(|count| format!("{count} parcels came")),
};

/// Something about the safety of the account.
pub static ALARM: Kind = Kind {
    code: "test.alarm",
    title: "An alarm",
    channels: Channels {
        in_app: true,
        email: Cadence::Instant,
    },
    is_essential: true,
    is_shared: false,
    title_of_many: None,
};

pub fn modules() -> Vec<Module> {
    let tests = Module {
        name: "test",
        notices: vec![&PARCEL, &ALARM],
        ..Module::default()
    };
    vec![vitrine_platform::module(), tests]
}

pub async fn account(client: &Client) -> AccountId {
    let me = client.get("/auth/me").await.expect(200).json();
    let id = me["user"]["id"].as_str().or(me["id"].as_str()).expect("an id");
    id.parse().expect("an account id")
}

pub async fn workspace(client: &Client) -> WorkspaceId {
    let me = client.get("/auth/me").await.expect(200).json();
    let id = me["workspaces"][0]["id"].as_str().expect("an id");
    id.parse().expect("a workspace id")
}

/// A notice about a parcel for the client's account, in its workspace.
pub async fn parcel(client: &Client, title: &str) -> Notice {
    Notice {
        workspace: Some(workspace(client).await),
        body: "It stands at the door.".to_owned(),
        link: Some("/parcels/1".to_owned()),
        ..Notice::new(account(client).await, &PARCEL, title)
    }
}

pub async fn tell(app: &TestApp, notice: Notice) {
    let mut tx = app.ctx.db.begin().await.expect("a transaction");
    service::notify(&mut tx, &app.ctx, notice)
        .await
        .expect("it is told");
    tx.commit().await.expect("a commit");
}

/// Makes Eve a member of Ada's workspace; answers her client in it.
pub async fn join(app: &TestApp, ada: &Client, eve: &Client) -> Client {
    let home = workspace(ada).await;
    let account = account(eve).await;
    let values = vitrine_db::values![home, account, app.ctx.now()];
    app.ctx
        .db
        .execute(&crate::sql::JOIN_WORKSPACE, values)
        .await
        .expect("she joins");
    eve.clone().with_header("x-workspace-id", &home.to_string())
}

pub async fn unread(client: &Client) -> Value {
    client.get("/notifications/unread-count").await.expect(200).json()["unread"].clone()
}

pub async fn titles(client: &Client, query: &str) -> Vec<String> {
    let list = client
        .get(&format!("/notifications{query}"))
        .await
        .expect(200)
        .json();
    let items = list["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| item["title"].as_str().expect("a title").to_owned())
        .collect()
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn what_is_told_is_listed_counted_and_read(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        assert_eq!(unread(&ada).await, 0);
        tell(app, parcel(&ada, "A parcel from Elm Street").await).await;
        app.clock.advance(chrono::Duration::seconds(1));
        tell(app, Notice::new(account(&ada).await, &ALARM, "An alarm")).await;
        assert_eq!(unread(&ada).await, 2);
        let list = ada.get("/notifications").await.expect(200).json();
        assert_eq!((&list["total"], &list["items"][0]["kind"]), (&json!(2), &json!("test.alarm")));
        let first = &list["items"][1];
        assert_eq!(first, &json!({
            "id": first["id"], "workspace_id": workspace(&ada).await, "kind": "test.parcel_came",
            "title": "A parcel from Elm Street", "body": "It stands at the door.", "link": "/parcels/1", "count": 1,
            "created_at": "2026-11-02T09:00:00Z", "updated_at": "2026-11-02T09:00:00Z", "read_at": null,
        }));
        let path = format!("/notifications/{}", first["id"].as_str().expect("an id"));
        let one = ada.get(&path).await.expect(200);
        assert!(one.header("etag").is_some());
        assert_eq!(&one.json(), first);

        let read = ada.post_empty(&format!("{path}/read")).await.expect(200).json();
        assert_eq!(read["read_at"], "2026-11-02T09:00:01Z");
        app.clock.advance(chrono::Duration::seconds(1));
        assert_eq!(ada.post_empty(&format!("{path}/read")).await.expect(200).json(), read);
        assert_eq!(titles(&ada, "?unread=true").await, ["An alarm"]);
        assert_eq!(titles(&ada, "?unread=false").await, ["A parcel from Elm Street"]);
        assert_eq!(titles(&ada, "?kind=test.alarm&unread=true&limit=5").await, ["An alarm"]);
        assert_eq!(ada.post_empty("/notifications/read-all").await.expect(200).json(), json!({ "read": 1 }));
        assert_eq!(ada.post_empty("/notifications/read-all").await.expect(200).json(), json!({ "read": 0 }));
        assert_eq!(unread(&ada).await, 0);
    }

    async fn both_kinds_of_pages_run_through_all_of_them(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        for number in 0..5 {
            tell(app, Notice::new(account(&ada).await, &ALARM, format!("Alarm {number}"))).await;
            app.clock.advance(chrono::Duration::seconds(1));
        }
        assert_eq!(titles(&ada, "?page=2&page_size=2").await, ["Alarm 2", "Alarm 1"]);
        assert_eq!(titles(&ada, "?sort=created_at&page_size=1").await, ["Alarm 0"]);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = ada.get(&format!("/notifications?limit=2&cursor={cursor}")).await.expect(200).json();
            for item in page["items"].as_array().expect("items") {
                seen.push(item["title"].as_str().expect("a title").to_owned());
            }
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = next.to_owned();
        }
        assert_eq!(seen, ["Alarm 4", "Alarm 3", "Alarm 2", "Alarm 1", "Alarm 0"]);
        assert_eq!(ada.get("/notifications?unread=maybe&sort=title").await.expect_complaints().len(), 1);
        assert_eq!(ada.get("/notifications?kind=nonsense").await.expect_complaints(), ["kind unknown_value"]);
    }

    async fn notifications_of_others_are_not_there(app: &TestApp) {
        let (ada, eve) = (app.register("ada@example.com").await, app.register("eve@example.com").await);
        tell(app, parcel(&ada, "For Ada").await).await;
        let list = ada.get("/notifications").await.expect(200).json();
        let path = format!("/notifications/{}", list["items"][0]["id"].as_str().expect("an id"));
        for path in [path.as_str(), "/notifications/nonsense"] {
            eve.get(path).await.expect_problem(404, "not_found");
            eve.post_empty(&format!("{path}/read")).await.expect_problem(404, "not_found");
        }
        assert_eq!(eve.post_empty("/notifications/read-all").await.expect(200).json(), json!({ "read": 0 }));
        assert_eq!((titles(&eve, "").await.len(), unread(&ada).await), (0, json!(1)));
        for path in ["/notifications", "/notifications/unread-count"] {
            app.client().get(path).await.expect_problem(401, "unauthorized");
        }
    }

    async fn news_reach_the_streams_of_the_account_and_of_nobody_else(app: &TestApp) {
        app.start_events();
        let (ada, eve) = (app.register("ada@example.com").await, app.register("eve@example.com").await);
        let mut of_ada = ada.call(Method::GET, "/events").open().await.into_body();
        let mut of_eve = eve.call(Method::GET, "/events").open().await.into_body();
        read_until(&mut of_ada, "event: connected").await;
        read_until(&mut of_eve, "event: connected").await;
        // Told in Eve's workspace, and yet for Ada's ears alone.
        join(app, &eve, &ada).await;
        let elsewhere = Notice { workspace: Some(workspace(&eve).await), ..parcel(&ada, "For Ada").await };
        tell(app, elsewhere).await;
        tell(app, parcel(&eve, "For Eve").await).await;
        let heard = read_until(&mut of_ada, "For Ada").await;
        assert!(heard.contains("event: notification\n") && heard.contains("/parcels/1"), "{heard}");
        let heard = read_until(&mut of_eve, "For Eve").await;
        assert!(!heard.contains("For Ada"), "{heard}");
    }

    async fn who_is_gone_is_told_nothing(app: &TestApp) {
        let (ada, eve) = (app.register("ada@example.com").await, app.register("eve@example.com").await);
        let elsewhere = Notice { workspace: Some(workspace(&eve).await), ..parcel(&ada, "Not hers").await };
        tell(app, elsewhere).await;
        let nobody = AccountId(uuid::Uuid::from_u128(5));
        tell(app, Notice::new(nobody, &ALARM, "To nobody")).await;
        assert!(titles(&ada, "").await.is_empty());
    }

    async fn a_group_grows_until_it_is_read_and_a_once_key_is_told_once(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let grouped = Notice {
            group: Some(Group { key: "door".to_owned(), link: Some("/parcels".to_owned()) }),
            ..parcel(&ada, "One parcel").await
        };
        for _ in 0..12 {
            tell(app, grouped.clone()).await;
        }
        let list = ada.get("/notifications").await.expect(200).json();
        assert_eq!((&list["total"], &list["items"][0]["title"]), (&json!(1), &json!("12 parcels came")));
        assert_eq!((&list["items"][0]["count"], &list["items"][0]["link"]), (&json!(12), &json!("/parcels")));
        ada.post_empty("/notifications/read-all").await.expect(200);
        tell(app, grouped.clone()).await;
        assert_eq!(titles(&ada, "?unread=true").await, ["One parcel"]);

        let once = Notice { once: Some("parcel:7".to_owned()), ..parcel(&ada, "Number seven").await };
        tell(app, once.clone()).await;
        tell(app, once).await;
        assert_eq!(titles(&ada, "?unread=true&sort=created_at").await.len(), 2);
    }

    async fn mail_goes_at_once_to_verified_addresses_and_alarms_to_any(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        tell(app, parcel(&ada, "Not yet").await).await;
        tell(app, Notice::new(account(&ada).await, &ALARM, "An alarm")).await;
        app.deliver_mail().await;
        let subjects = |app: &TestApp| -> Vec<String> {
            app.mails_to("ada@example.com").into_iter().skip(1).map(|mail| mail.subject).collect()
        };
        assert_eq!(subjects(app), ["An alarm"]);
        let body = json!({ "token": app_token(app) });
        app.client().post("/auth/verify-email", &body).await.expect(200);
        tell(app, parcel(&ada, "A parcel").await).await;
        app.deliver_mail().await;
        assert_eq!(subjects(app), ["An alarm", "A parcel"]);
        let mail = app.mails_to("ada@example.com").pop().expect("a letter");
        assert!(mail.text.contains("It stands at the door.") && mail.text.contains("http://vitrine.test/parcels/1"), "{}", mail.text);
    }
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_sign_in_from_a_new_browser_is_told_in_the_app_and_by_mail(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        app.login("ada@example.com").await;
        assert_eq!(unread(&ada).await, 0, "the same program as before");
        let body = json!({ "email": "ada@example.com", "password": app.password() });
        for _ in 0..2 {
            let login = app.client().with_header("user-agent", "Mozilla/5.0 (Elsewhere)");
            login.post("/auth/login", &body).await.expect(200);
        }
        app.deliver_mail().await;
        let list = ada.get("/notifications").await.expect(200).json();
        assert_eq!((&list["total"], &list["items"][0]["kind"]), (&json!(1), &json!("account.new_device")));
        assert_eq!(list["items"][0]["link"], "/account/sessions");
        let mail = app.mails_to("ada@example.com").pop().expect("a letter");
        assert_eq!((mail.subject.as_str(), mail.unsubscribe_url), ("Your account was opened on a new device", None));
        assert!(mail.text.contains("127.0.0.1, with Mozilla/5.0 (Elsewhere)."), "{}", mail.text);
    }

    async fn a_new_password_is_told_once_by_mail_and_in_the_app(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let body = json!({ "current_password": app.password(), "new_password": "another-fine-41-word" });
        ada.post("/auth/password/change", &body).await.expect(204);
        app.deliver_mail().await;
        assert_eq!(titles(&ada, "").await, ["Your password was changed"]);
        let letters = app.mails_to("ada@example.com");
        assert_eq!(letters.iter().filter(|mail| mail.subject == "Your password was changed").count(), 1);
    }

    async fn a_quota_that_runs_out_is_told_at_eighty_and_at_a_hundred_once_each(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let home = workspace(&ada).await;
        let limit = ada.get("/billing/usage").await.expect(200).json()["images"]["limit"].as_u64();
        let limit = u32::try_from(limit.expect("the free plan has a limit")).expect("a small one");
        let reserve = |count: u32| async move {
            let mut tx = app.ctx.db.begin().await.expect("a transaction");
            let reserved = billing::reserve(&mut tx, &app.ctx, home, Metric::Images, count).await.expect("reserved");
            tx.commit().await.expect("a commit");
            reserved
        };
        reserve(limit * 8 / 10 - 1).await;
        assert_eq!(unread(&ada).await, 0);
        let last = reserve(1).await;
        assert_eq!(titles(&ada, "").await, ["The month's images run out"]);
        // Given back and taken again: it was told.
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        billing::settle(&mut tx, &app.ctx, home, Metric::Images, last.period_start, 1, Settle::Release).await.expect("given back");
        tx.commit().await.expect("a commit");
        reserve(1).await;
        app.clock.advance(chrono::Duration::seconds(1));
        reserve(limit).await;
        reserve(limit).await;
        assert_eq!(titles(&ada, "").await, ["The month's images are used up", "The month's images run out"]);
    }

    async fn who_manages_a_workspace_hears_of_new_members(app: &TestApp) {
        let (ada, eve) = (app.register("ada@example.com").await, app.register("eve@example.com").await);
        let there = join(app, &ada, &eve).await;
        let mut tx = app.ctx.db.begin().await.expect("a transaction");
        let (home, joined) = (workspace(&ada).await, account(&eve).await);
        news::member_joined(&mut tx, &app.ctx, home, joined).await.expect("told");
        tx.commit().await.expect("a commit");
        assert_eq!(titles(&ada, "").await, ["Ada Example joined Ada Example’s workspace"]);
        assert!(titles(&there, "").await.is_empty());
    }

    async fn operators_hear_of_jobs_that_gave_up_in_one_line(app: &TestApp) {
        let (olga, ada) = (app.register("olga@example.com").await, app.register("ada@example.com").await);
        vitrine_platform::accounts::operators::promote(&app.ctx, &vitrine_kernel::text::Email::parse("olga@example.com").expect("an address")).await.expect("promoted");
        for _ in 0..3 {
            let mut tx = app.ctx.db.begin().await.expect("a transaction");
            news::job_dead(&mut tx, &app.ctx, "test.tidy", "too_untidy", "Nobody can tidy this.").await.expect("told");
            tx.commit().await.expect("a commit");
        }
        let list = olga.get("/notifications").await.expect(200).json();
        assert_eq!((&list["total"], &list["items"][0]["title"]), (&json!(1), &json!("3 jobs gave up")));
        assert!(titles(&ada, "").await.is_empty());
    }
}

fn app_token(app: &TestApp) -> String {
    let first = &app.mails_to("ada@example.com")[0].text;
    let (_, rest) = first.split_once("?token=").expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}
