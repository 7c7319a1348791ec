//! What somebody waits for who drags a piece: the first preview of a photo, and those that follow it.

use std::borrow::Cow;

use vitrine_scene::furnish::{Placement, RoomType};
use vitrine_scene::image::encode_jpeg;
use vitrine_scene::{Control, Prepared, Quality};

use super::measure::{Laps, cpu_seconds};
use super::sample;

const WIDTH: u32 = 960;
const STEPS: usize = 10;

/// What one kind of preview took.
pub struct Told {
    pub what: String,
    pub is_drag: bool,
    pub wall_ms: f64,
    pub cpu_ms: f64,
    /// Fastest and slowest of the steps, the stages of the last, and how much of it was known.
    details: String,
}

/// Previews of one sample room, told.
pub fn print(name: &str, room_type: RoomType, most: usize) {
    println!("{name}, {WIDTH} pixels wide");
    for told in measure(name, room_type, most) {
        println!(
            "  {}: {:.0} ms, {:.0} ms of CPU; {}",
            told.what, told.wall_ms, told.cpu_ms, told.details
        );
    }
}

/// Previews of one sample room with at most `most` pieces; the largest and the smallest are dragged.
pub fn measure(name: &str, room_type: RoomType, most: usize) -> Vec<Told> {
    let photo = sample::photo(&sample::file(name));
    let analysis = sample::analysis(&photo);
    let control = Control::default();
    let prepare = || {
        Prepared::new(
            Cow::Borrowed(&photo.rgb),
            &analysis.camera,
            &analysis.room,
            &control,
        )
        .expect("nobody cancels")
    };
    let mut placements = sample::furniture(&prepare(), room_type);
    placements.truncate(most);
    let prepared = prepare();
    let draw = |placements: &[Placement]| {
        let quality = Quality::Preview { width: WIDTH };
        let drawn = prepared.render(placements, quality, 7, &control, |_| {});
        drawn.expect("nobody cancels")
    };
    let mut all = Vec::new();
    for what in ["first preview", "the same again"] {
        let mut laps = Laps::start();
        let drawn = draw(&placements);
        laps.lap("render");
        let jpeg = encode_jpeg(&drawn.rgb, 80, None).expect("it encodes");
        laps.lap("encode");
        let (wall, cpu) = laps.total();
        all.push(Told {
            what: format!("{what}, {} pieces", placements.len()),
            is_drag: false,
            wall_ms: 1e3 * wall,
            cpu_ms: 1e3 * cpu,
            details: format!("of render, wall ms: {:?}", drawn.timings_ms),
        });
        keep(name, what, &jpeg);
    }
    // The largest piece on the floor, and the smallest.
    let extent = |index: &usize| {
        let size = placements[*index].piece.size;
        (size.x * size.y * size.z, *index)
    };
    let by_size = |a: &usize, b: &usize| extent(a).partial_cmp(&extent(b)).expect("sizes are numbers");
    let largest = (0..placements.len()).max_by(by_size);
    let smallest = (0..placements.len()).min_by(by_size);
    for index in [largest, smallest].into_iter().flatten() {
        all.push(drag(&draw, &placements, index, name));
    }
    all
}

fn keep(name: &str, what: &str, jpeg: &[u8]) {
    if let Some(folder) = std::env::var_os("VITRINE_BENCH_OUT") {
        let path = std::path::Path::new(&folder).join(format!("preview-{}-{name}", what.replace(' ', "-")));
        std::fs::write(path, jpeg).expect("the folder can be written");
    }
}

fn drag(
    draw: &dyn Fn(&[Placement]) -> vitrine_scene::Rendered,
    placements: &[Placement],
    index: usize,
    name: &str,
) -> Told {
    let mut placements = placements.to_vec();
    let mut walls = Vec::new();
    let mut last = draw(&placements);
    let cpu = cpu_seconds();
    for step in 0..STEPS {
        placements[index].position.x += 0.02;
        let mut laps = Laps::start();
        last = draw(&placements);
        let jpeg = encode_jpeg(&last.rgb, 80, None).expect("it encodes");
        laps.lap("all");
        walls.push(1e3 * laps.total().0);
        if step + 1 == STEPS {
            keep(name, &format!("dragged {index}"), &jpeg);
        }
    }
    let cpu = 1e3 * (cpu_seconds() - cpu) / STEPS as f64;
    walls.sort_by(f64::total_cmp);
    Told {
        what: format!("{} dragged", placements[index].piece.name),
        is_drag: true,
        wall_ms: walls[STEPS / 2],
        cpu_ms: cpu,
        details: format!(
            "{:.0}..{:.0}; last, of render, wall ms: {:?}; {:?}",
            walls[0],
            walls[STEPS - 1],
            last.timings_ms,
            last.reuse
        ),
    }
}
