//! Things that stand against a wall: chests, beds, armchairs with a wall behind them.
//!
//! They show as a patch at the wall's foot that is unlike the wall, lower than the eye and rising from the floor. What goes on
//! upwards past eye level is a door, a curtain or a window, which are openings. The floor a thing stands on is everything
//! from its feet to the wall: nothing can be put behind it.

use super::near::{Strip, distance, median};
use super::shape::FloorPlan;
use super::standing::{components, weigh};
use super::tones::Colours;
use super::{Obstacle, Opening, OpeningKind, Surface};
use crate::camera::CameraHypothesis;
use crate::geometry::{DVec2, DVec3};

/// Least difference from a wall's usual colour, and in units of what is usual on that wall; a busy wall's limit.
const ODD: f32 = 18.0;
const ODD_SPREADS: f32 = 2.5;
const ODD_ANYWAY: f32 = 30.0;
/// Least difference from the floor's usual colour of what a thing shows in front of the floor.
const ODD_ON_FLOOR: f32 = 16.0;
/// What is lighter than its wall by this much and differs less in hue may be a patch of light.
const LIGHTER: f32 = 4.0;
const SAME_HUE: f32 = 24.0;
/// Least area of a thing, as a share of the picture.
const SMALLEST: f64 = 0.004;
/// A thing begins below this height and for the most part ends below that one, metres.
const FOOT: f64 = 0.28;
const TOP: f64 = 1.4;
const MOSTLY: f64 = 0.6;
/// Height that a thing at least reaches, metres: what is lower is a skirting board or a shadow.
const LEAST_TOP: f64 = 0.4;
/// Height up to which walls are looked at, metres.
const LOOKED_AT: f64 = 1.5;
/// The same where lamps and pictures stand and hang above everything.
const LOOKED_AT_FURNISHED: f64 = 0.9;
/// Windows end above this height, metres; what is taken for one below it is a headboard or a lit cushion.
const WINDOW_TOP: f64 = 1.6;
/// Cells without the thing's colours between its body and its feet: between legs the wall shows through.
const GAP: usize = 4;
/// How far feet are taken to belong to the columns beside them, as a share of a thing's width.
const BESIDE_FEET: f64 = 0.3;

struct Cell {
    lab: [f32; 3],
    /// The wall behind the cell and the height on it; `None` for floor.
    wall: Option<(usize, f64)>,
    is_free: bool,
}

/// What stands against the walls of a plan; `unit` is the metric camera height as far as it is known.
///
/// Where `is_furnished`, what is unlike the wall is a thing before it is light, however high it goes on.
pub fn find_against(
    camera: &CameraHypothesis,
    colours: &Colours,
    plan: &FloorPlan,
    openings: &[Opening],
    strips: &[Strip],
    above: f64,
    unit: f64,
    is_furnished: bool,
) -> Vec<Obstacle> {
    let view = &camera.camera;
    let (columns, _) = colours.size();
    let is_opening = |wall: usize, height: f64, ray: DVec3| {
        let (surface, along) = match wall {
            0 => (Surface::Back, ray.x * plan.back / ray.z),
            1 => (Surface::Left, -ray.z * plan.left / ray.x),
            _ => (Surface::Right, ray.z * plan.right / ray.x),
        };
        openings.iter().any(|opening| {
            opening.wall == surface
                && match opening.kind {
                    OpeningKind::Door | OpeningKind::Fireplace | OpeningKind::BuiltIn => true,
                    OpeningKind::Window => opening.heights.1 * unit > WINDOW_TOP,
                    OpeningKind::Unknown | OpeningKind::Radiator => false,
                }
                && (opening.u.0..opening.u.1).contains(&along)
                && (opening.heights.0..opening.heights.1).contains(&height)
        })
    };
    let cells: Vec<Cell> = colours
        .cells()
        .map(|(pixel, lab)| {
            let ray = view.ray(pixel);
            let wall = plan.wall(ray);
            Cell {
                lab: weigh(lab),
                wall,
                is_free: strips.iter().all(|strip| strip.beyond(pixel) > 0.0)
                    && wall
                        .is_none_or(|(wall, height)| height < 1.0 + above && !is_opening(wall, height, ray)),
            }
        })
        .collect();
    let floor: Vec<[f32; 3]> = cells
        .iter()
        .filter(|cell| cell.is_free && cell.wall.is_none())
        .map(|cell| cell.lab)
        .collect();
    let Some(floor) = median(&floor) else {
        return Vec::new();
    };
    let looked_at = if is_furnished {
        LOOKED_AT_FURNISHED
    } else {
        LOOKED_AT
    };
    let limits: [Option<([f32; 3], f32)>; 3] = std::array::from_fn(|wall| {
        let (usual, limit) = usual_of(&cells, wall)?;
        Some((usual, if is_furnished { ODD } else { limit }))
    });
    let odd: Vec<bool> = cells
        .iter()
        .map(|cell| {
            let Some((wall, height)) = cell.wall else {
                return false;
            };
            let is_odd = limits[wall].is_some_and(|(usual, limit)| distance(cell.lab, usual) > limit);
            cell.is_free
                && height * unit < looked_at
                && is_odd
                && distance(cell.lab, floor) > ODD_ON_FLOOR / 2.0
        })
        .collect();
    let smallest = (SMALLEST * cells.len() as f64) as usize;
    components(&odd, columns)
        .into_iter()
        .filter(|component| {
            component.len() >= smallest && (is_furnished || !may_be_light(component, &cells, &limits))
        })
        .filter_map(|component| spans(&component, &cells, columns, unit, is_furnished))
        .map(|spans| obstacle(camera, plan, &spans, &cells, columns, floor))
        .collect()
}

