//! From camera hypotheses to one room: the search runs under every camera and the best whole wins.

use super::against::find_against;
use super::ceiling::{Ceiling, find_ceiling};
use super::clutter::leak;
use super::confidence::SURELY_TOLD;
use super::evidence::{EvidenceMaps, Support, visible_part};
use super::near::{Strip, near_strips};
use super::openings::find_openings;
use super::polyline::{Polyline, find_polyline};
use super::scale::fuse;
use super::search::{RatedPlan, rate_plans};
use super::shape::{Face, FloorPlan, cut};
use super::standing::{Standing, find_standing};
use super::tones::{Colours, Tones};
use super::{Opening, OpeningKind};
use crate::camera::{Axis, CameraHypothesis, Segment, Working};
use crate::geometry::{DVec2, DVec3};
use crate::{Control, StageError};

/// What a camera's own score is worth against the score of the room found under it.
const CAMERA_WEIGHT: f64 = 3.0;
/// Plans per camera that the winner is compared with.
const RIVALS: usize = 200;
/// Floors that share less than this are different rooms.
const SAME_FLOOR: f64 = 0.8;

/// One camera with the best plan under it, in working pixels and camera heights.
#[derive(Debug, Clone)]
pub struct Layout {
    pub camera: CameraHypothesis,
    pub rated: RatedPlan,
    pub ceiling: Ceiling,
    /// Support of the visible lines between floor and walls.
    pub floor_lines: Support,
    /// The same of lines beside those and parallel to them.
    pub texture: Support,
    /// The visible floor in working pixels.
    pub outline: Vec<DVec2>,
    /// What stands in front of floor and walls.
    pub standing: Standing,
    /// Share of the lower walls that looks like floor.
    pub leak: f64,
    /// In camera heights.
    pub openings: Vec<Opening>,
    /// How much worse the best plan is that shows a clearly different floor, over all cameras.
    pub margin: f64,
}

/// The best room over all cameras; `None` without cameras.
pub fn find_layout(
    working: &Working,
    segments: &[Segment],
    cameras: &[CameraHypothesis],
    control: &Control,
) -> Result<Option<Layout>, StageError> {
    let tones = Tones::new(working);
    let colours = Colours::new(working);
    let mut rated = Vec::with_capacity(cameras.len());
    let strips: Vec<Vec<Strip>> = cameras
        .iter()
        .map(|camera| near_strips(camera, segments, &colours))
        .collect();
    for (camera, strips) in cameras.iter().zip(&strips) {
        control.check()?;
        let maps = EvidenceMaps::new(camera, segments, &colours, strips);
        let mut plans = rate_plans(camera, segments, &maps, &tones, strips);
        plans.truncate(RIVALS);
        rated.push(plans);
    }
    let total = |camera: usize, plan: &RatedPlan| plan.score + CAMERA_WEIGHT * cameras[camera].score;
    let winner = (0..cameras.len())
        .filter_map(|camera| rated[camera].first().map(|plan| (camera, *plan)))
        .reduce(|best, next| {
            if total(next.0, &next.1) > total(best.0, &best.1) {
                next
            } else {
                best
            }
        });
    let Some((index, best)) = winner else {
        return Ok(None);
    };

    let floors: Vec<Vec<DVec3>> = cameras.iter().map(|camera| tones.rays(&camera.camera)).collect();
    let is_floor =
        |camera: usize, plan: &FloorPlan, cell: usize| plan.face(floors[camera][cell]) == Face::Floor;
    let mask: Vec<bool> = (0..floors[index].len())
        .map(|cell| is_floor(index, &best.plan, cell))
        .collect();
    let rival = (0..cameras.len())
        .filter_map(|camera| {
            rated[camera]
                .iter()
                .find(|plan| {
                    let (mut both, mut either) = (0u32, 0u32);
                    for (cell, in_best) in mask.iter().enumerate() {
                        let in_rival = is_floor(camera, &plan.plan, cell);
                        both += u32::from(*in_best && in_rival);
                        either += u32::from(*in_best || in_rival);
                    }
                    f64::from(both) < SAME_FLOOR * f64::from(either)
                })
                .map(|plan| total(camera, plan))
        })
        .fold(f64::NEG_INFINITY, f64::max);

    let camera = &cameras[index];
    let strips = &strips[index];
    let maps = EvidenceMaps::new(camera, segments, &colours, strips);
    let ceiling = find_ceiling(&camera.camera, &maps, &best.plan);
    let unit = fuse(&ceiling, &[], &[]).camera_height;
    let openings = find_openings(camera, segments, &maps, &colours, &best.plan, &ceiling, unit);
    let chain = find_polyline(camera, segments, &maps, &tones, &best, ceiling.above, &openings);
    let (outline, blocks) = chain.map_or_else(
        || (best.plan.floor_outline(&camera.camera), Vec::new()),
        |Polyline { outline, blocks }| (outline, blocks),
    );
    let outline = strips.iter().fold(outline, |outline, strip| {
        cut(&outline, |pixel| strip.beyond(pixel))
    });
    let is_furnished = best.told < SURELY_TOLD;
    let mut standing = find_standing(
        camera,
        segments,
        &colours,
        &best.plan,
        &maps,
        strips,
        is_furnished,
    );
    // What is between camera and room comes first.
    standing
        .obstacles
        .splice(0..0, strips.iter().map(Strip::obstacle));
    standing.obstacles.extend(blocks);
    standing.obstacles.extend(find_against(
        camera,
        &colours,
        &best.plan,
        &openings,
        strips,
        ceiling.above,
        unit,
        is_furnished,
    ));
    let leak = leak(camera, &colours, &best.plan, strips, ceiling.above);
    let (floor_lines, texture) = floor_lines(camera, &maps, &best.plan);
    control.check()?;
    Ok(Some(Layout {
        floor_lines,
        texture,
        outline,
        standing,
        leak,
        openings,
        camera: camera.clone(),
        ceiling,
        margin: total(index, &best) - rival,
        rated: best,
    }))
}

