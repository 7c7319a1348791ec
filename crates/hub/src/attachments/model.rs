//! Which files may be attached, and how their bytes are told apart.

use bytes::Bytes;
use vitrine_kernel::id::AttachmentId;
use vitrine_kernel::{Error, Time};
use vitrine_platform::files::{clean_filename, metadata};
use vitrine_platform::web::Fields;

/// Bytes of one file.
pub const SIZE_MAX_BYTES: u64 = 10 * 1024 * 1024;
/// Files an account may have announced without a message having taken them.
pub const OPEN_MAX: i64 = 50;

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub id: AttachmentId,
    /// As the person named it; shown, never part of a key.
    pub filename: String,
    pub content_type: String,
    pub size_bytes: u64,
    pub file_key: String,
    pub created_at: Time,
}

/// What may be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Jpeg,
    Png,
    WebP,
    Pdf,
    Text,
}

impl FileKind {
    const ALL: [Self; 5] = [Self::Jpeg, Self::Png, Self::WebP, Self::Pdf, Self::Text];

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain",
        }
    }

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Pdf => "pdf",
            Self::Text => "txt",
        }
    }

    pub fn of_media_type(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.media_type().eq_ignore_ascii_case(text))
    }

    /// By the bytes alone, whatever name and type they came under.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xFF\xD8\xFF") {
            return Some(Self::Jpeg);
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
            return Some(Self::Png);
        }
        if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            return Some(Self::WebP);
        }
        if bytes.starts_with(b"%PDF-") {
            return Some(Self::Pdf);
        }
        let is_text = std::str::from_utf8(bytes).is_ok_and(|text| {
            !text
                .chars()
                .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        });
        is_text.then_some(Self::Text)
    }

    /// The file as it is handed out: a photo keeps how it is turned, and neither place, time nor names. `None` when
    /// it is broken.
    pub fn without_metadata(self, bytes: Bytes) -> Option<Bytes> {
        let stripped = match self {
            Self::Jpeg => {
                let turned = metadata::jpeg_orientation(&bytes).map(metadata::orientation_exif);
                metadata::strip_jpeg(&bytes, turned)
            }
            Self::Png => metadata::strip_png(&bytes, None),
            Self::WebP => metadata::strip_webp(&bytes, None),
            Self::Pdf | Self::Text => return Some(bytes),
        };
        stripped.map(Bytes::from)
    }
}

/// A file somebody announces, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttachment {
    pub filename: String,
    pub kind: FileKind,
    pub size_bytes: u64,
}

impl NewAttachment {
    pub fn check(filename: &str, content_type: &str, file_size: u64) -> Result<Self, Error> {
        let mut fields = Fields::new();
        let filename = filename.trim();
        fields.check(
            (1..=255).contains(&filename.chars().count()),
            "filename",
            "invalid_length",
            "A file name has 1 to 255 characters.",
        );
        let kind = fields.require(
            FileKind::of_media_type(content_type),
            "content_type",
            "unsupported_type",
            "Must be image/jpeg, image/png, image/webp, application/pdf or text/plain.",
        );
        fields.check(file_size > 0, "file_size", "too_small", "The file is empty.");
        fields.check(
            file_size <= SIZE_MAX_BYTES,
            "file_size",
            "too_large",
            "A file may have 10 MiB at most.",
        );
        match kind {
            Some(kind) if fields.is_empty() => Ok(Self {
                filename: clean_filename(filename),
                kind,
                size_bytes: file_size,
            }),
            _ => Err(fields.into_error()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_tell_what_they_are_whatever_they_are_called() {
        for (bytes, kind) in [
            (&b"\xFF\xD8\xFF\xE0rest"[..], Some(FileKind::Jpeg)),
            (b"\x89PNG\r\n\x1A\nrest", Some(FileKind::Png)),
            (b"RIFF\0\0\0\0WEBPrest", Some(FileKind::WebP)),
            (b"%PDF-1.7\n", Some(FileKind::Pdf)),
            ("grüße\n".as_bytes(), Some(FileKind::Text)),
            (b"MZ\x90\0", None),
            (b"\x7FELF\x02", None),
            (b"text with a\0null", None),
        ] {
            assert_eq!(FileKind::of_bytes(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let error = NewAttachment::check("", "image/svg+xml", SIZE_MAX_BYTES + 1).expect_err("all is wrong");
        let fields: Vec<&str> = error.fields().iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["filename", "content_type", "file_size"]);
    }
}
