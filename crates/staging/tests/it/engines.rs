//! What operators decide about engines.

use serde_json::json;
use vitrine_kernel::text::Email;
use vitrine_platform::accounts::operators;
use vitrine_testkit::{Client, TestApp, app_test};

use crate::support::{make_project, modules, text};

const NO_PHOTO: &str = "01900000-0000-7000-8000-000000000000";

async fn operator(app: &TestApp) -> Client {
    let client = app.register("olga@example.com").await;
    let email = Email::parse("olga@example.com").expect("an address");
    operators::promote(&app.ctx, &email)
        .await
        .expect("the account is there");
    client
}

app_test! {
    modules = modules;

    async fn an_engine_that_is_switched_off_takes_no_new_images(app: &TestApp) {
        let olga = operator(app).await;
        let ada = app.register("ada@example.com").await;
        let project = make_project(&ada, "Elm").await;
        let wish = json!({ "project_id": project, "original_id": NO_PHOTO, "room_type": "bedroom" });
        let listed = olga.get("/admin/engines").await.expect(200).json();
        assert_eq!((&listed["items"][0]["is_enabled"], &listed["items"][0]["engine"]["id"]), (&json!(true), &json!("builtin")));
        assert!(!ada.post("/images", &wish).await.expect_complaints().iter().any(|one| one.starts_with("engine")));

        let off = olga.patch("/admin/engines/builtin", &json!({ "is_enabled": false })).await.expect(200).json();
        assert_eq!((&off["is_enabled"], &off["engine"]["available"]), (&json!(false), &json!(true)));
        assert_eq!(olga.get("/admin/engines/builtin").await.expect(200).json(), off);
        let options = ada.get("/staging/options").await.expect(200).json();
        assert_eq!(options["engines"][0]["available"], false);
        assert!(text(&options["engines"][0], "reason").contains("switched it off"), "{options}");
        assert_eq!(options["room_types"], json!([]), "nothing can be asked for");
        assert_eq!(ada.post("/images", &wish).await.expect_complaints(), ["engine unavailable"]);
        let batch = json!({ "images": [wish] });
        assert_eq!(ada.post("/images/batch", &batch).await.expect_complaints(), ["images[0].engine unavailable"]);

        let _ = olga.patch("/admin/engines/builtin", &json!({ "is_enabled": true })).await.expect(200);
        assert_eq!(ada.get("/staging/options").await.expect(200).json()["engines"][0]["available"], true);
        let trail = olga.get("/admin/audit-log?action=engine.switched").await.expect(200).json();
        assert_eq!(trail["total"], 2);
    }

    async fn engines_are_for_operators_and_unknown_ones_unknown(app: &TestApp) {
        let olga = operator(app).await;
        let ada = app.register("ada@example.com").await;
        let off = json!({ "is_enabled": false });
        ada.get("/admin/engines").await.expect_problem(403, "forbidden");
        ada.get("/admin/engines/builtin").await.expect_problem(403, "forbidden");
        ada.patch("/admin/engines/builtin", &off).await.expect_problem(403, "forbidden");
        app.client().patch("/admin/engines/builtin", &off).await.expect_problem(401, "unauthorized");
        olga.get("/admin/engines/replicate").await.expect_problem(404, "not_found");
        olga.patch("/admin/engines/replicate", &off).await.expect_problem(404, "not_found");
        let bad = json!({ "is_enabled": "no", "api_key": "x" });
        assert_eq!(olga.patch("/admin/engines/builtin", &bad).await.expect_complaints(), [
            "api_key unknown_field",
            "is_enabled wrong_type"
        ]);
        let tag = olga.get("/admin/engines/builtin").await.expect(200).header("etag").map(str::to_owned);
        let _ = olga.patch("/admin/engines/builtin", &off).await.expect(200);
        let stale = olga.clone().with_header("if-match", &tag.expect("it has one"));
        stale.patch("/admin/engines/builtin", &off).await.expect_problem(412, "precondition_failed");
    }
}
