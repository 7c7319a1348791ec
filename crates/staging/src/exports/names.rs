//! What exported files are called: `01_living-room_scandinavian_staged.jpg`.

use std::collections::HashSet;

/// Lower-case letters, digits and single dashes; what else a name has becomes a dash. Never empty.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
        if out.chars().count() >= 60 {
            break;
        }
    }
    match out.trim_end_matches('-') {
        "" => "photo".to_owned(),
        slug => slug.to_owned(),
    }
}

/// Name of a staging: the photo's number in the project, room, style.
pub fn staged_name(number: usize, room_type: Option<&str>, style: &str, extension: &str) -> String {
    format!(
        "{number:02}_{}_{}_staged.{extension}",
        slug(room_type.unwrap_or("room")),
        slug(style)
    )
}

/// Name of a photo: its number in the project and what the person called it.
pub fn original_name(number: usize, filename: &str, extension: &str) -> String {
    let stem = filename.rsplit_once('.').map_or(filename, |(stem, _)| stem);
    format!("{number:02}_{}_original.{extension}", slug(stem))
}

/// The extension of one of our keys.
pub fn extension_of(key: &str) -> &str {
    key.rsplit_once('.').map_or("jpg", |(_, extension)| extension)
}

/// The media type of a file with this extension.
pub fn media_type_of(extension: &str) -> &'static str {
    match extension {
        "png" => "image/png",
        "webp" => "image/webp",
        _ => "image/jpeg",
    }
}

/// Hands out every name once: the second `a.jpg` is `a_2.jpg`.
#[derive(Debug, Default)]
pub struct UniqueNames(HashSet<String>);

impl UniqueNames {
    pub fn claim(&mut self, name: String) -> String {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        let mut free = name.clone();
        let mut count = 2;
        while !self.0.insert(free.clone()) {
            free = format!("{stem}_{count}.{extension}");
            count += 1;
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_room_and_style_and_are_safe_on_every_system() {
        assert_eq!(
            staged_name(1, Some("living_room"), "scandinavian", "jpg"),
            "01_living-room_scandinavian_staged.jpg"
        );
        assert_eq!(
            staged_name(112, None, "modern", "png"),
            "112_room_modern_staged.png"
        );
        assert_eq!(
            original_name(2, "../Küche (1).JPG", "jpg"),
            "02_küche-1_original.jpg"
        );
        assert_eq!(original_name(3, "???.png", "png"), "03_photo_original.png");
        assert_eq!(slug(&"ab ".repeat(100)).chars().count(), 59);
    }

    #[test]
    fn equal_names_are_numbered() {
        let mut names = UniqueNames::default();
        let claimed: Vec<String> = (0..3).map(|_| names.claim("a.jpg".into())).collect();
        assert_eq!(claimed, ["a.jpg", "a_2.jpg", "a_3.jpg"]);
    }
}
