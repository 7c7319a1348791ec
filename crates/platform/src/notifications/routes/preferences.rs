//! `/notifications/preferences`, `/notifications/unsubscribe`.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::notifications::Cadence;
use crate::notifications::preferences::{self, Change, KindChange, Preferences};
use crate::notifications::unsubscribe::{self, Standing};
use crate::web::{ApiResult, Json, ProblemBody, Query};
use crate::{Actor, Ctx};

pub(super) fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(
            get_notification_preferences,
            update_notification_preferences
        ))
        .routes(routes!(get_unsubscription, unsubscribe_from_mail))
}

/// Where a kind of notification is told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct KindPreference {
    /// Stable code.
    pub kind: &'static str,
    pub title: &'static str,
    /// Shown in the app.
    pub in_app: bool,
    pub email: Cadence,
    /// About the safety of the account: it cannot be switched off.
    pub is_essential: bool,
    /// A rule can follow it.
    pub is_shared: bool,
}

/// When digests come.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DigestPreference {
    /// Of the IANA database, such as `Europe/Berlin`.
    pub timezone: String,
    /// Hour of the day there, 0 to 23. Weekly digests come on Monday.
    pub hour: u32,
}

/// The address letters go to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MailAddress {
    pub email: String,
    /// Until then only letters about the account itself go there.
    pub is_verified: bool,
    /// When a mail server refused a letter for good. From then on only letters about the safety of the account are
    /// tried, until the address is verified anew.
    pub refused_at: Option<DateTime<Utc>>,
    /// What the mail server said.
    pub refused_reason: Option<String>,
}

/// What the account decided.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NotificationPreferences {
    pub kinds: Vec<KindPreference>,
    pub digest: DigestPreference,
    pub address: MailAddress,
}

impl From<Preferences> for NotificationPreferences {
    fn from(all: Preferences) -> Self {
        let (refused_at, refused_reason) = all.address.refusal.unzip();
        Self {
            kinds: all
                .kinds
                .into_iter()
                .map(|one| KindPreference {
                    kind: one.kind.code,
                    title: one.kind.title,
                    in_app: one.channels.in_app,
                    email: one.channels.email,
                    is_essential: one.kind.is_essential,
                    is_shared: one.kind.is_shared,
                })
                .collect(),
            digest: DigestPreference {
                timezone: all.digest.timezone,
                hour: all.digest.hour,
            },
            address: MailAddress {
                email: all.address.email,
                is_verified: all.address.is_verified,
                refused_at,
                refused_reason,
            },
        }
    }
}

/// A kind to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct KindPreferenceChange {
    kind: String,
    in_app: Option<bool>,
    email: Option<Cadence>,
}

/// When digests shall come; what is absent stays as it is.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct DigestPreferenceChange {
    /// Of the IANA database, such as `Europe/Berlin`.
    timezone: Option<String>,
    #[schema(minimum = 0, maximum = 23)]
    hour: Option<u32>,
}

/// What to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NotificationPreferencesChange {
    #[schema(max_items = 200)]
    kinds: Option<Vec<KindPreferenceChange>>,
    digest: Option<DigestPreferenceChange>,
}

impl From<NotificationPreferencesChange> for Change {
    fn from(change: NotificationPreferencesChange) -> Self {
        let digest = change.digest.unwrap_or_default();
        Self {
            kinds: change
                .kinds
                .into_iter()
                .flatten()
                .map(|one| KindChange {
                    kind: one.kind,
                    in_app: one.in_app,
                    email: one.email,
                })
                .collect(),
            timezone: digest.timezone,
            hour: digest.hour,
        }
    }
}

/// Where the account is told what.
#[utoipa::path(get, path = "/notifications/preferences", tag = "notifications",
    responses((status = 200, body = NotificationPreferences)))]
pub async fn get_notification_preferences(
    State(ctx): State<Ctx>,
    actor: Actor,
) -> ApiResult<Json<NotificationPreferences>> {
    Ok(Json(preferences::get(&ctx, &actor).await?.into()))
}

/// Change where the account is told what.
#[utoipa::path(patch, path = "/notifications/preferences", tag = "notifications",
    request_body = NotificationPreferencesChange,
    responses((status = 200, body = NotificationPreferences),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn update_notification_preferences(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<NotificationPreferencesChange>,
) -> ApiResult<Json<NotificationPreferences>> {
    Ok(Json(preferences::change(&ctx, &actor, body.into()).await?.into()))
}

/// The link of a letter.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UnsubscribeParams {
    /// From the letter.
    token: String,
}

/// What a letter's link turns off.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Unsubscription {
    /// What kind of letters it is about.
    pub title: &'static str,
    /// Whose, with most of the name left out.
    pub email: String,
    /// Whether such letters still come.
    pub is_subscribed: bool,
}

impl From<Standing> for Unsubscription {
    fn from(standing: Standing) -> Self {
        Self {
            title: standing.title,
            email: standing.email,
            is_subscribed: standing.is_subscribed,
        }
    }
}

/// What the link of a letter would turn off.
///
/// Changes nothing, because mail programs look at links before people do. A browser is sent to the page that asks.
#[utoipa::path(get, path = "/notifications/unsubscribe", tag = "notifications", security(()), params(UnsubscribeParams),
    responses((status = 200, body = Unsubscription), (status = 303, description = "A browser goes to the page"),
        (status = 400, description = "The link is not complete")))]
pub async fn get_unsubscription(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    Query(params): Query<UnsubscribeParams>,
) -> ApiResult<Response> {
    let is_browser = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if is_browser {
        let token: String = form_urlencoded::byte_serialize(params.token.as_bytes()).collect();
        let page = format!("{}/unsubscribe?token={token}", ctx.settings.public_url);
        return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response());
    }
    let standing = unsubscribe::look(&ctx, &params.token).await?;
    Ok(Json(Unsubscription::from(standing)).into_response())
}

/// Turn off the letters of a kind by the link of one.
///
/// Needs no login and takes the body of RFC 8058 one-click requests, which is not looked at. Once more changes nothing.
#[utoipa::path(post, path = "/notifications/unsubscribe", tag = "notifications", security(()), params(UnsubscribeParams),
    responses((status = 200, body = Unsubscription), (status = 400, description = "The link is not complete")))]
pub async fn unsubscribe_from_mail(
    State(ctx): State<Ctx>,
    Query(params): Query<UnsubscribeParams>,
) -> ApiResult<Json<Unsubscription>> {
    Ok(Json(unsubscribe::apply(&ctx, &params.token).await?.into()))
}
