//! Measures camera and room against photographs with known truth.
//!
//! `cargo run --release -p vitrine-scene --example eval_rooms -- <folder> [--json] [--pictures <folder> [--sheet]]` reads
//! `<folder>/photos/*.jpg` and `<folder>/truth/<name>.json` and prints a line per photo, a summary and the table of
//! measures with their targets; a folder laid out as York Urban's is read as well. Every photo that the engine keeps is
//! staged, and light and scale are measured in rooms of our own; `--geometry` leaves both out. With `--pictures` it also
//! draws what it found, with `--sheet` a contact sheet of photo, wire box and staged photo. `--mirror`, `--crop` and
//! `--vary <number>` measure mirrored photos, photos without a tenth of their border and random crops instead: an engine
//! that only knows these photos by heart fails there. Run by hand: nothing here belongs to the tests.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};
use vitrine_scene::camera::Camera;
use vitrine_scene::geometry::DVec3;
use vitrine_scene::image::{Limits, Photo, decode};
use vitrine_scene::{Analysis, Control, analyze};

mod known;
mod label;
mod matlab;
mod measures;
mod picture;
#[path = "../../tests/it/rendering_support.rs"]
mod rendering_support;
#[path = "../../tests/it/shadow_quality.rs"]
mod shadow_quality;
mod staging;
#[path = "../../tests/it/synthetic.rs"]
#[expect(dead_code, reason = "only whole rooms are measured here")]
mod synthetic;
#[path = "../../tests/it/true_light.rs"]
#[expect(dead_code, reason = "eval_light prints case by case")]
mod true_light;
mod truth;
mod york;

use measures::{measures, table};
use picture::{ContactSheet, draw};
use truth::{Case, Change, cases, compare, polygon, vector};

fn main() -> Result<(), Box<dyn Error>> {
    let mut folder = None;
    let mut as_json = false;
    let mut pictures = None;
    let mut only = None;
    let mut has_sheet = false;
    let mut is_staged = true;
    let mut change = Change::None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => as_json = true,
            "--pictures" => pictures = arguments.next().map(PathBuf::from),
            "--sheet" => has_sheet = true,
            "--geometry" => is_staged = false,
            "--only" => only = arguments.next(),
            "--mirror" => change = Change::Mirror,
            "--crop" => change = Change::Crop,
            "--vary" => change = Change::Vary(arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1)),
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let folder = folder
        .ok_or("usage: eval_rooms <folder> [--json] [--pictures <folder>] [--only <part of a name>]")?;
    let mut cases = cases(&folder)?;
    if let Some(part) = &only {
        cases.retain(|case| case.name.contains(part.as_str()));
    }

    if !as_json {
        println!(
            "{:26} {:>6} {:>6} {:>6} {:>5} {:>5} {:>5}  {:16} {:>5}",
            "photo", "IoU", "pixel%", "focal%", "up", "axes", "conf", "refusal", "ms"
        );
    }
    let mut rows = Vec::new();
    let mut sheet = ContactSheet::new();
    for case in &cases {
        let row = measure(
            case,
            change,
            is_staged,
            pictures.as_deref(),
            has_sheet.then_some(&mut sheet),
        )?;
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
        if matches!(change, Change::None | Change::Mirror) {
            let known = is_staged.then(known::measure);
            println!("\n{}", table(&measures(&rows, known.as_ref())));
        }
    }
    if let Some(target) = pictures.filter(|_| has_sheet) {
        sheet.save(&target.join("contact_sheet.jpg"))?;
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
    /// Degrees between the room's three directions and the labelled ones, focal length unknown and given.
    vanishing: Vec<f64>,
    vanishing_given: Vec<f64>,
    /// Relative error of a height of camera or ceiling that the truth file names in metres.
    scale_error: Option<f64>,
    staging: Option<staging::Staging>,
    fuzz: Fuzz,
    milliseconds: u128,
    note: String,
}

/// What became of damaged variants of a photo.
#[derive(Default)]
struct Fuzz {
    tried: u32,
    answered: u32,
    kept_upside_down: u32,
}

