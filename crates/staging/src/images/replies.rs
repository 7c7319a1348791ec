//! What a client is told about images.

use serde::Serialize;
use vitrine_kernel::Time;
use vitrine_kernel::id::{ImageId, OriginalId, ProjectId};
use vitrine_kernel::money::{Currency, MicroMoney};
use vitrine_platform::Ctx;
use vitrine_scene::furnish::{RoomType, Style};

use super::model::{Image, ImageFailure, ImageStatus};
use crate::furniture::imports::routes::FurnitureCredit;
use crate::originals::routes::OriginalReply;

/// Signed links to the files of an image; null while there is none.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ImageUrls {
    pub original: Option<String>,
    pub staged: Option<String>,
    pub thumb: Option<String>,
    /// The photo turned level, when the staging shows that: compare it with this instead of the original.
    pub before: Option<String>,
}

/// One staging of an original.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ImageReply {
    pub id: ImageId,
    pub project_id: ProjectId,
    pub original_id: OriginalId,
    pub status: ImageStatus,
    /// 0 to 100.
    pub progress: u8,
    /// What the engine is doing.
    pub step: Option<String>,
    /// As asked for, or as the engine decided.
    #[schema(value_type = Option<String>)]
    pub room_type: Option<RoomType>,
    #[schema(value_type = String)]
    pub style: Style,
    pub engine: String,
    pub seed: u32,
    pub prompt: Option<String>,
    pub version: u32,
    pub error: Option<ImageFailure>,
    pub cost: MicroMoney,
    pub processing_time_ms: Option<i64>,
    /// 0 to 1: how sure the engine is of the room it found.
    pub confidence: Option<f64>,
    pub urls: ImageUrls,
    /// Whose work the imported furniture in the staging is. Whoever publishes the picture prints these lines with it.
    pub credits: Vec<FurnitureCredit>,
    /// The image whose furniture stands in this one too.
    pub same_as: Option<ImageId>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Time,
    /// When it was deleted; it can be restored for thirty days.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deleted_at: Option<Time>,
}

fn link(ctx: &Ctx, image: &Image, key: &str, content_type: &str, suffix: &str) -> String {
    let filename = image.original_filename.as_str();
    let stem = filename.rsplit_once('.').map_or(filename, |(stem, _)| stem);
    let extension = key.rsplit_once('.').map_or("jpg", |(_, extension)| extension);
    ctx.files
        .view_url(key, &format!("{stem}{suffix}.{extension}"), content_type)
}

fn picture_type(key: &str) -> &'static str {
    match key.rsplit_once('.') {
        Some((_, "png")) => "image/png",
        Some((_, "webp")) => "image/webp",
        _ => "image/jpeg",
    }
}

/// Links to a staging of an image and to its thumbnail.
pub fn staged_urls(
    ctx: &Ctx,
    image: &Image,
    staged_key: Option<&str>,
    thumb_key: Option<&str>,
) -> (Option<String>, Option<String>) {
    (
        staged_key.map(|key| link(ctx, image, key, picture_type(key), "_staged")),
        thumb_key.map(|key| link(ctx, image, key, "image/jpeg", "_thumb")),
    )
}

impl ImageReply {
    pub fn new(ctx: &Ctx, image: Image) -> Self {
        let (staged, thumb) = staged_urls(
            ctx,
            &image,
            image.staged_key.as_deref(),
            image.thumb_key.as_deref(),
        );
        let urls = ImageUrls {
            // Until it was checked, the uploaded file still holds what its camera wrote into it.
            original: image
                .is_original_ready
                .then(|| link(ctx, &image, &image.original_key, &image.original_content_type, "")),
            staged,
            thumb,
            before: image
                .before_key
                .as_deref()
                .map(|key| link(ctx, &image, key, picture_type(key), "_straightened")),
        };
        Self {
            id: image.id,
            project_id: image.project_id,
            original_id: image.original_id,
            status: image.status,
            progress: image.progress,
            step: image.step,
            room_type: image.room_type,
            style: image.style,
            engine: image.engine,
            seed: image.seed,
            prompt: image.prompt,
            version: image.version,
            error: image.failure,
            cost: image.cost,
            processing_time_ms: image.processing_time_ms,
            confidence: image.confidence,
            urls,
            credits: image.credits.into_iter().map(FurnitureCredit::from).collect(),
            same_as: image.same_as,
            created_at: image.created_at,
            updated_at: image.updated_at,
            deleted_at: image.deleted_at,
        }
    }
}

/// Why one image of a batch was not made.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BatchError {
    /// Position in the request.
    pub index: usize,
    pub code: String,
    pub message: String,
}

/// What became of a batch.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BatchReply {
    pub images: Vec<ImageReply>,
    pub errors: Vec<BatchError>,
    pub success: usize,
    pub failed: usize,
}

/// A photo with its stagings in a project.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ImageGroup {
    pub original: OriginalReply,
    /// Oldest first.
    pub images: Vec<ImageReply>,
}

/// What a project's finished images cost.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CostReply {
    /// Finished images.
    pub images: u64,
    /// Millionths of the currency's major unit.
    pub amount_micros: i64,
    pub currency: Currency,
}
