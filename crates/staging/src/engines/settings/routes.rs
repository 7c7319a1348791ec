//! `/admin/engines`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_platform::Ctx;
use vitrine_platform::web::{ApiResult, Json, Operator, Path};

use super::Decided;
use crate::engines::EngineInfo;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(admin_list_engines))
        .routes(routes!(admin_get_engine, admin_update_engine))
}

/// An engine as operators see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdminEngine {
    /// Whether new images may be asked of it.
    pub is_enabled: bool,
    /// What it is by itself, whatever was decided.
    pub engine: EngineInfo,
}

impl From<Decided> for AdminEngine {
    fn from(decided: Decided) -> Self {
        Self {
            is_enabled: decided.is_enabled,
            engine: decided.info,
        }
    }
}

/// The engines there are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdminEngines {
    pub items: Vec<AdminEngine>,
}

/// What to change about an engine.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdminEngineBody {
    /// False: no new images; those that were asked for before are still made.
    is_enabled: bool,
}

/// List the engines of this instance. For operators.
#[utoipa::path(get, path = "/admin/engines", tag = "admin",
    responses((status = 200, body = AdminEngines), (status = 403, description = "Only operators may do this")))]
pub async fn admin_list_engines(
    State(ctx): State<Ctx>,
    _operator: Operator,
) -> ApiResult<Json<AdminEngines>> {
    let items = super::list(&ctx).await?.into_iter().map(Into::into).collect();
    Ok(Json(AdminEngines { items }))
}

/// Get an engine. For operators.
#[utoipa::path(get, path = "/admin/engines/{id}", tag = "admin", params(("id" = String, Path, example = "builtin")),
    responses((status = 200, body = AdminEngine), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such engine")))]
pub async fn admin_get_engine(
    State(ctx): State<Ctx>,
    _operator: Operator,
    Path(id): Path<String>,
) -> ApiResult<Json<AdminEngine>> {
    Ok(Json(super::get(&ctx, &id).await?.into()))
}

/// Switch an engine on or off. For operators.
#[utoipa::path(patch, path = "/admin/engines/{id}", tag = "admin", params(("id" = String, Path, example = "builtin")),
    request_body = AdminEngineBody,
    responses((status = 200, body = AdminEngine), (status = 403, description = "Only operators may do this"),
        (status = 404, description = "No such engine"), (status = 422, description = "Some fields are not valid")))]
pub async fn admin_update_engine(
    State(ctx): State<Ctx>,
    Operator(actor): Operator,
    Path(id): Path<String>,
    Json(body): Json<AdminEngineBody>,
) -> ApiResult<Json<AdminEngine>> {
    Ok(Json(
        super::switch(&ctx, &actor, &id, body.is_enabled).await?.into(),
    ))
}
