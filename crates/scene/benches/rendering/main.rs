//! Prints what rendering costs: rays per second, the stages of a picture from 2 to 24 megapixels, and previews.
//!
//! `cargo bench -p vitrine-scene --bench rendering [-- rays | preview | pipeline]`. Processor time is what a shared machine
//! should be judged by.

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

use vitrine_scene::furnish::RoomType;

fn main() {
    let only = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let is_wanted = |part: &str| only.as_ref().is_none_or(|word| part.contains(word.as_str()));
    if is_wanted("rays") {
        rays::print();
    }
    if is_wanted("preview") {
        preview::print("v01_sunny_living_room.jpg", RoomType::LivingRoom, 8);
        preview::print("v02_quiet_bedroom.jpg", RoomType::Bedroom, usize::MAX);
    }
    if is_wanted("pipeline") {
        for megapixels in [2, 6, 12, 24] {
            pipeline::print(megapixels);
        }
    }
}
