//! `/auth/sessions`.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::SessionId;

use crate::accounts::Credential;
use crate::accounts::model::Session;
use crate::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_sessions))
        .routes(routes!(update_session))
        .routes(routes!(revoke_session))
        .routes(routes!(revoke_other_sessions))
}

/// A signed-in device.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Session)]
pub struct SessionReply {
    pub id: SessionId,
    /// What the person calls the device.
    pub device_label: Option<String>,
    pub user_agent: Option<String>,
    /// Address it was last used from.
    pub ip: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When it last got new tokens.
    pub last_used_at: DateTime<Utc>,
    /// When it ends if it is not used.
    pub expires_at: DateTime<Utc>,
    /// The session of this very request.
    pub is_current: bool,
}

impl SessionReply {
    fn new(actor: &Actor, session: Session) -> Self {
        Self {
            is_current: actor.credential == Credential::Session(session.id),
            id: session.id,
            device_label: session.device_label,
            user_agent: session.user_agent,
            ip: session.ip,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
        }
    }
}

/// Where the account is signed in.
#[utoipa::path(get, path = "/auth/sessions", tag = "auth", params(PagingParams),
    responses((status = 200, body = PageReply<SessionReply>)))]
pub async fn list_sessions(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery,
) -> ApiResult<Json<PageReply<SessionReply>>> {
    let page = super::list(&ctx, &actor, &query.paging).await?;
    Ok(Json(PageReply::new(
        &ctx,
        page.map(|session| SessionReply::new(&actor, session)),
    )))
}

/// A new name for a device.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct UpdateSession {
    /// Null takes the name away.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(min_length = 1, max_length = 100)]
    pub device_label: Option<String>,
}

/// Name the device of a session.
#[utoipa::path(patch, path = "/auth/sessions/{id}", tag = "auth", params(("id" = SessionId, Path)),
    request_body = UpdateSession, responses((status = 200, body = SessionReply)))]
pub async fn update_session(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<SessionId>,
    Json(body): Json<UpdateSession>,
) -> ApiResult<Json<SessionReply>> {
    let session = super::label(&ctx, &actor, id, body.device_label.as_deref()).await?;
    Ok(Json(SessionReply::new(&actor, session)))
}

/// End a session.
#[utoipa::path(post, path = "/auth/sessions/{id}/revoke", tag = "auth", params(("id" = SessionId, Path)),
    responses((status = 204, description = "The session has ended")))]
pub async fn revoke_session(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<SessionId>,
) -> ApiResult<StatusCode> {
    super::revoke(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many sessions were ended.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Revoked {
    pub revoked: u64,
}

/// End every session but this one.
#[utoipa::path(post, path = "/auth/sessions/revoke-others", tag = "auth", responses((status = 200, body = Revoked)))]
pub async fn revoke_other_sessions(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<Revoked>> {
    Ok(Json(Revoked {
        revoked: super::revoke_others(&ctx, &actor).await?,
    }))
}
