//! Measures camera and room against photographs with known truth.
//!
//! `cargo run --release -p vitrine-scene --example eval_rooms -- <folder> [--json] [--pictures <folder>]` reads
//! `<folder>/photos/*.jpg` and `<folder>/truth/<name>.json` and prints a line per photo and a summary. With
//! `--pictures` it also draws what it found. `--mirror` and `--crop` measure mirrored photos and photos without a
//! tenth of their border instead: an engine that only knows these photos by heart fails there. Run by hand: nothing
//! here belongs to the tests.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};
use vitrine_scene::camera::Camera;
use vitrine_scene::geometry::{DVec2, DVec3};
use vitrine_scene::image::{Limits, Photo, decode, shrink_to};
use vitrine_scene::{Analysis, Control, analyze};

fn main() -> Result<(), Box<dyn Error>> {
    let mut folder = None;
    let mut as_json = false;
    let mut pictures = None;
    let mut only = None;
    let mut change = Change::None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => as_json = true,
            "--pictures" => pictures = arguments.next().map(PathBuf::from),
            "--only" => only = arguments.next(),
            "--mirror" => change = Change::Mirror,
            "--crop" => change = Change::Crop,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let folder = folder
        .ok_or("usage: eval_rooms <folder> [--json] [--pictures <folder>] [--only <part of a name>]")?;
    let mut photos: Vec<PathBuf> = std::fs::read_dir(folder.join("photos"))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    photos.retain(|path| path.extension().is_some_and(|extension| extension == "jpg"));
    if let Some(part) = &only {
        photos.retain(|path| path.to_string_lossy().contains(part.as_str()));
    }
    photos.sort();

    if !as_json {
        println!(
            "{:26} {:>6} {:>6} {:>6} {:>5} {:>5} {:>5}  {:16} {:>5}",
            "photo", "IoU", "pixel%", "focal%", "up", "axes", "conf", "refusal", "ms"
        );
    }
    let mut rows = Vec::new();
    for path in &photos {
        let row = measure(path, &folder, change, pictures.as_deref())?;
        if !as_json {
            println!("{}", row.line());
        }
        rows.push(row);
    }
    let summary = summarise(&rows);
    if as_json {
        let photos: Vec<Value> = rows.iter().map(Row::to_json).collect();
        println!(
            "{}",
            serde_json::to_string_pretty(&json!({ "photos": photos, "summary": summary }))?
        );
    } else {
        println!("\n{}", serde_json::to_string_pretty(&summary)?);
    }
    Ok(())
}

#[derive(Default)]
struct Row {
    name: String,
    /// Intersection over union of the floor with the annotated one.
    iou: Option<f64>,
    /// Share of pixels that are floor in one and not in the other, percent.
    pixel_error: Option<f64>,
    focal_error: Option<f64>,
    up_error: Option<f64>,
    axes_error: Option<f64>,
    confidence: f32,
    refusal: Option<String>,
    milliseconds: u128,
    note: String,
}

/// What is done to photo and truth before measuring.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    None,
    Mirror,
    /// A tenth of the width off the left, a twentieth of the height off top and bottom.
    Crop,
}

impl Change {
    fn photo(self, photo: &mut Photo) {
        let (width, height) = photo.rgb.dimensions();
        match self {
            Self::None => {}
            Self::Mirror => photo.rgb = image::imageops::flip_horizontal(&photo.rgb),
            Self::Crop => {
                let (left, top) = (width / 10, height / 20);
                photo.rgb = image::imageops::crop_imm(&photo.rgb, left, top, width - left, height - 2 * top)
                    .to_image();
            }
        }
    }

    fn floor(self, floor: &mut [DVec2], (width, height): (u32, u32)) {
        for p in floor {
            match self {
                Self::None => {}
                Self::Mirror => p.x = f64::from(width) - p.x,
                Self::Crop => *p -= DVec2::new(f64::from(width / 10), f64::from(height / 20)),
            }
        }
    }
}

