//! Stories of imported furniture.

use serde_json::{Value, json};
use vitrine_testkit::{Client, TestApp, app_test};

use crate::support::{box_glb, fetch, modules, send, text};

/// Announces a file, sends it and runs its import.
async fn import(app: &TestApp, client: &Client, wish: &Value, bytes: &[u8]) -> Value {
    let announced = client.post("/furniture/import", wish).await.expect(201).json();
    assert_eq!(announced["status"], "announced");
    assert_eq!(send(app, &announced, bytes).await, 200);
    let path = format!("/furniture/imports/{}", text(&announced, "id"));
    let started = client
        .post_empty(&format!("{path}/start"))
        .await
        .expect(202)
        .json();
    assert_eq!(started["status"], "queued");
    app.run_jobs().await;
    client.get(&path).await.expect(200).json()
}

fn wish(filename: &str, bytes: &[u8]) -> Value {
    json!({ "filename": filename, "file_size": bytes.len() })
}

fn box_wish(name: &str, bytes: &[u8]) -> Value {
    let mut wish = wish("box.glb", bytes);
    wish["kind"] = json!("pouf");
    wish["name"] = json!(name);
    wish["creator"] = json!("Ada");
    wish["licence"] = json!("CC BY 4.0");
    wish
}

/// Imports a box; the id of the piece.
pub async fn import_box(app: &TestApp, client: &Client, name: &str) -> String {
    let bytes = box_glb();
    let done = import(app, client, &box_wish(name, &bytes), &bytes).await;
    assert_eq!(done["status"], "ready", "{done}");
    text(&done["results"][0], "asset").to_owned()
}

app_test! {
    modules = modules;

    async fn a_model_becomes_a_piece_with_its_credit(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let first = import_box(app, &ada, "Red box").await;
        let again = import_box(app, &ada, "Redder box").await;
        assert_eq!(first, again, "the same file replaces its piece");
        let credits = ada.get("/furniture/credits").await.expect(200).json();
        assert_eq!(credits["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(credits["items"][0]["line"], "“Redder box” by Ada, CC BY 4.0; changes were made");

        let listed = ada.get("/furniture?kind=pouf&page_size=100").await.expect(200).json();
        let piece = listed["items"].as_array().and_then(|items| items.last()).cloned().expect("a piece");
        assert_eq!((&piece["asset"], &piece["name"]), (&json!(first), &json!("Redder box")));
        assert_eq!((&piece["source"], &piece["category"]), (&json!("import"), &json!("seating")));
        assert_eq!(piece["credit"], credits["items"][0]["line"]);
        let own = ada.get("/furniture?imported=true").await.expect(200).json();
        assert_eq!((&own["total"], &own["items"][0]["asset"]), (&json!(1), &piece["asset"]));
        let others = ada.get("/furniture?kind=pouf&imported=false").await.expect(200).json();
        assert_eq!(others["total"].as_u64(), listed["total"].as_u64().map(|count| count - 1));
        let picture = fetch(app, text(&piece, "thumb_url")).await;
        assert_eq!((picture.status, &picture.body[..2]), (200, &[0xff, 0xd8][..]));

        let eve = app.register("eve@example.com").await;
        let hers = eve.get("/furniture?kind=pouf&page_size=100").await.expect(200).json();
        assert_eq!(hers["total"].as_u64(), listed["total"].as_u64().map(|count| count - 1));
        assert_eq!(eve.get("/furniture/credits").await.expect(200).json()["items"], json!([]));
    }

    async fn a_file_that_cannot_be_read_says_why(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let bytes = box_glb();
        let cut = &bytes[..bytes.len() - 40];
        let done = import(app, &ada, &box_wish("Cut box", cut), cut).await;
        assert_eq!((&done["status"], &done["results"][0]["asset"]), (&json!("ready"), &Value::Null));
        assert_eq!(done["results"][0]["code"], "damaged");

        let nonsense = b"PK but no archive";
        app.may_have_dead_jobs();
        let done = import(app, &ada, &wish("library.sh3f", nonsense), nonsense).await;
        assert_eq!((&done["status"], &done["error"]["code"]), (&json!("failed"), &json!("wrong_format")));
        assert_eq!(done["error"]["message"], "this is no zip archive");
    }

    async fn an_import_says_what_it_needs_and_belongs_to_its_workspace(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let refused = ada.post("/furniture/import", &json!({ "filename": "chair.glb", "file_size": 0 })).await;
        assert_eq!(
            refused.expect_complaints(),
            ["file_size out_of_range", "kind required", "licence required"]
        );
        let refused = ada.post("/furniture/import", &json!({ "filename": "chair.blend", "file_size": 10 })).await;
        assert_eq!(refused.expect_complaints(), ["filename unsupported_type"]);

        let bytes = box_glb();
        let announced = ada.post("/furniture/import", &box_wish("Box", &bytes)).await.expect(201).json();
        let path = format!("/furniture/imports/{}", text(&announced, "id"));
        ada.post_empty(&format!("{path}/start")).await.expect_problem(409, "conflict");
        let eve = app.register("eve@example.com").await;
        eve.get(&path).await.expect_problem(404, "not_found");
        eve.post_empty(&format!("{path}/start")).await.expect_problem(404, "not_found");
    }
}
