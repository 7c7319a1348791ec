//! What a person reads about a piece before it is built.

use vitrine_scene::furnish::Kind;

use crate::images::model::text_of;

/// `Coffee table`, of a kind.
pub fn kind_label(kind: Kind) -> String {
    let words = text_of(kind).replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
