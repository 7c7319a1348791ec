//! Lists the sample photos of the `samples` folder, so that the binary carries them.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("samples");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(&folder)
        .map(|entries| {
            entries
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .collect()
        })
        .unwrap_or_default();
    names.retain(|name| name.ends_with(".jpg"));
    names.sort();
    let mut code = String::from("&[\n");
    for name in names {
        let path = folder.join(&name).canonicalize().expect("it was just listed");
        writeln!(code, "    ({name:?}, include_bytes!({path:?})),").expect("writing to a string works");
    }
    code.push(']');
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("samples.rs");
    fs::write(out, code).expect("the build folder is writable");
}
