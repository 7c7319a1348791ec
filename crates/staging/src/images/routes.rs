//! Routes of images: `/images` and the images of a project.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{ImageId, OriginalId, ProjectId, UploadId};
use vitrine_kernel::money::{Currency, MicroMoney};
use vitrine_kernel::{Error, Time};
use vitrine_platform::web::{ApiResult, Fields, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};
use vitrine_scene::furnish::{RoomType, Style};

use super::model::{Image, ImageFailure, ImageStatus, NewImage, Source, check_prompt};
use super::service::{self, ImageFilter};
use crate::engines::Engines;
use crate::originals::routes::OriginalReply;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_images, create_image))
        .routes(routes!(create_image_batch))
        .routes(routes!(get_image, delete_image))
        .routes(routes!(retry_image))
        .routes(routes!(cancel_image))
        .routes(routes!(restore_image))
        .routes(routes!(list_project_images))
        .routes(routes!(list_project_images_grouped))
        .routes(routes!(get_project_cost))
}

/// A wish for a staging.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateImage {
    pub project_id: ProjectId,
    /// The photo; or `upload_id` of a completed upload.
    pub original_id: Option<OriginalId>,
    pub upload_id: Option<UploadId>,
    /// What the room is to become; null lets the engine choose.
    #[schema(value_type = Option<String>, example = "living_room")]
    pub room_type: Option<RoomType>,
    /// `modern` when absent.
    #[schema(value_type = Option<String>, example = "scandinavian")]
    pub style: Option<Style>,
    /// `builtin` when absent.
    pub engine: Option<String>,
    /// The same photo, wish and seed give the same picture; random when absent.
    #[schema(minimum = 1)]
    pub seed: Option<u32>,
    /// Wishes in words, 10 to 2000 characters, for engines that read them.
    #[schema(min_length = 10, max_length = 2000)]
    pub prompt: Option<String>,
    /// Settings of the engine; see its `parameters` in `/staging/options`.
    #[schema(value_type = Option<Object>)]
    pub options: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Up to fifty wishes.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateImages {
    #[schema(min_items = 1, max_items = 50)]
    pub images: Vec<CreateImage>,
}

const BATCH_MAX: usize = 50;

/// Signed links to the files of an image; null while there is none.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ImageUrls {
    pub original: Option<String>,
    pub staged: Option<String>,
    pub thumb: Option<String>,
}

/// One staging of an original.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ImageReply {
    pub id: ImageId,
    pub project_id: ProjectId,
    pub original_id: OriginalId,
    pub status: ImageStatus,
    /// 0 to 100.
    pub progress: u8,
    /// What the engine is doing.
    pub step: Option<String>,
    /// As asked for, or as the engine decided.
    #[schema(value_type = Option<String>)]
    pub room_type: Option<RoomType>,
    #[schema(value_type = String)]
    pub style: Style,
    pub engine: String,
    pub seed: u32,
    pub prompt: Option<String>,
    pub version: u32,
    pub error: Option<ImageFailure>,
    pub cost: MicroMoney,
    pub processing_time_ms: Option<i64>,
    /// 0 to 1: how sure the engine is of the room it found.
    pub confidence: Option<f64>,
    pub urls: ImageUrls,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Time,
    /// When it was deleted; it can be restored for thirty days.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deleted_at: Option<Time>,
}

