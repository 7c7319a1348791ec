//! The search for the box: every combination of candidate walls is judged by its edges, by the segments on its
//! faces and by the colours it divides.

use rayon::prelude::*;

use super::candidates::Candidates;
use super::ceiling::glance;
use super::evidence::{EvidenceMaps, STEP, Support, visible_part};
use super::near::Strip;
use super::shape::{Face, FloorPlan};
use super::tones::Tones;
use crate::camera::{Axis, CameraHypothesis, Segment};
use crate::geometry::{DVec2, DVec3};

/// Share of an edge that random clutter supports.
pub const BY_CHANCE: f64 = 0.30;
/// Corners between walls are short and often hidden by door frames.
const CORNER_WEIGHT: f64 = 0.6;
const COMPATIBILITY_WEIGHT: f64 = 0.8;
const SEPARATION_WEIGHT: f64 = 1.2;
const TOLD_WEIGHT: f64 = 0.8;
const CEILING_WEIGHT: f64 = 0.8;
/// What upright lines well inside of the floor cost per long side of length, and where they stop to cost more. On an
/// empty floor there are none; reflections and furniture make some under any plan.
const UPRIGHT_WEIGHT: f64 = 0.2;
const MOST_UPRIGHT: f64 = 0.5;
/// Distance from which on a side wall is as near as walls usually are, camera heights, and what it costs to stand in it.
const NEAREST_WALL: f64 = 0.4;
const TOO_NEAR_WEIGHT: f64 = 0.4;
/// Plans that go on from one stage of judging to the next.
const AFTER_EDGES: usize = 3000;
const AFTER_SEGMENTS: usize = 1000;
/// Near end of a side wall's floor line, camera heights; behind it the line has left the picture.
const NEAR_END: f64 = 0.05;
/// Top of the corners' lower part that is looked for: below any ceiling.
const CORNER_TOP: f64 = -0.8;
/// Segments whose place on a face is judged, the longest.
const JUDGED_SEGMENTS: usize = 300;

/// A floor plan and what speaks for it.
#[derive(Debug, Clone, Copy)]
pub struct RatedPlan {
    pub plan: FloorPlan,
    pub score: f64,
    pub compatibility: f64,
    pub separation: f64,
    /// What a place's colour tells about floor or wall, bits.
    pub told: f64,
    /// Supported length of ceiling lines beyond chance, long sides.
    pub ceiling: f64,
    /// Share of the picture that is floor.
    pub floor_share: f64,
}

/// The plans worth considering for one camera, best first.
pub fn rate_plans(
    camera: &CameraHypothesis,
    segments: &[Segment],
    maps: &EvidenceMaps,
    tones: &Tones,
    strips: &[Strip],
) -> Vec<RatedPlan> {
    let mut plans = edge_ratings(camera, segments, maps);
    keep_best(&mut plans, AFTER_EDGES);

    let spots: Vec<Spot> = spots(camera, segments);
    let total: f64 = spots.iter().map(|spot| spot.weight).sum::<f64>().max(1e-9);
    plans.par_iter_mut().with_min_len(64).for_each(|rated| {
        rated.compatibility = spots.iter().map(|spot| spot.fit(&rated.plan)).sum::<f64>() / total;
        rated.score += COMPATIBILITY_WEIGHT * rated.compatibility;
    });
    keep_best(&mut plans, AFTER_SEGMENTS);

    let rays = tones.rays(&camera.camera);
    let hidden = tones.hidden(&camera.camera, strips);
    let standing: Vec<&Segment> = upright_below_horizon(camera, segments);
    plans.par_iter_mut().with_min_len(16).for_each(|rated| {
        let (separation, told, floor_share) = tones.separation(&rated.plan, &rays, &hidden);
        rated.separation = separation;
        rated.told = told;
        rated.floor_share = floor_share;
        let upright = upright_on_floor(camera, &standing, &rated.plan).min(MOST_UPRIGHT);
        rated.ceiling = glance(&camera.camera, maps, &rated.plan);
        rated.score += SEPARATION_WEIGHT * separation + TOLD_WEIGHT * told + CEILING_WEIGHT * rated.ceiling
            - UPRIGHT_WEIGHT * upright
            + plausibility(&rated.plan, floor_share);
    });
    plans.sort_by(|p, q| q.score.total_cmp(&p.score));
    plans
}

