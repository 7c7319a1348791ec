//! What an image is and when it may change.

use serde::{Deserialize, Serialize};
use vitrine_db::{DbError, Row};
use vitrine_kernel::id::{ImageId, OriginalId, ProjectId, WorkspaceId};
use vitrine_kernel::money::{Currency, MicroMoney};
use vitrine_kernel::{FieldError, Time};
use vitrine_scene::furnish::{RoomType, Style};
use vitrine_scene::model::import::Credit;

use crate::engines::EngineOptions;

/// Where an image stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImageStatus {
    Queued,
    Processing,
    Ready,
    Error,
    Canceled,
}

impl ImageStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Ready => "ready",
            Self::Error => "error",
            Self::Canceled => "canceled",
        }
    }

    pub const fn can_cancel(self) -> bool {
        matches!(self, Self::Queued | Self::Processing)
    }

    pub const fn can_retry(self) -> bool {
        matches!(self, Self::Error | Self::Canceled)
    }
}

impl std::str::FromStr for ImageStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text {
            "queued" => Self::Queued,
            "processing" => Self::Processing,
            "ready" => Self::Ready,
            "error" => Self::Error,
            "canceled" => Self::Canceled,
            _ => return Err(()),
        })
    }
}

/// Why an image is in error; of a ready one, why its last change is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ImageFailure {
    /// `needs_corners`, `not_a_room`, `no_floor_visible`, `decode_failed`, `original_missing`, `engine_failed`,
    /// `provider_failed`, `timeout` or `canceled`.
    pub code: String,
    /// For a person.
    pub message: String,
}

/// An image as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    pub id: ImageId,
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub original_id: OriginalId,
    pub status: ImageStatus,
    pub progress: u8,
    pub step: Option<String>,
    pub requested_room_type: Option<RoomType>,
    pub room_type: Option<RoomType>,
    pub style: Style,
    pub engine: String,
    pub seed: u32,
    pub prompt: Option<String>,
    pub options: EngineOptions,
    pub version: u32,
    pub failure: Option<ImageFailure>,
    pub cost: MicroMoney,
    pub processing_time_ms: Option<i64>,
    pub confidence: Option<f64>,
    pub staged_key: Option<String>,
    pub thumb_key: Option<String>,
    /// The photo turned level, when the staging shows that.
    pub before_key: Option<String>,
    /// Whose work the imported furniture in the staging is.
    pub credits: Vec<Credit>,
    /// The image whose furniture stands in this one too.
    pub same_as: Option<ImageId>,
    pub quota_period: Option<Time>,
    pub quota_state: QuotaState,
    pub created_at: Time,
    pub updated_at: Time,
    pub deleted_at: Option<Time>,
    /// Of the original, for links.
    pub original_key: String,
    pub original_content_type: String,
    pub original_filename: String,
    /// Of the upright original.
    pub original_width: u32,
    pub original_height: u32,
    pub is_original_ready: bool,
}

/// What became of the quota an image was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaState {
    Reserved,
    Used,
    Released,
}

impl QuotaState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Used => "used",
            Self::Released => "released",
        }
    }
}

impl std::str::FromStr for QuotaState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text {
            "reserved" => Self::Reserved,
            "used" => Self::Used,
            "released" => Self::Released,
            _ => return Err(()),
        })
    }
}

/// A word of the contract as the engine's type, such as `living_room`.
pub fn word<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    T::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(
        text,
    ))
    .ok()
}

/// The word of the contract for the engine's type.
pub fn text_of<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

impl Image {
    pub fn from_row(row: &Row) -> Result<Self, DbError> {
        let stored_word = |column: &'static str| -> Result<Option<String>, DbError> { row.get(column) };
        let invalid = |column: &str| DbError::Corrupt {
            column: column.into(),
            message: "unknown word".into(),
        };
        let room = |column: &'static str| -> Result<Option<RoomType>, DbError> {
            match stored_word(column)? {
                None => Ok(None),
                Some(text) => word(&text).map(Some).ok_or_else(|| invalid(column)),
            }
        };
        let style: String = row.get("style")?;
        let failure = match (
            row.get::<Option<String>>("error_code")?,
            row.get::<Option<String>>("error_message")?,
        ) {
            (Some(code), message) => Some(ImageFailure {
                code,
                message: message.unwrap_or_default(),
            }),
            (None, _) => None,
        };
        let currency: String = row.get("cost_currency")?;
        let status: String = row.get("status")?;
        let options: Option<String> = row.get("options")?;
        let quota: String = row.get("quota_state")?;
        Ok(Self {
            id: row.get("id")?,
            workspace_id: row.get("workspace_id")?,
            project_id: row.get("project_id")?,
            original_id: row.get("original_id")?,
            status: status.parse().map_err(|()| invalid("status"))?,
            progress: row.get("progress")?,
            step: row.get("step")?,
            requested_room_type: room("requested_room_type")?,
            room_type: room("room_type")?,
            style: word(&style).ok_or_else(|| invalid("style"))?,
            engine: row.get("engine")?,
            seed: row.get("seed")?,
            prompt: row.get("prompt")?,
            options: match options {
                None => EngineOptions::new(),
                Some(text) => serde_json::from_str(&text).map_err(|_| invalid("options"))?,
            },
            version: row.get("version")?,
            failure,
            cost: MicroMoney {
                amount_micros: row.get("cost_micros")?,
                currency: word::<Currency>(&currency).ok_or_else(|| invalid("cost_currency"))?,
            },
            processing_time_ms: row.get("processing_time_ms")?,
            confidence: row.get("confidence")?,
            staged_key: row.get("staged_key")?,
            thumb_key: row.get("thumb_key")?,
            before_key: row.get("before_key")?,
            credits: credits_of(row)?,
            same_as: row.get("same_as")?,
            quota_period: row.get("quota_period")?,
            quota_state: quota.parse().map_err(|()| invalid("quota_state"))?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            deleted_at: row.get("deleted_at")?,
            original_key: row.get("original_key")?,
            original_content_type: row.get("original_content_type")?,
            original_filename: row.get("original_filename")?,
            original_width: row.get("original_width")?,
            original_height: row.get("original_height")?,
            is_original_ready: row.get("is_original_ready")?,
        })
    }

    /// Where version `version` of an image's result lies; the same for every attempt, so that a second one
    /// overwrites the first.
    pub fn result_keys(&self, extension: &str) -> ResultKeys {
        result_keys(self.workspace_id, self.id, self.version, extension)
    }
}

