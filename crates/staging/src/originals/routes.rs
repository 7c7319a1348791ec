//! Uploads and originals over HTTP.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{OriginalId, ProjectId, UploadId};
use vitrine_platform::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::model::{Announcement, NewUpload, Original, OriginalFailure, OriginalStatus};
use super::service::{self, Completed, Presigned};

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(presign_upload))
        .routes(routes!(complete_upload))
        .routes(routes!(get_original))
        .routes(routes!(list_project_originals))
        .routes(routes!(remove_project_original))
        .routes(routes!(restore_project_original))
}

/// An uploaded photo. Links are signed and good for about an hour.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Original)]
pub struct OriginalReply {
    pub id: OriginalId,
    /// As it was uploaded.
    pub filename: String,
    /// Pixels, once upright.
    pub width: u32,
    pub height: u32,
    pub content_type: String,
    pub size_bytes: u64,
    /// Hex of the uploaded bytes.
    pub sha256: String,
    pub status: OriginalStatus,
    pub error: Option<OriginalFailure>,
    /// Upright JPEG of at most 400 pixels, without metadata; null until it is made.
    pub thumb_url: Option<String>,
    /// Upright JPEG of at most 2048 pixels, without metadata; null until it is made.
    pub preview_url: Option<String>,
    /// The photo in full size, without personal metadata; null until it is ready.
    pub url: Option<String>,
    pub created_at: DateTime<Utc>,
}

impl OriginalReply {
    pub fn new(ctx: &Ctx, original: Original) -> Self {
        let shown = |key: &String| ctx.files.view_url(key, &original.filename, "image/jpeg");
        Self {
            thumb_url: original.thumb_key.as_ref().map(shown),
            preview_url: original.preview_key.as_ref().map(shown),
            url: (original.status == OriginalStatus::Ready).then(|| {
                ctx.files
                    .view_url(&original.file_key, &original.filename, &original.content_type)
            }),
            id: original.id,
            filename: original.filename,
            width: original.width,
            height: original.height,
            content_type: original.content_type,
            size_bytes: original.size_bytes,
            sha256: original.sha256,
            status: original.status,
            error: original.failure,
            created_at: original.created_at,
        }
    }
}

/// A file to upload.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresignBody {
    /// 1 to 255 characters, ending in .jpg, .jpeg, .png or .webp.
    #[schema(example = "living room.jpg")]
    filename: String,
    /// Must fit the name's ending.
    #[schema(example = "image/jpeg")]
    content_type: String,
    /// Bytes; exactly as many must be sent.
    file_size: u64,
    /// Hex of the file's SHA-256, to have the transfer checked.
    sha256: Option<String>,
    /// A project to put the photo into.
    project_id: Option<ProjectId>,
}

/// Where to send the bytes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PresignReply {
    pub upload_id: UploadId,
    /// Takes the bytes as they are, once or again, until it expires.
    pub upload_url: String,
    pub method: &'static str,
    /// To be sent exactly like this.
    pub headers: BTreeMap<String, String>,
    pub file_key: String,
    /// Seconds.
    pub expires_in: u64,
}

impl From<Presigned> for PresignReply {
    fn from(presigned: Presigned) -> Self {
        Self {
            upload_id: presigned.upload_id,
            upload_url: presigned.put.url,
            method: "PUT",
            headers: presigned.put.headers.into_iter().collect(),
            file_key: presigned.file_key,
            expires_in: presigned.expires_in.as_secs(),
        }
    }
}

/// The original an upload became.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CompletedUpload {
    #[serde(flatten)]
    pub original: OriginalReply,
    /// The workspace had these bytes already; this is the existing original.
    pub duplicate: bool,
}