impl Layout {
    /// Heights of the doors that stand on the floor with a door's proportions, in camera heights.
    pub fn door_heights(&self) -> Vec<f64> {
        let is_door = |opening: &&Opening| {
            let (wide, tall) = (opening.u.1 - opening.u.0, opening.heights.1 - opening.heights.0);
            opening.kind == OpeningKind::Door
                && opening.heights.0 < 0.1
                && (0.33..0.52).contains(&(wide / tall))
        };
        self.openings
            .iter()
            .filter(is_door)
            .map(|opening| opening.heights.1)
            .collect()
    }

    /// Heights of the sills of windows that people look out of sitting, in camera heights.
    pub fn sill_heights(&self) -> Vec<f64> {
        let is_sill = |opening: &&Opening| {
            let (low, tall) = (opening.heights.0, opening.heights.1 - opening.heights.0);
            opening.kind == OpeningKind::Window && (0.3..1.2).contains(&low) && tall > 0.5
        };
        self.openings
            .iter()
            .filter(is_sill)
            .map(|opening| opening.heights.0)
            .collect()
    }
}

/// Support of the visible lines between floor and walls, and the texture beside them.
fn floor_lines(camera: &CameraHypothesis, maps: &EvidenceMaps, plan: &FloorPlan) -> (Support, Support) {
    let near = 0.05f64.min(plan.back);
    let corner = |x: f64, z: f64| DVec3::new(x, 1.0, z);
    let mut lines = Vec::new();
    if plan.has_back() {
        let (left, right) = (corner(-plan.left, plan.back), corner(plan.right, plan.back));
        lines.push((Axis::X, left, right));
    }
    for (is_seen, x) in [(plan.has_left(), -plan.left), (plan.has_right(), plan.right)] {
        if is_seen {
            lines.push((Axis::Z, corner(x, plan.back), corner(x, near)));
        }
    }
    let (mut support, mut texture) = (Support::default(), Support::default());
    for (axis, from, to) in lines {
        if let Some((a, b)) = visible_part(&camera.camera, from, to) {
            support = support.plus(maps.between(axis, a, b));
            texture = texture.plus(maps.texture_beside(axis, a, b));
        }
    }
    (support, texture)
}
