//! `/setup`.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::Error;
use vitrine_kernel::id::ProjectId;

use super::SetupHooks;
use crate::Ctx;
use crate::accounts::model::NewAccount;
use crate::accounts::routes::{AuthTokens, hand_over};
use crate::web::{ApiResult, BrowserOrigin, Client, Json};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(get_setup, complete_setup))
}

/// Whether the instance waits for its first account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SetupState {
    /// Always true; once it is not, the answer is 404.
    pub needed: bool,
}

/// Whether the instance waits for its first account.
#[utoipa::path(get, path = "/setup", tag = "setup", security(()),
    responses((status = 200, body = SetupState), (status = 404, description = "The instance is set up")))]
pub async fn get_setup(State(ctx): State<Ctx>) -> ApiResult<Json<SetupState>> {
    match super::is_needed(&ctx).await? {
        true => Ok(Json(SetupState { needed: true })),
        false => Err(Error::not_found().into()),
    }
}

/// The operator's account.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct SetupRequest {
    /// From the link that was printed when the server started.
    pub token: String,
    pub email: String,
    /// 10 to 128 characters, not a common one.
    #[schema(min_length = 10, max_length = 128, format = Password)]
    pub password: String,
    #[schema(min_length = 1, max_length = 100)]
    pub full_name: String,
    /// Also make a project with sample photos.
    #[serde(default)]
    pub sample_project: bool,
}

/// The operator's tokens and the sample project.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SetupReply {
    #[serde(flatten)]
    pub tokens: AuthTokens,
    /// The sample project, if one was asked for and made.
    pub sample_project_id: Option<ProjectId>,
}

/// Make the first account, which is the operator's.
#[utoipa::path(post, path = "/setup", tag = "setup", security(()), request_body = SetupRequest,
    responses((status = 201, body = SetupReply), (status = 403, description = "The token is not the newest one"),
        (status = 404, description = "The instance is set up")))]
pub async fn complete_setup(
    State(ctx): State<Ctx>,
    Extension(hooks): Extension<SetupHooks>,
    client: Client,
    origin: BrowserOrigin,
    body: ApiResult<Json<SetupRequest>>,
) -> ApiResult<Response> {
    // Whatever was sent: once there is an account, there is nothing here.
    if !super::is_needed(&ctx).await? {
        return Err(Error::not_found().into());
    }
    let Json(body) = body?;
    let new = NewAccount::parse(&body.email, &body.password, &body.full_name)?;
    let made = super::complete(
        &ctx,
        &hooks,
        &body.token,
        new,
        body.sample_project,
        client.device(),
    )
    .await?;
    let (headers, tokens) = hand_over(&ctx, origin, made.signed_in);
    let reply = SetupReply {
        tokens,
        sample_project_id: made.sample_project_id,
    };
    let mut response = (StatusCode::CREATED, Json(reply)).into_response();
    response.headers_mut().extend(headers);
    Ok(response)
}
