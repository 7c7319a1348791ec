//! A version of an image, and the change a person makes to its scene.

use serde::{Deserialize, Serialize};
use vitrine_db::{DbError, Row};
use vitrine_kernel::Result as Checked;
use vitrine_kernel::Time;
use vitrine_kernel::id::ImageId;
use vitrine_platform::web::Fields;
use vitrine_scene::document::{
    CameraDocument, CornersDocument, FurnitureDocument, RoomDocument, SceneDocument,
};
use vitrine_scene::furnish::RoomType;
use vitrine_scene::model::import::Credit;
use vitrine_scene::redecorate::Redecoration;

use crate::images::model::{credits_of, word};

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersionStatus {
    /// To be rendered.
    Queued,
    Ready,
    /// Refused, failed, canceled, or overtaken by a later change.
    Failed,
}

impl std::str::FromStr for VersionStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text {
            "queued" => Self::Queued,
            "ready" => Self::Ready,
            "failed" => Self::Failed,
            _ => return Err(()),
        })
    }
}

/// One saved state of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    pub image_id: ImageId,
    pub version: u32,
    pub status: VersionStatus,
    /// `None` for engines that know no scene.
    pub scene: Option<SceneDocument>,
    pub furniture_count: u32,
    pub is_edited: bool,
    pub staged_key: Option<String>,
    pub thumb_key: Option<String>,
    pub room_type: Option<RoomType>,
    pub confidence: Option<f64>,
    pub processing_time_ms: Option<i64>,
    pub created_at: Time,
    pub before_key: Option<String>,
    pub credits: Vec<Credit>,
}

impl Version {
    pub fn from_row(row: &Row) -> Result<Self, DbError> {
        let invalid = |column: &str, message: String| DbError::Corrupt {
            column: column.into(),
            message,
        };
        let status: String = row.get("status")?;
        let scene: Option<String> = row.get("scene")?;
        let room_type: Option<String> = row.get("room_type")?;
        Ok(Self {
            image_id: row.get("image_id")?,
            version: row.get("version")?,
            status: status
                .parse()
                .map_err(|()| invalid("status", "unknown word".into()))?,
            scene: scene
                .map(|text| serde_json::from_str(&text))
                .transpose()
                .map_err(|error| invalid("scene", error.to_string()))?,
            furniture_count: row.get("furniture_count")?,
            is_edited: row.get("is_edited")?,
            staged_key: row.get("staged_key")?,
            thumb_key: row.get("thumb_key")?,
            room_type: match room_type {
                None => None,
                Some(text) => Some(word(&text).ok_or_else(|| invalid("room_type", "unknown word".into()))?),
            },
            confidence: row.get("confidence")?,
            processing_time_ms: row.get("processing_time_ms")?,
            created_at: row.get("created_at")?,
            before_key: row.get("before_key")?,
            credits: credits_of(row)?,
        })
    }
}

/// What a person changes; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SceneChange {
    pub camera: Option<CameraDocument>,
    pub room: Option<RoomDocument>,
    /// The whole list: a piece that is missing here is removed. At most 60.
    #[schema(max_items = 60)]
    pub furniture: Option<Vec<FurnitureDocument>>,
    /// Other walls or another floor; an empty object brings back those of the photo.
    pub redecoration: Option<Redecoration>,
    /// Whether the photo is turned level, as `/scene/straighten` answers it; `camera` and `room` are then those of the
    /// picture that is shown.
    pub straightened: Option<Straightened>,
    /// `index` of the plan that `furniture` began as.
    #[schema(minimum = 0, maximum = 2)]
    pub plan: Option<u32>,
}

/// Whether a photo is shown as it was taken or with its verticals made vertical.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Straightened {
    /// The camera that took the photo; null shows the photo as it was taken. All pixels of a scene are those of the
    /// picture that is shown.
    pub from: Option<CameraDocument>,
}

/// A wish to turn a photo level, or to show it as it was taken.
#[derive(Debug, Clone, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StraightenScene {
    pub straighten: bool,
    /// As the person has them now; absent ones are the scene's.
    pub camera: Option<CameraDocument>,
    pub room: Option<RoomDocument>,
    pub straightened: Option<Straightened>,
}

impl SceneChange {
    pub const fn is_empty(&self) -> bool {
        self.camera.is_none()
            && self.room.is_none()
            && self.furniture.is_none()
            && self.redecoration.is_none()
            && self.straightened.is_none()
    }
}

/// Corners of the wall across the view, to find camera and room from.
#[derive(Debug, Clone, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SolveScene {
    /// Both on the floor are needed; those at the ceiling make the answer surer.
    pub corners_px: CornersDocument,
    /// Height of the camera above the floor, when known.
    pub camera_height_m: Option<f64>,
    /// Floor to ceiling, when known.
    pub ceiling_height_m: Option<f64>,
    /// Of the picture that the corners are seen in; absent means the scene's.
    pub straightened: Option<Straightened>,
}

impl SolveScene {
    pub fn check(&self) -> Checked<()> {
        let mut fields = Fields::new();
        for (name, value, most) in [
            ("camera_height_m", self.camera_height_m, 8.0),
            ("ceiling_height_m", self.ceiling_height_m, 20.0),
        ] {
            fields.check(
                value.is_none_or(|metres| (0.2..=most).contains(&metres)),
                name,
                "out_of_range",
                format!("Must be 0.2 to {most}."),
            );
        }
        fields.finish()
    }
}

/// A change to be looked at before it is made.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewScene {
    pub camera: Option<CameraDocument>,
    pub room: Option<RoomDocument>,
    /// The whole list.
    #[schema(max_items = 60)]
    pub furniture: Option<Vec<FurnitureDocument>>,
    pub redecoration: Option<Redecoration>,
    pub straightened: Option<Straightened>,
    /// Pixels; a photo that is narrower keeps its own width.
    #[schema(minimum = 320, maximum = 1280, default = 960)]
    pub width: Option<u32>,
}

impl PreviewScene {
    /// The change and the width to draw it at.
    pub fn checked(self) -> Checked<(SceneChange, u32)> {
        let width = self.width.unwrap_or(960);
        let mut fields = Fields::new();
        fields.check(
            (320..=super::shelf::MOST_WIDTH).contains(&width),
            "width",
            "out_of_range",
            "Must be 320 to 1280.",
        );
        fields.finish()?;
        let change = SceneChange {
            camera: self.camera,
            room: self.room,
            furniture: self.furniture,
            redecoration: self.redecoration,
            straightened: self.straightened,
            plan: None,
        };
        Ok((change, width))
    }
}
