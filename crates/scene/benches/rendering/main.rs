//! Prints what rendering costs: rays per second, the stages of a picture from 2 to 24 megapixels, and previews.
//!
//! `cargo bench -p vitrine-scene --bench rendering [-- table | rays | preview | photos | sizes]`. Processor time is what a
//! shared machine should be judged by. `table` prints everything `docs/performance.md` wants, as its tables, and nothing else.

mod measure;
mod pipeline;
mod preview;
mod rays;
#[path = "../../tests/it/rendering_support.rs"]
#[expect(
    dead_code,
    reason = "the bench stages real furniture instead of the plain pieces"
)]
mod rendering_support;
mod sample;
mod table;

use vitrine_scene::furnish::RoomType;

fn main() {
    let only = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    if only.as_deref() == Some("table") {
        table::print();
        return;
    }
    let is_wanted = |part: &str| only.as_ref().is_none_or(|word| part.contains(word.as_str()));
    if is_wanted("rays") {
        rays::print();
    }
    if is_wanted("preview") {
        preview::print("v01_sunny_living_room.jpg", RoomType::LivingRoom, 8);
        preview::print("v02_quiet_bedroom.jpg", RoomType::Bedroom, usize::MAX);
    }
    if is_wanted("photos") {
        let (living, bedroom) = (RoomType::LivingRoom, RoomType::Bedroom);
        for (name, room_type, most) in [
            ("v01_sunny_living_room.jpg", living, 8),
            ("v02_quiet_bedroom.jpg", bedroom, 8),
            ("v02_quiet_bedroom.jpg", bedroom, usize::MAX),
            ("v03_tiled_studio.jpg", living, 8),
        ] {
            pipeline::print(name, 2, room_type, most);
        }
    }
    if is_wanted("sizes") {
        for megapixels in [2, 6, 12, 24] {
            pipeline::print("v01_sunny_living_room.jpg", megapixels, RoomType::LivingRoom, 8);
        }
    }
}
