//! Generated documents agree with the code. `UPDATE_DOCS=1 cargo test -p vitrine-app documents` writes them anew.

use std::fmt::Write as _;
use std::path::Path;

use vitrine_app::config::KEYS;
use vitrine_kernel::ErrorCode;

fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, text).expect("the document is written");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == text,
        "{name} is out of date; run UPDATE_DOCS=1 cargo test -p vitrine-app documents"
    );
}

#[test]
fn the_error_table_lists_every_code() {
    let mut text = String::from(
        "# Error codes\n\nEvery error is `application/problem+json` with one of these in `code`. Made from \
         `crates/kernel/src/error.rs`.\n\n| code | status | meaning |\n|---|---|---|\n",
    );
    for code in ErrorCode::ALL {
        writeln!(
            text,
            "| `{}` | {} | {} |",
            code.as_str(),
            code.status(),
            code.title()
        )
        .expect("text grows");
    }
    compare("docs/errors.md", &text);
}

#[test]
fn the_configuration_page_lists_every_setting() {
    let mut text = String::from(
        "# Configuration\n\nEnvironment variables; a file `vitrine.toml` may hold the same names in lower case without \
         the prefix (see `config.example.toml`). The environment wins. An unknown or malformed setting stops the start \
         with one line and exit code 78. Made from `crates/app/src/config/keys.rs`.\n\n| setting | default | meaning |\n|---|---|---|\n",
    );
    for key in KEYS.iter().filter(|key| key.has_effect) {
        let default = key
            .default
            .filter(|text| !text.is_empty())
            .map_or_else(String::new, |text| format!("`{text}`"));
        writeln!(
            text,
            "| `{}` | {default} | {} |",
            key.name,
            key.words.replace('|', "\\|")
        )
        .expect("text grows");
    }
    text.push_str(
        "\n## Accepted, without effect in this version\n\nThe start warns when one of these is set.\n\n",
    );
    for key in KEYS.iter().filter(|key| !key.has_effect) {
        writeln!(text, "- `{}`: {}", key.name, key.words).expect("text grows");
    }
    compare("docs/configuration.md", &text);
}

#[test]
fn the_web_app_was_made_for_this_api() {
    let document = vitrine_app::openapi()
        .to_pretty_json()
        .expect("the document is JSON");
    compare("web/src/api/openapi.json", &format!("{document}\n"));
}

/// Sources of tests, all in one text.
fn test_sources(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            test_sources(&path, text);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            text.push_str(&std::fs::read_to_string(&path).expect("a source"));
        }
    }
}

/// The last column of every row of a page's tables, with the row itself.
fn proofs(page: &str) -> Vec<(String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join(page)).expect("the page");
    let is_row =
        |line: &&str| line.starts_with("| ") && !line.starts_with("| threat") && !line.starts_with("| no. ");
    let mut rows = Vec::new();
    for line in page
        .lines()
        .take_while(|line| *line != "## Left out")
        .filter(is_row)
    {
        let last = line
            .trim_end_matches(" |")
            .rsplit(" | ")
            .next()
            .unwrap_or_default();
        let names: Vec<String> = last.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert!(!names.is_empty(), "no proof: {line}");
        rows.push((line.to_owned(), names));
    }
    rows
}

fn is_test_in(sources: &str, name: &str) -> bool {
    sources.contains(&format!("fn {name}(")) || sources.contains(&format!("fn {name}<"))
}

#[test]
fn every_proof_that_the_security_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = String::new();
    test_sources(&root.join("crates"), &mut sources);
    let mut count = 0;
    for (line, names) in proofs("docs/security.md") {
        for name in names {
            assert!(is_test_in(&sources, &name), "there is no test {name}: {line}");
            count += 1;
        }
    }
    assert!(count > 40, "only {count} proofs");
}

/// `platform/accounts::name` is in `crates/platform/tests/it/accounts.rs`, or in `crates/platform/src/accounts.rs`;
/// `web/…::words` is a test or step of that name.
fn is_behaviour_shown(root: &Path, proof: &str) -> bool {
    let Some((place, name)) = proof.split_once("::") else {
        return false;
    };
    let read = |path: String| std::fs::read_to_string(root.join(path)).unwrap_or_default();
    if place.starts_with("web/") {
        return read(place.to_owned()).contains(&format!("\"{name}\""));
    }
    let Some((area, file)) = place.split_once('/') else {
        return false;
    };
    ["tests/it", "src"]
        .iter()
        .any(|folder| is_test_in(&read(format!("crates/{area}/{folder}/{file}.rs")), name))
}

#[test]
fn every_behaviour_that_clients_rely_on_is_shown_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let rows = proofs("docs/behaviours.md");
    for (line, names) in &rows {
        for name in names {
            assert!(is_behaviour_shown(&root, name), "there is no test {name}: {line}");
        }
    }
    assert!(rows.len() > 70, "only {} rows", rows.len());
    // Every number is spoken of: kept, left out, or partly each.
    let page = std::fs::read_to_string(root.join("docs/behaviours.md")).expect("the page");
    let mut spoken = std::collections::BTreeSet::new();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cell = line
            .trim_start_matches("| ")
            .split(" | ")
            .next()
            .unwrap_or_default();
        for part in cell.split(", ") {
            let part = part.trim_end_matches(" (in part)");
            let (first, last) = part.split_once('–').unwrap_or((part, part));
            if let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>()) {
                spoken.extend(first..=last);
            }
        }
    }
    let silent: Vec<u32> = (1..=123).filter(|number| !spoken.contains(number)).collect();
    assert_eq!(silent, Vec::<u32>::new(), "nothing is said of these");
}
