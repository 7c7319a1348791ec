//! Exports over HTTP.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use tokio_stream::wrappers::ReceiverStream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{ImageId, ProjectId};
use vitrine_kernel::{Error, ErrorCode};
use vitrine_platform::files::content_disposition;
use vitrine_platform::web::{ApiResult, Fields, Json, Path, ProblemBody, Query};
use vitrine_platform::{Actor, Ctx};

use super::archive;
use super::service::{self, DOWNLOAD_LINK, ExportKind, FileKind, PICK_MAX, Selection};

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(presign_image))
        .routes(routes!(download_project, presign_project_download))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PresignImageQuery {
    /// Which file; `staged` when absent.
    #[param(inline)]
    kind: Option<FileKind>,
    /// Seconds the link is good for; 3600 when absent.
    #[param(minimum = 60, maximum = 86400)]
    expires_in: Option<u64>,
    /// `1` makes browsers save the file instead of showing it.
    #[param(value_type = Option<String>, example = "1")]
    download: Option<Flag>,
}

/// A yes or no in a query: `1`, `0`, `true` or `false`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Flag {
    #[serde(rename = "1", alias = "true")]
    Yes,
    #[serde(rename = "0", alias = "false")]
    No,
}

/// A link for a limited time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LinkReply {
    pub url: String,
    /// Seconds.
    pub expires_in: u64,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DownloadQuery {
    /// Which files; `staged` when absent.
    #[param(inline)]
    kind: Option<ExportKind>,
    /// Ids of finished images, separated by commas; all when absent.
    image_ids: Option<String>,
    /// From `POST` on this address; then neither header nor other parameters are needed.
    token: Option<String>,
}

/// What to download.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DownloadBody {
    /// Which files; `staged` when absent.
    kind: Option<ExportKind>,
    /// Finished images of this project; all when absent.
    #[schema(max_items = 500)]
    image_ids: Option<Vec<ImageId>>,
}

/// Get a link to a file of an image.
#[utoipa::path(
    get,
    path = "/images/{id}/presign",
    tag = "exports",
    params(("id" = ImageId, Path), PresignImageQuery),
    responses(
        (status = 200, body = LinkReply),
        (status = 404, description = "No such image here", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The image is not ready", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn presign_image(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ImageId>,
    Query(query): Query<PresignImageQuery>,
) -> ApiResult<Json<LinkReply>> {
    let expires_in = query.expires_in.unwrap_or(3600);
    let mut fields = Fields::new();
    fields.check(
        (60..=86_400).contains(&expires_in),
        "expires_in",
        "out_of_range",
        "Must be 60 to 86400 seconds.",
    );
    fields.finish()?;
    let is_download = query.download == Some(Flag::Yes);
    let lifetime = Duration::from_secs(expires_in);
    let kind = query.kind.unwrap_or_default();
    let url = service::presign_image(&ctx, &actor, id, kind, lifetime, is_download).await?;
    Ok(Json(LinkReply { url, expires_in }))
}

/// Download a project as a ZIP archive.
///
/// With it comes `manifest.csv`, which says what each file is. A file that cannot be read is left out and named in
/// `MISSING.txt`.
#[utoipa::path(
    get,
    path = "/projects/{id}/download",
    tag = "exports",
    security((), ("bearer" = [])),
    params(("id" = ProjectId, Path), DownloadQuery),
    responses(
        (status = 200, description = "The archive", content_type = "application/zip", body = Vec<u8>),
        (status = 401, description = "Neither an access token nor a token of a link"),
        (status = 403, description = "The link is forged or expired", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such project here", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Nothing is ready", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn download_project(
    State(ctx): State<Ctx>,
    Path(id): Path<ProjectId>,
    Query(query): Query<DownloadQuery>,
    actor: Option<Actor>,
) -> ApiResult<Response> {
    let selection = match (query.token, actor) {
        (Some(token), _) => service::open(&ctx, id, &token)?,
        (None, Some(actor)) => {
            let image_ids = query.image_ids.as_deref().map(parse_ids).transpose()?;
            selection(&actor, id, query.kind, image_ids)?
        }
        (None, None) => {
            let detail = "Send an access token, or a token from POST on this address.";
            return Err(Error::new(ErrorCode::Unauthorized, detail).into());
        }
    };
    let plan = service::plan(&ctx, &selection).await?;
    let disposition = HeaderValue::try_from(content_disposition(&plan.filename, true))
        .map_err(|error| Error::internal("the name of an archive is no header").with_source(error))?;
    let pieces = ReceiverStream::new(archive::write(ctx, plan)).map(Ok::<_, std::convert::Infallible>);
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    Ok(response)
}

/// Get a link that a browser can download the archive by.
#[utoipa::path(
    post,
    path = "/projects/{id}/download",
    tag = "exports",
    params(("id" = ProjectId, Path)),
    request_body = DownloadBody,
    responses(
        (status = 200, body = LinkReply),
        (status = 404, description = "No such project here", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Nothing is ready", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn presign_project_download(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ProjectId>,
    Json(body): Json<DownloadBody>,
) -> ApiResult<Json<LinkReply>> {
    let selection = selection(&actor, id, body.kind, body.image_ids)?;
    // Refused here rather than in a browser tab that can only show an error.
    service::plan(&ctx, &selection).await?;
    let token = service::seal(&ctx, selection);
    let url = format!(
        "{}/api/v1/projects/{id}/download?token={token}",
        ctx.settings.public_url
    );
    Ok(Json(LinkReply {
        url,
        expires_in: DOWNLOAD_LINK.as_secs(),
    }))
}

fn selection(
    actor: &Actor,
    project_id: ProjectId,
    kind: Option<ExportKind>,
    image_ids: Option<Vec<ImageId>>,
) -> Result<Selection, Error> {
    let is_too_long = image_ids.as_ref().is_some_and(|ids| ids.len() > PICK_MAX);
    if is_too_long {
        return Err(Error::field(
            "image_ids",
            "too_long",
            "At most 500 images can be picked; leave it out for all.",
        ));
    }
    Ok(Selection {
        workspace_id: actor.workspace_id,
        project_id,
        kind: kind.unwrap_or_default(),
        image_ids,
    })
}

fn parse_ids(text: &str) -> Result<Vec<ImageId>, Error> {
    text.split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .map(|id| {
            id.parse().map_err(|_| {
                Error::field(
                    "image_ids",
                    "invalid",
                    "Must be ids of images, separated by commas.",
                )
            })
        })
        .collect()
}
