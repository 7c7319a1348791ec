//! Rooms that are no box: the floor's far edge as a chain of walls at right angles, found column by column.
//!
//! A column is the vertical plane through the camera in one direction; its state is the wall that ends the floor there.
//! The best chain is found by dynamic programming from left to right: lines and changes of colour speak for a wall, the
//! floor's own colours beyond a wall speak against it, and every corner costs. The chain replaces the box's outline
//! only where it explains clearly more; the box itself stays, as what light and walls refer to, and parts of the chain in
//! front of it become things that stand there.

use super::candidates::Candidates;
use super::chain::{blocks, outline};
use super::columns::{Column, columns};
use super::evidence::EvidenceMaps;
use super::search::{BY_CHANCE, RatedPlan};
use super::shape::FloorPlan;
use super::tones::Tones;
use super::{Obstacle, Opening, OpeningKind, Surface};
use crate::camera::{Axis, Camera, CameraHypothesis, Segment};
use crate::geometry::{DVec2, DVec3};

/// What a corner costs where two walls meet, and where one hides the beginning of the other.
const CORNER_COST: f64 = 0.07;
const JUMP_COST: f64 = 0.10;
/// More for an end of wall without an upright line, and the share of it that is enough.
const UNMARKED_COST: f64 = 0.50;
const MARKED: f64 = 0.6;
/// Floor points closer than this meet, long sides.
const MEET: f64 = 0.012;
/// What the floor's colours beyond a wall count against lines.
const COLOUR_WEIGHT: f64 = 1.0;
/// How much better than the box a chain has to be.
const LEAST_GAIN: f64 = 0.15;
/// With less told by the box about the colours of floor and walls (bits), they say nothing about a chain either.
const LEAST_TOLD: f64 = 0.2;
/// Most corners of a chain.
const MOST_CORNERS: usize = 7;
/// The first walls of the list are the box's: back, left, right.
const BOX_WALLS: usize = 3;
/// Further away than the box's wall by this factor is beyond it.
const BEYOND: f64 = 1.03;
/// Openings that begin below this height stand on the floor, camera heights.
const STANDING: f64 = 0.2;
/// A wall as seen from above, camera heights: the axis it runs along and its distance from the camera on the other one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct PlanWall {
    axis: Axis,
    offset: f64,
}

impl PlanWall {
    /// How far the wall is in a direction seen from above.
    fn reach(&self, direction: DVec2) -> Option<f64> {
        let slope = if self.axis == Axis::X {
            direction.y
        } else {
            direction.x
        };
        let reach = self.offset / slope;
        (reach.is_finite() && reach > 0.05 && slope.abs() > 0.01).then_some(reach)
    }

    fn is_seen(&self) -> bool {
        self.offset.abs() < 0.75 * FloorPlan::NO_BACK
    }
}

/// The chain of walls that ends the floor.
#[derive(Debug, Clone)]
pub struct Polyline {
    /// The visible floor in working pixels.
    pub outline: Vec<DVec2>,
    /// Parts of the walls in front of the box, in working pixels and camera heights.
    pub blocks: Vec<Obstacle>,
}

struct State {
    wall: usize,
    pixel: DVec2,
    reach: f64,
    rating: f64,
    /// What lines and the change of colour across them say, without the colours of the areas.
    edge: f64,
    /// Share of the upright at this place, from floor to ceiling, that lines support.
    upright: f64,
    axis: Axis,
    offset: f64,
}

/// The chain that explains clearly more than the box; `None` where the box does as well.
pub fn find_polyline(
    camera: &CameraHypothesis,
    segments: &[Segment],
    maps: &EvidenceMaps,
    tones: &Tones,
    rated: &RatedPlan,
    above: f64,
    openings: &[Opening],
) -> Option<Polyline> {
    if rated.told < LEAST_TOLD {
        return None;
    }
    let (view, plan) = (&camera.camera, &rated.plan);
    let side = f64::from(view.width.max(view.height));
    let walls = walls(camera, segments, plan);
    let columns = columns(view, tones, plan)?;
    let states: Vec<Vec<State>> = (0..columns.len())
        .map(|at| states(view, maps, &columns, at, &walls, above))
        .collect();
    let boxed = box_path(&states)?;
    let mut best = best_path(&states, side);
    stop_at_openings(&mut best, &boxed, &states, &columns, &walls, openings);
    let (rating, corners) = rate(&states, &best, side);
    let (box_rating, box_corners) = rate(&states, &boxed, side);
    if rating - box_rating < LEAST_GAIN || !(box_corners + 1..=MOST_CORNERS).contains(&corners) {
        return None;
    }
    let chain = chain(&states, &best, &columns, &walls, side);
    Some(Polyline {
        outline: outline(view, &chain),
        blocks: blocks(view, &chain, plan, above),
    })
}