impl ImageReply {
    pub fn new(ctx: &Ctx, image: Image) -> Self {
        let stem = image
            .original_filename
            .rsplit_once('.')
            .map_or(image.original_filename.as_str(), |(stem, _)| stem);
        let link = |key: &str, content_type: &str, suffix: &str| {
            let extension = key.rsplit_once('.').map_or("jpg", |(_, extension)| extension);
            ctx.files
                .view_url(key, &format!("{stem}{suffix}.{extension}"), content_type)
        };
        let staged_type = |key: &str| match key.rsplit_once('.') {
            Some((_, "png")) => "image/png",
            Some((_, "webp")) => "image/webp",
            _ => "image/jpeg",
        };
        let urls = ImageUrls {
            // Until it was checked, the uploaded file still holds what its camera wrote into it.
            original: image
                .is_original_ready
                .then(|| link(&image.original_key, &image.original_content_type, "")),
            staged: image
                .staged_key
                .as_deref()
                .map(|key| link(key, staged_type(key), "_staged")),
            thumb: image
                .thumb_key
                .as_deref()
                .map(|key| link(key, "image/jpeg", "_thumb")),
        };
        Self {
            id: image.id,
            project_id: image.project_id,
            original_id: image.original_id,
            status: image.status,
            progress: image.progress,
            step: image.step,
            room_type: image.room_type,
            style: image.style,
            engine: image.engine,
            seed: image.seed,
            prompt: image.prompt,
            version: image.version,
            error: image.failure,
            cost: image.cost,
            processing_time_ms: image.processing_time_ms,
            confidence: image.confidence,
            urls,
            created_at: image.created_at,
            updated_at: image.updated_at,
            deleted_at: image.deleted_at,
        }
    }
}

/// Why one image of a batch was not made.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BatchError {
    /// Position in the request.
    pub index: usize,
    pub code: String,
    pub message: String,
}

/// What became of a batch.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BatchReply {
    pub images: Vec<ImageReply>,
    pub errors: Vec<BatchError>,
    pub success: usize,
    pub failed: usize,
}

/// A photo with its stagings in a project.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ImageGroup {
    pub original: OriginalReply,
    /// Oldest first.
    pub images: Vec<ImageReply>,
}

/// What a project's finished images cost.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CostReply {
    /// Finished images.
    pub images: u64,
    /// Millionths of the currency's major unit.
    pub amount_micros: i64,
    pub currency: Currency,
}

/// Filters of the list of images.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListImages {
    project_id: Option<ProjectId>,
    original_id: Option<OriginalId>,
    status: Option<ImageStatus>,
    /// Deleted images instead of the present ones.
    deleted: Option<bool>,
}

/// Filters of a project's images.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListProjectImages {
    original_id: Option<OriginalId>,
    status: Option<ImageStatus>,
    /// Deleted images instead of the present ones.
    deleted: Option<bool>,
}

/// Checks one wish; complaints go to `fields` under `prefix`.
fn checked(new: CreateImage, engines: &Engines, prefix: &str, fields: &mut Fields) -> Option<NewImage> {
    let at = |name: &str| format!("{prefix}{name}");
    let source = match (new.original_id, new.upload_id) {
        (Some(original), None) => Some(Source::Original(original)),
        (None, Some(upload)) => Some(Source::Upload(upload)),
        (None, None) => {
            fields.add(
                at("original_id"),
                "required",
                "Name a photo by original_id or upload_id.",
            );
            None
        }
        (Some(_), Some(_)) => {
            fields.add(
                at("upload_id"),
                "conflicting",
                "Name a photo by original_id or upload_id, not both.",
            );
            None
        }
    };
    let engine = new.engine.unwrap_or_else(|| Engines::DEFAULT.to_owned());
    match engines.find(&engine).map(|engine| engine.info()) {
        None => fields.add(
            at("engine"),
            "unknown_value",
            "There is no such engine; see /staging/options.",
        ),
        Some(info) => {
            fields.check(
                info.available,
                at("engine"),
                "unavailable",
                "This engine is not available at the moment.",
            );
            let can = new.room_type.is_none_or(|room| info.room_types.contains(&room));
            fields.check(
                can,
                at("room_type"),
                "unsupported",
                "This engine cannot furnish this room type; see /staging/options.",
            );
        }
    }
    for name in new.options.iter().flat_map(|options| options.keys()) {
        fields.add(
            at(&format!("options.{name}")),
            "unknown_field",
            "This engine has no such option.",
        );
    }
    fields.check(
        new.seed != Some(0),
        at("seed"),
        "out_of_range",
        "A seed is 1 to 4294967295.",
    );
    let prompt = match new.prompt.as_deref().map(check_prompt).transpose() {
        Ok(prompt) => prompt,
        Err(complaint) => {
            fields.add(at("prompt"), "length", complaint.message);
            None
        }
    };
    Some(NewImage {
        project_id: new.project_id,
        source: source?,
        room_type: new.room_type,
        style: new.style.unwrap_or(Style::Modern),
        engine,
        seed: new.seed,
        prompt,
    })
}

