//! Just enough of Rust's lexical rules to tell code from comments and string literals, and to spell out `use` trees.
//!
//! The surprise: this is no parser. Text that macros build is invisible, and a path is seen only where it is written.

/// A source file taken apart.
#[derive(Debug, Default)]
pub struct RustText {
    /// The code with comments, strings and characters blanked; line breaks stay, so positions give lines.
    pub code: String,
    /// String literals with the line on which they start, escapes left as written.
    pub strings: Vec<(usize, String)>,
}

/// Takes a file apart. Never fails: an unfinished literal runs to the end.
pub fn read(source: &str) -> RustText {
    let bytes = source.as_bytes();
    let mut text = RustText::default();
    let mut at = 0;
    let mut line = 1;
    while at < bytes.len() {
        let end = token_end(source, at);
        let token = &source[at..end];
        match kind_of(source, at) {
            Kind::Code => text.code.push_str(token),
            Kind::Comment => blank(token, &mut text.code),
            Kind::Character => blank(token, &mut text.code),
            Kind::Text => {
                text.strings.push((line, contents(token)));
                blank(token, &mut text.code);
            }
        }
        line += token.matches('\n').count();
        at = end;
    }
    text
}

/// Line of a byte position, counted from 1.
pub fn line_at(code: &str, position: usize) -> usize {
    1 + code[..position].matches('\n').count()
}

/// Every path that `use` lines bring in, spelled out (`std::{env, fs}` gives two), with its line.
pub fn used_paths(code: &str) -> Vec<(usize, String)> {
    let mut paths = Vec::new();
    for (position, _) in code.match_indices("use ") {
        let is_word = code[..position]
            .chars()
            .next_back()
            .is_none_or(|before| !is_identifier(before));
        if !is_word {
            continue;
        }
        let tree = &code[position + 4..];
        let tree = &tree[..tree.find(';').unwrap_or(tree.len())];
        let compact: String = tree.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut spelled = Vec::new();
        spell_out("", &compact, &mut spelled);
        let line = line_at(code, position);
        paths.extend(spelled.into_iter().map(|path| (line, path)));
    }
    paths
}

/// Lines on which `path` (as in `std::env`) is written out in code and goes on with `::`.
pub fn written_paths(code: &str, path: &str) -> Vec<usize> {
    let wanted = format!("{path}::");
    code.match_indices(&wanted)
        .filter(|(position, _)| {
            let before = &code[..*position];
            let before = before
                .strip_suffix("::")
                .filter(|rest| !rest.ends_with(is_identifier))
                .unwrap_or(before);
            !before.ends_with(is_identifier) && !before.ends_with(':') && !before.ends_with('.')
        })
        .map(|(position, _)| line_at(code, position))
        .collect()
}

fn spell_out(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let plain = tree
            .split(" as ")
            .next()
            .unwrap_or(tree)
            .trim()
            .trim_start_matches("::");
        if !plain.is_empty() {
            paths.push(join(prefix, plain));
        }
        return;
    };
    let head = tree[..open]
        .trim()
        .trim_start_matches("::")
        .trim_end_matches("::")
        .trim();
    let prefix = join(prefix, head);
    let inner = tree[open + 1..].strip_suffix('}').unwrap_or(&tree[open + 1..]);
    let mut depth = 0;
    let mut start = 0;
    for (position, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                spell_out(&prefix, &inner[start..position], paths);
                start = position + 1;
            }
            _ => {}
        }
    }
    spell_out(&prefix, &inner[start..], paths);
}

fn join(prefix: &str, rest: &str) -> String {
    match (prefix.is_empty(), rest.is_empty()) {
        (true, _) => rest.to_owned(),
        (_, true) => prefix.to_owned(),
        _ => format!("{prefix}::{rest}"),
    }
}

#[derive(PartialEq)]
enum Kind {
    Code,
    Comment,
    Character,
    Text,
}

fn kind_of(source: &str, at: usize) -> Kind {
    let rest = &source[at..];
    if rest.starts_with("//") || rest.starts_with("/*") {
        Kind::Comment
    } else if text_start(source, at).is_some() {
        Kind::Text
    } else if character_end(rest).is_some() {
        Kind::Character
    } else {
        Kind::Code
    }
}

/// Where the token that starts at `at` ends.
fn token_end(source: &str, at: usize) -> usize {
    let rest = &source[at..];
    if rest.starts_with("//") {
        return at + rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return at + block_comment_len(rest);
    }
    if let Some((prefix, hashes)) = text_start(source, at) {
        return at + prefix + text_len(&rest[prefix..], hashes);
    }
    if let Some(end) = character_end(rest) {
        return at + end;
    }
    at + rest.chars().next().map_or(1, char::len_utf8)
}

