//! Windows, doors and fireplaces: rectangles on walls that furniture keeps clear of.
//!
//! A rectangle needs lines on its sides and must look different from the wall around it, or have the
//! proportions of a door. It is better to keep clear of a picture frame than to block a door, so what cannot be
//! named is kept as [`OpeningKind::Unknown`].

use super::ceiling::Ceiling;
use super::evidence::EvidenceMaps;
use super::opening_look::Look;
use super::shape::FloorPlan;
use super::tones::Colours;
use super::{Opening, OpeningKind, Surface};
use crate::camera::{Axis, CameraHypothesis, Segment};
use crate::geometry::DVec3;

/// Least share of each side that lines support, and of all sides together.
const SIDE_SHARE: f64 = 0.45;
const MEAN_SHARE: f64 = 0.6;
/// Lines this close to a wall's own corner or ceiling are that edge, metres.
const OWN_EDGE: f64 = 0.10;
/// What stands on the floor is a door, a row of them or a fireplace: no wider than this, metres.
const WIDEST_STANDING: f64 = 3.2;
/// Candidate lines per wall and direction.
const MOST_LINES: usize = 14;
/// Openings kept per wall.
const MOST_PER_WALL: usize = 4;

/// A wall as a plane with coordinates: `along` it and height above the floor, in camera heights.
pub(super) struct Wall {
    surface: Surface,
    /// Distance from the camera, signed for side walls.
    offset: f64,
    extent: (f64, f64),
    axis: Axis,
    /// Height of the ceiling where it is seen.
    top: Option<f64>,
}

impl Wall {
    pub(super) fn point(&self, along: f64, height: f64) -> DVec3 {
        match self.surface {
            Surface::Left | Surface::Right => DVec3::new(self.offset, 1.0 - height, along),
            Surface::Back | Surface::Floor | Surface::Ceiling => DVec3::new(along, 1.0 - height, self.offset),
        }
    }

    /// Where a ray meets the wall: `(along, height)`.
    fn place(&self, ray: DVec3) -> Option<(f64, f64)> {
        let slope = if self.axis == Axis::X { ray.z } else { ray.x };
        let t = self.offset / slope;
        if !t.is_finite() || t <= 0.0 {
            return None;
        }
        let hit = ray * t;
        let along = if self.axis == Axis::X { hit.x } else { hit.z };
        let height = 1.0 - hit.y;
        (along > self.extent.0 && along < self.extent.1 && height > -0.02).then_some((along, height))
    }
}

#[derive(Clone, Copy)]
struct Candidate {
    along: (f64, f64),
    heights: (f64, f64),
    rating: f64,
    kind: OpeningKind,
}

/// Openings in camera heights (`u` and `heights` scale with the room). `unit` is the metric camera height as far as
/// it is known yet; it decides which sizes are sensible.
pub fn find_openings(
    camera: &CameraHypothesis,
    segments: &[Segment],
    maps: &EvidenceMaps,
    colours: &Colours,
    plan: &FloorPlan,
    ceiling: &Ceiling,
    unit: f64,
) -> Vec<Opening> {
    let top = ceiling.is_seen().then_some(1.0 + ceiling.above);
    let depth = plan.back.min(12.0);
    let mut walls = Vec::new();
    if plan.has_back() {
        let extent = (-plan.left.min(12.0), plan.right.min(12.0));
        walls.push(Wall {
            surface: Surface::Back,
            offset: plan.back,
            extent,
            axis: Axis::X,
            top,
        });
    }
    if plan.has_left() {
        walls.push(Wall {
            surface: Surface::Left,
            offset: -plan.left,
            extent: (0.2, depth),
            axis: Axis::Z,
            top,
        });
    }
    if plan.has_right() {
        walls.push(Wall {
            surface: Surface::Right,
            offset: plan.right,
            extent: (0.2, depth),
            axis: Axis::Z,
            top,
        });
    }
    let mut openings = Vec::new();
    for wall in &walls {
        for found in on_wall(camera, segments, maps, colours, wall, unit) {
            openings.push(Opening {
                wall: wall.surface,
                kind: found.kind,
                u: found.along,
                heights: found.heights,
            });
        }
    }
    openings
}

