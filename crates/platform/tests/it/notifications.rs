//! What accounts are told in the app: stored, live, listed, read.

use http::Method;
use serde_json::{Value, json};
use vitrine_kernel::id::{AccountId, WorkspaceId};
use vitrine_platform::Module;
use vitrine_platform::notifications::{Cadence, Channels, Group, Kind, Notice, service};
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
        // Told in Eve's workspace, and yet for Ada's ears.
        let elsewhere = Notice { workspace: Some(workspace(&eve).await), ..parcel(&ada, "For Ada").await };
        tell(app, elsewhere).await;
        tell(app, parcel(&eve, "For Eve").await).await;
        let heard = read_until(&mut of_ada, "For Ada").await;
        assert!(heard.contains("event: notification\n") && heard.contains("/parcels/1"), "{heard}");
        let heard = read_until(&mut of_eve, "For Eve").await;
        assert!(!heard.contains("For Ada"), "{heard}");
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

fn app_token(app: &TestApp) -> String {
    let first = &app.mails_to("ada@example.com")[0].text;
    let (_, rest) = first.split_once("?token=").expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}
