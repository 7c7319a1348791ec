//! Sessions and their tokens.

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use vitrine_testkit::{Client, Reply, TestApp};

use crate::modules;

const OURS: &str = "http://vitrine.test";

fn refresh_token(tokens: &Value) -> String {
    tokens["refresh_token"]
        .as_str()
        .expect("a refresh token")
        .to_owned()
}

async fn refresh(client: &Client, token: &str) -> Reply {
    client
        .post("/auth/refresh", &json!({ "refresh_token": token }))
        .await
}

/// `name=value` of the refresh cookie.
fn cookie(reply: &Reply) -> String {
    let text = reply.header("set-cookie").expect("a cookie is set");
    text.split(';').next().expect("a pair").to_owned()
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn a_refresh_token_works_once_and_its_successor_goes_on(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let first = refresh_token(&ada.tokens);
        let second = refresh(&app.client(), &first).await.expect(200).json();
        assert_ne!(refresh_token(&second), first);
        let client = app.client().with_tokens(&second);
        assert_eq!(client.get("/auth/me").await.expect(200).json()["user"], ada.tokens["user"]);
        assert_eq!(refresh(&app.client(), &refresh_token(&second)).await.status, 200);
    }

    async fn of_parallel_uses_exactly_one_wins_and_nothing_is_revoked(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let token = refresh_token(&ada.tokens);
        let calls = (0..8).map(|_| {
            let (client, token) = (app.client(), token.clone());
            tokio::spawn(async move { refresh(&client, &token).await })
        });
        let replies: Vec<Reply> =
            futures_util::future::join_all(calls).await.into_iter().map(|reply| reply.expect("it ran")).collect();
        let (won, lost): (Vec<Reply>, Vec<Reply>) = replies.into_iter().partition(|reply| reply.status == 200);
        assert_eq!((won.len(), lost.len()), (1, 7));
        for reply in lost {
            reply.expect_problem(409, "conflict");
        }
        app.clock.advance(Duration::seconds(9));
        refresh(&app.client(), &token).await.expect_problem(409, "conflict");
        assert_eq!(app.client().with_tokens(&won[0].json()).get("/auth/me").await.status, 200);
    }

    async fn an_old_token_that_comes_back_later_ends_the_whole_family(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let elsewhere = app.login("ada@example.com").await;
        let first = refresh_token(&ada.tokens);
        let second = refresh(&app.client(), &first).await.expect(200).json();
        app.clock.advance(Duration::seconds(10));
        refresh(&app.client(), &first).await.expect_problem(401, "token_reused");
        refresh(&app.client(), &refresh_token(&second)).await.expect_problem(401, "unauthorized");
        app.client().with_tokens(&second).get("/auth/me").await.expect_problem(401, "unauthorized");
        ada.get("/auth/me").await.expect_problem(401, "unauthorized");
        assert_eq!(elsewhere.get("/auth/me").await.status, 200);
    }

    async fn an_unknown_or_expired_refresh_token_is_a_401(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        refresh(&app.client(), "nonsense").await.expect_problem(401, "unauthorized");
        app.client().post_empty("/auth/refresh").await.expect_problem(401, "unauthorized");
        app.clock.advance(Duration::days(30));
        refresh(&app.client(), &refresh_token(&ada.tokens)).await.expect_problem(401, "unauthorized");
    }

    async fn our_own_page_gets_a_cookie_instead_of_a_token(app: &TestApp) {
        app.register("ada@example.com").await;
        let page = app.client().with_header("origin", OURS);
        let body = json!({ "email": "ada@example.com", "password": app.password() });
        let reply = page.post("/auth/login", &body).await.expect(200);
        assert!(reply.json().get("refresh_token").is_none());
        let set = reply.header("set-cookie").expect("a cookie").to_owned();
        assert!(set.starts_with("vitrine_refresh="), "{set}");
        assert!(set.ends_with("; Path=/api/v1/auth; Max-Age=2592000; HttpOnly; SameSite=Lax"), "{set}");

        let sent = cookie(&reply);
        let reply = page.clone().with_header("cookie", &sent).post_empty("/auth/refresh").await.expect(200);
        assert!(reply.json().get("refresh_token").is_none());
        assert_ne!(cookie(&reply), sent);
        // The partner's page is ours too, because it was listed; it gets the headers it needs to read the answer.
        let partner = app.client().with_header("origin", "https://partner.test");
        let reply = partner.clone().with_header("cookie", &cookie(&reply)).post_empty("/auth/refresh").await.expect(200);
        assert_eq!(reply.header("access-control-allow-origin"), Some("https://partner.test"));
        assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));
    }

    async fn a_cookie_from_a_foreign_page_or_from_none_is_refused(app: &TestApp) {
        let page = app.client().with_header("origin", OURS);
        let body = json!({ "email": "ada@example.com", "password": app.password(), "full_name": "Ada" });
        let sent = cookie(&page.post("/auth/register", &body).await.expect(201));
        for origin in ["https://evil.test", "null", "https://vitrine.test"] {
            let evil = app.client().with_header("origin", origin).with_header("cookie", &sent);
            let reply = evil.post_empty("/auth/refresh").await;
            assert_eq!(reply.header("access-control-allow-origin"), None);
            reply.expect_problem(403, "forbidden");
            evil.post_empty("/auth/logout").await.expect_problem(403, "forbidden");
        }
        let bare = app.client().with_header("cookie", &sent);
        bare.post_empty("/auth/refresh").await.expect_problem(403, "forbidden");
        // Nothing was lost by it.
        assert_eq!(page.with_header("cookie", &sent).post_empty("/auth/refresh").await.status, 200);
    }

    async fn a_foreign_page_that_signs_in_gets_no_cookie(app: &TestApp) {
        app.register("ada@example.com").await;
        let body = json!({ "email": "ada@example.com", "password": app.password() });
        let reply = app.client().with_header("origin", "https://evil.test").post("/auth/login", &body).await;
        assert_eq!(reply.header("set-cookie"), None);
    }

    async fn signing_out_ends_the_session_at_once(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let elsewhere = app.login("ada@example.com").await;
        let reply = ada.post_empty("/auth/logout").await.expect(204);
        assert!(reply.header("set-cookie").is_some_and(|set| set.contains("Max-Age=0")));
        ada.get("/auth/me").await.expect_problem(401, "unauthorized");
        refresh(&app.client(), &refresh_token(&ada.tokens)).await.expect_problem(401, "unauthorized");
        // The refresh token alone signs out as well, and signing out twice is fine.
        let body = json!({ "refresh_token": refresh_token(&elsewhere.tokens) });
        app.client().post("/auth/logout", &body).await.expect(204);
        app.client().post("/auth/logout", &body).await.expect(204);
        app.client().post_empty("/auth/logout").await.expect(204);
        elsewhere.get("/auth/me").await.expect_problem(401, "unauthorized");
    }

    async fn signing_out_everywhere_ends_every_session_of_the_account_only(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let elsewhere = app.login("ada@example.com").await;
        let bea = app.register("bea@example.com").await;
        ada.post_empty("/auth/logout-all").await.expect(204);
        ada.get("/auth/me").await.expect_problem(401, "unauthorized");
        elsewhere.get("/auth/me").await.expect_problem(401, "unauthorized");
        assert_eq!(bea.get("/auth/me").await.status, 200);
    }

    async fn sessions_are_listed_named_and_revoked_by_their_owner(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        app.clock.advance(Duration::seconds(1));
        let body = json!({ "email": "ada@example.com", "password": app.password(), "device_label": "Tablet" });
        let tablet = app.client().with_header("user-agent", "Tester/1");
        let tablet = tablet.clone().with_tokens(&tablet.post("/auth/login", &body).await.expect(200).json());

        let page = ada.get("/auth/sessions").await.expect(200).json();
        assert_eq!((&page["total"], &page["page"], &page["pages"]), (&json!(2), &json!(1), &json!(1)));
        let session = &page["items"][0];
        assert_eq!(session["device_label"], "Tablet");
        assert_eq!(session["user_agent"], "Tester/1");
        assert_eq!(session["ip"], "127.0.0.1");
        assert_eq!(session["is_current"], false);
        assert_eq!(session["created_at"], "2026-11-02T09:00:01Z");
        assert_eq!(session["expires_at"], "2026-12-02T09:00:01Z");
        assert_eq!(page["items"][1]["is_current"], true);
        assert!(!page.to_string().contains("token"));

        let path = format!("/auth/sessions/{}", session["id"].as_str().expect("an id"));
        let named = ada.patch(&path, &json!({ "device_label": " Kitchen " })).await.expect(200).json();
        assert_eq!(named["device_label"], "Kitchen");
        let named = ada.patch(&path, &json!({ "device_label": null })).await.expect(200).json();
        assert_eq!(named["device_label"], json!(null));
        let complaints = ada.patch(&path, &json!({ "device_label": "x".repeat(101) })).await.expect_complaints();
        assert_eq!(complaints, ["device_label invalid"]);
        assert_eq!(ada.patch(&path, &json!({})).await.expect_complaints(), ["device_label required"]);

        ada.post_empty(&format!("{path}/revoke")).await.expect(204);
        tablet.get("/auth/me").await.expect_problem(401, "unauthorized");
        ada.post_empty(&format!("{path}/revoke")).await.expect(204);
        ada.patch(&path, &json!({ "device_label": "x" })).await.expect_problem(404, "not_found");
        assert_eq!(ada.get("/auth/sessions").await.json()["total"], 1);
    }

    async fn revoking_the_others_keeps_this_session(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let others = [app.login("ada@example.com").await, app.login("ada@example.com").await];
        let reply = ada.post_empty("/auth/sessions/revoke-others").await.expect(200);
        assert_eq!(reply.json(), json!({ "revoked": 2 }));
        for other in others {
            other.get("/auth/me").await.expect_problem(401, "unauthorized");
        }
        assert_eq!(ada.get("/auth/me").await.status, 200);
    }

    async fn somebody_elses_session_answers_like_an_unknown_one(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let id = ada.get("/auth/sessions").await.json()["items"][0]["id"].as_str().expect("an id").to_owned();
        for id in [id.as_str(), "00000000-0000-7000-8000-000000000000", "nonsense"] {
            let path = format!("/auth/sessions/{id}");
            eve.patch(&path, &json!({ "device_label": "x" })).await.expect_problem(404, "not_found");
            eve.post_empty(&format!("{path}/revoke")).await.expect_problem(404, "not_found");
        }
        assert_eq!(ada.get("/auth/me").await.status, 200);
        assert_eq!(eve.get("/auth/sessions").await.json()["total"], 1);
    }

    async fn a_list_pages_by_number_and_by_cursor_in_both_directions(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        for _ in 0..4 {
            app.login("ada@example.com").await;
        }
        let ids = |page: &Value| -> Vec<String> {
            let items = page["items"].as_array().expect("items");
            items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
        };
        let all = ids(&ada.get("/auth/sessions").await.expect(200).json());
        assert_eq!(all.len(), 5);

        let second = ada.get("/auth/sessions?page=2&page_size=2").await.expect(200).json();
        assert_eq!(ids(&second), all[2..4]);
        assert_eq!((&second["total"], &second["page_size"], &second["pages"]), (&json!(5), &json!(2), &json!(3)));
        let past = ada.get("/auth/sessions?page=9").await.expect(200).json();
        assert_eq!((ids(&past).len(), &past["total"]), (0, &json!(5)));

        // The same moment for all of them, so that only the id breaks ties.
        let first = ada.get("/auth/sessions?limit=2").await.expect(200).json();
        assert_eq!((ids(&first), &first["prev_cursor"]), (all[..2].to_vec(), &json!(null)));
        let next = first["next_cursor"].as_str().expect("there is more");
        let middle = ada.get(&format!("/auth/sessions?cursor={next}&limit=2")).await.expect(200).json();
        assert_eq!(ids(&middle), all[2..4]);
        let next = middle["next_cursor"].as_str().expect("there is more");
        let last = ada.get(&format!("/auth/sessions?cursor={next}&limit=2")).await.expect(200).json();
        assert_eq!((ids(&last), &last["next_cursor"]), (all[4..].to_vec(), &json!(null)));
        let previous = middle["prev_cursor"].as_str().expect("there was more");
        let back = ada.get(&format!("/auth/sessions?cursor={previous}&limit=2")).await.expect(200).json();
        assert_eq!((ids(&back), &back["prev_cursor"]), (all[..2].to_vec(), &json!(null)));
        assert_eq!(ids(&ada.get("/auth/sessions?cursor=&limit=2").await.json()), all[..2]);
        let mut reversed = all.clone();
        reversed.reverse();
        assert_eq!(ids(&ada.get("/auth/sessions?sort=created_at").await.json()), reversed);
    }

    async fn what_is_wrong_with_a_list_is_said(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        app.login("ada@example.com").await;
        for (query, complaint) in [
            ("page=0", "page out_of_range"),
            ("page_size=0", "page_size out_of_range"),
            ("page_size=101", "page_size out_of_range"),
            ("limit=101", "limit out_of_range"),
            ("page=x", "page invalid"),
            ("sort=password", "sort unknown_value"),
            ("page=1&limit=5", "page conflicting"),
            ("colour=red", "colour unknown_field"),
            ("page=1&page=2", "page duplicate_field"),
        ] {
            let complaints = ada.get(&format!("/auth/sessions?{query}")).await.expect_complaints();
            assert_eq!(complaints, [complaint], "{query}");
        }
        let page = ada.get("/auth/sessions?limit=1").await.json();
        let cursor = page["next_cursor"].as_str().expect("there is more");
        let flipped = cursor.replacen(&cursor[5..6], if &cursor[5..6] == "A" { "B" } else { "A" }, 1);
        for query in [
            format!("cursor={flipped}"),
            format!("cursor={}", &cursor[..cursor.len() - 3]),
            "cursor=nonsense".to_owned(),
            format!("cursor={cursor}&sort=created_at"),
        ] {
            ada.get(&format!("/auth/sessions?{query}")).await.expect_problem(400, "invalid_cursor");
        }
    }

    async fn the_trail_tells_who_signed_in_and_out(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let body = json!({ "email": "ada@example.com", "password": "wrong" });
        let peer = "203.0.113.9:999".parse().expect("an address");
        app.client().call(Method::POST, "/auth/login").json(&body).from(peer).send().await.expect(401);
        ada.post_empty("/auth/logout").await.expect(204);
        vitrine_db::statements! {
            TRAIL = "select action, ip, account_id from audit_log order by at, id";
        }
        assert_eq!(STATEMENTS.len(), 1);
        let rows = app.ctx.db.fetch_all(&TRAIL, Vec::new()).await.expect("the trail can be read");
        let mut seen: Vec<(String, Option<String>)> = rows
            .iter()
            .map(|row| (row.get("action").expect("an action"), row.get("ip").expect("an address or none")))
            .collect();
        seen.sort();
        let here = Some("127.0.0.1".to_owned());
        assert_eq!(seen, [
            ("account.created".to_owned(), here.clone()),
            ("session.opened".to_owned(), here.clone()),
            ("session.refused".to_owned(), Some("203.0.113.9".to_owned())),
            ("session.revoked".to_owned(), here),
        ]);
        let id = ada.tokens["user"]["id"].as_str().expect("an id");
        for row in rows {
            assert_eq!(row.get::<uuid::Uuid>("account_id").expect("an account").to_string(), id);
        }
    }

    async fn what_has_expired_is_cleared_away(app: &TestApp) {
        app.register("ada@example.com").await;
        app.clock.advance(Duration::days(31));
        let ada = app.login("ada@example.com").await;
        vitrine_platform::accounts::sessions::purge_expired(&app.ctx).await.expect("it is cleared");
        vitrine_db::statements! {
            COUNTS = "select (select count(*) from sessions) as sessions, (select count(*) from refresh_tokens) as tokens";
        }
        assert_eq!(STATEMENTS.len(), 1);
        let row = app.ctx.db.fetch_one(&COUNTS, Vec::new()).await.expect("they can be counted");
        assert_eq!((row.get::<i64>("sessions").expect("a count"), row.get::<i64>("tokens").expect("a count")), (1, 1));
        assert_eq!(ada.get("/auth/me").await.status, 200);
    }
}
