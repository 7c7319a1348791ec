//! How well a straight edge of the room is supported: by segments of its own direction, and by a change of colour
//! across it.

use super::near::Strip;
use super::tones::Colours;
use crate::camera::{Axis, Camera, CameraHypothesis, Segment};
use crate::geometry::{DVec2, DVec3};

/// Working pixels per cell of the distance maps.
const CELL: f64 = 2.0;
/// Distance at which support has fallen to 1/e, in units of the long side.
const REACH: f64 = 0.006;
/// Distance between samples along an edge, working pixels.
pub const STEP: f64 = 3.0;
/// How far from an edge its two colours are read, in units of the long side.
const ACROSS: f64 = 0.012;
/// What the change of colour counts against segments, and the share of it that shading alone gives.
const CONTRAST_WEIGHT: f64 = 0.8;
const CONTRAST_BY_CHANCE: f64 = 0.35;
/// Where the texture beside an edge is read, in units of the long side.
const BESIDE: [f64; 2] = [0.035, 0.06];

/// How much of an edge is in the picture and how much of that is supported, in units of the long side.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Support {
    pub length: f64,
    pub evidence: f64,
    /// Length weighted with the change of colour across the edge, 0..=1.
    pub contrast: f64,
}

impl Support {
    /// Supported length beyond what chance would give.
    pub fn surplus(self, by_chance: f64) -> f64 {
        self.evidence - by_chance * self.length
    }

    /// As [`Self::surplus`] for an edge between floor and wall, which mostly differ in colour. Lines drawn on one
    /// surface, such as the joints of tiles or a window sill's shadow, do not.
    pub fn floor_surplus(self, by_chance: f64) -> f64 {
        self.surplus(by_chance) + CONTRAST_WEIGHT * (self.contrast - CONTRAST_BY_CHANCE * self.length)
    }

    pub fn plus(self, other: Self) -> Self {
        Self {
            length: self.length + other.length,
            evidence: self.evidence + other.evidence,
            contrast: self.contrast + other.contrast,
        }
    }

    pub fn times(self, factor: f64) -> Self {
        Self {
            length: self.length * factor,
            evidence: self.evidence * factor,
            contrast: self.contrast * factor,
        }
    }

    pub fn share(self) -> f64 {
        if self.length > 1e-6 {
            self.evidence / self.length
        } else {
            0.0
        }
    }
}

/// One map per direction: 1 on a segment of that direction, falling off with the distance from it.
#[derive(Debug, Clone)]
pub struct EvidenceMaps<'a> {
    colours: &'a Colours,
    strips: &'a [Strip],
    columns: usize,
    rows: usize,
    side: f64,
    maps: [Vec<f32>; 3],
}

impl<'a> EvidenceMaps<'a> {
    pub fn new(
        camera: &CameraHypothesis,
        segments: &[Segment],
        colours: &'a Colours,
        strips: &'a [Strip],
    ) -> Self {
        let (width, height) = (f64::from(camera.camera.width), f64::from(camera.camera.height));
        let columns = (width / CELL).ceil() as usize;
        let rows = (height / CELL).ceil() as usize;
        let side = width.max(height);
        let maps = [Axis::X, Axis::Y, Axis::Z].map(|axis| {
            let mut distance = vec![f32::INFINITY; columns * rows];
            for (segment, class) in segments.iter().zip(&camera.axes) {
                if *class == Some(axis) {
                    draw(&mut distance, columns, rows, segment);
                }
            }
            spread(&mut distance, columns, rows);
            let reach = (REACH * side / CELL) as f32;
            distance.iter().map(|d| (-(d / reach).powi(2)).exp()).collect()
        });
        Self {
            colours,
            strips,
            columns,
            rows,
            side,
            maps,
        }
    }

    /// Support at a pixel, 0..=1; 0 outside of the picture.
    pub fn at(&self, axis: Axis, pixel: DVec2) -> f64 {
        let (x, y) = (pixel.x / CELL, pixel.y / CELL);
        if x < 0.0 || y < 0.0 || x >= self.columns as f64 || y >= self.rows as f64 {
            return 0.0;
        }
        f64::from(self.maps[axis as usize][y as usize * self.columns + x as usize])
    }

    /// Support along the straight edge between two points of the room frame.
    pub fn along(&self, camera: &Camera, axis: Axis, from: DVec3, to: DVec3) -> Support {
        match visible_part(camera, from, to) {
            Some((a, b)) => self.between(axis, a, b),
            None => Support::default(),
        }
    }

    /// Supported length beyond chance along an edge, long sides, by segments alone and on samples `stride` pixels apart.
    pub fn glance(
        &self,
        camera: &Camera,
        axis: Axis,
        from: DVec3,
        to: DVec3,
        stride: f64,
        by_chance: f64,
    ) -> f64 {
        let Some((a, b)) = visible_part(camera, from, to) else {
            return 0.0;
        };
        let steps = (a.distance(b) / stride).ceil().max(1.0);
        let step = (b - a) / steps;
        let mut sum = 0.0;
        for index in 0..steps as usize {
            sum += self.at(axis, a + step * (index as f64 + 0.5)) - by_chance;
        }
        sum * step.length() / self.side
    }

