//! The dependency rules of `docs/ARCHITECTURE.md`, checked without compiling: manifests through `cargo metadata`, our
//! own source files through their `use` lines, paths and string literals.
//!
//! To allow a crate a new neighbour, change the table in [`manifests`] and the one in the document together; to give a
//! technology another home, add it to [`homes`] with the reason.

mod homes;
mod manifests;
mod rust_text;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{cargo_metadata, list};

/// One edge that must not be there.
#[derive(Debug, PartialEq)]
pub struct Breach {
    /// File, and line where there is one.
    pub place: String,
    /// Who uses what.
    pub edge: String,
    /// The rule that it breaks, in words.
    pub rule: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    {}", self.place, self.edge, self.rule)
    }
}

/// Checks the whole workspace; the error lists every breach.
pub fn run(root: &Path) -> Result<String, String> {
    let metadata = cargo_metadata(root, &["--no-deps"])?;
    let mut breaches = manifests::check(&metadata)?;
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        for member in members(root)? {
            collect_rust_files(&member.join(folder), &mut files)?;
        }
    }
    for file in &files {
        let text = fs::read_to_string(file)
            .map_err(|error| format!("could not read {}: {error}", file.display()))?;
        let path = file
            .strip_prefix(root)
            .unwrap_or(file)
            .to_string_lossy()
            .replace('\\', "/");
        breaches.extend(homes::check(&path, &text));
    }
    if breaches.is_empty() {
        return Ok(format!("boundaries hold in {} files", files.len()));
    }
    let lines: Vec<String> = breaches.iter().map(Breach::to_string).collect();
    Err(format!(
        "{}\n{} edges break a rule of docs/ARCHITECTURE.md",
        lines.join("\n"),
        breaches.len()
    ))
}

/// The product's crates. This crate runs programs and reads the environment, so its sources are not held to the rules.
fn members(root: &Path) -> Result<Vec<PathBuf>, String> {
    let mut folders = list(&root.join("crates"))?;
    folders.retain(|folder| folder.join("Cargo.toml").is_file());
    Ok(folders)
}

fn collect_rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if !folder.is_dir() {
        return Ok(());
    }
    for path in list(folder)? {
        if path.is_dir() {
            collect_rust_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
