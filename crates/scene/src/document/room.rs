//! Camera and room of a document: the numbers a photo was read as.

use serde::{Deserialize, Serialize};

use crate::camera::{Camera, CameraSource};
use crate::geometry::{DMat3, DVec2};
use crate::room::{Corners, Obstacle, Opening, OpeningKind, Room, ScaleSource, Surface};

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
    /// How much the lens bows lines, per squared long side of the picture; 0, or missing, for an ideal lens.
    #[serde(default)]
    pub distortion: f64,
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
pub(super) fn tidy(value: f64, digits: i32) -> f64 {
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
            distortion: tidy(camera.distortion, 9),
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
            distortion: self.distortion,
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
