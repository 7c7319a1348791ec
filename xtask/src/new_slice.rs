//! `cargo xtask new-slice <area> <name>`: the files of a new feature slice, compiling, with a failing test that says
//! what is left to do. The texts are in `templates/`.
//!
//! The surprise: the new kind of id goes into three lists, in `kernel` and `db`, and the slice into its area's `lib.rs`;
//! those files are edited at a known line, and nothing is written when one of these lines is not found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::list;

const AREAS: &[&str] = &["staging", "merch", "hub"];

struct Names {
    area: String,
    /// `floor_lamps`
    slice: String,
    /// `floor_lamp`
    noun: String,
    /// `FloorLamp`
    kind: String,
    /// `0007_staging_floor_lamps.sql`
    migration: String,
}

/// A file to write, whole.
struct Change {
    path: PathBuf,
    text: String,
}

pub fn run(root: &Path, area: &str, slice: &str) -> Result<String, String> {
    let names = names(root, area, slice)?;
    let mut changes = new_files(root, &names);
    if let Some(there) = changes.iter().find(|change| change.path.exists()) {
        return Err(format!("{} is there already", there.path.display()));
    }
    changes.extend(edits(root, &names)?);
    for change in &changes {
        let describe = |error| format!("could not write {}: {error}", change.path.display());
        if let Some(folder) = change.path.parent() {
            fs::create_dir_all(folder).map_err(describe)?;
        }
        fs::write(&change.path, &change.text).map_err(describe)?;
    }
    format_sources(root, &names);
    let paths: Vec<String> = changes
        .iter()
        .map(|change| {
            format!(
                "  {}",
                change.path.strip_prefix(root).unwrap_or(&change.path).display()
            )
        })
        .collect();
    Ok(format!(
        "{}\nnext: cargo test -p vitrine-{area} {slice}, whose failing test says what to fill in",
        paths.join("\n")
    ))
}

/// How imports are ordered and lines are broken depends on the names. Without the formatters, `make check` will say so.
fn format_sources(root: &Path, names: &Names) {
    let Names { area, slice, .. } = names;
    let module = root.join(format!("crates/{area}/src/{slice}/mod.rs"));
    let _ = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .arg(module)
        .current_dir(root)
        .output();
    let web = root.join("web");
    let biome = web.join("node_modules/.bin/biome");
    if biome.exists() {
        let pages = format!("src/features/{area}/{slice}");
        let _ = Command::new(biome)
            .args(["check", "--write", &pages])
            .current_dir(web)
            .output();
    }
}

fn names(root: &Path, area: &str, slice: &str) -> Result<Names, String> {
    if !AREAS.contains(&area) {
        return Err(format!("{area} is no area; one of: {}", AREAS.join(", ")));
    }
    let is_plain = !slice.is_empty()
        && slice
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter == '_')
        && slice.split('_').all(|word| !word.is_empty());
    let noun = singular(slice).filter(|_| is_plain);
    let noun = noun.ok_or("a slice is named by a plural noun in snake case, such as lamps or floor_lamps")?;
    let number = next_migration(root)?;
    Ok(Names {
        area: area.to_owned(),
        slice: slice.to_owned(),
        kind: pascal(&noun),
        noun,
        migration: format!("{number:04}_{area}_{slice}.sql"),
    })
}

fn singular(plural: &str) -> Option<String> {
    if let Some(stem) = plural.strip_suffix("ies") {
        return Some(format!("{stem}y"));
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if plural.ends_with(ending) {
            return plural.strip_suffix("es").map(str::to_owned);
        }
    }
    plural
        .strip_suffix('s')
        .filter(|stem| !stem.is_empty() && !stem.ends_with('s'))
        .map(str::to_owned)
}

