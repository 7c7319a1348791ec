//! What somebody waits for who drags a piece: the first preview of a photo, and those that follow it.

use std::borrow::Cow;

use vitrine_scene::furnish::{Placement, RoomType};
use vitrine_scene::image::encode_jpeg;
use vitrine_scene::{Control, Prepared, Quality};

use super::measure::{Laps, cpu_seconds};
use super::sample;

const WIDTH: u32 = 960;
const STEPS: usize = 10;

/// Previews of one sample room with at most `most` pieces; each of the pieces named is dragged.
pub fn print(name: &str, room_type: RoomType, most: usize) {
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
    println!("{name}, {} pieces, {WIDTH} pixels wide", placements.len());
    let prepared = prepare();
    let draw = |placements: &[Placement]| {
        let quality = Quality::Preview { width: WIDTH };
        let drawn = prepared.render(placements, quality, 7, &control, |_| {});
        drawn.expect("nobody cancels")
    };
    for what in ["first preview", "the same again"] {
        let mut laps = Laps::start();
        let drawn = draw(&placements);
        laps.lap("render");
        let jpeg = encode_jpeg(&drawn.rgb, 80, None).expect("it encodes");
        laps.lap("encode");
        let (wall, cpu) = laps.total();
        println!(
            "  {what}: {:.0} ms, {:.0} ms of CPU; wall/CPU ms: {}; of render, wall ms: {:?}",
            1e3 * wall,
            1e3 * cpu,
            laps.told(),
            drawn.timings_ms
        );
        if let Some(folder) = std::env::var_os("VITRINE_BENCH_OUT") {
            let path = std::path::Path::new(&folder).join(format!("preview-{name}"));
            std::fs::write(path, jpeg).expect("the folder can be written");
        }
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
        drag(&draw, &placements, index);
    }
}

fn drag(draw: &dyn Fn(&[Placement]) -> vitrine_scene::Rendered, placements: &[Placement], index: usize) {
    let mut placements = placements.to_vec();
    let mut walls = Vec::new();
    let (mut last, mut reuse) = (Vec::new(), None);
    draw(&placements);
    let cpu = cpu_seconds();
    for _ in 0..STEPS {
        placements[index].position.x += 0.02;
        let mut laps = Laps::start();
        let drawn = draw(&placements);
        encode_jpeg(&drawn.rgb, 80, None).expect("it encodes");
        laps.lap("all");
        walls.push(1e3 * laps.total().0);
        last = drawn.timings_ms;
        reuse = drawn.reuse;
    }
    let cpu = 1e3 * (cpu_seconds() - cpu) / STEPS as f64;
    walls.sort_by(f64::total_cmp);
    println!(
        "  {} dragged: {:.0} ms ({:.0}..{:.0}), {cpu:.0} ms of CPU; last, of render, wall ms: {last:?}; {reuse:?}",
        placements[index].piece.name,
        walls[STEPS / 2],
        walls[0],
        walls[STEPS - 1],
    );
}
