//! From the bytes of a file to packed pieces: the computing behind imports, for the blocking pool.

use vitrine_kernel::{Error, Result};
use vitrine_scene::furnish::Style;
use vitrine_scene::geometry::Vec3;
use vitrine_scene::model::import::{
    Asset, Choice, Credit, Entry, ImportError, Library, Limits, Order, guess_kind, hangs, import_entry,
    import_glb,
};

use super::assets::{Packed, pack};
use super::imports::{ImportWish, MOST_MODELS};

/// One model of a file: who it is, and what became of it.
#[derive(Debug)]
pub struct Model {
    /// Its id in the library, or the file's name.
    pub model: String,
    pub name: String,
    pub outcome: std::result::Result<Packed, ImportError>,
}

/// Takes a single model as it was wished for.
pub fn of_glb(bytes: &[u8], wish: &ImportWish) -> Result<Model> {
    let kind = wish
        .kind
        .ok_or_else(|| Error::internal("an import has no kind"))?;
    let stem = wish
        .filename
        .rsplit_once('.')
        .map_or(wish.filename.as_str(), |(stem, _)| stem);
    let name = wish.name.clone().unwrap_or_else(|| stem.to_owned());
    let order = Order {
        kind,
        style: wish.style.unwrap_or(Style::Contemporary),
        name: name.clone(),
        credit: Credit {
            title: name.clone(),
            creator: wish.creator.clone(),
            library: None,
            licence: wish.licence.clone().unwrap_or_default(),
        },
        size: wish.size_m.map(Vec3::from_array),
        rotation: None,
        yaw_deg: wish.yaw_deg.unwrap_or(0.0),
        finishes: Vec::new(),
        top: None,
        hangs: hangs(kind),
    };
    Ok(Model {
        model: wish.filename.clone(),
        name,
        outcome: packed(import_glb(bytes, &order, &Limits::default()))?,
    })
}

fn packed(
    imported: std::result::Result<Asset, ImportError>,
) -> Result<std::result::Result<Packed, ImportError>> {
    Ok(match imported {
        Ok(asset) => Ok(pack(asset)?),
        Err(error) => Err(error),
    })
}

/// Which models of a library are meant: the named ones, else as many as one import takes of those whose kind the
/// catalogue tells. A name that is not there is an entry of its own.
pub fn wanted(library: &Library<'_>, models: Option<&[String]>) -> Vec<std::result::Result<usize, String>> {
    match models {
        Some(models) => models
            .iter()
            .map(|name| {
                let found = library.entries.iter().position(|entry| entry.model == *name);
                found.ok_or_else(|| name.clone())
            })
            .collect(),
        None => (0..library.entries.len())
            .filter(|&at| has_kind(&library.entries[at]))
            .take(MOST_MODELS)
            .map(Ok)
            .collect(),
    }
}

/// Whether a library's words tell what a model is.
pub fn has_kind(entry: &Entry) -> bool {
    guess_kind(entry).is_some()
}

/// Takes one model of a library, as a shortlist says or as its catalogue suggests.
pub fn of_entry(library: &Library<'_>, entry: &Entry, choice: Option<&Choice>) -> Result<Model> {
    Ok(Model {
        model: entry.model.clone(),
        name: entry.name.clone(),
        outcome: packed(import_entry(library, entry, choice, &Limits::default()))?,
    })
}

/// What a model is called in a scene's catalogue, for ever.
pub fn source_of(library: Option<&str>, model: &str) -> String {
    match library {
        Some(library) => format!("{library}/{model}"),
        None => model.to_owned(),
    }
}
