//! `/user/profile`, `/user/preferences`.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::AccountId;

use super::{Preferences, PreferencesChange, Profile, ProfileChange, Theme, Units};
use crate::web::{ApiResult, Json};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_profile, update_profile))
        .routes(routes!(get_preferences, update_preferences))
}

/// A person as they describe themselves.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Profile)]
pub struct ProfileReply {
    pub id: AccountId,
    pub email: String,
    pub email_verified: bool,
    pub full_name: String,
    /// A language tag such as `en-GB`; how dates and numbers are written.
    pub locale: Option<String>,
    /// A name of the time zone database, such as `Europe/Lisbon`.
    pub timezone: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Profile> for ProfileReply {
    fn from(profile: Profile) -> Self {
        Self {
            id: profile.id,
            email: profile.email,
            email_verified: profile.is_verified,
            full_name: profile.full_name,
            locale: profile.locale,
            timezone: profile.timezone,
            created_at: profile.created_at,
            updated_at: profile.updated_at,
        }
    }
}

/// A field that may be absent but not null.
fn sent<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A field that may be absent, which keeps the value, or null, which takes it away.
fn sent_or_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Fields to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct UpdateProfile {
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    full_name: Option<String>,
    /// A language tag such as `en-GB`; null takes it away.
    #[serde(default, deserialize_with = "sent_or_null")]
    #[schema(value_type = Option<String>, max_length = 64)]
    locale: Option<Option<String>>,
    /// Such as `Europe/Lisbon`; null takes it away.
    #[serde(default, deserialize_with = "sent_or_null")]
    #[schema(value_type = Option<String>, max_length = 64)]
    timezone: Option<Option<String>>,
}

/// Get one's own profile.
#[utoipa::path(get, path = "/user/profile", tag = "account", responses((status = 200, body = ProfileReply)))]
pub async fn get_profile(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<ProfileReply>> {
    Ok(Json(super::get(&ctx, &actor).await?.into()))
}

/// Change one's own profile.
#[utoipa::path(patch, path = "/user/profile", tag = "account", request_body = UpdateProfile,
    responses((status = 200, body = ProfileReply)))]
pub async fn update_profile(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<UpdateProfile>,
) -> ApiResult<Json<ProfileReply>> {
    let change = ProfileChange {
        full_name: body.full_name,
        locale: body.locale,
        timezone: body.timezone,
    };
    Ok(Json(super::update(&ctx, &actor, change.check()?).await?.into()))
}

/// Preferences to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct UpdatePreferences {
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false)]
    theme: Option<Theme>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, max_length = 64)]
    language: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false)]
    units: Option<Units>,
    /// Null lets the person choose each time.
    #[serde(default, deserialize_with = "sent_or_null")]
    #[schema(value_type = Option<String>, max_length = 64)]
    default_style: Option<Option<String>>,
    /// Null lets the engine decide.
    #[serde(default, deserialize_with = "sent_or_null")]
    #[schema(value_type = Option<String>, max_length = 64)]
    default_room: Option<Option<String>>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false)]
    reduced_motion: Option<bool>,
}

/// Get one's own preferences.
#[utoipa::path(get, path = "/user/preferences", tag = "account", responses((status = 200, body = Preferences)))]
pub async fn get_preferences(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<Preferences>> {
    Ok(Json(super::preferences(&ctx, &actor).await?))
}

/// Change one's own preferences.
#[utoipa::path(patch, path = "/user/preferences", tag = "account", request_body = UpdatePreferences,
    responses((status = 200, body = Preferences)))]
pub async fn update_preferences(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<UpdatePreferences>,
) -> ApiResult<Json<Preferences>> {
    let change = PreferencesChange {
        theme: body.theme,
        language: body.language,
        units: body.units,
        default_style: body.default_style,
        default_room: body.default_room,
        reduced_motion: body.reduced_motion,
    };
    Ok(Json(super::set_preferences(&ctx, &actor, change.check()?).await?))
}
