//! Identities of another sign-in service: what an account is told of them, and how they are taken away.

use chrono::Duration;
use serde_json::{Value, json};
use vitrine_testkit::{Client, TestApp};

use crate::issuer::{CLIENT, FakeIssuer, ISSUER, Key};
use crate::issuer_stories;
use crate::oidc::{EMAIL, begin, claims, come_back, location, me, refresh_cookie, with};

const LIST: &str = "/auth/oidc/identities";

async fn all(client: &Client) -> Vec<Value> {
    let list = client.get(LIST).await.expect(200).json();
    list["items"].as_array().expect("items").clone()
}

fn path_of(identity: &Value) -> String {
    format!("{LIST}/{}", identity["id"].as_str().expect("an id"))
}

fn bearer(app: &TestApp, token: &str) -> Client {
    app.client()
        .with_header("authorization", &format!("Bearer {token}"))
}

/// Signs in over there by hand; answers where the browser is sent and whether it is signed in.
async fn by_hand(app: &TestApp, fake: &FakeIssuer, key: &Key) -> (String, bool) {
    let (cookie, asked) = begin(app, "/auth/oidc/login").await;
    let id_token = with(
        with(claims(app), "aud", json!(CLIENT)),
        "nonce",
        json!(asked["nonce"]),
    );
    fake.say(|words| words.id_token = key.sign(&id_token));
    let reply = come_back(app, &cookie, &asked["state"]).await.expect(303);
    (location(&reply).to_owned(), refresh_cookie(&reply).is_some())
}

issuer_stories! {
    async fn an_unlinked_identity_opens_nothing_until_it_signs_in_by_hand(app, fake, key) {
        let ada = app.register_verified(EMAIL).await;
        assert_eq!(all(&ada).await, Vec::<Value>::new());
        let token = key.sign(&claims(app));
        bearer(app, &token).get("/auth/me").await.expect(200);
        let linked = all(&ada).await;
        assert_eq!(linked.len(), 1);
        assert_eq!(
            (&linked[0]["name"], &linked[0]["issuer"], &linked[0]["is_in_use"]),
            (&json!("issuer.test"), &json!(ISSUER), &json!(true))
        );
        assert_eq!(linked[0]["last_used_at"], "2026-11-02T09:00:00Z");
        assert!(linked[0].get("subject").is_none(), "{}", linked[0]);
        let path = path_of(&linked[0]);
        assert_eq!(ada.get(&path).await.expect(200).json(), linked[0]);

        app.clock.advance(Duration::seconds(1));
        ada.delete(&path).await.expect(204);
        ada.get(&path).await.expect_problem(404, "not_found");
        ada.delete(&path).await.expect_problem(404, "not_found");
        assert_eq!(all(&ada).await, Vec::<Value>::new());
        // Neither what it had nor what it gets anew.
        for token in [token.clone(), key.sign(&claims(app))] {
            bearer(app, &token).get("/auth/me").await.expect_problem(401, "unauthorized");
        }
        app.login(EMAIL).await;
        assert_eq!(by_hand(app, &fake, &key).await, ("http://vitrine.test/".to_owned(), true));
        assert_eq!(all(&ada).await.len(), 1);
        bearer(app, &token).get("/auth/me").await.expect_problem(401, "unauthorized");
        app.clock.advance(Duration::seconds(1));
        let mine = me(app, &key.sign(&claims(app))).await.expect(200).json();
        assert_eq!(mine["user"]["id"], ada.tokens["user"]["id"]);
    }

    async fn the_last_way_into_an_account_stays(app, fake, key) {
        let token = key.sign(&claims(app));
        let ada = bearer(app, &token);
        ada.get("/auth/me").await.expect(200);
        let path = path_of(&all(&ada).await[0]);
        ada.delete(&path).await.expect_problem(409, "conflict");
        ada.get("/auth/me").await.expect(200);
        // With a second one, either may go.
        let other = key.sign(&with(claims(app), "sub", json!("ada-2")));
        me(app, &other).await.expect(200);
        assert_eq!(all(&ada).await.len(), 2);
        ada.delete(&path).await.expect(204);
        ada.get("/auth/me").await.expect_problem(401, "unauthorized");
        let ada = bearer(app, &other);
        let left = path_of(&all(&ada).await[0]);
        ada.delete(&left).await.expect_problem(409, "conflict");
        // A password is a way, too.
        app.client().post("/auth/password/forgot", &json!({ "email": EMAIL })).await.expect(202);
        app.run_jobs().await;
        let body = json!({ "token": app.mailed_token(EMAIL), "password": app.password() });
        app.client().post("/auth/password/reset", &body).await.expect(204);
        app.login(EMAIL).await.delete(&left).await.expect(204);
        assert_eq!(fake.fetches(), 1);
    }

    async fn identities_are_paged_and_hidden_from_others_and_from_keys(app, _fake, key) {
        let ada = app.register_verified(EMAIL).await;
        for number in 0..3 {
            app.clock.advance(Duration::seconds(1));
            me(app, &key.sign(&with(claims(app), "sub", json!(format!("ada-{number}"))))).await.expect(200);
        }
        let ids = |page: &Value| -> Vec<Value> {
            page["items"].as_array().expect("items").iter().map(|one| one["id"].clone()).collect()
        };
        let whole = ids(&ada.get(&format!("{LIST}?sort=created_at")).await.expect(200).json());
        assert_eq!(whole.len(), 3);
        let second = ada.get(&format!("{LIST}?sort=created_at&page=2&page_size=2")).await.expect(200).json();
        assert_eq!((ids(&second), &second["total"]), (vec![whole[2].clone()], &json!(3)));
        let first = ada.get(&format!("{LIST}?sort=created_at&limit=2")).await.expect(200).json();
        let cursor = first["next_cursor"].as_str().expect("more");
        let rest = ada.get(&format!("{LIST}?sort=created_at&limit=2&cursor={cursor}")).await.expect(200).json();
        assert_eq!([ids(&first), ids(&rest)].concat(), whole);

        let path = format!("{LIST}/{}", whole[0].as_str().expect("an id"));
        let eve = app.register("eve@example.com").await;
        assert_eq!(all(&eve).await, Vec::<Value>::new());
        eve.get(&path).await.expect_problem(404, "not_found");
        eve.delete(&path).await.expect_problem(404, "not_found");
        app.client().get(LIST).await.expect_problem(401, "unauthorized");
        app.client().delete(&path).await.expect_problem(401, "unauthorized");
        let made = ada.post("/api-keys", &json!({ "name": "CI", "scopes": ["admin"] })).await.expect(201).json();
        let program = bearer(app, made["secret"].as_str().expect("a secret"));
        program.get(LIST).await.expect_problem(403, "forbidden");
        program.delete(&path).await.expect_problem(403, "forbidden");
    }

    async fn tokens_of_another_service_never_show_our_second_factor(app, _fake, key) {
        let ada = crate::mfa::with_factor(app).await;
        app.client().post("/auth/verify-email", &json!({ "token": app.first_mailed_token(EMAIL) })).await.expect(200);
        app.clock.advance(Duration::seconds(30));
        let foreign = bearer(app, &key.sign(&claims(app)));
        assert_eq!(foreign.post("/user/export", &json!({})).await.expect_complaints(), ["code required"]);
        let code = json!({ "code": crate::mfa::shown(app, &ada.seed, 0) });
        foreign.post("/user/export", &code).await.expect(202);
        app.may_leave_jobs();
    }
}
