//! What a client is told about scenes and versions.

use serde::Serialize;
use vitrine_kernel::Time;
use vitrine_kernel::id::ImageId;
use vitrine_platform::Ctx;
use vitrine_scene::document::{CameraDocument, CornersDocument, FurnitureDocument, RoomDocument};
use vitrine_scene::furnish::{RoomType, Style};
use vitrine_scene::redecorate::Redecoration;

use super::model::{Straightened, Version, VersionStatus};
use super::service::Scene;
use crate::images::replies::staged_urls;
use crate::images::{Image, ImageStatus};

/// Camera, room and furniture of a staging.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Scene)]
pub struct SceneReply {
    pub image_id: ImageId,
    pub version: u32,
    /// Of the image; while it is not `ready`, its picture shows an earlier version or none.
    pub status: ImageStatus,
    /// Of the upright photo, in pixels.
    pub width: u32,
    pub height: u32,
    pub camera: CameraDocument,
    pub room: RoomDocument,
    #[schema(value_type = Option<String>)]
    pub room_type: Option<RoomType>,
    #[schema(value_type = String)]
    pub style: Style,
    /// Name of the palette new pieces take.
    pub palette: Option<String>,
    pub seed: u32,
    pub furniture: Vec<FurnitureDocument>,
    /// Other walls or another floor than the photo shows.
    pub redecoration: Redecoration,
    pub straightened: Straightened,
    /// Which of the plans for this room its furniture began as, from 0.
    pub plan: u32,
    pub corners_px: CornersDocument,
}

impl SceneReply {
    pub fn new(Scene { image, document }: Scene) -> Self {
        let (width, height) = (image.original_width, image.original_height);
        let corners_px = CornersDocument::of(&document.camera.camera(width, height), &document.room.room());
        Self {
            image_id: image.id,
            version: image.version,
            status: image.status,
            width,
            height,
            camera: document.camera,
            room: document.room,
            room_type: document.room_type,
            style: document.style,
            palette: document.palette,
            seed: document.seed,
            redecoration: document.redecoration,
            straightened: Straightened {
                from: document.straightened_from,
            },
            plan: document.plan,
            furniture: document.furniture,
            corners_px,
        }
    }
}

/// Camera and room that belong to corners.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SolvedScene {
    pub camera: CameraDocument,
    pub room: RoomDocument,
    /// Where the corners of that room are; near those sent, not always the same.
    pub corners_px: CornersDocument,
}

/// Camera and room of a picture that is, or is not, turned level; all three are sent in a change.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StraightenedScene {
    pub camera: CameraDocument,
    pub room: RoomDocument,
    pub straightened: Straightened,
    pub corners_px: CornersDocument,
}

/// One way to furnish a room.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ScenePlan {
    pub index: usize,
    /// Higher is better, among the plans of one room.
    pub score: f32,
    pub palette: &'static str,
    /// To be sent as the `furniture` of a change.
    pub furniture: Vec<FurnitureDocument>,
}

/// Ways to furnish a room.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ScenePlanList {
    /// Best first.
    pub items: Vec<ScenePlan>,
}

/// Signed links to the files of a version; null while it is rendered.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct VersionUrls {
    pub staged: Option<String>,
    pub thumb: Option<String>,
}

/// One saved state of an image.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ImageVersion)]
pub struct VersionReply {
    pub version: u32,
    pub status: VersionStatus,
    /// The image is at this version.
    pub current: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    pub urls: VersionUrls,
    pub furniture_count: u32,
    /// Null while it is rendered.
    pub processing_time_ms: Option<i64>,
}

impl VersionReply {
    pub fn new(ctx: &Ctx, image: &Image, version: Version) -> Self {
        // The files of a version that is queued again are those of an attempt, not of a result.
        let is_ready = version.status == VersionStatus::Ready;
        let (staged, thumb) = staged_urls(
            ctx,
            image,
            version.staged_key.as_deref().filter(|_| is_ready),
            version.thumb_key.as_deref().filter(|_| is_ready),
        );
        Self {
            version: version.version,
            status: version.status,
            current: version.version == image.version,
            created_at: version.created_at,
            urls: VersionUrls { staged, thumb },
            furniture_count: version.furniture_count,
            processing_time_ms: version.processing_time_ms,
        }
    }
}

/// All versions of an image.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct VersionList {
    /// Newest first.
    pub items: Vec<VersionReply>,
}
