use serde_json::{Value, json};
use vitrine_testkit::{Client, TestApp, app_test};

use crate::support::{make_project, modules, photo, text, upload};

fn filenames(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("a page has items");
    items
        .iter()
        .map(|original| text(original, "filename").to_owned())
        .collect()
}

async fn photos_of(client: &Client, project: &str) -> Vec<String> {
    filenames(
        &client
            .get(&format!("/projects/{project}/originals?sort=filename"))
            .await
            .expect(200)
            .json(),
    )
}

app_test! {
    modules = modules;

    async fn a_photo_is_taken_out_of_a_project_and_put_back(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let a = upload(app, &ada, "a.jpg", &photo(200, 100, 1), Some(&project)).await;
        upload(app, &ada, "b.jpg", &photo(200, 100, 2), Some(&project)).await;
        app.run_jobs().await;
        assert_eq!(photos_of(&ada, &project).await, ["a.jpg", "b.jpg"]);

        let path = format!("/projects/{project}/originals/{}", text(&a, "id"));
        let _ = ada.delete(&path).await.expect(204);
        ada.delete(&path).await.expect_problem(404, "not_found");
        assert_eq!(photos_of(&ada, &project).await, ["b.jpg"]);
        let _ = ada.get(&format!("/originals/{}", text(&a, "id"))).await.expect(200);
        let restored = ada.post_empty(&format!("{path}/restore")).await.expect(200).json();
        assert_eq!(restored["id"], a["id"]);
        let _ = ada.post_empty(&format!("{path}/restore")).await.expect(200);
        assert_eq!(photos_of(&ada, &project).await, ["a.jpg", "b.jpg"]);

        // Uploading it again puts it back too.
        let _ = ada.delete(&path).await.expect(204);
        let again = upload(app, &ada, "c.jpg", &photo(200, 100, 1), Some(&project)).await;
        assert_eq!((&again["id"], &again["duplicate"]), (&a["id"], &json!(true)));
        assert_eq!(photos_of(&ada, &project).await, ["a.jpg", "b.jpg"]);
    }

    async fn photos_of_a_project_are_paged_both_ways(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Elm").await;
        for (seed, name) in ["a.jpg", "b.jpg", "c.jpg"].into_iter().enumerate() {
            upload(app, &ada, name, &photo(100, 100, seed as u8), Some(&project)).await;
        }
        app.run_jobs().await;
        let path = format!("/projects/{project}/originals");
        let page = ada.get(&format!("{path}?page_size=2&sort=filename")).await.expect(200).json();
        assert_eq!((filenames(&page).len(), &page["total"], &page["pages"]), (2, &json!(3), &json!(2)));
        let first = ada.get(&format!("{path}?limit=2&sort=filename")).await.expect(200).json();
        let next = ada.get(&format!("{path}?limit=2&cursor={}", text(&first, "next_cursor"))).await.expect(200).json();
        assert_eq!((filenames(&first), filenames(&next)), (
            vec!["a.jpg".to_owned(), "b.jpg".to_owned()],
            vec!["c.jpg".to_owned()]
        ));
        assert_eq!(ada.get(&format!("{path}?sort=size")).await.expect_complaints(), ["sort unknown_value"]);
    }

    async fn somebody_elses_photo_is_unknown_on_every_verb(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let eve = app.register("eve@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let eves = make_project(&eve, "Mine").await;
        let original = upload(app, &ada, "a.jpg", &photo(100, 100, 1), Some(&project)).await;
        app.run_jobs().await;
        let id = text(&original, "id");
        for reply in [
            eve.get(&format!("/originals/{id}")).await,
            eve.delete(&format!("/projects/{project}/originals/{id}")).await,
            eve.delete(&format!("/projects/{eves}/originals/{id}")).await,
            eve.post_empty(&format!("/projects/{project}/originals/{id}/restore")).await,
            eve.post_empty(&format!("/projects/{eves}/originals/{id}/restore")).await,
        ] {
            reply.expect_problem(404, "not_found");
        }
        assert_eq!(photos_of(&ada, &project).await, ["a.jpg"]);
        // The same bytes in another workspace are another original.
        let own = upload(app, &eve, "a.jpg", &photo(100, 100, 1), Some(&eves)).await;
        assert_eq!(own["duplicate"], json!(false));
        assert_ne!(own["id"], original["id"]);
        app.run_jobs().await;
    }

    async fn the_sample_project_is_made_on_set_up(app: &TestApp) {
        use vitrine_platform::accounts::setup;
        use vitrine_staging::samples::SAMPLES;

        let token = setup::issue_token(&app.ctx).await.expect("the database answers").expect("no account exists");
        let body = json!({
            "token": token,
            "email": "op@example.com",
            "password": app.password(),
            "full_name": "Op Example",
            "sample_project": true,
        });
        let reply = app.client().post("/setup", &body).await.expect(201).json();
        let operator = app.client().with_tokens(&reply);
        app.run_jobs().await;
        let project = text(&reply, "sample_project_id");
        let page = operator.get(&format!("/projects/{project}/originals?sort=filename")).await.expect(200).json();
        assert_eq!(filenames(&page).len(), SAMPLES.len());
        assert!(filenames(&page).iter().any(|name| name == "quiet bedroom.jpg"), "names are made for people: {page}");
        for original in page["items"].as_array().expect("a page has items") {
            assert_eq!(original["status"], "ready", "{original}");
        }
    }
}