fn on_wall(
    camera: &CameraHypothesis,
    segments: &[Segment],
    maps: &EvidenceMaps,
    colours: &Colours,
    wall: &Wall,
    unit: f64,
) -> Vec<Candidate> {
    let view = &camera.camera;
    let (mut uprights, mut levels) = (Vec::new(), Vec::new());
    for (segment, axis) in segments.iter().zip(&camera.axes) {
        let Some((along, height)) = wall.place(view.ray(segment.middle())) else {
            continue;
        };
        if *axis == Some(Axis::Y) {
            uprights.push((along, segment.weight));
        } else if *axis == Some(wall.axis) && height * unit < 3.0 {
            levels.push((height, segment.weight));
        }
    }
    let mut uprights = peaks(uprights, 0.03 / unit);
    let mut levels = peaks(levels, 0.03 / unit);
    // The wall's own edges frame nothing.
    let close = OWN_EDGE / unit;
    uprights.retain(|along| (along - wall.extent.0).abs() > close && (along - wall.extent.1).abs() > close);
    levels.retain(|height| height * unit > 0.15 && wall.top.is_none_or(|top| *height < top - close));
    levels.push(0.0);
    levels.sort_by(f64::total_cmp);

    let mut candidates = Vec::new();
    for (i, &low) in levels.iter().enumerate() {
        for &high in &levels[i + 1..] {
            let tall = (high - low) * unit;
            if !(0.35..=2.8).contains(&tall) {
                continue;
            }
            let sides: Vec<f64> = uprights
                .iter()
                .map(|&along| {
                    maps.along(view, Axis::Y, wall.point(along, low), wall.point(along, high))
                        .share()
                })
                .collect();
            for (j, &from) in uprights.iter().enumerate() {
                for (k, &to) in uprights.iter().enumerate().skip(j + 1) {
                    let wide = (to - from) * unit;
                    if !(0.35..=4.5).contains(&wide) || sides[j] < SIDE_SHARE || sides[k] < SIDE_SHARE {
                        continue;
                    }
                    // A door's frame comes down to the floor; a window above a heater does not.
                    let reaches_floor = |along: f64| {
                        let (foot, knee) = (wall.point(along, 0.0), wall.point(along, 0.4 * high));
                        maps.along(view, Axis::Y, foot, knee).share() > SIDE_SHARE
                    };
                    if low == 0.0 && (wide > WIDEST_STANDING || !reaches_floor(from) || !reaches_floor(to)) {
                        continue;
                    }
                    let level = |height: f64| {
                        maps.along(view, wall.axis, wall.point(from, height), wall.point(to, height))
                            .share()
                    };
                    let top = level(high);
                    let bottom = if low > 0.0 { level(low) } else { 1.0 };
                    let mean = (sides[j] + sides[k] + top + bottom) / 4.0;
                    if top < SIDE_SHARE || bottom < SIDE_SHARE || mean < MEAN_SHARE {
                        continue;
                    }
                    let rectangle = ((from, to), (low, high));
                    let shelves = levels[i + 1..]
                        .iter()
                        .take_while(|height| **height < high - close)
                        .filter(|height| **height > low + close && level(**height) > MEAN_SHARE)
                        .count();
                    let look = Look::new(camera, colours, wall, rectangle, unit);
                    if let Some(kind) = look.and_then(|look| look.kind(shelves)) {
                        let rating = mean * (tall * wide).powf(0.25);
                        candidates.push(Candidate {
                            along: (from, to),
                            heights: (low, high),
                            rating,
                            kind,
                        });
                    }
                }
            }
        }
    }
    candidates.sort_by(|p, q| q.rating.total_cmp(&p.rating));
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if kept.len() < MOST_PER_WALL && kept.iter().all(|other| overlap(other, &candidate) < 0.25) {
            kept.push(candidate);
        }
    }
    let radiators: Vec<Candidate> = kept
        .iter()
        .filter(|window| window.kind == OpeningKind::Window)
        .filter_map(|window| radiator_below(camera, segments, wall, window, unit))
        .collect();
    kept.extend(radiators);
    kept
}

/// A heater below a window: a row of short upright lines between knee and sill.
fn radiator_below(
    camera: &CameraHypothesis,
    segments: &[Segment],
    wall: &Wall,
    window: &Candidate,
    unit: f64,
) -> Option<Candidate> {
    const FEWEST_FINS: usize = 5;
    let margin = 0.25 / unit;
    let (mut along, mut heights, mut fins) = ((f64::INFINITY, f64::NEG_INFINITY), (f64::INFINITY, 0.0f64), 0);
    for (segment, axis) in segments.iter().zip(&camera.axes) {
        if *axis != Some(Axis::Y) {
            continue;
        }
        let ends = [segment.a, segment.b].map(|end| wall.place(camera.camera.ray(end)));
        let [Some(p), Some(q)] = ends else { continue };
        let (bottom, top) = (p.1.min(q.1) * unit, p.1.max(q.1) * unit);
        let is_fin = p.0 > window.along.0 - margin
            && p.0 < window.along.1 + margin
            && bottom > 0.04
            && top < (window.heights.0 * unit).min(1.1)
            && top - bottom > 0.15;
        if is_fin {
            fins += 1;
            along = (along.0.min(p.0), along.1.max(p.0));
            heights = (heights.0.min(bottom / unit), heights.1.max(top / unit));
        }
    }
    let wide = (along.1 - along.0) * unit;
    (fins >= FEWEST_FINS && (0.3..3.0).contains(&wide)).then_some(Candidate {
        along,
        heights,
        rating: 0.0,
        kind: OpeningKind::Radiator,
    })
}

/// Shared area as a share of the smaller rectangle's.
fn overlap(p: &Candidate, q: &Candidate) -> f64 {
    let shared = |a: (f64, f64), b: (f64, f64)| (a.1.min(b.1) - a.0.max(b.0)).max(0.0);
    let area = |c: &Candidate| (c.along.1 - c.along.0) * (c.heights.1 - c.heights.0);
    shared(p.along, q.along) * shared(p.heights, q.heights) / area(p).min(area(q)).max(1e-9)
}

/// The heaviest values at least `apart` apart, ascending.
fn peaks(mut values: Vec<(f64, f64)>, apart: f64) -> Vec<f64> {
    values.sort_by(|p, q| q.1.total_cmp(&p.1).then(p.0.total_cmp(&q.0)));
    let mut kept: Vec<f64> = Vec::new();
    for (value, _) in values {
        if kept.len() < MOST_LINES && kept.iter().all(|other| (other - value).abs() > apart) {
            kept.push(value);
        }
    }
    kept.sort_by(f64::total_cmp);
    kept
}
