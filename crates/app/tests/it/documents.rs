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
