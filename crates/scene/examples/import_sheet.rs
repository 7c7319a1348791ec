//! Imports a shortlist and renders every piece once, to be looked at.
//!
//! `cargo run --example import_sheet -- FOLDER SHORTLIST OUT.png [tile] [model,model…]`; the folder holds `.sh3f` files.

use std::collections::BTreeMap;
use std::time::Instant;

use vitrine_scene::image::RgbImage;
use vitrine_scene::model::import::{Asset, ImportError, Library, Limits, import_entry, shortlist};
use vitrine_scene::model::studio::portrait;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(list), Some(out)) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("usage: import_sheet FOLDER SHORTLIST OUT.png [tile] [model,model…]");
        std::process::exit(2);
    };
    let tile: u32 = arguments.next().and_then(|t| t.parse().ok()).unwrap_or(200);
    let only: Vec<String> = arguments
        .next()
        .map(|names| names.split(',').map(str::to_owned).collect())
        .unwrap_or_default();
    if let Err(error) = run(&folder, &list, &out, tile, &only) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn run(
    folder: &str,
    list: &str,
    out: &str,
    tile: u32,
    only: &[String],
) -> Result<(), Box<dyn std::error::Error>> {
    let limits = Limits::default();
    let mut choices = shortlist::parse(&std::fs::read_to_string(list)?)?;
    choices.retain(|choice| only.is_empty() || only.contains(&choice.model));
    let mut files = BTreeMap::new();
    for choice in &choices {
        if !files.contains_key(&choice.library) {
            let bytes = std::fs::read(format!("{folder}/{}.sh3f", choice.library))?;
            files.insert(choice.library.clone(), bytes);
        }
    }
    let mut libraries = BTreeMap::new();
    for (name, bytes) in &files {
        libraries.insert(name, Library::open(bytes, &limits)?);
    }
    let mut tiles = Vec::new();
    for choice in &choices {
        let library = &libraries[&choice.library];
        let entry = library.entries.iter().find(|entry| entry.model == choice.model);
        let entry = entry.ok_or_else(|| ImportError::Missing(choice.model.clone()))?;
        let started = Instant::now();
        let asset = match import_entry(library, entry, Some(choice), &limits) {
            Ok(asset) => asset,
            Err(error) => {
                println!("{}/{}: {error}", choice.library, choice.model);
                continue;
            }
        };
        let imported = started.elapsed();
        let bytes = asset.to_bytes();
        let started = Instant::now();
        let asset = Asset::from_bytes(&bytes)?;
        println!(
            "{}/{}: {} triangles, {} kB, imported in {imported:.1?}, loaded in {:.1?}, {:.2?} m, top {:.2} m; {}",
            choice.library,
            choice.model,
            asset.mesh.triangles.len(),
            bytes.len() / 1024,
            started.elapsed(),
            asset.header.size_m,
            asset.header.top_m,
            asset.header.repairs.join(", ")
        );
        tiles.push(portrait(&asset.piece(None, None), 1, tile, 3));
    }
    println!("{} of {} imported", tiles.len(), choices.len());
    let columns = (1600 / tile).max(1);
    let rows = (tiles.len() as u32).div_ceil(columns);
    let mut sheet = RgbImage::new(columns * tile, rows.max(1) * tile);
    for (number, picture) in tiles.iter().enumerate() {
        let (left, top) = (number as u32 % columns * tile, number as u32 / columns * tile);
        for (x, y, pixel) in picture.enumerate_pixels() {
            sheet.put_pixel(left + x, top + y, *pixel);
        }
    }
    sheet.save(out)?;
    Ok(())
}