/// Upright segments that could stand on a floor, longest first.
pub fn upright_below_horizon<'a>(camera: &CameraHypothesis, segments: &'a [Segment]) -> Vec<&'a Segment> {
    segments
        .iter()
        .zip(&camera.axes)
        .take(JUDGED_SEGMENTS)
        .filter(|(segment, axis)| **axis == Some(Axis::Y) && camera.camera.ray(segment.middle()).y > 0.0)
        .map(|(segment, _)| segment)
        .collect()
}

/// Whether a pixel shows floor, and its surroundings but those below do too.
pub fn is_well_inside(camera: &CameraHypothesis, plan: &FloorPlan, pixel: DVec2) -> bool {
    let view = &camera.camera;
    let inset = 0.02 * f64::from(view.width.max(view.height));
    [(0.0, 0.0), (inset, 0.0), (-inset, 0.0), (0.0, -inset)]
        .iter()
        .all(|(dx, dy)| plan.face(view.ray(pixel + DVec2::new(*dx, *dy))) == Face::Floor)
}

/// Length of upright lines where only floor should be, long sides.
fn upright_on_floor(camera: &CameraHypothesis, uprights: &[&Segment], plan: &FloorPlan) -> f64 {
    let side = f64::from(camera.camera.width.max(camera.camera.height));
    uprights
        .iter()
        .filter(|segment| is_well_inside(camera, plan, segment.middle()))
        .map(|segment| segment.length / side)
        .sum()
}

fn keep_best(plans: &mut Vec<RatedPlan>, most: usize) {
    plans.sort_by(|p, q| q.score.total_cmp(&p.score));
    plans.truncate(most);
}

/// What speaks against a plan before the picture is looked at.
fn plausibility(plan: &FloorPlan, floor_share: f64) -> f64 {
    let depth = if plan.has_back() {
        -0.15 * (plan.back / 3.0).ln().powi(2).min(0.6)
    } else {
        -0.1
    };
    let too_little = -0.6 * ((0.08 - floor_share) / 0.08).clamp(0.0, 1.0);
    let too_much = -0.3 * ((floor_share - 0.55) / 0.2).clamp(0.0, 1.0);
    // Between curtains or cupboards there is an edge to every line, but rooms are wider.
    let too_narrow = -0.3 * ((1.5 - plan.left - plan.right) / 0.75).clamp(0.0, 1.0);
    // Nobody holds a camera against a wall; what runs by so near is the edge of a rug or of a bed.
    let too_near = -TOO_NEAR_WEIGHT * (1.0 - plan.left.min(plan.right) / NEAREST_WALL).max(0.0);
    depth + too_little + too_much + too_narrow + too_near
}

/// All combinations of candidates with their edge support. Edges that plans share are measured once.
fn edge_ratings(camera: &CameraHypothesis, segments: &[Segment], maps: &EvidenceMaps) -> Vec<RatedPlan> {
    let candidates = Candidates::collect(camera, segments);
    let mut backs: Vec<Option<f64>> = candidates.backs.iter().copied().map(Some).collect();
    backs.push(None);
    backs
        .par_iter()
        .flat_map_iter(|&back| {
            let depth = back.unwrap_or(FloorPlan::NO_BACK);
            let line = back.map(|back| BackLine::new(camera, maps, back));
            let rights = side_ratings(camera, maps, &candidates.rights_at(back), 1.0, depth);
            let lefts = side_ratings(camera, maps, &candidates.lefts_at(back), -1.0, depth);
            let mut plans = Vec::with_capacity(rights.len() * lefts.len());
            for &(right, right_surplus) in &rights {
                for &(left, left_surplus) in &lefts {
                    if left + right < 0.5 {
                        continue;
                    }
                    let across = line.as_ref().map_or(0.0, |line| {
                        line.support(camera, -left, right).floor_surplus(BY_CHANCE)
                    });
                    let edges = across + right_surplus + left_surplus;
                    let plan = FloorPlan {
                        back: depth,
                        left,
                        right,
                    };
                    plans.push(RatedPlan {
                        plan,
                        score: edges,
                        compatibility: 0.0,
                        separation: 0.0,
                        told: 0.0,
                        ceiling: 0.0,
                        floor_share: 0.0,
                    });
                }
            }
            plans
        })
        .collect()
}

