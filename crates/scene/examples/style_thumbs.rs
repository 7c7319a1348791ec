//! Draws the small pictures of the style picker: one rendered room of ours, furnished in every style.
//!
//! `cargo run --release -p vitrine-scene --example style_thumbs -- <photo> <out folder>` writes `<style>.jpg`, 480 pixels
//! wide. `make style-thumbs` calls it.

use std::error::Error;
use std::path::Path;

use serde_json::json;
use vitrine_scene::furnish::{RoomType, Style};
use vitrine_scene::image::{Disclosure, Limits, Photo, decode, encode_jpeg, resize};
use vitrine_scene::redecorate::Redecoration;
use vitrine_scene::{Control, StageRequest, analyze, stage_in};

/// Staged at this width, then halved: edges are finer than at the final size.
const DRAWN: u32 = 960;
const SHOWN: u32 = 480;
const QUALITY: u8 = 80;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [photo, out] = arguments.as_slice() else {
        return Err("usage: style_thumbs <photo> <out folder>".into());
    };
    let photo = decode(&std::fs::read(photo)?, &Limits::default())?;
    let height = |width: u32| width * photo.rgb.height() / photo.rgb.width();
    let photo = Photo {
        rgb: resize(&photo.rgb, DRAWN, height(DRAWN))?,
        ..photo.clone()
    };
    let control = Control::default();
    let analysis = analyze(&photo, &control)?;
    std::fs::create_dir_all(out)?;
    for style in [
        Style::Modern,
        Style::Contemporary,
        Style::Traditional,
        Style::Industrial,
        Style::Scandinavian,
    ] {
        let request = StageRequest {
            room_type: Some(RoomType::LivingRoom),
            style,
            seed: 11,
            redecoration: Redecoration::default(),
            force: true,
            plan: 0,
            furniture: None,
            library: None,
            picture: None,
        };
        let staged = stage_in(&photo, analysis.clone(), &request, &control)?;
        let small = resize(&staged.rgb, SHOWN, height(SHOWN))?;
        let name = json!(style).as_str().unwrap_or_default().to_owned();
        let path = Path::new(out).join(format!("{name}.jpg"));
        std::fs::write(&path, encode_jpeg(&small, QUALITY, Some(&Disclosure::default()))?)?;
        println!("{}: {} pieces", path.display(), staged.placements.len());
    }
    Ok(())
}
