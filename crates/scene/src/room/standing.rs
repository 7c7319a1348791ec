//! Things that already stand on the floor: furniture, curtains down to the floor, pillars.
//!
//! The floor has its colours; what is unlike them is a rug, a patch of sun or a thing. A thing is told by what stands:
//! it goes on above the line where the floor meets the wall without a change of colour, or it has upright edges where
//! only floor should be. Lighter patches may be the sun or a window mirrored in the floor, as long as they do not stand
//! out from the wall above as well.

use super::Obstacle;
use super::evidence::EvidenceMaps;
use super::lit::{BROKEN, Walls, floor_line_at, is_lit};
use super::near::{Strip, distance, median};
use super::search::{is_well_inside, upright_below_horizon};
use super::shape::{Face, FloorPlan};
use super::tones::Colours;
use crate::camera::{CameraHypothesis, Segment};
use crate::geometry::{DVec2, DVec3};

/// Least difference from the floor's usual colour, and in units of what is usual on this floor.
const ODD: f32 = 20.0;
const ODD_SPREADS: f32 = 2.5;
/// A floor so full that nothing is usual on it: as different as this is odd anyway.
const ODD_ANYWAY: f32 = 36.0;
/// Least area of a thing, as a share of the picture.
const SMALLEST: f64 = 0.003;
/// Colours as alike as this go on across the floor's edge.
const ALIKE: f32 = 10.0;
/// Lightness above which a patch may be light on the floor.
const BRIGHTER: f32 = 8.0;
/// Height up to which walls are asked for their usual colour, camera heights.
const WALL_TOP: f64 = 1.6;
/// Least difference from the wall's usual colour of what stands out from it.
const UNLIKE_WALL: f32 = 8.0;
/// Upright lines as a share of a thing's height that make it a thing.
const UPRIGHT: f64 = 0.35;
/// How deep a thing is taken to be, camera heights.
const DEPTH: f64 = 0.6;

/// Things on a floor plan, and how much of the floor they hide.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// In working pixels and camera heights.
    pub obstacles: Vec<Obstacle>,
    /// Share of the visible floor that they hide.
    pub share: f64,
    /// Length of upright lines on the floor in units of the square root of its area, at most 4.
    pub uprights: f64,
    /// Median difference of the floor's colours from its usual one.
    pub spread: f64,
}

/// What stands on the floor of a plan. Where `is_furnished`, what is unlike the floor is a thing before it is light.
pub fn find_standing(
    camera: &CameraHypothesis,
    segments: &[Segment],
    colours: &Colours,
    plan: &FloorPlan,
    maps: &EvidenceMaps,
    strips: &[Strip],
    is_furnished: bool,
) -> Standing {
    let view = &camera.camera;
    let side = f64::from(view.width.max(view.height));
    let (columns, _) = colours.size();
    let cells: Vec<(DVec2, [f32; 3])> = colours.cells().collect();
    let is_free = |pixel: DVec2| strips.iter().all(|strip| strip.beyond(pixel) > 0.0);
    let is_floor: Vec<bool> = cells
        .iter()
        .map(|(pixel, _)| plan.face(view.ray(*pixel)) == Face::Floor && is_free(*pixel))
        .collect();
    let floor: Vec<[f32; 3]> = cells
        .iter()
        .zip(&is_floor)
        .filter(|(_, floor)| **floor)
        .map(|(cell, _)| weigh(cell.1))
        .collect();
    let Some(usual) = median(&floor) else {
        return Standing::default();
    };
    let mut spread: Vec<f32> = floor.iter().map(|lab| distance(*lab, usual)).collect();
    let middle = spread.len() / 2;
    let spread = *spread.select_nth_unstable_by(middle, f32::total_cmp).1;
    let limit = (ODD_SPREADS * spread).clamp(ODD, ODD_ANYWAY);
    let odd: Vec<bool> = cells
        .iter()
        .zip(&is_floor)
        .map(|((_, lab), floor)| *floor && distance(weigh(*lab), usual) > limit)
        .collect();

    let uprights: Vec<&Segment> = upright_below_horizon(camera, segments)
        .into_iter()
        .filter(|segment| is_free(segment.middle()) && is_well_inside(camera, plan, segment.middle()))
        .collect();
    let area = floor.len() as f64 * (Colours::CELL as f64 / side).powi(2);
    let upright_length: f64 = uprights.iter().map(|segment| segment.length / side).sum();

    let mut standing = Standing {
        uprights: (upright_length / area.sqrt()).min(4.0),
        spread: f64::from(spread),
        ..Standing::default()
    };
    let walls = Walls::new(camera, colours, plan, WALL_TOP, is_free);
    let usual_lab = unweigh(usual);
    let mut hidden = 0;
    for component in components(&odd, columns) {
        if (component.len() as f64) < SMALLEST * cells.len() as f64 {
            continue;
        }
        let thing = Thing::new(&component, &cells, columns, &is_floor);
        let own: f64 = uprights
            .iter()
            .filter(|segment| thing.holds(segment.middle(), &component, columns))
            .map(|segment| segment.length)
            .sum();
        let has_edges = own > UPRIGHT * thing.height();
        let is_lighter = thing.colour[0] > usual[0] + 0.6 * BRIGHTER;
        let may_be_light = is_lighter
            && (is_lit(unweigh(thing.colour), usual_lab)
                || (!is_furnished
                    && is_mirrored(&component, |cell| {
                        walls.is_bright_in_mirror(camera, colours, plan, cells[cell].0)
                    })));
        let hides_edge = || {
            thing.hides_edge(&cells, columns, &is_floor, |pixel| {
                let wall = walls.behind(plan, view.ray(pixel))?;
                Some((wall, floor_line_at(camera, maps, plan, pixel)?))
            })
        };
        let stands_at_wall = thing.goes_on && (!is_lighter || is_furnished || hides_edge());
        if (has_edges && !may_be_light) || stands_at_wall {
            hidden += component.len();
            standing
                .obstacles
                .push(thing.obstacle(camera, plan, &cells, columns, &is_floor));
        }
    }
    standing.share = hidden as f64 / floor.len() as f64;
    standing
}

