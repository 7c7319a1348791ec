//! The OpenAPI 3.1 document, made from the routes themselves, and a viewer for it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value, json};
use utoipa::OpenApi as _;
use utoipa_swagger_ui::Config;
use vitrine_kernel::id;

use super::problem::ProblemBody;

const DOCUMENT_PATH: &str = "/api/v1/openapi.json";
const VIEWER_PATH: &str = "/api/v1/docs";
const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Vitrine",
        description = "Furnishes photos of empty rooms. Every error is a problem document; every list pages by number \
                       (`page`, `page_size`) or by cursor (`cursor`, `limit`).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    // Types of path and query parameters are referred to, but not collected from the routes.
    components(schemas(
        ProblemBody,
        id::AccountId,
        id::WorkspaceId,
        id::SessionId,
        id::ProjectId,
        id::UploadId,
        id::OriginalId,
        id::ImageId,
        id::JobId,
        id::ServiceId,
        id::StatusEventId,
        id::IncidentId,
        id::MaintenanceId,
        id::TicketId,
        id::TicketMessageId,
        id::AttachmentId,
        id::CannedReplyId,
        id::PostId,
        id::CommentId,
        id::FlagId
    )),
)]
struct Document;

/// The finished document.
#[derive(Debug, Clone)]
pub struct OpenApi(pub Value);

impl OpenApi {
    pub fn to_pretty_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(&self.0)
    }
}

/// What the document starts from.
pub(super) fn base() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    document
}

/// Adds what holds for every operation: how to sign in, and that errors are problem documents.
pub(super) fn finish(document: &utoipa::openapi::OpenApi) -> OpenApi {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of `POST /api/v1/auth/login`, good for 15 minutes.",
        }
    });
    for operation in operations(&mut document) {
        let security = operation
            .entry("security")
            .or_insert_with(|| json!([{ "bearer": [] }]));
        let is_open = security
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one == &json!({})));
        let Some(Value::Object(responses)) = operation.get_mut("responses") else {
            continue;
        };
        if !is_open {
            responses
                .entry("401")
                .or_insert_with(|| json!({ "description": "The access token is missing or not valid" }));
        }
        responses
            .entry("default")
            .or_insert_with(|| json!({ "description": "What went wrong" }));
        for (status, response) in responses.iter_mut() {
            let is_error = status == "default" || status.starts_with('4') || status.starts_with('5');
            if is_error && response.get("content").is_none() {
                response["content"] = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
            }
        }
    }
    OpenApi(document)
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten();
    paths
        .filter_map(|(_, item)| item.as_object_mut())
        .flatten()
        .filter(|(name, _)| {
            METHODS
                .iter()
                .any(|method| method.as_str().eq_ignore_ascii_case(name))
        })
        .filter_map(|(_, operation)| operation.as_object_mut())
}

/// Names of the query parameters of every documented route.
#[derive(Debug, Default)]
pub(super) struct QueryNames(HashMap<String, HashMap<Method, HashSet<String>>>);

impl QueryNames {
    /// Reads them from the finished document, so that it cannot promise what the server refuses.
    pub fn new(OpenApi(document): &OpenApi) -> Self {
        let mut routes = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let mut methods = HashMap::new();
            for method in METHODS {
                let operation = &item[method.as_str().to_ascii_lowercase()];
                if operation.is_null() {
                    continue;
                }
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let names = parameters
                    .filter(|parameter| parameter["in"] == "query")
                    .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
                    .collect();
                methods.insert(method, names);
            }
            routes.insert(path.clone(), methods);
        }
        Self(routes)
    }

    /// `None` for a route that is not documented.
    pub fn of(&self, route: &str, method: &Method) -> Option<&HashSet<String>> {
        self.0.get(route)?.get(method)
    }
}

/// The document and its viewer.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(document: &OpenApi) -> Router<S> {
    let text = Bytes::from(serde_json::to_vec(&document.0).unwrap_or_default());
    // Without the top bar: it offers other documents, and styles its logo inline, which our policy blocks.
    let config = Arc::new(Config::from(DOCUMENT_PATH).use_base_layout());
    let (index_config, file_config) = (config.clone(), config);
    let index = move || async move { viewer_file("index.html", index_config) };
    let file = move |Path(name): Path<String>| async move { viewer_file(&name, file_config) };
    Router::new()
        .route(
            DOCUMENT_PATH,
            get(|| async move { ([(header::CONTENT_TYPE, "application/json")], text) }),
        )
        .route(VIEWER_PATH, get(index.clone()))
        .route("/api/v1/docs/", get(index))
        .route("/api/v1/docs/{*file}", get(file))
}

/// A file of the viewer. Its page has no inline script, so our content security policy fits it; its links are made
/// absolute, so that it works with and without a slash at the end.
fn viewer_file(name: &str, config: Arc<Config<'static>>) -> Response {
    let Ok(Some(file)) = utoipa_swagger_ui::serve(name, config) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut bytes = file.bytes.into_owned();
    if name == "index.html" {
        let page = String::from_utf8_lossy(&bytes);
        let page = page
            .replace("=\"./", "=\"/api/v1/docs/")
            .replace("=\"index.css", "=\"/api/v1/docs/index.css");
        bytes = page.into_bytes();
    }
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::try_from(file.content_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=3600"),
    );
    response
}
