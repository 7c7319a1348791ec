//! Pictures to judge by eye: what was found drawn over the photo, and a contact sheet of all of them.

use std::error::Error;
use std::path::Path;

use image::{RgbImage, imageops};
use vitrine_scene::Analysis;
use vitrine_scene::geometry::{DVec2, DVec3};
use vitrine_scene::image::{Photo, shrink_to};

use crate::{Row, label};

/// Width of a picture on the contact sheet.
const TILE: u32 = 640;

/// The photo with the found floor in green, the annotated one in red, the box in blue and openings in yellow.
pub fn draw(photo: &Photo, found: &Analysis, truth: Option<&[DVec2]>) -> Result<RgbImage, Box<dyn Error>> {
    let mut picture = shrink_to(&photo.rgb, 1000)?;
    let scale = f64::from(picture.width()) / f64::from(photo.rgb.width());
    let mut line = |a: DVec2, b: DVec2, colour: [u8; 3]| {
        let steps = (a.distance(b) * scale).ceil().clamp(1.0, 5000.0) as usize;
        for step in 0..=steps {
            let p = a.lerp(b, step as f64 / steps as f64) * scale;
            for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)] {
                let (x, y) = (p.x + dx, p.y + dy);
                if x >= 0.0 && y >= 0.0 && x < f64::from(picture.width()) && y < f64::from(picture.height()) {
                    picture.put_pixel(x as u32, y as u32, colour.into());
                }
            }
        }
    };
    let mut outline = |points: &[DVec2], colour: [u8; 3]| {
        for (index, p) in points.iter().enumerate() {
            line(*p, points[(index + 1) % points.len()], colour);
        }
    };
    if let Some(truth) = truth {
        outline(truth, [255, 40, 40]);
    }
    for opening in &found.room.openings {
        outline(&found.room.opening_polygon(&found.camera, opening), [250, 220, 0]);
    }
    for obstacle in &found.room.obstacles {
        outline(&obstacle.polygon_px, [255, 0, 255]);
    }
    outline(&found.room.floor_polygon, [0, 230, 60]);
    let room = &found.room;
    let (left, right, back) = room.extent();
    let (floor, ceiling) = (room.camera_height, room.camera_height - room.ceiling_height);
    let corner = |x: f64, y: f64, z: f64| DVec3::new(x, y, z);
    let mut edge = |from: DVec3, to: DVec3| {
        let points: Vec<DVec2> = (0..=200)
            .filter_map(|t| {
                found
                    .camera
                    .project(from.lerp(to, f64::from(t) / 200.0))
                    .map(|p| p.0)
            })
            .collect();
        for pair in points.windows(2) {
            if pair[0].length() < 1e5 && pair[1].length() < 1e5 {
                line(pair[0], pair[1], [40, 90, 255]);
            }
        }
    };
    for y in [floor, ceiling] {
        edge(corner(left, y, back), corner(right, y, back));
        edge(corner(left, y, back), corner(left, y, 0.05));
        edge(corner(right, y, back), corner(right, y, 0.05));
    }
    edge(corner(left, floor, back), corner(left, ceiling, back));
    edge(corner(right, floor, back), corner(right, ceiling, back));
    Ok(picture)
}

/// Rows of photo, wire box and staged photo under a line that says what the engine thinks of them.
pub struct ContactSheet {
    rows: Vec<RgbImage>,
}

impl ContactSheet {
    pub fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Adds a row; where the engine did not stage the photo the third picture is dark.
    pub fn add(&mut self, photo: &Photo, drawn: &RgbImage, row: &Row) -> Result<(), Box<dyn Error>> {
        let staged = row.staging.as_ref().map(|staging| shrink_to(&staging.rgb, TILE));
        let (verdict, colour) = match (&row.refusal, &row.staging) {
            (Some(code), _) => (code.as_str(), [150, 40, 40]),
            (None, Some(_)) => ("staged", [30, 110, 50]),
            (None, None) => ("kept but not staged", [150, 100, 20]),
        };
        let shared = row.iou.map_or(String::new(), |iou| format!("  floor {iou:.2}"));
        let text = format!("{}  {verdict}  sure {:.2}{shared}", row.name, row.confidence);
        let tiles = [
            shrink_to(&photo.rgb, TILE)?,
            shrink_to(drawn, TILE)?,
            staged.unwrap_or_else(|| Ok(RgbImage::from_pixel(TILE, TILE / 2, [60, 60, 60].into())))?,
        ];
        let height = tiles.iter().map(RgbImage::height).max().unwrap_or(0);
        let mut picture = RgbImage::new(3 * TILE, label::HEIGHT + height);
        label::write(&mut picture, &text, colour);
        for (tile, x) in tiles.iter().zip([0, TILE, 2 * TILE]) {
            imageops::replace(&mut picture, tile, i64::from(x), i64::from(label::HEIGHT));
        }
        self.rows.push(picture);
        Ok(())
    }

    pub fn save(&self, target: &Path) -> Result<(), Box<dyn Error>> {
        let height: u32 = self.rows.iter().map(RgbImage::height).sum();
        let mut sheet = RgbImage::new(3 * TILE, height.max(1));
        let mut y = 0;
        for row in &self.rows {
            imageops::replace(&mut sheet, row, 0, i64::from(y));
            y += row.height();
        }
        sheet.save(target)?;
        Ok(())
    }
}
