//! A furnished room as data: what is stored with every version of a picture, sent to an editor and taken back from it.
//!
//! One form for all three. Lengths are metres of the room frame (origin at the camera, X right, Y **down**, Z away; the
//! floor is the plane y = camera height), pixels those of the upright photo, angles degrees. What surprises people: a
//! document carries the room it was planned in, so changing the camera's height alone leaves furniture in the air.

use serde::{Deserialize, Serialize};

mod pieces;

pub use pieces::PieceStore;

use crate::Staged;
use crate::camera::{Camera, CameraSource};
use crate::furnish::{Assets, Kind, Placement, PlacementSpec, RoomType, SpecError, Style, Support};
use crate::geometry::{DMat3, DVec2};
use crate::model::palettes;
use crate::redecorate::Redecoration;
use crate::room::{Corners, Obstacle, Opening, OpeningKind, Room, ScaleSource, Surface};

/// Camera, room and furniture of one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SceneDocument {
    pub camera: CameraDocument,
    pub room: RoomDocument,
    /// `None` while nothing was planned and nothing was asked for.
    pub room_type: Option<RoomType>,
    pub style: Style,
    /// Name of the palette that was chosen; `None` before planning.
    pub palette: Option<String>,
    pub seed: u32,
    /// Which of the plans for this room it began as, from 0.
    pub plan: u32,
    pub furniture: Vec<FurnitureDocument>,
    /// Other walls or another floor than the photo shows.
    #[serde(default, skip_serializing_if = "Redecoration::is_empty")]
    pub redecoration: Redecoration,
}

/// The pinhole camera of a photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SceneCamera))]
#[serde(deny_unknown_fields)]
pub struct CameraDocument {
    /// Focal length in pixels.
    pub focal_px: f64,
    /// Principal point in pixels.
    pub center_px: [f64; 2],
    /// Turns room directions into camera directions; nine numbers, row by row.
    pub rotation: [f64; 9],
    /// Where the focal length comes from: `exif`, `lines`, `prior` or `user`.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "lines"))]
    pub source: CameraSource,
    /// Relative standard deviation of the focal length.
    pub focal_sigma: f64,
}

/// The room as a box around the camera.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SceneRoom))]
#[serde(deny_unknown_fields)]
pub struct RoomDocument {
    /// Height of the camera above the floor.
    pub camera_height_m: f64,
    /// Floor to ceiling.
    pub ceiling_height_m: f64,
    pub ceiling_seen: bool,
    /// x of the left wall, negative; null when it is not in the picture.
    pub left_m: Option<f64>,
    /// x of the right wall; null when it is not in the picture.
    pub right_m: Option<f64>,
    /// z of the wall across the view; null when it is not in the picture.
    pub back_m: Option<f64>,
    /// What the metres rest on most: `ceiling`, `door`, `prior` or `user`.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "ceiling"))]
    pub scale_source: ScaleSource,
    /// Relative standard deviation of the scale.
    pub scale_sigma: f64,
    /// The visible floor.
    pub floor_polygon_px: Vec<[f64; 2]>,
    pub openings: Vec<OpeningDocument>,
    /// Real things in front of floor and walls, the nearest to the camera first.
    #[serde(default)]
    pub obstacles: Vec<ObstacleDocument>,
    /// 0 to 1: how sure the engine is that this box is right.
    pub confidence: f32,
}

/// A rectangle on a wall that furniture keeps clear of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SceneOpening))]
#[serde(deny_unknown_fields)]
pub struct OpeningDocument {
    /// `back`, `left` or `right`.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "back"))]
    pub wall: Surface,
    /// `window`, `door`, `fireplace`, `radiator`, `built_in` or `unknown`.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "window"))]
    pub kind: OpeningKind,
    /// From and to along the wall: x on the back wall, z on the others.
    pub u_m: [f64; 2],
    /// Lower and upper edge above the floor.
    pub heights_m: [f64; 2],
}

/// A real thing that furniture neither hides nor stands in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SceneObstacle))]
#[serde(deny_unknown_fields)]
pub struct ObstacleDocument {
    /// Its outline in the photo.
    pub polygon_px: Vec<[f64; 2]>,
    /// The floor it stands on from above, x and z; null for what stands between camera and room.
    #[serde(default)]
    pub footprint_m: Option<Vec<[f64; 2]>>,
}

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
}

const fn yes() -> bool {
    true
}

