//! Imports and credits over HTTP.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use vitrine_platform::web::{ApiResult, Json, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};
use vitrine_scene::model::import::Credit;

use super::{self as imports, Import, ImportResult, ImportWish, UPLOAD_LINK};
use crate::furniture::assets;

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(import_furniture))
        .routes(routes!(start_furniture_import))
        .routes(routes!(get_furniture_import))
        .routes(routes!(list_furniture_credits))
}

/// An import and where it stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FurnitureImport {
    pub id: Uuid,
    pub filename: String,
    /// `announced`, `queued`, `ready` or `failed`.
    #[schema(example = "ready")]
    pub status: String,
    /// Why nothing of the file could be read.
    pub error: Option<ImportFailure>,
    /// One entry per model once it is `ready`.
    pub results: Vec<ImportResult>,
    pub created_at: DateTime<Utc>,
}

/// Why a file could not be imported at all.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImportFailure {
    pub code: String,
    /// For a person.
    pub message: String,
}

impl From<Import> for FurnitureImport {
    fn from(import: Import) -> Self {
        Self {
            id: import.id,
            filename: import.wish.filename,
            status: import.status,
            error: import
                .error
                .map(|(code, message)| ImportFailure { code, message }),
            results: import.results,
            created_at: import.created_at,
        }
    }
}

/// An announced import and where to send its bytes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AnnouncedImport {
    #[serde(flatten)]
    pub import: FurnitureImport,
    /// Takes the bytes as they are until it expires.
    pub upload_url: String,
    pub method: &'static str,
    /// To be sent exactly like this.
    pub headers: BTreeMap<String, String>,
    /// Seconds.
    pub expires_in: u64,
}

/// Whose work an imported piece is.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FurnitureCredit {
    pub title: String,
    pub creator: Option<String>,
    /// Library it was taken from.
    pub library: Option<String>,
    pub licence: String,
    /// The same as one line to print, with the remark that changes were made.
    pub line: String,
}

impl From<Credit> for FurnitureCredit {
    fn from(credit: Credit) -> Self {
        Self {
            line: credit.line(),
            title: credit.title,
            creator: credit.creator,
            library: credit.library,
            licence: credit.licence,
        }
    }
}

/// The credits of a workspace's catalogue.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FurnitureCredits {
    pub items: Vec<FurnitureCredit>,
}

/// Announce a furniture model (`.glb`) or library (`.sh3f`) and get an address to send it to.
///
/// Then `PUT` the bytes to `upload_url` with `headers`, and start the import. Models are repaired: fitted to their size,
/// set on the floor, colours brought to what real things reflect, large meshes thinned. Draco and KTX are not read.
#[utoipa::path(
    post,
    path = "/furniture/import",
    tag = "furniture",
    request_body = ImportWish,
    responses(
        (status = 201, body = AnnouncedImport),
        (status = 403, description = "The role does not allow it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn import_furniture(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(wish): Json<ImportWish>,
) -> ApiResult<impl IntoResponse> {
    let (import, put) = imports::announce(&ctx, &actor, wish).await?;
    let reply = AnnouncedImport {
        import: import.into(),
        upload_url: put.url,
        method: "PUT",
        headers: put.headers.into_iter().collect(),
        expires_in: UPLOAD_LINK.as_secs(),
    };
    Ok((StatusCode::CREATED, Json(reply)))
}

/// Start an import whose bytes have been sent. Its results follow in the background.
#[utoipa::path(
    post,
    path = "/furniture/imports/{id}/start",
    tag = "furniture",
    params(("id" = Uuid, Path)),
    responses(
        (status = 202, body = FurnitureImport),
        (status = 403, description = "The role does not allow it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such import here", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The bytes have not arrived", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The bytes are not what was announced", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn start_furniture_import(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> ApiResult<impl IntoResponse> {
    let import = imports::start(&ctx, &actor, id).await?;
    Ok((StatusCode::ACCEPTED, Json(FurnitureImport::from(import))))
}

/// Get an import with the result of each model.
#[utoipa::path(
    get,
    path = "/furniture/imports/{id}",
    tag = "furniture",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = FurnitureImport),
        (status = 404, description = "No such import here", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn get_furniture_import(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> ApiResult<Json<FurnitureImport>> {
    Ok(Json(imports::get(&ctx, &actor, id).await?.into()))
}

/// List whose work the imported pieces of the catalogue are.
///
/// Whoever publishes a picture with a piece under a CC BY licence names its author; these lines say it.
#[utoipa::path(
    get,
    path = "/furniture/credits",
    tag = "furniture",
    responses((status = 200, body = FurnitureCredits))
)]
pub async fn list_furniture_credits(
    State(ctx): State<Ctx>,
    actor: Actor,
) -> ApiResult<Json<FurnitureCredits>> {
    let credits = assets::credits(&ctx, actor.workspace_id).await?;
    Ok(Json(FurnitureCredits {
        items: credits.into_iter().map(FurnitureCredit::from).collect(),
    }))
}
