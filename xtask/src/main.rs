//! The repository's own chores, run as `cargo xtask <command>`. Kept small: it is compiled before every check.

mod boundaries;
mod new_slice;
mod notices;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "\
usage: cargo xtask <command>

  boundaries               check which crate may use which, and where sqlx, reqwest, axum, SQL text and std::env live
  new-slice <area> <name>  write the files of a new feature slice, e.g. `new-slice staging lamps`
  notices                  write THIRD-PARTY-LICENSES.txt: the licence texts of what ships inside";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(message) => {
            println!("{message}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<String, String> {
    match words {
        ["boundaries"] => boundaries::run(&root()?),
        ["new-slice", area, name] => new_slice::run(&root()?, area, name),
        ["notices"] => notices::run(&root()?),
        _ => Err(USAGE.to_owned()),
    }
}

/// The repository's folder: the parent of this crate's, as cargo names it when it runs us. Not as it was named when we
/// were compiled: two checkouts may share a target folder.
fn root() -> Result<PathBuf, String> {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("run this as `cargo xtask`")?;
    let root = Path::new(&own)
        .parent()
        .filter(|root| root.join("Cargo.lock").is_file());
    root.map(Path::to_owned)
        .ok_or_else(|| format!("{} is not in a workspace", Path::new(&own).display()))
}

/// What `cargo metadata` says about the workspace.
fn cargo_metadata(root: &Path, arguments: &[&str]) -> Result<serde_json::Value, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1"])
        .args(arguments)
        .current_dir(root)
        .output()
        .map_err(|error| format!("could not run cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("could not read cargo metadata: {error}"))
}

/// The folder's entries in a stable order.
fn list(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let describe = |error| format!("could not list {}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(describe)? {
        paths.push(entry.map_err(describe)?.path());
    }
    paths.sort();
    Ok(paths)
}
