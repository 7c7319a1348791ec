//! Sweet Home 3D furniture libraries (`.sh3f`): a zip archive with a property file that describes numbered models.

use super::archive::Archive;
use super::{ImportError, Limits, properties};

const CATALOGUE: &str = "PluginFurnitureCatalog.properties";

/// One model of a library, as its catalogue describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Short id, such as `sofa2`; unique within most libraries.
    pub model: String,
    pub name: String,
    pub category: String,
    /// Words people look for it by.
    pub tags: String,
    pub creator: Option<String>,
    /// Path of the model within the archive.
    pub path: String,
    /// Width (x), height (y), depth (z) in centimetres after the rotation; the front faces +z, y is up.
    pub size_cm: [f32; 3],
    /// Turns the model upright; nine numbers, row by row.
    pub rotation: Option<[f32; 9]>,
    /// Height of its base above the floor in centimetres, of things that hang.
    pub elevation_cm: f32,
    /// Height in centimetres where other things are put down on it.
    pub top_cm: Option<f32>,
    pub is_door_or_window: bool,
}

/// An opened library.
#[derive(Debug)]
pub struct Library<'a> {
    pub(super) archive: Archive<'a>,
    pub name: String,
    pub licence: String,
    pub entries: Vec<Entry>,
}

impl<'a> Library<'a> {
    /// Reads the catalogue of a library; no model is read yet.
    ///
    /// # Errors
    /// `WrongFormat` for anything that is no zip archive or has no catalogue; limits as in [`Limits`].
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ImportError> {
        let archive = Archive::open(bytes, limits)?;
        let catalogue = archive.read(CATALOGUE).map_err(|error| match error {
            ImportError::Missing(_) => ImportError::WrongFormat("Sweet Home 3D furniture library"),
            other => other,
        })?;
        let pairs = properties::parse(&catalogue);
        let text = |key: &str| pairs.get(key).map(|value| value.trim()).filter(|v| !v.is_empty());
        let mut numbers: Vec<u32> = pairs
            .keys()
            .filter_map(|key| key.strip_prefix("model#")?.parse().ok())
            .collect();
        numbers.sort_unstable();
        let mut entries = Vec::with_capacity(numbers.len());
        for number in numbers {
            let item = |key: &str| text(&format!("{key}#{number}"));
            let length = |key: &str| item(key).and_then(|v| v.parse::<f32>().ok()).filter(|v| v.is_finite());
            let (Some(path), Some(width), Some(depth), Some(height)) =
                (item("model"), length("width"), length("depth"), length("height"))
            else {
                continue;
            };
            let path = path.trim_start_matches('/').to_owned();
            let stem = path
                .rsplit('/')
                .next()
                .and_then(|file| file.split('.').next())
                .unwrap_or_default();
            let model = item("id").and_then(|id| id.rsplit('#').next()).unwrap_or(stem);
            entries.push(Entry {
                model: model.to_owned(),
                name: item("name").unwrap_or(model).to_owned(),
                category: item("category").unwrap_or_default().to_owned(),
                tags: item("tags").unwrap_or_default().to_owned(),
                creator: item("creator").map(str::to_owned),
                size_cm: [width, height, depth],
                rotation: item("modelRotation").and_then(rotation),
                elevation_cm: length("elevation").unwrap_or(0.0),
                top_cm: length("dropOnTopElevation").filter(|&v| v > 0.0),
                is_door_or_window: item("doorOrWindow") == Some("true"),
                path,
            });
        }
        let name = text("name").unwrap_or("Furniture library").to_owned();
        let licence = text("license").unwrap_or("licence not stated");
        let licence = licence.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self {
            archive,
            name,
            licence,
            entries,
        })
    }
}

fn rotation(text: &str) -> Option<[f32; 9]> {
    let numbers: Vec<f32> = text.split_whitespace().filter_map(|v| v.parse().ok()).collect();
    let nine: [f32; 9] = numbers.try_into().ok()?;
    nine.iter().all(|v| v.is_finite()).then_some(nine)
}
