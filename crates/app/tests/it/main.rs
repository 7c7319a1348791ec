//! The product from outside: the real binary, started as a person would.

mod cli;
mod configuration;
mod documents;
mod idempotency;
mod letters;
mod lists;
mod process;
mod promises;
mod rows;
mod sealed;
mod smtp;
mod sql;
mod statements;
mod stories;
mod strangers;
mod surface;
mod two_processes;

#[test]
fn every_file_of_this_folder_is_part_of_the_tests() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    let main = include_str!("main.rs");
    for entry in std::fs::read_dir(folder).expect("the folder of this file is there") {
        let name = entry
            .expect("it can be read")
            .file_name()
            .into_string()
            .expect("plain names");
        let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") else {
            continue;
        };
        assert!(
            main.contains(&format!("mod {module};")),
            "{name} is not listed in main.rs"
        );
    }
}
