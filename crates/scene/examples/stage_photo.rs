//! Stages photos for your own looking.
//!
//! `cargo run --release -p vitrine-scene --example stage_photo -- <out folder> <room type|auto> <style> <photo>...` writes
//! `<name>.png` and `<name>.shadow.png` per photo and prints what was found and how long it took. Rooms the engine would
//! refuse are staged all the same.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use image::GrayImage;
use serde_json::Value;
use vitrine_scene::furnish::{RoomType, Style};
use vitrine_scene::image::{Limits, decode};
use vitrine_scene::light::Light;
use vitrine_scene::{Control, StageRequest, stage};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, room_type, style, photos @ ..] = arguments.as_slice() else {
        return Err("usage: stage_photo <out folder> <room type|auto> <style> <photo>...".into());
    };
    let room_type: Option<RoomType> = match room_type.as_str() {
        "auto" => None,
        name => Some(serde_json::from_value(Value::from(name))?),
    };
    let style: Style = serde_json::from_value(Value::from(style.as_str()))?;
    std::fs::create_dir_all(out)?;
    for path in photos {
        let path = Path::new(path);
        let name = path.file_stem().ok_or("a photo needs a name")?.to_string_lossy();
        let photo = decode(&std::fs::read(path)?, &Limits::default())?;
        let started = Instant::now();
        let request = StageRequest {
            room_type,
            style,
            seed: 7,
            force: true,
        };
        let staged = match stage(&photo, &request, &Control::default()) {
            Ok(staged) => staged,
            Err(error) => {
                println!("{name}: {error}");
                continue;
            }
        };
        let (width, height) = photo.rgb.dimensions();
        println!(
            "{name} {width}x{height}: {} ms {:?}",
            started.elapsed().as_millis(),
            staged.timings_ms
        );
        println!(
            "    refusal {:?}, confidence {:.2}",
            staged.analysis.refusal, staged.analysis.room.confidence
        );
        for placement in &staged.placements {
            println!("    {} at {:.2}", placement.piece.name, placement.position);
        }
        let light = Light::from_photo(&photo.rgb, &staged.analysis.camera, &staged.analysis.room);
        println!("    {:?} {:?}", light.solution, light.gloss);
        for emitter in &light.emitters {
            println!(
                "    {:?} {:.2} m2, gain {:.1}, at {:.2}",
                emitter.kind,
                emitter.area,
                emitter.gain,
                emitter.center()
            );
        }
        staged.rgb.save(Path::new(out).join(format!("{name}.png")))?;
        let mask =
            GrayImage::from_raw(width, height, staged.shadow_mask).ok_or("a mask has a value per pixel")?;
        mask.save(Path::new(out).join(format!("{name}.shadow.png")))?;
    }
    Ok(())
}
