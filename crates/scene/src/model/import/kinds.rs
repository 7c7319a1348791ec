//! What a catalogue's words say a piece is.

use super::library::Entry;
use crate::furnish::Kind;

/// Words by kind; the first line that matches wins, so that an office chair is no chair.
const WORDS: [(&str, Kind); 40] = [
    ("bedside", Kind::BedsideTable),
    ("nightstand", Kind::BedsideTable),
    ("coffee table", Kind::CoffeeTable),
    ("low table", Kind::CoffeeTable),
    ("side table", Kind::SideTable),
    ("tv stand", Kind::TvBench),
    ("tv unit", Kind::TvBench),
    ("office chair", Kind::OfficeChair),
    ("desk lamp", Kind::TableLamp),
    ("table lamp", Kind::TableLamp),
    ("floor lamp", Kind::FloorLamp),
    ("lampadaire", Kind::FloorLamp),
    ("chandelier", Kind::PendantLamp),
    ("pendant", Kind::PendantLamp),
    ("desk", Kind::Desk),
    ("armchair", Kind::Armchair),
    ("sofa", Kind::Sofa),
    ("couch", Kind::Sofa),
    ("bunk", Kind::Bed),
    ("bed", Kind::Bed),
    ("wardrobe", Kind::Wardrobe),
    ("dresser", Kind::Dresser),
    ("chest of drawers", Kind::Dresser),
    ("sideboard", Kind::Sideboard),
    ("bookcase", Kind::Bookcase),
    ("shelves", Kind::Bookcase),
    ("bench", Kind::Bench),
    ("bar stool", Kind::StoolBar),
    ("stool", Kind::Stool),
    ("pouf", Kind::Pouf),
    ("ottoman", Kind::Pouf),
    ("chair", Kind::DiningChair),
    ("table", Kind::DiningTable),
    ("carpet", Kind::Rug),
    ("rug", Kind::Rug),
    ("curtain", Kind::Curtain),
    ("plant", Kind::Plant),
    ("vase", Kind::Vase),
    ("mirror", Kind::Mirror),
    ("basket", Kind::Basket),
];

/// The kind a catalogue entry's name suggests; `None` for doors, people, and what the engine has no word for.
pub fn guess_kind(entry: &Entry) -> Option<Kind> {
    if entry.is_door_or_window {
        return None;
    }
    let name = entry.name.to_lowercase();
    // Whole words only: a "tablet" is no table.
    let says = |text: &str| {
        name.match_indices(text).any(|(at, _)| {
            let before = name[..at].chars().next_back();
            let after = name[at + text.len()..].chars().next();
            let ends = |c: Option<char>| !c.is_some_and(char::is_alphabetic);
            ends(before) && (ends(after) || after == Some('s'))
        })
    };
    WORDS.iter().find(|(word, _)| says(word)).map(|(_, kind)| *kind)
}

/// Whether pieces of this kind hang on a wall or from the ceiling instead of standing.
pub fn hangs(kind: Kind) -> bool {
    matches!(kind, Kind::Art | Kind::Mirror | Kind::Curtain | Kind::PendantLamp)
}