/// Announce a photo and get an address to send it to.
///
/// Then `PUT` the bytes to `upload_url` with `headers`, and complete the upload.
#[utoipa::path(
    post,
    path = "/uploads/presign",
    tag = "uploads",
    request_body = PresignBody,
    responses(
        (status = 201, body = PresignReply),
        (status = 403, description = "The role does not allow it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many uploads are open", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn presign_upload(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<PresignBody>,
) -> ApiResult<impl IntoResponse> {
    let announcement = Announcement {
        filename: body.filename,
        content_type: body.content_type,
        file_size: body.file_size,
        sha256: body.sha256,
        project_id: body.project_id,
    };
    let new = NewUpload::check(announcement, ctx.settings.upload_max_bytes)?;
    let presigned = service::presign(&ctx, &actor, new).await?;
    Ok((StatusCode::CREATED, Json(PresignReply::from(presigned))))
}

/// Complete an upload: its bytes are checked and become an original.
///
/// 201 for a new original, 200 when the workspace had these bytes already or the upload was completed before. Its
/// pictures (`thumb_url`, `preview_url`) follow in the background, announced by an `original_update` event.
#[utoipa::path(
    post,
    path = "/uploads/{id}/complete",
    tag = "uploads",
    params(("id" = UploadId, Path)),
    responses(
        (status = 200, body = CompletedUpload, description = "An original that was there before"),
        (status = 201, body = CompletedUpload),
        (status = 404, description = "No such upload here", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The bytes have not arrived, or the upload has expired", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The bytes are not what was announced", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The storage is full or not available", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn complete_upload(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<UploadId>,
) -> ApiResult<impl IntoResponse> {
    let Completed {
        original,
        is_duplicate,
        is_new,
    } = service::complete(&ctx, &actor, id).await?;
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let reply = CompletedUpload {
        original: OriginalReply::new(&ctx, original),
        duplicate: is_duplicate,
    };
    Ok((status, Json(reply)))
}

/// Get an original.
#[utoipa::path(
    get,
    path = "/originals/{id}",
    tag = "originals",
    params(("id" = OriginalId, Path)),
    responses(
        (status = 200, body = OriginalReply),
        (status = 404, description = "No such original here", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn get_original(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<OriginalId>,
) -> ApiResult<Json<OriginalReply>> {
    let original = service::get(&ctx, &actor, id).await?;
    Ok(Json(OriginalReply::new(&ctx, original)))
}

/// List the photos of a project.
#[utoipa::path(
    get,
    path = "/projects/{id}/originals",
    tag = "originals",
    params(("id" = ProjectId, Path), PagingParams),
    responses(
        (status = 200, body = PageReply<OriginalReply>),
        (status = 404, description = "No such project here", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn list_project_originals(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ProjectId>,
    query: ListQuery,
) -> ApiResult<Json<PageReply<OriginalReply>>> {
    let page = service::list_by_project(&ctx, &actor, id, &query.paging).await?;
    Ok(Json(PageReply::new(
        &ctx,
        page.map(|original| OriginalReply::new(&ctx, original)),
    )))
}

/// Take a photo out of a project. Its stagings stay.
#[utoipa::path(
    delete,
    path = "/projects/{id}/originals/{original_id}",
    tag = "originals",
    params(("id" = ProjectId, Path), ("original_id" = OriginalId, Path)),
    responses(
        (status = 204, description = "Taken out; restore puts it back"),
        (status = 403, description = "The role does not allow it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Not in this project, or no such project here", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn remove_project_original(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((project, original)): Path<(ProjectId, OriginalId)>,
) -> ApiResult<StatusCode> {
    service::unlink(&ctx, &actor, project, original).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put a photo back that was taken out of a project.
#[utoipa::path(
    post,
    path = "/projects/{id}/originals/{original_id}/restore",
    tag = "originals",
    params(("id" = ProjectId, Path), ("original_id" = OriginalId, Path)),
    responses(
        (status = 200, body = OriginalReply),
        (status = 403, description = "The role does not allow it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Never was in this project, or no such project here", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn restore_project_original(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((project, original)): Path<(ProjectId, OriginalId)>,
) -> ApiResult<Json<OriginalReply>> {
    let original = service::relink(&ctx, &actor, project, original).await?;
    Ok(Json(OriginalReply::new(&ctx, original)))
}
