//! Stories of the catalogue.

use serde_json::{Value, json};
use vitrine_scene::furnish::{Kind, Style};
use vitrine_scene::image::{Limits, decode};
use vitrine_testkit::{Client, TestApp, app_test};

use crate::support::{Keys, text};

async fn get(client: &Client, path: &str) -> Value {
    client.get(path).await.expect(200).json()
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| text(item, "id").to_owned()).collect()
}

app_test! {
    modules = crate::support::modules;

    async fn the_catalogue_is_listed_by_page_by_cursor_and_by_shelf(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let first = get(&ada, "/furniture?page_size=100").await;
        let total = first["total"].as_u64().expect("a number");
        assert!(total > 150, "{total}");
        let pages = first["pages"].as_u64().expect("a number");
        let mut all = ids(&first);
        for page in 2..=pages {
            all.extend(ids(&get(&ada, &format!("/furniture?page_size=100&page={page}")).await));
        }
        assert_eq!(all.len() as u64, total);
        let mut once = all.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), all.len(), "every id once");

        let mut walked = Vec::new();
        let mut path = "/furniture?limit=90".to_owned();
        let last = loop {
            let page = get(&ada, &path).await;
            walked.extend(ids(&page));
            match page["next_cursor"].as_str() {
                Some(cursor) => path = format!("/furniture?limit=90&cursor={cursor}"),
                None => break page,
            }
        };
        assert_eq!(walked, all);
        let back = get(&ada, &format!("/furniture?limit=90&cursor={}", text(&last, "prev_cursor"))).await;
        let ends_at = all.len() - ids(&last).len();
        assert_eq!(ids(&back), all[ends_at - 90..ends_at]);

        let sofas = get(&ada, "/furniture?kind=sofa&style=modern").await;
        let sofa = &sofas["items"][0];
        assert_eq!((&sofa["id"], &sofa["category"], &sofa["support"]), (&json!("sofa-3-modern"), &json!("seating"), &json!("floor")));
        assert_eq!((&sofa["source"], &sofa["credit"]), (&json!("builtin"), &Value::Null));
        assert!(sofa["size_m"][0].as_f64().is_some_and(|width| (1.5..3.0).contains(&width)), "{sofa}");
        // Forms of the style this one goes with are there too, in its own woods and cloths.
        let offered: Vec<u64> = sofas["items"].as_array().expect("items").iter().filter_map(|item| item["option"].as_u64()).collect();
        let forms = vitrine_scene::model::forms(Kind::Sofa, Style::Modern);
        assert!(offered.iter().any(|option| *option > 20), "{offered:?}");
        assert!(forms.iter().all(|form| offered.contains(&u64::from(form.option))), "{offered:?}");
        let plants = get(&ada, "/furniture?category=plants&style=modern&page_size=100").await;
        assert!(plants["items"].as_array().expect("items").iter().all(|item| item["category"] == "plants"));
        let tables = get(&ada, "/furniture?kind=coffee_table&style=modern").await;
        assert!(tables["items"][0]["top_m"].as_f64().is_some_and(|top| top > 0.3), "{tables}");
        assert_eq!(get(&ada, "/furniture?page=90").await["items"], json!([]));

        for (query, complaint) in [("kind=throne", "kind unknown_value"), ("category=art", "category unknown_value"),
            ("style=baroque", "style unknown_value"), ("sort=name", "sort unknown_value"), ("price=1", "price unknown_field")] {
            assert_eq!(ada.get(&format!("/furniture?{query}")).await.expect_complaints(), [complaint]);
        }
        app.client().get("/furniture").await.expect_problem(401, "unauthorized");
    }

    async fn a_portrait_is_rendered_once_and_open_to_everybody(app: &TestApp) {
        let ada = app.register("ada@example.com").await;
        let vase = get(&ada, "/furniture?kind=vase&style=modern").await["items"][0].clone();
        let url = text(&vase, "thumb_url").strip_prefix("/api/v1").expect("on this server").to_owned();
        let reply = app.client().get(&url).await.expect(200);
        assert_eq!(reply.header("content-type"), Some("image/jpeg"));
        assert_eq!(reply.header("cache-control"), Some("public, max-age=31536000, immutable"));
        let picture = decode(&reply.body, &Limits::default()).expect("a picture").rgb;
        assert_eq!(picture.dimensions(), (256, 256));
        let corner = picture.get_pixel(2, 2);
        assert!(picture.pixels().any(|pixel| pixel[0].abs_diff(corner[0]) > 60), "something stands there");

        let kept = Keys::of(app.files_folder()).under("catalogue/");
        assert_eq!(kept.len(), 1);
        assert_eq!(app.client().get(&url).await.expect(200).body, reply.body);
        let plain = app.client().get(&format!("/furniture/{}/thumb", text(&vase, "id"))).await.expect(200);
        assert_eq!(plain.header("cache-control"), Some("public, max-age=300"));
        assert_eq!(Keys::of(app.files_folder()).under("catalogue/"), kept);
        app.client().get("/furniture/throne-1-modern/thumb").await.expect_problem(404, "not_found");
        app.client().get("/furniture/..%2Fsecret/thumb").await.expect_problem(404, "not_found");
    }
}
