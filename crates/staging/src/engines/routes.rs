//! `GET /staging/options`: what can be asked for.

use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_platform::web::{ApiResult, Json};
use vitrine_platform::{Actor, Ctx};
use vitrine_scene::furnish::{RoomType, Style};

use super::{EngineInfo, Engines};
use crate::images::model::text_of;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(get_staging_options))
}

/// A room type that some engine can furnish.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RoomOption {
    #[schema(value_type = String, example = "living_room")]
    pub id: RoomType,
    pub label: &'static str,
}

/// A style.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StyleOption {
    #[schema(value_type = String, example = "scandinavian")]
    pub id: Style,
    pub label: &'static str,
    pub description: &'static str,
    /// A room in this style.
    pub thumb_url: Option<String>,
}

/// What is used when nothing is said.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OptionDefaults {
    pub engine: &'static str,
    #[schema(value_type = String)]
    pub style: Style,
    /// Null: the engine decides.
    #[schema(value_type = Option<String>)]
    pub room_type: Option<RoomType>,
}

/// Which photos are taken.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct UploadOption {
    /// Largest size in bytes.
    pub max_bytes: u64,
    pub content_types: Vec<&'static str>,
}

/// What can be asked for.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StagingOptions {
    pub room_types: Vec<RoomOption>,
    pub styles: Vec<StyleOption>,
    pub engines: Vec<EngineInfo>,
    pub uploads: UploadOption,
    pub defaults: OptionDefaults,
}

const fn room_label(room: RoomType) -> &'static str {
    match room {
        RoomType::LivingRoom => "Living room",
        RoomType::Bedroom => "Bedroom",
        RoomType::Kitchen => "Kitchen",
        RoomType::Bathroom => "Bathroom",
        RoomType::DiningRoom => "Dining room",
        RoomType::Office => "Home office",
        RoomType::Entryway => "Entryway",
        RoomType::Outdoor => "Outdoor",
    }
}

const STYLES: [(Style, &str, &str); 5] = [
    (
        Style::Modern,
        "Modern",
        "Clean lines, low silhouettes, walnut and black accents",
    ),
    (
        Style::Contemporary,
        "Contemporary",
        "Soft curves, warm neutrals, bouclé and brass",
    ),
    (
        Style::Traditional,
        "Traditional",
        "Rolled arms, turned legs, dark wood and deep colours",
    ),
    (Style::Industrial, "Industrial", "Raw wood, black steel, leather"),
    (
        Style::Scandinavian,
        "Scandinavian",
        "Pale oak, wool and linen, light and airy",
    ),
];

/// Room types, styles and engines of this instance
#[utoipa::path(get, path = "/staging/options", tag = "staging", responses((status = 200, body = StagingOptions)))]
async fn get_staging_options(State(ctx): State<Ctx>, _actor: Actor) -> ApiResult<Json<StagingOptions>> {
    let engines = Engines::for_new_images(&ctx).await?.infos();
    let mut rooms: Vec<RoomType> = Vec::new();
    for room in engines
        .iter()
        .filter(|engine| engine.available)
        .flat_map(|engine| &engine.room_types)
    {
        if !rooms.contains(room) {
            rooms.push(*room);
        }
    }
    let styles = STYLES
        .map(|(id, label, description)| StyleOption {
            id,
            label,
            description,
            // Drawn by the built-in engine, and part of the page; see `make style-thumbs`.
            thumb_url: Some(format!("/styles/{}.jpg", text_of(id))),
        })
        .to_vec();
    Ok(Json(StagingOptions {
        room_types: rooms
            .into_iter()
            .map(|id| RoomOption {
                id,
                label: room_label(id),
            })
            .collect(),
        styles,
        engines,
        uploads: UploadOption {
            max_bytes: ctx.settings.upload_max_bytes,
            content_types: vec!["image/jpeg", "image/png", "image/webp"],
        },
        defaults: OptionDefaults {
            engine: Engines::DEFAULT,
            style: Style::Modern,
            room_type: None,
        },
    }))
}
