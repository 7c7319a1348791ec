//! `/admin/settings`.

use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{InstanceSetting, InstanceSettings};
use crate::Ctx;
use crate::web::{ApiResult, Json, Operator};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(admin_get_settings))
}

/// How this instance is set up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdminSettings {
    pub version: &'static str,
    /// In the order of `docs/configuration.md`.
    pub settings: Vec<InstanceSetting>,
}

/// How this instance is set up; secrets are only said to be there. For operators.
#[utoipa::path(get, path = "/admin/settings", tag = "admin",
    responses((status = 200, body = AdminSettings), (status = 403, description = "Only operators may do this")))]
pub async fn admin_get_settings(
    State(ctx): State<Ctx>,
    _operator: Operator,
) -> ApiResult<Json<AdminSettings>> {
    let settings = ctx.extension::<InstanceSettings>().cloned().unwrap_or_default();
    Ok(Json(AdminSettings {
        version: env!("CARGO_PKG_VERSION"),
        settings: settings.0.to_vec(),
    }))
}
