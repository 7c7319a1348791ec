//! Announcing files over HTTP.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::AttachmentId;
use vitrine_platform::web::{ApiResult, Json, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::model::{Attachment, NewAttachment};
use super::service;

/// A link to download a file is good for this long, in seconds.
const DOWNLOAD_LINK_S: u64 = 3_600;

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(announce_attachment))
}

/// A file of a message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentReply {
    pub id: AttachmentId,
    pub filename: String,
    pub content_type: String,
    pub size_bytes: u64,
    /// Downloads the file; a signed link, good for an hour.
    pub url: String,
}

impl AttachmentReply {
    pub fn new(ctx: &Ctx, attachment: Attachment) -> Self {
        let expires_in = std::time::Duration::from_secs(DOWNLOAD_LINK_S);
        let Attachment {
            file_key,
            filename,
            content_type,
            ..
        } = &attachment;
        Self {
            url: ctx
                .files
                .presign_get(file_key, filename, content_type, expires_in, true),
            id: attachment.id,
            filename: attachment.filename,
            content_type: attachment.content_type,
            size_bytes: attachment.size_bytes,
        }
    }
}

/// A file to attach to a message of a ticket.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentBody {
    /// 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255)]
    filename: String,
    /// `image/jpeg`, `image/png`, `image/webp`, `application/pdf` or `text/plain`.
    content_type: String,
    /// Exact, in bytes; 10 MiB at most.
    #[schema(minimum = 1, maximum = 10_485_760)]
    file_size: u64,
}

/// Where to send the bytes of an announced file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AttachmentAnnounced {
    /// To be named in `attachments` of a ticket or message.
    attachment_id: AttachmentId,
    upload_url: String,
    /// `PUT`.
    method: &'static str,
    /// Headers to send exactly like this.
    headers: BTreeMap<String, String>,
    /// Seconds the link is good for.
    expires_in: u64,
}

/// Announce a file to attach to a message.
///
/// Send its bytes to `upload_url`, then name `attachment_id` in the ticket or message. A file that no message takes
/// within a day is deleted.
#[utoipa::path(
    post,
    path = "/support/attachments",
    tag = "support",
    request_body = AttachmentBody,
    responses(
        (status = 201, body = AttachmentAnnounced),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn announce_attachment(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<AttachmentBody>,
) -> ApiResult<impl IntoResponse> {
    let new = NewAttachment::check(&body.filename, &body.content_type, body.file_size)?;
    let presigned = service::presign(&ctx, &actor, new).await?;
    Ok((
        StatusCode::CREATED,
        Json(AttachmentAnnounced {
            attachment_id: presigned.id,
            upload_url: presigned.put.url,
            method: "PUT",
            headers: presigned.put.headers.into_iter().collect(),
            expires_in: service::UPLOAD_LINK.as_secs(),
        }),
    ))
}
