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

use crate::Staged;
use crate::camera::{Camera, CameraSource};
use crate::furnish::{Assets, Placement, RoomType, SpecError, Style};
use crate::geometry::{DMat3, DVec2};
use crate::model::palettes;
use crate::redecorate::Redecoration;
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
