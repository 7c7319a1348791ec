//! Texts people write here, and looking them up.

use vitrine_platform::web::Fields;

/// Characters of a long text, such as a message or a post.
pub const BODY_MAX_CHARS: usize = 20_000;
/// Characters of a long text that a notification repeats.
const EXCERPT_MAX_CHARS: usize = 200;
/// Characters of what is looked up.
const SEARCH_MAX_CHARS: usize = 100;

/// A long text, trimmed; complains about an empty or too long one and about control characters other than line breaks
/// and tabs.
pub fn checked_body(fields: &mut Fields, field: &str, text: &str, max_chars: usize) -> Option<String> {
    let text = text.trim();
    let length = text.chars().count();
    let is_plain = !text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    let body = ((1..=max_chars).contains(&length) && is_plain).then(|| text.to_owned());
    fields.require(
        body,
        field,
        "invalid_length",
        format!("Must have 1 to {max_chars} characters and no control characters other than line breaks."),
    )
}

/// The beginning of a text in one line, for those who are told of it.
pub fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(EXCERPT_MAX_CHARS).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

/// The form in which texts are compared: lower case, in every alphabet, on both databases.
pub fn search_text(parts: &[&str]) -> String {
    parts.join("\n").to_lowercase()
}

/// A `like … escape '!'` pattern that finds the text anywhere, with `%` and `_` meaning themselves. `None` for nothing
/// to look for.
pub fn search_pattern(fields: &mut Fields, field: &str, text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    fields.check(
        text.chars().count() <= SEARCH_MAX_CHARS && !text.contains('\0'),
        field,
        "invalid_length",
        "At most 100 characters.",
    );
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    Some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_line_and_says_when_there_is_more() {
        assert_eq!(excerpt(" It stops.\r\n\n- why? "), "It stops. - why?");
        let long = excerpt(&"ä ".repeat(500));
        assert_eq!((long.chars().count(), long.ends_with('…')), (201, true));
    }

    #[test]
    fn wildcards_mean_themselves() {
        let mut fields = Fields::new();
        let pattern = search_pattern(&mut fields, "q", Some(" 50%_Ö! "));
        assert_eq!(pattern.as_deref(), Some("%50!%!_ö!!%"));
        assert_eq!(search_pattern(&mut fields, "q", Some("  ")), None);
        assert!(fields.is_empty());
        search_pattern(&mut fields, "q", Some(&"x".repeat(101)));
        assert!(!fields.is_empty());
    }
}