/// What is stored of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultKeys {
    pub staged: String,
    pub thumb: String,
    /// Used only when the photo was straightened.
    pub before: String,
}

/// Credits as they are stored with a picture.
pub fn credits_of(row: &Row) -> Result<Vec<Credit>, DbError> {
    let text: Option<String> = row.get("credits")?;
    text.map_or_else(
        || Ok(Vec::new()),
        |text| {
            serde_json::from_str(&text).map_err(|error| DbError::Corrupt {
                column: "credits".into(),
                message: error.to_string(),
            })
        },
    )
}

/// Credits as they are stored; nothing when there are none.
pub fn credits_json(credits: &[Credit]) -> Option<String> {
    (!credits.is_empty()).then(|| serde_json::json!(credits).to_string())
}

/// [`Image::result_keys`] of any version.
pub fn result_keys(workspace_id: WorkspaceId, id: ImageId, version: u32, extension: &str) -> ResultKeys {
    let base = format!("workspaces/{workspace_id}/images/{id}/v{version}");
    ResultKeys {
        staged: format!("{base}.{extension}"),
        thumb: format!("{base}.thumb.jpg"),
        before: format!("{base}.before.{extension}"),
    }
}

/// A checked wish for an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImage {
    pub project_id: ProjectId,
    pub source: Source,
    pub room_type: Option<RoomType>,
    pub style: Style,
    pub engine: String,
    pub seed: Option<u32>,
    pub prompt: Option<String>,
    pub options: EngineOptions,
    pub same_as: Option<ImageId>,
}

/// The photo of a wish: an original, or a completed upload that became one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Original(OriginalId),
    Upload(vitrine_kernel::id::UploadId),
}

impl Source {
    pub const fn field(self) -> &'static str {
        match self {
            Self::Original(_) => "original_id",
            Self::Upload(_) => "upload_id",
        }
    }
}

/// Length of a prompt in characters.
pub const PROMPT_CHARS: std::ops::RangeInclusive<usize> = 10..=2000;

/// Checks a prompt after trimming.
pub fn check_prompt(prompt: &str) -> Result<String, FieldError> {
    let trimmed = prompt.trim();
    if PROMPT_CHARS.contains(&trimmed.chars().count()) {
        Ok(trimmed.to_owned())
    } else {
        Err(FieldError::new(
            "prompt",
            "length",
            "A prompt has 10 to 2000 characters.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_contract_survive_a_round_trip() {
        for room in ["living_room", "bedroom", "kitchen", "outdoor"] {
            assert_eq!(text_of(word::<RoomType>(room).expect("a room type")), room);
        }
        assert_eq!(word::<Style>("baroque"), None);
        assert_eq!(text_of(Currency::Usd), "USD");
    }

    #[test]
    fn only_unfinished_images_can_be_canceled_and_only_failed_ones_retried() {
        use ImageStatus::{Canceled, Error, Processing, Queued, Ready};
        assert_eq!(
            [Queued, Processing, Ready, Error, Canceled].map(ImageStatus::can_cancel),
            [true, true, false, false, false]
        );
        assert_eq!(
            [Queued, Processing, Ready, Error, Canceled].map(ImageStatus::can_retry),
            [false, false, false, true, true]
        );
    }

    #[test]
    fn prompts_are_trimmed_and_counted_in_characters() {
        assert_eq!(check_prompt("  a warm room  "), Ok("a warm room".to_owned()));
        assert!(check_prompt("  short  ").is_err());
        assert!(check_prompt(&"ä".repeat(2000)).is_ok());
        assert!(check_prompt(&"ä".repeat(2001)).is_err());
    }
}
