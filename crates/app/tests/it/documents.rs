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

#[test]
fn every_proof_that_the_security_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/security.md")).expect("the page");
    let mut sources = String::new();
    test_sources(&root.join("crates"), &mut sources);
    let mut proofs = 0;
    for line in page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| threat"))
    {
        let last = line
            .trim_end_matches(" |")
            .rsplit(" | ")
            .next()
            .unwrap_or_default();
        let names: Vec<&str> = last.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no proof: {line}");
        for name in names {
            let is_there =
                sources.contains(&format!("fn {name}(")) || sources.contains(&format!("fn {name}<"));
            assert!(is_there, "there is no test {name}");
            proofs += 1;
        }
    }
    assert!(proofs > 40, "only {proofs} proofs");
}
