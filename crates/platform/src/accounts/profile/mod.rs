//! What a person sets about themselves: a profile, which others see a part of, and preferences, which only their own
//! pages read.

pub mod routes;
pub mod sql;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use vitrine_db::{DbError, Row, values};
use vitrine_kernel::id::AccountId;
use vitrine_kernel::text::checked_title;
use vitrine_kernel::{Error, Time};

use crate::web::Fields;
use crate::{Actor, Ctx, audit};

const NAME_MAX_CHARS: usize = 100;
/// Longest language tag, name of a time zone, or code of a style.
const WORD_MAX_CHARS: usize = 64;

/// A person as they describe themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub id: AccountId,
    pub email: String,
    pub is_verified: bool,
    pub full_name: String,
    /// A language tag such as `en-GB`; how dates and numbers are written.
    pub locale: Option<String>,
    /// A name of the time zone database, such as `Europe/Lisbon`.
    pub timezone: Option<String>,
    pub created_at: Time,
    pub updated_at: Time,
}

impl Profile {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            is_verified: row.get("is_verified")?,
            full_name: row.get("full_name")?,
            locale: row.get("locale")?,
            timezone: row.get("timezone")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

/// What to change of a profile; `Some(None)` takes a value away.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    pub full_name: Option<String>,
    pub locale: Option<Option<String>>,
    pub timezone: Option<Option<String>>,
}

impl ProfileChange {
    /// Trims what is sent; names every bad field.
    pub fn check(mut self) -> Result<Self, Error> {
        let mut fields = Fields::new();
        if let Some(name) = &self.full_name {
            self.full_name = fields.require(
                checked_title(name, NAME_MAX_CHARS),
                "full_name",
                "invalid_length",
                "Must have 1 to 100 characters.",
            );
        }
        let fits = |value: &Option<Option<String>>, more: &str| {
            value
                .as_ref()
                .and_then(Option::as_ref)
                .is_none_or(|word| is_word(word, more))
        };
        fields.check(
            fits(&self.locale, "-"),
            "locale",
            "invalid",
            "Must be a language tag such as en-GB.",
        );
        fields.check(
            fits(&self.timezone, "/_-+"),
            "timezone",
            "invalid",
            "Must be the name of a time zone such as Europe/Lisbon.",
        );
        fields.finish()?;
        Ok(self)
    }
}

/// Letters, digits and a few marks, beginning with a letter.
fn is_word(text: &str, marks: &str) -> bool {
    text.len() <= WORD_MAX_CHARS
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || marks.contains(c))
}

pub async fn get(ctx: &Ctx, actor: &Actor) -> Result<Profile, Error> {
    actor.require_session()?;
    let row = ctx
        .db
        .fetch_one(&sql::GET_PROFILE, values![actor.account_id])
        .await?;
    Ok(Profile::from_row(&row)?)
}

/// Changes what is given and keeps the rest.
pub async fn update(ctx: &Ctx, actor: &Actor, change: ProfileChange) -> Result<Profile, Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    let row = tx
        .fetch_one(&sql::LOCK_PROFILE, values![actor.account_id])
        .await?;
    let before = Profile::from_row(&row)?;
    let after = Profile {
        full_name: change.full_name.unwrap_or_else(|| before.full_name.clone()),
        locale: change.locale.unwrap_or_else(|| before.locale.clone()),
        timezone: change.timezone.unwrap_or_else(|| before.timezone.clone()),
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    let row = values![
        actor.account_id,
        &after.full_name,
        after.locale.as_deref(),
        after.timezone.as_deref(),
        ctx.now(),
    ];
    tx.execute_one(&sql::SET_PROFILE, row).await?;
    let action = "account.profile_changed";
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        action,
        "account",
        actor.account_id,
        None,
    )
    .await?;
    tx.commit().await?;
    Ok(Profile {
        updated_at: ctx.now(),
        ..after
    })
}

/// How the pages look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    Light,
    Dark,
    /// As the system says.
    Auto,
}

impl Theme {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Auto => "auto",
        }
    }
}

impl FromStr for Theme {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        [Self::Light, Self::Dark, Self::Auto]
            .into_iter()
            .find(|one| one.as_str() == text)
            .ok_or(UnknownWord)
    }
}

