//! How sure the engine is of a room, and when it says no instead.
//!
//! The confidence is a logistic function of what the search measured. It answers one question: would a person
//! draw nearly the same floor (more than four fifths in common), and is that floor free? The weights are the maximum
//! likelihood with a small ridge, each held to the sign that reason demands, over 30 photographs of rooms, their mirror
//! images and seven crops of each (right: the annotated floor; wrong also: four rooms full of furniture or fixtures) and 17
//! pictures that are no rooms (a face, a cat, print, coins, gravel, brick, the moon, ...). The gate is where, with each
//! photograph left out of its own fit, more than 95 in 100 of the variants kept are right: 154 of 158, 154 of 160 with the
//! full rooms. It was chosen on the same photographs. Pictures that are all pattern, such as print or noise on a grid,
//! have lines everywhere and are told by their colours instead.

use super::evidence::Support;
use super::layout::Layout;
use crate::StageError;
use crate::camera::Segment;
use crate::geometry::DVec2;

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
/// A picture is all pattern when colours tell less than this of floor and wall (bits) and the floor's lines stand out by less
/// than that from lines beside them.
const LEAST_TOLD: f64 = 0.07;
const LEAST_RELIEF: f64 = 0.3;
/// Where furniture stands all along the walls, floor and walls have the same colours, and colours tell less than this (bits).
/// Then a person has to look, however well lines fit.
pub(super) const SURELY_TOLD: f64 = 0.11;
/// Beyond these, more says nothing more.
const MOST_TOLD: f64 = 0.4;
const MOST_RELIEF: f64 = 0.5;
const MOST_LEAK: f64 = 0.05;
/// From this lead over the best room with another floor on, a room is clearly the best.
const CLEAR_LEAD: f64 = 0.1;
/// Most that the floor's colours differ from its usual one, in the middle: among desks or chairs nothing is usual.
const MOST_SPREAD: f64 = 24.0;
/// Lines that all run one way are stripes. The resultant length of their doubled angles.
const MOST_PARALLEL: f64 = 0.93;
/// Below this the box is no better than a guess.
const ROOM_FROM: f32 = 0.2;
/// From here on a photo is staged without asking.
pub const STAGE_FROM: f32 = 0.8;

/// What the confidence is made of, each about 0..=1.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    /// Change of colour across the visible floor lines.
    pub floor_contrast: f64,
    /// How much more the colour changes across the floor lines than across lines beside them, 0..=0.5: little where all is
    /// pattern.
    pub relief: f64,
    /// What a place's colour tells about floor or wall, bits, at most 0.4.
    pub told: f64,
    /// Visible length of floor lines, in long sides, at most 1.
    pub floor_length: f64,
    pub inlier_share: f64,
    /// Lead over the best room with another floor, at most 0.4.
    pub margin: f64,
    /// Upright lines on the floor, in units of the square root of its area, at most 3: furniture or a wrong floor.
    pub uprights: f64,
    /// Share of the floor that things hide, at most one half.
    pub occupied: f64,
    /// Share of the lower walls that looks like the floor, at most 0.05: a door may have the floor's colour.
    pub leak: f64,
    /// How little that lead is: 1 for none, 0 from a tenth on. A room that is nearly as good with another floor is a guess,
    /// whatever else speaks for it.
    pub closeness: f64,
}

impl Signs {
    pub fn of(layout: &Layout) -> Self {
        let lines = layout.floor_lines;
        let contrast = |support: Support| {
            if support.length > 1e-6 {
                support.contrast / support.length
            } else {
                0.0
            }
        };
        Self {
            floor_contrast: contrast(lines),
            relief: (contrast(lines) - contrast(layout.texture)).clamp(0.0, MOST_RELIEF),
            told: layout.rated.told.min(MOST_TOLD),
            floor_length: lines.length.min(1.0),
            inlier_share: layout.camera.inlier_share,
            margin: layout.margin.clamp(0.0, 0.4),
            uprights: layout.standing.uprights.min(3.0),
            occupied: layout.standing.share.min(0.5),
            leak: layout.leak.min(MOST_LEAK),
            closeness: (1.0 - layout.margin / CLEAR_LEAD).clamp(0.0, 1.0),
        }
    }

    /// The logistic function of the signs.
    pub fn confidence(&self) -> f32 {
        let z = -4.37
            + 2.09 * self.floor_contrast
            + 3.48 * self.relief
            + 2.22 * self.told
            + 0.63 * self.floor_length
            + 3.69 * self.inlier_share
            + 3.49 * self.margin
            - 1.55 * self.closeness
            - 1.54 * self.uprights
            - 5.67 * self.occupied
            - 59.6 * self.leak;
        (1.0 / (1.0 + (-z).exp())) as f32
    }
}

/// Why this room should not be furnished unasked; `None` when it may.
pub fn refusal(layout: &Layout, segments: &[Segment], confidence: f32) -> Option<StageError> {
    if segments.len() < FEWEST_SEGMENTS {
        return Some(StageError::NotARoom("it has hardly any straight lines".into()));
    }
    if parallel(segments) > MOST_PARALLEL {
        return Some(StageError::NotARoom("all its lines run one way".into()));
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
    let is_full = layout.standing.share > MOST_OCCUPIED || layout.standing.spread > MOST_SPREAD;
    if free < LEAST_FLOOR || is_full {
        return Some(StageError::NoFloorVisible);
    }
    let (signs, lines) = (Signs::of(layout), layout.floor_lines.share());
    if confidence < ROOM_FROM || signs.floor_contrast < LEAST_CONTRAST || lines < LEAST_LINES {
        return Some(StageError::NotARoom("no floor meets walls in it".into()));
    }
    if signs.told < LEAST_TOLD && signs.relief < LEAST_RELIEF {
        return Some(StageError::NotARoom("it is the same pattern all over".into()));
    }
    (confidence < STAGE_FROM || signs.told < SURELY_TOLD).then_some(StageError::NeedsCorners { confidence })
}

/// How much the lines of a picture run one way: 1 when all do, 0 when none is preferred.
fn parallel(segments: &[Segment]) -> f64 {
    let total: f64 = segments.iter().map(|segment| segment.weight).sum();
    let sum: DVec2 = segments
        .iter()
        .map(|segment| {
            let direction = segment.direction();
            // Squared as a complex number: a line has no sense of direction.
            segment.weight * direction.rotate(direction)
        })
        .sum();
    sum.length() / total.max(1e-9)
}