fn pascal(snake: &str) -> String {
    snake.split('_').map(capital).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

fn next_migration(root: &Path) -> Result<u32, String> {
    let mut highest = 0;
    for path in list(&root.join("migrations"))? {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
        highest = highest.max(digits.parse().unwrap_or(0));
    }
    Ok(highest + 1)
}

fn new_files(root: &Path, names: &Names) -> Vec<Change> {
    let rust = format!("crates/{}/src/{}", names.area, names.slice);
    let web = format!("web/src/features/{}/{}", names.area, names.slice);
    let kind = &names.kind;
    let files = [
        (format!("{rust}/mod.rs"), include_str!("../templates/mod.rs.txt")),
        (
            format!("{rust}/model.rs"),
            include_str!("../templates/model.rs.txt"),
        ),
        (format!("{rust}/sql.rs"), include_str!("../templates/sql.rs.txt")),
        (
            format!("{rust}/service.rs"),
            include_str!("../templates/service.rs.txt"),
        ),
        (
            format!("{rust}/routes.rs"),
            include_str!("../templates/routes.rs.txt"),
        ),
        (
            format!("{rust}/jobs.rs"),
            include_str!("../templates/jobs.rs.txt"),
        ),
        (
            format!("{rust}/tests.rs"),
            include_str!("../templates/tests.rs.txt"),
        ),
        (
            format!("migrations/{}", names.migration),
            include_str!("../templates/migration.sql.txt"),
        ),
        (
            format!("{web}/{kind}List.tsx"),
            include_str!("../templates/List.tsx.txt"),
        ),
        (
            format!("{web}/{kind}List.test.tsx"),
            include_str!("../templates/List.test.tsx.txt"),
        ),
    ];
    files
        .into_iter()
        .map(|(path, text)| Change {
            path: root.join(path),
            text: fill(text, names),
        })
        .collect()
}

fn fill(template: &str, names: &Names) -> String {
    template
        .replace("__migration__", &names.migration)
        .replace("__area__", &names.area)
        .replace("__slice__", &names.slice)
        .replace("__noun__", &names.noun)
        .replace("__Type__", &names.kind)
        .replace("__Slice__", &capital(&names.slice.replace('_', " ")))
        .replace("__SLICE__", &names.slice.to_uppercase())
        .replace("__NOUN__", &names.noun.to_uppercase())
}

fn edits(root: &Path, names: &Names) -> Result<Vec<Change>, String> {
    let id = format!("{}Id", names.kind);
    let doc = capital(&names.noun.replace('_', " "));
    let edit = |path: &str, change: &dyn Fn(&str) -> Option<String>| {
        let path = root.join(path);
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("could not read {}: {error}", path.display()))?;
        let text =
            change(&text).ok_or_else(|| format!("could not find where to add to {}", path.display()))?;
        Ok::<Change, String>(Change { path, text })
    };
    Ok(vec![
        edit("crates/kernel/src/id.rs", &|text| {
            insert_before(text, "\nids! {", "\n}", &format!("\n    /// {doc}.\n    {id},"))
        })?,
        edit("crates/db/src/row.rs", &|text| {
            insert_before(text, "\nids!(", ");", &format!(", {id}"))
        })?,
        edit("crates/db/src/value.rs", &|text| {
            insert_before(text, "\nfrom_ids! {", " }", &format!(", {id}"))
        })?,
        edit(&format!("crates/{}/src/lib.rs", names.area), &|text| {
            Some(add_module(text, &names.slice))
        })?,
    ])
}

/// Puts `addition` before the first `end` that follows `start`.
fn insert_before(text: &str, start: &str, end: &str, addition: &str) -> Option<String> {
    let from = text.find(start)? + start.len();
    let at = from + text[from..].find(end)?;
    Some(format!("{}{addition}{}", &text[..at], &text[at..]))
}

