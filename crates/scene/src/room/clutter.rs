//! Whether the floor ends where it is said to.
//!
//! Where a bed and chests stand, a floor line may be the edge of a rug or of the bed, and the floor's own colour comes back
//! beyond it. On walls that are walls it does not.

use super::near::{Strip, distance, median};
use super::shape::FloorPlan;
use super::standing::weigh;
use super::tones::Colours;
use crate::camera::CameraHypothesis;
use crate::geometry::DVec2;

/// Most difference from the floor's colour that still looks like floor, and as a share of the wall's.
const LIKE: f32 = 10.0;
const LIKE_SHARE: f32 = 0.3;
/// Floor and wall closer than this cannot be told by their colours.
const TOLD_APART: f32 = 12.0;
/// Heights of a wall between skirting board and eyes, camera heights.
const LOW: std::ops::Range<f64> = 0.06..1.0;

/// Share of what is seen of the walls below eye level that looks like the floor; walls of the floor's colour do not count.
pub fn leak(
    camera: &CameraHypothesis,
    colours: &Colours,
    plan: &FloorPlan,
    strips: &[Strip],
    above: f64,
) -> f64 {
    let view = &camera.camera;
    let is_free = |pixel: DVec2| strips.iter().all(|strip| strip.beyond(pixel) > 0.0);
    let mut floor = Vec::new();
    let mut walls: [Vec<(f64, [f32; 3])>; 3] = Default::default();
    for (pixel, lab) in colours.cells().filter(|(pixel, _)| is_free(*pixel)) {
        let ray = view.ray(pixel);
        match plan.wall(ray) {
            None => floor.push(weigh(lab)),
            Some((wall, height)) if height < 1.0 + above => walls[wall].push((height, weigh(lab))),
            Some(_) => {}
        }
    }
    let Some(floor) = median(&floor) else {
        return 0.0;
    };
    let (mut low, mut alike) = (0u32, 0u32);
    for cells in &walls {
        let all: Vec<[f32; 3]> = cells.iter().map(|cell| cell.1).collect();
        let Some(usual) = median(&all) else { continue };
        let apart = distance(floor, usual);
        for (_, lab) in cells.iter().filter(|(height, _)| LOW.contains(height)) {
            low += 1;
            let is_like = distance(*lab, floor) < (LIKE_SHARE * apart).min(LIKE);
            alike += u32::from(is_like && apart > TOLD_APART);
        }
    }
    f64::from(alike) / f64::from(low.max(1))
}
