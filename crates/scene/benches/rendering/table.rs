//! Every figure of the engine in one table, ready for `docs/performance.md`.

use vitrine_scene::furnish::RoomType;

use super::pipeline::{self, Run};
use super::{preview, rays};

const ROOM: &str = "v01_sunny_living_room.jpg";
const PIECES: usize = 8;
const SIZES: [u32; 3] = [2, 12, 24];
/// Rounds of which the fastest counts: on a shared machine the others tell of the neighbours.
const ROUNDS: usize = 3;

pub fn print() {
    let fastest = |megapixels: u32| -> Run {
        let rounds = (0..ROUNDS).map(|_| pipeline::run(ROOM, megapixels, RoomType::LivingRoom, PIECES));
        rounds
            .min_by(|a, b| a.laps.total().1.total_cmp(&b.laps.total().1))
            .expect("there are rounds")
    };
    let runs = SIZES.map(fastest);
    println!(
        "{ROOM}, {} pieces, {} cores, fastest of {ROUNDS}; wall / processor milliseconds",
        runs[0].pieces,
        std::thread::available_parallelism().map_or(0, usize::from)
    );
    println!();
    println!("| what | limit | 2 MP | 12 MP | 24 MP |");
    println!("|---|---|---|---|---|");
    for (step, (name, ..)) in runs[0].laps.steps().iter().enumerate() {
        row(name, "–", &runs, |run| {
            let (_, wall, cpu) = &run.laps.steps()[step];
            format!("{wall:.0} / {cpu:.0}")
        });
    }
    for (step, (name, _)) in runs[0].of_render.iter().enumerate() {
        row(&format!("of render: {name}, wall"), "–", &runs, |run| {
            run.of_render[step].1.to_string()
        });
    }
    row("file to file, seconds", "2 s at 2 MP", &runs, |run| {
        let (wall, cpu) = run.laps.total();
        format!("{wall:.2} / {cpu:.2}")
    });
    let mut pixels = SIZES.iter();
    row("processor time per megapixel, ms", "flat", &runs, |run| {
        let megapixels = f64::from(*pixels.next().expect("as many sizes as runs"));
        format!("{:.0}", 1e3 * run.laps.total().1 / megapixels)
    });
    row("memory at most, MB", "500", &runs, |run| run.peak_mb.to_string());
    println!();
    println!("| previews, 960 pixels wide | limit | wall ms | processor ms |");
    println!("|---|---|---|---|");
    for (name, room_type, most) in [
        (ROOM, RoomType::LivingRoom, PIECES),
        ("v02_quiet_bedroom.jpg", RoomType::Bedroom, usize::MAX),
    ] {
        for told in preview::measure(name, room_type, most) {
            let limit = if told.is_drag { "200" } else { "–" };
            println!(
                "| {name}: {} | {limit} | {:.0} | {:.0} |",
                told.what, told.wall_ms, told.cpu_ms
            );
        }
    }
    println!();
    rays::print();
}

fn row(name: &str, limit: &str, runs: &[Run], mut value: impl FnMut(&Run) -> String) {
    let values: Vec<String> = runs.iter().map(&mut value).collect();
    println!("| {name} | {limit} | {} |", values.join(" | "));
}