/// List images
#[utoipa::path(get, path = "/images", tag = "images", params(PagingParams, ListImages),
    responses((status = 200, body = PageReply<ImageReply>), (status = 422, body = ProblemBody)))]
async fn list_images(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery<ListImages>,
) -> ApiResult<Json<PageReply<ImageReply>>> {
    let ListImages {
        project_id,
        original_id,
        status,
        deleted,
    } = query.filters;
    let filter = ImageFilter {
        project_id,
        original_id,
        status,
        deleted: deleted.unwrap_or(false),
    };
    let page = service::list(&ctx, &actor, filter, &query.paging).await?;
    Ok(Json(PageReply::new(
        &ctx,
        page.map(|image| ImageReply::new(&ctx, image)),
    )))
}

/// Queue a staging
#[utoipa::path(post, path = "/images", tag = "images", request_body = CreateImage,
    responses((status = 201, body = ImageReply), (status = 402, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn create_image(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(new): Json<CreateImage>,
) -> ApiResult<Response> {
    let mut fields = Fields::new();
    let new = checked(new, &Engines::of_ctx(&ctx), "", &mut fields);
    fields.finish()?;
    let new = new.ok_or_else(|| Error::internal("a wish without complaints was not made"))?;
    let image = ImageReply::new(&ctx, service::create(&ctx, &actor, new).await?);
    let location = HeaderValue::from_str(&format!("/api/v1/images/{}", image.id));
    let mut reply = (StatusCode::CREATED, Json(image)).into_response();
    if let Ok(location) = location {
        reply.headers_mut().insert(header::LOCATION, location);
    }
    Ok(reply)
}

/// Queue up to fifty stagings
///
/// 201 when all were queued, 207 when some were, 402 when none for lack of quota, 422 when none for another reason. A
/// bad field anywhere refuses the whole batch.
#[utoipa::path(post, path = "/images/batch", tag = "images", request_body = CreateImages,
    responses((status = 201, body = BatchReply), (status = 207, body = BatchReply), (status = 402, body = BatchReply),
        (status = 422, body = BatchReply)))]
async fn create_image_batch(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(batch): Json<CreateImages>,
) -> ApiResult<Response> {
    let mut fields = Fields::new();
    fields.check(
        (1..=BATCH_MAX).contains(&batch.images.len()),
        "images",
        "length",
        "A batch has 1 to 50 images.",
    );
    let engines = Engines::of_ctx(&ctx);
    let wishes: Vec<NewImage> = batch
        .images
        .into_iter()
        .enumerate()
        .filter_map(|(index, new)| checked(new, &engines, &format!("images[{index}]."), &mut fields))
        .collect();
    fields.finish()?;
    let made = service::create_batch(&ctx, &actor, wishes).await?;
    let reply = BatchReply {
        success: made.images.len(),
        failed: made.refusals.len(),
        images: made
            .images
            .into_iter()
            .map(|image| ImageReply::new(&ctx, image))
            .collect(),
        errors: made
            .refusals
            .into_iter()
            .map(|refusal| BatchError {
                index: refusal.index,
                code: refusal.code.to_owned(),
                message: refusal.message.to_owned(),
            })
            .collect(),
    };
    let all_for_quota = reply.errors.iter().all(|error| error.code == "quota_exceeded");
    let status = match (reply.success, reply.failed) {
        (_, 0) => StatusCode::CREATED,
        (0, _) if all_for_quota => StatusCode::PAYMENT_REQUIRED,
        (0, _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::MULTI_STATUS,
    };
    Ok((status, Json(reply)).into_response())
}

/// Get an image
#[utoipa::path(get, path = "/images/{id}", tag = "images", params(("id" = ImageId, Path)),
    responses((status = 200, body = ImageReply), (status = 404, body = ProblemBody)))]
async fn get_image(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ImageId>,
) -> ApiResult<Json<ImageReply>> {
    Ok(Json(ImageReply::new(&ctx, service::get(&ctx, &actor, id).await?)))
}

