//! New walls and floors for your own looking.
//!
//! `cargo run -p vitrine-scene --example redecorate -- <out folder> <oak|walnut|tile|carpet|-> <#rrggbb|-> <photo>...`
//! writes `<name>.png` and, where the view is tilted, `<name>.straight.png`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use serde_json::Value;
use vitrine_scene::image::{Limits, decode};
use vitrine_scene::redecorate::straighten::Level;
use vitrine_scene::redecorate::{Redecoration, redecorate};
use vitrine_scene::{Control, analyze};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, floor, walls, photos @ ..] = arguments.as_slice() else {
        return Err("usage: redecorate <out folder> <floor|-> <#rrggbb|-> <photo>...".into());
    };
    let wish = Redecoration {
        floor: match floor.as_str() {
            "-" => None,
            name => Some(serde_json::from_value(Value::from(name))?),
        },
        walls: match walls.as_str() {
            "-" => None,
            color => Some(color.parse()?),
        },
    };
    std::fs::create_dir_all(out)?;
    for path in photos {
        let path = Path::new(path);
        let name = path.file_stem().ok_or("a photo needs a name")?.to_string_lossy();
        let photo = decode(&std::fs::read(path)?, &Limits::default())?;
        let control = Control::default();
        let analysis = analyze(&photo, &control)?;
        let started = Instant::now();
        let result = redecorate(&photo.rgb, &analysis.camera, &analysis.room, &wish, 7, &control)?;
        println!("{name}: {} ms", started.elapsed().as_millis());
        result.rgb.save(Path::new(out).join(format!("{name}.png")))?;
        if let Some(level) = Level::of(&analysis.camera) {
            println!("    straightened, zoom {:.2}", level.zoom);
            level
                .picture(&photo.rgb)
                .save(Path::new(out).join(format!("{name}.straight.png")))?;
        }
    }
    Ok(())
}