    /// Change of colour across lines beside one of pixels and parallel to it: what the picture's texture alone gives. Only
    /// what is in the picture counts.
    pub fn texture_beside(&self, axis: Axis, a: DVec2, b: DVec2) -> Support {
        let across = (b - a).normalize_or_zero().perp() * self.side;
        let mut support = Support::default();
        for offset in BESIDE {
            for sign in [-1.0, 1.0] {
                let shift = across * (sign * offset);
                let reach = (self.columns as f64 * CELL, self.rows as f64 * CELL);
                if let Some((a, b)) = clip(a + shift, b + shift, reach.0, reach.1) {
                    support = support.plus(self.between(axis, a, b));
                }
            }
        }
        support
    }

    /// Support along a line of pixels.
    pub fn between(&self, axis: Axis, a: DVec2, b: DVec2) -> Support {
        let steps = (a.distance(b) / STEP).ceil().max(1.0) as usize;
        let step = (b - a) / steps as f64;
        let mut support = Support::default();
        for index in 0..steps {
            support = support.plus(self.sample(axis, a + step * (index as f64 + 0.5), step));
        }
        support
    }

    /// Support of one step of an edge around a pixel; nothing where the edge is hidden.
    pub fn sample(&self, axis: Axis, pixel: DVec2, step: DVec2) -> Support {
        if self.strips.iter().any(|strip| strip.beyond(pixel) < 0.0) {
            return Support::default();
        }
        let length = step.length() / self.side;
        let across = step.normalize_or_zero().perp() * (ACROSS * self.side);
        Support {
            length,
            evidence: length * self.at(axis, pixel),
            contrast: length * self.colours.difference(pixel - across, pixel + across),
        }
    }
}

/// The part of an edge that is in front of the camera and in the picture, in pixels.
pub fn visible_part(camera: &Camera, from: DVec3, to: DVec3) -> Option<(DVec2, DVec2)> {
    const NEAR: f64 = 0.02;
    let depth = |p: DVec3| (camera.rotation * p).z;
    let (mut from, mut to) = (from, to);
    let (near, far) = (depth(from), depth(to));
    if near < NEAR && far < NEAR {
        return None;
    }
    if near < NEAR {
        from = from.lerp(to, (NEAR - near) / (far - near));
    } else if far < NEAR {
        to = to.lerp(from, (NEAR - far) / (near - far));
    }
    let (a, _) = camera.project(from)?;
    let (b, _) = camera.project(to)?;
    clip(a, b, f64::from(camera.width), f64::from(camera.height))
}

/// Liang and Barsky's clipping of a segment to the picture.
fn clip(a: DVec2, b: DVec2, width: f64, height: f64) -> Option<(DVec2, DVec2)> {
    let d = b - a;
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (slope, room) in [(-d.x, a.x), (d.x, width - a.x), (-d.y, a.y), (d.y, height - a.y)] {
        if slope.abs() < 1e-12 {
            if room < 0.0 {
                return None;
            }
        } else if slope < 0.0 {
            enter = enter.max(room / slope);
        } else {
            leave = leave.min(room / slope);
        }
    }
    (enter < leave).then(|| (a.lerp(b, enter), a.lerp(b, leave)))
}

fn draw(distance: &mut [f32], columns: usize, rows: usize, segment: &Segment) {
    let steps = (segment.length / CELL * 2.0).ceil() as usize;
    for step in 0..=steps {
        let p = segment.a.lerp(segment.b, step as f64 / steps.max(1) as f64) / CELL;
        let (x, y) = (p.x as isize, p.y as isize);
        if (0..columns as isize).contains(&x) && (0..rows as isize).contains(&y) {
            distance[y as usize * columns + x as usize] = 0.0;
        }
    }
}

/// Two-pass chamfer distance (Borgefors 1986), in cells.
fn spread(distance: &mut [f32], columns: usize, rows: usize) {
    const STRAIGHT: f32 = 0.955;
    const DIAGONAL: f32 = 1.369;
    let mut relax = |x: usize, y: usize, steps: [(isize, isize, f32); 4]| {
        let mut best = distance[y * columns + x];
        for (dx, dy, cost) in steps {
            let (nx, ny) = (x as isize + dx, y as isize + dy);
            if (0..columns as isize).contains(&nx) && (0..rows as isize).contains(&ny) {
                best = best.min(distance[ny as usize * columns + nx as usize] + cost);
            }
        }
        distance[y * columns + x] = best;
    };
    for y in 0..rows {
        for x in 0..columns {
            relax(
                x,
                y,
                [
                    (-1, 0, STRAIGHT),
                    (0, -1, STRAIGHT),
                    (-1, -1, DIAGONAL),
                    (1, -1, DIAGONAL),
                ],
            );
        }
    }
    for y in (0..rows).rev() {
        for x in (0..columns).rev() {
            relax(
                x,
                y,
                [
                    (1, 0, STRAIGHT),
                    (0, 1, STRAIGHT),
                    (1, 1, DIAGONAL),
                    (-1, 1, DIAGONAL),
                ],
            );
        }
    }
}