/// Delete an image; it can be restored for thirty days
#[utoipa::path(delete, path = "/images/{id}", tag = "images", params(("id" = ImageId, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn delete_image(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ImageId>,
) -> ApiResult<StatusCode> {
    service::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Try a failed or canceled image again
#[utoipa::path(post, path = "/images/{id}/retry", tag = "images", params(("id" = ImageId, Path)),
    responses((status = 200, body = ImageReply), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
async fn retry_image(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ImageId>,
) -> ApiResult<Json<ImageReply>> {
    Ok(Json(ImageReply::new(
        &ctx,
        service::retry(&ctx, &actor, id).await?,
    )))
}

/// Cancel an image that is not finished
#[utoipa::path(post, path = "/images/{id}/cancel", tag = "images", params(("id" = ImageId, Path)),
    responses((status = 200, body = ImageReply), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn cancel_image(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ImageId>,
) -> ApiResult<Json<ImageReply>> {
    Ok(Json(ImageReply::new(
        &ctx,
        service::cancel(&ctx, &actor, id).await?,
    )))
}

/// Bring a deleted image back
#[utoipa::path(post, path = "/images/{id}/restore", tag = "images", params(("id" = ImageId, Path)),
    responses((status = 200, body = ImageReply), (status = 404, body = ProblemBody)))]
async fn restore_image(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ImageId>,
) -> ApiResult<Json<ImageReply>> {
    Ok(Json(ImageReply::new(
        &ctx,
        service::restore(&ctx, &actor, id).await?,
    )))
}

/// List a project's images
#[utoipa::path(get, path = "/projects/{id}/images", tag = "projects",
    params(("id" = ProjectId, Path), PagingParams, ListProjectImages),
    responses((status = 200, body = PageReply<ImageReply>), (status = 404, body = ProblemBody)))]
async fn list_project_images(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ProjectId>,
    query: ListQuery<ListProjectImages>,
) -> ApiResult<Json<PageReply<ImageReply>>> {
    crate::projects::service::get(&ctx, &actor, id).await?;
    let ListProjectImages {
        original_id,
        status,
        deleted,
    } = query.filters;
    let filter = ImageFilter {
        project_id: Some(id),
        original_id,
        status,
        deleted: deleted.unwrap_or(false),
    };
    let page = service::list(&ctx, &actor, filter, &query.paging).await?;
    Ok(Json(PageReply::new(
        &ctx,
        page.map(|image| ImageReply::new(&ctx, image)),
    )))
}

/// List a project's photos with their images
#[utoipa::path(get, path = "/projects/{id}/images/grouped", tag = "projects",
    params(("id" = ProjectId, Path), PagingParams),
    responses((status = 200, body = PageReply<ImageGroup>), (status = 404, body = ProblemBody)))]
async fn list_project_images_grouped(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ProjectId>,
    query: ListQuery,
) -> ApiResult<Json<PageReply<ImageGroup>>> {
    let page = crate::originals::service::list_by_project(&ctx, &actor, id, &query.paging).await?;
    let (page, originals) = page.split();
    let mut groups = Vec::with_capacity(originals.len());
    for original in originals {
        let images = service::list_of_original(&ctx, &actor, id, original.id).await?;
        groups.push(ImageGroup {
            original: OriginalReply::new(&ctx, original),
            images: images
                .into_iter()
                .map(|image| ImageReply::new(&ctx, image))
                .collect(),
        });
    }
    Ok(Json(PageReply::new(&ctx, page.with_items(groups))))
}

/// What a project's finished images cost
#[utoipa::path(get, path = "/projects/{id}/cost", tag = "projects", params(("id" = ProjectId, Path)),
    responses((status = 200, body = CostReply), (status = 404, body = ProblemBody)))]
async fn get_project_cost(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ProjectId>,
) -> ApiResult<Json<CostReply>> {
    let (images, amount_micros) = service::cost_of_project(&ctx, &actor, id).await?;
    Ok(Json(CostReply {
        images,
        amount_micros,
        currency: Currency::Usd,
    }))
}
