//! Routes of images: `/images` and the images of a project.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::Error;
use vitrine_kernel::id::{ImageId, OriginalId, ProjectId};
use vitrine_kernel::money::Currency;
use vitrine_platform::web::{ApiResult, Fields, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::model::{ImageStatus, NewImage};
use super::replies::{BatchError, BatchReply, CostReply, ImageGroup, ImageReply};
use super::requests::{CreateImage, CreateImages, checked};
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

const BATCH_MAX: usize = 50;

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
    let new = checked(new, &Engines::for_new_images(&ctx).await?, "", &mut fields);
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
    let engines = Engines::for_new_images(&ctx).await?;
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
