//! Furniture from elsewhere: `.glb` models and Sweet Home 3D libraries, repaired into assets.
//!
//! [`Library`] opens a `.sh3f` archive, [`import_entry`] takes one of its models, [`import_glb`] a single model; both give
//! an [`Asset`], which makes a [`crate::model::Piece`] of any size and colour. Everything works on bytes in memory and
//! trusts none of them: sizes, indices, names and numbers are checked before use, [`Limits`] bound what a file may cost,
//! and every refusal is an [`ImportError`] that says why. What surprises people: models made for other programs are wrong
//! in the same dozen ways (`repair`), and the order of the repairs in `prepare` matters.

mod accessor;
mod archive;
mod asset;
mod draft;
mod error;
mod finish;
mod glb;
mod kinds;
mod library;
mod limits;
mod mtl;
mod obj;
mod picture;
mod polygon;
mod prepare;
mod properties;
mod repair;
pub mod shortlist;

#[cfg(test)]
pub(crate) mod tests;

pub use asset::{Asset, AssetHeader, Credit};
pub use error::{ImportError, Size};
pub use finish::{AssetMaterial, Finish, Wish};
pub use kinds::{guess_kind, hangs};
pub use library::{Entry, Library};
pub use limits::Limits;
pub use prepare::Order;
pub use shortlist::Choice;

use crate::furnish::Style;
use crate::geometry::Vec3;

/// Imports one binary glTF model.
pub fn import_glb(bytes: &[u8], order: &Order, limits: &Limits) -> Result<Asset, ImportError> {
    prepare::prepare(glb::read(bytes, limits)?, order)
}

/// Imports one model of a library, as a shortlist says or, without one, as its catalogue entry suggests.
pub fn import_entry(
    library: &Library<'_>,
    entry: &Entry,
    choice: Option<&Choice>,
    limits: &Limits,
) -> Result<Asset, ImportError> {
    if let Some(reason) = choice.and_then(|choice| choice.exclude.clone()) {
        return Err(ImportError::Excluded(reason));
    }
    let kind = match choice {
        Some(choice) => choice.kind,
        None => guess_kind(entry).ok_or_else(|| ImportError::UnknownKind(entry.name.clone()))?,
    };
    let text = |chosen: Option<&String>| chosen.filter(|text| !text.is_empty()).cloned();
    let order = Order {
        kind,
        style: choice.map_or(Style::Contemporary, |choice| choice.style),
        name: text(choice.map(|c| &c.name)).unwrap_or_else(|| entry.name.clone()),
        credit: Credit {
            title: entry.name.clone(),
            creator: text(choice.map(|c| &c.creator)).or_else(|| entry.creator.clone()),
            library: Some(library.name.clone()),
            licence: text(choice.map(|c| &c.licence)).unwrap_or_else(|| library.licence.clone()),
        },
        size: Some(Vec3::from_array(entry.size_cm) / 100.0),
        rotation: entry.rotation,
        yaw_deg: choice.map_or(0.0, |choice| choice.yaw_deg),
        finishes: choice.map_or_else(Vec::new, |choice| choice.finishes.clone()),
        top: entry.top_cm.map(|cm| cm / 100.0),
        hangs: hangs(kind) || entry.elevation_cm > 0.0,
    };
    let bound = choice.map_or(&[][..], |choice| &choice.textures);
    prepare::prepare(library.read(entry, bound, limits)?, &order)
}
