//! What is known about the photographs, and what is done to photo and truth alike before measuring.

use std::error::Error;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vitrine_scene::geometry::{DVec2, DVec3};
use vitrine_scene::image::Photo;

use super::york;

/// A photograph and what is known of it.
pub struct Case {
    pub name: String,
    pub photo: PathBuf,
    pub truth: Value,
}

/// The photographs of a folder in the order of their names: `photos/<name>.jpg` with `truth/<name>.json`, or
/// `<name>/<name>.jpg` with MATLAB files as York Urban has them.
pub fn cases(folder: &Path) -> Result<Vec<Case>, Box<dyn Error>> {
    let own = folder.join("photos");
    let has_own = own.is_dir();
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(if has_own { &own } else { folder })? {
        let path = entry?.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if has_own {
            if path.extension().is_some_and(|extension| extension == "jpg") {
                let truth = std::fs::read(folder.join("truth").join(format!("{name}.json")))?;
                cases.push(Case {
                    truth: serde_json::from_slice(&truth)?,
                    photo: path,
                    name,
                });
            }
        } else if let Some(truth) = york::truth(folder, &name)? {
            cases.push(Case {
                photo: path.join(format!("{name}.jpg")),
                truth,
                name,
            });
        }
    }
    cases.sort_by(|p, q| p.name.cmp(&q.name));
    Ok(cases)
}

/// What is done to photo and truth before measuring.
#[derive(Clone, Copy, PartialEq)]
pub enum Change {
    None,
    Mirror,
    /// A tenth of the width off the left, a twentieth of the height off top and bottom.
    Crop,
    /// Some other crop, mirrored for odd numbers.
    Vary(u32),
}

/// Pixels that variation `number` cuts off: left, top, right, bottom.
fn cuts(number: u32, (width, height): (u32, u32)) -> [u32; 4] {
    std::array::from_fn(|edge| {
        let mut h = (number * 4 + edge as u32).wrapping_mul(0x9E37_79B1);
        h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
        h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
        let share = f64::from((h ^ (h >> 15)) >> 8) / f64::from(1u32 << 24);
        (share * 0.16 * f64::from(if edge % 2 == 0 { width } else { height })) as u32
    })
}

impl Change {
    pub fn photo(self, photo: &mut Photo) {
        let (width, height) = photo.rgb.dimensions();
        match self {
            Self::None => {}
            Self::Mirror => photo.rgb = image::imageops::flip_horizontal(&photo.rgb),
            Self::Crop => {
                let (left, top) = (width / 10, height / 20);
                photo.rgb = image::imageops::crop_imm(&photo.rgb, left, top, width - left, height - 2 * top)
                    .to_image();
            }
            Self::Vary(number) => {
                let [left, top, right, bottom] = cuts(number, (width, height));
                photo.rgb = image::imageops::crop_imm(
                    &photo.rgb,
                    left,
                    top,
                    width - left - right,
                    height - top - bottom,
                )
                .to_image();
                if number % 2 == 1 {
                    photo.rgb = image::imageops::flip_horizontal(&photo.rgb);
                }
            }
        }
    }

    /// The true camera of the changed photo; `None` for crops, whose principal point is not where an engine that is
    /// told nothing expects it.
    pub fn camera(self, camera: &Value) -> Option<Value> {
        let mut camera = camera.clone();
        match self {
            Self::None => {}
            Self::Mirror => {
                for direction in [
                    "/up_in_camera/0",
                    "/horizontal_axes_in_camera/0/0",
                    "/horizontal_axes_in_camera/1/0",
                ] {
                    if let Some(x) = camera.pointer_mut(direction) {
                        *x = (-x.as_f64().unwrap_or(0.0)).into();
                    }
                }
            }
            Self::Crop | Self::Vary(_) => return None,
        }
        Some(camera)
    }

    pub fn floor(self, floor: &mut [DVec2], (width, height): (u32, u32)) {
        for p in floor {
            match self {
                Self::None => {}
                Self::Mirror => p.x = f64::from(width) - p.x,
                Self::Vary(number) => {
                    let [left, top, right, _] = cuts(number, (width, height));
                    *p -= DVec2::new(f64::from(left), f64::from(top));
                    if number % 2 == 1 {
                        p.x = f64::from(width - left - right) - p.x;
                    }
                }
                Self::Crop => *p -= DVec2::new(f64::from(width / 10), f64::from(height / 20)),
            }
        }
    }
}

pub fn polygon(value: &Value) -> Option<Vec<DVec2>> {
    value
        .as_array()?
        .iter()
        .map(|p| Some(DVec2::new(p[0].as_f64()?, p[1].as_f64()?)))
        .collect()
}

pub fn vector(value: &Value) -> Option<DVec3> {
    Some(DVec3::new(
        value[0].as_f64()?,
        value[1].as_f64()?,
        value[2].as_f64()?,
    ))
}

/// `(intersection over union, share of differing pixels)`, on every second pixel in each direction.
pub fn compare(found: &[DVec2], truth: &[DVec2], (width, height): (u32, u32)) -> (f64, f64) {
    let (mut both, mut either, mut all) = (0u64, 0u64, 0u64);
    for y in (0..height).step_by(2) {
        let row = f64::from(y) + 0.5;
        let (in_found, in_truth) = (crossings(found, row), crossings(truth, row));
        for x in (0..width).step_by(2) {
            let column = f64::from(x) + 0.5;
            let is_inside = |at: &[f64]| at.iter().filter(|c| **c < column).count() % 2 == 1;
            let (p, q) = (is_inside(&in_found), is_inside(&in_truth));
            both += u64::from(p && q);
            either += u64::from(p || q);
            all += 1;
        }
    }
    let iou = if either == 0 {
        0.0
    } else {
        both as f64 / either as f64
    };
    (iou, (either - both) as f64 / all.max(1) as f64)
}

fn crossings(polygon: &[DVec2], y: f64) -> Vec<f64> {
    (0..polygon.len())
        .filter_map(|index| {
            let (p, q) = (polygon[index], polygon[(index + 1) % polygon.len()]);
            ((p.y > y) != (q.y > y)).then(|| p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x))
        })
        .collect()
}