fn measure(
    path: &Path,
    folder: &Path,
    change: Change,
    pictures: Option<&Path>,
) -> Result<Row, Box<dyn Error>> {
    let name = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let truth: Value =
        serde_json::from_slice(&std::fs::read(folder.join("truth").join(format!("{name}.json")))?)?;
    let mut photo = decode(&std::fs::read(path)?, &Limits::default())?;
    let mut annotated = polygon(&truth["layout"]["floor_polygon_px"]);
    if let Some(floor) = &mut annotated {
        change.floor(floor, photo.rgb.dimensions());
    }
    change.photo(&mut photo);
    let started = Instant::now();
    let outcome = analyze(&photo, &Control::default());
    let mut row = Row {
        name,
        milliseconds: started.elapsed().as_millis(),
        ..Row::default()
    };
    match outcome {
        Err(error) => {
            row.refusal = Some(error.code().to_owned());
            row.iou = annotated.map(|_| 0.0);
        }
        Ok(found) => {
            row.confidence = found.room.confidence;
            row.refusal = found.refusal.as_ref().map(|error| error.code().to_owned());
            row.note = describe(&found);
            if let Some(annotated) = &annotated {
                let (iou, pixel_error) =
                    compare(&found.room.floor_polygon, annotated, photo.rgb.dimensions());
                row.iou = Some(iou);
                row.pixel_error = Some(100.0 * pixel_error);
            }
            if change == Change::None {
                camera_errors(&mut row, &found.camera, &truth["camera"]);
            }
            if let Some(target) = pictures {
                draw(
                    &photo,
                    &found,
                    annotated.as_deref(),
                    &target.join(format!("{}.png", row.name)),
                )?;
            }
        }
    }
    Ok(row)
}

fn describe(found: &Analysis) -> String {
    let room = &found.room;
    format!(
        "f/S {:.2} ({:?} {:.2}) camera {:.2} m, ceiling {:.2}{}, l {:.1} r {:.1} b {:.1}, {} openings, {}+{} ms",
        found.camera.focal / f64::from(found.camera.width.max(found.camera.height)),
        found.camera.source,
        found.camera.focal_sigma,
        room.camera_height,
        room.ceiling_height,
        if room.ceiling_seen { "" } else { "?" },
        room.left.unwrap_or(f64::NAN),
        room.right.unwrap_or(f64::NAN),
        room.back.unwrap_or(f64::NAN),
        room.openings.len(),
        found.camera_ms,
        found.room_ms,
    )
}

fn polygon(value: &Value) -> Option<Vec<DVec2>> {
    value
        .as_array()?
        .iter()
        .map(|p| Some(DVec2::new(p[0].as_f64()?, p[1].as_f64()?)))
        .collect()
}

fn vector(value: &Value) -> Option<DVec3> {
    Some(DVec3::new(
        value[0].as_f64()?,
        value[1].as_f64()?,
        value[2].as_f64()?,
    ))
}

fn camera_errors(row: &mut Row, camera: &Camera, truth: &Value) {
    if let Some(focal) = truth["fx"].as_f64() {
        row.focal_error = Some(100.0 * (camera.focal / focal - 1.0));
    }
    if let Some(up) = vector(&truth["up_in_camera"]) {
        row.up_error = Some(camera.up_in_camera().angle_between(up).to_degrees());
    }
    if let (Some(first), Some(second)) = (
        vector(&truth["horizontal_axes_in_camera"][0]),
        vector(&truth["horizontal_axes_in_camera"][1]),
    ) {
        let angle = |p: DVec3, q: DVec3| {
            p.normalize()
                .dot(q.normalize())
                .abs()
                .min(1.0)
                .acos()
                .to_degrees()
        };
        let (x, z) = (camera.rotation.x_axis, camera.rotation.z_axis);
        let straight = angle(x, first).max(angle(z, second));
        let swapped = angle(x, second).max(angle(z, first));
        row.axes_error = Some(straight.min(swapped));
    }
}