/// Adds `pub mod` in alphabetical place; behind the header when the file declares none.
fn add_module(text: &str, slice: &str) -> String {
    let line = format!("pub mod {slice};");
    let mut lines: Vec<&str> = text.lines().collect();
    let is_module = |line: &&str| line.starts_with("pub mod ") && line.ends_with(';');
    let after = lines
        .iter()
        .rposition(|other| is_module(other) && *other < line.as_str());
    let first = lines.iter().position(is_module);
    match (after, first) {
        (Some(after), _) => lines.insert(after + 1, &line),
        (None, Some(first)) => lines.insert(first, &line),
        (None, None) => {
            let header = lines.iter().take_while(|line| line.starts_with("//!")).count();
            lines.splice(header..header, ["", &line]);
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository with the few files that a slice touches.
    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("migrations/0006_hub_posts.sqlite.sql", "");
        write(
            "crates/kernel/src/id.rs",
            "macro\n\nids! {\n    /// A person.\n    AccountId,\n}\n",
        );
        write("crates/db/src/row.rs", "macro\n\nids!(AccountId, JobId);\n");
        write(
            "crates/db/src/value.rs",
            "macro\n\nfrom_ids! { AccountId, JobId }\n",
        );
        write(
            "crates/staging/src/lib.rs",
            "//! Staging.\n\npub mod engines;\npub mod projects;\n",
        );
        folder
    }

    fn read(folder: &tempfile::TempDir, path: &str) -> String {
        fs::read_to_string(folder.path().join(path)).unwrap()
    }

    #[test]
    fn a_slice_comes_with_its_seven_files_its_table_and_its_page() {
        let folder = repository();
        let said = run(folder.path(), "staging", "floor_lamps").unwrap();
        let slice = folder.path().join("crates/staging/src/floor_lamps");
        let names: Vec<String> = list(&slice)
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(
            names,
            [
                "jobs.rs",
                "mod.rs",
                "model.rs",
                "routes.rs",
                "service.rs",
                "sql.rs",
                "tests.rs"
            ]
        );
        let migration = read(&folder, "migrations/0007_staging_floor_lamps.sql");
        assert!(migration.contains("create table staging_floor_lamps ("));
        assert!(
            read(&folder, "web/src/features/staging/floor_lamps/FloorLampList.tsx").contains("FloorLamp")
        );
        assert!(
            said.contains("  crates/staging/src/floor_lamps/mod.rs\n"),
            "{said}"
        );
    }

    #[test]
    fn no_gap_of_a_template_is_left_open() {
        let folder = repository();
        run(folder.path(), "staging", "lamps").unwrap();
        let files = [
            "sql.rs",
            "service.rs",
            "routes.rs",
            "jobs.rs",
            "tests.rs",
            "model.rs",
            "mod.rs",
        ];
        for file in files.map(|file| format!("crates/staging/src/lamps/{file}")) {
            assert!(!read(&folder, &file).contains("__"), "{file}");
        }
        let sql = read(&folder, "crates/staging/src/lamps/sql.rs");
        assert!(
            sql.contains("INSERT_LAMP = \"\n        insert into staging_lamps (id,"),
            "{sql}"
        );
        assert!(sql.contains("list LAMPS = List::new("));
    }

    #[test]
    fn the_lists_it_belongs_to_know_it_afterwards() {
        let folder = repository();
        run(folder.path(), "staging", "lamps").unwrap();
        assert!(
            read(&folder, "crates/kernel/src/id.rs")
                .ends_with("    AccountId,\n    /// Lamp.\n    LampId,\n}\n")
        );
        assert!(read(&folder, "crates/db/src/row.rs").contains("ids!(AccountId, JobId, LampId);"));
        assert!(read(&folder, "crates/db/src/value.rs").contains("from_ids! { AccountId, JobId, LampId }"));
        assert_eq!(
            read(&folder, "crates/staging/src/lib.rs"),
            "//! Staging.\n\npub mod engines;\npub mod lamps;\npub mod projects;\n"
        );
    }

    #[test]
    fn what_is_there_is_not_overwritten() {
        let folder = repository();
        run(folder.path(), "staging", "lamps").unwrap();
        let error = run(folder.path(), "staging", "lamps").unwrap_err();
        assert!(error.ends_with("is there already"), "{error}");
    }

    #[test]
    fn nothing_is_written_when_a_list_is_not_found() {
        let folder = repository();
        fs::write(folder.path().join("crates/db/src/row.rs"), "rewritten").unwrap();
        assert!(run(folder.path(), "staging", "lamps").is_err());
        assert!(!folder.path().join("crates/staging/src/lamps").exists());
    }

    #[test]
    fn odd_names_and_unknown_areas_are_refused() {
        let folder = repository();
        for (area, slice) in [
            ("gadgets", "lamps"),
            ("staging", "Lamps"),
            ("staging", "lamp"),
            ("staging", "../x"),
            ("staging", "s"),
        ] {
            assert!(run(folder.path(), area, slice).is_err(), "{area} {slice}");
        }
        assert_eq!(singular("properties").as_deref(), Some("property"));
        assert_eq!(singular("boxes").as_deref(), Some("box"));
        assert_eq!(singular("houses").as_deref(), Some("house"));
    }

    #[test]
    fn the_first_module_of_an_area_stands_behind_the_header() {
        assert_eq!(add_module("//! Hub.\n", "posts"), "//! Hub.\n\npub mod posts;\n");
        assert_eq!(
            add_module("//! Hub.\n\npub mod tickets;\n", "posts"),
            "//! Hub.\n\npub mod posts;\npub mod tickets;\n"
        );
    }
}
