//! A door frame or wall end close to the camera at the picture's border, in front of the room.
//!
//! Photographers stand in doorways. Such a strip belongs to another room and has no part in the box; it shows as an
//! upright line across which the colour changes from the picture's top to its bottom, over wall and floor alike. Being
//! close it is plain: one colour, hardly a line on it. Curtains, wardrobes and windows are not plain and stay.

use super::Obstacle;
use super::tones::Colours;
use crate::camera::{CameraHypothesis, Segment};
use crate::geometry::DVec2;

/// Widest strip, as a share of the picture's width.
const WIDEST: f64 = 0.42;
/// Change of colour across the line: on average, and where it is least but for a seventh of the line.
const MEAN_CHANGE: f64 = 0.85;
const LEAST_CHANGE: f64 = 0.65;
/// How far from the line the two colours are read, in long sides.
const ACROSS: f64 = 0.012;
/// Colour differences (CIE76): most between the strip's parts, least to the floor beside it.
const SAME: f32 = 10.0;
const SPREAD: f32 = 8.0;
const OTHER: f32 = 12.0;
/// Most length of lines on the strip, in long sides per squared long side.
const LINES: f64 = 5.0;
const ROWS: usize = 48;

/// The part of the picture between its left or right border and a nearly upright line.
#[derive(Debug, Clone, Copy)]
pub struct Strip {
    /// Where the line meets the picture's middle height, and its lean (x per y).
    middle: DVec2,
    lean: f64,
    /// x of the border, and the picture's height.
    border: f64,
    height: f64,
}

impl Strip {
    fn at(&self, y: f64) -> f64 {
        self.middle.x + self.lean * (y - self.middle.y)
    }

    /// How far a pixel is from the line, positive on the side away from the border.
    pub fn beyond(&self, pixel: DVec2) -> f64 {
        let inward = if self.border > 0.0 { -1.0 } else { 1.0 };
        inward * (pixel.x - self.at(pixel.y))
    }

    /// As a thing in front of everything, in working pixels.
    pub fn obstacle(&self) -> Obstacle {
        let corner = |x: f64, y: f64| DVec2::new(x, y);
        let (top, bottom) = (self.at(0.0), self.at(self.height));
        Obstacle {
            polygon_px: vec![
                corner(self.border, 0.0),
                corner(top, 0.0),
                corner(bottom, self.height),
                corner(self.border, self.height),
            ],
            footprint: None,
        }
    }
}

/// The strips at the left and right border of a picture.
pub fn near_strips(camera: &CameraHypothesis, segments: &[Segment], colours: &Colours) -> Vec<Strip> {
    let width = f64::from(camera.camera.width);
    [0.0, width]
        .into_iter()
        .filter_map(|border| best_line(camera, colours, border))
        .filter(|strip| is_near(strip, camera, segments, colours))
        .collect()
}

/// The upright line near a border across which the colour changes most steadily.
fn best_line(camera: &CameraHypothesis, colours: &Colours, border: f64) -> Option<Strip> {
    let view = &camera.camera;
    let (width, height) = (f64::from(view.width), f64::from(view.height));
    let side = width.max(height);
    let down = view.rotation.y_axis;
    let mut best: Option<(f64, Strip)> = None;
    let steps = ((WIDEST - 0.02) / 0.005) as u32;
    for step in 0..=steps {
        let x = (border - (0.02 + 0.005 * f64::from(step)) * width).abs();
        let middle = DVec2::new(x, height / 2.0);
        let toward = view.focal * down.truncate() - down.z * (middle - view.center);
        // What is near is not always plumb with the room.
        for turn in -4..=4 {
            let lean = toward.x / toward.y + 0.02 * f64::from(turn);
            let strip = Strip {
                middle,
                lean,
                border,
                height,
            };
            let mut changes = Vec::with_capacity(ROWS);
            for row in 0..ROWS {
                let y = (row as f64 + 0.5) / ROWS as f64 * height;
                let across = DVec2::new(ACROSS * side, 0.0);
                let here = DVec2::new(strip.at(y), y);
                if let (Some(_), Some(_)) = (colours.at(here - across), colours.at(here + across)) {
                    changes.push(colours.difference(here - across, here + across));
                }
            }
            if changes.len() * 10 < ROWS * 9 {
                continue;
            }
            let mean = changes.iter().sum::<f64>() / changes.len() as f64;
            changes.sort_by(f64::total_cmp);
            let least = changes[changes.len() * 15 / 100];
            if mean > MEAN_CHANGE
                && least > LEAST_CHANGE
                && best.is_none_or(|(so_far, _)| mean + least > so_far)
            {
                best = Some((mean + least, strip));
            }
        }
    }
    best.map(|(_, strip)| strip)
}

fn is_near(strip: &Strip, camera: &CameraHypothesis, segments: &[Segment], colours: &Colours) -> bool {
    let view = &camera.camera;
    let (width, height) = (f64::from(view.width), f64::from(view.height));
    let side = width.max(height);
    let (mut low, mut high, mut floor, mut floor_beside, mut all) = (vec![], vec![], vec![], vec![], vec![]);
    for (pixel, lab) in colours.cells() {
        let beyond = strip.beyond(pixel);
        let depression = view.ray(pixel).y;
        if beyond < -0.015 * width {
            all.push(lab);
            if depression > 0.35 {
                low.push(lab);
            } else if depression < 0.0 {
                high.push(lab);
            }
        } else if beyond > 0.015 * width && depression > 0.35 {
            if pixel.y > 0.8 * height {
                floor.push(lab);
            }
            if beyond < 0.12 * width {
                floor_beside.push(lab);
            }
        }
    }
    let medians = [&low, &high, &floor, &floor_beside, &all].map(|cells| median(cells));
    let [Some(low), Some(high), Some(floor), Some(floor_beside), Some(own)] = medians else {
        return false;
    };
    let mut spread: Vec<f32> = all.iter().map(|lab| distance(*lab, own)).collect();
    spread.sort_by(f32::total_cmp);
    let lines: f64 = segments
        .iter()
        .filter(|segment| strip.beyond(segment.middle()) < -0.02 * width)
        .map(|segment| segment.length / side)
        .sum();
    let area = all.len() as f64 * (Colours::CELL as f64 / side).powi(2);
    distance(low, high) < SAME
        && distance(low, floor) > OTHER
        && distance(low, floor_beside) > OTHER
        && spread[spread.len() * 3 / 4] < SPREAD
        && lines < LINES * area
}

pub(super) fn distance(p: [f32; 3], q: [f32; 3]) -> f32 {
    (0..3).map(|k| (p[k] - q[k]).powi(2)).sum::<f32>().sqrt()
}

/// Channel by channel; `None` for a handful of cells.
pub(super) fn median(cells: &[[f32; 3]]) -> Option<[f32; 3]> {
    (cells.len() >= 10).then(|| {
        std::array::from_fn(|k| {
            let mut values: Vec<f32> = cells.iter().map(|lab| lab[k]).collect();
            let middle = values.len() / 2;
            *values.select_nth_unstable_by(middle, f32::total_cmp).1
        })
    })
}