/// `(intersection over union, share of differing pixels)`, on every second pixel in each direction.
fn compare(found: &[DVec2], truth: &[DVec2], (width, height): (u32, u32)) -> (f64, f64) {
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

impl Row {
    fn line(&self) -> String {
        let number = |value: Option<f64>, digits: usize| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
        };
        format!(
            "{:26} {:>6} {:>6} {:>6} {:>5} {:>5} {:>5.2}  {:16} {:>5}  {}",
            self.name,
            number(self.iou, 3),
            number(self.pixel_error, 1),
            number(self.focal_error, 1),
            number(self.up_error, 1),
            number(self.axes_error, 1),
            self.confidence,
            self.refusal.as_deref().unwrap_or("-"),
            self.milliseconds,
            self.note,
        )
    }

    fn to_json(&self) -> Value {
        json!({
            "photo": self.name,
            "iou": self.iou,
            "pixel_error_percent": self.pixel_error,
            "focal_error_percent": self.focal_error,
            "up_error_degrees": self.up_error,
            "axes_error_degrees": self.axes_error,
            "confidence": self.confidence,
            "refusal": self.refusal,
            "milliseconds": self.milliseconds,
        })
    }
}

fn summarise(rows: &[Row]) -> Value {
    let ious: Vec<f64> = rows.iter().filter_map(|row| row.iou).collect();
    let above = |limit: f64| ious.iter().filter(|iou| **iou > limit).count();
    let kept: Vec<f64> = rows
        .iter()
        .filter(|row| row.refusal.is_none())
        .filter_map(|row| row.iou)
        .collect();
    let absolute = |values: Vec<Option<f64>>| values.into_iter().flatten().map(f64::abs).collect::<Vec<_>>();
    // The most confident three quarters, whatever the gate says.
    let mut ranked: Vec<(f32, f64)> = rows
        .iter()
        .filter_map(|row| row.iou.map(|iou| (row.confidence, iou)))
        .collect();
    ranked.sort_by(|p, q| q.0.total_cmp(&p.0));
    ranked.truncate((ious.len() * 3).div_ceil(4));
    json!({
        "annotated": ious.len(),
        "iou_above_0.9": above(0.9),
        "iou_above_0.8": above(0.8),
        "iou_above_0.7": above(0.7),
        "iou_mean": round(ious.iter().sum::<f64>() / ious.len().max(1) as f64),
        "iou_median": median(ious.clone()),
        "pixel_error_mean_percent": mean(rows.iter().filter_map(|row| row.pixel_error)),
        "kept": kept.len(),
        "kept_and_above_0.8": kept.iter().filter(|iou| **iou > 0.8).count(),
        "most_confident_three_quarters": ranked.len(),
        "most_confident_three_quarters_above_0.8": ranked.iter().filter(|(_, iou)| *iou > 0.8).count(),
        "focal_error_median_percent": median(absolute(rows.iter().map(|row| row.focal_error).collect())),
        "up_error_median_degrees": median(absolute(rows.iter().map(|row| row.up_error).collect())),
        "axes_error_median_degrees": median(absolute(rows.iter().map(|row| row.axes_error).collect())),
        "milliseconds_median": median(rows.iter().map(|row| row.milliseconds as f64).collect()),
    })
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0f64), |(sum, count), value| (sum + value, count + 1.0));
    round(sum / count.max(1.0))
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(round(values[middle])),
        _ => Some(round((values[middle - 1] + values[middle]) / 2.0)),
    }
}

/// The photo with the found floor in green, the annotated one in red, the box in blue and openings in yellow.
fn draw(
    photo: &Photo,
    found: &Analysis,
    truth: Option<&[DVec2]>,
    target: &Path,
) -> Result<(), Box<dyn Error>> {
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
    std::fs::create_dir_all(target.parent().unwrap_or(Path::new(".")))?;
    picture.save(target)?;
    Ok(())
}
