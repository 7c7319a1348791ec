//! Routes of scenes and versions, below an image.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::ImageId;
use vitrine_kernel::{Error, ErrorCode};
use vitrine_platform::web::{ApiResult, Json, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::model::{PreviewScene, SceneChange, SolveScene, StraightenScene, Straightened};
use super::replies::{
    ScenePlan, ScenePlanList, SceneReply, SolvedScene, StraightenedScene, VersionList, VersionReply,
};
use super::service;
use super::workbench::{self, Workbench};
use crate::images::replies::ImageReply;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_scene, update_scene))
        .routes(routes!(solve_scene))
        .routes(routes!(straighten_scene))
        .routes(routes!(preview_scene))
        .routes(routes!(list_scene_plans))
        .routes(routes!(list_versions))
        .routes(routes!(get_version))
        .routes(routes!(restore_version))
}

/// Routes that share one workbench, so that its limits are those of the process.
pub fn with_workbench(routes: OpenApiRouter<Ctx>) -> OpenApiRouter<Ctx> {
    routes.layer(Extension(Workbench::default()))
}

/// `"7"`, the tag of version 7.
fn tag(version: u32) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The version an `If-Match` names.
fn expected_version(headers: &HeaderMap) -> Result<u32, Error> {
    let Some(given) = headers.get(header::IF_MATCH) else {
        return Err(Error::new(
            ErrorCode::PreconditionRequired,
            "Send If-Match with the ETag of the scene you changed.",
        ));
    };
    given
        .to_str()
        .ok()
        .and_then(|text| text.trim().trim_matches('"').parse().ok())
        .ok_or_else(|| {
            Error::new(
                ErrorCode::PreconditionFailed,
                "If-Match names no version; send the ETag of the scene you changed.",
            )
        })
}

/// Get the scene of an image
///
/// An image that was refused with `needs_corners`, `not_a_room` or `no_floor_visible` has a scene too: the engine's best
/// guess, without furniture. The `ETag` names the version, for the `If-Match` of a change.
#[utoipa::path(get, path = "/images/{id}/scene", tag = "scenes", params(("id" = ImageId, Path)),
    responses((status = 200, body = SceneReply), (status = 404, body = ProblemBody)))]
async fn get_scene(State(ctx): State<Ctx>, actor: Actor, Path(id): Path<ImageId>) -> ApiResult<Response> {
    let scene = service::get(&ctx, &actor, id).await?;
    let etag = tag(scene.image.version);
    let mut reply = Json(SceneReply::new(scene)).into_response();
    reply.headers_mut().insert(header::ETAG, etag);
    Ok(reply)
}