/// The text is none of the words there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an unknown word")]
pub struct UnknownWord;

/// How lengths are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Units {
    Metric,
    Imperial,
}

impl Units {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Imperial => "imperial",
        }
    }
}

impl FromStr for Units {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        [Self::Metric, Self::Imperial]
            .into_iter()
            .find(|one| one.as_str() == text)
            .ok_or(UnknownWord)
    }
}

/// What the pages should be like for one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Preferences {
    pub theme: Theme,
    /// A language tag such as `en`.
    pub language: String,
    pub units: Units,
    /// Code of the style that new stagings begin with; null lets the person choose each time.
    pub default_style: Option<String>,
    /// Code of the room type that new stagings begin with; null lets the engine decide.
    pub default_room: Option<String>,
    /// Less movement on the pages, whatever the system says.
    pub reduced_motion: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::Auto,
            language: "en".to_owned(),
            units: Units::Metric,
            default_style: None,
            default_room: None,
            reduced_motion: false,
        }
    }
}

impl Preferences {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            theme: row.parse("theme")?,
            language: row.get("language")?,
            units: row.parse("units")?,
            default_style: row.get("default_style")?,
            default_room: row.get("default_room")?,
            reduced_motion: row.get("reduced_motion")?,
        })
    }
}

/// What to change of the preferences; `Some(None)` takes a value away.
#[derive(Debug, Clone, Default)]
pub struct PreferencesChange {
    pub theme: Option<Theme>,
    pub language: Option<String>,
    pub units: Option<Units>,
    pub default_style: Option<Option<String>>,
    pub default_room: Option<Option<String>>,
    pub reduced_motion: Option<bool>,
}

impl PreferencesChange {
    /// Names every bad field.
    pub fn check(self) -> Result<Self, Error> {
        let mut fields = Fields::new();
        fields.check(
            self.language.as_ref().is_none_or(|word| is_word(word, "-")),
            "language",
            "invalid",
            "Must be a language tag such as en.",
        );
        for (name, value) in [
            ("default_style", &self.default_style),
            ("default_room", &self.default_room),
        ] {
            let word = value.as_ref().and_then(Option::as_ref);
            fields.check(
                word.is_none_or(|word| is_word(word, "_")),
                name,
                "invalid",
                "Must be one of the codes that GET /staging/options tells.",
            );
        }
        fields.finish()?;
        Ok(self)
    }

    fn apply(self, to: Preferences) -> Preferences {
        Preferences {
            theme: self.theme.unwrap_or(to.theme),
            language: self.language.unwrap_or(to.language),
            units: self.units.unwrap_or(to.units),
            default_style: self.default_style.unwrap_or(to.default_style),
            default_room: self.default_room.unwrap_or(to.default_room),
            reduced_motion: self.reduced_motion.unwrap_or(to.reduced_motion),
        }
    }
}

/// The caller's preferences, or what they are as long as nothing was chosen.
pub async fn preferences(ctx: &Ctx, actor: &Actor) -> Result<Preferences, Error> {
    actor.require_session()?;
    let row = ctx
        .db
        .fetch_optional(&sql::GET_PREFERENCES, values![actor.account_id])
        .await?;
    match row {
        Some(row) => Ok(Preferences::from_row(&row)?),
        None => Ok(Preferences::default()),
    }
}

/// Changes what is given and keeps the rest.
pub async fn set_preferences(
    ctx: &Ctx,
    actor: &Actor,
    change: PreferencesChange,
) -> Result<Preferences, Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    // Changes of two tabs wait for each other here.
    tx.fetch_one(&sql::LOCK_PROFILE, values![actor.account_id])
        .await?;
    let row = tx
        .fetch_optional(&sql::GET_PREFERENCES, values![actor.account_id])
        .await?;
    let before = match row {
        Some(row) => Preferences::from_row(&row)?,
        None => Preferences::default(),
    };
    let after = change.apply(before);
    let row = values![
        actor.account_id,
        after.theme.as_str(),
        &after.language,
        after.units.as_str(),
        after.default_style.as_deref(),
        after.default_room.as_deref(),
        after.reduced_motion,
        ctx.now(),
    ];
    tx.execute_one(&sql::PUT_PREFERENCES, row).await?;
    tx.commit().await?;
    Ok(after)
}
