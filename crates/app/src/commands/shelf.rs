//! Imported furniture from a folder of files, for commands that run without a server.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vitrine_scene::furnish::{Assets, Imported, Library, Preference};
use vitrine_scene::model::import::Asset;

/// The pieces of a folder, by name of their files.
pub(super) fn library(folder: &Path, preference: Preference) -> Result<Library, String> {
    let fail = |error: String| format!("{}: {error}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(|error| fail(error.to_string()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "asset"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(fail("there are no .asset files in this folder".to_owned()));
    }
    let (mut pieces, mut paths) = (Vec::new(), HashMap::new());
    for path in files {
        let id = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let header = std::fs::read(&path)
            .map_err(|error| error.to_string())
            .and_then(|bytes| Asset::header_of(&bytes).map_err(|error| error.to_string()))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        pieces.push(Imported::of(id.clone(), &header));
        paths.insert(id, path);
    }
    let assets = move |id: &str| {
        let bytes = std::fs::read(paths.get(id)?).ok()?;
        Asset::from_bytes(&bytes).ok().map(Arc::new)
    };
    let assets: Arc<dyn Assets + Send> = Arc::new(assets);
    Ok(Library {
        pieces,
        preference,
        assets,
    })
}