/// Change the scene of an image
///
/// Makes a new version and queues its picture; until that is there the earlier picture stays. What is absent stays as it is.
/// Room or camera given for an image that was refused get it staged after all, with furniture of the engine's choosing
/// when none is given; that takes quota as trying again does. A change to a staged image costs nothing. When a picture cannot be rendered, the
/// version before is shown again and `error` says why.
#[utoipa::path(patch, path = "/images/{id}/scene", tag = "scenes", request_body = SceneChange,
    params(("id" = ImageId, Path), ("If-Match" = Option<String>, Header, description = "ETag of the scene that was changed; 428 without it")),
    responses((status = 202, body = ImageReply), (status = 402, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
async fn update_scene(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ImageId>,
    headers: HeaderMap,
    Json(change): Json<SceneChange>,
) -> ApiResult<Response> {
    let expected = expected_version(&headers)?;
    let image = service::change(&ctx, &actor, id, expected, change).await?;
    let etag = tag(image.version);
    let mut reply = (StatusCode::ACCEPTED, Json(ImageReply::new(&ctx, image))).into_response();
    reply.headers_mut().insert(header::ETAG, etag);
    Ok(reply)
}

/// Find camera and room from corners
///
/// For dragging the corners of the wall across the view; nothing is stored. Openings and obstacles keep their places in the picture.
#[utoipa::path(post, path = "/images/{id}/scene/solve", tag = "scenes", params(("id" = ImageId, Path)),
    request_body = SolveScene,
    responses((status = 200, body = SolvedScene), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
async fn solve_scene(
    State(ctx): State<Ctx>,
    actor: Actor,
    Extension(bench): Extension<Workbench>,
    Path(id): Path<ImageId>,
    Json(wish): Json<SolveScene>,
) -> ApiResult<Json<SolvedScene>> {
    let scene = workbench::solve(&ctx, &actor, &bench, id, wish).await?;
    let corners_px = workbench::corners(&scene);
    Ok(Json(SolvedScene {
        camera: scene.document.camera,
        room: scene.document.room,
        corners_px,
    }))
}

/// Turn the photo level, or show it as it was taken
///
/// What `camera`, `room` and `straightened` of a change must be for it; nothing is stored. Furniture is in metres and stays
/// where it is. 422 when the verticals are upright already, or lean so much that too little of the photo would be left.
#[utoipa::path(post, path = "/images/{id}/scene/straighten", tag = "scenes", params(("id" = ImageId, Path)),
    request_body = StraightenScene,
    responses((status = 200, body = StraightenedScene), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn straighten_scene(
    State(ctx): State<Ctx>,
    actor: Actor,
    Extension(bench): Extension<Workbench>,
    Path(id): Path<ImageId>,
    Json(wish): Json<StraightenScene>,
) -> ApiResult<Json<StraightenedScene>> {
    let scene = workbench::straighten(&ctx, &actor, &bench, id, wish).await?;
    let corners_px = workbench::corners(&scene);
    Ok(Json(StraightenedScene {
        camera: scene.document.camera,
        room: scene.document.room,
        straightened: Straightened {
            from: scene.document.straightened_from,
        },
        corners_px,
    }))
}

/// Look at a change before it is made
///
/// A small, quick picture of the scene with the change; nothing is stored. `Server-Timing` says how long it took to draw. 503 with
/// `Retry-After` when too many are drawn at the moment. A request that is given up stops its drawing.
#[utoipa::path(post, path = "/images/{id}/scene/preview", tag = "scenes", params(("id" = ImageId, Path)),
    request_body = PreviewScene,
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn preview_scene(
    State(ctx): State<Ctx>,
    actor: Actor,
    Extension(bench): Extension<Workbench>,
    Path(id): Path<ImageId>,
    Json(wish): Json<PreviewScene>,
) -> ApiResult<Response> {
    let (change, width) = wish.checked()?;
    let preview = workbench::preview(&ctx, &actor, &bench, id, change, width).await?;
    let stages = preview
        .stages
        .iter()
        .map(|(name, ms)| format!(", {name};dur={ms}"));
    let timing = format!(
        "render;dur={:.1}{}",
        preview.render_ms,
        stages.collect::<String>()
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            HeaderName::from_static("server-timing"),
            HeaderValue::from_str(&timing).unwrap_or(HeaderValue::from_static("render")),
        ),
    ];
    Ok((headers, preview.jpeg).into_response())
}

/// Ways to furnish the room
///
/// Up to three good arrangements, each different, for the room as it is now; nothing is stored.
#[utoipa::path(get, path = "/images/{id}/scene/plans", tag = "scenes", params(("id" = ImageId, Path)),
    responses((status = 200, body = ScenePlanList), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
async fn list_scene_plans(
    State(ctx): State<Ctx>,
    actor: Actor,
    Extension(bench): Extension<Workbench>,
    Path(id): Path<ImageId>,
) -> ApiResult<Json<ScenePlanList>> {
    let plans = workbench::plans(&ctx, &actor, &bench, id).await?;
    let items = plans
        .into_iter()
        .enumerate()
        .map(|(index, plan)| ScenePlan {
            index,
            score: plan.score,
            palette: plan.palette,
            furniture: plan.furniture,
        })
        .collect();
    Ok(Json(ScenePlanList { items }))
}

/// List the versions of an image
///
/// Every state that was saved: `ready` ones with their picture, the `queued` one that is being rendered, and `failed` ones
/// that never got a picture because they could not be rendered, were canceled or were overtaken by a later change.
#[utoipa::path(get, path = "/images/{id}/versions", tag = "scenes", params(("id" = ImageId, Path)),
    responses((status = 200, body = VersionList), (status = 404, body = ProblemBody)))]
async fn list_versions(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<ImageId>,
) -> ApiResult<Json<VersionList>> {
    let (image, versions) = service::list_versions(&ctx, &actor, id).await?;
    let items = versions
        .into_iter()
        .map(|version| VersionReply::new(&ctx, &image, version))
        .collect();
    Ok(Json(VersionList { items }))
}

/// Get the scene of one version
///
/// Also of one that failed, so that its work is not lost: send it as a change to try it again. `status` is that of the image.
#[utoipa::path(get, path = "/images/{id}/versions/{version}", tag = "scenes",
    params(("id" = ImageId, Path), ("version" = u32, Path)),
    responses((status = 200, body = SceneReply), (status = 404, body = ProblemBody)))]
async fn get_version(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((id, number)): Path<(ImageId, u32)>,
) -> ApiResult<Json<SceneReply>> {
    let scene = service::get_version(&ctx, &actor, id, number).await?;
    Ok(Json(SceneReply {
        version: number,
        ..SceneReply::new(scene)
    }))
}

/// Show an older version again
///
/// As a new version with the same scene and picture; nothing is rendered and history stays as it was.
#[utoipa::path(post, path = "/images/{id}/versions/{version}/restore", tag = "scenes",
    params(("id" = ImageId, Path), ("version" = u32, Path)),
    responses((status = 200, body = ImageReply), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn restore_version(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((id, version)): Path<(ImageId, u32)>,
) -> ApiResult<Json<ImageReply>> {
    Ok(Json(ImageReply::new(
        &ctx,
        service::restore(&ctx, &actor, id, version).await?,
    )))
}
