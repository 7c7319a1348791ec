//! How sure the engine is of a room, and when it says no instead.
//!
//! The confidence is a logistic function of what the search measured. It answers one question: would a person
//! draw nearly the same floor (more than four fifths in common), and is that floor free? The weights are the maximum
//! likelihood with a small ridge, each held to the sign that reason demands, over 232 pictures: 30 photographs of rooms,
//! their mirror images and six random crops of each (right: the annotated floor; wrong also: three rooms full of
//! furniture), and 17 pictures that are no rooms (a face, a cat, print, coins, gravel, brick, the moon, ...). Kept from
//! one half on, 151 of 158 annotated pictures were right; with each photograph left out of its own fit 145 of 153. The
//! gate lies a little lower, for rooms with bays, whose windows stand on what a box takes for floor.

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
/// Most share of the floor that may be hidden by what already stands there.
const MOST_OCCUPIED: f64 = 0.25;
/// Least change of colour across the floor's lines, on average; shading alone gives a third.
const LEAST_CONTRAST: f64 = 0.3;
/// Least share of the floor's lines that segments support.
const LEAST_LINES: f64 = 0.1;
/// Below this the box is no better than a guess.
const ROOM_FROM: f32 = 0.2;
/// From here on a photo is staged without asking.
pub const STAGE_FROM: f32 = 0.4;

/// What the confidence is made of, each about 0..=1.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    /// Change of colour across the visible floor lines.
    pub floor_contrast: f64,
    /// Visible length of floor lines, in long sides, at most 1.
    pub floor_length: f64,
    /// Share of the ceiling's edges that segments support; 0 when none are in view.
    pub ceiling_lines: f64,
    pub inlier_share: f64,
    /// Lead over the best room with another floor, at most 0.4.
    pub margin: f64,
    /// Upright lines on the floor, in units of the square root of its area, at most 3: furniture or a wrong floor.
    pub uprights: f64,
    /// Share of the floor that things hide, at most one half.
    pub occupied: f64,
}

impl Signs {
    pub fn of(layout: &Layout) -> Self {
        let lines = layout.floor_lines;
        Self {
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
            uprights: layout.standing.uprights.min(3.0),
            occupied: layout.standing.share.min(0.5),
        }
    }

    /// The logistic function of the signs.
    pub fn confidence(&self) -> f32 {
        let z = -7.85
            + 4.3 * self.floor_contrast
            + 0.99 * self.floor_length
            + 0.98 * self.ceiling_lines
            + 5.57 * self.inlier_share
            + 10.73 * self.margin
            - 1.78 * self.uprights
            - 14.34 * self.occupied;
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
    let free = layout.rated.floor_share * (1.0 - layout.standing.share);
    if free < LEAST_FLOOR || layout.standing.share > MOST_OCCUPIED {
        return Some(StageError::NoFloorVisible);
    }
    let (contrast, lines) = (Signs::of(layout).floor_contrast, layout.floor_lines.share());
    if confidence < ROOM_FROM || contrast < LEAST_CONTRAST || lines < LEAST_LINES {
        return Some(StageError::NotARoom("no floor meets walls in it".into()));
    }
    (confidence < STAGE_FROM).then_some(StageError::NeedsCorners { confidence })
}
