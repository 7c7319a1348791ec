//! One technology, one home: where our own code may name `sqlx`, `reqwest`, `axum` and `std::env`, where SQL text may
//! stand, and who may ask the machine for the time.

use super::{Breach, rust_text};

struct Home {
    /// The path that marks the technology.
    path: &'static str,
    /// Whether a file may use it.
    admits: fn(&str) -> bool,
    rule: &'static str,
}

const HOMES: &[Home] = &[
    Home {
        path: "sqlx",
        admits: |file| file.starts_with("crates/db/"),
        rule: "sqlx lives in crates/db: call its Db and Tx with text and values",
    },
    Home {
        path: "reqwest",
        // Tests that start the real program speak to it from outside, as its users do.
        admits: |file| file == "crates/providers/src/http.rs" || file.contains("/tests/"),
        rule: "reqwest lives in crates/providers/src/http.rs: use that client",
    },
    Home {
        path: "axum",
        admits: admits_axum,
        rule: "axum lives in platform's web kit, routes.rs (or the files of routes/), app's server.rs, connections.rs and assets.rs, and testkit",
    },
    Home {
        path: "std::env",
        admits: admits_environment,
        rule: "std::env lives in app's config and in testkit: take the value from the settings",
    },
];

/// Calls that would take time or chance from the machine instead of from the context.
const MACHINE_CALLS: &[&str] = &["Utc::now(", "SystemTime::now(", "Uuid::new_v4(", "Uuid::now_v7("];

/// Checks one source file; `file` is its path from the repository's root, with forward slashes.
pub fn check(file: &str, source: &str) -> Vec<Breach> {
    let text = rust_text::read(source);
    let used = rust_text::used_paths(&text.code);
    let mut breaches = Vec::new();
    for home in HOMES.iter().filter(|home| !(home.admits)(file)) {
        let mut lines = rust_text::written_paths(&text.code, home.path);
        lines.extend(
            used.iter()
                .filter(|(_, path)| starts_with(path, home.path))
                .map(|(line, _)| *line),
        );
        lines.sort_unstable();
        lines.dedup();
        breaches.extend(
            lines
                .into_iter()
                .map(|line| breach(file, line, format!("uses {}", home.path), home.rule)),
        );
    }
    if !admits_sql(file) {
        for (line, _) in text.strings.iter().filter(|(_, string)| is_sql(string)) {
            let rule = "SQL text lives in files called sql.rs, as a named statement";
            breaches.push(breach(file, *line, "holds SQL text".to_owned(), rule));
        }
    }
    if !admits_machine_calls(file) {
        for call in MACHINE_CALLS {
            for (position, _) in text.code.match_indices(call) {
                let line = rust_text::line_at(&text.code, position);
                let rule =
                    "time comes from the context's clock and ids from kernel::id, so that tests can set them";
                breaches.push(breach(file, line, format!("calls {call})"), rule));
            }
        }
    }
    breaches
}

fn breach(file: &str, line: usize, edge: String, rule: &str) -> Breach {
    Breach {
        place: format!("{file}:{line}"),
        edge,
        rule: rule.to_owned(),
    }
}