/// Distances of one side wall with the surplus of its floor line and its corner with the back wall.
fn side_ratings(
    camera: &CameraHypothesis,
    maps: &EvidenceMaps,
    distances: &[f64],
    sign: f64,
    depth: f64,
) -> Vec<(f64, f64)> {
    let view = &camera.camera;
    let mut rated: Vec<(f64, f64)> = distances
        .iter()
        .map(|&distance| {
            let x = sign * distance;
            let near = DVec3::new(x, 1.0, NEAR_END.min(depth));
            let floor_line = maps.along(view, Axis::Z, DVec3::new(x, 1.0, depth), near);
            let corner = maps.along(
                view,
                Axis::Y,
                DVec3::new(x, 1.0, depth),
                DVec3::new(x, CORNER_TOP, depth),
            );
            (
                distance,
                floor_line.floor_surplus(BY_CHANCE) + CORNER_WEIGHT * corner.surplus(BY_CHANCE),
            )
        })
        .collect();
    rated.push((FloorPlan::NO_SIDE, 0.0));
    rated
}

/// The floor line of a back wall over the whole width of the picture, summed up once so that any stretch of it
/// costs two look-ups.
struct BackLine {
    depth: f64,
    ends: Option<(DVec2, DVec2)>,
    sums: Vec<Support>,
}

impl BackLine {
    fn new(camera: &CameraHypothesis, maps: &EvidenceMaps, depth: f64) -> Self {
        let far = FloorPlan::NO_SIDE;
        let ends = visible_part(
            &camera.camera,
            DVec3::new(-far, 1.0, depth),
            DVec3::new(far, 1.0, depth),
        );
        let mut sums = vec![Support::default()];
        if let Some((a, b)) = ends {
            let steps = (a.distance(b) / STEP).ceil().max(1.0) as usize;
            let step = (b - a) / steps as f64;
            for index in 0..steps {
                let here = maps.sample(Axis::X, a + step * (index as f64 + 0.5), step);
                sums.push(sums[index].plus(here));
            }
        }
        Self { depth, ends, sums }
    }

    fn support(&self, camera: &CameraHypothesis, from_x: f64, to_x: f64) -> Support {
        let Some((a, b)) = self.ends else {
            return Support::default();
        };
        let end = |x: f64| DVec3::new(x, 1.0, self.depth);
        let Some((p, q)) = visible_part(&camera.camera, end(from_x), end(to_x)) else {
            return Support::default();
        };
        let whole = a.distance(b).max(1e-9);
        let steps = self.sums.len() - 1;
        let place = |pixel: DVec2| {
            let exact = (a.distance(pixel) / whole).clamp(0.0, 1.0) * steps as f64;
            let low = (exact as usize).min(steps);
            let high = (low + 1).min(steps);
            let t = exact - low as f64;
            self.sums[low].times(1.0 - t).plus(self.sums[high].times(t))
        };
        place(q).plus(place(p).times(-1.0))
    }
}

/// A segment as seen from a plan: where it is and which way it runs.
struct Spot {
    ray: DVec3,
    axis: Axis,
    weight: f64,
}

fn spots(camera: &CameraHypothesis, segments: &[Segment]) -> Vec<Spot> {
    segments
        .iter()
        .zip(&camera.axes)
        .take(JUDGED_SEGMENTS)
        .filter_map(|(segment, axis)| {
            let ray = camera.camera.ray(segment.middle());
            axis.map(|axis| Spot {
                ray,
                axis,
                weight: segment.weight,
            })
        })
        .collect()
}

impl Spot {
    /// Positive where the segment may run on the face it is on, negative where it cannot. Above eye level a wall
    /// may as well be the ceiling, so only contradictions with the lower part count.
    fn fit(&self, plan: &FloorPlan) -> f64 {
        let verdict = match (plan.face(self.ray), self.axis) {
            (Face::Floor, Axis::Y) => -1.0,
            (Face::Floor, _) => 0.5,
            (_, _) if self.ray.y <= 0.0 => 0.0,
            (Face::Back, Axis::Z) | (Face::Side, Axis::X) => -1.0,
            (Face::Back | Face::Side, _) => 0.5,
        };
        verdict * self.weight
    }
}
