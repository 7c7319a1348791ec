//! What a rectangle on a wall is, by its colours and proportions.

use super::OpeningKind;
use super::openings::Wall;
use super::tones::Colours;
use crate::camera::CameraHypothesis;

/// Colour difference (CIE76) to the wall around it that makes a rectangle an opening.
const DISTINCT: f64 = 8.0;
/// A slice of a rectangle this close to the wall's colour is wall.
const WALL_LIKE: f64 = 5.0;
/// Colours inside of a rectangle spread at least this far when they are a view.
const VIEW_SPREAD: f64 = 12.0;
/// How much darker than the wall the mouth of a fireplace is, lightness.
const FIRE_DARK: f64 = 25.0;
/// Patches that a rectangle is looked at in, each way.
const GRID: usize = 12;

type Lab = [f64; 3];

/// A rectangle's colours beside the wall's.
pub(super) struct Look {
    wide: f64,
    tall: f64,
    low: f64,
    inside: Lab,
    beside: Lab,
    /// Row by row from the bottom, each row left to right; `None` outside of the picture.
    patches: Vec<Option<Lab>>,
}

impl Look {
    /// Looks at a rectangle given as `(along, heights)` in camera heights; `None` where too little is in view.
    pub fn new(
        camera: &CameraHypothesis,
        colours: &Colours,
        wall: &Wall,
        ((from, to), (low, high)): ((f64, f64), (f64, f64)),
        unit: f64,
    ) -> Option<Self> {
        let at = |along: f64, height: f64| -> Option<Lab> {
            let (pixel, _) = camera.camera.project(wall.point(along, height))?;
            colours.at(pixel).map(|lab| lab.map(f64::from))
        };
        let patches = |along: (f64, f64), heights: (f64, f64)| -> Vec<Option<Lab>> {
            (0..GRID * GRID)
                .map(|cell| {
                    let s = ((cell % GRID) as f64 + 0.5) / GRID as f64;
                    let t = ((cell / GRID) as f64 + 0.5) / GRID as f64;
                    at(
                        along.0 + s * (along.1 - along.0),
                        heights.0 + t * (heights.1 - heights.0),
                    )
                })
                .collect()
        };
        let margin = 0.15 / unit;
        let own = patches((from, to), (low, high));
        let inside = mean(&own)?;
        let around: Vec<Option<Lab>> = [
            patches((from - 2.0 * margin, from - margin), (low, high)),
            patches((to + margin, to + 2.0 * margin), (low, high)),
            patches((from, to), (high + margin, high + 2.0 * margin)),
        ]
        .iter()
        .map(|side| mean(side))
        .collect();
        Some(Self {
            wide: (to - from) * unit,
            tall: (high - low) * unit,
            low: low * unit,
            inside,
            beside: mean_of(around.iter().flatten()).unwrap_or(inside),
            patches: own,
        })
    }

    /// What it is; `None` when it is only a piece of wall between lines, or several things with wall between them.
    /// `shelves` counts level lines across it.
    pub fn kind(&self, shelves: usize) -> Option<OpeningKind> {
        let stands = self.low < 0.15;
        // By proportion, because the scale itself may rest on this door.
        let has_door_shape =
            stands && (1.55..=2.6).contains(&self.tall) && (0.34..=0.54).contains(&(self.wide / self.tall));
        if has_door_shape {
            return Some(OpeningKind::Door);
        }
        if difference(self.inside, self.beside) < DISTINCT || self.has_wall_between() {
            return None;
        }
        let brighter = self.inside[0] - self.beside[0];
        if self.inside[0] > 88.0 || (brighter > 6.0 && self.tall > 0.6) {
            return Some(OpeningKind::Window);
        }
        if stands && (0.6..1.7).contains(&self.tall) && self.wide < 2.6 && self.has_dark_mouth() {
            return Some(OpeningKind::Fireplace);
        }
        if stands && self.wide > 0.6 && self.tall > 0.7 && shelves >= 2 {
            return Some(OpeningKind::BuiltIn);
        }
        if stands && self.tall > 1.85 {
            return Some(OpeningKind::Door);
        }
        // Trees and houses behind glass are darker than a white wall, but never of one colour.
        let is_pane = (0.3..1.75).contains(&self.low) && self.tall > 0.4 && self.wide * self.tall > 0.8;
        if is_pane && self.spread() > VIEW_SPREAD {
            return Some(OpeningKind::Window);
        }
        Some(OpeningKind::Unknown)
    }

    /// Whether a slice from bottom to top, away from the sides, is wall: two windows with wall between them.
    fn has_wall_between(&self) -> bool {
        (2..GRID - 2).any(|column| {
            let slice: Vec<Option<Lab>> = (0..GRID).map(|row| self.patches[row * GRID + column]).collect();
            let like_wall = slice
                .iter()
                .flatten()
                .filter(|lab| difference(**lab, self.beside) < WALL_LIKE)
                .count();
            like_wall >= GRID - 1
        })
    }

    /// A dark part in the lower middle, with lighter surroundings on both sides.
    fn has_dark_mouth(&self) -> bool {
        let lightness = |columns: std::ops::Range<usize>| {
            let part: Vec<Option<Lab>> = (1..GRID / 2 + 1)
                .flat_map(|row| columns.clone().map(move |column| row * GRID + column))
                .map(|cell| self.patches[cell])
                .collect();
            mean_of(part.iter().flatten()).map(|lab| lab[0])
        };
        let (left, middle, right) = (lightness(0..2), lightness(4..8), lightness(GRID - 2..GRID));
        let (Some(left), Some(middle), Some(right)) = (left, middle, right) else {
            return false;
        };
        middle < self.beside[0] - FIRE_DARK && middle < left - 8.0 && middle < right - 8.0
    }

    fn spread(&self) -> f64 {
        let seen: Vec<f64> = self
            .patches
            .iter()
            .flatten()
            .map(|lab| difference(*lab, self.inside))
            .collect();
        seen.iter().sum::<f64>() / seen.len().max(1) as f64
    }
}

fn difference(p: Lab, q: Lab) -> f64 {
    (0..3).map(|k| (p[k] - q[k]).powi(2)).sum::<f64>().sqrt()
}

/// `None` when most of the patches are out of view.
fn mean(patches: &[Option<Lab>]) -> Option<Lab> {
    let seen = patches.iter().flatten().count();
    (seen * 8 >= patches.len()).then(|| mean_of(patches.iter().flatten()))?
}

fn mean_of<'a>(patches: impl Iterator<Item = &'a Lab>) -> Option<Lab> {
    let (mut sum, mut count) = ([0.0; 3], 0.0);
    for lab in patches {
        for k in 0..3 {
            sum[k] += lab[k];
        }
        count += 1.0;
    }
    (count > 0.0).then(|| sum.map(|total| total / count))
}