fn starts_with(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn admits_axum(file: &str) -> bool {
    file.ends_with("/routes.rs")
        || file.contains("/routes/")
        || file.starts_with("crates/platform/src/web/")
        || file.starts_with("crates/testkit/")
        || ["server.rs", "connections.rs", "assets.rs"]
            .iter()
            .any(|name| file.strip_prefix("crates/app/src/") == Some(*name))
}

fn admits_environment(file: &str) -> bool {
    file.starts_with("crates/app/src/config/")
        // Arguments are read from the same module as the environment.
        || file == "crates/app/src/main.rs"
        || file.starts_with("crates/testkit/")
        // The throwaway databases learn here where the test server is; testkit sits above them.
        || file == "crates/db/src/testing.rs"
        || is_test(file)
}

fn admits_sql(file: &str) -> bool {
    file.ends_with("/sql.rs")
        || file.starts_with("crates/db/")
        || file.starts_with("crates/testkit/")
        || is_test(file)
}

fn admits_machine_calls(file: &str) -> bool {
    file == "crates/kernel/src/clock.rs" || file.starts_with("crates/testkit/") || is_test(file)
}

/// Test code prepares and looks at what no statement of the product does.
fn is_test(file: &str) -> bool {
    file.ends_with("/tests.rs") || file.contains("/tests/")
}

/// Whether a literal is a statement rather than a sentence: the keyword is all lower or all upper case, and what has to
/// follow it does.
fn is_sql(literal: &str) -> bool {
    let text = literal.replace("\\n", " ").replace("\\\n", " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(first) = words.first() else { return false };
    if *first != first.to_lowercase() && *first != first.to_uppercase() {
        return false;
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let second = lower.get(1).map_or("", String::as_str);
    let has = |word: &str| lower.iter().any(|other| other == word);
    match lower[0].as_str() {
        "select" => {
            has("from") && (second == "*" || text.contains([',', '(', '=', '$', '\n']) || has("where"))
        }
        "insert" => second == "into" && (has("values") || has("select") || text.contains('(')),
        "update" => has("set") && has("="),
        "delete" => second == "from",
        "with" => has("as") && text.contains('(') && has("select"),
        "create" | "alter" | "drop" => ["table", "index", "unique", "view", "trigger"].contains(&second),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(file: &str, source: &str) -> Vec<String> {
        check(file, source).iter().map(Breach::to_string).collect()
    }

    const NONE: Vec<String> = Vec::new();

    #[test]
    fn the_driver_outside_the_storage_layer_is_reported_with_file_line_and_rule() {
        assert_eq!(
            breaches(
                "crates/staging/src/images/service.rs",
                "//! Images.\n\nuse sqlx::Row;\n"
            ),
            ["crates/staging/src/images/service.rs:3: uses sqlx\n    \
              sqlx lives in crates/db: call its Db and Tx with text and values"]
        );
        assert_eq!(breaches("crates/db/src/engine.rs", "use sqlx::Row;"), NONE);
    }

    #[test]
    fn a_path_written_without_a_use_line_is_reported_too() {
        let source = "fn f() {\n    let client = reqwest::Client::new();\n}\n";
        assert_eq!(breaches("crates/providers/src/stripe/mod.rs", source).len(), 1);
        assert_eq!(breaches("crates/providers/src/http.rs", source), NONE);
    }

    #[test]
    fn the_web_framework_stays_at_the_door() {
        let source = "use axum::{Json, extract::Path};";
        assert_eq!(breaches("crates/staging/src/images/service.rs", source).len(), 1);
        assert_eq!(breaches("crates/app/src/commands/serve.rs", source).len(), 1);
        for home in [
            "crates/staging/src/images/routes.rs",
            "crates/platform/src/web/reply.rs",
            "crates/platform/src/web/mod.rs",
            "crates/app/src/server.rs",
            "crates/app/src/assets.rs",
            "crates/testkit/src/app.rs",
        ] {
            assert_eq!(breaches(home, source), NONE, "{home}");
        }
    }

    #[test]
    fn a_crate_whose_name_only_begins_alike_is_free() {
        assert_eq!(
            breaches(
                "crates/platform/src/ctx.rs",
                "use axum_extra::headers;\nuse sqlx_like::x;"
            ),
            NONE
        );
    }

    #[test]
    fn the_environment_is_read_in_one_place() {
        let source = "use std::{env, fs};\nfn f() { std::env::var(\"X\").ok(); }";
        let found = breaches("crates/platform/src/notify/mailer.rs", source);
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("crates/platform/src/notify/mailer.rs:1: uses std::env"));
        assert_eq!(breaches("crates/app/src/config/server.rs", source), NONE);
        assert_eq!(breaches("crates/scene/tests/it/render.rs", source), NONE);
        assert_eq!(
            breaches(
                "crates/app/src/main.rs",
                "const V: &str = env!(\"CARGO_PKG_VERSION\");"
            ),
            NONE
        );
    }

    #[test]
    fn the_time_is_asked_of_the_clock() {
        let source = "fn f() {\n    let now = chrono::Utc::now();\n    let began = Instant::now();\n}\n";
        let found = breaches("crates/staging/src/images/service.rs", source);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("crates/staging/src/images/service.rs:2: calls Utc::now()"),
            "{}",
            found[0]
        );
        assert_eq!(breaches("crates/kernel/src/clock.rs", source), NONE);
    }

    #[test]
    fn statements_stand_in_files_called_sql() {
        let source = "const A: &str = \"select id, title\\nfrom images\\nwhere id = $1\";";
        assert_eq!(breaches("crates/staging/src/images/service.rs", source).len(), 1);
        assert_eq!(breaches("crates/staging/src/images/sql.rs", source), NONE);
        assert_eq!(breaches("crates/staging/src/images/tests.rs", source), NONE);
    }

    #[test]
    fn every_kind_of_statement_is_known() {
        for statement in [
            "SELECT * FROM images",
            "select count(*) from images",
            "insert into images (id) values ($1)",
            "update images set status = $2 where id = $1",
            "delete from images where id = $1",
            "with recursive tree(id) as (select 1) select id from tree",
            "create table images (id blob)",
            r"\
             select id
             from images
             where id = $1",
        ] {
            assert!(is_sql(statement), "{statement}");
        }
    }

    #[test]
    fn sentences_are_not_statements() {
        for sentence in [
            "Select photos from your folder, then drop them here",
            "select a photo from the list",
            "Update your password and set a new name",
            "could not update image {id}",
            "delete the project first",
            "with a window (at least one) as the light",
            "create an account",
            "",
        ] {
            assert!(!is_sql(sentence), "{sentence}");
        }
    }
}