fn measure(
    case: &Case,
    change: Change,
    is_staged: bool,
    pictures: Option<&Path>,
    sheet: Option<&mut ContactSheet>,
) -> Result<Row, Box<dyn Error>> {
    let (name, truth) = (case.name.clone(), &case.truth);
    let bytes = std::fs::read(&case.photo)?;
    let mut photo = decode(&bytes, &Limits::default())?;
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
            if let Some(camera) = change.camera(&truth["camera"]) {
                camera_errors(&mut row, &found.camera, &camera);
                row.vanishing_given = with_focal_given(&photo, &camera);
            }
            row.scale_error = scale_error(&found, truth);
            if change == Change::None {
                row.fuzz = fuzz(&photo, &bytes);
                if is_staged && found.refusal.is_none() {
                    row.staging = staging::measure(&bytes)?;
                }
            }
            if let Some(target) = pictures {
                std::fs::create_dir_all(target)?;
                let drawn = draw(&photo, &found, annotated.as_deref())?;
                drawn.save(target.join(format!("{}.png", row.name)))?;
                if let Some(sheet) = sheet {
                    sheet.add(&photo, &drawn, &row)?;
                }
            }
        }
    }
    Ok(row)
}

/// Against the heights that a truth file may name; none of the thirty photos' does.
fn scale_error(found: &Analysis, truth: &Value) -> Option<f64> {
    let camera = truth["camera"]["height_m"].as_f64();
    let ceiling = truth["layout"]["ceiling_height_m"].as_f64();
    camera
        .map(|height| found.room.camera_height / height - 1.0)
        .or_else(|| ceiling.map(|height| found.room.ceiling_height / height - 1.0))
}

/// Errors of the vanishing points when the engine is told the focal length, as metadata would.
fn with_focal_given(photo: &Photo, truth: &Value) -> Vec<f64> {
    let (width, height) = (f64::from(photo.rgb.width()), f64::from(photo.rgb.height()));
    let Some(focal) = truth["fx"]
        .as_f64()
        .filter(|_| truth["horizontal_axes_in_camera"].is_array())
    else {
        return Vec::new();
    };
    let told = Photo {
        focal_35mm: Some(focal / width.hypot(height) * 43.27),
        ..photo.clone()
    };
    analyze(&told, &Control::default())
        .map_or_else(|_| Vec::new(), |found| vanishing_errors(&found.camera, truth))
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

fn camera_errors(row: &mut Row, camera: &Camera, truth: &Value) {
    if let Some(focal) = truth["fx"].as_f64() {
        row.focal_error = Some(100.0 * (camera.focal / focal - 1.0));
    }
    if let Some(up) = vector(&truth["up_in_camera"]) {
        row.up_error = Some(camera.up_in_camera().angle_between(up).to_degrees());
    }
    row.vanishing = vanishing_errors(camera, truth);
    row.axes_error = row.vanishing.iter().skip(1).copied().reduce(f64::max);
}

/// Degrees between up and both horizontal directions and the labelled ones; empty without labels.
fn vanishing_errors(camera: &Camera, truth: &Value) -> Vec<f64> {
    let labels = &truth["horizontal_axes_in_camera"];
    let (Some(up), Some(first), Some(second)) = (
        vector(&truth["up_in_camera"]),
        vector(&labels[0]),
        vector(&labels[1]),
    ) else {
        return Vec::new();
    };
    let angle = |p: DVec3, q: DVec3| {
        p.normalize()
            .dot(q.normalize())
            .abs()
            .min(1.0)
            .acos()
            .to_degrees()
    };
    let (x, z) = (camera.rotation.x_axis, camera.rotation.z_axis);
    let (straight, swapped) = (
        [angle(x, first), angle(z, second)],
        [angle(x, second), angle(z, first)],
    );
    let horizontal = if straight[0] + straight[1] < swapped[0] + swapped[1] {
        straight
    } else {
        swapped
    };
    vec![angle(camera.up_in_camera(), up), horizontal[0], horizontal[1]]
}

/// Crops, a half turn and a cut-off file: each must end in an answer.
fn fuzz(photo: &Photo, bytes: &[u8]) -> Fuzz {
    let mut result = Fuzz::default();
    let mut photos = Vec::new();
    for number in [101, 102] {
        let mut crop = photo.clone();
        Change::Vary(number).photo(&mut crop);
        photos.push((crop, false));
    }
    let mut turned = photo.clone();
    turned.rgb = image::imageops::rotate180(&photo.rgb);
    photos.push((turned, true));
    for (changed, is_upside_down) in photos {
        result.tried += 1;
        if let Ok(outcome) = std::panic::catch_unwind(|| analyze(&changed, &Control::default())) {
            result.answered += 1;
            let is_kept = outcome.is_ok_and(|found| found.refusal.is_none());
            result.kept_upside_down += u32::from(is_kept && is_upside_down);
        }
    }
    for end in [10, bytes.len() / 3] {
        result.tried += 1;
        let outcome = std::panic::catch_unwind(|| decode(&bytes[..end], &Limits::default()).map(|_| ()));
        result.answered += u32::from(outcome.is_ok());
    }
    result
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

fn median(values: Vec<f64>) -> Option<f64> {
    measures::median(values).map(round)
}
