//! What is the same for every route: envelopes, headers, limits, the document.

use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::Error;
use vitrine_platform::Module;
use vitrine_platform::web::{ApiResult, Json};
use vitrine_testkit::TestApp;

fn modules() -> Vec<Module> {
    let routes = OpenApiRouter::new()
        .routes(routes!(echo))
        .routes(routes!(panic))
        .routes(routes!(fail))
        .routes(routes!(teapot));
    vec![
        vitrine_platform::module(),
        Module {
            name: "test",
            routes,
            ..Module::default()
        },
    ]
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct Batch {
    images: Vec<Wish>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[allow(dead_code)]
struct Wish {
    style: String,
    seed: Option<u32>,
    options: Option<Value>,
}

#[utoipa::path(post, path = "/test/echo", security(()), request_body = Batch, responses((status = 200)))]
async fn echo(Json(batch): Json<Batch>) -> Json<usize> {
    Json(batch.images.len())
}

#[utoipa::path(get, path = "/test/panic", security(()), responses((status = 200)))]
async fn panic() -> StatusCode {
    panic!("secret detail of a defect")
}

#[utoipa::path(get, path = "/test/fail", security(()), responses((status = 200)))]
async fn fail() -> ApiResult<StatusCode> {
    Err(Error::internal("select secret from table")
        .with_source("password=hunter2")
        .into())
}

#[utoipa::path(get, path = "/test/teapot", security(()), responses((status = 200)))]
async fn teapot() -> StatusCode {
    StatusCode::RANGE_NOT_SATISFIABLE
}

vitrine_testkit::app_test! {
    modules = modules;

    async fn every_layer_answers_in_the_same_envelope(app: &TestApp) {
        let client = app.client();
        client.get("/nothing").await.expect_problem(404, "not_found");
        client.get("//api/nothing").await.expect_problem(404, "not_found");
        client.get("//nothing").await.expect_problem(404, "not_found");
        let reply = client.delete("/auth/login").await;
        assert_eq!(reply.header("allow"), Some("POST"));
        reply.expect_problem(405, "method_not_allowed");
        let post = |kind: &'static str, text: &str| {
            client.call(Method::POST, "/test/echo").body(kind, text.to_owned().into_bytes()).send()
        };
        post("text/plain", "{}").await.expect_problem(415, "unsupported_media_type");
        post("application/json", "{").await.expect_problem(400, "bad_request");
        post("application/json", "").await.expect_problem(400, "bad_request");
        post("application/json", "{} {}").await.expect_problem(400, "bad_request");
        client.post_empty("/test/echo").await.expect_problem(415, "unsupported_media_type");
        let deep = format!("{{\"images\":{}{}}}", "[".repeat(300), "]".repeat(300));
        post("application/json", &deep).await.expect_problem(400, "bad_request");
        let deep = format!("{{\"images\":[{{\"style\":\"a\",\"options\":{}{}}}]}}", "[".repeat(300), "]".repeat(300));
        post("application/json", &deep).await.expect_problem(400, "bad_request");
        assert_eq!(post("application/json; charset=utf-8", "{\"images\":[]}").await.status, 200);
        // A status without a code of its own stays what it is.
        let reply = client.get("/test/teapot").await.expect(416);
        assert_eq!((&reply.json()["status"], &reply.json()["code"]), (&json!(416), &json!("bad_request")));
    }

    async fn what_went_wrong_inside_stays_inside(app: &TestApp) {
        for path in ["/test/panic", "/test/fail"] {
            let reply = app.client().get(path).await;
            for secret in ["secret", "hunter2", "select"] {
                assert!(!reply.text().contains(secret), "{}", reply.text());
            }
            reply.expect_problem(500, "internal");
            let counted = format!("route=\"/api/v1{path}\",status=\"500\"");
            let metrics = app.client().get("//metrics").await.expect(200).text();
            assert!(metrics.contains(&counted), "{counted} in {metrics}");
        }
    }

    async fn a_body_may_have_one_mebibyte(app: &TestApp) {
        let body = |size: usize| {
            let start = "{\"images\":[{\"style\":\"";
            let end = "\"}]}";
            format!("{start}{}{end}", "x".repeat(size - start.len() - end.len())).into_bytes()
        };
        let post = |bytes: Vec<u8>| app.client().call(Method::POST, "/test/echo").body("application/json", bytes);
        assert_eq!(post(body(1024 * 1024)).send().await.status, 200);
        post(body(1024 * 1024 + 1)).send().await.expect_problem(413, "payload_too_large");
        // Without a length in front it is noticed while reading; a handler that reads nothing refuses by the length.
        let mut call = app.client().call(Method::POST, "/test/echo").body("application/json", body(1024 * 1024 + 1));
        call = call.without_length();
        call.send().await.expect_problem(413, "payload_too_large");
        let big = vec![b' '; 2 * 1024 * 1024];
        let reply = app.client().call(Method::POST, "/auth/logout-all").body("application/json", big).send().await;
        reply.expect_problem(413, "payload_too_large");
    }

    async fn every_bad_field_is_named_by_its_path(app: &TestApp) {
        let body = json!({ "images": [{ "style": "a" }, { "style": 1, "colour": "x" }, { "seed": -1 }], "x": 1 });
        let complaints = app.client().post("/test/echo", &body).await.expect_complaints();
        assert_eq!(complaints, [
            "images[1].style wrong_type",
            "images[2].seed wrong_type",
            "images[2].style required",
            "images[1].colour unknown_field",
            "x unknown_field",
        ]);
    }

    async fn a_request_id_is_echoed_when_it_is_harmless_and_made_otherwise(app: &TestApp) {
        let reply = app.client().with_header("x-request-id", "shop-7.3:a_B").get("//health").await;
        assert_eq!(reply.header("x-request-id"), Some("shop-7.3:a_B"));
        let long = "x".repeat(129);
        for bad in ["a b", "<script>", "", long.as_str()] {
            let reply = app.client().with_header("x-request-id", bad).get("//health").await;
            let made = reply.header("x-request-id").expect("an id");
            assert!(uuid::Uuid::parse_str(made).is_ok(), "{made}");
        }
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let parent = format!("00-{trace}-00f067aa0ba902b7-01");
        let reply = app.client().with_header("traceparent", &parent).get("//health").await;
        assert_eq!(reply.header("x-trace-id"), Some(trace));
        assert_eq!(app.client().get("//health").await.header("x-trace-id").map(str::len), Some(32));
    }

    async fn every_answer_carries_the_security_headers(app: &TestApp) {
        for path in ["//health", "/nothing", "/test/panic", "/openapi.json", "/auth/me", "//nothing"] {
            let reply = app.client().get(path).await;
            let csp = reply.header("content-security-policy").unwrap_or_default();
            for part in ["default-src 'self'", "script-src 'self';", "frame-ancestors 'none'", "object-src 'none'"] {
                assert!(csp.contains(part), "{path}: {csp}");
            }
            assert!(!csp.contains("unsafe-inline"), "{csp}");
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
            for name in
                ["referrer-policy", "permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"]
            {
                assert!(reply.header(name).is_some(), "{path} lacks {name}");
            }
        }
    }

    async fn only_listed_origins_may_read_answers(app: &TestApp) {
        let preflight = |origin: &str| {
            app.client()
                .with_header("origin", origin)
                .call(Method::OPTIONS, "/auth/me")
                .header("access-control-request-method", "GET")
                .header("access-control-request-headers", "authorization,if-none-match,x-workspace-id")
                .send()
        };
        let reply = preflight("https://partner.test").await.expect(200);
        assert_eq!(reply.header("access-control-allow-origin"), Some("https://partner.test"));
        let allowed = reply.header("access-control-allow-headers").expect("headers").to_owned();
        for name in ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "x-workspace-id", "x-request-id"] {
            assert!(allowed.contains(name), "{allowed}");
        }
        assert_eq!(preflight("https://evil.test").await.header("access-control-allow-origin"), None);
        let reply = app.client().with_header("origin", "https://partner.test").get("/auth/me").await;
        let exposed = reply.header("access-control-expose-headers").expect("headers").to_owned();
        for name in ["etag", "location", "retry-after", "x-request-id", "x-ratelimit-remaining"] {
            assert!(exposed.contains(name), "{exposed}");
        }
        // Errors are readable too.
        assert_eq!(reply.header("access-control-allow-origin"), Some("https://partner.test"));
        reply.expect_problem(401, "unauthorized");
    }

    async fn an_unknown_query_parameter_is_refused_on_every_route(app: &TestApp) {
        let complaints = app.client().get("/billing/plans?a=1&b=2").await.expect_complaints();
        assert_eq!(complaints, ["a unknown_field", "b unknown_field"]);
        assert_eq!(app.client().get("/billing/plans?").await.status, 200);
        assert_eq!(app.client().get("//health?probe=1").await.status, 200);
    }

    async fn the_instance_says_how_it_is(app: &TestApp) {
        let health = app.client().get("//health").await.expect(200).json();
        assert_eq!((&health["status"], &health["service"]), (&json!("ok"), &json!("vitrine")));
        let ready = app.client().get("//ready").await.expect(200).json();
        assert_eq!(ready, json!({ "status": "ok", "database": "ok", "storage": "ok", "events": "ok" }));
        std::fs::remove_dir_all(app.files_folder()).expect("the storage goes away");
        let ready = app.client().get("//ready").await.expect(503).json();
        assert_eq!((&ready["status"], &ready["storage"]), (&json!("unavailable"), &json!("unavailable")));
        assert_eq!(ready["database"], "ok");
    }

    async fn metrics_count_by_pattern_and_are_shown_only_to_this_machine(app: &TestApp) {
        app.client().get("/auth/sessions/0190/revoke").await.expect(405);
        let text = app.client().get("//metrics").await.expect(200).text();
        assert!(text.contains("vitrine_http_requests_total{method=\"GET\",route=\"/api/v1/auth/sessions/{id}/revoke\",status=\"405\"}"), "{text}");
        assert!(text.contains("vitrine_http_request_seconds_bucket"), "{text}");
        let peer = "203.0.113.9:999".parse().expect("an address");
        app.client().call(Method::GET, "//metrics").from(peer).send().await.expect_problem(404, "not_found");
        let proxied = app.client().with_header("x-forwarded-for", "203.0.113.9");
        proxied.get("//metrics").await.expect_problem(404, "not_found");
    }

    async fn the_document_describes_what_is_served(app: &TestApp) {
        let document = app.client().get("/openapi.json").await.expect(200).json();
        assert_eq!(document["openapi"], "3.1.0");
        let me = &document["paths"]["/api/v1/auth/me"]["get"];
        assert_eq!(me["operationId"], "get_me");
        assert_eq!(me["security"], json!([{ "bearer": [] }]));
        assert_eq!(me["responses"]["401"], json!({ "$ref": "#/components/responses/Unauthorized" }));
        let unauthorized = &document["components"]["responses"]["Unauthorized"]["content"];
        assert_eq!(unauthorized["application/problem+json"]["schema"], json!({ "$ref": "#/components/schemas/Problem" }));
        assert_eq!(me["responses"]["default"], json!(null), "a catch-all would hide what is not documented");
        assert_eq!(document["paths"]["/api/v1/auth/login"]["post"]["security"], json!([{}]));
        assert!(document["components"]["schemas"]["Problem"]["properties"]["request_id"].is_object());
        assert!(document["components"]["schemas"]["FieldError"].is_object());
        let parameters = document["paths"]["/api/v1/auth/sessions"]["get"]["parameters"].as_array().expect("parameters");
        let names: Vec<&str> = parameters.iter().filter_map(|parameter| parameter["name"].as_str()).collect();
        assert_eq!(names, ["page", "page_size", "cursor", "limit", "sort"]);
        // Every reference leads somewhere, and every operation has its own name.
        let text = document.to_string();
        for part in text.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().expect("a name");
            assert!(document["components"]["schemas"][name].is_object(), "{name} is missing");
        }
        let mut ids: Vec<&str> = text.split("\"operationId\":\"").skip(1).filter_map(|part| part.split('"').next()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "two operations share a name");
    }

    async fn the_viewer_runs_under_our_policy(app: &TestApp) {
        for path in ["/docs", "/docs/"] {
            let reply = app.client().get(path).await.expect(200);
            let page = reply.text();
            assert!(reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
            assert!(!page.contains("<style") && !page.contains("<script>") && !page.contains(" onload="), "{page}");
            for part in page.split("src=\"").skip(1).chain(page.split("href=\"").skip(1)) {
                let target = part.split('"').next().expect("a target");
                assert!(target.starts_with("/api/v1/docs/"), "{target}");
                let asset = app.client().get(target.strip_prefix("/api/v1").expect("below the API")).await.expect(200);
                assert!(!asset.body.is_empty());
            }
        }
        let script = app.client().get("/docs/swagger-initializer.js").await.expect(200);
        assert!(script.text().contains("/api/v1/openapi.json"));
        app.client().get("/docs/missing.js").await.expect_problem(404, "not_found");
    }
}
