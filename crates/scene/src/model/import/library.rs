//! Sweet Home 3D furniture libraries (`.sh3f`): a zip archive with a property file that describes numbered models.

use std::collections::HashMap;

use ::image::RgbImage;

use super::archive::{Archive, latin1};
use super::draft::Draft;
use super::picture::Pictures;
use super::{ImportError, Limits, mtl, obj, properties};

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
            let length = |key: &str| {
                item(key)
                    .and_then(|v| v.parse::<f32>().ok())
                    .filter(|v| v.is_finite())
            };
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

impl Library<'_> {
    /// Reads the model of an entry; `bound` gives pictures to materials whose own are lost.
    pub(super) fn read(
        &self,
        entry: &Entry,
        bound: &[(String, String)],
        limits: &Limits,
    ) -> Result<Draft, ImportError> {
        if !entry.path.to_ascii_lowercase().ends_with(".obj") {
            let kind = entry.path.rsplit('.').next().unwrap_or_default();
            return Err(ImportError::Unsupported(format!("models of the type {kind:?}")));
        }
        let text = latin1(&self.archive.read(&entry.path)?);
        let folder = entry.path.rfind('/').map_or("", |at| &entry.path[..=at]);
        let mut pictures = Pictures::default();
        let mut decoded: HashMap<String, RgbImage> = HashMap::new();
        let mut materials = Vec::new();
        for file in obj::material_files(&text) {
            let Some(name) = mtl::resolve(&file, folder, self.archive.names()) else {
                continue;
            };
            for phong in mtl::parse(&latin1(&self.archive.read(name)?)) {
                Limits::check(materials.len() as u64, limits.materials, "materials")?;
                let by_hand = bound.iter().find(|(material, _)| *material == phong.name);
                let path = by_hand
                    .map(|(_, picture)| picture.as_str())
                    .or(phong.map.as_deref());
                let texture = match path.and_then(|path| mtl::resolve(path, folder, self.archive.names())) {
                    None => None,
                    Some(name) => match decoded.get(name) {
                        Some(known) => Some(known.clone()),
                        None => {
                            let picture = pictures.read(&self.archive.read(name)?, limits)?;
                            decoded.insert(name.to_owned(), picture.clone());
                            Some(picture)
                        }
                    },
                };
                materials.push(phong.into_draft(texture));
            }
        }
        obj::read(&text, materials, limits)
    }
}