/// Whether a patch is its wall's colour, only lighter.
fn may_be_light(component: &[usize], cells: &[Cell], limits: &[Option<([f32; 3], f32)>; 3]) -> bool {
    let lighter = component
        .iter()
        .filter(|cell| {
            let cell = &cells[**cell];
            cell.wall
                .and_then(|(wall, _)| limits[wall])
                .is_some_and(|(usual, _)| {
                    let hue = (cell.lab[1] - usual[1]).hypot(cell.lab[2] - usual[2]);
                    cell.lab[0] > usual[0] + LIGHTER && hue < SAME_HUE
                })
        })
        .count();
    2 * lighter > component.len()
}

/// First column of a thing and its top and bottom row per column.
type Spans = (usize, Vec<(usize, usize)>);

/// The usual colour of a wall and from which difference on a cell is unlike it.
fn usual_of(cells: &[Cell], wall: usize) -> Option<([f32; 3], f32)> {
    let own: Vec<[f32; 3]> = cells
        .iter()
        .filter(|cell| cell.is_free && cell.wall.is_some_and(|(of, _)| of == wall))
        .map(|cell| cell.lab)
        .collect();
    let usual = median(&own)?;
    let mut spread: Vec<f32> = own.iter().map(|lab| distance(*lab, usual)).collect();
    let middle = spread.len() / 2;
    let spread = *spread.select_nth_unstable_by(middle, f32::total_cmp).1;
    Some((usual, (ODD_SPREADS * spread).clamp(ODD, ODD_ANYWAY)))
}

/// `None` for what is no thing.
fn spans(
    component: &[usize],
    cells: &[Cell],
    columns: usize,
    unit: f64,
    is_furnished: bool,
) -> Option<Spans> {
    let first = component.iter().map(|cell| cell % columns).min()?;
    let last = component.iter().map(|cell| cell % columns).max()?;
    let mut rows = vec![(usize::MAX, 0); last - first + 1];
    for cell in component {
        let (top, bottom) = &mut rows[cell % columns - first];
        *top = (*top).min(cell / columns);
        *bottom = (*bottom).max(cell / columns);
    }
    let height = |row: usize, offset: usize| {
        let cell = &cells[row * columns + first + offset];
        cell.wall.map_or(0.0, |(_, height)| height * unit)
    };
    let tops: Vec<f64> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| height(row.0, at))
        .collect();
    let foot = rows
        .iter()
        .enumerate()
        .map(|(at, row)| height(row.1, at))
        .fold(f64::INFINITY, f64::min);
    let low = tops.iter().filter(|top| **top < TOP).count() as f64;
    let highest = tops.iter().copied().fold(0.0, f64::max);
    let is_thing = rows.len() >= 4
        && foot < FOOT
        && highest > LEAST_TOP
        && (is_furnished || low > MOSTLY * tops.len() as f64);
    is_thing.then_some((first, rows))
}

fn obstacle(
    camera: &CameraHypothesis,
    plan: &FloorPlan,
    (first, rows): &Spans,
    cells: &[Cell],
    columns: usize,
    floor: [f32; 3],
) -> Obstacle {
    let size = Colours::CELL as f64;
    let count = cells.len() / columns;
    // Down over what differs from the floor, to where the thing stands.
    let bottoms: Vec<usize> = rows
        .iter()
        .enumerate()
        .map(|(offset, (_, bottom))| {
            let (mut row, mut last) = (*bottom, *bottom);
            while row + 1 < count && row - last < GAP {
                row += 1;
                let cell = &cells[row * columns + first + offset];
                if cell.is_free && cell.wall.is_none() && distance(cell.lab, floor) > ODD_ON_FLOOR {
                    last = row;
                }
            }
            last
        })
        .collect();
    let beside = (BESIDE_FEET * rows.len() as f64) as usize;
    let feet: Vec<usize> = (0..bottoms.len())
        .map(|at| {
            let to = (at + beside + 1).min(bottoms.len());
            bottoms[at.saturating_sub(beside)..to]
                .iter()
                .copied()
                .max()
                .unwrap_or(0)
        })
        .collect();
    let pixel = |offset: usize, row: usize| DVec2::new((first + offset) as f64 + 0.5, row as f64) * size;
    let mut outline: Vec<DVec2> = (0..rows.len()).map(|at| pixel(at, rows[at].0)).collect();
    outline.extend((0..rows.len()).rev().map(|at| pixel(at, bottoms[at] + 1)));
    let stride = (rows.len() / 10).max(1);
    let places: Vec<usize> = (0..rows.len()).step_by(stride).chain([rows.len() - 1]).collect();
    let wall_along = |ray: DVec3| {
        let away = DVec2::new(ray.x, ray.z).normalize_or_zero();
        let side = if away.x > 0.0 {
            plan.right / away.x
        } else {
            -plan.left / away.x
        };
        let back = if away.y > 0.0 {
            plan.back / away.y
        } else {
            f64::INFINITY
        };
        away * side.min(back)
    };
    let near: Vec<DVec2> = places
        .iter()
        .map(|at| {
            let ray = camera.camera.ray(pixel(*at, feet[*at] + 1));
            let (foot, wall) = (DVec2::new(ray.x, ray.z) / ray.y.max(1e-3), wall_along(ray));
            if foot.length() < wall.length() { foot } else { wall }
        })
        .collect();
    let far = places
        .iter()
        .rev()
        .map(|at| wall_along(camera.camera.ray(pixel(*at, feet[*at] + 1))));
    Obstacle {
        polygon_px: outline,
        footprint: Some(near.into_iter().chain(far).collect()),
    }
}
