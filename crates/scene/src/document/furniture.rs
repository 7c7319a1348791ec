//! One piece of a document: what it is, where it stands, what it is built from.

use serde::{Deserialize, Serialize};

use super::room::tidy;
use crate::furnish::{Chosen, Kind, Placement, PlacementSpec, Print, Style, Support};
use crate::room::Surface;

/// What carries a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SceneSupport))]
#[serde(rename_all = "snake_case")]
pub enum SupportDocument {
    #[default]
    Floor,
    /// Hangs on a wall.
    Wall,
    /// Hangs from the ceiling.
    Ceiling,
    /// Stands on another piece.
    Item,
}

/// A piece of furniture at its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SceneFurniture))]
#[serde(deny_unknown_fields)]
pub struct FurnitureDocument {
    /// Names the piece within its scene; of the client's choosing for a new one.
    #[cfg_attr(
        feature = "schema",
        schema(min_length = 1, max_length = 64, example = "sofa-1")
    )]
    pub id: String,
    /// A kind of the catalogue.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "sofa"))]
    pub kind: Kind,
    /// Which form of the kind, as in the catalogue.
    pub option: u8,
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "modern"))]
    pub style: Style,
    /// Name of a palette of the style; null takes the scene's.
    #[serde(default)]
    pub palette: Option<String>,
    /// What a person reads. Made by the server; what a client sends is not kept.
    #[serde(default)]
    pub name: String,
    /// Centre of its base.
    pub position_m: [f64; 3],
    /// 0 turns its front towards the camera; the front faces (sin, 0, −cos).
    pub yaw_deg: f64,
    /// Width, height, depth.
    pub size_m: [f32; 3],
    #[serde(default)]
    pub support: SupportDocument,
    /// Id of the piece it stands on, or the wall it hangs on, when known.
    #[serde(default)]
    pub support_id: Option<String>,
    /// Replaces its main colour.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(pattern = "^#[0-9a-f]{6}$", example = "#8fa68e"))]
    pub color: Option<String>,
    /// Seed of its folds, leaves and grain.
    #[serde(default)]
    pub seed: u32,
    /// Whether it can be dragged; curtains belong to their window.
    #[serde(default = "yes")]
    pub movable: bool,
    /// Id of the imported piece it is, from the catalogue; then `option` means nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(max_length = 64))]
    pub asset: Option<String>,
    /// A picture of one's own instead of the catalogue's art; then `option` means nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub print: Option<Print>,
}

const fn yes() -> bool {
    true
}

/// `#rrggbb` of an sRGB colour `0xRRGGBB`.
pub fn color_text(color: u32) -> String {
    format!("#{:06x}", color & 0xff_ffff)
}

/// `0xRRGGBB` of `#rrggbb`, either letter case.
pub fn color_value(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, 16).ok())?
}

impl FurnitureDocument {
    /// A placed piece of the catalogue; `None` for a piece made by other means.
    pub fn of(placement: &Placement) -> Option<Self> {
        let spec = placement.spec()?;
        let (support, support_id) = match spec.support {
            Support::Floor => (SupportDocument::Floor, None),
            Support::Wall { wall } => (SupportDocument::Wall, wall_word(wall)),
            Support::Ceiling => (SupportDocument::Ceiling, None),
            Support::Item { id } => (SupportDocument::Item, Some(id)),
        };
        Some(Self {
            id: spec.id,
            kind: spec.kind,
            option: spec.option,
            style: spec.style,
            palette: Some(spec.palette),
            name: placement.piece.name.clone(),
            position_m: spec.position_m.map(|value| tidy(value, 6)),
            yaw_deg: tidy(spec.yaw_deg, 6),
            size_m: spec.size_m,
            support,
            support_id,
            color: spec.tint.map(color_text),
            seed: spec.seed,
            movable: spec.kind != Kind::Curtain,
            asset: spec.asset,
            print: spec.print,
        })
    }

    /// What it is, without its place.
    pub fn chosen(&self) -> Chosen {
        Chosen {
            kind: self.kind,
            option: self.option,
            size_m: self.size_m,
            seed: self.seed,
            tint: self.color.as_deref().and_then(color_value),
            asset: self.asset.clone(),
        }
    }

    /// What the engine builds it from, in a palette of its style.
    pub fn spec(&self, palette: &str) -> PlacementSpec {
        let support = match self.support {
            SupportDocument::Floor => Support::Floor,
            SupportDocument::Ceiling => Support::Ceiling,
            SupportDocument::Wall => Support::Wall {
                wall: self
                    .support_id
                    .as_deref()
                    .and_then(wall_of)
                    .unwrap_or(Surface::Back),
            },
            SupportDocument::Item => match &self.support_id {
                Some(id) => Support::Item { id: id.clone() },
                None => Support::Floor,
            },
        };
        PlacementSpec {
            id: self.id.clone(),
            kind: self.kind,
            option: self.option,
            style: self.style,
            palette: palette.to_owned(),
            seed: self.seed,
            tint: self.color.as_deref().and_then(color_value),
            position_m: self.position_m,
            yaw_deg: self.yaw_deg,
            size_m: self.size_m,
            support,
            asset: self.asset.clone(),
            print: self.print.clone(),
        }
    }
}

fn wall_word(wall: Surface) -> Option<String> {
    match serde_json::to_value(wall) {
        Ok(serde_json::Value::String(word)) => Some(word),
        _ => None,
    }
}

fn wall_of(word: &str) -> Option<Surface> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// Placed pieces as data; pieces that are not from the catalogue are left out.
pub fn furniture_of(placements: &[Placement]) -> Vec<FurnitureDocument> {
    placements.iter().filter_map(FurnitureDocument::of).collect()
}