/// Shading counts for less than colour.
pub(super) fn weigh(lab: [f32; 3]) -> [f32; 3] {
    [0.6 * lab[0], 1.6 * lab[1], 1.6 * lab[2]]
}

/// [`weigh`] undone.
pub(super) fn unweigh(weighed: [f32; 3]) -> [f32; 3] {
    [weighed[0] / 0.6, weighed[1] / 1.6, weighed[2] / 1.6]
}

/// Whether the floor would show something bright in most of the cells if it were a mirror; of at least a third of them it
/// has to be known.
fn is_mirrored(component: &[usize], is_bright: impl Fn(usize) -> Option<bool>) -> bool {
    let known: Vec<bool> = component.iter().filter_map(|cell| is_bright(*cell)).collect();
    let bright = known.iter().filter(|bright| **bright).count();
    3 * known.len() > component.len() && 2 * bright > known.len()
}

/// Connected sets of marked cells, by their indices.
pub(super) fn components(marked: &[bool], columns: usize) -> Vec<Vec<usize>> {
    let mut left = marked.to_vec();
    let mut found = Vec::new();
    for start in 0..left.len() {
        if !std::mem::take(&mut left[start]) {
            continue;
        }
        let mut component = vec![start];
        let mut next = 0;
        while next < component.len() {
            let cell = component[next];
            next += 1;
            let column = cell % columns;
            let neighbours = [
                (column > 0).then(|| cell - 1),
                (column + 1 < columns).then_some(cell + 1),
                cell.checked_sub(columns),
                Some(cell + columns).filter(|below| *below < left.len()),
            ];
            for neighbour in neighbours.into_iter().flatten() {
                if std::mem::take(&mut left[neighbour]) {
                    component.push(neighbour);
                }
            }
        }
        found.push(component);
    }
    found
}

/// A set of cells that differ from the floor.
struct Thing {
    /// Top and bottom row per column, from the first column on; `None` where it has a gap.
    first: usize,
    rows: Vec<Option<(usize, usize)>>,
    /// Weighed median colour.
    colour: [f32; 3],
    /// Whether it goes on above the floor's edge.
    goes_on: bool,
}

impl Thing {
    fn new(component: &[usize], cells: &[(DVec2, [f32; 3])], columns: usize, is_floor: &[bool]) -> Self {
        let first = component.iter().map(|cell| cell % columns).min().unwrap_or(0);
        let last = component.iter().map(|cell| cell % columns).max().unwrap_or(0);
        let mut rows: Vec<Option<(usize, usize)>> = vec![None; last - first + 1];
        for cell in component {
            let row = cell / columns;
            let slot = &mut rows[cell % columns - first];
            *slot = Some(slot.map_or((row, row), |(top, bottom)| (top.min(row), bottom.max(row))));
        }
        let colours: Vec<[f32; 3]> = component.iter().map(|cell| weigh(cells[*cell].1)).collect();
        // Across the floor's edge, two cells on either side: skirting boards are narrow.
        let (mut touching, mut alike) = (0, 0);
        for (offset, span) in rows.iter().enumerate() {
            let Some((top, _)) = *span else { continue };
            let column = first + offset;
            if top < 4 || is_floor[(top - 1) * columns + column] {
                continue;
            }
            touching += 1;
            let below = (top + 1).min(cells.len() / columns - 1) * columns + column;
            let above = (top - 3) * columns + column;
            alike += usize::from(distance(weigh(cells[below].1), weigh(cells[above].1)) < ALIKE);
        }
        Self {
            first,
            colour: median(&colours).unwrap_or_default(),
            goes_on: touching >= 4 && 2 * alike > touching,
            rows,
        }
    }