/// The box's walls first (back, left, right), then all others that lines suggest.
fn walls(camera: &CameraHypothesis, segments: &[Segment], plan: &FloorPlan) -> Vec<PlanWall> {
    let wall = |axis: Axis, offset: f64| PlanWall { axis, offset };
    let candidates = Candidates::collect(camera, segments);
    let mut walls = vec![
        wall(Axis::X, plan.back),
        wall(Axis::Z, -plan.left),
        wall(Axis::Z, plan.right),
    ];
    let others = (candidates.backs.iter().map(|z| wall(Axis::X, *z)))
        .chain(candidates.lefts.iter().map(|x| wall(Axis::Z, -x)))
        .chain(candidates.rights.iter().map(|x| wall(Axis::Z, *x)));
    for other in others {
        let is_new =
            |known: &PlanWall| known.axis != other.axis || (known.offset / other.offset - 1.0).abs() > 0.01;
        if walls.iter().all(is_new) {
            walls.push(other);
        }
    }
    walls
}

fn states(
    view: &Camera,
    maps: &EvidenceMaps,
    columns: &[Column],
    at: usize,
    walls: &[PlanWall],
    above: f64,
) -> Vec<State> {
    let column = &columns[at];
    let neighbour = &columns[if at + 1 < columns.len() { at + 1 } else { at - 1 }];
    let (width, height) = (f64::from(view.width), f64::from(view.height));
    let side = width.max(height);
    let floor = |wall: &PlanWall, direction: DVec2| {
        let reach = wall.reach(direction)?;
        let (pixel, _) = view.project(DVec3::new(direction.x * reach, 1.0, direction.y * reach))?;
        Some((pixel, reach))
    };
    let mut states = Vec::new();
    for (index, wall) in walls.iter().enumerate() {
        let (Some((pixel, reach)), Some((beside, _))) =
            (floor(wall, column.direction), floor(wall, neighbour.direction))
        else {
            continue;
        };
        let is_inside = pixel.x >= 0.0 && pixel.y >= 0.0 && pixel.x < width && pixel.y < height;
        let (mut edge, mut upright) = (0.0, 0.0);
        if is_inside && wall.is_seen() {
            let step = beside - pixel;
            if step.length() < 0.2 * side {
                edge = maps.sample(wall.axis, pixel, step).floor_surplus(BY_CHANCE);
            }
            let foot = DVec3::new(column.direction.x * reach, 1.0, column.direction.y * reach);
            upright = maps
                .along(view, Axis::Y, foot, DVec3::new(foot.x, -0.9 * above, foot.z))
                .share();
        }
        states.push(State {
            wall: index,
            pixel,
            reach,
            rating: edge + COLOUR_WEIGHT * column.colours(pixel),
            edge,
            upright,
            axis: wall.axis,
            offset: wall.offset,
        });
    }
    states
}

/// What an end of wall that juts into the room costs: an edge that goes up to the ceiling marks it. The edges of furniture
/// do not.
fn jutting(nearer: &State) -> f64 {
    UNMARKED_COST * ((MARKED - nearer.upright) / MARKED).max(0.0)
}

fn change_cost(from: &State, to: &State, side: f64) -> f64 {
    let nearer = if from.reach < to.reach { from } else { to };
    if from.pixel.distance(to.pixel) < MEET * side {
        corner_cost(from, to)
    } else {
        JUMP_COST + jutting(nearer)
    }
}

/// Two walls that meet: in a corner of the room or around a corner that juts into it.
fn corner_cost(from: &State, to: &State) -> f64 {
    let juts = (from.axis == Axis::X && to.axis == Axis::Z && to.offset < 0.0)
        || (from.axis == Axis::Z && from.offset > 0.0 && to.axis == Axis::X);
    CORNER_COST + if juts { jutting(to) } else { 0.0 }
}

/// Which state every column is in when nothing but the box ends the floor.
fn box_path(states: &[Vec<State>]) -> Option<Vec<usize>> {
    let nearest = |column: &Vec<State>| {
        column
            .iter()
            .enumerate()
            .filter(|(_, state)| state.wall < BOX_WALLS)
            .min_by(|p, q| p.1.reach.total_cmp(&q.1.reach))
            .map(|(index, _)| index)
    };
    states.iter().map(nearest).collect()
}

