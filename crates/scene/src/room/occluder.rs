//! A door frame or wall end close to the camera at the picture's border, in front of the floor.
//!
//! Photographers stand in doorways. The box search cannot see such a strip, because it belongs to another room;
//! it shows as one long upright line beyond which the picture keeps one colour from the floor's height upwards.

use super::Obstacle;
use super::evidence::EvidenceMaps;
use super::shape::{Face, FloorPlan, cut};
use super::tones::Colours;
use crate::camera::{Axis, Camera, CameraHypothesis, Segment};
use crate::geometry::{DVec2, DVec3};

/// Least length of the upright line, in long sides.
const LONG: f64 = 0.22;
/// Widest strip, as a share of the picture's width.
const WIDEST: f64 = 0.4;
/// Share of the line, over the floor, that lines must support and across which the colour must change.
const SUPPORTED: f64 = 0.5;
/// Colour differences (CIE76) at which two areas are one surface, and at which they are not.
const SAME: f64 = 14.0;
const OTHER: f64 = 14.0;

/// Cuts strips at the left and right border off a floor outline; also returns the strips, in working pixels.
pub fn cut_occluders(
    camera: &CameraHypothesis,
    segments: &[Segment],
    maps: &EvidenceMaps,
    colours: &Colours,
    plan: &FloorPlan,
    outline: Vec<DVec2>,
) -> (Vec<DVec2>, Vec<Obstacle>) {
    let view = &camera.camera;
    let (width, side) = (f64::from(view.width), f64::from(view.width.max(view.height)));
    let mut outline = outline;
    let mut strips = Vec::new();
    for border in [0.0, width] {
        let strip = segments
            .iter()
            .zip(&camera.axes)
            .filter(|(segment, axis)| **axis == Some(Axis::Y) && segment.length > LONG * side)
            .filter(|(segment, _)| (segment.middle().x - border).abs() < WIDEST * width)
            .filter_map(|(segment, _)| Strip::new(view, segment, border))
            .filter(|strip| strip.hides_floor(view, maps, colours, plan))
            .max_by(|p, q| p.width().total_cmp(&q.width()));
        if let Some(strip) = strip {
            outline = cut(&outline, |pixel| strip.beyond(pixel));
            strips.push(Obstacle {
                polygon_px: strip.outline(),
                footprint: None,
            });
        }
    }
    (outline, strips)
}

/// The line through a segment from the picture's top to its bottom edge.
struct Strip {
    top: DVec2,
    bottom: DVec2,
    border: f64,
}

impl Strip {
    fn new(view: &Camera, segment: &Segment, border: f64) -> Option<Self> {
        let slope = (segment.b.x - segment.a.x) / (segment.b.y - segment.a.y);
        let at = |y: f64| DVec2::new(segment.a.x + slope * (y - segment.a.y), y);
        let height = f64::from(view.height);
        slope.is_finite().then(|| Self {
            top: at(0.0),
            bottom: at(height - 1.0),
            border,
        })
    }

    fn at(&self, y: f64) -> f64 {
        self.top.x + (self.bottom.x - self.top.x) * (y - self.top.y) / (self.bottom.y - self.top.y)
    }

    fn width(&self) -> f64 {
        (self.bottom.x - self.border).abs()
    }

    fn outline(&self) -> Vec<DVec2> {
        let corner = |y: f64| DVec2::new(self.border, y);
        vec![corner(self.top.y), self.top, self.bottom, corner(self.bottom.y)]
    }

    /// Positive on the side away from the border.
    fn beyond(&self, pixel: DVec2) -> f64 {
        let inward = if self.border > 0.0 { -1.0 } else { 1.0 };
        inward * (pixel.x - self.at(pixel.y))
    }

    fn hides_floor(&self, view: &Camera, maps: &EvidenceMaps, colours: &Colours, plan: &FloorPlan) -> bool {
        let height = f64::from(view.height);
        let is_floor = |pixel: DVec2| plan.face(view.ray(pixel)) == Face::Floor;
        let rows: Vec<f64> = (0..24)
            .map(|row| height * (f64::from(row) + 0.5) / 24.0)
            .collect();
        let Some(start) = rows
            .iter()
            .copied()
            .find(|y| is_floor(DVec2::new(self.at(*y), *y)))
        else {
            return false;
        };
        let line = maps.between(Axis::Y, DVec2::new(self.at(start), start), self.bottom);
        if line.length < 0.1 || line.share() < SUPPORTED || line.contrast < SUPPORTED * line.length {
            return false;
        }
        let mean = |from: f64, to: f64, low: f64, high: f64| -> Option<DVec3> {
            let (mut sum, mut count) = (DVec3::ZERO, 0.0);
            for y in rows.iter().copied().filter(|y| (low..high).contains(y)) {
                for step in 0..6 {
                    let t = (f64::from(step) + 0.5) / 6.0;
                    let x = self.at(y) + from + t * (to - from);
                    if let Some(lab) = colours.at(DVec2::new(x, y)) {
                        sum += DVec3::new(f64::from(lab[0]), f64::from(lab[1]), f64::from(lab[2]));
                        count += 1.0;
                    }
                }
            }
            (count >= 6.0).then(|| sum / count)
        };
        let inward = if self.border > 0.0 { -1.0 } else { 1.0 };
        let reach = 0.08 * f64::from(view.width);
        let low = mean(-inward * 0.01 * reach, -inward * reach, start, height);
        let high = mean(-inward * 0.01 * reach, -inward * reach, 0.35 * start, start);
        let floor = mean(inward * 0.2 * reach, inward * reach, start, height);
        match (low, high, floor) {
            (Some(low), Some(high), Some(floor)) => low.distance(high) < SAME && low.distance(floor) > OTHER,
            _ => false,
        }
    }
}