    /// Whether what goes on above the floor's edge is unlike the wall there, and hides the edge.
    /// `behind` tells the wall's usual colour at a pixel and how much of the floor's edge shows below it.
    fn hides_edge(
        &self,
        cells: &[(DVec2, [f32; 3])],
        columns: usize,
        is_floor: &[bool],
        behind: impl Fn(DVec2) -> Option<([f32; 3], f64)>,
    ) -> bool {
        let (mut touching, mut unlike, mut shown) = (0, 0, 0.0);
        for (offset, (top, _)) in self.spans() {
            let column = self.first + offset;
            if top < 4 || is_floor[(top - 1) * columns + column] {
                continue;
            }
            let (pixel, above) = cells[(top - 3) * columns + column];
            let Some((wall, edge)) = behind(pixel) else {
                continue;
            };
            touching += 1;
            shown += edge;
            unlike += usize::from(distance(weigh(above), weigh(wall)) > UNLIKE_WALL);
        }
        touching >= 4 && 2 * unlike > touching && shown < BROKEN * touching as f64
    }

    /// Top and bottom row of the columns that it has cells in, with how far they are from the first.
    fn spans(&self) -> impl Iterator<Item = (usize, (usize, usize))> {
        self.rows
            .iter()
            .enumerate()
            .filter_map(|(offset, span)| span.map(|span| (offset, span)))
    }

    /// In working pixels.
    fn height(&self) -> f64 {
        let top = self.spans().map(|(_, span)| span.0).min().unwrap_or(0);
        let bottom = self.spans().map(|(_, span)| span.1).max().unwrap_or(0);
        ((bottom - top + 1) * Colours::CELL) as f64
    }

    fn holds(&self, pixel: DVec2, component: &[usize], columns: usize) -> bool {
        let (x, y) = (
            (pixel.x / Colours::CELL as f64) as isize,
            (pixel.y / Colours::CELL as f64) as isize,
        );
        component.iter().any(|cell| {
            let (column, row) = ((cell % columns) as isize, (cell / columns) as isize);
            (column - x).abs() <= 1 && (row - y).abs() <= 1
        })
    }

    /// The thing's outline, followed above the floor as far as its colour goes, and the floor below it.
    fn obstacle(
        &self,
        camera: &CameraHypothesis,
        plan: &FloorPlan,
        cells: &[(DVec2, [f32; 3])],
        columns: usize,
        is_floor: &[bool],
    ) -> Obstacle {
        let size = Colours::CELL as f64;
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        for (offset, (mut top, bottom)) in self.spans() {
            let column = self.first + offset;
            if top > 0 && !is_floor[(top - 1) * columns + column] {
                let mut last = weigh(cells[top * columns + column].1);
                while top > 0 {
                    let above = weigh(cells[(top - 1) * columns + column].1);
                    if distance(above, last) > ALIKE && distance(above, self.colour) > 2.0 * ALIKE {
                        break;
                    }
                    last = above;
                    top -= 1;
                }
            }
            let x = (column as f64 + 0.5) * size;
            upper.push(DVec2::new(x, top as f64 * size));
            lower.push(DVec2::new(x, (bottom + 1) as f64 * size));
        }
        let view = &camera.camera;
        let stride = (lower.len() / 12).max(1);
        let feet: Vec<DVec3> = lower
            .iter()
            .step_by(stride)
            .chain(lower.last())
            .map(|pixel| view.ray(*pixel))
            .map(|ray| ray / ray.y.max(0.02 * ray.length()))
            .collect();
        let flat = |point: DVec3| DVec2::new(point.x.clamp(-plan.left, plan.right), point.z.min(plan.back));
        let behind = |point: &DVec3| {
            let away = DVec2::new(point.x, point.z);
            let further = away + away.normalize_or_zero() * DEPTH;
            flat(DVec3::new(further.x, 1.0, further.y))
        };
        let footprint: Vec<DVec2> = feet
            .iter()
            .map(|foot| flat(*foot))
            .chain(feet.iter().rev().map(behind))
            .collect();
        lower.reverse();
        upper.extend(lower);
        Obstacle {
            polygon_px: upper,
            footprint: Some(footprint),
        }
    }
}
