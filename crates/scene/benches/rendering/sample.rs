//! The sample rooms, furnished by the planner.

use std::path::PathBuf;

use vitrine_scene::furnish::{Placement, RoomType, Style, plan};
use vitrine_scene::image::{Limits, Photo, decode};
use vitrine_scene::{Analysis, Control, Prepared, analyze};

/// The bytes of a sample photo.
pub fn file(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../staging/samples");
    std::fs::read(folder.join(name)).expect("the sample is there")
}

/// The photo of a file.
pub fn photo(bytes: &[u8]) -> Photo {
    decode(bytes, &Limits::default()).expect("the sample is sound")
}

/// Its camera and room, as if a person had confirmed the corners where the engine asks for them.
pub fn analysis(photo: &Photo) -> Analysis {
    analyze(photo, &Control::default()).expect("a room is found")
}

/// What the planner puts there.
pub fn furniture(prepared: &Prepared<'_>, room_type: RoomType) -> Vec<Placement> {
    plan(
        prepared.room(),
        prepared.camera(),
        &prepared.light().surroundings(),
        Some(room_type),
        Style::Scandinavian,
        7,
        &Control::default(),
    )
    .expect("the room can be furnished")
    .placements
}
