//! Stages photos for your own looking.
//!
//! `cargo run -p vitrine-scene --example stage_photo -- [options] <photo>...` writes `<name>.<room type>.<style>.<plan>.png`
//! per photo, room type, style and plan, and prints what was found and how long it took. Rooms the engine would refuse
//! are staged all the same.
//!
//! Options: `--out <folder>` (default `.`), `--room <type>,...` (a type, `auto` or `all`; default `auto`),
//! `--style <style>,...` (a style or `all`; default `modern`), `--plan <1..3>,...` (default 1), `--seed <n>` (default 7),
//! `--side <pixels>` shrinks photos first, `--same-room` gives every photo the furniture of the first,
//! `--masks` writes the changed light too.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use image::GrayImage;
use image::imageops::FilterType;
use serde::de::DeserializeOwned;
use serde_json::Value;
use vitrine_scene::furnish::{Furniture, RoomType, SUPPORTED, Style, check};
use vitrine_scene::image::{Limits, decode};
use vitrine_scene::redecorate::Redecoration;
use vitrine_scene::{Analysis, Control, StageRequest, analyze, stage_in};

#[derive(Default)]
struct Options {
    out: Option<String>,
    rooms: Vec<Option<RoomType>>,
    styles: Vec<Style>,
    plans: Vec<u8>,
    seed: Option<u32>,
    side: Option<u32>,
    is_same_room: bool,
    has_masks: bool,
    photos: Vec<String>,
}

fn word<T: DeserializeOwned>(text: &str) -> Result<T, Box<dyn Error>> {
    Ok(serde_json::from_value(Value::from(text))?)
}

fn text_of(value: impl serde::Serialize) -> String {
    serde_json::json!(value).as_str().unwrap_or_default().to_owned()
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--same-room" => options.is_same_room = true,
            "--masks" => options.has_masks = true,
            name if name.starts_with("--") => {
                let value = arguments.next().ok_or("an option needs a value")?;
                for part in value.split(',') {
                    match (name, part) {
                        ("--out", _) => options.out = Some(part.to_owned()),
                        ("--room", "auto") => options.rooms.push(None),
                        ("--room", "all") => options.rooms.extend(SUPPORTED.map(Some)),
                        ("--room", _) => options.rooms.push(Some(word(part)?)),
                        ("--style", "all") => options.styles.extend([
                            Style::Modern,
                            Style::Contemporary,
                            Style::Traditional,
                            Style::Industrial,
                            Style::Scandinavian,
                        ]),
                        ("--style", _) => options.styles.push(word(part)?),
                        ("--plan", _) => options.plans.push(part.parse()?),
                        ("--seed", _) => options.seed = Some(part.parse()?),
                        ("--side", _) => options.side = Some(part.parse()?),
                        _ => return Err(format!("there is no option {name}").into()),
                    }
                }
            }
            photo => options.photos.push(photo.to_owned()),
        }
    }
    if options.rooms.is_empty() {
        options.rooms.push(None);
    }
    if options.styles.is_empty() {
        options.styles.push(Style::Modern);
    }
    if options.plans.is_empty() {
        options.plans.push(1);
    }
    if options.photos.is_empty() {
        return Err("usage: stage_photo [options] <photo>...".into());
    }
    Ok(options)
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let out = options.out.clone().unwrap_or_else(|| ".".to_owned());
    std::fs::create_dir_all(&out)?;
    let control = Control::default();
    let mut shared: Option<Furniture> = None;
    for path in &options.photos {
        let path = Path::new(path);
        let name = path.file_stem().ok_or("a photo needs a name")?.to_string_lossy();
        let mut photo = decode(&std::fs::read(path)?, &Limits::default())?;
        if let Some(side) = options.side {
            let (width, height) = photo.rgb.dimensions();
            let factor = f64::from(side) / f64::from(width.max(height));
            let scaled = |length: u32| (f64::from(length) * factor) as u32;
            photo.rgb =
                image::imageops::resize(&photo.rgb, scaled(width), scaled(height), FilterType::CatmullRom);
        }
        let analysis = match analyze(&photo, &control) {
            Ok(analysis) => analysis,
            Err(error) => {
                println!("{name}: {error}");
                continue;
            }
        };
        describe(&name, &analysis);
        for room_type in &options.rooms {
            for style in &options.styles {
                for plan in &options.plans {
                    let request = StageRequest {
                        room_type: *room_type,
                        style: *style,
                        seed: options.seed.unwrap_or(7),
                        redecoration: Redecoration::default(),
                        force: true,
                        plan: plan.saturating_sub(1),
                        furniture: shared.clone(),
                        library: None,
                        picture: None,
                    };
                    let room = room_type.map_or("auto".to_owned(), text_of);
                    let title = format!("{name}.{room}.{}.{plan}", text_of(style));
                    let started = Instant::now();
                    let staged = match stage_in(&photo, analysis.clone(), &request, &control) {
                        Ok(staged) => staged,
                        Err(error) => {
                            println!("  {title}: {error}");
                            continue;
                        }
                    };
                    println!(
                        "  {title}: {:?} in {} ms {:?}",
                        staged.room_type,
                        started.elapsed().as_millis(),
                        staged.timings_ms
                    );
                    for placement in &staged.placements {
                        println!("    {} at {:.2}", placement.piece.name, placement.position);
                    }
                    for violation in check(&analysis.room, &analysis.camera, &staged.placements) {
                        println!("    BROKEN {violation:?}");
                    }
                    if options.is_same_room && shared.is_none() {
                        shared = Furniture::of(staged.room_type, &staged.placements);
                    }
                    staged.rgb.save(Path::new(&out).join(format!("{title}.png")))?;
                    if options.has_masks {
                        let (width, height) = staged.rgb.dimensions();
                        let mask = GrayImage::from_raw(width, height, staged.shadow_mask)
                            .ok_or("a mask has a value per pixel")?;
                        mask.save(Path::new(&out).join(format!("{title}.shadow.png")))?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn describe(name: &str, analysis: &Analysis) {
    let room = &analysis.room;
    println!(
        "{name}: refusal {:?}, confidence {:.2}, left {:.1?} right {:.1?} back {:.1?} height {:.2} camera {:.2} obstacles {}",
        analysis.refusal,
        room.confidence,
        room.left,
        room.right,
        room.back,
        room.ceiling_height,
        room.camera_height,
        room.obstacles.len()
    );
    for opening in &room.openings {
        println!(
            "    {:?} on {:?}: {:.2?} heights {:.2?}",
            opening.kind, opening.wall, opening.u, opening.heights
        );
    }
}