/// For a string literal at `at`: the bytes up to behind the opening quote, and the number of hashes of a raw one.
fn text_start(source: &str, at: usize) -> Option<(usize, Option<usize>)> {
    let rest = &source[at..];
    if rest.starts_with('"') {
        return Some((1, None));
    }
    if source[..at].ends_with(is_identifier) {
        return None;
    }
    let marker = ["br", "cr", "b", "c", "r"]
        .into_iter()
        .find(|marker| rest.starts_with(marker))?;
    let after = &rest[marker.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    if !after[hashes..].starts_with('"') || (hashes > 0 && !marker.ends_with('r')) {
        return None;
    }
    Some((marker.len() + hashes + 1, marker.ends_with('r').then_some(hashes)))
}

/// Length of the literal's rest behind the opening quote, closing quote included.
fn text_len(rest: &str, hashes: Option<usize>) -> usize {
    if let Some(hashes) = hashes {
        let close = format!("\"{}", "#".repeat(hashes));
        return rest.find(&close).map_or(rest.len(), |end| end + close.len());
    }
    let mut is_escaped = false;
    for (position, byte) in rest.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return position + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Length of a character literal at the start of `rest`; `None` for a lifetime.
fn character_end(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    if let Some(escaped) = body.strip_prefix('\\') {
        let first = escaped.chars().next()?.len_utf8();
        return escaped[first..].find('\'').map(|end| 2 + first + end + 1);
    }
    let first = body.chars().next()?.len_utf8();
    body[first..].starts_with('\'').then_some(1 + first + 1)
}

fn block_comment_len(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn contents(token: &str) -> String {
    let start = token.find('"').map_or(0, |quote| quote + 1);
    let end = token
        .rfind('"')
        .filter(|end| *end >= start)
        .unwrap_or(token.len());
    token[start..end].to_owned()
}

fn blank(token: &str, code: &mut String) {
    code.extend(
        token
            .chars()
            .map(|character| if character == '\n' { '\n' } else { ' ' }),
    );
}

fn is_identifier(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(source: &str) -> Vec<String> {
        used_paths(&read(source).code)
            .into_iter()
            .map(|(_, path)| path)
            .collect()
    }

    #[test]
    fn use_trees_are_spelled_out() {
        assert_eq!(
            used("use std::{env, fs::{self, File as F}};"),
            ["std::env", "std::fs::self", "std::fs::File"]
        );
        assert_eq!(
            used("pub(crate) use sqlx::Row;\nuse ::axum as web;"),
            ["sqlx::Row", "axum"]
        );
        assert_eq!(used("use {sqlx, std::env::var};"), ["sqlx", "std::env::var"]);
    }

    #[test]
    fn a_use_over_several_lines_has_the_line_of_its_keyword() {
        let text = read("\n\nuse axum::{\n    Json,\n    Router,\n};\n");
        assert_eq!(
            used_paths(&text.code),
            [(3, "axum::Json".to_owned()), (3, "axum::Router".to_owned())]
        );
    }

    #[test]
    fn comments_and_strings_are_not_code() {
        let source =
            "// use sqlx::Row;\n/* use axum; /* nested */ use axum; */ let a = \"use reqwest::Client;\";";
        assert_eq!(used(source), Vec::<String>::new());
    }

    #[test]
    fn strings_are_found_in_all_their_spellings() {
        let source =
            "f(\"a \\\" b\", r\"c\", r#\"d \" e\"#, b\"f\", 'x', '\\'', '\"', \"\n g\"); let r: &'a str;";
        let strings: Vec<String> = read(source).strings.into_iter().map(|(_, text)| text).collect();
        assert_eq!(strings, ["a \\\" b", "c", "d \" e", "f", "\n g"]);
    }

    #[test]
    fn lifetimes_are_not_characters() {
        let text = read("fn f<'a>(x: &'a str) -> &'a str { \"s\" } // 'tis");
        assert_eq!(text.strings, [(1, "s".to_owned())]);
        assert!(text.code.contains("fn f<'a>(x: &'a str)"));
    }

    #[test]
    fn a_string_has_the_line_on_which_it_starts() {
        assert_eq!(
            read("\n\nlet a = \"\n\n\";\nlet b = \"x\";").strings[1],
            (6, "x".to_owned())
        );
    }

    #[test]
    fn a_written_path_is_found_only_as_a_whole() {
        let code = "let a = std::env::var(x);\nlet b = mystd::env::var(x);\nlet c = ::std::env::args();";
        assert_eq!(written_paths(code, "std::env"), [1, 3]);
        assert_eq!(
            written_paths("crate::sqlx::x(); self.axum::y(); sqlx::z()", "sqlx"),
            [1]
        );
    }
}
