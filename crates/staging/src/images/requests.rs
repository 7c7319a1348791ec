//! What a client may wish for, and which wishes make sense.

use serde::Deserialize;
use vitrine_kernel::id::{ImageId, OriginalId, ProjectId, UploadId};
use vitrine_platform::web::Fields;
use vitrine_scene::furnish::{RoomType, Style};

use super::model::{NewImage, Source, check_prompt};
use crate::engines::Engines;

/// A wish for a staging.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateImage {
    pub project_id: ProjectId,
    /// The photo; or `upload_id` of a completed upload.
    pub original_id: Option<OriginalId>,
    pub upload_id: Option<UploadId>,
    /// What the room is to become; null lets the engine choose.
    #[schema(value_type = Option<String>, example = "living_room")]
    pub room_type: Option<RoomType>,
    /// `modern` when absent.
    #[schema(value_type = Option<String>, example = "scandinavian")]
    pub style: Option<Style>,
    /// `builtin` when absent.
    pub engine: Option<String>,
    /// The same photo, wish and seed give the same picture; random when absent.
    #[schema(minimum = 1)]
    pub seed: Option<u32>,
    /// Wishes in words, 10 to 2000 characters, for engines that read them.
    #[schema(min_length = 10, max_length = 2000)]
    pub prompt: Option<String>,
    /// Settings of the engine; see its `parameters` in `/staging/options`.
    #[schema(value_type = Option<BTreeMap<String, serde_json::Value>>)]
    pub options: Option<serde_json::Map<String, serde_json::Value>>,
    /// An image of another photo of the same room: its furniture stands in this one too, in its style, once it is there.
    pub same_as: Option<ImageId>,
}

/// Up to fifty wishes.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateImages {
    #[schema(min_items = 1, max_items = 50)]
    pub images: Vec<CreateImage>,
}

/// Checks one wish; complaints go to `fields` under `prefix`.
pub fn checked(new: CreateImage, engines: &Engines, prefix: &str, fields: &mut Fields) -> Option<NewImage> {
    let at = |name: &str| format!("{prefix}{name}");
    let source = match (new.original_id, new.upload_id) {
        (Some(original), None) => Some(Source::Original(original)),
        (None, Some(upload)) => Some(Source::Upload(upload)),
        (None, None) => {
            fields.add(
                at("original_id"),
                "required",
                "Name a photo by original_id or upload_id.",
            );
            None
        }
        (Some(_), Some(_)) => {
            fields.add(
                at("upload_id"),
                "conflicting",
                "Name a photo by original_id or upload_id, not both.",
            );
            None
        }
    };
    let engine = new.engine.unwrap_or_else(|| Engines::DEFAULT.to_owned());
    match engines.info(&engine) {
        None => fields.add(
            at("engine"),
            "unknown_value",
            "There is no such engine; see /staging/options.",
        ),
        Some(info) => {
            fields.check(
                info.available,
                at("engine"),
                "unavailable",
                "This engine is not available at the moment.",
            );
            let can = new.room_type.is_none_or(|room| info.room_types.contains(&room));
            fields.check(
                can,
                at("room_type"),
                "unsupported",
                "This engine cannot furnish this room type; see /staging/options.",
            );
        }
    }
    let options = new.options.unwrap_or_default();
    if let Some(known) = engines.find(&engine) {
        for complaint in known.complaints(&options) {
            fields.add(
                at(&format!("options.{}", complaint.name)),
                complaint.code,
                complaint.message,
            );
        }
    }
    fields.check(
        new.seed != Some(0),
        at("seed"),
        "out_of_range",
        "A seed is 1 to 4294967295.",
    );
    let prompt = match new.prompt.as_deref().map(check_prompt).transpose() {
        Ok(prompt) => prompt,
        Err(complaint) => {
            fields.add(at("prompt"), "length", complaint.message);
            None
        }
    };
    Some(NewImage {
        project_id: new.project_id,
        source: source?,
        room_type: new.room_type,
        style: new.style.unwrap_or(Style::Modern),
        engine,
        seed: new.seed,
        prompt,
        options,
        same_as: new.same_as,
    })
}
