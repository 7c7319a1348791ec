//! The `Content-Disposition` header: a person's file name, made harmless (RFC 6266, RFC 5987).

use std::fmt::Write as _;

/// Header value that shows or downloads a file under a name. Any text is safe to pass.
///
/// Old clients read the ASCII form, all others the UTF-8 form.
pub fn content_disposition(filename: &str, download: bool) -> String {
    let kind = if download { "attachment" } else { "inline" };
    let name = clean_filename(filename);
    let ascii: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%' | ';') || c == ' ' {
                c
            } else {
                '_'
            }
        })
        .collect();
    if ascii == name {
        return format!("{kind}; filename=\"{ascii}\"");
    }
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

/// A name that is a plain file name on every system: no path, no control or direction-changing characters, none of
/// the characters Windows refuses, at most 150 characters with the extension kept.
pub fn clean_filename(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| {
            if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let trimmed = kept.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    if trimmed.is_empty() {
        return "file".to_owned();
    }
    const LONGEST: usize = 150;
    if trimmed.chars().count() <= LONGEST {
        return trimmed.to_owned();
    }
    let (stem, extension) = match trimmed.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= 10 => (stem, format!(".{extension}")),
        _ => (trimmed, String::new()),
    };
    let stem: String = stem.chars().take(LONGEST - extension.chars().count()).collect();
    format!("{}{extension}", stem.trim_end())
}

/// Characters that change how a name reads without being seen, such as right-to-left overrides.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_quoted_and_others_encoded_twice() {
        assert_eq!(
            content_disposition("room 1.jpg", true),
            "attachment; filename=\"room 1.jpg\""
        );
        assert_eq!(
            content_disposition("Küche.jpg", false),
            "inline; filename=\"K_che.jpg\"; filename*=UTF-8''K%C3%BCche.jpg"
        );
    }

    #[test]
    fn a_name_cannot_break_out_of_the_header_or_the_folder() {
        let header = content_disposition("a\"\r\nSet-Cookie: x=1; b.jpg", true);
        assert!(!header.contains('\r') && !header.contains('\n'), "{header}");
        assert_eq!(header.matches('"').count(), 2, "{header}");
        assert_eq!(clean_filename("../../etc/passwd"), "passwd");
        assert_eq!(clean_filename("C:\\photos\\a.jpg"), "a.jpg");
        assert_eq!(clean_filename("gpj.\u{202e}exe.jpg"), "gpj.exe.jpg");
        assert_eq!(clean_filename(" .. "), "file");
        assert_eq!(clean_filename("a?.jpg"), "a_.jpg");
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = clean_filename(&format!("{}.jpeg", "ö".repeat(400)));
        assert_eq!(name.chars().count(), 150);
        assert!(name.ends_with("ö.jpeg"));
    }
}