/// The corners of the wall across the view, in pixels; they may lie outside the picture. Those at the ceiling are null
/// where it is not in view.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SceneCorners))]
#[serde(deny_unknown_fields)]
pub struct CornersDocument {
    pub back_left_floor: Option<[f64; 2]>,
    pub back_right_floor: Option<[f64; 2]>,
    #[serde(default)]
    pub back_left_ceiling: Option<[f64; 2]>,
    #[serde(default)]
    pub back_right_ceiling: Option<[f64; 2]>,
}

/// A number with so many digits after the point that nothing visible is lost and text keeps every bit of it.
fn tidy(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}

fn tidy_point(point: DVec2) -> [f64; 2] {
    [tidy(point.x, 3), tidy(point.y, 3)]
}

impl CameraDocument {
    pub fn of(camera: &Camera) -> Self {
        let rows = camera.rotation.transpose().to_cols_array();
        Self {
            focal_px: tidy(camera.focal, 6),
            center_px: [tidy(camera.center.x, 6), tidy(camera.center.y, 6)],
            rotation: rows.map(|value| tidy(value, 12)),
            source: camera.source,
            focal_sigma: tidy(camera.focal_sigma, 6),
        }
    }

    /// The camera for a photo of this size.
    pub fn camera(&self, width: u32, height: u32) -> Camera {
        Camera {
            width,
            height,
            focal: self.focal_px,
            center: DVec2::from_array(self.center_px),
            rotation: DMat3::from_cols_array(&self.rotation).transpose(),
            source: self.source,
            focal_sigma: self.focal_sigma,
        }
    }
}

impl RoomDocument {
    pub fn of(room: &Room) -> Self {
        Self {
            camera_height_m: tidy(room.camera_height, 6),
            ceiling_height_m: tidy(room.ceiling_height, 6),
            ceiling_seen: room.ceiling_seen,
            left_m: room.left.map(|x| tidy(x, 6)),
            right_m: room.right.map(|x| tidy(x, 6)),
            back_m: room.back.map(|z| tidy(z, 6)),
            scale_source: room.scale_source,
            scale_sigma: tidy(room.scale_sigma, 6),
            floor_polygon_px: room.floor_polygon.iter().copied().map(tidy_point).collect(),
            openings: room.openings.iter().map(OpeningDocument::of).collect(),
            obstacles: room.obstacles.iter().map(ObstacleDocument::of).collect(),
            confidence: room.confidence,
        }
    }

    pub fn room(&self) -> Room {
        Room {
            camera_height: self.camera_height_m,
            ceiling_height: self.ceiling_height_m,
            ceiling_seen: self.ceiling_seen,
            left: self.left_m,
            right: self.right_m,
            back: self.back_m,
            openings: self.openings.iter().map(OpeningDocument::opening).collect(),
            obstacles: self.obstacles.iter().map(ObstacleDocument::obstacle).collect(),
            scale_source: self.scale_source,
            scale_sigma: self.scale_sigma,
            floor_polygon: self
                .floor_polygon_px
                .iter()
                .copied()
                .map(DVec2::from_array)
                .collect(),
            confidence: self.confidence,
        }
    }
}

impl OpeningDocument {
    fn of(opening: &Opening) -> Self {
        Self {
            wall: opening.wall,
            kind: opening.kind,
            u_m: [tidy(opening.u.0, 6), tidy(opening.u.1, 6)],
            heights_m: [tidy(opening.heights.0, 6), tidy(opening.heights.1, 6)],
        }
    }

    fn opening(&self) -> Opening {
        Opening {
            wall: self.wall,
            kind: self.kind,
            u: (self.u_m[0], self.u_m[1]),
            heights: (self.heights_m[0], self.heights_m[1]),
        }
    }
}

impl ObstacleDocument {
    fn of(obstacle: &Obstacle) -> Self {
        let floor = |outline: &Vec<DVec2>| outline.iter().map(|p| [tidy(p.x, 6), tidy(p.y, 6)]).collect();
        Self {
            polygon_px: obstacle.polygon_px.iter().copied().map(tidy_point).collect(),
            footprint_m: obstacle.footprint.as_ref().map(floor),
        }
    }

    fn obstacle(&self) -> Obstacle {
        let points = |outline: &Vec<[f64; 2]>| outline.iter().copied().map(DVec2::from_array).collect();
        Obstacle {
            polygon_px: points(&self.polygon_px),
            footprint: self.footprint_m.as_ref().map(points),
        }
    }
}

