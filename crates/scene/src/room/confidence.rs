//! How sure the engine is of a room, and when it says no instead.
//!
//! The confidence is a logistic function of what the search measured. It answers one question: would a person
//! draw nearly the same floor (more than four fifths in common)? The weights were set by hand on photographs with
//! known floors; each one's sign is what reason demands.

use super::layout::Layout;
use crate::StageError;

/// Fewer lines than this are no room.
const FEWEST_SEGMENTS: usize = 25;
/// Least share of the lines that follow three directions at right angles.
const LEAST_INLIERS: f64 = 0.40;
/// Least share of upright lines: every room has corners and frames.
const LEAST_UPRIGHT: f64 = 0.01;
/// Least share of the picture that is floor.
const LEAST_FLOOR: f64 = 0.06;
/// Below this the box is no better than a guess.
const ROOM_FROM: f32 = 0.2;
/// From here on a photo is staged without asking.
pub const STAGE_FROM: f32 = 0.45;

/// What the confidence is made of, each about 0..=1.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    /// Share of the visible floor lines that segments support.
    pub floor_lines: f64,
    /// Change of colour across them.
    pub floor_contrast: f64,
    /// Visible length of floor lines, in long sides, at most 1.
    pub floor_length: f64,
    /// Share of the ceiling's edges that segments support; 0 when none are in view.
    pub ceiling_lines: f64,
    pub inlier_share: f64,
    /// Lead over the best room with another floor, at most 0.4.
    pub margin: f64,
    /// Explained difference of colour between floor and walls.
    pub separation: f64,
}

impl Signs {
    pub fn of(layout: &Layout) -> Self {
        let lines = layout.floor_lines;
        Self {
            floor_lines: lines.share(),
            floor_contrast: if lines.length > 1e-6 {
                lines.contrast / lines.length
            } else {
                0.0
            },
            floor_length: lines.length.min(1.0),
            ceiling_lines: if layout.ceiling.support.length > 0.1 {
                layout.ceiling.support.share()
            } else {
                0.0
            },
            inlier_share: layout.camera.inlier_share,
            margin: layout.margin.clamp(0.0, 0.4),
            separation: layout.rated.separation.clamp(0.0, 1.0),
        }
    }

    /// The logistic function of the signs.
    pub fn confidence(&self) -> f32 {
        let z = -5.4
            + 3.0 * self.floor_lines
            + 2.2 * self.floor_contrast
            + 1.2 * self.floor_length
            + 1.5 * self.ceiling_lines
            + 2.0 * self.inlier_share
            + 4.0 * self.margin
            + 0.8 * self.separation;
        (1.0 / (1.0 + (-z).exp())) as f32
    }
}

/// Why this room should not be furnished unasked; `None` when it may.
pub fn refusal(layout: &Layout, segments: usize, confidence: f32) -> Option<StageError> {
    if segments < FEWEST_SEGMENTS {
        return Some(StageError::NotARoom("it has hardly any straight lines".into()));
    }
    if layout.camera.inlier_share < LEAST_INLIERS {
        return Some(StageError::NotARoom(
            "its lines do not run in three directions at right angles".into(),
        ));
    }
    if layout.camera.per_axis[1] < LEAST_UPRIGHT {
        return Some(StageError::NotARoom("it has no upright lines".into()));
    }
    if layout.rated.floor_share < LEAST_FLOOR {
        return Some(StageError::NoFloorVisible);
    }
    if confidence < ROOM_FROM {
        return Some(StageError::NotARoom("no floor meets walls in it".into()));
    }
    (confidence < STAGE_FROM).then_some(StageError::NeedsCorners { confidence })
}