/// Takes back what lies beyond the box's walls where it is no part of this room: what is seen through a door, through
/// glass with a sill or a track below it, and wedges of floor that no wall across them ends, such as a patch of sun.
fn stop_at_openings(
    path: &mut [usize],
    boxed: &[usize],
    states: &[Vec<State>],
    columns: &[Column],
    walls: &[PlanWall],
    openings: &[Opening],
) {
    let is_beyond =
        |path: &[usize], at: usize| states[at][path[at]].reach > BEYOND * states[at][boxed[at]].reach;
    let opening_at = |at: usize| {
        let state = &states[at][boxed[at]];
        let place = columns[at].direction * state.reach;
        let surface = [Surface::Back, Surface::Left, Surface::Right][state.wall];
        let along = if state.wall == 0 { place.x } else { place.y };
        openings.iter().find(|opening| {
            opening.wall == surface
                && opening.heights.0 < STANDING
                && opening.u.0 < along
                && along < opening.u.1
        })
    };
    let mut from = 0;
    while from < path.len() {
        let to = (from..path.len())
            .find(|at| !is_beyond(path, *at))
            .unwrap_or(path.len());
        if to > from {
            let axis = |wall: usize| walls[wall].axis;
            // What goes on out of the picture may be closed there.
            let is_open = from == 0 || to == path.len();
            let is_closed = is_open
                || (from..to).any(|at| axis(states[at][path[at]].wall) == axis(states[at][boxed[at]].wall));
            let seen: Vec<&Opening> = (from..to).filter_map(opening_at).collect();
            let edge: f64 = (from..to).map(|at| states[at][boxed[at]].edge).sum();
            let is_through = 2 * seen.len() > to - from
                && (edge > 0.0 || seen.iter().any(|opening| opening.kind == OpeningKind::Door));
            if !is_closed || is_through {
                path[from..to].copy_from_slice(&boxed[from..to]);
            }
        }
        from = to + 1;
    }
}

fn best_path(states: &[Vec<State>], side: f64) -> Vec<usize> {
    let mut values: Vec<f64> = states[0].iter().map(|state| state.rating).collect();
    let mut origins: Vec<Vec<usize>> = vec![vec![0; states[0].len()]];
    for at in 1..states.len() {
        let mut next = Vec::with_capacity(states[at].len());
        let mut origin = Vec::with_capacity(states[at].len());
        for to in &states[at] {
            let mut best = (f64::NEG_INFINITY, 0);
            for (index, from) in states[at - 1].iter().enumerate() {
                let value = values[index] - change_cost_between(from, to, &states[at - 1], &states[at], side);
                if value > best.0 {
                    best = (value, index);
                }
            }
            next.push(best.0 + to.rating);
            origin.push(best.1);
        }
        values = next;
        origins.push(origin);
    }
    let mut at = (0..values.len())
        .max_by(|p, q| values[*p].total_cmp(&values[*q]).then(q.cmp(p)))
        .unwrap_or(0);
    let mut path = vec![0; states.len()];
    for column in (0..states.len()).rev() {
        path[column] = at;
        at = origins[column][at];
    }
    path
}

/// Two walls that cross between two columns meet, even where they are far apart in either.
fn change_cost_between(from: &State, to: &State, before: &[State], after: &[State], side: f64) -> f64 {
    if from.wall == to.wall {
        return 0.0;
    }
    let (Some(stays), Some(came)) = (
        after.iter().find(|state| state.wall == from.wall),
        before.iter().find(|state| state.wall == to.wall),
    ) else {
        return change_cost(from, to, side);
    };
    if (from.reach < came.reach) != (stays.reach < to.reach) {
        corner_cost(from, to)
    } else {
        change_cost(from, came, side).min(change_cost(stays, to, side))
    }
}

/// What a path is worth, and its corners.
fn rate(states: &[Vec<State>], path: &[usize], side: f64) -> (f64, usize) {
    let (mut rating, mut corners) = (0.0, 0);
    for at in 0..states.len() {
        let here = &states[at][path[at]];
        rating += here.rating;
        if at > 0 {
            let last = &states[at - 1][path[at - 1]];
            rating -= change_cost_between(last, here, &states[at - 1], &states[at], side);
            corners += usize::from(last.wall != here.wall);
        }
    }
    (rating, corners)
}

/// The ends of every stretch of wall on the floor `(x, z)`, camera heights, from left to right.
fn chain(
    states: &[Vec<State>],
    path: &[usize],
    columns: &[Column],
    walls: &[PlanWall],
    side: f64,
) -> Vec<(DVec2, DVec2)> {
    let place = |at: usize, wall: usize| {
        walls[wall]
            .reach(columns[at].direction)
            .map_or(columns[at].direction, |reach| columns[at].direction * reach)
    };
    let wall_at = |at: usize| states[at][path[at]].wall;
    let mut stretches = Vec::new();
    let mut start = place(0, wall_at(0));
    for at in 1..states.len() {
        let (last, here) = (wall_at(at - 1), wall_at(at));
        if last == here {
            continue;
        }
        let (p, q) = (place(at - 1, last), place(at, here));
        let corner = match (walls[last].axis, walls[here].axis) {
            (Axis::X, Axis::Z) => Some(DVec2::new(walls[here].offset, walls[last].offset)),
            (Axis::Z, Axis::X) => Some(DVec2::new(walls[last].offset, walls[here].offset)),
            _ => None,
        };
        let reach = p.length().max(q.length());
        let meets = corner.filter(|corner| {
            corner.distance(p) < 0.08 * reach + 0.1 && corner.distance(q) < 0.08 * reach + 0.1 && side > 0.0
        });
        stretches.push((start, meets.unwrap_or(p)));
        start = meets.unwrap_or(q);
    }
    stretches.push((start, place(states.len() - 1, wall_at(states.len() - 1))));
    stretches
}