impl CornersDocument {
    /// Where the box meets its back wall, as the camera sees it.
    pub fn of(camera: &Camera, room: &Room) -> Self {
        let corners = room.corners(camera);
        Self {
            back_left_floor: Some(tidy_point(corners.back_left_floor)),
            back_right_floor: Some(tidy_point(corners.back_right_floor)),
            back_left_ceiling: corners.back_left_ceiling.map(tidy_point),
            back_right_ceiling: corners.back_right_ceiling.map(tidy_point),
        }
    }

    /// The corners, when both on the floor are there.
    pub fn corners(&self) -> Option<Corners> {
        Some(Corners {
            back_left_floor: DVec2::from_array(self.back_left_floor?),
            back_right_floor: DVec2::from_array(self.back_right_floor?),
            back_left_ceiling: self.back_left_ceiling.map(DVec2::from_array),
            back_right_ceiling: self.back_right_ceiling.map(DVec2::from_array),
        })
    }
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
        })
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

/// What is asked of a photo whose furniture is not chosen yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    pub room_type: Option<RoomType>,
    pub style: Style,
    pub seed: u32,
}

impl SceneDocument {
    /// A room as the engine sees it, without furniture.
    pub fn empty(camera: &Camera, room: &Room, wish: Wish) -> Self {
        Self {
            camera: CameraDocument::of(camera),
            room: RoomDocument::of(room),
            room_type: wish.room_type,
            style: wish.style,
            palette: None,
            seed: wish.seed,
            plan: 0,
            furniture: Vec::new(),
            redecoration: Redecoration::default(),
        }
    }

    /// The room to begin with when the photo shows none: an everyday one, looked at straight ahead.
    pub fn assumed(width: u32, height: u32, wish: Wish) -> Self {
        let (wide, high) = (f64::from(width), f64::from(height));
        let camera = Camera {
            width,
            height,
            focal: 0.7 * wide.max(high),
            center: DVec2::new(wide, high) / 2.0,
            rotation: DMat3::IDENTITY,
            source: CameraSource::Prior,
            focal_sigma: 0.3,
        };
        let mut room = Room {
            camera_height: 1.3,
            ceiling_height: 2.5,
            ceiling_seen: true,
            left: Some(-1.8),
            right: Some(1.8),
            back: Some(4.0),
            openings: Vec::new(),
            obstacles: Vec::new(),
            scale_source: ScaleSource::Prior,
            scale_sigma: 0.35,
            floor_polygon: Vec::new(),
            confidence: 0.0,
        };
        room.floor_polygon = room.floor_in(&camera);
        Self::empty(&camera, &room, wish)
    }

    /// The same furniture in a room that was read anew.
    #[must_use]
    pub fn with_room(self, camera: &Camera, room: &Room) -> Self {
        Self {
            camera: CameraDocument::of(camera),
            room: RoomDocument::of(room),
            ..self
        }
    }

    /// A staged photo.
    pub fn staged(staged: &Staged, wish: Wish) -> Self {
        let Staged { analysis, .. } = staged;
        Self {
            room_type: Some(staged.room_type),
            palette: Some(staged.palette.to_owned()),
            furniture: furniture_of(&staged.placements),
            ..Self::empty(&analysis.camera, &analysis.room, wish)
        }
    }

    /// Builds every piece again, in order. A piece without a palette of its own takes the document's, and one whose style
    /// has no palette of that name the style's first.
    ///
    /// Imported pieces are asked of `assets`.
    pub fn placements(&self, assets: &Assets<'_>) -> Result<Vec<Placement>, SpecError> {
        PieceStore::default().placements(self, assets)
    }

    /// Name of the palette a piece is built in.
    pub fn palette_for(&self, piece: &FurnitureDocument) -> &'static str {
        let known = palettes(piece.style);
        let wanted = piece.palette.as_deref().or(self.palette.as_deref());
        known
            .iter()
            .find(|palette| Some(palette.name) == wanted)
            .unwrap_or(&known[0])
            .name
    }
}

/// Placed pieces as data; pieces that are not from the catalogue are left out.
pub fn furniture_of(placements: &[Placement]) -> Vec<FurnitureDocument> {
    placements.iter().filter_map(FurnitureDocument::of).collect()
}
