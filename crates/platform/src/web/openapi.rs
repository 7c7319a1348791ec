//! The OpenAPI 3.1 document, made from the routes themselves, and a viewer for it.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;
use utoipa::OpenApi as _;
use utoipa_swagger_ui::Config;
use vitrine_kernel::id;

use super::document;
use super::problem::ProblemBody;

const DOCUMENT_PATH: &str = "/api/v1/openapi.json";
const VIEWER_PATH: &str = "/api/v1/docs";
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

/// Adds what holds for every operation.
pub(super) fn finish(document: &utoipa::openapi::OpenApi) -> OpenApi {
    OpenApi(document::finish(document))
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
