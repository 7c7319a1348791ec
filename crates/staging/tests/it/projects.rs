use chrono::Duration;
use serde_json::{Value, json};
use vitrine_kernel::ErrorCode;
use vitrine_kernel::id::{AccountId, WorkspaceId};
use vitrine_platform::Actor;
use vitrine_platform::accounts::Credential;
use vitrine_platform::workspaces::Role;
use vitrine_staging::projects::model::NewProject;
use vitrine_staging::projects::service;
use vitrine_testkit::{Client, TestApp, app_test};

use crate::support::{make_project, modules, photo, text, upload};

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("a page has items");
    items
        .iter()
        .map(|project| text(project, "name").to_owned())
        .collect()
}

async fn get_names(client: &Client, query: &str) -> Vec<String> {
    names(&client.get(&format!("/projects{query}")).await.expect(200).json())
}

app_test! {
    modules = modules;

    async fn a_project_is_made_changed_and_replaced(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let reply = ada.post("/projects", &json!({ "name": " 12 Elm Street ", "description": "Two floors" })).await.expect(201);
        let made = reply.json();
        let id = text(&made, "id");
        assert_eq!(reply.header("location"), Some(format!("/api/v1/projects/{id}").as_str()));
        assert_eq!(
            made,
            json!({
                "id": id,
                "name": "12 Elm Street",
                "description": "Two floors",
                "original_count": 0,
                "image_count": 0,
                "ready_count": 0,
                "cover_url": null,
                "created_at": "2026-11-02T09:00:00Z",
                "updated_at": "2026-11-02T09:00:00Z",
            })
        );
        let path = format!("/projects/{id}");
        assert_eq!(ada.get(&path).await.expect(200).json(), made);

        app.clock.advance(Duration::seconds(60));
        let changed = ada.patch(&path, &json!({ "name": "14 Elm Street" })).await.expect(200).json();
        assert_eq!(changed["name"], "14 Elm Street");
        assert_eq!(changed["description"], "Two floors", "what was not sent stays");
        assert_eq!(changed["created_at"], "2026-11-02T09:00:00Z");
        assert_eq!(changed["updated_at"], "2026-11-02T09:01:00Z");
        let same = ada.patch(&path, &json!({})).await.expect(200).json();
        assert_eq!((&same["name"], &same["description"]), (&changed["name"], &changed["description"]));

        let replaced = ada.put(&path, &json!({ "name": "16 Elm Street" })).await.expect(200).json();
        assert_eq!((&replaced["name"], &replaced["description"]), (&json!("16 Elm Street"), &json!("")));
        assert_eq!(ada.get(&path).await.expect(200).json(), replaced);
    }

    async fn every_bad_field_is_named(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let body = json!({ "name": " ", "description": "x".repeat(2001) });
        assert_eq!(ada.post("/projects", &body).await.expect_complaints(), [
            "name invalid_length",
            "description invalid_length"
        ]);
        let body = json!({ "name": "x".repeat(101), "owner": "me" });
        assert_eq!(ada.post("/projects", &body).await.expect_complaints(), ["owner unknown_field"]);
        assert_eq!(ada.post("/projects", &json!({ "name": 7 })).await.expect_complaints(), ["name wrong_type"]);
        assert_eq!(ada.post("/projects", &json!({})).await.expect_complaints(), ["name required"]);
        let path = format!("/projects/{}", make_project(&ada, "Elm").await);
        assert_eq!(ada.patch(&path, &json!({ "name": null })).await.expect_complaints(), ["name wrong_type"]);
        assert_eq!(ada.patch(&path, &json!({ "name": "" })).await.expect_complaints(), ["name invalid_length"]);
        assert_eq!(ada.put(&path, &json!({ "description": "x" })).await.expect_complaints(), ["name required"]);
        assert_eq!(ada.get("/projects?sort=colour").await.expect_complaints(), ["sort unknown_value"]);
        assert_eq!(ada.get("/projects?deleted=maybe").await.expect_complaints(), ["deleted invalid"]);
        assert_eq!(ada.get("/projects?colour=red").await.expect_complaints(), ["colour unknown_field"]);
        assert_eq!(get_names(&ada, "").await, ["Elm"], "nothing was made or changed");
    }

    async fn a_deleted_project_is_unknown_until_it_is_restored(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let path = format!("/projects/{}", make_project(&ada, "Elm").await);
        let restore = format!("{path}/restore");
        let deleted = ada.delete(&path).await.expect(200).json();
        assert_eq!(deleted, json!({ "restorable": true, "restorable_days": 30 }));
        for reply in [
            ada.get(&path).await,
            ada.patch(&path, &json!({ "name": "Oak" })).await,
            ada.put(&path, &json!({ "name": "Oak" })).await,
            ada.delete(&path).await,
            ada.get(&format!("{path}/originals")).await,
        ] {
            reply.expect_problem(404, "not_found");
        }
        assert!(get_names(&ada, "").await.is_empty());
        assert_eq!(get_names(&ada, "?deleted=true").await, ["Elm"]);

        assert_eq!(ada.post_empty(&restore).await.expect(200).json()["name"], "Elm");
        let _ = ada.post_empty(&restore).await.expect(200);
        assert_eq!(get_names(&ada, "").await, ["Elm"]);

        let _ = ada.delete(&path).await.expect(200);
        app.clock.advance(Duration::days(31));
        let ada = app.login("ada@example.com").await;
        ada.post_empty(&restore).await.expect_problem(404, "not_found");
    }

    async fn somebody_elses_project_is_unknown_on_every_verb(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let id = make_project(&ada, "Elm").await;
        let unknown = "01900000-0000-7000-8000-000000000000";
        for id in [id.as_str(), unknown, "not-an-id"] {
            let path = format!("/projects/{id}");
            for reply in [
                eve.get(&path).await,
                eve.patch(&path, &json!({ "name": "Mine" })).await,
                eve.put(&path, &json!({ "name": "Mine" })).await,
                eve.delete(&path).await,
                eve.post_empty(&format!("{path}/restore")).await,
                eve.get(&format!("{path}/originals")).await,
                eve.get(&format!("{path}/download")).await,
                eve.post(&format!("{path}/download"), &json!({})).await,
            ] {
                reply.expect_problem(404, "not_found");
            }
        }
        assert!(get_names(&eve, "").await.is_empty());
        app.client().get(&format!("/projects/{id}")).await.expect_problem(401, "unauthorized");
        assert_eq!(get_names(&ada, "").await, ["Elm"]);
    }

    async fn lists_are_sorted_and_paged_both_ways(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        for name in ["b", "d", "a", "e", "c"] {
            make_project(&ada, name).await;
            app.clock.advance(Duration::seconds(1));
        }
        assert_eq!(get_names(&ada, "").await, ["c", "e", "a", "d", "b"], "newest first");
        assert_eq!(get_names(&ada, "?sort=name").await, ["a", "b", "c", "d", "e"]);
        assert_eq!(get_names(&ada, "?sort=-name&page=2&page_size=2").await, ["c", "b"]);
        let page = ada.get("/projects?page=9&page_size=2").await.expect(200).json();
        assert_eq!(page, json!({ "items": [], "total": 5, "page": 9, "page_size": 2, "pages": 3 }));

        let first = ada.get("/projects?sort=name&limit=2").await.expect(200).json();
        assert_eq!((names(&first), &first["prev_cursor"]), (vec!["a".to_owned(), "b".to_owned()], &Value::Null));
        // A row that arrives before the cursor moves nothing behind it.
        make_project(&ada, "aa").await;
        let second = ada.get(&format!("/projects?sort=name&limit=2&cursor={}", text(&first, "next_cursor"))).await;
        let second = second.expect(200).json();
        assert_eq!(names(&second), ["c", "d"]);
        let third = ada.get(&format!("/projects?limit=2&cursor={}", text(&second, "next_cursor"))).await.expect(200).json();
        assert_eq!((names(&third), &third["next_cursor"]), (vec!["e".to_owned()], &Value::Null));
        let back = ada.get(&format!("/projects?limit=2&cursor={}", text(&third, "prev_cursor"))).await.expect(200).json();
        assert_eq!(names(&back), ["c", "d"]);
        let tampered = format!("/projects?cursor={}x", text(&first, "next_cursor"));
        ada.get(&tampered).await.expect_problem(400, "invalid_cursor");
        let of_another_sort = format!("/projects?sort=-created_at&cursor={}", text(&first, "next_cursor"));
        ada.get(&of_another_sort).await.expect_problem(400, "invalid_cursor");
    }

    async fn a_card_shows_counts_and_a_cover(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let id = make_project(&ada, "Elm").await;
        make_project(&ada, "Oak").await;
        upload(app, &ada, "a.jpg", &photo(300, 200, 1), Some(&id)).await;
        upload(app, &ada, "b.jpg", &photo(300, 200, 2), Some(&id)).await;
        app.run_jobs().await;
        let page = ada.get("/projects?sort=name").await.expect(200).json();
        let (elm, oak) = (&page["items"][0], &page["items"][1]);
        assert_eq!((&elm["original_count"], &elm["image_count"], &elm["ready_count"]), (&json!(2), &json!(0), &json!(0)));
        assert_eq!((&oak["original_count"], &oak["cover_url"]), (&json!(0), &Value::Null));
        let cover = app.client().get(text(elm, "cover_url")).await.expect(200);
        assert_eq!(cover.header("content-type"), Some("image/jpeg"));
        assert_eq!(elm, &ada.get(&format!("/projects/{id}")).await.expect(200).json());
    }

    async fn a_viewer_may_look_but_not_change(app: &TestApp) {
        let viewer = Actor {
            plan: "free".to_owned(),
            account_id: app.ctx.id::<AccountId>(),
            credential: Credential::Session(app.ctx.id()),
            workspace_id: app.ctx.id::<WorkspaceId>(),
            role: Role::Viewer,
            is_operator: false,
            is_verified: true,
        is_leaving: false,
            ip: None,
        };
        let id = app.ctx.id();
        let new = NewProject::check("Elm", "").expect("a good name");
        for refusal in [
            service::create(&app.ctx, &viewer, new.clone()).await.map(|_| ()),
            service::update(&app.ctx, &viewer, id, new.into()).await.map(|_| ()),
            service::delete(&app.ctx, &viewer, id).await,
            service::restore(&app.ctx, &viewer, id).await.map(|_| ()),
        ] {
            assert_eq!(refusal.expect_err("a viewer").code(), ErrorCode::Forbidden);
        }
        assert_eq!(service::get(&app.ctx, &viewer, id).await.expect_err("nothing there").code(), ErrorCode::NotFound);
    }
}
