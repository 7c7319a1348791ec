//! Renders the catalogue to a PNG for looking at it: `contact_sheet out.png [style] [kind,kind…] [tile] [seed] [log2 samples]`.
//!
//! Style and kinds may be `all`. One or two kinds are shown in every option, more in their first. For a close look at one:
//! `contact_sheet sofa.png modern sofa 900 1 4`. Prints triangles and build time per piece.

use std::time::Instant;

use vitrine_scene::furnish::{Kind, Style};
use vitrine_scene::image::RgbImage;
use vitrine_scene::model::studio::portrait;
use vitrine_scene::model::{Look, build, forms, palettes};

const STYLES: [Style; 5] = [
    Style::Modern,
    Style::Contemporary,
    Style::Traditional,
    Style::Industrial,
    Style::Scandinavian,
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().map_or("contact_sheet.png", String::as_str);
    let word = |text: &str| serde_json::Value::String(text.to_string());
    let number = |i: usize, default: u32| arguments.get(i).and_then(|t| t.parse().ok()).unwrap_or(default);
    let wanted_style: Option<Style> = arguments
        .get(1)
        .and_then(|s| serde_json::from_value(word(s)).ok());
    let wanted: Vec<Kind> = match arguments.get(2) {
        Some(list) if list != "all" => list
            .split(',')
            .filter_map(|k| serde_json::from_value(word(k)).ok())
            .collect(),
        _ => Kind::ALL.to_vec(),
    };
    let (tile, seed, samples) = (number(3, 256), number(4, 1), number(5, 2));
    let every_option = wanted.len() <= 2;
    let styles: Vec<Style> = wanted_style.map_or(STYLES.to_vec(), |s| vec![s]);

    let mut tiles: Vec<RgbImage> = Vec::new();
    for &style in &styles {
        for &kind in &wanted {
            let shown = if every_option { usize::MAX } else { 1 };
            for (i, design) in forms(kind, style).iter().take(shown).enumerate() {
                let all = palettes(style);
                let palette = all[(seed as usize + i) % all.len()];
                let look = Look { style, palette };
                let started = Instant::now();
                let piece = build(&look, design, seed + i as u32);
                let built = started.elapsed();
                tiles.push(portrait(&piece, design.option, tile, samples));
                println!(
                    "{style:?} {kind:?} {}: {} triangles, {}, built in {:.1} ms, shown in {:.0} ms",
                    piece.name,
                    piece.mesh.triangles.len(),
                    piece.size,
                    built.as_secs_f64() * 1e3,
                    (started.elapsed() - built).as_secs_f64() * 1e3,
                );
            }
        }
    }
    let columns = if tiles.len() <= 4 {
        2.min(tiles.len())
    } else if styles.len() > 1 && tiles.len().is_multiple_of(styles.len()) && tiles.len() / styles.len() <= 6
    {
        tiles.len() / styles.len()
    } else {
        (1600 / tile as usize).max(1).min(tiles.len())
    };
    let rows = tiles.len().div_ceil(columns);
    let mut sheet = RgbImage::new(columns as u32 * tile, rows as u32 * tile);
    for (i, picture) in tiles.iter().enumerate() {
        let (left, top) = (
            (i % columns) as i64 * i64::from(tile),
            (i / columns) as i64 * i64::from(tile),
        );
        image::imageops::replace(&mut sheet, picture, left, top);
    }
    if let Err(error) = sheet.save(path) {
        eprintln!("could not write {path}: {error}");
        std::process::exit(1);
    }
}
