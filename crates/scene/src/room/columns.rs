//! Columns of the picture: upright planes through the camera, and what the colours along each say about floor and wall.

use super::shape::FloorPlan;
use super::tones::Tones;
use crate::camera::Camera;
use crate::geometry::{DVec2, DVec3};

const COLUMNS: usize = 176;
/// Samples of a column between horizon and border.
const ROWS: usize = 64;

/// One column.
pub struct Column {
    /// Seen from above: `(x, z)`, a unit vector.
    pub direction: DVec2,
    horizon: DVec2,
    /// From the horizon to the picture's border.
    down: DVec2,
    /// Sums of the colours' verdicts from the horizon down, weighted by area.
    sums: Vec<f64>,
}

impl Column {
    /// What the colours say to a floor that ends at a pixel of this column: those below for, those above against it.
    pub fn colours(&self, pixel: DVec2) -> f64 {
        let share = ((pixel.y - self.horizon.y) / self.down.y).clamp(0.0, 1.0);
        let exact = share * ROWS as f64;
        let low = (exact as usize).min(ROWS - 1);
        let above = self.sums[low] + (exact - low as f64) * (self.sums[low + 1] - self.sums[low]);
        self.sums[ROWS] - 2.0 * above
    }
}

/// Columns from the left to the right border, judged by the colours of a plan's floor and walls.
pub fn columns(view: &Camera, tones: &Tones, plan: &FloorPlan) -> Option<Vec<Column>> {
    let (width, height) = (f64::from(view.width), f64::from(view.height));
    let azimuth = |x: f64, y: f64| {
        let ray = view.ray(DVec2::new(x, y));
        ray.x.atan2(ray.z)
    };
    let rows = [0.3, 0.6, 1.0].map(|share| share * height);
    let from = rows
        .iter()
        .map(|y| azimuth(0.0, *y))
        .fold(0.0, f64::min)
        .max(-1.5)
        - 0.01;
    let to = rows
        .iter()
        .map(|y| azimuth(width, *y))
        .fold(0.0, f64::max)
        .min(1.5)
        + 0.01;
    let verdicts = tones.verdicts(view, plan);
    let picture = width * height;
    let mut columns = Vec::with_capacity(COLUMNS);
    for index in 0..COLUMNS {
        let at = from + (to - from) * index as f64 / (COLUMNS - 1) as f64;
        let direction = DVec2::new(at.sin(), at.cos());
        let far = DVec3::new(direction.x, 0.0, direction.y);
        let (horizon, _) = view.project(far)?;
        // The image of an upright plane is straight: one more point tells where it leaves the picture.
        let (below, _) = view.project(far + DVec3::new(0.0, 0.2, 0.0))?;
        let down = (below - horizon) / (below.y - horizon.y).max(1e-6) * (height - horizon.y).max(1.0);
        columns.push(Column {
            direction,
            horizon,
            down,
            sums: Vec::new(),
        });
    }
    for index in 0..COLUMNS {
        let next = columns[(index + 1).min(COLUMNS - 1)].horizon;
        let last = columns[index.saturating_sub(1)].horizon;
        let column = &mut columns[index];
        let area = column.down.y / ROWS as f64 * (next - last).length() / 2.0 / picture;
        let mut sum = 0.0;
        column.sums.push(0.0);
        for row in 0..ROWS {
            let pixel = column.horizon + column.down * ((row as f64 + 0.5) / ROWS as f64);
            sum += area * tones.verdict_at(&verdicts, view, pixel);
            column.sums.push(sum);
        }
    }
    Some(columns)
}
