//! Checked text: parse at the door, trust the type all the way down.

/// An e-mail address, trimmed. Compared by its lower-case form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    shown: String,
    key: String,
}

impl Email {
    /// One `@`, something on both sides, a dot in the domain, no spaces or controls, 254 bytes at most.
    pub fn parse(text: &str) -> Option<Self> {
        let shown = text.trim();
        let (local, domain) = shown.rsplit_once('@')?;
        let domain_ok = domain.split('.').count() >= 2
            && domain
                .split('.')
                .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.contains('@')
            && local
                .chars()
                .all(|c| !c.is_whitespace() && !c.is_control() && !"<>(),;:\"[]\\".contains(c));
        (shown.len() <= 254 && domain_ok && local_ok).then(|| Self {
            shown: shown.to_owned(),
            key: shown.to_lowercase(),
        })
    }

    /// As the person wrote it.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// Lower case, for uniqueness and look-ups.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Trims a title and checks its length in characters; control characters are refused.
pub fn checked_title(text: &str, max_chars: usize) -> Option<String> {
    let trimmed = text.trim();
    let length = trimmed.chars().count();
    (length >= 1 && length <= max_chars && !trimmed.chars().any(char::is_control)).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_letter_case() {
        let email = Email::parse("  Ada@Example.COM ").expect("a plain address");
        assert_eq!(email.as_str(), "Ada@Example.COM");
        assert_eq!(email.key(), "ada@example.com");
    }

    #[test]
    fn broken_addresses_are_refused() {
        for text in [
            "",
            "a",
            "a@",
            "@b.c",
            "a@b",
            "a b@c.d",
            "a@b..c",
            "a@@b.c",
            "a@b.c\n<x>",
            "a@-.c d",
        ] {
            assert!(Email::parse(text).is_none(), "{text:?} was accepted");
        }
    }

    #[test]
    fn titles_are_trimmed_and_counted_in_characters() {
        assert_eq!(checked_title("  Maple  ", 5).as_deref(), Some("Maple"));
        assert_eq!(checked_title("äöüäöü", 5), None);
        assert_eq!(checked_title(" \t ", 5), None);
        assert_eq!(checked_title("a\u{0}b", 5), None);
    }
}
