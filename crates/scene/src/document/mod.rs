//! A furnished room as data: what is stored with every version of a picture, sent to an editor and taken back from it.
//!
//! One form for all three. Lengths are metres of the room frame (origin at the camera, X right, Y **down**, Z away; the
//! floor is the plane y = camera height), pixels those of the upright photo, angles degrees. What surprises people: a
//! document carries the room it was planned in, so changing the camera's height alone leaves furniture in the air.

use serde::{Deserialize, Serialize};

mod furniture;
mod pieces;
mod room;

pub use furniture::{FurnitureDocument, SupportDocument, color_text, color_value, furniture_of};
pub use pieces::PieceStore;
pub use room::{CameraDocument, CornersDocument, ObstacleDocument, OpeningDocument, RoomDocument};

use crate::camera::{Camera, CameraSource};
use crate::furnish::{Assets, Chosen, Furniture, Placement, RoomType, SpecError, Style};
use crate::geometry::{DMat3, DVec2};
use crate::model::palettes;
use crate::redecorate::Redecoration;
use crate::redecorate::straighten::Level;
use crate::room::{Room, ScaleSource};

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
    /// The camera that took the photo, when its verticals were made vertical: then the picture is the photo turned level
    /// from there, and all pixels of this document are those of the level picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub straightened_from: Option<CameraDocument>,
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
            straightened_from: None,
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
            distortion: 0.0,
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

    /// How a photo of this size is turned level for this document; `None` when it is shown as it was taken.
    pub fn level(&self, width: u32, height: u32) -> Option<Level> {
        Level::of(&self.straightened_from.as_ref()?.camera(width, height))
    }

    /// The same scene in the photo with its verticals made vertical; `None` when it has nothing to straighten.
    pub fn straightened(self, width: u32, height: u32) -> Option<Self> {
        if self.straightened_from.is_some() {
            return None;
        }
        let from = self.camera.clone();
        self.seen_from(Some(from), width, height)
    }

    /// The same scene in the photo turned level from a camera, or as it was taken; `None` when from this camera there is
    /// nothing to straighten, or too much.
    pub fn seen_from(self, from: Option<CameraDocument>, width: u32, height: u32) -> Option<Self> {
        let taken = self.as_taken(width, height);
        let Some(from) = from else {
            return Some(taken);
        };
        let level = Level::of(&from.camera(width, height))?;
        let (camera, room) = level.scene_to_level(taken.room.room());
        Some(Self {
            straightened_from: Some(from),
            ..taken.with_room(&camera, &room)
        })
    }

    /// The same scene in the photo as it was taken.
    #[must_use]
    pub fn as_taken(self, width: u32, height: u32) -> Self {
        let Some(level) = self.level(width, height) else {
            // Nothing in it was ever turned.
            return Self {
                straightened_from: None,
                ..self
            };
        };
        let camera = self.camera.camera(width, height);
        let (camera, room) = level.scene_to_photo(&camera, self.room.room());
        Self {
            straightened_from: None,
            ..self.with_room(&camera, &room)
        }
    }

    /// The furniture as a list for another photo of the same room, imported pieces too; `None` when nothing in it is of the
    /// scene's own style.
    pub fn furniture_list(&self) -> Option<Furniture> {
        let pieces: Vec<Chosen> = self
            .furniture
            .iter()
            .filter(|piece| (piece.style == self.style || piece.asset.is_some()) && piece.print.is_none())
            .map(FurnitureDocument::chosen)
            .collect();
        let known = palettes(self.style);
        let palette = known
            .iter()
            .find(|palette| Some(palette.name) == self.palette.as_deref());
        (!pieces.is_empty()).then(|| Furniture {
            room_type: self.room_type.unwrap_or(RoomType::LivingRoom),
            style: self.style,
            palette: palette.unwrap_or(&known[0]).name.to_owned(),
            pieces,
        })
    }

    /// Builds every piece again, in order. A piece without a palette of its own takes the document's, and one whose style
    /// has no palette of that name the style's first.
    ///
    /// What the catalogue does not have is asked of `assets`.
    pub fn placements(&self, assets: &dyn Assets) -> Result<Vec<Placement>, SpecError> {
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
